"""The command line -> its arguments.

What is usually written after ``check`` is read here by hand; help, abbreviations and whatever is wrong are
left to argparse, which takes longer to load than a thousand files take to check.
"""

from mailbox_schema.lint.sources import KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, _SubParsersAction
    from collections.abc import Sequence
    from typing import Final

TYPES: "Final" = tuple(sorted(set(KINDS.values())))
"""The types of files, as ``--type`` names them."""
FORMATS: "Final" = ("text", "json", "github", "sarif")
"""How findings are written, as ``--format`` names it."""


class Arguments:
    """What the command line says, or what holds where it says nothing."""

    command: str
    # check
    files: "Sequence[str]" = ()
    type: "str | None" = None
    stdin_filename: "str | None" = None
    format: str = "text"
    select: "str | None" = None
    extend_select: "str | None" = None
    ignore: "str | None" = None
    strict: bool = False
    allow_placeholders: bool = False
    response: "str | None" = None
    jobs: "int | None" = None
    quiet: bool = False
    statistics: bool = False
    verbose: bool = False
    # schema, explain
    name: str = "request"
    rule: str = ""


def parsed(argv: "Sequence[str]") -> Arguments:
    """Return the arguments; help, the version and wrong usage end the program, as argparse has it."""
    return plain(argv) or parser().parse_args(argv, Arguments())


_FLAGS: "Final" = {
    "--strict": "strict",
    "--allow-placeholders": "allow_placeholders",
    "-q": "quiet",
    "--quiet": "quiet",
    "--statistics": "statistics",
    "-v": "verbose",
    "--verbose": "verbose",
}
_OPTIONS: "Final" = {
    "--stdin-filename": "stdin_filename",
    "--select": "select",
    "--extend-select": "extend_select",
    "--ignore": "ignore",
    "--response": "response",
}
_CHOICES: "Final" = {"--type": ("type", TYPES), "--format": ("format", FORMATS)}
_JOBS: "Final" = ("-j", "--jobs")
# What is longer is a slip: no machine has as many cores.
_MOST_DIGITS: "Final" = 4


def plain(argv: "Sequence[str]") -> "Arguments | None":
    """Return the arguments of ``check [OPTION]... [--] FILE... [OPTION]...``, each option written out.

    ``None`` for all else: then argparse decides. Where both decide, they say the same.

    >>> plain(["check", "--format", "json", "a.json", "b.json"]).files
    ['a.json', 'b.json']
    >>> plain(["check", "--form", "json", "a.json"]) is None
    True
    """
    if not argv or argv[0] != "check":
        return None
    arguments = Arguments()
    arguments.command = "check"
    place = 1
    while place < len(argv):
        word = argv[place]
        if word in _FLAGS:
            setattr(arguments, _FLAGS[word], True)
            place += 1
        elif not arguments.files and (files := _files(argv, place)):
            arguments.files = files
            place += len(files) + (word == "--")
        elif place + 1 < len(argv) and _sets_option(arguments, word, argv[place + 1]):
            place += 2
        else:
            return None
    return arguments if arguments.files else None


def _names_something(word: str) -> bool:
    return word == "-" or not word.startswith("-")


def _files(argv: "Sequence[str]", place: int) -> "list[str]":
    """Return the files that stand at ``place``; behind ``--``, all are files."""
    if argv[place] == "--":
        files = list(argv[place + 1 :])
        # What a second one means is argparse's to say.
        return [] if "--" in files else files
    end = place
    while end < len(argv) and _names_something(argv[end]):
        end += 1
    return list(argv[place:end])


def _sets_option(arguments: Arguments, option: str, value: str) -> bool:
    """Set the option if there is one of that name and it may have that value; say whether."""
    if not _names_something(value):
        return False
    if option in _OPTIONS:
        setattr(arguments, _OPTIONS[option], value)
        return True
    if option in _CHOICES and value in _CHOICES[option][1]:
        setattr(arguments, _CHOICES[option][0], value)
        return True
    if option in _JOBS and (number := _number_of_processes(value)):
        arguments.jobs = number
        return True
    return False


def _number_of_processes(text: str) -> int:
    """Return the number that ``text`` is, or 0 if it is none from 1."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0


# argparse


def parser() -> "ArgumentParser":
    """Return the parser of the whole command line."""
    from argparse import ArgumentParser  # noqa: PLC0415  # slow to load, and rarely needed

    from mailbox_schema import __version__  # noqa: PLC0415  # needed here only

    parser = ArgumentParser(
        prog="mailbox-schema",
        description="Say what the API would say about a request that connects mailboxes in bulk.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, dest="command", metavar="COMMAND")
    _add_check(commands)
    schema = commands.add_parser("schema", help="print a schema document")
    schema.add_argument(
        "name",
        nargs="?",
        default=Arguments.name,
        metavar="NAME",
        help="request, if not given; one that there is not lists all",
    )
    commands.add_parser("rules", help="list the rules: the contract's, and advice")
    explain = commands.add_parser("explain", help="print the page of a rule")
    explain.add_argument("rule", metavar="RULE")
    return parser


def _add_check(commands: "_SubParsersAction[ArgumentParser]") -> None:
    from argparse import SUPPRESS  # noqa: PLC0415  # as above

    check = commands.add_parser(
        "check",
        help="check files of mailboxes",
        description="Check files of mailboxes: JSON, YAML, CSV and JSON Lines. A file holds a request body, a"
        " list of mailboxes, or one mailbox; a CSV file a mailbox a row, a JSON Lines file one a line.",
        epilog="Exit status: 0 clean, 1 errors (with --strict, or warnings), 2 a file that can't be read or"
        " parsed, output that can't be written, or wrong usage.",
        argument_default=SUPPRESS,  # Arguments says what holds where an option isn't given
    )
    add = check.add_argument
    add("files", nargs="+", metavar="FILE", help="a file, or - for standard input")
    add("--type", choices=TYPES, help="the type of the files; else their names tell")
    add("--stdin-filename", metavar="NAME", help="the name that stands for standard input")
    add("--format", choices=FORMATS, help="how findings are written (text)")
    add(
        "--select",
        metavar="RULES",
        help="look for these rules only, separated by commas; or all, default, contract, advice",
    )
    add("--extend-select", metavar="RULES", help="look for these rules too")
    add("--ignore", metavar="RULES", help="do not look for these rules")
    add("--strict", action="store_true", help="warnings fail the run too")
    add(
        "--allow-placeholders",
        action="store_true",
        help="a value that is wholly a placeholder passes every rule",
    )
    add("--response", metavar="ANSWER", help="locate the lines of this answer of the API in FILE")
    add(*_JOBS, type=_jobs, metavar="N", help="check in N processes at once; else in as many as pay")
    add("-q", "--quiet", action="store_true", help="findings only, no summary")
    add("--statistics", action="store_true", help="count the findings of each rule, on standard error")
    add("-v", "--verbose", action="store_true", help="say what each file was taken for")


def _jobs(text: str) -> int:
    from argparse import ArgumentTypeError  # noqa: PLC0415  # as above

    number = _number_of_processes(text)
    if not number:
        raise ArgumentTypeError(f"has to be a number from 1 to {10**_MOST_DIGITS - 1}: {text!r}")
    return number
