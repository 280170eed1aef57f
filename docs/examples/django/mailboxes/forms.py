"""A form with the contract's fields, widgets and errors, and a formset of it."""

from collections.abc import Sequence

from django import forms

from mailbox_schema import FIELDS, Violation
from mailbox_schema.contract import MAILBOXES, MAX_MAILBOXES
from mailbox_schema.forms import (
    FormResult,
    FormsetResult,
    error_summary,
    field_help,
    field_label,
    html_attributes,
    parse_form,
    parse_formset,
)

BLANK: dict[str, list[object]] = {"mailboxes": [{}]}  # the body of a form in which nothing is filled in
COUNT = Violation(None, MAILBOXES.key, MAILBOXES.rule, MAILBOXES.message)


def widget(name, result, prefix):
    attributes = html_attributes(name, result, prefix)
    kinds = {"password": forms.PasswordInput, None: forms.Textarea}
    return kinds.get(attributes.get("type"), forms.TextInput)(attributes)


class MailboxForm(forms.Form):
    """One mailbox. If it is valid, ``form.result.body()`` is the request body to send."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs | {"auto_id": "%s"})
        self.show(self.read() if self.is_bound else FormResult(dict(self.initial), ()))

    def read(self):
        # The data may also be plain dicts. A file in place of text is an error.
        texts, files = (getattr(sent, "getlist", sent.get) for sent in (self.data, self.files))
        names = {name: self.add_prefix(name) for name in FIELDS}
        result = parse_form({name: files(sent) or texts(sent) for name, sent in names.items()})
        return FormResult({}, ()) if self.empty_permitted and result.body() == BLANK else result

    def show(self, result):
        self.result, self.initial = result, result.typed
        self.data = {self.add_prefix(name): text for name, text in result.typed.items()}
        for name in FIELDS:
            # It keeps the text as typed; the form checks all fields at once.
            field = forms.Field(required=False, label=field_label(name), help_text=field_help(name, result))
            self.fields.setdefault(name, field).widget = widget(name, result, self.add_prefix(""))

    def has_changed(self):
        return self.is_bound and self.result.body() != BLANK

    def clean(self):
        for name, sentence in self.result.sentences.items():
            self.add_error(name if name in FIELDS else None, sentence)
        return self.result.mailbox

    def refuse(self, violations):
        """Show what the API says about a form that was valid."""
        self.show(self.result.with_violations(violations))
        self.clean()


class BaseMailboxFormSet(forms.BaseFormSet):
    """Several mailboxes. Blank rows are left out, as in every formset."""

    whole: Sequence[Violation] = ()
    default_error_messages = dict.fromkeys(("missing_management_form", "too_many_forms"), COUNT.message)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.extra = len(self.initial or [{}])

    @classmethod
    def get_default_prefix(cls):
        return "mailboxes"

    def initial_form_count(self):
        return 0  # none of the rows is in a database: each may be left blank

    def filled_in(self):
        return [form for form in self if form.has_changed()]

    def clean(self):
        # As many rows as were counted, so that none is lost.
        if not self.filled_in() or len(parse_formset(self.data).forms) != self.total_form_count():
            raise forms.ValidationError(COUNT.message)

    def body(self):
        return {"mailboxes": [form.result.mailbox for form in self.filled_in()]}

    def refuse(self, violations):
        """Show what the API says about a formset that was valid."""
        self.whole = [violation for violation in violations if violation.index is None]
        for index, form in enumerate(self.filled_in()):
            form.refuse(violation for violation in violations if violation.index == index)

    def summary(self):
        if self.is_bound and self.non_form_errors():
            refused = [
                violation for violation in parse_formset(self.data).violations if violation.index is None
            ]
            return error_summary(FormsetResult((), refused or [COUNT]))
        return error_summary(FormsetResult(tuple(form.result for form in self), self.whole))


MailboxFormSet = forms.formset_factory(
    MailboxForm,
    formset=BaseMailboxFormSet,
    max_num=MAX_MAILBOXES,
    absolute_max=MAX_MAILBOXES,
    validate_max=True,
)
