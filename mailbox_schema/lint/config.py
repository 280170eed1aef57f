"""[tool.mailbox-schema] in pyproject.toml: what to look for in the files beneath it."""

import os.path
import sys
from fnmatch import fnmatch
from functools import cache
from typing import NamedTuple

from mailbox_schema.hints import nearest
from mailbox_schema.lint.findings import Choice
from mailbox_schema.lint.rules import GROUPS, expanded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NAME = "pyproject.toml"


class ConfigError(Exception):
    """The configuration, or the command line, names what there is not; says so in one line."""


class Config(NamedTuple):
    """What a ``pyproject.toml`` says: ``folder`` is where it stands."""

    folder: str = ""
    select: "frozenset[str] | None" = None
    extend_select: "frozenset[str]" = frozenset()
    ignore: "frozenset[str]" = frozenset()
    per_file_ignores: "tuple[tuple[str, frozenset[str]], ...]" = ()
    strict: bool = False
    allow_placeholders: bool = False

    def choice(self, file: str, command_line: "Config") -> Choice:
        """Return what to look for in ``file``: the command line's selection counts before this one."""
        selected = next(
            chosen for chosen in (command_line.select, self.select, GROUPS["default"]) if chosen is not None
        )
        rules = (
            (selected | self.extend_select | command_line.extend_select) - self.ignore - command_line.ignore
        )
        name = os.path.relpath(os.path.abspath(file), self.folder or os.curdir).replace(os.path.sep, "/")
        for pattern, ignored in self.per_file_ignores:
            if fnmatch(name, pattern):
                rules -= ignored
        return Choice(rules, self.allow_placeholders or command_line.allow_placeholders)


def config_for(file: str) -> Config:
    """Return the configuration of the nearest ``pyproject.toml`` above ``file`` that has one for us.

    :raises ConfigError: if it can't be read, or holds what we don't know
    """
    folder = os.path.dirname(os.path.abspath(file))
    while True:
        config = _config_in(folder)
        parent = os.path.dirname(folder)
        if config is not None:
            return config
        if parent == folder:
            return Config()
        folder = parent


@cache
def _config_in(folder: str) -> "Config | None":
    table = _read(os.path.join(folder, _NAME))
    return None if table is None else _parsed(folder, table)


def _read(path: str) -> "dict[str, Any] | None":
    """Return our table of the file at ``path``, if there is one."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return None
    # Most have nothing for us, and needn't be parsed.
    if b"mailbox-schema" not in data:
        return None
    if sys.version_info >= (3, 11):
        import tomllib  # noqa: PLC0415  # loaded only where there is something to parse
    else:
        import tomli as tomllib  # noqa: PLC0415  # pragma: no cover  # as above, on Python 3.10 only
    try:
        tables: "dict[str, Any]" = tomllib.loads(data.decode())
    except (ValueError, RecursionError):
        raise ConfigError(f"{path}: not TOML") from None
    tool = tables.get("tool")
    table = tool.get("mailbox-schema") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigError(f"{path}: [tool.mailbox-schema] has to be a table")
    return table


_NAMES = ("select", "extend-select", "ignore")
_FLAGS = ("strict", "allow-placeholders")
_IGNORES = "per-file-ignores"


def _parsed(folder: str, table: "dict[str, Any]") -> Config:
    place = f"{os.path.join(folder, _NAME)}: [tool.mailbox-schema]"
    for key in table:
        known = (*_NAMES, *_FLAGS, _IGNORES)
        if key not in known:
            meant = nearest(key, known, likeness=0.7)
            raise ConfigError(
                f"{place}: no setting {key!r}" + (f"; did you mean {meant!r}?" if meant else "")
            )
    for key in _FLAGS:
        if not isinstance(table.get(key, False), bool):
            raise ConfigError(f"{place}: {key} has to be true or false")
    per_file = table.get(_IGNORES, {})
    if not isinstance(per_file, dict):
        raise ConfigError(f"{place}: {_IGNORES} has to be a table of patterns and lists of rules")
    return Config(
        folder,
        _rules(place, "select", table["select"]) if "select" in table else None,
        _rules(place, "extend-select", table.get("extend-select", [])),
        _rules(place, "ignore", table.get("ignore", [])),
        tuple((pattern, _rules(place, _IGNORES, names)) for pattern, names in per_file.items()),
        table.get("strict", False),
        table.get("allow-placeholders", False),
    )


def _rules(place: str, key: str, names: "Any") -> "frozenset[str]":
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ConfigError(f"{place}: {key} has to be a list of rules")
    try:
        return expanded(names)
    except ValueError as error:
        raise ConfigError(f"{place}: {key}: {error}") from None
