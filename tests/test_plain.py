"""The quick path accepts nothing that the rules refuse, decides nothing else, and keeps nothing."""

import importlib.util
import sys
from collections.abc import Callable
from enum import IntEnum
from types import MappingProxyType
from typing import Any, Final

import pytest
from golden import VENDOR_FULL, VENDOR_REQUIRED, cases
from hostile import HOSTILE, HostileKey, HostileList, HostileNumber, HostileText
from hypothesis import given
from hypothesis import strategies as st
from oracle import mailbox_lines

from mailbox_schema import FIELDS, contract, iter_violations, rules, validate
from mailbox_schema._plain import is_plainly_valid, plain_mailboxes
from mailbox_schema.contract import WAIT_TIMES, Limits
from mailbox_schema.strategies import (
    BROKEN_DOMAINS,
    BROKEN_EMAILS,
    NOT_QUITE_BLANK,
    VALID_DOMAINS,
    VALID_EMAILS,
    BrokenBody,
    broken_bodies,
    doubtful_bodies,
    doubtful_mailboxes,
    doubtful_values,
    json_values,
    mailboxes,
)
from mailbox_schema.values import (
    JAVA_WHITESPACE,
    LABEL_MAX_LENGTH,
    RESOURCE_ERRORS,
    SPECIAL_USE_DOMAINS,
    as_object,
    is_domain,
    is_email,
)

FULL: Final[dict[str, Any]] = VENDOR_FULL["mailboxes"][0]
INTEGERS: Final = [field.name for field in FIELDS.values() if field.type == "integer"]
DOMAINS: Final = tuple(name for name, field in FIELDS.items() if field.rule == "domain")
TEXTS: Final = [field.name for field in FIELDS.values() if field.type == "string"]


class Text(str):
    """A string of a class that changes nothing."""

    __slots__ = ()


class Fraction(float):
    """A float of a class that changes nothing."""


class Port(IntEnum):
    SMTPS = 465


def is_accepted(mailbox: object) -> bool:
    return is_plainly_valid(mailbox, set(), set())


def is_valid_by_rules(mailbox: object) -> bool:
    read = as_object(mailbox, FIELDS)
    return read is not None and not rules.violated_fields(read)


def check(mailbox: object) -> None:
    """Check the promise: "what is accepted here, the rules accept"."""
    assert not is_accepted(mailbox) or is_valid_by_rules(mailbox)


# The promise


@given(doubtful_mailboxes() | json_values())
def test_an_accepted_mailbox_is_valid(doubtful: object) -> None:
    check(doubtful)
    assert not is_accepted(doubtful) or mailbox_lines(0, doubtful) == []


@given(
    mailboxes(),
    st.sampled_from(list(FIELDS)).flatmap(lambda name: st.tuples(st.just(name), doubtful_values(name))),
)
def test_a_valid_mailbox_with_one_doubtful_value_is_accepted_only_if_it_is_valid(
    valid: dict[str, Any], change: tuple[str, Any]
) -> None:
    changed = valid | dict([change])
    check(changed)
    assert not is_accepted(changed) or mailbox_lines(0, changed) == []


@given(broken_bodies())
def test_a_broken_mailbox_is_not_accepted(broken: BrokenBody) -> None:
    items = broken.body.get("mailboxes") if isinstance(broken.body, dict) else None
    for violation in broken.violations:
        if isinstance(items, list) and violation.index is not None:
            assert not is_accepted(items[violation.index])


@pytest.mark.parametrize("mailbox", [FULL, VENDOR_REQUIRED["mailboxes"][0]], ids=["full", "required fields"])
def test_the_examples_of_the_vendor_are_accepted(mailbox: dict[str, Any]) -> None:
    assert is_accepted(mailbox)


@pytest.mark.parametrize(
    "name", [name for name, field in FIELDS.items() if field.limits and name not in WAIT_TIMES]
)
def test_a_number_at_an_end_of_its_range_is_accepted(name: str) -> None:
    for number in FIELDS[name].limits or ():
        assert is_accepted(FULL | {name: number})


@pytest.mark.parametrize("pair", [(10, 20), (10, 9999), (9998, 9999), (19, 20), (20, 21)])
def test_wait_times_at_the_ends_of_their_ranges_are_accepted(pair: tuple[int, int]) -> None:
    assert is_accepted(FULL | dict(zip(WAIT_TIMES, pair, strict=True)))


@pytest.mark.parametrize(
    ("name", "text"), [("smtp_email", "a@" + "b" * 57 + ".com"), ("click_tracking_domain", "a" * 59 + ".com")]
)
def test_a_text_as_long_as_a_label_is_accepted(name: str, text: str) -> None:
    assert len(text) == LABEL_MAX_LENGTH
    assert is_accepted(FULL | {name: text})


