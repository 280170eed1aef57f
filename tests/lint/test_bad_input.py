"""Bad input: one line on standard error, exit status 2, and the other files are checked."""

import io
import json
import sys
from pathlib import Path
from typing import Any, BinaryIO, Final
from unittest.mock import patch

import pytest
import yaml
from golden import mailbox
from hypothesis import given
from hypothesis import strategies as st
from lint.command import KINDS, Run, check_files, folder, write

from mailbox_schema.lint import check, config, sources
from mailbox_schema.lint.config import config_for as real_config_for
from mailbox_schema.lint.sources import base
from mailbox_schema.lint.sources.base import Text, longest_number, own_limit
from mailbox_schema.lint.sources.json import _decoder, _parse_bounded_int
from mailbox_schema.lint.sources.json_errors import refusal

HEADER: Final = (
    b"smtp_email,smtp_password,smtp_server,smtp_port,imap_email,imap_password,imap_server,imap_port\n"
)
FOUND_IN_OTHER: Final = "z.json:1:1: error: body must be an object [body-object]\n"
NO_COLUMN: Final = "1:1: no column in the first line is an API field"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("z.json").write_text('"text"', encoding="utf-8")


MISSING_COMMA: Final = "not JSON: a comma or a closing bracket is missing"
TRAILING_COMMA: Final = "not JSON: a comma before the closing bracket"
TEMPLATE = "a template of Helm or Jinja: render it first, and check the result"


def refused(name: str, complaint: str) -> None:
    """Assert that the file gets this line, and that the other file is checked all the same."""
    for order in ([name, "z.json"], ["z.json", name]):
        assert check_files(*order) == (
            2,
            FOUND_IN_OTHER,
            f"{name}{complaint}\n1 file checked: 1 violation; 1 file can't be read or parsed\n",
        )


LEVELS: Final = 100_000


