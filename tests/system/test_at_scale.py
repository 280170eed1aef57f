"""The jobs of docs/at-scale.md: their tables against the check itself, and what they never show.

They need the extra ``scale`` and Java, so .ci/run runs this, not the everyday command.
"""

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pytest
from golden import mailbox
from hypothesis import given
from hypothesis import strategies as st

from mailbox_schema import Violation, iter_mailbox_violations

pa: Any = pytest.importorskip("pyarrow", reason="needs pyarrow, of the extra scale")
pq: Any = pytest.importorskip("pyarrow.parquet", reason="needs pyarrow, of the extra scale")

ROOT: Final = Path(__file__).parent.parent.parent
EXAMPLE: Final = ROOT / "docs/examples/at-scale"
HAS_SPARK: Final = find_spec("pyspark") is not None and shutil.which("java") is not None
HAS_DASK: Final = find_spec("dask") is not None and find_spec("pandas") is not None
needs_spark: Final = pytest.mark.skipif(not HAS_SPARK, reason="needs Java and pyspark, of the extra scale")
needs_dask: Final = pytest.mark.skipif(not HAS_DASK, reason="needs dask, of the extra scale")
each_engine: Final = pytest.mark.parametrize(
    "engine", [pytest.param("spark", marks=needs_spark), pytest.param("dask", marks=needs_dask)]
)

Row = tuple[int, int, "str | None", "str | None", str, "str | None"]

CANARIES: Final = ("canary-in-a-password", "canary-in-a-login", "271828182845904")
SECRET: Final = {
    "smtp_password": CANARIES[0],
    "imap_password": CANARIES[0],
    "smtp_login": CANARIES[1],
}


# Input.


def line(**changes: Any) -> bytes:
    return json.dumps(mailbox(**SECRET) | changes).encode()


NOT_READABLE: Final = "a number that is not JSON or too long, or nested too deeply"
# Each line that is not blank, and why it can't be read.
LINES: Final[list[tuple[bytes, str | None]]] = [
    (line(), None),
    (line(smtp_port="587"), None),
    (b"", None),
    (b" \t\r", None),
    (b"\x0b\x0c", None),
    (line() + b"\r", None),
    (b"  " + line(imap_email="jared@localhost") + b"\t", None),
    (b"null", None),
    (b"[]", None),
    (b"[" + line() + b"]", None),
    (b"{}", None),
    (b"0", None),
    (b'"canary-in-a-password"', None),
    (line(smtp_password=int(CANARIES[2]), imap_password=float(CANARIES[2])), None),
    (line(smtp_password="\ud800 canary-in-a-password", smtp_email="\udfff@\ud800"), None),
    (line(smtp_port=2**64 + 1, daily_sending_limit=-(10**300)), None),
    (line(smtp_password="Пароль canary-in-a-password", smtp_email="иван@пример.рф", bcc="田中"), None),
    ('{"smtp_email": "é@é", "smtp_password": "canary-in-a-password\u2028\u0085"}'.encode(), None),
    (line(mailboxes=[], smtp_port=None, open_tracking_domain="https://track.example.com/"), None),
    (b'{"smtp_password": "canary-in-a-password", "smtp_password": ""}', None),
    (b'{"smtp_password": "canary-in-a-password"', "not JSON from character 41 on"),
    (b"canary-in-a-password", "not JSON from character 1 on"),
    (line() + line(), f"not JSON from character {len(line()) + 1} on"),
    (b'{"smtp_password": "canary-in-a-password\xff"}', "not UTF-8"),
    (b'{"smtp_password": "canary-in-a-password\xed\xa0\x80"}', "not UTF-8"),
    (b"\x00", "not JSON from character 1 on"),
    (b'{"smtp_password": "canary-in-a-password", "smtp_port": NaN}', NOT_READABLE),
    (b'{"smtp_password": "canary-in-a-password", "smtp_port": ' + b"1" * 5000 + b"}", NOT_READABLE),
    (b"[" * 200_000, NOT_READABLE),
    (b'{"smtp_login": "canary-in-a-login", "smtp_password": "\\x"}', "not JSON from character 55 on"),
    (b"", None),
    (line(sending_wait_time_from=20, sending_wait_time_to=10), None),
]
TEXT: Final = b"\n".join(text for text, _ in LINES)

