"""Bounds that keep time and memory in proportion to the input, and what happens beyond them."""

import io
import json
import os
import sys
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from golden import mailbox
from lint.command import write

from mailbox_schema import __main__ as entry_point
from mailbox_schema import vocabulary
from mailbox_schema.lint import advice, cli, config, findings
from mailbox_schema.lint.response import locate_answer
from mailbox_schema.lint.sources import documents
from mailbox_schema.lint.sources.base import MOST_VALUES, Document

Run = Callable[..., tuple[int, str, str]]
TraceFunction = Callable[[FrameType, str, object], Any]

TOO_MANY = "[" + "0," * MOST_VALUES + "0]"


@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_a_file_of_too_many_values_is_refused(run: Run, kind: str) -> None:
    place = ":1:2000000" if kind == "yaml" else ""
    write(f"a.{kind}", TOO_MANY)
    assert run("check", f"a.{kind}") == (
        2,
        "",
        f"a.{kind}{place}: more than 1,000,000 values\n1 file can't be read or parsed\n",
    )


def test_the_values_of_all_yaml_documents_count_together(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("base", "yaml"):  # a million take long
        monkeypatch.setattr(f"mailbox_schema.lint.sources.{module}.MOST_VALUES", 1000)
    half = "[" + "0," * 600 + "0]"
    write("a.yaml", f"---\n{half}\n---\n{half}\n")
    status, output, errors = run("check", "--select", "yaml-ambiguous", "a.yaml")
    assert (status, output) == (2, "")
    assert errors == "a.yaml:4:796: more than 1,000 values\n1 file can't be read or parsed\n"


def test_an_answer_of_too_many_values_is_refused(run: Run) -> None:
    write("answer.json", TOO_MANY)
    write("a.json", [mailbox()])
    assert run("check", "--response", "answer.json", "a.json") == (
        2,
        "",
        "answer.json: more than 1,000,000 values\n1 file can't be read or parsed\n",
    )


def test_addresses_beyond_the_bound_are_not_compared(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advice, "MOST_ADDRESSES_COMPARED", 2)
    rows = [mailbox(smtp_email=f"{name}@getpiedpiper.com") for name in ("a", "b", "c", "c", "b")]
    write("a.json", json.dumps(rows))
    assert run("check", "--select", "duplicate-mailbox", "-q", "a.json") == (
        0,
        f"a.json:1:{json.dumps(rows).rindex('b@')}: warning: "
        "mailbox[4].smtp_email is the same as mailbox[1].smtp_email [duplicate-mailbox]\n",
        "",
    )


def test_addresses_that_were_accepted_are_forgotten_beyond_the_bound(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings, "_MOST_KNOWN", 1)
    rows = [mailbox(open_tracking_domain=f"{name}.example.com") for name in "abcabc"]
    write("a.jsonl", "".join(f"{json.dumps(row)}\n" for row in [*rows, mailbox(open_tracking_domain="x")]))
    assert run("check", "-q", "a.jsonl")[1].count("\n") == 2


def test_a_key_is_not_found_in_a_json_list() -> None:
    (document,) = documents(io.BytesIO(b"[[1]]"), "json")
    assert isinstance(document, Document)
    assert document.locate((0, "smtp_port")) == (None, None)
    assert document.position((0, "smtp_port")) == (1, 2)


def test_a_deleted_working_directory_has_no_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_name: str) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(os.path, "abspath", fail)
    assert config.config_for("a.json", config.Config()) == config.Config()


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("Error calling __set_name__")])
def test_an_interrupt_while_the_command_loads_exits_130(
    error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> int:
        if isinstance(error, KeyboardInterrupt):
            raise error
        raise error from KeyboardInterrupt()

    monkeypatch.setattr(cli, "run", fail)
    assert entry_point.run() == entry_point.INTERRUPTED


def test_another_error_passes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> int:
        raise RuntimeError("a defect")

    monkeypatch.setattr(cli, "run", fail)
    with pytest.raises(RuntimeError, match=r"\Aa defect\Z"):
        entry_point.run()


# Found by an attacker


def grows_linearly(run: Run, name: str, text: Callable[[int], str], *options: str) -> None:
    """Twice the input takes at most 2.2 times the executed lines of the package."""
    counts: list[int] = []
    for size in (1, 2):
        write(name, text(size))
        counts.append(0)

        def count(frame: FrameType, event: str, _: object) -> TraceFunction:
            counts[-1] += event == "line" and "mailbox_schema" in frame.f_code.co_filename
            return count

        before = sys.gettrace()  # coverage's
        sys.settrace(count)
        try:
            run("check", "-q", *options, name)
        finally:
            sys.settrace(before)
    assert counts[1] <= 2.2 * counts[0]


def test_a_server_that_is_a_long_number_is_a_violation(run: Run) -> None:
    """It can't be printed: str() refuses more digits than the interpreter's limit."""
    write("a.yaml", f"smtp_server: 0x{'f' * 3500}\nimap_server: 5\n")
    status, output, errors = run("check", "--select", "server-name,app-password", "a.yaml")
    assert (status, output, errors) == (0, "", "1 file checked: no findings\n")
    write("a.yaml", f"smtp_server: 0x{'f' * 3700}\n")
    assert run("check", "a.yaml") == (
        2,
        "",
        "a.yaml:1:14: a number of more than 4300 digits\n1 file can't be read or parsed\n",
    )


@pytest.mark.parametrize("line", ["sep=", 'sep="'])
def test_a_separator_line_without_a_delimiter_is_a_header_without_fields(run: Run, line: str) -> None:
    write("a.csv", f"{line}\r\nsmtp_email\r\nx\r\n")
    status, output, errors = run("check", "a.csv")
    assert (status, output) == (2, "")
    assert errors.splitlines()[-1] == "1 file can't be read or parsed"


def test_standard_input_is_not_both_the_answer_and_the_file(run: Run) -> None:
    assert run("check", "--response", "-", "-") == (
        2,
        "",
        "mailbox-schema check: error: standard input can't be both the answer and the file\n",
    )


def test_aliases_of_a_long_text_are_bounded(run: Run) -> None:
    write("a.yaml", f"- &m {{footer: {'x' * 60_000}}}\n" + "- *m\n" * 3_000)
    status, output, errors = run("check", "a.yaml")
    assert (status, output) == (2, "")
    assert errors.splitlines()[0].endswith(": the aliases expand to too many values")


def test_many_unknown_columns_of_a_long_header_are_located_once(run: Run) -> None:
    grows_linearly(
        run, "a.csv", lambda size: f'smtp_email,"{chr(10) * 20_000 * size}"' + ",x" * 300 * size + "\n"
    )


def test_merged_unknown_keys_are_compared_once(run: Run) -> None:
    keys = ", ".join(f"unknown_key_{letter}: 1" for letter in "abcdefghij")
    grows_linearly(run, "a.yaml", lambda size: f"- &a {{{keys}}}\n" + "- {<<: *a}\n" * 200 * size)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            f"[tool.mailbox-schema]\n{'x.' * 200}y = 1\n",
            "a line with more than 100 dots between two equals signs",
        ),
        (
            f"[tool.mailbox-schema.per-file-ignores]\n'{'[' * 2000}' = ['email']\n",
            "[tool.mailbox-schema]: per-file-ignores: a pattern of more than 1,000 characters",
        ),
    ],
)
def test_settings_that_take_long_to_read_are_refused(run: Run, text: str, complaint: str) -> None:
    write("pyproject.toml", text)
    write("a.json", "[]")
    status, output, errors = run("check", "a.json")
    assert (status, output, errors) == (2, "", f"{Path.cwd() / 'pyproject.toml'}: {complaint}\n")


