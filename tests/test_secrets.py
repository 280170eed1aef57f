"""No output shows a password or a login, nor four characters of one: whatever goes in, and whichever function is called.

README.md: "no value of a password or login field ever appears in a message, a hint or a `repr` of ours";
docs/linting.md: "in no format, in parse errors either".
"""

import copy
import io
import json
import logging
import pickle
import pprint
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final
from unittest.mock import patch

import playground
import pytest
import yaml
from canaries import (
    Canary,
    canaries,
    leaks,
    planted_answers,
    planted_bodies,
    planted_files,
    planted_forms,
    planted_mailboxes,
    run,
    told_by,
)
from fastapi import FastAPI
from fastapi.encoders import jsonable_encoder
from fastapi.testclient import TestClient
from golden import mailbox
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types
from pydantic import BaseModel, TypeAdapter, ValidationError, WrapValidator
from pydantic_core import to_json
from pygls.workspace import Workspace

from mailbox_schema import (
    FIELDS,
    InvalidBody,
    Violation,
    batches,
    ensure_valid,
    failure_response,
    is_valid,
    iter_mailbox_violations,
    iter_violations,
    parse_failure,
    validate,
    validate_mailbox,
)
from mailbox_schema.contract import SECRET_FIELDS
from mailbox_schema.files import UnreadableFile, read_mailboxes
from mailbox_schema.forms import (
    FormResult,
    FormsetResult,
    error_summary,
    field_help,
    html_attributes,
    parse_form,
    parse_formset,
)
from mailbox_schema.lint.lsp import Server
from mailbox_schema.lint.reports import FORMATS
from mailbox_schema.pydantic import Body, Mailbox, SafeModel, hide_inputs
from mailbox_schema.responses import (
    Accepted,
    Failure,
    parse_accepted,
    parse_answer,
    parse_problem,
    parse_summary,
)

SECRET: Final = "Qz7Wq7Xk"
"""Obviously fake; no four characters of it occur in an ordinary output."""
LOGIN: Final = "Kj5Zx9Qw"
NUMERAL: Final = "98765678"

COMMON: Final = st.fixed_dictionaries(
    {
        "format": st.sampled_from(list(FORMATS)),
        "flags": st.lists(
            st.sampled_from(
                ["--select=all", "--verbose", "--statistics", "--strict", "--allow-placeholders", "--quiet"]
            ),
            unique=True,
        ),
        "terminal": st.booleans(),
    }
)


# There are many ways to put a canary into a file.
MORE: Final = settings(max_examples=2 * settings().max_examples)


def options(common: dict[str, Any]) -> list[str]:
    return ["check", "--format", common["format"], *common["flags"]]


# The check itself


@pytest.mark.parametrize(
    "shown",
    [
        SECRET,
        "the key Qz7Wq7Xk is unknown",
        "Qz7W",
        "q z\u00a07 w",
        "Q\nz\x1b7\x00W",
        "QZ7W",
        "\uff31\uff5a\uff17\uff37",
        "&#81;&#x7a;7W",
        "%51%7A7W",
        "%2551z7W",
        "\\u0051z7W",
        "\\\\u0051z7W",
        "\\x51z7W",
        "Q.z-7_W",
        "\x1b[1mQz\x1b[0m7W",
    ],
)
def test_a_piece_in_any_disguise_is_a_leak(shown: str) -> None:
    assert leaks(f"a.json:1:2: {shown} [x]\n", SECRET)


@pytest.mark.parametrize("shown", ["Qz7", "7Xk and Qz7", "Wq7 Qz", "kX7qW7zQ", ""])
def test_fewer_than_four_characters_are_not_a_leak(shown: str) -> None:
    assert leaks(f"a.json:987:65: {shown} [x]\n", SECRET, NUMERAL) == set()


@pytest.mark.parametrize(
    ("shown", "secret"),
    [
        ("mailbox[98765678].x", NUMERAL),
        ("write 8765 without quotes", NUMERAL),
        ("98_765_678", "98_765_678"),
        ("ΨΞΣ7", "ψξς7"),
        ("a\u030czxq", "\u01cezxq"),
    ],
)
def test_a_piece_of_a_numeral_or_of_another_script_is_a_leak(shown: str, secret: str) -> None:
    assert leaks(shown, secret)


# The command


@MORE
@given(planted_files(), COMMON, st.sampled_from(["file", "file", "standard input"]))
def test_no_file_makes_the_command_show_a_secret(planted: Any, common: dict[str, Any], source: str) -> None:
    if source == "file":
        name = f"a.{planted.kind}"
        result = run(*options(common), name, files={name: planted.data}, terminal=common["terminal"])
    else:
        arguments = (*options(common), "--type", planted.kind, "-")
        result = run(*arguments, stdin=planted.data, terminal=common["terminal"])
    assert leaks(result.everything, *planted.secrets) == set()
    assert result.status in {0, 1, 2}


@MORE
@given(
    planted_files(), COMMON, st.sampled_from(["--fix", "--diff"]), st.sampled_from([[], ["--unsafe-fixes"]])
)
def test_no_file_makes_a_fix_show_a_secret(
    planted: Any, common: dict[str, Any], repair: str, unsafe: list[str]
) -> None:
    """A fixed file on standard output is the file itself, and is not checked here."""
    name = f"a.{planted.kind}"
    arguments = (*options(common), repair, *unsafe, name)
    result = run(*arguments, files={name: planted.data}, terminal=common["terminal"])
    assert leaks(result.everything, *planted.secrets) == set()
    assert result.status in {0, 1, 2}


