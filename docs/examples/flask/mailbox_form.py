"""A form with the contract's fields, attributes and errors."""

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import PasswordField, StringField, TextAreaField

from mailbox_schema import FIELDS
from mailbox_schema.forms import (
    FormResult,
    SummaryLine,
    error_summary,
    field_help,
    field_label,
    html_attributes,
    parse_form,
)


class MailboxForm(FlaskForm):
    """One mailbox. If it is valid, ``form.result.body()`` is the request body to send."""

    result = FormResult({}, ())

    def validate(self, extra_validators=None):
        valid = super().validate(extra_validators)  # the CSRF token
        sent = [*request.form.items(multi=True), *request.files.items(multi=True)]
        self.show(parse_form(MultiDict(sent)))
        return valid and self.result.ok

    def show(self, result):
        self.result = result
        for name in FIELDS:
            self[name].data = result.typed.get(name)
            self[name].description = field_help(name, result)
            self[name].render_kw = html_attributes(name, result)
            self[name].errors = [result.sentences[name]] if name in result.sentences else []

    def refuse(self, violations):
        """Show what the API says about a form that was valid."""
        self.show(self.result.with_violations(violations))

    def summary(self):
        token = [SummaryLine(None, error) for error in self.csrf_token.errors]
        return [*token, *error_summary(self.result)]


for name in FIELDS:
    attributes = html_attributes(name, MailboxForm.result)
    kinds = {"password": PasswordField, None: TextAreaField}
    field = kinds.get(attributes.get("type"), StringField)
    setattr(MailboxForm, name, field(field_label(name), description=field_help(name), render_kw=attributes))
