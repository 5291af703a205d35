"""The pages about staff: one's own account, the people, the audit log, and the page that an invitation opens."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import pages, queries, services
from app.accounts.errors import AccountError, InvitationGone, LastAdmin
from app.accounts.fresh import fresh
from app.accounts.models import ROLES, User, current_user
from app.accounts.roles import EVERYBODY, anybody, roles

accounts = Blueprint("accounts", __name__, url_prefix="/staff")


@accounts.errorhandler(LastAdmin)
def last_admin(error: LastAdmin) -> ResponseReturnValue:
    """Say why the last admin must stay."""
    return pages.problem("Somebody must stay admin", str(error), 409)


@accounts.errorhandler(InvitationGone)
def invitation_gone(error: InvitationGone) -> ResponseReturnValue:
    """Say why a link to choose a password no longer works."""
    return pages.problem("This link no longer works", str(error), 410)


@accounts.get("/account")
@roles(*EVERYBODY)
def account() -> ResponseReturnValue:
    """Show somebody's own account."""
    return render_template("staff/account.html", descriptions=ROLES, errors=[])


@accounts.post("/account")
@roles(*EVERYBODY)
def change_password() -> ResponseReturnValue:
    """Change one's own password."""
    try:
        services.change_password(current_user, request.form.get("current", ""), request.form.get("password", ""))
    except AccountError as error:
        errors = pages.anchored([str(error)], error.field)
        return render_template("staff/account.html", descriptions=ROLES, errors=errors), 422
    return pages.done("Your password has been changed.", url_for(".account"))


@accounts.get("/people")
@roles("admin")
def people() -> ResponseReturnValue:
    """List everybody who has an account."""
    return render_template("staff/people.html", people=queries.staff())


@accounts.route("/people/add", methods=["GET", "POST"])
@roles("admin")
@fresh()
def add_person() -> ResponseReturnValue:
    """Create an account for somebody, who then chooses a password through a link."""
    typed = {"email": request.form.get("email", ""), "roles": request.form.getlist("roles")}
    if request.method == "GET":
        return render_template("staff/add_person.html", descriptions=ROLES, typed=typed, errors=[])
    try:
        person = services.add_staff(request.form.get("email", ""), request.form.getlist("roles"))
    except AccountError as error:
        errors = pages.anchored([str(error)], error.field)
        return render_template("staff/add_person.html", descriptions=ROLES, typed=typed, errors=errors), 422
    return pages.done(f"{person.email} has an account now. Send them the link below.", _page_of(person))


@accounts.get("/people/<int(max=2147483647):key>")
@roles("admin")
def person(key: int) -> ResponseReturnValue:
    """Show one account and what can be done to it."""
    return _person_page(_found(key))


@accounts.post("/people/<int(max=2147483647):key>/roles")
@roles("admin")
@fresh(".person")
def change_roles(key: int) -> ResponseReturnValue:
    """Give somebody other roles."""
    person = _found(key)
    try:
        services.change_roles(person, request.form.getlist("roles"), services.stated(request.form.get("reason", "")))
    except AccountError as error:
        return _person_page(person, pages.anchored([str(error)], error.field)), 422
    return pages.done(f"{person.email} has these roles now: {', '.join(person.role_names)}.", _page_of(person))


@accounts.post("/people/<int(max=2147483647):key>/disable")
@roles("admin")
@fresh(".person")
def disable(key: int) -> ResponseReturnValue:
    """Shut somebody out."""
    person = _found(key)
    services.disable(person, request.form.get("reason", ""))
    return pages.done(f"{person.email} can no longer sign in.", url_for(".people"))


@accounts.post("/people/<int(max=2147483647):key>/enable")
@roles("admin")
@fresh(".person")
def enable(key: int) -> ResponseReturnValue:
    """Let somebody in again."""
    person = _found(key)
    services.enable(person, request.form.get("reason", ""))
    return pages.done(f"{person.email} can sign in again.", _page_of(person))


@accounts.post("/people/<int(max=2147483647):key>/reset-password")
@roles("admin")
@fresh(".person")
def reset_password(key: int) -> ResponseReturnValue:
    """Forget somebody's password and second factor, so that they begin anew."""
    person = _found(key)
    services.reset(person, request.form.get("reason", ""))
    return pages.done(f"Password and codes of {person.email} are gone. Send them the link below.", _page_of(person))


@accounts.post("/people/<int(max=2147483647):key>/mail-invitation")
@roles("admin")
def mail_invitation(key: int) -> ResponseReturnValue:
    """Send somebody the link to choose a password."""
    person = _found(key)
    if not person.active or person.password:
        return pages.problem("There is nothing to send", "This person has a password already, or is shut out.", 422)
    services.mail_invitation(person, _invitation_link(person))
    return pages.done(f"The invitation of {person.email} is on its way.", _page_of(person))


@accounts.get("/audit")
@roles("admin")
def audit_log() -> ResponseReturnValue:
    """Show the audit log, the newest first."""
    page = queries.audit_page(request.args.get("action", ""), request.args.get("page", 1, type=int))
    return render_template("staff/audit_log.html", page=page, actions=queries.actions())


@accounts.route("/invitation/<token>", methods=["GET", "POST"])
@anybody("its owner has no password yet; the signed token in the address stands in for it")
def invitation(token: str) -> ResponseReturnValue:
    """Let an invited person choose a password."""
    person = services.invited(token)
    if request.method == "GET":
        return render_template("staff/invitation.html", person=person, errors=[])
    try:
        services.choose_password(person, request.form.get("password", ""))
    except AccountError as error:
        errors = pages.anchored([str(error)], error.field)
        return render_template("staff/invitation.html", person=person, errors=errors), 422
    return pages.done("Your password is set. Sign in with it now.", url_for("security.login"))


def _found(key: int) -> User:
    return queries.person_with(key) or abort(404)


def _page_of(person: User) -> str:
    return url_for("accounts.person", key=person.id)


def _person_page(person: User, errors: list[dict[str, str]] | None = None) -> str:
    waiting = person.active and not person.password
    link = _invitation_link(person) if waiting else ""
    return render_template("staff/person.html", person=person, descriptions=ROLES, link=link, errors=errors or [])


def _invitation_link(person: User) -> str:
    return url_for("accounts.invitation", token=services.invitation(person), _external=True)
