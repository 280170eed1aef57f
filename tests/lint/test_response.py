"""An answer of the API, located in the file that was sent: ``--response``."""

import json

import pytest
from golden import mailbox
from lint.command import Run, write

from mailbox_schema.lint.advice import Context, response
from mailbox_schema.lint.sources.base import Document

PORT = "mailbox[1].smtp_port must be provided and in range <1,65535>"
SENT = [mailbox(), mailbox(smtp_port=0, bcc="x")]


def answer(*lines: str) -> str:
    return write("answer.json", {"code": "VALIDATION_FAILURE", "details": lines})


def test_the_response_rule_has_a_page_and_no_advice(run: Run) -> None:
    assert run("explain", "response")[1].splitlines()[0] == "response (advice, error)"
    context = Context(None, Document(), "json", lambda *_: ())
    assert list(response(mailbox(smtp_port=0), 0, context)) == []


def test_lines_of_the_answer_are_located_and_classified(run: Run) -> None:
    write("sent.json", json.dumps({"mailboxes": SENT}, indent=1))
    details = [
        "mailbox[1].imap_server can not be reached",
        PORT,
        "mailbox[0].color must be blue",
        "mailbox[7].bcc is odd",
        "Too many requests",
    ]
    write("answer.json", {"code": "VALIDATION_FAILURE", "details": details})
    assert run("check", "--response", "answer.json", "sent.json") == (
        1,
        "sent.json:1:1: error: too many requests [response]\n"
        "    hint: only the API found this\n"
        "sent.json:2:15: error: mailbox[7].bcc is (not shown) [response]\n"
        "    hint: there are only 2 mailboxes: is it the right file or batch?\n"
        "sent.json:3:3: error: mailbox[0].(not shown) must be (not shown) [response]\n"
        "    hint: only the API found this\n"
        f"sent.json:17:17: error: {PORT} [port]\n"
        "sent.json:20:19: error: mailbox[1].imap_server can not be reached [response]\n"
        "    hint: only the API found this\n",
        "5 lines in the answer: 1 also found here, 4 found only by the API; 1 found only here\n1 file checked: 5 violations\n",
    )


def test_an_answer_is_located_in_every_file_type(run: Run) -> None:
    write("answer.json", {"details": [PORT]})
    write("sent.yaml", "- {}\n- smtp_port: 0\n")
    write("sent.csv", "smtp_email,smtp_port\na@b.com,465\nb@b.com,0\n")
    write("sent.jsonl", '{}\n{"smtp_port": 0}\n')
    assert (
        run("check", "-q", "--response", "answer.json", "sent.yaml")[1]
        == f"sent.yaml:2:14: error: {PORT} [port]\n"
    )
    assert (
        run("check", "-q", "--response", "answer.json", "sent.csv")[1]
        == f"sent.csv:3:9: error: {PORT} [port]\n"
    )
    located = run("check", "-q", "--response", "answer.json", "sent.jsonl")
    assert located == (1, f"sent.jsonl:2:15: error: {PORT} [port]\n", "")


def test_only_known_words_of_an_answer_are_shown(run: Run) -> None:
    write(
        "sent.json",
        json.dumps([mailbox(smtp_password="zq9Secret", smtp_login=3)], indent=1),
    )
    details = [
        "mailbox[0].smtp_password zq9Secret is too short",
        "zq9Secret!",
        "mailbox[0].bcc is not reachable",
    ]
    write("answer.json", {"details": details})
    _, output, errors = run("check", "--response", "answer.json", "sent.json")
    assert "zq9Secret" not in output + errors
    assert [line for line in output.splitlines() if "hint" not in line] == [
        "sent.json:1:1: error: (not shown) [response]",
        "sent.json:2:2: error: mailbox[0].bcc is not reachable [response]",
        "sent.json:4:20: error: mailbox[0].smtp_password (not shown) is too short [response]",
    ]


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ("{", "answer.json: not JSON"),
        ("[" * 100_000, "answer.json: not JSON"),
        ("", "answer.json: empty"),
        ("[]", "answer.json: not an API answer: `details` must be a list of lines"),
        ('{"batch_id": 1}', "answer.json: not an API answer: `details` must be a list of lines"),
        ('{"details": [1]}', "answer.json: not an API answer: `details` must be a list of lines"),
    ],
)
def test_a_file_that_is_not_an_answer_is_refused(run: Run, answer: str, complaint: str) -> None:
    write("answer.json", answer)
    write("sent.json", SENT)
    assert run("check", "--response", "answer.json", "sent.json") == (
        2,
        "",
        f"{complaint}\n1 file can't be read or parsed\n",
    )


