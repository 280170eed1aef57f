"""A language server: findings, quick fixes and the rules' pages in an editor, while a file is written.

Nothing is logged, and an error is reported by its type alone: pygls's own messages may quote the file.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from mailbox_schema import __version__
from mailbox_schema.lint.catalogue import explanation
from mailbox_schema.lint.check import File, check_stream
from mailbox_schema.lint.config import Config, ConfigError, choice_for, forget_configurations
from mailbox_schema.lint.discovery import is_wanted
from mailbox_schema.lint.repair import apart
from mailbox_schema.lint.sources import FILE_TYPES, kind_of
from mailbox_schema.lint.sources.base import SourceError, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pygls.workspace import TextDocument

    from mailbox_schema.lint.findings import Finding
    from mailbox_schema.lint.fixes import Fix

_NAME: Final = "mailbox-schema"
_FIX_ALL: Final = f"{types.CodeActionKind.SourceFixAll.value}.{_NAME}"
_SEVERITIES: Final = {"error": types.DiagnosticSeverity.Error, "warning": types.DiagnosticSeverity.Warning}
# The types of files by the names that editors have for languages, where the name of the file doesn't tell.
_LANGUAGES: Final = {kind: kind for kind in FILE_TYPES} | {"ndjson": "jsonl", "tsv": "csv"}
# What is underlined from the start of a value: a text in quotes, a word, or one character.
_UNDERLINED: Final = re.compile(r"\"(?:[^\"\\\r\n]|\\.)*\"?|'[^'\r\n]*'?|[^\s\"',;:\[\]{}]+|.")


def serve() -> None:
    """Run the server on standard input and output until the editor ends it."""
    logging.disable(logging.CRITICAL)
    # The server closes what it writes to; the command flushes its standard output at the end.
    with open(os.dup(sys.stdout.fileno()), "wb") as output:
        make_server().start_io(stdout=output)


def make_server() -> Server:
    """Return a server with its features."""
    server = Server()
    feature = server.feature
    feature(types.TEXT_DOCUMENT_DID_OPEN)(lambda params: server.check(params.text_document.uri))
    feature(types.TEXT_DOCUMENT_DID_CHANGE)(lambda params: server.check(params.text_document.uri))
    feature(types.TEXT_DOCUMENT_DID_SAVE)(lambda params: server.check(params.text_document.uri))
    feature(types.TEXT_DOCUMENT_DID_CLOSE)(lambda params: server.forget(params.text_document.uri))
    feature(types.TEXT_DOCUMENT_HOVER)(lambda params: server.hover(params))  # noqa: PLW0108  # pygls marks it
    kinds = [types.CodeActionKind.QuickFix, _FIX_ALL]
    options = types.CodeActionOptions(code_action_kinds=kinds)
    feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(lambda params: server.actions(params))  # noqa: PLW0108  # as above
    return server


class _Noted(NamedTuple):
    """A finding, as the editor has been told of it."""

    finding: Finding
    diagnostic: types.Diagnostic


class Server(LanguageServer):
    """The findings of the files that are open in the editor."""

    def __init__(self) -> None:
        # The whole text with each change: pygls ends lines at more characters than the protocol does.
        super().__init__(_NAME, __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self._noted: dict[str, list[_Noted]] = {}

    def report_server_error(self, error: Exception, source: object) -> None:  # noqa: ARG002  # pygls's signature
        """Report an error by its type alone."""
        message = f"{_NAME}: internal error ({type(error).__name__})"
        self.window_show_message(types.ShowMessageParams(types.MessageType.Error, message))

    def check(self, uri: str) -> None:
        """Search a file for findings, and publish them."""
        document = self.workspace.get_text_document(uri)
        places = self._places(document)
        noted: list[_Noted] = []
        troubles: list[types.Diagnostic] = []
        try:
            # The findings before an error stay.
            noted.extend(_Noted(finding, _diagnostic(finding, places)) for finding in _findings(document))
        except SourceError as error:
            troubles.append(_trouble(error.reason, places.underline(error.position or (1, 1))))
        except ConfigError as error:
            troubles.append(_trouble(str(error), places.underline((1, 1))))
        self._noted[uri] = noted
        self._publish(uri, [*troubles, *(each.diagnostic for each in noted)], document.version)

    def forget(self, uri: str) -> None:
        """Take back the findings of a file that is closed."""
        self._noted.pop(uri, None)
        self._publish(uri, [], None)

    def _publish(self, uri: str, diagnostics: list[types.Diagnostic], version: int | None) -> None:
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics, version))

    def hover(self, params: types.HoverParams) -> types.Hover | None:
        """Return the pages of the rules that found something at a place."""
        here = [
            each for each in self._noted.get(params.text_document.uri, ()) if _covers(each, params.position)
        ]
        if not here:
            return None
        rules = dict.fromkeys(each.finding.rule for each in here)
        text = "\n\n---\n\n".join(map(explanation, rules))
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), here[0].diagnostic.range)

    def actions(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """Return the fixes of the findings in a range, safe ones preferred, and one for all safe fixes."""
        uri = params.text_document.uri
        noted = self._noted.get(uri)
        if not noted:
            return []
        places = self._places(self.workspace.get_text_document(uri))
        actions = [
            _quick_fix(each.diagnostic, each.finding.fix, places.edits(each.finding.fix), uri)
            for each in noted
            if each.finding.fix is not None and _overlaps(each.diagnostic.range, params.range)
        ]
        fixable = apart((each.finding for each in noted), unsafe=False)
        if fixable:
            edits = [edit for _, fix in fixable for edit in places.edits(fix)]
            title = f"{_NAME}: fix all that is safe to fix"
            actions.append(types.CodeAction(title, kind=_FIX_ALL, edit=_changes(uri, edits)))
        return [action for action in actions if _is_wanted(action.kind, params.context.only)]

    def _places(self, document: TextDocument) -> _Places:
        return _Places(document.source, self.workspace.position_codec.client_num_units)


def _findings(document: TextDocument) -> Iterator[Finding]:
    """Yield the findings in a document, if it is named like a file of mailboxes."""
    path = to_fs_path(document.uri) or urlsplit(document.uri).path
    forget_configurations()
    try:
        kind = kind_of(path)
    except SourceError:
        kind = _LANGUAGES.get(document.language_id or "", "")
    if not kind or not is_wanted(path):
        return
    choice = choice_for(path, Config())
    data = document.source.encode("utf-8", "surrogatepass")
    yield from check_stream(BytesIO(data), File(path, path, kind), choice)


def _diagnostic(finding: Finding, places: _Places) -> types.Diagnostic:
    message = finding.message if finding.hint is None else f"{finding.message}\nhint: {finding.hint}"
    place = places.underline((finding.line, finding.column))
    severity = _SEVERITIES[finding.severity]
    return types.Diagnostic(place, message, severity=severity, code=finding.rule, source=_NAME)


def _trouble(reason: str, place: types.Range) -> types.Diagnostic:
    severity = types.DiagnosticSeverity.Error
    return types.Diagnostic(place, reason, severity=severity, code="unreadable", source=_NAME)


def _quick_fix(
    diagnostic: types.Diagnostic, fix: Fix, edits: list[types.TextEdit], uri: str
) -> types.CodeAction:
    return types.CodeAction(
        fix.title if fix.is_safe else f"{fix.title} (unsafe)",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic],
        is_preferred=fix.is_safe,
        edit=_changes(uri, edits),
    )


def _changes(uri: str, edits: list[types.TextEdit]) -> types.WorkspaceEdit:
    return types.WorkspaceEdit(changes={uri: edits})


def _is_wanted(
    kind: types.CodeActionKind | str | None, only: Sequence[types.CodeActionKind | str] | None
) -> bool:
    """Return whether the editor asks for actions of this kind: ``source`` includes ``source.fixAll``."""
    return only is None or any(f"{_text(kind)}.".startswith(f"{_text(each)}.") for each in only)


def _text(kind: types.CodeActionKind | str | None) -> str | None:
    return kind.value if isinstance(kind, types.CodeActionKind) else kind


def _covers(noted: _Noted, position: types.Position) -> bool:
    return noted.diagnostic.range.start <= position <= noted.diagnostic.range.end


def _overlaps(one: types.Range, other: types.Range) -> bool:
    return one.start <= other.end and other.start <= one.end


class _Places:
    """Positions in a text as the client counts them: lines from 0, columns in its units, mostly of UTF-16."""

    def __init__(self, text: str, units: Callable[[str], int]) -> None:
        self._text = Text(text)
        self._units = units
        # A byte order mark is not part of the first line to a source.
        self._mark = int(text.startswith("\ufeff"))
        # The start of a line, an offset in it, and the units between them: positions are asked for in order,
        # and all of a file's may be in one line.
        self._reached = 0, 0, 0

    def underline(self, position: tuple[int, int]) -> types.Range:
        """Return the range of what begins at a position."""
        start = self._offset(position)
        found = _UNDERLINED.match(self._text.text, start)
        end = start if found is None else found.end()
        return types.Range(self._position(start), self._position(end))

    def edits(self, fix: Fix) -> list[types.TextEdit]:
        """Return the edits of a fix."""
        return [
            types.TextEdit(
                types.Range(self._position(self._offset(start)), self._position(self._offset(end))), text
            )
            for start, end, text in fix.edits
        ]

    def _offset(self, position: tuple[int, int]) -> int:
        line, _ = position
        return self._text.offset(position) + (self._mark if line == 1 else 0)

    def _position(self, offset: int) -> types.Position:
        line, _ = self._text.position(offset)
        start, _ = self._text.line(offset)
        reached, units = self._reached[1:] if self._reached[0] == start else (start, 0)
        if reached > offset:
            reached, units = start, 0
        units += self._units(self._text.text[reached:offset])
        self._reached = start, offset, units
        return types.Position(line - 1, units)
