"""Generated Python code: reads bodies on standard input, writes one verdict for each.

The arguments name a module, a class in it, and the method that makes an instance of a body.
"""

import importlib
import json
import sys
from collections.abc import Callable
from typing import Any


def accepts(read: Callable[[Any], object], body: Any) -> bool:
    """Return whether ``read`` takes a body; pydantic's error is a ``ValueError``."""
    try:
        read(body)
    except (KeyError, TypeError, ValueError):
        return False
    return True


def main(module: str, name: str, method: str) -> None:
    """Judge the bodies."""
    read = getattr(getattr(importlib.import_module(module), name), method)
    json.dump([accepts(read, body) for body in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
