"""Which estates differ from the street by more than their size explains: funnel limits for shares and rates.

After Spiegelhalter (2005), "Funnel plots for comparing institutional performance", Statistics in Medicine 24: exact
binomial and Poisson limits, interpolated between counts; where the estates vary more than chance allows, an additive
random effect τ² estimated from winsorised z-scores, so that not half of a street is flagged.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import polars as pl
from scipy.special import bdtrik, betainc, ndtri, pdtr, pdtrik  # type: ignore[import-untyped]

from pipelines.analysis.intervals import FloatArray
from pipelines.analysis.survival import Truths

LEVELS: Final = {"95": 0.95, "998": 0.998}
WINSORISED: Final = 0.1
ROUNDING: Final = 1e-9
Quantile: TypeAlias = Callable[[float], FloatArray]


@dataclass(frozen=True)
class Funnel:
    """A funnel: `frame` is what was asked with value, z, low_95, high_95, low_998, high_998 and flag added.

    `flag` is inside, above_95, below_95, above_998, below_998, or null without a denominator. `z` and the limits allow
    for `tau2`; `phi` is the winsorised overdispersion (1 is chance), `centre` the pooled value, `groups` those counted.
    """

    frame: pl.DataFrame
    centre: float
    phi: float
    tau2: float
    groups: int


def proportions(
    frame: pl.DataFrame, numerator: str, denominator: str, *, centre: float | None = None, overdispersion: bool = True
) -> Funnel:
    """The funnel of numerator ÷ denominator, one row an estate. ValueError where the numerator exceeds it."""
    counts, sizes = _columns(frame, numerator, denominator)
    if np.any(counts > sizes):
        raise ValueError(f"{numerator} must not exceed {denominator}")
    middle = _pooled(counts, sizes) if centre is None else centre

    def exact(p: float) -> FloatArray:
        return _interpolated(p, lambda r: _binomial(r, sizes, middle), bdtrik(p, sizes, middle))

    def common(p: float) -> Truths:
        return _binomial(np.maximum(sizes - 1, 0.0), sizes, middle) < p

    return _funnel(
        frame,
        counts,
        sizes,
        centre=middle,
        unit_variance=middle * (1 - middle),
        exact=exact,
        common=common,
        ceiling=1.0,
        overdispersion=overdispersion,
    )


def rates(
    frame: pl.DataFrame, count: str, exposure: str, *, centre: float | None = None, overdispersion: bool = True
) -> Funnel:
    """The funnel of count ÷ exposure, such as tickets ÷ hundred household-months, one row an estate."""
    counts, sizes = _columns(frame, count, exposure)
    middle = _pooled(counts, sizes) if centre is None else centre

    def exact(p: float) -> FloatArray:
        expected = middle * sizes
        return _interpolated(p, lambda r: pdtr(r, expected), pdtrik(p, expected))

    return _funnel(
        frame,
        counts,
        sizes,
        centre=middle,
        unit_variance=middle,
        exact=exact,
        common=lambda _: np.zeros(sizes.shape, dtype=bool),
        ceiling=math.inf,
        overdispersion=overdispersion,
    )


def _columns(frame: pl.DataFrame, numerator: str, denominator: str) -> tuple[FloatArray, FloatArray]:
    counts, sizes = (frame[name].cast(pl.Float64).to_numpy() for name in (numerator, denominator))
    if np.any(counts < 0) or np.any(sizes < 0):
        raise ValueError(f"{numerator} and {denominator} must not be negative")
    known = ~np.isnan(counts) & (sizes > 0)
    return np.where(known, counts, np.nan), np.where(known, sizes, np.nan)


def _pooled(counts: FloatArray, sizes: FloatArray) -> float:
    total = float(np.nansum(sizes))
    return float(np.nansum(counts)) / total if total else math.nan


def _binomial(r: FloatArray, n: FloatArray, share: float) -> FloatArray:
    """P(X ≤ r) by the incomplete beta function, which takes an n that is no whole number."""
    return np.where(r >= n, 1.0, betainc(np.maximum(n - r, ROUNDING), r + 1, 1 - share))


def _interpolated(p: float, below: Callable[[FloatArray], FloatArray], root: FloatArray) -> FloatArray:
    """r − α with r the least count that has P(X ≤ r) ≥ p, and α the part of its probability that lies above p."""
    r = np.ceil(np.nan_to_num(root) - ROUNDING)
    under, over = np.where(r > 0, below(np.maximum(r - 1, 0)), 0.0), below(r)
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha = np.where(over > under, (over - p) / (over - under), 0.0)
    limit: FloatArray = np.maximum(r - np.clip(alpha, 0.0, 1.0), 0.0)
    return limit


def _funnel(
    frame: pl.DataFrame,
    counts: FloatArray,
    sizes: FloatArray,
    *,
    centre: float,
    unit_variance: float,
    exact: Quantile,
    common: Callable[[float], Truths],
    ceiling: float,
    overdispersion: bool,
) -> Funnel:
    value = counts / sizes
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = unit_variance / sizes
        naive = np.where(variance > 0, (value - centre) / np.sqrt(variance), np.where(value == centre, 0.0, np.nan))
    phi, tau2 = _overdispersion(naive[~np.isnan(naive)], variance[~np.isnan(naive)])
    tau2 = tau2 if overdispersion else 0.0
    spread = np.sqrt(variance + tau2)
    limits: dict[str, FloatArray] = {}
    for name, level in LEVELS.items():
        for side, p in (("low", (1 - level) / 2), ("high", (1 + level) / 2)):
            limit = centre + float(ndtri(p)) * spread if tau2 > 0 else exact(p) / sizes
            limits[f"{side}_{name}"] = np.where(np.isnan(sizes), np.nan, np.clip(limit, 0.0, ceiling))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(spread > 0, (value - centre) / spread, naive)
    added = {"value": value, "z": z, **limits}
    named = frame.with_columns(pl.Series(name, found).fill_nan(None) for name, found in added.items())
    # An exact limit is interpolated below n: the share 1 of a small estate lies above it even where 1 is common.
    above = {
        name: pl.lit(pl.Series(~common((1 + level) / 2) | (tau2 > 0))) & (pl.col("value") > pl.col(f"high_{name}"))
        for name, level in LEVELS.items()
    }
    flag = (
        pl.when(pl.col("value").is_null())
        .then(None)
        .when(above["998"])
        .then(pl.lit("above_998"))
        .when(pl.col("value") < pl.col("low_998"))
        .then(pl.lit("below_998"))
        .when(above["95"])
        .then(pl.lit("above_95"))
        .when(pl.col("value") < pl.col("low_95"))
        .then(pl.lit("below_95"))
        .otherwise(pl.lit("inside"))
    )
    return Funnel(named.with_columns(flag=flag), centre, phi, tau2, int(np.sum(~np.isnan(value))))


def _overdispersion(z: FloatArray, variance: FloatArray) -> tuple[float, float]:
    """φ = mean of squared winsorised z-scores; τ² by moments (Spiegelhalter 2005, A.2), 0 while I·φ ≤ I − 1."""
    groups = z.size
    if groups < 2 or not np.all(variance > 0):
        return math.nan, 0.0
    bounds = np.quantile(z, [WINSORISED, 1 - WINSORISED])
    phi = float(np.mean(np.clip(z, *bounds) ** 2))
    weights = 1 / variance
    room = float(np.sum(weights) - np.sum(weights**2) / np.sum(weights))
    excess = groups * phi - (groups - 1)
    return phi, excess / room if excess > 0 and room > 0 else 0.0
