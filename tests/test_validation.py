"""The public verbs: their error, what the machine runs out of, threads, and the work that they do."""

import difflib
import pickle
import sys
import threading
from collections import UserDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import pytest
from golden import VENDOR_FULL, cases, mailbox
from hostile import HOSTILE, HostileKey, HostileNumber, HostileText

from mailbox_schema import (
    FIELDS,
    InvalidBody,
    Violation,
    ensure_valid,
    failure_response,
    hints,
    is_valid,
    is_valid_mailbox,
    iter_mailbox_violations,
    iter_violations,
    parse_failure,
    validate,
    validate_mailbox,
    vocabulary,
)
from mailbox_schema.forms import parse_form, parse_formset
from mailbox_schema.responses import parse_accepted, parse_problem, parse_summary

# The error of ensure_valid


def test_the_error_survives_pickling() -> None:
    with pytest.raises(InvalidBody) as caught:
        ensure_valid({"mailboxes": [None]})
    twin = pickle.loads(pickle.dumps(caught.value))  # noqa: S301  # our own
    assert twin.violations == caught.value.violations
    assert str(twin) == str(caught.value) == "mailbox[0] must be an object"


def test_the_error_keeps_the_violations_of_an_iterator() -> None:
    error = InvalidBody(iter_violations({"mailboxes": [None]}))
    assert pickle.loads(pickle.dumps(error)).details == ["mailbox[0] must be an object"]  # noqa: S301  # our own


def test_the_error_shows_only_harmless_words_of_an_unknown_line() -> None:
    lines = ["mailbox[0].color must be blue", "Too many requests"]
    error = InvalidBody(map(Violation.parse, lines))
    assert str(error) == "mailbox[0].(not shown) must be (not shown)\ntoo many requests"
    assert error.details == lines


def test_a_mailbox_alone_is_the_first() -> None:
    assert validate_mailbox(None) == ["mailbox[0] must be an object"]
    assert [violation.index for violation in iter_mailbox_violations(None)] == [0]


def test_the_error_contains_nothing_of_the_body() -> None:
    secret = "not-a-real-password"
    with pytest.raises(InvalidBody) as caught:
        ensure_valid({"mailboxes": [{"smtp_password": [secret], "smtp_login": {secret: secret}}]})
    shown = repr(caught.value) + str(caught.value) + repr(vars(caught.value)) + str(caught.value.response)
    assert secret not in shown
    assert isinstance(caught.value, ValueError)


# Arguments of the wrong type


def test_a_failure_response_is_made_of_violations() -> None:
    with pytest.raises(TypeError, match=r"\Aexpected a Violation, got str\Z"):
        failure_response("abc")  # type: ignore[arg-type]  # the test is that it is refused


TEXTS: Final = ("text", "lone surrogate")
NUMBERS: Final = ("number",)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_line_is_parsed_or_refused_with_a_type_error(name: str) -> None:
    value: Any = HOSTILE[name]()
    if name in TEXTS:
        assert str(Violation.parse(value)) == str.__str__(value)
    else:
        with pytest.raises(TypeError, match=r"\Aexpected a string, got \w+\Z"):
            Violation.parse(value)


