"""The npm package, installed from its tarball: it says what Python says, apart from the differences named here."""

import gzip
import json
import re
import unicodedata
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

import pytest
from benchmarks import npm
from canaries import canaries, leaks, planted_bodies
from golden import body, cases, mailbox
from hypothesis import given, settings
from hypothesis import strategies as st
from node import ROOT, compiled, needs_npm, run_node
from peers.chance import SEED, drawn, one_of
from peers.compare import DRAWN
from peers.test_peers import _is_json, generated
from tiers import IS_DEEP, only_in_depth
from unspoken import PAST_A_DOUBLE

import mailbox_schema
from mailbox_schema import FIELDS, Violation, iter_violations, validate
from mailbox_schema.rules import BODY_RULES, FIELD_RULES

pytestmark = [needs_npm, pytest.mark.depth]

COUNT: Final = DRAWN if IS_DEEP else 150


class Answer(NamedTuple):
    """What the package says about a body; ``printed`` is its error in every way that it may be printed."""

    lines: list[str]
    violations: list[dict[str, Any]]
    printed: str


def judged(project: Path, bodies: list[Any]) -> list[Answer]:
    """Return the answers of the package; those of its two entry points are the same."""
    answers = run_node("npm.mjs", {"project": str(project), "bodies": bodies})
    assert [imported for imported, _ in answers] == [required for _, required in answers]
    return [Answer(**imported) for imported, _ in answers]


def test_a_golden_case_has_its_exact_lines(npm_project: Path) -> None:
    all_cases = cases()
    answers = judged(npm_project, [case.body for case in all_cases])
    assert [answer.lines for answer in answers] == [case.details for case in all_cases]


def test_the_violations_are_those_of_python(npm_project: Path) -> None:
    bodies = [case.body for case in cases()]
    expected = [[_parts(violation) for violation in iter_violations(each)] for each in bodies]
    assert [answer.violations for answer in judged(npm_project, bodies)] == expected


def _parts(violation: Violation) -> dict[str, Any]:
    return {name: getattr(violation, name) for name in ("index", "field", "rule", "message")}


# The differences


class Difference(NamedTuple):
    """A class of values on which the package and Python differ, with a body that shows it and the lines for it.

    ``is_there``: whether the Python and the libraries that run this test are old enough for it.
    """

    name: str
    recognizes: Callable[[Any, Any], bool]
    witness: Any
    lines: list[str]
    is_there: bool = True


def _names(value: Any) -> list[str]:
    """Return an address or a domain as it is written, and with its A-labels decoded."""
    return [value, ".".join(map(_decoded, re.split("[@.]", value)))] if isinstance(value, str) else []


def _decoded(label: str) -> str:
    if label[:4].lower() != "xn--":
        return label
    try:
        return label[4:].lower().encode().decode("punycode")
    except UnicodeError:
        return label


def _has_unknown_character(value: Any, _partner: Any) -> bool:
    return any(unicodedata.category(character) == "Cn" for name in _names(value) for character in name)


def _has_hyphens_after_astral(value: Any, _partner: Any) -> bool:
    return any(re.search(r"(?:^|[.@])[\U00010000-\U0010ffff]--", name) for name in _names(value))


def _has_right_to_left_domain(value: Any, _partner: Any) -> bool:
    domains = [name.partition(".")[2] for name in _names(value)[1:] if "@" in value]
    return any(
        unicodedata.bidirectional(character) in {"R", "AL", "AN"} for name in domains for character in name
    )


