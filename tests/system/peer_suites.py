"""Asks ``is_email`` and ``is_domain`` about every text of peers' own test suites.

``python tests/system/peer_suites.py`` prints the counts, and each text about which we and the peer differ, with
the clause of the contract that decides it. The suites are in the peers' sdists, which pip fetches into a
temporary folder; ``peer-suites.txt`` pins them. Our functions run with the pinned idna and email-validator, too.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
from collections import Counter
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE: Final = Path(__file__).parent
PINS: Final = HERE / "peer-suites.txt"

IDEOGRAPHIC_DOTS: Final = "\u3002\uff0e\uff61"

# The table of idna's tests that is generated from Unicode's own: its texts are shown as a hash.
UTS_46: Final = "test_idna_uts46.py"


class Suite(NamedTuple):
    """What to run of a peer's sdist, and the functions whose calls are recorded."""

    module: str
    functions: str
    tests: tuple[str, ...]
    paths: tuple[str, ...] = (".",)
    options: tuple[str, ...] = ()


SUITES: Final = {
    # test_domain_literal depends on the ipaddress of the Python; test_main.py on a name server.
    "email_validator": Suite(
        "email_validator",
        "validate_email",
        ("test_syntax.py",),
        (".", "tests"),
        ("--deselect=tests/test_syntax.py::test_domain_literal",),
    ),
    "idna": Suite(
        "idna",
        "encode decode alabel ulabel check_label",
        ("test_idna.py", "test_idna_errors.py", UTS_46),
    ),
    "validators": Suite(
        "validators",
        "domain hostname email",
        ("test_domain.py", "test_email.py", "test_hostname.py"),
        ("src",),
    ),
}
# jsonschema's sdist has the JSON Schema Test Suite, which is data.
FORMATS: Final = ("email", "idn-email", "host-name", "hostname", "idn-hostname")


class Case(NamedTuple):
    """A text, and whether a peer accepts it; its options are those that are true."""

    suite: str
    function: str
    options: tuple[str, ...]
    text: str
    accepted: bool

    @property
    def is_email(self) -> bool:
        return "email" in self.function

    @property
    def judged(self) -> str:
        """The text as we judge it: a label alone, which a domain isn't, as the first of two."""
        is_label = not self.is_email and "." not in self.text and self.function != "domain"
        return f"{self.text}.example" if is_label else self.text


def main() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        fetch(folder)
        cases = sorted({*recorded(folder), *of_json_schema(folder)})
        # Before anything imports them: the pinned ones, not the installed ones.
        sys.path[:0] = [str(sdist(folder, name)) for name in ("email_validator", "idna")]
        sys.stdout.write("".join(f"{line}\n" for line in report(cases)))


def fetch(folder: Path) -> None:
    names = ",".join(re.findall(r"^([a-z-]+)==", PINS.read_text(encoding="utf-8"), re.MULTILINE))
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", f"--no-binary={names}"]
    subprocess.run([*command, f"--requirement={PINS}", f"--dest={folder}"], check=True, stdout=sys.stderr)  # noqa: S603  # pip, with our own arguments
    for archive in folder.glob("*.tar.gz"):
        with tarfile.open(archive) as opened:
            opened.extractall(folder, filter="data")


def sdist(folder: Path, name: str) -> Path:
    (found,) = (path for path in folder.glob(f"{name}-*") if path.is_dir())
    return found


def recorded(folder: Path) -> Iterator[Case]:
    """Run the suites, each in a process of its own, with the recorder."""
    for name, suite in SUITES.items():
        root, record = sdist(folder, name), folder / f"{name}.jsonl"
        paths = [HERE, *(root / path for path in suite.paths), sdist(folder, "idna")]
        environment = {
            **os.environ,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # not those installed here
            "PYTHONPATH": os.pathsep.join(map(str, paths)),
            "RECORD_MODULE": suite.module,
            "RECORD_FUNCTIONS": suite.functions,
            "RECORD_FILE": str(record),
        }
        command = [sys.executable, "-m", "pytest", "--quiet", "-p", "peer_recorder", "-p", "no:cacheprovider"]
        command += [f"--rootdir={root}", f"--confcutdir={root}", "-c", os.devnull, *suite.options]
        command += [f"tests/{test}" for test in suite.tests]
        subprocess.run(command, check=True, cwd=root, env=environment, stdout=sys.stderr)  # noqa: S603  # pytest, with our own arguments
        for line in record.read_text(encoding="utf-8").splitlines():
            test, function, options, text, accepted = json.loads(line)
            label = f"{name}, UTS 46" if test == UTS_46 else name.replace("_", "-")
            yield Case(label, function, tuple(options), text, accepted)


def of_json_schema(folder: Path) -> Iterator[Case]:
    for path in sdist(folder, "jsonschema").glob("json/tests/*/optional/format/*.json"):
        if path.stem in FORMATS:
            for group in json.loads(path.read_text(encoding="utf-8")):
                for test in group["tests"]:
                    if isinstance(test["data"], str):
                        yield Case("jsonschema", path.stem, (), test["data"], test["valid"])


