"""Advice: what the contract allows and a mailbox owner would still want to know.

A rule of advice has a name, and its function's docstring is its page: a first sentence, the reason, and
examples that are reported and that are not. The tests run them.
"""

import re
from typing import NamedTuple

from mailbox_schema.contract import BODY_KEYS, FIELDS, SECRET_FIELDS
from mailbox_schema.hints import (
    FILLERS,
    INVISIBLE,
    holds_placeholder,
    is_encrypted,
    is_placeholder,
    listed,
    nearest,
    split_off_extras,
    without_placeholders,
)
from mailbox_schema.lint.clean import APP_PASSWORD_DOMAINS, IMAP_PORTS, SMTP_PORTS
from mailbox_schema.lint.sources import Tagged
from mailbox_schema.values import as_integer, is_blank

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Final

    from mailbox_schema.lint.sources import Document, Path

CONTAINER_KEYS: "Final" = frozenset(BODY_KEYS)
"""The keys that make an object a body."""

# help centre, "Adding mailboxes": "under 200 KB".
CSV_UPLOAD_LIMIT: "Final" = 200 * 1024
CSV_UPLOAD_MANDATORY: "Final" = ("smtp_login", "smtp_from_name")

# Sixteen letters, shown in four groups: Google's and Microsoft's help pages on app passwords.
_APP_PASSWORD: "Final" = re.compile(r"(?:[a-z]{4} ?){3}[a-z]{4}", re.IGNORECASE)
_APP_PASSWORD_SERVERS: "Final" = re.compile(
    rf"(?:.*\.)?(?:{'|'.join(map(re.escape, APP_PASSWORD_DOMAINS))})", re.IGNORECASE
)

_MAKE_ONE: "Final" = "make an app password in the account's security settings"

_PASSED_OVER: "Final" = ("$schema", "sops", "x-", ".", "_")
_SERVERS: "Final" = ("smtp_server", "imap_server")
_PASSWORDS: "Final" = ("smtp_password", "imap_password")
_NAME_OF_A_KEY: "Final" = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")


class Batch(NamedTuple):
    """What advice is asked about: the mailboxes of one request, with their indices.

    ``body`` is ``None`` where the source holds mailboxes without one; ``violated`` names the fields that
    the contract refuses already.
    """

    mailboxes: "list[tuple[int, dict[str, object]]]"
    body: object
    document: "Document"
    kind: str
    path: "Callable[[int | None, str | None], Path]"
    violated: "frozenset[tuple[int | None, str | None]]"
    allow_placeholders: bool


class Advice(NamedTuple):
    """A remark on a mailbox (``index``) or the body, or on ``key`` in it.

    ``field`` is the key as it may be said: ``None`` for a key that could be a secret.
    """

    rule: str
    index: "int | None"  # type: ignore[assignment]  # a tuple's method of this name is not used
    key: "str | None"
    message: str
    hint: "str | None" = None
    field: "str | None" = None
    at_key: bool = False


def unknown_field(batch: Batch) -> "Iterator[Advice]":
    """A key is no field of the API.

    We take it that the API ignores it (I): a misspelt `daily_sending_limit` sets no limit, unnoticed.
    In a body, `$schema`, `sops` and keys that begin with `x-`, `.` or `_` are passed over, and in YAML those
    that hold mappings or lists: editors, encryption and anchors use them.

    Reported:

    ```json
    {"smtp_port": 465, "daily_sending_limt": 50}
    ```

    Not reported:

    ```json
    {"smtp_port": 465, "daily_sending_limit": 50}
    ```
    """
    unknown: "list[tuple[int | None, str, object]]" = [
        (None, key, value) for key, value in _unknown_in_body(batch)
    ]
    unknown += [
        (index, key, value)
        for index, mailbox in batch.mailboxes
        for key, value in mailbox.items()
        if key not in FIELDS
    ]
    if not unknown:
        return
    secrets = _secrets(batch)
    may_be_said = {key: _may_be_said(key, secrets) for key in {key for _, key, _ in unknown}}
    meant = {key: nearest(key, tuple(FIELDS)) for key in may_be_said}
    for index, key, value in unknown:
        # A key without a value may be the value of the key before it, with a comma for a colon between them;
        # and one whose value is a field may have changed places with it.
        is_value = value is None or (isinstance(value, str) and value in FIELDS)
        name = nearest(key, BODY_KEYS) if index is None else meant[key]
        yield _unknown(index, key, name, may_be_said=may_be_said[key] and not is_value)


