"""YAML: its line ends, keys, aliases and merges, and their limits."""

import io
import os
from pathlib import Path

import pytest
from lint.command import Run, process, write
from lint.test_positions import Path as Way
from lint.test_positions import read

from mailbox_schema.lint.sources import documents
from mailbox_schema.lint.sources.base import Document, SourceError, Tagged
from mailbox_schema.lint.sources.yaml import is_read_differently


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\u0085"])
@pytest.mark.parametrize(
    "text", ['{{"a": "x{}y", "b": 1}}', "a: x{}y\nb: 1\n", "# x{}y\na: 1\nb: 1\n", "a: |\n x{}y\nb: 1\n"]
)
def test_only_line_feeds_and_carriage_returns_end_a_yaml_line(text: str, separator: str) -> None:
    """YAML 1.2.2, 5.4: U+0085, U+2028 and U+2029 are ordinary characters; JSON has them in strings."""
    (document,) = documents(io.BytesIO(text.format(separator).encode()), "yaml")
    assert isinstance(document, Document)
    assert isinstance(document.value, dict)
    assert document.value["b"] == 1
    expected = 1 if text.startswith("#") else f"x{separator}y" + "\n" * ("|" in text)
    assert document.value["a"] == expected


PRIVATE = "".join(map(chr, range(0xE000, 0xF900)))


@pytest.mark.parametrize("unused", [PRIVATE[0], PRIVATE[-1]])
def test_any_private_character_stands_in_for_a_line_end_of_yaml_1_1(unused: str) -> None:
    comment = f"# {PRIVATE.replace(unused, '')}\n"
    assert read(f"{comment}a: x\u2028y\n", "yaml").value == {"a": "x\u2028y"}


def test_a_line_end_of_yaml_1_1_ends_a_line_if_no_character_can_stand_in() -> None:
    with pytest.raises(SourceError) as refused:
        read(f"# {PRIVATE}\na: x\u2028y\n", "yaml")
    assert refused.value.args == ("not YAML: could not find expected ':'", (3, 1))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("%YAML 1.2\na: 1\n", "a.yaml:2:1: not YAML: it can't be parsed"),
        ("a: - b\n", "a.yaml:1:4: not YAML: block sequence entries are not allowed in this context"),
        ("- a\nb: c\n", "a.yaml:2:1: not YAML: the indentation differs from that of the list above"),
        ("a: &x [*x]\n", "a.yaml:1:8: an alias is inside the value it refers to"),
        ("a: *x\n", "a.yaml:1:4: an alias has no anchor before it"),
        ("? {a: b}\n: c\n", "a.yaml:1:3: a key has to be text"),
        ("a: &x [1]\n*x : 2\n", "a.yaml:2:1: a key has to be text"),
        ("port: {{ port }}\n", "a.yaml:1:7: a placeholder such as `{{ name }}` has to be in quotes"),
        ("<<: 3\n", "a.yaml:1:5: a merge key takes a mapping, or a list of them"),
    ],
)
def test_yaml_that_json_can_not_express_is_refused(run: Run, text: str, reason: str) -> None:
    write("a.yaml", text)
    assert run("check", "a.yaml") == (2, "", f"{reason}\n1 file can't be read or parsed\n")


def test_keys_may_be_aliases_and_have_anchors() -> None:
    text = b"&port smtp_port: 1\nfooter: *port\nbcc: &k imap_port\n*k : 2\n"
    (document,) = (it for it in documents(io.BytesIO(text), "yaml") if isinstance(it, Document))
    assert document.value == {"smtp_port": 1, "footer": "smtp_port", "bcc": "imap_port", "imap_port": 2}
    assert read("[&number 0465, {*number : 1}]", "yaml").value == [465, {"0465": 1}]


def test_documents_before_a_mistake_are_checked(run: Run) -> None:
    write("a.yaml", "smtp_port: 0\n---\nimap_port: [\n")
    assert run("check", "--select", "port", "--ignore", "advice", "a.yaml") == (
        2,
        "a.yaml:1:1: error: mailbox[0].imap_port must be provided and in range <1,65535> [port]\n"
        "    hint: add the field\n"
        "a.yaml:1:12: error: mailbox[0].smtp_port must be provided and in range <1,65535> [port]\n",
        "a.yaml:4:1: not YAML: did not find expected node content\n"
        "2 violations; 1 file can't be read or parsed\n",
    )