def has_a_bound() -> bool:
    """Return whether the parser refuses deep nesting by itself: newer versions of libyaml do, and read ahead."""
    try:
        list(yaml.parse("[" * 2000, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except yaml.MarkedYAMLError as error:
        return error.problem == "exceeded maximum nesting depth"
    return False


PARSER_HAS_A_BOUND: Final = has_a_bound()


# For every type, by its ending: the file, and what follows its name in the line. A broken line of a JSON
# Lines file is a finding, and has its own table below.
REFUSED: Final[dict[str, list[tuple[bytes, str]]]] = {
    "json": [
        (b"", ": empty"),
        (b"\xef\xbb\xbf", ": empty"),
        (b" \n\r\n\t", ": empty"),
        (b"\xef\xbb\xbf\xef\xbb\xbf{}", ":1:1: not JSON: a byte order mark inside the file"),
        (b'{"a":\n "\xe4"}', ":2:3: not UTF-8"),
        ('{"\u00e4\U0001f600": "'.encode() + b'\xff"}', ":1:9: not UTF-8"),
        (b'"\xed\xa0\x80"', ":1:2: not UTF-8"),
        ("{}".encode("utf-16"), ":1:1: not UTF-8 but UTF-16"),
        (b"\xfe\xff" + "{}".encode("utf-16-be"), ":1:1: not UTF-8 but UTF-16"),
        ("{}".encode("utf-16-le"), ":1:2: a NUL character"),
        (b'{"a":\r\n\r\n "x\0y"}', ":3:4: a NUL character"),
        (b'\n{"mailboxes": [{"smtp_password": "abc', ":2:34: not JSON: a string is not closed"),
        (b'{"mailboxes": [{"smtp_port": 465', f":1:33: {MISSING_COMMA}"),
        (b'{"mailboxes": [{"smtp_port": ', ":1:30: not JSON: a value was expected here"),
        (b'{"mailboxes": [', ":1:16: not JSON: a value was expected here"),
        (b"[" * LEVELS, ": nested too deeply"),
        (b"[" * LEVELS + b"]" * LEVELS, ": nested too deeply"),
        (b'{"a":' * LEVELS + b"1" + b"}" * LEVELS, ": nested too deeply"),
        (b"// only\n// comments\n", ":1:1: not JSON: JSON has no comments"),
        (b"# only a comment\n", ":1:1: not JSON: JSON has no comments"),
        (b'{"smtp_port": /* SSL */ 465}', ":1:15: not JSON: JSON has no comments"),
        (b'{"smtp_port": 0465}', ":1:15: not JSON: a number can't begin with 0"),
        (b'{"smtp_port": 10 465}', f":1:18: {MISSING_COMMA}"),
        ('{"smtp_port": 10\u0664}'.encode(), f":1:17: {MISSING_COMMA}"),
        (b'{"NaN": [" -Infinity ", NaN]}', ":1:25: not JSON: NaN and Infinity are not numbers"),
        (
            b'{"%b": ["%b", -%b]}' % ((b"9" * 4301,) * 3),
            ":1:8613: a number of more than 4300 digits",
        ),
        (b'{"smtp_port": {{ port }}}', f":1:15: {TEMPLATE}"),
        (b"[{% for box in boxes %}]", f":1:2: {TEMPLATE}"),
        (b"[[1, ], 2]", f":1:4: {TRAILING_COMMA}"),
        (b"[,]", f":1:2: {TRAILING_COMMA}"),
        (b'["a,\t]"]', ":1:5: not JSON: a control character in a string, such as a tab or a line break"),
    ],
    "yaml": [
        (b"", ": empty"),
        (b"\xef\xbb\xbf", ": empty"),
        (b"# only\n\n  # comments\n", ": empty: it has only comments"),
        (b"---\n# c\n---\n~\n...\n", ": empty: it has only comments"),
        (b"---\n---\n~\n", ": empty"),
        (b"a:\n  - \xe4\n", ":2:5: not UTF-8"),
        ("a: 1\n".encode("utf-16"), ":1:1: not UTF-8 but UTF-16"),
        ("a: 1\n".encode("utf-16-le"), ":1:2: a NUL character"),
        (b"a: 1\nb: x\0y\n", ":2:5: a NUL character"),
        (b"a: 1\nb: x\x07y\n", ":2:5: not YAML: control characters are not allowed"),
        (
            b'mailboxes: [{smtp_port: 1, smtp_password: "abc',
            ":1:43: not YAML: a quote is not closed",
        ),
        (b"mailboxes: [{smtp_port: 1", ":1:26: not YAML: did not find expected ',' or '}'"),
        (
            b"mailboxes:\n\t- smtp_port: 1\n",
            ":2:1: not YAML: a tab is not allowed here: use spaces",
        ),
        (
            b"mailboxes:\n- smtp_port: 1\n\timap_port: 1\n",
            ":3:1: not YAML: a tab is not allowed here: use spaces",
        ),
        (b"[" * 500, ":1:102: nested too deeply"),
        (b"[" * 500 + b"]" * 500, ":1:102: nested too deeply"),
        (b"[" * LEVELS, f":1:{1001 if PARSER_HAS_A_BOUND else 102}: nested too deeply"),
        (b'{"a":' * LEVELS, ":1:506: nested too deeply"),
        (b"- " * LEVELS, ":1:203: nested too deeply"),
        (b"a: &a [*a]\n", ":1:8: an alias is inside the value it refers to"),
        (b"a: &a\n  b: {c: *a}\n", ":2:10: an alias is inside the value it refers to"),
        (b"a: 1\n# c\nb: *c\n", ":3:4: an alias has no anchor before it"),
        (b"--- &a\n---\nb: *a\n", ":3:4: an alias has no anchor before it"),
        (b"{% for box in boxes %}\n- a: {{ box }}\n", f":1:1: {TEMPLATE}"),
        (b"a: 1\nb:\n{{- if .Values.x }}\n  c: 2\n{{- end }}\n", f":3:1: {TEMPLATE}"),
        (b"a: '{{ x }}'\nb: {{ include \"x\" . | nindent 2 }}\n", f":2:4: {TEMPLATE}"),
        (b"a: '{{ .x }}'\nb: [\n", ":3:1: not YAML: did not find expected node content"),
        (b"smtp_port: {{ port }}\n", ":1:12: a placeholder such as `{{ name }}` has to be in quotes"),
        (b"? [a, b]\n: 1\n", ":1:3: a key has to be text"),
        (b"<<: text\n", ":1:5: a merge key takes a mapping, or a list of them"),
        (b"a: @b\n", ":1:4: not YAML: a value can't begin with `@`, `%` or a backtick"),
        (b"a: 1: 2\n", ":1:5: not YAML: a value that contains `: ` has to be in quotes"),
    ],
    "csv": [
        (b"", ": empty"),
        (b"\xef\xbb\xbf", ": empty"),
        (b"\n \n", ": empty"),
        (HEADER + b"jared@getpiedpiper.com,\xe4\n", ":2:24: not UTF-8: save it as CSV UTF-8"),
        (HEADER.decode().encode("utf-16"), ":1:1: not UTF-8 but UTF-16: save it as CSV UTF-8"),
        (b"smtp_port\n\0\n", ":2:1: a NUL character"),
        (HEADER.decode().encode("utf-16-le"), ":1:2: a NUL character"),
        (HEADER + b"a\0b\n", ":2:2: a NUL character"),
        (HEADER + b'a,"b\nc,d\n\n', ":2:1: not CSV: a quote is not closed"),
        (HEADER + b'"a\nb"c,d\n', ":2:1: not CSV: text follows the closing quote of a cell"),
        (b'"smtp_email,smtp_port\n', ":1:1: not CSV: a quote is not closed"),
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
def test_a_file_that_can_not_be_parsed_gets_one_line(ending: str, data: bytes, complaint: str) -> None:
    Path(f"a.{ending}").write_bytes(data)
    refused(f"a.{ending}", complaint)


@pytest.mark.parametrize("complete", [True, False])
def test_nesting_close_to_the_limit_is_read_or_refused(complete: bool) -> None:
    for depth in [*range(94, 105), *range(900, 1010, 3)]:
        closing = "]" * depth if complete else ""
        text = '{"mailboxes": [{"footer": ' + "[" * depth + closing + ', "smtp_port": 0}]}'
        for name in ("a.json", "a.yaml", "a.jsonl"):
            Path(name).write_text(text, encoding="utf-8")
            assert check_files(name)[0] in {1, 2}


@pytest.mark.parametrize(
    ("line", "place", "reason"),
    [
        (b'{"a": "\xe4"}', "2:8", "not UTF-8"),
        (b'{"a": "\0"}', "2:8", "a NUL character"),
        (b'{"smtp_port" 46}', "2:14", "not JSON: a colon is missing"),
        (b"[" * LEVELS, "2:1", "nested too deeply"),
        (b'{"a":' * LEVELS, "2:1", "nested too deeply"),
        (b"# a comment", "2:1", "not JSON: JSON has no comments"),
        (b'{"a": ' + b"9" * 5000 + b"}", "2:7", "a number of more than 4300 digits"),
        (b'{"a": -Infinity}', "2:7", "not JSON: NaN and Infinity are not numbers"),
    ],
)
def test_a_broken_line_is_a_finding_and_later_lines_are_checked(line: bytes, place: str, reason: str) -> None:
    good = json.dumps(mailbox()).encode()
    Path("a.jsonl").write_bytes(good + b"\n" + line + b"\n[]\n" + good)
    assert check_files("a.jsonl") == (
        1,
        f"a.jsonl:{place}: error: mailbox[1] can't be read: {reason} [syntax]\n"
        "a.jsonl:3:1: error: mailbox[2] must be an object [mailbox-object]\n"
        "    hint: write the mailbox alone, without brackets\n",
        "1 file checked: 2 violations\n",
    )


# Alias bombs


def test_aliases_of_aliases_are_refused() -> None:
    lines = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    Path("a.yaml").write_text("\n".join(lines), encoding="utf-8")
    # The 579 characters allow 12,316 values: *a0 and *a1 have cost 1,220, so the tenth *a2, of 1,111, is too much.
    assert len("\n".join(lines)) == 579
    refused("a.yaml", f":4:{1 + len('a3: &a3 [' + '*a2, ' * 9)}: the aliases expand to too many values")


def test_merges_of_merges_are_refused() -> None:
    lines = ["a0: &a0 {k0: 1, l0: 2}"]
    lines += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}], k{n}: 1}}" for n in range(1, 30)]
    Path("a.yaml").write_text("\n".join(lines), encoding="utf-8")
    status, output, errors = check_files("a.yaml", "z.json")
    assert (status, output) == (2, FOUND_IN_OTHER)
    assert ": the aliases expand to too many values\n" in errors


