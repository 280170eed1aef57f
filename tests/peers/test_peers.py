"""The validators that people use agree with the rules, except where the documents can't say something."""

import json
from typing import Any, Final

import pytest
from golden import body, cases
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from node import needs_node, run_node
from peers.compare import (
    DRAWN,
    HEAD,
    JAVASCRIPT,
    OTHERS,
    PYTHON,
    TABLE,
    Peer,
    _is_unicode,
    counted,
    measured_on,
    row,
    tally,
    version,
)
from peers.languages import needs
from tiers import IS_DEEP, only_in_depth, only_with_peers
from unspoken import INTERNATIONALIZED, PAST_A_DOUBLE, WAIT_TIME_ORDER, spoken_violations

from mailbox_schema import FIELDS, is_valid, iter_violations, load_schema
from mailbox_schema.contract import WAIT_TIME_TO, WAIT_TIMES
from mailbox_schema.strategies import bodies, broken_bodies, doubtful_bodies, doubtful_values

pytestmark = [pytest.mark.depth, only_with_peers("")]
COUNT: Final = DRAWN if IS_DEEP else 150
# They get their texts as UTF-8, which can't contain a lone surrogate: the first two one at a time, until they
# find a mistake, the others all at once.
READ_ONE_AT_A_TIME: Final = ("jsonschema-rs", "Ruby")
READ_UTF_8: Final = (*READ_ONE_AT_A_TIME, "check-jsonschema", "Perl", "PHP")

PEERS: Final = [
    *(pytest.param(peer, id=f"{peer.name}, {peer.document}") for peer in PYTHON),
    *(pytest.param(peer, id=f"{peer.name}, {peer.document}", marks=needs_node) for peer in JAVASCRIPT),
    *(pytest.param(peer, id=f"{peer.name}, {peer.document}", marks=needs(peer.package)) for peer in OTHERS),
]


@pytest.fixture(scope="session")
def judged() -> list[Any]:
    return [case.body for case in cases()] + generated(COUNT)


def generated(count: int) -> list[Any]:
    """Return bodies as JSON can write them: valid ones, ones with one mistake, ones near every edge."""
    drawn: list[Any] = []

    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.one_of(_changed(), bodies(), broken_bodies().map(lambda broken: broken.body), doubtful_bodies())
    )
    def draw(each: Any) -> None:
        drawn.append(each)

    draw()
    return [each for each in drawn if _is_json(each)]


def _changed() -> st.SearchStrategy[Any]:
    """A valid body with one field, or both wait times, near an edge, where the verdict is decided."""
    one = st.sampled_from(list(FIELDS)).flatmap(
        lambda name: doubtful_values(name).map(lambda value: {name: value})
    )
    both = st.fixed_dictionaries({name: doubtful_values(name) for name in WAIT_TIMES})
    pair = st.lists(st.integers(*WAIT_TIME_TO), min_size=2, max_size=2).map(
        lambda two: dict(zip(WAIT_TIMES, two, strict=True))
    )
    return (one | one | one | one | one | one | both | pair).map(lambda changes: body(**changes))


def _is_json(value: Any) -> bool:
    """NaN and Infinity are Python's, not JSON's."""
    try:
        json.dumps(value, allow_nan=False)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("peer", PEERS)
def test_validators_agree_outside_the_named_classes(peer: Peer, judged: list[Any]) -> None:
    made = tally(peer, judged)
    assert made.unexplained == []
    # A text that is read may have a pair, where a Python string has two halves of one.
    read = json.loads(json.dumps(judged)) if peer in OTHERS else judged
    is_read = [peer.package not in READ_UTF_8 or _is_unicode(each) for each in read]
    unreadable = [each for each, is_unicode in zip(judged, is_read, strict=True) if not is_unicode]
    if peer.package in READ_ONE_AT_A_TIME:
        must = peer.package != "Ruby"  # which reads some of them
        unreadable = [each for each in unreadable if each in made.unread or (must and is_valid(each))]
    assert made.unread == unreadable


@pytest.mark.parametrize("peer", PEERS)
def test_a_validator_accepts_each_class_named_for_it(peer: Peer) -> None:
    classes = (WAIT_TIME_ORDER, INTERNATIONALIZED)
    verdicts = peer.verdicts(load_schema(peer.document), [each.witness for each in classes])
    assert verdicts == [each in peer.unspoken for each in classes]


