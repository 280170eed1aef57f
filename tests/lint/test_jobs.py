"""Several processes: the same output in the same order, the same exit status, whatever happens to one."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from io import RawIOBase
from pathlib import Path
from typing import Any

import pytest
from golden import body

from mailbox_schema.lint import effort, workers
from mailbox_schema.lint.effort import processes_that_pay

Run = Callable[..., tuple[int, str, str]]

BODY_OBJECT = "body must be an object [body-object]"


def write(name: str, text: str) -> str:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")
    return name


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_MOST_FILES_A_SLICE", 3)
    monkeypatch.setattr(workers, "_LEAST_SLICES_A_PROCESS", 1)


@pytest.fixture
def files(run: Run) -> list[str]:  # noqa: ARG001  # which makes the folder
    """Files of every type, with and without findings, some of which can't be read."""
    write(
        "conf/pyproject.toml",
        '[tool.mailbox-schema]\nstrict = true\n[tool.mailbox-schema.per-file-ignores]\n"b*" = ["port"]\n',
    )
    return [
        *(write(f"good{number}.json", json.dumps(body())) for number in range(7)),
        write("conf/a.json", json.dumps(body(smtp_port=993))),
        write("conf/b.json", json.dumps(body(smtp_port=0))),
        write("bad.json", json.dumps(body(smtp_port="587", bcc="x", smtp_server="x:25"))),
        write("broken.json", '{"mailboxes": ['),
        write("a.yaml", "- {smtp_port: no}\n---\n- {}\n"),
        write("a.csv", "smtp_email,smtp_port\na@b.com,x\n"),
        # More findings than are sent at once.
        write("a.jsonl", "{}\nx\n" * 200),
        "missing.json",
        "a.txt",
    ]


@pytest.mark.parametrize("kind", ["text", "json", "github", "sarif"])
@pytest.mark.parametrize("jobs", [2, 3, 50])
def test_as_by_one_process(run: Run, files: list[str], kind: str, jobs: int) -> None:
    options = ["--format", kind, "--statistics", "--verbose", "--extend-select", "plaintext-secret"]
    alone = run("check", *options, "--jobs", "1", *files)
    assert alone[0] == 2
    assert run("check", *options, "--jobs", str(jobs), *files) == alone


@pytest.mark.parametrize(("names", "status"), [(["good0.json", "good1.json"], 0), (["good0.json", "bad.json"], 1), (["conf/a.json", "good0.json"], 1), (["good0.json", "missing.json"], 2)])  # fmt: skip
def test_the_exit_status(run: Run, files: list[str], names: list[str], status: int) -> None:
    assert files
    assert [run("check", "--jobs", jobs, *names)[0] for jobs in ("1", "2")] == [status, status]


def test_standard_input_is_checked_by_one_process(run: Run, files: list[str]) -> None:
    text = json.dumps("text").encode()
    status, output, _ = run("check", "--jobs", "2", "-", files[0], stdin=text)
    assert (status, output) == (1, f"<stdin>:1:1: {BODY_OBJECT}\n")


