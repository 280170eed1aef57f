"""Findings that comments or settings say to ignore."""

import io
import json

import pytest
import yaml
from golden import mailbox
from hypothesis import given
from hypothesis import strategies as st
from lint.command import Run, check_files, folder, write

from mailbox_schema.lint.catalogue import RULES
from mailbox_schema.lint.sources import documents

HEAD = "smtp_email: a@b.com\nsmtp_password: x\nsmtp_server: smtp.b.com\nimap_email: a@b.com\nimap_password: x\nimap_server: imap.b.com\n"
PORTS = "imap_port: 465\nsmtp_port: 993\n"
"""Two findings of port-role, on the lines 7 and 8 of a file that begins with the lines above."""
IS_SMTP = "7:12: warning: mailbox[0].imap_port is an SMTP port [port-role]"
IS_IMAP = "8:12: warning: mailbox[0].smtp_port is an IMAP port [port-role]"


def found(run: Run, text: str, *arguments: str) -> list[str]:
    """Return the findings in a YAML file, without their hints."""
    write("a.yaml", text)
    output = run("check", *arguments, "a.yaml")[1]
    return [line.removeprefix("a.yaml:") for line in output.splitlines() if not line.startswith("  ")]


def test_a_comment_at_the_end_of_a_line_is_about_this_line(run: Run) -> None:
    assert found(run, HEAD + PORTS) == [IS_SMTP, IS_IMAP]
    commented = PORTS.replace("465\n", "465 # mailbox-schema: ignore[port-role]\n")
    assert found(run, HEAD + commented) == [IS_IMAP]


@pytest.mark.parametrize(
    "comment", ["# mailbox-schema: ignore[port-role]", "#mailbox-schema:ignore[port-role]"]
)
def test_a_comment_at_the_end_of_the_last_line_needs_no_line_end(run: Run, comment: str) -> None:
    assert found(run, HEAD + PORTS.rstrip() + " " + comment) == [IS_SMTP]


@pytest.mark.parametrize(
    "comment",
    [
        "# mailbox-schema: ignore[port-role]\n",
        "#mailbox-schema:ignore[port-role]\n",
        "  #  mailbox-schema:  ignore[ email ,port-role] the server is old\n",
        "# mailbox-schema: ignore[port-role] # as agreed\n\n# another comment\n",
        "# mailbox-schema: ignore[advice]\r\n",
        "# old: # mailbox-schema: ignore[port-role]\n",
    ],
)
def test_a_comment_on_its_own_line_is_about_the_next(run: Run, comment: str) -> None:
    lines = comment.count("\n")
    moved = IS_IMAP.replace("8:", f"{8 + lines}:")
    assert found(run, HEAD + comment + PORTS, "--ignore", "unused-ignore") == [moved]


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("ignore-file", []),
        ("ignore-file[port-role]", []),
        ("ignore-file[email]", [IS_SMTP, IS_IMAP]),
    ],
)
def test_a_comment_can_be_about_the_whole_file(run: Run, comment: str, expected: list[str]) -> None:
    text = f"{HEAD}{PORTS}# mailbox-schema: {comment}\n"
    assert found(run, text, "--ignore", "unused-ignore") == expected


@pytest.mark.parametrize(
    "text",
    [
        'x: "# mailbox-schema: ignore-file"\n',
        "x: ' # mailbox-schema: ignore-file'\n",
        "x: |\n  # mailbox-schema: ignore-file\n",
        "x: >-\n\n  a\n\n  # mailbox-schema: ignore-file\n",
        "x: 'a\n  # mailbox-schema: ignore-file'\n",
        "x: a#mailbox-schema:ignore-file\n",
        "x: [a,# mailbox-schema: ignore-file\n]\n",
        '"a # mailbox-schema: ignore-file": x\n',
        '? "a \\\n  # mailbox-schema: ignore-file"\n: x\n',
    ],
)
def test_text_that_looks_like_a_comment_is_not_one(text: str) -> None:
    (document,) = documents(io.BytesIO(text.encode()), "yaml")
    assert list(document.comments) == []  # type: ignore[union-attr]  # a document, not a remark


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x: |\n  # a\n# mailbox-schema: ignore[email]\ny: 1\n", 4),  # directly after a block of text
        ("{x: 1\n, # mailbox-schema: ignore[email]\ny: 1}\n", 2),  # a comma is more than a comment
        ("{x: 1}\n# mailbox-schema: ignore[email]\n", 0),  # no line comes after it
    ],
)
def test_a_comment_is_about_one_line(text: str, line: int) -> None:
    (document,) = documents(io.BytesIO(text.encode()), "yaml")
    assert [comment.line for comment in document.comments] == [line]  # type: ignore[union-attr]  # as above


