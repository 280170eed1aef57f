"""[tool.mailbox-schema] in pyproject.toml: what to look for in the files below it."""

from __future__ import annotations

import os
import re
import stat
import sys
from fnmatch import fnmatch
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mailbox_schema.contract import BODY_KEYS, FIELDS
from mailbox_schema.lint.catalogue import GROUPS, expand
from mailbox_schema.vocabulary import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import TypeVar

    _Given = TypeVar("_Given")
    _Value = TypeVar("_Value")

_NAME: Final = "pyproject.toml"
# Large projects have some ten kilobytes.
_LARGEST: Final = 1024 * 1024
# The parser of TOML and the translation of patterns take quadratic time, so their input is bounded.
_MOST_DOTS: Final = 100
_LONGEST_PATTERN: Final = 1000
# Linux's PATH_MAX: no file has a longer name, and each folder in a name is looked into.
_LONGEST_PATH: Final = 4096

_KNOWN: Final = (
    "select",
    "extend-select",
    "ignore",
    "per-file-ignores",
    "per-field-ignores",
    "strict",
    "allow-placeholders",
    "at",
    "per-file-at",
    "include",
    "exclude",
    "force-exclude",
)


# How the parser's message ends; from Python 3.14 on, the error has these numbers, too.
_TOML_PLACE: Final = re.compile(r"\(at line ([0-9]+), column ([0-9]+)\)\Z")

# As the API writes a path, or a field alone for all mailboxes.
_FIELD_PATH: Final = re.compile(r"mailbox\[([0-9]{1,18})\](?:\.([a-z_]+))?|([a-z_]+)")


class ConfigError(Exception):
    """The configuration or the command line is wrong; says so in one line."""


FieldIgnore = tuple["int | None", "str | None", frozenset[str]]
"""The index of a mailbox, a field, and the rules to ignore there; ``None`` for each of them."""


class Choice(NamedTuple):
    """What to look for in a file.

    - ``rules``: the names of the rules
    - ``allow_placeholders``: whether a placeholder passes the rules
    - ``strict``: whether warnings fail the run
    - ``at``: the path to the mailboxes in the file; empty for the top
    - ``field_ignores``: the rules not to look for in single mailboxes or fields
    """

    rules: frozenset[str]
    allow_placeholders: bool = False
    strict: bool = False
    at: str = ""
    field_ignores: tuple[FieldIgnore, ...] = ()


class Config(NamedTuple):
    """The settings of ``file``, or of the command line; with ``given``, those of the file that it names."""

    file: str = ""
    select: frozenset[str] | None = None
    extend_select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    per_file_ignores: tuple[tuple[str, frozenset[str]], ...] = ()
    strict: bool = False
    allow_placeholders: bool = False
    at: str | None = None
    per_file_at: tuple[tuple[str, str], ...] = ()
    per_field_ignores: tuple[tuple[str, tuple[FieldIgnore, ...]], ...] = ()
    include: tuple[str, ...] | None = None
    exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    given: Config | None = None

    @property
    def folder(self) -> str:
        """The folder that patterns start from; empty for the working directory."""
        return os.path.dirname(self.file)

    @property
    def place(self) -> str:
        """Where the settings are, for an error about one of them."""
        return f"{self.file}: [tool.mailbox-schema]" if self.file else "mailbox-schema check: error"

    def choice(self, command_line: Config) -> Choice:
        """Return what to look for in the files below; a selection on the command line comes first."""
        selected = self.select if command_line.select is None else command_line.select
        rules = GROUPS["default"] if selected is None else selected
        rules |= self.extend_select | command_line.extend_select
        return Choice(
            rules - self.ignore - command_line.ignore,
            self.allow_placeholders or command_line.allow_placeholders,
            self.strict or command_line.strict,
            (self.at if command_line.at is None else command_line.at) or "",
        )


def choice_for(file: str, command_line: Config) -> Choice:
    """Return what to look for in ``file``.

    :raises ConfigError: if its configuration can't be read, or has an unknown setting
    """
    config = config_for(file, command_line)
    choice = config.choice(command_line)
    if not (config.per_file_ignores or config.per_field_ignores or config.per_file_at):
        return choice
    name = os.path.relpath(os.path.abspath(file), config.folder).replace(os.path.sep, "/")
    ignored = (rules for pattern, rules in config.per_file_ignores if fnmatch(name, pattern))
    choice = choice._replace(
        rules=choice.rules.difference(*ignored),
        field_ignores=tuple(
            each
            for pattern, ignores in config.per_field_ignores
            if fnmatch(name, pattern)
            for each in ignores
        ),
    )
    if command_line.at is not None:
        return choice
    at = next((at for pattern, at in config.per_file_at if fnmatch(name, pattern)), choice.at)
    return choice._replace(at=at)


def config_for(file: str, command_line: Config) -> Config:
    """Return the given configuration, or that of the nearest ``pyproject.toml`` above ``file`` that has one.

    :raises ConfigError: if it can't be read, or has an unknown setting
    """
    if command_line.given is not None:
        return command_line.given
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


def forget_configurations() -> None:
    """Read each ``pyproject.toml`` anew from now on: it may have changed in a process that runs long."""
    _config_in.cache_clear()


@cache
def _config_in(folder: str) -> Config | None:
    path = os.path.join(folder, _NAME)
    data = read_regular(path)
    # Most have no settings for us, and needn't be parsed.
    table = _table(path, data) if b"mailbox-schema" in data else None
    return None if table is None else _parse(path, table)


