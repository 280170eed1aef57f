"""A Django REST framework project of one address, for programs and for people."""
