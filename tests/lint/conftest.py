"""The command, run in an empty folder."""

import io
from pathlib import Path

import pytest
from lint.command import Run

from mailbox_schema.lint import config
from mailbox_schema.lint.cli import main


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in an empty folder; return its status, output and errors."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        # A run knows each folder's configuration once; the tests change it between runs.
        config._config_in.cache_clear()  # noqa: SLF001  # for the tests only
        try:
            status = main(arguments)
        except SystemExit as exit_:
            status = int(exit_.code or 0)
        output = capsys.readouterr()
        return status, output.out, output.err

    return run