# Columns have one type for all rows, so what a file holds is told by its rows alone.
TABLES: Final[dict[str, list[dict[str, Any]]]] = {
    "usual": [
        mailbox(**SECRET),
        mailbox(**SECRET, smtp_port=0),
        mailbox(**SECRET, smtp_port=None, bcc="田中", daily_sending_limit=5501, note="not a field"),
        dict.fromkeys(mailbox(**SECRET)),
        mailbox(**SECRET, imap_email="jared@localhost", click_tracking_domain="-", smtp_server=" "),
    ],
    "other types": [
        mailbox(smtp_password=int(CANARIES[2]), imap_password=[CANARIES[0]], smtp_port="587"),
        mailbox(
            smtp_password=5, imap_password=[], smtp_port=CANARIES[0], footer={"a": CANARIES[1]}, bcc=True
        ),
        mailbox(imap_port=465.0, smtp_password=None, imap_password=None, smtp_port=None),
        mailbox(imap_port=float("nan"), smtp_password=None, imap_password=None, smtp_port=""),
    ],
    "of nothing we know": [{"id": 1}, {"id": 2}],
    "no rows": [],
}


def expected_of_lines(text: bytes) -> list[Row]:
    """Return the table of JSON Lines, in the plainest way there is."""
    reasons = {line: reason for line, reason in LINES if reason}
    found: list[Row] = []
    for row, record in enumerate(record for record in text.split(b"\n") if record.strip()):
        if record in reasons:
            found.append((row, row % 200, None, "syntax", f"can't be read: {reasons[record]}", None))
        else:
            found += told(row, iter_mailbox_violations(json.loads(record), row % 200))
    return sorted(found, key=str)


def expected_of_rows(rows: Iterable[dict[str, Any]]) -> list[Row]:
    found = [told(row, iter_mailbox_violations(record, row % 200)) for row, record in enumerate(rows)]
    return sorted((row for part in found for row in part), key=str)


def told(row: int, violations: Iterable[Violation]) -> list[Row]:
    return [(row, v.index or 0, v.field, v.rule, v.message, v.hint) for v in violations]


def many(amount: int) -> list[dict[str, Any]]:
    """Return mailboxes of which every tenth is broken, in one way of several."""
    broken: list[dict[str, Any]] = [{"smtp_port": 0}, {"imap_email": "jared"}, {"smtp_server": ""}]
    changes = [broken[number % 3] if number % 10 == 0 else {} for number in range(amount)]
    return [mailbox(**SECRET, smtp_from_name=f"First{n} Last") | change for n, change in enumerate(changes)]


def table(rows: list[dict[str, Any]]) -> Any:
    """Return rows as Arrow has them; what one row lacks is null there."""
    return pa.Table.from_pylist([dict.fromkeys(key for row in rows for key in row) | row for row in rows])


# Running the jobs.


def environment() -> dict[str, str]:
    options = "--master local[2] --conf spark.ui.enabled=false --conf spark.driver.bindAddress=127.0.0.1"
    return os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        # Small blocks, so that small files have several.
        "PYSPARK_SUBMIT_ARGS": f"{options} --conf spark.sql.files.maxPartitionBytes=20000 pyspark-shell",
        "SPARK_LOCAL_IP": "127.0.0.1",
    }


def run(*command: str, cwd: Path, **more: str) -> tuple[int, str]:
    done = subprocess.run(  # noqa: S603  # our own commands
        command, cwd=cwd, env=environment() | more, capture_output=True, check=False
    )
    output = (done.stdout + done.stderr).decode()
    assert shown(output.encode()) == []
    return done.returncode, output