def _unknown_in_body(batch: Batch) -> "Iterator[tuple[str, object]]":
    if isinstance(batch.body, dict) and "mailboxes" in batch.body:
        for key, value in batch.body.items():
            is_anchors = batch.kind == "yaml" and isinstance(value, (dict, list))
            if key not in BODY_KEYS and not key.startswith(_PASSED_OVER) and not is_anchors:
                yield key, value


def _unknown(index: "int | None", key: str, meant: "str | None", *, may_be_said: bool) -> Advice:
    hint = None if meant is None else f"did you mean `{meant}`?"
    if may_be_said:
        return Advice("unknown-field", index, key, "is no field of the API", hint, key, at_key=True)
    return Advice(
        "unknown-field", index, key, "has a key that is no field of the API", hint, None, at_key=True
    )


def _secrets(batch: Batch) -> "set[str]":
    values = (mailbox.get(name) for _, mailbox in batch.mailboxes for name in SECRET_FIELDS)
    return {str(value) for value in values if isinstance(value, (str, int, float)) and value != ""}


def _may_be_said(key: str, secrets: "set[str]") -> bool:
    """A key that doesn't look like a name, or has to do with a secret, may be one that slipped."""
    if not _NAME_OF_A_KEY.fullmatch(key):
        return False
    return not any(secret in key or key in secret for secret in secrets)


def duplicate_mailbox(batch: Batch) -> "Iterator[Advice]":
    """The same `smtp_email` stands twice in one request.

    A row that was copied and not changed: the second connection fails, or replaces the first.
    Upper and lower case count as the same. Not in JSON Lines, where the lines are not one request.

    Reported:

    ```json
    [{"smtp_email": "jared@getpiedpiper.com"}, {"smtp_email": "Jared@getpiedpiper.com"}]
    ```

    Not reported:

    ```json
    [{"smtp_email": "jared@getpiedpiper.com"}, {"smtp_email": "dinesh@getpiedpiper.com"}]
    ```
    """
    first: "dict[str, int]" = {}
    for index, mailbox in batch.mailboxes:
        email = mailbox.get("smtp_email")
        if not isinstance(email, str) or holds_placeholder(email) or not email.strip():
            continue
        before = first.setdefault(email.lower().strip(), index)
        if before != index:
            message = f"is the same as mailbox[{before}].smtp_email"
            yield Advice("duplicate-mailbox", index, "smtp_email", message, None, "smtp_email")


def server_name(batch: Batch) -> "Iterator[Advice]":
    """A server is no plain host name.

    It has a scheme, a port, a path, spaces, or a dot at the end. The API takes any text that is not blank,
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
    for index, mailbox in batch.mailboxes:
        for name in _SERVERS:
            server = mailbox.get(name)
            if not isinstance(server, str) or is_blank(server) or _is_kept_elsewhere(server):
                continue
            hint = _hint_for_server(without_placeholders(server))
            if hint is not None:
                yield Advice("server-name", index, name, "is no plain host name", hint, name)


def _hint_for_server(server: str) -> "str | None":
    if _is_ip_address(server):
        return None
    extras, host = split_off_extras(server)
    hints = (
        (server.strip().lower() in FILLERS, "write a host name, not a filler"),
        (INVISIBLE.search(server), "remove the invisible characters"),
        (extras, f"remove {listed(extras)}"),
        (re.search(r"\s", host), "a host name has no spaces"),
        ("@" in host, "write a host name, not an email address"),
        ("," in host or ";" in host, "a host name has no comma or semicolon"),
        (".." in host or host.startswith("."), "a part between two dots is missing"),
    )
    return next((hint for fits, hint in hints if fits), None)


def _is_ip_address(server: str) -> bool:
    from ipaddress import ip_address  # noqa: PLC0415  # slow to load, and rarely needed

    try:
        ip_address(server.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def port_role(batch: Batch) -> "Iterator[Advice]":
    """A port of IMAP stands in `smtp_port`, or one of SMTP in `imap_port`.

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
    for index, mailbox in batch.mailboxes:
        for name, others, whose, usual in (
            ("smtp_port", IMAP_PORTS, "IMAP", "465 or 587"),
            ("imap_port", SMTP_PORTS, "SMTP", "993"),
        ):
            port = as_integer(mailbox.get(name))
            if port in others:
                hint = f"the usual port is {usual}"
                yield Advice("port-role", index, name, f"is a port of {whose}", hint, name)


