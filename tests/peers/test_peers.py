"""The validators people use judge as the rules do, but for what the documents can't say."""

import os
from typing import Any, Final

import pytest
from golden import body, cases
from node import needs_node, run_node
from peers.compare import (
    BEGIN,
    END,
    GENERATED,
    JAVASCRIPT,
    PAGE,
    PYTHON,
    Peer,
    _is_unicode,
    generated,
    tally,
)
from unspoken import INTERNATIONALIZED, PAST_A_DOUBLE, WAIT_TIME_ORDER, spoken_violations

from mailbox_schema import iter_violations, load_schema

COUNT: Final = GENERATED if os.environ.get("HYPOTHESIS_PROFILE") == "ci" else 150
# They are given their texts as UTF-8, in which a lone surrogate can't be written.
READ_UTF_8: Final = ("jsonschema-rs", "check-jsonschema")

PEERS: Final = [
    *(pytest.param(peer, id=f"{peer.name}, {peer.document}") for peer in PYTHON),
    *(pytest.param(peer, id=f"{peer.name}, {peer.document}", marks=needs_node) for peer in JAVASCRIPT),
]


@pytest.fixture(scope="session")
def given() -> list[Any]:
    return [case.body for case in cases()] + generated(COUNT)


@pytest.mark.parametrize("peer", PEERS)
def test_agreement_outside_the_named_classes_is_whole(peer: Peer, given: list[Any]) -> None:
    made = tally(peer, given)
    assert made.unexplained == []
    assert made.unread == [each for each in given if peer.package in READ_UTF_8 and not _is_unicode(each)]


@pytest.mark.parametrize("peer", PEERS)
def test_a_named_class_is_one_that_the_validator_lets_pass(peer: Peer) -> None:
    classes = (WAIT_TIME_ORDER, INTERNATIONALIZED)
    verdicts = peer.verdicts(load_schema(peer.document), [each.witness for each in classes])
    assert verdicts == [each in peer.unspoken for each in classes]


@needs_node
def test_which_documents_each_dialect_of_ajv_compiles() -> None:
    no_2020 = 'no schema with key or ref "https://json-schema.org/draft/2020-12/schema"'
    no_draft_07 = 'no schema with key or ref "http://json-schema.org/draft-07/schema#"'
    expected = {
        "request": [no_2020, None],
        "request-draft-07": [None, no_draft_07],
        "request-strict": [None, no_draft_07],
        "request-editor": ['strict mode: unknown keyword: "errorMessage"', no_draft_07],
    }
    assert {name: run_node("ajv-dialects.mjs", load_schema(name)) for name in expected} == expected


@needs_node
def test_ajv_with_ajv_errors_says_the_lines_of_the_api(given: list[Any]) -> None:
    said = run_node("ajv-errors.mjs", {"schema": load_schema("request-ajv-errors"), "bodies": given})
    for each, lines in zip(given, said, strict=True):
        let_pass = [v for v in iter_violations(each) if INTERNATIONALIZED.recognises(v, each)]
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
def test_the_line_beside_a_number_past_a_double(first: int, second: int, unsaid: list[str]) -> None:
    each = body(sending_wait_time_from=first, sending_wait_time_to=second)
    violations = list(iter_violations(each))
    assert [v.field for v in violations if PAST_A_DOUBLE.recognises(v, each)] == unsaid
    (lines,) = run_node("ajv-errors.mjs", {"schema": load_schema("request-ajv-errors"), "bodies": [each]})
    assert sorted(lines) == sorted(str(v) for v in violations if v.field not in unsaid)


def test_the_table_has_a_row_for_every_validator_and_no_disagreement_without_a_name() -> None:
    _, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    rows = [line.strip("|").split("|") for line in rest.partition(END)[0].splitlines() if line[:2] == "| "]
    cells = [[cell.strip() for cell in row] for row in rows[1:]]
    assert [(row[0], row[2]) for row in cells] == [(p.name, f"`{p.document}`") for p in PYTHON + JAVASCRIPT]
    assert [row[-1] for row in cells] == ["100.00%"] * len(cells)
