"""What the search starts from: a corpus made of the cases, and a dictionary made of the contract."""

import json
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from fuzz.targets import OPTIONS, SECRETS
from golden import cases, mailbox

from mailbox_schema.contract import BODY_CONSTRAINTS, BODY_KEYS, FIELDS, NOTIFICATION_TYPES
from mailbox_schema.lint.sources import kind_of
from mailbox_schema.strategies import (
    BROKEN_DOMAINS,
    BROKEN_EMAILS,
    NOT_QUITE_BLANK,
    VALID_DOMAINS,
    VALID_EMAILS,
)
from mailbox_schema.values import JAVA_WHITESPACE

FILES: Final = sorted((Path(__file__).parents[1] / "lint" / "cases").glob("*/input.*"))
# A longer input is slower, and says no more.
LONGEST: Final = 2048

LIMITS: Final = [row.limits for row in FIELDS.values() if row.limits is not None]
NUMBERS: Final = sorted({number + step for row in LIMITS for number in row for step in (-1, 0, 1)})
MESSAGES: Final = [row.message for row in FIELDS.values()] + [row.message for row in BODY_CONSTRAINTS]
# The values at the edges of the contract.
EDGES: Final[tuple[Any, ...]] = (
    *(None, True, False, [], {}, 465.5, 1e400, 10**30, "", "-", "n/a", "0012345", "${SMTP_PORT}", "********"),
    *(" smtp.server.io", "https://smtp.server.io:465", "0587", " 587 ", "\u0664\u0666\u0665", "no", "1:30"),
    *NUMBERS,
    *map(float, NUMBERS),
    *map(str, NUMBERS),
    *VALID_EMAILS,
    *BROKEN_EMAILS,
    *VALID_DOMAINS,
    *BROKEN_DOMAINS,
    *NOT_QUITE_BLANK,
    *JAVA_WHITESPACE,
    *NOTIFICATION_TYPES,
)
# What gives text its structure, in each of the languages of the inputs.
SYNTAX: Final = (
    *(
        '": "',
        '", "',
        '{"',
        '"}',
        "[[",
        "]]",
        "\\u",
        "\\ud800",
        "\r\n",
        "\ufeff",
        "null",
        "1e3",
        "0x1F",
        "0o17",
    ),
    *(
        "---\n",
        "...\n",
        "- ",
        "? ",
        ": ",
        "<<: ",
        "&a ",
        "*a",
        "!x ",
        "!!str ",
        "|\n  ",
        ">-\n  ",
        "# ",
        "%YAML 1.1\n",
    ),
    *(
        ",",
        ";",
        "\t",
        "|",
        '""',
        '"\n',
        "sep=;\n",
        "=====\n",
        "mailbox[0].",
        "mailbox[12] ",
        "mailboxes-0-",
        "[1][",
    ),
    *("mailboxes.0.", "&", "=", "%2B", "{{ .x }}", "{% if x %}", "# mailbox-schema: ignore[port]"),
    "# mailbox-schema: ignore-file",
)
ANSWERS: Final[tuple[Any, ...]] = (
    {"batch_id": 123456},
    {"title": "Unauthorized", "status": 401, "detail": "Invalid api key", "timestamp": "2025-03-05 17:57:00"},
    {
        "processing_finished": True,
        "batch_size": 1,
        "pending_mailboxes_count": 0,
        "connected_mailboxes_count": 0,
        "conditionally_connected_mailboxes_count": 0,
        "failed_mailboxes_count": 1,
        "conditionally_connected_mailboxes": [],
        "failed_mailboxes": [{"smtp_password": SECRETS[0]}],
    },
)


def words() -> list[str]:
    """Return the words that an input may be made of."""
    names = [*FIELDS, *BODY_KEYS, *(name.replace("_", " ") for name in FIELDS)]
    texts = [str(edge) for edge in EDGES if edge is not None]
    return list(dict.fromkeys([*names, *MESSAGES, *SYNTAX, *SECRETS, *texts]))


