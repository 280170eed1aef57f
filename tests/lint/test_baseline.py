"""``--baseline``: old findings are silent, new ones fail."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from golden import body, mailbox
from hypothesis import given
from hypothesis import strategies as st
from lint.command import Run, check_files, folder, write

from mailbox_schema.lint.writing import write_whole

OLD = [mailbox(smtp_email="a@b.com", smtp_port=0, x=1, zzq=2), mailbox(smtp_port=993)]
BASELINE = """\
{
  "version": 1,
  "findings": [
    {
      "file": "../conf/a.json",
      "rule": "port",
      "path": "mailbox[0].smtp_port",
      "count": 1
    },
    {
      "file": "../conf/a.json",
      "rule": "port-role",
      "path": "mailbox[1].smtp_port",
      "count": 1
    },
    {
      "file": "../conf/a.json",
      "rule": "unknown-field",
      "path": "mailbox[0]",
      "count": 2
    }
  ]
}
"""


@pytest.fixture
def baseline(run: Run) -> str:
    write("conf/a.json", OLD)
    Path("ci").mkdir()
    options = ("check", "--baseline", "ci/baseline.json", "--write-baseline", "conf/a.json")
    assert run(*options) == (0, "", "ci/baseline.json: 4 findings written\n")
    assert run(*options, "-q") == (0, "", "")
    return "ci/baseline.json"


def test_a_baseline_names_places_and_no_values(baseline: str) -> None:
    assert Path(baseline).read_text(encoding="utf-8") == BASELINE


def test_known_findings_are_silent_and_new_ones_fail(run: Run, baseline: str) -> None:
    options = ("check", "--baseline", baseline)
    assert run(*options, "conf/a.json") == (0, "", "1 file checked: no findings\n")
    new = [*OLD, mailbox(smtp_email="c@b.com", smtp_port=0)]
    write("conf/a.json", json.dumps(new, indent=2))
    message = "mailbox[2].smtp_port must be provided and in range <1,65535> [port]\n"
    line = json.dumps(new, indent=2).splitlines().index('    "smtp_port": 0,', 20) + 1
    assert run(*options, "conf/a.json") == (
        1,
        f"conf/a.json:{line}:18: error: {message}",
        "1 file checked: 1 violation\n",
    )
    write("conf/a.json", [OLD[0] | {"yyq": 3}, OLD[1]])
    assert run(*options, "--strict", "-q", "conf/a.json")[0] == 1
    assert run(*options, "--format", "json", "conf/a.json")[1].count("has an unknown key") == 1


def test_a_baseline_holds_from_any_folder(run: Run, baseline: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("conf")
    assert run("check", "-q", "--baseline", f"../{baseline}", "a.json") == (0, "", "")
    assert run("check", "-q", "--baseline", f"../{baseline}", str(Path("a.json").resolve())) == (0, "", "")


def test_a_baseline_is_not_written_if_a_file_can_not_be_read(run: Run, baseline: str) -> None:
    write("conf/b.json", "[")
    assert run("check", "--baseline", baseline, "--write-baseline", "conf/a.json", "conf/b.json") == (
        2,
        "",
        "conf/b.json:1:2: not JSON: a value was expected here\n"
        "ci/baseline.json: not written: 1 file can't be read or parsed\n",
    )
    assert Path(baseline).read_text(encoding="utf-8") == BASELINE


def test_another_file_is_not_overwritten_by_a_baseline(run: Run) -> None:
    write("a.json", body(smtp_port=0))
    write("other.json", body())
    reason = "other.json: not a baseline of version 1\n"
    assert run("check", "--baseline", "other.json", "--write-baseline", "a.json") == (2, "", reason)
    assert Path("other.json").read_text("utf-8") == json.dumps(body())


def test_a_baseline_without_a_name_is_wrong_usage(run: Run) -> None:
    reason = "mailbox-schema check: error: --write-baseline requires --baseline FILE\n"
    assert run("check", "--write-baseline", "a.json") == (2, "", reason)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "no such file"),
        ("", "empty"),
        (b"\xff", "not UTF-8"),
        ("[" * 100_000, "not a baseline of version 1"),
        ("{", "not a baseline of version 1"),
        ([], "not a baseline of version 1"),
        ({"version": 2, "findings": []}, "not a baseline of version 1"),
        ({"version": 1}, "not a baseline of version 1"),
        ({"version": 1, "findings": [1]}, "not a baseline of version 1"),
        ({"version": 1, "findings": [{"file": "a", "rule": "b", "path": 1, "count": 1}]}, "not a baseline of version 1"),
        ({"version": 1, "findings": [{"file": "a", "rule": "b", "path": "", "count": True}]}, "not a baseline of version 1"),
    ],
)  # fmt: skip
def test_what_is_not_a_baseline_is_wrong_usage(run: Run, content: Any, reason: str) -> None:
    write("a.json", OLD)
    if content is not None:
        write("b.json", content)
    assert run("check", "--baseline", "b.json", "a.json") == (2, "", f"b.json: {reason}\n")


@given(
    st.lists(st.sampled_from([mailbox(), mailbox(bcc=""), mailbox(smtp_port="1", x=2), {}, None]), min_size=1)
)
def test_a_run_with_its_own_baseline_finds_nothing(mailboxes: list[Any]) -> None:
    """And the baseline doesn't depend on how the values are laid out."""
    with folder() as put:
        name = put("yaml", json.dumps(mailboxes).encode())
        baseline = f"{name}.json"
        options = ("--extend-select", "all", "--baseline", baseline)
        assert check_files("-q", *options, "--write-baseline", name)[0] == 0
        before = Path(baseline).read_bytes()
        put("yaml", json.dumps(mailboxes, indent=3).encode())
        assert check_files("-q", *options, name) == (0, "", "")
        assert check_files("-q", *options, "--write-baseline", name)[0] == 0
        assert Path(baseline).read_bytes() == before


# Writing


def test_a_file_is_written_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    path, link = tmp_path / "a", tmp_path / "link"
    link.symlink_to("a")
    umask = os.umask(0o027)
    try:
        write_whole(str(link), b"1")
    finally:
        os.umask(umask)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"1", 0o640)
    path.chmod(0o600)
    write_whole(str(link), b"2")
    assert (path.read_bytes(), path.stat().st_mode & 0o777, link.is_symlink()) == (b"2", 0o600, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "link"]


def test_a_failure_leaves_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"1")

    def replace(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mailbox_schema.lint.writing.os.replace", replace)
    with pytest.raises(OSError, match="No space left on device"):
        write_whole(str(path), b"2")
    assert path.read_bytes() == b"1"
    assert list(tmp_path.iterdir()) == [path]


def test_a_device_is_written_to(run: Run) -> None:
    write("a.json", OLD)
    assert run("check", "--baseline", os.devnull, "--write-baseline", "-q", "a.json") == (0, "", "")
    assert Path(os.devnull).is_char_device()


def test_a_baseline_that_can_not_be_written_is_reported(run: Run) -> None:
    write("a.json", OLD)
    reason = "the output can't be written: No such file or directory\n"
    assert run("check", "--baseline", "x/b.json", "--write-baseline", "a.json") == (2, "", reason)