def test_an_answer_or_a_file_that_is_missing_is_reported(run: Run) -> None:
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
        "mailbox-schema check: error: --response requires exactly one FILE, or --batch-number\n",
    )


@pytest.mark.parametrize("password", [1234567890, 12345678.5])
def test_a_numeric_password_quoted_by_an_answer_is_not_shown(run: Run, password: float) -> None:
    write("a.json", json.dumps([mailbox(imap_password=password)]))
    answer(f"mailbox[0].imap_password {password} must be text", f"mailbox[0].imap_server refused {password}")
    assert str(password) not in run("check", "--response", "answer.json", "a.json")[1]


def test_a_password_of_a_later_record_quoted_by_an_answer_is_not_shown(run: Run) -> None:
    for name, between in (("a.jsonl", "\n"), ("a.yaml", "\n---\n")):
        rows = [mailbox(), mailbox(smtp_password="zq9Zekritbfg")]
        write(name, between.join(map(json.dumps, rows)))
        answer("mailbox[1].smtp_password zq9Zekritbfg is wrong")
        assert "zq9Zekrit" not in run("check", "--response", "answer.json", name)[1]


def test_an_answer_about_json_lines_is_located_in_its_lines(run: Run) -> None:
    write("a.jsonl", "\n\n".join([json.dumps(mailbox())] * 3))
    answer("mailbox[2].smtp_email is connected already", "mailbox[1].smtp_email is connected already")
    _, output, _ = run("check", "--response", "answer.json", "a.jsonl")
    column = json.dumps(mailbox()).index('"jared') + 1
    assert [line.split(" ")[0] for line in output.splitlines()[::2]] == [
        f"a.jsonl:3:{column}:",
        f"a.jsonl:5:{column}:",
    ]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("mailbox[7].smtp_port x", "mailbox[7].smtp_port (not shown)"),
        ("mailbox[7].nothing x", "mailbox[7].(not shown) (not shown)"),
        ("mailbox[7].smtpPort is wrong", "mailbox[7].smtpPort is wrong"),
        ("mailbox[7] x", "mailbox[7] (not shown)"),
        ("mailbox[199] is wrong", "mailbox[199] is wrong"),
        ("mailbox[200] is wrong", "mailbox[(not shown)] is wrong"),
        ("mailbox[12345678].smtp_port is wrong", "mailbox[(not shown)].smtp_port is wrong"),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.yaml", "a.json"])
def test_an_answer_about_a_missing_mailbox_is_located_at_the_start(
    run: Run, name: str, line: str, shown: str
) -> None:
    row = mailbox()
    as_csv = f"{','.join(row)}\n{','.join(map(str, row.values()))}\n"
    write(name, as_csv if name.endswith("csv") else row)
    answer(line)
    status, output, _ = run("check", "--response", "answer.json", name)
    assert (status, output) == (
        1,
        f"{name}:1:1: error: {shown} [response]\n    hint: there is only 1 mailbox: is it the right file or batch?\n",
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("mailbox[0].smtp_port is wrong", (0, "smtp_port", "/mailboxes/0/smtp_port")),
        ("mailbox[0].zq9Zekrit is wrong", (0, None, "/mailboxes/0")),
        ("mailbox[12345678].smtp_port is wrong", (None, "smtp_port", "/smtp_port")),
        ("zq9Zekrit is wrong", (None, None, "")),
    ],
)
def test_a_json_report_has_only_the_parts_of_a_path_that_are_shown(
    run: Run, line: str, expected: tuple[int | None, str | None, str]
) -> None:
    write("a.json", [mailbox()])
    answer(line)
    (found,) = json.loads(run("check", "--format", "json", "--response", "answer.json", "a.json")[1])
    assert (found["index"], found["field"], found["pointer"]) == expected


