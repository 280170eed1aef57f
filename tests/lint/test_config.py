"""[tool.mailbox-schema] in pyproject.toml."""

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from golden import body, mailbox
from lint.command import Run, write


def rules(run: Run, *arguments: str) -> list[str]:
    _, output, errors = run("check", "--format", "json", *arguments)
    assert output, errors
    return [finding["rule"] for finding in json.loads(output)]


@pytest.fixture
def file() -> str:
    return "a.json"


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
def test_the_table_chooses_the_rules(run: Run, table: str, expected: list[str]) -> None:
    write("pyproject.toml", f"[tool.mailbox-schema]\n{table}\n")
    write("conf/a.json", BROKEN)
    assert rules(run, "conf/a.json") == expected


def test_the_command_line_overrides_the_configuration(run: Run) -> None:
    write("pyproject.toml", '[tool.mailbox-schema]\nselect = ["email"]\nignore = ["port"]\n')
    write("a.json", BROKEN)
    assert rules(run, "--select", "port,port-role", "a.json") == ["port-role"]
    assert rules(run, "--ignore", "email", "a.json") == []


def test_strict_makes_warnings_fail_the_run(run: Run) -> None:
    write("a.json", json.dumps(body(imap_port=465)))
    assert run("check", "-q", "a.json")[0] == 0
    write("pyproject.toml", "[tool.mailbox-schema]\nstrict = true\n")
    assert run("check", "-q", "a.json")[0] == 1


def test_the_nearest_pyproject_with_the_table_counts(run: Run) -> None:
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
        ("mailbox-schema = [", "not TOML: it ends too early: a quote or bracket may not be closed"),
        ("[tool]\nmailbox-schema = 3", "[tool.mailbox-schema] has to be a table"),
        (
            "[tool.mailbox-schema]\nselct = []",
            "[tool.mailbox-schema]: unknown setting 'selct'; did you mean 'select'?",
        ),
        ("[tool.mailbox-schema]\nzzz = 1", "[tool.mailbox-schema]: unknown setting 'zzz'"),
        ("[tool.mailbox-schema]\nselect = 'port'", "[tool.mailbox-schema]: select has to be a list of rules"),
        ("[tool.mailbox-schema]\nignore = [3]", "[tool.mailbox-schema]: ignore has to be a list of rules"),
        (
            "[tool.mailbox-schema]\nignore = ['prot']",
            "[tool.mailbox-schema]: ignore: unknown rule 'prot'; did you mean 'port'?",
        ),
        ("[tool.mailbox-schema]\nstrict = 1", "[tool.mailbox-schema]: strict has to be true or false"),
        (
            "[tool.mailbox-schema]\nper-file-ignores = 1",
            "[tool.mailbox-schema]: per-file-ignores has to be a table of patterns and lists of rules",
        ),
        (
            "[tool.mailbox-schema]\nat = ['a']",
            '[tool.mailbox-schema]: at has to be a path, such as "woodpecker.mailboxes"',
        ),
        (
            "[tool.mailbox-schema.per-file-at]\nx = 'a..b'",
            "[tool.mailbox-schema]: per-file-at: expected keys, such as a.b, or a JSON Pointer, such as /a/b",
        ),
        (
            "[tool.mailbox-schema.per-file-ignores]\nx = 'port'",
            "[tool.mailbox-schema]: per-file-ignores has to be a list of rules",
        ),
    ],
)
def test_a_wrong_setting_is_wrong_usage(run: Run, tmp_path: Path, text: str, complaint: str) -> None:
    write("pyproject.toml", text)
    write("a.json", BROKEN)
    assert run("check", "a.json") == (2, "", f"{tmp_path / 'pyproject.toml'}: {complaint}\n")


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"[tool.mailbox-schema]\nselect = ['port']]\n", ":2:18: not TOML"),
        (b"[tool.mailbox-schema]\n\n  strict = tru\n", ":3:12: not TOML"),
        (b"[tool.mailbox-schema]\r\nselect = ['port\r\n']\r\n", ":2:16: not TOML"),
        (
            b"[tool.mailbox-schema]\n'(at line 7, column 9)' = 1\n'(at line 7, column 9)' = 1\n",
            ":3:28: not TOML",
        ),
        (
            b"[tool.mailbox-schema]\nselect = ['port'\n",
            ": not TOML: it ends too early: a quote or bracket may not be closed",
        ),
        (b"[tool.mailbox-schema]\nselect = '\xff'\n", ": not TOML"),
    ],
)
def test_a_mistake_in_toml_has_its_place(run: Run, tmp_path: Path, data: bytes, complaint: str) -> None:
    Path("pyproject.toml").write_bytes(data)
    write("a.json", BROKEN)
    assert run("check", "a.json") == (2, "", f"{tmp_path / 'pyproject.toml'}{complaint}\n")


