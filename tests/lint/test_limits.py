"""Bounds that keep time and memory in proportion to the input, and what happens beyond them."""

import io
import json
import os
from collections.abc import Callable

import pytest
from golden import mailbox
from lint.command import write

from mailbox_schema import __main__ as entry_point
from mailbox_schema.lint import advice, cli, config, findings
from mailbox_schema.lint.sources import documents
from mailbox_schema.lint.sources.base import MOST_VALUES, Document

Run = Callable[..., tuple[int, str, str]]

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


def test_the_values_of_all_yaml_documents_count_together(run: Run) -> None:
    half = "[" + "0," * 600_000 + "0]"
    write("a.yaml", f"---\n{half}\n---\n{half}\n")
    status, output, errors = run("check", "a.yaml")
    assert (status, output) == (2, "")
    assert errors == "a.yaml:4:799996: more than 1,000,000 values\n1 file can't be read or parsed\n"


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


def test_the_base_document_knows_no_places() -> None:
    with pytest.raises(NotImplementedError):
        Document().locate(())
    assert Document().plain(()) is None


def test_a_key_is_not_found_in_a_json_list() -> None:
    (document,) = documents(io.BytesIO(b"[[1]]"), "json")
    assert isinstance(document, Document)
    assert document.locate((0, "smtp_port")) == (None, None)
    assert document.position((0, "smtp_port")) == (1, 2)


def test_a_deleted_working_directory_has_no_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_name: str) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(os.path, "abspath", fail)
    assert config.config_for("a.json") == config.Config()


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
