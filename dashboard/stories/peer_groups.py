"""Every estate against its own peers in a period: the peers' medians, and the marks that the test gives."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from dashboard.published import Published
from dashboard.stories.peers_marks import mark_of, peers_median
from dashboard.theme import Mark
from pipelines.metrics.periods import Period
from pipelines.metrics.question import Question
from pipelines.metrics.values import Value


@dataclass(frozen=True)
class Against:
    """An estate's value, its peers' median, and its mark."""

    value: Value
    median: float | None
    mark: Mark


def against_peers(published: Published, metric_id: str, period: Period, basis: str | None = None) -> dict[str, Against]:
    """Estate → its value against the median of its peer group; the groups are those of the street's settings."""

    def made() -> dict[str, Against]:
        metric = published.metric(metric_id)
        values = published.values(Question(period, "estate", metrics=(metric_id,), basis=basis, verdicts=False))
        group = dict(published.desk.places.select("estate", "peer_group").iter_rows())
        by_group: dict[str, list[Value]] = defaultdict(list)
        for one in values:
            by_group[group.get(one.subject) or ""].append(one)
        medians = {name: peers_median(members) for name, members in by_group.items()}
        found = {}
        for one in values:
            median = medians[group.get(one.subject) or ""]
            found[one.subject] = Against(one, median, mark_of(one, median, metric))
        return found

    return published.made(("against", metric_id, period, basis), made)


def peer_marks(published: Published, metric_id: str, period: Period) -> dict[str, Mark]:
    """Estate → its mark against its peers."""
    return {name: one.mark for name, one in against_peers(published, metric_id, period).items()}
