"""Each sentence of the contract holds, as a property."""

import copy
from collections import ChainMap, OrderedDict, UserDict, UserList, defaultdict, deque, namedtuple
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pytest
from golden import VENDOR_FULL, body, mailbox
from hostile import HOSTILE, HostileNumber, HostileText
from hypothesis import assume, given
from hypothesis import strategies as st

from mailbox_schema import (
    FIELDS,
    InvalidBody,
    ensure_valid,
    is_valid,
    iter_mailbox_violations,
    iter_violations,
    validate,
    validate_mailbox,
)
from mailbox_schema.contract import WAIT_TIME_FROM, WAIT_TIME_TO, WAIT_TIMES
from mailbox_schema.strategies import (
    bodies,
    doubtful_bodies,
    doubtful_mailboxes,
    edges,
    json_values,
    mailboxes,
    notification_types,
)
from mailbox_schema.values import as_integer

OPTIONAL = [field.name for field in FIELDS.values() if not field.required]
REQUIRED = [field.name for field in FIELDS.values() if field.required]


@given(bodies())
def test_a_valid_body_gives_no_line(valid: dict[str, Any]) -> None:
    assert validate(valid) == []
    assert is_valid(valid)


@given(doubtful_bodies())
def test_a_violated_field_gives_exactly_one_line(doubtful: object) -> None:
    """Contract: "A field that violates its constraint in any way ... gives exactly one line"."""
    lines = validate(doubtful)
    paths = [violation.path for violation in iter_violations(doubtful)]
    assert len(set(paths)) == len(paths) == len(lines)
    for violation in iter_violations(doubtful):
        if violation.index is not None and violation.field is not None:
            assert violation.message == FIELDS[violation.field].message
            assert violation.rule == FIELDS[violation.field].rule


@given(doubtful_bodies())
def test_lines_come_in_the_contracts_order(doubtful: object) -> None:
    """Contract: "mailbox-count first; then mailbox by mailbox, in each the fields in the order of the table;
    notification-types last".
    """  # noqa: D205  # the sentence runs on
    order = list(FIELDS)
    places = []
    for violation in iter_violations(doubtful):
        if violation.index is None:
            section = {"body-object": 0, "mailbox-count": 0, "notification-types": 2}[violation.rule or ""]
            places.append((section, 0, 0))
        else:
            place = order.index(violation.field) if violation.field else -1
            places.append((1, violation.index, place))
    assert places == sorted(places)


@given(doubtful_bodies())
def test_validating_twice_gives_the_same_and_changes_nothing(doubtful: object) -> None:
    before = copy.deepcopy(doubtful)
    first = validate(doubtful)
    assert validate(doubtful) == first
    assert repr(doubtful) == repr(before)


@given(doubtful_mailboxes(), st.sampled_from(list(FIELDS)))
def test_null_counts_as_absent(doubtful: object, name: str) -> None:
    """Contract: "null means absent, for required and optional fields alike"."""
    assume(isinstance(doubtful, dict))
    assert isinstance(doubtful, dict)
    without = {key: value for key, value in doubtful.items() if key != name}
    assert validate_mailbox({**without, name: None}) == validate_mailbox(without)


@given(mailboxes(), st.sampled_from(REQUIRED))
def test_an_absent_required_field_gives_its_line(valid: dict[str, Any], name: str) -> None:
    del valid[name]
    assert validate_mailbox(valid) == [f"mailbox[0].{name} {FIELDS[name].message}"]


@given(mailboxes(), st.sampled_from([name for name in OPTIONAL if name not in WAIT_TIMES]))
def test_an_optional_field_may_be_absent(valid: dict[str, Any], name: str) -> None:
    valid.pop(name, None)
    assert validate_mailbox(valid) == []