@given(planted_files())
def test_no_file_makes_the_language_server_show_a_secret(planted: Any) -> None:
    told: list[object] = []
    server = Server()
    server.protocol._workspace = Workspace(None)  # noqa: SLF001  # as a client's first message makes it
    uri = f"file:///x/mailboxes.{planted.kind}"
    item = types.TextDocumentItem(uri, planted.kind, 0, planted.data.decode("utf-8", "replace"))
    server.workspace.put_text_document(item)
    everywhere = types.Range(types.Position(0, 0), types.Position(9999, 0))
    context = types.CodeActionContext([])
    with patch.object(Server, "text_document_publish_diagnostics", lambda _, params: told.append(params)):
        server.check(uri)
    told += server.actions(types.CodeActionParams(types.TextDocumentIdentifier(uri), everywhere, context))
    assert leaks("\n".join(map(str, told)), *planted.secrets) == set()


@given(planted_files(), st.sampled_from(list(FORMATS)))
def test_no_file_makes_the_command_show_a_secret_without_libyaml(planted: Any, kind: str) -> None:
    """PyYAML installed without its C extension has its own messages, which quote more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(yaml, "CSafeLoader", raising=False)
        result = run("check", "--format", kind, "a.yaml", files={"a.yaml": planted.data})
    assert leaks(result.everything, *planted.secrets) == set()


@given(
    canaries().flatmap(lambda canary: st.tuples(st.just(canary), planted_answers(canary))), COMMON, st.data()
)
def test_no_answer_makes_the_command_show_a_secret(
    planted: tuple[Canary, Any], common: dict[str, Any], data: st.DataObject
) -> None:
    canary, answer = planted
    kind = data.draw(st.sampled_from(["json", "yaml", "jsonl"]))
    items = data.draw(st.lists(planted_mailboxes(canary), min_size=1, max_size=2))
    # The answer may also quote a secret that is not in the file (any more).
    if data.draw(st.booleans()):
        items = [mailbox(smtp_port="x")]
    text = "\n".join(map(json.dumps, items)) if kind == "jsonl" else json.dumps({"mailboxes": items})
    content = json.dumps(answer, ensure_ascii=data.draw(st.booleans()))
    files = {
        f"a.{kind}": text.encode("utf-8", "surrogatepass"),
        "answer.json": content[: data.draw(st.sampled_from([None, None, None, -1, -9]))].encode(),
    }
    arguments = (*options(common), "--response", "answer.json", f"a.{kind}")
    result = run(*arguments, files=files, terminal=common["terminal"])
    assert leaks(result.everything, *canary.forms) == set()
    assert result.status in {0, 1, 2}


@given(planted_files(), planted_files())
def test_any_file_as_an_answer_shows_no_secret(answer: Any, sent: Any) -> None:
    name = f"a.{sent.kind}"
    files = {"answer": answer.data, name: sent.data}
    result = run("check", "--response", "answer", name, files=files)
    assert leaks(result.everything, *answer.secrets, *sent.secrets) == set()


@MORE
@given(planted_files(), st.booleans())
def test_of_a_body_only_standard_output_has_the_secrets(planted: Any, is_forced: bool) -> None:
    name = f"a.{planted.kind}"
    result = run("body", *["--force"] * is_forced, name, files={name: planted.data})
    assert leaks(result.errors, *planted.secrets) == set()
    assert (result.output == "") == (result.status in {1, 2})


@given(planted_files())
def test_of_the_playground_only_the_text_and_the_body_have_the_secrets(planted: Any) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "mailboxes")
        path.write_bytes(planted.data)
        shown = [playground.check(str(path), f"a.{planted.kind}", "")]
        shown += [json.dumps(json.loads(playground.body(str(path), "", planted.kind)) | {"text": ""})]
        shown += [playground.fix(str(path), "", planted.kind)]
    assert leaks("\n".join(shown), *planted.secrets) == set()


# The library


@MORE
@given(planted_files())
def test_no_file_makes_what_is_read_of_it_show_a_secret(planted: Any) -> None:
    """``mailbox`` is what the file has, by design, and is not checked here."""
    shown = []
    try:
        for read in read_mailboxes(io.BytesIO(planted.data), planted.kind):
            shown += [repr(read), *map(read.place, FIELDS)]
    except UnreadableFile as error:
        shown.append(told_by(error))
    assert leaks("\n".join(shown), *planted.secrets) == set()


def told_by_violation(violation: Violation) -> str:
    parts = (violation.path, violation.pointer, violation.field, violation.message, violation.hint)
    said = (json.dumps(violation.as_dict()), violation.sentence())
    return "\n".join(map(str, (violation, repr(violation), *parts, *said)))


@given(canaries().flatmap(lambda canary: st.tuples(st.just(canary), planted_bodies(canary))))
def test_no_body_makes_the_library_show_a_secret(planted: tuple[Canary, Any]) -> None:
    canary, body = planted
    violations = [*iter_violations(body), *iter_mailbox_violations(body)]
    shown = [*validate(body), *validate_mailbox(body), *map(told_by_violation, violations)]
    shown += [repr(violations), json.dumps(failure_response(violations)), repr(is_valid(body))]
    shown += map(repr, batches([body, body]))
    try:
        ensure_valid(body)
    except InvalidBody as error:
        for each in (error, copy.copy(error), pickle.loads(pickle.dumps(error))):  # noqa: S301  # made here
            shown += [told_by(each), repr(each.violations), *each.details, json.dumps(each.response)]
    assert leaks("\n".join(shown), *canary.forms) == set()


READERS: Final[tuple[Callable[[Any], object], ...]] = (
    lambda answer: form_with(answer),  # noqa: PLW0108  # defined below
    parse_failure,
    parse_summary,
    parse_problem,
    parse_accepted,
    *(partial(parse_answer, status) for status in (200, 202, 400, 401)),
    Violation.parse,  # also of an answer that is not text
    failure_response,
)


def repr_of_reading(read: Callable[[Any], object], answer: object) -> str:
    """Return what is shown of an answer that is read; the id of a batch is returned as it is."""
    try:
        result = read(answer)
    except (ValueError, TypeError) as error:
        return told_by(error)
    if isinstance(result, Failure):
        result = list(result.violations)
    if isinstance(result, list):  # of violations
        return "\n".join(map(repr_without_known_index, result))
    if isinstance(result, Violation):
        return repr_without_known_index(result)
    return "" if read is parse_accepted or isinstance(result, Accepted) else repr(result)


def form_with(answer: object) -> str:
    """Return what a form shows of a failure: its texts, and its lines that are the API's own."""
    form = parse_form({}).with_violations(parse_failure(answer))
    lines = [str(violation) for violation in form.violations if violation.rule is None]
    return repr((form.errors, form.sentences, error_summary(form), lines))


