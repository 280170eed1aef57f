"""Hints: what people really get wrong, and how to mend it; never a secret."""

import json
import re
from typing import Any

import pytest
from golden import body, mailbox
from hypothesis import given
from hypothesis import strategies as st

from mailbox_schema import FIELDS, MAX_MAILBOXES, Violation, iter_violations
from mailbox_schema.contract import SECRET_FIELDS
from mailbox_schema.strategies import doubtful_bodies

ABSENT = ...
IN_RANGE = "write a number from 1 to 65535, without quotes"


def hints(of: object) -> list[str | None]:
    return [violation.hint for violation in iter_violations(of)]


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        (ABSENT, "add the field"),
        (None, "give a value: `null` counts as absent"),
        ("", None),
        (465, "write it as text in quotes"),
        (["jared@getpiedpiper.com"], "write one value, not a list"),
        ({}, "write it as text in quotes"),
        ("${SMTP_EMAIL}", "fill in the placeholder"),
        ("{{ smtp_email }}", "fill in the placeholder"),
        ("<changeme>", "fill in the placeholder"),
        ("$SMTP_EMAIL", "fill in the placeholder"),
        ("mailto:jared@getpiedpiper.com", "remove `mailto:`"),
        ("Mailto:jared@getpiedpiper.com", "remove `mailto:`"),
        ("Jared Dunn <jared@getpiedpiper.com>", "write the address alone, without a name and angle brackets"),
        ("<jared@getpiedpiper.com>", "write the address alone, without a name and angle brackets"),
        ("https://getpiedpiper.com", "write an email address, not a URL"),
        ("jared@getpiedpiper.com,dinesh@getpiedpiper.com", "one address only"),
        ("jared@getpiedpiper.com; dinesh@getpiedpiper.com", "one address only"),
        ("jared@getpiedpiper.com dinesh@getpiedpiper.com", "one address only"),
        ("jared@@getpiedpiper.com", "there is more than one `@`"),
        ("jared@getpiedpiper,com", "an address has no comma"),
        ("jared@getpiedpiper.com,", "write the address alone, with nothing beside it"),
        ("jared@getpiedpiper.com (Jared)", "write the address alone, with nothing beside it"),
        ("Jared jared@getpiedpiper.com", "write the address alone, with nothing beside it"),
        ("jared at getpiedpiper.com", "the `@` is missing"),
        ("jared@getpiedpiper;com", "an address has no semicolon"),
        (" jared@getpiedpiper.com", "remove the spaces around the address"),
        ("jared@getpiedpiper.com\n", "remove the spaces around the address"),
        ("jared@getpiedpiper.com\u00a0", "remove the spaces around the address"),
        ("\u200bjared@getpiedpiper.com", "remove the invisible characters"),
        ("jared@getpiedpiper.com\ufeff", "remove the invisible characters"),
        ("jared@getpied piper", "an address has no spaces"),
        ("jared.getpiedpiper.com", "the `@` is missing"),
        ("@getpiedpiper.com", "the part before the `@` is missing"),
        ("jared@", "the domain after the `@` is missing"),
        ("jared@getpiedpiper.com.", "remove the dot at the end"),
        ("jared..dunn@getpiedpiper.com", "there are two dots in a row"),
        ("jared@getpiedpiper", "the domain after the `@` lacks its ending, such as `.com`"),
        ("jared@mail.local", "the domain is reserved and receives no email"),
        ("jared@mail.TEST", "the domain is reserved and receives no email"),
        ("jared@pied_piper.com", "the domain after the `@` is not valid"),
        ("jared(dunn)@getpiedpiper.com", None),
        ("jared\uff20getpiedpiper.com", "write the `@` as the plain character, not the full-width one"),
        ("jared.@getpiedpiper.com", "the part before the `@` begins or ends with a dot"),
        ("\u202ajared@getpiedpiper.com", "remove the invisible characters"),
        ("jared@" + ".".join(["a" * 60] * 5), "it is too long"),
        ("user%a%b@localhost", "the domain after the `@` lacks its ending, such as `.com`"),
        ("a" * 1001, "it is too long"),
    ],
)
def test_email(address: Any, hint: str | None) -> None:
    assert hints(body(imap_email=address)) == [hint]


