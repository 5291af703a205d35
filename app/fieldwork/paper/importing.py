"""The use case of importing a file of responses keyed elsewhere: every row through the gate, all rows or none."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError

from app import clock, copies
from app.accounts import audit
from app.database import begin_writing, db
from app.fieldwork.paper import storing
from app.fieldwork.paper.columns import columns_of, of_question
from app.fieldwork.paper.entries import CODES
from app.fieldwork.paper.errors import CannotImport
from app.fieldwork.paper.models import ENDED, Keying, PaperBatch, PaperForm, PrintRun
from app.fieldwork.paper.refusals import Refusals
from app.fieldwork.paper.storing import Asked, Identity
from app.fieldwork.paper.tables import MOST_ROWS, rows_of
from app.fieldwork.scanning.models import ScannedSide
from app.surveys import codes, queries
from app.surveys.definition import Question
from app.surveys.kinds import Invalid
from app.surveys.models import Wave

NO_ANSWER = ("", "not_asked", "not_answered")
UNREAD = frozenset(CODES.values())
MOST_TOLD = 200
STEP = 1000
Cells = dict[str, str]
KEYED = update(PaperForm).where(PaperForm.__table__.c.id == bindparam("form")).values(state="keyed")


@dataclass(frozen=True, slots=True)
class Known:
    """A printed form as an import needs it, also after the transaction in which it was found."""

    id: int
    state: str
    identity: Identity
    event_id: int | None
    language: str
    taken: str
    """What somebody else does with it, in words; "" where nobody does."""


class Import:
    """One file on its way in: steps to be told, and at their end the batch.

    Rows are read and judged without a transaction, so that nobody waits for them; then all are stored in one.
    """

    def __init__(self, wave: Wave, name: str, content: bytes, by: str, event_id: int | None = None) -> None:
        if wave.simulated or not wave.digest:
            raise CannotImport([f"{wave.reference} is simulated or has not opened: choose a real wave."])
        self.wave, self.name, self.content, self.by = Asked.of(wave), name[:200] or "The file", content, by
        self.event_id = event_id
        self.definition = queries.definition_of(wave)
        self.problems: list[str] = []
        self.found = 0
        self.seen: dict[int, int] = {}
        self._questions = {name: question for question in self.definition.questions for name in of_question(question)}
        self.columns = columns_of(self.definition)
        self._forms: dict[int, Known] = {}
        self._own = uuid.uuid4()
        self._lists = {q.key: {o.text.casefold(): o.key for o in q.options} for q in self.definition.questions}

    def steps(self) -> Generator[str, None, int]:
        """Read, judge and store; returns the batch. Raises CannotImport with every problem, and stores nothing then."""
        digest = hashlib.sha256(self.content).hexdigest()
        self._refuse_repeat(digest)
        self._forms = self._known_forms()
        db.session.rollback()
        yield f"Reading {self.name}"
        rows = list(self._rows())
        if not rows and not self.found:
            raise CannotImport([f"{self.name} has a heading and no responses: fill in a row for each."])
        yield f"Read {len(rows):,} rows"
        waiting: list[dict[str, Any]] = []
        for place, (number, cells) in enumerate(rows, start=1):
            waiting += self._judge(number, cells)
            if place % STEP == 0:
                yield f"Judged {place:,} of {len(rows):,} rows"
        if self.found:
            raise CannotImport(self.problems, self.found)
        yield f"Storing {len(waiting):,} responses"
        return self._store(waiting, digest)

    def _refuse_repeat(self, digest: str) -> None:
        before = db.session.scalar(select(PaperBatch).where(PaperBatch.digest == digest))
        if before:
            when = f"{clock.london(before.at):%-d %B %Y, %H:%M}"
            raise CannotImport(
                [
                    f"{self.name} was imported already: batch {before.id}, by {before.by}, {when}, as "
                    f"{before.file_name}. Withdraw that batch first if it was wrong."
                ]
            )
        if clock.now() >= self.wave.freezes_at:
            raise CannotImport([f"{self.wave.reference} is frozen: its figures take no more responses."])

    def _known_forms(self) -> dict[int, Known]:
        asked = select(PaperForm, PrintRun).join(PrintRun).where(PaperForm.wave_id == self.wave.id)
        taken = self._taken()
        return {
            form.serial: Known(
                form.id,
                form.state,
                Identity(form.submission, form.receipt),
                run.event_id,
                run.language,
                taken.get(form.id, ""),
            )
            for form, run in db.session.execute(asked)
        }

    def _taken(self) -> dict[int, str]:
        """Say of each form that is being keyed or was scanned by whom, and into which batch."""
        taken = {}
        for kind, how in ((ScannedSide, "was scanned"), (Keying, "is keyed")):
            asked = select(kind.form_id, kind.by, kind.batch_id).join(PaperForm, PaperForm.id == kind.form_id)
            for form, by, batch in db.session.execute(asked.where(PaperForm.wave_id == self.wave.id)):
                taken[form] = f"{how} by {by}, in batch {batch}"
        return taken

    def _rows(self) -> Iterator[tuple[int, Cells]]:
        head: list[str] | None = None
        for number, cells in rows_of(self.name, self.content):
            if not any(cells):
                continue
            if head is None:
                head = self._head(cells)
                continue
            extra = [cell for cell in cells[len(head) :] if cell]
            if extra:
                self._wrong(number, "", f"{len(extra)} cells stand beyond the last column: one response a row")
            yield number, dict(zip(head, cells, strict=False))
            if number > MOST_ROWS:
                raise CannotImport([f"{self.name} has more than {MOST_ROWS:,} rows: split it."])
        if head is None:
            raise CannotImport([f"{self.name} is empty: fill in the template file of the survey."])

    def _head(self, cells: list[str]) -> list[str]:
        while cells and not cells[-1]:
            cells = cells[:-1]
        unknown = [cell or f"column {place}" for place, cell in enumerate(cells, start=1) if cell not in self.columns]
        twice = sorted({cell for cell in cells if cells.count(cell) > 1})
        told = []
        if unknown:
            named = ", ".join(f"“{cell[:40]}”" for cell in unknown[:8])
            told.append(
                f"{len(unknown)} columns are none of {self.wave.reference}: {named}"
                f"{' and more' if len(unknown) > 8 else ''}. Take them out, or use the template file of the survey."
            )
        if twice:
            told.append(f"These columns stand twice: {', '.join(twice[:8])}. Keep one of each.")
        if told:
            raise CannotImport(told)
        return cells

    def _wrong(self, number: int, column: str, text: str) -> None:
        self.found += 1
        if len(self.problems) < MOST_TOLD:
            self.problems.append(f"Row {number}{', ' + column if column else ''}: {text}.".replace("..", "."))

    def _judge(self, number: int, cells: Cells) -> list[dict[str, Any]]:
        """Judge a row: its response, or nothing and its problems noted."""
        before = self.found
        form = self._form(number, serial) if (serial := cells.get("serial", "")) else None
        language = self._about(number, cells, form)
        answers, coded = self._answers(number, cells)
        if self.found > before:
            return []
        checked = storing.judged(self.definition, answers, coded)
        refusals = Refusals(self.definition, cells, answers, coded)
        for column, text in (told for problem in checked.problems for told in refusals.of(problem)):
            self._wrong(number, column, text)
        if checked.ending:
            self._wrong(number, "", f"The answers end the survey ({checked.ending}): take the row out")
        if self.found > before:
            return []
        identity = form.identity if form else self._identity(number)
        values = storing.values_of(self.wave, self.definition, checked, coded, identity)
        return [values | {"language": language, "event_id": (form.event_id if form else None) or self.event_id}]

    def _about(self, number: int, cells: Cells, form: Known | None) -> str:
        """Judge the wave and the language of a row; one that names none is in the language of its printed form."""
        wave, language = cells.get("wave", ""), cells.get("language", "") or (form.language if form else "en")
        if wave and wave != self.wave.reference:
            self._wrong(number, "wave", f"“{wave[:30]}” is another wave than {self.wave.reference}: import it there")
        if language not in self.definition.languages:
            offered = ", ".join(self.definition.languages)
            self._wrong(number, "language", f"“{language[:20]}” is no language of the survey: write one of {offered}")
        return language

    def _form(self, number: int, serial: str) -> Known | None:
        whole = serial.isdecimal() and len(serial) < 6
        form = self._forms.get(int(serial)) if whole else None
        if form is None:
            self._wrong(
                number, "serial", f"“{serial[:20]}” is no form that was printed of {self.wave.reference}: correct it"
            )
            return None
        if form.state in ENDED:
            self._wrong(number, "serial", f"Form {serial} {ENDED[form.state]}: take the row out")
        elif form.taken:
            self._wrong(number, "serial", f"Form {serial} {form.taken}: take the row out, or withdraw that batch first")
        elif form.id in self.seen:
            self._wrong(number, "serial", f"Form {serial} stands in row {self.seen[form.id]} too: keep one")
        self.seen.setdefault(form.id, number)
        return form

    def _identity(self, number: int) -> Identity:
        own = uuid.uuid5(self._own, str(number))
        return Identity(codes.hashed(own), codes.hashed(codes.receipt_of(own)))

    def _answers(self, number: int, cells: Cells) -> tuple[dict[str, Any], dict[str, str]]:
        answers: dict[str, Any] = {}
        coded: dict[str, str] = {}
        for question, given in self._by_question(cells):
            unread = {name: value for name, value in given.items() if value in UNREAD}
            for name, value in unread.items():
                row = next((r.key for r in question.rows if f"{question.key}_{r.key}" == name), "")
                coded[f"{question.key}.{row}" if row else question.key] = value
            if question.key in coded:
                continue
            told = {name: self._key(question, value) for name, value in given.items() if name not in unread}
            try:
                answers |= question.behaviour.from_cells(question, told)
            except Invalid as error:
                column = f"{question.key}_{error.part}"
                self._wrong(
                    number, column, f"“{given[column][:30]}” is neither 0 nor 1: write 1 where it is ticked, else 0"
                )
        return answers, coded

    def _by_question(self, cells: Cells) -> Iterable[tuple[Question, Cells]]:
        """Sort the cells that say something by the question that they answer."""
        found: dict[str, tuple[Question, Cells]] = {}
        for name, value in cells.items():
            question = self._questions.get(name)
            if question is not None and value not in NO_ANSWER:
                found.setdefault(question.key, (question, {}))[1][name] = value
        return found.values()

    def _key(self, question: Question, value: str) -> str:
        """Take an option by its key or by its English text; the gate refuses anything else."""
        if value in question.option_keys:
            return value
        return self._lists[question.key].get(value.casefold(), value)

    def _store(self, waiting: list[dict[str, Any]], digest: str) -> int:
        """Store all rows and their batch in one transaction."""
        begin_writing()
        self._refuse_repeat(digest)
        batch = PaperBatch(
            kind="file",
            wave_id=self.wave.id,
            event_id=self.event_id,
            twice=0,
            file_name=self.name,
            digest=digest,
            by=self.by,
            at=clock.now(),
        )
        db.session.add(batch)
        try:
            db.session.flush()
            already = storing.store_all([values | {"batch_id": batch.id} for values in waiting])
            if already:
                db.session.rollback()
                raise CannotImport([f"{already} rows were stored by somebody else meanwhile: try again."])
            keyed = [{"form": identity} for identity in self.seen]
            if keyed:
                db.session.connection().execute(KEYED, keyed)
            told = f"{len(waiting)} rows, {digest[:12]}"
            audit.record("paper.import", f"batch {batch.id} of {self.wave.reference}", told)
            identity = batch.id
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            raise CannotImport([f"{self.name} was imported by somebody else at the same moment."]) from None
        copies.erase(self.wave.reference)
        return identity