def test_many_aliases_of_one_mapping_are_accepted() -> None:
    shared = "x-shared: &s {smtp_server: s, smtp_port: 0, imap_server: i, imap_port: 993}\nmailboxes:\n"
    Path("a.yaml").write_text(shared + "- *s\n" * 200, encoding="utf-8")
    status, _, errors = check_files("a.yaml")
    # Each lacks its addresses and passwords, and shares the port.
    assert (status, errors) == (1, "1 file checked: 1000 violations\n")


# Files that can't be read


def test_a_file_that_is_read_whole_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = 1024 * 1024
    monkeypatch.setattr(base, "LARGEST_SOURCE", limit)
    for ending in ("json", "yaml"):
        Path(f"a.{ending}").write_bytes(b'"' + b"x" * limit)
        refused(f"a.{ending}", ": larger than 1 MB")
        Path(f"a.{ending}").unlink()


def test_json_has_a_limit_of_values() -> None:
    longest = b"[" + b"0," * 999_999 + b"0]"
    (document,) = sources.documents(io.BytesIO(longest), "json")
    assert isinstance(document, base.Document)
    assert document.value == [0] * 1_000_000
    with pytest.raises(base.SourceError) as raised:
        list(sources.documents(io.BytesIO(longest[:-1] + b",0]"), "json"))
    assert (raised.value.reason, raised.value.position) == ("more than 1,000,000 values", None)