def repr_without_known_index(violation: Violation) -> str:
    """Return repr and sentence; a line of the contract's wording shows its index, whatever it is."""
    field, rule, message = violation.field, violation.rule, violation.message
    shown = violation if rule is None else Violation(0, field, rule, message)
    return f"{shown!r}\n{shown.sentence()}"


@given(canaries().flatmap(lambda canary: st.tuples(st.just(canary), planted_answers(canary))))
def test_no_answer_makes_a_result_or_an_error_show_a_secret(planted: tuple[Canary, Any]) -> None:
    """``str(Violation.parse(line))`` is the line, by design: only ``repr`` is checked."""
    canary, answer = planted
    shown = [repr_of_reading(read, answer) for read in READERS]
    details = answer.get("details")
    for line in details if isinstance(details, list) else [details]:
        shown += [repr_of_reading(Violation.parse, line), repr_of_reading(failure_response, line)]
    assert leaks("\n".join(shown), *canary.forms) == set()


# Forms


@given(canaries().flatmap(lambda canary: st.tuples(st.just(canary), planted_forms(canary))))
def test_no_form_makes_its_result_show_a_secret(planted: tuple[Canary, dict[str, Any]]) -> None:
    """``mailbox``, ``body()`` and ``typed`` return what was typed, by design, and are not checked here."""
    canary, data = planted
    forms: list[FormResult | FormsetResult] = [parse_form(data), parse_formset(data)]
    shown = []
    for form in [*forms, *forms[1].forms]:  # type: ignore[union-attr]  # the second is the formset
        shown += [repr(form), str(form), repr(form.errors), repr(form.violations), repr(error_summary(form))]
        shown += map(told_by_violation, form.violations)
        shown.append(json.dumps(failure_response(form.violations)))
        if isinstance(form, FormResult):
            shown += [repr(form.hints), repr(form.sentences)]
            shown += [repr(html_attributes(name, form)) + field_help(name, form) for name in FIELDS]
    assert leaks("\n".join(shown), *canary.forms) == set()


@given(canaries(), canaries())
def test_typed_text_is_returned_without_the_passwords(one: Canary, other: Canary) -> None:
    """docs/forms.md: "`typed`: what was typed, to show it again, without the passwords"."""
    passwords = {"smtp_password": str(one.value), "imap_password": [str(other.value)] * 2}
    form = parse_form({"smtp_server": "smtp.server.io", "smtp_login": LOGIN, "smtp_port": "x", **passwords})
    assert form.typed == {"smtp_server": "smtp.server.io", "smtp_login": LOGIN, "smtp_port": "x"}


# Models


class Around(SafeModel):
    name: int
    mailbox: Mailbox | int
    named: dict[int, Mailbox]
    bodies: list[Body]


class PlainlyAround(BaseModel):
    """A model of pydantic's own, in which only our models have errors."""

    mailbox: Mailbox
    bodies: list[Body]


ADAPTERS: Final[dict[str, TypeAdapter[Any]]] = {
    "alone": TypeAdapter(Mailbox | Body),
    "list": TypeAdapter(list[Mailbox]),
    "around": TypeAdapter(Around),
    "plainly around": TypeAdapter(PlainlyAround),
    "annotated": TypeAdapter(Annotated[list[Mailbox] | int, WrapValidator(hide_inputs)]),
}


def told_by_models(value: Any) -> str:
    """Return what is shown of a value that is refused, by itself and in other models."""
    around = {"mailbox": value, "named": {0: value}, "bodies": [value]}
    tries = {"alone": value, "list": [value], "around": around, "plainly around": around, "annotated": value}
    shown = [told_by_refusal(ADAPTERS[name].validate_python, tried) for name, tried in tries.items()]
    for text in (json.dumps(value), json.dumps(value)[:-1], json.dumps(around)):
        shown += [told_by_refusal(model.model_validate_json, text) for model in (Mailbox, Body, Around)]
    return "\n".join(shown)


def told_by_refusal(check: Callable[[Any], object], value: object) -> str:
    try:
        check(value)
    except ValidationError as error:
        return "\n".join((told_by(error), repr(error.errors()), error.json()))
    return ""


@given(canaries().flatmap(lambda canary: st.tuples(st.just(canary), planted_bodies(canary))))
def test_no_value_makes_an_error_of_a_model_show_a_secret(planted: tuple[Canary, Any]) -> None:
    canary, value = planted
    items = value.get("mailboxes") if isinstance(value, dict) else None
    shown = told_by_models(value) + "".join(map(told_by_models, items if isinstance(items, list) else ()))
    assert shown
    assert leaks(shown, *canary.forms) == set()


