"""The commands: what each of them does with its arguments."""

from __future__ import annotations

import gc
import io
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from mailbox_schema.contract import PROVENANCE
from mailbox_schema.lint.arguments import CLEAN, TROUBLE, Exit, complete_files, make_parser
from mailbox_schema.lint.catalogue import RULES, contract_rows, expand, explanation
from mailbox_schema.lint.check import (
    NO_NAME,
    STDIN,
    File,
    Found,
    ensure_keys,
    is_pattern,
    open_source,
    opened,
)
from mailbox_schema.lint.config import Config, ConfigError, checked_at, choice_for, config_for, read_config
from mailbox_schema.lint.reports import escape
from mailbox_schema.lint.running import Run, count, report_output
from mailbox_schema.lint.sources import documents
from mailbox_schema.lint.sources.base import Document, SourceError, read_whole
from mailbox_schema.lint.streams import attempt, complain, write

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from mailbox_schema.lint.baseline import Baseline, NewBaseline
    from mailbox_schema.lint.body import Batch, Sendable
    from mailbox_schema.lint.config import Choice, FieldIgnore
    from mailbox_schema.lint.mailboxes import Read
    from mailbox_schema.lint.response import Located


def run() -> int:
    """Run the command as the only thing this process does, and return its exit status."""
    try:
        return main()
    finally:
        # Don't search for garbage at the end of the process: docs/architecture.md, "The few tricks".
        with suppress(AttributeError):  # not in PyPy
            gc.freeze()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with the arguments ``argv`` and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A file name may have characters that the terminal's encoding can't show.
            stream.reconfigure(errors="backslashreplace")
    try:
        status = _status(argv)
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except OSError as error:
        attempt(sys.stdout, "")
        # If the reader has gone, as `head` does, there is nobody to tell.
        has_reader = not isinstance(error, BrokenPipeError)
        attempt(sys.stderr, f"the output can't be written: {error.strerror}\n" if has_reader else "")
        return TROUBLE
    return status


def _status(argv: Sequence[str] | None) -> int:
    try:
        arguments = make_parser().parse_args(argv)
        status = _COMMANDS[arguments.command](arguments)
    except Exit as end:
        return end.status
    except ConfigError as error:
        complain(str(error))
        return TROUBLE
    return status


# check


def _check(arguments: Namespace) -> int:
    command_line = _command_line(arguments)
    if arguments.response is not None:
        with report_output(arguments) as write:
            return _check_answer(arguments, command_line, write)
    if arguments.batch_number is not None:
        raise ConfigError("mailbox-schema check: error: --batch-number requires --response")
    if arguments.diff and (arguments.format != "text" or arguments.output is not None):
        raise ConfigError("mailbox-schema check: error: --diff can't be used with --format or --output")
    found = _find(arguments, command_line)
    files = [_file(arguments, name) for name in found.files]
    files = [file for file in files if not _is_left_out(file.shown, command_line)]
    _require_other_files(arguments, files)
    # All before the first finding is written: a wrong configuration is wrong usage.
    choices = [choice_for(file.shown, command_line) for file in files]
    if arguments.show_settings:
        return _show_settings(files, choices, command_line)
    new_baseline = _new_baseline(arguments)
    baseline = new_baseline or _baseline(arguments)
    with report_output(arguments) as write:
        run = Run(arguments, len(files) + len(found.failures), write, baseline)
        for folder, error in found.failures:
            with run.reading(folder):
                raise error
        treat = run.fix if arguments.fix else run.show_fixes if arguments.diff else run.check
        for file, choice in zip(files, choices, strict=True):
            treat(file, choice)
        for name in found.empty:
            complain(f"{name}: no files of mailboxes found")
        status = run.finish(arguments, new_baseline)
    return TROUBLE if found.empty and arguments.error_on_empty else status


