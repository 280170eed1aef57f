"""The vendor's response bodies: build a failure."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Final

    from mailbox_schema.violation import Violation

# reference, 400: "VALIDATION_FAILURE or UNKNOWN"; the first when every line names a field
VALIDATION_FAILURE: "Final" = "VALIDATION_FAILURE"


def failure_response(violations: "Iterable[Violation]") -> "dict[str, Any]":
    """Return the body of the API's 400 answer for ``violations``, in the order given.

    >>> from mailbox_schema.validation import iter_violations
    >>> failure_response(iter_violations({"mailboxes": None}))
    {'code': 'VALIDATION_FAILURE', 'details': ['mailboxes must be provided and have size in range <1,200>']}
    """
    return {"code": VALIDATION_FAILURE, "details": [str(violation) for violation in violations]}
