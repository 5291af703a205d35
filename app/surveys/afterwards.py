"""After the answers were sent: see, change or withdraw them by the receipt code; hear of results."""

from __future__ import annotations

from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from flask import abort, redirect, render_template, request, url_for

from app import clock, i18n
from app.accounts import limits
from app.i18n import gettext as _
from app.security import csrf
from app.surveys import amending, codes, contacts, journey, queries, sending, visit, withdrawing
from app.surveys.errors import UnknownReceipt
from app.surveys.views import Page, code_page, resident


@resident.route("/<lang:language>/your-answers", methods=["GET", "POST"])
def your_answers() -> Page:
    """Ask for the receipt code."""
    typed, error, early = request.form.get("code", ""), "", ""
    if request.method == "POST" and "_switch" not in request.form:
        code = codes.read(typed)
        try:
            queries.response_with(code)
        except UnknownReceipt:
            error = (
                _("We can't find answers with this code. Check it against your receipt")
                if code
                else _("Enter the receipt code that you got when you sent your answers.")
            )
            early = code if len(code) == codes.WRITTEN else ""
        else:
            visit.leave()
            visit.hold_receipt(code)
            return redirect(url_for("resident.see"), 303)
    return code_page("resident/your_answers.html", typed, error, early=early)


@resident.post("/<lang:language>/your-answers/withdraw-early")
def withdraw_early() -> Page:
    """Withdraw answers that a tablet has not sent yet: when they arrive, they are not kept."""
    code = codes.read(request.form.get("code", ""))
    if len(code) != codes.WRITTEN:
        return redirect(url_for("resident.your_answers"), 303)
    if limits.withdraws_too_often():
        abort(429)
    withdrawing.withdraw_early(code)
    return render_template("resident/withdrawn_early.html")


@resident.get("/<lang:language>/your-answers/see")
def see() -> Page:
    """Show the stored answers, and what may still be done."""
    response = visit.response()
    definition = queries.definition_of(response.wave, i18n.spoken().code)
    sections = []
    if response.answers is not None:
        answers = response.said or {}
        route = journey.pages(definition, answers)
        for after_check in (False, True):
            sections += sending.summary(response.wave.survey.slug, route, answers, after_check)
    return render_template(
        "resident/see.html",
        response=response,
        definition=definition,
        sections=sections,
        simulated=response.wave.simulated,
        changeable=clock.now() < response.wave.freezes_at,
    )


@resident.post("/<lang:language>/your-answers/change")
def change() -> Page:
    """Open the stored answers for changing; they stand until the change is sent."""
    response = visit.response()
    receipt = visit.receipt()
    slug = response.wave.survey.slug
    visit.begin(slug, amending.amend(response, i18n.spoken().code))
    visit.hold_receipt(receipt)
    return redirect(url_for("resident.check", slug=slug), 303)


@resident.route("/<lang:language>/your-answers/withdraw", methods=["GET", "POST"])
def withdraw() -> Page:
    """Ask whether the answers shall be erased, and erase them."""
    response = visit.response()
    if request.method == "GET":
        return render_template("resident/withdraw.html", response=response, wave=response.wave)
    withdrawing.withdraw(response)
    visit.let_go(response.wave.survey.slug)
    return redirect(url_for("resident.see"), 303)


@resident.route("/<lang:language>/news", methods=["GET", "POST"])
def news() -> Page:
    """Take an address for news of results; it is kept apart from every answer."""
    typed, error = request.form.get("email", "").strip(), ""
    if request.method == "POST" and "_switch" not in request.form:
        try:
            address = validate_email(typed[:300], check_deliverability=False).normalized
        except EmailNotValidError:
            error = _("Enter an email address like name@example.com")
        else:
            if limits.asks_for_news_too_often():
                abort(429)
            contacts.keep(address, i18n.spoken().code)
            return redirect(url_for("resident.news_kept"), 303)
    page = render_template("resident/news.html", typed=typed[:300], error=error, switch_form="page")
    return page, 422 if error else 200


@resident.get("/<lang:language>/news/kept")
def news_kept() -> Page:
    """Say that the address was kept."""
    return render_template("resident/news_kept.html")


@resident.route("/<lang:language>/news/stop/<uuid:number>", methods=["GET", "POST"])
def stop_news(number: UUID) -> Page:
    """Forget an address, as every mail offers; a mail program may do so by itself."""
    if request.method == "POST" and "_switch" not in request.form:
        contacts.forget(number)
        return redirect(url_for("resident.news_stopped"), 303)
    return render_template("resident/stop_news.html", stopped=False)


# Mail programs press the button without opening the page; only whoever got the mail knows the address.
csrf.exempt(stop_news)


@resident.get("/<lang:language>/news/stopped")
def news_stopped() -> Page:
    """Say that the address is erased, whether it was there or not."""
    return render_template("resident/stop_news.html", stopped=True)
