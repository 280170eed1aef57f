"""The linter's advice as a function: the same as the command's."""

import json
from pathlib import Path
from typing import Any

import pytest
from golden import VENDOR_FULL, body
from hypothesis import given

from mailbox_schema.advising import advice
from mailbox_schema.lint.advice import ADVICE
from mailbox_schema.lint.cli import main
from mailbox_schema.strategies import any_text, bodies, doubtful_bodies, json_values

RULES = ADVICE.keys() - {"duplicate-key"}  # which only a file shows


def told_by_the_command(
    file: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> list[tuple[str, str, str | None]]:
    file.write_text(text, encoding="utf-8")
    main(["check", "--format", "json", str(file)])
    found = json.loads(capsys.readouterr().out)
    return sorted(
        (each["rule"], each["message"], each["hint"] or "") for each in found if each["rule"] in RULES
    )


CASES = sorted((Path(__file__).parent / "lint/cases").glob("json-*/input.json"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.parent.name)
def test_the_advice_is_the_commands(case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = case.read_text(encoding="utf-8")
    try:
        value = json.loads(text)
    except ValueError:
        return
    if not isinstance(value, dict) or "mailboxes" not in value:
        value = {"mailboxes": value if isinstance(value, list) else [value]}
    told = sorted((remark.rule or "", str(remark), remark.hint or "") for remark in advice(value))
    assert told == told_by_the_command(tmp_path / "a.json", json.dumps(value), capsys)


def test_a_good_body_gets_no_advice() -> None:
    assert list(advice(VENDOR_FULL)) == []


@given(bodies() | doubtful_bodies() | json_values())
def test_any_body_gets_its_advice(whole: Any) -> None:
    for remark in advice(whole):
        assert remark.rule
        assert remark.reason is None


@given(any_text())
def test_keys_that_are_not_text_are_left_out(text: str) -> None:
    odd: dict[Any, Any] = {3: "x", None: [], ("a",): text}
    assert list(advice({**body(smtp_port=465), **odd})) == []
    assert list(advice({"mailboxes": [{**VENDOR_FULL["mailboxes"][0], **odd}, None, 3]})) == []