def read_config(path: str) -> Config:
    """Return the configuration in a TOML file.

    :raises ConfigError: if it can't be read, has none, or has an unknown setting
    """
    path = os.path.abspath(path)
    if not os.path.lexists(path):
        raise ConfigError(f"{path}: no such file")
    table = _table(path, read_regular(path))
    if table is None:
        raise ConfigError(f"{path}: there is no table [tool.mailbox-schema]")
    return _parse(path, table)


def read_regular(path: str) -> bytes:
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
    except (ValueError, RecursionError) as error:
        raise _not_toml(path, str(error)) from None
    tool = tables.get("tool")
    table = tool.get("mailbox-schema") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigError(f"{path}: [tool.mailbox-schema] has to be a table")
    return table


def _not_toml(path: str, said: str) -> ConfigError:
    """Return the error about a file that the parser refuses, with what it says of the place."""
    if said.endswith("(at end of document)"):
        return ConfigError(f"{path}: not TOML: it ends too early: a quote or bracket may not be closed")
    place = _TOML_PLACE.search(said)
    return ConfigError(f"{path}: not TOML" if place is None else f"{path}:{place[1]}:{place[2]}: not TOML")


def _parse(path: str, table: Mapping[str, Any]) -> Config:
    settings = _Settings(Config(path).place, table)
    return Config(
        path,
        select=settings.rules("select") if "select" in table else None,
        extend_select=settings.rules("extend-select"),
        ignore=settings.rules("ignore"),
        per_file_ignores=settings.per_file("per-file-ignores", "lists of rules", settings.rules),
        strict=settings.flag("strict"),
        allow_placeholders=settings.flag("allow-placeholders"),
        at=settings.at("at") if "at" in table else None,
        per_file_at=settings.per_file("per-file-at", "paths", settings.at),
        per_field_ignores=settings.per_file("per-field-ignores", "tables", settings.field_ignores),
        include=settings.patterns("include") if "include" in table else None,
        exclude=settings.patterns("exclude"),
        force_exclude=settings.flag("force-exclude"),
    )


class _Settings:
    """The settings of a table, read one by one.

    :raises ConfigError: if one is unknown, or not of its type
    """

    def __init__(self, place: str, table: Mapping[str, Any]) -> None:
        self._place = place
        self._table = table
        for key in table:
            if key not in _KNOWN:
                meant = nearest(key, _KNOWN, likeness=0.7)
                raise self._wrong(
                    f"unknown setting {key!r}" + (f"; did you mean {meant!r}?" if meant else "")
                )

    def flag(self, key: str) -> bool:
        value: object = self._table.get(key, False)
        if not isinstance(value, bool):
            raise self._wrong(f"{key} has to be true or false")
        return value

    def rules(self, key: str, names: Any = None) -> frozenset[str]:
        names = self._table.get(key, []) if names is None else names
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise self._wrong(f"{key} has to be a list of rules")
        return self._checked(key, expand, names)

    def at(self, key: str, path: Any = None) -> str:
        path = self._table[key] if path is None else path
        if not isinstance(path, str):
            raise self._wrong(f'{key} has to be a path, such as "woodpecker.mailboxes"')
        return self._checked(key, checked_at, path)

    def field_ignores(self, key: str, table: Any) -> tuple[FieldIgnore, ...]:
        if not isinstance(table, dict):
            raise self._wrong(f"{key} has to be a table of tables: by file, and by mailbox or field")
        return tuple(
            (*self._checked(key, _field_path, path), self.rules(key, names)) for path, names in table.items()
        )

    def patterns(self, key: str) -> tuple[str, ...]:
        patterns = self._table.get(key, [])
        if not isinstance(patterns, list) or not all(isinstance(pattern, str) for pattern in patterns):
            raise self._wrong(f"{key} has to be a list of patterns")
        return tuple(self._short(key, patterns))

    def per_file(
        self, key: str, values: str, read: Callable[[str, Any], _Value]
    ) -> tuple[tuple[str, _Value], ...]:
        table = self._table.get(key, {})
        if not isinstance(table, dict):
            raise self._wrong(f"{key} has to be a table of patterns and {values}")
        return tuple((pattern, read(key, table[pattern])) for pattern in self._short(key, table))

    def _short(self, key: str, patterns: Collection[str]) -> Collection[str]:
        if any(len(pattern) > _LONGEST_PATTERN for pattern in patterns):
            raise self._wrong(f"{key}: a pattern of more than {_LONGEST_PATTERN:,} characters")
        return patterns

    def _checked(self, key: str, check: Callable[[_Given], _Value], value: _Given) -> _Value:
        try:
            return check(value)
        except ValueError as error:
            raise self._wrong(f"{key}: {error}") from None

    def _wrong(self, reason: str) -> ConfigError:
        return ConfigError(f"{self._place}: {reason}")


def _field_path(path: str) -> tuple[int | None, str | None]:
    """Return the index and the field in ``mailbox[3].smtp_port``, ``mailbox[3]`` or ``smtp_port``.

    :raises ValueError: if it is none of these
    """
    match = _FIELD_PATH.fullmatch(path)
    field = None if match is None else match[2] or match[3]
    if match is None or not (field is None or field in FIELDS or field in BODY_KEYS):
        raise ValueError("expected a path such as mailbox[3].smtp_port, mailbox[3] or smtp_port")
    return None if match[1] is None else int(match[1]), field


def checked_at(path: str) -> str:
    """Return the path to the mailboxes in a file, if it is one.

    :raises ValueError: if it is not
    """
    from mailbox_schema.lint.sources.inside import read_way  # noqa: PLC0415  # for this setting only

    read_way(path)
    return path
