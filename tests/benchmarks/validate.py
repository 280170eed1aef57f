"""What validating costs: ``python tests/benchmarks/validate.py [--write] [--quick]`` prints ratios.

Every ratio is of two things done in turn in this process, with a fresh parse before every call, which is not
part of what is timed: the median of many such pairs, with the quartiles next to it. ``--write`` also writes the
tables and the plot of the growth into docs/. ``--quick`` takes few pairs.
"""

import argparse
import json
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any, Final, NamedTuple

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from measured import ROOT, MeasuredPart

from mailbox_schema import FIELDS, load_schema, validate
from mailbox_schema.contract import DAILY_LIMIT, PORT, WAIT_TIME_FROM, WAIT_TIME_TO, WAIT_TIMES

SEED: Final = 6
SCHEMA: Final = load_schema()
FULL: Final[dict[str, Any]] = SCHEMA["examples"][0]["mailboxes"][0]

# Bodies.

# Typical mistakes by rule; `null` too is a mistake in a required field.
_ADDRESSES: Final = (
    "jared",
    "jared@",
    "jared@localhost",
    "jared dunn@piedpiper.com",
    "Jared <jared@piedpiper.com>",
)
_DOMAINS: Final = ("-", "localhost", "https://track.piedpiper.com", "track_1.piedpiper.com", "192.0.2.1")
_NOT_TEXT: Final = (12345, 46.5, True, ["piedpiper.com"], {"value": "piedpiper.com"})
_NOT_INTEGER: Final = ("60", "${NUMBER}", "sixty", 60.5, True, [60], {"value": 60})
_MISTAKES: Final[dict[str, tuple[Any, ...]]] = {
    "email": (*_ADDRESSES, "${SMTP_EMAIL}", "{{ email }}", *_NOT_TEXT),
    "not-blank": ("", " ", "\t\n", "\u3000", *_NOT_TEXT),
    "port": (0, 65536, *_NOT_INTEGER),
    "domain": (*_DOMAINS, "${DOMAIN}", "{{ domain }}", *_NOT_TEXT),
    "wait-time": (5, 10000, *_NOT_INTEGER),
    "daily-limit": (0, 5501, *_NOT_INTEGER),
}
MISTAKES: Final[dict[str, tuple[Any, ...]]] = {
    name: (*_MISTAKES[field.rule], *((None,) if field.required else ())) for name, field in FIELDS.items()
}
assert min(map(len, MISTAKES.values())) >= 8
TRACKING: Final = ("open_tracking_domain", "click_tracking_domain", "unsubscribe_tracking_domain")


def full_mailbox(number: int, draw: random.Random) -> dict[str, Any]:
    """Return a valid mailbox of all fields, at one of 20 domains."""
    domain = f"company-{number % 20}.com"
    address = f"first{number}.last@{domain}"
    password = f"not-a-real-{number:04}"
    return {
        **FULL,
        **dict.fromkeys(("smtp_email", "smtp_login", "imap_email"), address),
        **dict.fromkeys(("smtp_password", "imap_password"), password),
        "smtp_server": f"smtp.{domain}",
        "imap_server": f"imap.{domain}",
        "smtp_from_name": f"First{number} Last",
        "bcc": f"archive@{domain}",
        **{name: f"{name.partition('_')[0]}.{domain}" for name in TRACKING},
        "sending_wait_time_from": draw.randint(10, 500),
        "sending_wait_time_to": draw.randint(501, 9999),
        "daily_sending_limit": draw.randint(1, 5500),
    }


def mailboxes(amount: int) -> list[dict[str, Any]]:
    """Return valid full mailboxes with distinct addresses."""
    draw = random.Random(SEED)  # noqa: S311  # no secrets
    return [full_mailbox(number, draw) for number in range(amount)]


def some_broken() -> list[dict[str, Any]]:
    """Return 200 mailboxes, 10 % of them broken in 1 to 3 fields."""
    draw = random.Random(SEED)  # noqa: S311  # no secrets
    items = mailboxes(200)
    for mailbox in draw.sample(items, 20):
        for name in draw.sample(list(FIELDS), draw.randint(1, 3)):
            mailbox[name] = draw.choice(MISTAKES[name])
    return items


def all_broken() -> list[dict[str, Any]]:
    """Return 200 mailboxes in which every field is broken by one of many typical mistakes."""
    draw = random.Random(SEED)  # noqa: S311  # no secrets
    items = [{name: draw.choice(MISTAKES[name]) for name in FIELDS} for _ in range(200)]
    assert len(validate({"mailboxes": items})) == 200 * len(FIELDS)
    return items


