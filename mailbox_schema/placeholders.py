"""Values to be replaced before use: placeholders of templates and shells, and encrypted values.

``${VAR}``, ``${{ var }}``, ``$(cmd)``, ``{{ var }}``, ``#{var}`` and ``<% var %>`` are recognized anywhere in
a text; ``$VAR``, ``%VAR%``, ``__VAR__``, ``<changeme>`` and the like only alone, and so are a masked secret
(``********``) and a reference to 1Password (``op://vault/item/field``).

The bracketed ones are found by a scanner rather than a pattern: they may contain each other's brackets, and a
pattern would try every way to divide the text among them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from mailbox_schema.values import BLANK_TO_PYTHON_ONLY, JAVA_WHITESPACE

if TYPE_CHECKING:
    from collections.abc import Iterator

SPACES: Final = JAVA_WHITESPACE + BLANK_TO_PYTHON_ONLY
"""Everything that a person calls white space."""

FILL_IN_PLACEHOLDER: Final = "fill in the placeholder"
"""The hint for a value with a placeholder."""

# The longer opening first, where one begins with another.
_CLOSING: Final = {"${{": "}}", "${": "}", "$(": ")", "{{": "}}", "#{": "}", "<%": "%>"}
_OPENING: Final = re.compile("|".join(map(re.escape, _CLOSING)))
_ALONE: Final = re.compile(
    r"\$[A-Z_][A-Z0-9_]*|%[A-Z_][A-Z0-9_]*%|__[A-Z0-9_]+__|<[A-Za-z][A-Za-z0-9_ -]*>"
    r"|YOUR_[A-Z_]+|changeme|change-me|CHANGEME|CHANGE_ME"
    r"|\*{4,}|\u2022{4,}|op://[^\s/]+/[^\s/]+/[^\s]+"
)
# SOPS (ENC[AES256_GCM,...]) and Ansible Vault ($ANSIBLE_VAULT;1.1;AES256).
_ENCRYPTED: Final = re.compile(r"ENC\[[A-Z0-9_]+,|\$ANSIBLE_VAULT;")


def has_placeholder(text: str) -> bool:
    """Return whether a template engine or a shell should have replaced something in ``text``.

    >>> has_placeholder("${SMTP_PORT}"), has_placeholder("port {{ port }}"), has_placeholder("465")
    (True, True, False)
    """
    return next(_spans(text), None) is not None or _ALONE.fullmatch(text.strip(SPACES)) is not None


def is_placeholder(text: str) -> bool:
    """Return whether ``text`` consists of placeholders, with nothing between or around them but white space.

    >>> is_placeholder(" ${SMTP_PORT} "), is_placeholder("<changeme>"), is_placeholder("x${SMTP_PORT}")
    (True, True, False)
    """
    stripped = text.strip(SPACES)
    if _ALONE.fullmatch(stripped):
        return True
    reached = 0
    for start, end in _spans(stripped):
        if start != reached:
            return False
        reached = end
    return 0 < reached == len(stripped)


def replace_placeholders(text: str) -> str:
    """Return ``text`` with a letter in place of each bracketed placeholder.

    >>> replace_placeholders("https://${HOST}/")
    'https://x/'
    """
    parts, reached = [], 0
    for start, end in _spans(text):
        parts += [text[reached:start], "x"]
        reached = end
    return "".join([*parts, text[reached:]])


def is_encrypted(text: str) -> bool:
    """Return whether ``text`` is a cipher text of SOPS or of Ansible Vault.

    >>> is_encrypted("ENC[AES256_GCM,data:bm90LXJlYWw=]"), is_encrypted("ENC")
    (True, False)
    """
    return _ENCRYPTED.match(text.lstrip()) is not None


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each bracketed placeholder, from left to right.

    Linear: the text of a placeholder is passed over once, and a closing bracket that doesn't follow any more
    is searched for once.
    """
    missing: set[str] = set()
    place = 0
    while opening := _OPENING.search(text, place):
        start, place = opening.span()
        closing = _CLOSING[opening[0]]
        end = -1 if closing in missing else _end(text, place, opening[0], closing)
        if end < 0:
            missing.add(closing)
        else:
            yield start, end
            place = end


def _end(text: str, place: int, opening: str, closing: str) -> int:
    """Return the offset after the bracket that closes ``opening``, or -1; ``${A:-${B}}`` nests."""
    end, depth = -1, 1
    while depth and (found := text.find(closing, place)) >= 0:
        end = found + len(closing)
        if opening == "${":
            depth += text.count(opening, place, found)
        depth -= 1
        place = end
    return end
