"""What bad input gets: one line on standard error, exit status 2, the other files checked; never a secret."""

import contextlib
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from golden import mailbox
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbox_schema.lint import checking, config, sources
from mailbox_schema.lint.cli import main
from mailbox_schema.lint.config import config_for as real_config_for
from mailbox_schema.lint.reports import FORMATS
from mailbox_schema.lint.sources import jsonl as jsonl_source

HEADER: Final = (
    b"smtp_email,smtp_password,smtp_server,smtp_port,imap_email,imap_password,imap_server,imap_port\n"
)
FOUND_IN_OTHER: Final = "z.json:1:1: body must be an object [body-object]\n"
NO_COLUMN: Final = "1:1: no column of its first line is a field"


def checked(*arguments: str) -> tuple[int, str, str]:
    output, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        status = main(["check", *arguments])
    return status, output.getvalue(), errors.getvalue()


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("z.json").write_text('"text"', encoding="utf-8")


def refused(name: str, complaint: str) -> None:
    """Assert that the file gets this line, and that the other file is checked all the same."""
    for order in ([name, "z.json"], ["z.json", name]):
        assert checked(*order) == (
            2,
            FOUND_IN_OTHER,
            f"{name}{complaint}\n1 file checked: 1 violation; 1 file can't be read or parsed\n",
        )


LEVELS: Final = 100_000


