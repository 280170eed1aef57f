"""Runs the tests of a module against each of its mutants, in a process of its own.

cosmic-ray would start pytest anew for each mutant, which takes longer than most tests. Here a mutant is tried in a
fork of a process that has loaded what the tests need. A change in the body of a function is made in a process that
has collected the tests, of which only those run that reach the changed line, the quickest first. Any other change is
made before the package is imported, and all tests of the module run.
"""

import functools
import gc
import importlib
import importlib.util
import os
import pickle
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, Final, NamedTuple

import coverage
import pytest
from mutation.mutants import Mutant, unchanged
from mutation.survivors import PACKAGE, TESTS, path_of

KILLED, TIMED_OUT, SURVIVED = "killed", "timed out", "survived"

_TESTS: Final = PACKAGE.parent / "tests"
_OPTIONS: Final = (
    "--override-ini=addopts=", "--import-mode=importlib", "--doctest-modules", "--quiet", "--exitfirst",
    "-p", "no:cacheprovider",
)  # fmt: skip
# A mutant may take this many times as long as the unchanged tests, and the seconds: time of the processor, so
# that a busy machine changes no verdict. The other limits are for a deadlock, and for a list that grows without end.
_TIMES: Final = 2
_SECONDS: Final = 5
_DEADLOCK: Final = 900
_MEMORY: Final = 6 * 2**30

Items = Sequence[pytest.Item]
Send = Callable[[Any], None]


class _Run(NamedTuple):
    """What a run of the unchanged tests tells."""

    seconds: dict[str, float]
    """How long each test takes, of the processor's time."""
    tests: dict[int, list[str]]
    """The tests that reach a line of the module; ``""`` is its import, and that of the tests."""
    modules: list[str]
    """The modules that the tests load."""

    def reaching(self, line: int) -> list[str]:
        """Return the tests that reach a line, or the closest one before it that has code of its own."""
        with_code = [number for number in self.tests if number <= line]
        return list(set(self.tests[max(with_code)])) if with_code else []


def verdicts(module: str, mutants: Sequence[Mutant]) -> Iterator[tuple[Mutant, str]]:
    """Yield each mutant of a module with what became of it."""
    run: _Run
    (run,) = _results(lambda send: send(_unchanged(module)))
    _load(run.modules)
    shape = _shape(unchanged(module))
    late = [
        mutant
        for mutant in mutants
        if mutant.is_in_body and "" not in run.reaching(mutant.line) and _shape(mutant) == shape
    ]
    early = [mutant for mutant in mutants if mutant not in late]
    yield from _results(functools.partial(_late, module, late, run)) if late else ()
    yield from _early(module, early, run) if early else ()


def _early(module: str, mutants: Sequence[Mutant], run: _Run) -> Iterator[tuple[Mutant, str]]:
    """Make each change before the package is imported."""

    def verdict(mutant: Mutant) -> str:
        passes = functools.partial(_passes_from_the_start, mutant, module, run.seconds)
        return _verdict(passes, sum(run.seconds.values()))

    _require_survival(verdict(unchanged(module)))
    for mutant in mutants:
        yield mutant, verdict(mutant)


def _late(module: str, mutants: Sequence[Mutant], run: _Run, send: Send) -> None:
    """Make each change in the function that is there; run the tests that reach it, the quickest first."""

    def act(items: Items, watch: _Watch) -> None:
        things = [thing for thing in gc.get_objects() if _is_of(module, thing)]
        gc.freeze()

        def verdict(mutant: Mutant, names: Iterable[str]) -> str:
            chosen = sorted(names, key=run.seconds.__getitem__)
            passes = functools.partial(
                _passes_changed, mutant, things, [by_name[name] for name in chosen], watch
            )
            return _verdict(passes, sum(map(run.seconds.__getitem__, chosen)))

        by_name = {item.nodeid: item for item in items}
        _require_survival(verdict(unchanged(module), by_name))
        for mutant in mutants:
            send((mutant, verdict(mutant, run.reaching(mutant.line))))

    _collect(module, act)


def _require_survival(verdict: str) -> None:
    """Check what became of the module without a change, so that a mutant is killed by nothing but its change."""
    if verdict != SURVIVED:
        raise RuntimeError(f"without a change: {verdict}")


