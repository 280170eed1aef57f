"""The targets: functions that take any bytes, make an input of them, and assert what has to hold.

A target catches only the errors that are documented: any other error is a finding. It returns early from bytes
that are not an input at all. ``tests/fuzz/run.py`` searches for bytes that make a target fail.
"""

import io
import json
import pickle
import re
import sys
import xml.etree.ElementTree as ET
from codecs import BOM_UTF8
from collections.abc import Callable
from functools import partial
from typing import Any, Final
from unittest.mock import patch
from urllib.parse import parse_qs

from canaries import SECRET_FIELDS, Said, leaks, pieces, run
from lint.test_positions import decode_at, paths
from oracle import lines as lines_of_the_oracle

from mailbox_schema import (
    FIELDS,
    InvalidBody,
    Violation,
    ensure_valid,
    failure_response,
    is_valid,
    is_valid_mailbox,
    iter_mailbox_violations,
    iter_violations,
    parse_failure,
    rules,
    validate,
    validate_mailbox,
)
from mailbox_schema._plain import is_plainly_valid, plain_mailboxes
from mailbox_schema.files import UnreadableFile, read_mailboxes
from mailbox_schema.forms import FormResult, FormsetResult, parse_form, parse_formset
from mailbox_schema.lint.catalogue import GROUPS
from mailbox_schema.lint.check import STDIN, File, check_stream
from mailbox_schema.lint.config import Choice, forget_configurations
from mailbox_schema.lint.findings import Finding
from mailbox_schema.lint.repair import Repair, diff, repair
from mailbox_schema.lint.reports import FORMATS, Report, Trouble
from mailbox_schema.lint.sources import FILE_TYPES, documents
from mailbox_schema.lint.sources.base import Document, Position, SourceError
from mailbox_schema.responses import (
    Accepted,
    Failure,
    parse_accepted,
    parse_answer,
    parse_problem,
    parse_summary,
    redact,
)
from mailbox_schema.values import as_object

Target = Callable[[bytes], None]

# The canaries, obviously fake. They may be anywhere in an input, and no output shows four characters of one.
SECRETS: Final = ("Qz7Wq7Xk", "Kj5Zx9Qw", "98765678")
ALL_RULES: Final = Choice(GROUPS["all"])
KINDS: Final = tuple(FILE_TYPES)


def as_text(data: bytes) -> str:
    """Return any bytes as text; what is not UTF-8 becomes lone surrogates."""
    return data.decode("utf-8", "surrogateescape")


def as_json(data: bytes) -> Any:
    """Return the value of JSON text; ``...`` for anything else."""
    try:
        return json.loads(as_text(data))
    except (ValueError, RecursionError):
        return ...


def as_file(data: bytes) -> tuple[str, str, bytes]:
    """Return the type of a file, its options and its contents: the first line is `json`, or `json OPTIONS`."""
    head, _, content = data.partition(b"\n")
    name, _, options = as_text(head).partition(" ")
    return (name if name in KINDS else KINDS[len(name) % len(KINDS)]), options, content


_PIECES: Final = re.compile("|".join(piece for secret in SECRETS for piece in pieces(secret)))
_NOT_ALPHANUMERIC: Final = re.compile("[^a-z0-9]+")
# In an input, and in an output.
_DISGUISED: Final = re.compile(rb"\\[uUx]|&#|%[0-9A-Fa-f]{2}|[\x80-\xff]")
_MAY_BE_DISGUISED: Final = re.compile(r"[\\&%\x80-\U0010ffff]")


def assert_shows_no_secret(data: bytes, *shown: str) -> None:
    """Assert that no text about an input shows a piece of a canary.

    The thorough check is slow, and needed only for a text in which a canary may be disguised, as the input has it.
    """
    text = "\n".join(shown)
    may_be_disguised = _MAY_BE_DISGUISED.search(text) and _DISGUISED.search(data)
    if may_be_disguised or _PIECES.search(_NOT_ALPHANUMERIC.sub("", text.lower())):
        assert leaks(text, *SECRETS) == set()


# The core


