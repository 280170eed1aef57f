"""The two pages."""

from django.urls import path

from mailboxes import views

urlpatterns = [path("", views.one, name="one"), path("several/", views.several, name="several")]