@given(canaries())
def test_a_model_shows_no_secret_unless_it_is_asked_to(canary: Canary) -> None:
    """``to_mailbox`` and ``to_body`` return the secrets, by design; so does ``SecretStr.get_secret_value``."""
    secrets = dict.fromkeys(SECRET_FIELDS, str(canary.value))
    made = Mailbox.model_validate(mailbox(**secrets))
    # This doesn't validate, and keeps plain text where a secret belongs.
    unchecked = Mailbox.model_construct(**mailbox(**secrets))
    whole = Body(mailboxes=[made], completion_notification_types=["MAIL"])
    shown = [repr(vars(made))]
    for each in (made, unchecked, whole, made.model_copy(update=secrets), copy.deepcopy(whole)):
        shown += [repr(each), str(each), f"{each}", pprint.pformat(each)]
        shown += [repr(each.model_dump()), each.model_dump_json(), repr(each.model_dump(mode="json"))]
        shown += [json.dumps(jsonable_encoder(each)), to_json(each).decode(), repr(each.__repr_args__())]
    for model, name in ((made, "smtp_password"), (whole, "mailboxes")):
        with pytest.raises(ValidationError) as caught:
            setattr(model, name, str(canary.value))
        shown += [told_by(caught.value), repr(caught.value.errors())]
    assert leaks("\n".join(shown), *canary.forms) == set()
    assert made.to_mailbox() == mailbox(**secrets)


SERVER: Final = FastAPI()
SERVED: Final = TestClient(SERVER, raise_server_exceptions=False)


@SERVER.post("/body")
def take_body(body: Body) -> Body:
    return body


@SERVER.post("/several")
def take_several(
    one: Mailbox, several: Annotated[list[Mailbox], WrapValidator(hide_inputs)]
) -> list[Mailbox]:
    return [one, *several]


@given(canaries().flatmap(lambda canary: st.tuples(st.just(canary), planted_bodies(canary))), st.data())
def test_no_request_makes_fastapi_show_a_secret(planted: tuple[Canary, Any], data: st.DataObject) -> None:
    canary, value = planted
    around = {"one": value, "several": data.draw(st.sampled_from([value, [value]]))}
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger().addHandler(handler)
    try:
        for path, sent in (("/body", value), ("/several", around), ("/several", value)):
            text = json.dumps(sent)[: data.draw(st.sampled_from([None, None, -1]))]
            kind = data.draw(st.sampled_from(["application/json", "text/plain"]))
            response = SERVED.post(path, content=text, headers={"content-type": kind})
            if response.status_code != 200:  # a valid mailbox is answered as it is, but for its secrets
                assert response.status_code == 422
                assert leaks(response.text, *canary.forms) == set()
    finally:
        logging.getLogger().removeHandler(handler)
    assert leaks(log.getvalue(), *canary.forms) == set()


# Classes of leaks, case by case

ORDINARY: Final = json.dumps(mailbox())
BODY: Final = {"mailboxes": [mailbox(smtp_password=SECRET, imap_password=SECRET, smtp_login=LOGIN)]}
OPEN: Final = json.dumps(BODY)[:-3]
"""A body up to the end of its last mailbox's last field."""


def in_yaml(*lines: str) -> bytes:
    fields = [f"{name}: {value}" for name, value in mailbox().items()]
    return "".join(f"{line}\n" for line in [*fields, *lines]).encode()


def at_end_of_yaml(column: int) -> tuple[int, int]:
    return len(mailbox()) + 1, column


def keyed(key: str, value: object = 1) -> bytes:
    return f"{OPEN}, {json.dumps(key)}: {json.dumps(value)}}}]}}".encode()


UNKNOWN_KEY: Final = (1, len(OPEN) + 3)