@given(st.sampled_from(["smtp_port", "imap_port", "daily_sending_limit"]), st.data())
def test_a_number_is_valid_exactly_if_it_is_an_integer_in_its_range(name: str, data: st.DataObject) -> None:
    """Contract: "Ranges are inclusive at both ends", "465 and 465.0 are, 465.5 ... [is] not"."""
    field = FIELDS[name]
    assert field.limits is not None
    value = data.draw(edges(field.limits))
    taken = value == int(value) and field.limits.minimum <= value <= field.limits.maximum
    assert validate(body(**{name: value})) == ([] if taken else [f"mailbox[0].{name} {field.message}"])


wait_times = st.one_of(
    edges(WAIT_TIME_FROM), edges(WAIT_TIME_TO), st.integers(15, 25), st.none(), st.just("20"), st.booleans()
)


@given(wait_times, wait_times)
def test_wait_times_are_charged_as_the_contract_says(first: Any, second: Any) -> None:
    """Contract: "sending_wait_time_from is violated when F is provided and not all hold: T is provided;
    F is an integer from 10 to 9999; F < T where T is an integer too. sending_wait_time_to is violated
    when T is provided and not all hold: F is provided; T is an integer from 20 to 9999; T > F where F is
    an integer too."
    """  # noqa: D205  # the sentence runs on
    f, t = as_integer(first), as_integer(second)
    from_holds = second is not None and f is not None and 10 <= f <= 9999 and (t is None or f < t)
    to_holds = first is not None and t is not None and 20 <= t <= 9999 and (f is None or t > f)
    expected = []
    if first is not None and not from_holds:
        expected.append("sending_wait_time_from")
    if second is not None and not to_holds:
        expected.append("sending_wait_time_to")
    both = mailbox(sending_wait_time_from=first, sending_wait_time_to=second)
    assert [violation.field for violation in iter_mailbox_violations(both)] == expected


@given(st.integers(10, 9999), st.integers(20, 9999))
def test_a_lone_wait_time_gives_one_line_and_an_inverted_pair_two(first: int, second: int) -> None:
    """Contract: "a lone F or a lone T gives one line, an inverted or equal pair gives two"."""
    assert len(validate(body(sending_wait_time_from=first))) == 1
    assert len(validate(body(sending_wait_time_to=second))) == 1
    pair = validate(body(sending_wait_time_from=first, sending_wait_time_to=second))
    assert len(pair) == (0 if first < second else 2)


@given(mailboxes(), st.dictionaries(st.text(max_size=4), json_values(), max_size=3))
def test_unknown_keys_are_ignored(valid: dict[str, Any], unknown: dict[str, Any]) -> None:
    """Contract: "Unknown keys are ignored by the contract, in the body and in a mailbox"."""
    assert validate({**unknown, "mailboxes": [{**unknown, **valid}]}) == []


@given(notification_types())
def test_notification_types_are_an_array_of_known_names(types: object) -> None:
    """Contract: "given and not an array, or an item is neither MAIL nor IN_APP"."""
    taken = types is None or (isinstance(types, list) and all(item in ("MAIL", "IN_APP") for item in types))
    line = "completion_notification_types if provided must contain only MAIL and IN_APP"
    assert validate({**body(), "completion_notification_types": types}) == ([] if taken else [line])


@pytest.mark.parametrize("count", [0, 1, 2, 199, 200, 201, 1000])
def test_the_count_line_comes_first_and_every_mailbox_is_still_checked(count: int) -> None:
    """Contract: "over 200 items, the count line comes first and every mailbox is still checked"."""
    count_line = "mailboxes must be provided and have size in range <1,200>"
    lines = [f"mailbox[{index}] must be an object" for index in range(count)]
    assert validate({"mailboxes": [None] * count}) == [count_line] * (not 1 <= count <= 200) + lines


# The contract owes other mapping and sequence types an answer, never an exception.


@pytest.mark.parametrize(
    "kind",
    [OrderedDict, UserDict, MappingProxyType, ChainMap, lambda items: defaultdict(list, items)],
    ids=["OrderedDict", "UserDict", "mappingproxy", "ChainMap", "defaultdict"],
)
def test_any_mapping_is_an_object(kind: Any) -> None:
    broken = mailbox(smtp_port=0)
    assert validate(kind({"mailboxes": [kind(broken)]})) == validate({"mailboxes": [broken]})
    assert validate(kind({"mailboxes": (kind(mailbox()),)})) == []


