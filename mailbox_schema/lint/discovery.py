"""Folders and patterns -> the files of mailboxes that they stand for.

A walk skips what is hidden, ``node_modules``, what a ``.gitignore`` or ``exclude`` names, and every link that
leads out of the folder. Of the other files it takes those that ``include`` names and whose type is known.
"""

from __future__ import annotations

import os
import re
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from pathspec import GitIgnoreSpec

from mailbox_schema.lint.check import MAGIC, Found, is_pattern
from mailbox_schema.lint.config import Config, ConfigError, config_for, read_regular
from mailbox_schema.lint.sources import kind_of
from mailbox_schema.lint.sources.base import SourceError, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


INCLUDE: Final = (
    "mailbox.*",
    "*.mailbox.*",
    "mailboxes.*",
    "*.mailboxes.*",
    "mailboxes-*",
    "*.mailboxes-*",
    "**/mailboxes/**",
    "!*.schema.*",
    "!package.json",
    "!package-lock.json",
    "!tsconfig*",
    "!kustomization.*",
    "!compose*",
    "!docker-compose*",
)
"""The default of ``include``; ``.pre-commit-hooks.yaml`` has the same names as a regular expression."""

# Each more multiplies the time of a match, because pathspec matches by regular expressions that backtrack.
_MOST_STARS: Final = 3
"""In one name; of those that stand for several folders, one fewer in a pattern."""
_STARS: Final = re.compile(r"\*+")
_SKIPPED: Final = "node_modules"
_GITIGNORE: Final = ".gitignore"


def find_files(names: Iterable[str], command_line: Config, *, has_type: bool) -> Found:
    """Return the files that folders and patterns stand for, and the other ``names`` as they are.

    ``has_type`` is whether an option gives the type of all files.

    :raises ConfigError: if a configuration can't be read, or has a wrong pattern
    """
    files: set[str] = set()
    failures: list[tuple[str, SourceError]] = []
    empty: list[str] = []
    for name in names:
        if not is_pattern(name) and not os.path.isdir(name):
            files.add(name)
            continue
        if is_pattern(name) and not os.path.isdir(_split(name)[0]):
            empty.append(name)
            continue
        before = len(failures)
        found: set[str] = set()
        try:
            found.update(_Walk(name, command_line, failures, has_type=has_type).files())
        except FileNotFoundError as error:  # the working directory was deleted
            failures.append((name, unreadable(error)))
        if not found and len(failures) == before:
            empty.append(name)
        files |= found
    return Found(sorted(files), failures, empty)


def is_wanted(path: str) -> bool:
    """Return whether ``include`` and ``exclude`` take the file at ``path`` for a file of mailboxes.

    :raises ConfigError: if the configuration can't be read, or has a wrong pattern
    """
    config = config_for(path, Config())
    return _includes(config, _relative(config.folder or os.sep, path)) and not _excludes(config, path)


def is_excluded(name: str, command_line: Config) -> bool:
    """Return whether the setting or the option to exclude files names this one."""
    try:
        path = os.path.abspath(name)
        return any(_excludes(config, path) for config in (config_for(name, command_line), command_line))
    except FileNotFoundError:  # the working directory was deleted, and a relative name leads nowhere
        return False


class _Folder(NamedTuple):
    """A folder: as it is shown, where it is, and the ``.gitignore`` files that apply, the nearest first."""

    shown: str
    path: str
    ignored: tuple[tuple[str, GitIgnoreSpec], ...]


class _Walk:
    """One walk through a folder, or through the folder that a pattern begins with."""

    def __init__(
        self, name: str, command_line: Config, failures: list[tuple[str, SourceError]], *, has_type: bool
    ) -> None:
        self._command_line = command_line
        self._failures = failures
        self._has_type = has_type
        self._pattern: str | None = None
        if is_pattern(name):
            name, self._pattern = _split(name)
        path = os.path.abspath(name)
        self._root = path
        self._real_root = os.path.join(os.path.realpath(path), "")
        shown = name.rstrip(os.sep) or os.sep
        self._waiting = [_Folder("" if shown == os.curdir else shown, path, _ignored_above(path))]

    def files(self) -> Iterator[str]:
        """Yield the files, folder by folder."""
        while self._waiting:
            folder = self._waiting.pop()
            try:
                with os.scandir(folder.path) as entries:
                    yield from self._wanted(folder, list(entries))
            except OSError as error:
                self._failures.append((folder.shown or os.curdir, unreadable(error)))

    def _wanted(self, folder: _Folder, entries: list[os.DirEntry[str]]) -> Iterator[str]:
        ignored = folder.ignored
        if any(entry.name == _GITIGNORE for entry in entries):
            ignored = ((folder.path, _gitignore(folder.path)), *ignored)
        config = config_for(os.path.join(folder.path, _GITIGNORE), self._command_line)
        for entry in entries:
            if entry.name.startswith(".") or entry.name == _SKIPPED:
                continue
            shown = os.path.join(folder.shown, entry.name)
            is_folder = entry.is_dir(follow_symlinks=False)
            if self._is_skipped(entry.path, ignored, config, is_folder=is_folder):
                continue
            if is_folder:
                self._waiting.append(_Folder(shown, entry.path, ignored))
            elif self._is_included(shown, entry.path, config) and self._is_inside(entry):
                yield shown

    def _is_skipped(
        self, path: str, ignored: Iterable[tuple[str, GitIgnoreSpec]], config: Config, *, is_folder: bool
    ) -> bool:
        path = os.path.join(path, "") if is_folder else path
        return _is_ignored(path, ignored) or any(
            _excludes(each, path) for each in (config, self._command_line)
        )

    def _is_included(self, shown: str, path: str, config: Config) -> bool:
        if not self._has_type and not _has_known_type(shown):
            return False
        if self._pattern is not None:
            return _matches_pattern(self._pattern, _relative(self._root, path))
        return _includes(config, _relative(config.folder, path))

    def _is_inside(self, entry: os.DirEntry[str]) -> bool:
        """Return whether an entry is a file in the walked folder, or a link to one."""
        if not entry.is_symlink():
            return entry.is_file(follow_symlinks=False)
        return os.path.isfile(entry.path) and os.path.realpath(entry.path).startswith(self._real_root)


