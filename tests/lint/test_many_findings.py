"""Many findings: in text, a rule shows its first 100 in each file, unless ``--all``; other formats have all."""

import json
from typing import Any

import pytest
from golden import mailbox
from lint.command import Run, write

PORT = "must be provided and in range <1,65535>"
SHOWN = 100


def lines_of(amount: int, **changes: Any) -> str:
    """Return this number of equal mailboxes as JSON Lines."""
    return f"{json.dumps(mailbox(**changes))}\n" * amount


def ports(name: str, amount: int, first: int = 0) -> str:
    """Return the output for this number of lines with a wrong port."""
    column = lines_of(1, smtp_port=0).index('"smtp_port": ') + len('"smtp_port": ') + 1
    return "".join(
        f"{name}:{number + 1}:{column}: error: mailbox[{number}].smtp_port {PORT} [port]\n"
        for number in range(first, first + amount)
    )


@pytest.mark.parametrize("amount", [1, 99, 100])
def test_100_findings_of_a_rule_are_all_shown(run: Run, amount: int) -> None:
    write("a.jsonl", lines_of(amount, smtp_port=0))
    violations = f"{amount} violation{'s' * (amount > 1)}"
    expected = (1, ports("a.jsonl", amount), f"1 file checked: {violations}\n")
    assert run("check", "a.jsonl") == expected
    assert run("check", "--all", "a.jsonl") == expected


@pytest.mark.parametrize("amount", [101, 102, 250])
def test_more_than_100_findings_of_a_rule_are_counted(run: Run, amount: int) -> None:
    write("a.jsonl", lines_of(amount, smtp_port=0))
    summary = f"1 file checked: {amount} violations\n"
    assert run("check", "a.jsonl") == (
        1,
        ports("a.jsonl", SHOWN) + f"a.jsonl: {amount - SHOWN} more [port] (--all shows them)\n",
        summary,
    )
    assert run("check", "--all", "a.jsonl") == (1, ports("a.jsonl", amount), summary)


def test_the_findings_of_each_rule_are_counted_separately(run: Run) -> None:
    write("a.jsonl", lines_of(101, smtp_port=0, bcc=" ", imap_port=465) + lines_of(1, footer=""))
    status, output, errors = run("check", "a.jsonl")
    summary = "1 file checked: 203 violations, 101 warnings; 102 fixable with --fix --unsafe-fixes\n"
    assert (status, errors) == (1, summary)
    lines = [line for line in output.splitlines() if not line.startswith("    hint: ")]
    by_rule = [line.rpartition(" [")[2] for line in lines if "more [" not in line]
    assert {rule: by_rule.count(rule) for rule in by_rule} == {
        "port]": 100,
        "email]": 100,
        "port-role]": 100,
        "not-blank]": 1,
    }
    # The hints of findings that aren't shown aren't shown either.
    assert output.count("    hint: ") == 201
    # In the order of each rule's first finding.
    assert output.splitlines()[-3:] == [
        "a.jsonl: 1 more [port] (--all shows them)",
        "a.jsonl: 1 more [port-role] (--all shows them)",
        "a.jsonl: 1 more [email] (--all shows them)",
    ]


def test_each_file_shows_its_first_100(run: Run) -> None:
    write("a.jsonl", lines_of(101, smtp_port=0))
    write("b.jsonl", lines_of(100, smtp_port=0))
    write("c.jsonl", lines_of(103, smtp_port=0))
    assert run("check", "c.jsonl", "b.jsonl", "a.jsonl") == (
        1,
        ports("a.jsonl", SHOWN)
        + "a.jsonl: 1 more [port] (--all shows them)\n"
        + ports("b.jsonl", SHOWN)
        + ports("c.jsonl", SHOWN)
        + "c.jsonl: 3 more [port] (--all shows them)\n",
        "3 files checked: 304 violations\n",
    )


