"""The views: a form for one mailbox, a form for several, and the page after them."""

from urllib.parse import urlencode

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from mailbox_schema.forms import error_summary, parse_formset
from mailboxes.client import send
from mailboxes.forms import MailboxForm, MailboxFormSet


@never_cache
@sensitive_variables()
@sensitive_post_parameters()
def one(request):
    form = MailboxForm(request.POST, request.FILES) if request.method == "POST" else MailboxForm()
    status = 400 if form.is_bound else 200
    if form.is_valid():
        status, batch_id, violations = send(form.result.body())
        if not violations:
            return redirect_to_sent(batch_id)
        form.refuse(violations)
    context = {"form": form, "summary": error_summary(form.result)}
    return render(request, "mailboxes/one.html", context, status=status)


@never_cache
@sensitive_variables()
@sensitive_post_parameters()
def several(request):
    if {"add", "remove"} & request.POST.keys():
        return show_rows(request, changed_rows(request.POST))
    formset = MailboxFormSet(request.POST, request.FILES) if request.method == "POST" else MailboxFormSet()
    status = 400 if formset.is_bound else 200
    if formset.is_valid():
        status, batch_id, violations = send(formset.body())
        if not violations:
            return redirect_to_sent(batch_id)
        formset.refuse(violations)
    summary = formset.summary()
    if formset.is_bound and formset.non_form_errors():
        # A form that is refused as a whole, such as one that is too large, is not shown again.
        formset = MailboxFormSet()
    return render(request, "mailboxes/several.html", {"formset": formset, "summary": summary}, status=status)


def show_rows(request, rows):
    return render(request, "mailboxes/several.html", {"formset": MailboxFormSet(initial=rows)})


def changed_rows(data):
    """Return the mailboxes to show after a row is added or removed: the way without JavaScript."""
    rows = [form.mailbox for form in parse_formset(data).forms]
    if "add" in data:
        return [*rows, {}]
    return [row for index, row in enumerate(rows) if str(index) != data["remove"]]


def redirect_to_sent(batch_id):
    return redirect(f"{reverse('sent')}?{urlencode({'batch': batch_id})}")


@never_cache
def sent(request):
    return render(request, "mailboxes/sent.html", {"batch_id": request.GET.get("batch")})
