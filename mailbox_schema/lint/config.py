"""[tool.mailbox-schema] in pyproject.toml: what to look for in the files beneath it."""

import os.path
import sys
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NAME = "pyproject.toml"


class ConfigError(Exception):
    """The configuration, or the command line, names what there is not; says so in one line."""


class Choice:
    """What to look for in a file.

    - ``allow_placeholders``: whether a placeholder passes the rules
    - ``strict``: whether warnings fail the run
    - ``rules``: the names of the rules; at first ``None`` for those that are looked for by default
    """

    def __init__(
        self, rules: "frozenset[str] | None", *, allow_placeholders: bool = False, strict: bool = False
    ) -> None:
        self._rules = rules
        self.allow_placeholders = allow_placeholders
        self.strict = strict

    @property
    def rules(self) -> "frozenset[str]":
        """The names of the rules."""
        if self._rules is None:
            self._rules = _groups()["default"]
        return self._rules

    def asks_for_more_than_default(self) -> bool:
        """Say whether rules are among them that are looked for on request only."""
        return self._rules is not None and not self._rules <= _groups()["default"]


def _groups() -> "dict[str, frozenset[str]]":
    from mailbox_schema.lint.rules import GROUPS  # noqa: PLC0415  # needed only where something is found, or chosen

    return GROUPS


class Config:
    """What a ``pyproject.toml`` says: ``folder`` is where it stands."""

    def __init__(  # noqa: PLR0913  # one for each setting
        self,
        folder: str = "",
        *,
        select: "frozenset[str] | None" = None,
        extend_select: "frozenset[str]" = frozenset(),
        ignore: "frozenset[str]" = frozenset(),
        per_file_ignores: "tuple[tuple[str, frozenset[str]], ...]" = (),
        strict: bool = False,
        allow_placeholders: bool = False,
    ) -> None:
        self.folder = folder
        self.select = select
        self.extend_select = extend_select
        self.ignore = ignore
        self.per_file_ignores = per_file_ignores
        self.strict = strict
        self.allow_placeholders = allow_placeholders

    def choice(self, command_line: "Config") -> Choice:
        """Return what to look for in the files beneath: the command line's selection counts first."""
        selected = self.select if command_line.select is None else command_line.select
        extended = self.extend_select | command_line.extend_select
        ignored = self.ignore | command_line.ignore
        rules = selected
        if extended or ignored:
            rules = ((_groups()["default"] if selected is None else selected) | extended) - ignored
        return Choice(
            rules,
            allow_placeholders=self.allow_placeholders or command_line.allow_placeholders,
            strict=self.strict or command_line.strict,
        )

    def choice_for(self, file: str, choice: Choice) -> Choice:
        """Return ``choice`` less what is not to be looked for in ``file``."""
        if not self.per_file_ignores:
            return choice
        from fnmatch import fnmatch  # noqa: PLC0415  # for this setting only

        name = os.path.relpath(os.path.abspath(file), self.folder or os.curdir).replace(os.path.sep, "/")
        ignored = (rules for pattern, rules in self.per_file_ignores if fnmatch(name, pattern))
        rules = choice.rules.difference(*ignored)
        return Choice(rules, allow_placeholders=choice.allow_placeholders, strict=choice.strict)


class Choices:
    """What to look for in each file of a run."""

    def __init__(self, command_line: Config) -> None:
        self._command_line = command_line
        # By the folder, as the file's name has it: the files of a folder share a configuration.
        self._found: "dict[str, tuple[Config, Choice]]" = {}

    def choice(self, file: str) -> Choice:
        """Return what to look for in ``file``.

        :raises ConfigError: if its configuration can't be read, or holds what we don't know
        """
        folder = os.path.dirname(file)
        if folder not in self._found:
            config = config_for(file)
            self._found[folder] = config, config.choice(self._command_line)
        config, choice = self._found[folder]
        return config.choice_for(file, choice)


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
    from mailbox_schema.hints import nearest  # noqa: PLC0415  # needed only where there is a configuration

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
        select=_rules(place, "select", table["select"]) if "select" in table else None,
        extend_select=_rules(place, "extend-select", table.get("extend-select", [])),
        ignore=_rules(place, "ignore", table.get("ignore", [])),
        per_file_ignores=tuple(
            (pattern, _rules(place, _IGNORES, names)) for pattern, names in per_file.items()
        ),
        strict=table.get("strict", False),
        allow_placeholders=table.get("allow-placeholders", False),
    )


def _rules(place: str, key: str, names: "Any") -> "frozenset[str]":
    from mailbox_schema.lint.rules import expanded  # noqa: PLC0415  # as above

    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ConfigError(f"{place}: {key} has to be a list of rules")
    try:
        return expanded(names)
    except ValueError as error:
        raise ConfigError(f"{place}: {key}: {error}") from None