def fuzz_validate(data: bytes) -> None:
    """JSON text: the quick path, the rules, the oracle and all the public functions agree."""
    body = as_json(data)
    if body is ...:
        return
    found = list(iter_violations(body))
    lines = [str(violation) for violation in found]
    assert lines == lines_of_the_oracle(body)
    assert lines == lines_of_the_rules(body)
    assert lines == validate(body)
    assert is_valid(body) is (not lines)
    assert found == sorted(found)
    try:
        assert ensure_valid(body) is body
    except InvalidBody as error:
        assert list(error.violations) == found  # noqa: PT017  # it is raised for invalid bodies only
    for index, mailbox in enumerate(mailboxes_of(body)):
        own = validate_mailbox(mailbox, index)
        assert own == [str(each) for each in iter_mailbox_violations(mailbox, index)]
        assert own == [line for line in lines if re.match(rf"mailbox\[{index}\][. ]", line)]
        assert is_valid_mailbox(mailbox) is (not own)
        assert not is_plainly_valid(mailbox, set(), set()) or own == []


def mailboxes_of(body: Any) -> list[Any]:
    items = body.get("mailboxes") if isinstance(body, dict) else None
    return items if isinstance(items, list) else []


def lines_of_the_rules(body: Any) -> list[str]:
    """Return the lines by the readable rules alone."""
    before, mailboxes, after = rules.read_body(body)
    plain = plain_mailboxes(body)
    assert plain is None or (before, plain, after) == ([], mailboxes, [])
    lines = [f"{row.key or 'body'} {row.message}" for row in before]
    for index, mailbox in enumerate(mailboxes):
        read = as_object(mailbox, FIELDS)
        if read is None:
            lines.append(f"mailbox[{index}] must be an object")
        else:
            lines += [f"mailbox[{index}].{row.name} {row.message}" for row in rules.violated_fields(read)]
    return lines + [f"{row.key} {row.message}" for row in after]


def fuzz_violation(data: bytes) -> None:
    """A line of the API: ``Violation.parse`` reads it back, and ``repr`` shows no secret."""
    line = as_text(data)
    violation = Violation.parse(line)
    assert str(violation) == line
    assert failure_response([violation])["details"] == [line]
    again = Violation.parse(str(violation))
    assert again == violation
    assert hash(again) == hash(violation)
    assert not again < violation
    assert pickle.loads(pickle.dumps(violation)) == violation  # noqa: S301  # made here
    parts = json.loads(json.dumps(violation.as_dict()))
    assert (parts["line"], parts["field"], parts["rule"]) == (line, violation.field, violation.rule)
    assert_shows_no_secret(data, *shown_of(violation))


def shown_of(violation: Violation) -> list[str]:
    """Return what is shown of a violation; a line of the contract's wording shows any index, by design."""
    field, rule, message = violation.field, violation.rule, violation.message
    shown = violation if rule is None else Violation(0, field, rule, message)
    return [repr(shown), shown.sentence()]


# The API's answers


def fuzz_answers(data: bytes) -> None:
    """JSON text: each reader returns an answer or raises ``ValueError``, in one line, and shows no secret."""
    answer = as_json(data)
    if answer is ...:
        return
    is_failure = isinstance(answer, dict) and "details" in answer
    for status, read in (
        (200, parse_summary),
        (202, lambda answer: Accepted(parse_accepted(answer))),
        (400, partial(as_failure, 400) if is_failure else parse_problem),
        (599, partial(as_failure, 599) if is_failure else parse_problem),
    ):
        alone, found = attempt(read, answer), attempt(partial(parse_answer, status), answer)
        assert found == (Refused(f"status {status}: {alone}") if isinstance(alone, Refused) else alone)
        assert_shows_no_secret(data, *shown_of_answer(found))
    for status in (204, 600):
        assert isinstance(attempt(partial(parse_answer, status), answer), Refused)


def as_failure(status: int, answer: Any) -> Failure:
    violations = parse_failure(answer)
    assert [str(violation) for violation in violations] == answer["details"]
    return Failure(status, tuple(violations))


class Refused(str):
    """The text of the error that is documented, in one line."""

    __slots__ = ()


def attempt(read: Callable[[Any], object], answer: object) -> object:
    """Return what ``read`` returns, or its refusal."""
    try:
        return read(answer)
    except ValueError as error:
        refused = Refused(error)
    assert refused.isprintable()
    return refused


