"""A form with the contract's fields, attributes and errors."""

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import PasswordField, StringField, TextAreaField

from mailbox_schema import FIELDS
from mailbox_schema.forms import field_help, field_label, html_attributes, parse_form


class MailboxForm(FlaskForm):
    """One mailbox. If it is valid, ``form.result.body()`` is the request body to send."""

    def validate(self, extra_validators=None):
        valid = super().validate(extra_validators)  # the CSRF token
        sent = [*request.form.items(multi=True), *request.files.items(multi=True)]
        self.result = parse_form(MultiDict(sent))
        for name in FIELDS:  # shown again, unless the form was refused as a whole, as a large one is
            self[name].data = self.result.typed.get(name)
        for name, message in self.result.errors.items():
            if name:
                self[name].errors.append(message)
            else:
                self.form_errors.append(self.result.hints[name])
        return valid and self.result.ok


for name in FIELDS:
    attributes = html_attributes(name)
    kinds = {"password": PasswordField, None: TextAreaField}
    field = kinds.get(attributes.get("type"), StringField)
    setattr(MailboxForm, name, field(field_label(name), description=field_help(name), render_kw=attributes))
