"""Say how much a sentence resembles the shipped disclosures rather than other comments: for what no list foresees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import yaml

from app.analysis.arrays import Floats
from app.analysis.text.errors import InvalidList
from app.analysis.text.frame import shipped_frame
from app.analysis.text.lists import SOURCE
from app.analysis.text.normalising import words

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

SETS = SOURCE.parent / "sets"
# A disclosure that is missed costs more than a false alarm: at 0.45 the model found 20 in 100 more of the unseen set
# than at 0.7, and held 4 in 100 more of ordinary comments.
LIKELY = 0.45
STRENGTH = 30.0  # inverse of the penalty on weights
FEATURES = 2**16
FOLDS = 5
# Themes whose terms disclosures are made of.
OF_HARM = ("child_sexual_abuse", "domestic_abuse", "hate_crime", "safeguard", "sexual_abuse", "support_victims")


@dataclass(frozen=True, eq=False)
class Resemblance:
    """Hold the weight of each hashed word, pair of words and run of three to five letters, and what is added."""

    weights: Floats
    added: float

    def of(self, sentences: Sequence[str]) -> Floats:
        """Return for each sentence how likely it is a disclosure rather than another comment, 0 to 1."""
        if not sentences:
            return np.zeros(0)
        return np.asarray(1 / (1 + np.exp(-(counted(sentences) @ self.weights + self.added))))


def counted(sentences: Sequence[str]) -> csr_matrix:
    """Count words, pairs of words and runs of letters of sentences, hashed; each row has length 1."""
    from scipy.sparse import hstack

    spaced = [" ".join(words(sentence)) for sentence in sentences]
    return hstack([one.transform(spaced) for one in _counters()]).tocsr()


@cache
def _counters():  # type: ignore[no-untyped-def]
    from sklearn.feature_extraction.text import HashingVectorizer

    plain = {"lowercase": False, "n_features": FEATURES, "alternate_sign": False, "norm": "l2", "binary": True}
    return (
        HashingVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), **plain),
        HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), **plain),
    )


def learned(disclosures: Sequence[str], others: Sequence[str]) -> Resemblance:
    """Learn from sentences that disclose harm and others: logistic regression, both classes weighing the same."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=500, tol=1e-3)
    model.fit(counted([*disclosures, *others]), [1] * len(disclosures) + [0] * len(others))
    return Resemblance(model.coef_[0], float(model.intercept_[0]))


@cache
def resemblance() -> Resemblance:
    """Learn from all shipped examples, once. Raises InvalidList where they are missing."""
    return learned(*examples())


def fold_of(text: str) -> int | None:
    """Return the number of the fold that holds an example; None for a text that is none."""
    told, others = examples()
    return next((row.index(text) % FOLDS for row in (told, others) if text in row), None)


@cache
def without(fold: int) -> Resemblance:
    """Learn from the shipped examples but every `FOLDS`-th, to measure the model on what it has not seen."""
    disclosures, others = examples()
    kept = [[text for number, text in enumerate(texts) if number % FOLDS != fold] for texts in (disclosures, others)]
    return learned(*kept)


@cache
def examples() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read the shipped disclosures, and comments that are none."""
    try:
        told, others = zip(*_sets(), strict=True)
    except FileNotFoundError as missing:
        remedy = "Put it back from the platform's archive: without it disclosures would be missed."
        raise InvalidList("examples of disclosures", f"{missing.filename} is missing", remedy) from None
    return tuple(dict.fromkeys(sum(told, ()))), tuple(dict.fromkeys(sum(others, ())))


def _sets() -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    for path in sorted((SETS / "harm").glob("*.yaml")):
        kinds = _read(f"harm/{path.name}")
        none = kinds.pop("none")
        yield tuple(text for texts in kinds.values() for text in texts), tuple(none)
    fresh, indirect, oblique = _read("fresh.yaml"), _read("indirect.yaml"), _read("oblique.yaml").values()
    yield tuple(text for texts in fresh["harm"].values() for text in texts), (*fresh["none"], *fresh["traps"])
    yield tuple(indirect["harm"]), tuple(indirect["none"])
    yield tuple(text for each in oblique for text in each["told"]), tuple(t for each in oblique for t in each["none"])
    yield (), tuple(text for texts in _read("harmless.yaml").values() for text in texts)
    yield (), tuple(t for labels in _read("sentiment.yaml").values() for texts in labels.values() for t in texts)
    yield (), (*_read("personal.yaml")["traps"], *(text for text, *_ in _read("language.yaml")), *_themes())


def _themes() -> Iterator[str]:
    """Give the frame's terms, four at a time, so that naming a matter of concern is no disclosure by itself."""
    for theme in shipped_frame().themes:
        for terms in theme.terms.values() if theme.key not in OF_HARM else ():
            yield from (" ".join(terms[place : place + 4]) for place in range(0, len(terms), 4))


def _read(name: str):  # type: ignore[no-untyped-def]
    return yaml.safe_load((SETS / name).read_text(encoding="utf-8"))
