"""SchemaStore's checks of a catalog entry, a schema and its test files, made on ours.

They are those of its command ``check``, and what its guide for contributors demands of every schema.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from node import needs_node, run_node

from mailbox_schema import FIELDS, iter_violations, load_schema, validate
from mailbox_schema.contract import COMPLETION_NOTIFICATION_TYPES, NOTIFICATION_TYPES
from mailbox_schema.lint.discovery import is_wanted

ROOT: Final = Path(__file__).parent.parent.parent / "docs/schemastore"
ENTRY: Final = json.loads((ROOT / "catalog-entry.json").read_text(encoding="utf-8"))
SCHEMA: Final = load_schema("request-strict")
HOME: Final = "https://www.schemastore.org/"
NAME: Final = ENTRY["url"].removeprefix(HOME).removesuffix(".json")
POSITIVE: Final = sorted((ROOT / "src/test" / NAME).iterdir())
NEGATIVE: Final = sorted((ROOT / "src/negative_test" / NAME).iterdir())


def entry_problems(entry: dict[str, Any]) -> Iterator[str]:
    if not {"name", "description", "url"} <= set(entry) <= {"name", "description", "url", "fileMatch"}:
        yield "keys"
    for key in ("name", "description"):
        if entry[key][-1] in ",. \t-":
            yield f"the end of the {key}"
        if "schema" in entry[key].lower():
            yield f"the word schema in the {key}"
        if "\n" in entry[key]:
            yield f"a line end in the {key}"
    if not (entry["url"].startswith(HOME) and entry["url"].endswith(".json")):
        yield "the address"
    if len(set(entry["fileMatch"])) < len(entry["fileMatch"]):
        yield "a pattern twice"
    if any("/" in pattern and not pattern.startswith("**/") for pattern in entry["fileMatch"]):
        yield "a folder without **/"


def test_the_entry_is_as_the_catalog_wants_it() -> None:
    assert list(entry_problems(ENTRY)) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"versions": {}}, "keys"),
        ({"name": "Woodpecker."}, "the end of the name"),
        ({"description": "JSON Schema of mailboxes"}, "the word schema in the description"),
        ({"name": "Wood\npecker"}, "a line end in the name"),
        ({"url": "http://www.schemastore.org/woodpecker-mailboxes.json"}, "the address"),
        ({"fileMatch": ["a.json", "a.json"]}, "a pattern twice"),
        ({"fileMatch": ["woodpecker/*.json"]}, "a folder without **/"),
    ],
)
def test_an_entry_with_a_mistake_is_refused(changes: dict[str, Any], problem: str) -> None:
    assert list(entry_problems({**ENTRY, **changes})) == [problem]


def test_the_linter_checks_the_files_of_the_entry(tmp_path: Path) -> None:
    names = [pattern.replace("**/", "").replace("*", "sales") for pattern in ENTRY["fileMatch"]]
    assert "woodpecker/mailboxes/sales.json" in names
    assert [name for name in names if not is_wanted(str(tmp_path / name))] == []


def test_the_schema_names_an_old_enough_dialect_and_itself() -> None:
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert SCHEMA["$id"].startswith("https://")


def test_everything_has_a_title_and_a_description_without_a_colon_at_the_end() -> None:
    mailbox = SCHEMA["definitions"]["mailbox"]
    parts = [SCHEMA, mailbox, *SCHEMA["properties"].values(), *mailbox["properties"].values()]
    assert len(parts) == 2 + 3 + len(FIELDS)
    for part in parts:
        assert part["title"][-1] not in ":.", part
        assert part["description"][-1] != ":", part


def file_problems(file: Path) -> Iterator[str]:
    text = file.read_bytes()
    if text.startswith((b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe")):
        yield "a byte order mark"
    if file.suffix not in {".json", ".yaml", ".yml", ".toml"}:
        yield "the file type"
    pragma = f"# yaml-language-server: $schema=../../schemas/json/{NAME}.json"
    if file.suffix in {".yaml", ".yml"} and text.decode().splitlines()[0] != pragma:
        yield "the first line"


@pytest.mark.parametrize("file", POSITIVE + NEGATIVE, ids=lambda file: file.name)
def test_a_file_is_as_the_checks_want_it(file: Path) -> None:
    assert list(file_problems(file)) == []


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("a.json", b"\xef\xbb\xbf{}", "a byte order mark"),
        ("a.jsonl", b"{}", "the file type"),
        ("a.yml", b"mailboxes: []", "the first line"),
        ("a.yaml", b"# yaml-language-server: $schema=woodpecker-mailboxes.json", "the first line"),
    ],
)
def test_a_file_with_a_mistake_is_refused(tmp_path: Path, name: str, text: bytes, problem: str) -> None:
    (tmp_path / name).write_bytes(text)
    assert list(file_problems(tmp_path / name)) == [problem]


def read(file: Path) -> Any:
    text = file.read_text(encoding="utf-8")
    return json.loads(text) if file.suffix == ".json" else yaml.safe_load(text)


@needs_node
def test_ajv_in_strict_mode_accepts_the_positive_files_and_refuses_the_negative_ones() -> None:
    bodies = [read(file) for file in POSITIVE + NEGATIVE]
    verdicts = [True] * len(POSITIVE) + [False] * len(NEGATIVE)
    assert run_node("ajv.mjs", {"schema": SCHEMA, "bodies": bodies}) == verdicts


def test_the_positive_files_have_every_key_and_value_that_a_schema_can_list() -> None:
    bodies = [read(file) for file in POSITIVE]
    assert {key for body in bodies for key in body} == set(SCHEMA["properties"])
    assert {name for body in bodies for name in body["mailboxes"][0]} == set(FIELDS)
    assert [list(NOTIFICATION_TYPES)] == [
        types for body in bodies if (types := body.get(COMPLETION_NOTIFICATION_TYPES.key))
    ]


def test_a_positive_file_has_no_mistake_and_a_negative_one_only_that_of_its_name() -> None:
    assert {file.name: validate(read(file)) for file in POSITIVE} == {file.name: [] for file in POSITIVE}
    fields = {file.stem: [v.field for v in iter_violations(read(file))] for file in NEGATIVE}
    assert fields == {
        "blank-password": ["imap_password"],
        "domain-with-scheme": ["open_tracking_domain"],
        "email-without-domain": ["smtp_email"],
        "limit-out-of-range": ["daily_sending_limit"],
        "lone-wait-time": ["sending_wait_time_from"],
        "misspelled-field": [],  # advice, not a violation
        "missing-server": ["smtp_server"],
        "no-mailboxes": ["mailboxes"],
        "port-in-quotes": ["smtp_port"],
        "port-out-of-range": ["imap_port"],
        "unknown-notification-type": ["completion_notification_types"],
    }
