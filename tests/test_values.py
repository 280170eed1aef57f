"""The questions about one value are answered as the contract and the libraries do."""

import sys
import unicodedata
from collections.abc import Iterator
from types import MappingProxyType

import email_validator
import idna
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mailbox_schema import values
from mailbox_schema.strategies import (
    BROKEN_DOMAINS,
    BROKEN_EMAILS,
    VALID_DOMAINS,
    VALID_EMAILS,
    any_text,
    edited,
    json_values,
)

EVERY_CHARACTER = [chr(code) for code in range(sys.maxunicode + 1)]

# Contract, "Blank": the ranges as they are given there.
BLANK_RANGES = [
    (0x0009, 0x000D),
    (0x001C, 0x0020),
    (0x1680, 0x1680),
    (0x2000, 0x2006),
    (0x2008, 0x200A),
    (0x2028, 0x2029),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
]


def test_every_character_is_blank_exactly_if_java_says_so() -> None:
    """Contract: "a string with no character outside Java's Character.isWhitespace"."""
    blank = [character for character in EVERY_CHARACTER if values.is_blank(character)]
    assert blank == [chr(code) for first, last in BLANK_RANGES for code in range(first, last + 1)]
    assert blank == list(values.JAVA_WHITESPACE)


def test_the_other_blanks_are_those_that_python_strips() -> None:
    stripped = [character for character in EVERY_CHARACTER if not character.strip()]
    assert sorted(values.JAVA_WHITESPACE + values.BLANK_TO_PYTHON_ONLY) == stripped


@given(st.lists(st.sampled_from(values.JAVA_WHITESPACE)), any_text())
def test_a_string_is_blank_unless_a_character_of_it_is_not(spaces: list[str], text: str) -> None:
    assert values.is_blank("".join(spaces))
    assert values.is_blank(text) is all(values.is_blank(character) for character in text)


@pytest.mark.parametrize(
    ("value", "integer"),
    [
        (465, 465),
        (465.0, 465),
        (-0.0, 0),
        (10**400, 10**400),
        (1e308, int(1e308)),
        (465.5, None),
        ("465", None),
        (True, None),
        (False, None),
        (float("nan"), None),
        (float("inf"), None),
        (float("-inf"), None),
        (None, None),
        ([465], None),
        (465 + 0j, None),
    ],
)
def test_a_json_integer_is_read_exactly(value: object, integer: int | None) -> None:
    """Contract: "465 and 465.0 are, 465.5, "465", true and NaN/Infinity are not"."""
    assert values.as_integer(value) == integer
    assert type(values.as_integer(value)) is (int if integer is not None else type(None))


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "null"),
        (True, "boolean"),
        (3, "integer"),
        (3.0, "integer"),
        (3.5, "number"),
        ("3", "string"),
        ([3], "array"),
        ((3,), "array"),
        ({}, "object"),
        (MappingProxyType({3: 3}), "object"),
        ({3}, "set"),
        (3j, "complex"),
    ],
)
def test_a_value_has_the_name_of_its_json_type_or_else_of_its_class(value: object, name: str) -> None:
    assert values.json_type(value) == name


@given(json_values())
def test_the_as_functions_accept_only_their_own_type(value: object) -> None:
    assert values.as_text(value) == (value if isinstance(value, str) else None)
    assert values.as_array(value) == (value if isinstance(value, list) else None)
    keys = value.keys() if isinstance(value, dict) else ["key"]
    assert values.as_object(value, keys) == (value if isinstance(value, dict) else None)
    assert values.text_keys(value) == (list(value) if isinstance(value, dict) else [])


def test_an_array_is_not_copied() -> None:
    for array in ([465], (465,)):
        assert values.as_array(array) is array


def test_an_array_that_cannot_be_read_is_not_an_array() -> None:
    class Unreadable(list[object]):
        def __iter__(self) -> Iterator[object]:
            raise LookupError

    assert values.as_array(Unreadable([465])) is None


# Email addresses: "what email_validator.validate_email(value, check_deliverability=False) accepts with its
# default options".


def accepted_by_email_validator(text: str) -> bool:
    try:
        email_validator.validate_email(text, check_deliverability=False)
    except email_validator.EmailNotValidError:
        return False
    return True