# A file, and the position at which the command finds something or gives up; `None` where it has none.
FILES: Final[dict[str, tuple[str, bytes, tuple[int, int] | None]]] = {
    **{
        f"key {what}": ("a.json", keyed(key), UNKNOWN_KEY)
        for what, key in {
            "that is a secret": SECRET,
            "that is a piece of one": SECRET[2:7],
            "with a suffix": f"{SECRET}_old",
            "with a prefix": f"smtp_password_{SECRET}",
            "in small letters": SECRET.lower(),
            "with the case swapped": SECRET.swapcase(),
            "with letters between": "_".join(SECRET),
            "that ends a secret and begins with a name": f"smtp_port{SECRET[-5:]}",
            "that joins two secrets' pieces": SECRET[:4] + LOGIN[:4],
            "that is a numeral": NUMERAL,
            "with spaces": " ".join(SECRET),
            "with a control character": f"{SECRET[:4]}\x1b{SECRET[4:]}",
            "in full width": "".join(chr(ord(c) + 0xFEE0) for c in SECRET),
            "with character references": "".join(f"&#{ord(c)};" for c in SECRET),
            "in percent-encoding": "".join(f"%{ord(c):02X}" for c in SECRET),
            "with a lone surrogate": f"{SECRET}\ud800",
        }.items()
    },
    "key without a value": ("a.json", keyed(SECRET, None), UNKNOWN_KEY),
    "key whose value is a field's name": ("a.json", keyed(SECRET, "smtp_login"), UNKNOWN_KEY),
    "key that holds a list": ("a.json", keyed(SECRET, [SECRET]), UNKNOWN_KEY),
    "key of the body": ("a.json", f'{json.dumps(BODY)[:-1]}, "{SECRET}": 1}}'.encode(), (1, len(OPEN) + 5)),
    "key that is a secret of another mailbox": (
        "a.json",
        json.dumps([mailbox(**{SECRET[1:]: 1}), mailbox(smtp_login=SECRET)]).encode(),
        (1, ORDINARY.index("}") + 4),
    ),
    "key that is a secret's piece in another record": (
        "a.jsonl",
        json.dumps(mailbox(**{SECRET[1:]: 1})).encode() + b"\n" + json.dumps(BODY["mailboxes"][0]).encode(),
        (1, ORDINARY.index("}") + 3),
    ),
    "key that is a secret's piece in another document": (
        "a.yaml",
        in_yaml(f"{SECRET[1:]}: 1") + b"---\n" + json.dumps(BODY).encode(),
        at_end_of_yaml(1),
    ),
    "key that is a secret in a list": (
        "a.json",
        json.dumps([mailbox(smtp_login=[SECRET], **{SECRET: 1})]).encode(),
        (1, json.dumps([mailbox(smtp_login=[SECRET])]).index("}") + 3),
    ),
    "key that is a secret in an object": (
        "a.json",
        json.dumps([mailbox(smtp_login={"x": SECRET}, **{SECRET: 1})]).encode(),
        (1, json.dumps([mailbox(smtp_login={"x": SECRET})]).index("}}") + 4),
    ),
    "mailboxes as an object": ("a.json", json.dumps({"mailboxes": {SECRET: mailbox()}}).encode(), (1, 15)),
    "list in a list": ("a.json", json.dumps({"mailboxes": [[{SECRET: SECRET}]]}).encode(), (1, 16)),
    "doubled key": ("a.json", f'{OPEN}, "{SECRET}": 1, "{SECRET}": 2}}]}}'.encode(), (1, len(OPEN) + 18)),
    "password that is a number": (
        "a.json",
        json.dumps([{"smtp_password": int(NUMERAL)}]).encode(),
        (1, 20),
    ),
    "port with digits of the password": (
        "a.json",
        json.dumps([mailbox(smtp_port="9876", imap_password=NUMERAL)]).encode(),
        (1, ORDINARY.index("465") + 2),
    ),
    "port with digits of a password that is a number with a fraction": (
        "a.json",
        json.dumps([mailbox(smtp_port="9876", imap_password=9876567.5)]).encode(),
        (1, ORDINARY.index("465") + 2),
    ),
    "port with digits of another mailbox's password": (
        "a.json",
        json.dumps([mailbox(smtp_port="9876"), mailbox(smtp_password=NUMERAL)]).encode(),
        (1, ORDINARY.index("465") + 2),
    ),
    "port with digits of a password in a list": (
        "a.json",
        json.dumps([mailbox(smtp_port="9876", smtp_login=[NUMERAL])]).encode(),
        (1, json.dumps(mailbox()).index("465") + 2),
    ),
    "port with digits of a password in full width": (
        "a.json",
        json.dumps([mailbox(smtp_port="9876", smtp_login="\uff19\uff18\uff17\uff16\uff15")]).encode(),
        (1, ORDINARY.index("465") + 2),
    ),
    "port with the password's digits, which are apart": (
        "a.json",
        json.dumps([mailbox(smtp_port="9876", smtp_login="9 8 7 6 5")]).encode(),
        (1, ORDINARY.index("465") + 2),
    ),
    "JSON that is cut off in a password": (
        "a.json",
        OPEN.partition("Wq7")[0].encode(),
        (1, OPEN.index(SECRET)),
    ),
    "JSON with an unknown escape": ("a.json", f'["\\{SECRET}"]'.encode(), (1, 3)),
    "JSON with a control character": ("a.json", f'["{SECRET}\n"]'.encode(), (1, 2 + len(SECRET) + 1)),
    "JSON with text after it": ("a.json", f"[] {SECRET}".encode(), (1, 4)),
    "JSON without quotes": ("a.json", f"[{SECRET}]".encode(), (1, 2)),
    "JSON that is not UTF-8": ("a.json", f'["{SECRET}'.encode() + b'\xff"]', (1, 3 + len(SECRET))),
    "JSON with a constant": ("a.json", f'["{SECRET}", NaN]'.encode(), (1, 6 + len(SECRET))),
    "record that is not JSON": ("a.jsonl", f'{ORDINARY}\n{{"x": {SECRET}}}\n'.encode(), (2, 7)),
    "CSV column": ("a.csv", f"smtp_password,{SECRET}\n{SECRET},x\n".encode(), (1, 15)),
    "CSV without a header line": ("a.csv", f"a@b.com,{SECRET}\n".encode(), (1, 1)),
    "CSV cell too many": ("a.csv", f"smtp_email,smtp_password\na@b.com,x,{SECRET}\n".encode(), (2, 1)),
    "CSV with a quote that is not closed": ("a.csv", f'smtp_password\n"{SECRET}\n'.encode(), (2, 1)),
    "CSV with a quote within a cell": ("a.csv", f'smtp_password\n"{SECRET[:4]}"{SECRET}\n'.encode(), (2, 1)),
    "YAML comma for a colon": (
        "a.yaml",
        f"{{smtp_email: a@b.com, smtp_password, {SECRET}, smtp_server: x}}\n".encode(),
        (1, 38),
    ),
    "YAML comma for a colon, and a value": (
        "a.yaml",
        f"{{smtp_email: a@b.com, smtp_password, {SECRET}: x}}\n".encode(),
        (1, 38),
    ),
    "YAML tag": ("a.yaml", in_yaml(f"smtp_port: !{SECRET} x"), at_end_of_yaml(1)),
    "YAML tag handle": ("a.yaml", in_yaml(f"smtp_login: !{SECRET}!x x"), at_end_of_yaml(13)),
    "YAML alias": ("a.yaml", in_yaml(f"smtp_login: *{SECRET}"), at_end_of_yaml(13)),
    "YAML anchor within itself": (
        "a.yaml",
        in_yaml(f"smtp_login: &{SECRET} [*{SECRET}]"),
        at_end_of_yaml(24),
    ),
    "YAML key without a colon": ("a.yaml", in_yaml(SECRET), None),
    "YAML colon in a value": ("a.yaml", in_yaml(f"smtp_login: {SECRET}: x"), at_end_of_yaml(21)),
    "YAML value that begins with an indicator": (
        "a.yaml",
        in_yaml(f"smtp_login: @{SECRET}"),
        at_end_of_yaml(13),
    ),
    "YAML with an unknown escape": (
        "a.yaml",
        in_yaml(f'smtp_login: "{SECRET}\\q"'),
        None,
    ),
    "YAML quote that is not closed": ("a.yaml", in_yaml(f'smtp_login: "{SECRET}'), at_end_of_yaml(13)),
    "YAML merge key": ("a.yaml", in_yaml(f"<<: {SECRET}"), at_end_of_yaml(5)),
    "YAML merged mapping": ("a.yaml", in_yaml(f"<<: {{{SECRET}: x}}"), at_end_of_yaml(6)),
    "YAML comment": (
        "a.yaml",
        in_yaml(f"smtp_port: 1 # mailbox-schema: ignore[{SECRET.lower()}]"),
        at_end_of_yaml(14),
    ),
    "YAML comment that is not an instruction": (
        "a.yaml",
        in_yaml(f"smtp_port: 1 # mailbox-schema: {SECRET}"),
        at_end_of_yaml(14),
    ),
    "YAML placeholder": ("a.yaml", in_yaml(f"smtp_login: {{{{ {SECRET} }}}}"), at_end_of_yaml(13)),
    "YAML key that is not text": ("a.yaml", in_yaml(f"? [{SECRET}]", ": x"), at_end_of_yaml(3)),
    "YAML version": ("a.yaml", f"%YAML {SECRET}\n---\n{ORDINARY}\n".encode(), None),
    "YAML tag directive twice": ("a.yaml", f"%TAG !{SECRET}! x\n%TAG !{SECRET}! x\n---\nx\n".encode(), None),
    "YAML with a control character": ("a.yaml", f"a: {SECRET}\x07\n".encode(), (1, 4 + len(SECRET))),
    "YAML second document": ("a.yaml", f"{ORDINARY}\n---\n{SECRET}: [\n".encode(), None),
    "YAML password in hexadecimal": (
        "a.yaml",
        in_yaml("smtp_login: 0x5E30B2E8", "E30B2E8: 1", "c1580190440: 1"),
        at_end_of_yaml(13),
    ),
    "list further down, under a key": (
        "a.json",
        json.dumps({SECRET: {"mailboxes": [mailbox()]}}).encode(),
        (1, 1),
    ),
    "template": ("a.yaml", f"{{% set x = '{SECRET}' %}}\n- a: [\n".encode(), (1, 1)),
    "JSON template": ("a.json", f"[{{{{ {SECRET} }}}}]".encode(), (1, 2)),
    "CSV cell with an invisible character": ("a.csv", f"smtp_port\n{NUMERAL}\u00a0\n".encode(), (2, 1)),
    "CSV that is not UTF-8": ("a.csv", f"smtp_port\n{SECRET}".encode() + b"\xff\n", (2, 1 + len(SECRET))),
    "masked secret, and a reference": (
        "a.json",
        json.dumps(
            [mailbox(smtp_password="********", smtp_login=f"op://{SECRET}/{SECRET}/{SECRET}")]
        ).encode(),
        None,
    ),
    "file that is named by the secret's type": (f"{'x' * 3}.txt", SECRET.encode(), None),
}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(("name", "content", "place"), FILES.values(), ids=FILES)
def test_a_file_of_this_class_leaks_nothing(
    kind: str, name: str, content: bytes, place: tuple[int, int] | None
) -> None:
    arguments = ("check", "--format", kind, "--verbose", "--statistics", name)
    result = run(*arguments, files={name: content})
    assert leaks(result.everything, SECRET, LOGIN, NUMERAL) == set()
    if place is not None and kind == "text":
        assert f"{name}:{place[0]}:{place[1]}: " in result.everything


