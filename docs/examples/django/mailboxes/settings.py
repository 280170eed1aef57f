"""The settings of the example: no database, no users."""

import os
from pathlib import Path

# Yours comes from the environment. The one made up here changes with every start, and is nobody's.
SECRET_KEY = os.environ.get("SECRET_KEY") or os.urandom(32).hex()
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
ROOT_URLCONF = "mailboxes.urls"
MIDDLEWARE = ["django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
# Django's default of 1000 would refuse the 3600 inputs of 200 mailboxes.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