def test_a_mailbox_of_a_golden_case_is_accepted_only_if_it_is_valid() -> None:
    for case in cases():
        items = case.body.get("mailboxes") if isinstance(case.body, dict) else None
        for index, mailbox in enumerate(items if isinstance(items, list) else []):
            lines = [line for line in case.details if line.startswith(f"mailbox[{index}]")]
            assert not is_accepted(mailbox) or lines == []


def edges(limits: Limits | None) -> list[Any]:
    if limits is None:
        return []
    near = [limits.minimum - 1, limits.minimum, limits.maximum, limits.maximum + 1]
    return [*near, *map(float, near), *(number + 0.5 for number in near), *map(str, near)]


EDGES: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 1, 10**5000, -(10**5000), 0.0, -0.0, 1.0, float("nan"), float("inf"), 465, 465.0),
    *([], [465], ["jared@getpiedpiper.com"], (), {}, {"a": 1}, b"jared@getpiedpiper.com", 1j, object(), Port.SMTPS),
    *JAVA_WHITESPACE,
    *NOT_QUITE_BLANK,
    *("", " a ", "\t\n", "\ud800", "a" * 10_000, " " * 10_000),
    *VALID_EMAILS,
    *BROKEN_EMAILS,
    *VALID_DOMAINS,
    *BROKEN_DOMAINS,
    *(f"{'a' * size}.com" for size in (58, 59, 60, 63, 64)),
    *(f"{'a' * size}@b.com" for size in (57, 58, 63, 64, 65, 300)),
    *("a@b.test", "a@b.TEST", "a@b.tests", "a@test.com", "a@b.c-d", "a@b.c1", "a@b.com\n", "a@xn--a.com"),
    *("a-.com", "-a.com", "a--b.com", "xn--a.com", "a.-com", "a.com-", "a.1", "a.1a", "a.com\n", "a.\u0661"),
    *(Text("smtp.server.io"), Text("jared@getpiedpiper.com"), Text(""), Fraction(465.0), Fraction(465.5)),
)  # fmt: skip


@pytest.mark.parametrize("name", FIELDS)
def test_an_edge_value_in_a_field_is_accepted_only_if_it_is_valid(name: str) -> None:
    for value in (*EDGES, *edges(FIELDS[name].limits)):
        check(FULL | {name: value})
        check(FULL | dict.fromkeys(WAIT_TIMES) | {name: value})


@pytest.mark.parametrize(("name", "text"), [("smtp_email", "j.d@ab.co"), ("click_tracking_domain", "ab.co")])
def test_a_text_with_any_ascii_character_anywhere_is_accepted_only_if_it_is_valid(
    name: str, text: str
) -> None:
    for character in map(chr, range(128)):
        for place in range(len(text) + 1):
            check(FULL | {name: text[:place] + character + text[place:]})


@pytest.mark.parametrize("name", FIELDS)
def test_an_absent_or_null_field_is_accepted_only_if_it_may_be_absent(name: str) -> None:
    for mailbox in ({key: value for key, value in FULL.items() if key != name}, FULL | {name: None}):
        may_be_absent = not FIELDS[name].required and name not in WAIT_TIMES
        assert is_accepted(mailbox) is may_be_absent