def _show_settings(files: list[File], choices: list[Choice], command_line: Config) -> int:
    for file, choice in zip(files, choices, strict=True):
        config = config_for(file.shown, command_line)
        flags = {
            "force-exclude": config.force_exclude or command_line.force_exclude,
            "strict": choice.strict,
            "allow-placeholders": choice.allow_placeholders,
        }
        settings = {
            "configuration": config.file or "none",
            "include": "the default names" if config.include is None else _listed(config.include),
            "exclude": _listed([*config.exclude, *command_line.exclude]),
            "at": choice.at or "the top",
            **{name: "true" if value else "false" for name, value in flags.items()},
            "per-field-ignores": _listed(map(_show_field_ignore, choice.field_ignores)),
            "rules": _listed(name for name in RULES if name in choice.rules),
        }
        write(
            f"{escape(file.shown)}\n"
            + "".join(f"    {escape(f'{key}: {value}')}\n" for key, value in settings.items())
        )
    return CLEAN


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def _show_field_ignore(ignore: FieldIgnore) -> str:
    """Return it as ``per-field-ignores`` has it: a path, and the rules to ignore there."""
    index, field, rules = ignore
    path = [*([] if index is None else [f"mailbox[{index}]"]), *([] if field is None else [field])]
    return f"{'.'.join(path)} ({_listed(name for name in RULES if name in rules)})"


def _baseline(arguments: Namespace) -> Baseline | None:
    """Return the known findings.

    :raises ConfigError: if they can't be read
    """
    if arguments.baseline is None:
        return None
    from mailbox_schema.lint.baseline import read_baseline  # noqa: PLC0415  # for this option only

    return read_baseline(arguments.baseline)


def _new_baseline(arguments: Namespace) -> NewBaseline | None:
    """Return the baseline that is to be written.

    :raises ConfigError: if it has no name
    """
    if not arguments.write_baseline:
        return None
    if arguments.baseline is None:
        raise ConfigError("mailbox-schema check: error: --write-baseline requires --baseline FILE")
    from mailbox_schema.lint.baseline import NewBaseline, read_baseline  # noqa: PLC0415  # for this option only

    if os.path.isfile(arguments.baseline):
        read_baseline(arguments.baseline)  # another file is not overwritten
    return NewBaseline(arguments.baseline)


def _find(arguments: Namespace, command_line: Config) -> Found:
    """Return the files that the arguments name, or that their folders and patterns stand for."""
    names = sorted(set(arguments.files))
    if not any(os.path.isdir(name) or is_pattern(name) for name in names):
        return Found(names, [], [])
    from mailbox_schema.lint.discovery import find_files  # noqa: PLC0415  # for folders and patterns only

    return find_files(names, command_line, has_type=arguments.type is not None)


def _is_left_out(name: str, command_line: Config) -> bool:
    """Return whether a named file is excluded, if that is forced: pre-commit names all of them."""
    config = config_for(name, command_line)
    is_forced = config.force_exclude or command_line.force_exclude
    if not is_forced or not (config.exclude or command_line.exclude):
        return False
    from mailbox_schema.lint.discovery import is_excluded  # noqa: PLC0415  # for excluded files only

    return is_excluded(name, command_line)


def _require_other_files(arguments: Namespace, files: list[File]) -> None:
    """Refuse to write a report or a baseline over a file that is checked.

    :raises ConfigError: if an option names one
    """
    for option, name in (("--output", arguments.output), ("--baseline", arguments.baseline)):
        if name is not None and any(_is_same(name, file.name) for file in files):
            raise ConfigError(f"mailbox-schema check: error: {option}: {name} is a file to check")


def _is_same(name: str, other: str) -> bool:
    try:
        return os.path.samefile(name, other)
    except OSError:
        return False


def _file(arguments: Namespace, name: str) -> File:
    shown = name if name != STDIN else arguments.stdin_filename or NO_NAME
    return File(name, shown, arguments.type)


