"""The Django example, by Django's own test client."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from mailboxes.forms import MailboxForm
from pages import BROKEN, FILLED_IN, MAILBOX, SENTENCES, Page, shown_again

from mailbox_schema import FIELDS
from mailbox_schema.forms import MAX_CHARACTERS

PROJECT = "mailboxes"
pytestmark = pytest.mark.usefixtures("project")


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("not-real.txt", b"not-real")


def several(*rows: dict[str, str], total: int | None = None) -> dict[str, str]:
    sent = {f"mailboxes-{index}-{name}": text for index, row in enumerate(rows) for name, text in row.items()}
    count = len(rows) if total is None else total
    return sent | {"mailboxes-TOTAL_FORMS": str(count), "mailboxes-INITIAL_FORMS": "0"}


def test_a_form_accepts_a_dict() -> None:
    form = MailboxForm(FILLED_IN)
    assert form.is_valid()
    assert form.result.body() == {"mailboxes": [MAILBOX]}
    assert form.cleaned_data == MAILBOX


def test_a_form_too_large_is_refused_whole() -> None:
    form = MailboxForm({"footer": "x" * MAX_CHARACTERS})
    assert form.errors == {"__all__": ["The form is too large."]}
    assert "xxx" not in form.as_div()


def test_the_csrf_token_is_required() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/", FILLED_IN).status_code == 403
    token = Page(client.get("/").content.decode()).inputs["csrfmiddlewaretoken"].value
    assert client.post("/", {**FILLED_IN, "csrfmiddlewaretoken": token}).status_code == 302


# Several mailboxes

BLANK = dict.fromkeys(FIELDS, "")
ADD = "Add a mailbox."
NUMBERING = "Number the mailboxes from 0 to 199, without a gap."
COUNT = "The form must be a list of 1 to 200 mailboxes."


def post(data: dict[str, Any]) -> tuple[int, Page]:
    response = Client().post("/several/", data)
    text = response.content.decode()
    assert "not-a-real-password" not in text
    return response.status_code, Page(text)


def rows(page: Page) -> int:
    """Return how many mailboxes a page shows; one more is in its template."""
    assert page.inputs["mailboxes-TOTAL_FORMS"].value == str(page.tags.count("fieldset") - 1)
    return page.tags.count("fieldset") - 1


def test_the_empty_formset_shows_every_field() -> None:
    page = Page(Client().get("/several/").content.decode())
    assert rows(page) == 1
    assert [name for name in page.inputs if name.startswith("mailboxes-0-")] == [
        f"mailboxes-0-{n}" for n in FIELDS
    ]
    assert page.errors("mailboxes-0-") == page.errors("mailboxes-__prefix__-") == {}


@pytest.mark.parametrize("blank", [BLANK, dict.fromkeys(FIELDS, " \t")])
def test_a_valid_formset_is_sent_without_the_blank_rows(blank: dict[str, str], sent: list[Any]) -> None:
    response = Client().post("/several/", several(blank, FILLED_IN, blank, FILLED_IN))
    assert response.status_code == 302
    assert sent == [{"mailboxes": [MAILBOX, MAILBOX]}]
    assert Page(Client().get(response.url).content.decode()).title == "The request is sent"  # type: ignore[attr-defined]  # of a redirect


def test_a_row_is_filled_in_if_any_of_its_repeated_names_is() -> None:
    status, page = post(several(FILLED_IN, BLANK) | {"mailboxes-1-smtp_port": ["587", ""]})
    assert status == 400
    assert page.errors("mailboxes-1-")["smtp_port"] == SENTENCES["smtp_port"]


def test_a_file_in_a_row_is_an_error() -> None:
    status, page = post({**several(FILLED_IN, BLANK), "mailboxes-1-bcc": upload()})
    assert status == 400
    assert page.errors("mailboxes-1-")["bcc"] == "BCC must be one email address, such as name@example.com."


def test_a_formset_may_have_200_mailboxes(sent: list[Any]) -> None:
    assert Client().post("/several/", several(*[FILLED_IN] * 200)).status_code == 302
    assert sent == [{"mailboxes": [MAILBOX] * 200}]


def test_a_broken_formset_is_shown_again(sent: list[Any]) -> None:
    status, page = post(several(FILLED_IN, BLANK, BROKEN))
    assert (status, rows(page), sent) == (400, 3, [])
    assert page.title == "Error: Connect mailboxes"
    assert page.errors("mailboxes-0-") == page.errors("mailboxes-1-") == {}
    assert page.errors("mailboxes-2-") == SENTENCES
    assert page.summary == [f"Mailbox 3: {sentence}" for sentence in SENTENCES.values()]
    assert page.typed("mailboxes-2-") == shown_again(BROKEN)


def test_a_refusal_of_the_api_is_shown_in_the_row_that_was_sent() -> None:
    status, page = post(several(BLANK, FILLED_IN, FILLED_IN | {"smtp_server": "refused.example"}))
    assert status == 400
    assert page.errors("mailboxes-0-") == page.errors("mailboxes-1-") == {}
    assert list(page.errors("mailboxes-2-")) == ["smtp_server"]
    status, page = post(several(FILLED_IN | {"smtp_server": "broken.example"}))
    assert (status, len(page.summary), rows(page)) == (502, 1, 1)


@pytest.mark.parametrize(
    ("wrong", "summary"),
    [
        (several(FILLED_IN, total=201), COUNT),
        (several(FILLED_IN, total=10**6), COUNT),
        (several(FILLED_IN, total=0), COUNT),
        (several(FILLED_IN, total=-1), COUNT),
        (several(total=0), ADD),
        (several(BLANK, BLANK), COUNT),
        (several(FILLED_IN, FILLED_IN, total=1), COUNT),
        (several(FILLED_IN, total=2), COUNT),
        (several(*[FILLED_IN] * 201, total=200), NUMBERING),
        (several(FILLED_IN, {}, FILLED_IN), NUMBERING),
        (several(FILLED_IN | {"footer": "x" * MAX_CHARACTERS}), "The form is too large."),
        ({"x": "y"}, ADD),
    ],
)
def test_a_formset_that_is_refused_as_a_whole_is_not_shown_again(
    wrong: dict[str, str], summary: str, sent: list[Any]
) -> None:
    status, page = post(wrong)
    assert (status, page.summary, sent) == (400, [summary], [])
    assert (rows(page), set(page.typed("mailboxes-0-").values())) == (1, {""})


def test_a_row_is_added_and_removed_without_a_script(sent: list[Any]) -> None:
    """What was typed stays, except the passwords; nothing is checked or sent yet."""
    two = several(FILLED_IN | {"bcc": "first"}, BROKEN)
    status, page = post(two | {"add": ""})
    assert (status, rows(page), page.summary) == (200, 3, [])
    assert page.typed("mailboxes-0-") == shown_again(FILLED_IN | {"bcc": "first"})
    assert page.typed("mailboxes-1-") == shown_again(BROKEN)
    assert page.typed("mailboxes-2-") == BLANK
    assert "Type it again" in page.texts["mailboxes-0-smtp_password-help"]
    assert "Type it again" not in page.texts["mailboxes-2-smtp_password-help"]
    status, page = post(two | {"remove": "0"})
    assert (status, rows(page), page.typed("mailboxes-0-")) == (200, 1, shown_again(BROKEN))
    status, page = post(several(BROKEN) | {"remove": "0"})
    assert (rows(page), page.typed("mailboxes-0-")) == (1, BLANK)
    assert rows(post(two | {"remove": "x"})[1]) == 2
    assert rows(post(several(*[FILLED_IN] * 200) | {"add": ""})[1]) == 200
    assert rows(post(several(FILLED_IN, total=10**6) | {"add": ""})[1]) == 2
    assert sent == []


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