@pytest.mark.parametrize("kind", ["toml", "", "YAML", "yml", ".yaml", "json "])
def test_an_unknown_type_raises_key_error_and_is_never_yaml(kind: str) -> None:
    with pytest.raises(KeyError):
        list(documents(io.BytesIO(b"a: 1\n"), kind))


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_more_than_100_tag_directives_are_refused(run: Run, line_end: str) -> None:
    def text(amount: int) -> str:
        directives = [f"%TAG !x{number}! tag:x,2000:" for number in range(amount)]
        return line_end.join([*directives, "---", "[]", ""])

    write("a.yaml", text(100))
    assert run("check", "a.yaml")[::2] == (1, "1 file checked: 1 violation\n")
    write("a.yaml", text(101))
    assert run("check", "a.yaml") == (
        2,
        "",
        "a.yaml: more than 100 %TAG directives\n1 file can't be read or parsed\n",
    )


@pytest.mark.parametrize(
    ("anchored", "size"),
    [
        (f"- &a [{','.join('1' * 99)}]\n", 100),
        (f"- &a [[{','.join('1' * 98)}]]\n", 100),
        (f"- &a {{{', '.join(f'k{number}: 1' for number in range(99))}}}\n", 100),
        (f"- &a {{<<: {{{', '.join(f'k{number}: 1' for number in range(49))}}}, k: 1}}\n", 101),
        (f"- &a {'x' * 256 * 99}\n", 100),
        (f"- &a {'x' * (256 * 99 - 1)}\n", 99),
        (f"- &a '{'x' * 256 * 99}'\n", 100),
        (f"- &a !!str {'x' * 256 * 99}\n", 100),
        (f"- &a !x {'x' * 256 * 99}\n", 100),
        (f"- &a !!bool {'x' * 256 * 99}\n", 100),
        (f"- ? &a {'x' * 256 * 99}\n  : 1\n", 100),
    ],
    ids=["list", "lists", "mapping", "merge", "text", "shorter", "quoted", "!!str", "!x", "!!bool", "key"],
)
def test_a_value_counts_with_what_is_in_it_for_each_alias(anchored: str, size: int) -> None:
    """Aliases may stand for 10,000 values, and four for each character of the file."""
    aliases = "- *a\n" * 4000
    length = (4000 * size - 10_000) // 4
    padding = "#" * (length - len(anchored) - len(aliases) - 1)
    read(f"{anchored}{padding}\n{aliases}", "yaml")
    with pytest.raises(SourceError) as refused:
        read(f"{anchored}{padding[1:]}\n{aliases}", "yaml")
    assert refused.value.args == (
        "the aliases expand to too many values",
        (anchored.count("\n") + 4001, 3),
    )


def test_one_value_by_alias_too_many_is_refused() -> None:
    anchored = f"- &a [{','.join('1' * 99)}]\n- &b 1\n"
    aliases = "- *a\n" * 4000 + "- *b\n"
    padding = "#" * (97_500 - len(anchored) - len(aliases) - 1)
    # 4,000 lists of 100 values, and 1: one more than 10,000 and four for each of 97,500 characters.
    with pytest.raises(SourceError) as refused:
        read(f"{anchored}{padding}\n{aliases}", "yaml")
    assert refused.value.args == ("the aliases expand to too many values", (4004, 3))


def test_values_by_alias_are_limited_in_proportion_to_the_length(run: Run) -> None:
    """10,000 values, and four for each character."""
    # With the list of 100 values, an alias is 101.
    start = f"x-a: &a [{','.join('1' * 100)}]\nmailboxes:\n"
    for amount, is_refused in ((100, False), (107, False), (300, True)):
        text = start + "- *a\n" * amount
        assert (101 * amount > 10_000 + 4 * len(text)) is is_refused
        write("a.yaml", text)
        refused = run("check", "-q", "a.yaml")
        place = start.count("\n") + (10_000 + 4 * len(text)) // 101 + 1
        expected = f"a.yaml:{place}:3: the aliases expand to too many values\n" if is_refused else ""
        assert (refused[0], refused[2]) == (2 if is_refused else 1, expected)


def test_more_than_1000000_values_are_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("base", "yaml"):
        monkeypatch.setattr(f"mailbox_schema.lint.sources.{module}.MOST_VALUES", 1000)
    write("a.yaml", f"[{','.join('1' * 999)}]")
    assert run("check", "-q", "a.yaml")[0] == 1
    write("a.yaml", f"[{','.join('1' * 1000)}]")
    assert run("check", "-q", "a.yaml") == (2, "", "a.yaml:1:2000: more than 1,000 values\n")


