"""Canaries: random secrets whose pieces never occur in ordinary output, and the check that finds them.

A canary is put wherever a secret may end up by mistake, whole or disguised: cut, spaced, escaped, in another
case or Unicode form. An output leaks it if it shows four characters of it in a row, in any disguise.
"""

import contextlib
import html
import io
import json
import os
import re
import sys
import tempfile
import traceback
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple
from unittest.mock import patch
from urllib.parse import quote, unquote

from golden import mailbox
from hypothesis import strategies as st

from mailbox_schema.lint.cli import main
from mailbox_schema.lint.reports import FORMATS

SECRET_FIELDS: Final = ("smtp_password", "imap_password", "smtp_login")
WINDOW: Final = 4
"""The length of the shortest piece that gives a secret away."""


# The command


class Terminal(io.StringIO):
    """A stream that is shown on a terminal, so that the command writes in color and shows its progress."""

    def isatty(self) -> bool:
        return True


class Said(NamedTuple):
    """The result of a run of the command."""

    status: int
    output: str
    errors: str

    @property
    def everything(self) -> str:
        return f"{self.output}\n{self.errors}"


def run(
    *arguments: str, files: Mapping[str, bytes] | None = None, stdin: bytes = b"", terminal: bool = False
) -> Said:
    """Run the command in a new folder that holds ``files``."""
    output, errors = (Terminal(), Terminal()) if terminal else (io.StringIO(), io.StringIO())
    with (
        tempfile.TemporaryDirectory() as folder,
        _in_folder(folder),
        patch("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin))),
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(errors),
    ):
        for name, content in (files or {}).items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_bytes(content)
        try:
            status = main(arguments)
        except SystemExit as exit_:
            status = int(exit_.code or 0)
    return Said(status, output.getvalue(), errors.getvalue())


@contextlib.contextmanager
def _in_folder(folder: str) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


# What leaks

_ESCAPED_CHARACTER: Final = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\x([0-9a-fA-F]{2})")
_COLOR: Final = re.compile(r"\x1b\[[0-9;]*[mK]")
_ADDRESS: Final = re.compile(r" at 0x[0-9a-f]+>")
"""Where an object is in memory, in its ``repr``: any four digits."""
_SEPARATORS: Final = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})


def _with_escapes_read(text: str) -> str:
    r"""Return the text with ``\u0051`` and the like, of JSON, YAML and Python, as characters."""

    def character(match: re.Match[str]) -> str:
        code = int(match[1] or match[2] or match[3], 16)
        return chr(code) if code <= sys.maxunicode else match[0]

    paired = _ESCAPED_CHARACTER.sub(character, text)
    joined = paired.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return re.sub(r"\\([\"'/\\])", r"\1", joined)


def _folded(text: str) -> str:
    """Return the text without case, Unicode form, white space and invisible characters."""
    # Twice: what is casefolded may have another normal form, and what is normalized another case.
    for _ in range(2):
        text = unicodedata.normalize("NFKC", text).casefold()
    if text.isascii():
        return re.sub(r"[\x00-\x20\x7f]+", "", text)
    return "".join(c for c in text if unicodedata.category(c) not in _SEPARATORS)


def readings(text: str) -> set[str]:
    """Return the text as a reader may see it who decodes escapes."""
    plain = _ADDRESS.sub(">", _COLOR.sub("", text))
    read = {plain}
    # Most outputs have nothing to undo. Lone surrogates may be a pair.
    for mark, undo in (("&", html.unescape), ("%", unquote), ("\\", _with_escapes_read)) * 2:
        read |= {undo(each) for each in tuple(read) if mark in each or not each.isascii()}
    return {_folded(each) for each in read}


@lru_cache(100)
def pieces(secret: str) -> set[str]:
    """Return the pieces of a secret that no output may show."""
    return {
        piece
        for reading in readings(secret)
        for start in range(len(reading) - WINDOW + 1)
        if _is_telling(piece := reading[start : start + WINDOW])
    }


def _is_telling(piece: str) -> bool:
    """Return whether a piece can't occur by chance, as punctuation or as a line or column number.

    Documents are shorter than 5000 characters.
    """
    if any(map(str.isalpha, piece)):
        return sum(map(str.isalnum, piece)) > 1
    return re.fullmatch("[5-9_][0-9_]+", piece) is not None


def leaks(output: str, *secrets: str) -> set[str]:
    """Return the pieces of the secrets that the output shows, in any disguise; an empty set if none."""
    return _pieces_in(_read(_FINGERPRINT.sub("", output)), secrets)


