"""The one URL."""

from django.urls import path

from api.views import Mailboxes

urlpatterns = [path("", Mailboxes.as_view(), name="mailboxes")]
