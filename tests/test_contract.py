"""The contract as data equals its tables."""

import pytest

import mailbox_schema
from mailbox_schema import FIELDS, MAX_MAILBOXES, contract, rules
from mailbox_schema.contract import (
    BODY_CONSTRAINTS,
    MAILBOXES,
    PROVENANCE,
    SECRET_FIELDS,
    BodyConstraint,
    Field,
    Limits,
)

# The contract's first table, row by row: field, JSON type, required, rule, provenance, range.
TABLE = [
    ("smtp_email", "string", True, "email", "R", None),
    ("smtp_login", "string", False, "not-blank", "R", None),
    ("smtp_password", "string", True, "not-blank", "V", None),
    ("smtp_server", "string", True, "not-blank", "R", None),
    ("smtp_port", "integer", True, "port", "V (there for imap_port)", (1, 65535)),
    ("smtp_from_name", "string", False, "not-blank", "R", None),
    ("imap_email", "string", True, "email", "R", None),
    ("imap_password", "string", True, "not-blank", "V (there for smtp_password)", None),
    ("imap_server", "string", True, "not-blank", "R", None),
    ("imap_port", "integer", True, "port", "V", (1, 65535)),
    ("footer", "string", False, "not-blank", "R", None),
    ("bcc", "string", False, "email", "R", None),
    ("open_tracking_domain", "string", False, "domain", "V", None),
    ("click_tracking_domain", "string", False, "domain", "V", None),
    ("unsubscribe_tracking_domain", "string", False, "domain", "V", None),
    ("sending_wait_time_from", "integer", False, "wait-time", "V", (10, 9999)),
    ("sending_wait_time_to", "integer", False, "wait-time", "V", (20, 9999)),
    ("daily_sending_limit", "integer", False, "daily-limit", "R", (1, 5500)),
]


def test_the_fields_are_those_of_the_table_in_its_order() -> None:
    rows = [(f.name, f.type, f.required, f.rule, f.provenance, f.limits) for f in FIELDS.values()]
    assert rows == TABLE
    assert list(FIELDS) == [row[0] for row in TABLE]


def test_the_constraints_on_the_body_are_those_of_the_table() -> None:
    assert [(row.key, row.rule, row.provenance) for row in BODY_CONSTRAINTS] == [
        (None, "body-object", "I"),
        ("mailboxes", "mailbox-count", "R (the cap), I (wording)"),
        (None, "mailbox-object", "I"),
        ("completion_notification_types", "notification-types", "R (the values), I (wording)"),
    ]
    assert MAX_MAILBOXES == 200


def test_every_rule_has_a_function_and_a_page() -> None:
    assert list(rules.FIELD_RULES) == list(dict.fromkeys(field.rule for field in FIELDS.values()))
    assert list(rules.BODY_RULES) == [row.rule for row in BODY_CONSTRAINTS]
    for name, function in {**rules.FIELD_RULES, **rules.BODY_RULES}.items():
        assert function.__name__ == name.replace("-", "_")
        assert function.__doc__


def test_the_letters_of_provenance_mean_this() -> None:
    assert PROVENANCE == {
        "V": "verbatim: the wording is in the vendor's API reference",
        "R": "required: the constraint is documented by the vendor, the wording is ours",
        "I": "inferred: neither the limit nor the wording is documented, our decision",
    }


def test_every_row_names_its_source_and_a_known_provenance() -> None:
    sources = {"V": "400 example", "R": "reference, body schema", "I": "our decision"}
    rows: list[Field | BodyConstraint] = [*FIELDS.values(), *BODY_CONSTRAINTS]
    for row in rows:
        count = "reference: up to 200 mailboxes in a single request"
        assert row.source == (count if row is MAILBOXES else sources[row.provenance[0]])
        assert {part[0] for part in row.provenance.split(", ")} <= set(PROVENANCE)


def test_the_secret_fields_are_the_passwords_and_the_login() -> None:
    assert SECRET_FIELDS == ("smtp_login", "smtp_password", "imap_password")


def test_the_groups_of_fields_are_these() -> None:
    assert contract.SERVERS == ("smtp_server", "imap_server")
    assert contract.PASSWORDS == ("smtp_password", "imap_password")
    assert contract.WAIT_TIMES == ("sending_wait_time_from", "sending_wait_time_to")
    assert tuple(row.key for row in BODY_CONSTRAINTS if row.key is not None) == contract.BODY_KEYS


def test_the_fields_are_read_only() -> None:
    with pytest.raises(TypeError, match=r"\A'mappingproxy' object does not support item assignment\Z"):
        FIELDS["color"] = FIELDS["bcc"]  # type: ignore[index]  # the test is that it can't


def test_ranges_are_inclusive_at_both_ends() -> None:
    """Contract: "Ranges are inclusive at both ends: <1,65535> admits 1 and 65535."."""
    limits = Limits(1, 65535)
    assert [limits.admit(number) for number in (0, 1, 65535, 65536)] == [False, True, True, False]
    assert str(limits) == "<1,65535>"


def test_the_public_names_are_these() -> None:
    assert set(mailbox_schema.__all__) == {
        "Batch",
        "FIELDS",
        "MAX_MAILBOXES",
        "InvalidBody",
        "Reason",
        "Violation",
        "__version__",
        "batches",
        "ensure_valid",
        "failure_response",
        "is_valid",
        "is_valid_mailbox",
        "iter_mailbox_violations",
        "iter_violations",
        "load_schema",
        "parse_failure",
        "validate",
        "validate_mailbox",
    }
    assert all(getattr(mailbox_schema, name) is not None for name in mailbox_schema.__all__)
