"""The formats: escaping, color, and that all of them have the same findings."""

import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from golden import body, mailbox
from lint.command import Run, write

from mailbox_schema.lint.catalogue import RULES
from mailbox_schema.lint.findings import Finding
from mailbox_schema.lint.reports import FORMATS, GitHub, Json, Sarif, Text, escape

FINDING = Finding(
    "a,b:c%d\n.json",
    3,
    5,
    "warning",
    "port-role",
    "100%\r\nm",
    "h%\ni",
    0,
    "smtp_port",
    "/mailboxes/0/smtp_port",
)


def written(kind: Callable[..., object], *findings: Finding) -> str:
    output = io.StringIO()
    report = kind(output.write)
    for finding in findings:
        report.add(finding)  # type: ignore[attr-defined]  # every report has it
    report.finish()  # type: ignore[attr-defined]  # every report has it
    return output.getvalue()


def test_text_shows_place_message_rule_and_hint() -> None:
    assert written(Text, FINDING) == (
        "a,b:c%d\\n.json:3:5: warning: 100%\\r\\nm [port-role]\n    hint: h%\ni\n"
    )


def test_text_in_color() -> None:
    output = io.StringIO()
    report = Text(output.write, has_color=True)
    report.add(FINDING._replace(file="a.json", message="m", hint="h"))
    report.add(FINDING._replace(file="a.json", message="m", hint=None, severity="error", rule="port"))
    assert output.getvalue() == (
        "\x1b[1ma.json:3:5:\x1b[0m \x1b[33mwarning:\x1b[0m m \x1b[33m[port-role]\x1b[0m\n"
        "\x1b[2m    hint: h\x1b[0m\n"
        "\x1b[1ma.json:3:5:\x1b[0m \x1b[31merror:\x1b[0m m \x1b[31m[port]\x1b[0m\n"
    )


def test_json_is_an_array_of_findings() -> None:
    assert written(Json) == "[]\n"
    assert json.loads(written(Json, FINDING, FINDING)) == [FINDING._asdict()] * 2
    assert list(FINDING._asdict()) == [
        "file",
        "line",
        "column",
        "severity",
        "rule",
        "message",
        "hint",
        "index",
        "field",
        "pointer",
        "fix",
    ]


def test_github_escapes_as_its_toolkit_does() -> None:
    assert written(GitHub, FINDING, FINDING._replace(hint=None, severity="error")) == (
        "::warning file=a%2Cb%3Ac%25d\\n.json,line=3,col=5,title=port-role::100%25\\r\\nm%0Ahint: h%25%0Ai\n"
        "::error file=a%2Cb%3Ac%25d\\n.json,line=3,col=5,title=port-role::100%25\\r\\nm\n"
    )


def test_sarif_holds_rules_and_results() -> None:
    log = json.loads(
        written(Sarif, FINDING, FINDING._replace(file="/x y/\u00fc.json", rule="response", hint=None))
    )
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == list(RULES)
    assert run["results"] == [
        {
            "ruleId": "port-role",
            "ruleIndex": list(RULES).index("port-role"),
            "level": "warning",
            "message": {"text": "100%\r\nm (hint: h%\ni)"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "a%2Cb%3Ac%25d%0A.json"},
                        "region": {"startLine": 3, "startColumn": 5},
                    }
                }
            ],
        },
        {
            "ruleId": "response",
            "ruleIndex": list(RULES).index("response"),
            "level": "warning",
            "message": {"text": "100%\r\nm"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "file:///x%20y/%C3%BC.json"},
                        "region": {"startLine": 3, "startColumn": 5},
                    }
                }
            ],
        },
    ]


