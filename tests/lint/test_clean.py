"""What is called clean, the rules find nothing in."""

import io
import json
from typing import Any, Final

import pytest
from golden import VENDOR_FULL, body, mailbox
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mailbox_schema.contract import FIELDS
from mailbox_schema.lint.clean import is_clean
from mailbox_schema.lint.config import Choice
from mailbox_schema.lint.findings import findings
from mailbox_schema.lint.sources import Document, documents
from mailbox_schema.strategies import doubtful_bodies, doubtful_mailboxes

# What advice speaks of, or nearly: so that as many bodies are clean as not.
EMAILS: Final = [
    "jared@getpiedpiper.com",
    "Jared@getpiedpiper.com",
    "dinesh@getpiedpiper.com",
    "{{a}}@b.com",
    "#{a}@b.com",
]
SERVERS: Final = [
    "smtp.server.io", "192.0.2.1", "localhost", "smtp.gmail.com", "SMTP.Office365.COM", "notgmail.com", "gmail.com.example.io",
    "smtp.server.io.", "smtp.server.io:25", "smtp..io", ".smtp.io", "n/a", "none", "${HOST}.io", "a b.io", "\u200bsmtp.io", "s\u00e9.io",
    "smtp.server.io\n", "[::1]", "-", "a.b@c.d", "http://x.io", "__HOST__", "live.com", "xlive.com",
]  # fmt: skip
TEXTS: Final = [
    "Jared Dunn", "abcd efgh ijkl mnop", "not-a-real-password", "${X}", "$X", "$x", "a$X", "$(x)", "%X%", "100%", "__X__", "__x", "{{ x }}",
    "{{x", "x}}", "#{x}", "<% x %>", "<x>", "a<x>", "changeme", "change-me", "CHANGEME", "CHANGE_ME", "changes", "YOUR_NAME", "your_name",
    " changeme ", "\u00a0__X__", "\u2003$X", "\u0085<x>", "\n%X%", "x\n$X", "ENC[AES256_GCM,data:x]", "$ANSIBLE_VAULT;1.1;AES256", "-",
    "YOUR_", "${", "${{ x }}", "\u202fYOUR_X", "a\n<x>",
]  # fmt: skip
FOOTERS: Final = ["<div>Jared</div>", "{{FIRST_NAME}}", "${X}", "$(x)", "$X", "__X__", "<x>", "100 % of it"]
PORTS: Final = [465, 587, 25, 2525, 143, 993, 1, 993.0, 465.0]
OTHER_KEYS: Final = ["daily_sending_limt", "smtpPort", "x-note", "$schema", "mailboxes", ""]

VALUES: Final[dict[str, list[Any]]] = (
    dict.fromkeys(("smtp_email", "imap_email", "bcc"), EMAILS)
    | dict.fromkeys(("smtp_server", "imap_server"), SERVERS)
    | dict.fromkeys(("smtp_login", "smtp_password", "imap_password", "smtp_from_name"), TEXTS)
    | dict.fromkeys(("smtp_port", "imap_port"), PORTS)
    | {"footer": FOOTERS}
)
GOOD: Final[dict[str, Any]] = {name: choices[0] for name, choices in VALUES.items()} | {"imap_port": 993}


@st.composite
def nearly_clean(draw: st.DrawFn) -> dict[str, Any]:
    changed = draw(st.sets(st.sampled_from([*VALUES, "other"]), max_size=2))
    row: dict[str, Any] = {
        **GOOD,
        "smtp_email": draw(st.sampled_from([f"user{number}@mail.com" for number in range(30)])),
    }
    for name in sorted(changed - {"other"}):
        row[name] = draw(st.sampled_from([*VALUES[name], None]))
    if "other" in changed:
        row[draw(st.sampled_from(OTHER_KEYS))] = draw(st.sampled_from(["x", None, 3]))
    return row


