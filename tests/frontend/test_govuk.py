"""Our written-out markup is the same tree as GOV.UK Frontend's macros draw, so an upgrade shows what changed."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import html

from tests.frontend.pages import View, option, question

OURS = '{% from "fields/field.html" import field %}{{ field(view) }}'
OPTIONS = [option("a", "First", hint="About the first"), option("b", "Second")]
APART = [option("dont_know", "Don’t know")]
ERRORS = [SimpleNamespace(text="Choose one", anchor="q")]
ITEMS: list[dict[str, Any]] = [
    {"value": "a", "text": "First", "hint": {"text": "About the first"}},
    {"value": "b", "text": "Second"},
    {"divider": "or"},
]
LEGEND = {"text": "Which?", "classes": "govuk-fieldset__legend--l", "isPageHeading": True}
GROUP = {
    "name": "q",
    "fieldset": {"legend": LEGEND},
    "hint": {"text": "A hint"},
    "errorMessage": {"text": "Choose one"},
}
LABEL = {"text": "Which?", "classes": "govuk-label--l", "isPageHeading": True}


def asked(kind: str, **own: Any) -> SimpleNamespace:
    """Make the one question of these tests."""
    return question(kind, "Which?", key="q", hint="A hint", why=None, **own)


CASES = {
    "radios": (
        View(asked("one_of"), OPTIONS, APART, value="b", errors=ERRORS),
        "radios",
        "govukRadios",
        GROUP | {"value": "b", "items": [*ITEMS, {"value": "dont_know", "text": "Don’t know"}]},
    ),
    "checkboxes": (
        View(asked("several"), OPTIONS, APART, value=["b"], errors=ERRORS),
        "checkboxes",
        "govukCheckboxes",
        GROUP
        | {"values": ["b"], "items": [*ITEMS, {"value": "dont_know", "text": "Don’t know", "behaviour": "exclusive"}]},
    ),
    "input": (
        View(asked("text", lines=1), value="typed", errors=ERRORS),
        "input",
        "govukInput",
        {"id": "q", "name": "q", "label": LABEL, "hint": {"text": "A hint"}, "errorMessage": {"text": "Choose one"}}
        | {"value": "typed", "autocomplete": "off", "attributes": {"dir": "auto"}},
    ),
    "textarea": (
        View(asked("text", lines=4), value="typed", errors=ERRORS),
        "textarea",
        "govukTextarea",
        {"id": "q", "name": "q", "label": LABEL, "hint": {"text": "A hint"}, "errorMessage": {"text": "Choose one"}}
        | {"value": "typed", "autocomplete": "off", "rows": 4, "attributes": {"dir": "auto"}},
    ),
}


def tree(markup: str) -> Any:
    """Reduce markup to tags, attributes and text; leave out what only GOV.UK's or only our script reads."""

    def reduced(element: Any) -> Any:
        attributes = {
            name: " ".join(value.split())
            for name, value in element.attrib.items()
            if name not in ("data-module", "data-behaviour", "data-exclusive")
        }
        inside = " ".join((element.text or "").split())
        return element.tag, attributes, inside, [reduced(child) for child in element]

    return reduced(html.fromstring(markup))


@pytest.mark.parametrize("name", CASES)
def test_our_markup_is_the_macros_markup(sample, name):
    view, component, macro, params = CASES[name]
    with sample.test_request_context("/en/x"):
        ours = sample.jinja_env.from_string(OURS).render(view=view)
        module = sample.jinja_env.get_template(f"govuk_frontend_jinja/components/{component}/macro.html").module
        theirs = getattr(module, macro)(params)
    # Who reads own words is told in a hint of ours beside GOV.UK's.
    ours = re.sub(r'<div id="q-readers".*?</div>', "", ours).replace(" q-readers", "")
    assert tree(ours) == tree(theirs)


def test_the_error_summary_is_the_macros(sample):
    source = '{% from "components/error_summary.html" import error_summary %}{{ error_summary(errors) }}'
    with sample.test_request_context("/en/x"):
        ours = html.fromstring(sample.jinja_env.from_string(source).render(errors=ERRORS))
    assert [link.get("href") for link in ours.iter("a")] == ["#q"]
    assert ours.get("tabindex") == "-1"
