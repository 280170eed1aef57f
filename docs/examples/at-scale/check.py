"""The check that both jobs run on every partition."""

import json
from collections.abc import Iterable
from decimal import Decimal

import pyarrow as pa

from mailbox_schema import MAX_MAILBOXES, Violation, iter_mailbox_violations

TEXTS = ("field", "rule", "message", "hint")
VIOLATIONS = pa.schema([("row", pa.int64()), ("index", pa.int32()), *((name, pa.string()) for name in TEXTS)])


def check(records: Iterable[tuple[int, bytes | dict[str, object]]]) -> pa.RecordBatch:
    """Return the violations of numbered records, each a line of JSON Lines or a row of Parquet."""
    found = []
    for row, record in records:
        index = row % MAX_MAILBOXES
        violations = check_line(record, index) if isinstance(record, bytes) else check_row(record, index)
        for violation in violations:
            texts = {name: getattr(violation, name) for name in TEXTS}
            found.append({"row": row, "index": violation.index, **texts})
    return pa.RecordBatch.from_pylist(found, schema=VIOLATIONS)


def check_line(line: bytes, index: int) -> Iterable[Violation]:
    """Return the violations of the mailbox in a line of JSON; never raises."""
    try:
        mailbox = JSON.decode(line.rstrip(b"\r").decode("utf-8"))
    except UnicodeDecodeError:
        return [unreadable("not UTF-8", index)]
    except json.JSONDecodeError as error:
        return [unreadable(f"not JSON from character {error.pos + 1} on", index)]
    except (ValueError, RecursionError):
        return [unreadable("a number that is not JSON or too long, or nested too deeply", index)]
    return iter_mailbox_violations(mailbox, index)


def check_row(row: dict[str, object], index: int) -> Iterable[Violation]:
    """Return the violations of the mailbox in a row of a Parquet file."""
    mailbox = {name: plain(value) if isinstance(value, Decimal) else value for name, value in row.items()}
    return iter_mailbox_violations(mailbox, index)


def unreadable(reason: str, index: int) -> Violation:
    """Say that a line is unreadable, and why, but nothing of what it holds."""
    return Violation(index, None, "syntax", f"can't be read: {reason}")


def plain(number: Decimal) -> int | float:
    """Return a number of a decimal column as JSON would give it."""
    return int(number) if number == number.to_integral_value() else float(number)


def refuse(constant: str) -> None:
    """Refuse NaN and Infinity, which Python reads but JSON does not have."""
    raise ValueError(constant)


JSON = json.JSONDecoder(parse_constant=refuse)