def _command_line(arguments: Namespace) -> Config:
    return Config(
        select=_rules_named("--select", arguments.select) or None,
        extend_select=_rules_named("--extend-select", arguments.extend_select),
        ignore=_rules_named("--ignore", arguments.ignore),
        allow_placeholders=arguments.allow_placeholders,
        strict=arguments.strict,
        at=_at(arguments),
        exclude=tuple(arguments.exclude),
        force_exclude=arguments.force_exclude,
        given=None if arguments.config is None else read_config(arguments.config),
    )


def _at(arguments: Namespace) -> str | None:
    try:
        return None if arguments.at is None else checked_at(arguments.at)
    except ValueError as error:
        raise ConfigError(f"mailbox-schema {arguments.command}: error: --at: {error}") from None


def _rules_named(option: str, names: str | None) -> frozenset[str]:
    try:
        return expand([name.strip() for name in (names or "").split(",") if name.strip()])
    except ValueError as error:
        raise ConfigError(f"mailbox-schema check: error: {option}: {error}") from None


def _check_answer(arguments: Namespace, command_line: Config, write: Callable[[str], object]) -> int:
    from mailbox_schema.lint.response import (  # noqa: PLC0415  # for this option only
        locate_answer,
        locate_in_batch,
        read_answer,
    )

    if arguments.fix or arguments.diff:
        raise ConfigError("mailbox-schema check: error: --response can't be used with --fix or --diff")
    if len(arguments.files) != 1 and arguments.batch_number is None:
        raise ConfigError(
            "mailbox-schema check: error: --response requires exactly one FILE, or --batch-number"
        )
    if arguments.response == STDIN and STDIN in arguments.files:
        raise ConfigError("mailbox-schema check: error: standard input can't be both the answer and the file")
    run = Run(arguments, 1, write)
    with run.reading(arguments.response), open_source(arguments.response) as stream:
        lines = read_answer(read_whole(stream))
    if run.troubles:
        return run.finish(arguments)
    run.checked = 0
    if arguments.batch_number is not None:
        sources = _sendables(arguments, command_line)
        _report_located(run, arguments, lines, locate_in_batch(lines, _batch(arguments, sources)))
        run.checked = len(sources)
        return run.finish(arguments)
    file = _file(arguments, arguments.files[0])
    at = choice_for(file.shown, command_line).at
    with run.reading(file.shown), opened(file) as (stream, kind):
        ensure_keys(kind, arguments.at)
        parts = (part for part in documents(stream, kind, at) if isinstance(part, Document))
        _report_located(run, arguments, lines, locate_answer(lines, parts, file.shown))
    return run.finish(arguments)


def _report_located(run: Run, arguments: Namespace, lines: list[str], located: Located) -> None:
    for finding in located.findings:
        run.add(finding, strict=True)
    if not arguments.quiet:
        counts = f"{located.known} also found here, {len(lines) - located.known} found only by the API"
        complain(f"{count(len(lines), 'line')} in the answer: {counts}; {located.missing} found only here")


# body


def _body(arguments: Namespace) -> int:
    from mailbox_schema.lint.body import batches, can_be_forced  # noqa: PLC0415  # for this command only

    if sys.stdout is not None and sys.stdout.isatty():
        complain("the body has passwords, and is not printed to a terminal: send it through a pipe")
        return TROUBLE
    sources = _sendables(arguments, Config(at=_at(arguments)))
    run = Run(arguments, len(sources), write)
    can_force = True
    for source in sources:
        with run.reading(source.file):
            for finding in source.obstacles():
                run.add(finding, strict=False)
                can_force = can_force and can_be_forced(finding)
    if run.troubles or (run.has_failed and not (can_force and arguments.force)):
        status = run.finish(arguments)
        complain(
            "no body is printed" + ("; use --force to print it anyway" * (can_force and not run.troubles))
        )
        return status
    for batch in batches(_mailboxes(sources), arguments.batch):
        write(f"{batch.text}\n")
    return CLEAN