@pytest.mark.parametrize(
    ("domain", "hint"),
    [
        ("", "leave the field out or fill it in"),
        (5, "write it as text in quotes"),
        ("https://open-domain.com", "remove `https://`"),
        ("HTTP://open-domain.com", "remove `http://`"),
        ("ftp://open-domain.com", "remove the scheme"),
        ("https:/open-domain.com", "remove `https://`"),
        ("open-domain.com/", "remove the slash at the end"),
        ("open-domain.com/track", "remove the path"),
        ("open-domain.com?x=1", "remove the path"),
        ("open-domain.com#x", "remove the path"),
        ("open-domain.com:443", "remove the port"),
        ("https://open-domain.com:443/track/", "remove `https://`, the port and the path"),
        ("https://open-domain.com/", "remove `https://` and the slash at the end"),
        (" open-domain.com ", "remove the spaces around it"),
        ("open-domain.com.", "remove the dot at the end"),
        ("*.open-domain.com", "remove `*.`"),
        ("open-domain.com\u200b", "remove the invisible characters"),
        ("a.example, b.example", "one domain only"),
        ("192.0.2.1", "write a domain, not an IP address"),
        ("[2001:db8::1]", "write a domain, not an IP address"),
        ("2001:db8::1", "write a domain, not an IP address"),
        ("jared@getpiedpiper.com", "write a domain, not an email address"),
        ("open domain.com", "a domain has no spaces"),
        ("http://https://open-domain.com", "remove `http://` and `https://`"),
        ("https//open-domain.com", "remove `https://`"),
        ("//open-domain.com", "remove the scheme"),
        ("https:open-domain.com", "remove `https://`"),
        ("https://user:pw@open-domain.com/", "remove `https://`, the user name and the slash at the end"),
        (
            "https://localhost/",
            "remove `https://` and the slash at the end; write the whole name, such as `track.example.com`",
        ),
        ("https://open_domain.com", "remove `https://`; a domain has no underscore"),
        ("open-domain.com\\", "remove the backslash at the end"),
        ("<open-domain.com>", "a domain has no angle brackets"),
        ("open-domain.123", "the last part is not all digits"),
        ("xn--a.example", "what stands behind `xn--` is no internationalised name"),
        ("\u2603.example", "it has a character that no domain has, or in a wrong place"),
        ("a!b.example", None),
        ("open_domain.com", "a domain has no underscore"),
        ("example\u3002com", "write the dots as `.`"),
        ("B\u00fccher.example", "write it in lower case"),
        ("B\u0075\u0308cher.example", "write it in lower case and in its Unicode normal form (NFC)"),
        ("\uff45xample.com", "write it in plain letters, not in full-width or other special forms"),
        ("n/a", "leave the field out: a filler is no domain"),
        ("-", "leave the field out: a filler is no domain"),
        ("open-domain,com", "a domain has no comma or semicolon"),
        ('"open-domain.com"', "a domain has no quotes"),
        ("http:///open-domain.com", "remove `http://`"),
        ("/open-domain.com", "remove the slash at the start"),
        ("https://", "remove `https://`; write the whole name, such as `track.example.com`"),
        ("localhost:8080", "remove the port; write the whole name, such as `track.example.com`"),
        (
            "https://192.0.2.1/",
            "remove `https://` and the slash at the end; write a domain, not an IP address",
        ),
        ("\u202aopen-domain.com\u202c", "remove the invisible characters"),
        (".".join(["a" * 60] * 5), "it is too long"),
        (".example.com", "a part between two dots is missing"),
        ("example..com", "a part between two dots is missing"),
        ("localhost", "write the whole name, such as `track.example.com`"),
        ("-open.example", "no part begins or ends with a hyphen"),
        ("open-.example", "no part begins or ends with a hyphen"),
        ("${DOMAIN}", "fill in the placeholder"),
        ("%DOMAIN%", "fill in the placeholder"),
        (f"{'a' * 64}.com", "a part between two dots is longer than 63 characters"),
    ],
)
def test_domain(domain: Any, hint: str | None) -> None:
    assert hints(body(open_tracking_domain=domain)) == [hint]


