"""Violations and advice joined to positions, in order."""

from __future__ import annotations

from heapq import merge
from typing import TYPE_CHECKING, Final, NamedTuple

from mailbox_schema import rules
from mailbox_schema._plain import is_plainly_valid
from mailbox_schema.contract import BODY_KEYS, COMPLETION_NOTIFICATION_TYPES, FIELDS, MAILBOXES
from mailbox_schema.lint.advice import ADVICE, Context, is_kept_elsewhere, never
from mailbox_schema.lint.sources.base import Document, Remark
from mailbox_schema.violation import Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any, Literal

    from mailbox_schema.contract import BodyConstraint
    from mailbox_schema.lint.advice import Advice, Rule
    from mailbox_schema.lint.config import Choice
    from mailbox_schema.lint.fixes import Fix
    from mailbox_schema.lint.sources.base import Path, Position

# A file of any length may have any number of addresses and domains.
_MOST_KNOWN: Final = 10_000


class Finding(NamedTuple):
    """A violation or advice in a file at a position.

    ``severity`` is ``error`` for what the API would refuse, and for a line or row that can't be read;
    ``warning`` for advice. ``message`` is the API's exact line, or the advice. ``fix`` is how to fix it, if
    that is certain.
    """

    file: str
    line: int
    column: int
    severity: Literal["error", "warning"]
    rule: str
    message: str
    hint: str | None
    index: int | None  # type: ignore[assignment]  # a tuple's method of this name is not used
    field: str | None
    pointer: str
    fix: Fix | None = None


class Search:
    """The search for the findings in one file."""

    def __init__(self, file: str, kind: str, choice: Choice) -> None:
        self._file = file
        self._kind = kind
        self._choice = choice
        self._rules = [
            rule
            for name, rule in ADVICE.items()
            if name in choice.rules
            and (rule.kinds is None or kind in rule.kinds)
            and (rule.may_speak is not never or rule.check_body)
        ]
        self._always = [rule for rule in self._rules if rule.may_speak is None]
        # Two rules may have the same predicate.
        self._predicates = list(dict.fromkeys(rule.may_speak for rule in self._rules if rule.may_speak))
        self._known: tuple[set[str], set[str]] = set(), set()

    def findings(self, document: Document | Remark) -> Iterable[Finding]:
        """Return the findings in a document of the file: mailbox by mailbox, in each sorted by position.

        So they are in the order of the file, except where YAML's aliases lead back to an earlier value. A
        mailbox's findings are made when its turn comes: a request of any size needs no memory for them.
        """
        if isinstance(document, Remark):
            return [_of_remark(self._file, document)] if document.rule in self._choice.rules else ()
        records = document.records
        if (
            records is not None
            and not self._always
            and all(map(self._is_clean, records))
            and not document.remarks()
        ):
            return ()  # most records of a stream are clean, and needn't be searched
        return self._search(document)

    def _search(self, document: Document) -> Iterable[Finding]:
        request = Request(document)
        body = request.body if request.taken_for == "a request body" else None
        is_lenient = self._choice.allow_placeholders
        context = Context(body, document, self._kind, request.path, allow_placeholders=is_lenient)
        around, mailboxes = _sorted(self._around(request, context)), self._mailboxes(request, context)
        return merge(around, mailboxes, key=_position) if around else mailboxes

    def _around(self, request: Request, context: Context) -> Iterator[Finding]:
        """Yield the findings around the mailboxes, and those of the source itself."""
        for violation in request.violations_around():
            if self._is_wanted(violation, request):
                yield _with_fix(request.locate(self._file, violation), request, None, violation.field)
        for remark in request.document.remarks():
            if remark.rule in self._choice.rules:
                yield _of_remark(self._file, remark)
        for rule in self._rules:
            if rule.check_body is not None:
                for advice in rule.check_body(context):
                    yield request.locate_advice(self._file, None, advice)

    def _mailboxes(self, request: Request, context: Context) -> Iterator[Finding]:
        """Yield the findings in each mailbox."""
        for index, mailbox in enumerate(request.mailboxes, request.document.first_index):
            if self._is_clean(mailbox):
                yield from _sorted(self._advice(self._always, request, mailbox, index, context))
                continue
            found = self._violations(request, mailbox, index)
            if isinstance(mailbox, dict):
                violated = frozenset(finding.field for finding in found if finding.field is not None)
                asked = [rule for rule in self._rules if rule.may_speak is None or rule.may_speak(mailbox)]
                own = context._replace(violated=violated)
                found += self._advice(asked, request, mailbox, index, own)
            yield from _sorted(found)

    def _is_clean(self, mailbox: Any) -> bool:
        """Return whether nothing but the rules that are always called can have findings in a mailbox."""
        if not is_plainly_valid(mailbox, *self._known):
            return False
        if len(self._known[0]) > _MOST_KNOWN or len(self._known[1]) > _MOST_KNOWN:
            self._known = set(), set()
        for may_speak in self._predicates:  # noqa: SIM110  # any() and a generator take longer
            if may_speak(mailbox):
                return False
        return True

    def _advice(
        self, asked: list[Rule], request: Request, mailbox: Any, index: int, context: Context
    ) -> Iterator[Finding]:
        for rule in asked:
            for advice in rule.check(mailbox, index, context):
                finding = request.locate_advice(self._file, index, advice)
                yield _with_fix(finding, request, mailbox, advice.key)

    def _violations(self, request: Request, mailbox: object, index: int) -> list[Finding]:
        violations = rules.mailbox_violations(mailbox, index, columns=request.document.columns)
        return [
            _with_fix(request.locate(self._file, each), request, mailbox, each.field)
            for each in violations
            if self._is_wanted(each, request)
        ]

    def _is_wanted(self, violation: Violation, request: Request) -> bool:
        if violation.rule not in self._choice.rules:
            return False
        return not (
            self._choice.allow_placeholders and _is_left_open(request.value(violation), violation.rule)
        )