# For every type, by its ending: the file, and what stands behind its name in the line. A broken line of a
# JSON Lines file is a finding, and has its own table below.
REFUSED: Final[dict[str, list[tuple[bytes, str]]]] = {
    "json": [
        (b"", ": empty"),
        (b"\xef\xbb\xbf", ": empty"),
        (b" \n\r\n\t", ": empty"),
        (b"\xef\xbb\xbf\xef\xbb\xbf{}", ":1:1: not JSON: a second byte order mark"),
        (b'{"a":\n "\xe4"}', ":2:3: not UTF-8"),
        ('{"\u00e4\U0001f600": "'.encode() + b'\xff"}', ":1:9: not UTF-8"),
        (b'"\xed\xa0\x80"', ":1:2: not UTF-8"),
        ("{}".encode("utf-16"), ":1:1: not UTF-8 but UTF-16"),
        (b"\xfe\xff" + "{}".encode("utf-16-be"), ":1:1: not UTF-8 but UTF-16"),
        ("{}".encode("utf-16-le"), ":1:2: a NUL character"),
        (b'{"a":\r\n\r\n "x\0y"}', ":3:4: a NUL character"),
        (b'\n{"mailboxes": [{"smtp_password": "abc', ":2:34: not JSON: unterminated string starting"),
        (b'{"mailboxes": [{"smtp_port": 465', ":1:33: not JSON: expecting ',' delimiter"),
        (b'{"mailboxes": [{"smtp_port": ', ":1:30: not JSON: expecting value"),
        (b'{"mailboxes": [', ":1:16: not JSON: expecting value"),
        (b"[" * LEVELS, ": nested too deeply"),
        (b"[" * LEVELS + b"]" * LEVELS, ": nested too deeply"),
        (b'{"a":' * LEVELS + b"1" + b"}" * LEVELS, ": nested too deeply"),
        (b"// only\n// comments\n", ":1:1: not JSON: JSON has no comments"),
        (b"# only a comment\n", ":1:1: not JSON: JSON has no comments"),
    ],
    "yaml": [
        (b"", ": empty"),
        (b"\xef\xbb\xbf", ": empty"),
        (b"# only\n\n  # comments\n", ": empty"),
        (b"---\n# c\n---\n~\n...\n", ": empty"),
        (b"a:\n  - \xe4\n", ":2:5: not UTF-8"),
        ("a: 1\n".encode("utf-16"), ":1:1: not UTF-8 but UTF-16"),
        ("a: 1\n".encode("utf-16-le"), ":1:2: a NUL character"),
        (b"a: 1\nb: x\0y\n", ":2:5: a NUL character"),
        (b"a: 1\nb: x\x07y\n", ":2:5: not YAML: control characters are not allowed"),
        (
            b'mailboxes: [{smtp_port: 1, smtp_password: "abc',
            ":1:43: not YAML: found unexpected end of stream",
        ),
        (b"mailboxes: [{smtp_port: 1", ":1:26: not YAML: did not find expected ',' or '}'"),
        (b"mailboxes:\n\t- smtp_port: 1\n", ":2:1: not YAML: found character that cannot start any token"),
        (
            b"mailboxes:\n- smtp_port: 1\n\timap_port: 1\n",
            ":3:1: not YAML: found a tab character that violates indentation",
        ),
        (b"[" * LEVELS, ":1:102: nested too deeply"),
        (b"[" * LEVELS + b"]" * LEVELS, ":1:102: nested too deeply"),
        (b'{"a":' * LEVELS, ":1:506: nested too deeply"),
        (b"- " * LEVELS, ":1:203: nested too deeply"),
        (b"a: &a [*a]\n", ":1:8: an alias stands within what it refers to"),
        (b"a: &a\n  b: {c: *a}\n", ":2:10: an alias stands within what it refers to"),
        (b"a: 1\n# c\nb: *c\n", ":3:4: an alias has no anchor before it"),
        (b"a: &a 1\n---\nb: *a\n", ":3:4: an alias has no anchor before it"),
        (b"smtp_port: {{ port }}\n", ":1:12: a placeholder such as `{{ name }}` has to stand in quotes"),
        (b"? [a, b]\n: 1\n", ":1:3: a key has to be text"),
        (b"<<: text\n", ":1:5: a merge key takes a mapping, or a list of them"),
        (b"a: @b\n", ":1:4: not YAML: found character that cannot start any token"),
        (b"a: 1: 2\n", ":1:5: not YAML: mapping values are not allowed in this context"),
    ],
    "csv": [
        (b"", ": empty"),
        (b"\xef\xbb\xbf", ": empty"),
        (b"\n \n", ": empty"),
        (HEADER + b"jared@getpiedpiper.com,\xe4\n", ":2:24: not UTF-8"),
        (HEADER.decode().encode("utf-16"), ":1:1: not UTF-8 but UTF-16"),
        (HEADER.decode().encode("utf-16-le"), ":1:2: a NUL character"),
        (HEADER + b"a\0b\n", ":2:2: a NUL character"),
        (HEADER + b'a,"b\nc,d\n\n', ":2:1: not CSV: a quote that is not closed"),
        (HEADER + b'a,b\n"c\nd"e,f\n', ":3:1: not CSV: a quote within a cell"),
        (b'"smtp_email,smtp_port\n', ":1:1: not CSV: a quote that is not closed"),
        (b"# only a comment\n", f":{NO_COLUMN}"),
        (b"[" * LEVELS, f":{NO_COLUMN}"),
        (b"jared@getpiedpiper.com,not-a-real-password\n", f":{NO_COLUMN}"),
    ],
    "jsonl": [
        (b"", ": empty"),
        (b"\xef\xbb\xbf", ": empty"),
        (b"\n \n\r\n", ": empty"),
    ],
}


@pytest.mark.parametrize(
    ("ending", "data", "complaint"), [(ending, *row) for ending, rows in REFUSED.items() for row in rows]
)
def test_a_file_that_can_not_be_parsed(ending: str, data: bytes, complaint: str) -> None:
    Path(f"a.{ending}").write_bytes(data)
    refused(f"a.{ending}", complaint)


@pytest.mark.parametrize("complete", [True, False])
def test_nesting_close_to_the_limit_is_read_or_refused(complete: bool) -> None:
    for depth in [*range(94, 105), *range(900, 1010, 3)]:
        closing = "]" * depth if complete else ""
        text = '{"mailboxes": [{"footer": ' + "[" * depth + closing + ', "smtp_port": 0}]}'
        for name in ("a.json", "a.yaml", "a.jsonl"):
            Path(name).write_text(text, encoding="utf-8")
            assert checked(name)[0] in {1, 2}


