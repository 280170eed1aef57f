"""What may be repeated of a text that isn't ours: words of a closed vocabulary, and nothing else.

An unknown key may be a password that a slip of the keyboard put in the wrong place, and a line of the API may
quote one. No comparison with the passwords we know of makes it safe to repeat such a text: they may be cut,
escaped, or in a part of the file that can't be read. So what is repeated here is put together from the words
below, as they are written below. Anything else is not shown.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from mailbox_schema.contract import BODY_CONSTRAINTS, BODY_KEYS, FIELDS, MAX_MAILBOXES, NOTIFICATION_TYPES

if TYPE_CHECKING:
    from collections.abc import Collection

NOT_SHOWN: Final = "(not shown)"

# Words of configuration keys, beyond those of the contract's own keys.
_KEY_WORDS: Final = frozenset(
    """
    account accounts active address addresses alias api app application archive auth authentication backup
    batch bounce category cc client comment company config configuration connection contact country
    created credentials custom data date default delay department description dev development disabled
    display dkim dns email emails enabled encryption env environment expires extra file first folder
    format full groups header host hostname html http https id inbox index info interval key kind label
    labels language last level limits link list locale login mail mailbox mailboxes max maximum meta
    metadata method min minimum mode name names note notes notification notifications number oauth options
    order owner owners password passwords path per phone pop3 port ports priority prod production profile
    protocol provider proxy rate region reply role schedule secret secrets secure security sender server
    servers service settings signature size source spec spf ssl staging start starttls status subject tag
    tags team template test time timeout timezone title tls to token tokens tracking type types
    unsubscribe updated url user username users value values version wait warmup warning website
    woodpecker
    """.split()  # noqa: SIM905  # easier to read than a list of quoted words
)
# Words of the API's lines, beyond those of the contract's own lines.
_LINE_WORDS: Final = frozenset(
    """
    a aborted about above accepted access account accounts active add added after again all allow allowed
    already also an and another any api app are as at attempt attempts auth authenticate authenticated
    authentication authorization authorized available bad banned be because been before being belongs
    below between big billing blacklisted blocked body but by bytes campaign campaigns can can't canceled
    cannot certificate change changed character characters check closed code command connect connected
    connecting connection connections contact contain contains could couldn't count create created
    credentials data day days deleted denied deny deprecated details did different digits disabled dns
    documentation does doesn't domain domains don't done dropped due duplicate duplicated each either
    email emails empty enable enabled encryption entry error errors every exceed exceeded exceeds exist
    exists expired factor fail failed failure few field fields finished firewall first folder for
    forbidden format found from gmail google greater had handshake has have help higher host hostname hour
    hours how if ignored imap in inactive inbox incoming incorrect index information input insecure
    integer internal interrupted into invalid is isn't it item items its key large last later least less
    letters limit limited limits linked list locked log logged login logins long lookup lost lower mail
    mailbox mailboxes malformed mandatory manual manually many match matches maximum may message microsoft
    minimum minutes missing month more most must name need needs network no not now null number oauth
    object of off office ok on once one only optional or other out outgoing outlook over password
    passwords pending per permission permitted plain plan please policy port ports present processing
    protocol provide provided provider proxy queue queued quota range rate reach reachable reached reason
    receive received record records refused rejected remote reply request requests require required
    requires reset resolution resolve resolved response retry revoked route same seconds secure security
    see self send sender sending sent server servers set short should sign signed size skipped small smtp
    some soon sorry space spaces spam special specific ssl starttls step still string subscription support
    supported suspended sync synchronization syntax take taken team temporarily terminated text than that
    the their them then there these this throttled time timed timeout times tls to today token tokens
    tomorrow too tracking trash trial try two type unable unauthorized under unexpected unfortunately
    unique unknown unreachable unsupported until up update updated upgrade use used user username users
    valid value values verification verified verify version wait was week were what when where which while
    white who will with within without won't wrong yahoo yet you your zoho
    """.split()  # noqa: SIM905  # easier to read than a list of quoted words
)
# Written with capitals, wherever they are repeated.
_ACRONYMS: Final = ("SMTP", "IMAP", "SSL", "TLS", "STARTTLS", "API", *NOTIFICATION_TYPES)

_KEYS: Final = (*FIELDS, *BODY_KEYS)
_MAY_BE_IN_KEY: Final = _KEY_WORDS.union(*(key.split("_") for key in _KEYS))
_MESSAGES: Final = [*(field.message for field in FIELDS.values()), *(row.message for row in BODY_CONSTRAINTS)]
_LINE_CHUNKS: Final = {
    **{word: word for word in _LINE_WORDS},
    **{chunk.lower(): chunk for message in _MESSAGES for chunk in message.split()},
    **{key: key for key in _KEYS},
    **{acronym.lower(): acronym for acronym in _ACRONYMS},
}
_ENDS_OF_CLAUSES: Final = ".,:;!?"

_LONGEST_KEY: Final = 64
_KEY: Final = re.compile(r"[A-Za-z]+(?:[_. -][A-Za-z]+)*")
_WORDS_OF_KEY: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# Unknown keys are usually the same in every mailbox. Some short ones are remembered, because the comparisons
# are slow; a long one may take any amount of memory.
_REMEMBERED: Final = 256
# A letter more or less, another letter, or two letters swapped.
_MOST_SLIPS: Final = 2

_NOT_A_LETTER: Final = re.compile("[^a-z]")


# Keys


def may_show_key(key: str) -> bool:
    """Return whether an unknown key may be named: it is made of known words, or is a misspelled field.

    >>> may_show_key("smtpSecurity"), may_show_key("daily_sending_limt"), may_show_key("Qz7Wq7")
    (True, True, False)
    """
    return len(key) <= _LONGEST_KEY and _may_show_short_key(key)


@lru_cache(_REMEMBERED)
def _may_show_short_key(key: str) -> bool:
    if not _KEY.fullmatch(key):
        return False
    words = [word.lower() for word in _WORDS_OF_KEY.findall(key)]
    if _letters(key) == "".join(words) and _MAY_BE_IN_KEY.issuperset(words):
        return True
    return any(_is_within(_letters(key), letters, _MOST_SLIPS) for letters in _LETTERS_OF_KEYS)


def _letters(name: str) -> str:
    return _NOT_A_LETTER.sub("", name.lower())


_LETTERS_OF_KEYS: Final = frozenset(map(_letters, _KEYS))


def _is_within(one: str, other: str, slips: int) -> bool:
    """Return whether at most so many slips of the keyboard make ``one`` of ``other``."""
    same = 0
    while one[same : same + 1] == other[same : same + 1] != "":
        same += 1
    one, other = one[same:], other[same:]
    if not one or not other:
        return len(one) + len(other) <= slips
    if not slips:
        return False
    pairs = [(one[1:], other), (one, other[1:]), (one[1:], other[1:])]
    if one[:2] == other[1::-1]:
        pairs.append((one[2:], other[2:]))
    return any(_is_within(*pair, slips - 1) for pair in pairs)


def nearest_field(key: str) -> str | None:
    """Return the field that an unknown key is most likely meant for, if it is similar to any.

    >>> nearest_field("smtpPort"), nearest_field("color")
    ('smtp_port', None)
    """
    return nearest(key, FIELDS)


def nearest(key: str, names: Collection[str], likeness: float = 0.85) -> str | None:
    """Return the one of ``names`` that ``key`` is most likely meant for, if it is similar to any.

    ``likeness`` is how much of the two has to be the same, from 0 to 1.

    >>> nearest("smtpPort", FIELDS), nearest("imap_pasword", FIELDS), nearest("color", FIELDS)
    ('smtp_port', 'imap_password', None)
    """
    if len(key) > 2 * max(map(len, names)):
        return None
    return _closest(key, tuple(names), likeness)


@lru_cache(_REMEMBERED)
def _closest(key: str, names: tuple[str, ...], likeness: float) -> str | None:
    from difflib import get_close_matches  # noqa: PLC0415  # loaded for the first unknown name

    by_letters = {_letters(name): name for name in names}
    found = get_close_matches(_letters(key), by_letters, n=1, cutoff=likeness)
    return by_letters[found[0]] if found else None


# The API's lines


def show_message(message: str) -> str:
    """Return what may be repeated of the API's words: known words, as the vocabulary writes them.

    >>> show_message("Server refused the connection for jared, code 535.")
    'server refused the connection for (not shown) code (not shown)'
    """
    shown: list[str] = []
    for chunk in message.split():
        words = _known_chunk(chunk)
        if words is not None:
            shown.append(words)
        elif shown[-1:] != [NOT_SHOWN]:
            shown.append(NOT_SHOWN)
    return " ".join(shown)


def _known_chunk(chunk: str) -> str | None:
    """Return ``chunk`` as the vocabulary writes it: a word or several with hyphens, and a clause's end."""
    end = chunk[-1] if chunk[-1] in _ENDS_OF_CLAUSES else ""
    words = [_LINE_CHUNKS.get(word.lower()) for word in chunk.removesuffix(end).split("-")]
    return None if None in words else "-".join(word for word in words if word) + end


def show_key(key: str) -> str:
    """Return the key if it may be named, or that it is not shown.

    >>> show_key("imap_port"), show_key("Qz7Wq7")
    ('imap_port', '(not shown)')
    """
    return key if key in _KEYS or may_show_key(key) else NOT_SHOWN


def show_index(index: int, mailboxes: int = MAX_MAILBOXES) -> int | str:
    """Return the index if there can be such a mailbox: a larger number may be anything.

    >>> show_index(7), show_index(12345678)
    (7, '(not shown)')
    """
    return index if 0 <= index < max(mailboxes, MAX_MAILBOXES) else NOT_SHOWN


def show_line(index: int | None, field: str | None, message: str, mailboxes: int = MAX_MAILBOXES) -> str:
    """Return what may be repeated of a line of the API.

    >>> show_line(0, "imap_server", "refused Qz7Wq7")
    'mailbox[0].imap_server refused (not shown)'
    """
    path = [] if index is None else [f"mailbox[{show_index(index, mailboxes)}]"]
    path += [] if field is None else [show_key(field)]
    return f"{'.'.join(path)} {show_message(message)}".strip()