def test_a_pyproject_without_the_table_is_not_parsed(run: Run) -> None:
    write("a.json", BROKEN)
    write("pyproject.toml", "not TOML at all [")
    assert rules(run, "a.json") == ["port", "port-role", "email"]
    write("pyproject.toml", "tool = 'mailbox-schema'")
    assert rules(run, "a.json") == ["port", "port-role", "email"]


def test_a_wrong_configuration_is_reported_before_any_file_is_checked(run: Run) -> None:
    write("a.json", json.dumps([mailbox(smtp_port=0)]))
    Path("cfg").mkdir()
    write("cfg/pyproject.toml", "[tool.mailbox-schema]\nignore = ['prot']\n")
    write("cfg/b.json", json.dumps([mailbox()]))
    status, output, errors = run("check", "--format", "json", "a.json", "cfg/b.json")
    assert (status, output) == (2, "")
    assert errors.endswith("ignore: unknown rule 'prot'; did you mean 'port'?\n")


def test_a_configuration_that_is_nested_too_deeply_is_not_toml(run: Run) -> None:
    write("pyproject.toml", f"# mailbox-schema\nx = {'[' * 5000}")
    write("a.json", json.dumps([mailbox()]))
    status, output, errors = run("check", "a.json")
    assert (status, output) == (2, "")
    assert errors.endswith("pyproject.toml: not TOML\n")


# A pyproject.toml that can't be read


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def link_to(target: str) -> Callable[[Path], None]:
    def link(path: Path) -> None:
        if not Path(target).exists():
            pytest.skip(f"there is no {target}")
        path.symlink_to(target)

    return link


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(
            make_fifo,
            "not a regular file",
            id="pipe",
            marks=pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes"),
        ),
        pytest.param(Path.mkdir, "not a regular file", id="folder"),
        pytest.param(link_to("/dev/zero"), "not a regular file", id="endless device"),
        pytest.param(link_to("/dev/null"), "not a regular file", id="empty device"),
        pytest.param(
            lambda path: path.symlink_to(path),
            f"can't be read: {os.strerror(errno.ELOOP)}",
            id="loop of links",
        ),
    ],
)
def test_a_pyproject_that_is_not_a_regular_file_is_refused(
    run: Run, tmp_path: Path, make: Callable[[Path], None], reason: str
) -> None:
    write("a.json", BROKEN)
    make(Path("pyproject.toml"))
    assert run("check", "a.json") == (2, "", f"{tmp_path / 'pyproject.toml'}: {reason}\n")


def test_a_link_to_a_regular_file_is_followed(run: Run) -> None:
    write("a.json", BROKEN)
    write("settings.toml", '[tool.mailbox-schema]\nselect = ["email"]\n')
    Path("pyproject.toml").symlink_to("settings.toml")
    assert rules(run, "a.json") == ["email"]