EMAIL_VALIDATOR: Final = tuple(map(int, metadata.version("email-validator").split(".")[:2]))
DIFFERENCES: Final = (
    Difference(
        "an integer past a double",
        lambda _value, partner: isinstance(partner, int) and abs(partner) > 10**308,
        PAST_A_DOUBLE.witness,
        [
            "mailbox[0].sending_wait_time_from if provided must be present along with and lower than sending_wait_time_to and be in range <10,9999>"
        ],
    ),
    Difference(
        "a character that is newer than Python's Unicode",
        _has_unknown_character,
        body(open_tracking_domain="a\U000323b0.example"),  # of Unicode 17.0
        [],
        unicodedata.unidata_version < "17",
    ),
    Difference(
        "hyphens after a character past U+FFFF",
        _has_hyphens_after_astral,
        body(open_tracking_domain="\U00010280--a.example"),
        ["mailbox[0].open_tracking_domain if provided must be a valid domain"],
    ),
    Difference(
        "an address at a right-to-left domain",
        lambda value, partner: EMAIL_VALIDATOR < (2, 4) and _has_right_to_left_domain(value, partner),
        body(bcc="a@1.\u05d0\u05d1"),
        ["mailbox[0].bcc if provided must be a valid email address"],
        EMAIL_VALIDATOR < (2, 4),
    ),
)


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.name)
def test_a_difference_is_as_described(difference: Difference, npm_project: Path) -> None:
    (answer,) = judged(npm_project, [difference.witness])
    assert answer.lines == difference.lines
    assert (validate(difference.witness) != answer.lines) is difference.is_there
    assert _unexplained(difference.witness, answer.lines) == []


def test_the_page_names_each_difference() -> None:
    page = (ROOT / "schemas/npm/README.md").read_text(encoding="utf-8")
    named = re.findall(
        r"^- \*\*(.+?)\.\*\*", page.partition("## Where it differs from the Python package")[2], re.MULTILINE
    )
    assert [name.lower() for name in named] == [difference.name.lower() for difference in DIFFERENCES]


def test_bodies_near_every_edge_have_the_lines_of_python(npm_project: Path) -> None:
    # As they are read from JSON: a Python string may have two halves of a pair.
    bodies = json.loads(json.dumps(drawn(DRAWN) + generated(COUNT)))
    answers = judged(npm_project, bodies)
    unexplained = [
        (each, answer.lines)
        for each, answer in zip(bodies, answers, strict=True)
        if answer.lines != validate(each) and _unexplained(each, answer.lines)
    ]
    assert unexplained == []


def _unexplained(of: Any, lines: list[str]) -> list[Violation]:
    """Return the violations that only one of the two has, and no difference explains."""
    ours = list(iter_violations(of))
    theirs = list(map(Violation.parse, lines))
    in_both = set(ours) & set(theirs)
    assert [v for v in theirs if v in in_both] == [v for v in ours if v in in_both], "another order"
    return [v for v in ours + theirs if v not in in_both and not _is_explained(v, of)]


def _is_explained(violation: Violation, of: Any) -> bool:
    if violation.index is None or violation.field is None:
        return False
    box = of["mailboxes"][violation.index]
    partner = {
        "sending_wait_time_from": "sending_wait_time_to",
        "sending_wait_time_to": "sending_wait_time_from",
    }
    value, other = box.get(violation.field), box.get(partner.get(violation.field, ""))
    return any(difference.recognizes(value, other) for difference in DIFFERENCES)


# Each place of a name where a character may matter.
PLACES: Final = {
    "smtp_email": "a@x{}y.example.com",
    "imap_email": "x{}@example.com",
    "bcc": "{}x@example.com",
    "open_tracking_domain": "{}.example",
    "click_tracking_domain": "x{}y.example",
}


ALIKE: Final = ("CJK UNIFIED IDEOGRAPH-", "HANGUL SYLLABLE ", "TANGUT IDEOGRAPH-")


@only_in_depth
def test_every_character_of_pythons_unicode_is_judged_as_python_does(npm_project: Path) -> None:
    # Of the ideographs and syllables that are all alike, each 16th.
    numbers = (
        n for n in range(0x80, 0x110000) if n % 16 == 0 or not unicodedata.name(chr(n), "").startswith(ALIKE)
    )
    characters = [each for each in map(chr, numbers) if unicodedata.category(each) not in {"Cn", "Co", "Cs"}]
    of = {
        "mailboxes": [
            mailbox(**{name: place.format(each) for name, place in PLACES.items()}) for each in characters
        ]
    }
    lines = run_node("npm-lines.mjs", {"project": str(npm_project), "body": of})
    assert lines == validate(of)


