"""Django's settings are those of the process; the tests of two projects take turns."""

import importlib
import logging
from collections.abc import Iterator
from types import MethodType

import django
import pytest
from django.conf import settings
from django.test import override_settings
from django.utils.log import AdminEmailHandler

if not settings.configured:
    settings.configure(SECRET_KEY="not-a-real-key")
    django.setup()


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
    own = importlib.import_module(f"{request.module.PROJECT}.settings")
    named = {name: getattr(own, name) for name in dir(own) if name.isupper()}
    with override_settings(**named | {"ALLOWED_HOSTS": ["testserver"]}):
        yield
