"""The language server, spoken to by a client over standard input and output, as an editor does."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import pytest
from golden import body
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from mailbox_schema.lint.catalogue import explanation
from mailbox_schema.lint.cli import main

SECRET: Final = "Qz7Wq7Xk"
URI: Final = "file:///x/mailboxes.json"


class Editor:
    """A client, and what the server has told it."""

    def __init__(self, encodings: list[types.PositionEncodingKind] | None) -> None:
        self.client = LanguageClient("test-editor", "1")
        self.published: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.messages: list[str] = []
        self._encodings = encodings
        self._version = 0

        feature: Any = self.client.feature
        feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: self.published.put_nowait(params))  # noqa: PLW0108  # pygls marks it
        feature(types.WINDOW_SHOW_MESSAGE)(lambda params: self.messages.append(params.message))

    async def start(self) -> types.InitializeResult:
        await self.client.start_io(sys.executable, "-m", "mailbox_schema", "lsp")
        general = types.GeneralClientCapabilities(position_encodings=self._encodings)
        capabilities = types.ClientCapabilities(general=general)
        result = await self.client.initialize_async(types.InitializeParams(capabilities=capabilities))
        self.client.initialized(types.InitializedParams())
        return result

    async def stop(self) -> int | None:
        await self.client.shutdown_async(None)
        self.client.exit(None)
        server = self.client._server  # noqa: SLF001  # its exit status
        assert server is not None
        status = await asyncio.wait_for(server.wait(), 20)
        stop: Any = self.client.stop
        await stop()
        return status

    def send(self, message: object) -> None:
        """Send a message that no client sends."""
        server = self.client._server  # noqa: SLF001  # as above
        assert server is not None
        assert server.stdin is not None
        data = json.dumps(message).encode()
        server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))

    async def told(self) -> list[types.Diagnostic]:
        return [*(await asyncio.wait_for(self.published.get(), 20)).diagnostics]

    async def open(self, text: str, uri: str = URI, language: str = "json") -> list[types.Diagnostic]:
        document = types.TextDocumentItem(uri, language, 0, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(document))
        return await self.told()

    async def change(self, text: str, uri: str = URI) -> list[types.Diagnostic]:
        self._version += 1
        document = types.VersionedTextDocumentIdentifier(version=self._version, uri=uri)
        whole = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [whole]))
        return await self.told()

    async def actions(
        self, place: types.Range, uri: str = URI, only: list[str] | None = None
    ) -> list[types.CodeAction]:
        document = types.TextDocumentIdentifier(uri)
        context = types.CodeActionContext(diagnostics=[], only=only)
        params = types.CodeActionParams(document, place, context)
        found = await self.client.text_document_code_action_async(params)
        return [action for action in found or () if isinstance(action, types.CodeAction)]

    async def hover(self, line: int, character: int, uri: str = URI) -> types.Hover | None:
        document = types.TextDocumentIdentifier(uri)
        params = types.HoverParams(document, types.Position(line, character))
        return await self.client.text_document_hover_async(params)


def edit_with(
    act: Callable[[Editor], Awaitable[None]], encodings: list[types.PositionEncodingKind] | None = None
) -> Editor:
    """Start an editor and its server, act, and end both in an orderly way."""
    editor = Editor(encodings)

    async def session() -> None:
        await editor.start()
        await act(editor)
        assert await editor.stop() == 0

    asyncio.run(session())
    return editor


def applied(text: str, action: types.CodeAction, uri: str = URI) -> str:
    """Make the edits of an action in a text of one-unit characters, as an editor does."""
    assert action.edit is not None
    assert action.edit.changes is not None
    lines = text.splitlines(keepends=True)

    def offset(position: types.Position) -> int:
        return sum(map(len, lines[: position.line])) + position.character

    for edit in reversed(action.edit.changes[uri]):
        text = text[: offset(edit.range.start)] + edit.new_text + text[offset(edit.range.end) :]
    return text


def shown(diagnostic: types.Diagnostic) -> tuple[Any, ...]:
    start, end = diagnostic.range.start, diagnostic.range.end
    assert diagnostic.source == "mailbox-schema"
    place = (start.line, start.character, end.line, end.character)
    assert diagnostic.severity is not None
    return (*place, diagnostic.severity.name, diagnostic.code, diagnostic.message)


PORT: Final = "mailbox[0].smtp_port must be provided and in range <1,65535>"
EVERYWHERE: Final = types.Range(types.Position(0, 0), types.Position(99, 0))
TEXT: Final = json.dumps(body(smtp_port="587", smtp_server="smtp.server.io:587", footer=""), indent=0)


def test_findings_follow_what_is_typed() -> None:
    async def act(editor: Editor) -> None:
        assert [shown(each) for each in await editor.open(TEXT)] == [
            (5, 15, 5, 35, "Warning", "server-name", "mailbox[0].smtp_server is not a plain host name\nhint: remove the port"),
            (6, 13, 6, 18, "Error", "port", f"{PORT}\nhint: write the number without quotes"),
            (11, 10, 11, 12, "Error", "not-blank", "mailbox[0].footer if provided must not be blank\nhint: leave the field out or fill it in"),
        ]  # fmt: skip
        assert await editor.change(json.dumps(body())) == []
        assert [shown(each) for each in await editor.change("{\n")] == [
            (1, 0, 1, 0, "Error", "unreadable", "not JSON: a key in double quotes was expected here")
        ]
        saved = types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(URI))
        editor.client.text_document_did_save(saved)
        assert len(await editor.told()) == 1
        closed = types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(URI))
        editor.client.text_document_did_close(closed)
        assert await editor.told() == []

    assert edit_with(act).messages == []


def test_safe_fixes_are_preferred_and_unsafe_ones_are_marked() -> None:
    async def act(editor: Editor) -> None:
        diagnostics = await editor.open(TEXT)
        actions = await editor.actions(EVERYWHERE)
        assert [(action.title, action.kind, action.is_preferred) for action in actions] == [
            ("keep only the host name (unsafe)", types.CodeActionKind.QuickFix, False),
            ("write the number in digits only", types.CodeActionKind.QuickFix, True),
            ("leave it out (unsafe)", types.CodeActionKind.QuickFix, False),
            ("mailbox-schema: fix all that is safe to fix", "source.fixAll.mailbox-schema", None),
        ]
        assert [action.diagnostics for action in actions] == [*((each,) for each in diagnostics), None]
        server = TEXT.replace("smtp.server.io:587", "smtp.server.io")
        port = TEXT.replace('"587"', "587")
        footer = TEXT.replace(',\n"footer": ""', "")
        assert [applied(TEXT, action) for action in actions] == [server, port, footer, port]

        def titles(found: list[types.CodeAction]) -> list[str]:
            return [action.title for action in found]

        here = diagnostics[1].range
        assert titles(await editor.actions(here, only=["quickfix"])) == ["write the number in digits only"]
        assert titles(await editor.actions(here, only=["source"])) == [actions[3].title]
        assert titles(await editor.actions(here, only=["source.fixAll"])) == [actions[3].title]
        assert titles(await editor.actions(here, only=["refactor"])) == []
        assert titles(await editor.actions(here, uri="file:///x/mailboxes.yaml")) == []
        await editor.change(footer.replace('"587"', "587"))
        assert titles(await editor.actions(EVERYWHERE)) == ["keep only the host name (unsafe)"]

    edit_with(act)


def test_a_hover_shows_the_page_of_the_rule() -> None:
    async def act(editor: Editor) -> None:
        await editor.open(TEXT)
        hover = await editor.hover(6, 14)
        assert hover is not None
        assert hover.contents == types.MarkupContent(types.MarkupKind.Markdown, explanation("port"))
        assert hover.range == types.Range(types.Position(6, 13), types.Position(6, 18))
        assert await editor.hover(0, 0) is None
        assert await editor.hover(0, 0, uri="file:///y.json") is None

    edit_with(act)


YAML: Final = "- smtp_from_name: \U0001f600\n  x: {\U0001f600: 1, smtp_port: '587'}\r  smtp_port: '587' # \u2028 \x85\r\n  imap_port: 0\n"


@pytest.mark.parametrize(
    ("encoding", "columns"),
    [
        (None, (13, 18)),
        (types.PositionEncodingKind.Utf16, (13, 18)),
        (types.PositionEncodingKind.Utf32, (13, 18)),
        (types.PositionEncodingKind.Utf8, (13, 18)),
    ],
)
def test_lines_end_as_the_protocol_says(
    encoding: types.PositionEncodingKind | None, columns: tuple[int, int]
) -> None:
    async def act(editor: Editor) -> None:
        found = await editor.open(YAML, "file:///x/mailboxes.yml", "yaml")
        places = {each.message.partition(" ")[0]: each.range for each in found}
        place = places["mailbox[0].smtp_port"]
        assert (place.start.line, place.start.character, place.end.character) == (2, *columns)
        assert places["mailbox[0].imap_port"].start == types.Position(3, 13)

    edit_with(act, None if encoding is None else [encoding])


@pytest.mark.parametrize(
    ("encoding", "start", "end"),
    [
        (None, 25, 30),
        (types.PositionEncodingKind.Utf16, 25, 30),
        (types.PositionEncodingKind.Utf32, 24, 29),
        (types.PositionEncodingKind.Utf8, 27, 32),
    ],
)
def test_columns_are_in_the_units_of_the_client(
    encoding: types.PositionEncodingKind | None, start: int, end: int
) -> None:
    async def act(editor: Editor) -> None:
        uri = "file:///x/mailboxes.json"
        text = '{"footer": "\U0001f600", "bcc": "587", "imap_port": 1}'
        found = await editor.open(text, uri)
        (place,) = [each.range for each in found if "bcc" in each.message]
        assert (place.start, place.end) == (types.Position(0, start - 1), types.Position(0, end - 1))

    edit_with(act, None if encoding is None else [encoding])


FIXABLE: Final = {
    "mailboxes.json": ("json", '[{"smtp_port": "587"}]', '[{"smtp_port": 587}]'),
    "a.mailboxes.yaml": ("yaml", "- smtp_port: '587'\n", "- smtp_port: 587\n"),
    "mailboxes/a.csv": ("plaintext", "smtp_port,x\n\u00a0587,\n", "smtp_port,x\n587,\n"),
    "mailboxes.jsonl": ("jsonl", '\n{"smtp_port": "587"}\n', '\n{"smtp_port": 587}\n'),
    "mailboxes.conf": ("yaml", "- smtp_port: '587'\n", "- smtp_port: 587\n"),
    "mailbox.x": ("ndjson", '\ufeff{"smtp_port": "587"}\n', '\ufeff{"smtp_port": 587}\n'),
}


def test_every_type_of_file_is_fixed() -> None:
    async def act(editor: Editor) -> None:
        for name, (language, before, after) in FIXABLE.items():
            uri = f"file:///x/{name}"
            await editor.open(before, uri, language)
            *_, action = await editor.actions(EVERYWHERE, uri)
            assert (name, applied(before, action, uri)) == (name, after)
        for name, language in (
            ("x.json", "json"),
            ("mailboxes.txt", "plaintext"),
            ("mailboxes.schema.json", "json"),
            ("mailboxes/tsconfig.build.json", "json"),
        ):
            assert await editor.open('[{"smtp_port": "587"}]', f"file:///x/{name}", language) == []
        assert await editor.open('[{"smtp_port": "587"}]', "untitled:Untitled-1", "json") == []
        assert len(await editor.open('[{"smtp_port": "587"}]', "untitled:mailboxes.json", "json")) > 1

    edit_with(act)


def test_the_settings_of_the_workspace_apply(tmp_path: Path) -> None:
    async def act(editor: Editor) -> None:
        settings = tmp_path / "pyproject.toml"
        settings.write_text('[tool.mailbox-schema]\nselect = ["port-role"]\n', encoding="utf-8")
        uri = (tmp_path / "mailboxes.json").as_uri()
        text = json.dumps(body(imap_port=465, bcc="x"))
        assert [each.code for each in await editor.open(text, uri)] == ["port-role"]
        settings.write_text('[tool.mailbox-schema]\nselect = ["email"]\n', encoding="utf-8")
        assert [each.code for each in await editor.change(text, uri)] == ["email"]
        settings.write_text(
            '[tool.mailbox-schema]\nselect = ["port"]\ninclude = ["x.json"]\nat = "y"\n', encoding="utf-8"
        )
        assert await editor.change(text, uri) == []
        other = (tmp_path / "x.json").as_uri()
        assert [each.code for each in await editor.open('{"y": [{"smtp_port": "1"}]}', other)] == [
            "port",
            "port",
        ]
        *_, action = await editor.actions(EVERYWHERE, other)
        assert applied('{"y": [{"smtp_port": "1"}]}', action, other) == '{"y": [{"smtp_port": 1}]}'
        settings.write_text('[tool.mailbox-schema]\nselect = ["prot"]\n', encoding="utf-8")
        assert [shown(each) for each in await editor.change(text, uri)] == [
            (0, 0, 0, 1, "Error", "unreadable", f"{settings}: [tool.mailbox-schema]: select: unknown rule 'prot'; did you mean 'port'?")
        ]  # fmt: skip

    edit_with(act)


def test_no_secret_is_shown(capfd: pytest.CaptureFixture[str]) -> None:
    """Neither in what is told, nor in a log; also if the server fails."""
    told: list[str] = []

    async def act(editor: Editor) -> None:
        secret = body(smtp_password=[SECRET], smtp_login=5, footer=SECRET, **{SECRET: SECRET})
        texts = [
            json.dumps(secret),
            f'{{"{SECRET}',
            f'["{SECRET}\ud800"]'.encode("utf-8", "replace").decode(),
        ]
        for text in texts:
            told.extend(map(str, await editor.open(text)))
            told.extend(map(str, await editor.actions(EVERYWHERE)))
            told.append(str(await editor.hover(0, 3)))
        for params in ({"textDocument": SECRET}, {"textDocument": {"uri": SECRET}}, SECRET):
            editor.send({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": params})
            editor.send({"jsonrpc": "2.0", "method": "textDocument/hover", "id": SECRET, "params": params})
            editor.send({"jsonrpc": "2.0", "method": SECRET, "params": params})
        assert await editor.change(json.dumps(body())) == []

    editor = edit_with(act)
    output = capfd.readouterr()
    assert SECRET not in "".join([*told, *editor.messages, output.out, output.err])
    assert {message.partition("(")[0] for message in editor.messages} == {"mailbox-schema: internal error "}


def test_without_the_extra_the_command_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "mailbox_schema.lint.lsp", raising=False)
    monkeypatch.setitem(sys.modules, "lsprotocol", None)
    assert main(["lsp"]) == 2
    assert capsys.readouterr().err == (
        "mailbox-schema lsp: error: the extra lsp is not installed (no module lsprotocol)\n"
    )