def some_absent() -> list[dict[str, Any]]:
    """Return 200 valid mailboxes, each with about half of the optional fields; the wait times both or neither."""
    draw = random.Random(SEED)  # noqa: S311  # no secrets
    items = []
    for mailbox in mailboxes(200):
        absent = {name for name, field in FIELDS.items() if not field.required and draw.random() < 0.5}
        absent -= set(WAIT_TIMES)
        absent |= set(WAIT_TIMES) if draw.random() < 0.5 else set()
        items.append({name: value for name, value in mailbox.items() if name not in absent})
    return items


def changed(change: Callable[[int, dict[str, Any]], dict[str, Any]]) -> list[dict[str, Any]]:
    """Return 200 valid mailboxes with what ``change`` makes of each."""
    return [mailbox | change(number, mailbox) for number, mailbox in enumerate(mailboxes(200))]


BODIES: Final[dict[str, list[dict[str, Any]]]] = {
    "(a) 200 valid full mailboxes": mailboxes(200),
    "(b) 10 % of them broken in 1 to 3 fields": some_broken(),
    "(c) every field of 200 mailboxes broken": all_broken(),
    "(d) one mailbox": mailboxes(1),
    "(e) random optional fields absent": some_absent(),
    "200 distinct domains of each kind of tracking": changed(
        lambda number, _: {name: f"t{number}.{name.replace('_', '-')}.com" for name in TRACKING}
    ),
    "addresses in upper case": changed(
        lambda _, mailbox: {name: mailbox[name].upper() for name in ("smtp_email", "imap_email", "bcc")}
    ),
    "distinct IMAP credentials": changed(
        lambda number, _: {
            "imap_email": f"imap{number}.last@mail-{number % 20}.com",
            "imap_password": f"not-a-real-imap-{number}",
        }
    ),
    "an unknown key": changed(lambda number, _: {"owner": f"team {number}"}),
    "names outside ASCII": changed(
        lambda number, _: {"smtp_from_name": f"J\u00f3zef Wi\u015bniewski {number}"}
    ),
}


def parser(items: list[dict[str, Any]]) -> Callable[[], Any]:
    """Return what parses a body of ``items`` anew at each call."""
    data = json.dumps({"mailboxes": items}, ensure_ascii=False).encode()
    return lambda: json.loads(data)


# Peers.


class Peer(NamedTuple):
    """Another way to validate a body."""

    package: str
    make: Callable[[], Callable[[Any], object]]
    caveat: str


def jsonschema_rs() -> Callable[[Any], object]:
    """All errors by the Rust-based validator."""
    import jsonschema_rs  # noqa: PLC0415  # may not be installed

    schema = jsonschema_rs.Draft202012Validator(SCHEMA)
    return lambda body: list(schema.iter_errors(body))


def jsonschema() -> Callable[[Any], object]:
    """All errors by the validator in Python."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415  # may not be installed

    schema = Draft202012Validator(SCHEMA)
    return lambda body: list(schema.iter_errors(body))


def pydantic() -> Callable[[Any], object]:
    """All errors of a model of the contract, with EmailStr."""
    from typing import Annotated, Literal  # noqa: PLC0415  # may not be installed

    from pydantic import (  # noqa: PLC0415  # may not be installed
        BaseModel,
        EmailStr,
        Field,
        StringConstraints,
        ValidationError,
        create_model,
        model_validator,
    )

    domain = r"^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]*[A-Za-z][A-Za-z0-9-]*$"
    kinds: dict[str, Any] = {
        "email": EmailStr,
        "not-blank": Annotated[str, StringConstraints(pattern=r"\S")],
        "domain": Annotated[str, StringConstraints(pattern=domain, max_length=253)],
        "port": Annotated[int, Field(strict=True, ge=PORT.minimum, le=PORT.maximum)],
        "daily-limit": Annotated[int, Field(strict=True, ge=DAILY_LIMIT.minimum, le=DAILY_LIMIT.maximum)],
        WAIT_TIMES[0]: Annotated[
            int, Field(strict=True, ge=WAIT_TIME_FROM.minimum, le=WAIT_TIME_FROM.maximum)
        ],
        WAIT_TIMES[1]: Annotated[int, Field(strict=True, ge=WAIT_TIME_TO.minimum, le=WAIT_TIME_TO.maximum)],
    }

    class WaitTimes(BaseModel):
        @model_validator(mode="after")
        def wait_times(self) -> Any:
            first, second = (getattr(self, name) for name in WAIT_TIMES)
            if (first is None) != (second is None) or (first is not None and first >= second):
                raise ValueError("wait times")
            return self

    fields: dict[str, Any] = {}
    for name, field in FIELDS.items():
        kind = kinds.get(name) or kinds[field.rule]
        fields[name] = (kind, ...) if field.required else (kind | None, None)
    mailbox: Any = create_model("Mailbox", __base__=WaitTimes, **fields)
    listed = Annotated[list[mailbox], Field(min_length=1, max_length=200)]
    types = list[Literal["MAIL", "IN_APP"]] | None
    model: Any = create_model("Body", mailboxes=(listed, ...), completion_notification_types=(types, None))

    def errors(body: Any) -> object:
        try:
            return model.model_validate(body)
        except ValidationError as error:
            return error.errors()

    return errors


# Not fastjsonschema: it writes \Z for every $ in a pattern, and can't compile a class that has one.
PEERS: Final = (
    Peer("jsonschema-rs", jsonschema_rs, "not the order of the wait times, nor most of what is not ASCII"),
    Peer("jsonschema", jsonschema, "the same as jsonschema-rs"),
    Peer(
        "pydantic",
        pydantic,
        "wait times of mailboxes with another error; domains outside ASCII; its own sentences",
    ),
)


# Timing.


class Spread(NamedTuple):
    """The median of ratios, and their quartiles."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.low:.2f} to {self.high:.2f})"


