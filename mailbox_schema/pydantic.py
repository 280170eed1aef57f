"""Models for pydantic 2 that decide as the contract does, and show no password; needs the extra ``pydantic``.

Each violation is an error of its own. ``loc`` is its place, such as ``("mailboxes", 0, "smtp_port")``,
``msg`` is the API's message, and ``type`` is the rule, such as ``mailbox_schema.port``. ``ctx`` has the
``reason`` and the ``hint``, and for a :class:`Body` also the API's ``line``.

No error of a :class:`SafeModel` contains the input, as pydantic's own errors do. :class:`Mailbox` and
:class:`Body` are such models. An error that another model, a union or a list around them adds itself contains
its input, passwords included: derive that model from :class:`SafeModel`, or annotate the type with
:func:`hide_inputs`.

>>> try:
...     Body.model_validate({"mailboxes": [{"smtp_port": "465"}]})
... except ValidationError as error:
...     error.errors()[3]  # doctest: +NORMALIZE_WHITESPACE
{'type': 'mailbox_schema.port', 'loc': ('mailboxes', 0, 'smtp_port'),
 'msg': 'must be provided and in range <1,65535>', 'input': '(not shown)',
 'ctx': {'reason': 'type', 'hint': 'write the number without quotes',
         'line': 'mailbox[0].smtp_port must be provided and in range <1,65535>'}}
"""

# No future annotations: pydantic reads them.
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    PlainValidator,
    SecretStr,
    SerializationInfo,
    ValidationError,
    ValidatorFunctionWrapHandler,
    model_validator,
)
from pydantic.functional_validators import ModelWrapValidatorHandler
from pydantic_core import InitErrorDetails, PydanticCustomError, core_schema
from typing_extensions import Self

from mailbox_schema import types
from mailbox_schema.contract import BODY_KEYS, FIELDS, SECRET_FIELDS
from mailbox_schema.schema import load_schema
from mailbox_schema.validation import iter_mailbox_violations, iter_violations
from mailbox_schema.values import as_array, as_integer, as_object, as_text
from mailbox_schema.violation import Violation
from mailbox_schema.vocabulary import NOT_SHOWN

_Places = tuple[int | str, ...]
_MAILBOXES: Final = BODY_KEYS[0]

__all__ = ["Body", "Mailbox", "SafeModel", "hide_inputs"]