def test_progress(run: Run, files: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr("mailbox_schema.lint.cli._SECONDS_BETWEEN", -1.0)
    shown = run("check", "--quiet", "--jobs", "2", *files[:2], "a.jsonl")[2]
    assert shown.startswith("\r0 of 3 files\x1b[K\r\x1b[K\r1 of 3 files\x1b[K\r2 of 3 files\x1b[K")


# What may happen to a process


def breaking(at: str, how: str = "os._exit(9)") -> str:
    """Return the program of a process that breaks at the file ``at``."""
    return (
        "import os, sys; from mailbox_schema.lint import workers; check = workers.check_file\n"
        "def check_file(arguments, name, choice, listener):\n"
        f"    if name == {at!r}: {how}\n"
        "    check(arguments, name, choice, listener)\n"
        "workers.check_file = check_file\n"
        "workers.work()"
    )


NAMES = [f"{letter}.json" for letter in "abcdefgh"]


def broken(name: str) -> str:
    return f"{name}: the process that checked it has ended before it was done\n"


@pytest.mark.parametrize("at", NAMES)
def test_a_process_that_breaks(run: Run, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    """The file that it was at can't be checked; all the others are."""
    for name in NAMES:
        write(name, '"text"')
    monkeypatch.setattr(workers, "_PROGRAM", breaking(at))
    assert run("check", "--jobs", "2", *NAMES) == (
        2,
        "".join(f"{name}:1:1: {BODY_OBJECT}\n" for name in NAMES if name != at),
        f"{broken(at)}7 files checked: 7 violations; 1 file can't be read or parsed\n",
    )


def test_a_process_that_breaks_within_a_file(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it has found before is kept, once."""
    for name in NAMES[:3]:
        write(name, '"text"')
    how = "listener.begun(); listener.taken(name, 'x'); listener.send(); os._exit(9)"
    monkeypatch.setattr(workers, "_PROGRAM", breaking("b.json", how))
    assert run("check", "--jobs", "2", *NAMES[:3]) == (
        2,
        f"a.json:1:1: {BODY_OBJECT}\nc.json:1:1: {BODY_OBJECT}\n",
        "b.json: taken for x\n"
        + broken("b.json")
        + "2 files checked: 2 violations; 1 file can't be read or parsed\n",
    )


def test_a_process_that_is_cut_off(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES[:2]:
        write(name, '"text"')
    monkeypatch.setattr(workers, "_PROGRAM", breaking("b.json", "os.write(1, b'\\x80\\x05]'); os._exit(9)"))
    assert run("check", "--quiet", "--jobs", "2", *NAMES[:2]) == (
        2,
        f"a.json:1:1: {BODY_OBJECT}\n",
        broken("b.json"),
    )


def test_processes_that_break_at_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """They aren't started for ever."""
    monkeypatch.setattr(workers, "_MOST_BREAKS", 2)
    monkeypatch.setattr(workers, "_PROGRAM", "raise SystemExit")
    assert run("check", "--quiet", "--jobs", "2", *NAMES) == (2, "", "".join(map(broken, NAMES)))


def test_a_process_that_does_not_take_its_work(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"{'x' * 200}{number}.json" for number in range(2000)]
    monkeypatch.setattr(workers, "_MOST_FILES_A_SLICE", 1000)
    monkeypatch.setattr(workers, "_MOST_BREAKS", 0)
    monkeypatch.setattr(workers, "_PROGRAM", "import os; os.close(0)")
    status, output, errors = run("check", "--jobs", "2", *names)
    assert (status, output) == (2, "")
    assert errors.splitlines()[-1] == "2000 files can't be read or parsed"


def test_a_process_that_gets_no_work() -> None:
    """The starter was stopped in between."""
    command = [sys.executable, "-c", workers._PROGRAM]  # noqa: SLF001  # what a starter runs
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603  # as above
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_process_that_can_not_be_started(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert run("check", "--jobs", "2", *NAMES) == (
        2,
        "",
        "mailbox-schema check: error: --jobs: a process can't be started: No such file or directory\n",
    )


def test_a_reader_that_goes_away(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{}\n" * 20_000, encoding="utf-8")
    (tmp_path / "b.jsonl").write_text("{}\n" * 20_000, encoding="utf-8")
    command = [sys.executable, "-m", "mailbox_schema", "check", "--jobs", "2", "a.jsonl", "b.jsonl"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path) as process:  # noqa: S603  # our own command
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 2


def test_stopped_from_the_keyboard(tmp_path: Path) -> None:
    """A process that waits for a file is stopped with the run."""
    for name in ("a.json", "b.json"):
        os.mkfifo(tmp_path / name)
    # Where the tests run in the background, the shell has them ignore the signal.
    program = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from mailbox_schema.lint.cli import main; sys.exit(main())"
    )
    command = [sys.executable, "-c", program, "check", "--jobs", "2", "a.json", "b.json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path)  # noqa: S603  # our own command
    # Whoever opens the other end of such a file waits until it is opened here, too.
    with process, (tmp_path / "a.json").open("wb"):
        process.send_signal(signal.SIGINT)
        assert process.communicate() == (b"", b"")
    assert process.returncode == 130


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_process_ends_when_its_starter_is_ended(tmp_path: Path, how: signal.Signals) -> None:
    """It may be waiting for a file, and would for ever."""
    for name in ("a.json", "b.json"):
        os.mkfifo(tmp_path / name)
    command = [sys.executable, "-m", "mailbox_schema", "check", "--jobs", "2", "a.json", "b.json"]
    with (
        subprocess.Popen(command, cwd=tmp_path) as process,  # noqa: S603  # our own command
        (tmp_path / "a.json").open("wb", buffering=0) as file,  # opened when the process opens it, too
    ):
        process.send_signal(how)
        assert process.wait() == -how
        with pytest.raises(BrokenPipeError):  # nobody has it open any more
            write_for_ten_seconds(file)


def write_for_ten_seconds(file: RawIOBase) -> None:
    for _ in range(1000):
        file.write(b" ")
        time.sleep(0.01)


def test_no_process_can_be_started_any_more(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the first has broken: what it had still to do can't be checked, and what others do is told."""
    for name in NAMES:
        write(name, '"text"')
    started, count = workers._started, iter(range(9))  # noqa: SLF001  # as it is started

    def start() -> Any:
        if next(count) > 1:
            raise workers.NoProcessError("a process can't be started: Resource temporarily unavailable")
        return started()

    monkeypatch.setattr(workers, "_PROGRAM", breaking("a.json"))
    monkeypatch.setattr(workers, "_started", start)
    assert (
        run("check", "--quiet", "--jobs", "2", *NAMES)
        == (
            2,
            "".join(f"{name}:1:1: {BODY_OBJECT}\n" for name in NAMES[3:6]),  # the slice of the other
            "".join(map(broken, NAMES[:3] + NAMES[6:])),
        )
    )


def test_a_process_whose_starter_has_gone(files: list[str]) -> None:
    with subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, "-c", workers._PROGRAM],  # noqa: SLF001  # as it is started
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write(work(files))
        process.stdin.flush()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def work(files: list[str]) -> bytes:
    import pickle  # noqa: PLC0415  # here only

    from mailbox_schema.lint.arguments import Arguments  # noqa: PLC0415  # as above
    from mailbox_schema.lint.config import Choice  # noqa: PLC0415  # as above

    return pickle.dumps((Arguments(), [[(name, Choice(None)) for name in files]]))


# How many there are


@pytest.fixture
def _eight_cores(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(effort, "_cores", lambda: 8)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_eight_cores")
def test_few_files_are_checked_by_one_process() -> None:
    names = [write(f"{number}.json", json.dumps(body())) for number in range(50)]
    assert processes_that_pay(names, None) == 1
    assert processes_that_pay([*names, "missing.json", "a.txt", "nul\0.json"], None) == 1


@pytest.mark.usefixtures("_eight_cores")
def test_many_or_large_files_are_checked_by_several() -> None:
    name = write("a.json", json.dumps(body()))
    small = Path(name).stat().st_size
    assert processes_that_pay([name] * 100_000, None) == 8
    assert processes_that_pay([name] * 10_000, None) == int((10_000 * (30e-6 + small * 40e-9)) / 0.15) == 2
    large = write("large.yaml", "#" * 1_000_000)
    assert processes_that_pay([large], None) == 1
    assert processes_that_pay([large] * 3, None) == 3
    assert processes_that_pay([large] * 3, "json") == 1
    assert processes_that_pay([large] * 20, None) == 8
    # One that is larger than all the others together keeps them no longer than it takes itself.
    assert processes_that_pay([large, name, name], None) == 1
    assert processes_that_pay([large, large, *[name] * 10], None) == 2


def test_the_cores_there_are() -> None:
    assert 1 <= effort._cores() <= (os.cpu_count() or 1)  # noqa: SLF001  # which depends on the machine


def test_no_process_can_be_started_and_nobody_asked_for_one(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [write(f"{number:03}.json", '"text"') for number in range(30)]
    alone = run("check", "--jobs", "1", *names)
    monkeypatch.setattr(effort, "_SECONDS_WORTH_A_PROCESS", 1e-4)
    monkeypatch.setattr(effort, "_cores", lambda: 2)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert run("check", *names) == alone


def test_several_processes_by_default(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the threshold lies: beyond it, the same is said."""
    names = [write(f"{number:03}.json", '"text"') for number in range(30)]
    alone = run("check", *names)
    monkeypatch.setattr(effort, "_SECONDS_WORTH_A_PROCESS", 1e-4)
    monkeypatch.setattr(effort, "_cores", lambda: 2)
    assert processes_that_pay(names, None) == 2
    assert run("check", *names) == alone
