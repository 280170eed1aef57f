"""The vendor's answers: every reader agrees with its schema document, and an error names the exact place."""

import copy
import json
import pickle
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import FrozenInstanceError
from datetime import datetime, timedelta, timezone
from typing import Any, Final, NamedTuple

import pytest
from _generate.documents import identify
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mailbox_schema import Violation, failure_response, iter_violations, load_schema, parse_failure
from mailbox_schema.responses import (
    TIMESTAMP,
    Accepted,
    Answer,
    Failure,
    Problem,
    Summary,
    failure_details,
    parse_accepted,
    parse_answer,
    parse_problem,
    parse_summary,
    redact,
)
from mailbox_schema.strategies import any_text, doubtful_bodies, json_values

SECRET: Final = "not-a-real-password"
LINE: Final = "mailbox[0].imap_port must be provided and in range <1,65535>"
FAILURE: Final = {"code": "VALIDATION_FAILURE", "details": [LINE, "Too many requests"]}
CONFLICT: Final = {"code": "Conflict", "details": ["string"]}
PROBLEM: Final = {
    "title": "Unauthorized",
    "status": 401,
    "detail": "Invalid api key",
    "timestamp": "2025-03-05 17:57:00",
}
SUMMARY: Final = {
    "processing_finished": True,
    "batch_size": 6,
    "pending_mailboxes_count": 1,
    "connected_mailboxes_count": 2.0,
    "conditionally_connected_mailboxes_count": 0,
    "failed_mailboxes_count": 3,
    "conditionally_connected_mailboxes": [],
    "failed_mailboxes": [{"smtp_password": SECRET}, SECRET, None],
}
NOON: Final = datetime(2025, 3, 5, 17, 57, tzinfo=timezone.utc)


class Kind(NamedTuple):
    """A kind of answer: its document, its reader, and bodies of it."""

    name: str
    parse: Callable[[object], object]
    bodies: tuple[dict[str, Any], ...]


ANSWERS: Final = (
    Kind("accepted", parse_accepted, ({"batch_id": 123456}, {"batch_id": "b-1"})),
    Kind("failure", parse_failure, (FAILURE, {"code": "UNKNOWN", "details": []})),
    Kind("conflict", parse_failure, (CONFLICT,)),
    Kind("problem", parse_problem, (PROBLEM,)),
    Kind("summary", parse_summary, (SUMMARY,)),
)
every_answer = pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)


def document(answer: Kind) -> dict[str, Any]:
    return load_schema(f"responses/{answer.name}")


def test_a_failure_is_read_as_violations() -> None:
    assert parse_failure(FAILURE) == [
        Violation(0, "imap_port", "port", "must be provided and in range <1,65535>"),
        Violation(None, None, None, "Too many requests"),
    ]
    assert parse_failure(CONFLICT) == [Violation(None, None, None, "string")]
    assert parse_failure({"code": "A new one", "details": []}) == []
    assert failure_details({"details": ["b", "a"]}) == ["b", "a"]


@given(doubtful_bodies())
def test_a_failure_response_is_read_back(body: object) -> None:
    violations = list(iter_violations(body))
    assert parse_failure(failure_response(violations)) == violations


@given(st.lists(any_text()))
def test_every_line_is_kept(lines: list[str]) -> None:
    assert [str(violation) for violation in parse_failure({"code": "UNKNOWN", "details": lines})] == lines


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_index_of_a_redacted_line_is_kept_if_there_can_be_such_a_mailbox(
    index: int, mailboxes: int
) -> None:
    """The most mailboxes of a valid request count as sent in any case."""
    line = Violation.parse(f"mailbox[{index}].bcc {SECRET}")
    kept = redact(line, mailboxes)
    assert (kept.field, kept.message) == ("bcc", "(not shown)")
    assert kept.index == (index if index < max(mailboxes, 200) else None)
    assert redact(line) == redact(line, 200)


@pytest.mark.parametrize(
    ("batch_id", "read"), [(123456, 123456), (123456.0, 123456), ("123456", "123456"), ("", ""), (-1, -1)]
)
def test_the_id_of_a_batch_keeps_its_type(batch_id: object, read: object) -> None:
    found = parse_accepted({"batch_id": batch_id})
    assert (found, type(found)) == (read, type(read))


