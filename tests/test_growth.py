"""The work grows in proportion to the input: lines of Python are counted, not timed.

``python tests/test_growth.py`` prints a table of larger inputs, and fails if one of them grows faster.
"""

import json
import math
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, Final, NamedTuple

import pytest
from canaries import run
from golden import VENDOR_FULL, mailbox
from tiers import only_in_depth

from mailbox_schema import (
    FIELDS,
    Violation,
    ensure_valid,
    failure_response,
    is_valid,
    iter_mailbox_violations,
    iter_violations,
    parse_failure,
    validate,
    validate_mailbox,
)
from mailbox_schema.forms import parse_form, parse_formset
from mailbox_schema.responses import parse_problem, parse_summary

HERE: Final = str(Path(__file__))
MOST_EXPONENT: Final = 1.1
"""Of n: twice the input may cost 2.14 times the lines, and four times if it were quadratic."""


class Growth(NamedTuple):
    """How many lines run for an input, and for another of twice the size."""

    size: int
    once: int
    twice: int

    @property
    def exponent(self) -> float:
        return math.log2(self.twice / self.once)


def lines_run(act: Callable[[], object]) -> int:
    """Count the lines of Python that run, of the package and of the libraries that it uses."""
    count = 0

    def in_frame(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return in_frame

    def in_call(frame: FrameType, _event: str, _argument: object) -> Any:
        return None if frame.f_code.co_filename == HERE else in_frame

    before = sys.gettrace()  # of a coverage tool
    sys.settrace(in_call)
    try:
        act()
    finally:
        sys.settrace(before)
    return count


def growth(act: Callable[[Any], object], make: Callable[[int], Any], size: int) -> Growth:
    """Return how the work grows with what ``make`` makes."""
    inputs = [make(size), make(2 * size)]
    for value in inputs:
        act(value)  # loads modules, and fills caches
    return Growth(size, *(lines_run(partial(act, value)) for value in inputs))


# Inputs of any size

FULL: Final[dict[str, Any]] = VENDOR_FULL["mailboxes"][0]
BROKEN: Final = dict.fromkeys(FIELDS, "{{") | {"smtp_port": 465.5, "imap_port": 0}
FAILED: Final = "mailbox[0].smtp_password must not be blank"
# Each has made an earlier version slow, or is made to make a pattern slow.
PUMPS: Final = (
    *(
        "{{a}}",
        "{{",
        "${{",
        "${",
        "${a}",
        "<%a%>",
        "\n",
        " ",
        "a",
        "a.",
        "a-",
        "-",
        ".",
        "..",
        "@",
        "a@b.co,",
    ),
    *(";", "http:", "http://", "/", "xn--", "xn--a.", "1:59:", "::", "[", "<", '"', "_", "\u00fc", "\u00fc."),
    *("\u05d0.", "\u200b", "\u3002", "\ud800"),
)


def grown(pump: str, make: Callable[[str], Any]) -> Callable[[int], Any]:
    """Return what makes an input of a pump that is repeated."""
    return lambda amount: make(pump * amount)


def in_all_fields(text: str) -> dict[str, str]:
    return dict.fromkeys(FIELDS, f"{text}x")


def unknown_keys(amount: int) -> dict[str, int]:
    """Return unknown keys, some of them similar to fields."""
    return {
        f"{name}{number}": 1
        for number in range(amount // 5)
        for name in ("smtp_prot", "k", "Imap", "x y ", "\u00fc")
    }


BODIES: Final[dict[str, Callable[[int], object]]] = {
    "valid mailboxes": lambda n: {"mailboxes": [FULL | {"bcc": f"a{i}@example.com"} for i in range(n // 10)]},
    "broken mailboxes": lambda n: {"mailboxes": [BROKEN] * (n // 10)},
    "empty mailboxes": lambda n: {"mailboxes": [{}] * (n // 10)},
    "mailboxes that are not objects": lambda n: {"mailboxes": [None, [1], "x"] * n},
    "international mailboxes": lambda n: {
        "mailboxes": [FULL | {"bcc": f"a{i}@b\u00fccher.de"} for i in range(n // 10)]
    },
    "unknown keys of the body": unknown_keys,
    "unknown keys of a mailbox": lambda n: {"mailboxes": [unknown_keys(n)]},
    "unknown keys of each mailbox": lambda n: {"mailboxes": [unknown_keys(50)] * (n // 50)},
    "notification types": lambda n: {"mailboxes": [FULL], "completion_notification_types": ["mail"] * n},
    "mailboxes in lists": lambda n: {"mailboxes": {"mailboxes": [[FULL]] * n}},
    **{f"{p!r} in every field": grown(p, lambda text: {"mailboxes": [in_all_fields(text)]}) for p in PUMPS},
}


def _ensured(body: object) -> str:
    """Return the text of the error of a body."""
    try:
        ensure_valid(body)
    except ValueError as error:
        return f"{error} {error!r}"
    return ""


OF_BODIES: Final[dict[str, Callable[[Any], object]]] = {
    "validate": validate,
    "iter_violations": lambda body: [*iter_violations(body)],
    "is_valid": is_valid,
    "ensure_valid": _ensured,
    "failure_response": lambda body: failure_response(iter_violations(body)),
}


FORMS: Final[dict[str, Callable[[int], object]]] = {
    "inputs of other names": lambda n: {f"x{number}": "1" for number in range(n)},
    "one input over and over": lambda n: {"smtp_port": ["1"] * n},
    "mailboxes": lambda n: {
        f"mailboxes-{index}-{name}": "x" for index in range(min(200, n // 20)) for name in FIELDS
    },
    "mailboxes with a gap": lambda n: {f"mailboxes[{2 * index}][smtp_port]": "x" for index in range(n)},
    "mailboxes in reverse": lambda n: {
        f"mailboxes.{index}.smtp_port": "1" for index in reversed(range(min(200, n // 5)))
    },
    **{f"{p!r} in every input": grown(p, in_all_fields) for p in PUMPS},
    **{f"{p!r} in every name": grown(p, lambda text: {f"mailboxes-{text}-x": "1"}) for p in PUMPS},
}
OF_FORMS: Final[dict[str, Callable[[Any], object]]] = {
    "parse_form": lambda data: [
        *map(repr, [(form := parse_form(data)), form.errors, form.hints, form.typed])
    ],
    "parse_formset": lambda data: [
        *map(repr, [(forms := parse_formset(data)), forms.errors, forms.mailboxes])
    ],
}

LINES: Final[dict[str, Callable[[int], str]]] = {
    **{f"{p!r} alone": grown(p, str) for p in PUMPS},
    **{f"{p!r} as the message": grown(p, "mailbox[0].bcc {}".format) for p in PUMPS},
    **{f"{p!r} as the field": grown(p, "mailbox[0].{} is wrong".format) for p in PUMPS},
    "a long index": lambda n: f"mailbox[{'1' * n}].bcc is wrong",
    "a long key of the body": lambda n: "a_" * n + "a must be",
    "the contract's words": lambda n: f"mailbox[0].bcc {'if provided ' * n}",
    "words with hyphens": lambda n: f"mailbox[0].bcc {'a-' * n}",
}


def shown(line: str) -> str:
    """Return what is shown of a line that is read."""
    violation = Violation.parse(line)
    return f"{violation!r} {violation} {violation.pointer}"


ANSWERS: Final[dict[str, tuple[Callable[[Any], object], Callable[[int], object]]]] = {
    "parse_failure, known lines": (parse_failure, lambda n: {"code": "x", "details": [FAILED] * n}),
    "parse_failure, unknown lines": (
        lambda body: repr(sorted(parse_failure(body))),
        lambda n: {"code": "x", "details": [f"mailbox[{i}].k refused {i}" for i in range(n)]},
    ),
    "parse_summary": (
        lambda body: repr(parse_summary(body)),
        lambda n: {
            "processing_finished": True,
            **dict.fromkeys(
                ("batch_size", "pending_mailboxes_count", "connected_mailboxes_count",
                 "conditionally_connected_mailboxes_count", "failed_mailboxes_count"), 1,
            ),
            "conditionally_connected_mailboxes": [FULL] * n,
            "failed_mailboxes": [None] * n,
        },
    ),
    "parse_problem": (
        lambda body: repr(parse_problem(body)),
        lambda n: {"title": "bad " * n, "status": 401, "detail": "x-" * n, "timestamp": "2025-03-05 17:57:00"},
    ),
}  # fmt: skip


def cases_of_library() -> Iterator[tuple[str, Callable[[Any], object], Callable[[int], Any]]]:
    """Yield a name, an entry point, and what makes its inputs."""
    for entry, act in OF_BODIES.items():
        for name, make in BODIES.items():
            yield f"{entry}, {name}", act, make
    yield "validate_mailbox, unknown keys", validate_mailbox, unknown_keys
    yield "iter_mailbox_violations, unknown keys", lambda box: [*iter_mailbox_violations(box)], unknown_keys
    for entry, act in OF_FORMS.items():
        for name, make in FORMS.items():
            yield f"{entry}, {name}", act, make
    for name, line in LINES.items():
        yield f"Violation.parse, {name}", shown, line
    for name, (act, answer) in ANSWERS.items():
        yield name, act, answer


# The command


class Attack(NamedTuple):
    """A file that grows, and the arguments to check it with."""

    name: str
    make: Callable[[int], str]
    arguments: tuple[str, ...] = ("--select", "all")
    answer: Callable[[int], str] | None = None

    def files(self, amount: int) -> dict[str, bytes]:
        files = {self.name: self.make(amount).encode()}
        return files if self.answer is None else {"answer": self.answer(amount).encode(), **files}


def attacked(attack: Attack, files: dict[str, bytes]) -> str:
    """Return what the command writes about the files."""
    answer = () if attack.answer is None else ("--response", "answer")
    result = run("check", *(() if answer else attack.arguments), *answer, attack.name, files=files)
    assert result.status in {0, 1, 2}
    return result.everything


def printed(name: str, files: dict[str, bytes]) -> str:
    """Return what the command writes about the body of a file."""
    return run("body", "--force", "--batch", "9", name, files=files).everything


def in_json(make: Callable[[int], object]) -> Callable[[int], str]:
    return lambda n: json.dumps(make(n))


def in_yaml(make: Callable[[int], str]) -> Callable[[int], str]:
    """Return a mailbox in YAML with lines that grow."""
    fields = "".join(f"{name}: {json.dumps(value)}\n" for name, value in mailbox(smtp_server=...).items())
    return lambda n: f"{fields}{make(n)}\n"


def records(make: Callable[[int], dict[str, Any]]) -> Callable[[int], str]:
    return lambda n: "".join(json.dumps(make(number)) + "\n" for number in range(n))


SERVERS: Final = {"{{a}}": "x", "\n": "a", "${{": "", "http:": "", "1:59:": "0"}
HEADER: Final = ",".join(FULL)
ROW: Final = ",".join(map(str, FULL.values()))
CELLS: Final = "smtp_port,open_tracking_domain\n" + " 587,http://a.io/\n" * 5


def answer_of_lines(amount: int) -> str:
    lines = [f"mailbox[{number}].smtp_port is odd" for number in range(amount)]
    return json.dumps({"code": "VALIDATION_FAILURE", "details": lines})


def _attacks_in_a_value(pump: str, end: str) -> Iterator[tuple[str, Attack]]:
    def value(amount: int) -> str:
        return pump * amount + end

    def row(amount: int) -> str:
        return ROW.replace("smtp.server.io", f'"{value(amount)}"')

    server, domain = f"{pump!r} in a server", f"{pump!r} in a domain"
    yield f"JSON, {server}", Attack("a.json", in_json(lambda n: [mailbox(smtp_server=value(n))]))
    yield f"JSON, {domain}", Attack("a.json", in_json(lambda n: [mailbox(open_tracking_domain=value(n))]))
    yield f"JSON Lines, {server}", Attack("a.jsonl", in_json(lambda n: mailbox(smtp_server=value(n))))
    yield f"YAML, {server}", Attack("a.yaml", in_yaml(lambda n: f"smtp_server: {json.dumps(value(n))}"))
    yield f"CSV, {server}", Attack("a.csv", lambda n: f"{HEADER}\n{row(n)}\n")


def _attacks() -> Iterator[tuple[str, Attack]]:
    for pump, end in SERVERS.items():
        yield from _attacks_in_a_value(pump, end)
    yield "JSON, unknown keys", Attack("a.json", in_json(lambda n: [mailbox() | unknown_keys(n)]))
    yield (
        "JSON, unknown keys of the body",
        Attack("a.json", in_json(lambda n: {"mailboxes": [], **unknown_keys(n)})),
    )
    yield "JSON, duplicate keys", Attack("a.json", lambda n: "[{" + '"smtp_port": 1, ' * n + '"x": 1}]')
    yield "JSON, [0, 0, ...]", Attack("a.json", in_json(lambda n: [0] * n))
    yield "JSON, [[], [], ...]", Attack("a.json", in_json(lambda n: [[]] * n))
    yield "JSON, nested lists", Attack("a.json", lambda n: "[" * n + "]" * n)
    yield "JSON, cut off", Attack("a.json", lambda n: '[{"a": 1}, ' * n)
    yield "JSON, one long line of broken mailboxes", Attack("a.json", in_json(lambda n: [BROKEN] * (n // 10)))
    yield (
        "JSON, mailboxes further down",
        Attack("a.json", in_json(lambda n: {"x": [*unknown_keys(n), [mailbox()]]})),
    )
    yield (
        "YAML, aliases further down",
        Attack("a.yaml", lambda n: "a: &x [1]\nb:\n" + " - [*x, *x]\n" * (n // 10)),
    )
    yield (
        "JSON, --at",
        Attack("a.json", in_json(lambda n: {"a": {"b": [BROKEN] * (n // 10)}}), ("--at", "a.b")),
    )
    yield "JSON, spaces", Attack("a.json", lambda n: "[" + " \n" * n + "0]")
    yield (
        "JSON Lines, broken records",
        Attack("a.jsonl", records(lambda number: mailbox(smtp_port=str(number)))),
    )
    yield "JSON Lines, unknown keys", Attack("a.jsonl", lambda n: json.dumps(mailbox() | unknown_keys(n)))
    yield "JSON Lines, duplicate keys", Attack("a.jsonl", lambda n: "{" + '"smtp_port": 1, ' * n + '"x": 1}')
    yield "JSON Lines, [0, 0, ...]", Attack("a.jsonl", in_json(lambda n: [0] * n))
    yield "JSON Lines, not JSON", Attack("a.jsonl", lambda n: "{\n" * n)
    yield "YAML, base-60 numbers", Attack("a.yaml", in_yaml(lambda n: f"smtp_port: {'1:59:' * n}59"))
    yield (
        "YAML, aliases of a value",
        Attack("a.yaml", in_yaml(lambda n: "x: &x [1]\n" + "".join(f"k{i}: *x\n" for i in range(n)))),
    )
    yield "YAML, aliases of a mailbox", Attack("a.yaml", lambda n: "- &m {smtp_port: 0}\n" + "- *m\n" * n)
    yield "YAML, duplicate keys", Attack("a.yaml", in_yaml(lambda n: "smtp_server: a\n" * n))
    yield (
        "YAML, unknown keys",
        Attack("a.yaml", in_yaml(lambda n: json.dumps(unknown_keys(n))[1:-1].replace(", ", "\n"))),
    )
    yield "YAML, [0, 0, ...]", Attack("a.yaml", in_json(lambda n: [0] * n))
    yield "YAML, documents", Attack("a.yaml", lambda n: "--- {smtp_port: 0}\n" * (n // 10))
    yield "YAML, broken mailboxes", Attack("a.yaml", lambda n: "- {smtp_port: 0}\n" * (n // 10))
    yield "YAML, merged keys", Attack("a.yaml", in_yaml(lambda n: "m: &m {a: 1}\nx:\n" + " <<: *m\n" * n))
    yield (
        "YAML, comments",
        Attack("a.yaml", lambda n: "- {smtp_port: 993} # mailbox-schema: ignore[port-role]\n" * (n // 10)),
    )
    yield (
        "YAML, comments on a line",
        Attack("a.yaml", lambda n: "- {smtp_port: 993}" + " # mailbox-schema: ignore[port-role" * n),
    )
    yield (
        "YAML, comments alone",
        Attack("a.yaml", lambda n: "# mailbox-schema: ignore[email]\n" * n + "a: 1\n"),
    )
    yield (
        "YAML, comments in values",
        Attack("a.yaml", lambda n: "- '# mailbox-schema: ignore[email]'\n" * (n // 10)),
    )
    yield "CSV, columns of one name", Attack("a.csv", lambda n: "smtp_email," * n + "x\n" + "a," * n + "a\n")
    yield (
        "CSV, unknown columns",
        Attack("a.csv", lambda n: ",".join(unknown_keys(n)) + "\n" + "a," * n + "a\n"),
    )
    yield (
        "CSV, broken rows",
        Attack("a.csv", lambda n: f"{HEADER}\n" + f"{ROW.replace('993', 'x')}\n" * (n // 5)),
    )
    yield "CSV, blank rows", Attack("a.csv", lambda n: f"{HEADER}\n" + "\n" * n)
    yield "CSV, ragged rows", Attack("a.csv", lambda n: f"{HEADER}\n" + "a,\n" * n)
    yield "CSV, quotes", Attack("a.csv", lambda n: f'{HEADER}\n"' + '""' * n)
    fixable = {"smtp_port": "587", "bcc": "mailto:a@b.co", "footer": "", "daily_sending_limt": 5}
    for arguments in (("--fix", "--unsafe-fixes"), ("--diff", "--unsafe-fixes"), ("--format", "json")):
        option = f"{arguments[0]}, fixable mailboxes"
        for name in ("a.json", "a.yaml"):
            yield f"{option}, {name}", Attack(name, in_json(lambda n: [fixable] * (n // 10)), arguments)
        yield f"{option}, JSON Lines", Attack("a.jsonl", records(lambda _: fixable), arguments)
        csv = Attack("a.csv", lambda n: CELLS * (n // 5), arguments)
        yield f"{option}, CSV", csv
    yield (
        "--fix, blank members",
        Attack(
            "a.json",
            in_json(lambda n: [unknown_keys(n) | {"footer": "", "bcc": ""}]),
            ("--fix", "--unsafe-fixes"),
        ),
    )
    for name, items in {"mailboxes": lambda n: [mailbox()] * n, "no mailboxes": lambda _: []}.items():
        yield f"--response, n lines, {name}", Attack("a.json", in_json(items), answer=answer_of_lines)
    yield (
        "--response, n lines, JSON Lines",
        Attack("a.jsonl", records(lambda _: mailbox()), answer=answer_of_lines),
    )
    yield (
        "--response, n lines, YAML",
        Attack("a.yaml", lambda n: "- {smtp_port: 1}\n" * n, answer=answer_of_lines),
    )
    yield (
        "--response, n lines, CSV",
        Attack("a.csv", lambda n: f"{HEADER}\n" + f"{ROW}\n" * n, answer=answer_of_lines),
    )
    yield (
        "--response, a long line",
        Attack(
            "a.json", in_json(lambda _: [mailbox()]), answer=lambda n: json.dumps({"details": ["a-" * n]})
        ),
    )


ATTACKS: Final = dict(_attacks())


def cases_of_command() -> Iterator[tuple[str, Callable[[Any], object], Callable[[int], Any]]]:
    """Yield a name, the command, and what makes its files."""
    for name, attack in ATTACKS.items():
        yield f"check, {name}", partial(attacked, attack), attack.files
        if attack.answer is None:
            yield f"body, {name}", partial(printed, attack.name), attack.files


# No threshold of a field, such as the longest address, is between one of these and its double.
SIZES: Final = {"body": 100, "check": 100}
SIZE: Final = 300
COLUMNS: Final = "CSV, columns of one name"
"""Their remarks take quadratic work, so there may be at most 1,000 columns."""
CASES: Final = {name: (act, make) for name, act, make in (*cases_of_library(), *cases_of_command())}


@only_in_depth
@pytest.mark.parametrize("entry", sorted({name.partition(",")[0] for name in CASES}))
def test_twice_the_input_takes_at_most_twice_the_lines(entry: str) -> None:
    found = {
        name: growth(act, make, SIZES.get(entry, SIZE))
        for name, (act, make) in CASES.items()
        if name.partition(",")[0] == entry and not name.endswith(COLUMNS)
    }
    assert {name: each for name, each in found.items() if each.exponent > MOST_EXPONENT} == {}


def test_the_number_of_columns_is_bounded() -> None:
    act, make = CASES[f"check, {COLUMNS}"]
    assert lines_run(partial(act, make(999))) < 2_500_000
    found = growth(act, make, 1000)
    assert found.exponent <= MOST_EXPONENT
    assert found.twice < 50_000


def test_quadratic_work_is_noticed() -> None:
    found = growth(lambda n: [json.loads("0") for _ in range(n * n)], int, 20)
    assert found.exponent == pytest.approx(2)


def main() -> int:
    """Print the table."""
    sys.stdout.write(
        "| entry point and input | n | lines | lines for 2 n | exponent |\n|---|---|---|---|---|\n"
    )
    exponents = []
    for name, (act, make) in CASES.items():
        size, once, twice = found = growth(act, make, 2000)
        exponents.append(found.exponent)
        sys.stdout.write(f"| {name} | {size:,} | {once:,} | {twice:,} | {found.exponent:.2f} |\n")
    return int(max(exponents) > MOST_EXPONENT)


if __name__ == "__main__":
    sys.exit(main())
