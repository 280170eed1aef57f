"""Django's settings are those of the process; the tests of two projects take turns."""

import importlib
from collections.abc import Iterator

import django
import pytest
from django.conf import settings
from django.test import override_settings

if not settings.configured:
    settings.configure(SECRET_KEY="not-a-real-key")
    django.setup()


@pytest.fixture
def project(request: pytest.FixtureRequest) -> Iterator[None]:
    """Put the settings of the example that the module's ``PROJECT`` names in force."""
    own = importlib.import_module(f"{request.module.PROJECT}.settings")
    named = {name: getattr(own, name) for name in dir(own) if name.isupper()}
    with override_settings(**named | {"ALLOWED_HOSTS": ["testserver"]}):
        yield
