"""What a violated value shows about its cause -> one short sentence how to mend it.

A hint stands beside the API's sentence, never inside it, and only where the cause is recognisable.
It is put together from the fixed texts below and holds nothing of the body, with one exception: a
port or another number in quotes is written as it should stand (``write 587 without quotes``), and
only if no two digits in a row of it stand in a secret of the same mailbox. So a hint can't leak a
secret, and needs no escaping.
"""

import re

from mailbox_schema.contract import BODY_KEYS, FIELDS, NOTIFICATION_TYPES, SECRET_FIELDS, WAIT_TIMES
from mailbox_schema.values import (
    ALL_DIGITS,
    BLANK_TO_PYTHON_ONLY,
    DOMAIN_MAX_LENGTH,
    EMAIL_MAX_LENGTH,
    JAVA_WHITESPACE,
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

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import Final, Literal

    from mailbox_schema.contract import Field, Limits

    Mailbox = Mapping[str, object]
    Hints = tuple[tuple[Callable[[str], object], str], ...]

# No address or domain is longer; what is, is not worth a search for its cause.
_LONGEST_LOOKED_AT: "Final" = 1000
_LARGEST_NUMBER_LOOKED_AT: "Final" = 10**100

# What a shell, a template engine or a person should have replaced: ${VAR}, ${{ var }}, $(cmd), {{ var }}...
_EXPANSION: "Final" = r"\$\{\{.*?\}\}|\$\{(?:[^{}]|\$\{[^}]*\})*\}|\$\([^)]*\)|\{\{.*?\}\}|#\{[^}]*\}|<%.*?%>"
_PLACEHOLDER: "Final" = re.compile(_EXPANSION, re.DOTALL)
# The same and nothing else; alone, $VAR, %VAR%, __VAR__ and <changeme> are placeholders too.
_WHOLE_PLACEHOLDER: "Final" = re.compile(
    rf"(?:{_EXPANSION})+|\$[A-Z_][A-Z0-9_]*|%[A-Z_][A-Z0-9_]*%|__[A-Z0-9_]+__|<[A-Za-z][A-Za-z0-9_ -]*>"
    r"|YOUR_[A-Z_]+|changeme|change-me|CHANGEME|CHANGE_ME",
    re.DOTALL,
)
# SOPS (ENC[AES256_GCM,...]) and Ansible Vault ($ANSIBLE_VAULT;1.1;AES256).
_ENCRYPTED: "Final" = re.compile(r"\s*(?:ENC\[[A-Z0-9_]+,|\$ANSIBLE_VAULT;)")
# Zero-width and soft characters, and the bidi marks of contact cards: pasted along, and not to be seen.
INVISIBLE: "Final" = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_SPACES: "Final" = JAVA_WHITESPACE + BLANK_TO_PYTHON_ONLY
_SPACE: "Final" = re.compile(f"[{_SPACES}]")

_TOO_LONG: "Final" = "it is too long"
_ADD_FIELD: "Final" = "add the field"
_NULL: "Final" = "give a value: `null` counts as absent"
_FILL_IN_PLACEHOLDER: "Final" = "fill in the placeholder"
_DECRYPT: "Final" = "it is encrypted: decrypt the file first"
_INVISIBLE_CHARACTER: "Final" = "remove the invisible characters"


def for_field(mailbox: "Mailbox", field: "Field", original: object) -> "str | None":
    """Return the hint for a violated field of ``mailbox``, as read from ``original``, if its cause shows."""
    value = mailbox.get(field.name)
    if value is None:
        return _NULL if field.name in mailbox else _for_absent_field(original, field)
    if field.type == "integer":
        return _for_integer(mailbox, field)
    text = as_text(value)
    return _for_value_that_is_no_text(value, field) if text is None else _for_text(text, field)


def _for_absent_field(original: object, field: "Field") -> str:
    keys = text_keys(original)
    if "mailboxes" in keys:
        return "this is a request body, not a mailbox"
    if any(nearest(key, FIELDS) == field.name for key in keys if key not in FIELDS):
        return f"rename the key that is like it to `{field.name}`"
    return _ADD_FIELD


def nearest(key: str, names: "Collection[str]", likeness: float = 0.85) -> "str | None":
    """Return the one of ``names`` that ``key`` is most likely meant for, if it is like any.

    ``likeness`` is how much of the two has to be the same, from 0 to 1.

    >>> nearest("smtpPort", FIELDS), nearest("imap_pasword", FIELDS), nearest("colour", FIELDS)
    ('smtp_port', 'imap_password', None)
    """
    if len(key) > 2 * max(map(len, names)):
        return None
    from difflib import get_close_matches  # noqa: PLC0415  # rarely needed, and importing the package stays cheap

    by_letters = {_letters(name): name for name in names}
    found = get_close_matches(_letters(key), by_letters, n=1, cutoff=likeness)
    return by_letters[found[0]] if found else None


def _letters(name: str) -> str:
    return re.sub("[^a-z]", "", name.lower())


def _for_text(text: str, field: "Field") -> "str | None":
    if is_blank(text):
        return None if field.required else "leave the field out or fill it in"
    if len(text) > _LONGEST_LOOKED_AT:
        return _TOO_LONG
    if is_encrypted(text):
        return _DECRYPT
    if holds_placeholder(text):
        return _FILL_IN_PLACEHOLDER
    if INVISIBLE.search(text):
        return _INVISIBLE_CHARACTER
    return _for_domain(text) if field.rule == "domain" else _first_that_fits(_EMAIL_HINTS, text)


def holds_placeholder(text: str) -> bool:
    """Say whether something stands in ``text`` that a template engine or a shell should have replaced.

    >>> holds_placeholder("${SMTP_PORT}"), holds_placeholder("{{ port }}"), holds_placeholder("465")
    (True, True, False)
    """
    return _PLACEHOLDER.search(text) is not None or is_placeholder(text)


def is_placeholder(text: str) -> bool:
    """Say whether ``text`` is nothing but such a thing.

    >>> is_placeholder("${SMTP_PORT}"), is_placeholder("<changeme>"), is_placeholder("x${SMTP_PORT}")
    (True, True, False)
    """
    return _WHOLE_PLACEHOLDER.fullmatch(text.strip(_SPACES)) is not None


def without_placeholders(text: str) -> str:
    """Return ``text`` with a letter in the place of each placeholder.

    >>> without_placeholders("https://${HOST}/")
    'https://x/'
    """
    return _PLACEHOLDER.sub("x", text)


def is_encrypted(text: str) -> bool:
    """Say whether ``text`` is a cipher text of SOPS or of Ansible Vault."""
    return _ENCRYPTED.match(text) is not None


def _first_that_fits(hints: "Hints", text: str) -> "str | None":
    return next((hint for fits, hint in hints if fits(text)), None)


def _for_value_that_is_no_text(value: object, field: "Field") -> str:
    if as_array(value) is not None:
        return "write one value, not a list"
    if field.rule == "not-blank" and (is_a(value, int) or is_a(value, float)):
        return "write the value in quotes"
    return "write it as text in quotes"


# Integers


def _for_integer(mailbox: "Mailbox", field: "Field") -> "str | None":
    value = mailbox[field.name]
    text = as_text(value)
    if text is not None:
        return _for_number_in_quotes(text, mailbox, field)
    if is_a(value, bool):
        return "write a number, not true or false"
    number = as_integer(value)
    if number is None:
        return f"write a whole number {_range(field)}" if is_a(value, float) else "write one number"
    return _for_wait_time(number, mailbox, field) if field.name in WAIT_TIMES else None


def _for_number_in_quotes(text: str, mailbox: "Mailbox", field: "Field") -> str:
    if _is_admitted_numeral(text, field.limits) and not _resembles_a_secret(text, mailbox):
        return f"write {text} without quotes"
    if is_encrypted(text):
        return _DECRYPT
    if len(text) <= _LONGEST_LOOKED_AT and holds_placeholder(text):
        return _FILL_IN_PLACEHOLDER
    return f"write a number {_range(field)}, without quotes"


def _range(field: "Field") -> str:
    limits = field.limits
    return "" if limits is None else f"from {limits.minimum} to {limits.maximum}"


def _is_admitted_numeral(text: str, limits: "Limits | None") -> bool:
    if limits is None or len(text) > len(str(limits.maximum)) or not ALL_DIGITS.fullmatch(text):
        return False
    return text == str(int(text)) and limits.admit(int(text))


def _resembles_a_secret(numeral: str, mailbox: "Mailbox") -> bool:
    """Say whether two digits in a row of ``numeral`` (or its only one) stand in a secret as well."""
    parts = [numeral[place : place + 2] for place in range(len(numeral) - 1)] or [numeral]
    secrets = [mailbox.get(name) for name in SECRET_FIELDS]
    return any(_may_hold(secret, parts) for secret in secrets if secret is not None)


def _may_hold(secret: object, parts: "list[str]") -> bool:
    text = as_text(secret)
    if text is None:
        number = as_integer(secret)
        if number is None or abs(number) > _LARGEST_NUMBER_LOOKED_AT:
            return True
        text = str(number)
    return any(part in text for part in parts)


def _for_wait_time(number: int, mailbox: "Mailbox", field: "Field") -> "str | None":
    partner_name = WAIT_TIMES[1 - WAIT_TIMES.index(field.name)]
    if mailbox.get(partner_name) is None:
        return f"add `{partner_name}`"
    if field.limits is not None and not field.limits.admit(number):
        return f"use a number {_range(field)}"
    return "`from` is not below `to`"


# Email addresses


def _begins_with_mailto(text: str) -> bool:
    return text.strip(_SPACES)[:7].lower() == "mailto:"


def _has_angle_brackets(text: str) -> bool:
    return "<" in text and text.rstrip(_SPACES).endswith(">")


def _holds_several(text: str) -> bool:
    return sum("@" in part for part in re.split(f"[,;{_SPACES}]", text)) > 1


def _is_surrounded_by_spaces(text: str) -> bool:
    return text != text.strip(_SPACES) and is_email(text.strip(_SPACES))


def _holds_an_address(text: str) -> bool:
    return any(is_email(part.strip("()<>,;\"'")) for part in _SPACE.split(text))


def _domain_is_one_label(text: str) -> bool:
    return "." not in text.rpartition("@")[2]


def _is_valid_with_another_domain(text: str) -> bool:
    return is_email(text.rpartition("@")[0] + "@example.com")


def _is_special_use(text: str) -> bool:
    last = text.rpartition(".")[2].lower()
    return last in SPECIAL_USE_DOMAINS and _is_valid_with_another_domain(text)


_EMAIL_HINTS: "Final[Hints]" = (
    (_begins_with_mailto, "remove `mailto:`"),
    (_has_angle_brackets, "write the address alone, without a name and angle brackets"),
    (re.compile("https?:", re.IGNORECASE).match, "write an email address, not a URL"),
    (_holds_several, "one address only"),
    (_is_surrounded_by_spaces, "remove the spaces around the address"),
    (lambda text: "\uff20" in text, "write the `@` as the plain character, not the full-width one"),
    (lambda text: "@" not in text, "the `@` is missing"),
    (lambda text: text.count("@") > 1, "there is more than one `@`"),
    (_holds_an_address, "write the address alone, with nothing beside it"),
    (_SPACE.search, "an address has no spaces"),
    (lambda text: "," in text, "an address has no comma"),
    (lambda text: ";" in text, "an address has no semicolon"),
    (lambda text: text.startswith("@"), "the part before the `@` is missing"),
    (lambda text: text.endswith("@"), "the domain after the `@` is missing"),
    (lambda text: text.endswith("."), "remove the dot at the end"),
    (lambda text: ".." in text, "there are two dots in a row"),
    (_domain_is_one_label, "the domain after the `@` lacks its ending, such as `.com`"),
    (_is_special_use, "the domain is reserved and receives no email"),
    (lambda text: text.startswith(".") or ".@" in text, "the part before the `@` begins or ends with a dot"),
    (lambda text: len(text) > EMAIL_MAX_LENGTH, _TOO_LONG),
    (_is_valid_with_another_domain, "the domain after the `@` is not valid"),
)


# Domains, and host names

_SCHEME: "Final" = re.compile(
    r"(?:([A-Za-z][A-Za-z0-9+-]*):?)?//+|([A-Za-z][A-Za-z0-9+-]*):/(?!/)|(https?):", re.IGNORECASE
)
_PORT: "Final" = re.compile(r":[0-9]*\Z")
_PATH: "Final" = re.compile(r"[/?#\\].*", re.DOTALL)
_IPV4: "Final" = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
# The other characters that IDNA 2003 and UTS 46 read as a dot.
_OTHER_DOTS: "Final" = re.compile("[\u3002\uff0e\uff61]")


FILLERS: "Final" = frozenset({"-", "--", "n/a", "na", "none", "null", "nil", "undefined"})
"""What is written where there is nothing to write."""


def _for_domain(text: str) -> "str | None":
    if text.strip(_SPACES).lower() in FILLERS:
        return "leave the field out: a filler is no domain"
    if sum(map(is_domain, re.split(f"[,;{_SPACES}]+", text))) > 1:
        return "one domain only"
    extras, host = split_off_extras(text)
    if host.startswith("*."):
        extras.append("`*.`")
        host = host[2:]
    rest = None if is_domain(host) else _first_that_fits(_DOMAIN_HINTS, host)
    if not extras:
        return rest
    return f"remove {listed(extras)}" + ("" if rest is None else f"; {rest}")


def split_off_extras(text: str) -> "tuple[list[str], str]":
    """Name what surrounds a host name (as in a URL pasted from a browser), and return the host name.

    >>> split_off_extras("https://open-domain.com:443/")
    (['`https://`', 'the port', 'the slash at the end'], 'open-domain.com')
    """
    extras = []
    host = text.strip(_SPACES)
    if host != text:
        extras.append("the spaces around it")
    while scheme := _SCHEME.match(host):
        name = (scheme[1] or scheme[2] or scheme[3] or "").lower()
        extras.append(f"`{name}://`" if name in {"http", "https"} else "the scheme")
        host = host[scheme.end() :]
    if host.startswith("/"):
        extras.append("the slash at the start")
        host = host.lstrip("/")
    path = _PATH.search(host)
    if path:
        host = host[: path.start()]
    if extras and "@" in host:
        extras.append("the user name")
        host = host.rpartition("@")[2]
    port = _PORT.search(host)
    if port and host.count(":") == 1:
        extras.append("the port")
        host = host[: port.start()]
    if path:
        extras.append(
            {"/": "the slash at the end", "\\": "the backslash at the end"}.get(path[0], "the path")
        )
    if host.endswith(".") and host.strip("."):
        extras.append("the dot at the end")
        host = host.rstrip(".")
    return extras, host


def listed(names: "list[str]") -> str:
    """Return the names as a sentence lists them; of none, nothing."""
    *first, last = names or [""]
    return f"{', '.join(first)} and {last}" if first else last


def _is_ip_address(text: str) -> bool:
    return bool(_IPV4.fullmatch(text)) or text.startswith("[") or text.count(":") > 1


def _is_valid_in(form: "Literal['NFC', 'NFKC']", text: str) -> bool:
    from unicodedata import normalize  # noqa: PLC0415  # rarely needed, and importing the package stays cheap

    return is_domain(normalize(form, text).lower())


def _has_a_hyphen_at_an_end(text: str) -> bool:
    return any(label[:1] == "-" or label[-1:] == "-" for label in text.split("."))


def _has_a_long_label(text: str) -> bool:
    return any(len(label) > 63 for label in text.split("."))  # noqa: PLR2004  # RFC 1035 2.3.4


_DOMAIN_HINTS: "Final[Hints]" = (
    (_is_ip_address, "write a domain, not an IP address"),
    (lambda text: "@" in text, "write a domain, not an email address"),
    (_SPACE.search, "a domain has no spaces"),
    (lambda text: "_" in text, "a domain has no underscore"),
    (lambda text: "<" in text or ">" in text, "a domain has no angle brackets"),
    (lambda text: any(quote in text for quote in "\"'`"), "a domain has no quotes"),
    (lambda text: "," in text or ";" in text, "a domain has no comma or semicolon"),
    (_OTHER_DOTS.search, "write the dots as `.`"),
    (lambda text: is_domain(text.lower()), "write it in lower case"),
    (lambda text: _is_valid_in("NFC", text), "write it in lower case and in its Unicode normal form (NFC)"),
    (
        lambda text: _is_valid_in("NFKC", text),
        "write it in plain letters, not in full-width or other special forms",
    ),
    (lambda text: text.startswith(".") or ".." in text, "a part between two dots is missing"),
    (lambda text: "." not in text, "write the whole name, such as `track.example.com`"),
    (_has_a_hyphen_at_an_end, "no part begins or ends with a hyphen"),
    (_has_a_long_label, "a part between two dots is longer than 63 characters"),
    (lambda text: ALL_DIGITS.fullmatch(text.rpartition(".")[2]), "the last part is not all digits"),
    (lambda text: "xn--" in text.lower(), "what stands behind `xn--` is no internationalised name"),
    (lambda text: len(text) > DOMAIN_MAX_LENGTH, _TOO_LONG),
    (lambda text: not text.isascii(), "it has a character that no domain has, or in a wrong place"),
)


# The body around the mailboxes


def for_body(body: object) -> "str | None":
    """Return the hint for a body that is no object."""
    return None if as_array(body) is None else 'put the list in an object: `{"mailboxes": [...]}`'


def for_mailboxes(body: "Mapping[str, object]", original: object) -> "str | None":
    """Return the hint for a body, as read from ``original``, whose ``mailboxes`` are violated."""
    mailboxes = body.get("mailboxes")
    if mailboxes is None:
        return _for_absent_mailboxes(text_keys(original))
    items = as_array(mailboxes)
    if items is not None:
        return "split it into several requests" if items else "add a mailbox"
    inside = as_object(mailboxes, FIELDS)
    if inside is None:
        return None
    return "put the mailbox in a list" if inside else "write a list, not an object"


def _for_absent_mailboxes(keys: "list[str]") -> str:
    if any(key in FIELDS for key in keys):
        return 'put the mailbox in a body: `{"mailboxes": [...]}`'
    if any(nearest(key, ("mailboxes", "mailbox")) for key in keys if key not in BODY_KEYS):
        return "rename the key that is like it to `mailboxes`"
    return "add `mailboxes`, a list of mailboxes"


def for_mailbox(mailbox: object) -> "str | None":
    """Return the hint for an item of ``mailboxes`` that is no object."""
    if mailbox is None:
        return "remove the empty item"
    return None if as_array(mailbox) is None else "write the mailbox alone, without brackets"


def for_notification_types(types: object) -> "str | None":
    """Return the hint for ``completion_notification_types``."""
    if as_text(types) is not None:
        return 'write a list, such as `["MAIL"]`'
    names = [as_text(item) for item in as_array(types) or ()]
    if names and all(name is not None and name.upper() in NOTIFICATION_TYPES for name in names):
        return "write the names in capitals"
    return None