@given(
    st.lists(
        st.sampled_from(["#", " ", "'", '"', "a", "\n", ": ", "- ", "|", "x # mailbox-schema: ignore-file\n"])
    )
)
def test_a_comment_is_what_the_parser_skips(parts: list[str]) -> None:
    """Without the comments that are found, the text has the same value."""
    data = "".join(["k: ", *parts])
    try:
        before = list(yaml.safe_load_all(data))
        (document, *_) = documents(io.BytesIO(data.encode()), "yaml")
    except Exception:  # noqa: BLE001  # not YAML, or nothing in it
        return
    comments = list(document.comments)  # type: ignore[union-attr]  # as above
    lines = data.split("\n")
    for comment in comments:
        line, column = comment.position
        lines[line - 1] = lines[line - 1][: column - 1]
    assert list(yaml.safe_load_all("\n".join(lines))) == before
    assert "\n".join(lines).count("# mailbox-schema") + len(comments) == data.count("# mailbox-schema")


@pytest.mark.parametrize(
    ("comment", "message", "hint"),
    [
        ("ignore[port]", "the comment ignores port, which is not found here", "remove the rule from it"),
        ("ignore[port, port-role]", "the comment ignores port, which is not found here", "remove the rule from it"),
        ("ignore[contract,port-role]", "the comment ignores contract, which is not found here", "remove the rule from it"),
        ("ignore[port-rule]", "the comment names an unknown rule", "`mailbox-schema rules` lists all rules"),
        ("ignore[port-role,]", "the comment lacks the name of a rule", "write `ignore[RULE]`"),
        ("ignore[]", "the comment lacks the name of a rule", "write `ignore[RULE]`"),
        ("ignore", "the comment is not an instruction", "write `ignore[RULE]` or `ignore-file`"),
        ("ignore[port-role", "the comment is not an instruction", "write `ignore[RULE]` or `ignore-file`"),
        ("ignore[Qz7]", "the comment is not an instruction", "write `ignore[RULE]` or `ignore-file`"),
        ("ignore-files", "the comment is not an instruction", "write `ignore[RULE]` or `ignore-file`"),
        ("", "the comment is not an instruction", "write `ignore[RULE]` or `ignore-file`"),
    ],
)  # fmt: skip
def test_a_comment_without_effect_is_reported(run: Run, comment: str, message: str, hint: str) -> None:
    write("a.yaml", f"{HEAD}imap_port: 465 # mailbox-schema: {comment}\nsmtp_port: 465\n")
    expected = f"a.yaml:7:16: warning: {message} [unused-ignore]\n    hint: {hint}\n"
    if "port-role" not in comment or comment == "ignore[port-role":
        expected = f"a.yaml:{IS_SMTP}\n    hint: the usual port is 993\n{expected}"
    assert run("check", "-q", "a.yaml") == (0, expected, "")


def test_a_file_without_findings_needs_no_comment(run: Run) -> None:
    text = f"# mailbox-schema: ignore-file\n{HEAD}imap_port: 993\nsmtp_port: 465\n# mailbox-schema: ignore[port]\n"
    assert found(run, text) == [
        "1:1: warning: the comment ignores nothing [unused-ignore]",
        "10:1: warning: the comment ignores port, which is not found here [unused-ignore]",
    ]


def test_a_rule_that_is_not_checked_is_not_missed(run: Run) -> None:
    text = HEAD + PORTS.replace("\n", " # mailbox-schema: ignore[plaintext-secret]\n")
    assert found(run, text, "--ignore", "port-role") == []
    assert found(run, text, "--ignore", "port-role", "--extend-select", "plaintext-secret")[2:] == [
        "7:16: warning: the comment ignores plaintext-secret, which is not found here [unused-ignore]",
        "8:16: warning: the comment ignores plaintext-secret, which is not found here [unused-ignore]",
    ]


def test_every_document_of_a_file_heeds_the_comments(run: Run) -> None:
    text = f"{HEAD}{PORTS}---\n{HEAD}{PORTS.replace('993', '993 # mailbox-schema: ignore[port-role]')}"
    assert found(run, text) == [IS_SMTP, IS_IMAP, IS_SMTP.replace("7:", "16:")]