def _split(pattern: str) -> tuple[str, str]:
    """Return the folder that a pattern begins with, and the rest of it.

    >>> _split("config/**/*.yaml"), _split("*.json"), _split("/x/*")
    (('config', '**/*.yaml'), ('.', '*.json'), ('/x', '*'))
    """
    parts = pattern.split("/")
    first = next(number for number, part in enumerate(parts) if not MAGIC.isdisjoint(part))
    return ("/".join(parts[:first]) or os.sep) if first else os.curdir, "/".join(parts[first:])


def _matches_pattern(pattern: str, path: str) -> bool:
    # In a .gitignore, a pattern for a folder is one for all that is in it; in a shell it isn't.
    if "**" not in pattern and path.count("/") != pattern.count("/"):
        return False
    return _spec("mailbox-schema check: error", (f"/{pattern}",)).match_file(path)


def _has_known_type(name: str) -> bool:
    try:
        kind_of(name)
    except SourceError:
        return False
    return True


def _includes(config: Config, path: str) -> bool:
    """Return what the last pattern that names a file says.

    One without a slash is about the name of the file, in any folder; not about the folder's own.
    """
    path = path.lower()
    name = path.rpartition("/")[2]
    for pattern in reversed(INCLUDE if config.include is None else config.include):
        wanted = pattern.removeprefix("!").lower()
        is_named = (
            _spec(f"{config.place}: include", (wanted,)).match_file(path)
            if "/" in wanted
            else fnmatchcase(name, wanted)
        )
        if is_named:
            return wanted == pattern.lower()
    return False


def _excludes(config: Config, path: str) -> bool:
    """Return whether a configuration excludes the file or folder at ``path``."""
    if not config.exclude:
        return False
    return _spec(f"{config.place}: exclude", config.exclude).match_file(_relative(config.folder, path))


def _relative(base: str, path: str) -> str:
    """Return the way to ``path`` from a folder, or from the working directory, as patterns have it."""
    relative = os.path.relpath(path, base or os.curdir).replace(os.sep, "/")
    return f"{relative}/" if path.endswith(os.sep) else relative


@cache
def _spec(place: str, patterns: tuple[str, ...]) -> GitIgnoreSpec:
    if not all(map(_is_bounded, patterns)):
        raise ConfigError(f"{place}: a pattern with too many asterisks")
    try:
        return GitIgnoreSpec.from_lines(patterns)
    except ValueError:
        raise ConfigError(f"{place}: not a pattern as in .gitignore") from None


def _is_bounded(pattern: str) -> bool:
    """Return whether a name takes little time to match with ``pattern``."""
    names = pattern.split("/")
    return names.count("**") < _MOST_STARS and all(len(_STARS.findall(name)) <= _MOST_STARS for name in names)


# .gitignore


def _is_ignored(path: str, ignored: Iterable[tuple[str, GitIgnoreSpec]]) -> bool:
    for folder, spec in ignored:
        says = spec.check_file(path.removeprefix(folder).lstrip(os.sep)).include
        if says is not None:
            return says
    return False


def _ignored_above(path: str) -> tuple[tuple[str, GitIgnoreSpec], ...]:
    """Return the ``.gitignore`` files above a folder, the nearest first; none outside a repository."""
    above: list[str] = []
    while not os.path.lexists(os.path.join(path, ".git")):
        parent = os.path.dirname(path)
        if parent == path:
            return ()
        path = parent
        above.append(path)
    return tuple((folder, _gitignore(folder)) for folder in above)


def _gitignore(folder: str) -> GitIgnoreSpec:
    """Return the patterns of the ``.gitignore`` in a folder; like git, skip what is not a pattern.

    So is one with too many asterisks: its files are checked rather than searched for without end.
    """
    data = read_regular(os.path.join(folder, _GITIGNORE))
    lines = os.fsdecode(data).splitlines()
    return GitIgnoreSpec.from_lines([line for line in lines if _is_valid(line)])


def _is_valid(line: str) -> bool:
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return _is_bounded(line)
