"""What every test can ask for: an application on a database of its own, a person who uses it, a clock, a browser."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# What has to pass before anything lands draws the same examples each time; desks look further.
settings.register_profile(
    "house",
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("house")

pytest_plugins = [
    "tests.support.databases",
    "tests.support.applications",
    "tests.support.servers",
    "tests.support.browsers",
]