def app_password(batch: Batch) -> "Iterator[Advice]":
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
    for index, mailbox in batch.mailboxes:
        for server_field, password_field in zip(_SERVERS, _PASSWORDS, strict=True):
            server, password = mailbox.get(server_field), mailbox.get(password_field)
            if not isinstance(server, str) or not isinstance(password, str):
                continue
            if is_blank(password) or _is_kept_elsewhere(password):
                continue
            if not _APP_PASSWORD_SERVERS.fullmatch(split_off_extras(server)[1]):
                continue
            if not _APP_PASSWORD.fullmatch(password.strip()):
                has_odd_spaces = _APP_PASSWORD.fullmatch(password.replace("\u00a0", " ").strip())
                hint = "write plain spaces in it, or none" if has_odd_spaces else _MAKE_ONE
                message = "can't be an app password, which this server asks for"
                yield Advice("app-password", index, password_field, message, hint, password_field)


def placeholder(batch: Batch) -> "Iterator[Advice]":
    """A value holds a placeholder that nobody replaced.

    `${VAR}`, `{{ var }}`, `<changeme>`: it was meant to be filled in before the file is used. With
    `--allow-placeholders`, for templates, a value that is wholly one is not reported. In a footer,
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
    for index, mailbox in batch.mailboxes:
        for name in FIELDS:
            value = mailbox.get(name)
            if not isinstance(value, str) or isinstance(value, Tagged) or (index, name) in batch.violated:
                continue
            if batch.allow_placeholders and is_placeholder(value):
                continue
            if ("${" in value or "$(" in value) if name == "footer" else holds_placeholder(value):
                yield Advice(
                    "placeholder", index, name, "holds a placeholder", "fill in the placeholder", name
                )


def yaml_ambiguous(batch: Batch) -> "Iterator[Advice]":
    """A value without quotes is read differently by YAML 1.1 and YAML 1.2.

    Here files are read as YAML 1.2, as JSON-minded programs do; many others (PyYAML, older Ruby and Go
    libraries) read YAML 1.1, where `no` is false, `0123` is 83 and `1_000` is 1000. In quotes it is one and
    the same everywhere.

    Reported:

    ```yaml
    smtp_password: no
    ```

    Not reported:

    ```yaml
    smtp_password: "no"
    ```
    """
    if batch.kind != "yaml":
        return
    from mailbox_schema.lint.sources.yaml import is_read_differently  # noqa: PLC0415  # loaded for YAML only

    for index, mailbox in batch.mailboxes:
        for name in filter(mailbox.__contains__, FIELDS):
            plain = batch.document.plain(batch.path(index, name))
            is_violated = (index, name) in batch.violated
            if plain is not None and not is_violated and is_read_differently(plain, mailbox[name]):
                message = "is read differently by YAML 1.1 and 1.2"
                yield Advice("yaml-ambiguous", index, name, message, "write it in quotes", name)


def csv_upload(batch: Batch) -> "Iterator[Advice]":
    """The vendor's own CSV upload asks for more than its API.

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
    if batch.kind != "csv":
        return
    if batch.document.size >= CSV_UPLOAD_LIMIT:
        message = "the upload takes files under 200 KB"
        yield Advice("csv-upload", None, None, message, "split it into several files")
    for index, mailbox in batch.mailboxes:
        for name in CSV_UPLOAD_MANDATORY:
            if mailbox.get(name) is None:
                yield Advice("csv-upload", index, name, "is mandatory in the upload", "fill it in", name)
        for name in filter(mailbox.__contains__, FIELDS):
            if mailbox[name] == "-":
                yield Advice("csv-upload", index, name, "is a filler", "leave the cell blank", name)