def test_a_problem_is_read() -> None:
    problem = parse_problem(PROBLEM)
    assert (problem.title, problem.status, problem.detail) == ("Unauthorized", 401, "Invalid api key")
    assert problem.timestamp == NOON
    assert problem.timestamp.utcoffset() == timedelta(0)
    assert repr(problem) == (
        "Problem(title='unauthorized', status=401, detail='invalid API key',"
        " timestamp=datetime.datetime(2025, 3, 5, 17, 57, tzinfo=datetime.timezone.utc))"
    )


@pytest.mark.parametrize(
    ("timestamp", "moment"),
    [
        ("2025-03-05 17:57:00", NOON),
        ("2025-03-05 17:57:00 UTC", NOON),
        ("2025-03-05T17:57:00", NOON),
        ("2025-03-05T17:57:00Z", NOON),
        ("2025-03-05T18:57:00+01:00", NOON),
        ("2025-03-05T16:57:00.000-0100", NOON),
        ("2025-03-05T17:57:00.5Z", NOON + timedelta(seconds=0.5)),
        ("2025-03-05 17:57:00,123456789", NOON + timedelta(microseconds=123456)),
        *(
            (unreadable, None)
            for unreadable in (
                ...,
                None,
                1741197420,
                "",
                SECRET,
                "2025-03-05 17:57:00\n",
                "2025-03-05 17:57",
                "2025-02-30 17:57:00",
                "2025-03-05 24:00:01",
                "2025-03-05 17:57:00+25:00",
                "0000-03-05 17:57:00",
                "0001-01-01 00:00:00+01:00",
                "\u0662025-03-05 17:57:00",
            )
        ),
    ],
)
def test_status_and_detail_are_read_whatever_the_time(timestamp: object, moment: datetime | None) -> None:
    problem = parse_problem(changed(PROBLEM, timestamp=timestamp))
    assert (problem.status, problem.detail, problem.timestamp) == (401, "Invalid api key", moment)


def test_the_repr_of_an_accepted_batch_shows_an_integer_only() -> None:
    shown = [repr(parse_answer(202, {"batch_id": each})) for each in (123456, SECRET, 10**5000)]
    assert shown == [
        f"Accepted(batch_id={each})" for each in (123456, "(not shown)", "<a very long integer>")
    ]


@pytest.mark.parametrize("title", [..., None, 3, [SECRET]])
def test_a_problem_needs_no_title(title: object) -> None:
    problem = parse_problem(changed(PROBLEM, title=title, timestamp=None))
    assert repr(problem) == "Problem(title=None, status=401, detail='invalid API key', timestamp=None)"


# Any answer.


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (202, {"batch_id": "b-1"}, Accepted("b-1")),
        (200, SUMMARY, parse_summary(SUMMARY)),
        (400, FAILURE, Failure(400, tuple(parse_failure(FAILURE)))),
        (409, CONFLICT, Failure(409, (Violation(None, None, None, "string"),))),
        *((status, PROBLEM, parse_problem(PROBLEM)) for status in (401, 404, 500)),
        # Not documented: the shape of the body decides.
        (400, PROBLEM, parse_problem(PROBLEM)),
        (422, FAILURE, Failure(422, tuple(parse_failure(FAILURE)))),
        (503, PROBLEM, parse_problem(PROBLEM)),
        (599.0, PROBLEM, parse_problem(PROBLEM)),
    ],
)
def test_an_answer_is_read_by_its_status_and_shape(status: int, body: object, expected: Answer) -> None:
    found = parse_answer(status, body)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (202, {}, "status 202: batch_id must be given"),
        (200, {"batch_id": 1}, "status 200: processing_finished must be given"),
        (400, {"details": []}, "status 400: code must be given"),
        (409, {"code": "Conflict", "details": SECRET}, "status 409: details must be an array, not string"),
        (401, {"detail": SECRET}, "status 401: status must be given"),
        (502, None, "status 502: body must be an object, not null"),
        *(
            (status, PROBLEM, f"status {status}: the API has no such answer")
            for status in (100, 204, 302, 399)
        ),
        *(
            (status, PROBLEM, "status must be an integer from 100 to 599")
            for status in (99, 600, -1, True, "202", None, 10**30)
        ),
    ],
)
def test_an_answer_that_the_api_does_not_give_is_a_value_error(
    status: Any, body: object, message: str
) -> None:
    with pytest.raises(ValueError, match=rf"\A{re.escape(message)}\Z"):
        parse_answer(status, body)


@given(st.integers(100, 599), json_values() | st.sampled_from([FAILURE, CONFLICT, PROBLEM, SUMMARY]))
def test_any_status_and_body_are_an_answer_or_a_value_error(status: int, body: object) -> None:
    with suppress(ValueError):
        assert isinstance(parse_answer(status, body), Accepted | Failure | Problem | Summary)


