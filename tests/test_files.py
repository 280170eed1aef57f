"""``read_mailboxes``: the mailboxes of files, each with the place of its values."""

import copy
import csv
import io
import json
import os
import pickle
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, Final

import pytest
from canaries import planted_files
from golden import body, mailbox
from hypothesis import given
from lint.command import check_files, folder

from mailbox_schema import iter_mailbox_violations
from mailbox_schema.files import ReadMailbox, UnreadableFile, read_mailboxes
from mailbox_schema.lint.sources import json as json_source

ROOT: Final = Path(__file__).parent.parent
EXAMPLES: Final = ROOT / "docs/examples"
LABELS: Final = (
    "SMTP email,SMTP password,SMTP server,SMTP port,IMAP email,IMAP password,IMAP server,IMAP port"
)
ROW: Final = ",".join(map(str, mailbox().values()))
BROKEN: Final = mailbox(smtp_port="465")
KEY_EXPECTED: Final = "can't be read: not JSON: a key in double quotes was expected here"
VALUE_EXPECTED: Final = "can't be read: not JSON: a value was expected here"


def stream(content: object) -> io.BytesIO:
    return io.BytesIO((content if isinstance(content, str) else json.dumps(content)).encode())


def told(reads: Iterator[ReadMailbox]) -> tuple[list[int], str]:
    """Return the indices of the mailboxes that are read, and the error that ends them."""
    indices: list[int] = []
    with pytest.raises(UnreadableFile) as raised:
        indices.extend(read.index for read in reads)
    return indices, str(raised.value)


@pytest.mark.parametrize(
    ("kind", "text", "place"),
    [
        ("csv", f"{LABELS}\n{ROW}\n{ROW.replace('465', 'SSL')}\n", (3, ROW.index("465") + 1)),
        ("json", json.dumps([mailbox(), BROKEN], indent=1), (16, 16)),
        ("json", json.dumps({"mailboxes": [mailbox(), BROKEN]}, indent=1), (17, 17)),
        ("jsonl", f"{json.dumps(mailbox())}\n{json.dumps(BROKEN)}", (2, json.dumps(BROKEN).index("465"))),
        ("yaml", f"- {json.dumps(mailbox())}\n- smtp_port: SSL\n", (2, 14)),
        ("yaml", f"{json.dumps(mailbox())}\n---\nsmtp_port: SSL\n", (3, 12)),
    ],
)
def test_a_value_has_its_place_in_every_type_of_files(kind: str, text: str, place: tuple[int, int]) -> None:
    first, second = read_mailboxes(stream(text), kind)
    assert (first.mailbox, first.index, second.index) == (mailbox(), 0, 1)
    assert second.position("smtp_port") == place
    assert second.place("smtp_port") == "<stream>:{}:{}".format(*place)


def test_a_field_that_is_absent_is_where_its_mailbox_is() -> None:
    (read,) = read_mailboxes(stream('\n [{"smtp_port": 465}]'), "json")
    assert read.position() == read.position("imap_port") == (2, 3)
    (read,) = read_mailboxes(stream(f"{LABELS}\n\n{ROW}"), "csv")
    assert read.position() == read.position("bcc") == (3, 1)


@pytest.mark.parametrize("as_path", [str, Path])
def test_a_path_tells_the_type_and_is_the_name(as_path: Any, tmp_path: Path) -> None:
    path = tmp_path / "mailboxes.yml"
    path.write_text("a: {b: [{smtp_port: 465}]}", encoding="utf-8")
    (read,) = read_mailboxes(as_path(path), at="a.b")
    assert (read.file, read.mailbox) == (str(path), {"smtp_port": 465})
    with path.open("rb") as file:
        (read,) = read_mailboxes(file, at="/a/b/0")
        assert (read.file, read.place()) == (str(path), f"{path}:1:9")
        assert not file.closed


def test_a_file_is_closed_at_the_end(tmp_path: Path) -> None:
    """Warnings, also that of a file that nobody closed, are errors in the tests."""
    path = tmp_path / "a.jsonl"
    path.write_text("{}\n{}\n", encoding="utf-8")
    reads = read_mailboxes(path)
    assert next(reads).mailbox == {}
    del reads


def test_a_file_may_be_named_like_the_commands_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("-").write_text("[{}]", encoding="utf-8")
    (read,) = read_mailboxes("-", "json")
    assert (read.file, read.place()) == ("-", "-:1:2")


def test_what_is_read_shows_no_value() -> None:
    (read,) = read_mailboxes(stream([mailbox()]), "json")
    assert repr(read) == "ReadMailbox(file='<stream>', index=0)"


