"""``--output``, ``--config``, ``--show-settings``, ``completion``, and standard input without a name."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from golden import body, mailbox
from lint.command import Run, write

from mailbox_schema.lint.reports import FORMATS
from mailbox_schema.lint.sources.content import kind_of_content

PORT = "mailbox[0].smtp_port must be provided and in range <1,65535> [port]\n"


# --output


@pytest.mark.parametrize("kind", FORMATS)
def test_the_output_is_written_to_a_file(run: Run, kind: str) -> None:
    write("a.json", body(smtp_port="0", x=1))
    write("out", "old")
    status, output, errors = run("check", "--format", kind, "a.json")
    assert run("check", "--format", kind, "--output", "out", "a.json") == (status, "", errors)
    assert Path("out").read_text("utf-8") == output
    assert sorted(path.name for path in Path().iterdir()) == ["a.json", "out"]


def test_an_answer_is_written_to_a_file(run: Run) -> None:
    write("a.json", body())
    write("answer.json", {"details": ["mailbox[0].imap_server is wrong"]})
    options = ("check", "-q", "--response", "answer.json", "a.json")
    status, output, errors = run(*options)
    assert run(*options, "--output", "out") == (status, "", errors)
    assert Path("out").read_text("utf-8") == output


def test_a_run_that_can_not_finish_leaves_the_old_file(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.json", body(smtp_port=0))
    write("out", "old")
    for arguments in (["--baseline", "none"], ["--select", "none"], ["--response", "a.json"]):
        assert run("check", "--output", "out", *arguments, "a.json")[0] == 2
        assert Path("out").read_text("utf-8") == ("old" if arguments[0] != "--response" else "")
        write("out", "old")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mailbox_schema.lint.running.check_file", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run("check", "--output", "out", "a.json")
    assert Path("out").read_text("utf-8") == "old"
    assert sorted(path.name for path in Path().iterdir()) == ["a.json", "out"]


def test_a_file_that_can_not_be_written_exits_2(run: Run) -> None:
    write("a.json", body())
    reason = "the output can't be written: No such file or directory\n"
    assert run("check", "--output", "missing/out", "a.json") == (2, "", reason)
    reason = "the output can't be written: Is a directory\n"
    assert run("check", "--output", ".", "a.json") == (2, "", reason)


def test_a_report_for_a_device_is_written_to_it(run: Run) -> None:
    write("a.json", body(smtp_port=0))
    assert run("check", "-q", "--output", os.devnull, "a.json") == (1, "", "")


def test_a_hyphen_is_standard_output(run: Run) -> None:
    write("a.json", body(smtp_port=0))
    assert run("check", "-q", "--output", "-", "a.json") == run("check", "-q", "a.json")
    assert sorted(path.name for path in Path().iterdir()) == ["a.json"]


def test_a_report_through_a_pipe_is_written_to_it(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(body(smtp_port=0)), encoding="utf-8")
    command = [sys.executable, "-m", "mailbox_schema", "check", "-q", "a.json"]
    plain, through = (
        subprocess.run([*command, *options], cwd=tmp_path, capture_output=True, check=False)  # noqa: S603  # our own command
        for options in ((), ("--output", "/dev/stdout"))
    )
    assert (through.returncode, through.stdout, through.stderr) == (1, plain.stdout, b"")


@pytest.mark.parametrize("option", ["--output", "--baseline"])
def test_a_file_to_check_is_not_written_over(run: Run, option: str) -> None:
    text = json.dumps(body(smtp_port=0))
    write("mailboxes.json", text)
    Path("link.json").symlink_to("mailboxes.json")
    for name, more in (
        ("mailboxes.json", ()),
        ("link.json", ("--write-baseline",) * (option == "--baseline")),
    ):
        error = f"mailbox-schema check: error: {option}: {name} is a file to check\n"
        assert run("check", option, name, *more, ".") == (2, "", error)
    assert Path("mailboxes.json").read_text("utf-8") == text


# --config, --show-settings


def test_the_settings_of_a_given_file_apply_to_all_files(run: Run) -> None:
    write("a/pyproject.toml", "[tool.mailbox-schema]\nignore = ['port']\n")
    write("a/x.json", {"w": body(smtp_port=0)})
    write(
        "ci/lint.toml",
        "[tool.mailbox-schema]\ninclude = ['x.*']\n[tool.mailbox-schema.per-file-at]\n'../a/*' = 'w'\n",
    )
    column = json.dumps({"w": body(smtp_port=0)}).index(": 0") + 3
    assert run("check", "-q", "--config", "ci/lint.toml", "a") == (
        1,
        f"a/x.json:1:{column}: error: {PORT}",
        "",
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "no such file"),
        ("[tool.mailbox]\n", "there is no table [tool.mailbox-schema]"),
        ("[", "not TOML: it ends too early: a quote or bracket may not be closed"),
        ("[tool.mailbox-schema]\nx = 1\n", "[tool.mailbox-schema]: unknown setting 'x'"),
    ],
)
def test_a_given_file_without_settings_is_wrong_usage(
    run: Run, tmp_path: Path, text: str | None, reason: str
) -> None:
    if text is not None:
        write("c.toml", text)
    assert run("check", "--config", "c.toml", "a.json") == (2, "", f"{tmp_path / 'c.toml'}: {reason}\n")


SETTINGS: Final = (
    "    configuration: none\n    include: the default names\n    exclude: none\n    at: the top\n    force-exclude: false\n"
    "    strict: false\n    allow-placeholders: true\n    per-field-ignores: none\n    rules: none\n"
)


def test_the_settings_are_shown_for_each_file(run: Run, tmp_path: Path) -> None:
    write("conf/mailboxes.json", "not checked")
    write(
        "conf/pyproject.toml",
        "[tool.mailbox-schema]\nselect = ['port', 'email']\nat = 'w'\nstrict = true\ninclude = ['*.json', 'b.*']\n"
        "exclude = ['old/']\n[tool.mailbox-schema.per-field-ignores.'*.json']\n'mailbox[3].smtp_port' = ['port']\n"
        "'mailbox[12]' = ['contract']\nbcc = ['email']\n",
    )
    rules = run("check", "--show-settings", "--select", "contract", "a.json")[1].splitlines()[-1]
    assert rules.startswith("    rules: body-object, mailbox-count,")
    contract = rules.removeprefix("    rules: ")
    options = ["--allow-placeholders", "--ignore", "all"]
    assert run("check", "--show-settings", *options, "conf", "a.json", "b\n.json", "--exclude", "x") == (
        0,
        f"a.json\n{SETTINGS}b\\n.json\n{SETTINGS}".replace("exclude: none", "exclude: x")
        + f"conf/mailboxes.json\n    configuration: {tmp_path}/conf/pyproject.toml\n    include: *.json, b.*\n"
        "    exclude: old/, x\n    at: w\n    force-exclude: false\n    strict: true\n    allow-placeholders: true\n"
        "    per-field-ignores: mailbox[3].smtp_port (port), "
        f"mailbox[12] ({contract}), bcc (email)\n    rules: none\n",
        "",
    )
    forced = run("check", "--show-settings", "--force-exclude", "conf")[1].splitlines()
    assert (forced[5], forced[-1]) == ("    force-exclude: true", "    rules: email, port")


# completion


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_a_script_completes_commands_and_options(run: Run, shell: str) -> None:
    status, script, errors = run("completion", shell)
    assert (status, errors) == (0, "")
    assert ("--write-baseline" if shell != "tcsh" else "check") in script
    program = shutil.which(shell)
    if program is not None and shell != "tcsh":
        done = subprocess.run([program, "-n"], input=script, capture_output=True, text=True, check=False)  # noqa: S603  # our own script
        assert (done.returncode, done.stderr) == (0, "")


def test_a_shell_completes_a_command(run: Run) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash")
    script = run("completion", "bash")[1]
    script += "\nCOMP_WORDS=(mailbox-schema check --write); COMP_CWORD=2; _shtab_mailbox_schema; echo ${COMPREPLY[@]}"
    done = subprocess.run([bash], input=script, capture_output=True, text=True, check=True)  # noqa: S603  # our own script
    assert done.stdout == "--write-baseline\n"


def test_completion_needs_its_extra(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    reason = "mailbox-schema completion: error: the extra completion is not installed\n"
    assert run("completion", "zsh") == (2, "", reason)


# Standard input without a name


ROW = mailbox(smtp_port=0)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "json"),
        ("\ufeff [", "json"),
        ('{"a":\n1}', "json"),
        ('{"a": 1}\n', "json"),
        ('{"a": 1}\n{"a": 2}\n', "jsonl"),
        ("[1]\n[2]\n", "json"),
        ("{a: 1}\nb\n", "json"),
        ("[" * 100_000 + "\n1", "json"),
        ("smtp_email,x\n", "csv"),
        ('"SMTP email";"x"\n', "csv"),
        ("sep=;\nx;y\n", "csv"),
        ("imap_port\n", "csv"),
        ("smtp_email: a\n", "yaml"),
        ("# comment, smtp_email, x\n", "yaml"),
        ("#,smtp_email,x,,#\n", "yaml"),
        ("smtp_email,#\n", "csv"),
        (",smtp_email\n", "csv"),
        ("x,y\n", "yaml"),
    ],
)
def test_the_first_characters_tell_the_type(text: str, kind: str) -> None:
    assert kind_of_content(text.encode()) == kind


@pytest.mark.parametrize(
    ("head", "kind"), [(b"\xff\xfe[\0", "json"), (b"\xfe\xff\0[", "json"), (b"\xff", "yaml")]
)
def test_bytes_that_are_not_utf_8_get_the_type_that_reports_them(head: bytes, kind: str) -> None:
    assert kind_of_content(head) == kind


def test_utf_16_is_refused_as_before(run: Run) -> None:
    reason = "<stdin>:1:1: not UTF-8 but UTF-16\n1 file can't be read or parsed\n"
    assert run("check", "-", stdin="a: 1".encode("utf-16")) == (2, "", reason)


def test_standard_input_is_read_as_its_content_says(run: Run) -> None:
    as_json = json.dumps(ROW)
    texts = {
        as_json: f"1:{as_json.index(': 0') + 3}",
        f"{as_json}\n{as_json.replace('0,', '1,')}": f"1:{as_json.index(': 0') + 3}",
        "\n".join(f"{key}: {value}" for key, value in ROW.items()): "4:12",
        f"{','.join(ROW)}\n{','.join(map(str, ROW.values()))}\n": f"2:{','.join(map(str, ROW.values())).index(',0,') + 2}",
    }
    for text, place in texts.items():
        status, output, errors = run("check", "-", stdin=text.encode())
        assert (status, output, errors) == (
            1,
            f"<stdin>:{place}: error: {PORT}",
            "1 file checked: 1 violation\n",
        )


def test_standard_input_of_any_size_is_read_once(run: Run) -> None:
    text = "[" + " " * 200_000 + json.dumps(ROW) + "]"
    assert run("check", "-q", "-", stdin=text.encode())[1].endswith(f": error: {PORT}")
    line = json.dumps(mailbox(footer="x" * 10_000))
    text = f"{line}\n" * 50 + json.dumps(ROW) + "\n"
    assert run("check", "-q", "-", stdin=text.encode())[1].startswith("<stdin>:51:")


def test_the_answer_can_be_about_standard_input(run: Run) -> None:
    write("answer.json", {"details": ["mailbox[0].smtp_port must be provided and in range <1,65535>"]})
    text = "\n".join(f"{key}: {value}" for key, value in ROW.items())
    assert run("check", "-q", "--response", "answer.json", "-", stdin=text.encode()) == (
        1,
        f"<stdin>:4:12: error: {PORT}",
        "",
    )


def test_csv_on_standard_input_has_no_keys(run: Run) -> None:
    reason = "<stdin>: a file of the type csv has no keys: it can't be read with --at\n"
    text = f"{','.join(ROW)}\n"
    assert run("check", "--at", "a", "-", stdin=text.encode()) == (
        2,
        "",
        f"{reason}1 file can't be read or parsed\n",
    )


def test_a_numeral_with_spaces_is_read_as_in_a_form(run: Run) -> None:
    from mailbox_schema.forms import parse_form  # noqa: PLC0415  # next to its use

    values = {
        **{key: str(value) for key, value in mailbox().items()},
        "smtp_port": " 587 ",
        "imap_port": "993\t",
    }
    write("a.csv", f"{','.join(values)}\n{','.join(values.values())}\n")
    assert run("check", "a.csv") == (0, "", "1 file checked: no findings\n")
    assert parse_form(values).mailbox["smtp_port"] == 587


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("587\u00a0", "remove the no-break space"),
        ("\u202f587", "remove the narrow no-break space"),
        ("5\u200b87", "remove the zero-width space"),
        ("587\ufeff", "remove the byte order mark"),
        ("587\u200e", "remove the invisible characters"),
        ("587x\u00a0", "write a number from 1 to 65535, in digits only"),
        ("70000\u00a0", "write a number from 1 to 65535, in digits only"),
    ],
)
def test_the_hint_names_an_invisible_character_in_a_cell(run: Run, cell: str, hint: str) -> None:
    write("a.csv", f"smtp_port\n{cell}\n")
    output = run("check", "-q", "--select", "port", "--format", "json", "a.csv")[1]
    assert [each["hint"] for each in json.loads(output) if each["field"] == "smtp_port"] == [hint]
