"""The promise of every advice rule's predicate: if it is ``False``, the rule has no advice on the mailbox."""

import json
from collections.abc import Iterator
from typing import Any, Final
from unittest.mock import patch

import pytest
from golden import mailbox
from hypothesis import example, given
from hypothesis import strategies as st
from lint.command import Run, write

from mailbox_schema.contract import FIELDS
from mailbox_schema.lint.advice import ADVICE, Advice, Context, Rule
from mailbox_schema.lint.config import Choice
from mailbox_schema.lint.findings import Finding, Search
from mailbox_schema.lint.sources.base import Document, Tagged
from mailbox_schema.strategies import doubtful_mailboxes, json_values, mailboxes

PREDICATES: Final = {name: rule for name, rule in ADVICE.items() if rule.may_speak is not None}

PLACEHOLDERS: Final = [
    *("${VAR}", "${{ var }}", "$(cmd)", "{{ var }}", "#{var}", "<% var %>", "<%= var %>", "${A:-${B}}"),
    *("$VAR", "%VAR%", "__VAR__", "<changeme>", "<change me>", "YOUR_PASSWORD", "changeme", "change-me"),
    *("CHANGEME", "CHANGE_ME", "ENC[AES256_GCM,data:bm90LXJlYWw=]", "$ANSIBLE_VAULT;1.1;AES256\n6162"),
]
AROUND: Final = [
    "",
    "",
    "",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\x0b",
    "\x1c",
    "\x85",
    "\u00a0",
    "\u2028",
    "\u3000",
    "x",
    "\n\n",
]
placeholders: Final = st.builds(
    "{}{}{}".format, st.sampled_from(AROUND), st.sampled_from(PLACEHOLDERS), st.sampled_from(AROUND)
)
SERVERS: Final = [
    *(
        "smtp.gmail.com",
        "SMTP.Gmail.COM.",
        "notgmail.com",
        "gmail.com",
        "smtp.office365.com:587",
        "x.live.com/",
    ),
    *(
        "https://smtp.server.io:465/",
        "smtp.server.io.",
        "localhost",
        "192.0.2.1",
        "[2001:db8::1]",
        "n/a",
        "-",
    ),
    *(
        "smtp..io",
        ".smtp.io",
        "-.-",
        "a@b.com",
        "smtp,io",
        "smtp.server.io\u200b",
        "s\u00e9rver.io",
        "server_x.io",
    ),
    *("a." * 500 + "io", "smtp.server.io\n", "\u0130.gmail.com", "smtp.gmail.com\u00a0", "1.2.3.4.5"),
]
PASSWORDS: Final = [
    "abcd efgh ijkl mnop",
    "abcd\u00a0efgh\u00a0ijkl\u00a0mnop",
    "not-a-real-password",
    " ",
    "",
]
PORTS: Final = [25, 143, 465, 587, 993, 2525, 993.0, 143.0, 465.0, True, False, "993", " 465 ", 10**30, 0, -1]
KEYS: Final = ["smtpPort", "SMTP_PORT", "", " smtp_port", "x-note", "_x", "$schema", "mailboxes", "sops"]

texts: Final = (
    placeholders
    | st.sampled_from(SERVERS + PASSWORDS)
    | st.text(st.sampled_from("${}()#<%>_ \nAYOURchange.gmail:/@,;"), max_size=20)
    | st.text(max_size=8)
)
values: Final = texts | texts.map(Tagged) | st.sampled_from(PORTS) | json_values()


