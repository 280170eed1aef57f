"""Says, before anything is sent, what the vendor's API would say about a bulk mailbox request.

>>> from mailbox_schema import validate
>>> validate({"mailboxes": [{"smtp_port": 0}]})[3]
'mailbox[0].smtp_port must be provided and in range <1,65535>'
"""

from mailbox_schema.contract import FIELDS, MAX_MAILBOXES
from mailbox_schema.responses import failure_response, parse_failure
from mailbox_schema.schema import load_schema
from mailbox_schema.validation import (
    InvalidBody,
    ensure_valid,
    is_valid,
    iter_mailbox_violations,
    iter_violations,
    validate,
    validate_mailbox,
)
from mailbox_schema.violation import Violation

__all__ = [
    "FIELDS",
    "MAX_MAILBOXES",
    "InvalidBody",
    "Violation",
    "__version__",
    "ensure_valid",
    "failure_response",
    "is_valid",
    "iter_mailbox_violations",
    "iter_violations",
    "load_schema",
    "parse_failure",
    "validate",
    "validate_mailbox",
]

__version__ = "0.1.0"
