"""The inputs of a form: their labels, help texts, attributes and ids, and the summary of the errors.

Everything here is text and dictionaries, for the templates of any framework.
:mod:`mailbox_schema.forms` has these functions too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from mailbox_schema.contract import FIELDS, PASSWORDS
from mailbox_schema.sentences import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeAlias

    from mailbox_schema.forms import FormResult, FormsetResult, _Result
    from mailbox_schema.violation import Violation

    Attributes: TypeAlias = Mapping[str, str | int]
    Translate: TypeAlias = Callable[[str], str]


class _Input(NamedTuple):
    label: str
    help: str
    attributes: Attributes


# These values are not prose: a phone must not correct them.
_VERBATIM: Final[Attributes] = {"autocapitalize": "none", "spellcheck": "false"}
_EMAIL: Final[Attributes] = {"type": "email", "inputmode": "email", **_VERBATIM}
_OWN_EMAIL: Final[Attributes] = {**_EMAIL, "autocomplete": "email"}
_LOGIN: Final[Attributes] = {"type": "text", **_VERBATIM}
# Any other value lets a browser fill in the password of this site, which is not the mailbox's.
_PASSWORD: Final[Attributes] = {"type": "password", "autocomplete": "new-password"}
_SERVER: Final[Attributes] = {"type": "text", "inputmode": "url", **_VERBATIM}
# Never stricter than the contract: at least two parts, and no parts of a URL around them.
_DOMAIN: Final[Attributes] = {**_SERVER, "pattern": r"[^\s\/:@.]+(\.[^\s\/:@.]+)+"}
# Not type="number": a browser shows a text that it can't read as blank, and a mouse wheel changes the number.
_NUMBER: Final[Attributes] = {"type": "text", "inputmode": "numeric", "pattern": r"\s*[0-9]+\s*"}
_NAME: Final[Attributes] = {"type": "text", "autocomplete": "name", "spellcheck": "false"}
# It has no type, because it is rendered as a <textarea>: an <input> would join its lines.
_LINES: Final[Attributes] = {"rows": 4}

# The labels are the vendor's, from the columns of its CSV import, where it has them; the help texts are the
# descriptions of its reference, shortened. The JSON Schema document has the same words.
_INPUTS: Final[Mapping[str, _Input]] = {
    "smtp_email": _Input(_("SMTP email"), _("Email address of the sending mailbox."), _OWN_EMAIL),
    "smtp_login": _Input(
        _("SMTP login"), _("User name for SMTP, if it differs from the email address."), _LOGIN
    ),
    "smtp_password": _Input(
        _("SMTP password"), _("Password for SMTP; for Gmail and Outlook an app password."), _PASSWORD
    ),
    "smtp_server": _Input(_("SMTP server"), _("Host name of the SMTP server."), _SERVER),
    "smtp_port": _Input(_("SMTP port"), _("Port of the SMTP server, from {minimum} to {maximum}."), _NUMBER),
    "smtp_from_name": _Input(_("SMTP from name"), _("Name of the sender, as recipients see it."), _NAME),
    "imap_email": _Input(_("IMAP email"), _("Email address of the receiving mailbox."), _OWN_EMAIL),
    "imap_password": _Input(
        _("IMAP password"), _("Password for IMAP; for Gmail and Outlook an app password."), _PASSWORD
    ),
    "imap_server": _Input(_("IMAP server"), _("Host name of the IMAP server."), _SERVER),
    "imap_port": _Input(_("IMAP port"), _("Port of the IMAP server, from {minimum} to {maximum}."), _NUMBER),
    "footer": _Input(_("Footer"), _("Signature added to sent emails, in HTML."), _LINES),
    "bcc": _Input(_("BCC"), _("Email address that gets a blind copy of every outgoing email."), _EMAIL),
    "open_tracking_domain": _Input(
        _("Open tracking domain"),
        _("Custom domain that tracks opened emails, such as track.example.com."),
        _DOMAIN,
    ),
    "click_tracking_domain": _Input(
        _("Click tracking domain"),
        _("Custom domain that tracks clicked links, such as track.example.com."),
        _DOMAIN,
    ),
    "unsubscribe_tracking_domain": _Input(
        _("Unsubscribe tracking domain"),
        _("Custom domain that takes unsubscribe requests, such as track.example.com."),
        _DOMAIN,
    ),
    "sending_wait_time_from": _Input(
        _("Sending wait time (from)"),
        _("Shortest pause between two emails, in seconds, from {minimum} to {maximum}."),
        _NUMBER,
    ),
    "sending_wait_time_to": _Input(
        _("Sending wait time (to)"),
        _("Longest pause between two emails, in seconds, from {minimum} to {maximum}."),
        _NUMBER,
    ),
    "daily_sending_limit": _Input(
        _("Daily sending limit"), _("Most emails sent in a day, from {minimum} to {maximum}."), _NUMBER
    ),
}
_TYPE_AGAIN: Final = _("Type it again: a password is never sent back to this page.")
_NUMBERED: Final = _("Mailbox {number}: {sentence}")


def field_label(field: str, form: _Result | None = None) -> str:
    """Return the label of a field: the vendor's, where it has one; in the language of ``form``.

    >>> field_label("smtp_from_name"), field_label("sending_wait_time_to")
    ('SMTP from name', 'Sending wait time (to)')

    :raises KeyError: if there is no such field
    """
    return _translated(_INPUTS[field].label, form)


def field_help(field: str, form: FormResult | None = None) -> str:
    """Return a sentence that describes the value of a field; in the language of ``form``.

    If ``form`` has a password, that of the password asks to type it again, because it is never shown.

    >>> field_help("smtp_login")
    'User name for SMTP, if it differs from the email address.'
    >>> field_help("daily_sending_limit")
    'Most emails sent in a day, from 1 to 5500.'

    :raises KeyError: if there is no such field
    """
    text = _translated(_INPUTS[field].help, form)
    limits = FIELDS[field].limits
    if limits is not None:
        return text.format(minimum=limits.minimum, maximum=limits.maximum)
    if field in PASSWORDS and form is not None and field in form.mailbox:
        return f"{text} {_translated(_TYPE_AGAIN, form)}"
    return text


def _translated(text: str, form: _Result | None) -> str:
    return text if form is None or form.translate is None else form.translate(text)


def field_id(field: str, prefix: str = "") -> str:
    """Return the id of a field's input: its name, after the prefix of its row.

    >>> field_id("smtp_port"), field_id("smtp_port", "mailboxes-0-")
    ('smtp_port', 'mailboxes-0-smtp_port')
    """
    return prefix + field


def help_id(field: str, prefix: str = "") -> str:
    """Return the id of the element with a field's help text.

    >>> help_id("smtp_port")
    'smtp_port-help'
    """
    return f"{field_id(field, prefix)}-help"


def error_id(field: str, prefix: str = "") -> str:
    """Return the id of the element with a field's error.

    >>> error_id("smtp_port")
    'smtp_port-error'
    """
    return f"{field_id(field, prefix)}-error"


def html_attributes(field: str, form: FormResult | None = None, prefix: str = "") -> dict[str, Any]:
    """Return the attributes of a field's ``<input>``, except its name, id and value: a new ``dict``.

    With them a browser checks as much of the contract as it can. ``required`` is ``True`` (a bare attribute)
    or absent. ``footer`` has no ``type``: it is a ``<textarea>``. With ``form``, there are also
    ``aria-describedby``, which names the help text and the error by their ids, and ``aria-invalid``.

    >>> html_attributes("imap_password")
    {'type': 'password', 'autocomplete': 'new-password', 'required': True}
    >>> from mailbox_schema.forms import parse_form
    >>> html_attributes("footer", parse_form({"footer": ["a", "b"]}))
    {'rows': 4, 'autocomplete': 'off', 'aria-describedby': 'footer-error footer-help', 'aria-invalid': 'true'}

    :raises KeyError: if there is no such field
    """
    attributes: dict[str, Any] = dict(_INPUTS[field].attributes)
    if "pattern" in attributes:
        attributes["title"] = field_help(field, form)  # browsers add it to "match the requested format"
    attributes.setdefault("autocomplete", "off")
    if FIELDS[field].required:
        attributes["required"] = True
    if form is None:
        return attributes
    is_invalid = any(violation.field == field for violation in form.violations)
    described_by = [error_id(field, prefix)] if is_invalid else []
    attributes["aria-describedby"] = " ".join([*described_by, help_id(field, prefix)])
    return attributes | ({"aria-invalid": "true"} if is_invalid else {})


class SummaryLine(NamedTuple):
    """An error in the summary of a form.

    - ``id``: of the input to link to; ``None`` for an error of the form as a whole
    - ``text``: the sentence
    """

    id: str | None
    text: str


def error_summary(form: FormResult | FormsetResult, prefix: str = "") -> list[SummaryLine]:
    """Return the errors of a form, each with the id of its input: the list of links above the form.

    The inputs of several mailboxes have the prefixes ``mailboxes-0-``, ``mailboxes-1-`` and so on.

    >>> from mailbox_schema.forms import parse_form, parse_formset
    >>> error_summary(parse_form({"smtp_port": "0"}))[3]
    SummaryLine(id='smtp_port', text='SMTP port must be 1 or more.')
    >>> error_summary(parse_formset({"mailboxes-0-bcc": "jared"}))[-1].id
    'mailboxes-0-bcc'
    """
    forms: tuple[FormResult, ...] | None = getattr(form, "forms", None)
    if forms is None:
        return [_summary_line(form, violation, prefix) for violation in form.violations]
    whole = [violation for violation in form.violations if violation.index is None]
    summary = [_summary_line(form, violation, "") for violation in whole]
    numbered = _translated(_NUMBERED, form)
    return summary + [
        SummaryLine(line.id, numbered.format(number=index + 1, sentence=line.text))
        for index, each in enumerate(forms)
        for line in error_summary(each, f"mailboxes-{index}-")
    ]


def _summary_line(form: _Result, violation: Violation, prefix: str) -> SummaryLine:
    field = violation.field
    target = field_id(field, prefix) if field is not None and field in FIELDS else None
    return SummaryLine(target, form.sentence(violation))
