"""A form whose fields, attributes and errors come from the contract."""

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, TextAreaField

from mailbox_schema import FIELDS
from mailbox_schema.forms import field_help, field_label, html_attributes, parse_form


class MailboxForm(FlaskForm):
    """One mailbox; once it is valid, ``form.result.body()`` is the request to send."""

    def validate(self, extra_validators=None):
        valid = super().validate(extra_validators)  # the CSRF token
        self.result = parse_form({name: self[name].raw_data for name in FIELDS})
        for name, message in self.result.errors.items():
            (self[name].errors if name else self.form_errors).append(message)
        return valid and self.result.ok


for name in FIELDS:
    attributes = html_attributes(name)
    kinds = {"password": PasswordField, None: TextAreaField}
    field = kinds.get(attributes.get("type"), StringField)
    setattr(MailboxForm, name, field(field_label(name), description=field_help(name), render_kw=attributes))
