"""The golden cases: an input in each folder of ``cases``, and the exact output in every format.

After an intended change, ``python tests/lint/test_golden.py`` rewrites the outputs; read the diff.
Only the results of SARIF are kept, not the rules next to them, which have a test of their own. A case with a
``pyproject.toml`` is checked with the settings in it.
"""

import contextlib
import io
import json
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from mailbox_schema.lint.catalogue import RULES
from mailbox_schema.lint.cli import main
from mailbox_schema.lint.reports import FORMATS
from mailbox_schema.lint.sources import FILE_TYPES, kind_of

CASES: Final = sorted(path.parent for path in (Path(__file__).parent / "cases").glob("*/input.*"))
ENDINGS: Final = {
    "text": "txt",
    "json": "json",
    "github": "github",
    "gitlab": "gitlab",
    "junit": "xml",
    "sarif": "sarif",
}

Found = tuple[str, int, int, str, str, str | None]
"""File, line, column, rule, message, hint."""


@contextlib.contextmanager
def in_folder(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def checked(case: Path, kind: str) -> tuple[int, str, str]:
    """Return the exit status, the output and the errors of a check of the case's input."""
    (name,) = [path.name for path in case.glob("input.*")]
    output, errors = io.StringIO(), io.StringIO()
    with (
        in_folder(case),
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(errors),
    ):
        status = main(["check", "--format", kind, name])
    return status, output.getvalue(), errors.getvalue()


def kept(kind: str, output: str) -> str:
    """Return the part of an output that is compared: of SARIF, the part about the file."""
    if kind != "sarif":
        return output
    log = json.loads(output)
    (run,) = log["runs"]
    part = {"version": log["version"], "columnKind": run["columnKind"], "results": run["results"]}
    return json.dumps(part, indent=2) + "\n"


def parsed(kind: str, text: str) -> list[Found]:
    """Return the findings in an expected output."""
    read = {
        "text": from_text,
        "json": from_json,
        "github": from_github,
        "gitlab": from_gitlab,
        "junit": from_junit,
        "sarif": from_sarif,
    }
    return read[kind](text)


def from_text(text: str) -> list[Found]:
    lines = re.findall(
        r"^(.+?):([0-9]+):([0-9]+): (?:error|warning): (.*) \[([a-z-]+)\](?: \[\*\])?\n(?:    hint: (.*)\n)?",
        text,
        re.MULTILINE,
    )
    return [
        (file, int(line), int(column), rule, message, hint or None)
        for file, line, column, message, rule, hint in lines
    ]


def from_json(text: str) -> list[Found]:
    keys = ("file", "line", "column", "rule", "message", "hint")
    return [tuple(finding[key] for key in keys) for finding in json.loads(text)]


def from_github(text: str) -> list[Found]:
    found: list[Found] = []
    for row in text.splitlines():
        command = re.fullmatch(r"::(?:error|warning) file=(.+),line=(.+),col=(.+),title=(.+)::(.+)", row)
        assert command is not None
        file, line, column, rule, text = (
            part.replace("%3A", ":").replace("%2C", ",").replace("%0A", "\n").replace("%25", "%")
            for part in command.groups()
        )
        message, _, hint = text.partition("\nhint: ")
        found.append((file, int(line), int(column), rule, message, hint or None))
    return found


def from_gitlab(text: str) -> list[Found]:
    """Return the findings; the format has no columns."""
    found: list[Found] = []
    for issue in json.loads(text):
        message, _, hint = issue["description"].partition(" (hint: ")
        place = issue["location"]
        found.append(
            (place["path"], place["lines"]["begin"], 0, issue["check_name"], message, hint[:-1] or None)
        )
    return found


def from_junit(text: str) -> list[Found]:
    found: list[Found] = []
    for suite in ET.fromstring(text):  # noqa: S314  # our own output
        for case in suite.iter("testcase"):
            rule, _, place = (case.get("name") or "").partition(" ")
            for outcome in case:
                said = (outcome.text or "").removeprefix(f"{suite.get('name')}:{place}: ")
                severity, _, said = said.partition(": ")
                is_failure = outcome.tag == "failure"
                assert outcome.tag in {"failure", "system-out"}
                assert severity == "warning" or is_failure  # warnings fail with the setting strict only
                message, _, hint = said.partition("\nhint: ")
                line, column = place.split(":")
                assert outcome.attrib == ({"type": rule, "message": message} if is_failure else {})
                found.append((suite.get("name") or "", int(line), int(column), rule, message, hint or None))
    return found


def from_sarif(text: str) -> list[Found]:
    found: list[Found] = []
    for result in json.loads(text)["results"]:
        place = result["locations"][0]["physicalLocation"]
        parts = re.fullmatch(r"(.+?)(?: \(hint: (.+)\))?", result["message"]["text"])
        assert parts is not None
        region = place["region"]
        uri = place["artifactLocation"]["uri"]
        found.append((uri, region["startLine"], region["startColumn"], result["ruleId"], parts[1], parts[2]))
    return found


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_output_of_a_case_is_exact(case: Path, kind: str) -> None:
    _, output, _ = checked(case, kind)
    expected = (case / f"expected.{ENDINGS[kind]}").read_bytes().decode()
    assert kept(kind, output) == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_findings_are_the_same_in_every_format(case: Path) -> None:
    found = {
        kind: parsed(kind, (case / f"expected.{ending}").read_bytes().decode())
        for kind, ending in ENDINGS.items()
    }
    assert found["text"] == found["json"] == found["github"] == found["junit"] == found["sarif"]
    assert found["gitlab"] == [(file, line, 0, *said) for file, line, _, *said in found["text"]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_findings_are_in_the_order_of_the_file(case: Path) -> None:
    """By position; if aliases of YAML lead back to earlier values, mailbox by mailbox, and by position in each."""
    found = json.loads((case / "expected.json").read_text("utf-8"))
    has_aliases = case.name == "yaml-anchors"
    places = [(has_aliases and finding["index"], finding["line"], finding["column"]) for finding in found]
    assert places == sorted(places)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_status_and_the_summary_match_the_findings(case: Path) -> None:
    findings = json.loads((case / "expected.json").read_text("utf-8"))
    severities = [finding["severity"] for finding in findings]
    errors, warnings = severities.count("error"), severities.count("warning")
    counts = [f"{errors} violation{'s' * (errors > 1)}"] * bool(errors)
    counts += [f"{warnings} warning{'s' * (warnings > 1)}"] * bool(warnings)
    config = case / "pyproject.toml"
    is_strict = config.exists() and "strict = true" in config.read_text("utf-8")
    status, _, complaints = checked(case, "text")
    safe = [finding["fix"]["is_safe"] for finding in findings if finding["fix"]]
    fixable = f"; [*] {sum(safe)} fixable with --fix" if any(safe) else ""
    fixable += f"; {safe.count(False)} fixable with --fix --unsafe-fixes" if not all(safe) else ""
    assert complaints == f"1 file checked: {', '.join(counts) or 'no findings'}{fixable}\n"
    assert status == (1 if errors or (is_strict and warnings) else 0)


def test_every_rule_has_a_case() -> None:
    found = {
        finding["rule"]
        for case in CASES
        for finding in json.loads((case / "expected.json").read_text("utf-8"))
    }
    # The lines of an answer of the API have their cases in test_response.py.
    assert found == set(RULES) - {"response"}


def test_every_file_type_has_a_case() -> None:
    assert {kind_of(path.name) for case in CASES for path in case.glob("input.*")} == set(FILE_TYPES)


def test_sarif_describes_every_rule() -> None:
    _, output, _ = checked(CASES[0], "sarif")
    (run,) = json.loads(output)["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    for rule in rules:
        own = RULES[rule["id"]]
        assert rule["shortDescription"] == {"text": own.summary}
        assert rule["help"] == {"text": own.page, "markdown": own.page}
        assert rule["defaultConfiguration"] == {"level": own.severity, "enabled": own.is_default}
        assert own.summary
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def _write_outputs() -> None:
    for case in CASES:
        for kind, ending in ENDINGS.items():
            _, output, _ = checked(case, kind)
            (case / f"expected.{ending}").write_bytes(kept(kind, output).encode())


if __name__ == "__main__":
    _write_outputs()
