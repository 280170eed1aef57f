"""The command as a process of its own: its streams, its working directory, and what it loads."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from golden import body
from lint.command import process

from mailbox_schema import __version__

FULL = "the output can't be written: No space left on device\n"


def shell(command: str, folder: Path) -> tuple[int, str, str]:
    """Run ``mailbox-schema`` with these arguments and redirections in a shell."""
    done = subprocess.run(  # noqa: S602  # our own command, redirected
        f"{shlex.quote(sys.executable)} -m mailbox_schema {command}",
        shell=True,
        capture_output=True,
        check=False,
        text=True,
        cwd=folder,
    )
    return done.returncode, done.stdout, done.stderr


def test_the_package_runs_as_a_module() -> None:
    assert process("--version") == (0, f"mailbox-schema {__version__}\n", "")


def test_importing_the_command_loads_no_third_party_module() -> None:
    """Design: "importing mailbox_schema loads no third-party module until a value needs it"."""
    program = (
        "import sys; before = set(sys.modules); import mailbox_schema, mailbox_schema.lint.cli;"
        "print(sorted({name.partition('.')[0] for name in set(sys.modules) - before}"
        " - sys.stdlib_module_names))"
    )
    done = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    assert done.stdout == "['mailbox_schema']\n"


def test_a_clean_json_file_loads_nothing_that_only_findings_errors_or_help_need(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(body()), encoding="utf-8")
    late = ["difflib", "mailbox_schema.hints", "shutil", "yaml"]
    late += [f"mailbox_schema.lint.sources.{name}" for name in ("json_errors", "json_places")]
    program = (
        "import sys; from mailbox_schema.lint.cli import main; status = main(['check', '--quiet', 'a.json']);"
        f"print(status, [name for name in {late} if name in sys.modules])"
    )
    done = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-c", program], capture_output=True, check=True, text=True, cwd=tmp_path
    )
    assert done.stdout == "0 []\n"


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["check", "--unknown"]])
def test_help_takes_more_lines_on_a_narrow_terminal(arguments: list[str]) -> None:
    narrow, wide = (process(*arguments, env={**os.environ, "COLUMNS": columns}) for columns in ("60", "120"))
    assert len("".join(narrow[1:]).splitlines()) > len("".join(wide[1:]).splitlines())


@pytest.mark.parametrize(("limit", "most"), [("0", 4300), ("640", 640), ("4300", 4300), ("100000", 4300)])
@pytest.mark.parametrize("ending", ["json", "yaml"])
def test_a_number_of_more_digits_than_python_reads_is_refused(
    tmp_path: Path, limit: str, most: int, ending: str
) -> None:
    content = f'{{"z": 1, "x": "{"8" * 5000}", "y": -{"9" * 4301}}}'
    (tmp_path / f"a.{ending}").write_text(content, encoding="utf-8")
    environment = {**os.environ, "PYTHONINTMAXSTRDIGITS": limit}
    assert process("check", "--quiet", f"a.{ending}", cwd=tmp_path, env=environment) == (
        2,
        "",
        f"a.{ending}:1:5024: a number of more than {most} digits\n",
    )


def test_a_file_name_that_the_terminal_can_not_show_is_escaped(tmp_path: Path) -> None:
    (tmp_path / "b\u00fc\udcff.json").write_text("{", encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    assert process("check", "b\u00fc\udcff.json", cwd=tmp_path, env=environment) == (
        2,
        "",
        "b\\xfc\\udcff.json:1:2: not JSON: a key in double quotes was expected here\n"
        "1 file can't be read or parsed\n",
    )


# Closed and full streams


@pytest.mark.parametrize(
    ("redirection", "status", "errors"),
    [
        ("<&-", 2, "<stdin>: standard input is closed\n1 file can't be read or parsed\n"),
        (">&-", 2, "the output can't be written: standard output is closed\n"),
        ("--select domain >&-", 0, "1 file checked: no findings\n"),
        ("--quiet >/dev/full", 2, FULL),
        ("2>&-", 1, ""),
        ("2>/dev/full", 2, ""),
        (">/dev/full 2>&1", 2, ""),
    ],
)
def test_closed_and_full_streams_end_the_run_in_one_line(
    tmp_path: Path, redirection: str, status: int, errors: str
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(body(imap_port=0)), encoding="utf-8")
    file = "-" if redirection == "<&-" else "a.json"
    done = shell(f"check {file} {redirection}", tmp_path)
    assert (done[0], done[2]) == (status, errors)


PRINTED = ["--help", "--version", "check --help", "schema"]


@pytest.mark.parametrize("command", PRINTED)
def test_text_that_can_not_be_written_exits_2(tmp_path: Path, command: str) -> None:
    assert shell(f"{command} >/dev/full", tmp_path) == (2, "", FULL)


@pytest.mark.parametrize("command", PRINTED)
def test_text_without_standard_output_exits_2(tmp_path: Path, command: str) -> None:
    assert shell(f"{command} >&-", tmp_path) == (
        2,
        "",
        "the output can't be written: standard output is closed\n",
    )


@pytest.mark.parametrize("arguments", [[], ["check"], ["check", "--color", "x"], ["schema", "reqest"]])
def test_a_complaint_that_can_not_be_written_exits_2(tmp_path: Path, arguments: list[str]) -> None:
    assert shell(f"{shlex.join(arguments)} 2>/dev/full", tmp_path) == (2, "", "")
    assert shell(f"{shlex.join(arguments)} 2>&-", tmp_path) == (2, "", "")


@pytest.mark.parametrize("command", PRINTED)
def test_a_reader_that_closes_the_pipe_ends_the_run_quietly(command: str) -> None:
    """As ``head`` does; standard error stays empty, also of Python's own complaints at exit."""
    with subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, "-m", "mailbox_schema", *command.split()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 2


@pytest.mark.parametrize("arguments", [[], ["check"], ["check", "--color", "x"]])
def test_a_complaint_to_a_closed_pipe_exits_2(arguments: list[str]) -> None:
    with subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, "-m", "mailbox_schema", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stderr.close()
        assert running.stdout.read() == b""
    assert running.returncode == 2


# A deleted working directory


def test_a_deleted_working_directory_has_no_files_and_absolute_names_still_work(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[]", encoding="utf-8")
    (tmp_path / "gone").mkdir()
    absolute = shlex.quote(str(tmp_path / "a.json"))
    check = f'{shlex.quote(sys.executable)} -m mailbox_schema check a.json "$0"'
    done = subprocess.run(  # noqa: S603  # our own command
        ["/bin/sh", "-c", f"cd gone && rmdir ../gone && {check}", absolute],
        capture_output=True,
        check=False,
        text=True,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        f"{absolute}:1:1: error: mailboxes must be provided and have size in range <1,200> [mailbox-count]\n"
        "    hint: add a mailbox\n",
        "a.json: no such file\n1 file checked: 1 violation; 1 file can't be read or parsed\n",
    )
