"""The catalogs of translations: complete, true to the placeholders, and compiled."""

import ast
import copy
import pickle
import re
import string
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pages import BROKEN

import mailbox_schema
from mailbox_schema import FIELDS
from mailbox_schema.forms import (
    error_summary,
    field_help,
    field_label,
    html_attributes,
    parse_form,
    parse_formset,
)
from mailbox_schema.sentences import LANGUAGES, translation

PACKAGE: Final = Path(mailbox_schema.__file__).parent
SOURCES: Final = ("sentences.py", "inputs.py", "forms.py")
each_language = pytest.mark.parametrize("language", LANGUAGES)


def catalog(language: str) -> dict[str, str]:
    """Return the translated texts by their originals; each is on a line of its own."""
    text = (PACKAGE / f"locale/{language}/LC_MESSAGES/mailbox_schema.po").read_text(encoding="utf-8")
    entries: list[tuple[str, str]] = re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"\n', text, re.MULTILINE)
    assert len(entries) == len(dict(entries)) == text.count("\nmsgid ") - 1  # the first is the head
    return dict(entries)


def originals() -> set[str]:
    """Return the texts that are marked in the sources, as gettext's tools find them."""
    trees = [ast.parse((PACKAGE / name).read_text(encoding="utf-8")) for name in SOURCES]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {ast.literal_eval(call.args[0]) for call in calls if ast.unparse(call.func) == "_"}


def placeholders(text: str) -> list[str]:
    return sorted(name for _, name, *_ in string.Formatter().parse(text) if name is not None)


def test_every_catalog_has_a_language() -> None:
    assert sorted(LANGUAGES) == sorted(path.name for path in (PACKAGE / "locale").iterdir())


@each_language
def test_every_text_is_translated_and_nothing_else(language: str) -> None:
    assert set(catalog(language)) == originals()
    for original, text in catalog(language).items():
        assert placeholders(text) == placeholders(original)
        assert original.endswith(".") is text.endswith(".")
        assert text.strip() == text != ""
        assert not set("<>&\"'\\") & set(text)


@each_language
def test_the_compiled_catalog_is_of_this_text(language: str) -> None:
    translate = translation(language)
    assert {original: translate(original) for original in originals()} == catalog(language)


@pytest.mark.parametrize(
    ("languages", "label"),
    [
        (("pl",), "Hasło SMTP"),
        (("pl-PL",), "Hasło SMTP"),
        (("PL_pl",), "Hasło SMTP"),
        (("xx", "pl", "en"), "Hasło SMTP"),
        (("en-US", "pl"), "SMTP password"),
        (("../pl",), "SMTP password"),
        (("",), "SMTP password"),
        ((), "SMTP password"),
    ],
)
def test_the_first_language_that_there_is_is_taken(languages: tuple[str, ...], label: str) -> None:
    assert field_label("smtp_password", parse_form({}, translate=translation(*languages))) == label


@given(st.text())
def test_any_name_of_a_language_gives_a_text(language: str) -> None:
    assert translation(language)("Footer") in {"Footer", "Stopka"}


def test_a_form_in_polish() -> None:
    form = parse_form(BROKEN | {"imap_port": "70000"}, translate=translation("pl"))
    assert [line.text for line in error_summary(form)] == [
        "Adres e-mail SMTP: podaj pełny adres e-mail, na przykład nazwa@example.com.",
        "Serwer SMTP: to pole jest wymagane.",
        "Port SMTP: podaj liczbę całkowitą od 1 do 65535.",
        "Adres e-mail IMAP: to pole jest wymagane.",
        "Hasło IMAP: to pole jest wymagane.",
        "Port IMAP: podaj liczbę nie większą niż 65535.",
        "UDW (BCC): podaj sam adres e-mail, bez nazwy obok.",
        "Domena śledzenia otwarć: podaj samą domenę, na przykład track.example.com, bez https:// na początku.",
        "Przerwa między wysyłkami (od): ta przerwa musi być krótsza niż druga.",
        "Przerwa między wysyłkami (do): ta przerwa musi być dłuższa niż druga.",
        "Dzienny limit wysyłki: podaj liczbę całkowitą od 1 do 5500.",
    ]
    assert field_help("smtp_password", form) == (
        "Hasło do SMTP; w przypadku Gmaila i Outlooka hasło do aplikacji."
        " Wpisz je ponownie: hasło nigdy nie jest odsyłane na tę stronę."
    )
    assert html_attributes("imap_port", form)["title"] == "Port serwera IMAP, od 1 do 65535."
    assert all(field_label(name, form) != field_label(name) for name in FIELDS)
    assert list(form.errors.values()) == [violation.message for violation in form.violations]
    assert parse_form(None, translate=translation("pl")).sentences == {"": "To nie są dane formularza."}
    several = parse_formset({"mailboxes-0-bcc": "x"}, translate=translation("pl"))
    assert error_summary(several)[0].text == "Skrzynka 1: Adres e-mail SMTP: to pole jest wymagane."


def test_a_translated_result_survives_pickling_and_copying() -> None:
    form = parse_form({}, translate=translation("pl"))
    assert pickle.loads(pickle.dumps(form)).sentences == form.sentences  # noqa: S301  # our own
    assert copy.deepcopy(form).sentences == form.sentences
