"""How many examples Hypothesis tries: every day, and in CI (``HYPOTHESIS_PROFILE=ci``)."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings
from node import install_package

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

# No deadlines: how long an example takes is not a property of the package, and machines are shared.
# The strategies draw whole bodies of mailboxes, which is slow by Hypothesis's own measure.
settings.register_profile(
    "everyday", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", parent=settings.get_profile("everyday"), max_examples=1000)
# For tests/mutation: the same examples for each mutant, and a failure is enough, however large its example.
settings.register_profile(
    "mutation",
    parent=settings.get_profile("everyday"),
    max_examples=15,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "everyday"))

# Tests that install from a package index run only in .ci/run, which names the folder.
collect_ignore = [] if os.environ.get("MAILBOX_SCHEMA_SYSTEM_TESTS") else ["system"]
# A program, which needs the extra browser.
collect_ignore.append("browser/screenshots.py")
# A program, which needs the extra fuzz.
collect_ignore.append("fuzz/search.py")
# Another, which needs the extra dev.
collect_ignore.append("mutation")


@pytest.fixture(scope="session")
def npm_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a Node project in which the npm package is installed; for tests with ``needs_npm``."""
    return install_package(tmp_path_factory.mktemp("npm"))


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Start Chromium; for tests with ``needs_browser``."""
    from browser import AXE, chromium  # noqa: PLC0415  # tests/mutation runs without the folder of this module

    assert AXE.is_file(), "axe-core is missing: npm ci --prefix tests/peers"
    with chromium() as one:
        yield one
