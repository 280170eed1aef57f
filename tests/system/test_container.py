"""The Containerfile, built and used as docs/ci.md says, by buildah.

Images of a registry can't be had everywhere, so the image that it starts from is made of Debian's packages. The
tools need root and take a minute, so .ci/run runs this, not the everyday command.
"""

import json
import os
import platform
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parent.parent.parent
TOOLS: Final = ("buildah", "mmdebstrap")
PATH: Final = os.pathsep.join((os.environ["PATH"], "/usr/sbin", "/sbin"))
PAGE: Final = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
BUILD, RUN = re.findall(r"^podman (.*)$", PAGE, re.MULTILINE)
IMAGE: Final = "mailbox-schema"
CONTAINER: Final = "container"

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or None in [shutil.which(tool, path=PATH) for tool in TOOLS],
    reason="needs root, and buildah and mmdebstrap of Debian",
)


def run(*command: str | Path) -> str:
    """Run a command that must pass, in the repository; return its output."""
    # Its own isolation by chroot, and plain copies of files, work inside another container, too.
    settings = {"PATH": PATH, "BUILDAH_ISOLATION": "chroot"}
    done = subprocess.run(  # noqa: S603  # our own commands
        command, cwd=ROOT, env=os.environ | settings, capture_output=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, (command, done.stdout + done.stderr)
    return done.stdout


class Buildah:
    """Runs buildah with a storage of its own."""

    def __init__(self, folder: Path) -> None:
        self._command = [
            "buildah",
            f"--root={folder}/storage",
            f"--runroot={folder}/run",
            "--storage-driver=vfs",
        ]

    def __call__(self, *arguments: str | Path) -> str:
        return run(*self._command, *arguments).strip()

    def make_base(self, archive: Path) -> None:
        """Make the image ``localhost/python`` of Debian's Python; it trusts the certificates that this machine does."""
        suite = platform.freedesktop_os_release()["VERSION_CODENAME"]
        # Unpacked only, not set up: no step of the Containerfile needs a shell.
        packages = "base-files,python3-venv,python-is-python3"
        run("mmdebstrap", "--variant=extract", "--mode=root", f"--include={packages}", suite, archive)
        container, certificates = self("from", "scratch"), "/etc/ssl/certs/ca-certificates.crt"
        self("add", container, archive, "/")
        self("copy", container, certificates, certificates)
        self("config", f"--env=PIP_CERT={certificates}", container)
        self("commit", "--quiet", "--rm", container, "localhost/python")

    def use(self, *arguments: str, volume: str) -> subprocess.CompletedProcess[str]:
        """Run the entry point of the container, as its user and in its folder, as podman does."""
        entry: list[str] = self.read_settings()["Entrypoint"]
        command = [*self._command, "run", "--isolation=chroot", f"--volume={volume}", CONTAINER, "--"]
        return subprocess.run(  # noqa: S603  # our own command
            [*command, *entry, *arguments],
            env=os.environ | {"PATH": PATH},
            capture_output=True,
            check=False,
            encoding="utf-8",
        )

    def read_settings(self) -> dict[str, Any]:
        """Return what the image says about its command."""
        settings: dict[str, Any] = json.loads(self("inspect", "--type=image", IMAGE))["OCIv1"]["config"]
        return settings


def without_status(done: subprocess.CompletedProcess[str]) -> str:
    """Return the errors of a command without what buildah adds about its exit status."""
    return re.sub(r"^(subprocess exited with|Error: exit) status \d\n", "", done.stderr, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def buildah() -> Iterator[Buildah]:
    """Give a buildah that has the image of the page."""
    with TemporaryDirectory() as name:
        buildah = Buildah(Path(name))
        buildah.make_base(Path(name) / "base.tar")
        buildah(*shlex.split(BUILD)[:1], "--build-arg=PYTHON=localhost/python", *shlex.split(BUILD)[1:])
        buildah("from", f"--name={CONTAINER}", IMAGE)
        yield buildah


@pytest.fixture(scope="module")
def files() -> Iterator[Path]:
    """Give a folder that everybody may read, with the examples."""
    with TemporaryDirectory() as name:
        shutil.copytree(ROOT / "docs/examples", Path(name) / "docs/examples")
        run("chmod", "--recursive", "a+rX", name)
        yield Path(name)


def test_the_image_runs_the_command_as_nobody(buildah: Buildah) -> None:
    settings = buildah.read_settings()
    assert (settings["User"], settings["WorkingDir"]) == ("65534:65534", "/work")
    assert (settings["Entrypoint"], settings["Cmd"]) == (
        ["/opt/mailbox-schema/bin/mailbox-schema"],
        ["--help"],
    )


def test_the_command_of_the_page_checks_a_file(buildah: Buildah, files: Path) -> None:
    *_, image, command, name = shlex.split(RUN)
    assert image == IMAGE
    done = buildah.use(command, name, volume=f"{files}:/work:ro")
    (shown,) = re.findall(
        rf"^\$ mailbox-schema check {re.escape(name)}\n(.*?)^```$",
        (ROOT / "docs/linting.md").read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    )
    assert done.stdout + without_status(done) == shown


def test_the_process_can_write_nothing(buildah: Buildah, files: Path) -> None:
    done = buildah.use("check", "--output=/work/report", "docs/examples", volume=f"{files}:/work")
    assert (done.returncode, without_status(done)) == (2, "the output can't be written: Permission denied\n")
    assert not (files / "report").exists()


def test_the_image_has_the_golden_cases_and_nothing_of_the_sources(buildah: Buildah, files: Path) -> None:
    cases = buildah.use("cases", volume=f"{files}:/work:ro")
    assert len(cases.stdout.splitlines()) > 400
    look = "import os; print(os.listdir('/opt'), os.path.exists('/source'))"
    assert buildah("run", CONTAINER, "--", "python", "-c", look) == "['mailbox-schema'] False"