@pytest.mark.parametrize(
    ("line", "place", "reason"),
    [
        (b'{"a": "\xe4"}', "2:8", "not UTF-8"),
        (b'{"a": "\0"}', "2:8", "a NUL character"),
        (b'{"smtp_port" 46}', "2:14", "not JSON: expecting ':' delimiter"),
        (b"[" * LEVELS, "2:1", "nested too deeply"),
        (b'{"a":' * LEVELS, "2:1", "nested too deeply"),
        (b"# a comment", "2:1", "not JSON: JSON has no comments"),
        (b'{"a": ' + b"9" * 5000 + b"}", "2:7", "a number of more than 4300 digits"),
        (b'{"a": -Infinity}', "2:7", "not JSON: NaN and Infinity are no numbers"),
    ],
)
def test_a_broken_line_is_a_finding_and_the_rest_goes_on(line: bytes, place: str, reason: str) -> None:
    good = json.dumps(mailbox()).encode()
    Path("a.jsonl").write_bytes(good + b"\n" + line + b"\n[]\n" + good)
    assert checked("a.jsonl") == (
        1,
        f"a.jsonl:{place}: mailbox[1] can't be read: {reason} [syntax]\n"
        "a.jsonl:3:1: mailbox[2] must be an object [mailbox-object]\n"
        "    hint: write the mailbox alone, without brackets\n",
        "1 file checked: 2 violations\n",
    )


# Alias bombs


def test_a_billion_laughs() -> None:
    lines = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    Path("a.yaml").write_text("\n".join(lines), encoding="utf-8")
    # *a4 is 111,111 values, and the ones before it have cost 123,420: the eighth of them is one too many.
    refused("a.yaml", f":6:{1 + len('a5: &a5 [' + '*a4, ' * 7)}: its aliases stand for too many values")


def test_a_billion_laughs_by_merges() -> None:
    lines = ["a0: &a0 {k0: 1, l0: 2}"]
    lines += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}], k{n}: 1}}" for n in range(1, 30)]
    Path("a.yaml").write_text("\n".join(lines), encoding="utf-8")
    status, output, errors = checked("a.yaml", "z.json")
    assert (status, output) == (2, FOUND_IN_OTHER)
    assert ": its aliases stand for too many values\n" in errors


def test_aliases_that_are_no_bomb() -> None:
    shared = "x-shared: &s {smtp_server: s, smtp_port: 0, imap_server: i, imap_port: 993}\nmailboxes:\n"
    Path("a.yaml").write_text(shared + "- *s\n" * 200, encoding="utf-8")
    status, _, errors = checked("a.yaml")
    # Each lacks its addresses and passwords, and shares the port.
    assert (status, errors) == (1, "1 file checked: 1000 violations\n")


# Files that can't be read


def test_a_file_over_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = 1024 * 1024
    monkeypatch.setattr(sources, "LARGEST_SOURCE", limit)
    for ending, start in (("json", b'"'), ("yaml", b'"'), ("csv", HEADER)):
        Path(f"a.{ending}").write_bytes(start + b"x" * limit)
        refused(f"a.{ending}", ": larger than 1 MB")
        Path(f"a.{ending}").unlink()


def test_a_line_over_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = 1024 * 1024
    monkeypatch.setattr(jsonl_source, "_LONGEST_LINE", limit)
    Path("a.jsonl").write_bytes(json.dumps(mailbox()).encode() + b"\n\n" + b"x" * (limit + 1))
    refused("a.jsonl", ":3:1: a line of more than 1 MB")


@pytest.mark.parametrize(
    ("ending", "complaint"),
    [
        ("json", ": larger than 64 MB"),
        ("yaml", ": larger than 64 MB"),
        ("csv", ": larger than 64 MB"),
        ("jsonl", ":1:1: a line of more than 16 MB"),
    ],
)
def test_a_file_of_200_mb_of_one_line(ending: str, complaint: str) -> None:
    with Path(f"a.{ending}").open("wb") as file:
        file.truncate(200 * 1024 * 1024)  # takes no room on the disk
    refused(f"a.{ending}", complaint)


ENDINGS: Final = pytest.mark.parametrize("ending", ["json", "yaml", "yml", "csv", "tsv", "jsonl", "ndjson"])


@ENDINGS
def test_a_loop_of_symbolic_links(ending: str) -> None:
    Path(f"a.{ending}").symlink_to(f"b.{ending}")
    Path(f"b.{ending}").symlink_to(f"a.{ending}")
    refused(f"a.{ending}", ": can't be read: Too many levels of symbolic links")


