"""The targets of the search: every input that ever failed, every seed, and that a target notices a defect."""

import json
from pathlib import Path
from typing import Final

import pytest
from fuzz import run
from fuzz.seeds import LONGEST, dictionary, seeds, words
from fuzz.targets import SECRETS, TARGETS
from golden import mailbox

from mailbox_schema import FIELDS

SECRET: Final = SECRETS[0]
FAILED: Final = sorted(run.REGRESSIONS.glob("*/*"))


@pytest.mark.parametrize("path", FAILED, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_an_input_that_failed_once_does_not_fail(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_no_seed_fails(target: str) -> None:
    found = list(seeds(target))
    assert len(found) > 50
    assert max(map(len, found)) <= LONGEST
    for seed in found:
        TARGETS[target](seed)


def test_the_dictionary_has_the_words_of_the_contract() -> None:
    assert {*FIELDS, *(row.message for row in FIELDS.values()), *SECRETS} <= set(words())
    quoted = "".join(f"\\x{byte:02x}" for byte in b"smtp_port")
    assert f'"{quoted}"' in dictionary().splitlines()


# A target that can't fail finds nothing: a defect in the package, and an input that shows it.

DEFECTS: Final[dict[str, tuple[str, object, bytes]]] = {
    "validate": (
        "mailbox_schema._plain._is_plain",
        lambda *_: True,
        json.dumps({"mailboxes": [mailbox(smtp_email="x")]}).encode(),
    ),
    "violation": (
        "mailbox_schema.vocabulary.show_message",
        str,
        f"mailbox[0].imap_server refused {SECRET}".encode(),
    ),
    "answers": (
        "mailbox_schema.responses.show_message",
        str,
        json.dumps({"status": 401, "detail": SECRET}).encode(),
    ),
    "forms": ("mailbox_schema.forms.PASSWORDS", (), b"smtp_password=x"),
    "sources": ("mailbox_schema.lint.sources.base.Text.position", lambda *_: (2, 1), b"yaml\n{}"),
    "reports": (
        "mailbox_schema.lint.advice.may_show_key",
        lambda _: True,
        f"json\n{json.dumps(mailbox() | {SECRET: 1})}".encode(),
    ),
    "fix": ("mailbox_schema.lint.repair.apply", lambda data, _: data, b'json\n{"smtp_port": "587"}'),
    "command": ("mailbox_schema.lint.running.VIOLATIONS", 3, b"json\n{}"),
}


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_notices_a_defect(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place, defect, data = DEFECTS[target]
    TARGETS[target](data)
    monkeypatch.setattr(place, defect)
    with pytest.raises(AssertionError):
        TARGETS[target](data)


def test_an_input_that_makes_a_target_fail_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "REGRESSIONS", tmp_path / "kept")
    arguments = ["run.py", "violation", "forms", "--corpus", str(tmp_path / "corpus")]
    monkeypatch.setattr("sys.argv", arguments)

    def pretend(target: str, arguments: list[str]) -> str:
        if target == "forms":
            (prefix,) = (each.partition("=")[2] for each in arguments if each.startswith("-artifact_prefix="))
            Path(prefix, "crash-1").write_bytes(b"x")
        return (
            "=== Uncaught Python exception: ===\nAssertionError\n\n#2 NEW cov: 1200 ft: 2\n#3 DONE cov: 1234 ft: 2\n"
            "stat::number_of_executed_units: 5678\n"
        )

    monkeypatch.setattr(run, "_run", pretend)
    assert run.main() == 1
    assert capsys.readouterr().out == (
        "target      executions   edges  findings\n"
        "violation        5,678   1,234         0\n"
        "forms            5,678   1,234         1\n"
        "all             11,356\n"
        "forms: AssertionError\n"
        "b'x'\n"
    )
    (kept,) = (tmp_path / "kept" / "forms").iterdir()
    assert kept.read_bytes() == b"x"
    assert sorted(path.read_bytes() for path in (tmp_path / "corpus" / "violation").iterdir()) == sorted(
        set(seeds("violation"))
    )
