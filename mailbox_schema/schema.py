"""Loads the JSON Schema documents; a jsonschema validator that checks what they can't express."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mailbox_schema.values import as_text, is_domain, is_email

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from jsonschema.protocols import Validator

_SUFFIXES: Final = (".schema.json", ".json")
# An installed wheel has the documents in the package; a checkout has them next to it.
_FOLDERS: Final = tuple(folder / "schemas" for folder in Path(__file__).resolve().parents[:2])


def schema_names() -> list[str]:
    r"""Return the names of the documents, sorted.

    >>> print("\n".join(schema_names()))
    openapi
    request
    request-ajv-errors
    request-draft-07
    request-editor
    request-strict
    responses/accepted
    responses/conflict
    responses/failure
    responses/problem
    responses/summary
    """
    return sorted(_documents())


def schema_text(name: str = "request") -> str:
    """Return the text of a document as it is published.

    :raises ValueError: if there is no document of that name; the error lists the names
    """
    try:
        path = _documents()[name]
    except KeyError:
        raise ValueError(f"unknown schema {name!r}; available: {', '.join(schema_names())}") from None
    return path.read_text(encoding="utf-8")


def load_schema(name: str = "request") -> dict[str, Any]:
    """Return a parsed document: a new ``dict`` each time, which the caller may change.

    >>> load_schema()["$schema"]
    'https://json-schema.org/draft/2020-12/schema'

    :raises ValueError: if there is no document of that name; the error lists the names
    """
    document: dict[str, Any] = json.loads(schema_text(name))
    return document


def validator() -> Validator:
    """Return a ``jsonschema`` validator of the request document that also decides every address and domain.

    Its verdict is that of :func:`mailbox_schema.is_valid`, except for the order of the two wait times, which
    JSON Schema can't express. It needs the extra ``jsonschema``. Show the ``json_path`` of its errors, not
    their ``message``: the messages are jsonschema's own, and quote values, passwords included.

    >>> validator().is_valid({"mailboxes": []})
    False

    :raises ImportError: if ``jsonschema`` is not installed
    """
    from jsonschema import Draft202012Validator, FormatChecker  # noqa: PLC0415  # an extra

    document = load_schema()
    formats = FormatChecker(formats=())
    for definition, check in (("email", is_email), ("domain", is_domain)):
        name = f"mailbox-schema-{definition}"
        document["$defs"][definition]["format"] = name
        formats.checks(name)(_of_text(check))
    return Draft202012Validator(document, format_checker=formats)


def _documents() -> dict[str, Path]:
    for folder in _FOLDERS:
        paths = [*folder.glob("*.json"), *folder.glob("responses/*.json")]
        if paths:
            return {_name(path.relative_to(folder)): path for path in paths}
    raise FileNotFoundError("the schema documents are missing from this installation")


def _name(path: Path) -> str:
    """Return the name of the document at ``path``: ``responses/failure``."""
    name = path.as_posix()
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    return name


def _of_text(check: Callable[[str], bool]) -> Callable[[object], bool]:
    """Return a check that is true for any value that is not a string, as a format's has to be."""
    return lambda value: (text := as_text(value)) is None or check(text)
