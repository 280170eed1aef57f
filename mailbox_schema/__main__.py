"""python -m mailbox_schema, and the command ``mailbox-schema``."""

import sys

INTERRUPTED = 130
"""Exit status: stopped from the keyboard, as shells report it."""


def run() -> int:
    """Run the command; an interrupt from the keyboard ends it without a traceback, also while it loads."""
    try:
        from mailbox_schema.lint import cli  # noqa: PLC0415  # an interrupt while it loads is handled here

        return cli.run()
    except KeyboardInterrupt:
        return INTERRUPTED
    except RuntimeError as error:
        # Before Python 3.12, an interrupt while a class is made comes as the cause of another error.
        if isinstance(error.__cause__, KeyboardInterrupt):
            return INTERRUPTED
        raise


if __name__ == "__main__":
    sys.exit(run())
