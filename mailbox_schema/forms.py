"""HTML form data -> a mailbox, and violations by field.

A form sends only text. The field decides what is a number, never the look of the text, so that the
password ``0012345`` stays the password ``0012345``. The violations of a form are those of the body that it
gives, line for line: an unreadable value stays in the mailbox as it came, and the contract refuses it.

No framework is imported. Form data of any framework is read by its usual methods: ``multi_items``
(Starlette), ``getlist`` (Django, Werkzeug), or ``items`` of text or lists of text (a ``dict``,
``urllib.parse.parse_qs``).

>>> from urllib.parse import parse_qs
>>> form = parse_form(parse_qs("smtp_email=jared%40getpiedpiper.com&smtp_password=0012345&smtp_port=%20587"))
>>> form.mailbox
{'smtp_email': 'jared@getpiedpiper.com', 'smtp_password': '0012345', 'smtp_port': 587}
>>> form.ok, form.errors["imap_port"]
(False, 'must be provided and in range <1,65535>')
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast

from mailbox_schema.contract import FIELDS, MAILBOXES, MAX_MAILBOXES, PASSWORDS
from mailbox_schema.foreign import is_json
from mailbox_schema.inputs import (
    SummaryLine,
    error_id,
    error_summary,
    field_help,
    field_id,
    field_label,
    help_id,
    html_attributes,
)
from mailbox_schema.responses import redact
from mailbox_schema.sentences import _, translation
from mailbox_schema.validation import iter_mailbox_violations
from mailbox_schema.values import JAVA_WHITESPACE, RESOURCE_ERRORS, as_array, as_object, as_text, is_blank
from mailbox_schema.violation import Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any, TypeAlias

    from typing_extensions import Self

    from mailbox_schema.inputs import Translate
    from mailbox_schema.types import Body, Mailbox
    from mailbox_schema.violation import Reason

    Inputs: TypeAlias = dict[str, list[object]]  # the values of one mailbox's inputs, by field
    Messages: TypeAlias = Mapping[tuple[str, str | None], object]

__all__ = [
    "MAX_CHARACTERS",
    "MAX_INPUTS",
    "FormResult",
    "FormsetResult",
    "SummaryLine",
    "error_id",
    "error_summary",
    "field_help",
    "field_id",
    "field_label",
    "help_id",
    "html_attributes",
    "parse_form",
    "parse_formset",
    "translation",
]

MAX_INPUTS: Final = 10_000
"""The most values of a form. 200 mailboxes have 3600 fields; frameworks add inputs of their own."""
MAX_CHARACTERS: Final = 2_000_000
"""The most characters of all names and values of a form: at most 8 MB, in any script."""

# An integer as JSON writes it: ASCII digits, no plus, no leading zero. No field admits more digits than
# this, and int() takes quadratic time for long numbers.
_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
# The names of a mailbox's inputs in the spellings of Django, of PHP and Rails, and of dotted paths.
_INDEXED: Final = re.compile(
    r"mailboxes(?:-([0-9]+)-([a-z_]+)|\[([0-9]+)\]\[([a-z_]+)\]|\.([0-9]+)\.([a-z_]+))"
)
_INDICES: Final = {str(index): index for index in range(MAX_MAILBOXES)}

# The hints are fixed texts: nothing of the form is repeated.
_EMPTY: Final = "fill it in"
_REPEATED: Final = "the form sends it more than once"
_NOT_TEXT: Final = "the form sends something that is not text"
_TOO_LARGE: Final = "the form is too large"
_NO_FORM: Final = "this is not form data"
_NO_MAILBOX: Final = "add a mailbox"
_MISNUMBERED: Final = f"number the mailboxes from 0 to {MAX_MAILBOXES - 1}, without a gap"

_SENTENCES: Final[Mapping[str, str]] = {
    _TOO_LARGE: _("The form is too large."),
    _NO_FORM: _("This is not form data."),
    _NO_MAILBOX: _("Add a mailbox."),
    _MISNUMBERED: _("Number the mailboxes from 0 to 199, without a gap."),
}
_THE_FORM: Final = _("The form")
_PLAIN_DIGITS: Final = _("{label} is shown in plain digits now: check it, and send the form again.")
_REFUSED: Final = _("{label} was refused by the service: {message}.")

_LONGEST_REPR: Final = len(FIELDS)
# Longer than any number that is shown again in plain digits.
_LONGEST_NUMERAL: Final = 40


# Reading


def parse_form(
    data: object, messages: Messages | None = None, translate: Translate | None = None
) -> FormResult:
    """Read one mailbox from the data of a form.

    Integer fields are read strictly: ``587`` is a number, with or without spaces around it; ``5_87``,
    ``0x10``, ``587.0``, ``1e3``, ``0587`` and digits of other scripts are not. Every other field is
    kept to the letter, spaces included. An input that is empty or blank counts as absent. An input
    sent twice is an error, as is one that is not text (a file). Unknown names are ignored.

    ``messages`` replaces the messages in :attr:`FormResult.errors`, by rule and field, or by rule alone
    with ``None`` for the field. Its values may be lazy translations: they become text when read.
    ``translate`` is called with each text for people, as ``gettext`` is.

    Never raises and never changes ``data``, whatever it is. A form of more than ``MAX_INPUTS`` values
    or ``MAX_CHARACTERS`` is refused as a whole, with one line, before it is read further.

    >>> form = parse_form({"smtp_port": "5_87"}, {("port", None): "eine Zahl von 1 bis 65535"})
    >>> form.errors["smtp_port"], form.hints["smtp_port"]
    ('eine Zahl von 1 bis 65535', 'write a whole number from 1 to 65535, in digits only')
    >>> str(form.violations[3])
    'mailbox[0].smtp_port must be provided and in range <1,65535>'
    """
    pairs = _read(data)
    if isinstance(pairs, str):
        return FormResult(None, _refused_mailbox(pairs), messages, translate)
    inputs: Inputs = {}
    for name, value in pairs:
        _put(inputs, name, value)
    return FormResult(*_read_mailbox(inputs, 0), messages, translate)


def parse_formset(
    data: object, messages: Messages | None = None, translate: Translate | None = None
) -> FormsetResult:
    """Read several mailboxes from the data of one form, numbered from 0.

    The names of the inputs are spelled ``mailboxes-0-smtp_email``, ``mailboxes[0][smtp_email]`` or
    ``mailboxes.0.smtp_email``. Other names are ignored, those of Django's management form among them.
    Each mailbox is read like one of :func:`parse_form`. A number over 199, a number written differently
    (``01``) or a gap in the numbers makes the whole form invalid, with the contract's line.

    >>> formset = parse_formset({"mailboxes-0-smtp_port": "587", "mailboxes-1-smtp_port": "0"})
    >>> formset.mailboxes
    [{'smtp_port': 587}, {'smtp_port': 0}]
    >>> "smtp_port" in formset.forms[0].errors, formset.forms[1].errors["smtp_port"]
    (False, 'must be provided and in range <1,65535>')
    >>> parse_formset({"mailboxes[7][smtp_port]": "587"}).errors
    {'mailboxes': 'must be provided and have size in range <1,200>'}
    """
    pairs = _read(data)
    rows = pairs if isinstance(pairs, str) else _rows(pairs)
    if isinstance(rows, str):
        reason: Reason = "missing" if rows is _NO_MAILBOX else "type"
        line = Violation(None, MAILBOXES.key, MAILBOXES.rule, MAILBOXES.message, rows, reason)
        return FormsetResult((), (line,), messages, translate)
    forms = tuple(
        FormResult(*_read_mailbox(inputs, index), messages, translate) for index, inputs in enumerate(rows)
    )
    violations = (violation for form in forms for violation in form.violations)
    return FormsetResult(forms, violations, messages, translate)


class _Result:
    """The result of reading form data: its violations, and the texts that replace their messages."""

    __slots__ = ("_messages", "translate", "violations")

    violations: tuple[Violation, ...]
    translate: Translate | None

    def __init__(
        self, violations: Iterable[Violation], messages: Messages | None, translate: Translate | None
    ) -> None:
        self.violations = tuple(violations)
        self._messages = {} if messages is None else messages
        self.translate = translate

    @property
    def ok(self) -> bool:
        """Whether the API would accept :meth:`body`."""
        return not self.violations

    def sentence(self, violation: Violation) -> str:
        """Return the cause of a violation of this form as a sentence for the person who filled it in.

        >>> form = parse_form({"smtp_port": "0"})
        >>> form.sentence(form.violations[3])
        'SMTP port must be 1 or more.'
        """
        field = violation.field
        label = field_label(field, self) if field is not None and field in FIELDS else self._text(_THE_FORM)
        if violation.rule is None and violation.hint is None:
            return self._text(_REFUSED).format(label=label, message=redact(violation).message)
        if field in FIELDS or violation.hint is None:
            return violation.sentence(label, self.translate)
        return self._text(
            _SENTENCES.get(violation.hint, f"{violation.hint[:1].upper()}{violation.hint[1:]}.")
        )

    def _text(self, text: str) -> str:
        return text if self.translate is None else self.translate(text)

    def _message(self, violation: Violation) -> str:
        for field in (violation.field, None):
            text = self._messages.get((violation.rule or "", field))
            if text is not None:
                return str(text)
        return violation.message

    def __repr__(self) -> str:
        """Name the fields, and show nothing that was typed."""
        paths = ", ".join(violation.path for violation in self.violations[:_LONGEST_REPR])
        more = ", ..." if len(self.violations) > _LONGEST_REPR else ""
        return f"<{type(self).__name__}: {f'errors in {paths}{more}' if paths else 'ok'}>"


class FormResult(_Result):
    """The result of :func:`parse_form`. Its ``repr`` names fields and shows nothing that was typed.

    - ``violations``: a tuple of ``Violation``; ``str()`` of each is the API's exact line.

    >>> parse_form({"smtp_login": "jared", "bcc": "jared"})
    <FormResult: errors in mailbox[0].smtp_email, mailbox[0].smtp_password, mailbox[0].smtp_server, \