# A hash of what is shown next to it: it may have any four digits by chance.
_FINGERPRINT: Final = re.compile('(?<="fingerprint": ")[0-9a-f]{64}')


class _Read(NamedTuple):
    """The readings of an output; ``bare`` are those without punctuation.

    Between letters, punctuation hides nothing: `Q.z-7_W`. After digits, it separates a line or column from what
    follows: `:555: error`.
    """

    plain: set[str]
    bare: set[str]


def _read(output: str) -> _Read:
    plain = readings(output)
    return _Read(plain, {"".join(filter(str.isalnum, each)) for each in plain})


def _pieces_in(read: _Read, secrets: Iterable[str]) -> set[str]:
    return {
        piece
        for piece in set[str]().union(*map(pieces, secrets))
        if any(piece in each for each in read.plain)
        or (not piece[:-1].isdigit() and piece.isalnum() and any(piece in each for each in read.bare))
    }


@cache
def _ordinary() -> _Read:
    """Return what the command and the library show for documents without a canary, in every format."""
    broken = {name: [0] for name in mailbox()} | {"smtp_pasword": 1, "color": 2}
    document = json.dumps({"mailboxes": [broken, None, mailbox(smtp_port="465")], "color": 1}).encode()
    said = [
        run(
            "check", "--format", kind, "--select", "all", "-v", "--statistics", "-", stdin=document
        ).everything
        for kind in FORMATS
    ]
    said += [run("rules").output, json.dumps(mailbox())]
    said += [__file__, *sys.path]  # a traceback names the folders of the checkout, whatever they are called
    return _read("\n".join(said))


# Canaries


class Canary(NamedTuple):
    """A secret; ``value`` is the field's value that contains it, such as an address."""

    secret: str
    value: Any

    @property
    def forms(self) -> tuple[str, ...]:
        """The secret as text, in each way that a program may print it."""
        if isinstance(self.value, (int, float)) and not isinstance(self.value, bool):
            return self.secret, str(self.value), repr(self.value)
        return (self.secret,)


def is_fit(canary: Canary) -> bool:
    """Return whether no piece of the canary occurs in ordinary output."""
    return not _pieces_in(_ordinary(), canary.forms)


_CONSONANTS: Final = "qzxjkwQZXJKW"
_DIGITS: Final = "56789"
_OTHERS: Final = (
    "ψ",
    "ξ",
    "ς",
    "Σ",
    "Ж",
    "Щ",
    "鬱",
    "\uff31",
    "\uff37",
    "\uff17",
    "ž",
    "z\u030c",
    "\U0001d5db",
    "ß",
)


def _mixed(*, least: int = 6, most: int = 14) -> st.SearchStrategy[str]:
    """Letters and digits, such as `Qz7Wq7`: three of four characters in a row never make a word."""
    return st.lists(st.sampled_from([*_CONSONANTS, *_DIGITS]), min_size=least, max_size=most).map("".join)


def _not_ascii() -> st.SearchStrategy[str]:
    characters = st.sampled_from([*_OTHERS, *_CONSONANTS[:6], *_DIGITS[:2]])
    return st.lists(characters, min_size=6, max_size=12).map("".join)


def _punctuated() -> st.SearchStrategy[str]:
    """Passwords like those of a generator, with characters that have a meaning in every file type."""
    characters = st.sampled_from([*_CONSONANTS, *_DIGITS, *"\"'\\<>&%,;:{}[]#!*@|$= -_./~"])
    return st.lists(characters, min_size=8, max_size=16).map("".join).filter(lambda text: text.strip() != "")


_GROUP: Final = st.text(alphabet="qzxjkw", min_size=4, max_size=4)
_NUMERAL: Final = st.text(alphabet=_DIGITS, min_size=5, max_size=20)


def canaries() -> st.SearchStrategy[Canary]:
    """Secrets of every kind that people have, obviously fake."""
    texts = st.one_of(
        _mixed(),
        _not_ascii(),
        _punctuated(),
        st.lists(_GROUP, min_size=4, max_size=4).map(" ".join),
        _NUMERAL,
        _NUMERAL.map(lambda digits: hex(int(digits[:12]))),
        _NUMERAL.map(lambda digits: f"{digits[:7]}e3"),
        _NUMERAL.map(lambda digits: f"{int(digits[:9]):_}"),
    ).map(lambda text: Canary(text, text))
    numbers = _NUMERAL.map(int).map(lambda number: Canary(str(number), number))
    floats = _NUMERAL.map(lambda digits: float(digits[:9]) / 10).map(lambda n: Canary(repr(n), n))
    addresses = _mixed().map(lambda local: Canary(local, f"{local}@getpiedpiper.com"))
    return st.one_of(texts, texts, addresses, numbers, floats).filter(is_fit)


