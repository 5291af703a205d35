"""Where next: which interviews would narrow the figures most, and which districts lack responses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.accounts.roles import roles
from app.analysis.disclosure.rounding import told
from app.results.pages.shown import READERS, Shown, newest, of_wave
from app.results.run.enough import too_few
from app.results.run.figures import Figure, Results
from app.results.run.narrowing import Narrowing
from app.results.telling import sentences
from app.results.telling.tables import Table
from app.surveys import queries

where_next = Blueprint("where_next", __name__, url_prefix="/staff/results/next")


@where_next.get("")
@roles(*READERS)
def index() -> ResponseReturnValue:
    """Show where next for the newest wave, and link to the others."""
    known = newest()
    return _page(known[0] if known else None, known)


@where_next.get("/<reference>")
@roles(*READERS)
def wave(reference: str) -> ResponseReturnValue:
    """Show where next for a wave."""
    return _page(of_wave(queries.wave_named(reference)), newest(), reference)


def _page(shown: Shown | None, known: list[Shown], reference: str = "") -> ResponseReturnValue:
    narrowing = shown.results.narrowing if shown else None
    return render_template(
        "results/next.html",
        shown=shown,
        known=known,
        reference=reference,
        narrowing=narrowing,
        cells=cells_table(narrowing) if narrowing and narrowing.cells else None,
        summed=summed_table(narrowing) if narrowing and narrowing.cells else None,
        districts=districts_table(shown.results) if shown else None,
        simulated=bool(shown and shown.wave.simulated),
        sentences=sentences,
    )


def cells_table(narrowing: Narrowing) -> Table:
    """Lay out the kinds of people to interview."""
    rows = tuple((str(cell.interviews), *cell.labels, told(cell.n)) for cell in narrowing.cells)
    head = ("Interviews", *(name.capitalize() for name in narrowing.variables), "Answered so far")
    return Table(f"The next {narrowing.interviews} interviews", head, rows, (0,))


def summed_table(narrowing: Narrowing) -> Table:
    """Add the interviews up by each thing that people are weighted by."""
    rows = tuple(
        (name.capitalize(), "; ".join(f"{label}: {count}" for label, count in _most_first(counts)))
        for name, counts in narrowing.shares.items()
    )
    return Table("The same interviews, added up", ("By", "Interviews"), rows)


def _most_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda each: -each[1])


def districts_table(results: Results) -> Table | None:
    """Say for each district whether its responses are enough to say anything of."""
    shares = [each.share for each in results.headlines] or [p.share for r in results.rankings for p in r.places][:1]
    if not shares or not shares[0].districts:
        return None
    return Table(
        "Are there enough responses?",
        ("District", "n", "Effective n", "Enough to say anything?"),
        tuple(_district_rows(results, shares[0].districts)),
        (1, 2),
        f"Counted over the answers to “{shares[0].label}”. A district needs to be worth 30 after weighting.",
    )


def _district_rows(results: Results, figures: Mapping[str, Figure]) -> Iterator[tuple[str, ...]]:
    for key, name in results.districts.items():
        figure = figures[key]
        few = too_few(figure.n, figure.effective_n)
        worth = f"{figure.effective_n:,.0f}" if figure.n >= 10 else ""
        more = f"not enough: about {sentences.needed(figure.n, figure.effective_n)} more needed" if few else "yes"
        yield name, told(figure.n), worth, more