def test_a_summary_is_read() -> None:
    summary = parse_summary(SUMMARY)
    assert summary.finished is True
    assert (summary.batch_size, summary.pending_count, summary.connected_count) == (6, 1, 2)
    assert (summary.conditionally_connected_count, summary.failed_count) == (0, 3)
    assert type(summary.connected_count) is int
    assert summary.conditionally_connected_mailboxes == ()
    assert summary.failed_mailboxes == ({"smtp_password": SECRET}, SECRET, None)


def test_the_repr_of_a_summary_shows_no_item() -> None:
    shown = (
        "Summary(finished=True, batch_size=6, pending_count=1, connected_count=2, conditionally_connected_count=0,"
        " failed_count=3, conditionally_connected_mailboxes=<length 0>, failed_mailboxes=<length 3>)"
    )
    summary = parse_summary(SUMMARY)
    assert repr(summary) == shown
    assert str(summary) == shown
    assert f"{summary}" == shown


def test_negative_counts_are_accepted() -> None:
    """Neither their range nor their sum is documented, and the summary is useful anyway."""
    assert parse_summary(SUMMARY | {"failed_mailboxes_count": -1}).failed_count == -1


def test_a_number_that_is_too_long_for_str_is_not_shown() -> None:
    long = 10**5000
    assert repr(parse_problem(PROBLEM | {"status": -long})) == (
        "Problem(title='unauthorized', status=(not shown), detail='invalid API key',"
        " timestamp=datetime.datetime(2025, 3, 5, 17, 57, tzinfo=datetime.timezone.utc))"
    )
    assert repr(parse_summary(SUMMARY | {"batch_size": long})) == (
        "Summary(finished=True, batch_size=<a very long integer>, pending_count=1, connected_count=2,"
        " conditionally_connected_count=0, failed_count=3, conditionally_connected_mailboxes=<length 0>,"
        " failed_mailboxes=<length 3>)"
    )


@pytest.mark.parametrize("items", [[], [SECRET], [{}]])
def test_a_summary_has_no_hash_whatever_its_items(items: list[Any]) -> None:
    with pytest.raises(TypeError, match=r"\Aunhashable type: 'Summary'\Z"):
        hash(parse_summary(SUMMARY | {"failed_mailboxes": items}))


def test_an_answer_is_an_immutable_value() -> None:
    problem, summary = parse_problem(PROBLEM), parse_summary(SUMMARY | {"failed_mailboxes": [SECRET]})
    assert problem == parse_problem(dict(PROBLEM))
    assert hash(problem) == hash(parse_problem(PROBLEM))
    assert problem != parse_problem(PROBLEM | {"status": 404})
    others: list[object] = [summary, PROBLEM, None]
    assert problem not in others
    with pytest.raises(FrozenInstanceError, match=r"\Acannot assign to field 'status'\Z"):
        problem.status = 404  # type: ignore[misc]  # the test is that it can't
    with pytest.raises(FrozenInstanceError, match=r"\Acannot delete field 'finished'\Z"):
        del summary.finished
    for answer in (problem, summary):
        with pytest.raises(FrozenInstanceError, match=r"\Acannot assign to field 'color'\Z"):
            answer.color = "blue"  # type: ignore[union-attr]  # the test is that it can't
        twins = (pickle.loads(pickle.dumps(answer)), copy.copy(answer), copy.deepcopy(answer))  # noqa: S301  # our own
        assert twins == (answer,) * 3


# What is malformed.


def changed(body: dict[str, Any], **changes: object) -> dict[str, Any]:
    """Return ``body`` with changes; ``...`` removes a key."""
    return {key: value for key, value in {**body, **changes}.items() if value is not ...}


