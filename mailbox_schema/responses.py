"""The vendor's response bodies: build a failure."""

from mailbox_schema.violation import Violation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Final

# reference, 400: "VALIDATION_FAILURE or UNKNOWN"; the first when every line names a field
VALIDATION_FAILURE: "Final" = "VALIDATION_FAILURE"


def failure_response(violations: "Iterable[Violation]") -> "dict[str, Any]":
    """Return the body of the API's 400 answer for ``violations``, in the order given.

    :raises TypeError: if one of them is no ``Violation``

    >>> from mailbox_schema.validation import iter_violations
    >>> failure_response(iter_violations({"mailboxes": None}))
    {'code': 'VALIDATION_FAILURE', 'details': ['mailboxes must be provided and have size in range <1,200>']}
    """
    return {"code": VALIDATION_FAILURE, "details": [_line(violation) for violation in violations]}


def _line(violation: object) -> str:
    if not isinstance(violation, Violation):
        raise TypeError(f"a Violation is wanted, not {type(violation).__name__}")
    return str(violation)
