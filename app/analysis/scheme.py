"""Weighting schemes as named, versioned data: margins, trimming limits and stated collapses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.analysis.errors import InvalidScheme
from app.analysis.margins import Margin, check_together

Neighbours = Mapping[str, Mapping[str, Sequence[str]]]
"""variable -> category -> the categories it may be collapsed into, the preferred one first."""


@dataclass(frozen=True)
class WeightingScheme:
    """State how responses are weighted; everything that decides a weight is here.

    `cap` is in multiples of the mean weight; where it cannot hold it is relaxed up to `relax_to`, if given.
    Categories with fewer than `smallest` respondents are collapsed into a stated neighbour if `collapse`, and
    `joined` ones always: {variable: {category: into}}. `unknown_limit` None accepts any share of unknowns.
    """

    name: str
    version: str
    margins: tuple[Margin, ...]
    cap: float | None = None
    relax_to: float | None = None
    collapse: bool = False
    neighbours: Neighbours = field(default_factory=dict)
    joined: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    smallest: int = 10
    warn_below: int = 30
    unknown_warning: float = 0.05
    unknown_limit: float | None = 0.20

    def __post_init__(self) -> None:
        if not self.margins:
            raise InvalidScheme(f"Scheme {self.name}", "it has no margins", "Give at least one margin.")
        if self.cap is not None and not self.cap > 1:
            raise InvalidScheme(
                f"Scheme {self.name}", f"its cap {self.cap:g} is not above the mean weight, 1", "Raise the cap."
            )
        if self.relax_to is not None and (self.cap is None or self.relax_to < self.cap):
            raise InvalidScheme(
                f"Scheme {self.name}", "it relaxes to a limit below its cap", "Raise the limit, or drop it."
            )
        check_together(self.margins)

    @property
    def variables(self) -> tuple[str, ...]:
        """List each variable of the margins once, in order of appearance."""
        return tuple(dict.fromkeys(variable for margin in self.margins for variable in margin.variables))

    def categories(self, variable: str) -> tuple[str, ...]:
        """List the categories of a variable as the first margin that has it orders them."""
        first = next(margin for margin in self.margins if variable in margin.variables)
        return first.categories[first.variables.index(variable)]


def adjacent(scheme_margins: Sequence[Margin]) -> Neighbours:
    """State neighbours by the order of the targets: the next category, and where there is none the one before."""
    neighbours: dict[str, dict[str, tuple[str, ...]]] = {}
    for margin in scheme_margins:
        for variable, categories in zip(margin.variables, margin.categories, strict=True):
            neighbours.setdefault(
                variable,
                {
                    category: (*categories[i + 1 : i + 2], *categories[max(i - 1, 0) : i])
                    for i, category in enumerate(categories)
                },
            )
    return neighbours