# Disguises


def _cut(draw: st.DrawFn, text: str) -> str:
    start = draw(st.integers(0, max(0, len(text) - WINDOW)))
    return text[start : start + draw(st.integers(WINDOW, 64))]


def _put_in(draw: st.DrawFn, text: str, characters: str) -> str:
    place = draw(st.integers(0, len(text)))
    return text[:place] + draw(st.sampled_from(characters)) + text[place:]


_DISGUISES: Final[tuple[Callable[[st.DrawFn, str], str], ...]] = (
    lambda _draw, text: text,
    _cut,
    lambda draw, text: _put_in(draw, text, " \u00a0\u2003\t"),
    lambda draw, text: _put_in(draw, text, "\x00\x07\x1b\x7f\x85\u200b\u202e\n\r"),
    lambda _draw, text: "".join(text.split()),
    lambda _draw, text: " ".join(text),
    lambda _draw, text: text.swapcase(),
    lambda _draw, text: text.upper(),
    lambda _draw, text: text.lower(),
    lambda _draw, text: text.casefold(),
    lambda _draw, text: unicodedata.normalize("NFC", text),
    lambda _draw, text: unicodedata.normalize("NFD", text),
    lambda _draw, text: unicodedata.normalize("NFKC", text),
    lambda _draw, text: html.escape(text),
    lambda _draw, text: "".join(f"&#{ord(c)};" for c in text),
    lambda _draw, text: quote(text),
    lambda _draw, text: "".join(f"%{byte:02X}" for byte in text.encode()),
    lambda _draw, text: json.dumps(text)[1:-1],
    lambda _draw, text: "".join(f"\\u{ord(c):04x}" if ord(c) < 0x10000 else c for c in text),
    lambda _draw, text: repr(text),
)
# As a name is built around it, or a sentence.
_FRAMES: Final = (
    "{}",
    "{}",
    "{}",
    "{}_old",
    "{}2",
    "smtp_password_{}",
    "smtp_password={}",
    "smtp_password: {}",
    "x-{}",
    "old.{}",
    "_{}",
    '"{}"',
    "({})",
    "mailboxes-0-{}",
    "imap_{}_port",
)


@st.composite
def disguised(draw: st.DrawFn, canary: Canary) -> str:
    """Texts that contain the canary, or a piece of it, in some disguise."""
    text = draw(st.sampled_from(canary.forms))
    for disguise in draw(st.lists(st.sampled_from(_DISGUISES), min_size=1, max_size=2)):
        text = disguise(draw, text)
    return draw(st.sampled_from(_FRAMES)).format(text)


def keys(canary: Canary) -> st.SearchStrategy[str]:
    """Keys that contain the canary or a piece of it; half of them look like a name."""
    texts = disguised(canary)
    return texts | texts.map(lambda text: f"x{re.sub('[^A-Za-z0-9_]', '', text)}")


# Exceptions


def told_by(error: BaseException) -> str:
    """Return everything that printing or logging an exception shows, with its causes."""
    told = ["".join(traceback.format_exception(error))]
    seen: set[int] = set()
    todo: list[BaseException | None] = [error]
    while todo:
        each = todo.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        told += [str(each), repr(each), repr(each.args), *getattr(each, "__notes__", ())]
        # Suppressed or not: loggers and error trackers show the context too.
        todo += [each.__cause__, each.__context__]
    return "\n".join(told)


# Documents


class Planted(NamedTuple):
    """A file with canaries in it, and its type."""

    kind: str
    data: bytes
    secrets: tuple[str, ...]


def _planted_value(canary: Canary) -> st.SearchStrategy[Any]:
    """Values: the canary itself, or something that contains it."""
    return st.one_of(
        st.just(canary.value),
        st.just(canary.value),
        disguised(canary),
        st.sampled_from(
            [
                [canary.value],
                {"value": canary.value},
                {canary.secret: canary.value},
                {canary.secret: None},
                [[canary.secret]],
            ]
        ),
    )


_ANY: Final[st.SearchStrategy[Any]] = st.sampled_from(
    [None, True, False, 1, 0.5, "", "x", [], {}, "smtp_login", "${SMTP_PASSWORD}"]
)