def test_the_cap_holds_across_the_documents_of_a_csv_file(run: Run) -> None:
    write("a.csv", "smtp_port\n" + "0\n" * 450)
    status, output, errors = run("check", "--select", "port", "--ignore", "advice", "a.csv")
    lines = [line for line in output.splitlines() if not line.startswith("    hint: ")]
    expected = [
        f"a.csv:{number // 2 + 2}:1: error: mailbox[{number // 2}].{('smtp', 'imap')[number % 2]}_port {PORT} [port]"
        for number in range(SHOWN)
    ]
    assert (status, lines, errors) == (
        1,
        [*expected, "a.csv: 800 more [port] (--all shows them)"],
        "1 file checked: 900 violations\n",
    )


def test_a_trouble_after_capped_findings_follows_their_count(run: Run) -> None:
    write("a.jsonl", lines_of(101, smtp_port=0) + "x" * (4 * 1024 * 1024 + 1))
    write("b.jsonl", lines_of(1, smtp_port=0))
    expected = (
        "a.jsonl:102:1: a line of more than 4 MB\n"
        "1 file checked: 102 violations; 1 file can't be read or parsed\n"
    )
    assert run("check", "a.jsonl", "b.jsonl") == (
        2,
        ports("a.jsonl", SHOWN) + "a.jsonl: 1 more [port] (--all shows them)\n" + ports("b.jsonl", 1),
        expected,
    )
    assert run("check", "--all", "a.jsonl", "b.jsonl") == (
        2,
        ports("a.jsonl", 101) + ports("b.jsonl", 1),
        expected,
    )


def test_a_broken_line_between_findings_does_not_reset_the_cap(run: Run) -> None:
    write("a.jsonl", lines_of(60, smtp_port=0) + "{\n" + lines_of(60, smtp_port=0))
    assert run("check", "a.jsonl") == (
        1,
        ports("a.jsonl", 60)
        + "a.jsonl:61:2: error: mailbox[60] can't be read: not JSON: a key in double quotes was expected here"
        " [syntax]\n" + ports("a.jsonl", 40, first=61) + "a.jsonl: 20 more [port] (--all shows them)\n",
        "1 file checked: 121 violations\n",
    )


def test_json_sarif_and_github_have_all_findings(run: Run) -> None:
    write("a.jsonl", lines_of(301, smtp_port=0))
    assert len(json.loads(run("check", "--format", "json", "a.jsonl")[1])) == 301
    (log,) = json.loads(run("check", "--format", "sarif", "a.jsonl")[1])["runs"]
    assert len(log["results"]) == 301
    github = run("check", "--format", "github", "a.jsonl")[1].splitlines()
    assert len(github) == 301
    assert all(line.startswith("::error file=a.jsonl,") for line in github)


def test_all_changes_nothing_in_other_formats(run: Run) -> None:
    write("a.jsonl", lines_of(101, smtp_port=0))
    for name in ("json", "sarif", "github"):
        arguments = ("check", "--format", name, "a.jsonl")
        assert run(*arguments, "--all") == run(*arguments)


def test_the_cap_changes_neither_statistics_nor_the_exit_status(run: Run) -> None:
    write("a.jsonl", lines_of(150, imap_port=465))
    status, _, errors = run("check", "--statistics", "a.jsonl")
    assert (status, errors) == (0, "    150 port-role\n1 file checked: 150 warnings\n")
    assert run("check", "--strict", "a.jsonl")[0] == 1


def test_the_cap_holds_for_an_answer_too(run: Run) -> None:
    write("a.json", [mailbox()])
    write("answer.json", {"details": ["mailbox[0].smtp_port is wrong"] * 101})
    status, output, _ = run("check", "-q", "--response", "answer.json", "a.json")
    assert status == 1
    assert output.splitlines()[-1] == "a.json: 1 more [response] (--all shows them)"
    assert output.count("mailbox[0].smtp_port is wrong [response]\n") == SHOWN
    output = run("check", "-q", "--all", "--response", "answer.json", "a.json")[1]
    assert output.count("mailbox[0].smtp_port is wrong [response]\n") == 101
