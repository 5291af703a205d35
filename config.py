"""The only reader of the environment: every setting, its default and what it is for.

On a desk (``PRODUCT_URL`` begins with http) everything has a default. Where it begins with https the platform is in
production: secrets must be set, long and not the development's own, the database named, and the proxies counted.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent
SHORTEST_SECRET = 32
GUESSED = ("changeme", "change-me", "secret", "password", "development", "example", "default")
DATABASES = ("sqlite", "postgresql+psycopg")
DRAFT_ADDRESS = "West Yorkshire PCC\nPloughland House, 62 George Street\nWakefield WF1 1DL"
"""Where paper forms go back to until RETURN_ADDRESS is set; forms say that it is a draft."""
WHOLE_NUMBERS = {
    **{"IDLE_MINUTES": 30, "STAFF_IDLE_MINUTES": 60, "DRAFT_DAYS": 14, "PROXIES": 0},
    **{"ANSWERS_MONTHS": 48, "CONTACT_MONTHS": 24, "AUDIT_YEARS": 7, "SCANS_DAYS": 30},
    "RESPONSES_PER_NETWORK": 30,
}
"""Settings that count something, with their defaults."""
LARGEST = {"MINUTES": 100_000, "DAYS": 10_000, "MONTHS": 1_000, "YEARS": 100, "PROXIES": 10, "NETWORK": 100_000_000}
"""The most that a setting may be, by the last word of its name: beyond it lies no date."""
WRITABLE = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "make room on that disk"),
    errno.EROFS: "mount that disk for writing, or name another folder in INSTANCE",
}
"""What to do where a folder takes no files for another reason than whose it is."""
KEY = re.compile(r"[A-Za-z0-9_-]{43}=?")
CLEAR = (
    "everybody on the way reads what is sent there: begin it with https://, or write http://127.0.0.1:5000 for a desk"
)
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]


class SettingsRefused(ValueError):
    """The environment sets what the platform must not start with; each line names it, its value and what to do."""


class StartRefused(Exception):
    """The platform must not start where it is; each line names the thing, its value and what to do."""


def from_environment(environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Read the settings from the environment; raises SettingsRefused with everything that is wrong with them."""
    env = os.environ if environment is None else environment
    url = (env.get("PRODUCT_URL") or "http://127.0.0.1:5000").rstrip("/").lower()
    production = url.startswith("https://")
    faults = [
        *product_faults(url),
        *secret_faults(env, production),
        *database_faults(env, production),
        *key_faults(env, production),
        *proxy_faults(env, production),
    ]
    numbers = {}
    for name, default in WHOLE_NUMBERS.items():
        try:
            numbers[name] = whole_number(env, name, default)
        except SettingsRefused as fault:
            faults.append(str(fault))
    second_factor = env.get("SECOND_FACTOR") or ("required" if production else "offered")
    if second_factor not in ("required", "offered") or (production and second_factor != "required"):
        allowed = "required" if production else "required or offered"
        faults.append(f"SECOND_FACTOR is {second_factor!r}: write {allowed}.")
    jobs = env.get("JOBS") or ("worker" if production and is_postgresql(env) else "here")
    if jobs not in ("worker", "here") or (jobs == "worker" and not is_postgresql(env)):
        faults.append(f"JOBS is {jobs!r}: write here, or on PostgreSQL worker, with `flask jobs work` running.")
    faults += [*notify_faults(env), *log_faults(env)]
    if faults:
        raise SettingsRefused("\n".join(faults))
    instance = Path(env.get("INSTANCE") or ROOT / "instance").absolute()
    secret = env.get("SECRET_KEY") or _kept_secret(instance)
    return {
        **numbers,
        **(over_https(url) if production else {}),
        "PRODUCTION": production,
        "SECOND_FACTOR": second_factor,
        "SECRET_KEY": secret,
        "SECURITY_PASSWORD_SALT": env.get("PASSWORD_SALT") or secret,
        "SEAL_SECRET": env.get("SEAL_SECRET") or "",
        "PROOF_SECRET": env.get("PROOF_SECRET") or "",
        "ENCRYPTION_KEYS": encryption_keys(env) or (_kept_secret(instance, "encryption-key", 32),),
        "INSTANCE": instance,
        "SQLALCHEMY_DATABASE_URI": database_url(env.get("DATABASE_URL") or f"sqlite:///{instance / 'platform.db'}"),
        "PRODUCT_URL": url,
        "JOBS": jobs,
        "NOTIFY_API_KEY": env.get("NOTIFY_API_KEY") or "",
        "NOTIFY_TEMPLATE": env.get("NOTIFY_TEMPLATE") or "",
        "NOTIFY_URL": env.get("NOTIFY_URL") or "",
        "METRICS_TOKEN": env.get("METRICS_TOKEN") or "",
        "METRICS_FOLDER": env.get("PROMETHEUS_MULTIPROC_DIR") or "",
        "LOG_FORMAT": env.get("LOG_FORMAT") or ("json" if production else "plain"),
        "RETURN_ADDRESS": env.get("RETURN_ADDRESS", "").replace("\\n", "\n") or DRAFT_ADDRESS,
        "RETURN_ADDRESS_CONFIRMED": bool(env.get("RETURN_ADDRESS")),
    }