def test_a_defaultdict_is_not_filled() -> None:
    lazy: defaultdict[str, Any] = defaultdict(list)
    assert len(validate_mailbox(lazy)) == len(REQUIRED)
    assert validate(lazy) == ["mailboxes must be provided and have size in range <1,200>"]
    assert lazy == {}


def test_a_list_or_a_tuple_is_an_array_and_nothing_else() -> None:
    class MyList(list[Any]):
        pass

    count_line = ["mailboxes must be provided and have size in range <1,200>"]
    pair = namedtuple("pair", "one")  # noqa: PYI024  # the test is about the tuple
    for array in ([mailbox()], (mailbox(),), MyList([mailbox()]), pair(mailbox())):
        assert validate({"mailboxes": array}) == []
    others: list[object] = [
        "ab",
        b"ab",
        {0: mailbox()},
        {1},
        deque([mailbox()]),
        UserList([mailbox()]),
        iter([]),
        range(2),
    ]
    for other in others:
        assert validate({"mailboxes": other}) == count_line
    assert validate({"mailboxes": [pair(1)]}) == ["mailbox[0] must be an object"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_value_gives_an_answer_and_no_exception(name: str) -> None:
    value = HOSTILE[name]()
    lines = validate(
        {"mailboxes": [dict.fromkeys(FIELDS, value), value], "completion_notification_types": value}
    )
    assert lines
    for somewhere in (value, [value], {"mailboxes": value}, {"mailboxes": (value,)}):
        assert validate(somewhere)
        assert not is_valid(somewhere)
        with pytest.raises(InvalidBody):
            ensure_valid(somewhere)
    validate({**body(), "completion_notification_types": [value]})
    for field in WAIT_TIMES:
        validate(body(**{field: value, WAIT_TIMES[field == WAIT_TIMES[0]]: 50}))


def test_a_subclass_of_a_json_type_counts_as_that_type() -> None:
    class MyFloat(float):
        pass

    assert validate(body(imap_port=MyFloat(993))) == []
    assert validate(body(smtp_server=HostileText("smtp.server.io"), smtp_port=HostileNumber(465))) == []


def test_a_list_that_contains_itself_gives_an_answer() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert validate({"mailboxes": endless}) == ["mailbox[0] must be an object"]
    mapping: dict[str, Any] = {}
    mapping["mailboxes"] = [mapping]
    assert len(validate(mapping)) == len(REQUIRED)


def test_violations_are_found_lazily() -> None:
    """Issue: "lazy, so a caller can stop early"."""
    read: list[int] = []

    class Watched(Mapping[str, Any]):
        def __init__(self, index: int) -> None:
            self.index = index

        def __getitem__(self, key: str) -> Any:
            raise KeyError(key)

        def __contains__(self, key: object) -> bool:
            read.append(self.index)
            return False

        def __iter__(self) -> Iterator[str]:
            return iter(())

        def __len__(self) -> int:
            return 0

    watched = {"mailboxes": [Watched(0), Watched(1), Watched(2)]}
    next(iter_violations(watched))
    assert set(read) == {0}
    assert not is_valid(watched)
    assert set(read) == {0}


@pytest.mark.parametrize("index", [-1, 1.5, "0", None, True, 10**18, float("inf"), 10**400])
def test_an_impossible_index_is_a_type_error(index: Any) -> None:
    for verb in (validate_mailbox, iter_mailbox_violations):
        with pytest.raises(TypeError, match=r"\Aindex must be an integer from 0 to 999999999999999999\Z"):
            verb({}, index)


def test_one_mailbox_alone_gives_its_lines() -> None:
    assert validate_mailbox(VENDOR_FULL["mailboxes"][0]) == []
    assert validate_mailbox(mailbox(smtp_port=0), 3) == [
        "mailbox[3].smtp_port must be provided and in range <1,65535>"
    ]
