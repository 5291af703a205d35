"""A run's responses with their weights, block by block, in the codes that statistics programs use."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.analysis.arrays import narrowest
from app.analysis.tallies import grouped
from app.analysis.weighting import Weighted
from app.comments import texts
from app.database import db
from app.results.computing import tabulation
from app.results.errors import Overtaken
from app.results.export import variables as layout
from app.results.export.formats import NO_TEXT
from app.results.export.responses import clusters, comments_of, event_codes, known_by_number, standing_apart
from app.results.export.routes import asked
from app.results.export.variables import CELL, COMMENT, MISSING_CODES, NOT_ANSWERED, NOT_ASKED, Variable
from app.results.models import AnalysisRun
from app.results.reading import extract
from app.results.reading.columns import EVENT, UNREAD, Columns, places_of
from app.results.reading.schemes import Scheme, scheme_for
from app.results.reading.subjects import TICKED
from app.surveys import queries
from app.surveys.definition import Definition, Question
from app.surveys.kinds import OFF_SCALE

if TYPE_CHECKING:
    from app.surveys.models import Wave

BLOCK = 20_000
Codes = NDArray[Any]
Block = Mapping[str, Codes]
"""By variable: integer codes (n,); a measure as floats (n,), NaN where it has none; texts (n,), "" for none."""


@dataclass(frozen=True)
class Microdata:
    """Everything that a file is written from: the variables, and the responses behind them.

    `weights` (r,) are of the residents in `residents`, and so are the codes (r,) of each of the `margins` that they
    were weighted to, and their `cells` (r,), the units of `weighted` in each event; `apart` names why each of `others`
    stands apart (a,). Where `comments` are told, `of_residents` (r,) and `of_others` (a,) name the responses that they
    are of; no file does.
    """

    run_id: int
    wave: str
    title: str
    simulated: bool
    language: str
    made_at: str
    definition: Definition
    variables: tuple[Variable, ...]
    residents: Columns
    weights: NDArray[np.float64]
    margins: tuple[Codes, ...]
    cells: Codes
    weighted: Weighted
    others: Columns
    apart: tuple[str, ...]
    seed: int
    scheme: Scheme
    text: str
    comments: texts.Texts
    of_residents: Codes
    of_others: Codes

    @property
    def n(self) -> int:
        """Count the responses."""
        return self.residents.n + self.others.n

    @property
    def file_stem(self) -> str:
        """Name files; those of simulated answers say so."""
        return f"{self.wave}-SIMULATED" if self.simulated else self.wave

    def blocks(self, size: int = BLOCK) -> Iterator[Block]:
        """Walk the responses in blocks: residents in a shuffled order, then those who stand apart."""
        order = np.random.default_rng(self.seed).permutation(self.residents.n)
        for first in range(0, self.residents.n, size):
            rows = order[first : first + size]
            margins = [codes[rows] + 1 for codes in self.margins]
            apart = np.ones(len(rows), np.int8)
            told = self._told(self.of_residents, rows)
            found = self._block(self.residents.taken(rows), first, self.weights[rows], margins, apart)
            yield found | {CELL: self.cells[rows] + 1} | told
        kinds = [value.key for value in self.variable("apart").values]
        codes = np.array([kinds.index(each) + 1 for each in self.apart], np.int8)
        order = np.random.default_rng(self.seed + 1).permutation(self.others.n)
        for first in range(0, self.others.n, size):
            rows = order[first : first + size]
            none, never = np.full(len(rows), np.nan), np.full(len(rows), MISSING_CODES[NOT_ASKED])
            told = self._told(self.of_others, rows)
            columns, before = self.others.taken(rows), self.residents.n + first
            yield self._block(columns, before, none, [never] * len(self.margins), codes[rows]) | {CELL: never} | told

    def variable(self, name: str) -> Variable:
        """Find a variable by its name."""
        return next(each for each in self.variables if each.name == name)

    def _told(self, of: Codes, rows: Codes) -> dict[str, Codes]:
        """Find what was written in some rows."""
        return {
            key + COMMENT: np.array([said.get(response, "") for response in of[rows].tolist()], object)
            for key, said in self.comments.items()
        }

    def _block(
        self, columns: Columns, first: int, weights: NDArray[np.float64], margins: Sequence[Codes], apart: Codes
    ) -> dict[str, Codes]:
        number = np.arange(first + 1, first + columns.n + 1)
        ones = np.ones(columns.n, np.int8)
        found: dict[str, Codes] = {
            "case_id": number,
            "wave": ones,
            "simulated": ones,
            "apart": apart,
            "stratum": ones,
            "event": event_codes(columns.numbers[EVENT]),
            "cluster": clusters(columns.numbers[EVENT], number),
            "base_weight": np.where(np.isnan(weights), np.nan, 1.0),
            "weight": weights,
            **{f"margin_{number}": codes for number, codes in enumerate(margins, start=1)},
        }
        on_route = asked(self.definition, columns)
        coder = Coder(self.definition, columns)
        for variable in self.variables:
            if variable.name not in (*found, CELL) and variable.kind != layout.TEXT:
                found[variable.name] = coder.codes(variable, on_route.get(variable.question))
        return found


@dataclass(frozen=True)
class Coder:
    """Turns the columns of some responses into the codes of variables."""

    definition: Definition
    columns: Columns

    def codes(self, variable: Variable, on_route: Codes | None) -> Codes:
        """Code one variable (n,), with why there is no answer where there is none."""
        question = self.definition.question(variable.question)
        if question is None or on_route is None:
            return self._looked_up(variable, 0)
        none = np.where(on_route, variable.code_of(NOT_ANSWERED), variable.code_of(NOT_ASKED))
        none = self._unread(variable, question, none)
        if variable.kind == layout.NUMBER:
            return self._numbers(variable, none)
        if variable.kind == layout.TICK:
            return self._ticks(variable, question, none)
        if variable.kind == layout.PLACE:
            return self._places(variable, question, none)
        found = self._looked_up(variable, 0)
        return np.where(found == 0, none, found).astype(np.int16)

    def _unread(self, variable: Variable, question: Question, none: Codes) -> Codes:
        """Say what stood on paper where nothing could be read; of a row what is said of it, else of the question."""
        found = self.columns.coded[UNREAD]
        row = f"{question.key}.{variable.name.removeprefix(question.key + '_')}"
        known = {value.key: value.code for value in variable.missing if value.key in layout.UNREAD}
        said = [json.loads(each) if each else {} for each in found.categories]
        table = np.array([known.get(each.get(row) or each.get(question.key), 0) for each in said])
        codes = table[found.codes]
        return np.where(codes == 0, none, codes)

    def _looked_up(self, variable: Variable, nothing: int) -> Codes:
        column = self.columns.coded[variable.source]
        known = {value.key: value.code for value in variable.all_values}
        table = [*(known.get(category, nothing) for category in column.categories), nothing]
        return np.array(table, np.int64 if min(table) < -99 else np.int16)[column.codes]

    def _numbers(self, variable: Variable, none: Codes) -> Codes:
        numbers = self.columns.numbers[variable.source]
        apart = self._looked_up(variable, 0)
        return np.where(numbers.given, numbers.values, np.where(apart != 0, apart, none))

    def _ticks(self, variable: Variable, question: Question, none: Codes) -> Codes:
        """Somebody who does not know has ticked nothing: no option of the question was refused."""
        column = self.columns.coded[variable.source]
        found = np.where(column.codes < len(column.categories), column.codes, none).astype(np.int16)
        for reason in OFF_SCALE:
            if (name := f"{question.key}_{reason}") in self.columns.coded:
                found[self.columns.among(name, TICKED)] = variable.code_of(reason)
        return found

    def _places(self, variable: Variable, question: Question, none: Codes) -> Codes:
        """What somebody put in order has its place; what was not among it was not asked."""
        option = variable.name.removeprefix(f"{question.key}_")
        places = [self.columns.coded[name] for name in places_of(self.definition, question)]
        ordered = places[0].codes < len(places[0].categories)
        found = np.where(ordered, variable.code_of(NOT_ASKED), none).astype(np.int16)
        for place, column in enumerate(places, start=1):
            found[column.codes == column.categories.index(option)] = place
        return found


def microdata(run: AnalysisRun, wave: Wave, language: str = "en", text: str = NO_TEXT) -> Microdata:
    """Read what a run was made of and weigh it again: the same responses by the same scheme give the same weights.

    Raises Overtaken where responses came, changed or went since, CommentsUnread where texts are wanted and not read in.
    """
    definition, spoken = queries.definition_of(wave), queries.definition_of(wave, language)
    source, reference, simulated, title = extract.source(wave), wave.reference, wave.simulated, spoken.title
    run_id, cut_off, inputs, made_at = run.id, run.cut_off, run.inputs, run.made_at.isoformat()
    scheme = scheme_for(definition)
    db.session.commit()  # lets go of the write lock while responses are read
    if text == NO_TEXT:
        (found, state), of_residents = extract.responses(source, definition, cut_off), np.zeros(0, np.int64)
    else:
        found, state, of_residents = known_by_number(source, definition, cut_off)
    if state != inputs["responses"]:
        raise Overtaken(f"{reference} has changed since run {run_id}: bring its results up to date, then export again.")
    others, apart, of_others = standing_apart(definition, source.wave_id, cut_off)
    weighted = tabulation.weighed(definition, found.weighted, scheme).weighted
    comments = comments_of(source, definition, text)
    margins = weighted.constraints if scheme.weights else ()
    of_row = weighted.units.of_row
    return Microdata(
        run_id,
        reference,
        title,
        simulated,
        language,
        made_at,
        definition,
        layout.variables(
            spoken,
            definition,
            layout.Contents(
                reference,
                simulated,
                language,
                [(each.name, each.labels) for each in margins],
                [*comments],
                any(len(each.coded[UNREAD].categories) > 1 for each in (found.weighted, others)),
            ),
        ),
        found.weighted,
        weighted.weights,
        tuple(each.codes.astype(narrowest(len(each.labels) + 1))[of_row] for each in margins),
        np.asarray(grouped(weighted, None, None).of_row, np.int32),
        weighted,
        others,
        apart,
        inputs["seed"],
        scheme,
        text,
        comments,
        of_residents,
        of_others,
    )
