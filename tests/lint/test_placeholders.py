"""Placeholders and encrypted values: filled in later, so allowed on request."""

import json

import pytest
from golden import mailbox
from lint.command import Run, write


def test_values_encrypted_by_sops_are_violations_unless_placeholders_are_allowed(run: Run) -> None:
    cipher = "ENC[AES256_GCM,data:Zm9v/a,iv:x,tag:y,type:str]"
    write("a.json", json.dumps({"mailboxes": [dict.fromkeys(mailbox(), cipher)], "sops": {"mac": "x"}}))
    _, output, errors = run("check", "a.json")
    assert {line for line in output.splitlines() if "hint" in line} == {
        "    hint: it is encrypted: decrypt the file first"
    }
    assert errors == "1 file checked: 4 violations\n"
    assert run("check", "--allow-placeholders", "a.json") == (0, "", "1 file checked: no findings\n")


@pytest.mark.parametrize(
    "value",
    [
        *("${{ secrets.X }}", "${A:-${B}}", "<%= x %>", "#{x}", "__PORT__", "YOUR_PORT", "%PORT%", "$PORT"),
        *("**********", "****", "\u2022\u2022\u2022\u2022", "op://Private/smtp/password"),
    ],
)
def test_a_value_that_is_only_a_placeholder_passes_if_allowed(run: Run, value: str) -> None:
    write("a.json", json.dumps([mailbox(smtp_port=value, smtp_password=value, smtp_server=value)]))
    assert (
        run("check", "--allow-placeholders", "--select", "all", "--ignore", "plaintext-secret", "a.json")[1]
        == ""
    )
    assert "smtp_password" not in run("check", "--select", "plaintext-secret", "a.json")[1]


TYPES_LINE = "completion_notification_types if provided must contain only MAIL and IN_APP"


@pytest.mark.parametrize(
    ("types", "is_allowed"),
    [
        *((types, True) for types in ("${TYPES}", ["${TYPE}"], ["MAIL", "{{ type }}"], ["${A}", "${B}"])),
        *((types, False) for types in (["${A}", "SMS"], ["x${A}"], [["${A}"]], "MAIL", {"${A}": 1})),
    ],
)
def test_placeholders_among_notification_types_pass_if_allowed(
    run: Run, types: object, is_allowed: bool
) -> None:
    write("a.json", json.dumps({"mailboxes": [mailbox()], "completion_notification_types": types}))
    strict = run("check", "--format", "json", "a.json")[1]
    assert [finding["message"] for finding in json.loads(strict)] == [TYPES_LINE]
    lenient = run("check", "--format", "json", "--allow-placeholders", "a.json")[1]
    assert [finding["message"] for finding in json.loads(lenient)] == ([] if is_allowed else [TYPES_LINE])


@pytest.mark.parametrize("content", [[], [mailbox(smtp_login=["${A}"])]])
def test_a_list_elsewhere_is_not_a_placeholder(run: Run, content: list[object]) -> None:
    write("a.json", json.dumps(content))
    assert run("check", "--allow-placeholders", "a.json")[2] == "1 file checked: 1 violation\n"


@pytest.mark.parametrize("value", ["pa%WORD%x", "$ecret1234", "a$B"])
def test_a_password_that_only_resembles_a_placeholder_is_a_password(run: Run, value: str) -> None:
    write("a.json", json.dumps([mailbox(smtp_password=value)]))
    assert run("check", "--select", "placeholder", "a.json")[1] == ""
    assert "smtp_password" in run("check", "--select", "plaintext-secret", "a.json")[1]


def test_a_value_with_an_application_tag_passes_if_placeholders_are_allowed(run: Run) -> None:
    write("a.yaml", "- {" + ", ".join(f"{name}: !env X" for name in mailbox()) + "}\n")
    assert run("check", "--allow-placeholders", "a.yaml") == (0, "", "1 file checked: no findings\n")
    assert run("check", "a.yaml")[2] == "1 file checked: 4 violations\n"


@pytest.mark.parametrize("value", ["***", "a****", "op://", "op://x/y", "op:/x/y/z", "pop://x/y/z"])
def test_a_value_that_only_resembles_one_is_not_a_placeholder(run: Run, value: str) -> None:
    write("a.json", json.dumps([mailbox(smtp_password=value)]))
    assert run("check", "--select", "placeholder", "a.json") == (0, "", "1 file checked: no findings\n")
