"""The one quick path: accepts a mailbox that is plainly valid, and leaves every other one to the rules.

It does the same for the body around the mailboxes. The promise: **what is accepted here, the rules accept.**
It holds in this direction only: ``False`` and ``None`` mean "not decided", never "invalid".

The checks are written out field by field, because loops over the fields take a sixth longer. So that a new
field or rule can't be accepted unseen, the module refuses to load while it doesn't check every field of
:data:`contract.FIELDS`, and every constraint around them, by the rule that is named there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from mailbox_schema.contract import (
    BODY_CONSTRAINTS,
    DAILY_LIMIT,
    FIELDS,
    MAILBOX_COUNT,
    PORT,
    WAIT_TIME_FROM,
    WAIT_TIME_TO,
)
from mailbox_schema.values import ATEXT, LABEL_MAX_LENGTH, RESOURCE_ERRORS, SPECIAL_USE_DOMAINS

if TYPE_CHECKING:
    from collections.abc import Callable

# A text of at most this length can't have a label that is too long, nor be too long itself.
_LONGEST: Final = LABEL_MAX_LENGTH
# Without two hyphens in a row or one before a dot, a label is simply this. A last label that is not all
# letters is left to the rules.
_LABEL: Final = "[A-Za-z0-9][A-Za-z0-9-]*"
_IS_EMAIL: Final = re.compile(
    rf"[{ATEXT}]+(?:\.[{ATEXT}]+)*@(?:{_LABEL}\.)+(?!(?i:{'|'.join(SPECIAL_USE_DOMAINS)})\Z)[A-Za-z]+"
).fullmatch
_IS_DOMAIN: Final = re.compile(rf"(?:{_LABEL}\.)+[A-Za-z]+").fullmatch

_DOMAINS: Final = ("open_tracking_domain", "click_tracking_domain", "unsubscribe_tracking_domain")
_CHECKED: Final = {
    ("not-blank", True, None): ("smtp_password", "smtp_server", "imap_password", "imap_server"),
    ("not-blank", False, None): ("smtp_login", "smtp_from_name", "footer"),
    ("port", True, PORT): ("smtp_port", "imap_port"),
    ("daily-limit", False, DAILY_LIMIT): ("daily_sending_limit",),
    ("email", True, None): ("smtp_email", "imap_email"),
    ("email", False, None): ("bcc",),
    ("domain", False, None): _DOMAINS,
    ("wait-time", False, WAIT_TIME_FROM): ("sending_wait_time_from",),
    ("wait-time", False, WAIT_TIME_TO): ("sending_wait_time_to",),
}
"""The fields that :func:`is_plainly_valid` checks, by their rule, whether they are required, and limits."""

if {(name, *how) for how, names in _CHECKED.items() for name in names} != {
    (field.name, field.rule, field.required, field.limits) for field in FIELDS.values()
}:
    raise NotImplementedError("is_plainly_valid doesn't check every field by its rule: add the check")

_CHECKED_AROUND: Final = {
    ("body-object", None),
    ("mailbox-count", "mailboxes"),
    ("mailbox-object", None),
    ("notification-types", "completion_notification_types"),
}
"""The constraints that :func:`plain_mailboxes` checks, and :func:`is_plainly_valid` of an item."""

if {(row.rule, row.key) for row in BODY_CONSTRAINTS} != _CHECKED_AROUND:
    raise NotImplementedError("plain_mailboxes doesn't check every constraint: add the check")


_LEAST_COUNT, _MOST_COUNT = MAILBOX_COUNT
_LEAST_PORT, _MOST_PORT = PORT
_LEAST_LIMIT, _MOST_LIMIT = DAILY_LIMIT
_LEAST_FROM, _MOST_FROM = WAIT_TIME_FROM
_LEAST_TO, _MOST_TO = WAIT_TIME_TO


def is_plainly_valid(mailbox: Any, known_addresses: set[str], known_domains: set[str]) -> bool:  # noqa: C901, PLR0911, PLR0912  # see the module's docstring
    """Return whether ``mailbox`` is plainly valid; ``False`` leaves it to the rules.

    The two sets are of addresses and domains accepted earlier in the same call, because the mailboxes of a
    body often share them; those of this mailbox are added. ``str.strip`` removes everything that the contract
    calls blank, and raises an error for a value that is not text.
    """
    if type(mailbox) is not dict:
        return False
    get: Callable[[str], Any] = mailbox.get
    strip = str.strip
    try:
        if not (
            strip(get("smtp_password"))
            and strip(get("smtp_server"))
            and strip(get("imap_password"))
            and strip(get("imap_server"))
        ):
            return False
        if (text := get("smtp_login")) is not None and not strip(text):
            return False
        if (text := get("smtp_from_name")) is not None and not strip(text):
            return False
        if (text := get("footer")) is not None and not strip(text):
            return False
        smtp_port, imap_port, limit = get("smtp_port"), get("imap_port"), get("daily_sending_limit")
        if not (
            type(smtp_port) is type(imap_port) is int
            and _LEAST_PORT <= smtp_port <= _MOST_PORT
            and _LEAST_PORT <= imap_port <= _MOST_PORT
        ):
            return False
        if limit is not None and not (type(limit) is int and _LEAST_LIMIT <= limit <= _MOST_LIMIT):
            return False
        first, second = get("sending_wait_time_from"), get("sending_wait_time_to")
        if not (first is second is None) and not (
            type(first) is type(second) is int
            and _LEAST_FROM <= first <= _MOST_FROM
            and _LEAST_TO <= second <= _MOST_TO
            and first < second
        ):
            return False
        smtp_email, imap_email, bcc = get("smtp_email"), get("imap_email"), get("bcc")
        if not _is_plain(smtp_email, _IS_EMAIL):
            return False
        if not (type(imap_email) is str and imap_email == smtp_email) and not _is_plain(
            imap_email, _IS_EMAIL
        ):
            return False
        if bcc is not None and not (type(bcc) is str and bcc in known_addresses):
            if not _is_plain(bcc, _IS_EMAIL):
                return False
            known_addresses.add(bcc)
        for name in _DOMAINS:
            text = get(name)
            if text is not None and not (type(text) is str and text in known_domains):
                if not _is_plain(text, _IS_DOMAIN):
                    return False
                known_domains.add(text)
    except RESOURCE_ERRORS:
        raise
    except Exception:  # noqa: BLE001  # not text where text is required, or a key that can't be compared
        return False
    return True


def plain_mailboxes(body: Any) -> list[object] | None:
    """Return the mailboxes of a body that is plainly valid around them; ``None`` leaves it to the rules."""
    if type(body) is not dict:
        return None
    try:
        mailboxes = body.get("mailboxes")
        is_plain = (
            type(mailboxes) is list
            and _LEAST_COUNT <= len(mailboxes) <= _MOST_COUNT
            and body.get("completion_notification_types") is None
        )
    except RESOURCE_ERRORS:
        raise
    except Exception:  # noqa: BLE001  # a key that can't be compared
        return None
    return mailboxes if is_plain else None


def _is_plain(text: Any, matches: Callable[[str], object]) -> bool:
    return (
        type(text) is str
        and len(text) <= _LONGEST
        and "--" not in text
        and "-." not in text
        and matches(text) is not None
    )
