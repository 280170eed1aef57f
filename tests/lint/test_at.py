"""``--at``: mailboxes that a file keeps under a key."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from golden import body, mailbox
from hypothesis import given
from hypothesis import strategies as st
from lint.command import KINDS, Run, check_files, folder, write

from mailbox_schema.lint.nested import hint_for_nested
from mailbox_schema.lint.sources.inside import read_way

COUNT = "mailboxes must be provided and have size in range <1,200> [mailbox-count]"
PORT = "smtp_port must be provided and in range <1,65535> [port]"
CONFIG = """\
# of the application
name: acme
woodpecker:
  mailboxes:
    - smtp_email: jared@acme.com
      smtp_password: "secret"
      smtp_server: smtp.acme.com
      smtp_port: 0
      imap_email: jared@acme.com
      imap_password: "secret"
      imap_server: imap.acme.com
      imap_port: 993
"""
NESTED = {"name": "acme", "a.b": {"c/d": [None, {"mailboxes": [mailbox(smtp_port=0)]}]}}
WRONG = "expected keys, such as a.b, or a JSON Pointer, such as /a/b"


@pytest.mark.parametrize("at", ["woodpecker.mailboxes", "/woodpecker/mailboxes", "woodpecker", "/woodpecker"])
def test_at_leads_to_the_mailboxes_or_what_holds_them(run: Run, at: str) -> None:
    write("a.yaml", CONFIG)
    expected = (1, f"a.yaml:8:18: error: mailbox[0].{PORT}\n", "1 file checked: 1 violation\n")
    assert run("check", "--at", at, "a.yaml") == expected
    write("pyproject.toml", f"[tool.mailbox-schema]\nat = '{at}'\n")
    assert run("check", "a.yaml") == expected


@pytest.mark.parametrize(
    ("at", "taken_for"),
    [
        ("/a.b/c~1d/1", "a request body"),
        ("/a.b/c~1d/1/mailboxes", "a list of mailboxes"),
        ("/a.b/c~1d/1/mailboxes/0", "one mailbox"),
    ],
)
def test_what_is_there_is_read_as_the_top_would_be(run: Run, at: str, taken_for: str) -> None:
    text = json.dumps(NESTED)
    write("a.json", text)
    column = text.index('"smtp_port": 0') + len('"smtp_port": ') + 1
    assert run("check", "-v", "--at", at, "a.json") == (
        1,
        f"a.json:1:{column}: error: mailbox[0].{PORT}\n",
        f"a.json: read as {taken_for}\n1 file checked: 1 violation\n",
    )


@given(st.lists(st.text()))
def test_a_pointer_leads_to_any_keys(keys: list[str]) -> None:
    """RFC 6901, 3 and 4: every key can be written, with two escapes."""
    keys = keys[:100]
    pointer = "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)
    assert read_way(pointer) == tuple(keys)


@given(st.lists(st.sampled_from(["a", "b-c", "smtpPort", "0"]), min_size=1, max_size=9), st.data())
def test_a_value_is_found_at_any_path(way: list[str], data: st.DataObject) -> None:
    """The findings inside are those at the top, at the positions in the file."""
    found = [mailbox(smtp_port=0), mailbox(imap_port="1", x=1)]
    nested: Any = found
    for key in reversed(way):
        nested = [None] * int(key) + [nested] if data.draw(st.booleans()) and key == "0" else {key: nested}
    with folder() as put:
        top, inside = put("json", json.dumps(found).encode()), put("yaml", json.dumps(nested).encode())
        offset = json.dumps(nested).index(json.dumps(found))
        expected = json.loads(check_files("--format", "json", top)[1])
        actual = json.loads(check_files("--format", "json", "--at", ".".join(way), inside)[1])
    for finding in expected:
        finding["file"], finding["column"] = inside, finding["column"] + offset
        for edit in finding["fix"]["edits"] if finding["fix"] else ():
            edit["column"] += offset
            edit["end_column"] += offset
    assert actual == expected


@pytest.mark.parametrize(
    ("at", "place"),
    [
        ("woodpecker.mailbox", "3:3"),
        ("wood", "1:1"),
        ("name.x", "1:7"),
        ("woodpecker.mailboxes.1", "4:5"),
        ("woodpecker.mailboxes.00", "4:5"),
        ("woodpecker.mailboxes.x", "4:5"),
    ],
)
def test_a_path_that_leads_nowhere_is_reported_in_a_line(run: Run, at: str, place: str) -> None:
    write("a.yaml", CONFIG.partition("\n")[2])
    assert run("check", "--at", at, "a.yaml") == (
        2,
        "",
        f"a.yaml:{place}: there is nothing at {at}\n1 file can't be read or parsed\n",
    )


def test_a_document_without_the_path_does_not_hide_the_others(run: Run) -> None:
    write("a.yaml", "a: {x: 1}\n---\na: {b: [{smtp_port: 0}]}\n---\nc: 1\n")
    assert run("check", "--select", "port", "--at", "a.b", "a.yaml") == (
        2,
        f"a.yaml:3:9: error: mailbox[0].{PORT.replace('smtp', 'imap')}\n    hint: add the field\n"
        f"a.yaml:3:21: error: mailbox[0].{PORT}\n",
        "a.yaml:1:4: there is nothing at a.b\n2 violations; 1 file can't be read or parsed\n",
    )


def test_each_line_of_json_lines_holds_a_mailbox(run: Run) -> None:
    lines = [{"event": 1, "sent": mailbox()}, {"event": 2}, {"sent": mailbox(smtp_port=0)}]
    write("a.jsonl", "not JSON\n" + "".join(f"{json.dumps(line)}\n" for line in lines))
    column = json.dumps(lines[2]).index(": 0") + 3
    assert run("check", "--at", "sent", "a.jsonl") == (
        1,
        "a.jsonl:1:1: error: mailbox[0] can't be read: not JSON: a value was expected here [syntax]\n"
        "a.jsonl:3:1: error: mailbox[2] can't be read: there is nothing at sent [syntax]\n"
        f"a.jsonl:4:{column}: error: mailbox[3].{PORT}\n",
        "1 file checked: 3 violations\n",
    )


def test_a_csv_file_is_refused_by_the_option_and_not_by_the_setting(run: Run) -> None:
    write("a.csv", "smtp_port\n0\n")
    reason = "a.csv: a file of the type csv has no keys: it can't be read with --at\n"
    assert run("check", "--at", "a", "a.csv") == (2, "", f"{reason}1 file can't be read or parsed\n")
    write("answer.json", '{"code": "UNKNOWN", "details": []}')
    assert run("check", "--at", "a", "--response", "answer.json", "a.csv") == (
        2,
        "",
        f"{reason}1 file can't be read or parsed\n",
    )
    write("pyproject.toml", "[tool.mailbox-schema]\nat = 'a'\nselect = ['port']\n")
    assert run("check", "-q", "a.csv")[1].splitlines()[0] == f"a.csv:2:1: error: mailbox[0].{PORT}"


def test_the_option_comes_before_the_pattern_and_the_pattern_before_the_setting(run: Run) -> None:
    for name in ("conf/a.json", "conf/b.json", "c.json"):
        write(name, {"x": body(smtp_port=0), "y": body(), **body()})
    write(
        "pyproject.toml",
        "[tool.mailbox-schema]\nat = 'y'\n[tool.mailbox-schema.per-file-at]\n"
        "'conf/a.*' = 'x'\n'conf/*' = ''\n",
    )

    def failing(*arguments: str) -> list[str]:
        output = run("check", "--select", "contract", *arguments, "conf/a.json", "conf/b.json", "c.json")[1]
        return [line.partition(":")[0] for line in output.splitlines()]

    assert failing() == ["conf/a.json"]
    assert failing("--at", "x") == ["c.json", "conf/a.json", "conf/b.json"]
    assert failing("--at", "") == []


@pytest.mark.parametrize("at", ["a..b", ".a", "a.", "/a~2", "/a~", ".".join("a" * 101)])
def test_a_text_that_is_not_a_path_is_wrong_usage(run: Run, at: str) -> None:
    assert run("check", "--at", at, "a.json") == (2, "", f"mailbox-schema check: error: --at: {WRONG}\n")


def test_an_answer_is_located_inside(run: Run) -> None:
    write("a.yaml", CONFIG)
    line = "mailbox[0].smtp_port must be provided and in range <1,65535>"
    write("answer.json", {"code": "VALIDATION_FAILURE", "details": [line]})
    assert run("check", "-q", "--at", "woodpecker", "--response", "answer.json", "a.yaml") == (
        1,
        f"a.yaml:8:18: error: {line} [port]\n",
        "",
    )


# Without the setting


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ({"woodpecker": {"mailboxes": [mailbox()]}}, "woodpecker.mailboxes"),
        ({"environments": 1, "staging": [1, {"mailboxes": [3, mailbox()]}]}, "staging.1.mailboxes"),
        ({"smtp.accounts": [mailbox()]}, "/smtp.accounts"),
        ({"zacme": [mailbox()]}, None),
    ],
)
def test_the_hint_names_the_setting(run: Run, value: object, at: str | None) -> None:
    write("a.json", value)
    hint = "set the path to them with `at`" if at is None else f'set `at = "{at}"`'
    assert run("check", "a.json") == (
        1,
        f"a.json:1:1: error: {COUNT}\n    hint: there are mailboxes further down: {hint}, or use --at\n",
        "1 file checked: 1 violation\n",
    )
    if at is not None:
        assert "mailboxes must" not in run("check", "--at", at, "a.json")[1]


@pytest.mark.parametrize(
    "value",
    [
        {"a": [mailbox()], "b": [mailbox()]},
        {"a": [{"footer": 1}]},
        {"a": {"b": mailbox()}},
        {"completion_notification_types": []},
    ],
    ids=["two lists", "one field", "no list", "no mailboxes"],
)
def test_the_hint_is_as_before_without_one_list(value: object) -> None:
    assert hint_for_nested(value) is None


def test_a_list_with_several_names_is_one_list(run: Run) -> None:
    write("a.yaml", "config: &m [{smtp_port: 1, imap_port: 1}]\nserver: *m\n")
    assert run("check", "a.yaml")[1] == (
        f'a.yaml:1:1: error: {COUNT}\n    hint: there are mailboxes further down: set `at = "server"`, or use --at\n'
    )


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "csv"])
def test_a_duplicate_key_inside_is_found(run: Run, kind: str) -> None:
    held = json.dumps(mailbox())[:-1] + ', "imap_port": 993}'
    text = f'{{"a": {{"b": {held if kind == "jsonl" else f"[{held}]"}}}}}'
    write(f"a.{kind}", text)
    place = text.rindex('"imap_port"') + 1
    assert run("check", "-q", "--at", "a.b", f"a.{kind}") == (
        0,
        f"a.{kind}:1:{place}: warning: duplicate key imap_port [duplicate-key]\n"
        "    hint: remove one of them: the last one counts\n",
        "",
    )


def test_a_duplicate_key_inside_is_found_as_deep_as_at_the_top(run: Run) -> None:
    """In the mailboxes of a body, and not in their values."""
    held = json.dumps(mailbox())[:-1] + ', "imap_port": 993, "note": {"x": 1, "x": 2}}'
    text = f'{{"a": {{"mailboxes": [{held}]}}}}'
    write("a.json", text)
    place = text.rindex('"imap_port"') + 1
    assert run("check", "-q", "--at", "a", "--select", "duplicate-key", "a.json")[1] == (
        f"a.json:1:{place}: warning: duplicate key imap_port [duplicate-key]\n"
        "    hint: remove one of them: the last one counts\n"
    )


@pytest.mark.parametrize("held", [mailbox(footer=""), mailbox(smtp_port=...) | {"smtpPort": 465}])
def test_a_key_or_field_inside_is_fixed(run: Run, held: dict[str, Any]) -> None:
    write("a.json", json.dumps({"a": [held]}))
    assert run("check", "-q", "--at", "a", "--unsafe-fixes", "--fix", "a.json")[0] == 0
    assert json.loads(Path("a.json").read_text(encoding="utf-8")) == {"a": [mailbox()]}


def test_a_way_has_at_most_100_keys() -> None:
    assert len(read_way(".".join("a" * 100))) == 100
    with pytest.raises(ValueError, match=rf"\A{re.escape(WRONG)}\Z"):
        read_way(".".join("a" * 101))


def test_a_yaml_scalar_inside_is_known_as_it_is_written(run: Run) -> None:
    write("a.yaml", CONFIG.replace('"secret"', "0123", 1).replace("port: 0", "port: 465"))
    assert run("check", "-q", "--at", "woodpecker", "--select", "yaml-ambiguous", "a.yaml")[1] == (
        "a.yaml:6:22: warning: mailbox[0].smtp_password is read differently by YAML 1.1 and 1.2"
        " [yaml-ambiguous]\n    hint: write it in quotes\n"
    )
