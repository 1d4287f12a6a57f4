"""What the true qualities of many subjects are probably like, given all samples: partial pooling, with its own doubt.

Beta-binomial: true shares are spread as Beta(m·s, (1 − m)·s); s has the density z ÷ (z + s)², z the middle sample, so
that the weight of the prior, s ÷ (s + z), is uniform (Christiansen and Morris 1997). Normal-normal: true means are
spread as N(μ, τ²) with a flat density on μ and on τ (Gelman 2006). s and τ are not estimated but averaged over, on a
grid; the posterior of a subject is then a beta, or a normal, of the same mean and variance. With fewer than three
subjects nothing is borrowed: Jeffreys' Beta(½, ½), or the sample's own normal.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaln  # type: ignore[import-untyped]

FloatArray = NDArray[np.float64]
_GRID: Final = 32
FEWEST: Final = 3


def posterior_shares(successes: ArrayLike, n: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """The a and b of each subject's beta posterior; nan where there is no sample. n needn't be whole."""
    x, size = np.broadcast_arrays(np.asarray(successes, dtype=np.float64), np.asarray(n, dtype=np.float64))
    known = size > 0
    if np.count_nonzero(known) < FEWEST:
        return np.where(known, x + 0.5, np.nan), np.where(known, size - x + 0.5, np.nan)
    hits, counts = x[known], size[known]
    weight = (np.arange(_GRID) + 0.5) / _GRID
    strengths = (float(np.median(counts)) * weight / (1 - weight))[:, None]
    # Shares are weighed by what they tell of the centre at this strength; half an answer keeps it off 0 and 1.
    tells = counts / (counts + strengths)
    centres = (np.sum(tells * hits / counts, axis=1, keepdims=True) + 0.5 / counts.sum()) / (
        np.sum(tells, axis=1, keepdims=True) + 1 / counts.sum()
    )
    a, b = centres * strengths, (1 - centres) * strengths
    doubt = centres * (1 - centres) / np.sum(1 / (1 / counts + 1 / (strengths + 1)), axis=1, keepdims=True)
    likelihood = np.sum(betaln(hits + a, counts - hits + b) - betaln(a, b), axis=1)
    # The centre is averaged over as well (Laplace): a strength at which it is less sure is not held against it.
    share = _shares_of_one(likelihood + 0.5 * np.log(doubt[:, 0]))[:, None]
    pulled = strengths / (strengths + counts)
    means = (hits + a) / (counts + strengths)
    variances = means * (1 - means) / (counts + strengths + 1) + pulled**2 * doubt
    mean, variance = _mixed(share, means, variances)
    total = np.maximum(mean * (1 - mean) / variance - 1, 1e-6)
    return _spread_out(known, mean * total), _spread_out(known, (1 - mean) * total)


def posterior_means(values: ArrayLike, variances: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """The mean and standard deviation of each subject's normal posterior; nan where value or variance is unknown."""
    y, v = np.broadcast_arrays(np.asarray(values, dtype=np.float64), np.asarray(variances, dtype=np.float64))
    known = np.isfinite(y) & np.isfinite(v) & (v > 0)
    if np.count_nonzero(known) < FEWEST:
        return np.where(known, y, np.nan), np.where(known, np.sqrt(np.where(known, v, 1.0)), np.nan)
    own, noise = y[known], v[known]
    # Beyond a few times the spread that is seen, no τ has any likelihood to speak of.
    most = 4 * float(np.std(own, ddof=1)) + 2 * float(np.sqrt(np.median(noise)))
    taus2 = (((np.arange(_GRID) + 0.5) / _GRID * most) ** 2)[:, None]
    precision = 1 / (noise + taus2)
    centre_variance = 1 / np.sum(precision, axis=1, keepdims=True)
    centres = np.sum(precision * own, axis=1, keepdims=True) * centre_variance
    likelihood = 0.5 * np.sum(np.log(precision) - precision * (own - centres) ** 2, axis=1)
    share = _shares_of_one(likelihood + 0.5 * np.log(centre_variance[:, 0]))[:, None]
    kept = taus2 / (taus2 + noise)
    means = kept * own + (1 - kept) * centres
    spreads = kept * noise + (1 - kept) ** 2 * centre_variance
    mean, variance = _mixed(share, means, spreads)
    return _spread_out(known, mean), _spread_out(known, np.sqrt(variance))


def residual_variance(scores: ArrayLike) -> float:
    """How far scorers differ beyond being strict or lenient: the residual variance, subjects by scorers (nan: none).

    Least squares of score = subject + scorer; nan where there are no two scorers to compare.
    """
    table = np.asarray(scores, dtype=np.float64)
    there = np.isfinite(table)
    table, there = table[there.sum(axis=1) > 1], there[there.sum(axis=1) > 1]
    table, there = table[:, there.any(axis=0)], there[:, there.any(axis=0)]
    if table.size == 0:
        return float("nan")
    freedom = int(there.sum()) - table.shape[0] - table.shape[1] + 1
    if freedom <= 0:
        # Too few to tell strictness from whim: all of it counts as disagreement.
        only = np.where(there, table, np.nan)
        apart = only - np.nanmean(only, axis=1, keepdims=True)
        return float(np.nansum(apart**2) / (int(there.sum()) - table.shape[0]))
    rows, columns = np.nonzero(there)
    design = np.zeros((rows.size, table.shape[0] + table.shape[1]))
    design[np.arange(rows.size), rows] = 1.0
    design[np.arange(rows.size), table.shape[0] + columns] = 1.0
    given = table[rows, columns]
    fitted, *_ = np.linalg.lstsq(design, given, rcond=None)
    return float(np.sum((given - design @ fitted) ** 2) / freedom)


def _shares_of_one(log_weights: FloatArray) -> FloatArray:
    weights = np.exp(log_weights - log_weights.max())
    shares: FloatArray = weights / weights.sum()
    return shares


def _mixed(share: FloatArray, means: FloatArray, variances: FloatArray) -> tuple[FloatArray, FloatArray]:
    mean = np.sum(share * means, axis=0)
    return mean, np.sum(share * (variances + (means - mean) ** 2), axis=0)


def _spread_out(known: NDArray[np.bool_], values: FloatArray) -> FloatArray:
    whole = np.full(known.shape, np.nan)
    whole[known] = values
    return whole
