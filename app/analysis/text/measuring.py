"""Measure each part on its labelled set; `python -m app.analysis.text.measuring` rewrites the figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.analysis.text.harm import disclosures
from app.analysis.text.language import languages_of
from app.analysis.text.masking import Masked, mask
from app.analysis.text.resemblance import fold_of, resemblance, without
from app.analysis.text.sentiment import called, sentiment_of

DATA = Path(__file__).parent / "data"
FIGURES = DATA / "measured.yaml"
MARK = re.compile(r"\[([A-Za-z][A-Za-z -]+): ([^\]]+)\]")
NAMED = ("name",)  # everything else that is masked has a pattern


@dataclass(frozen=True)
class Caught:
    """Hold how much of what should be found was found, and how much was found wrongly.

    `held_out` is the same for every second item, which was not looked at while lists and patterns were improved.
    """

    of: int
    found: int
    traps: int
    wrong: int
    held_out_of: int
    held_out_found: int
    missed: tuple[str, ...]
    alarms: tuple[str, ...]

    @property
    def recall(self) -> float | None:
        """Return the share found of what should be found."""
        return self.found / self.of if self.of else None

    @property
    def precision(self) -> float | None:
        """Return the share of right ones among what was found."""
        return self.found / (self.found + self.wrong) if self.found + self.wrong else None


@dataclass(frozen=True)
class Agreed:
    """Hold for one sort of comment how many were called what their writers felt, and how many were not scored."""

    of: int
    right: int
    opposite: int
    not_scored: int


@dataclass(frozen=True)
class Told:
    """Hold how many languages were told rightly, wrongly, or left open."""

    of: int
    right: int
    wrong: int
    open: int


@dataclass(frozen=True)
class Measured:
    """Hold the figures of all shipped sets: masking by kind, harm by language, sentiment by sort, language."""

    masking: dict[str, Caught]
    harm: dict[str, Caught]
    sentiment: dict[str, Agreed]
    language: dict[str, Told]


@cache
def measured() -> Measured:
    """Read the figures as they were measured for this version; a test holds them equal to `measure()`."""
    document = yaml.safe_load(FIGURES.read_text(encoding="utf-8"))
    return Measured(
        {kind: _caught(entry) for kind, entry in document["masking"].items()},
        {code: _caught(entry) for code, entry in document["harm"].items()},
        {sort: Agreed(**entry) for sort, entry in document["sentiment"].items()},
        {sort: Told(**entry) for sort, entry in document["language"].items()},
    )


def measure() -> Measured:
    """Measure every part on its shipped set."""
    return Measured(_masking(), _harm(), _sentiment(), _language())


def _caught(entry: dict[str, Any]) -> Caught:
    return Caught(**(entry | {"missed": tuple(entry["missed"]), "alarms": tuple(entry["alarms"])}))


def _read(name: str) -> Any:
    return yaml.safe_load((DATA / "sets" / name).read_text(encoding="utf-8"))


def unmarked(marked: str) -> tuple[str, list[tuple[str, int, int]]]:
    """Return a marked text as it was written, and its pieces of personal data: kind, start, end."""
    parts: list[str] = []
    pieces: list[tuple[str, int, int]] = []
    end = 0
    for match in MARK.finditer(marked):
        parts.append(marked[end : match.start()])
        start = sum(map(len, parts))
        parts.append(match.group(2))
        pieces.append((match.group(1), start, start + len(match.group(2))))
        end = match.end()
    return "".join([*parts, marked[end:]]), pieces


def _covers(masked: Masked, start: int, end: int) -> bool:
    """Say whether every letter and digit of a piece is masked, as whatever kind."""
    hidden = {place for span in masked.spans for place in range(span.start, span.end)}
    return all(place in hidden for place in range(start, end))


def fresh() -> dict[str, Any]:
    """Read what a second hand wrote: `marked`, `traps`, `harm` by language, `none`; in none of the figures."""
    return dict(_read("fresh.yaml"))


def missed(marked: str) -> list[str]:
    """List the pieces of personal data of a marked text that are not masked."""
    text, marks = unmarked(marked)
    masked = mask(text)
    return [text[start:end] for _, start, end in marks if not _covers(masked, start, end)]


def _masking() -> dict[str, Caught]:
    document = _read("personal.yaml")
    pieces = [
        (kind, number, text[start:end], _covers(mask(text), start, end))
        for number, (text, marks) in enumerate(map(unmarked, document["marked"]))
        for kind, start, end in marks
    ]
    alarms = [(kind, text[start:end]) for text, kind, start, end in _alarms(document)]
    kinds = list(dict.fromkeys(kind for kind, *_ in pieces))
    traps = len(document["traps"])
    by_kind = {
        kind: _of_kind([piece for piece in pieces if piece[0] == kind], [a for a in alarms if a[0] == kind], traps)
        for kind in kinds
    }
    patterned = [piece for piece in pieces if piece[0] not in NAMED]
    whole = {
        "everything with a pattern": _of_kind(patterned, [a for a in alarms if a[0] not in NAMED], traps),
        "everything": _of_kind(pieces, alarms, traps),
    }
    return whole | by_kind


def _of_kind(pieces: list[tuple[str, int, str, bool]], alarms: list[tuple[str, str]], traps: int) -> Caught:
    return Caught(
        of=len(pieces),
        found=sum(found for *_, found in pieces),
        traps=traps,
        wrong=len(alarms),
        held_out_of=sum(number % 2 for _, number, *_ in pieces),
        held_out_found=sum(found for _, number, _, found in pieces if number % 2),
        missed=tuple(text for *_, text, found in pieces if not found),
        alarms=tuple(text for _, text in alarms),
    )


def _alarms(document: dict[str, list[str]]) -> Iterator[tuple[str, str, int, int]]:
    """List the masks that touch no marked piece, in traps and in marked texts."""
    for written in [*document["marked"], *document["traps"]]:
        text, marks = unmarked(written)
        for span in mask(text).spans:
            if not any(span.start < end and start < span.end for _, start, end in marks):
                yield text, span.kind, span.start, span.end


def _harm() -> dict[str, Caught]:
    paths = sorted((DATA / "sets" / "harm").glob("*.yaml"))
    by_language = {path.stem: _of_language(_read(f"harm/{path.name}")) for path in paths}
    return by_language | {"indirect": _of_language(_read("indirect.yaml")), "unseen": _of_language(_joined())}


def _joined() -> dict[str, list[str]]:
    """Join the languages of the set that nothing was improved on."""
    documents = unseen().values()
    return {part: [text for document in documents for text in document[part]] for part in ("told", "none")}


def unseen() -> dict[str, dict[str, list[str]]]:
    """Read what was written after the lists of harm: `told` and `none` by language, never used to improve them."""
    return dict(_read("unseen.yaml"))


def _of_language(document: dict[str, list[str]]) -> Caught:
    told = [text for kind, texts in document.items() if kind != "none" for text in texts]
    found = [_disclosed(text) for text in told]
    alarms = tuple(text for text in document["none"] if _disclosed(text))
    return Caught(
        of=len(told),
        found=sum(found),
        traps=len(document["none"]),
        wrong=len(alarms),
        held_out_of=len(told) // 2,
        held_out_found=sum(found[1::2]),
        missed=tuple(text for text, caught in zip(told, found, strict=True) if not caught),
        alarms=alarms,
    )


def _disclosed(text: str) -> bool:
    """Say whether a text is held, by a model that has not learned from it."""
    fold = fold_of(text)
    return bool(disclosures([text], resemblance() if fold is None else without(fold))[0])


def _sentiment() -> dict[str, Agreed]:
    sorts = {
        sort: [(label, called(sentiment_of(text, "en"))) for label, texts in labels.items() for text in texts]
        for sort, labels in _read("sentiment.yaml").items()
    }
    everything = [pair for pairs in sorts.values() for pair in pairs]
    return {sort: _agreed(pairs) for sort, pairs in ({"all": everything} | sorts).items()}


def _agreed(pairs: list[tuple[str, str]]) -> Agreed:
    counted = Counter(pairs)
    opposite = counted["positive", "negative"] + counted["negative", "positive"]
    unscored = sum(count for (_, said), count in counted.items() if said == "not scored")
    return Agreed(len(pairs), sum(label == said for label, said in pairs), opposite, unscored)


def _language() -> dict[str, Told]:
    items = _read("language.yaml")
    said = languages_of([text for text, *_ in items], [form for _, form, _ in items])
    pairs = [(right, told) for (*_, right), told in zip(items, said, strict=True)]
    return {
        "one language": _told([pair for pair in pairs if pair[0] is not None]),
        "nobody could be sure": _told([pair for pair in pairs if pair[0] is None]),
    }


def _told(pairs: list[tuple[str | None, str | None]]) -> Told:
    right = sum(label == said for label, said in pairs)
    unsure = sum(said is None for _, said in pairs)
    wrong = sum(said is not None and label != said for label, said in pairs)
    return Told(len(pairs), right, wrong, unsure)


def _rewrite() -> None:
    document = {part: {name: asdict(entry) for name, entry in group.items()} for part, group in vars(measure()).items()}
    plain = yaml.safe_dump(_listed(document), allow_unicode=True, sort_keys=False, width=110)
    FIGURES.write_text("# Written by: python -m app.analysis.text.measuring\n" + plain, encoding="utf-8")
    print(f"{FIGURES.name} is rewritten.")


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _listed(entry) for key, entry in value.items()}
    return list(value) if isinstance(value, tuple) else value


if __name__ == "__main__":
    _rewrite()