rows: Final = st.lists(nearly_clean() | doubtful_mailboxes(), min_size=1, max_size=4)
contents: Final = st.one_of(
    nearly_clean(),
    rows,
    st.builds(lambda rows, other: {"mailboxes": rows, **other}, rows, st.sampled_from([{}, {"x": 1}, {"completion_notification_types": ["MAIL"]}, {"smtp_port": 25}])),
    doubtful_bodies(),
)  # fmt: skip


def found(document: Document, kind: str) -> list[str]:
    return [finding.rule for finding in findings("a", kind, document, Choice(None))]


def promise_is_kept(document: Document, kind: str) -> None:
    assert not is_clean(document, kind) or found(document, kind) == []


@settings(max_examples=3 * settings().max_examples)
@given(contents, st.sampled_from(["json", "csv", "yaml"]), st.sampled_from([None, 0, 7]))
@example([GOOD, {**GOOD, "smtp_email": GOOD["smtp_email"].upper()}], "json", None)
@example({"mailboxes": [GOOD], "imap_port": 993}, "json", None)
def test_in_what_is_clean_nothing_is_found(content: Any, kind: str, index: int | None) -> None:
    promise_is_kept(Document(content, lambda _: ((1, 1), (1, 1)), index=index), kind)


@given(st.lists(nearly_clean(), min_size=1, max_size=4), st.sampled_from(["json", "jsonl"]), st.data())
def test_in_text_that_is_clean_nothing_is_found(rows: list[Any], kind: str, data: st.DataObject) -> None:
    """As files are read: with keys that are doubled, too."""
    text = json.dumps(rows) if kind == "json" else "\n".join(map(json.dumps, rows))
    if data.draw(st.booleans()):
        text = text.replace('"smtp_port"', '"smtp_port": 25, "smtp_port"', 1)
    for document in documents(io.BytesIO(text.encode()), kind):
        assert isinstance(document, Document)
        promise_is_kept(document, kind)


@pytest.mark.parametrize("field", [field.name for field in FIELDS.values() if field.type == "string"])
@given(data=st.data())
def test_values_of_every_field(field: str, data: st.DataObject) -> None:
    """A field that is new to the contract, too: no value of it is passed over."""
    value = data.draw(st.sampled_from(VALUES.get(field, EMAILS + SERVERS)) | st.text(max_size=12))
    promise_is_kept(Document({**GOOD, field: value}, lambda _: ((1, 1), (1, 1))), "json")


@pytest.mark.parametrize(
    ("content", "kind", "index"),
    [
        (VENDOR_FULL, "json", None),
        (body(), "csv", None),
        ([mailbox(), mailbox(smtp_email="other@getpiedpiper.com")], "json", None),
        (mailbox(), "json", None),
        (mailbox(smtp_login="pa$$w0rd", footer="<b>100 %</b>"), "jsonl", 5),
        ({"mailboxes": [mailbox()], "completion_notification_types": []}, "json", None),
    ],
)
def test_what_is_clean(content: Any, kind: str, index: int | None) -> None:
    assert is_clean(Document(content, lambda _: (None, None), index=index), kind)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (body(), "yaml"),  # its scalars may be ambiguous
        ("text", "json"),
        ({**body(), "x-note": 1}, "json"),  # passed over by advice, and rare
        ({}, "json"),
        ([], "json"),
        ([None], "json"),
        ([mailbox()] * 2, "json"),
        (mailbox(smtp_port=0), "json"),
        (mailbox(smtp_port=993), "json"),
        (mailbox(imap_port=25), "json"),
        (mailbox(smtp_server="smtp.gmail.com"), "json"),
        (mailbox(imap_server="imap.server.io/"), "json"),
        (mailbox(colour="blue"), "json"),
        (mailbox(footer="${FOOTER}"), "json"),
        (mailbox(smtp_login="{{ login }}"), "json"),
    ],
)
def test_what_is_left_to_the_rules(content: Any, kind: str) -> None:
    assert not is_clean(Document(content, lambda _: (None, None)), kind)