@ENDINGS
def test_a_file_that_is_not_there(ending: str) -> None:
    refused(f"a.{ending}", ": no such file")


@ENDINGS
def test_a_link_to_what_is_not_there(ending: str) -> None:
    Path(f"a.{ending}").symlink_to("nowhere")
    refused(f"a.{ending}", ": no such file")


@ENDINGS
def test_a_folder(ending: str) -> None:
    Path(f"a.{ending}").mkdir()
    refused(f"a.{ending}", ": is a folder, not a file")


@ENDINGS
def test_a_file_that_vanishes_before_it_is_opened(ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"a.{ending}"

    def config_for(file: str) -> Any:
        Path(name).unlink(missing_ok=True)  # it was there when the run began
        return real_config_for(file)

    monkeypatch.setattr(config, "config_for", config_for)
    Path(name).write_text("{}", encoding="utf-8")
    refused(name, ": no such file")


def test_a_name_that_tells_no_type() -> None:
    Path("a.txt").write_text("{}", encoding="utf-8")
    refused("a.txt", ": its name does not tell its type: use --type")


# Nothing makes it raise


def kinds() -> list[str]:
    return sorted({"json", "yaml", "csv", "jsonl"})


@contextlib.contextmanager
def folder() -> Iterator[Callable[[str, bytes], str]]:
    """A folder for one example of a property; the fixture's is for the whole test."""
    with tempfile.TemporaryDirectory() as name:

        def write(ending: str, data: bytes) -> str:
            path = os.path.join(name, f"a.{ending}")  # noqa: PTH118  # main takes text
            Path(path).write_bytes(data)
            return path

        yield write


TOKENS: Final = [
    *(
        "{",
        "}",
        "[",
        "]",
        ":",
        ": ",
        ",",
        ", ",
        "- ",
        "? ",
        "\n",
        "\r\n",
        "\n  ",
        "\t",
        '"',
        "'",
        "|",
        ">-",
        "#",
    ),
    *(
        " #",
        "&a ",
        "*a",
        "*a ",
        "<<: ",
        "!!int ",
        "!x ",
        "---\n",
        "...\n",
        "%YAML 1.2\n",
        "~",
        "1",
        "null",
        "\\",
    ),
    *(
        "mailboxes",
        '"mailboxes": ',
        "smtp_port",
        '"smtp_port": ',
        "smtp_email,smtp_port\n",
        "\ufeff",
        "\u2028",
    ),
    *("\u00e4", "\U0001f600", "\0", "\x85", "{{ x }}", "${X}", "NaN", "1e999", "0o7", ".inf", "=", "!"),
]


@given(st.sampled_from(kinds()), st.lists(st.sampled_from(TOKENS), max_size=30))
def test_text_of_any_kind_gets_an_answer(kind: str, tokens: list[str]) -> None:
    with folder() as write:
        status, _, errors = checked("--extend-select", "all", write(kind, "".join(tokens).encode()))
    assert status in {0, 1, 2}
    assert len(errors.splitlines()) == (2 if status == 2 else 1)


@given(st.sampled_from(kinds()), st.binary(max_size=60))
def test_bytes_of_any_kind_get_an_answer(kind: str, data: bytes) -> None:
    with folder() as write:
        status, _, errors = checked("--extend-select", "all", write(kind, data))
    assert status in {0, 1, 2}
    assert len(errors.splitlines()) == (2 if status == 2 else 1)


# No secret is ever shown

CORE: Final = st.text("bfgjkqvwxzBFGJKQVWXZ23456789", min_size=3, max_size=8).map("zq9Zekrit{}".format)
AROUND: Final = st.text(" :#,;'\"{}[]&*!|>%@`?-=\\/\u00e4\U0001f600", max_size=3)


def texts(secret: tuple[str, str, str], **others: object) -> dict[str, list[bytes]]:
    """Return files of every type that hold the secret, well written and as people write them."""
    whole = {**others, **dict.fromkeys(("smtp_login", "smtp_password", "imap_password"), "".join(secret))}
    as_json = json.dumps({"mailboxes": [whole, whole]}, ensure_ascii=False)
    names = list(whole)
    cells = [str(value).replace('"', '""') for value in whole.values()]
    return {
        "json": [as_json.encode(), json.dumps([whole], indent=2).encode()],
        "yaml": [
            as_json.encode(),
            "mailboxes:\n- {}\n".format(
                "\n  ".join(f"{name}: {json.dumps(value)}" for name, value in whole.items())
            ).encode(),
            "\n".join(f"{name}: {value}" for name, value in whole.items()).encode(),
            "\n".join(f"{name}: |\n  {value}" for name, value in whole.items()).encode(),
            "\n".join(f"{name}:\n- &{value}\n- *{value}" for name, value in whole.items()).encode(),
            "\n".join(f"{name}: !{value} x" for name, value in whole.items()).encode(),
        ],
        "csv": [
            "{}\n{}\n".format(",".join(names), ",".join(f'"{cell}"' for cell in cells)).encode(),
            "{}\r\n{}\r\n".format(";".join(names), ";".join(map(str, whole.values()))).encode(),
            "{}\n".format("\t".join(map(str, whole.values()))).encode(),  # the header is forgotten
            "{}\nsmtp_email\n".format(",".join([*map(str, whole.values()), "smtp_email"])).encode(),
        ],
        "jsonl": [
            json.dumps(whole).encode() + b"\n" + json.dumps(whole, ensure_ascii=False).encode(),
            as_json.encode(),
        ],
    }


def shows_nothing_of(core: str, kind: str, data: bytes, *, every_format: bool = True) -> None:
    with folder() as write:
        name = write(kind, data)
        for form in FORMATS if every_format else ["text"]:
            _, output, errors = checked("--verbose", "--extend-select", "all", "--format", form, name)
            said = (output + errors).replace(name, "")
            for start in range(len(core) - 5):
                assert core[start : start + 6] not in said, said


secrets: Final = st.tuples(AROUND, CORE, AROUND)


WHOLE: Final = mailbox(smtp_port=0, imap_port="993", daily_sending_limit=[1])


@given(secrets, st.sampled_from(kinds()), st.data())
def test_no_secret_is_shown(secret: tuple[str, str, str], kind: str, data: st.DataObject) -> None:
    shows_nothing_of(secret[1], kind, data.draw(st.sampled_from(texts(secret, **WHOLE)[kind])))


@pytest.mark.parametrize("kind", kinds())
@pytest.mark.parametrize("password", ["zq9Zekritbfg23", 'zq9Zekrit"bfg: {#', "zq9Zekrit, bfg; 'x"])
def test_no_secret_is_shown_of_a_file_cut_off_anywhere(kind: str, password: str) -> None:
    for data in texts(("", password, ""), smtp_port="1")[kind]:
        for end in range(len(data)):
            shows_nothing_of("zq9Zekrit", kind, data[:end], every_format=False)


@settings(max_examples=300)
@given(secrets, st.sampled_from(kinds()), st.data())
def test_no_secret_is_shown_of_a_file_with_broken_bytes(
    secret: tuple[str, str, str], kind: str, data: st.DataObject
) -> None:
    content = bytearray(data.draw(st.sampled_from(texts(secret, **WHOLE)[kind])))
    # What holds the file together breaks it best.
    joints = [place for place, byte in enumerate(content) if byte in b"\n\r\t \"':,;[]{}-|"]
    places = st.sampled_from(joints) | st.integers(0, len(content) - 1)
    for place in data.draw(st.lists(places, min_size=1, max_size=3)):
        content[place] = data.draw(st.sampled_from(b"\0\n\r\t \"',:;[]{}#&*!|>?-=\\x0\xff"))
    shows_nothing_of(secret[1], kind, bytes(content), every_format=False)


def test_a_folder_whose_name_tells_no_type() -> None:
    Path("mailboxes").mkdir()
    refused("mailboxes", ": is a folder, not a file")


def test_a_file_that_takes_more_memory_than_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def documents(stream: Any, kind: str) -> Any:
        if stream.name == "huge.json":
            raise MemoryError
        return sources.documents(stream, kind)

    monkeypatch.setattr(checking, "documents", documents)
    Path("huge.json").write_text("[]", encoding="utf-8")
    refused("huge.json", ": takes more memory than there is")