@pytest.mark.parametrize(
    ("parse", "body", "message"),
    [
        *((answer.parse, None, "body must be an object, not null") for answer in ANSWERS),
        *((answer.parse, [SECRET], "body must be an object, not array") for answer in ANSWERS),
        (parse_failure, json.dumps(FAILURE), "body must be an object, not string"),
        (parse_failure, b"{}", "body must be an object, not bytes"),
        (parse_failure, {}, "code must be given"),
        (parse_failure, changed(FAILURE, code=None), "code must be a string, not null"),
        (parse_failure, changed(FAILURE, code=True), "code must be a string, not boolean"),
        (parse_failure, changed(FAILURE, details=...), "details must be given"),
        (parse_failure, changed(FAILURE, details=SECRET), "details must be an array, not string"),
        (parse_failure, changed(FAILURE, details={"a": SECRET}), "details must be an array, not object"),
        (
            parse_failure,
            changed(FAILURE, details=["", LINE, 12345]),
            "details[2] must be a string, not integer",
        ),
        (
            parse_failure,
            changed(FAILURE, details=[float("nan"), 1]),
            "details[0] must be a string, not number",
        ),
        (parse_accepted, {}, "batch_id must be given"),
        (parse_accepted, {"batch_id": True}, "batch_id must be an integer or a string, not boolean"),
        (parse_accepted, {"batch_id": 1.5}, "batch_id must be an integer or a string, not number"),
        (parse_accepted, {"batch_id": None}, "batch_id must be an integer or a string, not null"),
        (parse_problem, changed(PROBLEM, status=...), "status must be given"),
        (parse_problem, changed(PROBLEM, detail=...), "detail must be given"),
        (parse_problem, changed(PROBLEM, status="401"), "status must be an integer, not string"),
        (parse_problem, changed(PROBLEM, detail=[SECRET]), "detail must be a string, not array"),
        *((parse_summary, changed(SUMMARY, **{key: ...}), f"{key} must be given") for key in SUMMARY),
        *(
            (parse_summary, changed(SUMMARY, **{key: SECRET}), f"{key} must be an integer, not string")
            for key in list(SUMMARY)[1:6]
        ),
        (
            parse_summary,
            changed(SUMMARY, batch_size=True),
            "batch_size must be an integer, not boolean",
        ),
        (
            parse_summary,
            changed(SUMMARY, processing_finished=1),
            "processing_finished must be a boolean, not integer",
        ),
        (
            parse_summary,
            changed(SUMMARY, failed_mailboxes=None),
            "failed_mailboxes must be an array, not null",
        ),
    ],
)
def test_the_error_names_the_malformed_place(
    parse: Callable[[object], object], body: object, message: str
) -> None:
    with pytest.raises(ValueError, match=rf"\A{re.escape(message)}\Z") as caught:
        parse(body)
    assert type(caught.value) is ValueError
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@every_answer
@given(value=json_values() | st.dictionaries(st.sampled_from([*FAILURE, *PROBLEM, *SUMMARY]), json_values()))
def test_any_json_value_is_read_or_refused(answer: Kind, value: object) -> None:
    with suppress(ValueError):
        answer.parse(value)


def test_an_unreadable_object_is_refused() -> None:
    class Odd(dict[str, Any]):
        def __contains__(self, key: object) -> bool:
            raise KeyError(key)

    with pytest.raises(ValueError, match=r"\Abody must be an object, not object\Z"):
        parse_failure(Odd(FAILURE))


def unnamed() -> Any:
    """Return a value that raises when its class is looked up; made here, where pytest, which looks it up too, doesn't see it."""

    def refuse(_value: object) -> str:
        raise RuntimeError(SECRET)

    nameless = type("Nameless", (type,), {"__name__": property(refuse)})
    return nameless("Unnamed", (), {"__class__": property(refuse)})()


def test_a_class_that_hides_its_name_is_named_by_the_error() -> None:
    odd = unnamed()
    for parse, body, message in (
        *((answer.parse, odd, "body must be an object") for answer in ANSWERS),
        (parse_accepted, {"batch_id": odd}, "batch_id must be an integer or a string"),
        (parse_failure, changed(FAILURE, details=[odd]), "details[0] must be a string"),
        (parse_problem, changed(PROBLEM, status=odd), "status must be an integer"),
        (parse_summary, changed(SUMMARY, failed_mailboxes=odd), "failed_mailboxes must be an array"),
    ):
        with pytest.raises(ValueError, match=rf"\A{re.escape(message)}, not Unnamed\Z"):
            parse(body)


def test_the_error_about_another_object_names_its_class() -> None:
    with pytest.raises(TypeError, match=r"\Aexpected a Violation, got Unnamed\Z"):
        failure_response([unnamed()])


# The documents.


@every_answer
def test_a_document_passes_its_metaschema_and_describes_its_own_examples(answer: Kind) -> None:
    schema = document(answer)
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == identify(f"responses/{answer.name}")
    validator = Draft202012Validator(schema)
    for body in (*schema["examples"], *answer.bodies):
        assert validator.is_valid(body)
        answer.parse(body)