class _QuickestFirst:
    """A plugin that sorts the tests by how long they took unchanged."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self._seconds = seconds

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: self._seconds.get(item.nodeid, 0))


class _Watch:
    """A plugin that does something else with the collected tests than running them; it notices failures."""

    def __init__(self, act: Callable[[Items, "_Watch"], None]) -> None:
        self._act = act
        self.has_failed = False

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._act(session.items, self)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.has_failed |= report.failed

    def passes(self, items: Items) -> bool:
        """Run tests up to the first that fails."""
        for item, next_ in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=next_)
            if self.has_failed:
                return False
        return True


def _collect(module: str, act: Callable[[Items, _Watch], None]) -> None:
    """Collect the tests of a module, and its doctests."""
    with _arguments(TESTS[module]) as arguments:
        status = pytest.main([*arguments, str(path_of(module))], plugins=[_Watch(act)])
    if status != pytest.ExitCode.OK:
        raise RuntimeError(f"the unchanged tests: {status!r}")


@contextmanager
def _arguments(names: Iterable[str]) -> Iterator[list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        yield [*_OPTIONS, f"--basetemp={folder}/tests", *(str(_TESTS / name) for name in names)]


def _unchanged(module: str) -> _Run:
    file = str(path_of(module))
    coverage_ = coverage.Coverage(data_file=None, include=[file], config_file=False)
    seconds: dict[str, float] = {}

    def measure(items: Items, watch: _Watch) -> None:
        for item, next_ in zip(items, [*items[1:], None], strict=True):
            coverage_.switch_context(item.nodeid)
            start = time.process_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=next_)
            if watch.has_failed:
                raise RuntimeError(f"{item.nodeid} fails without a change")
            seconds[item.nodeid] = time.process_time() - start

    coverage_.start()
    _collect(module, measure)
    coverage_.stop()
    return _Run(seconds, coverage_.get_data().contexts_by_lineno(file), list(sys.modules))


def _load(modules: list[str]) -> None:
    """Import what the tests need of others, so that each fork has it."""
    for name in modules:
        if not name.startswith(("mailbox_schema", "__main__")):
            spec = None
            with suppress(Exception):
                spec = importlib.util.find_spec(name)
            if spec and not (spec.origin or "").startswith(str(_TESTS)):
                with suppress(Exception):
                    importlib.import_module(name)
    if any(name.startswith("mailbox_schema") for name in sys.modules):
        raise RuntimeError("a library imports the package")
    gc.freeze()


# A change outside of a function: made before the package is imported.


class _ChangedLoader(SourceFileLoader):
    changed: str

    def get_code(self, _fullname: str) -> CodeType:
        return compile(self.changed, self.path, "exec", dont_inherit=True)


class _Finder:
    def __init__(self, module: str, changed: str) -> None:
        self._name, path = f"mailbox_schema.{module}", path_of(module)
        self._folder = [str(path.parent)] if path.name == "__init__.py" else None
        self._loader = _ChangedLoader(self._name, str(path))
        self._loader.changed = changed

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        if name != self._name:
            return None
        return importlib.util.spec_from_file_location(
            name, self._loader.path, loader=self._loader, submodule_search_locations=self._folder
        )


def _passes_from_the_start(mutant: Mutant, module: str, seconds: dict[str, float]) -> bool:
    """Run file after file: the first, which mirrors the module, notices most changes.

    The module's doctests can't be run: pytest itself would import the file that is named to it, unchanged.
    """
    sys.meta_path.insert(0, _Finder(module, mutant.source))
    for name in TESTS[module]:
        with _arguments([name]) as arguments:
            if pytest.main(arguments, plugins=[_QuickestFirst(seconds)]) != pytest.ExitCode.OK:
                return False
    return True


# A change in the body of a function: made in the function that is there.


def _is_of(module: str, thing: object) -> bool:
    """Is it a function of the module, or one that remembers results of the unchanged code?"""
    if type(thing) is FunctionType:
        return thing.__code__.co_filename == str(path_of(module))
    return type(thing) is functools._lru_cache_wrapper  # noqa: SLF001  # has no public name


def _passes_changed(mutant: Mutant, things: list[Any], items: Items, watch: _Watch) -> bool:
    codes = list(_codes(compile(mutant.source, "", "exec", dont_inherit=True)))
    times = Counter(map(_key, codes))
    new = {_key(code): code for code in codes if times[_key(code)] == 1}
    for thing in things:
        if type(thing) is not FunctionType:
            thing.cache_clear()
            continue
        code = new.get(_key(thing.__code__))
        if code is not None:
            thing.__code__ = code.replace(co_filename=thing.__code__.co_filename)
    return watch.passes(items)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _shape(mutant: Mutant) -> list[tuple[object, ...]]:
    """Return what has to be the same so that the code of a function can be exchanged."""
    codes = _codes(compile(mutant.source, "", "exec", dont_inherit=True))
    return [(*_key(code), code.co_freevars) for code in codes]


def _key(code: CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


# Forks.


def _results(work: Callable[[Send], None]) -> Iterator[Any]:
    """Do work in a fork; yield what it sends."""
    readable, writable = os.pipe()
    child = os.fork()
    if not child:
        os.close(readable)
        results = os.fdopen(writable, "wb")

        def send(result: object) -> None:
            pickle.dump(result, results)
            results.flush()

        def work_on() -> bool:
            work(send)
            return True

        _exit_after(work_on)
    os.close(writable)
    with os.fdopen(readable, "rb") as pipe, suppress(EOFError):
        while True:
            yield pickle.load(pipe)  # noqa: S301  # our own
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        raise RuntimeError(_OUTPUT.read_text(encoding="utf-8", errors="replace")[-5000:])


def _verdict(passes: Callable[[], bool], seconds: float) -> str:
    child = os.fork()
    if not child:
        limit = int(seconds * _TIMES + _SECONDS)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.alarm(_DEADLOCK)
        _exit_after(passes)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status in {-signal.SIGXCPU, -signal.SIGALRM, -signal.SIGKILL}:
        return TIMED_OUT
    return KILLED if status else SURVIVED


_OUTPUT: Final = Path(tempfile.gettempdir()) / f"mutation-{os.getpid()}.out"


def _exit_after(passes: Callable[[], bool]) -> None:
    """End this process with 0 if ``passes`` returns ``True``; its output is read only if all is lost."""
    output = os.open(_OUTPUT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    status = 1
    try:
        status = 0 if passes() else 1
    except BaseException:  # noqa: BLE001  # whatever a mutant does, the fork ends here
        sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
    finally:
        os._exit(status)
