"""The playground's Python shows what the command prints; tests/browser/test_playground.py runs it in a browser."""

import contextlib
import io
import json
import shutil
from pathlib import Path
from typing import Any, Final, NoReturn

import playground
import pytest

from mailbox_schema.lint.cli import main
from mailbox_schema.lint.sources import FILE_TYPES

INPUTS: Final = sorted((Path(__file__).parent / "lint/cases").glob("*/input.*"))

each_input = pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.parent.name)


def run(*arguments: str) -> tuple[int, str, str]:
    output, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        status = main(list(arguments))
    return status, output.getvalue(), errors.getvalue()


def lines(name: str, found: dict[str, Any]) -> str:
    """Return what the page shows as the command prints it; the errors after the findings."""
    text = ""
    for each in found["findings"]:
        place = "" if each["line"] is None else f":{each['line']}:{each['column']}"
        if "rule" in each:
            mark = " [*]" if each["isFixable"] else ""
            text += f"{name}{place}: {each['severity']}: {each['message']} [{each['rule']}]{mark}\n"
            text += f"    hint: {each['hint']}\n" if each["hint"] else ""
        else:
            text += f"{name}{place}: {each['message']}\n"
    return text + "".join(f"{name}: {line} (--all shows them)\n" for line in found["more"])


def copied(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Copy an input to where no settings are for it, and go there."""
    monkeypatch.chdir(folder)
    shutil.copy(path, path.name)
    return path.name


@each_input
def test_the_findings_are_those_of_the_command(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = copied(path, tmp_path, monkeypatch)
    _, output, errors = run("check", "--quiet", name)
    for given in ((name, ""), ("pasted.txt", path.suffix.removeprefix("."))):
        assert lines(name, json.loads(playground.check(name, *given))) == output + errors


@each_input
def test_the_fixes_are_those_of_the_command(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = copied(path, tmp_path, monkeypatch)
    Path("fixed").write_bytes(path.read_bytes())
    fixed = json.loads(playground.fix("fixed", name, ""))
    _, output, _ = run("check", "--diff", "--quiet", name)
    shown = [line.split(" ", 3) for line in output.splitlines() if line.startswith("@@ ")]
    assert sorted(fixed) == sorted(
        f"line {before[1:]}: {rest.removeprefix('@@ ')}" for _, before, _, rest in shown
    )
    run("check", "--fix", "--quiet", name)
    assert Path("fixed").read_bytes() == Path(name).read_bytes()


@each_input
def test_the_body_is_that_of_the_command(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = copied(path, tmp_path, monkeypatch)
    status, output, errors = run("body", name)
    found = json.loads(playground.body(name, name, ""))
    assert found["text"] == output
    assert (found["refusal"] == "") == (status == 0)
    shown = lines(name, found)
    assert errors[: len(shown)] == shown


@pytest.mark.parametrize("kind", FILE_TYPES)
def test_the_type_of_a_text_without_a_name_is_found_out(kind: str, tmp_path: Path) -> None:
    text = {
        "csv": "smtp_port\n0",
        "json": '{"smtp_port": 0}',
        "jsonl": '{"smtp_port": 0}\n{}',
        "yaml": "smtp_port: 0",
    }
    path = tmp_path / "text"
    path.write_text(text[kind], encoding="utf-8")
    for name in ("", "mailboxes.txt"):
        assert json.loads(playground.check(str(path), name, ""))["summary"].endswith(f" ({kind}).")


MAILBOX: Final = {
    "smtp_email": "jared@getpiedpiper.com", "smtp_password": "not-a-real-password", "smtp_server": "smtp.server.io",
    "smtp_port": 465, "imap_email": "jared@getpiedpiper.com", "imap_password": "not-a-real-password",
    "imap_server": "imap.server.io", "imap_port": 993,
}  # fmt: skip


@pytest.mark.parametrize(
    ("content", "summary", "refusal"),
    [
        (json.dumps(MAILBOX), "No findings. Read as one mailbox (json).", ""),
        (
            json.dumps(MAILBOX | {"smtp_port": "465"}),
            "1 violation; 1 can be fixed. Read as one mailbox (json).",
            "There is none because of 1 finding.",
        ),
        (
            json.dumps(MAILBOX | {"imap_port": 465, "bcc": ""}),
            "1 violation, 1 warning. Read as one mailbox (json).",
            "There is none because of 1 finding.",
        ),
        ("{", "The file can't be read or parsed.", "There is none: the file can't be read or parsed."),
        (
            "smtp_port: 0\n---\n[",
            "8 violations; the file can't be read or parsed. Read as one mailbox (yaml).",
            "There is none: the file can't be read or parsed.",
        ),
    ],
)  # fmt: skip
def test_the_summary_counts(content: str, summary: str, refusal: str, tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_text(content, encoding="utf-8")
    assert json.loads(playground.check(str(path), "", ""))["summary"] == summary
    assert json.loads(playground.body(str(path), "", ""))["refusal"] == refusal


def test_of_each_rule_the_first_findings_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_text("\n".join(['{"smtp_port": 0}'] * 201), encoding="utf-8")
    found = json.loads(playground.check(str(path), "", ""))
    assert found["summary"].startswith("1608 violations.")
    assert len(found["findings"]) == 300
    assert found["more"] == ["302 more [email]", "704 more [not-blank]", "302 more [port]"]


def test_a_lack_of_memory_is_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> NoReturn:
        raise MemoryError

    path = tmp_path / "text"
    path.write_text("{}", encoding="utf-8")
    monkeypatch.setattr(playground, "check_file", lambda *_: map(fail, "x"))
    found = json.loads(playground.check(str(path), "", ""))
    assert [each["message"] for each in found["findings"]] == ["not enough memory"]