@pytest.mark.parametrize("text", VALID_EMAILS)
def test_valid_emails_are_accepted(text: str) -> None:
    assert values.is_email(text)


@pytest.mark.parametrize("text", BROKEN_EMAILS)
def test_broken_emails_are_refused(text: str) -> None:
    assert not values.is_email(text)


@given(edited(edited(st.sampled_from(VALID_EMAILS))) | st.emails() | any_text())
@example("a" * 300 + "@example.com")
@example("e\u0301" * 120 + "@example.com")
@example("<jared@getpiedpiper.com>")
@example("jared@@getpiedpiper.com")
def test_an_email_is_what_email_validator_accepts(text: str) -> None:
    assert values.is_email(text) is accepted_by_email_validator(text)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("j\u00e4red@b\u00fccher.example", True),
        ("j\u00e4" * 35 + "@b\u00fccher.example", True),  # more than the 64 characters of the option strict
        ("@b\u00fccher.example", False),
        ('"jared dunn"@b\u00fccher.example', False),
        ("j\u00e4red@[192.0.2.1]", False),
        ("Jared <j\u00e4red@getpiedpiper.com>", False),
    ],
)
def test_an_internationalized_address_is_decided_by_the_default_options(text: str, valid: bool) -> None:
    """Contract: "quoted local parts, domain literals, ..., display names, surrounding whitespace no"."""
    assert values.is_email(text) is accepted_by_email_validator(text) is valid


def test_an_application_that_changes_the_librarys_defaults_does_not_change_the_contract(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("ALLOW_QUOTED_LOCAL", "ALLOW_DOMAIN_LITERAL", "ALLOW_DISPLAY_NAME", "TEST_ENVIRONMENT"):
        monkeypatch.setattr(email_validator, name, True)
    monkeypatch.setattr(email_validator, "ALLOW_SMTPUTF8", False)
    assert [text for text in BROKEN_EMAILS if values.is_email(text)] == []
    assert [text for text in VALID_EMAILS if not values.is_email(text)] == []


def test_the_special_use_domains_are_those_of_email_validator() -> None:
    assert list(values.SPECIAL_USE_DOMAINS) == email_validator.SPECIAL_USE_DOMAIN_NAMES


def test_an_application_that_shortens_the_librarys_list_does_not_change_the_contract(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(email_validator, "SPECIAL_USE_DOMAIN_NAMES", [])
    for name in values.SPECIAL_USE_DOMAINS:
        assert not values.is_email(f"a@b.{name}")
        assert not values.is_email(f"a@b\u00fccher.{name.upper()}")
        assert not values.is_email(f"a@b\u3002{name}")


# Plain ASCII is decided without the library: the texts that its rules are about, put together from small pieces.

PIECES = (
    "a",
    "Z",
    "0",
    "-",
    ".",
    "@",
    "--",
    "xn--",
    "XN--",
    "+",
    "_",
    " ",
    "\n",
    '"',
    "com",
    "Test",
    "arpa",
    "c1",
)
ascii_addresses = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=9).map("".join),
    st.tuples(*[st.lists(st.sampled_from(PIECES), max_size=5).map("".join)] * 3).map(
        lambda parts: f"{parts[0]}a@{parts[1]}.{parts[2]}m"
    ),
    st.text(alphabet=st.characters(max_codepoint=127), max_size=8).map("a{}@b.com".format),
    st.text(alphabet=st.characters(max_codepoint=127), max_size=8).map("a@b{}c.com".format),
)


@given(ascii_addresses)
def test_an_ascii_address_is_what_email_validator_accepts(text: str) -> None:
    assert values.is_email(text) is accepted_by_email_validator(text)


@pytest.mark.parametrize("code", range(128))
def test_every_ascii_character_in_every_place_of_an_address_is_decided_as_email_validator_does(
    code: int,
) -> None:
    character = chr(code)
    for text in (
        "{}a@b.com",
        "a{}@b.com",
        "a{}a@b.com",
        "a.{}a@b.com",
        "a.a{}a@b.com",
        "a@{}b.com",
        "a@b{}b.com",
        "a@b{}.com",
        "a@b.{}com",
        "a@b.com{}",
    ):
        address = text.format(character)
        assert values.is_email(address) is accepted_by_email_validator(address)