def _is_left_open(value: object, rule: str) -> bool:
    """Return whether a value that breaks ``rule`` is a placeholder, or a list that is fine without them."""
    if isinstance(value, list) and rule == COMPLETION_NOTIFICATION_TYPES.rule:
        return rules.notification_types([item for item in value if not is_kept_elsewhere(item)])
    return is_kept_elsewhere(value)


def _sorted(found: Iterable[Finding]) -> list[Finding]:
    return sorted(found, key=_position)


def _position(finding: Finding) -> Position:
    return finding.line, finding.column


def _of_remark(file: str, remark: Remark) -> Finding:
    severity: Literal["error", "warning"] = "warning" if ADVICE[remark.rule].is_warning else "error"
    fix = None
    if remark.rename is not None:
        from mailbox_schema.lint.fixes import fix_remark  # noqa: PLC0415  # for findings that may have a fix

        fix = fix_remark(remark)
    return Finding(
        file, *remark.position, severity, remark.rule, remark.message, remark.hint, None, None, "", fix
    )


def _with_fix(finding: Finding, request: Request, mailbox: object, key: str | None) -> Finding:
    """Return the finding with its fix, if there is one: for ``key`` of ``mailbox``, or of the body."""
    if key is None or not (mailbox is None or isinstance(mailbox, dict)):
        return finding
    from mailbox_schema.lint import fixes  # noqa: PLC0415  # loaded by the first finding

    path = request.path(finding.index, key)
    if isinstance(mailbox, dict):
        return finding._replace(fix=fixes.fix_field(request.document, path, finding.rule, mailbox))
    types = request.body.get(key) if isinstance(request.body, dict) else None
    return finding._replace(fix=fixes.fix_notification_types(request.document, path, types))


class Request:
    """What a document is taken for; maps paths in the request back to positions in the document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        value = document.value
        self.body: object = value
        self._way: Path = (MAILBOXES.key or "",)
        self.mailboxes: Sequence[object] = ()
        if document.records is not None:
            self.mailboxes = document.records
            is_list = value is document.records
            self.taken_for = "a list of mailboxes" if is_list else "one mailbox a line"
            self._way = ()
            self._is_item = is_list
            return
        self._is_item = True
        if isinstance(value, list):
            self.taken_for = "a list of mailboxes"
            self.body, self._way = {"mailboxes": value}, ()
        elif isinstance(value, dict) and not value.keys() & set(BODY_KEYS) and value.keys() & FIELDS.keys():
            self.taken_for = "one mailbox"
            self.body = {"mailboxes": [value]}
            self._way, self._is_item = (), False
        else:
            self.taken_for = "a request body"
        self._before, self.mailboxes, self._after = rules.read_body(self.body)

    def violations_around(self) -> Iterator[Violation]:
        """Yield the violations of the body around the mailboxes."""
        if self.document.records is None:
            yield from map(self._violation_around, (*self._before, *self._after))

    def _violation_around(self, row: BodyConstraint) -> Violation:
        violation = rules.body_violation(row, self.body)
        if row is not MAILBOXES or not isinstance(self.body, dict) or MAILBOXES.key in self.body:
            return violation
        from mailbox_schema.lint.nested import hint_for_nested  # noqa: PLC0415  # for such files only

        hint = hint_for_nested(self.body) or violation.hint
        return Violation(violation.index, violation.field, violation.rule, violation.message, hint)

    def violations(self) -> Iterator[Violation]:
        """Yield all violations, as the API would report them."""
        yield from self.violations_around()
        for index, mailbox in enumerate(self.mailboxes, self.document.first_index):
            yield from rules.mailbox_violations(mailbox, index, columns=self.document.columns)

    def path(self, index: int | None, field: str | None) -> Path:
        """Return the way to a field of a mailbox, or of the body, in the document."""
        last: Path = () if field is None else (field,)
        if index is None:
            return last if self.taken_for == "a request body" else ()
        if self._is_item:
            return (*self._way, index, *last)
        return last if index == self.document.first_index else ()

    def value(self, violation: Violation) -> object:
        """Return the value that a violation is about; ``None`` if there is none."""
        if violation.index is None:
            holder: object = self.body
        else:
            holder = self.mailboxes[violation.index - self.document.first_index]
        if violation.field is None:
            return holder
        return holder.get(violation.field) if isinstance(holder, dict) else None

    def locate(self, file: str, violation: Violation) -> Finding:
        """Return the finding for a violation: at its value, or at the mailbox that lacks it."""
        position = self.document.position(self.path(violation.index, violation.field))
        return _finding(file, position, violation)

    def locate_advice(self, file: str, index: int | None, advice: Advice) -> Finding:
        """Return the finding for advice: at the value, or at the key if that is meant."""
        path = self.path(index, advice.key)
        at = self.document.key_position if advice.at_key else self.document.position
        violation = Violation(index, advice.field, advice.rule, advice.message, advice.hint)
        return _finding(file, at(path), violation, severity="warning")


def _finding(
    file: str,
    position: Position,
    violation: Violation,
    severity: Literal["error", "warning"] = "error",
) -> Finding:
    return Finding(
        file,
        *position,
        severity,
        violation.rule or "response",
        str(violation),
        violation.hint,
        violation.index,
        violation.field,
        violation.pointer,
    )