def shown(data: bytes) -> list[str]:
    """Return the secrets that ``data`` holds."""
    return [canary for canary in CANARIES if canary.encode() in data]


def violations(folder: Path) -> list[Row]:
    """Return the table in ``folder``; nothing in it holds a secret, compressed or not."""
    found = pq.read_table(folder)
    assert found.column_names == ["row", "index", "field", "rule", "message", "hint"]
    assert [str(kind) for kind in found.schema.types] == ["int64", "int32", *["string"] * 4]
    rows = [tuple(row.values()) for row in found.to_pylist()]
    assert shown(repr(rows).encode()) == []
    assert [path for path in folder.rglob("*") if path.is_file() and shown(path.read_bytes())] == []
    return sorted(rows, key=str)


# Runs a job as a script several times in one process: Spark takes long to start.
SEVERAL: Final = """
import runpy, sys
script, *names = sys.argv[1:]
sys.path.insert(0, script.rpartition("/")[0])
for source, target in zip(names[::2], names[1::2], strict=True):
    sys.argv = [script, source, target]
    runpy.run_path(script, run_name="__main__")
"""


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, list[Row]]:
    """Return files and folders of mailboxes, each with its whole table."""
    folder = tmp_path_factory.mktemp("inputs")
    several = many(1000)
    text = b"\n".join(json.dumps(item).encode() for item in several)
    texts = {
        "ugly.jsonl": TEXT,
        "ugly-with-a-mark-and-crlf.jsonl": b"\xef\xbb\xbf" + TEXT.replace(b"\n", b"\r\n") + b"\r\n",
        "empty.jsonl": b"",
        "blank.jsonl": b"\n \n\n",
        "one byte order mark.jsonl": b"\xef\xbb\xbf",
        "several.jsonl": text + b"\n",
        "valid and ugly.jsonl": text + b"\n" + TEXT,
    }
    found: dict[Path, list[Row]] = {}
    for name, data in texts.items():
        (folder / name).write_bytes(data)
        plain = data.removeprefix(b"\xef\xbb\xbf")
        found[folder / name] = expected_of_lines(plain.replace(b"\r\n", b"\n") if "crlf" in name else plain)

    parts = {"b.jsonl": TEXT, "a.jsonl": line(smtp_port=0), "a!.jsonl": text, "_hidden": b"x", ".x.crc": b"x"}
    parts |= {"a b.jsonl": b"[]", "é%20.jsonl": b"null"}
    (folder / "folder").mkdir()
    for name, data in parts.items():
        (folder / "folder" / name).write_bytes(data)
    in_order = b"\n".join(
        parts[name] for name in ("a b.jsonl", "a!.jsonl", "a.jsonl", "b.jsonl", "é%20.jsonl")
    )
    found[folder / "folder"] = expected_of_lines(in_order)

    for name, rows in TABLES.items():
        path = folder / f"{name}.parquet"
        pq.write_table(table(rows) if rows else table(TABLES["usual"])[:0], path)
        found[path] = expected_of_rows(pq.read_table(path).to_pylist())
    (folder / "folder.parquet").mkdir()
    pq.write_table(table(several), folder / "folder.parquet/b.parquet", row_group_size=300)
    pq.write_table(table(TABLES["usual"]), folder / "folder.parquet/a.parquet")
    found[folder / "folder.parquet"] = expected_of_rows(TABLES["usual"] + several)

    decimals = [{"smtp_port": Decimal(587)}, {"smtp_port": Decimal(10**30)}, {"smtp_port": Decimal("0.50")}]
    path = folder / "decimals.parquet"
    pq.write_table(pa.table({"smtp_port": pa.array([row["smtp_port"] for row in decimals])}), path)
    found[path] = expected_of_rows([{"smtp_port": 587}, {"smtp_port": 10**30}, {"smtp_port": 0.5}])
    return found


