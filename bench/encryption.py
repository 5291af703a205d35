"""Measure what encryption at rest costs a page, and who reads a hundred thousand comments: `make bench-encryption`."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import insert, select

from app import create_app, encryption
from app.comments import queries as comments
from app.comments.frames import begin
from app.comments.models import Comment, place_of
from app.database import db, one_moment
from app.demo.services import migrate
from app.operating import rotation
from app.surveys import codes, own_words, queries, services
from app.surveys.models import Response, Wave

COMMENTS = int(os.environ.get("COMMENTS") or 100_000)
WORDS = "The lamps in our street have been out since March, and nobody answers when we ring; please mend them. "
QUESTIONNAIRE = Path(services.__file__).parent / "definitions" / "your-priorities-your-plan.yaml"


def seconds(work: Callable[[], Any]) -> float:
    """Time some work, in seconds of the processor."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def each(work: Callable[[], Any], times: int = 1_000) -> float:
    """Time what is done often, in seconds of the processor: the best of ten rounds."""
    found = []
    for _ in range(10):
        begun = time.process_time()
        for _ in range(times):
            work()
        found.append((time.process_time() - begun) / times)
    return min(found)


def page() -> None:
    """Measure the one draft that a resident's page opens and seals."""
    draft = {f"question_{number}": ["burglary", "mental_health"] for number in range(30)} | {"comment": WORDS * 3}
    place = ("draft.answers", uuid.uuid4())
    sealed = encryption.seal_document(draft, *place)
    sealing = each(lambda: encryption.seal_document(draft, *place))
    opening = each(lambda: encryption.opened_document(sealed, *place))
    print(f"a draft of {len(sealed):,} characters: sealed in {sealing * 1e3:.3f} ms, opened in {opening * 1e3:.3f} ms")


def filled(wave: Wave) -> None:
    """Store comments in responses, and masked."""
    definition = queries.definition_of(wave)
    [key] = [each.key for each in definition.questions if each.kind == "text" and each.lines > 1][:1]
    for start in range(0, COMMENTS, 5_000):
        numbers = range(start + 1, min(start + 5_000, COMMENTS) + 1)
        rows = [_row(wave, definition, key, number) for number in numbers]
        db.session.execute(insert(Response), rows)
        db.session.execute(insert(Comment), [_comment(wave, key, number) for number in numbers])
    db.session.commit()


def _row(wave: Wave, definition: Any, key: str, number: int) -> dict[str, Any]:
    submission = codes.hashed(str(number))
    kept = own_words.kept(definition, {"district": "leeds", key: f"{WORDS}{number}"}, submission)
    return {"id": number, "wave_id": wave.id, "submission": submission, "receipt": submission, "language": "en", **kept}


def _comment(wave: Wave, key: str, number: int) -> dict[str, Any]:
    about: dict[str, Any] = {"wave_id": wave.id, "digest": "", "kinds": [], "sentiment": 0.0, "note": "", "frame": 1}
    sealed = encryption.seal(f"{WORDS}{number}", *place_of(number, key))
    about |= {"held": False, "read_at": wave.opens_at, "language": "en"}
    return about | {"response_id": number, "question": key, "sealed": sealed}


def main() -> None:
    """Say what each costs."""
    with TemporaryDirectory() as folder:
        address = {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/bench.db", "INSTANCE": folder, "SECRET_KEY": "bench"}
        keys = [encryption.new_key() for _ in range(2)]
        app = create_app({**address, "ENCRYPTION_KEYS": keys[:1]})
        with app.app_context():
            page()
            migrate()
            begin()
            wave = services.open_wave(services.import_definition(QUESTIONNAIRE), "2026")
            filled(wave)
            measure(wave.id, wave.reference)
        with create_app({**address, "ENCRYPTION_KEYS": keys[::-1]}).app_context():
            print(f"{2 * COMMENTS:,} texts brought under a new key: {seconds(rotation.rotate):.1f} s")


def measure(wave_id: int, reference: str) -> None:
    """Measure those who read a whole wave."""

    def plain() -> None:
        with one_moment() as connection:
            for _ in connection.execute(select(Response.id, Response.language, Response.words)):
                pass

    def words() -> None:
        with one_moment() as connection:
            for _ in queries.worded_rows(connection, wave_id):
                pass

    print(f"{COMMENTS:,} responses: rows alone {seconds(plain):.2f} s, with their words opened {seconds(words):.2f} s")
    found = seconds(lambda: comments.search(comments.Filter(wave=reference, words=f"lamps {COMMENTS}")))
    print(f"a search for two words among {COMMENTS:,} masked comments: {found:.2f} s")


if __name__ == "__main__":
    main()