def test_a_pyproject_of_1_mb_is_read_and_a_larger_one_refused(run: Run, tmp_path: Path) -> None:
    write("a.json", BROKEN)
    limit = 1024 * 1024
    text = '[tool.mailbox-schema]\nselect = ["email"]\n#'
    write("pyproject.toml", text + "x" * (limit - len(text)))
    assert rules(run, "a.json") == ["email"]
    complaint = f"{tmp_path / 'pyproject.toml'}: larger than 1 MB\n"
    write("pyproject.toml", text + "x" * (limit + 1 - len(text)))
    assert run("check", "a.json") == (2, "", complaint)
    write("pyproject.toml", "#" * (limit + 1))  # even if it has no table for us
    assert run("check", "a.json") == (2, "", complaint)


def test_a_pyproject_without_permission_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by its mode, because the superuser may read everything."""

    def refuse(path: str, *arguments: Any) -> int:
        if path.endswith("pyproject.toml"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real_open(path, *arguments)

    real_open = os.open
    write("a.json", BROKEN)
    write("pyproject.toml", "")
    monkeypatch.setattr("mailbox_schema.lint.config.os.open", refuse)
    assert run("check", "a.json") == (
        2,
        "",
        f"{tmp_path / 'pyproject.toml'}: can't be read: Permission denied\n",
    )


@pytest.mark.parametrize("name", ["missing/a.json", "a.json/b.json"])
def test_a_folder_that_is_missing_has_no_configuration(run: Run, name: str) -> None:
    write("a.json", BROKEN)
    write("pyproject.toml", "[tool.mailbox-schema]\nselect = ['email']\n")
    status, output, errors = run("check", "a.json", name)
    reason = "no such file" if "missing" in name else f"can't be read: {os.strerror(errno.ENOTDIR)}"
    assert (status, output.count("\n")) == (2, 2)
    assert errors == f"{name}: {reason}\n1 file checked: 1 violation; 1 file can't be read or parsed\n"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("loop/b.json", f"can't be read: {os.strerror(errno.ELOOP)}"),
        (f"{'x' * 300}/b.json", f"can't be read: {os.strerror(errno.ENAMETOOLONG)}"),
        ("nul\0/b.json", "no such file"),
    ],
    ids=["loop of links", "long name", "NUL character"],
)
def test_a_folder_that_can_not_be_opened_does_not_stop_the_others(run: Run, name: str, reason: str) -> None:
    """The file itself can't be read then, which is reported; there is no configuration to be wrong."""
    write("a.json", BROKEN)
    Path("loop").symlink_to("loop")
    status, output, errors = run("check", "--select", "email", "a.json", name)
    assert (status, output.count("\n")) == (2, 2)
    assert errors == (
        f"{name.replace(chr(0), chr(92) + 'x00')}: {reason}\n"
        "1 file checked: 1 violation; 1 file can't be read or parsed\n"
    )


def test_control_characters_in_the_name_of_a_folder_are_escaped(run: Run, tmp_path: Path) -> None:
    name = "new\nline\x1b[31m\u202e"
    write(f"{name}/a.json", "{")
    shown = "new\\nline\\x1b[31m\\u202e"
    assert run("check", "--verbose", f"{name}/a.json") == (
        2,
        "",
        f"{shown}/a.json:1:2: not JSON: a key in double quotes was expected here\n"
        "1 file can't be read or parsed\n",
    )
    write(f"{name}/pyproject.toml", "[tool.mailbox-schema]\n'x\x07' = 1\n".replace("\x07", "\\u0007"))
    assert run("check", f"{name}/a.json") == (
        2,
        "",
        f"{tmp_path}/{shown}/pyproject.toml: [tool.mailbox-schema]: unknown setting 'x\\\\u0007'\n",
    )
    write(f"{name}/pyproject.toml", '[tool.mailbox-schema]\n"x\\u0007" = 1\n')
    assert run("check", f"{name}/a.json")[2] == (
        f"{tmp_path}/{shown}/pyproject.toml: [tool.mailbox-schema]: unknown setting 'x\\x07'\n"
    )