def dictionary() -> str:
    """Return the dictionary in libFuzzer's form: a quoted word in each line, of at most 64 bytes."""
    encoded = (
        word.encode("utf-8", "surrogateescape" if word.isascii() else "surrogatepass") for word in words()
    )
    quoted = ("".join(f"\\x{byte:02x}" for byte in word) for word in encoded if 0 < len(word) <= 64)
    return "".join(f'"{word}"\n' for word in quoted)


def seeds(target: str) -> Iterator[bytes]:
    """Yield the inputs that the search for ``target`` starts from; the canaries are in them as passwords."""
    for seed in _SEEDS[target]():
        yield seed.replace(b"not-a-real-password", SECRETS[0].encode())[:LONGEST]


def _bodies() -> Iterator[bytes]:
    for case in cases():
        yield json.dumps(case.body).encode()


def _lines() -> Iterator[bytes]:
    for case in cases():
        yield from (line.encode() for line in case.details[:3])
    yield f"mailbox[3].imap_server refused {SECRETS[0]}, code 535".encode()


def _answers() -> Iterator[bytes]:
    for case in cases():
        yield json.dumps({"code": "VALIDATION_FAILURE", "details": case.details}).encode()
    yield from (json.dumps(answer).encode() for answer in ANSWERS)


def _forms() -> Iterator[bytes]:
    spellings = cycle(("{1}", "mailboxes-{0}-{1}", "mailboxes[{0}][{1}]", "mailboxes.{0}.{1}"))
    for case, spelling in zip(cases(), spellings, strict=False):
        items = case.body.get("mailboxes") if isinstance(case.body, dict) else None
        rows = [item for item in items if isinstance(item, dict)][:2] if isinstance(items, list) else []
        pairs = {spelling.format(index, name): row[name] for index, row in enumerate(rows) for name in row}
        yield urlencode(pairs, errors="surrogatepass").encode()
        yield json.dumps(pairs).encode()


def _files() -> Iterator[bytes]:
    for path in FILES:
        yield kind_of(path.name).encode() + b"\n" + path.read_bytes()
    kinds, names = cycle(("json", "yaml", "jsonl")), cycle(FIELDS)
    for edge, kind, name in zip(EDGES[::3], kinds, names, strict=False):
        row = mailbox(smtp_port="587", footer="", smtp_prot=5, bcc=" a@b.co") | {name: edge}
        yield f"{kind}\n{json.dumps(row)}".encode()


def _commands() -> Iterator[bytes]:
    for path, letter in zip(FILES, cycle(OPTIONS), strict=False):
        yield f"{kind_of(path.name)} {letter}=port\n".encode() + path.read_bytes()
    row = json.dumps(mailbox(smtp_port="587", footer=""))
    for head in (
        "json A=a.b",
        "yaml A=/a/b",
        "jsonl A=a",
        "csv A=a",
        "json vx=",
        "yaml BF=",
        "jsonl BN=",
        "csv f=",
    ):
        yield f'{head}\n{{"a": {{"b": [{row}]}}}}'.encode()
        yield f"{head}\n{row}".encode()
    known = {"file": "a.json", "rule": "port", "path": "mailbox[0].smtp_port", "count": 1}
    for head, other in (
        ("rxqv1", next(_answers()).decode()),
        ("rnN", next(_answers()).decode()),
        ("Crv", _SETTINGS),
        ("Ch", _SETTINGS),
        ("bwv", ""),
        ("bs", json.dumps({"version": 1, "findings": [known]})),
    ):
        yield f"json {head}\n{other}=====\n{row}".encode()


_SETTINGS: Final = """[tool.mailbox-schema]
select = ["all"]
ignore = ["port"]
strict = true
at = "a.b"
exclude = ["*.yaml"]
[tool.mailbox-schema.per-file-ignores]
"*.json" = ["email"]
[tool.mailbox-schema.per-file-at]
"*.json" = ""
[tool.mailbox-schema.per-field-ignores."*.json"]
"mailbox[0].footer" = ["not-blank"]
"""

_SEEDS: Final = {
    "validate": _bodies,
    "violation": _lines,
    "answers": _answers,
    "forms": _forms,
    "sources": _files,
    "reports": _files,
    "fix": _files,
    "command": _commands,
}
