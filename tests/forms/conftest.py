"""The stand-in of the API; and Django's settings, which are the process's: the tests of two projects take turns."""

import logging
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from threading import Thread
from types import MethodType
from typing import Any

import django
import pytest
import servers
import sites
import stand_in
from django.conf import settings
from django.test import override_settings
from django.utils.log import AdminEmailHandler

if not settings.configured:
    settings.configure(SECRET_KEY="not-a-real-key")
    django.setup()


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Return the bodies that the examples send to the API: its stand-in, on this machine."""
    bodies: list[Any] = []
    answer = stand_in.answer

    def noted(body: Any) -> Any:
        bodies.append(body)
        return answer(body)

    monkeypatch.setattr(stand_in, "answer", noted)
    with ThreadingHTTPServer(("127.0.0.1", 0), stand_in.Handler) as server:
        serving = Thread(target=server.serve_forever, args=[0.01])
        serving.start()
        monkeypatch.setenv("MAILBOX_API_URL", f"http://127.0.0.1:{server.server_port}")
        yield bodies
        server.shutdown()
        serving.join()


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str]]]:
    """Return the mails about errors, text and HTML, that Django would send at its most verbose."""
    sent: list[tuple[str, str]] = []

    def keep(_handler: object, _subject: str, text: str, *, html_message: str, **_options: object) -> None:
        sent.append((text, html_message))

    for handler in logging.getLogger("django").handlers:
        if isinstance(handler, AdminEmailHandler):
            monkeypatch.setattr(handler, "include_html", True)
            monkeypatch.setattr(handler, "send_mail", MethodType(keep, handler))
    with override_settings(DEBUG=False):
        yield sent


@pytest.fixture
def project(request: pytest.FixtureRequest) -> Iterator[None]:
    """Apply the settings of the example that the module's ``PROJECT`` names."""
    with sites.settings_of(request.module.PROJECT):
        yield


@pytest.fixture(params=servers.EXAMPLES)
def site(request: pytest.FixtureRequest) -> Iterator[sites.Site]:
    """Return the site of each example in turn."""
    with sites.site(request.param) as one:
        yield one
