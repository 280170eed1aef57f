"""A second, independent reading of the contract for the body of the "Add mailboxes in bulk" request.

A differential-test oracle: it shares no code with the package it is compared with, follows the contract
sentence by sentence, spells every message out, and does its own Punycode encoding (RFC 3492) and its own
Bidi rule (RFC 5893, section 2). From ``idna`` it takes the single-label check, from ``email_validator``
the one call the contract names.
"""

# A literal reading has one branch a sentence, and sentences quoted in comments look like code to a linter.
# ruff: noqa: C901, PLR0911, PLR0912

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

import email_validator
import idna

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"


def given(holder: Mapping[Any, Any], key: str) -> object:
    # "Provided: the key is there and its value is not null. null means absent."
    return holder.get(key)


def blank_code_point(code: int) -> bool:
    # "U+0009-U+000D, U+001C-U+0020, U+1680, U+2000-U+2006, U+2008-U+200A, U+2028, U+2029, U+205F, U+3000."
    runs = (0x0009, 0x000D), (0x001C, 0x0020), (0x2000, 0x2006), (0x2008, 0x200A)
    return any(low <= code <= high for low, high in runs) or code in (0x1680, 0x2028, 0x2029, 0x205F, 0x3000)


def not_blank(value: object) -> bool:
    # "Blank: a string with no character outside ...  The empty string is blank."
    return isinstance(value, str) and any(not blank_code_point(ord(character)) for character in value)


def integer(value: object) -> int | None:
    # "465 and 465.0 are, 465.5, "465", true and NaN/Infinity are not."
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def integer_within(value: object, low: int, high: int) -> bool:
    # "Ranges are inclusive at both ends"
    number = integer(value)
    return number is not None and low <= number <= high


def is_email(value: object) -> bool:
    # "what email_validator.validate_email(value, check_deliverability=False) accepts with its default
    # options"
    if not isinstance(value, str):
        return False
    try:
        email_validator.validate_email(value, check_deliverability=False)
    except Exception:  # noqa: BLE001 - "an answer, never an exception"
        return False
    return True


def adapt(delta: int, points: int, first: bool) -> int:
    # RFC 3492, section 6.1
    delta = delta // 700 if first else delta // 2
    delta += delta // points
    k = 0
    while delta > 455:
        delta //= 35
        k += 36
    return k + 36 * delta // (delta + 38)


def punycode_encode(text: str) -> str:
    # RFC 3492, section 6.3
    out = [character for character in text if ord(character) < 128]
    basic = done = len(out)
    out += ["-"] if basic else []
    n, delta, bias = 128, 0, 72
    while done < len(text):
        m = min(ord(character) for character in text if ord(character) >= n)
        delta += (m - n) * (done + 1)
        n = m
        for character in text:
            delta += 1 if ord(character) < n else 0
            if ord(character) == n:
                q, k = delta, 36
                while q >= (t := min(26, max(1, k - bias))):
                    out.append("abcdefghijklmnopqrstuvwxyz0123456789"[t + (q - t) % (36 - t)])
                    q, k = (q - t) // (36 - t), k + 36
                out.append("abcdefghijklmnopqrstuvwxyz0123456789"[q])
                bias, delta, done = adapt(delta, done + 1, done == basic), 0, done + 1
        delta, n = delta + 1, n + 1
    return "".join(out)


def two_forms(label: str) -> tuple[str, str] | None:
    """The label's U-form and A-form, or None for a label the contract does not admit."""
    if label == "" or len(label) > 63:
        return None
    if all(character in LETTERS + DIGITS + "-" for character in label):
        # "an LDH label of 1 to 63 characters (no leading or trailing hyphen, any case)"
        if label[0] == "-" or label[-1] == "-":
            return None
        if label[:4].lower() != "xn--":
            return label, label
        # "A-labels checked too"
        code = label[4:].lower()
        try:
            shown, wire = code.encode("ascii").decode("punycode"), label
        except UnicodeError:
            return None
        if shown.isascii() or punycode_encode(shown) != code:
            return None
    else:
        # "or a label that IDNA 2008 (idna, strict, no UTS 46 mapping) accepts"
        if label.isascii():
            return None  # "no underscore, wildcard, scheme, port, path"
        shown, wire = label, "xn--" + punycode_encode(label)
    try:
        idna.check_label(shown)
    except UnicodeError:
        return None
    return (shown, wire) if len(wire) <= 63 else None


def bidi_rule_holds(label: str) -> bool:
    # RFC 5893, section 2, conditions 1 to 6
    kinds = [unicodedata.bidirectional(character) for character in label]
    bare = list(kinds)
    while bare and bare[-1] == "NSM":
        bare.pop()
    if kinds[0] in ("R", "AL"):
        return (
            all(k in ("R", "AL", "AN", "EN", "ES", "CS", "ET", "ON", "BN", "NSM") for k in kinds)
            and bare[-1] in ("R", "AL", "EN", "AN")
            and not ("EN" in kinds and "AN" in kinds)
        )
    allowed = ("L", "EN", "ES", "CS", "ET", "ON", "BN", "NSM")
    return kinds[0] == "L" and all(k in allowed for k in kinds) and bare[-1] in ("L", "EN")