# Why we differ: clauses of the contract, each with the question whether it is the one. The first counts.


def local_part(case: Case) -> str:
    return case.text.rpartition("@")[0]


def last_label(case: Case) -> str:
    return case.judged.rpartition(".")[2].lower()


def is_of_special_use(case: Case) -> bool:
    domain = case.text.rpartition("@")[2]
    return "." not in domain or last_label(case) in {"arpa", "invalid", "local", "localhost", "onion", "test"}


def is_mapped(case: Case) -> bool:
    import idna  # noqa: PLC0415  # the pinned one, whose folder main adds

    return idna.uts46_remap(case.text) != case.text


def is_refused_a_label(label: str) -> bool:
    import idna  # noqa: PLC0415  # as in is_mapped

    try:
        idna.ulabel(label)
    except idna.IDNAError:
        return label.startswith("xn--")
    return False


def length(label: str) -> int:
    """Return how many octets the label has in ASCII."""
    return len(label if label.isascii() else b"xn--" + label.encode("punycode"))


def labels(case: Case) -> list[str]:
    return case.judged.split(".")


ADDRESSES_WE_REFUSE: Final[dict[str, Callable[[Case], bool]]] = {
    "Valid email address: display names no": lambda case: case.text.endswith(">"),
    "Valid email address: quoted local parts no": lambda case: '"' in local_part(case),
    "Valid email address: domain literals no": lambda case: "@[" in case.text,
    "Valid email address: dotless and special-use domains no": is_of_special_use,
}
ADDRESSES_WE_ACCEPT: Final[dict[str, Callable[[Case], bool]]] = {
    "Valid email address: default options (not strict: a local part of more than 64 octets)": lambda case: (
        len(local_part(case).encode()) > 64
    ),
    "Valid email address: internationalised addresses yes": lambda case: not local_part(case).isascii(),
}
DOMAINS_WE_REFUSE: Final[dict[str, Callable[[Case], bool]]] = {
    "Valid domain: no trailing dot": lambda case: case.text.endswith("."),
    "Valid domain: no underscore": lambda case: "_" in case.text,
    "Valid domain: no port": lambda case: ":" in case.text,
    "Valid domain: no ideographic or fullwidth dot": lambda case: any(
        dot in case.text for dot in IDEOGRAPHIC_DOTS
    ),
    "Valid domain: no UTS 46 mapping": is_mapped,
    "Valid domain: A-labels checked too": lambda case: any(map(is_refused_a_label, labels(case))),
    "Valid domain: labels of 1 to 63 characters": lambda case: any(
        length(label) > 63 for label in labels(case)
    ),
    "Valid domain: at most 253 octets in A-label form": lambda case: (
        len(labels(case)) - 1 + sum(map(length, labels(case))) > 253
    ),
}
DOMAINS_WE_ACCEPT: Final[dict[str, Callable[[Case], bool]]] = {
    "Valid domain: `ab--cd.example` is plain LDH and accepted": lambda case: any(
        label[2:4] == "--" and not label.startswith("xn") for label in labels(case)
    ),
    "Valid domain: no list of known TLDs": lambda case: "consider_tld" in case.options,
}


def clause(case: Case) -> str:
    ours = {
        (True, False): ADDRESSES_WE_ACCEPT,
        (True, True): ADDRESSES_WE_REFUSE,
        (False, False): DOMAINS_WE_ACCEPT,
        (False, True): DOMAINS_WE_REFUSE,
    }[case.is_email, case.accepted]
    return next((text for text, is_the_one in ours.items() if is_the_one(case)), "NO CLAUSE")


def report(cases: list[Case]) -> Iterator[str]:
    from mailbox_schema.values import is_domain, is_email  # noqa: PLC0415  # with the pinned libraries, as in is_mapped

    texts = {(case.suite, case.is_email, case.text, case.accepted): case for case in cases}
    differing = [
        case for case in cases if case.accepted != (is_email if case.is_email else is_domain)(case.judged)
    ]
    rows = {
        (case.suite, case.is_email, case.text, case.accepted): (
            case.suite,
            shown(case),
            *verdicts(case),
            clause(case),
        )
        for case in differing
    }
    asked, differ = (Counter(suite for suite, *_ in which) for which in (texts, rows))
    for suite, count in sorted(asked.items()):
        yield f"# {suite}: {count} texts, {differ[suite]} differ"
    for text, count in sorted(Counter(row[-1] for row in rows.values()).items()):
        yield f"# {count}: {text}"
    yield "suite\ttext\tpeer\twe\tclause"
    yield from sorted(map("\t".join, rows.values()))


def verdicts(case: Case) -> tuple[str, str]:
    return ("accepts", "refuse") if case.accepted else ("refuses", "accept")


def shown(case: Case) -> str:
    if "UTS 46" in case.suite:
        return f"sha256 {sha256(case.text.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
    return ascii(case.text)


if __name__ == "__main__":
    main()