def spread(ratios: list[float]) -> Spread:
    """Return the median and the quartiles."""
    low, median, high = statistics.quantiles(ratios, n=4)
    return Spread(median, low, high)


def seconds_of_pair(
    parse: Callable[[], Any], act: Callable[[Any], object], times: int
) -> tuple[float, float]:
    """Return how long it takes to parse a body ``times`` times, and to act on what was parsed."""
    start = time.perf_counter()
    bodies = [parse() for _ in range(times)]
    between = time.perf_counter()
    for body in bodies:
        act(body)
    return between - start, time.perf_counter() - between


def compare(
    parse: Callable[[], Any], acts: dict[str, Callable[[Any], object]], pairs: int
) -> dict[str, list[float]]:
    """Return, for each of ``acts``, its ratios to parsing the same body; they are timed in turn."""
    times = 50 if len(parse()["mailboxes"]) == 1 else 1
    ratios: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(pairs):
        for name, act in acts.items():
            parsing, acting = seconds_of_pair(parse, act, times)
            ratios[name].append(acting / parsing)
    return ratios


# Tables.


def installed() -> Iterator[tuple[Peer, str, Callable[[Any], object]]]:
    """Yield the installed peers with their versions."""
    for peer in PEERS:
        try:
            act = peer.make()
        except ImportError:  # noqa: PERF203  # once a peer
            print(f"{peer.package} is not installed")
        else:
            yield peer, version(peer.package), act


