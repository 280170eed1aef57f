"""Loads the JSON Schema documents; a jsonschema validator that knows what they can't say."""

# os.path rather than pathlib, whose import costs more than the rest of the package's.
# ruff: noqa: PTH100, PTH118, PTH120, PTH123
import json
import os.path

from mailbox_schema.values import as_text, is_domain, is_email

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Final

    from jsonschema.protocols import Validator

_SUFFIXES: "Final" = (".schema.json", ".json")
# In an installed wheel the documents lie in the package; in a checkout, which an editable install
# points to, they lie beside it.
_PACKAGE: "Final" = os.path.dirname(os.path.abspath(__file__))
_FOLDERS: "Final" = (
    os.path.join(_PACKAGE, "schemas"),
    os.path.join(os.path.dirname(_PACKAGE), "schemas"),
)


def schema_names() -> "list[str]":
    r"""Return the names of the documents there are, sorted.

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

    :raises ValueError: if there is no document of that name; the error lists those there are
    """
    try:
        path = _documents()[name]
    except KeyError:
        raise ValueError(f"no schema {name!r}; there are: {', '.join(schema_names())}") from None
    with open(path, encoding="utf-8") as document:
        return document.read()


def load_schema(name: str = "request") -> "dict[str, Any]":
    """Return a document, parsed: a new ``dict`` each time, to be changed at will.

    >>> load_schema()["$schema"]
    'https://json-schema.org/draft/2020-12/schema'

    :raises ValueError: if there is no document of that name; the error lists those there are
    """
    document: dict[str, Any] = json.loads(schema_text(name))
    return document


def validator() -> "Validator":
    """Return a ``jsonschema`` validator of the request document that also decides every address and domain.

    Its verdict is that of :func:`mailbox_schema.is_valid`, but for the order of the two wait times, which
    JSON Schema can't express. It needs the extra ``jsonschema``. Show the ``json_path`` of its errors, not
    their ``message``: the messages are jsonschema's own, and quote values, passwords included.

    >>> validator().is_valid({"mailboxes": []})
    False

    :raises ImportError: if ``jsonschema`` is not installed
    """
    from jsonschema import Draft202012Validator, FormatChecker  # noqa: PLC0415  # an extra, and slow to load

    document = load_schema()
    formats = FormatChecker(formats=())
    for definition, check in (("email", is_email), ("domain", is_domain)):
        name = f"mailbox-schema-{definition}"
        document["$defs"][definition]["format"] = name
        formats.checks(name)(_of_text(check))
    return Draft202012Validator(document, format_checker=formats)


def _documents() -> "dict[str, str]":
    for folder in _FOLDERS:
        documents = {
            _name(os.path.relpath(os.path.join(inner, file), folder)): os.path.join(inner, file)
            for inner, _, files in os.walk(folder)
            for file in files
            if file.endswith(_SUFFIXES)
        }
        if documents:
            return documents
    raise FileNotFoundError("the schema documents are missing from this installation")


def _name(path: str) -> str:
    """Return the name of the document at ``path``: ``responses/failure``."""
    for suffix in _SUFFIXES:
        path = path.removesuffix(suffix)
    return path.replace(os.sep, "/")


def _of_text(check: "Callable[[str], bool]") -> "Callable[[object], bool]":
    """A format says nothing of a value that is no string."""
    return lambda value: (text := as_text(value)) is None or check(text)