def test_an_index_of_a_large_file_is_shown(run: Run) -> None:
    write("a.json", [mailbox()] * 300)
    answer("mailbox[299] is wrong", "mailbox[300] is wrong")
    output = run("check", "--response", "answer.json", "a.json")[1]
    assert [line.partition(": error: ")[2] for line in output.splitlines() if "hint" not in line] == [
        "mailbox[(not shown)] is wrong [response]",
        "mailbox[299] is wrong [response]",
    ]


def test_an_answer_about_a_csv_file_of_several_documents_is_located_in_them(run: Run) -> None:
    rows = [f"a{number}@b.com,0" for number in range(401)]
    write("a.csv", "\n".join(["smtp_email,smtp_port", *rows]))
    message = "smtp_port must be provided and in range <1,65535>"
    answer(f"mailbox[400].{message}", f"mailbox[0].{message}", "mailbox[201].smtp_email is refused")
    assert run("check", "-q", "--response", "answer.json", "a.csv") == (
        1,
        f"a.csv:2:10: error: mailbox[0].{message} [port]\n"
        "a.csv:203:1: error: mailbox[201].smtp_email is refused [response]\n"
        "    hint: only the API found this\n"
        f"a.csv:402:12: error: mailbox[400].{message} [port]\n",
        "",
    )


def test_an_answer_about_a_file_of_broken_lines_is_handled(run: Run) -> None:
    answer("mailbox[0].smtp_port x")
    write("a.jsonl", "{x\n")
    assert run("check", "--response", "answer.json", "a.jsonl") == (
        2,
        "",
        "a.jsonl: no line of it can be read\n1 file can't be read or parsed\n",
    )


@pytest.mark.parametrize(
    ("changes", "line", "shown"),
    [
        (
            {"smtp_password": "hunter2"},
            "mailbox[0].hunter2 must not be blank",
            "(not shown) must not be blank",
        ),
        (
            {"smtp_password": "hunter2"},
            "mailbox[0].smtp_password HUNTER2 is weak",
            "smtp_password (not shown) is (not shown)",
        ),
        (
            {"smtp_login": 99887766},
            "mailbox[0].smtp_login [99887766] refused",
            "smtp_login (not shown) refused",
        ),
        (
            {"smtp_login": " sp ace "},
            "mailbox[0].smtp_login (sp ace) is bad",
            "smtp_login (not shown) is bad",
        ),
        ({"smtp_login": ["zq9x"]}, "mailbox[0].smtp_login zq9x is bad", "smtp_login (not shown) is bad"),
        ({"smtp_login": {"zq9x": 1}}, "mailbox[0].smtp_login zq9x is bad", "smtp_login (not shown) is bad"),
        ({"smtp_login": 'a"b'}, 'mailbox[0].smtp_login a\\"b is bad', "smtp_login (not shown) is bad"),
    ],
)
def test_a_secret_that_an_answer_quotes_in_any_spelling_is_not_shown(
    run: Run, changes: dict[str, object], line: str, shown: str
) -> None:
    write("a.json", [mailbox(**changes)])
    answer(line)
    output = run("check", "--response", "answer.json", "a.json")[1]
    assert output.splitlines()[0].partition(": error: ")[2] == f"mailbox[0].{shown} [response]"


def test_a_secret_that_begins_a_line_of_an_answer_is_not_shown(run: Run) -> None:
    write("a.json", [mailbox(smtp_password="pass_word")])
    answer("pass_word must be x")
    assert run("check", "-q", "--response", "answer.json", "a.json") == (
        1,
        "a.json:1:1: error: (not shown) must be (not shown) [response]\n    hint: only the API found this\n",
        "",
    )
