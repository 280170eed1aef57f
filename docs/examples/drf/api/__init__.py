"""A Django REST framework project with one URL, for programs and for people."""