def over_https(url: str) -> dict[str, Any]:
    """Tie cookies and addresses to the one public host; a name with ``__Host-`` is bound to it by the browser."""
    return {
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-session",
        "TRUSTED_HOSTS": [urlsplit(url).hostname, *LOOPBACK],
    }


def product_faults(url: str) -> list[str]:
    """Say what is wrong with the address at which residents find the platform."""
    with suppress(ValueError):
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
        if known and parts.path in ("", "/") and not parts.query:
            return (
                [] if parts.scheme == "https" or is_desk(str(parts.hostname)) else [f"PRODUCT_URL is {url!r}: {CLEAR}."]
            )
    return [f"PRODUCT_URL is {url!r}: write scheme and host only, for example https://survey.example.org."]


def is_desk(host: str) -> bool:
    """Say whether a host is no public one: a name without a dot, or an address inside a network."""
    with suppress(ValueError):
        return ip_address(host).is_private
    return "." not in host or host.endswith((".localhost", ".local", ".test"))


def secret_faults(env: Mapping[str, str], production: bool) -> list[str]:
    """Say which secrets are missing, short or easily guessed. Their values are never repeated."""
    remedy = "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
    faults = []
    for name in ("SECRET_KEY", "PASSWORD_SALT", "SEAL_SECRET", "PROOF_SECRET", "METRICS_TOKEN"):
        value, needed = env.get(name, ""), production and name == "SECRET_KEY"
        if needed and not value:
            faults.append(f"{name} is not set, and PRODUCT_URL begins with https: {remedy}.")
        elif production and value and len(value) < SHORTEST_SECRET:
            faults.append(f"{name} has {len(value)} characters: use at least {SHORTEST_SECRET}; {remedy}.")
        elif production and value and (any(word in value.lower() for word in GUESSED) or len(set(value)) < 10):
            faults.append(f"{name} is easily guessed: {remedy}.")
    return faults


def encryption_keys(env: Mapping[str, str]) -> tuple[str, ...]:
    """List the keys that answers are encrypted with at rest: the first one seals, the others still open."""
    return tuple(key.strip() for key in env.get("ENCRYPTION_KEYS", "").split(",") if key.strip())


def key_faults(env: Mapping[str, str], production: bool) -> list[str]:
    """Say which key of ENCRYPTION_KEYS is none, by its place; keys themselves are never repeated."""
    remedy = "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
    keys = encryption_keys(env)
    if production and not keys:
        return [f"ENCRYPTION_KEYS is not set, and PRODUCT_URL begins with https: {remedy}."]
    found = [(place, _key_fault(key)) for place, key in enumerate(keys, 1)]
    found += [(place, "stands there twice") for place, key in enumerate(keys, 1) if key in keys[: place - 1]]
    return [f"ENCRYPTION_KEYS: key {place} of {len(keys)} {fault}; {remedy}." for place, fault in found if fault]


def _key_fault(key: str) -> str:
    if not KEY.fullmatch(key):
        return f"has {len(key)} characters, and is not base64url of 32 bytes"
    return "is easily guessed" if len(set(urlsafe_b64decode(key[:43] + "="))) < 10 else ""


