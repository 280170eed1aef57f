"""[tool.mailbox-schema] in pyproject.toml: what to look for in the files below it."""

from __future__ import annotations

import os
import stat
import sys
from fnmatch import fnmatch
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mailbox_schema.lint.catalogue import GROUPS, expand
from mailbox_schema.vocabulary import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME: Final = "pyproject.toml"
# Large projects have some ten kilobytes.
_LARGEST: Final = 1024 * 1024
# The parser of TOML and the translation of patterns take quadratic time, so their input is bounded.
_MOST_DOTS: Final = 100
_LONGEST_PATTERN: Final = 1000
# Linux's PATH_MAX: no file has a longer name, and each folder in a name is looked into.
_LONGEST_PATH: Final = 4096

_RULES: Final = ("select", "extend-select", "ignore")
_FLAGS: Final = ("strict", "allow-placeholders")
_PER_FILE: Final = "per-file-ignores"


class ConfigError(Exception):
    """The configuration or the command line is wrong; says so in one line."""


class Choice(NamedTuple):
    """What to look for in a file.

    - ``rules``: the names of the rules
    - ``allow_placeholders``: whether a placeholder passes the rules
    - ``strict``: whether warnings fail the run
    """

    rules: frozenset[str]
    allow_placeholders: bool = False
    strict: bool = False


class Config(NamedTuple):
    """The settings of a ``pyproject.toml`` in ``folder``, or of the command line."""

    folder: str = ""
    select: frozenset[str] | None = None
    extend_select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    per_file_ignores: tuple[tuple[str, frozenset[str]], ...] = ()
    strict: bool = False
    allow_placeholders: bool = False

    def choice(self, command_line: Config) -> Choice:
        """Return what to look for in the files below; a selection on the command line comes first."""
        selected = self.select if command_line.select is None else command_line.select
        rules = GROUPS["default"] if selected is None else selected
        rules |= self.extend_select | command_line.extend_select
        return Choice(
            rules - self.ignore - command_line.ignore,
            self.allow_placeholders or command_line.allow_placeholders,
            self.strict or command_line.strict,
        )


def choice_for(file: str, command_line: Config) -> Choice:
    """Return what to look for in ``file``.

    :raises ConfigError: if its configuration can't be read, or has an unknown setting
    """
    config = config_for(file)
    choice = config.choice(command_line)
    if not config.per_file_ignores:
        return choice
    name = os.path.relpath(os.path.abspath(file), config.folder).replace(os.path.sep, "/")
    ignored = (rules for pattern, rules in config.per_file_ignores if fnmatch(name, pattern))
    return choice._replace(rules=choice.rules.difference(*ignored))


def config_for(file: str) -> Config:
    """Return the configuration of the nearest ``pyproject.toml`` above ``file`` that has one for us.

    :raises ConfigError: if it can't be read, or has an unknown setting
    """
    try:
        folder = os.path.dirname(os.path.abspath(file))
    except FileNotFoundError:  # the working directory was deleted, and a relative name leads nowhere
        return Config()
    if len(folder) > _LONGEST_PATH:
        return Config()
    while True:
        config = _config_in(folder)
        parent = os.path.dirname(folder)
        if config is not None:
            return config
        if parent == folder:
            return Config()
        folder = parent


@cache
def _config_in(folder: str) -> Config | None:
    path = os.path.join(folder, _NAME)
    data = _read(path)
    # Most have no settings for us, and needn't be parsed.
    table = _table(path, data) if b"mailbox-schema" in data else None
    return None if table is None else _parse(folder, table)


def _read(path: str) -> bytes:
    """Return the contents of the file at ``path``; of none, nothing.

    A pipe would block, and a device may never end, so only a regular file is read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except ValueError:  # a NUL character in the name
        return b""
    except OSError as error:
        if os.path.lexists(path):
            raise ConfigError(f"{path}: can't be read: {error.strerror}") from None
        return b""
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ConfigError(f"{path}: not a regular file")
    try:
        with open(descriptor, "rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise ConfigError(f"{path}: can't be read: {error.strerror}") from None
    if len(data) > _LARGEST:
        raise ConfigError(f"{path}: larger than {_LARGEST // 1024 // 1024} MB")
    return data


def _table(path: str, data: bytes) -> dict[str, Any] | None:
    if sys.version_info >= (3, 11):
        import tomllib  # noqa: PLC0415  # loaded only if there is something to parse
    else:
        import tomli as tomllib  # noqa: PLC0415  # pragma: no cover  # as above, on Python 3.10 only
    if any(part.count(b".") > _MOST_DOTS for line in data.splitlines() for part in line.split(b"=")):
        raise ConfigError(f"{path}: a line with more than {_MOST_DOTS} dots between two equals signs")
    try:
        tables: dict[str, Any] = tomllib.loads(data.decode())
    except (ValueError, RecursionError):
        raise ConfigError(f"{path}: not TOML") from None
    tool = tables.get("tool")
    table = tool.get("mailbox-schema") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigError(f"{path}: [tool.mailbox-schema] has to be a table")
    return table


def _parse(folder: str, table: Mapping[str, Any]) -> Config:
    place = f"{os.path.join(folder, _NAME)}: [tool.mailbox-schema]"
    for key in table:
        known = (*_RULES, *_FLAGS, _PER_FILE)
        if key not in known:
            meant = nearest(key, known, likeness=0.7)
            raise ConfigError(
                f"{place}: unknown setting {key!r}" + (f"; did you mean {meant!r}?" if meant else "")
            )
    for key in _FLAGS:
        if not isinstance(table.get(key, False), bool):
            raise ConfigError(f"{place}: {key} has to be true or false")
    per_file = table.get(_PER_FILE, {})
    if not isinstance(per_file, dict):
        raise ConfigError(f"{place}: {_PER_FILE} has to be a table of patterns and lists of rules")
    if any(len(pattern) > _LONGEST_PATTERN for pattern in per_file):
        raise ConfigError(f"{place}: {_PER_FILE}: a pattern of more than {_LONGEST_PATTERN:,} characters")
    return Config(
        folder,
        select=_rules(place, "select", table["select"]) if "select" in table else None,
        extend_select=_rules(place, "extend-select", table.get("extend-select", [])),
        ignore=_rules(place, "ignore", table.get("ignore", [])),
        per_file_ignores=tuple(
            (pattern, _rules(place, _PER_FILE, names)) for pattern, names in per_file.items()
        ),
        strict=table.get("strict", False),
        allow_placeholders=table.get("allow-placeholders", False),
    )


def _rules(place: str, key: str, names: Any) -> frozenset[str]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ConfigError(f"{place}: {key} has to be a list of rules")
    try:
        return expand(names)
    except ValueError as error:
        raise ConfigError(f"{place}: {key}: {error}") from None
