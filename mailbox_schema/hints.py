"""What a violated value shows about its cause -> the reason, and one short sentence on how to fix it.

A hint is shown next to the API's sentence, never inside it, and only where the cause is recognizable; the
reason is always known. A hint is put together from the fixed texts below and never repeats anything of the
body, so that it can't leak a secret and needs no escaping.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple
from unicodedata import normalize

from mailbox_schema.contract import BODY_KEYS, FIELDS, NOTIFICATION_TYPES, WAIT_TIMES
from mailbox_schema.foreign import (
    for_integer_of_other_type,
    for_iterable,
    for_record,
    for_text_of_other_type,
    is_json,
)
from mailbox_schema.placeholders import (
    FILL_IN_PLACEHOLDER,
    SPACES,
    has_placeholder,
    is_encrypted,
    replace_placeholders,
)
from mailbox_schema.values import (
    ACE_PREFIX,
    ALL_DIGITS,
    DOMAIN_MAX_LENGTH,
    EMAIL_MAX_LENGTH,
    LABEL_MAX_LENGTH,
    SPECIAL_USE_DOMAINS,
    as_array,
    as_integer,
    as_object,
    as_text,
    is_a,
    is_blank,
    is_domain,
    is_email,
    text_keys,
)
from mailbox_schema.vocabulary import nearest, nearest_field

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import Literal

    from mailbox_schema.contract import Field, Limits
    from mailbox_schema.violation import Reason

    Mailbox = Mapping[str, object]
    Causes = tuple[tuple[Callable[[str], object], Reason, str], ...]


class Cause(NamedTuple):
    """Why a value is a violation, and how to fix it, where that is known."""

    reason: Reason
    hint: str | None = None


# No address or domain is longer, and the cause in a longer text is not worth a search.
_LONGEST_SEARCHED: Final = 1000
# The search for a similar name is the slowest thing done about a key. A mailbox has few unknown ones.
_MOST_KEYS_COMPARED: Final = 50

# Zero-width and soft characters, and the bidi marks of contact cards: pasted along, and invisible.
INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_SPACE: Final = re.compile(f"[{SPACES}]")
_BETWEEN_PARTS: Final = re.compile(f"[,;{SPACES}]")
_HTTP: Final = re.compile("https?:", re.IGNORECASE)

# Those that spreadsheets and web pages put next to numbers.
_NAMES: Final = {
    "\u00a0": "no-break space",
    "\u2007": "figure space",
    "\u202f": "narrow no-break space",
    "\u200b": "zero-width space",
    "\ufeff": "byte order mark",
}
REMOVE_INVISIBLE: Final = "remove the invisible characters"
_TOO_LONG: Final = "it is too long"
_NULL: Final = "give a value: `null` counts as absent"
_DECRYPT: Final = "it is encrypted: decrypt the file first"


def for_mailbox(mailbox: object) -> Cause:
    """Return the cause for an item of ``mailboxes`` that is not an object."""
    if mailbox is None:
        return Cause("null", "remove the empty item")
    hint = None if as_array(mailbox) is None else "write the mailbox alone, without brackets"
    return Cause("type", for_record(mailbox) or hint)


def meant_fields(mailbox: object) -> frozenset[str]:
    """Return the fields that the unknown keys of a mailbox are probably meant for.

    >>> sorted(meant_fields({"smtpPort": 465, "color": "blue"}))
    ['smtp_port']
    """
    unknown = islice((key for key in text_keys(mailbox) if key not in FIELDS), _MOST_KEYS_COMPARED)
    return frozenset(field for key in unknown if (field := nearest_field(key)) is not None)


def for_field(
    mailbox: Mailbox,
    field: Field,
    original: object,
    meant: frozenset[str],
    columns: Collection[str] | None = None,
) -> Cause:
    """Return the cause for a violated field.

    ``mailbox`` is what was read of ``original``, and ``meant`` its :func:`meant_fields`. With
    ``columns``, the fields that have a column in a CSV file, the hint speaks of cells and columns rather than
    of fields and quotes.
    """
    in_cell = columns is not None
    value = mailbox.get(field.name)
    if value is None:
        if field.name in mailbox:
            return Cause("null", _NULL)
        if columns is None:
            return Cause("missing", _for_absent_field(original, field, meant))
        return Cause("missing", "fill in the cell" if field.name in columns else "add the column")
    if field.type == "integer":
        return _for_integer(mailbox, field, in_cell=in_cell)
    text = as_text(value)
    if text is None:
        return Cause("type", _for_value_of_wrong_type(value, field))
    return _for_text(text, field, "leave the cell blank" if in_cell else "leave the field out")


def _for_absent_field(original: object, field: Field, meant: frozenset[str]) -> str:
    if "mailboxes" in text_keys(original):
        return "this is a request body, not a mailbox"
    return f"rename the similar key to `{field.name}`" if field.name in meant else "add the field"


def _for_value_of_wrong_type(value: object, field: Field) -> str:
    if not is_json(value):
        return for_text_of_other_type(value)
    if as_array(value) is not None:
        return "write one value, not a list"
    if as_object(value, ()) is not None:
        return "write one value, not an object"
    if field.rule == "not-blank" and (is_a(value, int) or is_a(value, float)):
        return "write the value in quotes"
    return "write it as text, in quotes"


def _for_text(text: str, field: Field, leave_out: str) -> Cause:
    if is_blank(text):
        return Cause("blank", None if field.required else f"{leave_out} or fill it in")
    if len(text) > _LONGEST_SEARCHED:
        return Cause("malformed", _TOO_LONG)
    if is_encrypted(text):
        return Cause("encrypted", _DECRYPT)
    if has_placeholder(text):
        return Cause("placeholder", FILL_IN_PLACEHOLDER)
    if INVISIBLE.search(text):
        return Cause("invisible", REMOVE_INVISIBLE)
    return _for_domain(text, leave_out) if field.rule == "domain" else _first_that_fits(_EMAIL_CAUSES, text)


def _first_that_fits(causes: Causes, text: str) -> Cause:
    found = (Cause(reason, hint) for fits, reason, hint in causes if fits(text))
    return next(found, Cause("malformed"))


# Integers


def _for_integer(mailbox: Mailbox, field: Field, *, in_cell: bool) -> Cause:
    value = mailbox[field.name]
    text = as_text(value)
    if text is not None:
        return _for_numeral(text, field.limits, in_cell=in_cell)
    number = as_integer(value)
    if number is None:
        return Cause("type", _for_no_integer(value, field.limits))
    return _for_wait_time(number, mailbox, field) if field.name in WAIT_TIMES else _for_number(number, field)


def _for_no_integer(value: object, limits: Limits | None) -> str:
    if not is_json(value):
        return for_integer_of_other_type(value)
    if is_a(value, bool):
        return "write a number, not true or false"
    return f"write a whole number {_range(limits)}" if is_a(value, float) else "write one number"


def _for_number(number: int, field: Field, hint: str | None = None) -> Cause:
    is_below = field.limits is not None and number < field.limits.minimum
    return Cause("below" if is_below else "above", hint)


def _for_numeral(text: str, limits: Limits | None, *, in_cell: bool) -> Cause:
    if _is_admitted_numeral(text, limits):
        return Cause(
            "type", "write the number in digits only" if in_cell else "write the number without quotes"
        )
    if is_encrypted(text):
        return Cause("encrypted", _DECRYPT)
    if len(text) <= _LONGEST_SEARCHED and has_placeholder(text):
        return Cause("placeholder", FILL_IN_PLACEHOLDER)
    if in_cell and (name := _invisible_around_numeral(text, limits)):
        return Cause("invisible", f"remove the {name}")
    how = f"write a number {_range(limits)}, in digits only{'' if in_cell else ' and without quotes'}"
    return Cause("blank" if is_blank(text) else "type", how)


def _invisible_around_numeral(text: str, limits: Limits | None) -> str | None:
    """Return the name of an invisible character next to a numeral that is right without it."""
    if not _is_admitted_numeral(INVISIBLE.sub("", text).strip(SPACES), limits):
        return None
    return next((_NAMES[character] for character in text if character in _NAMES), "invisible characters")


def _range(limits: Limits | None) -> str:
    return "" if limits is None else f"from {limits.minimum} to {limits.maximum}"


def _is_admitted_numeral(text: str, limits: Limits | None) -> bool:
    if limits is None or len(text) > len(str(limits.maximum)) or not ALL_DIGITS.fullmatch(text):
        return False
    return text == str(int(text)) and limits.admit(int(text))


def _for_wait_time(number: int, mailbox: Mailbox, field: Field) -> Cause:
    partner_name = WAIT_TIMES[1 - WAIT_TIMES.index(field.name)]
    if mailbox.get(partner_name) is None:
        return Cause("unpaired", f"add `{partner_name}`")
    if field.limits is not None and not field.limits.admit(number):
        return _for_number(number, field, f"use a number {_range(field.limits)}")
    return Cause("inverted", "make `sending_wait_time_from` lower than `sending_wait_time_to`")


# Email addresses


def _begins_with_mailto(text: str) -> bool:
    return text.strip(SPACES)[:7].lower() == "mailto:"


def _has_angle_brackets(text: str) -> bool:
    return "<" in text and text.rstrip(SPACES).endswith(">")


def _has_several_addresses(text: str) -> bool:
    return sum("@" in part for part in _BETWEEN_PARTS.split(text)) > 1


def _is_surrounded_by_spaces(text: str) -> bool:
    return text != text.strip(SPACES) and is_email(text.strip(SPACES))


def _contains_address(text: str) -> bool:
    return any(is_email(part.strip("()<>,;\"'")) for part in _SPACE.split(text))


def _has_domain_of_one_label(text: str) -> bool:
    return "." not in text.rpartition("@")[2]


def _is_valid_with_another_domain(text: str) -> bool:
    return is_email(text.rpartition("@")[0] + "@example.com")


def _is_special_use(text: str) -> bool:
    last = text.rpartition(".")[2].lower()
    return last in SPECIAL_USE_DOMAINS and _is_valid_with_another_domain(text)


_EMAIL_CAUSES: Final[Causes] = (
    (_begins_with_mailto, "scheme", "remove `mailto:`"),
    (_has_angle_brackets, "display-name", "write only the address, without a name or angle brackets"),
    (_HTTP.match, "url", "write an email address, not a URL"),
    (_has_several_addresses, "several", "write one address only"),
    (_is_surrounded_by_spaces, "whitespace", "remove the spaces around the address"),
    (
        lambda text: "\uff20" in text,
        "at-sign",
        "write the `@` as the plain character, not the full-width one",
    ),
    (lambda text: "@" not in text, "at-sign", "the `@` is missing"),
    (lambda text: text.count("@") > 1, "at-sign", "there is more than one `@`"),
    (_contains_address, "display-name", "write only the address, with nothing next to it"),
    (_SPACE.search, "whitespace", "an address can't contain spaces"),
    (lambda text: "," in text, "malformed", "an address can't contain a comma"),
    (lambda text: ";" in text, "malformed", "an address can't contain a semicolon"),
    (lambda text: text.startswith("@"), "incomplete", "the part before the `@` is missing"),
    (lambda text: text.endswith("@"), "incomplete", "the domain after the `@` is missing"),
    (lambda text: text.endswith("."), "malformed", "remove the dot at the end"),
    (lambda text: ".." in text, "malformed", "there are two dots in a row"),
    (
        _has_domain_of_one_label,
        "incomplete",
        "the domain after the `@` lacks its ending, such as `.com`",
    ),
    (_is_special_use, "reserved", "the domain is reserved and receives no email"),
    (
        lambda text: text.startswith(".") or ".@" in text,
        "malformed",
        "the part before the `@` begins or ends with a dot",
    ),
    (lambda text: len(text) > EMAIL_MAX_LENGTH, "malformed", _TOO_LONG),
    (_is_valid_with_another_domain, "malformed", "the domain after the `@` is not valid"),
)


# Domains, and host names

_SCHEME: Final = re.compile(
    r"(?:([A-Za-z][A-Za-z0-9+-]*):?)?//+|([A-Za-z][A-Za-z0-9+-]*):/(?!/)|(https?):", re.IGNORECASE
)
# A URL pasted after the scheme that was already there; nobody writes more of them by accident.
_MOST_SCHEMES: Final = 2
_PATH: Final = re.compile(r"[/?#\\]")
_IPV4: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
# The other characters that IDNA 2003 and UTS 46 read as a dot.
_OTHER_DOTS: Final = re.compile("[\u3002\uff0e\uff61]")

_AROUND: Final = "the spaces around it"
_WEB_SCHEMES: Final = {name: f"`{name}://`" for name in ("http", "https")}
_OTHER_SCHEME: Final = "the scheme"
_PATHS: Final = {"/": "the slash at the end", "\\": "the backslash at the end"}
_SCHEMES: Final = frozenset({*_WEB_SCHEMES.values(), _OTHER_SCHEME})
_PARTS_OF_URL: Final = frozenset(
    {"the slash at the start", "the user name", "the port", *_PATHS.values(), "the path"}
)

FILLERS: Final = frozenset({"-", "--", "n/a", "na", "none", "null", "nil", "undefined"})
"""What people write where there is nothing to write."""


def _for_domain(text: str, leave_out: str) -> Cause:
    if text.strip(SPACES).lower() in FILLERS:
        return Cause("filler", f"{leave_out}: a filler is not a domain")
    if sum(map(is_domain, _BETWEEN_PARTS.split(text))) > 1:
        return Cause("several", "write one domain only")
    extras, host = split_off_extras(text)
    if host.startswith("*."):
        extras.append("`*.`")
        host = host[2:]
    if not extras:
        return _first_that_fits(_DOMAIN_CAUSES, host)
    rest = None if is_domain(host) else _first_that_fits(_DOMAIN_CAUSES, host).hint
    return Cause(
        _reason_of_extras(extras), f"remove {join_names(extras)}" + ("" if rest is None else f"; {rest}")
    )


def _reason_of_extras(extras: list[str]) -> Reason:
    if not _SCHEMES.isdisjoint(extras):
        return "scheme"
    if not _PARTS_OF_URL.isdisjoint(extras):
        return "url"
    return "whitespace" if _AROUND in extras else "malformed"


def split_off_extras(text: str) -> tuple[list[str], str]:
    """Name what surrounds a host name (as in a URL pasted from a browser), and return the host name.

    >>> split_off_extras("https://open-domain.com:443/")
    (['`https://`', 'the port', 'the slash at the end'], 'open-domain.com')
    """
    extras: list[str] = []
    host = text.strip(SPACES)
    if host != text:
        extras.append(_AROUND)
    for _ in range(_MOST_SCHEMES):
        if scheme := _SCHEME.match(host):
            name = (scheme[1] or scheme[2] or scheme[3] or "").lower()
            extras.append(_WEB_SCHEMES.get(name, _OTHER_SCHEME))
            host = host[scheme.end() :]
    if host.startswith("/"):
        extras.append("the slash at the start")
        host = host.lstrip("/")
    beginning_of_path = _PATH.search(host)
    path = host[beginning_of_path.start() :] if beginning_of_path else ""
    host = host.removesuffix(path) if path else host
    if extras and "@" in host:
        extras.append("the user name")
        host = host.rpartition("@")[2]
    before, colon, port = host.rpartition(":")
    if colon and ":" not in before and (not port or ALL_DIGITS.fullmatch(port)):
        extras.append("the port")
        host = before
    if path:
        extras.append(_PATHS.get(path, "the path"))
    if host.endswith(".") and host.strip("."):
        extras.append("the dot at the end")
        host = host.rstrip(".")
    return extras, host


def join_names(names: list[str]) -> str:
    """Return the names as a sentence lists them.

    >>> join_names(["the scheme", "the port", "the path"]), join_names([])
    ('the scheme, the port and the path', '')
    """
    *first, last = names or [""]
    return f"{', '.join(first)} and {last}" if first else last


def _is_ip_address(text: str) -> bool:
    return bool(_IPV4.fullmatch(text)) or text.startswith("[") or text.count(":") > 1


def _is_valid_in(form: Literal["NFC", "NFKC"], text: str) -> bool:
    return is_domain(normalize(form, text).lower())


def _has_hyphen_at_an_end(text: str) -> bool:
    return any(label[:1] == "-" or label[-1:] == "-" for label in text.split("."))


def _has_long_label(text: str) -> bool:
    return any(len(label) > LABEL_MAX_LENGTH for label in text.split("."))


_DOMAIN_CAUSES: Final[Causes] = (
    (_is_ip_address, "malformed", "write a domain, not an IP address"),
    (lambda text: "@" in text, "malformed", "write a domain, not an email address"),
    (_SPACE.search, "whitespace", "a domain can't contain spaces"),
    (lambda text: "_" in text, "malformed", "a domain can't contain an underscore"),
    (lambda text: "<" in text or ">" in text, "malformed", "a domain can't contain angle brackets"),
    (lambda text: any(quote in text for quote in "\"'`"), "malformed", "a domain can't contain quotes"),
    (lambda text: "," in text or ";" in text, "malformed", "a domain can't contain a comma or semicolon"),
    (_OTHER_DOTS.search, "malformed", "write the dots as `.`"),
    (lambda text: is_domain(text.lower()), "malformed", "write it in lower case"),
    (
        lambda text: _is_valid_in("NFC", text),
        "malformed",
        "write it in lower case and in its Unicode normal form (NFC)",
    ),
    (
        lambda text: _is_valid_in("NFKC", text),
        "malformed",
        "write it in plain letters, not in full-width or other special forms",
    ),
    (lambda text: text.startswith(".") or ".." in text, "malformed", "a part of the domain is empty"),
    (lambda text: "." not in text, "incomplete", "write the whole name, such as `track.example.com`"),
    (_has_hyphen_at_an_end, "malformed", "a part can't begin or end with a hyphen"),
    (_has_long_label, "malformed", f"a part of the domain is longer than {LABEL_MAX_LENGTH} characters"),
    (
        lambda text: ALL_DIGITS.fullmatch(text.rpartition(".")[2]),
        "malformed",
        "the last part can't be all digits",
    ),
    (
        lambda text: ACE_PREFIX in text.lower(),
        "malformed",
        "the part after `xn--` is not a valid internationalized name",
    ),
    (lambda text: len(text) > DOMAIN_MAX_LENGTH, "malformed", _TOO_LONG),
    (
        lambda text: not text.isascii(),
        "malformed",
        "the domain contains a character that is not allowed there",
    ),
)


# Servers


def for_server(text: str) -> str | None:
    """Return the hint for a server that is not a plain host name; ``None`` if it is one, or an IP address.

    >>> for_server("https://smtp.server.io"), for_server("192.0.2.1")
    ('remove `https://`', None)
    """
    if len(text) > _LONGEST_SEARCHED:
        return _TOO_LONG
    server = replace_placeholders(text)
    extras, host = split_off_extras(server)
    causes = (
        (server.strip().lower() in FILLERS, "write a host name, not a filler"),
        (INVISIBLE.search(server), REMOVE_INVISIBLE),
        (extras, f"remove {join_names(extras)}"),
        (_SPACE.search(host), "a host name can't contain spaces"),
        ("@" in host, "write a host name, not an email address"),
        ("," in host or ";" in host, "a host name can't contain a comma or semicolon"),
        (".." in host or host.startswith("."), "a part of the host name is empty"),
    )
    return next((hint for fits, hint in causes if fits), None)


# The body around the mailboxes


def for_body(body: object) -> Cause:
    """Return the cause for a body that is not an object."""
    hint = None if as_array(body) is None else 'put the list in an object: `{"mailboxes": [...]}`'
    return Cause("null" if body is None else "type", for_record(body) or hint)


def for_mailboxes(read: Mapping[str, object], original: object) -> Cause:
    """Return the cause for the violated ``mailboxes``; ``read`` is what was read of the body ``original``."""
    mailboxes = read.get("mailboxes")
    if mailboxes is None:
        is_null = "mailboxes" in read
        return Cause("null" if is_null else "missing", _for_absent_mailboxes(text_keys(original)))
    items = as_array(mailboxes)
    if items is not None:
        return Cause("above", "split it into several requests") if items else Cause("below", "add a mailbox")
    inside = as_object(mailboxes, FIELDS)
    if inside is None:
        return Cause("type", for_iterable(mailboxes))
    return Cause("type", "put the mailbox in a list" if inside else "write a list, not an object")


def _for_absent_mailboxes(keys: list[str]) -> str:
    if any(key in FIELDS for key in keys):
        return 'put the mailbox in a body: `{"mailboxes": [...]}`'
    unknown = islice((key for key in keys if key not in BODY_KEYS), _MOST_KEYS_COMPARED)
    if any(nearest(key, ("mailboxes", "mailbox")) for key in unknown):
        return "rename the similar key to `mailboxes`"
    return "add `mailboxes`, a list of mailboxes"


def for_notification_types(types: object) -> Cause:
    """Return the cause for the violated ``completion_notification_types``."""
    items = as_array(types)
    if items is None:
        hint = 'write a list, such as `["MAIL"]`'
        return Cause("type", for_iterable(types) if as_text(types) is None else hint)
    names = [as_text(item) for item in items]
    if all(name is not None and name.upper() in NOTIFICATION_TYPES for name in names):
        return Cause("unknown", "write the names in capitals")
    return Cause("unknown")
