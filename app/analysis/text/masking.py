"""Mask personal data in a comment before anyone reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.analysis.text.names import names
from app.analysis.text.normalising import visible
from app.analysis.text.patterns import PATTERNS

KINDS = (
    "email",
    "social media handle",
    "National Insurance number",
    "NHS number",
    "phone number",
    "postcode",
    "number plate",
    "address",
    "name",
)


@dataclass(frozen=True, slots=True)
class Span:
    """Hold one piece of personal data: its kind, and where it stands in the original text."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Masked:
    """Hold a text in which each piece of personal data is replaced by its kind in brackets, and what was replaced."""

    text: str
    spans: tuple[Span, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """List the kinds that were masked, each once."""
        return tuple(dict.fromkeys(span.kind for span in self.spans))


def mask(text: str) -> Masked:
    """Replace names, addresses, postcodes, phone, NI and NHS numbers, plates, e-mail addresses and handles.

    Patterns read the text as it is seen: digits of every script count, and invisible characters do not. Every
    pattern takes time in proportion to the length of the text, whatever stands in it.
    """
    seen, places = visible(text)
    spans = tuple(_placed(span, places) for span in _apart(_found(seen)))
    return Masked(_replaced(text, spans), spans)


def _found(seen: str) -> Iterator[Span]:
    """List what the patterns find, the surest first: of two kinds for the same words, the first is told."""
    for kind, find in PATTERNS:
        yield from (Span(kind, start, end) for start, end in find(seen))
    yield from (Span("name", start, end) for start, end in names(seen))


def _apart(spans: Iterator[Span]) -> list[Span]:
    """Join spans that overlap, under the kind of the longest, so that no part of either stays readable."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
            continue
        longest = max(kept[-1], span, key=lambda one: one.end - one.start)
        kept[-1] = Span(longest.kind, kept[-1].start, max(kept[-1].end, span.end))
    return kept


def _placed(span: Span, places: list[int] | None) -> Span:
    """Return a span with its places in the original text; what is invisible inside it is masked with it."""
    return span if places is None else Span(span.kind, places[span.start], places[span.end - 1] + 1)


def _replaced(text: str, spans: tuple[Span, ...]) -> str:
    parts, end = [], 0
    for span in spans:
        parts += [text[end : span.start], f"[{span.kind}]"]
        end = span.end
    return "".join([*parts, text[end:]])
