"""The request document under the validators people use: ``python tests/peers/compare.py`` prints the table.

Each validator and the rules judge every golden case and several thousand random bodies. With
``--write`` the table is written into docs/validators.md. Needs the extra ``test``; for the validators in
JavaScript Node and ``npm ci --prefix tests/peers``; for those in other languages the packages of Debian that
``languages.py`` names.
"""

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any, Final, NamedTuple

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))

from golden import cases
from measured import MeasuredPart
from node import PEERS, run_node
from peers import languages
from peers.chance import drawn
from unspoken import INTERNATIONALIZED, WAIT_TIME_ORDER, Unspoken, spoken_violations

from mailbox_schema import FIELDS, is_valid, load_schema

TABLE: Final = MeasuredPart("docs/validators.md", "tests/peers/compare.py")
DRAWN: Final = 3000

Verdicts = Callable[[dict[str, Any], list[Any]], list["bool | None"]]


class Peer(NamedTuple):
    """A validator: ``document`` is its input, and ``unspoken`` the part of the contract that this leaves out.

    ``verdicts`` judges many bodies: valid, not valid, or ``None`` for one that it can't read. One that
    ``refuses_points`` doesn't take 465.0 for an integer, as JSON Schema does from draft-06 on.
    """

    name: str
    package: str
    document: str
    verdicts: Verdicts
    unspoken: tuple[Unspoken, ...] = (WAIT_TIME_ORDER, INTERNATIONALIZED)
    refuses_points: bool = False


def _jsonschema(schema: dict[str, Any], given: list[Any]) -> "list[bool | None]":
    from jsonschema import Draft202012Validator  # noqa: PLC0415  # each peer is loaded for its own row

    validator = Draft202012Validator(schema)
    return [validator.is_valid(each) for each in given]


def _ours(_schema: dict[str, Any], given: list[Any]) -> "list[bool | None]":
    from mailbox_schema.schema import validator  # noqa: PLC0415  # each peer is loaded for its own row

    asked = validator()
    return [asked.is_valid(each) for each in given]


def _jsonschema_rs(schema: dict[str, Any], given: list[Any]) -> "list[bool | None]":
    import jsonschema_rs  # noqa: PLC0415  # each peer is loaded for its own row

    validator = jsonschema_rs.validator_for(schema)

    def verdict(each: Any) -> "bool | None":
        try:
            return validator.is_valid(each)
        except ValueError:
            return None

    return [verdict(each) for each in given]


def _fastjsonschema(schema: dict[str, Any], given: list[Any]) -> "list[bool | None]":
    import fastjsonschema  # noqa: PLC0415  # each peer is loaded for its own row

    validate = fastjsonschema.compile(schema)

    def verdict(each: Any) -> bool:
        try:
            validate(each)
        except fastjsonschema.JsonSchemaValueException:
            return False
        return True

    return [verdict(each) for each in given]


def _check_jsonschema(schema: dict[str, Any], given: list[Any]) -> "list[bool | None]":
    """A lone surrogate ends the whole run with a traceback, so it doesn't get bodies that contain one."""
    readable = [each for each in given if _is_unicode(each)]
    verdicts = iter(_check_jsonschema_files(schema, readable))
    return [next(verdicts) if _is_unicode(each) else None for each in given]