def shown_of_answer(result: object) -> list[str]:
    """Return what is shown of an answer; the id of a batch is returned as it is, by design."""
    if isinstance(result, Failure):
        shown = [text for each in result.violations for text in shown_of(each)]
        return shown + [str(redact(each)) for each in result.violations if each.rule is None]
    return [] if isinstance(result, Accepted) else [repr(result)]


# Forms


def fuzz_forms(data: bytes) -> None:
    """A query string, or JSON text: forms give the contract's lines for their body, and show no secret."""
    form = as_json(data)
    if form is ...:
        form = parse_qs(as_text(data), keep_blank_values=True, errors="surrogateescape")
    one, several = parse_form(form), parse_formset(form)
    assert one.ok is (one.violations == ())
    assert one.ok is is_valid(one.body())
    assert [str(violation) for violation in one.violations] == validate(one.body())
    assert SECRET_FIELDS[0] not in one.typed
    assert SECRET_FIELDS[1] not in one.typed
    assert several.ok is is_valid(several.body())
    assert [str(violation) for violation in several.violations] == validate(several.body())
    assert [each.mailbox for each in several.forms] == several.mailboxes
    every: tuple[FormResult | FormsetResult, ...] = (one, several, *several.forms)
    assert_shows_no_secret(data, *(text for each in every for text in shown_of_form(each)))


def shown_of_form(form: FormResult | FormsetResult) -> list[str]:
    shown = [repr(form), repr(form.errors)]
    shown += [repr((violation, violation.hint, form.sentence(violation))) for violation in form.violations]
    return shown


# Files


def fuzz_sources(data: bytes) -> None:
    """A file: it is read or refused in one line, every position is inside, and JSON is read as JSON."""
    kind, _, content = as_file(data)
    found, trouble = check(kind, content)
    offset = offsets(content.removeprefix(BOM_UTF8).decode("utf-8", "replace"))
    if trouble is not None and trouble.position is not None:
        offset(trouble.position)
    for finding in found:
        offset((finding.line, finding.column))
        assert (finding.message + (finding.hint or "")).isprintable()
        for edit in finding.fix.edits if finding.fix else ():
            assert offset(edit.start) <= offset(edit.end)
    if trouble is None and b"mailbox-schema" not in content:  # no comment says to ignore a finding
        check_mailboxes(kind, content, found, offset)
    if kind == "json":
        check_json(content, trouble)
    if kind == "yaml" and trouble is None:
        check_yaml(content)


def offsets(text: str) -> Callable[[Position], int]:
    """Return the function from a position inside the text to its offset."""
    starts = [0, *(end.end() for end in re.finditer("\r\n|\n|\r", text)), len(text) + 1]

    def offset(position: Position) -> int:
        line, column = position
        assert 1 <= line < len(starts)
        assert 1 <= column <= starts[line] - starts[line - 1]
        return starts[line - 1] + column - 1

    return offset


def check(kind: str, content: bytes) -> tuple[list[Finding], SourceError | None]:
    """Return the findings in a file, and why it can't be read to its end."""
    found: list[Finding] = []
    try:
        found.extend(check_stream(io.BytesIO(content), File(STDIN, f"a.{kind}", kind), ALL_RULES))
    except SourceError as error:
        trouble = error
    else:
        return found, None
    assert trouble.reason.isprintable()
    return found, trouble


CONTRACT: Final = GROUPS["contract"]


def check_mailboxes(
    kind: str, content: bytes, found: list[Finding], offset: Callable[[Position], int]
) -> None:
    """Assert that a program reads the same mailboxes, with the same violations, as the command."""
    try:
        mailboxes = list(read_mailboxes(io.BytesIO(content), kind))
    except UnreadableFile:
        return
    lines = [line for each in mailboxes for line in validate_mailbox(each.mailbox)]
    # In a file of several documents, the findings are numbered anew in each.
    said = [
        each.message.partition("]")[2] for each in found if each.index is not None and each.rule in CONTRACT
    ]
    assert sorted(said) == sorted(line.partition("]")[2] for line in lines)
    for each in mailboxes:
        for name in (None, *FIELDS):
            offset(each.position(name))