@pytest.mark.parametrize(
    ("port", "hint"),
    [
        ("587", "write 587 without quotes"),
        (" 587 ", IN_RANGE),
        ("0587", IN_RANGE),
        ("65536", IN_RANGE),
        ("587.0", IN_RANGE),
        ("\u0665\u0668\u0667", IN_RANGE),
        ("smtp", IN_RANGE),
        ("9" * 5000, IN_RANGE),
        ("${SMTP_PORT}", "fill in the placeholder"),
        (True, "write a number, not true or false"),
        (465.5, "write a whole number from 1 to 65535"),
        (float("inf"), "write a whole number from 1 to 65535"),
        ([465], "write one number"),
        ({}, "write one number"),
        (0, None),
        (65536, None),
        (ABSENT, "add the field"),
    ],
)
def test_port(port: Any, hint: str | None) -> None:
    assert hints(body(smtp_port=port)) == [hint]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (30, 20, ["`from` is not below `to`", "`from` is not below `to`"]),
        (20, 20, ["`from` is not below `to`", "`from` is not below `to`"]),
        (10, ABSENT, ["add `sending_wait_time_to`"]),
        (ABSENT, 20, ["add `sending_wait_time_from`"]),
        (None, 20, ["add `sending_wait_time_from`"]),
        (9, 20, ["use a number from 10 to 9999"]),
        (10, 19, ["use a number from 20 to 9999"]),
        (10, 10000, ["use a number from 20 to 9999"]),
        (5, 5, ["use a number from 10 to 9999", "use a number from 20 to 9999"]),
        ("10", 20, ["write 10 without quotes"]),
        (10, "20", ["write 20 without quotes"]),
    ],
)
def test_wait_times(first: Any, second: Any, expected: list[str]) -> None:
    assert hints(body(sending_wait_time_from=first, sending_wait_time_to=second)) == expected


@pytest.mark.parametrize(
    ("password", "hint"),
    [
        (12345, "write the value in quotes"),
        (1.5, "write the value in quotes"),
        (True, "write the value in quotes"),
        (["not-a-real-password"], "write one value, not a list"),
        ({"not-a-real-password": 1}, "write it as text in quotes"),
        ("", None),
        (ABSENT, "add the field"),
    ],
)
def test_password(password: Any, hint: str | None) -> None:
    assert hints(body(smtp_password=password)) == [hint]


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        ([], ['put the list in an object: `{"mailboxes": [...]}`']),
        (3, [None]),
        ({}, ["add `mailboxes`, a list of mailboxes"]),
        (mailbox(), ['put the mailbox in a body: `{"mailboxes": [...]}`']),
        ({"Mailboxes": [mailbox()]}, ["rename the key that is like it to `mailboxes`"]),
        ({"mailbox": mailbox()}, ["rename the key that is like it to `mailboxes`"]),
        ({3: mailbox(), "x" * 100: 1}, ["add `mailboxes`, a list of mailboxes"]),
        ({"mailboxes": mailbox()}, ["put the mailbox in a list"]),
        ({"mailboxes": {"sales": mailbox()}}, ["write a list, not an object"]),
        ({"mailboxes": [body()]}, ["this is a request body, not a mailbox"] * 8),
        (
            {"mailboxes": [{"smtpEmail": "x", **mailbox(smtp_email=ABSENT)}]},
            ["rename the key that is like it to `smtp_email`"],
        ),
        (
            {"mailboxes": [{"imap_pasword": "x", **mailbox(imap_password=ABSENT)}]},
            ["rename the key that is like it to `imap_password`"],
        ),
        ({"mailboxes": 3}, [None]),
        ({"mailboxes": []}, ["add a mailbox"]),
        ({"mailboxes": [mailbox()] * (MAX_MAILBOXES + 1)}, ["split it into several requests"]),
        (
            {"mailboxes": [None, [mailbox()], 3]},
            ["remove the empty item", "write the mailbox alone, without brackets", None],
        ),
        ({**body(), "completion_notification_types": "MAIL"}, ['write a list, such as `["MAIL"]`']),
        ({**body(), "completion_notification_types": ["mail"]}, ["write the names in capitals"]),
        ({**body(), "completion_notification_types": ["SMS"]}, [None]),
        ({**body(), "completion_notification_types": {}}, [None]),
    ],
)
def test_body(of: object, expected: list[str | None]) -> None:
    assert hints(of) == expected


