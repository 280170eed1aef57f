"""``mailbox-schema body``: what was linted is what is sent; and the way back from the answer about a batch."""

import io
import json
import math
import os
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import pytest
from canaries import run as run_in_folder
from golden import VENDOR_FULL, VENDOR_REQUIRED, body, mailbox
from hypothesis import given
from hypothesis import strategies as st
from lint.command import KINDS, Run, process, write

from mailbox_schema import validate
from mailbox_schema.files import read_mailboxes
from mailbox_schema.lint import check
from mailbox_schema.lint.cli import main
from mailbox_schema.strategies import bodies, mailboxes

PORT: Final = "smtp_port must be provided and in range <1,65535> [port]"
COUNT: Final = "mailboxes must be provided and have size in range <1,200> [mailbox-count]"
REFUSED: Final = "no body is printed; use --force to print it anyway\n"
NEVER: Final = "no body is printed\n"
HEADER: Final = ",".join(mailbox())


def numbered(*numbers: int) -> list[dict[str, Any]]:
    return [mailbox(smtp_login=f"login {number}") for number in numbers]


def printed(result: tuple[int, str, str]) -> list[Any]:
    """Return the bodies that a successful run prints."""
    status, output, errors = result
    assert (status, errors) == (0, "")
    assert output.isascii()
    return [json.loads(line) for line in output.splitlines()]


def as_csv(items: list[dict[str, Any]]) -> str:
    names = list(items[0])
    return "\n".join([",".join(names), *(",".join(str(item[name]) for name in names) for item in items)])


CONTENTS: Final[dict[str, Callable[[list[dict[str, Any]]], str]]] = {
    "csv": as_csv,
    "json": json.dumps,
    "jsonl": lambda items: "\n".join(map(json.dumps, items)),
    "yaml": json.dumps,
}


# What is printed


@pytest.mark.parametrize(
    "value", [VENDOR_FULL, VENDOR_REQUIRED, body(smtp_port=465.0, footer="\u00e9\U0001f600")]
)
def test_a_body_is_printed_as_it_is(run: Run, value: Any) -> None:
    write("a.json", value)
    assert run("body", "a.json") == (0, json.dumps(value) + "\n", "")


@given(bodies())
def test_the_body_of_a_valid_file_is_the_files(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False)
    result = run_in_folder("body", "a.json", files={"a.json": text.encode("utf-8", "surrogatepass")})
    if result.status:  # a placeholder, or an address that a file can't express
        assert result.output == ""
        return
    (sent,) = printed(result)
    assert validate(sent) == []
    known = {key: sent[key] for key in ("mailboxes", "completion_notification_types") if key in value}
    assert sent == known == {key: value[key] for key in known}


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_of_files_gives_the_same_body(run: Run, kind: str) -> None:
    write(f"a.{kind}", CONTENTS[kind](numbered(1, 2)))
    assert printed(run("body", f"a.{kind}")) == [{"mailboxes": numbered(1, 2)}]


def test_text_is_the_files_character_for_character(run: Run) -> None:
    row = ",".join(map(str, mailbox(smtp_password=" 0012345 ", imap_password='"1e5, ""\u20ac\n"').values()))
    write("a.csv", f"{HEADER}\n{row}\n")
    write(
        "a.yaml",
        "".join(
            f"{name}: {json.dumps(value)}\n"
            for name, value in mailbox(smtp_password="no", smtp_port=465.0).items()
        ),
    )
    assert printed(run("body", "a.csv"))[0]["mailboxes"] == [
        mailbox(smtp_password=" 0012345 ", imap_password='1e5, "\u20ac\n')
    ]
    assert run("body", "a.yaml")[1] == json.dumps(body(smtp_password="no", smtp_port=465.0)) + "\n"


def test_mailboxes_under_a_key_are_printed(run: Run) -> None:
    write("a.yaml", json.dumps({"name": "acme", "a": {"note": 1, **body()}}))
    for at in ("a", "a.mailboxes", "/a/mailboxes/0"):
        assert printed(run("body", "--at", at, "a.yaml")) == [body()]
    write("pyproject.toml", "[tool.mailbox-schema]\nat = 'a'\n")
    assert printed(run("body", "a.yaml")) == [body()]