def _sendables(arguments: Namespace, command_line: Config) -> list[Sendable]:
    """Return the files to send, in the order of the arguments: it is that of the mailboxes in the batches."""
    from mailbox_schema.lint.body import Sendable  # noqa: PLC0415  # as in _body

    files = [_file(arguments, name) for name in dict.fromkeys(arguments.files)]
    return [Sendable(file, choice_for(file.shown, command_line).at, arguments.at) for file in files]


def _mailboxes(sources: Iterable[Sendable]) -> Iterator[Read]:
    file = ""
    try:
        for source in sources:
            file = source.file
            yield from source.mailboxes()
    except SourceError as error:
        place = "" if error.position is None else ":{}:{}".format(*error.position)
        complain(f"{file}{place}: {error.reason}")
        raise Exit(TROUBLE) from None


def _batch(arguments: Namespace, sources: Iterable[Sendable]) -> Batch:
    """Return the batch of the number that the arguments give."""
    from mailbox_schema.lint.body import batches  # noqa: PLC0415  # as in _body

    number = 0
    for number, batch in enumerate(batches(_mailboxes(sources), arguments.batch), 1):
        if number == arguments.batch_number:
            return batch
    raise ConfigError(f"mailbox-schema check: error: --batch-number: the last body is number {number}")


# schema, rules, explain, cases


def _schema(arguments: Namespace) -> int:
    from mailbox_schema.schema import schema_text  # noqa: PLC0415  # for this command only

    try:
        text = schema_text(arguments.name)
    except (ValueError, FileNotFoundError) as error:
        complain(str(error))
        return TROUBLE
    write(text)
    return CLEAN


def _rules(_arguments: Namespace) -> int:
    rows: list[tuple[str, ...]] = [("RULE", "PATH", "PROVENANCE", "MESSAGE"), *contract_rows()]
    write("".join(f"{line}\n" for line in _align(rows)))
    write("".join(f"\n{letter}  {meaning}" for letter, meaning in PROVENANCE.items()) + "\n\n")
    advice: list[tuple[str, ...]] = [("ADVICE", "SEVERITY", "")]
    advice += [
        (rule.name, rule.severity if rule.is_default else "off by default", rule.summary)
        for rule in RULES.values()
        if not rule.is_contract
    ]
    write("".join(f"{line}\n" for line in _align(advice)))
    return CLEAN


def _align(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _explain(arguments: Namespace) -> int:
    try:
        page = explanation(arguments.rule)
    except ValueError as error:
        complain(str(error))
        return TROUBLE
    write(f"{page}\n")
    return CLEAN


def _cases(_arguments: Namespace) -> int:
    import json  # noqa: PLC0415  # as above

    from mailbox_schema.cases import golden_cases  # noqa: PLC0415  # for this command only

    try:
        cases = golden_cases()
    except FileNotFoundError as error:
        complain(str(error))
        return TROUBLE
    for case in cases:
        write(f"{json.dumps(case._asdict())}\n")
    return CLEAN


def _lsp(_arguments: Namespace) -> int:
    try:
        from mailbox_schema.lint.lsp import serve  # noqa: PLC0415  # for this command only
    except ModuleNotFoundError as error:
        complain(f"mailbox-schema lsp: error: the extra lsp is not installed (no module {error.name})")
        return TROUBLE
    serve()
    return CLEAN


def _completion(arguments: Namespace) -> int:
    try:
        import shtab  # noqa: PLC0415  # an extra, for this command only
    except ImportError:
        complain("mailbox-schema completion: error: the extra completion is not installed")
        return TROUBLE
    parser = make_parser()
    complete_files(parser)
    write(f"{shtab.complete(parser, arguments.shell)}\n")
    return CLEAN


_COMMANDS: Final[dict[str, Callable[[Namespace], int]]] = {
    "check": _check,
    "body": _body,
    "schema": _schema,
    "rules": _rules,
    "explain": _explain,
    "cases": _cases,
    "lsp": _lsp,
    "completion": _completion,
}