@st.composite
def edited_mailboxes(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a mailbox, valid or not, some of whose values and keys have been replaced, added or removed."""
    drawn = draw(mailboxes() | doubtful_mailboxes().filter(lambda value: isinstance(value, dict)))
    edited = {str(key): value for key, value in drawn.items()}
    for name in draw(st.lists(st.sampled_from(list(FIELDS)), max_size=4)):
        edited[name] = draw(values)
    edited.update(draw(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), values, max_size=2)))
    for name in draw(st.lists(st.sampled_from(list(FIELDS)), max_size=2)):
        edited.pop(name, None)
    return edited


def advice_of(rule: Rule, content: dict[str, Any], *, is_lenient: bool = False) -> list[Advice]:
    context = Context(None, Document(), "json", lambda *_: (), allow_placeholders=is_lenient)
    return list(rule.check(content, 0, context))


@given(edited_mailboxes(), st.booleans())
@example(mailbox(smtp_server="a." * 600 + "io"), False)
@example(mailbox(smtp_port="${PORT}"), False)
@example(mailbox(footer="$(NAME)"), False)
@example(mailbox(smtp_password=Tagged("${X}")), False)
@example(mailbox(smtp_login=["${X}"]), False)
@example(mailbox(smtp_port=993.0), False)
@example(mailbox(smtp_server="smtp.gmail.com."), False)
def test_a_rule_that_may_not_speak_has_no_advice(content: dict[str, Any], is_lenient: bool) -> None:
    """Rule: "``may_speak``: returns ``False`` for a mailbox that the rule certainly has no advice on"."""
    silent = [rule for rule in PREDICATES.values() if rule.may_speak and not rule.may_speak(content)]
    assert [advice for rule in silent for advice in advice_of(rule, content, is_lenient=is_lenient)] == []


def test_a_predicate_is_false_for_ordinary_mailboxes() -> None:
    """If it were always true, the property above would check nothing."""
    assert [name for name, rule in PREDICATES.items() if rule.may_speak and rule.may_speak(mailbox())] == []


@given(st.lists(edited_mailboxes(), min_size=1, max_size=2))
@example([mailbox(smtp_server="a." * 600 + "io")])
def test_the_predicates_change_no_finding(contents: list[dict[str, Any]]) -> None:
    """The findings are the same as if every rule were always called."""

    class Whole(Document):
        value: object = contents

        def locate(self, path: Any) -> tuple[None, tuple[int, int] | None]:
            return None, (path[0] + 1 if path else 1, 1)

    def found() -> list[Finding]:
        return sorted(Search("a.json", "json", Choice(frozenset(ADVICE))).findings(Whole()), key=str)

    always_asked = {name: rule._replace(may_speak=None) for name, rule in ADVICE.items()}
    with patch.dict(ADVICE, always_asked):
        expected = found()
    assert found() == expected


def speak(_mailbox: dict[str, object], index: int, _context: Context) -> Iterator[Advice]:
    """Give advice on every mailbox."""
    yield Advice("port-role", "smtp_port", f"is number {index}", None, "smtp_port")


ROWS: Final = [mailbox(), mailbox(smtp_email="b@getpiedpiper.com")]
WRITTEN: Final = {
    "json": json.dumps({"mailboxes": ROWS}),
    "yaml": json.dumps(ROWS),
    "jsonl": "\n".join(map(json.dumps, ROWS)),
    "csv": "\n".join([",".join(ROWS[0]), *(",".join(map(str, row.values())) for row in ROWS)]),
}


@pytest.mark.parametrize("kind", WRITTEN)
def test_a_rule_without_a_predicate_is_asked_about_plainly_valid_mailboxes(
    run: Run, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    write(f"a.{kind}", WRITTEN[kind])
    assert run("check", f"a.{kind}") == (0, "", "1 file checked: no findings\n")
    monkeypatch.setitem(ADVICE, "port-role", Rule(speak, None))
    status, output, errors = run("check", f"a.{kind}")
    assert [line.partition(" ")[2] for line in output.splitlines()] == [
        "warning: mailbox[0].smtp_port is number 0 [port-role]",
        "warning: mailbox[1].smtp_port is number 1 [port-role]",
    ]
    assert (status, errors) == (0, "1 file checked: 2 warnings\n")


def test_a_rule_without_a_predicate_is_asked_about_every_row_of_a_long_csv_file(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ADVICE, "port-role", Rule(speak, None))
    row = ",".join(map(str, ROWS[0].values()))
    write("a.csv", "\n".join([",".join(ROWS[0]), *[row] * 401]))
    found = json.loads(run("check", "--format", "json", "--select", "port-role", "a.csv")[1])
    assert [finding["message"] for finding in found] == [
        f"mailbox[{index}].smtp_port is number {index}" for index in range(401)
    ]


@pytest.mark.parametrize("kind", WRITTEN)
def test_a_rule_whose_predicate_is_true_is_asked(
    run: Run, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setitem(
        ADVICE, "port-role", Rule(speak, lambda content: content["smtp_email"] == "b@getpiedpiper.com")
    )
    write(f"a.{kind}", WRITTEN[kind])
    found = json.loads(run("check", "--format", "json", f"a.{kind}")[1])
    assert [finding["message"] for finding in found if finding["index"] == 1] == [
        "mailbox[1].smtp_port is number 1"
    ]
