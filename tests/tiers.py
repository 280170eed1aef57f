"""The tiers of docs/contributing.md that a test can be left to, so that the everyday tests stay quick."""

import os
from collections.abc import Callable
from typing import Final, TypeVar

import pytest

IS_DEEP: Final = os.environ.get("HYPOTHESIS_PROFILE") == "ci"
_PEERS: Final = os.environ.get("MAILBOX_SCHEMA_PEERS", "")

Test = TypeVar("Test", bound=Callable[..., None])


def only_in_depth(test: Test) -> Test:
    """Leave a slow test to the depth tier."""
    skip = pytest.mark.skipif(not IS_DEEP, reason="slow: set HYPOTHESIS_PROFILE=ci")
    marked: Test = pytest.mark.depth(skip(test))
    return marked


def only_with_peers(missing: str) -> pytest.MarkDecorator:
    """Leave a test to the peers tier; ``missing`` says what it needs and is not installed."""
    reason = missing if _PEERS else "slow: set MAILBOX_SCHEMA_PEERS=1"
    return pytest.mark.skipif(not _PEERS or _may_skip(missing), reason=reason)


def only_if_installed(missing: str) -> pytest.MarkDecorator:
    """Skip a test of a system if something is ``missing``."""
    return pytest.mark.skipif(_may_skip(missing), reason=missing)


def _may_skip(missing: str) -> bool:
    # .ci/run installs all and says so: there a test fails rather than be skipped.
    return bool(missing) and _PEERS != "all"