# What names are made of: parts of mappings and of decompositions, joiners and what they join, both sets of digits, the
# characters of the contextual rules, and some of each direction.
PARTS: Final = (
    *"abl19-", *"--", "xn", "XN", "\u00b7", "\u00df", "\u00e4", "\u00c4", "\u0130", "\u0300", "\u0338", "\u0375", "\u03b1",
    "\u03c2", "\u05d0", "\u05d1", "\u05f3", "\u05f4", "\u0628", "\u0644", "\u0660", "\u0669", "\u06f0", "\u06f9", "\u0915",
    "\u094d", "\u1e9e", "\u200c", "\u200d", "\u2024", "\u2260", "\u2488", "\u3042", "\u30a2", "\u30fb", "\u4f8b", "\ud800",
    "\ufb00", "\ufe0f", "\uff0e", "\uff41", "\U00010280", "\U0001d400", "\U0001f600",
)  # fmt: skip
LAST_LABELS: Final = ("com", "COM", "c0m", "123", "test", "xn--p1ai", "\u0440\u0444", "\u05d0\u05d1")


def test_names_of_confusing_parts_are_judged_as_python_does(npm_project: Path) -> None:
    random = Random(SEED)  # noqa: S311  # it keeps nothing secret
    boxes = [
        mailbox(bcc=f"{_label(random)}@{_name(random)}", open_tracking_domain=_name(random))
        for _ in range(4000)
    ]
    of = json.loads(json.dumps({"mailboxes": boxes}))
    lines = run_node("npm-lines.mjs", {"project": str(npm_project), "body": of})
    assert 2 * len(boxes) - len(lines) > 500, "too few of the names are valid"
    assert _unexplained(of, lines) == []


def _name(random: Random) -> str:
    labels = [_label(random) for _ in range(one_of((1, 1, 2), random))]
    return one_of((".", ".", ".", "\u3002"), random).join([*labels, one_of(LAST_LABELS, random)])


def _label(random: Random) -> str:
    """A few parts, half of them in their normal form and in small letters, and a third as an A-label."""
    label = "".join(one_of(PARTS, random) for _ in range(one_of((1, 2, 2, 3, 3, 4), random)))
    if random.random() < 1 / 2:
        label = unicodedata.normalize("NFC", label).lower()
    if random.random() < 1 / 3 and "\ud800" not in label:
        return f"{one_of(('xn--', 'Xn--'), random)}{label.encode('punycode').decode()}"
    return label


# Values that only JavaScript has


FROM_TO: Final = [
    f"mailbox[0].{name} {FIELDS[name].message}" for name in ("sending_wait_time_from", "sending_wait_time_to")
]


def line(name: str, index: int = 0) -> str:
    return f"mailbox[{index}].{name} {FIELDS[name].message}"


