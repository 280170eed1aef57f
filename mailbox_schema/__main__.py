"""python -m mailbox_schema."""

import sys

from mailbox_schema.lint.cli import run

sys.exit(run())
