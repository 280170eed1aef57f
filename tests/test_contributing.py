"""The lists of docs/contributing.md: each is carried out on a copy, and every file on it is needed.

A row of a list names files and what shows that they are missing: a test that fails without them, or an import.
So every change is made once whole, which passes all these tests, and once without the files of each row, which
fails the tests of that row.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from fnmatch import fnmatch
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from golden import mailbox
from node import NODE, PEERS
from tiers import only_in_depth

ROOT: Final = Path(__file__).parent.parent
PAGE: Final = (ROOT / "docs/contributing.md").read_text(encoding="utf-8")
HAS_NODE: Final = shutil.which(NODE) is not None and (PEERS / "node_modules").is_dir()

# A copy is tested as it is, whatever the options and plugins of this run.
OPTIONS: Final = ("COVERAGE_", "COV_", "PYTEST_", "HYPOTHESIS_", "MAILBOX_SCHEMA_")
# Everything that takes long to load, loaded once; each run of the tests is a fork of this process.
RUNNER: Final = """
import json, os, shlex, sys
from pathlib import Path
import email_validator, hypothesis.strategies, idna, jsonschema, pytest, yaml

def put(texts):
    for name, text in texts.items():
        Path(name).unlink() if text is None else Path(name).write_text(text, encoding="utf-8", newline="")

def run(test):
    if test.startswith("import "):
        exec(test)
    elif test.startswith("mailbox-schema "):
        from mailbox_schema.lint.cli import main
        return main(shlex.split(test)[1:]) == 2
    else:
        return pytest.main(["-q", "-x", "--assert=plain", "--tb=line", "-p", "no:cacheprovider", *test.split()])

os.dup2(2, 1)
statuses = []
for before, test, afterwards in json.load(sys.stdin):
    put(before)
    print("--", test, "without", *before, flush=True)
    child = os.fork()
    if not child:
        try:
            status = run(test)
        except BaseException as error:
            print(repr(error))
            status = 1
        sys.stdout.flush()
        os._exit(bool(status))
    statuses.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    put(afterwards)
print("statuses", json.dumps(statuses), file=sys.stderr)
"""
"""Runs a test, a command or an import without some files; the status is 1 if it fails."""

needs_fork: Final = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")

Edit = Callable[[str], str]
"""The text of a file -> its new text; of a file that there is not, an empty one."""


Texts = dict[str, str | None]
"""The texts of files by name; ``None`` for a file that there is not."""


class Row(NamedTuple):
    """A row of a list: the patterns of its files, and the tests that fail without them."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


def rows(title: str) -> list[Row]:
    """Return the rows of the list under a title of the page."""
    (section,) = re.findall(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    cells = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("| `")]
    return [Row(*(tuple(re.findall("`([^`]+)`", row[place])) for place in (0, 2))) for row in cells]


def test_what_tries_more_in_ci_is_marked() -> None:
    """The depth tier runs the marked tests only; those with ``given`` are marked by Hypothesis."""
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")}
    reading = [path for path, text in texts.items() if "IS_DEEP" in text]
    assert [path.name for path in reading if "pytest.mark.depth" not in texts[path]] == []
    assert reading != []


# Edits


def after(line: str, text: str) -> Edit:
    """Return the edit that puts ``text`` after the one line that begins with ``line``, but for spaces."""
    return lambda before: _put(text, before, line, is_after=True)


def ahead(line: str, text: str) -> Edit:
    """Return the edit that puts ``text`` before the one line that begins with ``line``, but for spaces."""
    return lambda before: _put(text, before, line, is_after=False)


def _put(text: str, before: str, line: str, *, is_after: bool) -> str:
    found = list(re.finditer(rf"^ *{re.escape(line)}.*\n", before, re.MULTILINE))
    assert len(found) == 1, f"{len(found)} lines begin with {line!r}: change the edit above"
    place = found[0].end() if is_after else found[0].start()
    return before[:place] + text + before[place:]


def replace(old: str, new: str) -> Edit:
    """Return the edit that replaces ``old``, which is there once."""

    def edit(before: str) -> str:
        assert before.count(old) == 1
        return before.replace(old, new)

    return edit


def all_of(*edits: Edit) -> Edit:
    """Return the edit that makes several."""

    def edit(text: str) -> str:
        for each in edits:
            text = each(text)
        return text

    return edit


