"""Folders and patterns: which files are checked."""

import itertools
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from golden import body
from lint.command import Run, write

from mailbox_schema.lint import discovery
from mailbox_schema.lint.config import Config

CLEAN: Final = json.dumps(body())
NO_FILES: Final = "no files of mailboxes found\n"


def checked(run: Run, *arguments: str) -> list[str]:
    """Return the names of the files that were checked; all of them are clean."""
    status, output, errors = run("check", "-v", *arguments)
    *lines, summary = errors.splitlines()
    assert (status, output) == (0, "")
    names = [line.removesuffix(": read as a request body") for line in lines]
    assert summary == f"{len(names)} file{'s' * (len(names) != 1)} checked: no findings"
    return names


def write_clean(*names: str) -> None:
    for name in names:
        write(name, CLEAN)


def test_a_folder_stands_for_its_files_of_mailboxes(run: Run) -> None:
    write_clean(
        "c/mailboxes.json", "c/prod/eu.mailboxes.yaml", "c/mailboxes/x/sales.json", "c/b.json", "c/mailbox.md"
    )
    files = ["c/mailboxes.json", "c/mailboxes/x/sales.json", "c/prod/eu.mailboxes.yaml"]
    for arguments in (["c"], ["c/"], ["c/", "c"], ["c", "c/mailboxes.json"], ["c/prod", "c"]):
        assert checked(run, *arguments) == files
    assert checked(run, ".") == files
    assert checked(run, "./") == files
    assert checked(run, "./c") == [f"./{name}" for name in files]
    assert checked(run, str(Path("c").resolve())) == [str(Path(name).resolve()) for name in files]
    assert checked(run, "c", "c/b.json") == ["c/b.json", *files]


def test_the_findings_of_a_folder_are_counted_together(run: Run) -> None:
    write("c/mailboxes.json", body(smtp_port=0))
    write("c/d/mailboxes.json", body())
    write("c/d/mailboxes.yaml", "[")
    column = json.dumps(body(smtp_port=0)).index(": 0") + 3
    assert run("check", "c") == (
        2,
        f"c/mailboxes.json:1:{column}: error: mailbox[0].smtp_port must be provided and in range <1,65535> [port]\n",
        "c/d/mailboxes.yaml:1:2: not YAML: did not find expected node content\n"
        "2 files checked: 1 violation; 1 file can't be read or parsed\n",
    )


@pytest.mark.parametrize("name", [".git", ".venv", ".hidden", "node_modules"])
def test_hidden_and_foreign_folders_are_skipped(run: Run, name: str) -> None:
    write_clean(
        f"{name}/mailboxes.json",
        f"a/{name}/mailboxes.json",
        ".mailboxes.json",
        "a/mailboxes/.x.json",
        "mailboxes.json",
    )
    assert checked(run, ".") == ["mailboxes.json"]
    assert checked(run, name) == [f"{name}/mailboxes.json"]
    assert checked(run, "a/mailboxes/.x.json") == ["a/mailboxes/.x.json"]


# Links and odd files


def test_a_link_is_followed_inside_the_folder_only(run: Run) -> None:
    write_clean("c/..data/m.json", "out/mailboxes.json", "c/d/mailboxes.json")
    Path("c/mailboxes.json").symlink_to("..data/m.json")
    Path("c/mailboxes.yaml").symlink_to("../out/mailboxes.json")
    Path("c/mailboxes").symlink_to("../out")
    Path("c/e").symlink_to("d")
    Path("c/loop").symlink_to(".")
    Path("c/mailboxes.csv").symlink_to("mailboxes.csv")
    Path("c/mailboxes.jsonl").symlink_to("missing")
    assert checked(run, "c") == ["c/d/mailboxes.json", "c/mailboxes.json"]
    Path("link").symlink_to("c")
    assert checked(run, "link") == ["link/d/mailboxes.json", "link/mailboxes.json"]


def test_a_pipe_is_not_a_file(run: Run) -> None:
    write_clean("mailboxes.json")
    os.mkfifo("mailboxes.yaml")
    Path("mailboxes.csv").mkdir()
    assert checked(run, ".") == ["mailboxes.json"]


