"""A Django project of two pages: connect one mailbox, or several."""
