"""Puts together what a tablet needs to ask without signal: its event, keys, open surveys, and every text it shows."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import current_app

from app import clock, i18n
from app.assets import BUILD
from app.clock import LONDON
from app.fieldwork.models import DISTRICTS, Event
from app.fieldwork.tablet_texts import TEXTS
from app.fieldwork.tablets import keys
from app.fieldwork.tablets.models import Device, SealKey
from app.surveys import codes, messages, queries, services
from app.surveys.models import Wave

MOST_ITEMS, MOST_BYTES = 100, 1024 * 1024
"""The limits of one batch."""


def bundle_for(device: Device) -> dict[str, Any]:
    """Gather everything for one device; ``server_time`` aside, it changes only when something in it does."""
    key, event = keys.current(), device.event
    assert key is not None, "a device is set up with a key"
    waves = waves_for(event, clock.now())
    return {
        "app": app_version(),
        "server_time": clock.now().isoformat(),
        "device": {"id": device.id, "name": device.name},
        "event": event_of(event),
        "keys": [key_of(key)],
        "limits": {"items": MOST_ITEMS, "bytes": MOST_BYTES},
        "receipt": {"alphabet": codes.ALPHABET, "length": codes.LENGTH, "group": 4},
        "languages": {
            each.code: {
                "autonym": each.autonym,
                "english": each.english,
                "direction": each.direction,
                "reviewed": bool(i18n.reviewed(each.code)),
            }
            for each in i18n.languages().values()
        },
        "surveys": [_survey(slug, wave) for slug, wave in waves],
        "interface": interface(),
        "support": support(),
    }


def digest_of(bundle: dict[str, Any]) -> str:
    """Digest a bundle, for its ETag: what the time is does not make it another one."""
    steady = {name: part for name, part in bundle.items() if name != "server_time"}
    return hashlib.sha256(json.dumps(steady, sort_keys=True).encode()).hexdigest()[:32]


def waves_for(event: Event, now: datetime) -> list[tuple[str, Wave]]:
    """List the waves that can be answered now, and those that will be open on the event's day, as far as is known.

    A tablet may be set up in November for a hall without signal in December: it takes December's questions along.
    """
    begins = datetime.combine(event.held_on, time(), LONDON)
    ahead = [moment for moment in (begins, begins + timedelta(days=1, seconds=-1)) if moment > now]
    found: dict[str, tuple[str, Wave]] = {}
    for slug in [survey.slug for survey in queries.surveys()]:
        waves = [services.wave_open_at(queries.survey_named(slug), now)]
        waves += [services.wave_expected_at(queries.survey_named(slug), moment) for moment in ahead]
        found |= {wave.reference: (slug, wave) for wave in reversed(waves) if wave is not None}
    return list(found.values())


def event_of(event: Event) -> dict[str, Any]:
    """Say which event it is, as its officers know it."""
    return {
        "id": event.id,
        "place": event.place,
        "held_on": event.held_on.isoformat(),
        "district": event.district,
        "district_name": DISTRICTS[event.district],
    }


def key_of(key: SealKey) -> dict[str, str]:
    """Give the public half of a key."""
    return {"id": key.id, "spki": key.spki}


@lru_cache
def app_version() -> str:
    """Name the version of the built pages: another one when any of them has changed."""
    return hashlib.sha256((BUILD / "manifest.json").read_bytes()).hexdigest()[:12]


def interface() -> dict[str, dict[str, str]]:
    """Give the texts of the tablet's pages, of refused answers and of what stands apart, in every language."""
    said = {
        **TEXTS,
        **{f"gate.{code}": str(text) for code, text in _english(messages.MESSAGES).items()},
        **{f"off_scale.{key}": text for key, text in OFF_SCALE.items()},
    }
    folder = Path(current_app.config["TRANSLATIONS"])
    return {
        code: {key: i18n.translations(folder, code).ugettext(text) for key, text in said.items()}
        for code in i18n.languages()
    }


def support() -> list[dict[str, Any]]:
    """List where residents can turn to, with whom each is for in every language (in English where staff changed it)."""
    folder = Path(current_app.config["TRANSLATIONS"])
    catalogues = {code: i18n.translations(folder, code) for code in i18n.languages()}
    return [
        {
            "name": line.name,
            "number": line.number,
            "about": {code: catalogue.ugettext(line.about) for code, catalogue in catalogues.items()},
        }
        for line in queries.support_lines()
    ]


OFF_SCALE = {"dont_know": "Don't know", "prefer_not_to_say": "Prefer not to say", "none": "None of these"}


def _english(texts: dict[str, Any]) -> dict[str, str]:
    """Read lazy texts as they stand in the catalogue."""
    return {key: text._args[0] for key, text in texts.items()}


def _survey(slug: str, wave: Wave) -> dict[str, Any]:
    spoken = [language for language in wave.texts or {} if language in i18n.languages()]
    return {
        "slug": slug,
        "wave": wave.reference,
        "digest": wave.digest,
        "opens_at": wave.opens_at.isoformat(),
        "closes_at": wave.closes_at.isoformat(),
        "languages": spoken,
        "definition": wave.document,
        "texts": {language: queries.texts_in(wave.texts, language) for language in spoken},
    }