def table_of_bodies(pairs: int) -> Iterator[str]:
    """Yield the lines of the table of bodies."""
    rust = next((act for peer, _, act in installed() if peer.package == "jsonschema-rs"), None)
    yield "| body | `validate` / `json.loads` | `validate` / jsonschema-rs |"
    yield "|---|---|---|"
    for name, items in BODIES.items():
        parse = parser(items)
        ours = compare(parse, {"validate": validate}, pairs)["validate"]
        other = "-"
        if rust is not None:
            both = compare(parse, {"ours": validate, "rust": rust}, max(5, pairs // 8))
            other = f"{statistics.median(both['ours']) / statistics.median(both['rust']):.2f}"
        yield f"| {name} | {spread(ours)} | {other} |"


def table_of_peers(pairs: int) -> Iterator[str]:
    """Yield the lines of the table of peers, on the body (a)."""
    yield "| on (a) | / `json.loads` | / `validate` | what it misses |"
    yield "|---|---|---|---|"
    parse = parser(BODIES["(a) 200 valid full mailboxes"])
    for peer, number, act in installed():
        ratios = compare(parse, {"ours": validate, "peer": act}, pairs)
        faster = statistics.median(ratios["peer"]) / statistics.median(ratios["ours"])
        yield f"| {peer.package} {number} | {spread(ratios['peer'])} | {faster:.1f} | {peer.caveat} |"


# The plot.

SIZES: Final = (10, 100, 1_000, 10_000, 100_000)
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 640, 400, 70, 20, 130, 50
STROKES: Final = {
    "json.loads": 'stroke="#8a8a8a" stroke-dasharray="6 4"',
    "validate": 'stroke="#1f7ae0"',
}


def growth() -> dict[str, list[float]]:
    """Return the least seconds that parsing and validating take, by the number of mailboxes."""
    found: dict[str, list[float]] = {name: [] for name in STROKES}
    for size in SIZES:
        parse = parser(mailboxes(size))
        repeats = max(3, min(100, 10_000 // size))
        pairs = [seconds_of_pair(parse, validate, 1) for _ in range(repeats)]
        for name, seconds in zip(STROKES, zip(*pairs, strict=True), strict=True):
            found[name].append(min(seconds))
    return found


def plot(found: dict[str, list[float]]) -> str:
    """Return the growth as SVG, both axes logarithmic, with decades of equal length."""
    from math import ceil, floor, log10  # noqa: PLC0415  # here only

    lowest = floor(min(log10(seconds) for line in found.values() for seconds in line))
    highest = ceil(max(log10(seconds) for line in found.values() for seconds in line))

    def x(size: float) -> float:
        share = (log10(size) - log10(SIZES[0])) / (log10(SIZES[-1]) - log10(SIZES[0]))
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(seconds: float) -> float:
        return HEIGHT - BOTTOM - (log10(seconds) - lowest) / (highest - lowest) * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'font-family="sans-serif" font-size="13">',
        "<title>Time to parse and to validate, by the number of mailboxes</title>",
        "<style>text{fill:#333}line{stroke:#8888;stroke-width:1}"
        "@media (prefers-color-scheme:dark){text{fill:#ddd}}</style>",
    ]
    for size in SIZES:
        parts.append(f'<line x1="{x(size):.1f}" x2="{x(size):.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
        parts.append(
            f'<text x="{x(size):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{size:,}</text>'
        )
    for power in range(lowest, highest + 1):
        place = y(10.0**power)
        label = f"{10**power:g} s" if power >= 0 else f"{10 ** (power + 3):g} ms"
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{place:.1f}" y2="{place:.1f}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{place + 4:.1f}" text-anchor="end">{label}</text>')
    for name, line in found.items():
        points = " ".join(
            f"{x(size):.1f},{y(seconds):.1f}" for size, seconds in zip(SIZES, line, strict=True)
        )
        parts.append(f'<polyline points="{points}" fill="none" stroke-width="2.5" {STROKES[name]}/>')
    ends = sorted(found, key=lambda name: found[name][-1])
    for place, name in zip(count(y(found[ends[0]][-1]) + 14, -18), ends):
        parts.append(f'<text x="{WIDTH - RIGHT + 10}" y="{place:.1f}">{name}</text>')
    middle = LEFT + (WIDTH - LEFT - RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 8}" text-anchor="middle">mailboxes in a body</text>')
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def table_of_growth(found: dict[str, list[float]]) -> Iterator[str]:
    """Yield the lines of the table of the growth."""
    yield "| mailboxes | `json.loads` | `validate` | growth of `validate` |"
    yield "|---|---|---|---|"
    before: float | None = None
    for size, parsing, validating in zip(SIZES, *found.values(), strict=True):
        grown = "-" if before is None else f"{validating / before:.1f} times"
        yield f"| {size:,} | {parsing * 1e3:.2f} ms | {validating * 1e3:.2f} ms | {grown} |"
        before = validating


# The command.

TABLES: Final = MeasuredPart("docs/performance.md", "tests/benchmarks/validate.py")


def main() -> None:
    """Print the tables; write them into the docs if asked to."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    arguments.add_argument(
        "--write", action="store_true", help="write docs/performance.md and docs/performance.svg"
    )
    arguments.add_argument("--quick", action="store_true", help="take few pairs")
    chosen = arguments.parse_args()
    pairs = 20 if chosen.quick else 200
    grown = growth()
    lines = [
        f"{platform.python_implementation()} {platform.python_version()}, {platform.system()} {platform.machine()}; "
        f"medians of {pairs} pairs, quartiles in parentheses.",
        "",
        *table_of_bodies(pairs),
        "",
        *table_of_peers(max(5, pairs // 10)),
        "",
        *table_of_growth(grown),
        "",
    ]
    text = "\n".join(lines)
    print(text)
    if chosen.write:
        TABLES.write(text)
        (ROOT / "docs/performance.svg").write_text(plot(grown), encoding="utf-8")


if __name__ == "__main__":
    main()
