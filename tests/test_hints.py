"""Hints: what people really get wrong, and how to fix it; never a part of the body."""

import ast
import inspect
import json
import re
from typing import Any

import pytest
from golden import body, mailbox
from hypothesis import given
from hypothesis import strategies as st

from mailbox_schema import FIELDS, MAX_MAILBOXES, iter_violations
from mailbox_schema import hints as hint_texts
from mailbox_schema.contract import SECRET_FIELDS
from mailbox_schema.placeholders import FILL_IN_PLACEHOLDER
from mailbox_schema.rules import mailbox_violations
from mailbox_schema.strategies import doubtful_bodies

ABSENT = ...
IN_RANGE = "write a number from 1 to 65535, in digits only and without quotes"
NUMERAL = "write the number without quotes"


def hints(of: object) -> list[str | None]:
    return [violation.hint for violation in iter_violations(of)]


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        (ABSENT, "add the field"),
        (None, "give a value: `null` counts as absent"),
        ("", None),
        (465, "write it as text, in quotes"),
        (["jared@getpiedpiper.com"], "write one value, not a list"),
        ({}, "write one value, not an object"),
        ("${SMTP_EMAIL}", "fill in the placeholder"),
        ("{{ smtp_email }}", "fill in the placeholder"),
        ("<changeme>", "fill in the placeholder"),
        ("$SMTP_EMAIL", "fill in the placeholder"),
        ("mailto:jared@getpiedpiper.com", "remove `mailto:`"),
        ("Mailto:jared@getpiedpiper.com", "remove `mailto:`"),
        ("Jared Dunn <jared@getpiedpiper.com>", "write only the address, without a name or angle brackets"),
        ("<jared@getpiedpiper.com>", "write only the address, without a name or angle brackets"),
        ("https://getpiedpiper.com", "write an email address, not a URL"),
        ("jared@getpiedpiper.com,dinesh@getpiedpiper.com", "write one address only"),
        ("jared@getpiedpiper.com; dinesh@getpiedpiper.com", "write one address only"),
        ("jared@getpiedpiper.com dinesh@getpiedpiper.com", "write one address only"),
        ("jared@@getpiedpiper.com", "there is more than one `@`"),
        ("jared@getpiedpiper,com", "an address can't contain a comma"),
        ("jared@getpiedpiper.com,", "write only the address, with nothing next to it"),
        ("jared@getpiedpiper.com (Jared)", "write only the address, with nothing next to it"),
        ("Jared jared@getpiedpiper.com", "write only the address, with nothing next to it"),
        ("jared at getpiedpiper.com", "the `@` is missing"),
        ("jared@getpiedpiper;com", "an address can't contain a semicolon"),
        (" jared@getpiedpiper.com", "remove the spaces around the address"),
        ("jared@getpiedpiper.com\n", "remove the spaces around the address"),
        ("jared@getpiedpiper.com\u00a0", "remove the spaces around the address"),
        ("\u200bjared@getpiedpiper.com", "remove the invisible characters"),
        ("jared@getpiedpiper.com\ufeff", "remove the invisible characters"),
        ("jared@getpied piper", "an address can't contain spaces"),
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
        (".jared@getpiedpiper.com", "the part before the `@` begins or ends with a dot"),
        ("jared.@getpiedpiper.com", "the part before the `@` begins or ends with a dot"),
        ("\u202ajared@getpiedpiper.com", "remove the invisible characters"),
        ("jared@" + ".".join(["a" * 60] * 5), "it is too long"),
        ("user%a%b@localhost", "the domain after the `@` lacks its ending, such as `.com`"),
        ("a" * 1001, "it is too long"),
        ("a" * 1000, "the `@` is missing"),
        ("jared<dunn@getpiedpiper.com", None),
        ("jareddunn@getpiedpiper.com>", "write only the address, with nothing next to it"),
        ("jared@ getpiedpiper.com ", "an address can't contain spaces"),
        ("jared.dunn@getpiedpiper", "the domain after the `@` lacks its ending, such as `.com`"),
        ("a(" + "b" * 242 + "@piper.com", None),
        ("a(" + "b" * 243 + "@piper.com", "it is too long"),
    ],
)
def test_a_broken_address_gets_its_hint(address: Any, hint: str | None) -> None:
    assert hints(body(imap_email=address)) == [hint]


