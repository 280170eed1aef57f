"""The command line, read by hand where it is plain: as argparse reads it."""

import contextlib
import io
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbox_schema.lint.arguments import FORMATS, TYPES, Arguments, parsed, parser, plain
from mailbox_schema.lint.reports import FORMATS as REPORTS
from mailbox_schema.lint.sources import KINDS

FLAGS: Final = ["--strict", "--allow-placeholders", "-q", "--quiet", "--statistics", "-v", "--verbose"]
OPTIONS: Final = ["--stdin-filename", "--select", "--extend-select", "--ignore", "--response"]
OPTIONS_OF_SOME_VALUES: Final = ["--type", "--format", "-j", "--jobs"]
VALUES: Final = [
    *TYPES,
    *FORMATS,
    "1",
    "8",
    "0",
    "01",
    "-1",
    "\u0663",
    "99999",
    "x y",
    "",
    "-",
    "a=b",
    "port",
]
FILES: Final = ["a.json", "b.yaml", "-", "", "check", "8", "json", "a b", "@a", "x=y"]
ODD: Final = [
    "--",
    "--str",
    "-h",
    "--help",
    "--version",
    "-qv",
    "-j2",
    "--format=json",
    "--jobs=2",
    "--x",
    "-x",
]


def said(arguments: Arguments) -> dict[str, Any]:
    names = [name for name in Arguments.__annotations__ if hasattr(arguments, name)]
    return {name: getattr(arguments, name) for name in names}


def by_argparse(argv: list[str]) -> "dict[str, Any] | None":
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        try:
            return said(parser().parse_args(argv, Arguments()))
        except SystemExit:
            return None


words: Final = st.one_of(
    st.lists(st.sampled_from(FILES), min_size=1, max_size=3),
    st.lists(st.sampled_from(FLAGS), min_size=1, max_size=1),
    st.tuples(st.sampled_from(OPTIONS + OPTIONS_OF_SOME_VALUES), st.sampled_from(VALUES)).map(list),
    st.lists(st.sampled_from([*ODD, *OPTIONS, *OPTIONS_OF_SOME_VALUES]), min_size=1, max_size=1),
)


@settings(max_examples=500)
@given(st.sampled_from(["check", "check", "check", "schema", "--strict", ""]), st.lists(words, max_size=5))
def test_what_is_read_by_hand_is_what_argparse_reads(command: str, parts: list[list[str]]) -> None:
    """Any arguments: the same is read, or they are handed over."""
    argv = [command, *(word for part in parts for word in part)]
    by_hand = plain(argv)
    if by_hand is not None:
        assert said(by_hand) == by_argparse(argv)


@settings(max_examples=300)
@given(st.lists(st.text(st.sampled_from("-=cjqv1a. \n"), max_size=4), max_size=5))
def test_words_of_any_kind(rest: list[str]) -> None:
    by_hand = plain(["check", *rest])
    if by_hand is not None:
        assert said(by_hand) == by_argparse(["check", *rest])


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (["a.json"], {"files": ["a.json"]}),
        (["--", "a.json", "-x"], {"files": ["a.json", "-x"]}),
        (["--strict", "--", "a.json"], {"files": ["a.json"], "strict": True}),
        (
            ["-q", "-v", "--statistics", "--allow-placeholders", "a.json", "b.json"],
            {
                "files": ["a.json", "b.json"],
                "quiet": True,
                "verbose": True,
                "statistics": True,
                "allow_placeholders": True,
            },
        ),
        (
            ["a.json", "--format", "json", "--jobs", "2", "--select", "port", "--select", "email"],
            {"files": ["a.json"], "format": "json", "jobs": 2, "select": "email"},
        ),
        (
            ["--type", "yaml", "-", "--stdin-filename", "-"],
            {"files": ["-"], "type": "yaml", "stdin_filename": "-"},
        ),
    ],
)
def test_what_is_read_by_hand(argv: list[str], expected: dict[str, object]) -> None:
    by_hand = plain(["check", *argv])
    assert by_hand is not None
    assert vars(by_hand) == {"command": "check", **expected}


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["schema"],
        ["check"],
        ["check", "--help"],
        ["check", "--strict"],
        ["check", "--stri", "a.json"],
        ["check", "--format=json", "a.json"],
        ["check", "--format", "xml", "a.json"],
        ["check", "--format"],
        ["check", "a.json", "--select"],
        ["check", "--select", "--strict", "a.json"],
        ["check", "a.json", "--strict", "b.json"],
        ["check", "a.json", "--"],
        ["check", "--", "a.json", "--"],
        ["check", "--jobs", "0", "a.json"],
        ["check", "-j2", "a.json"],
    ],
)
def test_what_is_handed_over(argv: list[str]) -> None:
    assert plain(argv) is None


def test_what_argparse_reads() -> None:
    assert vars(parsed(["check", "--format=json", "-j2", "a.json"])) == {
        "command": "check",
        "files": ["a.json"],
        "format": "json",
        "jobs": 2,
    }
    assert vars(parsed(["schema"])) == {"command": "schema", "name": "request"}


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "x", "\u0663", "99999"])
def test_a_number_of_processes_that_is_none(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        parsed(["check", f"--jobs={number}", "a.json"])
    assert exit_.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1] == (
        f"mailbox-schema check: error: argument -j/--jobs: has to be a number from 1 to 9999: {number!r}"
    )


def test_the_choices_are_what_there_is() -> None:
    assert set(TYPES) == set(KINDS.values())
    assert tuple(REPORTS) == FORMATS