def test_keys_of_the_body_that_the_api_does_not_have_stay_in_the_file(run: Run) -> None:
    write(
        "a.json",
        {"$schema": "x", "api_key": "k", **body(color="blue"), "completion_notification_types": None},
    )
    assert printed(run("body", "a.json")) == [{**body(color="blue"), "completion_notification_types": None}]


# Batches


@given(st.lists(st.integers(0, 9), min_size=1, max_size=4), st.integers(1, 7), st.sampled_from(KINDS))
def test_the_batches_hold_all_mailboxes_in_order(sizes: list[int], most: int, kind: str) -> None:
    """The bodies of several files, one after another, are all of the files' mailboxes."""
    every = [numbered(*range(10 * number, 10 * number + size)) for number, size in enumerate(sizes) if size]
    files = {f"{number}.{kind}": CONTENTS[kind](items).encode() for number, items in enumerate(every)}
    if not files:
        return
    sent = printed(run_in_folder("body", "--batch", str(most), *files, files=files))
    assert [item for each in sent for item in each["mailboxes"]] == [*chain(*every)]
    assert {len(each["mailboxes"]) for each in sent[:-1]} <= {most}
    assert 1 <= len(sent[-1]["mailboxes"]) <= most


@pytest.mark.parametrize(("amount", "sizes"), [(200, [200]), (201, [200, 1]), (450, [200, 200, 50])])
@pytest.mark.parametrize("kind", KINDS)
def test_a_body_has_at_most_200_mailboxes(run: Run, kind: str, amount: int, sizes: list[int]) -> None:
    write(f"a.{kind}", CONTENTS[kind](numbered(*range(amount))))
    assert [len(each["mailboxes"]) for each in printed(run("body", f"a.{kind}"))] == sizes


def test_bodies_with_different_notification_types_are_not_mixed(run: Run) -> None:
    one, other = numbered(1), numbered(2)
    write("a.json", {"mailboxes": one, "completion_notification_types": ["MAIL"]})
    write("b.json", {"mailboxes": other, "completion_notification_types": ["MAIL"]})
    write("c.json", one)
    write("d.json", {"mailboxes": other, "completion_notification_types": []})
    assert printed(run("body", "a.json", "b.json", "c.json", "d.json")) == [
        {"mailboxes": [*one, *other], "completion_notification_types": ["MAIL"]},
        {"mailboxes": one},
        {"mailboxes": other, "completion_notification_types": []},
    ]


def test_files_are_in_the_order_of_the_arguments_and_each_once(run: Run) -> None:
    write("a.json", numbered(1))
    write("b.json", numbered(2))
    assert printed(run("body", "b.json", "a.json", "b.json")) == [{"mailboxes": numbered(2, 1)}]


@pytest.mark.parametrize("size", ["0", "201", "-1", "x", "\u0661", "1e2", "9" * 5000])
def test_a_size_out_of_range_is_wrong_usage(run: Run, size: str) -> None:
    status, output, errors = run("body", f"--batch={size}", "a.json")
    assert (status, output) == (2, "")
    assert errors.splitlines()[-1] == (
        "mailbox-schema body: error: argument --batch: expected a number from 1 to 200"
    )


# What is refused


def test_nothing_is_printed_if_there_are_errors(run: Run) -> None:
    write("a.json", body())
    write("b.json", body(smtp_port=0))
    finding = f"b.json:1:{json.dumps(body()).index('465') + 1}: error: mailbox[0].{PORT}\n"
    assert run("body", "a.json", "b.json") == (1, "", f"{finding}2 files checked: 1 violation\n{REFUSED}")
    assert run("body", "--force", "a.json", "b.json") == (
        0,
        json.dumps({"mailboxes": [mailbox(), mailbox(smtp_port=0)]}) + "\n",
        finding,
    )


def test_settings_do_not_hide_what_the_api_refuses(run: Run) -> None:
    write("a.json", body(smtp_port=0, imap_password="${IMAP}"))
    write(
        "pyproject.toml",
        "[tool.mailbox-schema]\nignore = ['all']\nallow-placeholders = true\nselect = ['email']\n",
    )
    status, output, errors = run("body", "a.json")
    assert (status, output) == (1, "")
    assert errors.splitlines()[-2:] == ["1 file checked: 2 violations", REFUSED.strip()]


