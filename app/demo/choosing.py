"""Draws from probabilities: points of a scale, options of a list, and fixed numbers of a list's options."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.demo.population import Floats, Index

Ticks = NDArray[np.bool_]


def points(uniform: Floats, chances: Floats, favourable: list[float], others: list[float]) -> Index:
    """Place each person on a scale: shape (n,), 0 is the most favourable.

    With probability `chances` it is one of the favourable points, divided among them (and among the others) as given.
    """
    first = chances[:, None] * np.cumsum(favourable)
    rest = chances[:, None] + (1 - chances[:, None]) * np.cumsum(others)
    bounds = np.concatenate([first, rest], axis=1)[:, :-1]
    placed: Index = (uniform[:, None] >= bounds).sum(axis=1)
    return placed


def fixed_numbers(rng: np.random.Generator, chances: Floats, numbers: Index) -> Ticks:
    """Choose exactly numbers (n,) of k options for each person, each with its chance: shape (n, k).

    Systematic sampling over randomly ordered options (Madow 1949): chances (n, k) that add up to a person's number
    are the inclusion probabilities, exactly. A chance above 1 would be no probability: the model refuses it.
    """
    n, k = chances.shape
    order = rng.random((n, k)).argsort(axis=1)
    upto = np.take_along_axis(chances, order, axis=1).cumsum(axis=1)
    upto[:, -1] = numbers
    steps = np.floor(upto + rng.random((n, 1)))
    ticked = np.diff(steps, axis=1, prepend=0.0) > 0
    chosen = np.empty((n, k), bool)
    np.put_along_axis(chosen, order, ticked, axis=1)
    return chosen


def one_of(rng: np.random.Generator, options: list[str], shares: list[float], n: int) -> list[str]:
    """Draw one option for each of n people; shares need not add up to 1."""
    weights = np.array(shares) / sum(shares)
    return [options[i] for i in rng.choice(len(options), n, p=weights)]


def top_first(rng: np.random.Generator, chosen: Ticks, worth: Floats) -> list[list[int]]:
    """Put each person's chosen options in an order, likelier ones nearer the top (Plackett-Luce): lists of indices."""
    keys = np.where(chosen, np.log(worth) + rng.gumbel(size=chosen.shape), -np.inf)
    order = (-keys).argsort(axis=1)
    return [row[:number].tolist() for row, number in zip(order, chosen.sum(axis=1), strict=True)]
