"""The files of docs/examples/shared: every example has a copy, because it is copied whole. They talk to the API."""

import json
import socket
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final

import client
import pytest
import stand_in
from client import NO_ANSWER, Answer, send
from golden import VENDOR_FULL, body

from mailbox_schema import Violation

EXAMPLES: Final = Path(__file__).parent.parent.parent / "docs/examples"
COPIES: Final = {
    "form.css": ["django/mailboxes/static", "drf/api/static", "fastapi/static", "flask/static"],
    "rows.js": ["django/mailboxes/static"],
    "policy.py": ["django/mailboxes", "drf/api"],
    "client.py": ["django/mailboxes", "drf/api", "fastapi", "flask"],
    "stand_in.py": ["django", "drf", "fastapi", "flask"],
}


def test_every_shared_file_is_copied() -> None:
    assert {path.name for path in (EXAMPLES / "shared").iterdir() if path.is_file()} == set(COPIES)


@pytest.mark.parametrize(
    "copy", [f"{folder}/{name}" for name, folders in COPIES.items() for folder in folders]
)
def test_a_copy_is_like_its_original(copy: str) -> None:
    original = EXAMPLES / "shared" / Path(copy).name
    assert (EXAMPLES / copy).read_bytes() == original.read_bytes(), f"copy {original} to {copy}"


# The client


class Canned(stand_in.Handler):
    """Gives the answer in ``canned``: a status and a text."""

    canned: "tuple[int, str]"

    def do_POST(self) -> None:  # noqa: N802  # as http.server names it
        self.rfile.read(int(self.headers["content-length"]))
        status, text = self.canned
        self.send_response(status)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())


@pytest.fixture
def canned(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Canned]]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Canned) as server:
        serving = Thread(target=server.serve_forever, args=[0.01])
        serving.start()
        monkeypatch.setenv("MAILBOX_API_URL", f"http://127.0.0.1:{server.server_port}")
        yield Canned
        server.shutdown()
        serving.join()


@pytest.mark.parametrize("batch_id", [123456, "123456", "b-1"])
def test_an_accepted_request_has_the_id_of_its_batch(canned: type[Canned], batch_id: Any) -> None:
    canned.canned = (202, json.dumps({"batch_id": batch_id}))
    assert send(body()) == Answer(202, batch_id, [])


@pytest.mark.parametrize(
    ("status", "code"), [(400, "VALIDATION_FAILURE"), (400, "UNKNOWN"), (409, "Conflict")]
)
def test_a_refusal_has_its_lines_without_what_they_quote(
    canned: type[Canned], status: int, code: str
) -> None:
    lines = ["mailbox[0].smtp_port must be provided and in range <1,65535>", "mailbox[1].bcc is s3cr3t-Qz7"]
    canned.canned = (status, json.dumps({"code": code, "details": lines}))
    expected = [Violation.parse(lines[0]), Violation(1, "bcc", None, "is (not shown)")]
    assert send(body()) == Answer(400, None, expected)


@pytest.mark.parametrize(
    "canned_answer",
    [
        (202, "{}"),
        (202, "not JSON"),
        (202, ""),
        (200, "<html>"),
        (400, "{}"),
        (400, "not JSON"),
        (400, '{"code": "UNKNOWN", "details": []}'),
        (400, '{"code": "UNKNOWN", "details": [3]}'),
        (401, json.dumps(stand_in.PROBLEM)),
        (404, ""),
        (500, json.dumps(stand_in.PROBLEM)),
    ],
)
def test_any_other_answer_confirms_nothing(canned: type[Canned], canned_answer: tuple[int, str]) -> None:
    canned.canned = canned_answer
    assert send(body()) is NO_ANSWER


@pytest.mark.parametrize(
    "reply", [b"", b"not HTTP\r\n\r\n", b"HTTP/1.1 202 OK\r\ncontent-length: 9\r\n\r\n{"]
)
def test_no_answer_confirms_nothing(reply: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("MAILBOX_API_URL", f"http://127.0.0.1:{server.getsockname()[1]}")

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(reply)

        serving = Thread(target=answer)
        serving.start()
        assert send(body()) is NO_ANSWER
        serving.join()
    assert send(body()) is NO_ANSWER  # nobody listens


def test_a_slow_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("MAILBOX_API_URL", f"http://127.0.0.1:{server.getsockname()[1]}")
        assert send(body()) is NO_ANSWER


def test_the_key_is_sent(monkeypatch: pytest.MonkeyPatch, sent: list[Any]) -> None:
    keys: list[str] = []

    def note(self: stand_in.Handler, *_args: object) -> None:
        keys.append(self.headers["x-api-key"])

    monkeypatch.setattr(stand_in.Handler, "log_message", note)
    monkeypatch.setenv("MAILBOX_API_KEY", "not-a-real-key")
    assert send(VENDOR_FULL).status == 202
    assert (keys, sent) == (["not-a-real-key"], [VENDOR_FULL])
