"""The Django example, by Django's own test client."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from mailboxes.forms import MailboxForm
from pages import BROKEN, ERRORS, FILLED_IN, HUGE, MAILBOX, Page, shown_again

from mailbox_schema import FIELDS
from mailbox_schema.contract import MAILBOXES
from mailbox_schema.forms import MAX_CHARACTERS, field_help, field_label, html_attributes

PROJECT = "mailboxes"
pytestmark = pytest.mark.usefixtures("project")


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("not-real.txt", b"not-real")


def several(*rows: dict[str, str], total: int | None = None) -> dict[str, str]:
    sent = {f"mailboxes-{index}-{name}": text for index, row in enumerate(rows) for name, text in row.items()}
    count = len(rows) if total is None else total
    return sent | {"mailboxes-TOTAL_FORMS": str(count), "mailboxes-INITIAL_FORMS": "0"}


def test_the_empty_form_shows_every_field() -> None:
    page = Page(Client().get("/").content.decode())
    assert list(page.inputs) == ["csrfmiddlewaretoken", *FIELDS]
    assert page.errors() == {}
    for name in FIELDS:
        shown = page.inputs[name].attributes
        expected = {key: str(value) for key, value in html_attributes(name).items() if value is not True}
        assert expected.items() <= shown.items()
        assert ("required" in shown) is FIELDS[name].required
    assert (MailboxForm()["smtp_port"].label, MailboxForm()["smtp_port"].help_text) == (
        field_label("smtp_port"),
        field_help("smtp_port"),
    )


def test_a_valid_form_gives_the_body() -> None:
    response = Client().post("/", FILLED_IN)
    assert response.status_code == 200
    assert response.json() == {"mailboxes": [MAILBOX]}


def test_a_broken_form_is_shown_again() -> None:
    response = Client().post("/", BROKEN)
    page = Page(response.content.decode())
    assert response.status_code == 400
    assert page.errors() == ERRORS
    assert page.typed() == shown_again(BROKEN)
    assert page.scripts == 0
    assert "not-a-real-password" not in response.content.decode()


def test_a_name_sent_twice_and_an_uploaded_file_are_errors() -> None:
    sent: dict[str, Any] = {**FILLED_IN, "smtp_port": ["587", "465"]}
    assert Page(Client().post("/", sent).content.decode()).errors() == {"smtp_port": ERRORS["smtp_port"]}
    sent = {**FILLED_IN, "bcc": upload()}
    page = Page(Client().post("/", sent).content.decode())
    assert (page.errors(), page.typed()["bcc"]) == ({"bcc": ERRORS["bcc"]}, "")
    response = Client().post("/", {"bcc": upload()})
    assert (response.status_code, b"not-real" in response.content) == (400, False)
    sent = {**several(FILLED_IN, dict.fromkeys(FIELDS, "")), "mailboxes-1-bcc": upload()}
    page = Page(Client().post("/several/", sent).content.decode())
    assert page.errors("mailboxes-1-")["bcc"] == ERRORS["bcc"]


def test_a_form_accepts_a_dict() -> None:
    form = MailboxForm(FILLED_IN)
    assert form.is_valid()
    assert form.result.body() == {"mailboxes": [MAILBOX]}
    assert form.cleaned_data == MAILBOX


def test_a_form_too_large_is_refused_whole() -> None:
    form = MailboxForm({"footer": "x" * MAX_CHARACTERS})
    assert form.errors == {"__all__": ["the form is too large"]}
    assert "xxx" not in form.as_div()


@pytest.mark.parametrize("sent", HUGE)
def test_the_answer_to_a_huge_form_is_short(sent: str) -> None:
    response = Client().post("/", sent, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400
    assert "too large" in response.content.decode()
    assert "xxx" not in response.content.decode()
    assert len(response.content) < 20_000


def test_the_csrf_token_is_required() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/", FILLED_IN).status_code == 403
    token = Page(client.get("/").content.decode()).inputs["csrfmiddlewaretoken"].value
    assert client.post("/", {**FILLED_IN, "csrfmiddlewaretoken": token}).status_code == 200


def test_the_empty_formset_shows_every_field() -> None:
    page = Page(Client().get("/several/").content.decode())
    assert all(f"mailboxes-{index}-{name}" in page.inputs for index in range(3) for name in FIELDS)


def test_a_valid_formset_gives_the_body_without_the_blank_rows() -> None:
    blank = dict.fromkeys(FIELDS, "")
    response = Client().post("/several/", several(FILLED_IN, blank, FILLED_IN))
    assert response.status_code == 200
    assert response.json() == {"mailboxes": [MAILBOX, MAILBOX]}


def test_a_row_is_blank_if_the_contract_says_so() -> None:
    spaces = dict.fromkeys(FIELDS, " \t")
    response = Client().post("/several/", several(FILLED_IN, spaces))
    assert (response.status_code, response.json()) == (200, {"mailboxes": [MAILBOX]})


def test_a_row_is_filled_in_if_any_of_its_repeated_names_is() -> None:
    sent: dict[str, Any] = several(FILLED_IN, dict.fromkeys(FIELDS, ""))
    response = Client().post("/several/", sent | {"mailboxes-1-smtp_port": ["587", ""]})
    assert response.status_code == 400
    assert Page(response.content.decode()).errors("mailboxes-1-")["smtp_port"] == ERRORS["smtp_port"]


def test_a_formset_may_have_200_mailboxes() -> None:
    response = Client().post("/several/", several(*[FILLED_IN] * 200))
    assert response.json() == {"mailboxes": [MAILBOX] * 200}


def test_a_broken_formset_is_shown_again() -> None:
    response = Client().post("/several/", several(FILLED_IN, BROKEN))
    page = Page(response.content.decode())
    assert response.status_code == 400
    assert page.errors("mailboxes-0-") == {}
    assert page.errors("mailboxes-1-") == ERRORS
    assert page.typed("mailboxes-1-") == shown_again(BROKEN)
    assert "not-a-real-password" not in response.content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        several(FILLED_IN, total=201),
        several(FILLED_IN, total=10**6),
        several(FILLED_IN, total=0),
        several(FILLED_IN, total=-1),
        several(total=0),
        several(FILLED_IN, FILLED_IN, total=1),
        several(*[FILLED_IN] * 201, total=200),
        several(FILLED_IN, {}, FILLED_IN),
        {"x": "y"},
    ],
)
def test_a_formset_of_the_wrong_size_gets_the_line_of_the_contract(sent: dict[str, str]) -> None:
    response = Client().post("/several/", sent)
    assert response.status_code == 400
    assert MAILBOXES.message in Page(response.content.decode()).messages


def test_the_first_row_is_required() -> None:
    response = Client().post("/several/", several(dict.fromkeys(FIELDS, "")))
    required = {name: field.message for name, field in FIELDS.items() if field.required}
    assert Page(response.content.decode()).errors("mailboxes-0-") == required


@pytest.mark.parametrize("path", ["/", "/several/"])
def test_the_mail_about_an_error_contains_nothing_of_the_form(
    path: str, mails: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_data: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("mailboxes.forms.parse_form", fail)
    client = Client(raise_request_exception=False)
    assert client.post(path, BROKEN | several(BROKEN)).status_code == 500
    ((text, html),) = mails
    assert "RuntimeError" in html
    assert "not-a-real-password" not in text + html
