"""Advice: remarks on values that the contract allows and a mailbox owner would still want to know about.

An advice rule has a name, and its function's docstring is its page: a first sentence, the reason, and
examples that are reported and that are not. The tests run them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from mailbox_schema.contract import BODY_KEYS, FIELDS, PASSWORDS, SERVERS
from mailbox_schema.lint.sources.base import Tagged
from mailbox_schema.placeholders import (
    FILL_IN_PLACEHOLDER,
    has_placeholder,
    is_encrypted,
    is_placeholder,
)
from mailbox_schema.values import EMAIL_MAX_LENGTH, as_integer, is_blank
from mailbox_schema.vocabulary import may_show_key, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from mailbox_schema.lint.sources.base import Document, Path

    Mailbox = dict[str, object]

# help center, "Adding mailboxes": "under 200 KB".
CSV_UPLOAD_LIMIT: Final = 200 * 1024
CSV_UPLOAD_MANDATORY: Final = ("smtp_login", "smtp_from_name")

# RFC 8314 and IANA's registry: 143 and 993 are IMAP's; 25, 465, 587 are SMTP's, and 2525 is used like them.
IMAP_PORTS: Final = frozenset({143, 993})
SMTP_PORTS: Final = frozenset({25, 465, 587, 2525})

# The domains of servers that accept app passwords only: Google's and Microsoft's help pages on app passwords.
_APP_PASSWORD_DOMAINS: Final = (
    "gmail.com",
    "googlemail.com",
    "google.com",
    "office365.com",
    "office.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
)
# Sixteen letters, shown in four groups: the same pages.
_APP_PASSWORD: Final = re.compile(r"(?:[a-z]{4} ?){3}[a-z]{4}", re.IGNORECASE)

# Keys of a body that editors, encryption and anchors use.
_SKIPPED_KEYS: Final = ("$schema", "sops", "x-", ".", "_")
# The search for a similar name is slow, and nobody reads so many suggestions about one mailbox.
MOST_SUGGESTIONS: Final = 20
# A host name is at most 253 characters long; the extras of a longer text are not worth a search.
_LONGEST_SERVER: Final = 1000
# Two names of several labels: they have no extras and no placeholder.
_HOST_NAMES: Final = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+ [A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


class Context(NamedTuple):
    """What surrounds the mailboxes of a request that advice is about.

    - ``body``: the request body; ``None`` where the source has mailboxes without one
    - ``document``, ``kind``: where they are from
    - ``path``: returns the way to a key of a mailbox (by its index) or of the body (``None``) in ``document``
    - ``violated``: the fields of the mailbox that the contract refuses already
    """

    body: object
    document: Document
    kind: str
    path: Callable[[int | None, str | None], Path]
    allow_placeholders: bool = False
    violated: frozenset[str] = frozenset()


class Advice(NamedTuple):
    """A remark on a mailbox or the body, or on ``key`` in it.

    ``field`` is the key if it may be shown: ``None`` for a key that could be a secret.
    """

    rule: str
    key: str | None
    message: str
    hint: str | None = None
    field: str | None = None
    at_key: bool = False


def unknown_field(mailbox: Mailbox, _index: int, _context: Context) -> Iterator[Advice]:
    """A key is not an API field.

    We assume that the API ignores it (I): a misspelled `daily_sending_limit` sets no limit, and nobody
    notices. The key is named only if it is made of ordinary words or is a misspelled field, because it could
    be a password in the wrong place. In a body, `$schema`, `sops` and keys that begin with `x-`, `.` or `_`
    are skipped, and in YAML those with mappings or lists: editors, encryption and anchors use them.

    Reported:

    ```json
    {"smtp_port": 465, "daily_sending_limt": 50}
    ```

    Not reported:

    ```json
    {"smtp_port": 465, "daily_sending_limit": 50}
    ```
    """
    return _unknown(FIELDS, [key for key in mailbox if key not in FIELDS], "has an unknown key")


def _unknown_in_body(context: Context) -> Iterator[Advice]:
    body = context.body
    if not isinstance(body, dict) or "mailboxes" not in body:
        return iter(())
    has_anchors = context.kind == "yaml"
    keys = [
        key
        for key, value in body.items()
        if key not in BODY_KEYS
        and not key.startswith(_SKIPPED_KEYS)
        and not (has_anchors and isinstance(value, dict | list))
    ]
    return _unknown(BODY_KEYS, keys, "the body has an unknown key")


def _unknown(names: Collection[str], keys: list[str], unnamed: str) -> Iterator[Advice]:
    for number, key in enumerate(keys):
        meant = nearest(key, names) if number < MOST_SUGGESTIONS else None
        hint = None if meant is None else f"did you mean `{meant}`?"
        if may_show_key(key):
            yield Advice("unknown-field", key, "is not an API field", hint, key, at_key=True)
        else:
            yield Advice("unknown-field", key, unnamed, hint, at_key=True)


_FIELDS: Final = frozenset(FIELDS)


def _has_unknown_key(mailbox: Mailbox) -> bool:
    return not _FIELDS.issuperset(mailbox)


def duplicate_mailbox(mailbox: Mailbox, index: int, context: Context) -> Iterator[Advice]:
    """The same `smtp_email` appears twice in one request.

    A row was copied and not changed: the second connection fails, or replaces the first.
    Upper and lower case count as the same. JSON Lines are skipped: their lines are not one request.

    Reported:

    ```json
    [{"smtp_email": "jared@getpiedpiper.com"}, {"smtp_email": "Jared@getpiedpiper.com"}]
    ```

    Not reported:

    ```json
    [{"smtp_email": "jared@getpiedpiper.com"}, {"smtp_email": "dinesh@getpiedpiper.com"}]
    ```
    """
    email = mailbox.get("smtp_email")
    if not isinstance(email, str) or len(email) > EMAIL_MAX_LENGTH:
        return
    address = email.lower().strip()
    first_rows = context.document.first_rows
    if address not in first_rows:
        # Not every address of a file of any size can be kept.
        if len(first_rows) < MOST_ADDRESSES_COMPARED:
            first_rows[address] = index
    elif address and not has_placeholder(email):
        message = f"is the same as mailbox[{first_rows[address]}].smtp_email"
        yield Advice("duplicate-mailbox", "smtp_email", message, None, "smtp_email")


MOST_ADDRESSES_COMPARED: Final = 10_000
"""The most addresses that later ones of the same request are compared with."""


def server_name(mailbox: Mailbox, _index: int, _context: Context) -> Iterator[Advice]:
    """A server is not a plain host name.

    It has a scheme, a port, a path, spaces, or a dot at the end. The API accepts any text that is not blank,
    and fails to connect later. An IP address, `localhost` and names without a dot are fine.

    Reported:

    ```json
    {"smtp_server": "https://smtp.server.io:465/"}
    ```

    Not reported:

    ```json
    {"smtp_server": "smtp.server.io", "imap_server": "192.0.2.1"}
    ```
    """
    from mailbox_schema import hints  # noqa: PLC0415  # docs/architecture.md, "The few tricks"

    for name in SERVERS:
        server = mailbox.get(name)
        if isinstance(server, str) and not is_blank(server) and not is_kept_elsewhere(server):
            hint = hints.for_server(server)
            if hint is not None:
                yield Advice("server-name", name, "is not a plain host name", hint, name)


def _has_remarkable_server(mailbox: Mailbox) -> bool:
    """For two rules: a server is not a plain host name, or may accept app passwords only."""
    smtp_server, imap_server = mailbox.get("smtp_server"), mailbox.get("imap_server")
    if not (isinstance(smtp_server, str) and isinstance(imap_server, str)):
        return True
    servers = f"{smtp_server} {imap_server}"
    return (
        len(servers) > _LONGEST_SERVER
        or not _HOST_NAMES.fullmatch(servers)
        or smtp_server.lower().endswith(_APP_PASSWORD_DOMAINS)
        or imap_server.lower().endswith(_APP_PASSWORD_DOMAINS)
    )


def port_role(mailbox: Mailbox, _index: int, _context: Context) -> Iterator[Advice]:
    """`smtp_port` is an IMAP port, or `imap_port` an SMTP port.

    The two were mixed up: 143 and 993 are IMAP's; 25, 465, 587 and 2525 are SMTP's.

    Reported:

    ```json
    {"smtp_port": 993, "imap_port": 465}
    ```

    Not reported:

    ```json
    {"smtp_port": 465, "imap_port": 993}
    ```
    """
    if as_integer(mailbox.get("smtp_port")) in IMAP_PORTS:
        yield Advice("port-role", "smtp_port", "is an IMAP port", "the usual port is 465 or 587", "smtp_port")
    if as_integer(mailbox.get("imap_port")) in SMTP_PORTS:
        yield Advice("port-role", "imap_port", "is an SMTP port", "the usual port is 993", "imap_port")


def _has_odd_port(mailbox: Mailbox) -> bool:
    smtp_port, imap_port = mailbox.get("smtp_port"), mailbox.get("imap_port")
    is_plain = type(smtp_port) is type(imap_port) is int
    return not is_plain or smtp_port in IMAP_PORTS or imap_port in SMTP_PORTS


def app_password(mailbox: Mailbox, _index: int, _context: Context) -> Iterator[Advice]:
    """A password for Gmail or Outlook can't be an app password.

    The vendor connects them with dedicated app passwords only: sixteen letters, with or without spaces
    between groups of four. The password itself is never shown.

    Reported:

    ```json
    {"smtp_server": "smtp.gmail.com", "smtp_password": "not-a-real-password"}
    ```

    Not reported:

    ```json
    {"smtp_server": "smtp.gmail.com", "smtp_password": "abcd efgh ijkl mnop"}
    ```
    """
    for server_field, password_field in zip(SERVERS, PASSWORDS, strict=True):
        server, password = mailbox.get(server_field), mailbox.get(password_field)
        if not isinstance(server, str) or not isinstance(password, str) or not _takes_app_passwords(server):
            continue
        if is_blank(password) or is_kept_elsewhere(password) or _APP_PASSWORD.fullmatch(password.strip()):
            continue
        has_odd_spaces = _APP_PASSWORD.fullmatch(password.replace("\u00a0", " ").strip())
        hint = (
            "write plain spaces in it, or none"
            if has_odd_spaces
            else "create an app password in the account's security settings"
        )
        message = "can't be an app password, which this server requires"
        yield Advice("app-password", password_field, message, hint, password_field)


def _takes_app_passwords(server: str) -> bool:
    if len(server) > _LONGEST_SERVER:
        return False
    from mailbox_schema import hints  # noqa: PLC0415  # as above

    host = hints.split_off_extras(server)[1].lower()
    return any(host == domain or host.endswith(f".{domain}") for domain in _APP_PASSWORD_DOMAINS)


def placeholder(mailbox: Mailbox, _index: int, context: Context) -> Iterator[Advice]:
    """A value has a placeholder that nobody replaced.

    `${VAR}`, `{{ var }}`, `<changeme>`: it was meant to be filled in before the file is used. With
    `--allow-placeholders`, for templates, a value that is only a placeholder is not reported. In a footer,
    `{{ ... }}` is the vendor's own snippet and `<...>` is HTML.

    Reported:

    ```json
    {"smtp_password": "${SMTP_PASSWORD}", "imap_server": "<changeme>"}
    ```

    Not reported:

    ```json
    {"smtp_password": "not-a-real-password", "footer": "<div>{{FIRST_NAME}}</div>"}
    ```
    """
    for name in (*_TEXTS_BUT_FOOTER, "footer"):
        value = mailbox.get(name)
        if not isinstance(value, str) or isinstance(value, Tagged) or name in context.violated:
            continue
        if context.allow_placeholders and is_placeholder(value):
            continue
        if ("${" in value or "$(" in value) if name == "footer" else has_placeholder(value):
            yield Advice("placeholder", name, "has a placeholder", FILL_IN_PLACEHOLDER, name)


_TEXTS_BUT_FOOTER: Final = tuple(
    field.name for field in FIELDS.values() if field.type == "string" and field.name != "footer"
)


def _may_have_placeholder(mailbox: Mailbox) -> bool:
    footer = mailbox.get("footer")
    try:
        text = "\n".join(filter(None, map(mailbox.get, _TEXTS_BUT_FOOTER)))  # type: ignore[arg-type]  # see except
    except TypeError:  # not all are text
        return True
    # Every placeholder has one of these; in a row, they are found sooner than by a loop or a pattern.
    return (
        "$" in text
        or "{" in text
        or "#" in text
        or "<" in text
        or "%" in text
        or ("_" in text and ("__" in text or "YOUR_" in text))
        or "change" in text
        or "CHANGE" in text
        or "****" in text
        or "\u2022" in text
        or "op://" in text
        or (isinstance(footer, str) and "$" in footer)
    )


def yaml_ambiguous(mailbox: Mailbox, index: int, context: Context) -> Iterator[Advice]:
    """YAML 1.1 and YAML 1.2 read a value without quotes differently.

    Files are read as YAML 1.2 here. Many programs (PyYAML, older Ruby and Go libraries) read YAML 1.1, where
    `no` is false, `0123` is 83 and `1_000` is 1000. Text in quotes, and numbers in plain digits, are the same
    for all of them.

    Reported:

    ```yaml
    smtp_password: no
    ```

    Not reported:

    ```yaml
    smtp_password: "no"
    ```
    """
    from mailbox_schema.lint.sources.yaml import is_read_differently  # noqa: PLC0415  # loaded for YAML only

    for name in FIELDS:
        if name not in mailbox or name in context.violated:
            continue
        plain = context.document.plain(context.path(index, name))
        if plain is not None and is_read_differently(plain, mailbox[name]):
            message = "is read differently by YAML 1.1 and 1.2"
            is_number = FIELDS[name].type == "integer"
            hint = "write the number in plain digits" if is_number else "write it in quotes"
            yield Advice("yaml-ambiguous", name, message, hint, name)


def unused_ignore(_mailbox: Mailbox, _index: int, _context: Context) -> Iterator[Advice]:
    """A comment ignores a rule that has no finding there, or that does not exist.

    Such a comment hides the next mistake in its line, or hides nothing because of a misspelling. It is about
    the line it is on, or the next one if it is on a line of its own. A rule that is not checked in this run
    is not reported.

    Reported:

    ```yaml
    smtp_port: 465 # mailbox-schema: ignore[port-rule]
    ```

    Not reported:

    ```yaml
    smtp_port: 993 # mailbox-schema: ignore[port-role]
    ```
    """
    return iter(())


def csv_upload(mailbox: Mailbox, _index: int, _context: Context) -> Iterator[Advice]:
    """The vendor's own CSV upload requires more than its API.

    There, the login and the from name are mandatory too, a cell is left blank rather than filled with `-`,
    and the file is smaller than 200 KB.

    Reported:

    ```csv
    SMTP email,SMTP login
    jared@getpiedpiper.com,-
    ```

    Not reported:

    ```csv
    SMTP email,SMTP login,SMTP from name
    jared@getpiedpiper.com,jared,Jared Dunn
    ```
    """
    for name in CSV_UPLOAD_MANDATORY:
        if mailbox.get(name) is None:
            yield Advice("csv-upload", name, "is mandatory in the upload", "fill it in", name)
    for name in FIELDS:
        if mailbox.get(name) == "-":
            yield Advice("csv-upload", name, "is a filler", "leave the cell blank", name)


def _size_of_upload(context: Context) -> Iterator[Advice]:
    document = context.document
    if document.bytes_before < CSV_UPLOAD_LIMIT <= document.bytes_after:
        message = "the upload accepts files under 200 KB"
        yield Advice("csv-upload", None, message, "split it into several files")


def plaintext_secret(mailbox: Mailbox, _index: int, _context: Context) -> Iterator[Advice]:
    """A password is stored in plain text.

    For files that will be committed: everyone who can read the repository can read the password forever.
    Placeholders and encrypted values (`ENC[...]` of SOPS, an Ansible Vault text or a `!vault` tag) are fine.

    Reported:

    ```json
    {"smtp_password": "not-a-real-password"}
    ```

    Not reported:

    ```json
    {"smtp_password": "${SMTP_PASSWORD}", "imap_password": "ENC[AES256_GCM,data:bm90LXJlYWw=]"}
    ```
    """
    for name in PASSWORDS:
        value = mailbox.get(name)
        is_safe = isinstance(value, str) and (is_blank(value) or is_kept_elsewhere(value))
        if value is not None and not is_safe:
            hint = "keep it in a secret store, or encrypt the file"
            yield Advice("plaintext-secret", name, "is stored in plain text", hint, name)


def is_kept_elsewhere(value: object) -> bool:
    """Return whether a value is replaced at deploy time: a placeholder, a tagged or an encrypted value."""
    return isinstance(value, str) and (
        isinstance(value, Tagged) or is_placeholder(value) or is_encrypted(value)
    )


# The findings of the sources themselves; these have a page and no check of their own.


def duplicate_key(_mailbox: Mailbox, _index: int, _context: Context) -> Iterator[Advice]:
    """A key, or a column of a CSV file, appears twice.

    Parsers keep the last one and don't warn: which of two passwords was meant?

    Reported:

    ```json
    {"smtp_port": 465, "smtp_port": 587}
    ```

    Not reported:

    ```json
    {"smtp_port": 465, "imap_port": 993}
    ```
    """
    return iter(())


def missing_column(_mailbox: Mailbox, _index: int, _context: Context) -> Iterator[Advice]:
    """A CSV file lacks the column of a required field.

    Every row lacks it then, as the violations show; this gives the reason once, at the header.

    Reported:

    ```csv
    SMTP email,SMTP password
    jared@getpiedpiper.com,not-a-real-password
    ```

    Not reported:

    ```csv
    smtp_email,smtp_password,smtp_server,smtp_port,imap_email,imap_password,imap_server,imap_port
    jared@getpiedpiper.com,not-a-real-password,smtp.server.io,465,jared@getpiedpiper.com,x,imap.server.io,993
    ```
    """
    return iter(())


def ragged_row(_mailbox: Mailbox, _index: int, _context: Context) -> Iterator[Advice]:
    """A row of a CSV file has more or fewer cells than the header.

    An error: a delimiter in a cell without quotes shifts the rest of the row into other columns.

    Reported:

    ```csv
    smtp_email,smtp_from_name,smtp_port
    jared@getpiedpiper.com,Dunn, Jared,465
    ```

    Not reported:

    ```csv
    smtp_email,smtp_from_name,smtp_port
    jared@getpiedpiper.com,"Dunn, Jared",465
    ```
    """
    return iter(())


def syntax(_mailbox: Mailbox, _index: int, _context: Context) -> Iterator[Advice]:
    """A line of a JSON Lines file is not JSON.

    An error; the other lines are still checked. (A file of another type that can't be parsed is not a
    finding: it is named on standard error, and the exit status is 2.)

    Reported:

    ```jsonl
    {"smtp_port": 465,}
    ```

    Not reported:

    ```jsonl
    {"smtp_port": 465}
    ```
    """
    return iter(())


def response(_mailbox: Mailbox, _index: int, _context: Context) -> Iterator[Advice]:
    """Only the API found this: a line of `--response` that matches none of our rules.

    Only the API can check whether a server responds or a password is right. A line that we would have found
    too is reported under our own rule. Of any other line only ordinary words are shown, because it may quote
    a password: open the answer's file to read the rest.
    """
    return iter(())


class Rule(NamedTuple):
    """An advice rule.

    - ``check``: the function that gives the advice on a mailbox
    - ``may_speak``: returns ``False`` for a mailbox that the rule certainly has no advice on, so that
      ``check`` needn't be called; a rule without it (``None``) is always called; it is :func:`never` for the
      findings of the sources themselves
    - ``check_body``: the function that gives the advice on the body around the mailboxes
    - ``kinds``: the file types that the rule is about; ``None`` for all
    - ``is_warning``, ``is_default``: whether it is a warning, and looked for by default
    """

    check: Callable[[Mailbox, int, Context], Iterator[Advice]]
    may_speak: Callable[[Mailbox], bool] | None
    check_body: Callable[[Context], Iterator[Advice]] | None = None
    kinds: frozenset[str] | None = None
    is_warning: bool = True
    is_default: bool = True


def never(_mailbox: Mailbox) -> bool:
    """Return ``False``: the rule has no advice on any mailbox."""
    return False


ADVICE: Final[dict[str, Rule]] = {
    "unknown-field": Rule(unknown_field, _has_unknown_key, _unknown_in_body),
    "duplicate-key": Rule(duplicate_key, never),
    "duplicate-mailbox": Rule(duplicate_mailbox, None, kinds=frozenset({"csv", "json", "yaml"})),
    "server-name": Rule(server_name, _has_remarkable_server),
    "port-role": Rule(port_role, _has_odd_port),
    "app-password": Rule(app_password, _has_remarkable_server),
    "placeholder": Rule(placeholder, _may_have_placeholder),
    "yaml-ambiguous": Rule(yaml_ambiguous, None, kinds=frozenset({"yaml"})),
    "unused-ignore": Rule(unused_ignore, never, kinds=frozenset({"yaml"})),
    "missing-column": Rule(missing_column, never),
    "ragged-row": Rule(ragged_row, never, is_warning=False),
    "syntax": Rule(syntax, never, is_warning=False),
    "csv-upload": Rule(csv_upload, None, _size_of_upload, kinds=frozenset({"csv"}), is_default=False),
    "plaintext-secret": Rule(plaintext_secret, None, is_default=False),
}
"""The advice rules, by name."""
