"""Finds the regular expressions of the package, and how the package uses them."""

import ast
import importlib.util
import pkgutil
import re
from collections.abc import Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from types import BuiltinMethodType, FunctionType
from typing import Any, Final, NamedTuple, get_args

from steps import Mode

import mailbox_schema

_METHODS: Final[dict[str, Mode]] = {
    "match": "match",
    "fullmatch": "fullmatch",
    "search": "search",
    **dict.fromkeys(("finditer", "findall", "split", "sub", "subn", "scanner"), "finditer"),
}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Use(NamedTuple):
    """A pattern, where it is defined, and the mode in which it is used."""

    name: str
    pattern: re.Pattern[str]
    mode: Mode

    def __str__(self) -> str:
        return f"{self.name}-{self.mode}"


@cache
def trees() -> dict[str, ast.Module]:
    """Return the syntax tree of each module of the package."""
    names = [
        "mailbox_schema",
        *(module.name for module in pkgutil.walk_packages(mailbox_schema.__path__, "mailbox_schema.")),
    ]
    files = {name: importlib.util.find_spec(name) for name in names if not name.endswith("__main__")}
    return {
        name: ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
        for name, spec in files.items()
        if spec and spec.origin
    }


@cache
def uses() -> list[Use]:
    """Return the uses of all compiled patterns of the package."""
    names: dict[re.Pattern[str], str] = {}
    modes: dict[re.Pattern[str], set[Mode]] = {}
    for module, tree in trees().items():
        imported = _imported(tree)
        for name, value in vars(importlib.import_module(module)).items():
            if name in imported or name == "__builtins__":
                continue
            for attribute, pattern, method in reachable(value, set()):
                own_name = attribute or (name if isinstance(value, re.Pattern) else "")
                place = f"{module.removeprefix('mailbox_schema.')}.{name}"
                names.setdefault(pattern, place)
                known = modes.setdefault(pattern, set())
                if method is not None:
                    known.add(_METHODS[method])
                elif own_name:
                    names[pattern] = f"{place}.{attribute}" if attribute else place
                    known |= _modes_of(own_name, module)
    return sorted(
        Use(names[pattern], pattern, mode)
        for pattern, known in modes.items()
        for mode in known or get_args(Mode)
    )


def _imported(tree: ast.Module) -> set[str]:
    """Return the names that are defined elsewhere."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return {alias.asname or alias.name.partition(".")[0] for node in imports for alias in node.names}


def reachable(value: Any, seen: set[int]) -> Iterator[tuple[str, re.Pattern[str], str | None]]:
    """Yield the patterns within a value, each with its attribute in a class and the method bound to it, if any."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, re.Pattern):
        yield "", value, None
    elif isinstance(value, BuiltinMethodType) and isinstance(value.__self__, re.Pattern):
        yield "", value.__self__, value.__name__
    elif isinstance(value, type):
        if value.__module__.startswith("mailbox_schema"):
            for name, attribute in vars(value).items():
                for _, pattern, method in reachable(attribute, seen):
                    yield name, pattern, method
    else:
        for part in _parts(value):
            yield from reachable(part, seen)


def _parts(value: Any) -> list[Any]:
    parts: list[Any] = []
    if isinstance(value, Mapping):
        parts = [*value.keys(), *value.values()]
    elif isinstance(value, tuple | list | set | frozenset):
        parts = list(value)
    elif isinstance(value, partial):
        parts = [value.func, *value.args, *value.keywords.values()]
    elif isinstance(value, FunctionType) and value.__module__.startswith("mailbox_schema"):
        cells = [cell.cell_contents for cell in value.__closure__ or ()]
        parts = [*cells, *(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()]
    elif hasattr(value, "__wrapped__"):  # a cached function, a static method
        parts = [value.__wrapped__]
    elif type(value).__module__.startswith("mailbox_schema"):
        parts = list(getattr(value, "__dict__", {}).values())
    return parts


def _modes_of(name: str, module: str) -> set[Mode]:
    """Return the modes in which the package uses the pattern of that name; all, if that is not clear."""
    modes: set[Mode] = set()
    for other, tree in trees().items():
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        if other == module or any(
            node.module == module and name in [alias.name for alias in node.names] for node in imports
        ):
            modes |= _modes_in(name, tree, tree, set())
    return modes or set(get_args(Mode))


def _modes_in(name: str, scope: ast.AST, tree: ast.Module, seen: set[tuple[str, int]]) -> set[Mode]:
    """Return the modes of a name within a scope, also those of the functions that it is passed to."""
    modes: set[Mode] = set()
    explained: set[ast.AST] = set()
    for node in ast.walk(scope):
        if isinstance(node, ast.Attribute) and _is_named(node.value, name):
            explained.add(node.value)
            modes |= {_METHODS[node.attr]} if node.attr in _METHODS else set()
        if isinstance(node, ast.Call):
            called, *arguments = (
                node.args if ast.unparse(node.func).endswith("partial") else [node.func, *node.args]
            )
            for place, argument in enumerate(arguments):
                function = _function(ast.unparse(called), tree)
                if _is_named(argument, name) and function and place < len(function.args.args):
                    explained.add(argument)
                    if (function.name, place) not in seen:
                        seen.add((function.name, place))
                        modes |= _modes_in(function.args.args[place].arg, function, tree, seen)
    unclear = any(_is_named(node, name) and node not in explained for node in ast.walk(scope))
    return set(get_args(Mode)) if unclear else modes


def _is_named(node: ast.AST, name: str) -> bool:
    return isinstance(getattr(node, "ctx", None), ast.Load) and (
        (isinstance(node, ast.Name) and node.id == name)
        or (isinstance(node, ast.Attribute) and node.attr == name)
    )


def _function(name: str, tree: ast.Module) -> ast.FunctionDef | None:
    return next((node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name), None)


def inline_calls() -> list[str]:
    """Return the calls whose patterns can't be found: ``re.match(...)``, ``re.compile(...)`` in a function."""
    calls = set()
    for module, tree in trees().items():
        inside = {
            node for scope in ast.walk(tree) if isinstance(scope, _FUNCTIONS) for node in ast.walk(scope)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                method, is_of_re = node.func.attr, ast.unparse(node.func.value) == "re"
                if is_of_re and (method in _METHODS or (method == "compile" and node in inside)):
                    calls.add(f"{module}:{node.lineno}: {ast.unparse(node)}")
            if isinstance(node, ast.ImportFrom) and node.module == "re":
                calls.add(f"{module}:{node.lineno}: {ast.unparse(node)}")
    return sorted(calls)