def test_a_line_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = 1024 * 1024
    monkeypatch.setattr(base, "LARGEST_RECORD", limit)
    Path("a.jsonl").write_bytes(json.dumps(mailbox()).encode() + b"\n\n" + b"x" * (limit + 1))
    refused("a.jsonl", ":3:1: a line of more than 1 MB")


MB: Final = 1024 * 1024


@pytest.mark.parametrize(
    ("ending", "size", "complaint"),
    [
        ("json", 64 * MB, ":1:1: a NUL character"),
        ("json", 64 * MB + 1, ": larger than 64 MB"),
        ("yaml", 64 * MB, ":1:1: a NUL character"),
        ("yaml", 64 * MB + 1, ": larger than 64 MB"),
        ("csv", 4 * MB, ":1:1: a NUL character"),
        ("csv", 4 * MB + 1, ":1:1: a line of more than 4 MB"),
        ("jsonl", 4 * MB + 1, ":1:1: a line of more than 4 MB"),
        ("jsonl", 200 * MB, ":1:1: a line of more than 4 MB"),
    ],
)
def test_a_file_of_one_long_line_is_refused(ending: str, size: int, complaint: str) -> None:
    with Path(f"a.{ending}").open("wb") as file:
        file.truncate(size)  # takes no room on the disk
    refused(f"a.{ending}", complaint)


def test_a_file_is_read_as_it_is() -> None:
    value = "x" * MB
    (document,) = sources.documents(io.BytesIO(json.dumps(value).encode()), "json")
    assert isinstance(document, base.Document)
    assert document.value == value


ENDINGS: Final = pytest.mark.parametrize("ending", ["json", "yaml", "yml", "csv", "tsv", "jsonl", "ndjson"])


@ENDINGS
def test_a_loop_of_symbolic_links_is_refused(ending: str) -> None:
    Path(f"a.{ending}").symlink_to(f"b.{ending}")
    Path(f"b.{ending}").symlink_to(f"a.{ending}")
    refused(f"a.{ending}", ": can't be read: Too many levels of symbolic links")


@ENDINGS
def test_a_missing_file_is_reported(ending: str) -> None:
    refused(f"a.{ending}", ": no such file")


