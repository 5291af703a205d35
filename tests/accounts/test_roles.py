"""The navigation of staff pages, and how a view names its roles; ``test_routes`` tries every address."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.accounts.models import ROLES
from app.accounts.roles import roles
from tests.accounts.house import signed_in


@pytest.mark.parametrize("role", ROLES)
def test_the_navigation_offers_exactly_what_opens(app: Flask, role: str) -> None:
    person = signed_in(app, role)
    page = person.open("/staff").text
    offered = set(re.findall(r'navigation__link" href="([^"]+)"', page))
    assert {"/staff", "/staff/languages", "/staff/account"} <= offered
    assert all(person.open(path).status_code == 200 for path in offered)
    assert ("/staff/people" in offered) == (role == "admin")


def test_a_view_cannot_name_a_role_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="name one or more of officer"):
        roles("officers")
    with pytest.raises(ValueError, match="name one or more of officer"):
        roles()