mailbox[0].smtp_port, mailbox[0].imap_email, mailbox[0].imap_password, mailbox[0].imap_server, \
mailbox[0].imap_port, mailbox[0].bcc>
    """

    __slots__ = ("_mailbox",)

    _mailbox: dict[str, Any] | None

    def __init__(
        self,
        mailbox: dict[str, Any] | None,
        violations: Iterable[Violation],
        messages: Messages | None = None,
        translate: Translate | None = None,
    ) -> None:
        super().__init__(violations, messages, translate)
        self._mailbox = mailbox

    @property
    def mailbox(self) -> Mailbox:
        """The mailbox to send, a ``dict``; it is what its type says only if :attr:`ok`.

        Otherwise fields may be missing, and an unreadable value is there as it came. It is empty if the form
        was refused as a whole.
        """
        return cast("Mailbox", {} if self._mailbox is None else self._mailbox)

    @property
    def errors(self) -> dict[str, str]:
        """The message of each violated field, without its path; of a form refused whole, under ``""``."""
        return {_input(violation): self._message(violation) for violation in self.violations}

    @property
    def hints(self) -> dict[str, str]:
        """How to fix a field, in one short sentence, where the cause is recognizable."""
        return {_input(v): v.hint for v in self.violations if v.hint is not None}

    def sentence(self, violation: Violation) -> str:
        """Return the cause of a violation of this form as a sentence for the person who filled it in.

        >>> form = parse_form({"smtp_port": "0587"})
        >>> form.sentence(form.violations[3]), form.typed["smtp_port"]
        ('SMTP port is shown in plain digits now: check it, and send the form again.', '587')
        """
        field = FIELDS.get(violation.field or "")
        if violation.reason == "type" and field is not None and field.limits is not None:
            shown = self.typed.get(field.name, "")
            if _INTEGER.fullmatch(shown) and field.limits.admit(int(shown)):
                return self._text(_PLAIN_DIGITS).format(label=field_label(field.name, self))
        return super().sentence(violation)

    @property
    def sentences(self) -> dict[str, str]:
        """The cause of each violated field as a sentence for people; of a form refused whole, under ``""``.

        >>> parse_form({"smtp_port": "0"}).sentences["smtp_port"]
        'SMTP port must be 1 or more.'
        """
        return {_input(violation): self.sentence(violation) for violation in self.violations}

    @property
    def typed(self) -> dict[str, str]:
        """The texts to show again: everything that was typed, except the passwords.

        A number is shown in plain digits, without spaces around it or zeros in front, even if it was typed
        otherwise and is refused.

        >>> parse_form({"smtp_port": "5_87", "smtp_server": "a", "smtp_password": "not-real"}).typed
        {'smtp_server': 'a', 'smtp_port': '5_87'}
        """
        mailbox = as_object(self._mailbox, FIELDS) or {}
        texts = ((name, _typed(name, value)) for name, value in mailbox.items() if name not in PASSWORDS)
        return {name: text for name, text in texts if text is not None}

    def with_violations(self, violations: Iterable[Violation]) -> Self:
        """Return this form with other violations, such as those of the API's answer, to show it again.

        What a violation quotes is left out, see :func:`mailbox_schema.responses.redact`.

        >>> from mailbox_schema import parse_failure
        >>> answer = {"code": "UNKNOWN", "details": ["mailbox[0].imap_server refused jared"]}
        >>> parse_form({"imap_server": "a"}).with_violations(parse_failure(answer)).errors
        {'imap_server': 'refused (not shown)'}
        """
        return type(self)(self._mailbox, map(redact, violations), self._messages, self.translate)

    def body(self) -> Body:
        """Return the request body of this one mailbox, a new ``dict``; send it only if :attr:`ok`.

        >>> parse_form({"smtp_port": "587"}).body()
        {'mailboxes': [{'smtp_port': 587}]}
        """
        return {"mailboxes": [cast("Mailbox", self._mailbox)]}


def _input(violation: Violation) -> str:
    """Return the field whose input a violation belongs to; the API may name one that a form doesn't have."""
    field = violation.field or ""
    return field if field in FIELDS else ""