def new(text: str) -> Edit:
    """Return the edit that writes a new file."""
    return lambda _: text


class Copy:
    """A copy of the repository in a folder, and what was changed in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = {name: text for name, text in os.environ.items() if not name.startswith(OPTIONS)}
        self._environment |= {
            "PYTHONPATH": os.pathsep.join(str(folder / name) for name in (".", "schemas", "tests")),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        }
        for name in ("mailbox_schema", "schemas", "tests", "docs"):
            ignored = shutil.ignore_patterns("peers", "system", "forms", "browser")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        for name in ("pyproject.toml", "README.md", ".pre-commit-hooks.yaml"):
            shutil.copy2(ROOT / name, folder)
        (folder / "tests/peers").symlink_to(PEERS)
        self._originals = self._texts()

    def keep_cases(self, *names: str) -> None:
        """Remove all golden cases of the linter but these, which are enough."""
        for case in (self._folder / "tests/lint/cases").iterdir():
            if case.name not in names:
                shutil.rmtree(case)

    def _texts(self) -> dict[str, str]:
        # Not rglob, which in some versions of Python would follow the link to the Node packages.
        files = (Path(folder, name) for folder, _, names in os.walk(self._folder) for name in names)
        return {
            str(file.relative_to(self._folder)): file.read_bytes().decode()
            for file in files
            if file.suffix not in {".pyc", ".mo", ".png"}
        }

    def apply(self, edits: dict[str, Edit]) -> None:
        """Change the files."""
        for name, edit in edits.items():
            file = self._folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            text = file.read_text(encoding="utf-8") if file.exists() else ""
            file.write_text(edit(text), encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        """Write a file that is not part of the repository."""
        (self._folder / name).write_text(text, encoding="utf-8")
        self._originals[name] = text

    def python(self, *arguments: str) -> tuple[int, str, str]:
        """Run Python in the copy; return its exit status, output and errors."""
        done = self._process(*arguments)
        return done.returncode, done.stdout, done.stderr

    def check(self, *arguments: str) -> tuple[int, str]:
        """Run the command's check in the copy; return its exit status and all that it prints."""
        status, output, errors = self.python("-m", "mailbox_schema", "check", "--quiet", *arguments)
        return status, output + errors

    def _process(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603  # our own code
            [sys.executable, *arguments],
            cwd=self._folder,
            env=self._environment,
            input=given,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def prove(self, title: str) -> str:
        """Check that the list of this title is complete, and that every row of it is needed.

        Return what the tests print.
        """
        listed, texts = rows(title), self._texts()
        changed = [name for name, text in texts.items() if self._originals.get(name) != text]
        named = {row: matching(changed, row.files) for row in listed}
        needless = {pattern for row in listed for pattern in row.files if not matching(changed, [pattern])}
        assert needless == (set() if HAS_NODE else needless & {"schemas/mailbox-schema.d.ts"})
        assert sorted(changed) == sorted(name for names in named.values() for name in names)
        every = {test for row in listed for test in row.tests}
        tests = sorted(test for test in every if "::" in test)
        others = sorted(every.difference(tests))
        runs: list[tuple[Texts, str, Texts]] = [
            ({}, " ".join(tests), {}),
            *(({}, other, {}) for other in others),
        ]
        expected = [0] * len(runs)
        for row, names in named.items():
            before: Texts = {name: self._originals.get(name) for name in names}
            runs += [(before, test, {name: texts[name] for name in names}) for test in row.tests]
            expected += [1] * len(row.tests)
        done = self._process("-c", RUNNER, given=json.dumps(runs))
        printed, found, statuses = done.stderr.rpartition("statuses ")
        assert found, done.stderr
        wrong = [
            (test, list(before), status)
            for (before, test, _), status, wanted in zip(runs, json.loads(statuses), expected, strict=True)
            if status != wanted
        ]
        assert wrong == [], printed
        return printed


def matching(names: Iterable[str], patterns: Iterable[str]) -> list[str]:
    """Return the names that one of the patterns matches."""
    return [name for name in names if any(fnmatch(name, pattern) for pattern in patterns)]


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


# A field

LINE: Final = "if provided must be in range <1,500>"
PROPERTY: Final = {
    "title": "Hourly sending limit",
    "description": f"Most emails sent in an hour. Message, I: {LINE}",
    "type": ["integer", "null"],
    "minimum": 1,
    "maximum": 500,
}
CASES: Final = [
    {
        "description": f"hourly_sending_limit {number}",
        "body": {"mailboxes": [mailbox(hourly_sending_limit=number)]},
        "details": [] if number == 500 else [f"mailbox[0].hourly_sending_limit {LINE}"],
    }
    for number in (500, 501)
]
FIELD: Final[dict[str, Edit]] = {
    "mailbox_schema/contract.py": all_of(
        after("DAILY_LIMIT: Final = ", "HOURLY_LIMIT: Final = Limits(1, 500)\n"),
        after(
            "_DAILY_LIMIT: Final = ",
            '_HOURLY_LIMIT: Final = f"if provided must be in range {HOURLY_LIMIT}"\n',
        ),
        ahead(
            'Field("daily_sending_limit", ',
            '    Field("hourly_sending_limit", "integer", False, "hourly-limit", _HOURLY_LIMIT, "I", "our decision",'
            " HOURLY_LIMIT),\n",
        ),
    ),
    "mailbox_schema/rules.py": all_of(
        ahead(
            "# The rules of the body around the mailboxes.",
            "def hourly_limit(value: object, field: Field, _mailbox: Mailbox) -> bool:\n"
            '    """The value is an integer from 1 to 500: emails an hour."""\n'
            "    return is_integer_within(value, field.limits)\n\n\n",
        ),
        ahead('"daily-limit": daily_limit,', '        "hourly-limit": hourly_limit,\n'),
    ),
    "mailbox_schema/_plain.py": all_of(
        ahead("from mailbox_schema.contract import", "from mailbox_schema.contract import HOURLY_LIMIT\n"),
        after(
            '("daily-limit", False, ',
            '    ("hourly-limit", False, HOURLY_LIMIT): ("hourly_sending_limit",),\n',
        ),
        ahead(
            "first, second = get(",
            '        hourly = get("hourly_sending_limit")\n'
            "        if hourly is not None and not (type(hourly) is int and HOURLY_LIMIT.admit(hourly)):\n"
            "            return False\n",
        ),
    ),
    "mailbox_schema/sentences.py": after('"daily-limit": _RANGE,', '    "hourly-limit": _RANGE,\n'),
    "tests/test_sentences.py": after(
        '"daily-limit": {**INTEGER', '    "hourly-limit": {**INTEGER, "above": [501]},\n'
    ),
    "mailbox_schema/strategies.py": all_of(
        after("DAILY_LIMIT,", "    HOURLY_LIMIT,\n"),
        after(
            '"daily-limit": st.integers(*DAILY_LIMIT),', '    "hourly-limit": st.integers(*HOURLY_LIMIT),\n'
        ),
        after('"daily-limit": edges(DAILY_LIMIT),', '    "hourly-limit": edges(HOURLY_LIMIT),\n'),
        after('"daily-limit": _broken_integers(', '    "hourly-limit": _broken_integers(HOURLY_LIMIT),\n'),
    ),
    "mailbox_schema/types.py": after("daily_sending_limit: ", "    hourly_sending_limit: int | None\n"),
    "mailbox_schema/pydantic.py": ahead(
        "daily_sending_limit: ", "    hourly_sending_limit: _Integer | None = None\n"
    ),
    "mailbox_schema/inputs.py": ahead(
        '"daily_sending_limit": _Input(',
        '    "hourly_sending_limit": _Input(\n'
        '        _("Hourly sending limit"),\n'
        '        _("Most emails sent in an hour, from {minimum} to {maximum}."),\n'
        "        _NUMBER,\n"
        "    ),\n",
    ),
    "mailbox_schema/locale/pl/LC_MESSAGES/mailbox_schema.po": lambda text: (
        text
        + '\nmsgid "Hourly sending limit"\nmsgstr "Godzinowy limit wysy\u0142ki"\n'
        + '\nmsgid "Most emails sent in an hour, from {minimum} to {maximum}."\n'
        + 'msgstr "Najwi\u0119cej wiadomo\u015bci w ci\u0105gu godziny, od {minimum} do {maximum}."\n'
    ),
    "schemas/request.schema.json": all_of(
        ahead('"daily_sending_limit": {', f'        "hourly_sending_limit": {json.dumps(PROPERTY)},\n'),
        ahead('"daily_sending_limit": 100', '          "hourly_sending_limit": 50,\n'),
    ),
    "README.md": ahead(
        "| `daily_sending_limit` | integer |", f"| `hourly_sending_limit` | integer | no | `{LINE}` | I |\n"
    ),
    "tests/test_contract.py": ahead(
        '("daily_sending_limit", ',
        '    ("hourly_sending_limit", "integer", False, "hourly-limit", "I", (1, 500)),\n',
    ),
    "tests/cases/vendor.json": replace(
        '"daily_sending_limit": 100}', '"hourly_sending_limit": 50, "daily_sending_limit": 100}'
    ),
    "tests/cases/hourly.json": new(json.dumps(CASES)),
    "tests/oracle.py": ahead(
        'limit = given(box, "daily_sending_limit")',
        '    hourly = given(box, "hourly_sending_limit")\n'
        "    if hourly is not None and not integer_within(hourly, 1, 500):\n"
        f'        found.append("hourly_sending_limit {LINE}")\n',
    ),
    "tests/test_plain.py": after('"daily-limit": (', '    "hourly-limit": (0, 501, "100", True),\n'),
    "tests/benchmarks/validate.py": all_of(
        after('"daily-limit": (0, ', '    "hourly-limit": (0, 501, *_NOT_INTEGER),\n'),
        after(
            '"daily-limit": Annotated[',
            '        "hourly-limit": Annotated[int, Field(strict=True, ge=1, le=500)],\n',
        ),
    ),
    "tests/lint/test_cli.py": ahead(
        "daily-limit         mailbox[i].daily_sending_limit ",
        f"hourly-limit        mailbox[i].hourly_sending_limit         I                            {LINE}\n",
    ),
}


# An advice rule

ADVICE: Final[dict[str, Edit]] = {
    "mailbox_schema/lint/advice.py": all_of(
        ahead(
            "# The findings of the sources themselves; ",
            "def role_address(mailbox: Mailbox, _index: int, _context: Context) -> Iterator[Advice]:\n"
            '    """`smtp_email` is the address of a role.\n\n'
            "    People answer a person rather than a role.\n\n"
            '    Reported:\n\n    ```json\n    {"smtp_email": "noreply@getpiedpiper.com"}\n    ```\n\n'
            '    Not reported:\n\n    ```json\n    {"smtp_email": "jared@getpiedpiper.com"}\n    ```\n    """\n'
            '    if str(mailbox.get("smtp_email")).startswith("noreply@"):\n'
            '        yield Advice("role-address", "smtp_email", "is a role", "use a name", "smtp_email")\n\n\n',
        ),
        after('"plaintext-secret": Rule(', '    "role-address": Rule(role_address, None),\n'),
    ),
    "tests/lint/cases/json-role-address/input.json": new(
        json.dumps(mailbox(smtp_email="noreply@getpiedpiper.com"), indent=2)
    ),
    # The columns are as wide as in another row.
    "tests/lint/test_cli.py": lambda text: re.sub(
        r"^(port-role   ( +warning +).*\n(?:.+\n)*?)(?=response )",
        r"\1role-address\2`smtp_email` is the address of a role.\n",
        text,
        flags=re.MULTILINE,
    ),
}


# A file type

ENV: Final = '''"""Lines of KEY=VALUE -> one mailbox."""

from mailbox_schema.contract import FIELDS
from mailbox_schema.lint.sources.base import Document, SourceError, decode, read_whole


def documents(stream):
    """Yield the one document of ``stream``."""
    text = decode(read_whole(stream)).text
    places, mailbox = {}, {}
    for number, line in enumerate(text.splitlines(), 1):
        key, sign, value = line.partition("=")
        if not sign:
            raise SourceError("a line without `=`", (number, 1))
        is_integer = key in FIELDS and FIELDS[key].type == "integer" and value.isdigit()
        mailbox[key] = int(value) if is_integer else value
        places[key] = (number, 1), (number, len(key) + 2)
    yield EnvDocument(mailbox, places)


class EnvDocument(Document):
    """The mailbox, and the positions of its keys and values."""

    def __init__(self, mailbox, places):
        self.value = mailbox
        self._places = places

    def locate(self, path):
        """Return the positions of the key and of the value at ``path``, where there are any."""
        return self._places.get(path[0], (None, None)) if path else (None, (1, 1))
'''
FILE_TYPE: Final[dict[str, Edit]] = {
    "mailbox_schema/lint/sources/__init__.py": after(
        'FileType("csv", ', '        FileType("env", (".env",), "env"),\n'
    ),
    "mailbox_schema/lint/sources/env.py": new(ENV),
    "mailbox_schema/lint/arguments.py": lambda text: text.replace("JSON Lines", "JSON Lines, env"),
    ".pre-commit-hooks.yaml": lambda text: text.replace("|ndjson)", "|ndjson|env)"),
    "pyproject.toml": lambda text: text.replace("jsonl | csv | yaml", "jsonl | csv | yaml | env"),
    "docs/linting.md": after("| JSON Lines | ", "| env | `.env` | one mailbox, a field in each line |\n"),
    "tests/test_docs.py": after('("mailboxes.json", True),', '        ("mailboxes.env", True),\n'),
    "tests/lint/test_no_secret_is_shown.py": ahead(
        '"jsonl": [',
        """        "env": ["".join(f"{name}={value}\\n" for name, value in whole.items()).encode()],\n""",
    ),
    "tests/mutation/survivors.py": after(
        '"lint.sources.content": ', '    "lint.sources.env": ("lint/test_golden.py",),\n'
    ),
    "tests/lint/cases/env-advice/input.env": new(
        "smtp_email=jared@getpiedpiper.com\nsmtp_port=993\ncolour=1\n"
    ),
}


# A report format

FORMAT: Final[dict[str, Edit]] = {
    "mailbox_schema/lint/reports.py": all_of(
        ahead(
            "class GitHub(Report):",
            "class Lines(Json):\n"
            '    """An object in each line, one a finding."""\n\n'
            "    def add(self, finding: Finding) -> None:\n"
            '        """Write a finding."""\n'
            '        self._write(json.dumps(finding._asdict()) + "\\n")\n\n'
            "    def finish(self) -> None:\n"
            '        """Nothing follows the findings."""\n\n\n',
        ),
        after("FORMATS: Final = {", '    "lines": Lines,\n'),
    ),
    "docs/linting.md": lambda text: f"{text}\n`--format lines` is JSON Lines.\n",
    "tests/lint/test_golden.py": all_of(
        after("ENDINGS: Final = {", '    "lines": "lines",\n'),
        ahead(
            "def from_github(",
            "def from_lines(text: str) -> list[Found]:\n    return from_json(f\"[{','.join(text.splitlines())}]\")\n\n\n",
        ),
        lambda text: text.replace('"json": from_json,', '"json": from_json, "lines": from_lines,'),
        lambda text: text.replace(
            'found["text"] == found["json"]', 'found["text"] == found["lines"] == found["json"]'
        ),
    ),
}


# The fast loop


def test_the_files_of_the_fast_loop_exist() -> None:
    (command,) = re.findall("^`(python -m pytest .+ tests/test_.+)`$", PAGE, re.MULTILINE)
    groups = re.findall(r"(tests/\S*)\{(\S+)\}\.py", command)
    files = [f"{start}{name}.py" for start, names in groups for name in names.split(",")]
    assert len(files) > 10
    assert [name for name in files if not (ROOT / name).is_file()] == []


# The rooms of docs/architecture.md


def test_the_table_of_rooms_has_every_module_in_the_order_of_imports() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    section = page.partition("\n## The rooms\n")[2].partition("\n## ")[0]
    named = [f"mailbox_schema.{name}" for name in re.findall("^\\| `([^`]+)` \\|", section, re.MULTILINE)]
    package = ROOT / "mailbox_schema"
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in package.rglob("*.py")
        if path.parent.name != "sources" or path.stem == "__init__"
    }
    assert set(named) == modules - {"mailbox_schema", "mailbox_schema.lint"}
    assert len(named) == len(set(named))
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    layers = re.findall('"(.+)"', settings.partition("\nlayers = [\n")[2].partition("\n]\n")[0])
    rank = {name: number for number, layer in enumerate(layers) for name in layer.split(" | ")}
    assert [rank[name] for name in named] == sorted(rank[name] for name in named)