def test_advice_alone_is_not_shown(run: Run) -> None:
    write("a.json", body(smtp_port=993, color="x"))
    assert printed(run("body", "a.json")) == [body(smtp_port=993, color="x")]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ('"${IMAP}"', "has a placeholder [placeholder]\n    hint: fill in the placeholder"),
        ('"x{{ imap }}"', "has a placeholder [placeholder]\n    hint: fill in the placeholder"),
        (
            '"ENC[AES256_GCM,data:x]"',
            "is encrypted or has a tag [placeholder]\n    hint: decrypt the file first",
        ),
        ("!vault x", "is encrypted or has a tag [placeholder]\n    hint: decrypt the file first"),
    ],
)
def test_a_value_to_be_filled_in_is_refused(run: Run, value: str, message: str) -> None:
    fields = "".join(f"{name}: {text}\n" for name, text in mailbox(imap_password=...).items())
    write("a.yaml", f"imap_password: {value}\n{fields}")
    finding = f"a.yaml:1:16: error: mailbox[0].imap_password {message}\n"
    assert run("body", "a.yaml") == (1, "", f"{finding}1 file checked: 1 violation\n{REFUSED}")
    status, output, errors = run("body", "--force", "a.yaml")
    assert (status, errors) == (0, finding)
    assert len(json.loads(output)["mailboxes"]) == 1


@pytest.mark.parametrize(
    ("name", "content", "finding"),
    [
        ("a.json", "[]", f"1:1: error: {COUNT}"),
        ("a.json", "3", "1:1: error: body must be an object [body-object]"),
        ("a.csv", HEADER, f"1:1: error: {COUNT}"),
        ("a.jsonl", "{}\n{", "2:2: error: mailbox[1] can't be read: not JSON: a key in double quotes was expected here [syntax]"),
        ("a.csv", f"{HEADER}\n{','.join(map(str, mailbox().values()))},x\n", "2:1: error: mailbox[0] has 9 cells, the header has 8 [ragged-row]"),
        ("a.yaml", json.dumps(body())[:-3] + ', "x": .nan}]}', "1:16: error: mailbox[0] has a value that JSON can't express [syntax]"),
        ("a.json", json.dumps(body())[:-3] + ', "x": 1e999}]}', "1:16: error: mailbox[0] has a value that JSON can't express [syntax]"),
        ("a.json", json.dumps(body())[:-1] + ', "completion_notification_types": [1e999]}', "1:1: error: the body has a value that JSON can't express [syntax]"),
    ],
)  # fmt: skip
def test_what_has_no_body_is_refused_by_force_too(run: Run, name: str, content: str, finding: str) -> None:
    write(name, content)
    for arguments in ((), ("--force",)):
        status, output, errors = run("body", *arguments, name)
        assert (status, output) == (1, "")
        assert f"{name}:{finding}\n" in errors
        assert errors.endswith(NEVER)


def test_deep_nesting_is_an_answer_and_no_traceback(run: Run) -> None:
    for depth in range(900, 1010, 2):
        write("a.json", json.dumps(body())[:-3] + f', "x": {"[" * depth}{"]" * depth}}}]}}')
        status, output, errors = run("body", "a.json")
        assert (status, output == "") in {(0, False), (1, True), (2, True)}
        assert "Traceback" not in errors


def test_a_file_that_cannot_be_read_is_reported(run: Run) -> None:
    write("a.json", body(smtp_port=0))
    write("c.zip", "")
    status, output, errors = run("body", "--force", "a.json", "b.json", "c.zip")
    assert (status, output) == (2, "")
    assert errors.splitlines()[1:] == [
        "b.json: no such file",
        "c.zip: can't tell the file type from the name: use --type",
        "1 file checked: 1 violation; 2 files can't be read or parsed",
        NEVER.strip(),
    ]
    write("a.csv", HEADER)
    assert run("body", "--at", "a", "a.csv") == (
        2,
        "",
        "a.csv: a file of the type csv has no keys: it can't be read with --at\n"
        f"1 file can't be read or parsed\n{NEVER}",
    )
    assert run("body", "--at", "a..b", "a.json") == (
        2,
        "",
        "mailbox-schema body: error: --at: expected keys, such as a.b, or a JSON Pointer, such as /a/b\n",
    )


def test_a_body_is_not_printed_to_a_terminal() -> None:
    result = run_in_folder("body", "a.json", files={"a.json": json.dumps(body()).encode()}, terminal=True)
    assert result == (
        2,
        "",
        "the body has passwords, and is not printed to a terminal: send it through a pipe\n",
    )


