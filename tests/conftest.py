"""How much Hypothesis tries: everyday, and in CI (``HYPOTHESIS_PROFILE=ci``)."""

import os

from hypothesis import HealthCheck, settings

# No deadlines: how long an example takes is no property of the package, and machines are shared.
# The strategies draw whole bodies of mailboxes, which is slow by Hypothesis's own measure.
settings.register_profile(
    "everyday", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", parent=settings.get_profile("everyday"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "everyday"))

# What installs from a package index is for .ci/run alone, which names the folder; see there.
collect_ignore = [] if os.environ.get("MAILBOX_SCHEMA_SYSTEM_TESTS") else ["system"]