def test_every_format_has_the_same_findings(run: Run) -> None:
    Path("a b.json").write_text(
        json.dumps(body(smtp_port="587", imap_port=465, bcc="x"), indent=2), encoding="utf-8"
    )
    Path("b.yaml").write_text(json.dumps([mailbox(smtp_login=" "), None]), encoding="utf-8")
    outputs = {name: run("check", "--format", name, "a b.json", "b.yaml") for name in FORMATS}
    assert {status for status, _, _ in outputs.values()} == {1}
    assert {errors for _, _, errors in outputs.values()} == {
        "2 files checked: 4 violations, 1 warning; [*] 1 fixable with --fix\n"
    }
    expected = [
        (it["file"], it["line"], it["column"], it["rule"], it["message"])
        for it in json.loads(outputs["json"][1])
    ]
    assert len(expected) == 5
    text = re.findall(
        r"^(.*?):(\d+):(\d+): (?:error|warning): (.*) \[([a-z-]+)\]", outputs["text"][1], re.MULTILINE
    )
    assert [(file, int(line), int(col), rule, message) for file, line, col, message, rule in text] == expected
    github = re.findall(
        r"^::\w+ file=(.*?),line=(\d+),col=(\d+),title=(.*?)::(.*)$", outputs["github"][1], re.MULTILINE
    )
    assert [
        (file, int(line), int(col), rule, message.partition("%0A")[0])
        for file, line, col, rule, message in github
    ] == expected
    sarif = []
    for result in json.loads(outputs["sarif"][1])["runs"][0]["results"]:
        place = result["locations"][0]["physicalLocation"]
        region = place["region"]
        message = result["message"]["text"].partition(" (hint: ")[0]
        uri = unquote(place["artifactLocation"]["uri"])
        sarif.append((uri, region["startLine"], region["startColumn"], result["ruleId"], message))
    assert sarif == expected


@pytest.mark.parametrize(
    ("environment", "is_terminal", "has_color"),
    [
        ({"TERM": "xterm"}, True, True),
        ({"TERM": "xterm"}, False, False),
        ({"TERM": "dumb"}, True, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, True, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, True, True),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, False, True),
        ({"TERM": "xterm", "FORCE_COLOR": ""}, False, False),
        ({"TERM": "xterm", "FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
    ],
)
def test_color_is_for_terminals_without_no_color(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    is_terminal: bool,
    has_color: bool,
) -> None:
    for name in ("TERM", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: is_terminal)
    Path("a.json").write_text("[]", encoding="utf-8")
    assert ("\x1b[" in run("check", "a.json")[1]) is has_color
    assert "\x1b[" in run("check", "--color", "always", "a.json")[1]
    assert "\x1b[" not in run("check", "--color", "never", "a.json")[1]
    run("check", "--output", "report", "a.json")
    assert ("\x1b[" in Path("report").read_text("utf-8")) is (has_color and "FORCE_COLOR" in environment)
    assert "\x1b[" not in run("check", "--format", "json", "a.json")[1]


def test_an_unreadable_file_is_in_the_reports_that_have_a_place_for_it(run: Run) -> None:
    write("a.yaml", "a: [")
    assert run("check", "--format", "github", "a.yaml", "missing.json")[1] == (
        "::error file=a.yaml,line=1,col=5,title=unreadable::not YAML: did not find expected node content\n"
        "::error file=missing.json,line=1,col=1,title=unreadable::no such file\n"
    )
    assert run("check", "--format", "json", "a.yaml")[1] == "[]\n"
    (issue,) = json.loads(run("check", "--format", "gitlab", "a.yaml")[1])
    assert issue.pop("fingerprint").isalnum()
    assert issue == {
        "description": "not YAML: did not find expected node content",
        "check_name": "unreadable",
        "severity": "blocker",
        "location": {"path": "a.yaml", "lines": {"begin": 1}},
    }
    assert run("check", "--format", "junit", "a.yaml")[1] == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="mailbox-schema">\n'
        '  <testsuite name="a.yaml">\n'
        '    <testcase name="unreadable" classname="a.yaml"><error type="unreadable"'
        ' message="not YAML: did not find expected node content"/></testcase>\n'
        "  </testsuite>\n</testsuites>\n"
    )
    (log,) = json.loads(run("check", "--format", "sarif", "a.yaml")[1])["runs"]
    assert log["invocations"] == [
        {
            "executionSuccessful": False,
            "toolExecutionNotifications": [
                {
                    "level": "error",
                    "message": {"text": "not YAML: did not find expected node content"},
                    "locations": [
                        {
                            "physicalLocation": {
                                "artifactLocation": {"uri": "a.yaml"},
                                "region": {"startLine": 1, "startColumn": 5},
                            }
                        }
                    ],
                }
            ],
        }
    ]
    assert log["results"] == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("new\nline.json", "new\\nline.json"),
        ("\x1b[31mred.json", "\\x1b[31mred.json"),
        ("re\rturn.json", "re\\rturn.json"),
        ("\u202etxt.json", "\\u202etxt.json"),
        ("a::warning ::b.json", "a%3A%3Awarning %3A%3Ab.json"),
        ("50%, 1.json", "50%25%2C 1.json"),
        ("b\u00fc.json", "b\u00fc.json"),
    ],
)
def test_github_has_one_printable_line_for_any_file_name(run: Run, name: str, shown: str) -> None:
    write(name, "[]")
    assert run("check", "-q", "--format", "github", name) == (
        1,
        f"::error file={shown},line=1,col=1,title=mailbox-count::"
        "mailboxes must be provided and have size in range <1,200>%0Ahint: add a mailbox\n",
        "",
    )
    write(name, "[")
    assert run("check", "-q", "--format", "github", name)[1] == (
        f"::error file={shown},line=1,col=2,title=unreadable::not JSON: a value was expected here\n"
    )


