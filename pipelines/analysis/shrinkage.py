"""What a small estate's figure would probably be with more answers: its own value drawn towards its peers'.

Empirical Bayes: a value is drawn the more the fewer cases it has and the less the estates differ. It is offered beside
the raw rate and never replaces it. Formulas and sources are in docs/STATISTICS.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv  # type: ignore[import-untyped]

from pipelines.analysis.intervals import FloatArray, normal_quantile


@dataclass(frozen=True)
class Shrunk:
    """One element an estate: the shrunk value, the weight of its own data (0 to 1), and a credible interval.

    `centre` is what values are drawn to; `strength` (shares) the answers that the peers are worth, `tau2` (means) the
    variance between estates; each is nan in the other method. nan where an estate has no data.
    """

    value: FloatArray
    weight: FloatArray
    low: FloatArray
    high: FloatArray
    centre: float
    strength: float
    tau2: float


def shrink_proportions(successes: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> Shrunk:
    """Beta-binomial shrinkage of successes ÷ n towards the pooled share.

    The prior's strength is 1/ρ − 1 with the ANOVA estimate of the correlation ρ within estates (Ridout, Demétrio and
    Firth 1999). Where the estates do not differ more than chance (ρ ≤ 0), the peers are worth as much as all their
    answers together; with fewer than three estates nothing is borrowed. ValueError where successes are negative or
    above n.
    """
    counts, sizes = np.broadcast_arrays(np.asarray(successes, dtype=np.float64), np.asarray(n, dtype=np.float64))
    if np.any(counts < 0) or np.any(counts > sizes):
        raise ValueError("successes must lie between 0 and n")
    normal_quantile(level)
    tail = (1 - level) / 2
    known = sizes > 0
    total, hits = float(np.sum(sizes[known])), float(np.sum(counts[known]))
    centre = hits / total if total else math.nan
    strength = _prior_strength(counts[known], sizes[known])
    # Half an answer each way (Jeffreys) keeps the interval open where a share is 0 or 1 throughout.
    prior = (hits + 0.5) / (total + 1) * strength if strength else 0.5
    counter = strength - prior if strength else 0.5
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(known, sizes / (sizes + strength), np.nan)
        value = np.where(known, weight * counts / sizes + (1 - weight) * centre, np.nan)
    a, b = np.where(known, counts + prior, np.nan), np.where(known, sizes - counts + counter, np.nan)
    return Shrunk(value, weight, betaincinv(a, b, tail), betaincinv(a, b, 1 - tail), centre, strength, math.nan)


def shrink_means(values: ArrayLike, variances: ArrayLike, *, level: float = 0.95) -> Shrunk:
    """Normal shrinkage of means or medians with their sampling variances, τ² by DerSimonian and Laird (1986).

    The interval adds the doubt about the centre (Morris 1983). An element without a value or a finite positive variance
    is nan and left out. With fewer than three estates nothing is borrowed.
    """
    y, v = np.broadcast_arrays(np.asarray(values, dtype=np.float64), np.asarray(variances, dtype=np.float64))
    z = normal_quantile(level)
    known = np.isfinite(y) & np.isfinite(v) & (v > 0)
    own, noise = y[known], v[known]
    groups = own.size
    if groups == 0:
        nothing = np.full(y.shape, np.nan)
        return Shrunk(nothing, nothing, nothing, nothing, math.nan, math.nan, math.nan)
    w = 1 / noise
    fixed = float(np.sum(w * own) / np.sum(w))
    room = float(np.sum(w) - np.sum(w**2) / np.sum(w))
    spread = float(np.sum(w * (own - fixed) ** 2)) - (groups - 1)
    tau2 = max(0.0, spread / room) if groups > 2 else math.inf
    together = 1 / (noise + tau2) if math.isfinite(tau2) else w
    centre = float(np.sum(together * own) / np.sum(together))
    weight = np.where(known, tau2 / (tau2 + v) if math.isfinite(tau2) else 1.0, np.nan)
    value = weight * y + (1 - weight) * centre
    half = z * np.sqrt(weight * v + (1 - weight) ** 2 / float(np.sum(together)))
    return Shrunk(value, weight, value - half, value + half, centre, math.nan, tau2)


def variance_of_interval(low: ArrayLike, high: ArrayLike, *, level: float = 0.95) -> FloatArray:
    """The sampling variance that a normal interval of this width stands for, such as a median's; nan where open."""
    width = np.asarray(high, dtype=np.float64) - np.asarray(low, dtype=np.float64)
    return np.where(np.isfinite(width), (width / (2 * normal_quantile(level))) ** 2, np.nan)


def _prior_strength(counts: FloatArray, sizes: FloatArray) -> float:
    groups, total = counts.size, float(np.sum(sizes))
    if groups < 3:
        return 0.0
    shares, pooled = counts / sizes, float(np.sum(counts)) / total
    between = float(np.sum(sizes * (shares - pooled) ** 2)) / (groups - 1)
    within = float(np.sum(sizes * shares * (1 - shares))) / (total - groups) if total > groups else 0.0
    typical = (total - float(np.sum(sizes**2)) / total) / (groups - 1)
    scale = between + (typical - 1) * within
    correlation = (between - within) / scale if scale > 0 else 0.0
    return min(total, 1 / correlation - 1) if correlation > 0 else total
