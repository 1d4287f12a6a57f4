"""Where the four steps of the map's ramp begin: round numbers that share out the estates evenly, the worst palest."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor, log10
from typing import Final

from dashboard import numbers
from dashboard.charts.street import Rung
from dashboard.words import say
from pipelines.metrics.catalogue import Metric
from pipelines.words import Language

STEPS: Final = 4
ROUND: Final = (1.0, 2.0, 2.5, 5.0, 10.0)


def thresholds(values: Sequence[float]) -> tuple[float, float, float]:
    """Three round numbers at equal distance that part the values into four steps as evenly as round numbers can."""
    low, high = min(values), max(values)
    reach = high - low or abs(high) * 0.2 or 1.0
    size = 10.0 ** floor(log10(reach))
    best: tuple[float, float, tuple[float, float, float]] | None = None
    for step in (one * size * part for part in (0.01, 0.1, 1.0) for one in ROUND):
        if not reach / 12 <= step <= reach:
            continue
        for place in range(ceil(low / step) - 2, floor(high / step) + 1):
            cuts = tuple(round((place + at) * step, 10) for at in range(STEPS - 1))
            counts = [sum(_step(one, cuts) == at for one in values) for at in range(STEPS)]
            uneven = sum(abs(count - len(values) / STEPS) for count in counts)
            if best is None or (uneven, -step) < best[:2]:
                best = (uneven, -step, (cuts[0], cuts[1], cuts[2]))
    if best is None:
        return (low, low + reach / 2, low + reach)
    return best[2]


def rung_of(value: float, cuts: Sequence[float], metric: Metric) -> int:
    """The step of a value (as people read it): 0 is the worst, of a metric without direction the lowest."""
    step = _step(value, cuts)
    return STEPS - 1 - step if metric.direction == "down" else step


def rungs(values: Sequence[float], cuts: Sequence[float], metric: Metric, lang: Language) -> tuple[Rung, ...]:
    """The steps in words, each with how many estates stand on it, from the palest to the darkest."""
    decimals = next((one for one in range(4) if all(abs(round(cut, one) - cut) < 1e-9 for cut in cuts)), 3)
    texts = [numbers.number(one, decimals) for one in cuts]
    words = [
        say("map.under", lang, value=texts[0]),
        *(say("map.between", lang, low=low, high=high) for low, high in pairwise(texts)),
        say("map.from", lang, value=texts[-1]),
    ]
    ordered = words[::-1] if metric.direction == "down" else words
    counts = [sum(rung_of(one, cuts, metric) == at for one in values) for at in range(STEPS)]
    return tuple(Rung(word, count) for word, count in zip(ordered, counts, strict=True))


def _step(value: float, cuts: Sequence[float]) -> int:
    return sum(value >= one for one in cuts)
