"""A Pydantic model with the contract's validation and JSON Schema."""

from typing import Any

from pydantic import ConfigDict, RootModel, model_validator

from mailbox_schema import MAX_MAILBOXES, InvalidBody, ensure_valid, iter_violations, load_schema


class BulkRequest(RootModel[dict[str, Any]]):
    """A request body, kept as it was sent: no value is converted."""

    model_config = ConfigDict(hide_input_in_errors=True)

    def __repr_args__(self):
        return ()

    @model_validator(mode="before")
    @classmethod
    def check_contract(cls, body):
        # InvalidBody is a ValueError, which Pydantic collects.
        mailboxes = body.get("mailboxes") if isinstance(body, dict) else None
        if isinstance(mailboxes, list) and len(mailboxes) > MAX_MAILBOXES:
            raise InvalidBody([next(iter_violations(body))])  # not a dozen lines for each mailbox
        ensure_valid(body)
        return body

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema, handler):
        return load_schema()

    @classmethod
    def model_json_schema(cls, *_args, **_options):
        return load_schema()  # Pydantic would look up its references in its own document
