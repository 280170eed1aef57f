"""Every regular expression of the package takes time linear in its text; steps are counted, not seconds."""

import re
from functools import partial
from typing import Final, get_args

import pytest
from attacks import SUFFIXES, Attack, attacks, pieces
from hypothesis import given, settings
from hypothesis import strategies as st
from patterns import Use, inline_calls, reachable, uses
from steps import Mode, Span, TooManyStepsError, steps
from tiers import IS_DEEP

_USES: Final = uses()
_PATTERNS: Final = {use.pattern: use.name for use in _USES}
_MODES: Final[tuple[Mode, ...]] = get_args(Mode)

# For twice the text, a linear pattern takes twice the steps, and a quadratic one four times.
_LENGTH: Final = 200
_MOST_GROWTH: Final = 2.4
_JITTER: Final = 50
# Our patterns take up to 30 steps for a character, in most cases fewer than 10. The budget leaves room to
# search for a label of up to 63 characters at every offset, and still ends an exponential match at once.
_BUDGET_FOR_CHARACTER: Final = 200
_BUDGET: Final = 5000


def _growth(pattern: re.Pattern[str], mode: Mode, attack: Attack) -> str | None:
    """Return how the steps grow with the text, if they grow faster than the text."""
    counts: list[int] = []
    for length in (_LENGTH, 2 * _LENGTH):
        text = attack.text(length)
        budget = _BUDGET_FOR_CHARACTER * len(text) + _BUDGET
        try:
            counts.append(steps(pattern, text, mode, budget)[1])
        except TooManyStepsError:
            return f"{mode} of {attack}: more than {budget} steps for {len(text)} characters, after {counts}"
    short, long = counts
    return (
        None if long <= _MOST_GROWTH * short + _JITTER else f"{mode} of {attack}: {short} steps, then {long}"
    )


@pytest.mark.depth
@pytest.mark.parametrize("use", _USES, ids=str)
def test_a_pattern_takes_linear_time(use: Use) -> None:
    for attack in attacks(use.pattern, in_pairs=IS_DEEP):
        growth = _growth(use.pattern, use.mode, attack)
        assert growth is None, growth


def test_every_pattern_is_a_constant() -> None:
    """The test above can't find a pattern that a function compiles or passes to ``re``."""
    calls = inline_calls()
    assert not calls, "\n".join(calls)


def test_patterns_are_found_in_containers_and_methods() -> None:
    a, b, c = map(re.compile, "abc")
    table = {"a": (a.match, "a hint"), "b": frozenset({partial(print, b)}), "c": [[c.sub]]}
    assert list(reachable(table, set())) == [("", a, "match"), ("", b, None), ("", c, "sub")]


@pytest.mark.parametrize(
    ("pattern", "mode", "pump"),
    [
        ("(a|a)*b", "fullmatch", "a"),
        ("(a*)*b", "fullmatch", "a"),
        ("a*a*b", "fullmatch", "a"),
        (r"(\s*)\$", "search", " "),
        (r"(?:\{\{.*?\}\}|\$\{\{.*?\}\}|x)+", "fullmatch", "{{a}}"),
        (r"(\w+\s?)*!", "match", "a"),
        (r"[a-z]+@", "finditer", "a"),
        (r"<!--.*?-->", "search", "<!--"),
        (r"(?:a|b|ab)*c", "match", "ab"),
        (r"(?=(?:x+)+:)x", "match", "x"),
        (r"(?:.*,){3}x", "match", ","),
    ],
)
def test_a_pattern_that_is_not_linear_is_found(pattern: str, mode: Mode, pump: str) -> None:
    compiled = re.compile(pattern)
    assert _growth(compiled, mode, Attack("", pump, "y")) is not None
    assert any(_growth(compiled, mode, attack) for attack in attacks(compiled, in_pairs=False))


def test_a_linear_pattern_is_not_found() -> None:
    pattern = re.compile("[a-z]+@[a-z]+")
    assert not any(_growth(pattern, "fullmatch", attack) for attack in attacks(pattern, in_pairs=True))


def _spans(pattern: re.Pattern[str], text: str, mode: Mode) -> list[Span]:
    if mode == "finditer":
        return [match.span() for match in pattern.finditer(text)]
    match = getattr(pattern, mode)(text)
    return [match.span()] if match else []


def _texts(pattern: re.Pattern[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from([*pieces(pattern), *filter(None, SUFFIXES)]), max_size=8).map("".join)


@pytest.mark.parametrize("pattern", _PATTERNS, ids=_PATTERNS.values())
@settings(max_examples=settings().max_examples // 4)
@given(data=st.data())
def test_the_matcher_agrees_with_re(pattern: re.Pattern[str], data: st.DataObject) -> None:
    text = data.draw(_texts(pattern))
    for mode in _MODES:
        assert steps(pattern, text, mode)[0] == _spans(pattern, text, mode), mode


@pytest.mark.parametrize(
    "pattern",
    [
        *("(|a)*b?", "(a|b*)*c", "(?:a*?b)*?c", "(a|ab)(c|bcd)(d*)", "(a?){2,4}b", "(?:a{1,2}?){2}", "a*?$"),
        *(
            r"(?<!a)\b.",
            "(?<=ab)c|b",
            "(?=a*b)a",
            "(?!a*c)a+",
            r"\Z|a",
            "(?s:.)b|(?i:A)c",
            "[^a-b]+?c",
            "(?m)^a|b$",
        ),
    ],
)
@given(text=st.text("abc\n", max_size=8))
def test_the_matcher_agrees_with_re_about_other_patterns(pattern: str, text: str) -> None:
    compiled = re.compile(pattern)
    for mode in _MODES:
        assert steps(compiled, text, mode)[0] == _spans(compiled, text, mode), mode