@pytest.mark.parametrize(
    ("domain", "hint"),
    [
        ("", "leave the field out or fill it in"),
        (5, "write it as text, in quotes"),
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
        ("a.example, b.example", "write one domain only"),
        ("192.0.2.1", "write a domain, not an IP address"),
        ("[2001:db8::1]", "write a domain, not an IP address"),
        ("2001:db8::1", "write a domain, not an IP address"),
        ("jared@getpiedpiper.com", "write a domain, not an email address"),
        ("open domain.com", "a domain can't contain spaces"),
        ("http://https://open-domain.com", "remove `http://` and `https://`"),
        ("https//open-domain.com", "remove `https://`"),
        ("//open-domain.com", "remove the scheme"),
        ("https:open-domain.com", "remove `https://`"),
        ("https://user:pw@open-domain.com/", "remove `https://`, the user name and the slash at the end"),
        (
            "https://localhost/",
            "remove `https://` and the slash at the end; write the whole name, such as `track.example.com`",
        ),
        ("https://open_domain.com", "remove `https://`; a domain can't contain an underscore"),
        ("open-domain.com\\", "remove the backslash at the end"),
        ("<open-domain.com>", "a domain can't contain angle brackets"),
        ("open-domain.123", "the last part can't be all digits"),
        ("xn--a.example", "the part after `xn--` is not a valid internationalized name"),
        ("\u2603.example", "the domain contains a character that is not allowed there"),
        ("a!b.example", None),
        ("open_domain.com", "a domain can't contain an underscore"),
        ("example\u3002com", "write the dots as `.`"),
        ("B\u00fccher.example", "write it in lower case"),
        ("B\u0075\u0308cher.example", "write it in lower case and in its Unicode normal form (NFC)"),
        ("\uff45xample.com", "write it in plain letters, not in full-width or other special forms"),
        ("n/a", "leave the field out: a filler is not a domain"),
        ("-", "leave the field out: a filler is not a domain"),
        *(
            (filler, "leave the field out: a filler is not a domain")
            for filler in ("--", "na", "none", "NULL", "nil", "undefined")
        ),
        ("open-domain,com", "a domain can't contain a comma or semicolon"),
        ("open-domain;com", "a domain can't contain a comma or semicolon"),
        ('"open-domain.com"', "a domain can't contain quotes"),
        ("http:///open-domain.com", "remove `http://`"),
        ("/open-domain.com", "remove the slash at the start"),
        (" jared@open-domain.com", "remove the spaces around it and the user name"),
        ("/,open-domain.com", "remove the slash at the start; a domain can't contain a comma or semicolon"),
        (",.", "remove the dot at the end; a domain can't contain a comma or semicolon"),
        ("open-domain.com,.", "remove the dot at the end; a domain can't contain a comma or semicolon"),
        ("https://", "remove `https://`; write the whole name, such as `track.example.com`"),
        ("localhost:8080", "remove the port; write the whole name, such as `track.example.com`"),
        (
            "https://192.0.2.1/",
            "remove `https://` and the slash at the end; write a domain, not an IP address",
        ),
        ("\u202aopen-domain.com\u202c", "remove the invisible characters"),
        (".".join(["a" * 60] * 5), "it is too long"),
        (".".join(["a" * 60] * 4) + ".b!c.d.example"[:10], None),
        (".".join(["a" * 60] * 4) + ".b!c.d.example"[:11], "it is too long"),
        ("a" * 63 + ".b!c.com", None),
        ("a::b", "write a domain, not an IP address"),
        ("[a.b", "write a domain, not an IP address"),
        ("a:b.example", None),
        ("open-domain.com:", "remove the port"),
        ("*.a.com", "remove `*.`"),
        ("open-domain.com>", "a domain can't contain angle brackets"),
        ("<open-domain.com", "a domain can't contain angle brackets"),
        (".example.com", "a part of the domain is empty"),
        ("example..com", "a part of the domain is empty"),
        ("localhost", "write the whole name, such as `track.example.com`"),
        ("-open.example", "a part can't begin or end with a hyphen"),
        ("open-.example", "a part can't begin or end with a hyphen"),
        ("${DOMAIN}", "fill in the placeholder"),
        ("%DOMAIN%", "fill in the placeholder"),
        (f"{'a' * 64}.com", "a part of the domain is longer than 63 characters"),
    ],
)
def test_a_broken_domain_gets_its_hint(domain: Any, hint: str | None) -> None:
    assert hints(body(open_tracking_domain=domain)) == [hint]


@pytest.mark.parametrize("domain", ["/open-domain.com", " jared@open-domain.com"])
def test_a_part_of_a_url_is_the_reason_without_a_scheme_too(domain: str) -> None:
    (violation,) = iter_violations(body(open_tracking_domain=domain))
    assert violation.reason == "url"


