"""Suggest themes of the coding frame for each comment; a person decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from app.analysis.arrays import Floats
from app.analysis.text.embeddings import Embedder
from app.analysis.text.errors import ModelMissing
from app.analysis.text.frame import Frame
from app.analysis.text.stemming import features

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

SEED = 1
SAMPLE = 5_000  # comments from which words that go with a theme are learned
FEWEST = 200  # comments below which nothing is learned: only the frame's own terms count
WORDS = 5_000
RARE = 3  # comments in which a word must stand to be learned from
COMMON = 0.2  # share of the comments above which a word says nothing, unless the frame names it
OTHERS = 6  # topics beside the frame's, which take up what belongs to none
LEARNED = 0.5  # weight of the learned words beside the frame's own
WEAK = 0.2  # strength below which nothing is suggested
MOST = 3
WORDS_ONLY = "words (TF-IDF and NMF, seeded by the frame)"
PAIRED = 2.0  # weight of a pair of words, which says more than either


@dataclass(frozen=True)
class Suggestion:
    """Hold a suggested theme and how strongly the comment points to it, 0 to 1."""

    theme: str
    strength: float


@dataclass(frozen=True)
class ThemeModel:
    """Hold what a frame means in the words of some comments: one row for each theme, one column for each word."""

    frame: Frame
    method: str
    notes: tuple[str, ...]
    comments: int
    seed: int
    vocabulary: dict[str, int] = field(repr=False)
    rarity: Floats = field(repr=False)
    topics: Floats = field(repr=False)
    embedder: Embedder | None = field(default=None, repr=False)

    def suggest(self, texts: Sequence[str], languages: Sequence[str | None]) -> list[tuple[Suggestion, ...]]:
        """Suggest up to three themes for each text, the strongest first; none where nothing points to one.

        The strength is the sum of a comment's TF-IDF row (of length 1) over the theme's words: 1 for a term of the
        frame, shared among the themes that name it, and less for a word learned. With embeddings it is the mean of
        that and of how far the comment is nearer to the theme than to the others.
        """
        strengths = _counted(texts, languages, self.vocabulary, self.rarity) @ self.topics.T
        if self.embedder is not None:
            strengths = self.embedder.joined(strengths, texts)
        return [_strongest(row, self.frame.keys) for row in strengths]


def fit(
    texts: Sequence[str],
    languages: Sequence[str | None],
    frame: Frame,
    seed: int = SEED,
    embeddings: bool | str = False,
) -> ThemeModel:
    """Learn from comments which words go with each theme of a frame, starting from the frame's own terms.

    Non-negative matrix factorisation of TF-IDF (Lee & Seung 1999) whose topics start at the frame's terms, with some
    free topics beside them; the same comments, frame and seed give the same model. With `embeddings` a multilingual
    model helps where it is installed (a text names the model's file); where not, `notes` says so and words alone are
    used.
    """
    sample, codes = texts[:SAMPLE], languages[:SAMPLE]
    seeds = _seeds(frame)
    vocabulary, rarity = _vocabulary(sample, codes, seeds)
    topics = _seeded(seeds, vocabulary)
    if len(sample) >= FEWEST:
        counted = _counted(sample, codes, vocabulary, rarity)
        topics = np.maximum(topics, LEARNED * _learned(counted, topics * rarity, seed))
    embedder, method, notes = _embedder(frame, embeddings)
    return ThemeModel(frame, method, notes, len(sample), seed, vocabulary, rarity, topics, embedder)


def _embedder(frame: Frame, wanted: bool | str) -> tuple[Embedder | None, str, tuple[str, ...]]:
    if not wanted:
        return None, WORDS_ONLY, ()
    try:
        embedder = Embedder.load(frame, wanted if isinstance(wanted, str) else None)
    except ModelMissing as missing:
        return None, WORDS_ONLY, (f"{missing} Themes were suggested from {WORDS_ONLY} instead.",)
    return embedder, f"{WORDS_ONLY} and {embedder.name} embeddings", ()


def _seeds(frame: Frame) -> list[Counter[str]]:
    """Count the features of each theme's terms; of a term of two words only the pair, of a longer one its pairs."""
    return [
        Counter(
            feature
            for code, terms in theme.terms.items()
            for term in terms
            for feature in _of_term(features(term, code))
        )
        for theme in frame.themes
    ]


def _of_term(found: list[str]) -> list[str]:
    return [feature for feature in found if " " in feature] or found


def _vocabulary(
    texts: Sequence[str], languages: Sequence[str | None], seeds: list[Counter[str]]
) -> tuple[dict[str, int], Floats]:
    """Choose the words to count, the frame's first, and how much each weighs by its rarity (smoothed IDF)."""
    named = dict.fromkeys(feature for seed in seeds for feature in seed)
    held = Counter(
        feature
        for text, code in zip(texts, languages, strict=True)
        for feature in set(features(text, code))
        if " " not in feature or feature in named
    )
    learnable = sorted(
        (
            word
            for word, count in held.items()
            if RARE <= count <= COMMON * len(texts) and len(word) > 2 and word not in named
        ),
        key=lambda word: (-held[word], word),
    )
    vocabulary = {word: place for place, word in enumerate([*named, *learnable[:WORDS]])}
    counts = np.array([held[word] for word in vocabulary], float)
    pairs = np.array([PAIRED if " " in word else 1.0 for word in vocabulary])
    rarity = np.log((1 + len(texts)) / (1 + counts)) + 1
    return vocabulary, np.asarray(np.minimum(rarity, 6.0) * pairs)


def _seeded(seeds: list[Counter[str]], vocabulary: dict[str, int]) -> Floats:
    topics = np.zeros((len(seeds), len(vocabulary)))
    for row, seed in zip(topics, seeds, strict=True):
        row[[vocabulary[feature] for feature in seed]] = 1.0
    return np.asarray(topics / np.sqrt(np.maximum(topics.sum(axis=0), 1.0)))


def _counted(
    texts: Iterable[str], languages: Iterable[str | None], vocabulary: dict[str, int], rarity: Floats
) -> csr_matrix:
    """Build the TF-IDF rows of texts, each of length 1 (or 0 where no word is known)."""
    from scipy.sparse import csr_matrix
    from sklearn.preprocessing import normalize

    columns: list[int] = []
    ends = [0]
    for text, code in zip(texts, languages, strict=True):
        columns += [vocabulary[feature] for feature in features(text, code) if feature in vocabulary]
        ends.append(len(columns))
    counted = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(ends) - 1, len(vocabulary)))
    counted.sum_duplicates()
    counted.data = (1 + np.log(counted.data)) * rarity[counted.indices]
    return normalize(counted)