@st.composite
def planted_mailboxes(draw: st.DrawFn, canary: Canary) -> Any:
    """Mailboxes whose secret is the canary, which is in other places too."""
    planted = mailbox(**dict.fromkeys(SECRET_FIELDS, canary.value))
    for name in draw(
        st.lists(st.sampled_from([*planted, "footer", "bcc", "daily_sending_limit"]), max_size=3)
    ):
        planted[name] = draw(_planted_value(canary) | _ANY)
    if draw(st.integers(0, 7)) == 7:
        planted["smtp_server"] = "smtp.gmail.com"
    if draw(st.booleans()):
        planted["imap_port"] = re.sub("[^0-9]", "", canary.secret)[:WINDOW]
    extra = draw(st.dictionaries(keys(canary), _ANY | _planted_value(canary), min_size=1, max_size=4))
    if draw(st.booleans()):
        return {**extra, **planted}
    return {**planted, **extra}


@st.composite
def planted_bodies(draw: st.DrawFn, canary: Canary) -> Any:
    """Bodies, right or wrong, of such mailboxes."""
    items: Any = draw(
        st.lists(planted_mailboxes(canary), min_size=1, max_size=3)
        | st.lists(planted_mailboxes(canary) | _planted_value(canary) | _ANY, min_size=1, max_size=2)
    )
    shape = draw(
        st.sampled_from(["body", "body", "body with more", "list", "one", "object", "list in a list"])
    )
    if shape == "list":
        return items
    if shape == "one":
        return items[0]
    if shape == "object":
        return {"mailboxes": {draw(disguised(canary)): items[0]}}
    if shape == "list in a list":
        return {"mailboxes": [items]}
    body: dict[str, Any] = {"mailboxes": items}
    if shape == "body with more":
        body |= draw(st.dictionaries(keys(canary), _ANY | _planted_value(canary), max_size=2))
        body["completion_notification_types"] = draw(_planted_value(canary) | st.just(["MAIL"]))
    return body


_JSON_SHAPES: Final[tuple[dict[str, Any], ...]] = ({}, {"ensure_ascii": False}, {"indent": 1})


def _as_json(draw: st.DrawFn, canary: Canary) -> str:
    return json.dumps(draw(planted_bodies(canary)), **draw(st.sampled_from(_JSON_SHAPES)))


def _as_json_lines(draw: st.DrawFn, canary: Canary) -> str:
    rows = draw(st.lists(planted_mailboxes(canary) | _planted_value(canary), min_size=1, max_size=3))
    lines = [json.dumps(row, ensure_ascii=draw(st.booleans())) for row in rows]
    return draw(st.sampled_from(["\n", "\r\n", "\n\n"])).join(lines) + "\n"


_CELL_NAMES: Final = ("smtp_email", "SMTP login", "SMTP password", "imap_password", "smtp_port", "IMAP port")


def _as_csv(draw: st.DrawFn, canary: Canary) -> str:
    delimiter = draw(st.sampled_from(",;\t|"))

    def cell(text: str) -> str:
        if draw(st.booleans()):
            return text
        return '"' + text.replace('"', '""') + '"'

    secret = str(canary.value)
    cells = disguised(canary) | st.just(secret) | st.sampled_from(["", "-", "465", "jared@getpiedpiper.com"])
    header = [*_CELL_NAMES, *draw(st.lists(cells | st.sampled_from(_CELL_NAMES), max_size=2))]
    rows = [
        ["jared@getpiedpiper.com", secret, secret, *draw(st.lists(cells, max_size=8))]
        for _ in range(draw(st.integers(1, 3)))
    ]
    above = draw(
        st.sampled_from(["", "", "", f"sep={delimiter}\n", f"{secret}\n", f"{secret}{delimiter}x\n"])
    )
    lines = draw(st.sampled_from([[header, *rows], [header, *rows], rows]))
    return above + "".join(delimiter.join(map(cell, line)) + "\n" for line in lines)


