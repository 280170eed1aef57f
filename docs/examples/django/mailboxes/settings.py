"""The settings of the example: no database, no users."""

import os
from pathlib import Path

# Set SECRET_KEY in the environment. The random one here changes with every start.
SECRET_KEY = os.environ.get("SECRET_KEY") or os.urandom(32).hex()
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
ROOT_URLCONF = "mailboxes.urls"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "mailboxes.policy.content_security_policy",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
    }
]
# 200 mailboxes have 3600 inputs; Django's default limit is 1000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
