"""One plain sentence for each field and reason, for the people who fill in forms.

Each sentence is whole, with placeholders that have names: ``{label}``, ``{minimum}``, ``{maximum}``. The
English template is its message id, and is marked with ``_()``, so that gettext's tools find it (``xgettext``,
``pybabel extract``). Nothing of the body is repeated.

>>> sorted(SENTENCES["footer"].values())
['{label} must be text.', '{label} must not be blank.', '{label} must not be blank.']
"""

from __future__ import annotations

from functools import lru_cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from mailbox_schema.contract import (
    BODY_CONSTRAINTS,
    BODY_OBJECT,
    FIELDS,
    MAILBOX_COUNT,
    MAILBOX_OBJECT,
    MAILBOXES,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from gettext import GNUTranslations

    from mailbox_schema.contract import Field
    from mailbox_schema.violation import Reason, Violation

    Templates = Mapping[Reason | None, str]


def _(template: str) -> str:
    """Mark a template for gettext's tools."""
    return template


UNEXPLAINED: Final = _("{label} is not accepted.")
"""The sentence for a line of the API that the contract doesn't know."""
ADVICE: Final = _("{label} may need a second look.")
"""The sentence for advice, which is outside the contract: the message says what it is about."""

_ABSENT: Final[Templates] = {"missing": _("{label} is required."), "null": _("{label} is required.")}
_BLANK: Final[Templates] = {"blank": _("{label} must not be blank.")}
_NOT_FILLED_IN: Final[Templates] = {
    "placeholder": _("{label} contains a placeholder: enter the real value."),
    "encrypted": _("{label} is encrypted: enter the decrypted value."),
}
_PASTED: Final[Templates] = {
    "invisible": _("{label} contains invisible characters: type it again instead of pasting it."),
    "whitespace": _("{label} must not contain spaces."),
}
_RANGE: Final[Templates] = {
    None: _("{label} must be a whole number from {minimum} to {maximum}."),
    "type": _("{label} must be a whole number from {minimum} to {maximum}."),
    "below": _("{label} must be {minimum} or more."),
    "above": _("{label} must be {maximum} or less."),
    **_BLANK,
    **_NOT_FILLED_IN,
}

# None is for a line of the API, whose reason isn't known.
_BY_RULE: Final[Mapping[str, Templates]] = {
    "email": {
        None: _("{label} must be a valid email address, such as name@example.com."),
        "malformed": _("{label} must be a valid email address, such as name@example.com."),
        "type": _("{label} must be one email address, such as name@example.com."),
        "scheme": _("{label} must be only the email address, without mailto: in front of it."),
        "url": _("{label} must be an email address, not a web address."),
        "several": _("{label} must be one email address, not several."),
        "display-name": _("{label} must be only the email address, without a name next to it."),
        "at-sign": _("{label} must contain one @, as in name@example.com."),
        "incomplete": _("{label} must be the whole email address, such as name@example.com."),
        "reserved": _("{label} has a reserved domain, which receives no email."),
        **_BLANK,
        **_NOT_FILLED_IN,
        **_PASTED,
    },
    "domain": {
        None: _("{label} must be a valid domain, such as track.example.com."),
        "malformed": _("{label} must be a valid domain, such as track.example.com."),
        "type": _("{label} must be one domain, such as track.example.com."),
        "scheme": _(
            "{label} must be only the domain, such as track.example.com, without https:// in front of it."
        ),
        "url": _("{label} must be only the domain, such as track.example.com, without anything around it."),
        "several": _("{label} must be one domain, not several."),
        "incomplete": _("{label} must be the whole domain, such as track.example.com."),
        "filler": _("{label} must be a domain, or be left empty."),
        **_BLANK,
        **_NOT_FILLED_IN,
        **_PASTED,
    },
    "not-blank": {
        None: _("{label} must not be blank."),
        "type": _("{label} must be text."),
        **_BLANK,
    },
    "port": _RANGE,
    "daily-limit": _RANGE,
    "wait-time": {
        **_RANGE,
        "unpaired": _("{label} must be given together with the other wait time."),
    },
}
_BY_FIELD: Final[Mapping[str, Templates]] = {
    "sending_wait_time_from": {"inverted": _("{label} must be lower than the other wait time.")},
    "sending_wait_time_to": {"inverted": _("{label} must be higher than the other wait time.")},
}
_AROUND_FIELDS: Final[Mapping[str, Templates]] = {
    BODY_OBJECT.rule: dict.fromkeys((None, "type", "null"), _("{label} must contain a list of mailboxes.")),
    MAILBOX_OBJECT.rule: {
        None: _("{label} must be one mailbox with its fields."),
        "type": _("{label} must be one mailbox with its fields."),
        "null": _("{label} is empty: fill it in or remove it."),
    },
    "mailboxes": {
        None: _("{label} must be a list of {minimum} to {maximum} mailboxes."),
        "type": _("{label} must be a list of {minimum} to {maximum} mailboxes."),
        "missing": _("Add at least one mailbox."),
        "null": _("Add at least one mailbox."),
        "below": _("Add at least one mailbox."),
        "above": _("Send at most {maximum} mailboxes at a time."),
    },
    "completion_notification_types": {
        None: _("{label} must contain only MAIL and IN_APP."),
        "type": _("{label} must be a list of MAIL and IN_APP."),
        "unknown": _("{label} must contain only MAIL and IN_APP."),
    },
}


def _templates(field: Field) -> Templates:
    absent = _ABSENT if field.required else {}
    return MappingProxyType({**absent, **_BY_RULE[field.rule], **_BY_FIELD.get(field.name, {})})


SENTENCES: Final[Mapping[str, Templates]] = MappingProxyType(
    {**{field.name: _templates(field) for field in FIELDS.values()}, **_AROUND_FIELDS}
)
"""The templates by field and reason; of a whole body or mailbox, by its rule (read-only)."""

_RULES: Final = frozenset(
    {*(field.rule for field in FIELDS.values()), *(row.rule for row in BODY_CONSTRAINTS)}
)
_LIMITS: Final = {MAILBOXES.key: MAILBOX_COUNT} | {
    field.name: field.limits for field in FIELDS.values() if field.limits is not None
}


def sentence(
    violation: Violation, label: str | None = None, translate: Callable[[str], str] | None = None
) -> str:
    """Return the sentence for ``violation``: see :meth:`mailbox_schema.Violation.sentence`."""
    template = template_for(violation)
    limits = _LIMITS.get(violation.field)
    return str(template if translate is None else translate(template)).format(
        label=_place(violation) if label is None else label,
        minimum=None if limits is None else limits.minimum,
        maximum=None if limits is None else limits.maximum,
    )


def _place(violation: Violation) -> str:
    """Return what the sentence is about; a line that we don't know may contain anything."""
    if violation.field is not None and violation.field in SENTENCES:
        return violation.field
    return "body" if violation.rule is None else violation.path


def template_for(violation: Violation) -> str:
    """Return the sentence for ``violation`` with its placeholders, which is its message id.

    >>> from mailbox_schema.violation import Violation
    >>> template_for(Violation.parse("mailbox[0].smtp_port must be provided and in range <1,65535>"))
    '{label} must be a whole number from {minimum} to {maximum}.'
    """
    if violation.rule is None:
        return UNEXPLAINED
    if violation.rule not in _RULES:
        return ADVICE
    templates = SENTENCES.get(violation.field or violation.rule, {})
    return templates.get(violation.reason, templates.get(None, UNEXPLAINED))


LANGUAGES: Final = ("pl",)
"""The languages that the texts are translated into; their originals are in English."""


def translation(*languages: str) -> Callable[[str], str]:
    """Return the function that translates into the first of ``languages`` that there is, or English.

    A language is written as browsers do, such as ``pl`` or ``pl-PL``.

    >>> polish = translation("pl-PL", "en")
    >>> polish("{label} is required.")
    '{label}: to pole jest wymagane.'
    >>> translation("xx")("{label} is required.")
    '{label} is required.'
    """
    for language in languages:
        primary = language.replace("_", "-").partition("-")[0].lower()
        if primary in {"en", *LANGUAGES}:
            return partial(_translated, primary)
    return partial(_translated, "en")


def _translated(language: str, text: str) -> str:
    """Return a text in a language; a function of the module, so that the result of a form can be pickled."""
    return text if language == "en" else _catalog(language).gettext(text)


@lru_cache
def _catalog(language: str) -> GNUTranslations:
    from gettext import GNUTranslations  # noqa: PLC0415  # loaded by those who ask for another language
    from importlib.resources import files  # noqa: PLC0415  # as above

    path = f"locale/{language}/LC_MESSAGES/mailbox_schema.mo"
    with (files("mailbox_schema") / path).open("rb") as file:
        return GNUTranslations(file)