@needs_node
def test_which_documents_each_dialect_of_ajv_compiles() -> None:
    no_2020 = 'no schema with key or ref "https://json-schema.org/draft/2020-12/schema"'
    no_draft_07 = 'no schema with key or ref "http://json-schema.org/draft-07/schema#"'
    no_data = (
        "schema is invalid: data/properties/mailboxes/items/allOf/2/not/properties/sending_wait_time_from/minimum"
        " must be number"
    )
    # Draft-07's metaschema allows an array there, and ajv says so too.
    or_array = (
        ", data/properties/mailboxes/items must be array"
        ", data/properties/mailboxes/items must match a schema in anyOf"
    )
    expected = {
        "request": [no_2020, None, no_2020],
        "request-draft-07": [None, no_draft_07, None],
        "request-strict": [None, no_draft_07, None],
        "request-editor": [
            'strict mode: unknown keyword: "errorMessage"',
            no_draft_07,
            'strict mode: unknown keyword: "markdownDescription"',
        ],
        "request-ajv-errors": [no_data + or_array, no_data, None],
    }
    assert {name: run_node("ajv-dialects.mjs", load_schema(name)) for name in expected} == expected


@needs_node
def test_ajv_with_ajv_errors_gives_the_lines_of_the_api(judged: list[Any]) -> None:
    found = run_node("ajv-errors.mjs", {"schema": load_schema("request-ajv-errors"), "bodies": judged})
    for each, lines in zip(judged, found, strict=True):
        let_pass = [v for v in iter_violations(each) if INTERNATIONALIZED.recognizes(v, each)]
        due = {str(v) for v in spoken_violations(each, (PAST_A_DOUBLE,))}
        assert sorted(lines) == sorted(due - ({str(v) for v in let_pass} - set(lines)))


@needs_node
@pytest.mark.parametrize(
    ("first", "second", "unsaid"),
    [
        (10**400, 20, ["sending_wait_time_to"]),
        (30, -(10**400), ["sending_wait_time_from"]),
        (30, 10**400, []),
        (10**400, 10**400, []),
        (10**400, 20000, []),
        (2**1024 - 2**970 - 1, 20, []),  # the greatest that JavaScript reads as a finite number
        (2**1024 - 2**970, 20, ["sending_wait_time_to"]),
    ],
)
def test_the_line_next_to_a_number_past_a_double_is_not_given(
    first: int, second: int, unsaid: list[str]
) -> None:
    each = body(sending_wait_time_from=first, sending_wait_time_to=second)
    violations = list(iter_violations(each))
    assert [v.field for v in violations if PAST_A_DOUBLE.recognizes(v, each)] == unsaid
    (lines,) = run_node("ajv-errors.mjs", {"schema": load_schema("request-ajv-errors"), "bodies": [each]})
    assert sorted(lines) == sorted(str(v) for v in violations if v.field not in unsaid)


# The table. Where one of these fails: ``python tests/peers/compare.py --write``.


@pytest.fixture(scope="session")
def shown() -> str:
    return TABLE.read()


@pytest.fixture(scope="session")
def chance() -> list[Any]:
    return measured_on()


def test_the_table_states_what_it_was_measured_on(shown: str) -> None:
    counts, _, _versions = shown.strip().partition(";")
    assert counts == counted()


def test_the_table_has_a_row_for_every_validator_and_no_disagreement_without_a_name(shown: str) -> None:
    head, rows = shown.partition(HEAD)[1:]
    assert head == HEAD
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in rows.splitlines() if line]
    assert [(cell[0], cell[2]) for cell in cells] == [
        (p.name, f"`{p.document}`") for p in PYTHON + JAVASCRIPT + OTHERS
    ]
    assert [cell[-1] for cell in cells] == ["100.00%"] * len(cells)


@only_in_depth
@pytest.mark.parametrize("peer", PEERS)
def test_a_row_of_the_table_is_what_the_validator_gives(peer: Peer, shown: str, chance: list[Any]) -> None:
    stated = next(
        line
        for line in shown.splitlines()
        if line.startswith(f"| {peer.name} ") and f"`{peer.document}`" in line
    )
    if f" | {version(peer)} | " not in stated:
        pytest.skip(f"the table was measured with another version of {peer.package} than {version(peer)}")
    assert f"{stated}\n" == row(peer, chance)