@pytest.mark.parametrize(
    ("content", "kind", "expected"),
    [
        ("[", "json", ([], "<stream>:1:2: not JSON: a value was expected here")),
        ("", "csv", ([], "<stream>: empty")),
        ("{}\n{\n", "jsonl", ([0], "<stream>:2:2: mailbox[1] can't be read: not JSON: a key in double quotes was expected here")),
        ("smtp_port,imap_port\n1,2\n1,2,3\n", "csv", ([0], "<stream>:3:1: mailbox[1] has 3 cells, the header has 2")),
        ("3", "json", ([], "<stream>:1:1: body must be an object")),
        ("a: 1", "yaml", ([], "<stream>:1:1: mailboxes must be provided and have size in range <1,200>")),
        ({"mailboxes": {}}, "json", ([], "<stream>:1:15: mailboxes must be provided and have size in range <1,200>")),
        (ROW, "csv at a", ([], "<stream>: a file of the type csv has no keys: it can't be read with `at`")),
        ("{}", "zip", None),
        ("{}", None, ([], "<stream>: can't tell the file type from the name: pass `kind`")),
    ],
)  # fmt: skip
def test_what_cannot_be_read_ends_the_mailboxes(
    content: object, kind: str | None, expected: tuple[list[int], str] | None
) -> None:
    if expected is None:
        with pytest.raises(ValueError, match=r"^kind must be one of csv, json, jsonl, yaml$"):
            read_mailboxes(stream(content), kind)
        return
    kind, _, at = (kind or "").partition(" at ")
    assert told(read_mailboxes(stream(content), kind or None, at)) == expected


