"""What every test can ask for: an application on a database of its own, a person who uses it, a clock, a browser."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("house", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

pytest_plugins = [
    "tests.support.databases",
    "tests.support.applications",
    "tests.support.servers",
    "tests.support.browsers",
]
