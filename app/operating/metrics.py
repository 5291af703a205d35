"""Figures for those who run the platform: ``/metrics`` for Prometheus, only with the token that METRICS_TOKEN sets."""

from __future__ import annotations

import time
from hmac import compare_digest

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from flask.typing import ResponseReturnValue

metrics = Blueprint("metrics", __name__)
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


def init_app(app: Flask) -> None:
    """Measure requests, where somebody set a token to read the figures with; nothing is loaded otherwise."""
    if not app.config["METRICS_TOKEN"]:
        return
    from prometheus_client import CollectorRegistry, Counter, Histogram

    registry = CollectorRegistry()
    labels = ("endpoint", "method", "status")
    requests = Counter("platform_requests_total", "Requests by endpoint, never by address.", labels, registry=registry)
    seconds = Histogram(
        "platform_request_seconds", "Seconds from request to answer.", ("endpoint",), buckets=SECONDS, registry=registry
    )
    app.extensions["metrics"] = registry

    def begin() -> None:
        g.begun = time.perf_counter()

    def count(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        requests.labels(endpoint, request.method, response.status_code).inc()
        seconds.labels(endpoint).observe(time.perf_counter() - g.get("begun", time.perf_counter()))
        return response

    app.before_request(begin)
    app.after_request(count)


@metrics.get("/metrics")
def figures() -> ResponseReturnValue:
    """Give the figures of all workers where PROMETHEUS_MULTIPROC_DIR is set, else those of this one."""
    token = current_app.config["METRICS_TOKEN"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not compare_digest(given.encode(), token.encode()):
        abort(404)
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = current_app.extensions["metrics"]
    if current_app.config["METRICS_FOLDER"]:
        registry = CollectorRegistry()
        MultiProcessCollector(registry, current_app.config["METRICS_FOLDER"])  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