def test_a_name_that_is_too_long_for_a_file_has_no_configuration(run: Run) -> None:
    name = "a/" * 5_000 + "x.json"
    assert run("check", name) == (
        2,
        "",
        f"{name}: can't be read: File name too long\n1 file can't be read or parsed\n",
    )
    assert config._config_in.cache_info().currsize == 0  # noqa: SLF001  # nothing is remembered for its folders


def test_a_configuration_that_fails_while_it_is_read_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    def fail(descriptor: int, _mode: str) -> Failing:
        os.close(descriptor)
        return Failing()

    write("pyproject.toml", "")
    write("a.json", "[]")
    monkeypatch.setattr(config, "open", fail, raising=False)
    place = Path.cwd() / "pyproject.toml"
    assert run("check", "a.json") == (2, "", f"{place}: can't be read: Input/output error\n")


def test_a_carriage_return_in_a_record_counts_for_the_lines_after_it(run: Run) -> None:
    record = json.dumps(mailbox(smtp_port=0))
    write("a.jsonl", record.replace(", ", ",\r", 1) + "\n" + record + "\n")
    places = [line.split(": ")[0] for line in run("check", "-q", "a.jsonl")[1].splitlines()]
    assert places == [
        f"a.jsonl:2:{record.index(': 0') - record.index(', ') + 1}",
        f"a.jsonl:3:{record.index(': 0') + 3}",
    ]


def test_an_anchor_on_a_key_keeps_its_type(run: Run) -> None:
    write("a.yaml", f"- {{? &p 465\n  : 1}}\n- {json.dumps(mailbox())}\n".replace("465,", "*p ,"))
    assert run("check", "-q", "--select", "port", "a.yaml")[1].count("mailbox[1]") == 0
    write("a.yaml", "- &p 465\n- {*p : 1}\n")
    assert run("check", "-q", "--select", "syntax", "a.yaml") == (0, "", "")


def test_a_long_answer_is_located_document_by_document() -> None:
    """The documents of a stream are not kept: only what the answer names."""
    alive: list[weakref.ref[Document]] = []

    def parts() -> Iterator[Document]:
        text = "".join(json.dumps(mailbox(smtp_port=0)) + "\n" for _ in range(50))
        for part in documents(io.BytesIO(text.encode()), "jsonl"):
            assert isinstance(part, Document)
            alive.append(weakref.ref(part))
            yield part
            del part
            assert sum(reference() is not None for reference in alive) <= 3

    lines = [
        "mailbox[7].imap_server is not reachable",
        "mailbox[40].smtp_port must be provided and in range <1,65535>",
    ]
    located = locate_answer(lines, parts(), "a.jsonl")
    assert [finding.line for finding in located.findings] == [8, 41]
    assert (located.known, located.missing) == (1, 49)


def test_a_long_unknown_key_is_not_kept(run: Run) -> None:
    key = "x" * 100_000
    text = json.dumps([mailbox(**{key: 1}), {key: 1}])
    write("a.json", text)
    columns = (text.index(f'"{key}') + 1, text.rindex(f'"{key}') + 1)
    assert run("check", "-q", "--select", "unknown-field", "a.json") == (
        0,
        "".join(
            f"a.json:1:{column}: warning: mailbox[{index}] has an unknown key [unknown-field]\n"
            for index, column in enumerate(columns)
        ),
        "",
    )
    for remembered in (vocabulary._may_show_short_key, vocabulary._closest):  # noqa: SLF001  # what is kept
        before = remembered.cache_info().currsize
        vocabulary.may_show_key(f"{key}y")
        vocabulary.nearest_field(f"{key}y")
        assert remembered.cache_info().currsize == before