@pytest.mark.parametrize("value", ["0x" + "F" * 4000, "0o" + "7" * 6000])  # more than 4300 decimal digits
@pytest.mark.parametrize("arguments", [(), ("--response", "answer.json")])
def test_a_secret_that_is_a_very_long_number_is_not_leaked(value: str, arguments: tuple[str, ...]) -> None:
    answer = {"code": "VALIDATION_FAILURE", "details": ["mailbox[0].imap_server refused FFFFFFFF"]}
    files = {"a.yaml": in_yaml(f"smtp_login: {value}", "zz: 1"), "answer.json": json.dumps(answer).encode()}
    result = run("check", *arguments, "a.yaml", files=files)
    assert result.status == 2
    assert leaks(result.everything, value) == set()


# A line of an answer, and the place in the file that it is about.
HERE: Final = (1, 16)
PLACES: Final = {
    name: (1, json.dumps(BODY).index(f'"{name}"') + len(name) + 5) for name in BODY["mailboxes"][0]
}
LINES: Final[dict[str, tuple[str, tuple[int, int]]]] = {
    "whole": (f"mailbox[0].smtp_password {SECRET} is wrong", PLACES["smtp_password"]),
    "cut": (f"mailbox[0].smtp_password '{SECRET[:5]}...' is wrong", PLACES["smtp_password"]),
    "cut at the start": (f"mailbox[0].smtp_password {SECRET[3:]} is wrong", PLACES["smtp_password"]),
    "spaced": (f"mailbox[0].smtp_password {SECRET[:4]} {SECRET[4:]} is wrong", PLACES["smtp_password"]),
    "in capitals": (f"mailbox[0].smtp_password {SECRET.upper()} is wrong", PLACES["smtp_password"]),
    "with HTML's references": (f"mailbox[0].smtp_login &#81;{SECRET[1:]} is wrong", PLACES["smtp_login"]),
    "in percent-encoding": (f"mailbox[0].smtp_login %51{SECRET[1:]} is wrong", PLACES["smtp_login"]),
    "JSON-escaped": (f"mailbox[0].smtp_login \\u0051{SECRET[1:]} is wrong", PLACES["smtp_login"]),
    "in full width": ("mailbox[0].smtp_login \uff31\uff5a\uff17\uff37 is wrong", PLACES["smtp_login"]),
    "with a control character": ("mailbox[0].smtp_login Qz7\x1bWq7 is wrong", PLACES["smtp_login"]),
    "after the contract's sentence": (
        f"mailbox[0].smtp_password must not be blank {SECRET}",
        PLACES["smtp_password"],
    ),
    "as the field": (f"mailbox[0].{SECRET} must not be blank", HERE),
    "as a piece of the field": (f"mailbox[0].smtp_port_{SECRET[:5]} must not be blank", HERE),
    "as the field, with another's sentence": (f"mailbox[0].{SECRET} must be an object", HERE),
    "as the index": (f"mailbox[{NUMERAL}].smtp_password must not be blank", (1, 15)),
    "as the index of an unknown field": (f"mailbox[{NUMERAL}].x is wrong", (1, 15)),
    "as the index of a whole mailbox": (f"mailbox[{NUMERAL}] must be an object", (1, 15)),
    "as an index that is none": (f"mailbox[{SECRET}].smtp_port is wrong", (1, 1)),
    "without a place": (f"Login failed for {SECRET}", (1, 1)),
    "as a key of the body": ("qzxw_jkqz must be given", (1, 1)),
    "in the list of mailboxes": (f"mailboxes {SECRET}", (1, 15)),
    "in another line": (f"mailbox[0].bcc\n{SECRET}\n", (1, 1)),
    "alone": (SECRET, (1, 1)),
}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("is_in_file", [True, False])
@pytest.mark.parametrize(("line", "place"), LINES.values(), ids=LINES)
def test_a_line_of_an_answer_that_quotes_a_secret_leaks_nothing(
    kind: str, line: str, place: tuple[int, int], *, is_in_file: bool
) -> None:
    """Also one that is not in the file: it may have been changed since it was sent."""
    sent = BODY if is_in_file else {"mailboxes": [mailbox()]}
    files = {
        "a.json": json.dumps(sent).encode(),
        "answer.json": json.dumps({"code": "VALIDATION_FAILURE", "details": [line]}).encode(),
    }
    result = run("check", "--format", kind, "--response", "answer.json", "a.json", files=files)
    assert leaks(result.everything, SECRET, LOGIN, NUMERAL, "qzxw_jkqz") == set()
    assert result.status == 1
    if kind == "text" and is_in_file:
        assert result.output.startswith(f"a.json:{place[0]}:{place[1]}: ")