@pytest.fixture(scope="module")
def outputs(
    inputs: dict[Path, list[Row]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[Path, Path]]:
    """Return what each engine made of each input."""
    made: dict[str, dict[Path, Path]] = {}
    for engine in ("spark", "dask"):
        if (engine == "spark" and not HAS_SPARK) or (engine == "dask" and not HAS_DASK):
            continue
        folder = tmp_path_factory.mktemp(engine)
        made[engine] = {path: folder / path.name for path in inputs}
        names = [str(path) for pair in made[engine].items() for path in pair]
        status, output = run(
            sys.executable, "-c", SEVERAL, str(EXAMPLE / f"{engine}_job.py"), *names, cwd=folder
        )
        assert status == 0, output[-3000:]
    return made


NAMES: Final = [
    "ugly.jsonl",
    "ugly-with-a-mark-and-crlf.jsonl",
    "empty.jsonl",
    "blank.jsonl",
    "one byte order mark.jsonl",
    "several.jsonl",
    "valid and ugly.jsonl",
    "folder",
    *(f"{name}.parquet" for name in TABLES),
    "folder.parquet",
    "decimals.parquet",
]


def test_every_input_is_named(inputs: dict[Path, list[Row]]) -> None:
    assert [path.name for path in inputs] == NAMES
    assert len(expected_of_lines(TEXT)) > len(LINES)


@each_engine
@pytest.mark.parametrize("name", NAMES)
def test_the_table_is_what_the_check_says_row_by_row(
    engine: str, name: str, inputs: dict[Path, list[Row]], outputs: dict[str, dict[Path, Path]]
) -> None:
    path = next(path for path in inputs if path.name == name)
    assert violations(outputs[engine][path]) == inputs[path]


# The page.


def page() -> str:
    return (ROOT / "docs/at-scale.md").read_text(encoding="utf-8")


def shown_table() -> list[Row]:
    """Return the page's table of violations."""
    lines = page().partition("| row | index |")[2].partition("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() or None for cell in line[1:-1].split("|")] for line in lines]
    return sorted(((int(row or ""), int(index or ""), *rest) for row, index, *rest in cells), key=str)  # type: ignore[misc]  # a Row


@each_engine
def test_the_command_of_the_page_writes_its_table(engine: str, tmp_path: Path) -> None:
    commands: list[str] = re.findall(r"^```bash\n(.*)\n```$", page(), re.MULTILINE)
    (command,) = [line for line in commands if engine in line]
    assert len(commands) == len(["spark", "dask"])
    shutil.copytree(EXAMPLE, tmp_path / EXAMPLE.relative_to(ROOT))
    status, output = run("bash", "-c", command, cwd=tmp_path)
    assert status == 0, output[-3000:]
    assert violations(tmp_path / "violations.parquet") == shown_table()

    made = sorted(path.name for path in (tmp_path / "violations.parquet").iterdir())
    status, output = run("bash", "-c", command, cwd=tmp_path)
    assert status != 0
    assert re.search("PATH_ALREADY_EXISTS|FileExistsError", output)
    assert sorted(path.name for path in (tmp_path / "violations.parquet").iterdir()) == made


# What fails, and shows no secret.


@each_engine
def test_a_failure_shows_no_secret(engine: str, tmp_path: Path) -> None:
    """If the check itself raises, or a file is damaged, the traceback has no values."""
    folder = tmp_path / "example"
    shutil.copytree(EXAMPLE, folder)
    (tmp_path / "several.jsonl").write_bytes(TEXT)
    pq.write_table(table(many(100)), tmp_path / "damaged.parquet", use_dictionary=False, compression="none")
    whole = (tmp_path / "damaged.parquet").read_bytes()
    assert shown(whole) != []
    (tmp_path / "damaged.parquet").write_bytes(whole[:400] + b"\xff" * 400 + whole[800:])
    job = str(folder / f"{engine}_job.py")
    status, output = run(sys.executable, job, "damaged.parquet", "damaged", cwd=tmp_path)
    assert status != 0
    assert "Traceback" in output

    with (folder / "check.py").open("a", encoding="utf-8") as check:
        check.write("\ndef iter_mailbox_violations(mailbox, index):\n    raise RuntimeError('a defect')\n")
    status, output = run(sys.executable, job, "several.jsonl", "violations", cwd=tmp_path)
    assert status != 0
    assert "RuntimeError: a defect" in output
    written = [path for path in (tmp_path / "violations").rglob("*") if path.is_file()]
    assert [path for path in written if shown(path.read_bytes())] == []


SPLIT_ANOTHER_WAY: Final = """
import sys
import spark_job
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.conf.set(*sys.argv[2:4])
numbered = spark_job.number(spark, spark_job.read(spark, sys.argv[1]))
spark.conf.set(*sys.argv[4:6])
print(f"no number: {numbered.where('row IS NULL').count()}, {numbered.count()} in all")
"""


@needs_spark
@pytest.mark.parametrize(
    ("setting", "before", "after", "none"),
    [
        # Other blocks.
        ("spark.sql.files.maxPartitionBytes", "20000", "4000", True),
        # The same blocks, several of them in a partition.
        ("spark.sql.files.openCostInBytes", "20000", "1", True),
        ("spark.sql.files.minPartitionNum", "1", "1", False),
    ],
)
def test_records_have_no_number_if_spark_splits_files_another_way(
    setting: str, before: str, after: str, none: bool, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    for number in range(4):
        (tmp_path / f"folder/{number}.jsonl").write_bytes(b"1234567\n" * 750)
    command = [sys.executable, "-c", SPLIT_ANOTHER_WAY, "folder", setting, before, setting, after]
    status, output = run(*command, cwd=tmp_path, PYTHONPATH=str(EXAMPLE))
    assert status == 0, output[-3000:]
    (without, among) = re.findall("no number: ([0-9]+), ([0-9]+) in all", output)[0]
    assert (int(without) > 0, int(among)) == (none, 3000)


# Blocks of any size, and any bytes.


@needs_dask
@pytest.mark.filterwarnings("default")  # of the engine's own modules
@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 401, 402, 403, 5000])
def test_no_line_is_lost_or_read_twice_at_the_edge_of_a_block(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dask: Any = pytest.importorskip("dask")
    job: Any = pytest.importorskip("dask_job")
    records = [b"%d" % number * (number % 9) + b" " for number in range(60)] + [b"x" * 1200, b"y"]
    source = tmp_path / "lines.jsonl"
    source.write_bytes(b"\xef\xbb\xbf" + b"\n".join(records) + b"\n\n")
    monkeypatch.setattr(job, "BLOCK", size)
    with dask.config.set(scheduler="synchronous"):
        parts = job.blocks(str(source))
    read = [record for part in parts for record in enumerate(job.lines(part), part.first_row)]
    assert read == list(enumerate(record for record in records if record.strip()))


@given(
    st.binary() | st.text().map(str.encode) | st.binary().map(lambda data: line()[:90] + data + line()[90:])
)
def test_any_line_gives_rows_and_no_exception(data: bytes) -> None:
    check: Any = importlib.import_module("check")
    rows = check.check([(401, data)]).to_pylist()
    assert {(row["row"], row["index"]) for row in rows} <= {(401, 1)}
    assert shown(repr(rows).encode()) == []
    try:
        mailbox = json.loads(data.decode())
    except ValueError:
        assert [row["rule"] for row in rows] == ["syntax"]
    else:
        said = [
            (401, v.index, v.field, v.rule, v.message, v.hint) for v in iter_mailbox_violations(mailbox, 1)
        ]
        assert [tuple(row.values()) for row in rows] == said
