"""A small Flask app that shows every kind of question, in English and in a right-to-left language."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, g, render_template_string, request
from flask_babel import Babel
from markupsafe import escape

from app import assets

APP = Path(assets.__file__).parent

LANGUAGES = {
    "en": SimpleNamespace(code="en", direction="ltr", autonym="English"),
    "ur": SimpleNamespace(code="ur", direction="rtl", autonym="اردو"),
    "pa": SimpleNamespace(code="pa", direction="ltr", autonym="ਪੰਜਾਬੀ"),
    "pl": SimpleNamespace(code="pl", direction="ltr", autonym="polski"),
}
SAMPLE = {
    "en": "Burglary and theft from homes",
    "ur": "گھروں میں نقب زنی اور چوری",
    "pa": "ਘਰਾਂ ਵਿੱਚ ਚੋਰੀ",
    "pl": "Włamania",
}


@dataclass
class View:
    """What a field template is given."""

    question: Any
    options: list[Any] = field(default_factory=list)
    apart: list[Any] = field(default_factory=list)
    value: Any = None
    written: str = ""
    errors: list[Any] = field(default_factory=list)
    heading: bool = True
    postcode: str = ""

    @property
    def name(self) -> str:
        """Name the field after its question."""
        return str(self.question.key)


def option(key: str, text: str, hint: str | None = None, write_in: bool = False) -> SimpleNamespace:
    """Make an option as a definition holds it."""
    return SimpleNamespace(key=key, text=text, hint=hint, write_in=write_in)


def question(kind: str, text: str, **own: Any) -> SimpleNamespace:
    """Make a question with a hint and a reason."""
    usual = {"required": True, "hint": f"{text} ...", "why": f"{text}. {text}.", "rows": [], "at_most": None}
    usual |= {"lines": 5, "max_length": None, "unit": None, "source": None}
    return SimpleNamespace(**{"key": f"{kind}_q", "kind": kind, "text": text} | usual | own)


def views(code: str, wrong: bool = False) -> dict[str, View]:
    """Make a view of every kind, in the words of one language; `wrong` adds errors and what was typed."""
    text = SAMPLE[code]
    options = [option(f"o{n}", f"{text} {n}", hint=text if n == 2 else None, write_in=n == 3) for n in range(1, 4)]
    plain = [option(f"o{n}", f"{text} {n}") for n in range(1, 6)]
    apart = [option("dont_know", f"{text} ?"), option("prefer_not_to_say", f"{text} -")]
    made = {
        "one_of": View(question("one_of", text), options, apart, value="o3", written=text),
        "several": View(question("several", text, at_most=2), options, apart, value=["o1", "o3"]),
        "scale": View(question("scale", text), plain, apart),
        "scale_group": View(
            question("scale_group", text, rows=[option("r1", f"{text} A"), option("r2", f"{text} B")]),
            plain, apart[:1], value={"r1": "o2"},
        ),
        "order": View(question("order", text, required=False), plain),
        "number": View(question("number", text, unit="£"), [], apart[:1], value="12"),
        "amount_by_band": View(question("amount_by_band", text), plain, apart),
        "area": View(question("area", text), plain, [], postcode="bd11hy"),
        "text": View(question("text", text, required=False, max_length=200), value=text),
    }  # fmt: skip
    if wrong:
        for name, view in made.items():
            first = f"{name}_q"
            view.errors = [SimpleNamespace(text=f"{text}!", anchor=first)]
        made["one_of"].errors = [SimpleNamespace(text=f"{text}!", anchor="one_of_q_text")]
        made["scale_group"].errors = [SimpleNamespace(text=f"{text}!", anchor="scale_group_q.r2")]
        made["order"].errors = [SimpleNamespace(text=f"{text}!", anchor="order_q.o2")]
        made["area"].errors = [SimpleNamespace(text=f"{text}!", anchor="postcode")]
    return made


ALL = """
{% extends "base.html" %}
{% from "fields/field.html" import field %}
{% from "components/error_summary.html" import error_summary %}
{% block content %}
{{ error_summary(errors) }}
<h1 class="govuk-heading-l">{{ text }}</h1>
<form method="post" id="page" novalidate>
{% for view in views %}{{ field(view) }}{% endfor %}
<button class="govuk-button">{{ _("Continue") }}</button>
</form>
{% endblock %}
"""

QUESTION = """
{% extends "base.html" %}
{% from "fields/field.html" import field %}
{% from "components/error_summary.html" import error_summary %}
{% block title %}{{ view.question.text }} - {{ _("Your say") }}{% endblock %}
{% block before_main %}
<a class="govuk-back-link" href="#">{{ _("Back") }}</a>
{% endblock %}
{% block content %}
{{ error_summary(view.errors) }}
<form method="post" id="page" novalidate>
{{ field(view) }}
<button class="govuk-button">{{ _("Continue") }}</button>
</form>
{% endblock %}
"""

ANSWERS = """
{% extends "staff/base.html" if staff else "base.html" %}
{% from "components/summary.html" import summary %}
{% from "components/table.html" import table %}
{% block content %}
<h1 class="govuk-heading-l">{{ text }}</h1>
{{ summary([
  {"question": text, "answers": [text, text], "change_url": "#1"},
  {"question": text, "answers": [text], "change_url": "#2", "change_text_hidden": text ~ "?"},
  {"question": text, "answers": [], "change_url": ""}]) }}
{{ table(text, [text, "n", "%"], [[text, 12, "3"], [text, 1200, "97"]], numeric=[1, 2]) }}
{% endblock %}
"""


def create_pages() -> Flask:
    """Make the app."""
    app = Flask("pages", static_folder=str(APP / "static"), template_folder=str(APP / "templates"))
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 31536000
    Babel(app, locale_selector=lambda: "en")
    assets.init_app(app)
    app.jinja_env.globals["csrf_token"] = lambda: "token"

    @app.context_processor
    def frame() -> dict[str, Any]:
        code = g.get("code", "en")
        return {
            "language": LANGUAGES[code],
            "language_switch": [
                vars(LANGUAGES[other]) | {"url": f"/{other}/text", "current": other == code} for other in LANGUAGES
            ],
            "switch_form": None if request.args.get("links") else "page",
            "footer_links": [{"text": "Privacy", "url": "/privacy"}, {"text": "Cookies", "url": "/cookies"}],
            "translation_reviewed": code == "en",
            "simulated": "simulated" in request.args,
            "title_prefix": "Error: " if "wrong" in request.args else "",
            "timeout": SimpleNamespace(
                seconds=int(request.args["seconds"]), warn_seconds=60, extend_url="/extend", url="/timed-out"
            ) if "seconds" in request.args else None,
            "staff_navigation": [{"text": "Waves", "url": "/", "active": True}, {"text": "Results", "url": "/r"}],
        }  # fmt: skip

    app.extended = 0  # type: ignore[attr-defined]

    @app.post("/extend")
    def extend() -> str:
        assert request.headers["X-CSRFToken"] == "token"
        app.extended += 1  # type: ignore[attr-defined]
        return ""

    @app.get("/timed-out")
    def timed_out() -> str:
        return "<!doctype html><html lang=en><link rel=icon href=data:,><title>Timed out</title><h1>Timed out</h1>"

    @app.route("/<code>/<kind>", methods=["GET", "POST"])
    def page(code: str, kind: str) -> str:
        g.code = code
        if request.method == "POST":
            return (
                f"<!doctype html><link rel=icon href=data:,><p>{escape(repr(sorted(request.form.items(multi=True))))}"
            )
        if kind in ("answers", "staff"):
            return render_template_string(ANSWERS, text=SAMPLE[code], staff=kind == "staff")
        if kind == "all":
            shown = [replace(view, heading=False) for view in views(code, "wrong" in request.args).values()]
            errors = [error for view in shown for error in view.errors]
            return render_template_string(ALL, text=SAMPLE[code], views=shown, errors=errors)
        return render_template_string(QUESTION, view=views(code, "wrong" in request.args)[kind])

    @app.after_request
    def strict(response: Any) -> Any:
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self' data:; img-src 'self' data:; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'"
        )
        return response

    return app