SECRET = "not-a-real-password-5871"


@pytest.mark.parametrize("name", SECRET_FIELDS)
@pytest.mark.parametrize("secret", [SECRET, [SECRET], {SECRET: SECRET}, 5871, 5871.5])
def test_a_number_that_resembles_a_secret_is_not_written_out(name: str, secret: object) -> None:
    found = list(iter_violations(body(**{"smtp_port": "587", name: secret})))
    assert next(v.hint for v in found if v.field == "smtp_port") == IN_RANGE


@pytest.mark.parametrize(
    ("port", "secret", "hint"),
    [
        ("587", "not-a-real-password-5", "write 587 without quotes"),
        ("587", "578", "write 587 without quotes"),
        ("587", "x58x", IN_RANGE),
        ("587", "x87x", IN_RANGE),
        ("5", "x5x", IN_RANGE),
        ("5", "x6x", "write 5 without quotes"),
        ("587", 123, "write 587 without quotes"),
        ("587", 10**101, IN_RANGE),
        ("587", None, "write 587 without quotes"),
    ],
)
def test_what_resembles_a_secret(port: str, secret: object, hint: str) -> None:
    found = list(iter_violations(body(smtp_port=port, smtp_login=secret)))
    assert next(v.hint for v in found if v.field == "smtp_port") == hint


@given(doubtful_bodies(), st.text(alphabet="0123456789abc\u00fc", min_size=1, max_size=6))
def test_no_secret_in_anything_that_is_said(doubtful: Any, secret: str) -> None:
    """No secret in a message, a hint or a repr: what is said doesn't depend on what the secrets are.

    But for a number in quotes: it is said only if no two digits in a row of it stand in a secret.
    """
    if not isinstance(doubtful, dict):
        return

    def found(replacement: str) -> list[Violation]:
        items = doubtful.get("mailboxes")
        changed = [
            {**item, **dict.fromkeys(SECRET_FIELDS, replacement)} if isinstance(item, dict) else item
            for item in (items if isinstance(items, list) else [])
        ]
        return list(iter_violations({**doubtful, "mailboxes": changed}))

    for with_secret, without in zip(found(secret), found("\u4e00"), strict=True):
        assert with_secret == without
        if with_secret.hint != without.hint:
            assert (with_secret.hint or "").startswith("write a number from ")
            assert re.fullmatch("write [0-9]+ without quotes", without.hint or "")
        elif number := re.fullmatch("write ([0-9]+) without quotes", with_secret.hint or ""):
            assert not any(pair in secret for pair in pairs(number[1]))


def pairs(digits: str) -> list[str]:
    return [digits] if len(digits) == 1 else [digits[place : place + 2] for place in range(len(digits) - 1)]


@given(st.integers(1, 65535), st.text(alphabet="0123456789", max_size=4))
def test_a_number_in_quotes_is_said_unless_a_part_of_it_stands_in_a_secret(port: int, secret: str) -> None:
    said = next(
        v.hint for v in iter_violations(body(smtp_port=str(port), imap_password=f"x{secret}")) if v.field
    )
    kept_back = any(pair in secret for pair in pairs(str(port)))
    assert said == (IN_RANGE if kept_back else f"write {port} without quotes")


@given(doubtful_bodies())
def test_a_hint_is_one_short_line_that_needs_no_escaping(doubtful: object) -> None:
    for violation in iter_violations(doubtful):
        hint = violation.hint
        if hint is not None:
            assert 0 < len(hint) < 120
            assert hint.isascii()
            assert hint.isprintable()
            assert "<" not in hint
            assert "&" not in hint


def test_every_field_hints_at_a_placeholder_where_it_is_a_violation() -> None:
    for field in FIELDS.values():
        changes = {field.name: "${VAR}"}
        if field.rule == "wait-time":
            changes = dict.fromkeys(("sending_wait_time_from", "sending_wait_time_to"), "${VAR}")
        expected = [] if field.rule == "not-blank" else ["fill in the placeholder"] * len(changes)
        assert hints(json.loads(json.dumps(body(**changes)))) == expected