NOT_A_BODY: Final = ["body must be an object"]
NO_MAILBOXES: Final = ["mailboxes must be provided and have size in range <1,200>"]
NO_TYPES: Final = ["completion_notification_types if provided must contain only MAIL and IN_APP"]
REQUIRED: Final = [line(name) for name, field in FIELDS.items() if field.required]
HOSTILE: Final = {
    "undefined": NOT_A_BODY,
    "a function": NOT_A_BODY,
    "a symbol": NOT_A_BODY,
    "a bigint": NOT_A_BODY,
    "a boxed string": NO_MAILBOXES,
    "a date": NO_MAILBOXES,
    "a Map": NO_MAILBOXES,
    "an array": NOT_A_BODY,
    "null without a prototype": NO_MAILBOXES,
    "a body without a prototype": [],
    "an instance of a class": [],
    "accessors of a class, which JSON.stringify leaves out": [line("smtp_port")],
    "an inherited body": NO_MAILBOXES,
    "an inherited field": [line("smtp_port")],
    "a prototype in place of members": NO_MAILBOXES,
    "a key __proto__": [],
    "a mailbox with a key __proto__": REQUIRED,
    "a getter": [],
    "a getter of another value each time": [],
    "a getter that raises": ["mailbox[0] must be an object"],
    "a body that raises": NOT_A_BODY,
    "a revoked proxy": NOT_A_BODY,
    "a revoked array": NO_MAILBOXES,
    "a mailbox that raises": ["mailbox[1] must be an object"],
    "an array that raises": NO_MAILBOXES,
    "a proxy that reads well": [],
    "types that raise": NO_TYPES,
    "a hole": ["mailbox[1] must be an object"],
    "four billion holes": [*NO_MAILBOXES, "mailbox[300] must be an object"],
    "an array that says its length is not a number": NO_MAILBOXES,
    "a hole among the types": NO_TYPES,
    "a cycle": [line(name, 1) for name, field in FIELDS.items() if field.required],
    "not a number": [line("smtp_port"), line("daily_sending_limit")],
    "infinity": [line("smtp_port"), *FROM_TO],
    "minus zero": [line("smtp_port")],
    "a bigint for a port": [line("smtp_port")],
    "symbols for numbers": [line("smtp_port"), line("sending_wait_time_from")],
    "objects that raise for numbers": FROM_TO,
    "boxed values": [line("smtp_server"), line("smtp_port")],
    "functions for texts": [line("smtp_server"), line("footer")],
    "lone surrogates": [line("smtp_email"), line("bcc"), line("open_tracking_domain")],
    "a megabyte of at signs": [line("footer"), line("bcc"), line("open_tracking_domain")],
    "a megabyte of hyphens": [line("bcc"), line("open_tracking_domain")],
    "four billion holes among the types": NO_TYPES,
    "a million types": [],
    "a million mistaken types": NO_TYPES,
    "undefined for an optional field": [],
}


def test_a_value_that_json_does_not_have_gets_an_answer(npm_project: Path) -> None:
    assert run_node("npm-hostile.mjs", {"project": str(npm_project), "mailbox": mailbox()}) == HOSTILE


# The package


def test_no_output_shows_a_secret(npm_project: Path) -> None:
    planted: list[tuple[Any, Any]] = []

    @settings(max_examples=100, database=None, derandomize=True)
    @given(canaries().flatmap(lambda canary: st.tuples(st.just(canary), planted_bodies(canary))))
    def plant(each: Any) -> None:
        planted.append(each)

    plant()
    sent = [(canary, each) for canary, each in planted if _is_json(each)]
    for (canary, _), answer in zip(sent, judged(npm_project, [each for _, each in sent]), strict=True):
        assert leaks(json.dumps(answer), *canary.forms) == set()


def test_the_package_has_these_files_and_needs_no_other_package(npm_project: Path) -> None:
    installed = npm_project / "node_modules"
    assert [path.name for path in installed.iterdir() if path.name != ".package-lock.json"] == [
        "mailbox-schema"
    ]
    package = installed / "mailbox-schema"
    assert sorted(path.name for path in package.iterdir()) == [
        "LICENSE", "README.md", "THIRD-PARTY-LICENSES.txt", "index.cjs", "index.d.cts", "index.d.ts", "index.js",
        "package.json",
    ]  # fmt: skip
    manifest = json.loads((package / "package.json").read_text(encoding="utf-8"))
    assert manifest["version"] == mailbox_schema.__version__
    assert [key for key in manifest if "ependencies" in key] == []


def test_the_licenses_are_those_of_the_bundled_packages(npm_project: Path) -> None:
    text = (npm_project / "node_modules/mailbox-schema/THIRD-PARTY-LICENSES.txt").read_text(encoding="utf-8")
    assert re.findall(r"^([a-z-]+) \S+ \(MIT\)$", text, re.MULTILINE) == ["ajv", "idn-hostname", "punycode"]
    assert text.count("Permission is hereby granted") == 3


def test_the_fields_and_rules_are_those_of_the_contract(npm_project: Path) -> None:
    package = npm_project / "node_modules/mailbox-schema"
    fields = run_node("npm-fields.mjs", {"project": str(npm_project)})
    expected = [
        field._asdict() | {"limits": field.limits and field.limits._asdict()} for field in FIELDS.values()
    ]
    assert [
        field | {"source": row["source"]} for field, row in zip(fields, expected, strict=True)
    ] == expected
    declared = (package / "index.d.ts").read_text(encoding="utf-8")
    (rules,) = re.findall(r"^export type Rule = (.*);$", declared, re.MULTILINE)
    assert json.loads(f"[{rules.replace(' | ', ', ')}]") == [*BODY_RULES, *FIELD_RULES]