def test_the_examples_are_the_vendors() -> None:
    problems = load_schema("responses/problem")["examples"]
    assert [problem["status"] for problem in problems] == [401, 404, 500]
    assert problems[0] == PROBLEM
    assert load_schema("responses/accepted")["examples"] == [{"batch_id": 123456}]
    assert load_schema("responses/conflict")["examples"] == [CONFLICT]
    assert [
        [violation.rule for violation in parse_failure(failure)]
        for failure in load_schema("responses/failure")["examples"]
    ] == [["not-blank", "port", "wait-time", "wait-time", "domain"]]


def test_schema_and_reader_have_the_same_pattern_of_a_timestamp() -> None:
    stated = load_schema("responses/problem")["properties"]["timestamp"]
    assert stated["pattern"] == f"^{TIMESTAMP}$"
    assert stated["maxLength"] == len("2025-03-05 17:57:00")


class Unspoken(NamedTuple):
    """Where a document and its reader disagree on purpose, with a body that shows it."""

    what: str
    name: str
    document_takes: bool
    recognizes: Callable[[Any], bool]
    witness: Any


def is_documented(timestamp: object) -> bool:
    return isinstance(timestamp, str) and re.fullmatch(TIMESTAMP, timestamp) is not None


UNSPOKEN: Final = (
    Unspoken(
        "a code the vendor doesn't document is not a reason to withhold the details",
        "failure",
        False,
        lambda body: body["code"] not in {"VALIDATION_FAILURE", "UNKNOWN"},
        changed(FAILURE, code="A new one"),
    ),
    Unspoken(
        "the same of a conflict, which is read as a failure is",
        "conflict",
        False,
        lambda body: body["code"] != "Conflict",
        changed(CONFLICT, code="conflict"),
    ),
    Unspoken(
        "a title or a time that can't be read is not a reason to withhold status and detail",
        "problem",
        False,
        lambda body: not isinstance(body.get("title"), str) or not is_documented(body.get("timestamp")),
        changed(PROBLEM, timestamp="2025-03-05T17:57:00Z"),
    ),
)


def verdicts(answer: Kind, body: object) -> tuple[bool, bool]:
    """Return whether the document accepts ``body``, and whether the reader does."""
    try:
        answer.parse(body)
    except ValueError:
        read = False
    else:
        read = True
    return Draft202012Validator(document(answer)).is_valid(body), read


@pytest.mark.parametrize("unspoken", UNSPOKEN, ids=lambda unspoken: unspoken.what)
def test_every_disagreement_has_a_witness(unspoken: Unspoken) -> None:
    answer = next(answer for answer in ANSWERS if answer.name == unspoken.name)
    assert unspoken.recognizes(unspoken.witness)
    assert verdicts(answer, unspoken.witness) == (unspoken.document_takes, not unspoken.document_takes)


def texts_like(body: dict[str, Any]) -> st.SearchStrategy[str]:
    """Timestamps around the edges, codes known and not, and any text."""
    times = st.from_regex(TIMESTAMP, fullmatch=True)
    codes = st.sampled_from(["VALIDATION_FAILURE", "UNKNOWN", "Conflict", "VALIDATION_FAILURE\n"])
    edges = st.sampled_from(["2024-02-29 23:59:59", "2025-02-29 00:00:00", "2025-13-01 00:00:00"])
    return (times | edges | any_text()) if "timestamp" in body else (codes | any_text())


@st.composite
def doubtful_answers(draw: st.DrawFn) -> tuple[Kind, Any]:
    """An answer with some of its values changed, removed or added."""
    answer = draw(st.sampled_from(ANSWERS))
    body = copy.deepcopy(draw(st.sampled_from(answer.bodies)))
    values = json_values() | texts_like(body) | st.lists(texts_like(body) | json_values(), max_size=3)
    body |= draw(st.dictionaries(st.sampled_from(list(body)) | st.text(max_size=3), values, max_size=2))
    for key in draw(st.lists(st.sampled_from(list(body)), max_size=1)):
        del body[key]
    return answer, body


@given(doubtful_answers())
@example((ANSWERS[0], {"batch_id": float("inf")}))
@example((ANSWERS[3], changed(PROBLEM, timestamp="0000-02-30 00:00:00")))
def test_document_and_reader_agree(drawn: tuple[Kind, Any]) -> None:
    answer, body = drawn
    taken, read = verdicts(answer, body)
    if taken is not read:
        assert {u.document_takes for u in UNSPOKEN if u.name == answer.name and u.recognizes(body)} == {taken}