_YAML_VALUES: Final = (
    "{}",
    "{}",
    '"{}"',
    "'{}'",
    "!{} x",
    "!vault {}",
    "!<tag:yaml.org,2002:{}> x",
    "!!int {}",
    "!!binary {}",
    "&{0} {0}",
    "&a {}",
    "*{}",
    "|\n    {}",
    ">-\n    {}\n    {}",
    "[{}, {}",
    "{{{}, {}: x}}",
    "{{{}: {}}}",
    "x # {}",
    "x #{}",
    "{}: {}",
    "{{{{ {} }}}}",
    "@{}",
    "`{}`",
    "%{}",
    "- {}",
    "? {}",
    '"{}\\q"',
    '"{}',
    "\t{}",
)
_YAML_HEADS: Final = (
    "",
    "",
    "",
    "---\n",
    "%YAML 1.2\n---\n",
    "%YAML {}\n---\n",
    "%{} x\n---\n",
    "%TAG !{}! tag:{},2000:\n---\n",
    "%TAG ! tag:{},2000:\n%TAG ! tag:{},2000:\n---\n",
    "# {}\n",
    "{}\n---\n",
    "{}: {}\n---\n",
    "defaults: &{} {{smtp_password: {}}}\n---\n",
)


def _as_yaml(draw: st.DrawFn, canary: Canary) -> str:
    if draw(st.integers(0, 3)) == 0:
        return json.dumps(draw(planted_bodies(canary)), ensure_ascii=draw(st.booleans()))

    def filled(template: str) -> str:
        return template.format(*(draw(disguised(canary) | st.just(canary.secret)) for _ in range(2)))

    lines = [f"{name}: {value}" for name, value in mailbox(smtp_password=..., imap_password=...).items()]
    lines += [f"{name}: {filled(draw(st.sampled_from(_YAML_VALUES)))}" for name in SECRET_FIELDS]
    for template in draw(
        st.lists(
            st.sampled_from(["{}: {}", "{}:", "{}", "? {}\n  : {}", "<<: {}", "<<: *{}", "- {}", "# {}"]),
            max_size=2,
        )
    ):
        lines.insert(draw(st.integers(0, len(lines))), filled(template))
    head = filled(draw(st.sampled_from(_YAML_HEADS)))
    style = draw(st.sampled_from(["body", "list", "one", "flow"]))
    if style == "flow":
        return f"{head}mailboxes: [{{{', '.join(lines)}}}]\n"
    if style == "one":
        return head + "".join(f"{line}\n" for line in lines)
    indent = "  " if style == "body" else ""
    items = f"\n{indent}  ".join(lines)
    return f"{head}{'mailboxes:' if style == 'body' else ''}\n{indent}- {items}\n"


_WRITERS: Final[dict[str, Callable[[st.DrawFn, Canary], str]]] = {
    "json": _as_json,
    "jsonl": _as_json_lines,
    "csv": _as_csv,
    "yaml": _as_yaml,
}
_TYPING_ERRORS: Final[tuple[str, ...]] = (
    *"\"'{}[]:,&*!#%|>@`?-\\ \n\t",
    ": ",
    "\x00",
    "\x07",
    "\ufeff",
    "0",
    "NaN",
    "//",
)


def _mistyped(draw: st.DrawFn, text: str) -> str:
    """Return the text with one mistake that breaks it, or another that doesn't."""
    place = draw(st.integers(0, len(text)))
    mistakes = ["none"] * 6 + ["cut off", "put in", "taken out", "comma", "doubled"]
    mistake = draw(st.sampled_from(mistakes))
    if mistake == "cut off":
        return text[:place]
    if mistake == "put in":
        return text[:place] + draw(st.sampled_from(_TYPING_ERRORS)) + text[place:]
    if mistake == "taken out":
        return text[:place] + text[place + 1 :]
    if mistake == "comma":
        colon = text.find(":", place)
        return text if colon < 0 else f"{text[:colon]},{text[colon + 1 :]}"
    return text * 2 if mistake == "doubled" else text


