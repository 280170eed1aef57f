"""Every pattern of every edition means the same in the regular expressions of each language."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
import re2
from node import needs_node, run_node
from peers import languages

from mailbox_schema import load_schema
from mailbox_schema.schema import schema_names
from mailbox_schema.strategies import (
    BROKEN_DOMAINS,
    BROKEN_EMAILS,
    NOT_QUITE_BLANK,
    VALID_DOMAINS,
    VALID_EMAILS,
)
from mailbox_schema.values import JAVA_WHITESPACE


def patterns_of(schema: Any) -> Iterator[str]:
    """Yield the patterns of a document, at any depth."""
    if isinstance(schema, list):
        for inner in schema:
            yield from patterns_of(inner)
    elif isinstance(schema, dict):
        if isinstance(pattern := schema.get("pattern"), str):
            yield pattern
        for inner in schema.values():
            yield from patterns_of(inner)


PATTERNS: Final = sorted({pattern for name in schema_names() for pattern in patterns_of(load_schema(name))})
# Every character near an edge of a class, alone and in an address and a domain. A lone surrogate is left out, because
# few languages have such a string; the validators of the table are judged on them.
_LINE_END: Final = "[\n-\r\x85\u2028\u2029]"
_EDGES: Final = sorted(
    {*"\n\v\f\r\x85\u2028\u2029"}
    | {
        chr(code + step)
        for pattern in PATTERNS
        for literal in re.sub(r"\\x([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), pattern)
        for code in [ord(literal)]
        for step in (-1, 0, 1)
        if code + step >= 0
    }
)
_ALL: Final = [
    text
    for text in (
        *VALID_EMAILS, *BROKEN_EMAILS, *VALID_DOMAINS, *BROKEN_DOMAINS, *NOT_QUITE_BLANK, *JAVA_WHITESPACE, "",
        *("2025-04-08 11:01:45", f"a@{'b' * 64}.com", "b" * 64, f"a@{'-' * 64}"),
        *_EDGES, *(f"a{edge}@b.com" for edge in _EDGES), *(f"b{edge}.example.com" for edge in _EDGES),
        *(f"a@b.com{edge}" for edge in _EDGES), *(f"b.example.com{edge}" for edge in _EDGES),
    )
    if not re.search(r"[\ud800-\udfff]", text)
]  # fmt: skip
# What is a line end, and whether `$` matches before the last one, differs; `^` and `$` of Ruby match at every one.
# So one pattern may find something else there, but all patterns of a definition together don't.
LINES: Final = [text for text in _ALL if re.search(_LINE_END, text)]
TEXTS: Final = [text for text in _ALL if text not in LINES]
GIVEN: Final = {"patterns": PATTERNS, "texts": TEXTS + LINES}


def by_python(search: Callable[[str, str], object]) -> list[list[bool]]:
    return [[search(pattern, text) is not None for text in TEXTS + LINES] for pattern in PATTERNS]


def in_texts(found: list[list[bool]]) -> list[list[bool]]:
    """Return what was found in the texts without a line end."""
    return [row[: len(TEXTS)] for row in found]


def verdicts(found: list[list[bool]]) -> list[list[bool]]:
    """Return whether each text passes all patterns of a definition, by definition."""
    rows = dict(zip(PATTERNS, found, strict=True))
    return [
        [
            rows[definition["pattern"]][at]
            and not any(rows[mistake["not"]["pattern"]][at] for mistake in mistakes)
            for at in range(len(TEXTS + LINES))
        ]
        for definition in load_schema()["$defs"].values()
        if "pattern" in definition
        for mistakes in [definition.get("allOf", ())]
    ]


EXPECTED: Final = by_python(re.search)


def assert_expected(found: list[list[bool]]) -> None:
    assert in_texts(found) == in_texts(EXPECTED)
    assert verdicts(found) == verdicts(EXPECTED)


def test_every_pattern_is_tried_on_texts_that_have_it_and_texts_that_do_not() -> None:
    found = zip(PATTERNS, in_texts(EXPECTED), strict=True)
    assert [pattern for pattern, row in found if len(set(row)) < 2] == []


def test_re2_finds_what_python_finds() -> None:
    assert_expected(by_python(re2.search))


@needs_node
def test_javascript_finds_what_python_finds_with_the_flags_u_and_v() -> None:
    assert_expected(run_node("languages/patterns.mjs", GIVEN))


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=languages.needs(name)) for name in languages.LANGUAGES]
)
def test_another_language_finds_what_python_finds(name: str) -> None:
    assert_expected(languages.run(name, "patterns", GIVEN))
