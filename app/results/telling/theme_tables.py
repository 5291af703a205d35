"""Theme figures as tables of words: what the page and the command line both show."""

from __future__ import annotations

from app.results.run.figures import Change, Figure
from app.results.telling.tables import Table, base_of, districts_table, interval_of, points, share_of
from app.results.themes import ThemeResults, ThemeSet

ILLUSTRATIVE = (
    "Mean sentiment is of scored English comments only, from −1 to 1, by a list of words that understands neither "
    "negation nor irony well. It is illustrative: never judge a theme by it alone."
)


def base(results: ThemeResults, found: ThemeSet) -> str:
    """Say of whom the shares of a set speak."""
    return (
        f"Share of the {found.n:,} residents whose comments are in this set. Of {results.residents:,} residents "
        f"{results.written:,} wrote something that can be counted; those who wrote may think differently from the rest."
    )


def themes_table(found: ThemeSet, results: ThemeResults) -> Table:
    """Lay out themes: share, interval, base, mean sentiment, change on the wave before."""
    rows = tuple(
        (
            each.share.label,
            share_of(each.share.figure),
            interval_of(each.share.figure),
            *base_of(each.share.figure),
            _mood(each.sentiment),
            _change(each.change),
        )
        for each in found.themes
    )
    head = ("Theme", "Share", "95% interval", "n", "Effective n", "Mean sentiment, illustrative", "Change, points")
    return Table(f"Themes: {found.title}", head, rows, (3, 4), base(results, found))


def _mood(figure: Figure | None) -> str:
    if figure is None:
        return "not scored"
    if not figure.shown:
        return f"not shown: {figure.reason}"
    told = f"{figure.value:+.2f} ({figure.low:+.2f} to {figure.high:+.2f}; n {figure.n:,})"
    return told.replace("-", "−")


def _change(change: Change | None) -> str:
    if change is None:
        return ""
    interval = f"{points(change.low)} to {points(change.high)}"
    return f"{points(change.difference)} ({interval}) since {change.since}: {change.verdict}"


def by_district(found: ThemeSet, results: ThemeResults) -> Table:
    """Lay out the themes by district."""
    caption = f"Themes by district: {found.title}"
    return districts_table(caption, [each.share for each in found.themes], results.districts)


def over_waves(found: ThemeSet, reference: str) -> Table:
    """Lay out the shares of this wave and of those before it."""
    rows = tuple(
        (
            each.share.label,
            *(_then(earlier.shares.get(each.key)) for earlier in found.before),
            _then(each.share.figure),
        )
        for each in found.themes
    )
    note = "Only waves that were read under the same version of the coding frame stand beside each other."
    head = ("Theme", *(each.wave for each in found.before), reference)
    return Table(f"Themes over the waves: {found.title}", head, rows, (), note)


def _then(figure: Figure | None) -> str:
    if figure is None:
        return "nobody"
    return f"{share_of(figure)} ({interval_of(figure)}; n {figure.n:,})" if figure.shown else share_of(figure)
