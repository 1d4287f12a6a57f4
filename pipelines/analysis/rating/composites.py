"""Composite scores: indicators brought onto one scale between fixed goalposts, then averaged by weight.

As in the OECD/JRC Handbook on Constructing Composite Indicators (2008), chapters 5 and 6.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def between_goalposts(values: ArrayLike, low: ArrayLike, high: ArrayLike) -> FloatArray:
    """(value − low) ÷ (high − low), no more than 1 and no less than 0; `low` above `high` where less is better.

    Broadcasts: subjects by indicators against one goalpost an indicator. ValueError where two goalposts are the same.
    """
    least, most = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    if np.any(least == most):
        raise ValueError("the goalposts of an indicator must differ")
    return np.clip((np.asarray(values, dtype=np.float64) - least) / (most - least), 0.0, 1.0)


def arithmetic(values: ArrayLike, weights: ArrayLike) -> FloatArray:
    """The weighted mean over the last axis. A value that is nan is left out and its weight goes to the others.

    ValueError for a negative weight, or none above 0. nan where all are left out.
    """
    x, w = _weighed(values, weights)
    known = np.where(np.isnan(x), 0.0, w)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean: FloatArray = np.sum(np.where(np.isnan(x), 0.0, x) * known, axis=-1) / np.sum(known, axis=-1)
    return mean


def geometric(values: ArrayLike, weights: ArrayLike) -> FloatArray:
    """The weighted geometric mean over the last axis, nan left out as in `arithmetic`: a low value is not made good
    by a high one, and a 0 makes it 0. ValueError for negative values too."""
    x, _ = _weighed(values, weights)
    if np.any(x < 0):
        raise ValueError("a geometric mean has no negative values")
    with np.errstate(divide="ignore"):
        logs = np.where(x == 0, -1e300, np.log(np.where(x > 0, x, 1.0)) + x * 0.0)
    with np.errstate(over="ignore", under="ignore"):
        mean: FloatArray = np.exp(arithmetic(logs, weights))
    return mean


def _weighed(values: ArrayLike, weights: ArrayLike) -> tuple[FloatArray, FloatArray]:
    w = np.asarray(weights, dtype=np.float64)
    if np.any(w < 0) or not np.any(w > 0):
        raise ValueError("weights are 0 or above, and one of them above 0")
    x, w = np.broadcast_arrays(np.asarray(values, dtype=np.float64), w)
    return x, w