@pytest.mark.parametrize(
    ("port", "hint"),
    [
        ("587", NUMERAL),
        ("65535", NUMERAL),
        (" 587 ", IN_RANGE),
        ("0587", IN_RANGE),
        ("65536", IN_RANGE),
        ("587.0", IN_RANGE),
        ("\u0665\u0668\u0667", IN_RANGE),
        ("smtp", IN_RANGE),
        ("9" * 5000, IN_RANGE),
        ("${SMTP_PORT}", "fill in the placeholder"),
        (f"{{{{{'a' * 996}}}}}", "fill in the placeholder"),
        (f"{{{{{'a' * 997}}}}}", IN_RANGE),
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
def test_a_broken_port_gets_its_hint(port: Any, hint: str | None) -> None:
    assert hints(body(smtp_port=port)) == [hint]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (
            30,
            20,
            [
                "make `sending_wait_time_from` lower than `sending_wait_time_to`",
                "make `sending_wait_time_from` lower than `sending_wait_time_to`",
            ],
        ),
        (
            20,
            20,
            [
                "make `sending_wait_time_from` lower than `sending_wait_time_to`",
                "make `sending_wait_time_from` lower than `sending_wait_time_to`",
            ],
        ),
        (10, ABSENT, ["add `sending_wait_time_to`"]),
        (ABSENT, 20, ["add `sending_wait_time_from`"]),
        (None, 20, ["add `sending_wait_time_from`"]),
        (9, 20, ["use a number from 10 to 9999"]),
        (10, 19, ["use a number from 20 to 9999"]),
        (10, 10000, ["use a number from 20 to 9999"]),
        (5, 5, ["use a number from 10 to 9999", "use a number from 20 to 9999"]),
        ("10", 20, [NUMERAL]),
        (10, "20", [NUMERAL]),
    ],
)
def test_broken_wait_times_get_their_hints(first: Any, second: Any, expected: list[str]) -> None:
    assert hints(body(sending_wait_time_from=first, sending_wait_time_to=second)) == expected


@pytest.mark.parametrize(
    ("password", "hint"),
    [
        (12345, "write the value in quotes"),
        (1.5, "write the value in quotes"),
        (True, "write the value in quotes"),
        (["not-a-real-password"], "write one value, not a list"),
        ({"not-a-real-password": 1}, "write one value, not an object"),
        ("", None),
        (ABSENT, "add the field"),
    ],
)
def test_a_broken_password_gets_its_hint(password: Any, hint: str | None) -> None:
    assert hints(body(smtp_password=password)) == [hint]


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        ([], ['put the list in an object: `{"mailboxes": [...]}`']),
        (3, [None]),
        ({}, ["add `mailboxes`, a list of mailboxes"]),
        (mailbox(), ['put the mailbox in a body: `{"mailboxes": [...]}`']),
        ({"Mailboxes": [mailbox()]}, ["rename the similar key to `mailboxes`"]),
        ({"mailbox": mailbox()}, ["rename the similar key to `mailboxes`"]),
        ({3: mailbox(), "x" * 100: 1}, ["add `mailboxes`, a list of mailboxes"]),
        ({"mailboxes": mailbox()}, ["put the mailbox in a list"]),
        ({"mailboxes": {"sales": mailbox()}}, ["write a list, not an object"]),
        ({"mailboxes": [body()]}, ["this is a request body, not a mailbox"] * 8),
        (
            {"mailboxes": [{"smtpEmail": "x", **mailbox(smtp_email=ABSENT)}]},
            ["rename the similar key to `smtp_email`"],
        ),
        (
            {"mailboxes": [{"imap_pasword": "x", **mailbox(imap_password=ABSENT)}]},
            ["rename the similar key to `imap_password`"],
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
def test_a_broken_body_gets_its_hints(of: object, expected: list[str | None]) -> None:
    assert hints(of) == expected


@pytest.mark.parametrize(
    ("before", "hint"), [(49, "rename the similar key to `smtp_email`"), (50, "add the field")]
)
def test_the_first_50_unknown_keys_are_compared(before: int, hint: str) -> None:
    unknown = {**dict.fromkeys(map(str, range(before))), "smtpEmail": "a"}
    assert hints({"mailboxes": [unknown | mailbox(smtp_email=ABSENT)]}) == [hint]


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u00a0", "no-break space"),
        ("\u2007", "figure space"),
        ("\u202f", "narrow no-break space"),
        ("\u200b", "zero-width space"),
        ("\ufeff", "byte order mark"),
        ("\u00ad", "invisible characters"),
    ],
)
def test_a_character_next_to_a_number_in_a_cell_is_named(character: str, name: str) -> None:
    cells = mailbox(smtp_port=f"587{character}")
    (violation,) = mailbox_violations(cells, 0, columns=list(FIELDS))
    assert (violation.reason, violation.hint) == ("invisible", f"remove the {name}")