def fingerprints(run: Run, *names: str) -> list[str]:
    return [issue["fingerprint"] for issue in json.loads(run("check", "--format", "gitlab", *names)[1])]


def test_a_fingerprint_is_of_one_finding_and_does_not_move_with_it(run: Run) -> None:
    value = body(smtp_port=0, x=1, zq=2, zw=3)
    write("a.json", json.dumps(value))
    write("b.json", json.dumps(value))
    first = fingerprints(run, "a.json")
    assert len(set(first)) == len(first) == 4
    assert not set(first) & set(fingerprints(run, "b.json"))
    assert fingerprints(run, "a.json", "b.json") == first + fingerprints(run, "b.json")
    write("a.json", json.dumps(value, indent=4))
    assert fingerprints(run, "a.json") == first


@pytest.mark.parametrize("name", ["new\nline\x1b.json", "a&b<\"'>.json", "\udcff\ufffe.json", "b\u00fc.json"])
def test_junit_is_xml_for_any_file_name(run: Run, name: str) -> None:
    Path(name).write_text("[]", encoding="utf-8")
    Path("clean.json").write_text(json.dumps(body()), encoding="utf-8")
    status, output, _ = run("check", "--format", "junit", name, "clean.json")
    suites = ET.fromstring(output.encode())  # noqa: S314  # our own output
    first, second = sorted(suites, key=lambda suite: suite.get("name") == "clean.json")
    shown = escape(name)
    assert (status, first.get("name")) == (1, shown)
    (case,) = first
    assert case.attrib == {"name": "mailbox-count 1:1", "classname": shown}
    message = "mailboxes must be provided and have size in range <1,200>"
    assert [(failure.attrib, failure.text) for failure in case] == [
        ({"type": "mailbox-count", "message": message}, f"{shown}:1:1: error: {message}\nhint: add a mailbox")
    ]
    assert [(case.attrib, list(case)) for case in second] == [
        ({"name": "check", "classname": "clean.json"}, [])
    ]


def test_junit_counts_the_warnings_that_fail_the_run(run: Run) -> None:
    """As failures with ``--strict`` only; else they are the output of a test that passed."""
    write("a.json", json.dumps(body(x=1)))
    message = "mailbox[0] has an unknown key"
    said = f"a.json:1:281: warning: {message}"
    outcomes = []
    for options in [], ["--strict"]:
        status, output, _ = run("check", "--format", "junit", *options, "a.json")
        ((case,),) = ET.fromstring(output.encode())  # noqa: S314  # our own output
        (outcome,) = case
        outcomes.append((status, case.get("name"), outcome.tag, outcome.attrib, outcome.text))
    assert outcomes == [
        (0, "unknown-field 1:281", "system-out", {}, said),
        (1, "unknown-field 1:281", "failure", {"type": "unknown-field", "message": message}, said),
    ]