# Twice the same bytes


def test_standard_input_is_kept_and_a_file_is_not_read_into_memory(run: Run) -> None:
    text = json.dumps(numbered(1))
    assert printed(run("body", "-", stdin=text.encode())) == [{"mailboxes": numbered(1)}]
    write("a.json", numbered(2))
    lines = CONTENTS["jsonl"](numbered(3)).encode()
    assert printed(run("body", "--stdin-filename", "x.jsonl", "-", "a.json", stdin=lines)) == [
        {"mailboxes": numbered(3, 2)}
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_is_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "a.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(as_csv(numbered(1)),))
    writer.start()
    assert printed(process("body", str(pipe))) == [{"mailboxes": [mailbox(smtp_login="login 1")]}]
    writer.join()


def test_a_file_that_changes_in_between_is_an_error(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.jsonl", f"{json.dumps(mailbox())}\n" * 3)
    times = 0

    def open_changed(name: str, *arguments: Any, **options: Any) -> Any:
        nonlocal times
        times += 1
        if times == 2:
            Path(name).write_text(json.dumps(mailbox(smtp_port=0)), encoding="utf-8")
        return open(name, *arguments, **options)  # noqa: PTH123  # what the command calls

    monkeypatch.setattr(check, "open", open_changed, raising=False)
    assert run("body", "a.jsonl") == (2, "", "a.jsonl: has changed while it was read\n")
    assert times == 2


def test_a_long_file_takes_constant_memory(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        path = tmp_path / f"{rows}.jsonl"
        path.write_text(f"{json.dumps(mailbox())}\n" * rows, encoding="utf-8")
        with Path(os.devnull).open("w", encoding="utf-8") as nothing, patch("sys.stdout", nothing):
            tracemalloc.start()
            assert main(["body", str(path)]) == 0
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return most

    peak(201)  # loads modules
    assert peak(4000) < 1.2 * peak(1000)


def test_the_reader_may_go_away(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(f"{json.dumps(mailbox())}\n" * 5000, encoding="utf-8")
    command = [sys.executable, "-m", "mailbox_schema", "body", "a.jsonl"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:  # noqa: S603  # our own command
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.read(10)
        child.stdout.close()
        assert (child.stderr.read(), child.wait()) == (b"", 2)


# The way back


def test_a_file_for_several_bodies_is_a_violation_for_check_alone(run: Run) -> None:
    """Contract: `mailboxes` over 200 items. `check` takes a file for one request, `body` cuts it into several."""
    rows = [mailbox(smtp_email=f"jared{number}@getpiedpiper.com").values() for number in range(450)]
    write("a.csv", "\n".join([HEADER, *(",".join(map(str, row)) for row in rows)]))
    hint = "    hint: split it into several requests\n"
    assert run("check", "a.csv") == (1, f"a.csv:1:1: error: {COUNT}\n{hint}", "1 file checked: 1 violation\n")
    assert run("check", "--ignore", "mailbox-count", "a.csv") == (0, "", "1 file checked: no findings\n")
    status, output, errors = run("body", "a.csv")
    assert (status, errors) == (0, "")
    assert [len(json.loads(line)["mailboxes"]) for line in output.splitlines()] == [200, 200, 50]
    write("empty.csv", f"{HEADER}\n")
    assert run("check", "--ignore", "mailbox-count", "empty.csv") == (0, "", "1 file checked: no findings\n")
    assert run("body", "empty.csv")[:2] == (1, "")


def test_an_answer_about_a_batch_is_located_in_the_files(run: Run) -> None:
    rows = as_csv(numbered(*range(450))).replace("465", "0")
    write("a.csv", rows)
    write("b.json", json.dumps([mailbox(), mailbox(smtp_port=0)]))
    line = "mailbox[49].smtp_port must be provided and in range <1,65535>"
    write(
        "answer.json",
        {"details": [line, "mailbox[50].imap_server is not reachable", "mailbox[52].bcc is odd"]},
    )
    arguments = ("check", "--response", "answer.json", "--batch-number", "3", "a.csv", "b.json")
    column = rows.splitlines()[451 - 1].index(",0,") + 2
    server = json.dumps([mailbox()]).index('"imap.server.io"') + 1
    assert run(*arguments) == (
        1,
        f"a.csv:402:1: error: mailbox[52].bcc is (not shown) [response]\n"
        "    hint: there are only 52 mailboxes: is it the right file or batch?\n"
        f"a.csv:451:{column}: error: {line} [port]\n"
        f"b.json:1:{server}: error: mailbox[50].imap_server is not reachable [response]\n"
        "    hint: only the API found this\n",
        "3 lines in the answer: 1 also found here, 2 found only by the API; 50 found only here\n"
        "2 files checked: 3 violations\n",
    )
    assert run(*arguments[:4], "4", *arguments[5:]) == (
        2,
        "",
        "mailbox-schema check: error: --batch-number: the last body is number 3\n",
    )


@pytest.mark.parametrize("number", ["0", "-1", "x", "\u0661"])
def test_a_batch_has_a_number_from_1(run: Run, number: str) -> None:
    write("a.json", body())
    status, output, errors = run("check", "--response", "a.json", f"--batch-number={number}", "a.json")
    assert (status, output) == (2, "")
    assert errors.splitlines()[-1] == (
        "mailbox-schema check: error: argument --batch-number: expected a number from 1"
    )


@given(st.integers(1, 12), st.integers(1, 5), st.data())
def test_every_line_about_a_batch_is_located_at_its_row(amount: int, size: int, data: st.DataObject) -> None:
    """The K-th body that is printed is the K-th batch, for every type of files."""
    kind = data.draw(st.sampled_from(KINDS))
    files = {f"a.{kind}": CONTENTS[kind](numbered(*range(amount))).encode()}
    sent = printed(run_in_folder("body", "--batch", str(size), *files, files=files))
    number = data.draw(st.integers(1, math.ceil(amount / size)))
    index = data.draw(st.integers(0, len(sent[number - 1]["mailboxes"]) - 1))
    reads = list(read_mailboxes(io.BytesIO(files[f"a.{kind}"]), kind))
    line, column = reads[(number - 1) * size + index].position("bcc")
    files["answer"] = json.dumps({"details": [f"mailbox[{index}].bcc is blocked"]}).encode()
    arguments = ("--batch", str(size), "--batch-number", str(number), f"a.{kind}")
    result = run_in_folder("check", "-q", "--response", "answer", *arguments, files=files)
    assert (
        result.output.splitlines()[0]
        == f"a.{kind}:{line}:{column}: error: mailbox[{index}].bcc is blocked [response]"
    )


def test_a_line_about_the_body_is_located(run: Run) -> None:
    types = '"completion_notification_types": ["x"]'
    write("a.json", f"{{{types}, {json.dumps(body())[1:]}")
    write(
        "answer.json",
        {
            "details": [
                "completion_notification_types if provided must contain only MAIL and IN_APP",
                "mailboxes are too many",
            ]
        },
    )
    _, output, _ = run("check", "-q", "--response", "answer.json", "--batch-number", "1", "a.json")
    assert [line.partition(" ")[0] for line in output.splitlines() if "hint" not in line] == [
        "a.json:1:35:",
        f"a.json:1:{len(types) + 18}:",
    ]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--batch-number", "1", "a.json"), "check: error: --batch-number requires --response"),
        (
            ("--response", "answer.json", "a.json", "b.json"),
            "check: error: --response requires exactly one FILE, or --batch-number",
        ),
        (
            ("--response", "-", "--batch-number", "1", "a.json", "-"),
            "check: error: standard input can't be both the answer and the file",
        ),
    ],
)
def test_options_that_do_not_fit_are_wrong_usage(
    run: Run, arguments: tuple[str, ...], complaint: str
) -> None:
    assert run("check", *arguments) == (2, "", f"mailbox-schema {complaint}\n")


def test_a_file_that_has_no_batch_is_reported(run: Run) -> None:
    write("answer.json", {"details": []})
    write("a.jsonl", "{}\n{")
    arguments = ("check", "--response", "answer.json", "--batch-number", "1")
    reason = "mailbox[1] can't be read: not JSON: a key in double quotes was expected here"
    assert run(*arguments, "a.jsonl") == (2, "", f"a.jsonl:2:2: {reason}\n")
    assert run(*arguments, "b.json") == (2, "", "b.json: no such file\n")


@given(mailboxes())
def test_a_valid_mailbox_is_printed_without_a_word(value: Any) -> None:
    result = run_in_folder("body", "-", stdin=json.dumps([value]).encode())
    assert result.status == 0 or "[placeholder]" in result.errors
