"""The use case of taking scans in: files are read page by page; what is a side of a form is kept to be confirmed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts import audit
from app.database import begin_writing, db
from app.fieldwork.paper.models import ENDED, Keying, PaperBatch, PaperForm, PrintRun
from app.fieldwork.paper.storing import Asked
from app.fieldwork.scanning import errors, keeping, process
from app.fieldwork.scanning.errors import CannotScan
from app.fieldwork.scanning.models import ScannedSide
from app.surveys.models import Wave


@dataclass(frozen=True, slots=True)
class Pile:
    """Where scans belong: a batch that there is, or one that begins with them."""

    batch_id: int | None = None
    event_id: int | None = None
    twice: int = 10


@dataclass(frozen=True, slots=True)
class File:
    """One file of an upload."""

    name: str
    content: bytes

    @classmethod
    def of(cls, name: str | None, content: bytes) -> File:
        """Take a file with the end of its name, in one line."""
        shown = " ".join("".join(sign if sign.isprintable() else " " for sign in name or "").split())
        return cls(shown[-80:] or "The file", content)

    @property
    def digest(self) -> str:
        """Tell the file by what is in it."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass
class Taken:
    """What came of an upload: the batch, how many sides it has now, what was left out and why."""

    batch_id: int = 0
    sides: int = 0
    forms: int = 0
    needless: int = 0
    black_and_white: int = 0
    problems: list[str] = field(default_factory=list)


Key = tuple[int, int]


