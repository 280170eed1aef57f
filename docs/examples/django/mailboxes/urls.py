"""The pages, and the files next to them."""

from pathlib import Path

from django.urls import path
from django.views.static import serve

from mailboxes import views

urlpatterns = [
    path("", views.one, name="one"),
    path("several/", views.several, name="several"),
    path("sent/", views.sent, name="sent"),
    # Where many people come, the web server does this.
    path("static/<path:path>", serve, {"document_root": Path(__file__).parent / "static"}),
]
