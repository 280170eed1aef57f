"""What the pages of all four examples have in common."""

import re
from typing import Any

import pytest
from pages import BROKEN, FILLED_IN, HUGE, MAILBOX, SENTENCES, Page, shown_again
from policy import POLICY
from sites import Site

from mailbox_schema import FIELDS
from mailbox_schema.contract import PASSWORDS
from mailbox_schema.forms import field_help, field_label, html_attributes

TYPE_AGAIN = "Type it again: a password is never sent back to this page."
NOT_CONFIRMED = (
    "The service did not confirm the request: before you try again, check whether the mailbox is connected."
)


def assert_is_a_good_page(page: Page) -> None:
    assert page.tags[:3] == ["html", "head", "meta"]
    assert page.tags.count("meta") == 2  # charset and viewport
    assert page.tags.count("main") == page.tags.count("h1") == 1
    assert page.title.startswith("Error: ") is bool(page.summary)


def test_the_empty_form_shows_every_field(site: Site) -> None:
    reply = site.get("/")
    page = reply.page
    assert_is_a_good_page(page)
    assert '<html lang="en">' in reply.text
    assert [name for name in page.inputs if name in FIELDS] == list(FIELDS)
    assert page.errors() == {}
    assert page.summary == []
    for name, field in FIELDS.items():
        shown = page.inputs[name].attributes
        expected = {key: str(value) for key, value in html_attributes(name).items() if value is not True}
        assert expected.items() <= shown.items()
        assert shown.get("required") == ("" if field.required else None)
        assert page.texts[f"{name}-help"] == field_help(name)
        label = " ".join(re.search(rf'<label for="{name}">(.*?)</label>', reply.text, re.DOTALL)[1].split())  # type: ignore[index]  # a missing label is a failure
        mark = ' <span class="mark">(required)</span>' if field.required else ""
        assert label == field_label(name) + mark


def test_a_valid_form_is_sent_and_the_number_of_the_batch_is_shown(site: Site, sent: list[Any]) -> None:
    reply = site.post(FILLED_IN)
    assert sent == [{"mailboxes": [MAILBOX]}]
    assert reply.status in {302, 303}
    after = site.get(reply.headers["location"])
    assert (after.status, after.page.title) == (200, "The request is sent")
    assert_is_a_good_page(after.page)
    number = re.search(r"<strong>(\d+)</strong>", after.text)
    assert number
    assert reply.headers["location"].endswith(f"?batch={number[1]}")
    assert len(sent) == 1


def test_the_number_of_the_batch_is_escaped(site: Site) -> None:
    location = site.post(FILLED_IN).headers["location"].partition("?")[0]
    assert "<script" not in site.get(f"{location}?batch=<script>").text
    assert "number" not in site.get(location).text


def test_a_broken_form_is_shown_again(site: Site, sent: list[Any]) -> None:
    reply = site.post(BROKEN)
    page = reply.page
    assert reply.status == 400
    assert_is_a_good_page(page)
    assert page.errors() == SENTENCES
    assert page.summary == list(SENTENCES.values())
    assert page.typed() == shown_again(BROKEN)
    assert page.scripts == 0
    assert sent == []


@pytest.mark.parametrize(
    ("typed", "shown"), [("587 ", "587"), ("\uff19\uff19\uff13", "993"), ("0587", "587"), ("0x24b", "0x24b")]
)
def test_a_number_is_never_shown_as_blank(site: Site, typed: str, shown: str) -> None:
    page = site.post(BROKEN | {"smtp_port": typed}).page
    assert page.inputs["smtp_port"].attributes["type"] == "text"
    assert page.typed()["smtp_port"] == shown


def test_the_passwords_are_to_be_typed_again(site: Site) -> None:
    page = site.post(BROKEN | {"imap_password": ""}).page
    assert page.texts["smtp_password-help"] == f"{field_help('smtp_password')} {TYPE_AGAIN}"
    assert page.texts["imap_password-help"] == field_help("imap_password")


def test_a_refusal_of_the_api_is_shown_next_to_the_input(site: Site, sent: list[Any]) -> None:
    """The stand-in quotes the password, as an API might."""
    refused = FILLED_IN | {"smtp_server": "refused.example", "smtp_password": "not-a-real-password"}
    reply = site.post(refused)
    assert (reply.status, len(sent)) == (400, 1)
    assert list(reply.page.errors()) == ["smtp_server"]
    assert "refused the login of (not shown)" in reply.page.errors()["smtp_server"]
    assert reply.page.typed() == shown_again(refused)
    assert all(TYPE_AGAIN in reply.page.texts[f"{name}-help"] for name in PASSWORDS)


def test_without_an_answer_of_the_api_the_form_is_kept(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    replies = [site.post(FILLED_IN | {"smtp_server": "broken.example"})]
    monkeypatch.setenv("MAILBOX_API_URL", "http://127.0.0.1:9/")
    replies.append(site.post(FILLED_IN | {"smtp_server": "broken.example"}))
    for reply in replies:
        assert reply.status == 502
        assert_is_a_good_page(reply.page)
        assert reply.page.summary == [NOT_CONFIRMED]
        assert reply.page.errors() == {}
        assert reply.page.typed() == shown_again(FILLED_IN | {"smtp_server": "broken.example"})


@pytest.mark.parametrize("server", ["smtp.server.io", "refused.example", "broken.example", ""])
def test_no_page_is_kept_and_none_shows_a_password(site: Site, server: str) -> None:
    secret = dict.fromkeys(PASSWORDS, "not-a-real-password")
    reply = site.post(FILLED_IN | secret | {"smtp_server": server})
    replies = [site.get("/"), reply]
    if "location" in reply.headers:
        replies.append(site.get(reply.headers["location"]))
    for each in replies:
        assert "no-store" in each.headers["cache-control"]
        assert "not-a-real-password" not in each.text + str(each.headers)
        assert each.headers["content-security-policy"] == POLICY


def test_a_name_sent_twice_is_an_error(site: Site) -> None:
    page = site.post({**FILLED_IN, "smtp_port": ["587", "465"]}).page
    assert list(page.errors()) == ["smtp_port"]


def test_an_uploaded_file_is_an_error(site: Site) -> None:
    without = {name: text for name, text in FILLED_IN.items() if name not in {"bcc", "smtp_password"}}
    reply = site.post(without, {"bcc": b"not-real", "smtp_password": b"not-a-real-password"})
    assert reply.status == 400
    assert list(reply.page.errors()) == ["smtp_password", "bcc"]
    assert reply.page.typed()["bcc"] == ""
    assert "not-real" not in reply.text
    assert "not-a-real-password" not in reply.text


@pytest.mark.parametrize("huge", HUGE, ids=["one large input", "many inputs"])
def test_a_huge_form_is_refused_with_a_short_page(site: Site, huge: str, sent: list[Any]) -> None:
    reply = site.post(huge)
    assert reply.status in {400, 413}
    assert "too large" in reply.text.lower() or "too many" in reply.text.lower()
    assert "xxx" not in reply.text
    assert len(reply.text) < 20_000
    assert reply.page.title.startswith("Error: ")
    assert reply.page.tags.count("main") == reply.page.tags.count("h1") == 1
    assert sent == []


def test_the_style_sheet_is_served(site: Site) -> None:
    reply = site.get("/static/form.css")
    assert (reply.status, reply.headers["content-type"].partition(";")[0]) == (200, "text/css")
    assert "prefers-color-scheme: dark" in reply.text
