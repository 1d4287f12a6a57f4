"""Whether an estate differs from its peers: the one test behind the marks of the comparison, the map and the estate.

An estate differs clearly where its own 95 % interval lies wholly on one side of its peers' median. Where a value must
be used with caution, or has no interval, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median
from typing import Final

from dashboard.theme import Mark
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.values import Value

CAUTIONED: Final = frozenset({
    "few", "self_reported", "self_selected", "mode_unknown", "reported_only", "derived", "known_share_low",
    "provisional",
})  # fmt: skip
"""Caveats with which a value is shown, but not judged."""
FEWEST_PEERS: Final = 3
"""So many estates with a value there must be for a median to stand for them."""


def cautioned(value: Value) -> bool:
    """Whether a value is shown dashed and with △."""
    return value.value is not None and not CAUTIONED.isdisjoint(value.caveats)


def peers_median(values: Iterable[Value]) -> float | None:
    """The median of the estates' own values (those with one that may be ranked); None with fewer than 3 of them."""
    known = [one.value for one in values if one.value is not None and "reported_only" not in one.caveats]
    return median(known) if len(known) >= FEWEST_PEERS else None


def mark_of(value: Value, peers_value: float | None, metric: Metric) -> Mark:
    """The mark of an estate's value against its peers' median, in the value's own unit."""
    if value.value is None:
        return "none"
    if cautioned(value):
        return "caution"
    if peers_value is None or value.low is None or value.high is None or metric.direction == "neither":
        return "same"
    if value.low > peers_value:
        return "better" if metric.direction == "up" else "worse"
    if value.high < peers_value:
        return "worse" if metric.direction == "up" else "better"
    return "same"
