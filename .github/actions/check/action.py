"""Run ``mailbox-schema check`` with the inputs of action.yml, and write its outputs."""

import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Final

COMMAND: Final = Path(sys.executable).with_name("mailbox-schema")
TROUBLE: Final = 2


def main() -> int:
    """Return the exit status of the check."""
    report = os.environ["SARIF"].strip()
    if len(report.splitlines()) > 1:
        print("::error::sarif: expected the name of one file")
        return finish(TROUBLE, "")
    status = check(f"--format={os.environ['FORMAT']}")
    if report:
        status = max(status, check("--quiet", "--format=sarif", f"--output={report}"))
    return finish(status, report if Path(report).is_file() else "")


def check(*options: str) -> int:
    """Check the paths, and show what the command prints; return its exit status."""
    done = subprocess.run(  # noqa: S603  # our own command; the paths follow --, so none of them is an option
        [COMMAND, "check", *lines("ARGUMENTS"), *options, "--", *lines("PATHS")],
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="backslashreplace",
    )
    if options == ("--format=github",):
        print(done.stdout, end="", flush=True)
    else:
        show(done.stdout)
    show(done.stderr)
    return done.returncode


def lines(name: str) -> list[str]:
    """Return the lines of an input that are not blank."""
    return [line.strip() for line in os.environ[name].split("\n") if line.strip()]


def show(text: str) -> None:
    """Print text in which GitHub must not look for commands: the name of a file can be one."""
    token = secrets.token_hex(16)
    if text:
        print(f"::stop-commands::{token}\n{text}\n::{token}::", flush=True)


def finish(status: int, report: str) -> int:
    """Write the outputs; return the status."""
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        outputs.write(f"status={status}\nsarif={report}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
