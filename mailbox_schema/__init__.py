"""Checks, before anything is sent, what the vendor's API would say about a bulk mailbox request.

>>> from mailbox_schema import validate
>>> validate({"mailboxes": [{"smtp_port": 0}]})[3]
'mailbox[0].smtp_port must be provided and in range <1,65535>'
"""

# Not typing's: its import takes a moment in which an interrupt could not be handled yet; see __getattr__.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from mailbox_schema.batching import Batch, batches
    from mailbox_schema.contract import FIELDS, MAX_MAILBOXES
    from mailbox_schema.responses import failure_response, parse_failure
    from mailbox_schema.schema import load_schema
    from mailbox_schema.validation import (
        InvalidBody,
        ensure_valid,
        is_valid,
        is_valid_mailbox,
        iter_mailbox_violations,
        iter_violations,
        validate,
        validate_mailbox,
    )
    from mailbox_schema.violation import Reason, Violation

__all__ = [
    "FIELDS",
    "MAX_MAILBOXES",
    "Batch",
    "InvalidBody",
    "Reason",
    "Violation",
    "__version__",
    "batches",
    "ensure_valid",
    "failure_response",
    "is_valid",
    "is_valid_mailbox",
    "iter_mailbox_violations",
    "iter_violations",
    "load_schema",
    "parse_failure",
    "validate",
    "validate_mailbox",
]

__version__ = "0.1.0"

_MODULES = ("validation", "violation", "contract", "responses", "schema", "batching")


def __getattr__(name: str) -> object:
    """Load a public name with the module that defines it, the first time that it is used (PEP 562).

    So the command takes over the keyboard's interrupt before the package loads, and loads only what it needs.
    """
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415  # as above

    modules = (vars(import_module(f"{__name__}.{module}")) for module in _MODULES)
    found = next(module[name] for module in modules if name in module)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