def plaintext_secret(batch: Batch) -> "Iterator[Advice]":
    """A password stands in the file as it is.

    For files that are meant to be committed: what is neither a placeholder nor encrypted (`ENC[...]` of
    SOPS, an Ansible Vault text or a `!vault` tag) can be read by everyone who can read the repository, for
    ever.

    Reported:

    ```json
    {"smtp_password": "not-a-real-password"}
    ```

    Not reported:

    ```json
    {"smtp_password": "${SMTP_PASSWORD}", "imap_password": "ENC[AES256_GCM,data:bm90LXJlYWw=]"}
    ```
    """
    for index, mailbox in batch.mailboxes:
        for name in _PASSWORDS:
            value = mailbox.get(name)
            if value is not None and not (
                isinstance(value, str) and (not value.strip() or _is_kept_elsewhere(value))
            ):
                hint = "keep it in a secret store, or encrypt the file"
                yield Advice("plaintext-secret", index, name, "stands here in plain text", hint, name)


def _is_kept_elsewhere(value: str) -> bool:
    return isinstance(value, Tagged) or is_placeholder(value) or is_encrypted(value)


# What the sources themselves show; these have a page and no check of their own.


def duplicate_key(_batch: Batch) -> "Iterator[Advice]":
    """A key, or a column of a CSV file, stands a second time.

    Parsers keep the last one and say nothing: which of two passwords was meant?

    Reported:

    ```json
    {"smtp_port": 465, "smtp_port": 587}
    ```

    Not reported:

    ```json
    {"smtp_port": 465, "imap_port": 993}
    ```
    """
    yield from ()


def missing_column(_batch: Batch) -> "Iterator[Advice]":
    """A CSV file lacks the column of a required field.

    Every row lacks it then, as the violations say; this says once, at the header line, why.

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
    yield from ()


def ragged_row(_batch: Batch) -> "Iterator[Advice]":
    """A row of a CSV file has more or fewer cells than the header line.

    An error: a delimiter in a cell without quotes shifts all that follows it into other columns.

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
    yield from ()


def syntax(_batch: Batch) -> "Iterator[Advice]":
    """A line of a JSON Lines file is not JSON.

    An error; the other lines are checked all the same. (A file of another type that can't be parsed is no
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
    yield from ()


def response(_batch: Batch) -> "Iterator[Advice]":
    """The API found it, and we don't know the rule: a line of `--response`.

    Only the API can say whether a server is reached or a password is right. What it says that we would have
    said too is reported under our own rule.
    """
    yield from ()


class Rule(NamedTuple):
    """A rule of advice: its function, and whether it is a warning, and looked for by default."""

    check: "Callable[[Batch], Iterator[Advice]]"
    is_warning: bool = True
    is_default: bool = True


ADVICE: "Final[dict[str, Rule]]" = {
    "unknown-field": Rule(unknown_field),
    "duplicate-key": Rule(duplicate_key),
    "duplicate-mailbox": Rule(duplicate_mailbox),
    "server-name": Rule(server_name),
    "port-role": Rule(port_role),
    "app-password": Rule(app_password),
    "placeholder": Rule(placeholder),
    "yaml-ambiguous": Rule(yaml_ambiguous),
    "missing-column": Rule(missing_column),
    "ragged-row": Rule(ragged_row, is_warning=False),
    "syntax": Rule(syntax, is_warning=False),
    "csv-upload": Rule(csv_upload, is_default=False),
    "plaintext-secret": Rule(plaintext_secret, is_default=False),
}
"""The rules of advice, by name."""