# The lists


def generate(copy: Copy) -> None:
    status, output, _ = copy.python("schemas/generate.py")
    assert status == (0 if HAS_NODE else 1), output


VALIDATE: Final = """
from golden import mailbox
from mailbox_schema import is_valid, validate
from mailbox_schema.schema import validator
for number in (500, 501):
    body = {"mailboxes": [mailbox(hourly_sending_limit=number)]}
    print(validate(body), is_valid(body), validator().is_valid(body))
"""


@needs_fork
@only_in_depth
def test_a_field_is_added(copy: Copy) -> None:
    copy.apply(FIELD)
    generate(copy)
    line = f"mailbox[0].hourly_sending_limit {LINE}"
    expected = f"[] True True\n{[line]} False False\n"
    assert copy.python("-c", VALIDATE) == (0, expected, "")
    copy.write("a.yaml", "smtp_port: 465\nhourly_sending_limit: 501\n")
    status, output = copy.check("--select", "hourly-limit", "a.yaml")
    assert (status, output.splitlines()[0]) == (1, f"a.yaml:2:23: error: {line} [hourly-limit]")
    printed = copy.prove("To add a field")
    assert "NotImplementedError(\"is_plainly_valid doesn't check every field by its rule" in printed


def cases_of_every_rule() -> list[str]:
    """Return the names of golden cases that have findings of every rule, which are not all."""
    names: list[str] = []
    seen: set[str] = set()
    for file in sorted((ROOT / "tests/lint/cases").glob("*/expected.json")):
        found = {finding["rule"] for finding in json.loads(file.read_text(encoding="utf-8"))}
        if not found <= seen:
            names.append(file.parent.name)
            seen |= found
    return names


