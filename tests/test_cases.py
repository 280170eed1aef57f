"""Every golden case, through the API and through the command."""

import json
from pathlib import Path

import pytest
from golden import CASES as CASES_FOLDER
from golden import Case, cases

from mailbox_schema import (
    FIELDS,
    InvalidBody,
    ensure_valid,
    failure_response,
    is_valid,
    is_valid_mailbox,
    iter_violations,
    validate,
    validate_mailbox,
)
from mailbox_schema.contract import BODY_CONSTRAINTS
from mailbox_schema.lint.cli import main

CASES = cases()
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.group}: {case.description}")


@every_case
def test_validate_gives_exactly_the_lines(case: Case) -> None:
    assert validate(case.body) == case.details


@every_case
def test_all_functions_agree(case: Case) -> None:
    violations = list(iter_violations(case.body))
    assert [str(violation) for violation in violations] == case.details
    assert is_valid(case.body) == (not case.details)
    response = {"code": "VALIDATION_FAILURE", "details": case.details}
    assert failure_response(violations) == response
    if not case.details:
        assert ensure_valid(case.body) is case.body
        return
    with pytest.raises(InvalidBody) as caught:
        ensure_valid(case.body)
    assert caught.value.violations == tuple(violations)
    assert caught.value.details == case.details
    assert caught.value.response == response
    assert str(caught.value) == "\n".join(case.details)


@every_case
def test_a_mailbox_alone_gives_the_same_lines_as_in_its_body(case: Case) -> None:
    mailboxes = case.body.get("mailboxes") if isinstance(case.body, dict) else None
    lines = [
        line
        for index, mailbox in enumerate(mailboxes if isinstance(mailboxes, list) else [])
        for line in validate_mailbox(mailbox, index)
    ]
    assert lines == [line for line in case.details if line.startswith("mailbox[")]
    if isinstance(mailboxes, list):
        assert all(is_valid_mailbox(mailbox) == (not validate_mailbox(mailbox)) for mailbox in mailboxes)


@pytest.mark.parametrize(
    "case",
    # The command reads a list as a list of mailboxes: tests/lint/test_cli.py.
    [case for case in CASES if not isinstance(case.body, list)],
    ids=lambda case: f"{case.group}: {case.description}",
)
def test_the_command_gives_exactly_the_lines(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "body.json"
    file.write_text(json.dumps(case.body), encoding="utf-8")
    status = main(["check", "--select", "contract", "--format", "json", str(file)])
    output = capsys.readouterr()
    found = json.loads(output.out)
    assert sorted(finding["message"] for finding in found) == sorted(case.details)
    assert [
        (finding["rule"], finding["hint"]) for finding in sorted(found, key=lambda it: it["message"])
    ] == [(violation.rule, violation.hint) for violation in sorted(iter_violations(case.body), key=str)]
    assert status == (1 if case.details else 0)
    count = len(case.details)
    summary = f"{count} violation{'s' * (count > 1)}" if count else "no findings"
    safe, unsafe = (
        sum((finding["fix"] or {}).get("is_safe") is kind for finding in found) for kind in (True, False)
    )
    fixable = f"; [*] {safe} fixable with --fix" * bool(safe)
    fixable += f"; {unsafe} fixable with --fix --unsafe-fixes" * bool(unsafe)
    assert output.err == f"1 file checked: {summary}{fixable}\n"


def test_the_cases_contain_every_message_of_the_contract() -> None:
    lines = {line for case in CASES for line in case.details}
    assert {f"mailbox[0].{field.name} {field.message}" for field in FIELDS.values()} <= lines
    places = {"mailboxes": "mailboxes", "completion_notification_types": "completion_notification_types"}
    whole = {"body-object": "body", "mailbox-object": "mailbox[1]"}
    assert {
        f"{places.get(row.key or '') or whole[row.rule]} {row.message}" for row in BODY_CONSTRAINTS
    } <= lines


def test_the_suite_is_as_a_port_expects_it() -> None:
    """docs/testing.md: ASCII files, three keys in each case, no description twice in a group."""
    for path in CASES_FOLDER.glob("*.json"):
        text = path.read_text(encoding="ascii")
        group = json.loads(text)
        assert {tuple(case) for case in group} == {("description", "body", "details")}
        assert len({case["description"] for case in group}) == len(group)


def test_the_command_prints_every_case(capsys: pytest.CaptureFixture[str]) -> None:
    """docs/testing.md: one case a line, in ASCII, with a unique name."""
    assert main(["cases"]) == 0
    output = capsys.readouterr()
    assert output.out.isascii()
    printed = [json.loads(line) for line in output.out.splitlines()]
    assert [(case["body"], case["lines"]) for case in printed] == [
        (case.body, case.details) for case in CASES
    ]
    assert [case["name"] for case in printed] == [f"{case.group}: {case.description}" for case in CASES]
    assert len({case["name"] for case in printed}) == len(CASES)
    assert all(list(case) == ["name", "body", "lines"] for case in printed)


def test_an_installation_without_the_cases_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("mailbox_schema.cases._FOLDERS", (tmp_path,))
    assert main(["cases"]) == 2
    assert capsys.readouterr().err == "the golden cases are missing from this installation\n"