def test_a_folder_that_can_not_be_read_does_not_stop_the_others(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by its mode, because the superuser may read everything."""

    def refuse(path: str) -> Any:
        if path.endswith("b"):
            raise PermissionError(13, "Permission denied")
        return real_scandir(path)

    real_scandir = os.scandir
    write_clean("c/b/mailboxes.json", "c/a/mailboxes.json")
    monkeypatch.setattr("mailbox_schema.lint.discovery.os.scandir", refuse)
    reason = "c/b: can't be read: Permission denied\n"
    assert run("check", "c") == (
        2,
        "",
        f"{reason}1 file checked: no findings; 1 file can't be read or parsed\n",
    )
    assert run("check", "c/b") == (2, "", f"{reason}1 file can't be read or parsed\n")


def test_a_folder_of_any_depth_is_walked(run: Run) -> None:
    folder = "/".join("d" * 900)
    write_clean(f"{folder}/mailboxes.json")
    assert checked(run, ".") == [f"{folder}/mailboxes.json"]


def test_a_deleted_working_directory_has_no_folders(tmp_path: Path) -> None:
    program = (
        "import os, sys; from mailbox_schema.lint.cli import main;"
        "os.mkdir('x'); os.chdir('x'); os.rmdir('../x');"
        "print(main(['check', '.', '--exclude', 'x']), main(['check', '--force-exclude', '--exclude', 'x', 'a.json']))"
    )
    done = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-c", program], capture_output=True, check=True, text=True, cwd=tmp_path
    )
    assert (done.stdout, done.stderr) == (
        "2 2\n",
        ".: can't be read: No such file or directory\n1 file can't be read or parsed\n"
        "a.json: no such file\n1 file can't be read or parsed\n",
    )


# .gitignore


@pytest.fixture
def repository(run: Run) -> Run:
    Path(".git").mkdir()
    return run


def test_ignored_files_are_skipped(repository: Run) -> None:
    write_clean(
        "mailboxes.json", "a/mailboxes.json", "a/mailboxes.yaml", "build/mailboxes.json", "a/b/mailboxes.json"
    )
    write(".gitignore", "!\nbuild/\n# a comment\n*.yaml\n/a/b\n")
    assert checked(repository, ".") == ["a/mailboxes.json", "mailboxes.json"]
    assert checked(repository, "a") == ["a/mailboxes.json"]
    write("a/.gitignore", "!*.yaml\nmailboxes.json\n")
    assert checked(repository, ".") == ["a/mailboxes.yaml", "mailboxes.json"]
    assert checked(repository, "a/mailboxes.json") == ["a/mailboxes.json"]


def test_a_gitignore_above_the_repository_does_not_apply(repository: Run) -> None:
    write_clean("inner/mailboxes.json")
    write(".gitignore", "inner/\n")
    assert checked(repository, "inner/mailboxes.json") == ["inner/mailboxes.json"]
    assert repository("check", "inner")[2].startswith(f"inner: {NO_FILES}")
    Path("inner/.git").write_text("gitdir: elsewhere", encoding="utf-8")
    assert checked(repository, "inner") == ["inner/mailboxes.json"]


def test_a_gitignore_without_a_repository_applies_to_its_folder(run: Run) -> None:
    write_clean("a/mailboxes.json", "a/b/mailboxes.json")
    write(".gitignore", "b\n")
    assert checked(run, "a") == ["a/b/mailboxes.json", "a/mailboxes.json"]
    assert checked(run, ".") == ["a/mailboxes.json"]


def test_a_gitignore_that_is_not_a_file_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    os.mkfifo(".gitignore")
    assert run("check", ".") == (2, "", f"{tmp_path / '.gitignore'}: not a regular file\n")


# include, exclude


def test_include_replaces_the_names(run: Run) -> None:
    write_clean(
        "conf/a.json",
        "conf/A.JSON",
        "conf/sub/b.json",
        "conf/x/c.json",
        "other/a.json",
        "mailboxes.json",
        "conf/README.md",
    )
    write(
        "pyproject.toml", "[tool.mailbox-schema]\ninclude = ['conf/*.json', 'B.*', '/Conf/x/', '!a.JSON']\n"
    )
    assert checked(run, ".") == ["conf/sub/b.json", "conf/x/c.json"]
    write("pyproject.toml", "[tool.mailbox-schema]\ninclude = ['conf/*']\n")
    assert checked(run, ".") == ["conf/A.JSON", "conf/a.json", "conf/sub/b.json", "conf/x/c.json"]
    write("pyproject.toml", "[tool.mailbox-schema]\ninclude = []\n")
    assert run("check", ".") == (0, "", f".: {NO_FILES}0 files checked: no findings\n")


def test_the_nearest_settings_apply_in_each_folder(run: Run) -> None:
    write_clean("a/x.json", "a/mailboxes.json", "b/x.json", "b/mailboxes.json", "b/old/mailboxes.json")
    write("a/pyproject.toml", "[tool.mailbox-schema]\ninclude = ['x.*']\n")
    write("b/pyproject.toml", "[tool.mailbox-schema]\nexclude = ['/old']\n")
    assert checked(run, ".") == ["a/x.json", "b/mailboxes.json"]


def test_exclude_leaves_out_files_and_folders(run: Run) -> None:
    write_clean("a/mailboxes.json", "a/b/mailboxes.json", "mailboxes.json", "old.mailboxes.json")
    assert checked(run, "--exclude", "b/", "--exclude", "old.*", ".") == [
        "a/mailboxes.json",
        "mailboxes.json",
    ]
    write("pyproject.toml", "[tool.mailbox-schema]\nexclude = ['a/*', '!a/b']\n")
    assert checked(run, ".") == ["a/b/mailboxes.json", "mailboxes.json", "old.mailboxes.json"]
    assert checked(run, "--exclude", "/mailboxes.json", ".") == ["a/b/mailboxes.json", "old.mailboxes.json"]


def test_a_named_file_is_checked_unless_exclusion_is_forced(run: Run) -> None:
    write_clean("a/mailboxes.json", "b.json", "gen/b.json")
    settings = "[tool.mailbox-schema]\nexclude = ['a', 'gen/*.json']\n"
    write("pyproject.toml", settings)
    names = ["a/mailboxes.json", "b.json", "gen/b.json"]
    assert checked(run, *names) == names
    assert checked(run, "--force-exclude", *names) == ["b.json"]
    assert checked(run, "--force-exclude", "--exclude", "b.json", "a/mailboxes.json", "b.json") == []
    assert run("check", "--force-exclude", "gen/b.json") == (0, "", "0 files checked: no findings\n")
    write("pyproject.toml", f"{settings}force-exclude = true\n")
    assert checked(run, *names) == ["b.json"]
    stdin = ("check", "-", "--stdin-filename")
    assert run(*stdin, "gen/b.json", stdin=b"[]") == (0, "", "0 files checked: no findings\n")
    assert run(*stdin, "b.json", stdin=b"[]")[0] == 1


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ("include = ['a', 'a/\\']", "include: not a pattern as in .gitignore"),
        ("exclude = ['!']", "exclude: not a pattern as in .gitignore"),
        ("exclude = ['*a*b*c*']", "exclude: a pattern with too many asterisks"),
        ("include = ['a/**/b/**/c/**/d']", "include: a pattern with too many asterisks"),
        ("include = 'a'", "include has to be a list of patterns"),
        ("exclude = [1]", "exclude has to be a list of patterns"),
        (f"exclude = ['{'x' * 1001}']", "exclude: a pattern of more than 1,000 characters"),
        ("force-exclude = 1", "force-exclude has to be true or false"),
    ],
)
def test_a_wrong_pattern_is_wrong_usage(run: Run, tmp_path: Path, settings: str, reason: str) -> None:
    write_clean("mailboxes.json")
    write("pyproject.toml", f"[tool.mailbox-schema]\n{settings}\n")
    place = f"{tmp_path / 'pyproject.toml'}: [tool.mailbox-schema]"
    assert run("check", ".") == (2, "", f"{place}: {reason}\n")


def test_a_wrong_pattern_of_an_option_is_wrong_usage(run: Run) -> None:
    write_clean("mailboxes.json")
    place = "mailbox-schema check: error"
    reason = "not a pattern as in .gitignore\n"
    assert run("check", "--exclude", "!", ".") == (2, "", f"{place}: exclude: {reason}")
    assert run("check", "*\\") == (2, "", f"{place}: {reason}")


# Patterns


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("config/**/*.yaml", ["config/a.yaml", "config/b/c.yaml", "config/b/mailboxes.yaml"]),
        ("config/*", ["config/a.json", "config/a.yaml"]),
        ("config/?.y*ml", ["config/a.yaml"]),
        ("*/[ab].json", ["config/a.json"]),
        ("**/mailboxes.*", ["config/b/mailboxes.yaml"]),
        ("c*/b/*", ["config/b/c.yaml", "config/b/mailboxes.yaml"]),
    ],
)
def test_a_pattern_in_quotes_is_expanded(run: Run, pattern: str, expected: list[str]) -> None:
    write_clean(
        "config/a.json",
        "config/a.yaml",
        "config/b/c.yaml",
        "config/b/mailboxes.yaml",
        "config/x.md",
        "config/.y.json",
    )
    assert checked(run, pattern) == expected
    here = Path.cwd()
    assert checked(run, f"{here}/{pattern}") == [f"{here}/{name}" for name in expected]


def test_a_pattern_skips_what_a_walk_skips(run: Run) -> None:
    write_clean("a.json", "node_modules/a.json", "old/a.json", ".x/a.json", "b/a.json")
    write(".gitignore", "b\n")
    assert checked(run, "--exclude", "old", "**/a.json") == ["a.json"]


def test_a_file_with_the_characters_of_a_pattern_is_a_file(run: Run) -> None:
    write_clean("a[1].json", "a1.json")
    assert checked(run, "a[1].json") == ["a[1].json"]
    Path("a[1].json").unlink()
    assert checked(run, "a[1].json") == ["a1.json"]


def test_a_type_makes_every_file_that_is_named_so_one_of_mailboxes(run: Run) -> None:
    write_clean("c/mailboxes.txt", "c/mailboxes/x.conf", "c/x.conf")
    assert run("check", "c")[2].startswith(f"c: {NO_FILES}")
    assert checked(run, "--type", "json", "c") == ["c/mailboxes.txt", "c/mailboxes/x.conf"]
    assert checked(run, "--type", "json", "c/*.conf") == ["c/x.conf"]


# Nothing found


def test_a_folder_without_files_is_warned_of(run: Run) -> None:
    write_clean("a/mailboxes.json")
    Path("b").mkdir()
    summary = "1 file checked: no findings\n"
    assert run("check", "a", "b", "x*.json") == (0, "", f"b: {NO_FILES}x*.json: {NO_FILES}{summary}")
    assert run("check", "-q", "b") == (0, "", f"b: {NO_FILES}")
    assert run("check", "--format", "json", "b")[:2] == (0, "[]\n")
    assert run("check", "--error-on-empty", "a", "b") == (2, "", f"b: {NO_FILES}{summary}")
    assert run("check", "--error-on-empty", "a") == (0, "", summary)


def test_the_folder_of_a_pattern_may_be_missing(run: Run) -> None:
    assert run("check", "x/*.json") == (0, "", f"x/*.json: {NO_FILES}0 files checked: no findings\n")


# The hook has the same names


HOOK: Final = yaml.safe_load((Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text("utf-8"))[0]
PARTS: Final = (
    "mailbox",
    "Mailboxes",
    "prod",
    "schema",
    "compose",
    "docker-compose",
    "package",
    "package-lock",
    "kustomization",
    "tsconfig",
)


def _names() -> list[str]:
    stems = [
        stem
        for parts in itertools.chain(itertools.product(PARTS), itertools.product(PARTS, repeat=2))
        for separator in ".-"
        for stem in {separator.join(parts)}
    ]
    folders = ["", "src/", "mailboxes/", "a/MAILBOXES/b/", "mailbox/", "mailboxes.d/", "x.mailboxes/"]
    endings = ["json", "yaml", "yml", "csv", "TSV", "jsonl", "ndjson", "md"]
    return [
        f"{folder}{stem}.{ending}" for folder in folders for stem in sorted(set(stems)) for ending in endings
    ]


def test_the_hook_and_a_walk_agree_on_names() -> None:
    """The manifest has one regular expression, because pre-commit knows no other patterns."""
    files, excluded = re.compile(HOOK["files"]), re.compile(HOOK["exclude"])

    def includes(name: str) -> bool:
        return discovery._has_known_type(name) and discovery._includes(Config(), name)  # noqa: SLF001  # what a walk calls

    names = _names()
    assert [n for n in names if includes(n)] == [
        n for n in names if files.search(n) and not excluded.search(n)
    ]
    assert 1000 < sum(map(includes, names)) < len(names)
    assert HOOK["entry"] == "mailbox-schema check --force-exclude"


@pytest.mark.parametrize("line", ["*a*a*a*a*a*a*a*a*b", "**/a/" * 9 + "b"])
def test_a_gitignore_takes_no_long_search(repository: Run, line: str) -> None:
    """Backtracking over nine asterisks would take years."""
    name = f"{'a' * 200}bc/{'a/' * 100}mailboxes.json"
    write_clean(name)
    write(".gitignore", f"{line}\n")
    assert checked(repository, ".") == [name]