def _is_unicode(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _check_jsonschema_files(schema: dict[str, Any], given: list[Any]) -> "list[bool | None]":
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "schema.json"
        document.write_text(json.dumps(schema), encoding="utf-8")
        files = [Path(folder) / f"{number}.body.json" for number in range(len(given))]
        for file, each in zip(files, given, strict=True):
            file.write_text(json.dumps(each), encoding="utf-8")
        command = [sys.executable, "-m", "check_jsonschema", "--output-format", "json", "--schemafile"]
        done = subprocess.run(  # noqa: S603  # the command that is measured
            [*command, document, *files], capture_output=True, encoding="utf-8", check=False
        )
        report = json.loads(done.stdout)
        refused = {Path(error["filename"]) for error in report.get("errors", ())}
        unread = {Path(error["filename"]) for error in report.get("parse_errors", ())}
        return [None if file in unread else file not in refused for file in files]


def _by_node(script: str) -> Verdicts:
    def verdicts(schema: dict[str, Any], given: list[Any]) -> "list[bool | None]":
        judged: list[bool | None] = run_node(script, {"schema": schema, "bodies": given})
        return judged

    return verdicts


def _by_language(name: str) -> Verdicts:
    def verdicts(schema: dict[str, Any], given: list[Any]) -> "list[bool | None]":
        texts = list(map(json.dumps, given))
        judged: list[bool | None] = languages.run(name, "validate", {"schema": schema, "bodies": texts})
        return judged

    return verdicts


def _ajv_errors(schema: dict[str, Any], given: list[Any]) -> "list[bool | None]":
    return [not lines for lines in run_node("ajv-errors.mjs", {"schema": schema, "bodies": given})]


PYTHON: Final = (
    Peer(
        "jsonschema, by `mailbox_schema.schema.validator()`",
        "jsonschema",
        "request",
        _ours,
        (WAIT_TIME_ORDER,),
    ),
    Peer("jsonschema", "jsonschema", "request", _jsonschema),
    Peer("jsonschema-rs", "jsonschema-rs", "request", _jsonschema_rs),
    Peer("fastjsonschema", "fastjsonschema", "request-draft-07", _fastjsonschema),
    Peer("check-jsonschema", "check-jsonschema", "request", _check_jsonschema),
)
JAVASCRIPT: Final = (
    Peer("ajv, strict, with ajv-formats", "ajv", "request", _by_node("ajv.mjs")),
    Peer("ajv, strict, with ajv-formats", "ajv", "request-draft-07", _by_node("ajv.mjs")),
    Peer(
        "ajv, strict, with ajv-errors",
        "ajv-errors",
        "request-ajv-errors",
        _ajv_errors,
        (INTERNATIONALIZED,),
    ),
    Peer("@hyperjump/json-schema", "@hyperjump/json-schema", "request", _by_node("hyperjump.mjs")),
)
# The package of each is the name of its language.
OTHERS: Final = (
    Peer("xeipuuv/gojsonschema", "Go", "request-draft-07", _by_language("Go")),
    Peer("JSON::Validator", "Perl", "request-draft-07", _by_language("Perl")),
    Peer("json_schemer", "Ruby", "request-draft-07", _by_language("Ruby")),
    Peer("justinrainbow/json-schema", "PHP", "request-draft-07", _by_language("PHP"), refuses_points=True),
)


def version(peer: Peer) -> str:
    """Return the version of the package that judges."""
    if peer in PYTHON:
        return metadata.version(peer.package)
    if peer in OTHERS:
        return f"{languages.installed(languages.LANGUAGES[peer.package].packages[0])}, {peer.package}"
    manifest = PEERS / "node_modules" / peer.package / "package.json"
    return str(json.loads(manifest.read_text(encoding="utf-8"))["version"])


class Tally(NamedTuple):
    """The verdicts of a validator: how many agree with the rules, and why the others don't."""

    bodies: int
    agreed: int
    unspoken: dict[str, int]
    points: int
    unread: list[Any]
    unexplained: list[Any]


def tally(peer: Peer, given: list[Any]) -> Tally:
    """Judge the bodies, and sort the disagreements into their classes."""
    verdicts = peer.verdicts(load_schema(peer.document), given)
    counts = {each.what: 0 for each in (WAIT_TIME_ORDER, INTERNATIONALIZED)}
    agreed, points, unread, unexplained = 0, 0, [], []
    for each, verdict in zip(given, verdicts, strict=True):
        if verdict is is_valid(each):
            agreed += 1
        elif verdict is None:
            unread.append(each)
        elif verdict is False and peer.refuses_points and _has_point(each):
            points += 1
        elif verdict is not (not spoken_violations(each, peer.unspoken)):
            unexplained.append(each)
        else:
            # What alone explains it; a body may have a mistake of each class.
            for kind in peer.unspoken:
                others = tuple(other for other in peer.unspoken if other is not kind)
                counts[kind.what] += bool(spoken_violations(each, others))
    return Tally(len(given), agreed, counts, points, unread, unexplained)


def _has_point(body: Any) -> bool:
    """Return whether an integer of a valid body is written with a point."""
    integers = [name for name, field in FIELDS.items() if field.type == "integer"]
    return any(isinstance(mailbox.get(name), float) for mailbox in body["mailboxes"] for name in integers)


HEAD: Final = """\
| validator | version | document | agrees on | wait-time order | IDN | 465.0 | can't read | agrees on the rest |
|---|---|---|---|---|---|---|---|---|
"""


def row(peer: Peer, given: list[Any]) -> str:
    """Return the row of the table for a validator."""
    made = tally(peer, given)
    share = f"{made.agreed / made.bodies:.2%}"
    counts = " | ".join(str(made.unspoken[each.what]) for each in (WAIT_TIME_ORDER, INTERNATIONALIZED))
    return (
        f"| {peer.name} | {version(peer)} | `{peer.document}` | {share} | {counts}"
        f" | {made.points} | {len(made.unread)} | {made.agreed / (made.agreed + len(made.unexplained)):.2%} |\n"
    )


def measured_on() -> list[Any]:
    """Return the bodies that the table is measured on."""
    return [case.body for case in cases()] + drawn(DRAWN)


def counted() -> str:
    """Return how many these are."""
    return f"{len(cases())} golden cases and {DRAWN} bodies drawn by chance"


def report() -> str:
    """Return the table with what it was measured on."""
    given = measured_on()
    versions = f"Python {platform.python_version()}, Node {run_node('version.mjs', None)}"
    rows = "".join(row(peer, given) for peer in PYTHON + JAVASCRIPT + OTHERS)
    return f"{counted()}; {versions}.\n\n{HEAD}{rows}"


def main() -> None:
    """Print the table, or write it into the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help=f"write it into {TABLE.page}")
    is_written = parser.parse_args().write
    printed = report()
    if not is_written:
        print(printed, end="")
        return
    TABLE.write(printed)


if __name__ == "__main__":
    main()