def is_domain(value: object) -> bool:
    if not isinstance(value, str):
        return False
    labels = value.split(".")
    if len(labels) < 2:  # "at least two labels"
        return False
    forms = [two_forms(label) for label in labels]  # "no trailing dot": an empty last label has no forms
    good = [pair for pair in forms if pair is not None]
    if len(good) < len(labels):
        return False
    # "the RFC 5893 Bidi rule applied to every label as soon as one label is right-to-left"
    kinds = {unicodedata.bidirectional(character) for shown, _ in good for character in shown}
    if kinds & {"R", "AL", "AN"} and not all(bidi_rule_holds(shown) for shown, _ in good):
        return False
    # "at most 253 octets in A-label form"
    if len(".".join(wire for _, wire in good)) > 253:
        return False
    # "the last label not all digits"
    return not all(character in DIGITS for character in labels[-1])


def mailbox_lines(at: int, box: object) -> list[str]:
    # "an item that is not an object (null included)"
    if not isinstance(box, Mapping):
        return [f"mailbox[{at}] must be an object"]
    found: list[str] = []
    # "required | yes": null is absent, and absent is a violation; "no": null is absent, and absent is fine.
    if not is_email(given(box, "smtp_email")):
        found.append("smtp_email must be provided and be a valid email address")
    if given(box, "smtp_login") is not None and not not_blank(given(box, "smtp_login")):
        found.append("smtp_login if provided must not be blank")
    if not not_blank(given(box, "smtp_password")):
        found.append("smtp_password must not be blank")
    if not not_blank(given(box, "smtp_server")):
        found.append("smtp_server must not be blank")
    if not integer_within(given(box, "smtp_port"), 1, 65535):
        found.append("smtp_port must be provided and in range <1,65535>")
    if given(box, "smtp_from_name") is not None and not not_blank(given(box, "smtp_from_name")):
        found.append("smtp_from_name if provided must not be blank")
    if not is_email(given(box, "imap_email")):
        found.append("imap_email must be provided and be a valid email address")
    if not not_blank(given(box, "imap_password")):
        found.append("imap_password must not be blank")
    if not not_blank(given(box, "imap_server")):
        found.append("imap_server must not be blank")
    if not integer_within(given(box, "imap_port"), 1, 65535):
        found.append("imap_port must be provided and in range <1,65535>")
    if given(box, "footer") is not None and not not_blank(given(box, "footer")):
        found.append("footer if provided must not be blank")
    if given(box, "bcc") is not None and not is_email(given(box, "bcc")):
        found.append("bcc if provided must be a valid email address")
    if given(box, "open_tracking_domain") is not None and not is_domain(given(box, "open_tracking_domain")):
        found.append("open_tracking_domain if provided must be a valid domain")
    if given(box, "click_tracking_domain") is not None and not is_domain(given(box, "click_tracking_domain")):
        found.append("click_tracking_domain if provided must be a valid domain")
    if (name := given(box, "unsubscribe_tracking_domain")) is not None and not is_domain(name):
        found.append("unsubscribe_tracking_domain if provided must be a valid domain")
    f, t = given(box, "sending_wait_time_from"), given(box, "sending_wait_time_to")
    f_number, t_number = integer(f), integer(t)
    in_order = f_number is None or t_number is None or f_number < t_number
    # "violated when F is provided and not all hold: T is provided; F is an integer from 10 to 9999;
    # F < T where T is an integer too."
    if f is not None and not (t is not None and integer_within(f, 10, 9999) and in_order):
        found.append(
            "sending_wait_time_from if provided must be present along with and lower than"
            " sending_wait_time_to and be in range <10,9999>"
        )
    # "violated when T is provided and not all hold: F is provided; T is an integer from 20 to 9999;
    # T > F where F is an integer too."
    if t is not None and not (f is not None and integer_within(t, 20, 9999) and in_order):
        found.append(
            "sending_wait_time_to if provided must be present along with and higher than"
            " sending_wait_time_from and be in range <20,9999>"
        )
    limit = given(box, "daily_sending_limit")
    if limit is not None and not integer_within(limit, 1, 5500):
        found.append("daily_sending_limit if provided must be in range <1,5500>")
    # "mailbox[<index>].<field> <message>, index counted from 0"
    return [f"mailbox[{at}].{line}" for line in found]


def lines(body: object) -> list[str]:
    """Exactly the lines the contract demands for this body, in the contract's order."""
    # "the body is not a JSON object"
    if not isinstance(body, Mapping):
        return ["body must be an object"]
    out: list[str] = []
    mailboxes = given(body, "mailboxes")
    boxes = mailboxes if isinstance(mailboxes, list | tuple) else []
    # "mailboxes absent, null, not an array, empty, or over 200 items"
    if len(boxes) == 0 or len(boxes) > 200:
        out.append("mailboxes must be provided and have size in range <1,200>")
    # "Over 200 items, the count line comes first and every mailbox is still checked."
    for at, box in enumerate(boxes):
        out += mailbox_lines(at, box)
    # "given and not an array, or an item is neither MAIL nor IN_APP"; "notification-types last"
    kinds = given(body, "completion_notification_types")
    if kinds is not None and (
        not isinstance(kinds, list | tuple)
        or any(not isinstance(kind, str) or kind not in ("MAIL", "IN_APP") for kind in kinds)
    ):
        out.append("completion_notification_types if provided must contain only MAIL and IN_APP")
    return out