@ENDINGS
def test_a_broken_link_is_a_missing_file(ending: str) -> None:
    Path(f"a.{ending}").symlink_to("nowhere")
    refused(f"a.{ending}", ": no such file")


@ENDINGS
def test_a_folder_is_not_what_an_answer_is_about(ending: str) -> None:
    Path(f"a.{ending}").mkdir()
    write("answer.json", {"details": []})
    status, output, errors = check_files("--response", "answer.json", f"a.{ending}")
    reason = f"a.{ending}: is a folder, not a file"
    assert (status, output, errors) == (2, "", f"{reason}\n1 file can't be read or parsed\n")


@ENDINGS
def test_a_file_that_is_deleted_before_it_is_opened_is_missing(
    ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"a.{ending}"

    def config_for(file: str, command_line: Any) -> Any:
        Path(name).unlink(missing_ok=True)  # it was there when the run began
        return real_config_for(file, command_line)

    monkeypatch.setattr(config, "config_for", config_for)
    Path(name).write_text("{}", encoding="utf-8")
    refused(name, ": no such file")


def test_a_name_without_a_known_ending_needs_the_type() -> None:
    Path("a.txt").write_text("{}", encoding="utf-8")
    refused("a.txt", ": can't tell the file type from the name: use --type")


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


@given(st.sampled_from(KINDS), st.lists(st.sampled_from(TOKENS), max_size=30))
def test_any_text_gets_an_answer(kind: str, tokens: list[str]) -> None:
    with folder() as write:
        status, _, errors = check_files("--extend-select", "all", write(kind, "".join(tokens).encode()))
    assert status in {0, 1, 2}
    assert len(errors.splitlines()) == (2 if status == 2 else 1)


@given(st.sampled_from(KINDS), st.binary(max_size=60))
def test_any_bytes_get_an_answer(kind: str, data: bytes) -> None:
    with folder() as write:
        status, _, errors = check_files("--extend-select", "all", write(kind, data))
    assert status in {0, 1, 2}
    assert len(errors.splitlines()) == (2 if status == 2 else 1)


def test_a_folder_without_a_known_ending_is_a_folder() -> None:
    Path("mailboxes").mkdir()
    write("answer.json", {"details": []})
    reason = "mailboxes: is a folder, not a file\n1 file can't be read or parsed\n"
    assert check_files("--response", "answer.json", "mailboxes") == (2, "", reason)


def test_a_file_that_needs_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def documents(stream: Any, kind: str, at: str) -> Any:
        if stream.name == "huge.json":
            raise MemoryError
        return sources.documents(stream, kind, at)

    monkeypatch.setattr(check, "documents", documents)
    Path("huge.json").write_text("[]", encoding="utf-8")
    refused("huge.json", ": not enough memory")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ('{"smtp_port": 46', 17, "a comma or a closing bracket is missing"),
        ('{"smtp_password": "abc', 19, "a string is not closed"),
        ('{"smtp_port":', 14, "a value was expected here"),
    ],
)
def test_a_json_line_that_is_cut_off_is_reported_on_that_line(
    line: str, column: int, reason: str, line_end: str
) -> None:
    write("a.jsonl", f"{line}{line_end}{json.dumps(mailbox())}{line_end}")
    assert check_files("a.jsonl") == (
        1,
        f"a.jsonl:1:{column}: error: mailbox[0] can't be read: not JSON: {reason} [syntax]\n",
        "1 file checked: 1 violation\n",
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [("[1, 2, ]", "1:6"), ('{"a": 1,\n}', "1:8"), ('{"a": 1 ,}', "1:9"), ("[[1],\n\n]", "1:5")],
)
def test_a_trailing_comma_is_located_by_every_version_of_python(text: str, place: str) -> None:
    """From 3.13 on the parser itself names the comma, with a message and a position of its own."""
    write("a.json", text)
    status, _, errors = check_files("a.json")
    assert (status, errors.splitlines()[0]) == (
        2,
        f"a.json:{place}: not JSON: a comma before the closing bracket",
    )


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (
            "Invalid control character '\\t' at",
            "a control character in a string, such as a tab or a line break",
        ),
        ("Invalid \\escape: 'c'", "a backslash in a string has to be written as `\\\\`"),
        ("Unexpected 'secret'", "it can't be parsed"),
    ],
)
def test_a_message_of_another_parser_is_not_repeated(message: str, reason: str) -> None:
    """The first two are those of the standard parser where it isn't written in C."""
    refused = refusal(json.JSONDecodeError(message, '["secret"', 2), Text('["secret"'))
    assert (refused.reason, refused.position) == (f"not JSON: {reason}", (1, 3))