@pytest.mark.parametrize(
    ("content", "kind", "expected"),
    [
        ("{\n{}\n\n[\n{}\n", "jsonl", [f"1:2: mailbox[0] {KEY_EXPECTED}", 1, f"4:2: mailbox[2] {VALUE_EXPECTED}", 3]),
        ("smtp_port,imap_port\n1,2\n1,2,3\n\n4,5\n6\n", "csv", [0, "3:1: mailbox[1] has 3 cells, the header has 2", 2, "6:1: mailbox[3] has 1 cell, the header has 2"]),
        ("[{}, 3]", "json", [0, 1]),
        ('smtp_port,imap_port\n1\n1,2\n"', "csv", ["2:1: mailbox[0] has 1 cell, the header has 2", 1, "4:1: not CSV: a quote is not closed"]),
    ],
)  # fmt: skip
def test_a_mailbox_that_cannot_be_read_can_be_skipped(
    content: str, kind: str, expected: list[object]
) -> None:
    """As the command does; an error about the whole file still ends the mailboxes."""
    found: list[object] = []

    def skip(error: UnreadableFile) -> None:
        found.append(str(error).removeprefix("<stream>:"))

    try:
        found.extend(read.index for read in read_mailboxes(stream(content), kind, on_unreadable=skip))
    except UnreadableFile as error:
        skip(error)
    assert found == expected


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing.json", "no such file"),
        ("folder.json", "is a folder, not a file"),
        ("a\0.json", "no such file"),
    ],
)
def test_a_file_that_cannot_be_opened_is_unreadable(name: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    path = os.fspath(tmp_path / name)
    assert told(read_mailboxes(path)) == ([], f"{path}: {reason}")


def test_wrong_arguments_are_errors_at_once() -> None:
    with pytest.raises(TypeError, match=r"^expected a binary stream: open the file with the mode 'rb'$"):
        read_mailboxes(io.StringIO("{}"), "json")  # type: ignore[arg-type]  # what a type checker reports
    for wrong, name in ((5, "int"), (None, "NoneType"), (b"a.json", "bytes")):
        with pytest.raises(TypeError, match=f"^expected a path or a binary stream, got {name}$"):
            read_mailboxes(wrong, "json")  # type: ignore[arg-type]  # as above
    with pytest.raises(ValueError, match=r"^expected keys, such as a\.b, or a JSON Pointer, such as /a/b$"):
        read_mailboxes(stream("{}"), "json", "a..b")


def test_no_mailboxes_are_no_error() -> None:
    assert list(read_mailboxes(stream("[]"), "json")) == []
    assert list(read_mailboxes(stream(LABELS), "csv")) == []


def test_an_error_has_its_parts_and_can_be_copied() -> None:
    error = UnreadableFile("a.json", "empty")
    assert (error.file, error.reason, error.position, str(error)) == (
        "a.json",
        "empty",
        None,
        "a.json: empty",
    )
    for each in (copy.copy(error), pickle.loads(pickle.dumps(error))):  # noqa: S301  # made here
        assert (type(each), str(each)) == (UnreadableFile, "a.json: empty")


@given(planted_files())
def test_the_places_are_those_of_the_command(planted: Any) -> None:
    """docs/files.md: "the same types of files as the command, in the same way"."""
    with folder() as put:
        name = put(planted.kind, planted.data)
        _, output, _ = check_files("--format", "json", "--select", "contract", name)
        found = [
            (finding["line"], finding["column"], finding["message"].partition(".")[2])
            for finding in json.loads(output)
            if finding["index"] is not None
        ]
        placed: list[tuple[int, int, str]] = []
        try:
            for read in read_mailboxes(name):
                placed += sorted(
                    (*read.position(violation.field), str(violation).partition(".")[2])
                    for violation in iter_mailbox_violations(read.mailbox)
                )
        except UnreadableFile:
            assert set(placed) <= set(found)
        else:
            assert sorted(placed) == sorted(found)


@pytest.mark.parametrize(
    ("kind", "head", "row"), [("csv", LABELS, ROW), ("jsonl", "", json.dumps(mailbox()))]
)
def test_long_files_take_constant_memory(kind: str, head: str, row: str, tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        path = tmp_path / f"{rows}.{kind}"
        path.write_text("\n".join([head, *[row] * rows]), encoding="utf-8")
        tracemalloc.start()
        assert sum(1 for _ in read_mailboxes(path)) == rows
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(201)  # loads modules
    assert peak(4000) < 1.2 * peak(1000)


def test_the_places_of_a_body_are_found_with_and_without_the_list_around_it() -> None:
    whole, part = stream(body()), stream(body()["mailboxes"])
    (one,), (other,) = read_mailboxes(whole, "json"), read_mailboxes(part, "json")
    assert one.mailbox == other.mailbox
    assert one.position()[1] - other.position()[1] == len('{"mailboxes": ')


# Threads


def in_a_thread(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


@pytest.mark.parametrize("has_duplicate", [True, False])
def test_a_duplicate_key_belongs_to_the_file_of_its_thread(has_duplicate: bool) -> None:
    """While one thread parses JSON, another one parses a whole file."""
    single, double = b'[{"smtp_port": 1}]', b'[{"smtp_port": 1, "smtp_port": 1}]'
    mine, others = (double, single) if has_duplicate else (single, double)
    remarks: list[int] = []

    def parse_others(frame: FrameType, event: str, _: object) -> None:
        if (event, frame.f_code.co_name, remarks) == ("return", "_to_object", []):
            remarks.append(-1)
            in_a_thread(lambda: remarks.append(remarks_of(others))).join()

    sys.setprofile(parse_others)
    try:
        remarks.append(remarks_of(mine))
    finally:
        sys.setprofile(None)
    assert remarks == [-1, not has_duplicate, has_duplicate]


def remarks_of(content: bytes) -> int:
    (document,) = json_source.documents(io.BytesIO(content))
    return len(list(document.remarks()))


class Awaiting(io.BytesIO):
    """A stream that calls a function when its last line is read."""

    def __init__(self, content: bytes, call: Callable[[], object]) -> None:
        super().__init__(content)
        self._call = call
        self._last = content.count(b"\n")

    def readline(self, size: int | None = -1, /) -> bytes:
        self._last -= 1
        if self._last == 0:
            self._call()
        return super().readline(size)


def test_a_large_cell_is_read_while_another_thread_ends_its_file() -> None:
    """The limit of the standard parser is global: the end of one file must not bring it back for the other."""
    before = csv.field_size_limit()
    header, large = ",".join(mailbox()), mailbox(smtp_password="x" * (before + 1))
    rows = [ROW] * 30
    text = "\n".join([header, *rows, ",".join(map(str, large.values())), ""]).encode()
    has_begun, may_end = threading.Event(), threading.Event()
    read: list[int] = []

    def end_the_other() -> None:
        may_end.set()
        other.join()

    def await_the_end() -> None:
        has_begun.set()
        may_end.wait(timeout=60)

    other = in_a_thread(lambda: read.append(len(list(read_mailboxes(Awaiting(text, await_the_end), "csv")))))
    assert has_begun.wait(timeout=60)
    read.append(len(list(read_mailboxes(Awaiting(text, end_the_other), "csv"))))
    assert read == [31, 31]
    assert csv.field_size_limit() == before
