"""What protects every page: forms that only our own pages can send, headers that keep answers out of caches."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any

from flask import Flask, Request, Response, abort, current_app, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect, generate_csrf
from itsdangerous import URLSafeTimedSerializer
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

csrf = CSRFProtect()

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
}

LARGEST = 2**31 - 1
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}


class Form(FormDataParser):
    """Reads forms with as many fields as parts are allowed, however they are written."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        """Read a form; raises RequestEntityTooLarge where it has too many fields."""
        stream, form, files = super().parse(*args, **kwargs)
        if self.max_form_parts is not None and sum(map(len, form.listvalues())) > self.max_form_parts:
            raise RequestEntityTooLarge
        return stream, form, files


class Asked(Request):
    """A request whose form is bounded."""

    form_data_parser_class = Form


class Whole(IntegerConverter):
    """A number in an address: one that the database can hold, else there is nothing at the address."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **{"max": LARGEST} | kwargs)


class SignedCookies(SecureCookieSessionInterface):
    """Flask's session cookies; what signs them is made once, not twice a request."""

    def __init__(self, app: Flask) -> None:
        self.signer = super().get_signing_serializer(app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Offer what signs the cookies of the application."""
        return self.signer


def init_app(app: Flask) -> None:
    """Protect all forms and pages of the application."""
    app.url_map.converters["int"] = Whole
    if app.config["PROXIES"]:
        # Only as many hops are believed as proxies of ours stand in front; the host is never taken from a header.
        proxies = app.config["PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)  # type: ignore[method-assign]
    app.extensions["headers"] = HEADERS | (HTTPS_ONLY if app.config["PRODUCTION"] else {})
    app.session_interface = SignedCookies(app)
    # The check of the Referer header would refuse every form over HTTPS, since our pages send none.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    app.before_request(refuse_unmeasured)
    csrf.init_app(app)
    app.after_request(protect)


def network_of(address: str) -> str:
    """Name the network of an address: whoever has an address of IPv6 has all of its /64, so these count as one."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if known.version == 4:
        return str(known)
    return str(known.ipv4_mapped or ip_network((int(known), 64), strict=False))


def refuse_unmeasured() -> None:
    """Refuse what no database takes in an address, and a body that does not say how long it is."""
    if not request.path.isprintable():
        abort(404)
    if request.headers.get("Transfer-Encoding") and request.content_length is None:
        abort(411)


def csrf_token() -> str:
    """Give the token for the visitor's forms; it is signed once for a visit, since it lasts as long."""
    return _signed(session["csrf_token"]) if "csrf_token" in session else str(generate_csrf())


@lru_cache(maxsize=2000)
def _signed(secret: str) -> str:
    return str(generate_csrf())


def protect(response: Response) -> Response:
    """Keep pages out of every cache and frame; built assets, whose names change with their content, may stay.

    A page that calls itself public, as released results do, may stay for as long as it says.
    """
    response.headers.extend(current_app.extensions["headers"])
    if request.endpoint == "static" and response.status_code == 200:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif response.cache_control.public and "Set-Cookie" not in response.headers:
        return response
    else:
        response.headers["Cache-Control"] = "no-store"
    return response