def check_json(content: bytes, trouble: SourceError | None) -> None:
    """Assert that JSON is read as by the standard parser, with the position of each value."""
    try:
        text = content.removeprefix(BOM_UTF8).decode()
        value = json.loads(text, parse_constant=int)  # which refuses NaN and Infinity
    except (ValueError, RecursionError):
        assert trouble is not None
        return
    (document,) = documents(io.BytesIO(content), "json")
    assert isinstance(document, Document)
    assert document.value == value
    offset = offsets(text)
    for path, part in paths(value):
        assert decode_at(text, offset(document.position(path)))[0] == part


# Quotes, an anchor, an alias, a tag, and the styles of a block scalar.
BEFORE_TEXT: Final = frozenset("\"'&*!|>")


def check_yaml(content: bytes) -> None:
    """Assert that each text begins at its position, and each key at its own."""
    text = content.removeprefix(BOM_UTF8).decode()
    offset = offsets(text)
    for document in documents(io.BytesIO(content), "yaml"):
        assert isinstance(document, Document)
        for path, part in paths(document.value):
            value, key = offset(document.position(path)), offset(document.key_position(path))
            if isinstance(part, str) and part:
                assert text[value] in BEFORE_TEXT or text[value] == part[0]
            if path and isinstance(path[-1], str) and path[-1]:
                assert text[key] in BEFORE_TEXT or text[key] == path[-1][0]


LINES: Final = {
    "text": re.compile(r"^a\.[a-z]+:\d+:\d+: (?:error|warning): .+ \[[a-z-]+\](?: \[\*\])?$", re.MULTILINE),
    "github": re.compile("^::(?:error|warning) file=", re.MULTILINE),
}


def fuzz_reports(data: bytes) -> None:
    """A file: every report is well-formed, has all findings, and shows no secret."""
    kind, _, content = as_file(data)
    found, trouble = check(kind, content)
    reports = {name: report_of(FORMATS[name], found, trouble) for name in FORMATS}
    troubles = int(trouble is not None)
    assert len(LINES["text"].findall(reports["text"])) == len(found)
    assert [each["message"] for each in json.loads(reports["json"])] == [each.message for each in found]
    assert len(LINES["github"].findall(reports["github"])) == len(found) + troubles
    assert reports["github"].count("\n") == len(found) + troubles
    issues = json.loads(reports["gitlab"])
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == len(found) + troubles
    suite = ET.fromstring(reports["junit"])  # noqa: S314  # made here
    counts = [len(suite.findall(f".//{name}")) for name in ("failure", "system-out", "error")]
    errors = sum(each.severity == "error" for each in found)
    assert counts == [errors, len(found) - errors, troubles]
    (log,) = json.loads(reports["sarif"])["runs"]
    assert len(log["results"]) == len(found)
    reports["sarif"] = json.dumps([log["results"], log["invocations"]])  # the pages of rules have no secret
    # A report adds escapes of its own, but none for letters and digits.
    assert_shows_no_secret(b"", *reports.values())
    assert_shows_no_secret(data, *(f"{each.message} {each.hint} {each.fix}" for each in found))


def report_of(form: type[Report], found: list[Finding], trouble: SourceError | None) -> str:
    """Return the whole report of one file."""
    written: list[str] = []
    options: dict[str, Any] = {"most": None} if form is FORMATS["text"] else {}
    report = form(written.append, **options)
    report.begin_file("a")
    for finding in found:
        report.add(finding)
    if trouble is not None:
        report.add_trouble(Trouble("a", trouble.position, trouble.reason))
    report.end_file()
    report.finish()
    return "".join(written)


def fuzz_fix(data: bytes) -> None:
    """A file: what is fixed can be read, has no new violations, and nothing more to fix."""
    kind, _, content = as_file(data)
    for unsafe in (False, True):
        repaired = repair_of(kind, content, unsafe=unsafe)
        if repaired.error is not None:
            assert repaired.after == content
            assert repaired.fixed == []
            continue
        assert (repaired.after != content) is bool(repaired.fixed)
        (before, _), (after, trouble) = check(kind, content), check(kind, repaired.after)
        assert trouble is None
        # The value of a key that gets the name of a field was never checked before.
        has_renamed = any(fix.title.startswith("rename it to") for _, fix, _ in repaired.fixed)
        assert has_renamed or violations_in(after) <= violations_in(before)
        again = repair_of(kind, repaired.after, unsafe=unsafe)
        assert (again.after, again.fixed, again.error) == (repaired.after, [], None)
        assert_shows_no_secret(data, *diff(repaired.file, repaired.fixed))


