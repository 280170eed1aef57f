"""The code of docs/models.md, which tests/test_docs.py runs, as a strict type checker sees it."""

import doctest
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parent.parent
PAGE: Final = (ROOT / "docs/models.md").read_text(encoding="utf-8")
TYPED: Final = """\
reveal_type(body.mailboxes[0].smtp_port)
reveal_type(body.mailboxes[0].footer)
reveal_type(body.mailboxes[0].smtp_password)
reveal_type(body.mailboxes[0].to_mailbox()["smtp_password"])
reveal_type(Customer.model_validate_json("{}").mailbox)
body.mailboxes[0].smtp_prot
"""


def test_a_type_checker_accepts_the_page_and_knows_each_field(tmp_path: Path) -> None:
    api = pytest.importorskip("mypy.api", reason="mypy is not here")
    code = "".join(example.source for example in doctest.DocTestParser().get_examples(PAGE))
    (tmp_path / "page.py").write_text(code + TYPED, encoding="utf-8")
    options = [
        "--strict",
        "--config-file=",
        f"--cache-dir={ROOT}/.mypy_cache/page",
        "--hide-error-context",
        "--no-error-summary",
    ]
    output, problems, _ = api.run([*options, str(tmp_path / "page.py")])
    assert problems == ""
    shown = [line.partition(" ")[2] for line in output.splitlines()]
    assert shown == [
        'note: Revealed type is "int"',
        'note: Revealed type is "str | None"',
        'note: Revealed type is "pydantic.types.SecretStr"',
        'note: Revealed type is "str"',
        'note: Revealed type is "mailbox_schema.pydantic.Mailbox"',
        'error: "Mailbox" has no attribute "smtp_prot"; maybe "smtp_port"?  [attr-defined]',
    ]
