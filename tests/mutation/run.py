"""Changes the code in one place after the other, and reports the changes that no test notices.

``python tests/mutation/run.py [--listed] [module ...]`` tries all mutants of the modules (default: each in
survivors.py), or only those in survivors.toml. It exits with 1 if a mutant survives that is not in the list,
or one in the list doesn't survive. Needs the extra ``dev``, and Python 3.11 or newer.
"""

import argparse
import json
import os
import sys
from collections import Counter
from pathlib import Path

# Few examples, always the same, and no plugins: none of the tests needs one.
os.environ |= {"HYPOTHESIS_PROFILE": "mutation", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
sys.path.insert(0, str(Path(__file__).parents[1]))

from mutation.forks import KILLED, SURVIVED, TIMED_OUT, verdicts
from mutation.mutants import Identity, mutants
from mutation.survivors import TESTS, listed

_ROW = "{:<26} {:>7} {:>7} {:>9} {:>6} {:>8} {:>7}"


def main() -> int:
    """Print each mutant that survives, and a table of the modules."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("modules", nargs="*", choices=[[], *TESTS], metavar="module")
    parser.add_argument("--listed", action="store_true", help="try only the mutants in survivors.toml")
    arguments = parser.parse_args()
    rows = [_try(module, arguments.listed) for module in arguments.modules or TESTS]
    print(_ROW.format("module", "mutants", KILLED, TIMED_OUT, "listed", SURVIVED, "stale"))
    for row in rows:
        print(_ROW.format(*row))
    return 1 if any(row[-2] or row[-1] for row in rows) else 0


def _try(module: str, only_listed: bool) -> tuple[str, int, int, int, int, int, int]:
    """Return a module's row: of its mutants, how many there are, and what became of them."""
    expected = Counter(Identity(*entry[:3]) for entry in listed(module))
    tried = [mutant for mutant in mutants(module) if not only_listed or mutant.identity in expected]
    outcomes: Counter[str] = Counter()
    survived: Counter[Identity] = Counter()
    for mutant, verdict in verdicts(module, tried) if tried else ():
        outcomes[verdict] += 1
        print(f"\r{module}: {outcomes.total()} of {len(tried)} ", end="", file=sys.stderr, flush=True)
        if verdict == SURVIVED:
            survived[mutant.identity] += 1
            if survived[mutant.identity] > expected[mutant.identity]:
                _print_entry(
                    f"line {mutant.line}: survives, and is not in survivors.toml", module, mutant.identity
                )
    stale = expected - survived
    for identity in stale.elements():
        _print_entry("is in survivors.toml, and doesn't survive", module, identity)
    new = (survived - expected).total()
    known = outcomes[SURVIVED] - new
    return module, len(tried), outcomes[KILLED], outcomes[TIMED_OUT], known, new, stale.total()


def _print_entry(problem: str, module: str, identity: Identity) -> None:
    """Print a mutant as an entry of survivors.toml."""
    print(f"# {problem}\n[[{json.dumps(module) if '.' in module else module}]]")
    for key, text in identity._asdict().items():
        print(f"{key} = {json.dumps(text, ensure_ascii=False)}")
    print('reason = ""\n', flush=True)


if __name__ == "__main__":
    sys.exit(main())
