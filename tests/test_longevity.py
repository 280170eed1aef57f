"""The private and undocumented pieces of others that the package uses, each pinned by a test.

A test that fails here names the piece that changed, what it is for, and what to do. The scanner at the end
finds uses that no test pins.
"""

from __future__ import annotations

import argparse
import ast
import csv
import importlib
import inspect
import json
import re
import sys
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import email_validator
import idna
import pydantic
import pytest
import shtab
import yaml
from email_validator import rfc_constants
from pathspec import GitIgnoreSpec

import mailbox_schema
from mailbox_schema import foreign, values
from mailbox_schema.lint import arguments
from mailbox_schema.lint.sources import json_errors
from mailbox_schema.lint.sources import yaml as yaml_source
from mailbox_schema.lint.sources.base import Text
from mailbox_schema.pydantic import Mailbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PACKAGE: Final = Path(mailbox_schema.__file__).parent

PINNED: Final[set[str]] = set()
PINS: Final[list[Callable[..., None]]] = []


def pins(*uses: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark a test with the uses that it pins, as the scanner calls them; none that it can't see."""

    def mark(test: Callable[..., None]) -> Callable[..., None]:
        PINNED.update(uses)
        PINS.append(test)
        return test

    return mark


# The standard library.


@pins("json.decoder.scanstring", ".scan_once")
def test_json_scans_one_value_and_tells_its_end() -> None:
    """`json.decoder.scanstring` and `JSONDecoder.scan_once`: the end of a string, and of any value.

    Why: `lint.sources.json_places` finds the positions of values; its own parser would take 10 times as long.
    When it breaks: scan with a pattern for strings and numbers and a count of brackets, in `json_places`.
    """
    from json.decoder import scanstring  # type: ignore[attr-defined]  # noqa: PLC0415  # the piece itself

    text = '{"a\\u0041\\"": [1, {"b": "}"}, -2.5e3] } rest'
    assert scanstring(text, 2) == ('aA"', 12)
    scan_once = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # the piece itself
    assert scan_once(text, 0) == ({'aA"': [1, {"b": "}"}, -2500.0]}, text.index(" rest"))
    assert scan_once(text, 15) == (1, 16)
    with pytest.raises(StopIteration):
        scan_once(text, len(text) - 4)


JSON_MISTAKES: Final = {
    "[1 2]": ("a comma or a closing bracket is missing", 3),
    '{"a" 1}': ("a colon is missing", 5),
    "[1, x]": ("a value was expected here", 4),
    "{a: 1}": ("a key in double quotes was expected here", 1),
    '["a': ("a string is not closed", 1),
    '["a\tb"]': ("a control character in a string, such as a tab or a line break", 3),
    '["\\x"]': ("a backslash in a string has to be written as `\\\\`", 2),
    '["\\u12x4"]': ("an escape that is not `\\u` and four hexadecimal digits", 3),
    "[1] 2": ("something follows the end of the value", 4),
    "[1,]": ("a comma before the closing bracket", 2),
    '{"a": 1,}': ("a comma before the closing bracket", 7),
}


@pins()
@pytest.mark.parametrize("text", JSON_MISTAKES)
def test_json_says_what_is_wrong_in_known_words(text: str) -> None:
    """The texts and offsets of `JSONDecodeError`, which differ between versions of Python.

    Why: `lint.sources.json_errors` translates them; unknown ones are not repeated, because they may quote.
    When it breaks: a finding says "it can't be parsed". Add the new text to `_REASONS`, next to the old one.
    """
    reason, offset = JSON_MISTAKES[text]
    with pytest.raises(json.JSONDecodeError) as raised:
        json.loads(text)
    refused = json_errors.refusal(raised.value, Text(text))
    assert (refused.reason, refused.position) == (f"not JSON: {reason}", (1, offset + 1))


@pins()
def test_csv_says_that_the_text_ends_in_quotes() -> None:
    """The words "end of data" in `csv.Error` of a strict reader.

    Why: `lint.sources.csv` tells a quote that is not closed from one within a cell.
    When it breaks: compare with the new text in `_Reader._rows`.
    """
    with pytest.raises(csv.Error, match=r"^unexpected end of data$"):
        list(csv.reader(['"a,b\n'], strict=True))
    with pytest.raises(csv.Error, match=r"^',' expected after '\"'$"):
        list(csv.reader(['"a"b\n'], strict=True))


@pins()
def test_toml_says_where_the_mistake_is() -> None:
    """The end of the message of `tomllib.TOMLDecodeError`, and of tomli's on Python 3.10.

    Why: `lint.config` shows the line and column; no other part of the message, which may quote.
    When it breaks: the place is missing. Python 3.14's error has `lineno` and `colno`: read these in `_not_toml`.
    """
    for text, end in {"a = 1\nb = ]\n": "(at line 2, column 5)", "a = [": "(at end of document)"}.items():
        with pytest.raises(ValueError, match=f"{re.escape(end)}$"):
            tomllib.loads(text)


@pins("argparse._SubParsersAction", "._actions", "ArgumentParser._print_message")
def test_argparse_keeps_its_actions_and_prints_through_one_method(monkeypatch: pytest.MonkeyPatch) -> None:
    """`_SubParsersAction`, `ArgumentParser._actions` and `ArgumentParser._print_message`.

    Why: the commands' parsers are typed, shtab completes the names of files, and nothing but `lint.streams` prints.
    When it breaks: override `print_help` and `print_usage` in `_Parser`, and keep a list of the actions made.
    """
    parser = arguments.make_parser()
    (commands,) = (each for each in parser._actions if isinstance(each, argparse._SubParsersAction))  # noqa: SLF001  # the piece itself
    assert {"check", "body", "completion"} < set(commands.choices)
    printed: list[str] = []
    monkeypatch.setattr(arguments, "write", printed.append)
    parser.print_usage()
    parser.print_help()
    assert [text.partition(" ")[0] for text in printed] == ["usage:", "usage:"]


@pins()
def test_argparse_makes_a_formatter_from_the_name_of_the_program_alone() -> None:
    """`formatter_class` is called with `prog` as a keyword, and `HelpFormatter` takes a `width`.

    Why: `lint.arguments` gives a width, so that argparse doesn't load `shutil` for each argument.
    When it breaks: leave out `formatter_class` in `_Parser`; the command starts 2 ms later.
    """
    calls: list[dict[str, object]] = []

    class Formatter(argparse.HelpFormatter):
        def __init__(self, **options: Any) -> None:
            calls.append(options)
            super().__init__(**options)

    argparse.ArgumentParser(prog="mailbox-schema", formatter_class=Formatter).add_argument("--more")
    assert {call["prog"] for call in calls} == {"mailbox-schema"}
    assert argparse.HelpFormatter("x", width=80)._width == 80  # noqa: SLF001  # the piece itself


@pins()
def test_records_of_the_standard_library_are_known_by_their_names() -> None:
    """The private names `_member_map_` of `Enum`, `_asdict` of a named tuple, `__dataclass_fields__`.

    Why: `foreign` recognizes such values by names in their classes, without running their code.
    When it breaks: the hint for programmers is missing. Add the new name in `foreign`.
    """
    kind = Enum("kind", ["A"])
    assert "_member_map_" in vars(kind)
    assert "_asdict" in vars(values_of_a_named_tuple())
    for name in ("_member_map_", "_asdict", "__dataclass_fields__"):
        assert f'"{name}"' in inspect.getsource(foreign)


def values_of_a_named_tuple() -> type:
    return type(inspect.getfullargspec(values.is_blank))


# Libraries.


LOADERS: Final = [getattr(yaml, "CSafeLoader", yaml.SafeLoader), yaml.SafeLoader]


@pins()
@pytest.mark.parametrize("loader", LOADERS)
def test_yaml_marks_count_characters(loader: Any) -> None:
    """`Mark.index` of events: the offset in characters, also after one above U+FFFF.

    Why: each position of a finding in a YAML file, and the span of each fix, comes from it.
    When it breaks: compute the offset from `Mark.line` and `Mark.column`, in `lint.sources.yaml`.
    """
    text = "a: \U0001f600 # c\nb: ['x', \"\\u00e9\"]\n"
    events: list[Any] = [
        each for each in yaml.parse(text, Loader=loader) if isinstance(each, yaml.ScalarEvent)
    ]
    written = [text[event.start_mark.index : event.end_mark.index] for event in events]
    assert written == ["a", "\U0001f600", "b", "'x'", '"\\u00e9"']


YAML_MISTAKES: Final = {
    "a: @b\n": ("found character that cannot start any token", 3, 3),
    'a: "b\n': ("found unexpected end of stream", 6, 3),
    "a: b: c\n": ("mapping values are not allowed in this context", 4, None),
    "- a\n b\n-c: d\n": ("did not find expected '-' indicator", 7, 0),
    "a: [b\n": ("did not find expected ',' or ']'", 6, 3),
    "- a\nb: c\n": ("did not find expected '-' indicator", 4, 0),
}


@pins()
@pytest.mark.skipif(not hasattr(yaml, "CSafeLoader"), reason="PyYAML without LibYAML: other messages")
@pytest.mark.parametrize("text", YAML_MISTAKES)
def test_yaml_says_what_is_wrong_in_known_words(text: str) -> None:
    """`MarkedYAMLError.problem`, `problem_mark` and `context_mark`: LibYAML's words and places.

    Why: `lint.sources.yaml` translates the commonest words, and repeats others that quote nothing.
    When it breaks: a finding says "it can't be parsed". Change `_REASONS` and `_PLAIN_REASONS` there.
    """
    with pytest.raises(yaml.MarkedYAMLError) as raised:
        list(yaml.parse(text, Loader=yaml.CSafeLoader))
    error = raised.value
    places = [mark and mark.index for mark in (error.problem_mark, error.context_mark)]
    assert (error.problem, *places) == YAML_MISTAKES[text]


@pins("yaml.reader.Reader")
def test_yaml_refuses_the_characters_of_its_pattern() -> None:
    """`yaml.reader.Reader.NON_PRINTABLE`, the pattern of the characters that PyYAML refuses.

    Why: a control character is reported at its place, which LibYAML's error doesn't have.
    When it breaks: write the pattern of YAML 1.2.2, 5.1, in `lint.sources.yaml`.
    """
    from yaml.reader import Reader  # noqa: PLC0415  # the piece itself

    found = Reader.NON_PRINTABLE.search("a: \U0001f600\x07")
    assert found is not None
    assert found.start() == 4
    for loader in LOADERS:
        with pytest.raises(yaml.YAMLError):
            list(yaml.parse("a: \x07", Loader=loader))


@pins("yaml.resolver.Resolver", "yaml.constructor.SafeConstructor")
def test_yaml_reads_a_scalar_as_yaml_1_1_without_a_document() -> None:
    """`Resolver.resolve` and `SafeConstructor.construct_yaml_int`, called without a loader.

    Why: the rule `yaml-version` asks how a parser of YAML 1.1 reads a plain scalar.
    When it breaks: write the patterns of YAML 1.1's types, in `lint.sources.yaml`.
    """
    for plain, tag in {
        "no": "bool",
        "0123": "int",
        "1:30": "int",
        "~": "null",
        "1.5": "float",
        "x": "str",
    }.items():
        found = yaml_source._YAML_1_1.resolve(yaml.ScalarNode, plain, (True, False))  # type: ignore[no-untyped-call]  # noqa: SLF001  # the piece itself
        assert found == f"tag:yaml.org,2002:{tag}"
    assert yaml_source._YAML_1_1.construct_yaml_int(yaml.ScalarNode("int", "0123")) == 83  # noqa: SLF001  # the piece itself


@pins()
def test_email_validator_has_the_limits_that_we_state() -> None:
    """`email_validator.rfc_constants`, `SPECIAL_USE_DOMAIN_NAMES`, and the options that have a default.

    Why: `values` decides plain addresses by a pattern of its own, and gives each option, because an application
    can change the defaults.
    When it breaks: read email-validator's changelog. A new option that changes the verdict has to be given in
    `values._is_internationalized_email`; a new limit changes `PLAIN_EMAIL`, and the schema document with it.
    """
    assert rfc_constants.EMAIL_MAX_LENGTH == values.EMAIL_MAX_LENGTH
    assert rfc_constants.DOMAIN_MAX_LENGTH == values.DOMAIN_MAX_LENGTH
    assert rfc_constants.DNS_LABEL_LENGTH_LIMIT == values.LABEL_MAX_LENGTH
    every = "".join(map(chr, range(128)))
    assert re.findall(f"[{rfc_constants.ATEXT}]", every) == re.findall(f"[{values.ATEXT}]", every)
    assert list(values.SPECIAL_USE_DOMAINS) == email_validator.SPECIAL_USE_DOMAIN_NAMES
    options = inspect.signature(email_validator.validate_email).parameters
    source = inspect.getsource(values._is_internationalized_email)  # noqa: SLF001  # our own
    given = set(re.findall(r"^ {12}([a-z0-9_]+)=", source, re.MULTILINE))
    assert set(options) - given == {"email", "timeout", "dns_resolver"}
    assert given <= set(options)


@pins()
def test_idna_checks_labels_one_by_one() -> None:
    """`idna.alabel`, `ulabel` and `check_bidi` with `check_ltr`, whose errors are `ValueError`.

    Why: a domain mixes plain labels, which idna's whole-domain functions refuse, with internationalized ones.
    When it breaks: call `idna.encode` for each label that is not plain.
    """
    assert idna.alabel("b\u00fccher") == b"xn--bcher-kva"
    assert idna.ulabel("xn--bcher-kva") == "b\u00fccher"
    assert idna.check_bidi("abc", check_ltr=True)
    for refused in (
        lambda: idna.alabel("\u2603"),
        lambda: idna.ulabel("xn--bcher-kv"),
        lambda: idna.check_bidi("1", check_ltr=True),
    ):
        with pytest.raises(idna.IDNAError):
            refused()
    assert issubclass(idna.IDNAError, ValueError)


@pins()
def test_pathspec_tells_whether_the_last_pattern_includes() -> None:
    """`GitIgnoreSpec.check_file(...).include`: true, false after an exclamation mark, `None` without a match.

    Why: the nearest `.gitignore` that has an opinion decides, so `lint.discovery` needs all three.
    When it breaks: match each pattern in turn, in `lint.discovery._is_ignored`.
    """
    spec = GitIgnoreSpec.from_lines(["*.json", "!keep.json"])
    assert [spec.check_file(name).include for name in ("a.json", "keep.json", "a.csv")] == [True, False, None]
    with pytest.raises(ValueError, match=r"Invalid|invalid"):
        GitIgnoreSpec.from_lines(["!"])


@pins(".complete")
def test_shtab_completes_the_names_of_files() -> None:
    """The attribute `complete` of an action, and the names of shtab's functions in `shtab.FILE`.

    Why: `completion` is the only command that needs shtab, so `lint.arguments` doesn't import it.
    When it breaks: import `shtab.FILE` in `complete_files`.
    """
    parser = arguments.make_parser()
    arguments.complete_files(parser)
    assert {shell: shtab.FILE[shell] for shell in ("bash", "zsh", "tcsh")} == {
        "bash": "_shtab_compgen_files",
        "zsh": "_files",
        "tcsh": "f",
    }
    assert "_shtab_compgen_files" in shtab.complete(parser, "bash")


@pins("pygls.uris.to_fs_path")
def test_pygls_reports_errors_and_counts_units_where_we_hook_in() -> None:
    """`pygls.uris.to_fs_path`, `report_server_error`, and `workspace.position_codec.client_num_units`.

    Why: pygls's own report of an error may quote the file; columns are counted in the units of the editor.
    When it breaks: find the new hook in pygls's `JsonRPCServer`. Until then, lower the upper bound of the extra
    `lsp`: the promise about secrets depends on this one.
    """
    from pygls.lsp.server import LanguageServer  # noqa: PLC0415  # an extra
    from pygls.uris import to_fs_path  # noqa: PLC0415  # as above
    from pygls.workspace import PositionCodec  # noqa: PLC0415  # as above

    assert to_fs_path("file:///a%20b/c.json") == "/a b/c.json"
    assert list(inspect.signature(LanguageServer.report_server_error).parameters) == [
        "self",
        "error",
        "source",
    ]
    assert PositionCodec().client_num_units("a\U0001f600") == 3


@pins(
    "BaseModel.__repr_args__",
    "BaseModel.__get_pydantic_core_schema__",
    "BaseModel.__get_pydantic_json_schema__",
)
def test_pydantic_calls_the_hooks_that_hide_values() -> None:
    """`__repr_args__`, the two schema hooks, and `ValidationError.from_exception_data` with `hide_input`.

    Why: no error and no `repr` of a model shows a password.
    When it breaks: tests/test_secrets.py fails, too. Find the new hook in pydantic's documentation of models; until
    then, lower the upper bound of the extra `pydantic`.
    """
    mailbox = Mailbox.model_construct(smtp_password="secret-smtp-password", smtp_port=465)
    assert repr(mailbox).startswith("Mailbox(")
    assert "secret" not in repr(mailbox)
    with pytest.raises(pydantic.ValidationError) as raised:
        Mailbox.model_validate({"smtp_password": "secret-smtp-password"})
    assert "secret" not in str(raised.value) + repr(raised.value.errors())
    assert Mailbox.model_json_schema()["required"][0] == "smtp_email"


# Uses that no test pins.


DOCUMENTED: Final = {
    "_thread",
    "collections.abc",
    "hypothesis.strategies",
    "importlib.resources",
    "jsonschema.protocols",
    "os.path",
    "pydantic.functional_validators",
    "pygls.lsp.server",
    "pygls.workspace",
    "urllib.parse",
    "xml.sax.saxutils",
}
"""Modules inside others, or with an underscore, that their documentation tells users to import from."""

# Documented, with an underscore so that they are no fields.
OF_NAMED_TUPLES: Final = {"_asdict", "_replace"}
IGNORED_BY_MYPY: Final = "type: ignore[attr-defined]"


def modules() -> Iterator[tuple[str, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(("mailbox_schema", *path.relative_to(PACKAGE).with_suffix("").parts))
        yield name.removesuffix(".__init__"), path.read_text(encoding="utf-8")


def own_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Store):
            yield node.id if isinstance(node, ast.Name) else node.attr


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield the names that are private, or from a module that is not documented."""
    for node in ast.walk(tree):
        names = [(alias.name, "") for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [(node.module or "", alias.name) for alias in node.names]
        for module, name in names:
            is_open = module in DOCUMENTED or not ("." in module or is_private(module))
            if not module.startswith("mailbox_schema") and (not is_open or is_private(name)):
                yield f"{module}.{name}".rstrip(".")


def accessed(tree: ast.AST, text: str, own: set[str]) -> Iterator[str]:
    """Yield private attributes that are not our own, and those that the libraries' types don't have."""
    lines = text.splitlines()
    inside = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    inside |= {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            is_unknown = id(node) not in inside and IGNORED_BY_MYPY in lines[node.lineno - 1]
            if is_unknown or (is_private(node.attr) and node.attr not in own | OF_NAMED_TUPLES):
                yield f".{node.attr}"


def overridden(name: str, tree: ast.AST) -> Iterator[str]:
    """Yield the methods of others' classes that ours replace, if they are private or hooks of the library."""
    module = importlib.import_module(name)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and hasattr(module, node.name):
            others = [
                base
                for base in getattr(module, node.name).__mro__[1:]
                if not base.__module__.startswith("mailbox_schema")
            ]
            for method in (each.name for each in node.body if isinstance(each, ast.FunctionDef)):
                base = next((base for base in others if hasattr(base, method)), None)
                if (
                    base is not None
                    and method.startswith("_")
                    and not hasattr(object, method)
                    and base.__module__ != "builtins"
                ):
                    yield f"{base.__name__}.{method}"


def found() -> set[str]:
    texts = {name: (text, ast.parse(text)) for name, text in modules()}
    own = {name for _, tree in texts.values() for name in own_names(tree)}
    return {
        use
        for name, (text, tree) in texts.items()
        for use in (*imported(tree), *accessed(tree, text, own), *overridden(name, tree))
    }


def test_every_use_is_pinned() -> None:
    """If a use is new: do without it, or add a test above. If one is gone, take it out of its test."""
    assert found() == PINNED


@pytest.mark.parametrize("test", PINS, ids=lambda test: test.__name__)
def test_a_pin_says_what_why_and_what_to_do(test: Callable[..., None]) -> None:
    page = inspect.cleandoc(test.__doc__ or "")
    assert re.fullmatch(r".+\.\n\nWhy: .+\nWhen it breaks: .+", page, re.DOTALL)
