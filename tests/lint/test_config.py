"""[tool.mailbox-schema] in pyproject.toml."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from golden import body

Run = Callable[..., tuple[int, str, str]]


def rules(run: Run, *arguments: str) -> list[str]:
    _, output, errors = run("check", "--format", "json", *arguments)
    assert output, errors
    return [finding["rule"] for finding in json.loads(output)]


@pytest.fixture
def file() -> str:
    return "a.json"


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


BROKEN = json.dumps(body(imap_port=465, smtp_port=0, bcc="${BCC}"))


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("", ["port", "port-role", "email"]),
        ('select = ["email"]', ["email"]),
        ('select = ["contract"]', ["port", "email"]),
        ("select = []", []),
        (
            'extend-select = ["plaintext-secret"]',
            ["plaintext-secret", "port", "plaintext-secret", "port-role", "email"],
        ),
        ('ignore = ["port", "advice"]', ["email"]),
        ("allow-placeholders = true", ["port", "port-role"]),
        (
            '[tool.mailbox-schema.per-file-ignores]\n"conf/*" = ["port"]\n"*.yaml" = ["email"]',
            ["port-role", "email"],
        ),
    ],
)
def test_what_is_looked_for(run: Run, table: str, expected: list[str]) -> None:
    write("pyproject.toml", f"[tool.mailbox-schema]\n{table}\n")
    write("conf/a.json", BROKEN)
    assert rules(run, "conf/a.json") == expected


def test_the_command_line_counts_before_it(run: Run) -> None:
    write("pyproject.toml", '[tool.mailbox-schema]\nselect = ["email"]\nignore = ["port"]\n')
    write("a.json", BROKEN)
    assert rules(run, "--select", "port,port-role", "a.json") == ["port-role"]
    assert rules(run, "--ignore", "email", "a.json") == []


def test_strict(run: Run) -> None:
    write("a.json", json.dumps(body(imap_port=465)))
    assert run("check", "-q", "a.json")[0] == 0
    write("pyproject.toml", "[tool.mailbox-schema]\nstrict = true\n")
    assert run("check", "-q", "a.json")[0] == 1


def test_the_nearest_one_that_has_the_table_counts(run: Run) -> None:
    write("pyproject.toml", '[tool.mailbox-schema]\nselect = ["email"]\n')
    write("sub/pyproject.toml", "[tool.other]\nx = 'mailbox-schema'\n")
    write("sub/sub/pyproject.toml", '[tool.mailbox-schema]\nselect = ["port"]\n')
    for folder, expected in ((".", ["email"]), ("sub", ["email"]), ("sub/sub", ["port"])):
        write(f"{folder}/a.json", BROKEN)
        assert rules(run, f"{folder}/a.json") == expected
    assert (
        run("check", "--format", "json", "-", "--stdin-filename", "sub/sub/x.json", stdin=BROKEN.encode())[
            1
        ].count("port")
        > 0
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("mailbox-schema = [", "not TOML"),
        ("[tool]\nmailbox-schema = 3", "[tool.mailbox-schema] has to be a table"),
        (
            "[tool.mailbox-schema]\nselct = []",
            "[tool.mailbox-schema]: no setting 'selct'; did you mean 'select'?",
        ),
        ("[tool.mailbox-schema]\nzzz = 1", "[tool.mailbox-schema]: no setting 'zzz'"),
        ("[tool.mailbox-schema]\nselect = 'port'", "[tool.mailbox-schema]: select has to be a list of rules"),
        ("[tool.mailbox-schema]\nignore = [3]", "[tool.mailbox-schema]: ignore has to be a list of rules"),
        (
            "[tool.mailbox-schema]\nignore = ['prot']",
            "[tool.mailbox-schema]: ignore: no rule 'prot'; did you mean 'port'?",
        ),
        ("[tool.mailbox-schema]\nstrict = 1", "[tool.mailbox-schema]: strict has to be true or false"),
        (
            "[tool.mailbox-schema]\nper-file-ignores = 1",
            "[tool.mailbox-schema]: per-file-ignores has to be a table of patterns and lists of rules",
        ),
        (
            "[tool.mailbox-schema.per-file-ignores]\nx = 'port'",
            "[tool.mailbox-schema]: per-file-ignores has to be a list of rules",
        ),
    ],
)
def test_a_wrong_setting_is_a_usage_error(run: Run, tmp_path: Path, text: str, complaint: str) -> None:
    write("pyproject.toml", text)
    write("a.json", BROKEN)
    assert run("check", "a.json") == (2, "", f"{tmp_path / 'pyproject.toml'}: {complaint}\n")


def test_a_pyproject_that_is_not_for_us(run: Run) -> None:
    write("a.json", BROKEN)
    write("pyproject.toml", "not TOML at all [")
    assert rules(run, "a.json") == ["port", "port-role", "email"]
    write("pyproject.toml", "tool = 'mailbox-schema'")
    assert rules(run, "a.json") == ["port", "port-role", "email"]
