"""A form with the contract's fields, widgets and errors, and a formset of it."""

from django import forms

from mailbox_schema import FIELDS
from mailbox_schema.contract import MAILBOXES, MAX_MAILBOXES
from mailbox_schema.forms import field_help, field_label, html_attributes, parse_form, parse_formset


class MailboxField(forms.Field):
    """A field of the contract. It keeps the text as typed; the form checks all fields at once."""

    def __init__(self, name):
        attributes = html_attributes(name)
        required = attributes.pop("required", False)
        kinds = {"password": forms.PasswordInput, None: forms.Textarea}
        widget = kinds.get(attributes.get("type"), forms.TextInput)
        label, text = field_label(name), field_help(name)
        super().__init__(required=required, label=label, help_text=text, widget=widget(attributes))

    def validate(self, value):
        """Leave the check to the form."""


class MailboxForm(forms.Form):
    """One mailbox. If it is valid, ``form.result.body()`` is the request body to send."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.update({name: MailboxField(name) for name in FIELDS})

    def read(self):
        # The data may also be plain dicts. A file in place of text is an error.
        texts, files = (getattr(sent, "getlist", sent.get) for sent in (self.data, self.files))
        names = {name: self.add_prefix(name) for name in FIELDS}
        return parse_form({name: files(sent) or texts(sent) for name, sent in names.items()})

    def has_changed(self):
        return self.is_bound and self.read().body() != {"mailboxes": [{}]}

    def clean(self):
        self.result = self.read()
        for name, message in self.result.errors.items():
            self.add_error(name or None, message if name else self.result.hints[name])
        if "" in self.result.errors:
            self.data = {}  # a form refused as a whole, such as one that is too large, is not shown again
        return self.result.mailbox


class BaseMailboxFormSet(forms.BaseFormSet):
    """Several mailboxes. Blank rows are left out, as in every formset; the first row is required."""

    default_error_messages = dict.fromkeys(
        ("missing_management_form", "too_few_forms", "too_many_forms"), MAILBOXES.message
    )

    @classmethod
    def get_default_prefix(cls):
        return "mailboxes"

    def clean(self):
        rows = parse_formset(self.data).forms
        if not 0 < len(rows) <= self.total_form_count():
            raise forms.ValidationError(MAILBOXES.message)


MailboxFormSet = forms.formset_factory(
    MailboxForm,
    formset=BaseMailboxFormSet,
    extra=2,
    min_num=1,
    max_num=MAX_MAILBOXES,
    absolute_max=MAX_MAILBOXES,
    validate_min=True,
    validate_max=True,
)
