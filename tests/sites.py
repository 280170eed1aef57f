"""The pages of the four examples, each by its framework's own test client."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final, NamedTuple

import app
import main
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from fastapi.testclient import TestClient
from pages import Page

BROWSER: Final = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
FORM: Final = "application/x-www-form-urlencoded"


class Reply(NamedTuple):
    """What a browser gets."""

    status: int
    headers: "dict[str, str]"
    text: str

    @property
    def page(self) -> Page:
        return Page(self.text)


class Site:
    """A site with a form for one mailbox."""

    def get(self, path: str) -> Reply:
        raise NotImplementedError

    def post(self, data: Any, files: "dict[str, bytes] | None" = None) -> Reply:
        """Post a form; or a text, as the body of one."""
        raise NotImplementedError


class DjangoSite(Site):
    """Django's own client, which both Django's example and the REST framework's use."""

    def __init__(self) -> None:
        self.client = Client(headers=BROWSER, raise_request_exception=False)

    def get(self, path: str) -> Reply:
        return self.reply(self.client.get(path))

    def post(self, data: Any, files: "dict[str, bytes] | None" = None) -> Reply:
        if isinstance(data, str):
            return self.reply(self.client.post("/", data, content_type=FORM))
        uploads = {name: SimpleUploadedFile("x.txt", content) for name, content in (files or {}).items()}
        return self.reply(self.client.post("/", data | uploads))

    @staticmethod
    def reply(response: Any) -> Reply:
        headers = {name.lower(): value for name, value in response.headers.items()}
        content = b"".join(response) if response.streaming else response.content
        return Reply(response.status_code, headers, content.decode())


class FastAPISite(Site):
    """The client of Starlette."""

    def __init__(self) -> None:
        self.client = TestClient(main.app, headers=BROWSER, follow_redirects=False)

    def get(self, path: str) -> Reply:
        return self.reply(self.client.get(path))

    def post(self, data: Any, files: "dict[str, bytes] | None" = None) -> Reply:
        if isinstance(data, str):
            return self.reply(self.client.post("/", content=data, headers={"content-type": FORM}))
        uploads = {name: ("x.txt", content) for name, content in (files or {}).items()}
        return self.reply(self.client.post("/", data=data, files=uploads))

    @staticmethod
    def reply(response: Any) -> Reply:
        return Reply(response.status_code, dict(response.headers), response.text)


class FlaskSite(Site):
    """The client of Werkzeug."""

    def __init__(self) -> None:
        self.client = app.app.test_client()

    def get(self, path: str) -> Reply:
        return self.reply(self.client.get(path))

    def post(self, data: Any, files: "dict[str, bytes] | None" = None) -> Reply:
        if isinstance(data, str):
            return self.reply(self.client.post("/", data=data, content_type=FORM))
        token = {"csrf_token": self.get("/").page.inputs["csrf_token"].value}
        uploads = {name: (io.BytesIO(content), "x.txt") for name, content in (files or {}).items()}
        return self.reply(self.client.post("/", data=data | token | uploads))

    @staticmethod
    def reply(response: Any) -> Reply:
        headers = {name.lower(): value for name, value in response.headers.items()}
        with response:
            return Reply(response.status_code, headers, response.text)


@contextmanager
def settings_of(project: str) -> Iterator[None]:
    """Apply the settings of a Django project to this process."""
    own = import_module(f"{project}.settings")
    named = {name: getattr(own, name) for name in dir(own) if name.isupper()}
    with override_settings(**named | {"ALLOWED_HOSTS": ["testserver"]}):
        yield


@contextmanager
def site(example: str) -> Iterator[Site]:
    """Yield the site of an example."""
    if example in PROJECTS:
        with settings_of(PROJECTS[example]):
            yield DjangoSite()
    else:
        yield FastAPISite() if example == "fastapi" else FlaskSite()


PROJECTS: Final = {"django": "mailboxes", "drf": "api"}
