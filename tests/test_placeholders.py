"""Placeholders: which texts have one, and which are nothing else."""

import pytest

from mailbox_schema.placeholders import has_placeholder, is_placeholder, replace_placeholders


@pytest.mark.parametrize(
    ("text", "has_one", "is_one", "replaced"),
    [
        ("${A}", True, True, "x"),
        ("${A:-${B}}", True, True, "x"),
        (" {{ a }}{{b}} ", True, True, " xx "),
        ("x${A}", True, False, "xx"),
        ("${A", False, False, "${A"),
        ("${A ${B", False, False, "${A ${B"),
        ("${A {{b}}", True, False, "x}"),
        ("{{ a }", False, False, "{{ a }"),
        ("$A", True, True, "$A"),
        ("$A/b", False, False, "$A/b"),
        ("", False, False, ""),
    ],
)
def test_placeholders_are_found(text: str, has_one: bool, is_one: bool, replaced: str) -> None:
    assert has_placeholder(text) is has_one
    assert is_placeholder(text) is is_one
    assert replace_placeholders(text) == replaced
