"""The search for inputs that make one target fail, as the only thing this process does.

``tests/fuzz/run.py`` starts it, with the name of the target and libFuzzer's own arguments.
"""

import importlib
import json
import pkgutil
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Final

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

# Every module at once, because atheris counts the edges of those that are loaded here, and some are loaded late.
# The extras have no target.
NOT_FUZZED: Final = ("__main__", "lsp", "pydantic", "strategies")
with atheris.instrument_imports(include=["mailbox_schema"]):
    import mailbox_schema

    for _found in pkgutil.walk_packages(mailbox_schema.__path__, "mailbox_schema."):
        if not _found.name.endswith(NOT_FUZZED):
            importlib.import_module(_found.name)

from fuzz.seeds import EDGES, words  # noqa: E402  # after the instrumented modules
from fuzz.targets import TARGETS  # noqa: E402  # as above

# A value, a key or a word: in quotes, or up to a character that separates them.
TOKEN: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|[^\s",:;|{}\[\]&=]+')
WORDS: Final = words()


def mutate(data: bytes, most: int, seed: int) -> bytes:
    """Return another input: half of the time as libFuzzer changes bytes, else with other words in the text."""
    draw = Random(seed)  # noqa: S311  # not for secrets
    text = data.decode("utf-8", "surrogateescape")
    tokens = [match.span() for match in TOKEN.finditer(text)]
    if not tokens or draw.random() < 0.5:
        return bytes(atheris.Mutate(data, most))
    for start, end in sorted(draw.sample(tokens, min(len(tokens), draw.choice((1, 1, 2, 3)))), reverse=True):
        text = text[:start] + _instead_of(text[start:end], draw, text, tokens) + text[end:]
    return text.encode("utf-8", "surrogateescape")[:most]


def _instead_of(token: str, draw: Random, text: str, tokens: Sequence[tuple[int, int]]) -> str:
    """Return another word: a value at an edge, a word of the contract, another word of the text, or none."""
    is_json = '":' in text and draw.random() < 0.9  # JSON seldom survives a word without quotes
    way = draw.randrange(8)
    if way == 0:
        return "null" if is_json else ""
    if way == 1:
        return token + draw.choice(",,,;:\n ") + token
    if way < 4:
        start, end = draw.choice(tokens)
        return text[start:end]
    new: object = draw.choice(WORDS) if way == 4 else draw.choice(EDGES)
    is_bare = isinstance(new, str) and new.isprintable() and not is_json and not token.startswith('"')
    return str(new) if is_bare else json.dumps(new)


if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    atheris.Setup([name, *arguments], TARGETS[name], custom_mutator=mutate)
    atheris.Fuzz()
