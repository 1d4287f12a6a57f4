"""How sure a share, a rate or a ratio can be when it comes from a few answers, tickets or months.

Shares and rates are fractions. Everything is vectorised: a number, a numpy array or a polars Series goes in, numpy
floats of the same shape come out; what cannot be known (no answers, no exposure) is nan. Formulas and sources are in
docs/STATISTICS.md.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincinv  # type: ignore[import-untyped]

FloatArray: TypeAlias = NDArray[np.float64]
Limits: TypeAlias = tuple[FloatArray, FloatArray]

PUBLISHED_Z: Final = 1.96
"""The rounded normal quantile that published margins of error are computed with."""

ROUNDING: Final = 1e-12
"""How far a share times an effective n may exceed that n by the rounding of floating-point numbers."""


def normal_quantile(level: float) -> float:
    """The z of a two-sided interval: 1.96 for 0.95. ValueError unless 0 < level < 1."""
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1: {level}")
    return NormalDist().inv_cdf(0.5 + level / 2)


def score_interval(share: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> Limits:
    """Wilson's (1927) score interval of a share measured on `n` answers; `n` may be fractional.

    An infinite `n` (a census) gives the point itself, `n` = 0 gives nan. ValueError for a share outside 0 to 1 or a
    negative n.
    """
    p, size = np.broadcast_arrays(np.asarray(share, dtype=np.float64), np.asarray(n, dtype=np.float64))
    if np.any(size < 0) or np.any((size > 0) & ((p < 0) | (p > 1))):
        raise ValueError("a share must lie between 0 and 1, and n must not be negative")
    z = normal_quantile(level)
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse = np.where(size > 0, 1 / size, np.nan)
        centre = (p + z * z * inverse / 2) / (1 + z * z * inverse)
        half = z * np.sqrt(p * (1 - p) * inverse + (z * inverse / 2) ** 2) / (1 + z * z * inverse)
        low, high = np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)
    unknown = np.isnan(inverse)
    return np.where((p == 0) & ~unknown, 0.0, low), np.where((p == 1) & ~unknown, 1.0, high)


def wilson(successes: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> Limits:
    """Wilson's score interval of successes ÷ n. ValueError where successes are negative or more than n."""
    size = np.asarray(n, dtype=np.float64)
    return score_interval(_share(successes, size), size, level=level)


def effective_n(n: ArrayLike, households: ArrayLike) -> FloatArray:
    """Answers of an endless population worth as much as `n` of `households`: n(N−1)/(N−n).

    n ≥ N is a census: infinite. Unknown N (nan): n itself, without a correction. ValueError for N < 1.
    """
    size, population = np.broadcast_arrays(np.asarray(n, dtype=np.float64), np.asarray(households, dtype=np.float64))
    if np.any(population < 1):
        raise ValueError("a population has at least one household")
    with np.errstate(divide="ignore", invalid="ignore"):
        corrected = size * (population - 1) / (population - size)
    return np.where(np.isnan(population), size, np.where(size >= population, np.inf, corrected))


def wilson_finite(successes: ArrayLike, n: ArrayLike, households: ArrayLike, *, level: float = 0.95) -> Limits:
    """The contract's interval of one survey wave (each element is a wave): Wilson's with `effective_n`.

    Pass nan households where the way of asking is unknown or the answers chose themselves.
    """
    size = np.asarray(n, dtype=np.float64)
    return score_interval(_share(successes, size), effective_n(size, households), level=level)


def pooled_effective_n(n: ArrayLike, effective: ArrayLike) -> float:
    """What n is worth when several waves are pooled: (Σn)² ÷ Σ(n² ÷ n_eff), infinite when all are censuses.

    A pooled share weighs the waves by n, so its variance is p(1−p) Σ (n/Σn)² / n_eff. Plain Σ n_eff would let one
    census of a tiny estate make a whole street certain. In SQL the two sums can be taken per group.
    """
    size, worth = np.asarray(n, dtype=np.float64), np.asarray(effective, dtype=np.float64)
    asked = size > 0
    doubt = float(np.sum(size[asked] ** 2 / worth[asked]))
    total = float(np.sum(size[asked]))
    if total == 0:
        return 0.0
    return total * total / doubt if doubt > 0 else math.inf


