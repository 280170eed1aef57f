"""A repository of files of all kinds, and the whole output of a check of it."""

import json
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from golden import body, mailbox
from lint.command import Run

BAD: Final = mailbox(smtp_port=0)
VAULT: Final = "$ANSIBLE_VAULT;1.1;AES256\n3962396238\n"
SOPS: Final = "ENC[AES256_GCM,data:bm90LXJlYWw=,iv:x,tag:y,type:str]"
ROW: Final = ",".join(map(str, mailbox().values()))
HEADER: Final = ",".join(mailbox())


def as_yaml(value: Any) -> str:
    return yaml.safe_dump(value, sort_keys=False)


def excel(*rows: str) -> str:
    """Return what Excel exports with a locale whose lists have semicolons."""
    return "sep=;\r\n" + "".join(f"{row.replace(',', ';')}\r\n" for row in rows)


FILES: Final[dict[str, str | bytes]] = {
    # the settings, and what they leave out
    "pyproject.toml": (
        "[tool.mailbox-schema]\nexclude = ['legacy/']\n"
        "[tool.mailbox-schema.per-file-at]\n'charts/*/mailboxes.yaml' = 'woodpecker.mailboxes'\n"
        "[tool.mailbox-schema.per-field-ignores.'config/*.json']\n'mailbox[1].smtp_port' = ['port-role']\n"
    ),
    ".gitignore": "build/\n*.local.mailboxes.yaml\n",
    "legacy/mailboxes.json": "[",
    "build/mailboxes.json": "[",
    "eu.local.mailboxes.yaml": "[",
    "node_modules/x/mailboxes.json": "[",
    ".venv/mailboxes.json": "[",
    "README.md": "# mailboxes",
    "package.json": "{}",
    "mailboxes/package.json": "{}",
    "mailboxes.schema.json": "{}",
    # JSON
    "config/mailboxes.json": json.dumps([mailbox(), mailbox(smtp_email="b@b.com", smtp_port=993)], indent=2),
    "config/bad.mailboxes.json": json.dumps(body(smtp_port="465"), indent=1),
    "config/crlf.mailboxes.json": json.dumps(body(bcc=""), indent=1).replace("\n", "\r\n"),
    "config/mark.mailboxes.json": b"\xef\xbb\xbf" + json.dumps([BAD]).encode(),
    "config/broken.mailboxes.json": '{"mailboxes": [{}],\n}',
    "config/nested.mailboxes.json": json.dumps({"server": {"accounts": [mailbox()]}}),
    "config/mailbox.json": json.dumps(mailbox(footer=" ")),
    "config/encrypted.mailboxes.json": json.dumps({"mailboxes": [mailbox(smtp_password=SOPS)], "sops": {}}),
    # YAML
    "mailboxes/eu/sales.yaml": as_yaml({"mailboxes": [mailbox(smtp_port=993)]}).replace(
        "993\n  ", "993 # mailbox-schema: ignore[port-role] a proxy\n  ", 1
    ),
    "mailboxes/eu/old.yml": as_yaml([mailbox()]) + "# mailbox-schema: ignore-file[email]\n",
    "mailboxes/eu/two.yaml": f"{as_yaml([BAD])}---\n[\n",
    "mailboxes/empty.yaml": "# to be filled in\n",
    "mailboxes/vault.yaml": VAULT,
    "mailboxes/jinja.yaml": "{% for box in boxes %}\n- smtp_email: {{ box }}\n{% endfor %}\n",
    "mailboxes/placeholders.yaml": as_yaml(
        [mailbox(smtp_password="${PASSWORD}", imap_password="op://a/b/c")]
    ),
    "charts/app/mailboxes.yaml": as_yaml({"replicas": 2, "woodpecker": {"mailboxes": [BAD]}}),
    "charts/app/templates/mailboxes.yaml": "kind: Secret\n{{- if .Values.on }}\ndata: {{ .Values.x }}\n{{- end }}\n",
    "charts/lib/mailboxes.yaml": as_yaml({"replicas": 2}),
    # CSV and JSON Lines
    "export/mailboxes.csv": f"{HEADER}\n{ROW}\n".replace(",993", ", 993 "),
    "export/excel.mailboxes.csv": b"\xef\xbb\xbf" + excel(HEADER, ROW.replace("465", "465\u00a0")).encode(),
    "export/ansi.mailboxes.csv": excel(HEADER, ROW, "J\u00fcrgen").encode("cp1252"),
    "export/unicode.mailboxes.tsv": f"{HEADER}\n{ROW}\n".replace(",", "\t").encode("utf-16"),
    "export/mailboxes.jsonl": f"{json.dumps(mailbox())}\n{{\n{json.dumps(BAD)}\n",
}
LINKS: Final = {
    "config/linked.mailboxes.json": "../mailboxes.schema.json",
    "config/out.mailboxes.json": "/etc/hostname",
    "mailboxes/loop": ".",
}

