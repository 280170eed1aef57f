"""A serializer with the contract's fields and errors, and the vendor's 400 answer."""

from rest_framework import serializers
from rest_framework.settings import api_settings
from rest_framework.utils.html import is_html_input

from mailbox_schema import FIELDS, failure_response, iter_mailbox_violations
from mailbox_schema.forms import FormResult, field_help, field_label, html_attributes, parse_form


class MailboxSerializer(serializers.Serializer):
    """One mailbox, from JSON or a form. If valid, ``serializer.result.body()`` is the body to send."""

    result = FormResult({}, ())

    def __repr__(self):
        return f"<{type(self).__name__}: {self.result!r}>"

    def get_fields(self):
        return {name: self.field(name) for name in FIELDS}

    def field(self, name):
        style = {"template": "api/input.html", "attributes": html_attributes(name)}
        return serializers.CharField(
            required=FIELDS[name].required, label=field_label(name), help_text=field_help(name), style=style
        )

    def run_validation(self, data=serializers.empty):
        if is_html_input(data):
            self.result = parse_form(data)
        else:  # JSON has its own types: the contract checks it as it is
            self.result = FormResult(data if isinstance(data, dict) else None, iter_mailbox_violations(data))
        if not self.result.ok:
            errors, whole = self.result.errors, self.result.hints.get("")  # such as "the form is too large"
            if whole:
                errors = {"": whole}
            key = api_settings.NON_FIELD_ERRORS_KEY
            raise serializers.ValidationError({name or key: [text] for name, text in errors.items()})
        return self.result.mailbox

    def get_initial(self):
        return self.result.typed

    def is_valid(self, *, raise_exception=False):
        valid = super().is_valid()
        if raise_exception and not valid:
            raise serializers.ValidationError(failure_response(self.result.violations))
        return valid
