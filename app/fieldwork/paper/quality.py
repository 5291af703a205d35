"""How well forms are keyed: the share of fields that first keyings have wrong, from forms that were keyed twice."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.database import db
from app.fieldwork.paper.models import Keying, PaperBatch, PaperForm

SMALLEST = 30


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """Wrong fields among those keyed twice: the base, how much it is worth as forms differ, and the interval."""

    forms: int
    fields: int
    wrong: int
    effective: float
    low: float
    high: float

    @property
    def shown(self) -> bool:
        """Say whether there is enough to show a rate."""
        return self.forms >= 2 and self.effective >= SMALLEST

    @property
    def sentence(self) -> str:
        """State the rate with its base, effective base and interval."""
        if not self.shown:
            return f"No keying error rate yet: {self.fields} fields of {self.forms} forms were keyed twice."
        rate = self.wrong / self.fields
        return (
            f"Of {self.fields:,} fields on {self.forms:,} forms that were keyed twice, blind, the first keying had "
            f"{rate:.2%} wrong (95% interval {self.low:.2%} to {self.high:.2%}; effective base {self.effective:,.0f}). "
            "Every difference was settled before the form was stored."
        )


def error_rate(wave_id: int | None = None, scanned: bool = False) -> ErrorRate:
    """Work out the error rate of first keyings, of one wave or of all; that of confirmed scans is one of its own."""
    asked = select(Keying.fields, Keying.wrong).where(Keying.number == 1, Keying.wrong.is_not(None), Keying.fields > 0)
    asked = asked.join(PaperBatch, PaperBatch.id == Keying.batch_id).where(PaperBatch.scanned == scanned)
    if wave_id is not None:
        asked = asked.join(PaperForm, PaperForm.id == Keying.form_id).where(PaperForm.wave_id == wave_id)
    return rate_of([(fields, wrong or 0) for fields, wrong in db.session.execute(asked)])


def rate_of(forms: list[tuple[int, int]]) -> ErrorRate:
    """Work out a rate from the fields and the wrong ones of each form.

    Errors of one form go together, so each form is a cluster: the linearised variance of a ratio (Cochran 1977, 6.3)
    gives the effective base, and that Korn and Graubard's interval.
    """
    from app.analysis.intervals import korn_graubard

    fields, wrong = sum(each for each, _ in forms), sum(each for _, each in forms)
    if not fields:
        return ErrorRate(len(forms), 0, 0, 0.0, 0.0, 1.0)
    rate = wrong / fields
    effective = float(fields)
    if len(forms) > 1 and 0 < wrong < fields:
        spread = sum((bad - rate * many) ** 2 for many, bad in forms)
        variance = len(forms) / (len(forms) - 1) * spread / fields**2
        effective = min(effective, rate * (1 - rate) / variance) if variance else effective
    low, high = korn_graubard(rate, effective)
    return ErrorRate(len(forms), fields, wrong, effective, low, high)