@pytest.mark.parametrize("argument", ["field", "rule", "message", "hint"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_violation_is_made_of_strings_or_refused_with_a_type_error(name: str, argument: str) -> None:
    value = HOSTILE[name]()
    arguments: dict[str, Any] = {"index": 0, "field": "bcc", "rule": "email", "message": "m", "hint": "h"}
    arguments[argument] = value
    if name in TEXTS:
        assert type(getattr(Violation(**arguments), argument)) is str
    else:
        with pytest.raises(TypeError, match=rf"\A{argument} must be a string, not \w+\Z"):
            Violation(**arguments)


@pytest.mark.parametrize("name", HOSTILE)
def test_an_index_is_an_integer_or_refused_with_a_type_error(name: str) -> None:
    value: Any = HOSTILE[name]()
    if name in NUMBERS:
        assert type(Violation(value, "bcc", "email", "m").index) is int
        return
    for act in (
        lambda: Violation(value, "bcc", "email", "m"),
        lambda: validate_mailbox({}, value),
        lambda: iter_mailbox_violations({}, value),
    ):
        with pytest.raises(TypeError, match=r"\Aindex must be an integer from 0 to 999999999999999999\Z"):
            act()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_failure_response_of_a_hostile_item_is_refused_with_a_type_error(name: str) -> None:
    item: Any = HOSTILE[name]()
    with pytest.raises(TypeError, match=r"\Aexpected a Violation, got \w+\Z"):
        failure_response([item])


def test_an_error_of_a_hostile_item_is_refused_with_a_type_error() -> None:
    for make in HOSTILE.values():
        item: Any = make()
        with pytest.raises(TypeError, match=r"\Aexpected a Violation, got \w+\Z"):
            InvalidBody([item])


@pytest.mark.parametrize("act", [failure_response, InvalidBody])
def test_violations_that_can_not_be_iterated_are_refused_with_a_type_error(
    act: Callable[[Any], object],
) -> None:
    for value in (object(), HOSTILE["raises whatever is done to it"](), HostileNumber(3), None):
        with pytest.raises(TypeError, match=r"\A'\w+' object is not iterable\Z"):
            act(value)


def test_an_error_of_the_iterable_passes_through() -> None:
    for act in (failure_response, InvalidBody):
        with pytest.raises(RuntimeError, match=r"\Aiterated\Z"):
            act(HOSTILE["list"]())  # type: ignore[arg-type]  # the test is that it passes through


# What the machine runs out of is not a property of the body


INTERNATIONAL: Final = mailbox(
    smtp_email="\u7528\u6237@\u4f8b\u5b50.\u516c\u53f8", open_tracking_domain="\u05d0\u05d1.example"
)
BODIES: Final[dict[str, dict[str, Any]]] = {
    "plain": VENDOR_FULL,
    "not plain": {"mailboxes": [mailbox(smtp_port=465.0, footer=HostileText("x"))]},
    "international": {"mailboxes": [INTERNATIONAL]},
    "another mapping": {"mailboxes": [UserDict(VENDOR_FULL["mailboxes"][0])]},
}
FORM: Final = {name: str(value) for name, value in VENDOR_FULL["mailboxes"][0].items()}
CALLS: Final[dict[str, tuple[Callable[[Any], object], object]]] = {
    "validate": (validate, []),
    "iter_violations": (lambda body: [*iter_violations(body)], []),
    "is_valid": (is_valid, True),
    "ensure_valid": (lambda body: ensure_valid(body) is body, True),
    "is_valid_mailbox": (lambda body: is_valid_mailbox(body["mailboxes"][0]), True),
    "validate_mailbox": (lambda body: validate_mailbox(body["mailboxes"][0]), []),
    "iter_mailbox_violations": (lambda body: [*iter_mailbox_violations(body["mailboxes"][0])], []),
}


def dive(levels: int, act: Callable[[], object]) -> object:
    """Call ``act`` that many frames below this one."""
    return act() if levels <= 0 else dive(levels - 1, act)


def deepest() -> int:
    """Return the deepest level at which anything can be called."""
    low, high = 0, 2 * sys.getrecursionlimit()
    while high - low > 1:
        middle = (low + high) // 2
        try:
            dive(middle, object)
        except RecursionError:
            high = middle
        else:
            low = middle
    return low


def outcomes(act: Callable[[], object]) -> list[object]:
    """Return what ``act`` gives with ever more room on the stack, until it gives the same a while."""
    found: list[object] = []
    level = deepest() + 2
    act()  # loads modules
    while level > 0 and (len(found) < 150 or found[-1] is RecursionError):
        try:
            found.append(dive(level, act))
        except RecursionError:
            found.append(RecursionError)
        level -= 1
    return found


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize(("call", "expected"), CALLS.values(), ids=CALLS)
def test_a_valid_body_is_valid_or_raises_recursion_error_near_the_limit(
    call: Callable[[Any], object], expected: object, name: str
) -> None:
    found = outcomes(lambda: call(BODIES[name]))
    assert found[0] is RecursionError
    assert found[-1] == expected
    assert [outcome for outcome in found if outcome is not RecursionError and outcome != expected] == []


@pytest.mark.parametrize(
    ("parse", "form"), [(parse_form, FORM), (parse_formset, {f"mailboxes.0.{k}": v for k, v in FORM.items()})]
)
def test_a_valid_form_is_valid_or_raises_recursion_error_near_the_limit(
    parse: Callable[[Any], Any], form: dict[str, str]
) -> None:
    found = outcomes(lambda: parse(form).violations)
    assert found[0] is RecursionError
    assert [outcome for outcome in found if outcome is not RecursionError and outcome != ()] == []


@pytest.mark.parametrize("name", ["plain", "not plain"])
def test_a_broken_body_gives_its_violation_or_raises_recursion_error_near_the_limit(name: str) -> None:
    broken = {"mailboxes": [*BODIES[name]["mailboxes"], mailbox(smtp_port=0)]}
    expected = ["mailbox[1].smtp_port must be provided and in range <1,65535>"]
    assert set(map(str, outcomes(lambda: validate(broken)))) == {str(expected), str(RecursionError)}
    assert set(map(str, outcomes(lambda: [*map(str, iter_violations(broken))]))) == {
        str(expected),
        str(RecursionError),
    }


class Failing(dict[str, Any]):
    """Raises an error in one of its methods."""

    def __init__(self, method: str, error: type[BaseException], value: dict[str, Any]) -> None:
        super().__init__(value)
        self.method, self.error = method, error

    def fail(self, method: str) -> None:
        if method == self.method:
            raise self.error("raised by a mapping")

    def __contains__(self, key: object) -> bool:
        self.fail("__contains__")
        return super().__contains__(key)

    def __getitem__(self, key: str) -> Any:
        self.fail("__getitem__")
        return super().__getitem__(key)


class FailingList(list[Any]):
    def __init__(self, error: type[BaseException]) -> None:
        super().__init__([mailbox()])
        self.error = error

    def __iter__(self) -> Iterator[Any]:
        raise self.error("raised by a list")


class FailingKey(HostileKey):
    """Has the hash of the key that it is written as, and can't be compared for lack of memory."""

    __slots__ = ()

    def __hash__(self) -> int:
        return str.__hash__(self)

    def __eq__(self, other: object) -> bool:
        raise MemoryError


RESOURCE_ERRORS: Final = pytest.mark.parametrize("error", [MemoryError, RecursionError])
METHODS: Final = pytest.mark.parametrize("method", ["__contains__", "__getitem__"])


@RESOURCE_ERRORS
@METHODS
@pytest.mark.parametrize(("call", "_expected"), CALLS.values(), ids=CALLS)
def test_a_resource_error_of_a_mapping_passes_through(
    call: Callable[[Any], object], _expected: object, method: str, error: type[BaseException]
) -> None:
    with pytest.raises(error):
        call({"mailboxes": [Failing(method, error, mailbox())]})


@RESOURCE_ERRORS
@METHODS
@pytest.mark.parametrize("verb", [validate, is_valid, ensure_valid, lambda body: [*iter_violations(body)]])
def test_a_resource_error_of_a_body_passes_through(
    verb: Callable[[object], object], method: str, error: type[BaseException]
) -> None:
    with pytest.raises(error):
        verb(Failing(method, error, {"mailboxes": [mailbox()]}))


@RESOURCE_ERRORS
@METHODS
@pytest.mark.parametrize("parse", [parse_failure, parse_accepted, parse_problem, parse_summary])
def test_a_resource_error_of_an_answer_passes_through(
    parse: Callable[[object], object], method: str, error: type[BaseException]
) -> None:
    keys = ("code", "details", "batch_id", "title", "processing_finished")
    with pytest.raises(error):
        parse(Failing(method, error, dict.fromkeys(keys, "x")))


@RESOURCE_ERRORS
@pytest.mark.parametrize("parse", [parse_form, parse_formset])
def test_a_resource_error_of_a_form_passes_through(
    parse: Callable[[object], object], error: type[BaseException]
) -> None:
    class Form(dict[str, str]):
        def items(self) -> Any:
            raise error

    with pytest.raises(error):
        parse(Form(FORM))


@RESOURCE_ERRORS
@pytest.mark.parametrize("verb", [validate, is_valid, ensure_valid, lambda body: [*iter_violations(body)]])
def test_a_resource_error_of_a_list_or_of_a_key_passes_through(
    verb: Callable[[object], object], error: type[BaseException]
) -> None:
    with pytest.raises(error):
        verb({"mailboxes": FailingList(error)})
    with pytest.raises(error):
        verb({"mailboxes": [mailbox()], "completion_notification_types": FailingList(error)})
    with pytest.raises(MemoryError):
        verb({FailingKey("mailboxes"): [mailbox()]})
    with pytest.raises(MemoryError):
        verb({"mailboxes": [{FailingKey("smtp_password"): 1, **mailbox(smtp_password=...)}]})


@METHODS
@pytest.mark.parametrize("error", [KeyError, RuntimeError, OSError, RuntimeWarning])
def test_a_mapping_that_raises_another_error_is_not_an_object(
    method: str, error: type[BaseException]
) -> None:
    body = {"mailboxes": [Failing(method, error, mailbox()), mailbox()]}
    assert validate(body) == [*map(str, iter_violations(body))] == ["mailbox[0] must be an object"]
    assert validate(Failing(method, error, body)) == ["body must be an object"]
    assert not is_valid(body)
    with suppress(InvalidBody):
        ensure_valid(body)


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_what_ends_the_program_passes_through(error: type[BaseException]) -> None:
    for verb in (validate, is_valid, ensure_valid):
        with pytest.raises(error):
            verb({"mailboxes": [Failing("__contains__", error, mailbox())]})


# Threads


@contextmanager
def changing(change: Callable[[int], object]) -> Iterator[None]:
    """Call ``change`` over and over, in another thread."""
    done = threading.Event()

    def run() -> None:
        number = 0
        while not done.is_set():
            change(number)
            number += 1

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        sys.setswitchinterval(interval)


@pytest.mark.parametrize("is_full", [True, False])
def test_another_thread_may_change_the_keys_of_a_mailbox_meanwhile(is_full: bool) -> None:
    """Of is_plainly_valid and as_object: each key is read once, so another thread can't break the reading."""
    shared: dict[str, Any] = dict(VENDOR_FULL["mailboxes"][0]) if is_full else {}
    body: dict[str, Any] = {"mailboxes": [shared]}
    names = [*FIELDS, *(f"unknown_{number}" for number in range(9))]

    def change(number: int) -> None:
        name = names[number * 7 % len(names)]
        if number // len(names) % 2:
            shared.pop(name, None)
        else:
            shared[name] = (None, "", 0, "x", [1])[number % 5]
        if number % 100 == 0:
            shared.clear()
        body["mailboxes" if number % 3 else "mailbox"] = [shared] * (number % 4)
        body.pop("mailbox", None)

    with changing(change):
        for _ in range(1500):
            lines = [*validate(body), *map(str, iter_violations(body))]
            assert all(Violation.parse(line).rule for line in lines)
            assert is_valid(body) in {True, False}
            assert all(violation.field for violation in iter_mailbox_violations(shared))


# How much is searched for a hint


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Count what difflib does."""
    counts = {"texts": 0, "comparisons": 0}

    class Counting(difflib.SequenceMatcher[str]):
        def set_seq2(self, b: Any) -> None:
            counts["texts"] += b != ""
            super().set_seq2(b)

        def set_seq1(self, a: Any) -> None:
            counts["comparisons"] += a != ""
            super().set_seq1(a)

    monkeypatch.setattr(difflib, "SequenceMatcher", Counting)
    return counts


@pytest.mark.parametrize("name", ["smtp_prot_{}", "smtpPort{}", "k{}", "imap_passwort_{}"])
def test_at_most_50_unknown_keys_of_a_mailbox_are_compared_with_the_fields(
    name: str, searches: dict[str, int]
) -> None:
    unknown = {name.format(number): 1 for number in range(2000)}
    assert len([*iter_mailbox_violations(unknown)]) == 8
    assert 0 < searches["texts"] <= 50
    assert searches["comparisons"] <= 50 * len(FIELDS)


def test_the_keys_of_a_mailbox_are_compared_once_for_all_its_fields(searches: dict[str, int]) -> None:
    body = {"mailboxes": [{f"k{number}": 1 for number in range(2000)}] * 3}
    assert len([*iter_violations(body)]) == 3 * 8
    assert searches["texts"] <= 3 * 50


def test_at_most_50_unknown_keys_of_a_body_are_compared(searches: dict[str, int]) -> None:
    assert len([*iter_violations({f"mailbx{number}": 1 for number in range(2000)})]) == 1
    assert 0 < searches["texts"] <= 50
    assert searches["comparisons"] <= 50 * 2


@pytest.mark.parametrize("length", [100, 100_000])
def test_a_long_key_is_not_compared(length: int, searches: dict[str, int]) -> None:
    assert len([*iter_mailbox_violations({"smtp_port" * length: 1})]) == 8
    assert searches == {"texts": 0, "comparisons": 0}


def test_a_mailbox_that_lacks_nothing_is_not_compared(searches: dict[str, int]) -> None:
    assert len([*iter_mailbox_violations(mailbox(smtp_port=0, smtpPort=465))]) == 1
    assert searches == {"texts": 0, "comparisons": 0}


@pytest.fixture
def no_hints(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every function that makes a hint fail."""

    def fail(*_arguments: object, **_options: object) -> None:
        raise AssertionError("a hint was searched for")

    functions = [
        name
        for name, value in vars(hints).items()
        if callable(value) and getattr(value, "__module__", "") == hints.__name__
    ]
    assert {
        "for_body",
        "for_mailboxes",
        "for_mailbox",
        "for_field",
        "meant_fields",
        "for_notification_types",
    } <= {*functions}
    for name in functions:
        monkeypatch.setattr(hints, name, fail)
    monkeypatch.setattr(vocabulary, "nearest", fail)


@pytest.mark.usefixtures("no_hints")
def test_lines_and_verdicts_are_found_without_a_search_for_hints() -> None:
    for case in cases():
        assert validate(case.body) == case.details
        assert is_valid(case.body) is (case.details == [])
    unknown = {f"smtp_prot_{number}": 1 for number in range(2000)}
    assert len(validate(unknown)) == 1
    assert len(validate({"mailboxes": [unknown, None]})) == 9
    assert len(validate_mailbox(unknown)) == 8
    with pytest.raises(AssertionError, match=r"\Aa hint was searched for\Z"):
        ensure_valid(unknown)