def repair_of(kind: str, content: bytes, *, unsafe: bool) -> Repair:
    with patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(content))):
        return repair(File(STDIN, "a", kind), ALL_RULES, unsafe=unsafe)


def violations_in(found: list[Finding]) -> int:
    return sum(finding.severity == "error" for finding in found)


# The command

# A letter of an input's first line stands for these arguments; what follows an equals sign is `{}`.
OPTIONS: Final[dict[str, tuple[str, ...]]] = {
    **{letter: ("--format", name) for letter, name in zip("0123456789", FORMATS, strict=False)},
    **{letter: ("--type", name) for letter, name in zip("GHIJKLM", FILE_TYPES, strict=False)},
    "a": ("--all",),
    "b": ("--baseline", "other"),
    "w": ("--write-baseline",),
    "C": ("--config", "other"),
    "r": ("--response", "other"),
    "n": ("--batch-number", "1"),
    "N": ("--batch", "1"),
    "f": ("--fix",),
    "d": ("--diff",),
    "u": ("--unsafe-fixes",),
    "o": ("--output", "report"),
    "p": ("--allow-placeholders",),
    "q": ("--quiet",),
    "s": ("--strict",),
    "t": ("--statistics",),
    "v": ("--verbose",),
    "x": ("--select", "all"),
    "X": ("--select", "{}"),
    "i": ("--ignore", "{}"),
    "A": ("--at", "{}"),
    "h": ("--show-settings",),
    "k": ("--color", "always"),
    "F": ("--force",),
}


def fuzz_command(data: bytes) -> None:
    """Options and files: the exit status is as documented, each complaint is one line, no secret is shown.

    The options are letters of ``OPTIONS``, for the command ``body`` after ``B``; then comes the file ``other`` up
    to a line ``=====``, and the file to check.
    """
    kind, options, rest = as_file(data)
    other, separator, content = rest.partition(b"=====\n")
    letters, _, free = options.partition("=")
    arguments = [free if part == "{}" else part for letter in letters for part in OPTIONS.get(letter, ())]
    command = "body" if letters.startswith("B") else "check"
    files = {f"a.{kind}": content if separator else rest}
    files |= {"other": other} if separator else {}
    forget_configurations()
    said = run(command, *arguments, f"a.{kind}", files=files)
    assert_is_documented(said, command, frozenset(letters))
    # The command repeats its own arguments and settings; the body has the passwords.
    if "C" not in letters and leaks(free, *SECRETS) == set():
        assert_shows_no_secret(data, said.errors, said.output if command == "check" else "")


UNREADABLE: Final = re.compile(r"can't be read(?:,| or) parsed(?: or written)?$", re.MULTILINE)
# What the summary does not count as violations, or what leaves it out.
WITHOUT_COUNTS: Final = frozenset("qdrwbsfCXvonNhu")


def assert_is_documented(said: Said, command: str, letters: frozenset[str]) -> None:
    """Assert that the exit status and the complaints of a run go together."""
    assert said.status in {0, 1, 2}
    lines = said.errors.removesuffix("\n").split("\n")
    assert all(map(str.isprintable, lines))
    is_unreadable = UNREADABLE.search(said.errors) is not None
    if command == "body":
        assert (said.output == "") is (said.status != 0)
    elif said.status == 2 and not is_unreadable and "q" not in letters:  # wrong usage
        assert lines[0]
        assert len(lines) == 1 or lines[0].startswith("usage: ")
    elif letters.isdisjoint(WITHOUT_COUNTS):
        assert is_unreadable is (said.status == 2)
        has_violation = re.search("^1 file checked: [1-9][0-9]* violation", said.errors, re.MULTILINE)
        assert (said.status == 1) is (has_violation is not None)


TARGETS: Final[dict[str, Target]] = {
    "validate": fuzz_validate,
    "violation": fuzz_violation,
    "answers": fuzz_answers,
    "forms": fuzz_forms,
    "sources": fuzz_sources,
    "reports": fuzz_reports,
    "fix": fuzz_fix,
    "command": fuzz_command,
}