def hide_inputs(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """Validate with ``handler``; its errors contain a fixed text in place of each input.

    A wrap validator, for a type that is not a :class:`SafeModel`:

    >>> from pydantic import TypeAdapter, WrapValidator
    >>> adapter = TypeAdapter(Annotated[Mailbox | int, WrapValidator(hide_inputs)])
    >>> try:
    ...     adapter.validate_python({"smtp_password": "secret-smtp-password"})
    ... except ValidationError as error:
    ...     {each["input"] for each in error.errors()}
    {'(not shown)'}
    """
    try:
        return handler(value)
    except ValidationError as error:
        hidden = _without_inputs(error)
    raise hidden  # outside the handler: the error with the inputs must not become its context


def _without_inputs(error: ValidationError) -> ValidationError:
    lines = [
        _line(each["type"], each["msg"], each["loc"], each.get("ctx"))
        for each in error.errors(include_url=False, include_input=False)
    ]
    return _error(error.title, lines)


def _line(kind: str, message: str, place: _Places, context: dict[str, Any] | None) -> InitErrorDetails:
    return InitErrorDetails(type=PydanticCustomError(kind, message, context), loc=place, input=NOT_SHOWN)


def _error(title: str, lines: list[InitErrorDetails]) -> ValidationError:
    return ValidationError.from_exception_data(title, lines, hide_input=True)


class SafeModel(BaseModel):
    """A pydantic model whose errors contain no input: the base of your own models around a mailbox.

    It also covers JSON that can't be parsed, by ``model_validate_json``, and the assignment of a value.

    >>> class Invitation(SafeModel):
    ...     customer: str
    ...     mailbox: Mailbox
    >>> try:
    ...     Invitation.model_validate({"mailbox": {"smtp_password": "secret-smtp-password"}})
    ... except ValidationError as error:
    ...     error.errors(include_url=False)[0]
    {'type': 'missing', 'loc': ('customer',), 'msg': 'Field required', 'input': '(not shown)'}
    """

    model_config = ConfigDict(hide_input_in_errors=True)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        # Around the whole model, so that the validators of a derived class are inside. What refers to the
        # model refers to the outside.
        inside = dict(handler.resolve_ref_schema(handler(source)))
        reference = inside.pop("ref", None)
        return core_schema.no_info_wrap_validator_function(hide_inputs, inside, ref=reference)

    @classmethod
    def model_validate_json(cls, *args: Any, **options: Any) -> Self:
        """Validate JSON text as ``BaseModel`` does; an error about its syntax doesn't contain the text."""
        try:
            return super().model_validate_json(*args, **options)
        except ValidationError as error:
            hidden = _without_inputs(error)
        raise hidden

    if not TYPE_CHECKING:  # pragma: no branch  # a type checker would accept the assignment of any name

        def __setattr__(self, name: str, value: object) -> None:
            try:
                return super().__setattr__(name, value)
            except ValidationError as error:
                hidden = _without_inputs(error)
            raise hidden


def _as_secret(value: object) -> SecretStr:
    return value if isinstance(value, SecretStr) else SecretStr(as_text(value) or "")


def _masked(value: object, info: SerializationInfo) -> SecretStr | str:
    secret = _as_secret(value)
    return str(secret) if info.mode_is_json() else secret


# The rules have decided before a field is read, and pydantic neither converts nor refuses anything. Its own
# strings can't have a lone surrogate, for example.
_Text = Annotated[str, PlainValidator(as_text)]
_Integer = Annotated[int, PlainValidator(as_integer)]
# Also of an instance made by model_construct, which doesn't validate.
_Secret = Annotated[SecretStr, PlainValidator(_as_secret), PlainSerializer(_masked)]


class _Checked(SafeModel):
    """A model that the rules decide; instances don't change, so they stay valid."""

    model_config = ConfigDict(frozen=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:  # noqa: ARG002  # nothing in it can change
        """Return a copy with some values changed, which is validated, unlike that of ``BaseModel``."""
        return type(self).model_validate({**vars(self), **(update or {})})

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Return the schema document's definition, with what a derived class adds."""
        reference = handler(schema)
        generated = handler.resolve_ref_schema(reference)
        _state(generated, "Mailbox" if issubclass(cls, Mailbox) else "Body")
        return reference

    @classmethod
    def _read(cls, data: object) -> dict[str, Any] | None:
        """Return a copy of an object, so that what is checked is what is used; ``None`` for another value."""
        return dict(data) if type(data) is dict else as_object(data, cls.model_fields)


class Mailbox(_Checked):
    """One mailbox, valid by the contract; unknown keys are ignored, and an optional field may be ``None``.

    ``repr`` and ``model_dump`` mask the passwords and the login, also with ``mode="json"``;
    :meth:`to_mailbox` returns them.

    >>> mailbox = Mailbox.model_validate(load_schema()["examples"][1]["mailboxes"][0])
    >>> mailbox.smtp_port, mailbox.smtp_password
    (465, SecretStr('**********'))
    >>> mailbox.model_dump(mode="json", include={"smtp_port", "smtp_password"})
    {'smtp_password': '**********', 'smtp_port': 465}
    >>> mailbox.to_mailbox()["smtp_password"]
    'secret-smtp-password'
    """

    smtp_email: _Text
    smtp_login: _Secret | None = None
    smtp_password: _Secret
    smtp_server: _Text
    smtp_port: _Integer
    smtp_from_name: _Text | None = None
    imap_email: _Text
    imap_password: _Secret
    imap_server: _Text
    imap_port: _Integer
    footer: _Text | None = None
    bcc: _Text | None = None
    open_tracking_domain: _Text | None = None
    click_tracking_domain: _Text | None = None
    unsubscribe_tracking_domain: _Text | None = None
    sending_wait_time_from: _Integer | None = None
    sending_wait_time_to: _Integer | None = None
    daily_sending_limit: _Integer | None = None

    @model_validator(mode="wrap")
    @classmethod
    def _check(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if isinstance(data, Mailbox):
            return handler(data)
        given = cls._read(data)
        violations = list(iter_mailbox_violations(data if given is None else _revealed(given)))
        if violations:
            raise _error(
                cls.__name__, [_line_of(each, _place(each)[2:], in_body=False) for each in violations]
            )
        return handler(given)

    def to_mailbox(self) -> types.Mailbox:
        """Return the mailbox as it is sent, passwords included, without the absent fields."""
        given = {name: getattr(self, name, None) for name in FIELDS}  # none: by model_construct
        return cast("types.Mailbox", _revealed({name: v for name, v in given.items() if v is not None}))

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        for name, value in super().__repr_args__():
            yield name, _as_secret(value) if name in SECRET_FIELDS and value is not None else value


class Body(_Checked):
    """A request body, valid by the contract; unknown keys are ignored.

    Over 200 mailboxes, the only error is the one about their number. ``model_dump`` masks the passwords and
    the login of each mailbox, also with ``mode="json"``; :meth:`to_body` returns them.

    >>> body = Body.model_validate(load_schema()["examples"][1])
    >>> body.mailboxes[0].imap_port
    993
    >>> body.to_body() == load_schema()["examples"][1]
    True
    """

    mailboxes: list[Mailbox]
    completion_notification_types: list[Literal["MAIL", "IN_APP"]] | None = None

    @model_validator(mode="wrap")
    @classmethod
    def _check(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if isinstance(data, Body):
            return handler(data)
        given = cls._read(data)
        violations = _until_too_many(iter_violations(data if given is None else _plain(given)))
        if violations:
            raise _error(cls.__name__, [_line_of(each, _place(each), in_body=True) for each in violations])
        return handler(given)

    def to_body(self) -> types.Body:
        """Return the body as it is sent, passwords included, without the absent keys."""
        body: types.Body = {"mailboxes": [mailbox.to_mailbox() for mailbox in self.mailboxes]}
        if self.completion_notification_types is not None:
            body["completion_notification_types"] = list(self.completion_notification_types)
        return body


def _revealed(mailbox: dict[str, Any]) -> dict[str, Any]:
    """Return a mailbox with the text of each ``SecretStr`` in its secret fields, as the rules read it."""
    secrets = {
        name: value.get_secret_value()
        for name in SECRET_FIELDS
        if isinstance(value := mailbox.get(name), SecretStr)
    }
    return mailbox | secrets


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    """Return a body with mailboxes as the rules read them."""
    items = as_array(body.get(_MAILBOXES))
    return body if items is None else body | {_MAILBOXES: [_plain_item(item) for item in items]}


def _plain_item(item: object) -> object:
    if isinstance(item, Mailbox):
        return item.to_mailbox()
    return _revealed(item) if type(item) is dict else item


def _until_too_many(violations: Iterator[Violation]) -> list[Violation]:
    """Return all violations; of too many mailboxes only that, as pydantic does for the length of a list."""
    first = next(violations, None)
    if first is None:
        return []
    return [first] if first.index is None and first.reason == "above" else [first, *violations]


def _place(violation: Violation) -> _Places:
    index, field = violation.index, violation.field
    return (*(() if index is None else (_MAILBOXES, index)), *(() if field is None else (field,)))


def _line_of(violation: Violation, place: _Places, *, in_body: bool) -> InitErrorDetails:
    context: dict[str, Any] = {"reason": violation.reason, "hint": violation.hint}
    if in_body:  # a mailbox alone doesn't know its index
        context["line"] = str(violation)
    return _line(f"mailbox_schema.{violation.rule}", violation.message, place, context)


def _state(generated: dict[str, Any], component: str) -> None:
    """Put a component of the OpenAPI document into the schema that pydantic has generated for its model."""
    definitions = load_schema("openapi")["components"]["schemas"]
    stated = definitions.pop(component)
    if component == "Body":
        definitions["Mailbox"] = generated["properties"]["mailboxes"]["items"]
    stated = _inlined(stated, definitions)
    generated["properties"] |= stated.pop("properties")
    generated["required"] = list(dict.fromkeys([*stated.pop("required"), *generated["required"]]))
    generated.update(stated)


def _inlined(value: Any, definitions: dict[str, Any]) -> Any:
    """Return a schema with definitions in place of the references, which pydantic couldn't resolve."""
    if isinstance(value, list):
        return [_inlined(each, definitions) for each in value]
    if not isinstance(value, dict):
        return value
    inner = {key: _inlined(each, definitions) for key, each in value.items() if key != "$ref"}
    return inner | definitions[value["$ref"].rpartition("/")[2]] if "$ref" in value else inner
