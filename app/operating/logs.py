"""What the platform writes into its log: one JSON object a line in production, and never what somebody answered."""

from __future__ import annotations

import logging
import re
from collections.abc import MutableMapping
from typing import Any

from flask import Flask, has_request_context, request

HIDDEN = "[hidden]"
PLAIN = "%(levelname)s %(name)s: %(message)s"
SECRET_KEYS = frozenset(
    {"answers", "answer", "comment", "text", "words", "form", "data", "body", "password", "token", "code", "receipt"}
    | {"email", "cookie", "authorization", "csrf_token", "parameters", "params"}
)
PATTERNS = (
    re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),  # e-mail addresses
    re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b"),  # receipt and resume codes
    re.compile(r"(?<=://)[^/@\s]{1,200}@"),  # a name and password in an address
    re.compile(r"\+?\b\d[\d ]{8,16}\d\b"),  # telephone numbers
)
Event = MutableMapping[str, Any]


class PlainFormatter(logging.Formatter):
    """Lines for a desk, redacted too."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record, with nothing in it that could be somebody's."""
        return str(hidden(super().format(record)))


def init_app(app: Flask) -> None:
    """Write the log as LOG_FORMAT says. Tests keep pytest's own handlers."""
    if app.testing:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(json_formatter() if app.config["LOG_FORMAT"] == "json" else PlainFormatter(PLAIN))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO if app.config["LOG_FORMAT"] == "json" else logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def json_formatter() -> logging.Formatter:
    """Make the formatter that writes one JSON object a line: time, level, logger, endpoint, event."""
    import structlog

    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        where,
    ]
    finish: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        redact,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=finish)


def where(logger: Any, method: str, event: Event) -> Event:
    """Say at which endpoint something happened: never its address, which may hold a code."""
    if has_request_context():
        event["endpoint"] = request.endpoint
        event["method"] = request.method
    return event


def redact(logger: Any, method: str, event: Event) -> Event:
    """Hide whatever could be somebody's: values under telling names, and what looks like an address, code or number."""
    return {key: HIDDEN if key.lower() in SECRET_KEYS else hidden(value) for key, value in event.items()}


def hidden(value: Any) -> Any:
    """Hide what looks personal inside a text; other values stay."""
    if not isinstance(value, str):
        return value
    for pattern in PATTERNS:
        value = pattern.sub(HIDDEN, value)
    return value
