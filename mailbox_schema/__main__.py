"""python -m mailbox_schema."""

import sys

from mailbox_schema.lint.cli import main

sys.exit(main())