class Taking:
    """One upload on its way in: steps to be told, and at their end what came of it.

    Pages are read without a transaction, so that nobody waits for them; then all sides are kept in one.
    """

    def __init__(self, wave: Wave, files: Sequence[File], by: str, pile: Pile) -> None:
        if wave.simulated or not wave.digest:
            raise CannotScan([f"{wave.reference} is simulated or has not opened: choose a real wave."])
        if clock.now() >= wave.freezes_at:
            raise CannotScan([f"{wave.reference} is frozen: its figures take no more responses."])
        self.wave, self.files, self.by, self.pile = Asked.of(wave), files, by, pile
        self.taken = Taken()
        self._sides: dict[Key, dict[str, Any]] = {}
        self._kept: list[str] = []

    def steps(self) -> Generator[str, None, Taken]:
        """Read and keep; returns what came of it. Raises CannotScan, and then nothing is kept."""
        self._refuse_repeats()
        runs = self._runs()
        db.session.rollback()
        try:
            yield f"Reading {len(self.files)} file{'s' * (len(self.files) > 1)}"
            contents = [each.content for each in self.files]
            for answer in process.answers(contents, self.wave.reference, runs):
                yield self._noted(answer)
            self._keep()
        except BaseException:
            db.session.rollback()
            keeping.erase(self._kept)
            raise
        return self.taken

    def _refuse_repeats(self) -> None:
        seen: dict[str, str] = {}
        for each in self.files:
            before = db.session.scalar(select(ScannedSide).where(ScannedSide.digest == each.digest).limit(1))
            if before:
                when = f"{clock.london(before.at):%-d %B %Y, %H:%M}"
                raise CannotScan(
                    [
                        f"{each.name} was uploaded already, by {before.by}, {when}, as {before.file_name}, into batch "
                        f"{before.batch_id}. Confirm its forms there."
                    ]
                )
            if each.digest in seen:
                raise CannotScan([f"{each.name} and {seen[each.digest]} are the same file: upload it once."])
            seen[each.digest] = each.name

    def _runs(self) -> list[dict[str, Any]]:
        found = db.session.scalars(select(PrintRun).where(PrintRun.wave_id == self.wave.id).order_by(PrintRun.id))
        return [
            {"from": run.first, "to": run.last, "first": run.layout["first"], "marks": run.layout["marks"]}
            for run in found
        ]

    def _noted(self, answer: Mapping[str, Any]) -> str:
        """Take note of one page; returns what is told of it."""
        name = self.files[answer["file"]].name
        if "refused" in answer:
            raise CannotScan([errors.refusal(name, answer)])
        place = f"{name}, page {answer['page']}"
        if "fault" not in answer:
            return self._side(place, answer)
        told = errors.fault(place, answer, self.wave.reference)
        if answer["fault"] in errors.NEEDLESS:
            self.taken.needless += 1
        else:
            self.taken.problems.append(told)
        return told

    def _side(self, place: str, answer: Mapping[str, Any]) -> str:
        key = (answer["serial"], answer["side"])
        if key in self._sides:
            told = f"{place} is {errors.side_named(answer)} again: {self._sides[key]['place']} was taken."
            self.taken.problems.append(told)
            return told
        picture = keeping.keep(base64.b64decode(answer["picture"]))
        self._kept.append(picture)
        self._sides[key] = {**answer, "place": place, "picture": picture}
        told = f"{place} is {errors.side_named(answer)}"
        return f"{told}. {errors.BLACK_AND_WHITE}" if answer["bilevel"] else told

    def _keep(self) -> None:
        """Keep all sides that may be kept, and their batch, in one transaction."""
        begin_writing()
        self._refuse_repeats()
        forms = self._forms()
        wanted = [(forms[key[0]], side) for key, side in sorted(self._sides.items()) if self._may(forms[key[0]], side)]
        if not wanted:
            db.session.rollback()
            none = "There is no side with a question in it, so nothing was taken: scan the sides with boxes to tick."
            raise CannotScan(self.taken.problems or [none])
        try:
            self._store(wanted)
        except IntegrityError:
            raise CannotScan(["Somebody else scanned one of these sheets at the same moment: try again."]) from None
        used = {side["picture"] for _, side in wanted}
        keeping.erase(name for name in self._kept if name not in used)

    def _store(self, wanted: Sequence[tuple[PaperForm, dict[str, Any]]]) -> None:
        batch = self._batch()
        for form, side in wanted:
            self._add(batch, form, side)
        self.taken.batch_id, self.taken.sides = batch.id, len(wanted)
        self.taken.forms = len({form.id for form, _ in wanted})
        self.taken.black_and_white = sum(side["bilevel"] for _, side in wanted)
        told = f"{len(wanted)} sides of {self.taken.forms} forms; {len(self.taken.problems)} pages left out"
        audit.record("paper.scan", f"batch {batch.id} of {self.wave.reference}", told)
        db.session.commit()

    def _forms(self) -> dict[int, PaperForm]:
        serials = {serial for serial, _ in self._sides}
        asked = select(PaperForm).where(PaperForm.wave_id == self.wave.id, PaperForm.serial.in_(serials))
        asked = asked.with_for_update()
        return {form.serial: form for form in db.session.scalars(asked)}

    def _may(self, form: PaperForm, side: Mapping[str, Any]) -> bool:
        """Say whether a side may be kept; if not, the reason is told."""
        told = self._in_the_way(form, side["side"])
        if told:
            self.taken.problems.append(f"{side['place']} is {errors.side_named(side)}: {told}.")
        return not told

    def _in_the_way(self, form: PaperForm, side: int) -> str:
        if form.state in ENDED:
            return f"this form {ENDED[form.state]}. {form.note}".strip().rstrip(".")
        asked = select(ScannedSide).where(ScannedSide.form_id == form.id, ScannedSide.side == side)
        before = db.session.scalar(asked)
        if before:
            when = f"{clock.london(before.at):%-d %B, %H:%M}"
            return f"it was scanned already, by {before.by}, {when}, into batch {before.batch_id}"
        keying = db.session.scalar(select(Keying).where(Keying.form_id == form.id, Keying.number == 1))
        if keying and (keying.done_at or keying.batch_id != self.pile.batch_id):
            how = "was keyed" if keying.done_at else "is being keyed"
            return f"this form {how} by {keying.by}, in batch {keying.batch_id}"
        return ""

    def _batch(self) -> PaperBatch:
        if self.pile.batch_id:
            found = db.session.get_one(PaperBatch, self.pile.batch_id)
            if found.withdrawn_at:
                raise CannotScan([f"Batch {found.id} was withdrawn meanwhile: begin another one."])
            return found
        batch = PaperBatch(
            kind="keying",
            scanned=True,
            wave_id=self.wave.id,
            event_id=self.pile.event_id,
            twice=self.pile.twice,
            file_name=self.files[0].name[:200],
            by=self.by,
            at=clock.now(),
        )
        db.session.add(batch)
        db.session.flush()
        return batch

    def _add(self, batch: PaperBatch, form: PaperForm, side: Mapping[str, Any]) -> None:
        file = self.files[side["file"]]
        form.state = "returned" if form.state in ("printed", "handed_out", "missing") else form.state
        db.session.add(
            ScannedSide(
                batch_id=batch.id,
                form_id=form.id,
                side=side["side"],
                file_name=file.name[:200],
                digest=file.digest,
                page=side["page"],
                picture=side["picture"],
                readings=side["readings"],
                by=self.by,
                at=clock.now(),
            )
        )