class FormsetResult(_Result):
    """The result of :func:`parse_formset`. Its ``repr`` names fields and shows nothing that was typed.

    - ``forms``: a :class:`FormResult` for each mailbox; none if the form was refused as a whole.
    - ``violations``: a tuple of ``Violation`` for all mailboxes; ``str()`` of each is the API's line.
    """

    __slots__ = ("forms",)

    forms: tuple[FormResult, ...]

    def __init__(
        self,
        forms: tuple[FormResult, ...],
        violations: Iterable[Violation],
        messages: Messages | None = None,
        translate: Translate | None = None,
    ) -> None:
        super().__init__(violations, messages, translate)
        self.forms = forms

    @property
    def mailboxes(self) -> list[Mailbox]:
        """The mailboxes to send; each is what its type says only if :attr:`ok`."""
        return [form.mailbox for form in self.forms]

    @property
    def errors(self) -> dict[str, str]:
        """Every message by its path (``mailbox[3].smtp_port``), that of the count under ``mailboxes``.

        The ``errors`` of a form in ``forms`` are the messages of its mailbox by field.
        """
        return {violation.path: self._message(violation) for violation in self.violations}

    def body(self) -> Body:
        """Return the request body of the mailboxes, a new ``dict``; send it only if :attr:`ok`."""
        return {"mailboxes": self.mailboxes}


