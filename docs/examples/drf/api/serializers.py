"""A serializer with the contract's fields, inputs and errors."""

from django.forms.utils import flatatt
from rest_framework import serializers
from rest_framework.settings import api_settings
from rest_framework.utils.html import is_html_input

from mailbox_schema import FIELDS, iter_mailbox_violations
from mailbox_schema.forms import (
    FormResult,
    field_help,
    field_label,
    html_attributes,
    parse_form,
)


class MailboxSerializer(serializers.Serializer):
    """One mailbox, from JSON or a form. If valid, ``serializer.result.body()`` is the body to send."""

    result = FormResult({}, ())

    def __repr__(self):
        return f"<{type(self).__name__}: {self.result!r}>"

    def get_fields(self):
        return {name: self.field(name) for name in FIELDS}

    def field(self, name):
        attributes = html_attributes(name, self.result)
        style = {"type": attributes.get("type"), "attributes": flatatt(attributes)}
        style |= {"template": "api/input.html", "error": self.result.sentences.get(name)}
        label, text = field_label(name, self.result), field_help(name, self.result)
        return serializers.CharField(
            required="required" in attributes, label=label, help_text=text, style=style
        )

    def run_validation(self, data=serializers.empty):
        if is_html_input(data):
            self.result = parse_form(data)
        else:  # JSON has its own types: the contract checks it as it is
            self.result = FormResult(data if isinstance(data, dict) else None, iter_mailbox_violations(data))
        if not self.result.ok:
            key = api_settings.NON_FIELD_ERRORS_KEY
            raise serializers.ValidationError({n or key: [text] for n, text in self.result.sentences.items()})
        return self.result.mailbox

    def get_initial(self):
        return self.result.typed

    def refuse(self, violations):
        """Show what the API says about a mailbox that was valid."""
        self.result = self.result.with_violations(violations)
