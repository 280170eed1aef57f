"""The formats: escaping, colour, and that all of them hold the same findings."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from golden import body, mailbox

from mailbox_schema.lint.findings import Finding
from mailbox_schema.lint.reports import FORMATS, GitHub, Json, Sarif, Text
from mailbox_schema.lint.rules import RULES

Run = Callable[..., tuple[int, str, str]]

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


def test_text() -> None:
    assert written(Text, FINDING) == (
        "a,b:c%d\\n.json:3:5: warning: 100%\\r\\nm [port-role]\n    hint: h%\ni\n"
    )


def test_colour() -> None:
    output = io.StringIO()
    report = Text(output.write, has_colour=True)
    report.add(FINDING._replace(file="a.json", message="m", hint="h"))
    report.add(FINDING._replace(file="a.json", message="m", hint=None, severity="error", rule="port"))
    assert output.getvalue() == (
        "\x1b[1ma.json:3:5:\x1b[0m \x1b[33mwarning: \x1b[0mm \x1b[33m[port-role]\x1b[0m\n"
        "\x1b[2m    hint: h\x1b[0m\n"
        "\x1b[1ma.json:3:5:\x1b[0m m \x1b[31m[port]\x1b[0m\n"
    )


def test_json() -> None:
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
    ]


def test_github_is_escaped_as_its_toolkit_does() -> None:
    assert written(GitHub, FINDING, FINDING._replace(hint=None, severity="error")) == (
        "::warning file=a%2Cb%3Ac%25d%0A.json,line=3,col=5,title=port-role::100%25\\r\\nm%0Ahint: h%25%0Ai\n"
        "::error file=a%2Cb%3Ac%25d%0A.json,line=3,col=5,title=port-role::100%25\\r\\nm\n"
    )


def test_sarif() -> None:
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


def test_every_format_holds_the_same_findings(run: Run) -> None:
    Path("a b.json").write_text(
        json.dumps(body(smtp_port="587", imap_port=465, bcc="x"), indent=2), encoding="utf-8"
    )
    Path("b.yaml").write_text(json.dumps([mailbox(smtp_login=" "), None]), encoding="utf-8")
    said = {name: run("check", "--format", name, "a b.json", "b.yaml") for name in FORMATS}
    assert {status for status, _, _ in said.values()} == {1}
    assert {errors for _, _, errors in said.values()} == {"2 files checked: 4 violations, 1 warning\n"}
    expected = [
        (it["file"], it["line"], it["column"], it["rule"], it["message"])
        for it in json.loads(said["json"][1])
    ]
    assert len(expected) == 5
    text = re.findall(r"^(.*?):(\d+):(\d+): (?:warning: )?(.*) \[(.*)\]$", said["text"][1], re.MULTILINE)
    assert [(file, int(line), int(col), rule, message) for file, line, col, message, rule in text] == expected
    github = re.findall(
        r"^::\w+ file=(.*?),line=(\d+),col=(\d+),title=(.*?)::(.*)$", said["github"][1], re.MULTILINE
    )
    assert [
        (file, int(line), int(col), rule, message.partition("%0A")[0])
        for file, line, col, rule, message in github
    ] == expected
    sarif = []
    for result in json.loads(said["sarif"][1])["runs"][0]["results"]:
        place = result["locations"][0]["physicalLocation"]
        region = place["region"]
        message = result["message"]["text"].partition(" (hint: ")[0]
        uri = unquote(place["artifactLocation"]["uri"])
        sarif.append((uri, region["startLine"], region["startColumn"], result["ruleId"], message))
    assert sarif == expected


@pytest.mark.parametrize(
    ("environment", "is_terminal", "has_colour"),
    [
        ({"TERM": "xterm"}, True, True),
        ({"TERM": "xterm"}, False, False),
        ({"TERM": "dumb"}, True, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, True, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, True, True),
    ],
)
def test_colour_only_on_a_terminal_and_never_with_no_color(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    is_terminal: bool,
    has_colour: bool,
) -> None:
    for name in ("TERM", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: is_terminal)
    Path("a.json").write_text("[]", encoding="utf-8")
    assert ("\x1b[" in run("check", "a.json")[1]) is has_colour
    assert "\x1b[" not in run("check", "--format", "json", "a.json")[1]
