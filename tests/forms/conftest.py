"""Django's settings are those of the process; the tests of two projects take turns."""

import importlib
import logging
from collections.abc import Iterator
from typing import Any

import django
import pytest
from django.conf import settings
from django.core import mail
from django.test import override_settings
from django.utils.log import AdminEmailHandler

if not settings.configured:
    settings.configure(SECRET_KEY="not-a-real-key")
    django.setup()


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Return the mails about errors that are sent, with all that Django can put into them."""
    for handler in logging.getLogger("django").handlers:
        if isinstance(handler, AdminEmailHandler):
            monkeypatch.setattr(handler, "include_html", True)
    monkeypatch.setattr(mail, "outbox", [], raising=False)
    backend = "django.core.mail.backends.locmem.EmailBackend"
    with override_settings(ADMINS=[("A", "admin@example.com")], EMAIL_BACKEND=backend, DEBUG=False):
        yield mail.outbox


@pytest.fixture
def project(request: pytest.FixtureRequest) -> Iterator[None]:
    """Put the settings of the example that the module's ``PROJECT`` names in force."""
    own = importlib.import_module(f"{request.module.PROJECT}.settings")
    named = {name: getattr(own, name) for name in dir(own) if name.isupper()}
    with override_settings(**named | {"ALLOWED_HOSTS": ["testserver"]}):
        yield
