"""The two views. They answer with the request body; yours send it to the API."""

from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from mailboxes.forms import MailboxForm, MailboxFormSet


@sensitive_variables()
@sensitive_post_parameters()
def one(request):
    form = MailboxForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        return JsonResponse(form.result.body())
    return render(request, "mailboxes/one.html", {"form": form}, status=400 if form.is_bound else 200)


@sensitive_variables()
@sensitive_post_parameters()
def several(request):
    formset = MailboxFormSet(request.POST or None, request.FILES or None)
    if formset.is_valid():
        filled_in = [form.result.mailbox for form in formset if form.has_changed()]
        return JsonResponse({"mailboxes": filled_in})
    return render(
        request, "mailboxes/several.html", {"formset": formset}, status=400 if formset.is_bound else 200
    )