def database_faults(env: Mapping[str, str], production: bool) -> list[str]:
    """Say what is wrong with the database's address, without its password."""
    given = env.get("DATABASE_URL", "")
    if not given:
        remedy = "write postgresql://USER:PASSWORD@HOST/NAME, or sqlite:////PATH for a single machine"
        return [f"DATABASE_URL is not set, and PRODUCT_URL begins with https: {remedy}."] if production else []
    scheme, separator, _ = database_url(given).partition("://")
    if scheme not in DATABASES or not separator:
        known = "postgresql://USER:PASSWORD@HOST/NAME or sqlite:////PATH"
        return [f"DATABASE_URL begins with {scheme[:30]!r}, no database that the platform knows: write {known}."]
    try:
        url = make_url(given)
    except (ValueError, ArgumentError):
        url = None
    if url is None or "@" in (url.host or ""):
        remedy = "write the port as a number, and signs in the password in percents, as %40 for @"
        return [f"DATABASE_URL cannot be read: {remedy}."]
    if scheme == "sqlite":
        good = url.database and url.database != ":memory:" and not url.host
        return (
            []
            if good
            else ["DATABASE_URL names no file: write sqlite:////PATH, with four strokes before a whole path."]
        )
    if not url.database:
        return ["DATABASE_URL names no database: write postgresql://USER:PASSWORD@HOST/NAME."]
    if url.port is not None and not 0 < url.port < 65536:
        return [f"DATABASE_URL has the port {url.port}: write one from 1 to 65535, PostgreSQL's own is 5432."]
    return []


def proxy_faults(env: Mapping[str, str], production: bool) -> list[str]:
    """Say that nobody said what stands in front: behind an untold proxy all residents are one network, soon full."""
    if not production or env.get("PROXIES"):
        return []
    remedy = "write how many proxies of yours stand in front, 1 behind Caddy or nginx, 0 if none"
    return [f"PROXIES is not set, and PRODUCT_URL begins with https: {remedy}."]


def notify_faults(env: Mapping[str, str]) -> list[str]:
    """Say what is wrong with how mails are sent. The key is never repeated."""
    key, template = env.get("NOTIFY_API_KEY", ""), env.get("NOTIFY_TEMPLATE", "")
    if not key:
        return []
    faults = []
    if not re.fullmatch(r".*[0-9a-f-]{36}-[0-9a-f-]{36}", key):
        faults.append("NOTIFY_API_KEY is no key of GOV.UK Notify: copy the whole of it, its name and both numbers.")
    if not re.fullmatch(r"[0-9a-f-]{36}", template):
        faults.append(f"NOTIFY_TEMPLATE is {template!r}: write the number of the template, from GOV.UK Notify.")
    if find_spec("notifications_python_client") is None:
        faults.append(
            "NOTIFY_API_KEY is set, but Notify's client is not installed: pip install 'your-priorities[notify]'."
        )
    return faults


def log_faults(env: Mapping[str, str]) -> list[str]:
    """Say what is wrong with where the log and the figures go."""
    form, folder = env.get("LOG_FORMAT") or "plain", env.get("PROMETHEUS_MULTIPROC_DIR") or "."
    faults = [] if form in ("json", "plain") else [f"LOG_FORMAT is {form[:30]!r}: write json or plain."]
    if not os.path.isdir(folder):
        faults.append(f"PROMETHEUS_MULTIPROC_DIR is {folder!r}, which is no folder: make it, or leave it out.")
    return faults


def is_postgresql(env: Mapping[str, str]) -> bool:
    """Say whether the database that is named is a PostgreSQL."""
    return database_url(env.get("DATABASE_URL", "")).startswith("postgresql")


def whole_number(env: Mapping[str, str], name: str, default: int) -> int:
    """Read a setting that counts something; only one whose default is 0 may be 0."""
    text = env.get(name) or str(default)
    smallest, largest = min(default, 1), LARGEST[name.rpartition("_")[2]]
    if not re.fullmatch("[0-9]{1,9}", text) or not smallest <= int(text) <= largest:
        span = f"a whole number from {smallest} to {largest}"
        raise SettingsRefused(f"{name} is {text[:30]!r}: write {span}, for example {default}.")
    return int(text)


def database_url(url: str) -> str:
    """Name the driver that the platform ships: psycopg 3 for PostgreSQL."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _kept_secret(instance: Path, name: str = "secret", size: int = 48) -> str:
    """Make a secret once and keep it beside the development database, so that what it guards survives a restart."""
    try:
        return _made_once(instance, name, size)
    except OSError as error:
        raise StartRefused(takes_no_files(instance, error)) from None


def takes_no_files(folder: Path, error: OSError) -> str:
    """Say that a folder takes no files, why, and what to do."""
    remedy = WRITABLE.get(error.errno or 0, "let the platform's user write there")
    return f"The folder {folder.name!r} takes no files ({error.strerror}): {remedy}."


def _made_once(instance: Path, name: str, size: int) -> str:
    path = instance / name
    instance.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        own = instance / f"{name}.{os.getpid()}"
        with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(size))
        # Of several workers that start at once, the first to link its secret wins.
        with suppress(FileExistsError):
            os.link(own, path)
        own.unlink()
    return path.read_text()