@pytest.mark.parametrize(
    "answer",
    [
        SECRET,
        f'{{"details": ["{SECRET}',
        json.dumps({"details": {SECRET: SECRET}}),
        json.dumps({"details": [SECRET, {SECRET: 1}]}),
        json.dumps({"details": None, SECRET: SECRET}),
        json.dumps({"title": SECRET, "detail": SECRET, "status": 401}),
    ],
)
def test_an_unreadable_answer_is_not_quoted(answer: str) -> None:
    files = {"a.json": json.dumps(BODY).encode(), "answer.json": answer.encode()}
    result = run("check", "--response", "answer.json", "a.json", files=files)
    assert leaks(result.everything, SECRET, LOGIN) == set()
    assert result.status == 2


# A line of the contract's wording shows its index, whatever it is: a long file has many mailboxes.
OF_THE_CONTRACT: Final = ("as the index", "as the index of a whole mailbox")
quoting_line = pytest.mark.parametrize(
    "line",
    [pytest.param(line, id=name) for name, (line, _) in LINES.items() if name not in OF_THE_CONTRACT],
)


@quoting_line
def test_a_parsed_line_is_returned_and_its_repr_leaks_nothing(line: str) -> None:
    violation = Violation.parse(line)
    assert violation.rule is None
    assert str(violation) == line
    (read,) = parse_failure({"code": "UNKNOWN", "details": [line]})
    assert read == violation
    assert failure_response([violation])["details"] == [line]
    shown = [repr(violation), repr([violation]), f"{violation!r:>9}", repr(copy.deepcopy(violation))]
    assert leaks("\n".join(shown), SECRET, NUMERAL, "qzxw_jkqz") == set()


@pytest.mark.parametrize("name", OF_THE_CONTRACT)
def test_a_line_of_the_contract_shows_its_index(name: str) -> None:
    line = LINES[name][0]
    violation = Violation.parse(line)
    assert violation.rule is not None
    shown = f"Violation({NUMERAL}, {violation.field!r}, {violation.rule!r}, {violation.message!r})"
    assert repr(violation) == shown
    assert str(InvalidBody([violation])) == line


def test_the_repr_of_a_known_violation_shows_everything() -> None:
    (violation,) = iter_violations({"mailboxes": [mailbox(smtp_password="")]})
    assert (
        repr(violation) == "Violation(0, 'smtp_password', 'not-blank', 'must not be blank', reason='blank')"
    )


@quoting_line
def test_an_exception_made_of_an_answer_leaks_nothing(line: str) -> None:
    """Its ``details`` and ``response`` are the lines to the letter; its ``str``, ``repr`` and traceback aren't."""
    error = InvalidBody(parse_failure({"code": "UNKNOWN", "details": [line]}))
    assert error.details == [line]
    assert error.response["details"] == [line]
    assert leaks(told_by(error), SECRET, NUMERAL, "qzxw_jkqz") == set()


def problem(**changes: object) -> dict[str, object]:
    ordinary = {"title": "Unauthorized", "status": 401, "detail": "Invalid api key"}
    return {**ordinary, "timestamp": "2025-03-05 17:57:00", **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {"title": SECRET},
        {"detail": SECRET},
        {"detail": f"The user {LOGIN} was refused with {SECRET[:5]}"},
        {SECRET: SECRET},
    ],
)
def test_the_repr_of_a_problem_leaks_nothing(changes: dict[str, object]) -> None:
    read = parse_problem(problem(**changes))
    assert read.detail == problem(**changes)["detail"]
    assert read.title == problem(**changes)["title"]
    assert leaks(repr(read) + str(read) + f"{read}", SECRET, LOGIN) == set()


