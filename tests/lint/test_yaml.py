"""YAML: its line ends, keys, aliases and merges, and their limits."""

import io
import os
from pathlib import Path

import pytest
from lint.command import Run, process, write

from mailbox_schema.lint.sources import documents
from mailbox_schema.lint.sources.base import Document


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


@pytest.mark.parametrize(
    ("text", "reason"),
    [
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


@pytest.mark.parametrize("kind", ["toml", "", "YAML", "yml", ".yaml", "json "])
def test_an_unknown_type_raises_key_error_and_is_never_yaml(kind: str) -> None:
    with pytest.raises(KeyError):
        list(documents(io.BytesIO(b"a: 1\n"), kind))


def test_more_than_100_tag_directives_are_refused(run: Run) -> None:
    def text(amount: int) -> str:
        return "".join(f"%TAG !x{number}! tag:x,2000:\n" for number in range(amount)) + "---\n[]\n"

    write("a.yaml", text(100))
    assert run("check", "a.yaml")[::2] == (1, "1 file checked: 1 violation\n")
    write("a.yaml", text(101))
    assert run("check", "a.yaml") == (
        2,
        "",
        "a.yaml: more than 100 %TAG directives\n1 file can't be read or parsed\n",
    )


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
