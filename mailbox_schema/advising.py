"""The linter's advice on a body, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mailbox_schema import rules
from mailbox_schema.contract import FIELDS
from mailbox_schema.lint.advice import ADVICE, Context
from mailbox_schema.lint.sources.base import Document
from mailbox_schema.values import as_object, text_keys
from mailbox_schema.violation import Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailbox_schema.lint.advice import Advice

_KIND: Final = "json"
_RULES: Final = tuple(
    rule for rule in ADVICE.values() if rule.is_default and (rule.kinds is None or _KIND in rule.kinds)
)


def advice(body: object) -> Iterator[Violation]:
    """Yield the linter's advice on ``body``, by default rules: remarks on what the API accepts.

    ``body`` is read as ``json.loads`` returns it; other mappings than ``dict`` get no advice. Each remark is
    a ``Violation`` in form only: its ``rule`` is the name of an advice rule, its ``reason`` is ``None``, and
    the API says nothing of it.

    >>> for remark in advice({"mailboxes": [{"smtp_port": 993, "smtpServer": "smtp.server.io"}]}):
    ...     print(remark, "-", remark.hint)
    mailbox[0].smtpServer is not an API field - did you mean `smtp_server`?
    mailbox[0].smtp_port is an IMAP port - the usual port is 465 or 587
    """
    context = Context(_with_text_keys(body), Document(), _KIND, lambda _index, _key: ())
    for rule in _RULES:
        if rule.check_body is not None:
            yield from (_remark(None, said) for said in rule.check_body(context))
    for index, mailbox in enumerate(rules.read_body(body)[1]):
        yield from _on_mailbox(mailbox, index, context)


def _on_mailbox(mailbox: object, index: int, context: Context) -> Iterator[Violation]:
    known = _with_text_keys(mailbox)
    violated = rules.violated_fields(as_object(mailbox, FIELDS) or {})
    own = context._replace(violated=frozenset(field.name for field in violated))
    for rule in _RULES:
        yield from (_remark(index, said) for said in rule.check(known, index, own))


def _with_text_keys(value: object) -> dict[str, object]:
    """Return the members that JSON can express; none of what is not a ``dict``."""
    return {key: value[key] for key in text_keys(value)} if type(value) is dict else {}


def _remark(index: int | None, said: Advice) -> Violation:
    return Violation(index, said.field, said.rule, said.message, said.hint)