@pytest.mark.parametrize(
    ("domain", "hint"),
    [
        ("http://http://a.example", "remove `http://` and `http://`"),
        (
            "http://http://http://a.example",
            "remove `http://`, `http://`, the port and the path; write the whole name, such as `track.example.com`",
        ),
    ],
)
def test_at_most_two_schemes_are_looked_for(domain: str, hint: str) -> None:
    assert hints(body(open_tracking_domain=domain)) == [hint]


@pytest.mark.parametrize(
    ("server", "hint"),
    [
        ("192.0.2.1", None),
        ("2001:db8::1", None),
        ("[2001:db8::1]", None),
        ("smtp;server.io", "a host name can't contain a comma or semicolon"),
        (".smtp.io", "a part of the host name is empty"),
        ("a" * 1000, None),
        ("a" * 1001, "it is too long"),
    ],
)
def test_a_server_that_is_not_a_host_name_gets_its_hint(server: str, hint: str | None) -> None:
    assert hint_texts.for_server(server) == hint


@given(st.ip_addresses().map(str))
def test_an_ip_address_is_a_server(address: str) -> None:
    assert hint_texts.for_server(address) is None
    assert hint_texts.for_server(f"[{address}]") is None


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ({"smtp_port": "587"}, "write the number in digits only"),
        ({"smtp_port": "0587"}, "write a number from 1 to 65535, in digits only"),
        (
            {"smtp_port": "ENC[AES256_GCM,data:abc=,iv:abc=,tag:abc=,type:str]"},
            "it is encrypted: decrypt the file first",
        ),
        ({"footer": " "}, "leave the cell blank or fill it in"),
    ],
)
def test_the_hint_for_a_cell_speaks_of_cells(cell: dict[str, str], hint: str) -> None:
    (violation,) = mailbox_violations(mailbox(**cell), 0, columns=list(FIELDS))
    assert violation.hint == hint


WORDS = (
    {
        word
        for node in ast.walk(ast.parse(inspect.getsource(hint_texts)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for word in re.findall(r"\w+", node.value)
    }
    | {word for field in FIELDS.values() for word in (field.name, *map(str, field.limits or ()))}
    | {"63"}
    | set(FILL_IN_PLACEHOLDER.split())
)


@given(doubtful_bodies())
def test_a_hint_is_put_together_from_fixed_texts(doubtful: object) -> None:
    """Of the module: "It ... never repeats anything of the body, so that it can't leak a secret"."""
    for violation in iter_violations(doubtful):
        assert WORDS.issuperset(re.findall(r"\w+", violation.hint or ""))


SECRETS = st.text(alphabet="0123456789abc\u00fc", min_size=1, max_size=6)


@given(doubtful_bodies(), SECRETS | st.lists(SECRETS, min_size=1, max_size=2) | st.integers(0, 99999))
def test_violations_do_not_depend_on_what_the_secrets_are(doubtful: Any, secret: Any) -> None:
    """No secret is in a message, a hint or a repr: another secret of the same type gives the same."""
    if not isinstance(doubtful, dict):
        return
    other = {str: "\u4e00", list: ["\u4e00"], int: 7}[type(secret)]

    def found(replacement: object) -> list[tuple[str, str]]:
        items = doubtful.get("mailboxes")
        changed = [
            {**item, **dict.fromkeys(SECRET_FIELDS, replacement)} if isinstance(item, dict) else item
            for item in (items if isinstance(items, list) else [])
        ]
        return [(str(v), repr(v)) for v in iter_violations({**doubtful, "mailboxes": changed})]

    assert found(secret) == found(other)


@pytest.mark.parametrize("name", SECRET_FIELDS)
@pytest.mark.parametrize("secret", ["587", "x587x", ["587"], {"587": "587"}, 587, 587.5])
def test_a_number_in_quotes_is_not_repeated(name: str, secret: object) -> None:
    """It may be a secret that a slip put there; the hint is the same, whatever the secrets are."""
    found = list(iter_violations(body(**{"smtp_port": "587", name: secret})))
    assert next(violation.hint for violation in found if violation.field == "smtp_port") == NUMERAL


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


def test_a_placeholder_gets_its_hint_in_every_field_that_it_violates() -> None:
    for field in FIELDS.values():
        changes = {field.name: "${VAR}"}
        if field.rule == "wait-time":
            changes = dict.fromkeys(("sending_wait_time_from", "sending_wait_time_to"), "${VAR}")
        expected = [] if field.rule == "not-blank" else ["fill in the placeholder"] * len(changes)
        assert hints(json.loads(json.dumps(body(**changes)))) == expected
