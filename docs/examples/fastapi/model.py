"""A Pydantic model whose validation and JSON Schema are those of the contract."""

from typing import Any

from pydantic import ConfigDict, RootModel, model_validator

from mailbox_schema import ensure_valid, load_schema


class BulkRequest(RootModel[dict[str, Any]]):
    """A request body. It is kept as it came: no value of it is converted."""

    model_config = ConfigDict(hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def ask_the_contract(cls, body):
        ensure_valid(body)  # InvalidBody is a ValueError, which Pydantic collects
        return body

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema, handler):
        return load_schema()
