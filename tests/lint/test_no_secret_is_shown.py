"""No secret is ever shown, however a file is broken."""

import json
from typing import Final

import pytest
from golden import mailbox
from hypothesis import given, settings
from hypothesis import strategies as st
from lint.command import KINDS, Run, check_files, folder, write

from mailbox_schema.lint.reports import FORMATS

CORE: Final = st.text("bfgjkqvwxzBFGJKQVWXZ23456789", min_size=3, max_size=8).map("zq9Zekrit{}".format)
AROUND: Final = st.text(" :#,;'\"{}[]&*!|>%@`?-=\\/\u00e4\U0001f600", max_size=3)


def texts(secret: tuple[str, str, str], **others: object) -> dict[str, list[bytes]]:
    """Return files of every type that contain the secret, well written and as people write them."""
    whole = {**others, **dict.fromkeys(("smtp_login", "smtp_password", "imap_password"), "".join(secret))}
    as_json = json.dumps({"mailboxes": [whole, whole]}, ensure_ascii=False)
    names = list(whole)
    cells = [str(value).replace('"', '""') for value in whole.values()]
    return {
        "json": [as_json.encode(), json.dumps([whole], indent=2).encode()],
        "yaml": [
            as_json.encode(),
            "mailboxes:\n- {}\n".format(
                "\n  ".join(f"{name}: {json.dumps(value)}" for name, value in whole.items())
            ).encode(),
            "\n".join(f"{name}: {value}" for name, value in whole.items()).encode(),
            "\n".join(f"{name}: |\n  {value}" for name, value in whole.items()).encode(),
            "\n".join(f"{name}:\n- &{value}\n- *{value}" for name, value in whole.items()).encode(),
            "\n".join(f"{name}: !{value} x" for name, value in whole.items()).encode(),
        ],
        "csv": [
            "{}\n{}\n".format(",".join(names), ",".join(f'"{cell}"' for cell in cells)).encode(),
            "{}\r\n{}\r\n".format(";".join(names), ";".join(map(str, whole.values()))).encode(),
            "{}\n".format("\t".join(map(str, whole.values()))).encode(),  # the header is forgotten
            "{}\nsmtp_email\n".format(",".join([*map(str, whole.values()), "smtp_email"])).encode(),
        ],
        "jsonl": [
            json.dumps(whole).encode() + b"\n" + json.dumps(whole, ensure_ascii=False).encode(),
            as_json.encode(),
        ],
    }


def test_there_are_texts_of_every_file_type() -> None:
    assert set(texts(("", "x", ""))) == set(KINDS)


def shows_nothing_of(core: str, kind: str, data: bytes, *, every_format: bool = True) -> None:
    with folder() as write:
        name = write(kind, data)
        for form in FORMATS if every_format else ["text"]:
            _, output, errors = check_files("--verbose", "--extend-select", "all", "--format", form, name)
            shown = (output + errors).replace(name, "")
            for start in range(len(core) - 5):
                assert core[start : start + 6] not in shown, shown


secrets: Final = st.tuples(AROUND, CORE, AROUND)


EVERY: Final = max(1, 300 // settings().max_examples)
"""A file is cut off at every fifth place on an ordinary day, and at each in CI."""
WHOLE: Final = mailbox(smtp_port=0, imap_port="993", daily_sending_limit=[1])


@given(secrets, st.sampled_from(KINDS), st.data())
def test_no_secret_is_shown(secret: tuple[str, str, str], kind: str, data: st.DataObject) -> None:
    shows_nothing_of(secret[1], kind, data.draw(st.sampled_from(texts(secret, **WHOLE)[kind])))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("password", ["zq9Zekritbfg23", 'zq9Zekrit"bfg: {#', "zq9Zekrit, bfg; 'x"])
def test_no_secret_is_shown_if_a_file_is_cut_off_anywhere(kind: str, password: str) -> None:
    for data in texts(("", password, ""), smtp_port="1")[kind]:
        for end in range(0, len(data), EVERY):
            shows_nothing_of("zq9Zekrit", kind, data[:end], every_format=False)


@settings(max_examples=300)
@given(secrets, st.sampled_from(KINDS), st.data())
def test_no_secret_is_shown_if_bytes_of_a_file_are_broken(
    secret: tuple[str, str, str], kind: str, data: st.DataObject
) -> None:
    content = bytearray(data.draw(st.sampled_from(texts(secret, **WHOLE)[kind])))
    # The delimiters of a file break it best.
    joints = [place for place, byte in enumerate(content) if byte in b"\n\r\t \"':,;[]{}-|"]
    places = st.sampled_from(joints) | st.integers(0, len(content) - 1)
    for place in data.draw(st.lists(places, min_size=1, max_size=3)):
        content[place] = data.draw(st.sampled_from(b"\0\n\r\t \"',:;[]{}#&*!|>?-=\\x0\xff"))
    shows_nothing_of(secret[1], kind, bytes(content), every_format=False)


FLOW: Final = "{smtp_email: jared@getpiedpiper.com, smtp_password, zq9Zekritbfg, smtp_server: x}\n"


def test_a_password_that_became_a_yaml_key_is_not_shown(run: Run) -> None:
    """A comma for a colon, in YAML's flow style: no key has a value then, and the password is a key."""
    assert "zq9Zekrit" not in run("check", write("a.yaml", FLOW))[1]
    text = json.dumps({"mailboxes": [mailbox(smtp_password="zq9Zekritbfg")]})
    write("b.yaml", text.replace('"smtp_password":', '"smtp_password",'))
    assert "zq9Zekrit" not in run("check", "b.yaml")[1]


def test_a_value_that_was_swapped_with_its_key_is_not_shown(run: Run) -> None:
    write("a.json", json.dumps([{**mailbox(), "zq9Zekrit": "smtp_login"}]))
    assert "zq9" not in "".join(map(str, run("check", "--format", "json", "a.json")[1:]))
