"""An answer of the API, located in the file that was sent."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from golden import mailbox

from mailbox_schema.lint.advice import Batch, response
from mailbox_schema.lint.sources import Document

Run = Callable[..., tuple[int, str, str]]

PORT = "mailbox[1].smtp_port must be provided and in range <1,65535>"
SENT = [mailbox(), mailbox(smtp_port=0, bcc="x")]


def test_what_only_an_answer_says_has_a_page(run: Run) -> None:
    assert run("explain", "response")[1].splitlines()[0] == "response (advice, error)"
    assert (
        list(
            response(
                Batch(
                    [],
                    None,
                    Document(None, lambda _: (None, None)),
                    "json",
                    lambda *_: (),
                    frozenset(),
                    False,
                )
            )
        )
        == []
    )


def write(name: str, value: object) -> str:
    Path(name).write_text(value if isinstance(value, str) else json.dumps(value, indent=1), encoding="utf-8")
    return name


def test_lines_are_located_and_told_apart(run: Run) -> None:
    write("sent.json", {"mailboxes": SENT})
    details = [
        "mailbox[1].imap_server can not be reached",
        PORT,
        "mailbox[0].colour must be blue",
        "mailbox[7].bcc is odd",
        "Too many requests",
    ]
    write("answer.json", {"code": "VALIDATION_FAILURE", "details": details})
    assert run("check", "--response", "answer.json", "sent.json") == (
        1,
        "sent.json:1:1: Too many requests [response]\n"
        "    hint: only the API found this\n"
        "sent.json:2:15: mailbox[7].bcc is odd [response]\n"
        "    hint: only the API found this\n"
        "sent.json:3:3: mailbox[0].colour must be blue [response]\n"
        "    hint: only the API found this\n"
        f"sent.json:17:17: {PORT} [port]\n"
        "sent.json:20:19: mailbox[1].imap_server can not be reached [response]\n"
        "    hint: only the API found this\n",
        "5 lines in the answer: 1 found here too, 4 by the API only; 1 found here only\n1 file checked: 5 violations\n",
    )


def test_every_type_that_is_one_request(run: Run) -> None:
    write("answer.json", {"details": [PORT]})
    write("sent.yaml", "- {}\n- smtp_port: 0\n")
    write("sent.csv", "smtp_email,smtp_port\na@b.com,465\nb@b.com,0\n")
    write("sent.jsonl", '{}\n{"smtp_port": 0}\n')
    assert (
        run("check", "-q", "--response", "answer.json", "sent.yaml")[1] == f"sent.yaml:2:14: {PORT} [port]\n"
    )
    assert run("check", "-q", "--response", "answer.json", "sent.csv")[1] == f"sent.csv:3:9: {PORT} [port]\n"
    located = run("check", "-q", "--response", "answer.json", "sent.jsonl")
    assert located == (1, f"sent.jsonl:2:15: {PORT} [port]\n", "")


def test_a_line_that_quotes_a_secret_is_not_shown(run: Run) -> None:
    write("sent.json", [mailbox(smtp_password="zq9Secret", smtp_login=3, imap_password="no")])
    details = [
        "mailbox[0].smtp_password zq9Secret is too short",
        "zq9Secret!",
        "mailbox[0].bcc is not reachable",
        "no!",
    ]
    write("answer.json", {"details": details})
    _, output, errors = run("check", "--response", "answer.json", "sent.json")
    assert "zq9Secret" not in output + errors
    assert [line for line in output.splitlines() if "hint" not in line] == [
        "sent.json:1:1: (what the API says is not shown: it quotes a secret) [response]",
        "sent.json:1:1: (what the API says is not shown: it quotes a secret) [response]",
        "sent.json:2:2: mailbox[0].bcc is not reachable [response]",
        "sent.json:4:20: mailbox[0].smtp_password (what the API says is not shown: it quotes a secret) [response]",
    ]


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ("{", "answer.json: not JSON"),
        ("[" * 100_000, "answer.json: not JSON"),
        ("", "answer.json: empty"),
        ("[]", "answer.json: no answer of the API: it has no `details`, a list of lines"),
        ('{"batch_id": 1}', "answer.json: no answer of the API: it has no `details`, a list of lines"),
        ('{"details": [1]}', "answer.json: no answer of the API: it has no `details`, a list of lines"),
    ],
)
def test_what_is_no_answer(run: Run, answer: str, complaint: str) -> None:
    write("answer.json", answer)
    write("sent.json", SENT)
    assert run("check", "--response", "answer.json", "sent.json") == (
        2,
        "",
        f"{complaint}\n1 file can't be read or parsed\n",
    )


def test_what_can_not_be_read(run: Run) -> None:
    write("answer.json", {"details": []})
    assert run("check", "--response", "missing.json", "sent.json") == (
        2,
        "",
        "missing.json: no such file\n1 file can't be read or parsed\n",
    )
    assert run("check", "--response", "answer.json", "missing.json") == (
        2,
        "",
        "missing.json: no such file\n1 file can't be read or parsed\n",
    )
    assert run("check", "--response", "answer.json", "a.json", "b.json") == (
        2,
        "",
        "mailbox-schema check: error: --response goes with one FILE\n",
    )