def _typed(name: str, value: object) -> str | None:
    text = as_text(value)
    # A number that a form sent has few digits; str() refuses those of thousands.
    if text is None and type(value) is int and abs(value) < 10**18:
        return str(value)
    if text is None or FIELDS[name].type != "integer" or len(text) > _LONGEST_NUMERAL:
        return text
    numeral = text.strip(JAVA_WHITESPACE)
    return str(int(numeral)) if numeral.isdecimal() else text  # the decimal digits of any script


def _read(data: object) -> list[tuple[str, object]] | str:
    """Return the name and value of every input; or the hint, if the form is refused as a whole."""
    pairs: list[tuple[str, object]] = []
    characters = 0
    try:
        for key, value in _items(data):
            name, text = as_text(key) or "", as_text(value)
            characters += len(name) + len(text or "")
            if len(pairs) >= MAX_INPUTS or characters > MAX_CHARACTERS:
                return _TOO_LARGE
            pairs.append((name, value if text is None else text))
    except RESOURCE_ERRORS:
        raise
    except Exception:  # noqa: BLE001  # a class of the caller's may raise anything; it gets an answer, not an exception
        return _NO_FORM
    return pairs


def _items(data: Any) -> Iterator[tuple[object, object]]:
    """Yield every name with each of its values; an error of ``data`` passes through."""
    if hasattr(data, "multi_items"):
        # Starlette also has getlist, which reads the whole form each time it is called.
        yield from data.multi_items()
    elif hasattr(data, "getlist"):
        for key in data:
            yield from _each(key, data.getlist(key))
    else:
        for key, value in data.items():
            values = as_array(value)
            yield from _each(key, (value,) if values is None else values)