def _encoded(draw: st.DrawFn, text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    how = draw(st.sampled_from(["plain"] * 12 + ["mark", "UTF-16", "invalid"]))
    if how == "mark":
        return b"\xef\xbb\xbf" + data
    if how == "UTF-16":
        return text.encode("utf-16", "surrogatepass")
    if how == "invalid":
        place = draw(st.integers(0, len(data)))
        return data[:place] + b"\xff" + data[place:]
    return data


@st.composite
def planted_files(draw: st.DrawFn) -> Planted:
    """Files of every type with a canary in them, many of them broken."""
    canary = draw(canaries())
    kind = draw(st.sampled_from(list(_WRITERS)))
    text = _mistyped(draw, _WRITERS[kind](draw, canary))
    if draw(st.integers(0, 9)) == 9:
        kind = draw(st.sampled_from(list(_WRITERS)))
    return Planted(kind, _encoded(draw, text), canary.forms)


# Answers of the API


_INDICES: Final = st.sampled_from(["0", "0", "1", "7", "00", "-1"])
_LINES: Final = (
    "mailbox[{index}].{field} must not be blank",
    "mailbox[{index}].{field} must not be blank {secret}",
    "mailbox[{index}].{field} {secret}",
    "mailbox[{index}].{field} {secret} is wrong",
    "mailbox[{index}].{field} must not be '{secret}'",
    "mailbox[{index}].{secret} must not be blank",
    "mailbox[{index}].{secret} {secret}",
    "mailbox[{index}].{field}.{secret} must not be blank",
    "mailbox[{index}].{secret}.{field} must not be blank",
    "mailbox[{index}] {secret} must be an object",
    "mailbox[{secret}].{field} must not be blank",
    "mailbox[{secret}].x is wrong",
    "mailbox[{secret}] must be an object",
    "mailbox {index} {secret}",
    "{secret}",
    "{secret} must not be blank",
    "{secret} must be provided",
    "{field} {secret} if provided",
    "mailboxes {secret}",
    "completion_notification_types {secret}",
    "{secret}_{secret} must be x",
    "Login failed for {secret}: 535",
    "\n{secret}",
)


@st.composite
def planted_lines(draw: st.DrawFn, canary: Canary) -> str:
    """Lines of an answer that quote the canary."""
    template = draw(st.sampled_from(_LINES))
    secret = draw(disguised(canary) | st.just(canary.secret) | st.just(str(canary.value)))
    field = draw(st.sampled_from([*SECRET_FIELDS, "smtp_port", "imap_server", "nothing"]))
    return template.format(index=draw(_INDICES), field=field, secret=secret)


@st.composite
def planted_answers(draw: st.DrawFn, canary: Canary) -> Any:
    """Answers of the API, of every status, right or wrong, that quote the canary."""
    holding = disguised(canary) | st.just(canary.value) | _planted_value(canary) | _ANY
    lines = st.lists(planted_lines(canary), min_size=1, max_size=4)
    failure = st.fixed_dictionaries(
        {"code": st.just("VALIDATION_FAILURE") | holding, "details": lines | st.lists(holding) | holding}
    )
    problem = st.fixed_dictionaries(
        {
            "title": disguised(canary),
            "status": st.just(401) | holding,
            "detail": planted_lines(canary) | holding,
            "timestamp": st.just("2025-03-05 17:57:00") | st.just("2025-02-30 00:00:00") | holding,
        }
    )
    number = st.integers(0, 200)
    summary = st.fixed_dictionaries(
        {
            "processing_finished": st.booleans(),
            "batch_size": number,
            "pending_mailboxes_count": number,
            "connected_mailboxes_count": number,
            "conditionally_connected_mailboxes_count": number,
            "failed_mailboxes_count": number,
            "conditionally_connected_mailboxes": st.lists(planted_mailboxes(canary), max_size=1) | holding,
            "failed_mailboxes": st.lists(planted_mailboxes(canary) | holding, max_size=2) | holding,
        }
    )
    accepted = st.fixed_dictionaries({"batch_id": holding})
    answer = draw(st.one_of(failure, failure, problem, summary, accepted))
    if draw(st.booleans()):
        answer[draw(disguised(canary))] = draw(holding)
    if draw(st.integers(0, 5)) == 5:
        answer.pop(draw(st.sampled_from(sorted(answer))))
    return answer


# Forms

_SPELLINGS: Final = ("{field}", "mailboxes-0-{field}", "mailboxes[0][{field}]", "mailboxes.1.{field}")


@st.composite
def planted_forms(draw: st.DrawFn, canary: Canary) -> dict[str, Any]:
    """Data of forms, of one mailbox or of several, that contain the canary."""
    spelling = draw(st.sampled_from(_SPELLINGS))
    texts = disguised(canary) | st.just(str(canary.value))
    form: dict[str, Any] = {
        spelling.format(field=field): draw(texts | st.lists(texts, max_size=2))
        for field in draw(st.permutations([*mailbox(), *SECRET_FIELDS, "daily_sending_limit", "footer"]))
        if draw(st.booleans())
    }
    form |= draw(st.dictionaries(disguised(canary), texts, max_size=2))
    form |= {
        spelling.format(field=draw(disguised(canary))): draw(texts) for _ in range(draw(st.integers(0, 1)))
    }
    form |= {f"mailboxes[{canary.secret}][smtp_port]": "465" for _ in range(draw(st.integers(0, 1)))}
    return form
