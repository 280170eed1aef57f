"""A Django project with two pages: connect one mailbox, or several."""
