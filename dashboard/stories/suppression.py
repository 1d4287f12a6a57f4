"""Which figures a public edition keeps back, so that a small sample can't be worked out from what is printed.

Primary: fewer than 10 answers, tickets or households. Complementary: wherever a sum is printed, either nothing of it
is kept back, or at least two parts that hold 10 together, and no part kept back is determined by the sums taken
together (checked by linear algebra). After Hundepool et al., Statistical Disclosure Control, 2012, chapter 4.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import numpy as np

LEAST: Final = 10
_NONE: Final = 1e-9

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Sum(Generic[Key]):
    """A sum that is printed, or would be: the `total`'s key is among the cells, and is the sum of its `parts`."""

    total: Key
    parts: tuple[Key, ...]


def kept_back(samples: Mapping[Key, float], sums: Sequence[Sum[Key]], least: float = LEAST) -> frozenset[Key]:
    """The cells that are not printed. `samples`: on how many answers, tickets or households each rests; a cell of 0
    holds nobody and is printed, but may be kept back to protect another only after all others.
    """
    hidden = {key for key, count in samples.items() if 0 < count < least}
    while True:
        more = _exposed(samples, sums, hidden, least)
        if more is None:
            return frozenset(hidden)
        hidden.add(more)


def determined(cells: Sequence[Key], sums: Sequence[Sum[Key]], hidden: frozenset[Key] | set[Key]) -> set[Key]:
    """The hidden cells whose value follows from the printed ones by the sums alone (exactly, over the reals)."""
    unknown = [key for key in cells if key in hidden]
    if not unknown:
        return set()
    place = {key: at for at, key in enumerate(unknown)}
    lines = []
    for one in sums:
        line = np.zeros(len(unknown))
        for key, sign in ((one.total, -1.0), *((part, 1.0) for part in one.parts)):
            if key in place:
                line[place[key]] += sign
        lines.append(line)
    matrix = np.array(lines) if lines else np.zeros((1, len(unknown)))
    _, sizes, directions = np.linalg.svd(matrix, full_matrices=True)
    rank = int((sizes > _NONE).sum())
    free = directions[rank:]
    return {key for key, at in place.items() if not len(free) or np.abs(free[:, at]).max() < _NONE}


def _exposed(samples: Mapping[Key, float], sums: Sequence[Sum[Key]], hidden: set[Key], least: float) -> Key | None:
    """The cell to keep back next, None where nothing is exposed."""
    for one in sums:
        parts = [key for key in one.parts if key in hidden]
        if not parts or one.total in hidden:
            continue
        if len(parts) == 1 or sum(samples.get(key, 0.0) for key in parts) < least:
            return _cheapest(samples, one, hidden)
    followed = determined(tuple(samples), sums, hidden)
    for one in sums:
        if followed & {one.total, *one.parts}:
            spare = [key for key in (*one.parts, one.total) if key not in hidden]
            if spare:
                return _cheapest(samples, one, hidden)
    return None


def _cheapest(samples: Mapping[Key, float], one: Sum[Key], hidden: set[Key]) -> Key:
    """The part with the smallest sample that is still printed, else the total."""
    spare = [key for key in one.parts if key not in hidden]
    if not spare:
        return one.total
    return min(spare, key=lambda key: (samples.get(key, 0.0) <= 0, samples.get(key, 0.0), str(key)))