def test_the_repr_of_a_summary_shows_counts_only() -> None:
    counts = {
        "batch_size": 1,
        "pending_mailboxes_count": 0,
        "connected_mailboxes_count": 0,
        "conditionally_connected_mailboxes_count": 0,
        "failed_mailboxes_count": 1,
    }
    items = {"conditionally_connected_mailboxes": [], "failed_mailboxes": BODY["mailboxes"]}
    summary = parse_summary({"processing_finished": True, **counts, **items, SECRET: SECRET})
    assert repr(summary) == (
        "Summary(finished=True, batch_size=1, pending_count=0, connected_count=0,"
        " conditionally_connected_count=0, failed_count=1, conditionally_connected_mailboxes=<length 0>,"
        " failed_mailboxes=<length 1>)"
    )


@pytest.mark.parametrize("status", [SECRET, f"2025-03-05 17:57:00 {SECRET}", {SECRET: SECRET}, [98765678]])
def test_the_error_about_an_unreadable_answer_leaks_nothing(status: object) -> None:
    for read in (parse_problem, partial(parse_answer, 401)):
        with pytest.raises(ValueError, match=r"status must be ") as raised:
            read(problem(status=status, timestamp=SECRET))
        assert leaks(told_by(raised.value), SECRET, NUMERAL) == set()


class Leaky(dict[str, object]):
    """A mapping whose errors quote its contents, as those of many classes do."""

    def __getitem__(self, key: str) -> object:
        raise KeyError(f"{SECRET} {key}")

    def get(self, key: str, default: object = None) -> object:
        raise KeyError(f"{SECRET} {key} {default}")

    def items(self) -> Any:
        raise ValueError(SECRET)

    keys = values = __iter__ = items


@pytest.mark.parametrize("read", [parse_failure, parse_summary, parse_problem, parse_accepted, ensure_valid])
def test_an_error_of_the_data_is_not_the_context_of_ours(read: Callable[[object], object]) -> None:
    leaky = Leaky(mailboxes=[1], code=SECRET, details=SECRET)
    with pytest.raises(ValueError) as raised:  # noqa: PT011  # any subclass will do here
        read(leaky)
    assert leaks(told_by(raised.value), SECRET) == set()


def test_an_error_of_the_form_is_not_shown() -> None:
    form = parse_form(Leaky(smtp_password=SECRET))
    assert leaks(repr(form) + repr(form.violations) + repr(form.errors) + repr(form.hints), SECRET) == set()


# Settings

SETTINGS: Final = {
    "not TOML": f"[tool.mailbox-schema]\nx = {SECRET}\n",
    "no UTF-8": f"[tool.mailbox-schema]\nx = '{SECRET}\udcff'\n",
    "a table that is none": f"[tool]\nmailbox-schema = '{SECRET}'\n",
    "a flag that is none": f"[tool.mailbox-schema]\nstrict = '{SECRET}'\n",
    "a list that is none": f"[tool.mailbox-schema]\nselect = '{SECRET}'\n",
    "a list of something else": f"[tool.mailbox-schema]\nselect = [{{x = '{SECRET}'}}]\n",
    "patterns": f"[tool.mailbox-schema.per-file-ignores]\n'{SECRET}' = 1\n",
    "a path that is none": f"[tool.mailbox-schema]\nat = '{SECRET}..'\n",
    "paths by file": f"[tool.mailbox-schema.per-file-at]\n'{SECRET}' = '{SECRET}..'\n",
    "fields": f"[tool.mailbox-schema.per-field-ignores.'{SECRET}']\n'{SECRET}' = 1\n",
    "fields that are none": f"[tool.mailbox-schema.per-field-ignores]\n'*' = '{SECRET}'\n",
    "files to leave out": f"[tool.mailbox-schema]\nexclude = ['{SECRET}\\']\nforce-exclude = true\n",
    "a mailbox in it": f"[tool.mailbox-schema]\nsmtp_password = '{SECRET}'\n",
    "others' tables": f"[tool.mailbox-schema]\nstrict = true\n[tool.x]\nsmtp_password = '{SECRET}'\n",
}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_settings_are_not_quoted(settings: str) -> None:
    files = {"pyproject.toml": settings.encode("utf-8", "surrogateescape"), "a.json": b"[]"}
    assert leaks(run("check", "-v", "a.json", files=files).everything, SECRET) == set()


@pytest.mark.parametrize("content", ["", '"', "{", '{"version": 1, "findings": ["', '{"version": "'])
def test_a_baseline_is_not_quoted(content: str) -> None:
    files = {"b.json": f'{content}{SECRET}"'.encode(), "a.json": keyed(SECRET)}
    result = run("check", "--baseline", "b.json", "a.json", files=files)
    assert leaks(result.everything, SECRET) == set()


def test_a_baseline_holds_no_secret() -> None:
    result = run(
        "check", "--baseline", "/dev/stdout", "--write-baseline", "a.json", files={"a.json": keyed(SECRET)}
    )
    assert leaks(result.everything, SECRET, LOGIN) == set()


# Several files


def test_a_report_of_several_files_leaks_nothing() -> None:
    names = [f"{letter}.json" for letter in "abc"]
    files = dict.fromkeys(names, keyed(SECRET))
    result = run("check", "--format", "json", *names, files=files)
    assert leaks(result.everything, SECRET, LOGIN) == set()
    assert [found["column"] for found in json.loads(result.output)] == [UNKNOWN_KEY[1]] * 3