@pytest.mark.parametrize(
    "name", [*values.SPECIAL_USE_DOMAINS, "example", "tests", "atest", "localhos", "tes", "c1", "1c", "1"]
)
def test_special_last_labels_are_decided_as_email_validator_does(name: str) -> None:
    for text in (
        f"a@{name}",
        f"a@b.{name}",
        f"a@b.{name.title()}",
        f"a@{name}.com",
        f"a@b-{name}",
        f"a@b.{name}.",
        f"a@b.x-{name}",
    ):
        assert values.is_email(text) is accepted_by_email_validator(text)


@pytest.mark.parametrize("size", [1, 62, 63, 64, 65])
def test_long_labels_and_parts_are_decided_as_email_validator_does(size: int) -> None:
    for text in (f"{'a' * size}@b.com", f"a@{'b' * size}.com", f"a@b.{'c' * size}", f"a@b.{'c' * size}.com"):
        assert values.is_email(text) is accepted_by_email_validator(text)


@pytest.mark.parametrize("size", [253, 254, 255, 256])
def test_an_address_has_at_most_254_characters(size: int) -> None:
    labels = "b" * 63 + "." + "c" * 63 + ".com"
    for end in ("@b.com", f"@{labels}"):
        text = "a" * (size - len(end)) + end
        assert len(text) == size
        assert values.is_email(text) is accepted_by_email_validator(text) is (size <= 254)


@pytest.mark.parametrize("text", [*VALID_EMAILS, *BROKEN_EMAILS, *VALID_DOMAINS, *BROKEN_DOMAINS])
def test_ascii_is_decided_without_a_library(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if text.isascii() and "xn--" not in text.lower():
        monkeypatch.setitem(sys.modules, "email_validator", None)
        monkeypatch.setitem(sys.modules, "idna", None)
    assert values.is_email(text) is (text in VALID_EMAILS)
    assert values.is_domain(text) is (text in VALID_DOMAINS)


# Domains.


@pytest.mark.parametrize("text", VALID_DOMAINS)
def test_valid_domains_are_accepted(text: str) -> None:
    assert values.is_domain(text)


@pytest.mark.parametrize("text", BROKEN_DOMAINS)
def test_broken_domains_are_refused(text: str) -> None:
    assert not values.is_domain(text)


def accepted_by_idna(label: str) -> bool:
    """Strict IDNA 2008, as the library applies it to a domain of this one label."""
    try:
        idna.encode(label, strict=True)
    except UnicodeError:
        return False
    return True


def is_right_to_left(label: str) -> bool:
    u_label = idna.decode(label) if label.lower().startswith("xn--") else label
    return any(unicodedata.bidirectional(character) in {"R", "AL", "AN"} for character in u_label)


labels = st.one_of(
    st.text(alphabet="abz09-\u00fc\u00df\u0431\u4f8b\u05d0\u0661\u0644\u200d\u0300", min_size=1, max_size=5),
    st.sampled_from(("xn--bcher-kva", "XN--BCHER-KVA", "xn--a", "xn---bbk", "xn--bcher-kva-", "a" * 63)),
    st.from_regex(r"xn--[a-z0-9]{1,8}", fullmatch=True),
)


@given(st.lists(labels, min_size=1, max_size=4).map(".".join) | edited(st.sampled_from(VALID_DOMAINS)))
def test_a_label_that_is_not_ldh_is_one_that_idna_accepts(text: str) -> None:
    """Contract: "or a label that IDNA 2008 (idna, strict, ...) accepts, A-labels checked too"."""
    parts = text.split(".")
    labels_hold = all(is_ldh(part) or accepted_by_idna(part) for part in parts)
    if values.is_domain(text):
        assert labels_hold
        assert len(parts) >= 2
    elif labels_hold and len(parts) >= 2 and len(text) < 200 and not any(map(is_right_to_left, parts)):
        assert parts[-1].isascii()
        assert parts[-1].isdigit()


def is_ldh(label: str) -> bool:
    return (
        label.isascii()
        and label.replace("-", "a").isalnum()
        and not label.startswith("-")
        and not label.endswith("-")
        and 1 <= len(label) <= 63
        and not label.lower().startswith("xn--")
    )


@given(st.lists(st.from_regex(r"[A-Za-z0-9-]{1,5}", fullmatch=True), min_size=1, max_size=4))
def test_an_ldh_domain_is_decided_by_its_labels_alone(parts: list[str]) -> None:
    """Contract: "at least two labels; each an LDH label ...; the last label not all digits"."""
    if not any(part.lower().startswith("xn--") for part in parts):
        expected = len(parts) >= 2 and all(map(is_ldh, parts)) and not parts[-1].isdigit()
        assert values.is_domain(".".join(parts)) is expected


domain_pieces = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)


