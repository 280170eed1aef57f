"""The programs in other languages, which judge bodies and try patterns in their language.

Debian has no JSON Schema validator for Java or .NET, so these two only try patterns; .NET is Mono.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from tiers import only_with_peers

PROGRAMS: Final = Path(__file__).parent / "languages"


class Language(NamedTuple):
    """A language; ``command`` runs a program in it, and ``packages`` are the packages of Debian that it needs.

    The version of the first package is that of the validator, if there is one.
    """

    name: str
    ending: str
    command: tuple[str, ...]
    packages: tuple[str, ...]


LANGUAGES: Final = {
    language.name: language
    for language in (
        Language(
            ".NET",
            "cs",
            ("csharp", "-r:System.Web.Extensions"),
            ("mono-csharp-shell", "libmono-system-web-extensions4.0-cil"),
        ),
        Language("Go", "go", ("go", "run"), ("golang-github-xeipuuv-gojsonschema-dev", "golang-go")),
        Language(
            "Java",
            "java",
            ("java", "--class-path", "/usr/share/java/json-simple.jar"),
            ("openjdk-17-jdk-headless", "libjson-simple-java"),
        ),
        Language("Perl", "pl", ("perl",), ("libjson-validator-perl",)),
        Language("PHP", "php", ("php",), ("php-json-schema", "php-cli")),
        Language("Ruby", "rb", ("ruby",), ("ruby-json-schemer", "ruby")),
    )
}
# Debian's Go packages are found by path, not as modules.
_ENVIRONMENT: Final = {"GOPATH": "/usr/share/gocode", "GO111MODULE": "off", "GOFLAGS": ""}


def installed(package: str) -> "str | None":
    """Return the version of a package of Debian, or ``None``."""
    if shutil.which("dpkg-query") is None:
        return None
    done = subprocess.run(  # noqa: S603  # fixed arguments
        ["dpkg-query", "--show", "--showformat=${Version}", package],  # noqa: S607  # wherever it is
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout or None


def needs(name: str) -> pytest.MarkDecorator:
    """Skip a test without the language."""
    missing = [package for package in LANGUAGES[name].packages if installed(package) is None]
    return only_with_peers(f"not installed: apt-get install {' '.join(missing)}" if missing else "")


def run(name: str, program: str, given: Any) -> Any:
    """Run ``languages/<program>`` with ``given`` as JSON on its standard input; return what it prints, parsed."""
    language = LANGUAGES[name]
    done = subprocess.run(  # noqa: S603  # our own program
        [*language.command, f"{program}.{language.ending}"],
        cwd=PROGRAMS,
        env={**os.environ, **_ENVIRONMENT},
        input=json.dumps(given),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)