OUTPUT: Final = """\
charts/app/mailboxes.yaml:7:16: error: mailbox[0].smtp_port must be provided and in range <1,65535> [port]
config/bad.mailboxes.json:7:17: error: mailbox[0].smtp_port must be provided and in range <1,65535> [port] [*]
    hint: write the number without quotes
config/crlf.mailboxes.json:12:11: error: mailbox[0].bcc if provided must be a valid email address [email]
    hint: leave the field out or fill it in
config/linked.mailboxes.json:1:1: error: mailboxes must be provided and have size in range <1,200> [mailbox-count]
    hint: add `mailboxes`, a list of mailboxes
config/mailbox.json:1:276: error: mailbox[0].footer if provided must not be blank [not-blank]
    hint: leave the field out or fill it in
config/mark.mailboxes.json:1:130: error: mailbox[0].smtp_port must be provided and in range <1,65535> [port]
config/nested.mailboxes.json:1:1: error: mailboxes must be provided and have size in range <1,200> [mailbox-count]
    hint: there are mailboxes further down: set `at = "server.accounts"`, or use --at
export/excel.mailboxes.csv:3:60: error: mailbox[0].smtp_port must be provided and in range <1,65535> [port] [*]
    hint: remove the no-break space
export/mailboxes.jsonl:2:2: error: mailbox[1] can't be read: not JSON: a key in double quotes was expected here [syntax]
export/mailboxes.jsonl:3:129: error: mailbox[2].smtp_port must be provided and in range <1,65535> [port]
mailboxes/eu/old.yml:9:1: warning: the comment ignores email, which is not found here [unused-ignore]
    hint: remove the rule from it
mailboxes/eu/two.yaml:4:14: error: mailbox[0].smtp_port must be provided and in range <1,65535> [port]
mailboxes/placeholders.yaml:2:18: warning: mailbox[0].smtp_password has a placeholder [placeholder]
    hint: fill in the placeholder
mailboxes/placeholders.yaml:6:18: warning: mailbox[0].imap_password has a placeholder [placeholder]
    hint: fill in the placeholder
"""
ERRORS: Final = """\
charts/app/templates/mailboxes.yaml:2:1: a template of Helm or Jinja: render it first, and check the result
charts/lib/mailboxes.yaml:1:1: there is nothing at woodpecker.mailboxes
config/broken.mailboxes.json:1:19: not JSON: a comma before the closing bracket
export/ansi.mailboxes.csv:4:2: not UTF-8: save it as CSV UTF-8
export/unicode.mailboxes.tsv:1:1: not UTF-8 but UTF-16: save it as CSV UTF-8
mailboxes/empty.yaml: empty: it has only comments
mailboxes/eu/two.yaml:11:1: not YAML: did not find expected node content
mailboxes/jinja.yaml:1:1: a template of Helm or Jinja: render it first, and check the result
mailboxes/vault.yaml: encrypted as a whole with Ansible Vault: decrypt it first
15 files checked: 11 violations, 3 warnings; [*] 2 fixable with --fix; 2 fixable with --fix --unsafe-fixes; 9 files can't be read or parsed
"""


def make(folder: Path) -> None:
    """Write the repository."""
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    for name, target in LINKS.items():
        (folder / name).symlink_to(target)
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)  # noqa: S603, S607  # our own folder


@pytest.fixture
def repository(run: Run, tmp_path: Path) -> Run:
    make(tmp_path)
    return run


def test_the_repository_is_checked_as_a_whole(repository: Run) -> None:
    assert repository("check", ".") == (2, OUTPUT, ERRORS)


def test_its_findings_are_the_same_one_by_one(repository: Run) -> None:
    """A walk finds the files, and changes nothing about the check of each."""
    names = sorted({line.partition(":")[0] for line in (OUTPUT + ERRORS).splitlines() if line[:1].isalpha()})
    status, output, errors = repository("check", "-q", *names)
    assert (status, output) == (2, OUTPUT)
    assert errors == ERRORS.rpartition("\n15 files")[0] + "\n"


def test_a_baseline_of_what_can_be_read_silences_it(repository: Run) -> None:
    readable = [
        "charts/app/mailboxes.yaml",
        "config/*[!n].mailboxes.json",
        "export/mailboxes.*",
        "mailboxes/eu/old.yml",
    ]
    options = ("check", "--baseline", "baseline.json")
    assert repository(*options, "--write-baseline", *readable) == (
        0,
        "",
        "baseline.json: 8 findings written\n",
    )
    assert repository(*options, *readable) == (0, "", "9 files checked: no findings\n")
    Path("export/mailboxes.jsonl").write_text(f"\n{json.dumps(BAD | {'imap_port': 0})}\n", encoding="utf-8")
    message = "mailbox[0].imap_port must be provided and in range <1,65535> [port]\n"
    status, output, _ = repository(*options, *readable)
    assert (status, output.count("\n"), output.count(message)) == (1, 2, 1)