def wilson_pooled(
    successes: ArrayLike, n: ArrayLike, households: ArrayLike, *, level: float = 0.95
) -> tuple[float, float]:
    """The interval of Σ successes ÷ Σ n over several waves (one-dimensional), each corrected for its own population."""
    size = np.asarray(n, dtype=np.float64)
    worth = pooled_effective_n(size, effective_n(size, households))
    total = float(np.sum(size))
    share = float(np.sum(np.asarray(successes, dtype=np.float64))) / total if total else math.nan
    low, high = score_interval(share, worth, level=level)
    return float(low), float(high)


def poisson_rate(count: ArrayLike, exposure: ArrayLike, *, level: float = 0.95) -> Limits:
    """Garwood's (1936) exact interval of count ÷ exposure, such as tickets ÷ hundred household-months.

    Exposure 0 gives nan. ValueError for a negative count or exposure.
    """
    events, per = np.broadcast_arrays(np.asarray(count, dtype=np.float64), np.asarray(exposure, dtype=np.float64))
    if np.any(events < 0) or np.any(per < 0):
        raise ValueError("a count and its exposure must not be negative")
    tail = (1 - level) / 2
    normal_quantile(level)
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(events > 0, gammaincinv(np.where(events > 0, events, 1.0), tail), 0.0)
        high = gammaincinv(events + 1, 1 - tail)
        reach = np.where(per > 0, per, np.nan)
        return low / reach, high / reach


def ratio_oe(observed: ArrayLike, expected: ArrayLike, *, level: float = 0.95) -> Limits:
    """Exact interval of observed ÷ expected, the observed taken as Poisson (Breslow and Day 1987, vol. II, 2.3)."""
    return poisson_rate(observed, expected, level=level)


def sample_size(households: int, *, margin: float = 0.05, level: float = 0.95, p: float = 0.5) -> int:
    """How many households must answer for ± `margin` at `level`, when so many are to choose from (Cochran 1977, 4.2).

    ValueError for no households, or a margin or share outside 0 to 1.
    """
    if households < 1 or not 0 < margin < 1 or not 0 < p < 1:
        raise ValueError("sample_size needs at least one household, and a margin and a share between 0 and 1")
    endless = normal_quantile(level) ** 2 * p * (1 - p) / margin**2
    return min(households, math.ceil(endless / (1 + (endless - 1) / households)))


def margin_of_error(n: ArrayLike, households: ArrayLike, *, z: float = PUBLISHED_Z) -> FloatArray:
    """z·√(0.25/n)·√((N−n)/(N−1)): the widest half-interval of a share, as landlords' regulators publish it."""
    size, population = np.broadcast_arrays(np.asarray(n, dtype=np.float64), np.asarray(households, dtype=np.float64))
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.where(size >= population, 0.0, (population - size) / (population - 1))
        return np.where(size > 0, z * np.sqrt(0.25 / size) * np.sqrt(left), np.nan)


def difference_of_shares(
    share1: ArrayLike, n1: ArrayLike, share2: ArrayLike, n2: ArrayLike, *, level: float = 0.95
) -> Limits:
    """Newcombe's (1998, method 10) hybrid score interval of share1 − share2; n may be effective, or infinite."""
    p, q = np.asarray(share1, dtype=np.float64), np.asarray(share2, dtype=np.float64)
    low1, high1 = score_interval(p, n1, level=level)
    low2, high2 = score_interval(q, n2, level=level)
    below = np.sqrt((p - low1) ** 2 + (high2 - q) ** 2)
    above = np.sqrt((high1 - p) ** 2 + (q - low2) ** 2)
    return p - q - below, p - q + above


def difference(
    successes1: ArrayLike, n1: ArrayLike, successes2: ArrayLike, n2: ArrayLike, *, level: float = 0.95
) -> Limits:
    """Newcombe's interval of successes1 ÷ n1 − successes2 ÷ n2, for two survey waves; nan where one has no answers."""
    size1, size2 = np.asarray(n1, dtype=np.float64), np.asarray(n2, dtype=np.float64)
    return difference_of_shares(_share(successes1, size1), size1, _share(successes2, size2), size2, level=level)


def _share(successes: ArrayLike, n: FloatArray) -> FloatArray:
    counted = np.asarray(successes, dtype=np.float64)
    if np.any(counted < 0) or np.any(counted > n * (1 + ROUNDING)):
        raise ValueError("successes must lie between 0 and n")
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(n > 0, np.minimum(counted / n, 1.0), np.nan)