def _each(key: object, values: Iterable[object]) -> Iterator[tuple[object, object]]:
    """Yield the key with each value, or with ``None`` if it has none, so that it still counts."""
    is_empty = True
    for value in values:
        is_empty = False
        yield key, value
    if is_empty:
        yield key, None


def _put(inputs: Inputs, name: str, value: object) -> None:
    """Add the value of an input to those of its field, if the contract knows it: ``None`` is absent."""
    if name in FIELDS and value is not None:
        inputs.setdefault(name, []).append(value)


def _rows(pairs: Iterable[tuple[str, object]]) -> list[Inputs] | str:
    """Return the inputs of each mailbox, in the order of their numbers; or the hint, if they are refused."""
    rows: dict[int, Inputs] = {}
    for name, value in pairs:
        match = _INDEXED.fullmatch(name)
        if match is None or match.lastindex is None or match[match.lastindex] not in FIELDS:
            continue
        index = _INDICES.get(match[match.lastindex - 1])
        if index is None:
            return _MISNUMBERED
        _put(rows.setdefault(index, {}), match[match.lastindex], value)
    if not rows:
        return _NO_MAILBOX
    return [rows[index] for index in sorted(rows)] if max(rows) < len(rows) else _MISNUMBERED


def _read_mailbox(inputs: Inputs, index: int) -> tuple[dict[str, Any], Iterator[Violation]]:
    values = ((name, _value(name, inputs[name])) for name in FIELDS if name in inputs)
    mailbox = {name: value for name, value in values if value is not None}
    violations = (
        Violation(said.index, said.field, said.rule, said.message, _hint(mailbox, said), said.reason)
        for said in iter_mailbox_violations(mailbox, index)
    )
    return mailbox, violations


def _value(name: str, values: list[object]) -> object:
    """Return the value to send for a field, ``None`` for nothing; an unreadable value as it came."""
    if len(values) > 1:
        return values  # a list, which the contract accepts for no field
    text = as_text(values[0])
    if text is None:
        return values[0]
    if is_blank(text):
        return None
    if FIELDS[name].type == "integer":
        numeral = text.strip(JAVA_WHITESPACE)
        return int(numeral) if _INTEGER.fullmatch(numeral) else text
    return text


def _hint(mailbox: dict[str, Any], violation: Violation) -> str | None:
    """Return the hint for a field of a form; the contract's own hints are for people who write JSON."""
    field = FIELDS[violation.field or ""]
    value = mailbox.get(field.name)
    if value is None:
        return _EMPTY
    if as_array(value) is not None:
        return _REPEATED
    is_text = as_text(value) is not None
    if is_text and field.limits is not None:
        return f"write a whole number from {field.limits.minimum} to {field.limits.maximum}, in digits only"
    is_number = field.limits is not None and is_json(value)
    return violation.hint if is_text or is_number else _NOT_TEXT


def _refused_mailbox(hint: str) -> Iterator[Violation]:
    for said in iter_mailbox_violations(None):
        yield Violation(said.index, said.field, said.rule, said.message, hint, "type")