@needs_fork
@only_in_depth
def test_an_advice_rule_is_added(copy: Copy) -> None:
    """The rule has no predicate, so it is called for a mailbox that is plainly valid."""
    copy.keep_cases(*cases_of_every_rule())
    copy.apply(ADVICE)
    write_outputs(copy)
    generate(copy)
    status, output = copy.check("tests/lint/cases/json-role-address/input.json")
    assert (status, output.splitlines()[0]) == (
        0,
        "tests/lint/cases/json-role-address/input.json:2:17: warning: mailbox[0].smtp_email is a role [role-address]",
    )
    copy.prove("To add an advice rule")


def write_outputs(copy: Copy) -> None:
    assert copy.python("tests/lint/test_golden.py") == (0, "", "")


@needs_fork
@only_in_depth
def test_a_file_type_is_added(copy: Copy) -> None:
    copy.keep_cases("csv-fields", "json-advice", "jsonl-lines", "yaml-list")
    copy.apply(FILE_TYPE)
    write_outputs(copy)
    copy.write("a.txt", "smtp_email=jared\nsmtp_port=0\nno sign\n")
    assert copy.check("--type", "env", "a.txt") == (2, "a.txt:3:1: a line without `=`\n")
    copy.write("a.env", "smtp_port=587\nimap_port=0\n")
    assert copy.check("--select", "port", "a.env")[1].splitlines()[0] == (
        "a.env:2:11: error: mailbox[0].imap_port must be provided and in range <1,65535> [port]"
    )
    assert copy.check("a.txt") == (2, "a.txt: can't tell the file type from the name: use --type\n")
    assert copy.check("--type", "toml", "a.txt")[0] == 2
    copy.prove("To add a file type")


@needs_fork
@only_in_depth
def test_a_report_format_is_added(copy: Copy) -> None:
    copy.keep_cases("csv-fields", "json-advice")
    copy.apply(FORMAT)
    write_outputs(copy)
    copy.write("a.yaml", "- {}\n- 1\n")
    status, output = copy.check("--format", "lines", "--select", "port,mailbox-object", "a.yaml")
    found = [json.loads(line) for line in output.splitlines()]
    assert (status, [(it["line"], it["field"]) for it in found]) == (
        1,
        [(1, "smtp_port"), (1, "imap_port"), (2, None)],
    )
    assert copy.check("--format", "rows", "a.yaml")[0] == 2
    copy.prove("To add a report format")