def test_the_bundle_runs_where_there_is_nothing_but_the_language(npm_project: Path) -> None:
    """No module of Node, no ``process``, no ``Buffer``, not even what browsers and Node have in common."""
    lines = run_node(
        "npm-bare.mjs", {"project": str(npm_project), "body": body(bcc="a@\u00fc.test", smtp_port=0)}
    )
    assert lines == [line("smtp_port"), line("bcc")]
    script = (npm_project / "node_modules/mailbox-schema/index.js").read_text(encoding="utf-8")
    assert re.findall(r"\bimport\b", script) == []


def test_the_package_stays_small(npm_project: Path) -> None:
    script = (npm_project / "node_modules/mailbox-schema/index.js").read_bytes()
    assert len(gzip.compress(script)) < 35_000


@only_in_depth
def test_the_page_shows_what_the_benchmark_measures(npm_project: Path) -> None:
    tables = npm.report(npm.measure(npm_project, rounds=1))
    assert _rows(npm.TABLES.read()) == _rows(tables)


def _rows(tables: str) -> list[str]:
    """Return the first column, without the figures."""
    return [line.split("|")[1] for line in tables.splitlines() if line.startswith("|")]


USER: Final = """\
import { FIELDS, InvalidBody, ensureValid, isValid, validate, violations } from "mailbox-schema";
import type { Body, FieldName, Mailbox, Rule, Violation } from "mailbox-schema";

declare const given: unknown;
const lines: string[] = validate(given);
const all: Violation[] = violations(given);
const fields: (FieldName | keyof Body | null)[] = all.map(({ field }) => field);
const rules: Rule[] = FIELDS.map(({ rule }) => rule);
if (isValid(given)) {
  const first: Mailbox | undefined = given.mailboxes[0];
  console.log(first?.smtp_port, lines, fields, rules);
}
try {
  const body: Body = ensureValid(given);
  console.log(body.completion_notification_types);
} catch (error) {
  if (error instanceof InvalidBody) console.log(error.details, error.violations[0]?.index, error.response.code);
}
"""
MISTAKES: Final = """\
import { FIELDS, isValid, validate, violations } from "mailbox-schema";
import type { Rule } from "mailbox-schema";

declare const given: unknown;
const one: string = validate(given);
const number: number = violations(given)[0]!.index;
const rule: Rule = "ports";
FIELDS[0]!.message = "other";
if (isValid(given)) console.log(given.mailboxs);
validate();
"""
USES: Final = {"user": USER, "mistakes": MISTAKES}
REPORTED: Final = [
    "(5,7): error TS2322: Type 'string[]' is not assignable to type 'string'.",
    "(6,7): error TS2322: Type 'number | null' is not assignable to type 'number'.",
    "  Type 'null' is not assignable to type 'number'.",
    "(7,7): error TS2820: Type '\"ports\"' is not assignable to type 'Rule'. Did you mean '\"port\"'?",
    "(8,12): error TS2540: Cannot assign to 'message' because it is a read-only property.",
    "(9,39): error TS2551: Property 'mailboxs' does not exist on type 'Body'. Did you mean 'mailboxes'?",
    "(10,1): error TS2554: Expected 1 arguments, but got 0.",
]


def test_the_compiler_accepts_a_user_and_finds_each_mistake(npm_project: Path, tmp_path: Path) -> None:
    """A module that requires the package, and one that imports it."""
    (tmp_path / "node_modules").symlink_to(npm_project / "node_modules")
    endings = ("cts", "mts")
    files = {f"{name}.{ending}": text for ending in endings for name, text in USES.items()}
    assert compiled(tmp_path, files) == [
        each if each.startswith(" ") else f"mistakes.{ending}{each}"
        for ending in endings
        for each in REPORTED
    ]
