"""The wheel contains the package and the schema documents, without their generators."""

from pathlib import Path
from typing import Final

import pytest

from mailbox_schema.schema import schema_names

ROOT: Final = Path(__file__).parent.parent


def test_wheel_contains_the_documents_and_not_their_generators() -> None:
    wheel = pytest.importorskip("hatchling.builders.wheel", reason="hatchling is not installed")
    names = {file.distribution_path for file in wheel.WheelBuilder(str(ROOT)).recurse_included_files()}
    documents = {name for name in names if name.startswith("mailbox_schema/schemas/")}
    suffixes = {name: "json" if name == "openapi" else "schema.json" for name in schema_names()}
    assert documents == {
        "mailbox_schema/schemas/mailbox-schema.d.ts",
        *(f"mailbox_schema/schemas/{name}.{suffix}" for name, suffix in suffixes.items()),
    }
    golden = {f"mailbox_schema/golden/{path.name}" for path in (ROOT / "tests/cases").glob("*.json")}
    assert golden <= names
    sources = (ROOT / "mailbox_schema").rglob("*.py")
    code = {path.relative_to(ROOT).as_posix() for path in sources}
    catalogs = {f"mailbox_schema/locale/pl/LC_MESSAGES/mailbox_schema.{suffix}" for suffix in ("po", "mo")}
    assert names - documents - golden == {*code, *catalogs, "mailbox_schema/py.typed"}