BROKEN: Final[dict[str, tuple[Any, ...]]] = {
    "email": (*BROKEN_EMAILS, 465, True, [], {}, b"a@b.com"),
    "domain": (*BROKEN_DOMAINS, 465, True, [], {}, b"a.com"),
    "not-blank": ("", " ", "\u3000\t", 465, 46.5, True, [], {}, b"a"),
    "port": (0, 65536, -1, 465.5, 65536.0, "465", True, [465], {}, float("nan"), 10**400),
    "daily-limit": (0, 5501, -1, 100.5, 5501.0, "100", True, [100], {}, float("nan"), 10**400),
    "wait-time": (9, 10000, 60.5, 10000.0, "60", True, False, [60], {}, float("nan"), 10**400),
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_broken_field_is_not_accepted(name: str) -> None:
    """Also a field and a rule that are added to the contract later: it has to be added here too."""
    for value in BROKEN[FIELDS[name].rule]:
        changed = FULL | {name: value}
        assert not is_valid_by_rules(changed)
        assert not is_accepted(changed)


@pytest.mark.parametrize("name", SPECIAL_USE_DOMAINS)
def test_an_address_in_a_special_use_domain_is_not_accepted(name: str) -> None:
    for domain in (name, name.upper()):
        assert not is_accepted(FULL | {"smtp_email": f"jared@piper.{domain}"})


@pytest.mark.parametrize(
    ("first", "second"), [(60, 60), (61, 60), (9999, 20), (None, 60), (10, None), (True, 60)]
)
def test_broken_wait_times_are_not_accepted(first: object, second: object) -> None:
    assert not is_accepted(FULL | dict(zip(WAIT_TIMES, (first, second), strict=True)))


# Hostile values


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_value_raises_nothing_and_is_accepted_only_if_it_is_valid(name: str) -> None:
    check(HOSTILE[name]())
    for field in FIELDS:
        check(FULL | {field: HOSTILE[name]()})
    check(dict.fromkeys(FIELDS, HOSTILE[name]()))


@pytest.mark.parametrize("make", [HostileNumber, Fraction, lambda _: Port.SMTPS, bool, float, str, complex])
@pytest.mark.parametrize("name", INTEGERS)
def test_only_an_exact_integer_is_accepted_as_a_number(name: str, make: Callable[[Any], object]) -> None:
    mailbox = FULL | dict(zip(WAIT_TIMES, (20, 70), strict=True))
    assert is_accepted(mailbox)
    assert not is_accepted(mailbox | {name: make(mailbox[name])})


@pytest.mark.parametrize("name", TEXTS)
def test_a_string_of_another_class_is_accepted_only_if_it_is_valid(name: str) -> None:
    for kind in (Text, HostileText):
        for text in ("", " ", FULL[name], "jared", "\u00a0"):
            check(FULL | {name: kind(text)})


def test_only_an_exact_dict_is_accepted() -> None:
    class Odd(dict[str, Any]):
        def get(self, key: str, default: object = None) -> Any:
            return FULL.get(key, default)

    for mailbox in (Odd(), Odd(FULL), MappingProxyType(FULL), list(FULL.items()), HostileList(), None):
        assert not is_accepted(mailbox)


class ExhaustedKey:
    """A key that can't be compared, because the machine has run out of something."""

    def __init__(self, name: str, error: type[Exception]) -> None:
        self._name, self._error = name, error

    def __hash__(self) -> int:
        return hash(self._name)

    def __eq__(self, other: object) -> bool:
        raise self._error


@pytest.mark.parametrize("error", RESOURCE_ERRORS)
def test_an_error_of_the_machine_is_not_a_verdict(error: type[Exception]) -> None:
    with pytest.raises(error):
        is_accepted({ExhaustedKey("smtp_password", error): 1})
    with pytest.raises(error):
        plain_mailboxes({ExhaustedKey("mailboxes", error): 1})


# The body around the mailboxes


def check_around(body: object) -> None:
    """Check the promise: what is accepted here, the rules accept, and read as the same mailboxes."""
    found = plain_mailboxes(body)
    assert found is None or rules.read_body(body) == ([], found, [])


@given(doubtful_bodies() | json_values())
def test_an_accepted_body_is_valid_around_the_mailboxes(doubtful: object) -> None:
    check_around(doubtful)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_body_raises_nothing_and_is_accepted_only_if_it_is_valid(name: str) -> None:
    value = HOSTILE[name]()
    for body in (value, {"mailboxes": value}, {"mailboxes": [None], "completion_notification_types": value}):
        check_around(body)


ITEMS: Final[list[Any]] = [None] * 200


@pytest.mark.parametrize("more", [{}, {"completion_notification_types": None}, {"owner": 3}])
@pytest.mark.parametrize("count", [1, 2, 200])
def test_a_plain_body_is_accepted(count: int, more: dict[str, Any]) -> None:
    items = ITEMS[:count]
    assert plain_mailboxes({"mailboxes": items} | more) is items


@pytest.mark.parametrize(
    "body",
    [
        *(
            {},
            {"mailboxes": None},
            {"mailboxes": []},
            {"mailboxes": [*ITEMS, None]},
            {"mailboxes": {}},
            [],
            None,
        ),
        *(
            {"mailboxes": ITEMS, "completion_notification_types": types}
            for types in ([], ["MAIL"], ["X"], "MAIL")
        ),
        *(
            MappingProxyType({"mailboxes": ITEMS}),
            {"mailboxes": tuple(ITEMS)},
            {"mailboxes": HostileList(ITEMS)},
        ),
        {HostileKey(): 1},
    ],
)
def test_any_other_body_is_not_accepted(body: object) -> None:
    assert plain_mailboxes(body) is None


# The sets of what was accepted earlier


@given(st.lists(doubtful_mailboxes(), max_size=4))
def test_the_sets_contain_only_valid_addresses_and_domains(doubtful: list[Any]) -> None:
    addresses: set[str] = set()
    domains: set[str] = set()
    for mailbox in doubtful:
        assert not is_plainly_valid(mailbox, addresses, domains) or is_valid_by_rules(mailbox)
    assert all(type(text) is str and is_email(text) for text in addresses)
    assert all(type(text) is str and is_domain(text) for text in domains)


@given(doubtful_bodies())
def test_a_mailbox_gets_the_same_verdict_next_to_others(doubtful: Any) -> None:
    items = doubtful.get("mailboxes") if isinstance(doubtful, dict) else None
    for index, mailbox in enumerate(items[:3] if isinstance(items, list) else []):
        own = [line for line in validate(doubtful) if line.startswith(f"mailbox[{index}]")]
        assert own == mailbox_lines(index, mailbox)


@pytest.mark.parametrize("name", TEXTS)
def test_an_address_is_not_taken_for_a_domain_nor_a_domain_for_an_address(name: str) -> None:
    addresses: set[str] = set()
    domains: set[str] = set()
    address, domain = "archive@example.com", "example.com"
    first = FULL | {"bcc": address} | dict.fromkeys(DOMAINS, domain)
    assert is_plainly_valid(first, addresses, domains)
    assert (addresses, domains) == ({address}, {domain})
    for text in (address, domain):
        changed = FULL | {name: text}
        assert is_plainly_valid(changed, addresses, domains) is is_valid_by_rules(changed)


@pytest.mark.parametrize("name", ["bcc", *DOMAINS])
def test_a_known_text_of_another_class_is_not_looked_up(name: str) -> None:
    """Its ``__hash__`` and ``__eq__`` may do anything."""

    class Chameleon(str):
        __slots__ = ()

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return hash(FULL[name])

    assert not is_plainly_valid(
        FULL | {name: Chameleon("-")}, {FULL["bcc"]}, {FULL[name] for name in DOMAINS}
    )


# A changed contract


def load_again(monkeypatch: pytest.MonkeyPatch, fields: dict[str, contract.Field]) -> Any:
    """Load the module again, with another table of fields."""
    monkeypatch.setattr(contract, "FIELDS", MappingProxyType(fields))
    spec = importlib.util.find_spec("mailbox_schema._plain")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


NEW_CONSTRAINT: Final = contract.BodyConstraint("label", "new-rule", "must be new", "I", "our decision")
REFUSAL: Final = r"\Ais_plainly_valid doesn't check every field by its rule: add the check\Z"


def test_the_module_loads_with_the_contract_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_again(monkeypatch, dict(FIELDS)).is_plainly_valid(FULL, set(), set())


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("rule", [*rules.FIELD_RULES, "new-rule"])
def test_the_module_refuses_to_load_with_an_unknown_field(
    rule: str, required: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    field = FIELDS["footer"]._replace(name="header", rule=rule, required=required)
    with pytest.raises(NotImplementedError, match=REFUSAL):
        load_again(monkeypatch, {**FIELDS, "header": field})


@pytest.mark.parametrize("name", FIELDS)
def test_the_module_refuses_to_load_with_a_changed_field(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    field = FIELDS[name]
    changes: list[dict[str, Any]] = [{"required": not field.required}, {"name": f"{name}_new"}]
    changes += [{"rule": rule} for rule in (*rules.FIELD_RULES, "new-rule") if rule != field.rule]
    for change in changes:
        with pytest.raises(NotImplementedError, match=REFUSAL):
            load_again(monkeypatch, {**FIELDS, name: field._replace(**change)})
    with pytest.raises(NotImplementedError, match=REFUSAL):
        load_again(monkeypatch, {key: row for key, row in FIELDS.items() if key != name})


@pytest.mark.parametrize(
    "rows", [contract.BODY_CONSTRAINTS[1:], (*contract.BODY_CONSTRAINTS, NEW_CONSTRAINT)]
)
def test_the_module_refuses_to_load_with_other_constraints_around_the_mailboxes(
    rows: tuple[contract.BodyConstraint, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contract, "BODY_CONSTRAINTS", rows)
    refusal = r"\Aplain_mailboxes doesn't check every constraint: add the check\Z"
    with pytest.raises(NotImplementedError, match=refusal):
        load_again(monkeypatch, dict(FIELDS))


# Nothing is kept


def fresh(mailbox: dict[str, Any]) -> dict[str, Any]:
    """Return a mailbox whose values nothing else refers to."""
    return {
        name: "".join([*value]) if isinstance(value, str) else int(str(value + 300))
        for name, value in mailbox.items()
    }


@pytest.mark.parametrize(
    "changes", [{}, {"smtp_email": "jared.broken"}, {"click_tracking_domain": "a.broken.1"}]
)
@pytest.mark.parametrize("act", [validate, lambda body: [*map(str, iter_violations(body))]])
def test_nothing_of_a_body_is_kept_after_a_call(
    act: Callable[[object], object], changes: dict[str, Any]
) -> None:
    mailbox = fresh(FULL | changes)
    body = {"mailboxes": [mailbox]}
    act(body)  # loads modules
    held = [mailbox, *mailbox.values()]
    before = [*map(sys.getrefcount, held)]
    for _ in range(3):
        act(body)
    assert [*map(sys.getrefcount, held)] == before
