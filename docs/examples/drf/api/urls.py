"""The URLs."""

from pathlib import Path

from django.urls import path
from django.views.static import serve

from api.views import Mailboxes, sent

urlpatterns = [
    path("", Mailboxes.as_view(), name="mailboxes"),
    path("sent/", sent, name="sent"),
    # Where many people come, the web server does this.
    path("static/<path:path>", serve, {"document_root": Path(__file__).parent / "static"}),
]