@given(domain_pieces | st.text(alphabet=st.characters(max_codepoint=127), max_size=8).map("a{}b.c".format))
def test_an_ascii_domain_is_decided_by_the_contracts_sentence(text: str) -> None:
    """Contract: "at least two labels; each an LDH label ... or a label that IDNA 2008 accepts, A-labels checked too;
    the last label not all digits".
    """  # noqa: D205  # the sentence runs on
    parts = text.split(".")
    hold = all(is_ldh(part) or (part != "" and accepted_by_idna(part)) for part in parts)
    assert values.is_domain(text) is (hold and len(parts) >= 2 and not parts[-1].isdigit())


@pytest.mark.parametrize(("octets", "valid"), [(252, True), (253, True), (254, False)])
def test_a_domain_has_at_most_253_octets(octets: int, valid: bool) -> None:  # a table
    plain = ".".join(["a" * 63] * 3 + ["b" * (octets - 192)])
    assert len(plain) == octets
    assert values.is_domain(plain) is valid


def test_the_octets_are_those_of_the_a_label_form() -> None:
    """Contract: "at most 253 octets in A-label form"."""
    rest = ".".join(["a" * 63] * 2 + ["a" * 62])
    sizes = set()
    for length in range(40, 57):
        label = "\u00fc" + "b" * length
        a_label = b"xn--" + label.encode("punycode")
        octets = len(rest) + 1 + len(a_label)
        assert values.is_domain(f"{rest}.{label}") is (octets <= 253 and len(a_label) <= 63)
        sizes.add(octets)
    assert {253, 254} <= sizes


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("\u05d0\u05d1.example", True),
        ("1a.example", True),
        ("1a.\u05d0\u05d1", False),
        ("1a.\u0627\u0628", False),
        ("a1.\u05d0\u05d1", True),
        ("a-b.\u05d0\u05d1", True),
        ("\u05d0\u05d1.1a", False),
        ("xn--4dbc.1a.example", False),
        ("xn--4dbc.a1.example", True),
    ],
)
def test_the_bidi_rule_holds_for_every_label_as_soon_as_one_is_right_to_left(
    text: str,
    valid: bool,  # a table
) -> None:
    assert values.is_domain(text) is valid


@pytest.mark.parametrize("digits", ["1", "\u0661", "\u0967", "\uff11"])
def test_a_last_label_of_ascii_digits_is_refused(digits: str) -> None:
    """ASCII digits make a last label numeric; of other digits, those that IDNA accepts are valid."""
    others = unicodedata.category(digits) == "Nd" and not digits.isascii()
    assert values.is_domain(f"a.{digits}") is (others and accepted_by_idna(digits))


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("b\u00fccher", False),  # "at least two labels"
        ("ab--cd.b\u00fccher.example", True),  # plain LDH, which idna refuses
        ("1a.b\u00fccher.example", True),  # no label is right-to-left
    ],
)
def test_the_labels_around_an_internationalized_one_are_decided_as_in_ascii(text: str, valid: bool) -> None:
    assert values.is_domain(text) is valid


def test_a_last_label_of_digits_is_refused_after_an_internationalized_one_too() -> None:
    assert values.is_domain("1.b\u00fccher.1.a1")
    assert values.is_domain("b\u00fccher.1.a1")
    assert not values.is_domain("b\u00fccher.1")
    assert not values.is_domain("b\u00fccher.123")


@given(any_text())
def test_every_text_gets_an_answer(text: str) -> None:
    assert values.is_email(text) in {True, False}
    assert values.is_domain(text) in {True, False}
