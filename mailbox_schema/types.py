"""The types of a request body and of the API's answers, for a type checker.

They describe keys and types as the JSON Schema documents do. No other module of the package imports this one
at run time.

An optional field may be absent or ``None``. A JSON integer written as ``465.0`` is a ``float`` in Python:
the contract accepts it, and these types don't.

>>> mailbox: Mailbox = {
...     "smtp_email": "jared@getpiedpiper.com",
...     "smtp_password": "secret-smtp-password",
...     "smtp_server": "smtp.server.io",
...     "smtp_port": 465,
...     "imap_email": "jared@getpiedpiper.com",
...     "imap_password": "secret-imap-password",
...     "imap_server": "imap.server.io",
...     "imap_port": 993,
... }
>>> body: Body = {"mailboxes": [mailbox], "completion_notification_types": ["MAIL"]}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from typing import TypedDict
else:
    try:
        from typing_extensions import TypedDict  # before Python 3.12, pydantic accepts no other one
    except ImportError:
        from typing import TypedDict


class _RequiredOfMailbox(TypedDict):
    smtp_email: str
    smtp_password: str
    smtp_server: str
    smtp_port: int
    imap_email: str
    imap_password: str
    imap_server: str
    imap_port: int


class Mailbox(_RequiredOfMailbox, total=False):
    """One mailbox: its credentials, and its optional settings."""

    smtp_login: str | None
    smtp_from_name: str | None
    footer: str | None
    bcc: str | None
    open_tracking_domain: str | None
    click_tracking_domain: str | None
    unsubscribe_tracking_domain: str | None
    sending_wait_time_from: int | None
    sending_wait_time_to: int | None
    daily_sending_limit: int | None


class _RequiredOfBody(TypedDict):
    mailboxes: list[Mailbox]


class Body(_RequiredOfBody, total=False):
    """The body of a request to add mailboxes in bulk."""

    completion_notification_types: list[Literal["MAIL", "IN_APP"]] | None


class AcceptedBody(TypedDict):
    """The body of status 202."""

    batch_id: int | str


class FailureBody(TypedDict):
    """The body of status 400."""

    code: Literal["VALIDATION_FAILURE", "UNKNOWN"]
    details: list[str]


class ConflictBody(TypedDict):
    """The body of status 409."""

    code: Literal["Conflict"]
    details: list[str]


class ProblemBody(TypedDict):
    """The body of status 401, 404 and 500; ``timestamp`` is ``YYYY-MM-DD HH:MM:SS`` in UTC."""

    title: str
    status: int
    detail: str
    timestamp: str


class SummaryBody(TypedDict):
    """The body of status 200 of a batch's summary; the items of its arrays are not documented."""

    processing_finished: bool
    batch_size: int
    pending_mailboxes_count: int
    connected_mailboxes_count: int
    conditionally_connected_mailboxes_count: int
    failed_mailboxes_count: int
    conditionally_connected_mailboxes: list[Any]
    failed_mailboxes: list[Any]


class ViolationJson(TypedDict):
    """A violation as :meth:`mailbox_schema.Violation.as_dict` returns it."""

    index: int | None
    field: str | None
    rule: str | None
    reason: str | None
    message: str
    line: str
    pointer: str
    hint: str | None