MERGES = "".join(
    f"x-{letter}: &{letter}\n" + "".join(f"  key{letter}{number}: 1\n" for number in range(50))
    for letter in "abc"
)


def test_merged_keys_keep_their_order() -> None:
    text = MERGES + "mailboxes:\n- <<: [*b, *a]\n  own: 1\n  <<: *c\n"
    (document,) = (it for it in documents(io.BytesIO(text.encode()), "yaml") if isinstance(it, Document))
    assert isinstance(document.value, dict)
    assert list(document.value["mailboxes"][0]) == [
        "own",
        *(f"key{letter}{number}" for letter in "bac" for number in range(50)),
    ]


def test_no_order_of_a_set_shows_in_the_output(tmp_path: Path) -> None:
    """The same bytes, whatever the hashes of this run."""
    mailboxes = (
        "mailboxes:\n- <<: [*b, *a]\n  smtp_prot: 1\n  <<: *c\n- {smtp_port: 0, smtp_port: x, a b: 1}\n"
    )
    (tmp_path / "a.yaml").write_text(MERGES + mailboxes, encoding="utf-8")
    (tmp_path / "a.csv").write_text("smtp_email,x,y,smtp_email,smtpprot\na@b.com,1\n" * 2, encoding="utf-8")
    (tmp_path / "a.json").write_text(
        '[{"b": 1, "a": 2, "smtp_prot": 3, "bcc": "x", "bcc": "y"}]', encoding="utf-8"
    )
    arguments = ("check", "--select", "all", "--statistics", "--all", "a.yaml", "a.csv", "a.json")
    outputs = set()
    for seed in ("0", "1", "2", "3"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        outputs.add(process(*arguments, cwd=tmp_path, env=environment))
    ((status, output, _),) = outputs
    assert status == 1
    assert output.count("[unknown-field]") > 150


@pytest.mark.parametrize("sign", ["", "+", "-"])
def test_a_decimal_number_has_at_most_4300_digits(sign: str) -> None:
    longest = f"{sign}{'9' * 4300}"
    assert read(f"a: {longest}\n", "yaml").value == {"a": int(longest)}
    with pytest.raises(SourceError) as refused:
        read(f"a: {longest}9\n", "yaml")
    assert refused.value.args == ("a number of more than 4300 digits", (1, 4))


@pytest.mark.parametrize("base", ["x", "o"])
def test_a_number_has_at_most_4300_digits_in_whatever_base(base: str) -> None:
    most = 10**4300 - 1
    assert read(f"a: 0{base}{most:{base}}\n", "yaml").value == {"a": most}
    with pytest.raises(SourceError) as refused:
        read(f"a: 0{base}{most + 1:{base}}\n", "yaml")
    assert refused.value.args == ("a number of more than 4300 digits", (1, 4))


def test_a_text_of_digits_may_be_longer_than_a_number() -> None:
    digits = "9" * 4301
    assert read(f"[!!str {digits}, '{digits}', .{digits}]", "yaml").value == [digits, digits, 1.0]


@pytest.mark.parametrize(
    ("written", "kind"),
    [("! a", str), ("!!str a", str), ("'a'", str), ("a", str), ("!x a", Tagged), ("!x 'a'", Tagged)],
)
def test_a_text_with_a_tag_of_its_own_is_told_from_others(written: str, kind: type) -> None:
    value = read(f"[{written}]", "yaml").value
    assert value == ["a"]
    assert isinstance(value, list)
    assert type(value[0]) is kind


@pytest.mark.parametrize(
    ("plain", "value", "differs"),
    [
        *((plain, None, False) for plain in ("", "~", "null", "Null")),
        *((plain, True, False) for plain in ("true", "True", "TRUE")),
        *((plain, plain, True) for plain in ("yes", "Off", "ON", "no")),
        *((plain, plain, False) for plain in ("y", "nO", "a", "1:x", "..", "0o8")),
        *((plain, plain, True) for plain in ("1:30", "1:59:59", "1_000", "0b11", "1_0.5", "1:30.5")),
        *((plain, plain, True) for plain in ("2026-11-26", "=", "<<")),
        ("587", 587, False),
        ("-587", -587, False),
        ("0x1F", 31, False),
        ("0123", 123, True),
        ("0o14", 12, True),
        ("1.5", 1.5, False),
        (".inf", float("inf"), False),
        ("1e3", 1000.0, True),
    ],
)
def test_yaml_1_1_reads_some_scalars_differently(plain: str, value: object, differs: bool) -> None:
    assert is_read_differently(plain, value) is differs
    assert read(f"a: {plain}\n", "yaml").value == {"a": value}


SPANS = """\
own: ' 1 '
list: [2, {deep: 3}]
shared: &x {in: 4}
alias: *x
tag: !x 5
typed: !!str 6
text: |
  7
<<: {merged: 8}
flow: {none: , x: 9}
"""


@pytest.mark.parametrize(
    ("way", "scalar", "key"),
    [
        (("own",), "' 1 '", "own"),
        (("list", 0), "2", None),
        (("list", 1, "deep"), "3", "deep"),
        (("list",), None, "list"),
        (("list", 2), None, None),
        (("shared",), None, None),
        (("shared", "in"), None, None),
        (("alias", "in"), None, None),
        (("tag",), None, None),
        (("typed",), None, None),
        (("text",), None, "text"),
        (("merged",), None, None),
        (("flow", "none"), "", "none"),
        (("absent",), None, None),
        ((), None, None),
    ],
)
def test_what_is_written_in_one_place_only_has_a_span(way: Way, scalar: str | None, key: str | None) -> None:
    document = read(SPANS, "yaml")
    spans = (document.scalar(way), document.key(way))
    assert [span and SPANS[span.start : span.end] for span in spans] == [scalar, key]
    # After a key that appears twice, it is not certain what an edit changes.
    document = read(f"{SPANS}twice: 1\ntwice: 2\n", "yaml")
    assert (document.scalar(way), document.key(way)) == (None, None)


def test_a_text_alone_has_a_span() -> None:
    span = read("# c\n'x' # c\n", "yaml").scalar(())
    assert span is not None
    assert span[1:] == (4, 7, range(5, 7))


@pytest.mark.parametrize(
    ("text", "way", "line"),
    [
        ("a: 1\nb: ''\nc: 2\n", ("b",), "b: ''\n"),
        ("a: 1\r\nb: x\t \r\nc: 2\r\n", ("b",), "b: x\t \r\n"),
        ("- a: 1\n  b: ''\n", (0, "b"), "  b: ''\n"),
        ("b: ''", ("b",), "b: ''"),
        ("- b: ''\n  a: 1\n", (0, "b"), None),
        ("b: '' # c\n", ("b",), None),
        ("b:\n  ''\n", ("b",), None),
        ("? b\n: ''\n", ("b",), None),
        ("{b: ''}\n", ("b",), None),
        ("{a: 1,\n b: ''}\n", ("b",), None),
        ("{a: 1,\n b: '',\n c: 2}\n", ("b",), None),
        ("{a: 1\n , b: ''\n}\n", ("b",), None),
        ("b: []\n", ("b",), None),
        ("- ''\n", (0,), None),
    ],
)
def test_a_member_is_a_line_of_its_own(text: str, way: Way, line: str | None) -> None:
    span = read(text, "yaml").member(way)
    assert (span and text[span.start : span.end]) == line


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("{a: 1,\n b: x\n , c: 2}\n", ("b",)),
        ("m:\n- {a: 1,\n   b: x\n   , c: 2}\n", ("m", 0, "b")),
        ("- &m\n  b: x\n- <<: *m\n  b: y\n  c: 2\n", (1, "b")),
    ],
)
def test_a_member_has_no_line_in_braces_or_over_a_merged_one(text: str, way: Way) -> None:
    document = read(text, "yaml")
    assert document.key(way) is not None
    assert document.scalar(way) is not None
    assert document.member(way) is None


@pytest.mark.parametrize(
    ("text", "is_text"),
    [
        ("a.io", True),
        ("_a@b.co", True),
        ("\u00fc.io", True),
        ("1.io", True),
        ("587", False),
        ("1.5e3", False),
        ("true", False),
        ("no", False),
        ("1:30", False),
        ("-a", False),
        ("*a", False),
        ('"a"', False),
    ],
)
def test_which_text_without_quotes_is_text(text: str, is_text: bool) -> None:
    assert read("a: b\n", "yaml").reads_as_text(text) is is_text


@pytest.mark.parametrize("style", ["|", ">", "|2-", ">+"])
def test_a_comment_behind_the_mark_of_a_block_is_not_in_its_text(style: str) -> None:
    document = read(f"a: {style} # mailbox-schema: ignore[port]\n  # mailbox-schema: ignore[email]\n", "yaml")
    assert document.comments == [((1, 5 + len(style)), 1, ("port",))]
