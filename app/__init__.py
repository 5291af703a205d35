"""The survey platform: surveys ask, fieldwork reaches, analysis understands, results tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask

import config as environment
from app.security import Asked

ROOT = Path(__file__).resolve().parent.parent

DEFAULTS: dict[str, Any] = {
    "TRANSLATIONS": ROOT / "translations",
    "MIGRATIONS": ROOT / "migrations",
    "MAX_CONTENT_LENGTH": 256 * 1024,
    "MAX_FORM_MEMORY_SIZE": 256 * 1024,
    "MAX_FORM_PARTS": 1000,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "WTF_CSRF_TIME_LIMIT": None,
}


class Platform(Flask):
    """Flask; none of our functions is a coroutine, so none is looked at for that, a dozen times a request."""

    request_class = Asked

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Take a view or hook as it is."""
        return func


def create_app(settings: Mapping[str, Any] | None = None, commands: bool = True) -> Flask:
    """Make the application: configure, bind, register, return. What only serves pages does without the commands."""
    app = Platform(__name__)
    app.config.from_mapping(DEFAULTS | environment.from_environment() | dict(settings or {}))
    bind(app)
    register(app)
    if commands:
        offer_commands(app)
    return app


def bind(app: Flask) -> None:
    """Bind what the rooms share."""
    from app import assets, compression, database, encryption, errors, i18n, security
    from app.accounts import sign_in
    from app.operating import logs, metrics

    logs.init_app(app)
    metrics.init_app(app)
    database.init_app(app)
    encryption.init_app(app)
    i18n.init_app(app)
    assets.init_app(app)
    compression.init_app(app)
    security.init_app(app)
    sign_in.init_app(app)
    errors.init_app(app)


def register(app: Flask) -> None:
    """Open the rooms: their pages."""
    from app.accounts.views import accounts
    from app.comments.safeguarding_pages import safeguarding
    from app.comments.views import comments
    from app.fieldwork.flag_pages import flag_pages
    from app.fieldwork.paper.file_pages import paper_files
    from app.fieldwork.paper.views import paper
    from app.fieldwork.scanning.pages import scans
    from app.fieldwork.tablet_pages import tablet_pages
    from app.fieldwork.tablets.api import tablet_api
    from app.fieldwork.tablets.pages import tablets
    from app.fieldwork.views import fieldwork
    from app.operating.health import health
    from app.operating.metrics import metrics
    from app.results.api.token_pages import api_tokens
    from app.results.api.views import api
    from app.results.export.views import exports
    from app.results.pages.answered import answered
    from app.results.pages.guard import guard
    from app.results.pages.measures import measures
    from app.results.pages.next import where_next
    from app.results.pages.priorities import priorities
    from app.results.release.public import public_results
    from app.results.release.staff import releases
    from app.results.release.staff_feedback import staff_feedback
    from app.results.report.views import report
    from app.results.views import results
    from app.surveys import drawn
    from app.surveys.staff import staff_surveys
    from app.surveys.views import resident

    drawn.init_app(app)
    for blueprint in (
        resident,
        staff_surveys,
        fieldwork,
        paper,
        paper_files,
        scans,
        tablet_api,
        tablet_pages,
        tablets,
        flag_pages,
        accounts,
        results,
        priorities,
        measures,
        guard,
        where_next,
        answered,
        exports,
        report,
        api,
        api_tokens,
        comments,
        safeguarding,
        releases,
        staff_feedback,
        public_results,
        health,
        metrics,
    ):
        app.register_blueprint(blueprint)


def offer_commands(app: Flask) -> None:
    """Offer what ``flask`` can be told to do; migrating the database is one of it."""
    from flask_migrate import Migrate

    from app.accounts.cli import audit_cli, staff_cli
    from app.comments.cli import comments_command
    from app.database import db
    from app.demo.cli import demo_command
    from app.fieldwork.flag_pages import flags_command
    from app.fieldwork.paper.cli import paper_command
    from app.fieldwork.tablets.cli import tablets_command
    from app.mail.commands import outbox_cli
    from app.operating.commands import backup_command, ready_command, restore_command, retention_command
    from app.operating.keeping_keys import keys_cli
    from app.operating.working import jobs_cli
    from app.results.cli import results_command
    from app.results.commands.files import analysis_cli
    from app.results.export.cli import export_command
    from app.routes import routes_command
    from app.surveys.cli import survey_cli
    from app.translating.commands import translations_cli

    Migrate(app, db, directory=str(app.config["MIGRATIONS"]), render_as_batch=True)
    for command in (
        survey_cli,
        routes_command,
        paper_command,
        tablets_command,
        flags_command,
        translations_cli,
        staff_cli,
        audit_cli,
        backup_command,
        restore_command,
        retention_command,
        keys_cli,
        ready_command,
        results_command,
        export_command,
        analysis_cli,
        comments_command,
        jobs_cli,
        outbox_cli,
        demo_command,
    ):
        app.cli.add_command(command)