class Failing(io.RawIOBase):
    """A file whose disk fails."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: object) -> int:
        raise OSError(5, "Input/output error")


@pytest.mark.parametrize("ending", ["json", "yaml", "csv", "jsonl"])
def test_a_file_that_fails_while_it_is_read_is_reported(ending: str) -> None:
    """It can be opened but not read: the complaint is about the file, not the output, and the others are checked."""
    write("z.json", "1")
    real = check.open_source  # there is no file that fails on every machine
    name = f"a.{ending}"

    def opened(file: str) -> BinaryIO:
        return io.BufferedReader(Failing()) if file == name else real(file)

    with patch.object(check, "open_source", opened):
        assert check_files(name, "z.json") == (
            2,
            "z.json:1:1: error: body must be an object [body-object]\n",
            f"{name}: can't be read: Input/output error\n"
            "1 file checked: 1 violation; 1 file can't be read or parsed\n",
        )


def test_a_json_lines_file_in_utf_16_is_refused_as_a_whole() -> None:
    """Issue: one line, exit status 2; not a finding for each of a million lines."""
    write("a.jsonl", "\n".join([json.dumps(mailbox())] * 3).encode("utf-16"))
    assert check_files("a.jsonl") == (
        2,
        "",
        "a.jsonl:1:1: not UTF-8 but UTF-16\n1 file can't be read or parsed\n",
    )


def test_a_file_encrypted_with_ansible_vault_is_refused() -> None:
    write("a.yaml", "$ANSIBLE_VAULT;1.1;AES256\n616263\n")
    assert check_files("a.yaml") == (
        2,
        "",
        "a.yaml: encrypted as a whole with Ansible Vault: decrypt it first\n1 file can't be read or parsed\n",
    )


def test_a_record_is_on_its_line_whatever_ends_the_lines_before(run: Run) -> None:
    record = json.dumps(mailbox(smtp_port=0))
    write("a.jsonl", f"{record.replace(': 0', ':' + chr(13) + '0')}\n{record},\n{record}\n")
    column = record.index(": 0") + 3
    assert run("check", "-q", "a.jsonl")[1].splitlines() == [
        "a.jsonl:2:1: error: mailbox[0].smtp_port must be provided and in range <1,65535> [port]",
        f"a.jsonl:3:{len(record) + 1}: error: mailbox[1] can't be read: not JSON: something follows the end of the value [syntax]",
        f"a.jsonl:4:{column}: error: mailbox[2].smtp_port must be provided and in range <1,65535> [port]",
    ]


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_number_has_as_many_digits_whatever_cpythons_own_limit_is(sign: str) -> None:
    longest = sign + "9" * longest_number()
    assert _parse_bounded_int(longest) == int(longest)
    with pytest.raises(ValueError, match=r"\A\Z"):
        _parse_bounded_int(longest + "9")


def test_a_long_number_is_refused_where_cpython_has_no_limit() -> None:
    set_limit = getattr(sys, "set_int_max_str_digits", int)  # CPython before 3.10.7 never has one
    before = own_limit()
    set_limit(0)
    try:
        with pytest.raises(ValueError, match=r"\A\Z"):
            _decoder(None)("9" * 4301)
    finally:
        set_limit(before)


@pytest.mark.parametrize(("own", "longest"), [(0, 4300), (640, 640), (4300, 4300), (5000, 4300)])
def test_the_longest_number_is_cpythons_default_or_its_lower_setting(
    own: int, longest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # CPython before 3.10.7 has no limit.
    monkeypatch.setattr("sys.get_int_max_str_digits", lambda: own, raising=False)
    assert longest_number() == longest
