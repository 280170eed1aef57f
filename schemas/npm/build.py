"""Builds the npm package: ``python schemas/npm/build.py [FOLDER]`` writes it into ``schemas/npm/package``.

The version and the contract are those of the Python package. Needs Node and its packages:
``npm ci --prefix tests/peers``.
"""

import argparse
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

from mailbox_schema import FIELDS, __version__, load_schema
from mailbox_schema.contract import (
    BODY_OBJECT,
    COMPLETION_NOTIFICATION_TYPES,
    MAILBOX_OBJECT,
    MAILBOXES,
    MAX_MAILBOXES,
)
from mailbox_schema.rules import BODY_RULES, FIELD_RULES
from mailbox_schema.values import DOMAIN_MAX_LENGTH, EMAIL_MAX_LENGTH, SPECIAL_USE_DOMAINS

HERE: Final = Path(__file__).parent
PACKAGE: Final = HERE / "package"


def build(folder: Path) -> None:
    """Write the package into ``folder``, which is emptied first.

    :raises FileNotFoundError: if Node is not installed
    """
    given = {
        "folder": str(folder.resolve()),
        "version": __version__,
        "contract": contract(),
        "schema": load_schema("request-ajv-errors"),
    }
    node = shutil.which("node")
    if node is None:
        raise FileNotFoundError("install Node, then run npm ci --prefix tests/peers")
    script = HERE / "build.mjs"
    subprocess.run([node, script], input=json.dumps(given), encoding="utf-8", check=True)  # noqa: S603  # our own script


def contract() -> dict[str, Any]:
    """Return what the schema doesn't have of the contract, by the names of the package's sources."""
    return {
        "FIELDS": [
            {
                "name": field.name,
                "type": field.type,
                "required": field.required,
                "rule": field.rule,
                "message": field.message,
                "provenance": field.provenance,
                "limits": field.limits and field.limits._asdict(),
                "secret": field.secret,
            }
            for field in FIELDS.values()
        ],
        "BODY_OBJECT": BODY_OBJECT._asdict(),
        "MAILBOXES": MAILBOXES._asdict(),
        "MAILBOX_OBJECT": MAILBOX_OBJECT._asdict(),
        "COMPLETION_NOTIFICATION_TYPES": COMPLETION_NOTIFICATION_TYPES._asdict(),
        "RULES": [*BODY_RULES, *FIELD_RULES],
        "LIMITS": {"mailboxes": MAX_MAILBOXES, "email": EMAIL_MAX_LENGTH, "domain": DOMAIN_MAX_LENGTH},
        "SPECIAL_USE_DOMAINS": SPECIAL_USE_DOMAINS,
    }


def main() -> None:
    """Build the package into the folder that is given."""
    parser = argparse.ArgumentParser(description="Build the npm package.")
    parser.add_argument("folder", nargs="?", type=Path, default=PACKAGE, metavar="FOLDER")
    build(parser.parse_args().folder)


if __name__ == "__main__":
    main()