def _learned(counted: Any, seeded: Floats, seed: int) -> Floats:
    """Factorise the rows from the seeded topics; keep, for each theme, what it learned beside its own terms."""
    from sklearn.decomposition import NMF

    rng = np.random.default_rng(seed)
    free = rng.random((OTHERS, seeded.shape[1])) / seeded.shape[1]
    topics = np.vstack([_unit(seeded), free]) + 1e-6
    shares = np.maximum(counted @ topics.T, 1e-6)
    model = NMF(len(topics), init="custom", solver="mu", max_iter=15, tol=0)
    model.fit_transform(counted, W=np.ascontiguousarray(shares), H=topics.copy())
    learned = model.components_[: len(seeded)]
    return np.asarray(learned / np.maximum(learned.max(axis=1, keepdims=True), 1e-12))


def _unit(rows: Floats) -> Floats:
    length = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    return np.asarray(np.divide(rows, length, out=np.zeros_like(rows), where=length > 0))


def _strongest(strengths: Floats, keys: tuple[str, ...]) -> tuple[Suggestion, ...]:
    order = sorted(range(len(keys)), key=lambda place: (-strengths[place], place))[:MOST]
    best = strengths[order[0]] if order else 0.0
    return tuple(
        Suggestion(keys[place], round(min(1.0, float(strengths[place])), 3))
        for place in order
        if strengths[place] >= max(WEAK, best / 3)
    )