def test_the_findings_before_a_mistake_are_reported(run: Run) -> None:
    text = f"# mailbox-schema: ignore[email]\n{HEAD}{PORTS}---\n[\n"
    write("a.yaml", text)
    assert run("check", "a.yaml") == (
        2,
        "a.yaml:1:1: warning: the comment ignores email, which is not found here [unused-ignore]\n"
        "    hint: remove the rule from it\n"
        f"a.yaml:{IS_SMTP.replace('7:', '8:')}\n    hint: the usual port is 993\n"
        f"a.yaml:{IS_IMAP.replace('8:', '9:')}\n    hint: the usual port is 465 or 587\n",
        "a.yaml:12:1: not YAML: did not find expected node content\n"
        "3 warnings; 1 file can't be read or parsed\n",
    )


def test_comments_work_inside_a_file(run: Run) -> None:
    text = "a:\n" + "".join(f"  {line}\n" for line in (HEAD + PORTS).splitlines())
    text = text.replace("993", "993 # mailbox-schema: ignore[port-role]")
    assert found(run, text, "--at", "a") == [IS_SMTP.replace("7:12", "8:14")]


@given(st.lists(st.sampled_from(sorted(RULES)), max_size=3), st.booleans())
def test_what_a_comment_ignores_and_what_is_reported_is_what_there_is(rules: list[str], whole: bool) -> None:
    comment = f"# mailbox-schema: ignore{'-file' * whole}[{','.join(rules)}]\n"
    text = "smtp_port: '1' \nbcc: x\nfooter: ''\nx: 1\n"
    with folder() as put:
        name = put("yaml", (comment + text).encode())
        quiet = json.loads(check_files("--format", "json", "--ignore", "unused-ignore", name)[1])
        plain = put("yaml", f"#\n{text}".encode())
        everything = json.loads(check_files("--format", "json", plain)[1])
    ignored = [each for each in everything if each["rule"] in rules and (whole or each["line"] == 2)]
    assert quiet == [each for each in everything if each not in ignored]


# Settings


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("mailbox[1].smtp_port", [0, 2]),
        ("mailbox[1]", [0, 2]),
        ("smtp_port", []),
        ("imap_port", [0, 1, 2]),
        ("mailbox[9].smtp_port", [0, 1, 2]),
    ],
)
@pytest.mark.parametrize("kind", ["json", "csv", "jsonl"])
def test_a_field_can_be_left_out_in_a_file(run: Run, path: str, kept: list[int], kind: str) -> None:
    mailboxes = [mailbox(smtp_email=f"{name}@b.com", smtp_port=993) for name in "abc"]
    text = json.dumps(mailboxes)
    if kind == "csv":
        text = "\n".join([",".join(mailbox()), *(",".join(map(str, each.values())) for each in mailboxes)])
    if kind == "jsonl":
        text = "".join(f"{json.dumps(each)}\n" for each in mailboxes)
    name = write(f"conf/a.{kind}", text)
    write(
        "pyproject.toml",
        f"[tool.mailbox-schema.per-field-ignores.'conf/*']\n'{path}' = ['port-role']\n'bcc' = ['all']\n"
        "[tool.mailbox-schema.per-field-ignores.'x']\n'smtp_port' = ['port-role']\n",
    )
    output = run("check", "--format", "json", "--select", "port-role,unknown-field", name)[1]
    assert [finding["index"] for finding in json.loads(output)] == kept


@pytest.mark.parametrize(
    "path", ["", "mailbox[x]", "mailbox[1]smtp_port", "smtp-port", "password", "mailbox[1].x", ".bcc"]
)
def test_a_path_that_is_not_one_is_wrong_usage(run: Run, path: str) -> None:
    write("a.json", [mailbox()])
    write("pyproject.toml", f"[tool.mailbox-schema.per-field-ignores.'*']\n'{path}' = ['port']\n")
    reason = "expected a path such as mailbox[3].smtp_port, mailbox[3] or smtp_port\n"
    status, output, errors = run("check", "a.json")
    assert (status, output, errors.partition("per-field-ignores: ")[2]) == (2, "", reason)


def test_ignores_of_fields_that_are_not_a_table_are_wrong_usage(run: Run) -> None:
    write("a.json", [mailbox()])
    write("pyproject.toml", "[tool.mailbox-schema.per-field-ignores]\n'*' = ['port']\n")
    reason = "per-field-ignores has to be a table of tables: by file, and by mailbox or field\n"
    status, output, errors = run("check", "a.json")
    assert (status, output, errors.partition("[tool.mailbox-schema]: ")[2]) == (2, "", reason)
