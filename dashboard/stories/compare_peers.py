"""Puts each estate beside its peers: which values may be ranked together, which may not and why, and the mark of each.

Peers are the estates of the same peer group, for costs those of the same service tier among them. The test is that of
`dashboard.stories.peers_marks`: a mark is given where the estate's 95 % interval leaves out its peers' median. Where a
metric has no interval nothing is claimed; where an estate has no peers it is not judged.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import Literal

from dashboard.published import Published
from dashboard.stories.compare_view import UNGROUPED, View
from dashboard.stories.peers_marks import cautioned, mark_of, peers_median
from dashboard.theme import Mark
from pipelines.metrics.judging import Judgement, age_class
from pipelines.metrics.question import Question
from pipelines.metrics.values import Value

Refused = Literal["", "basis", "age", "reported_only"]
Group = tuple[str, str]


@dataclass(frozen=True)
class Standing:
    """An estate in the comparison. `group`: its peer group and, for costs, its tier; None without peers.
    `refused`: why its value is not ranked with the others. `median` is its peers', in the metric's own unit."""

    value: Value
    households: int | None
    group: Group | None
    refused: Refused
    median: float | None
    mark: Mark

    @property
    def subject(self) -> str:
        """The estate's name."""
        return self.value.subject

    @property
    def is_ranked(self) -> bool:
        """Whether the value stands among the others."""
        return self.value.value is not None and not self.refused

    @property
    def is_cautioned(self) -> bool:
        """Whether the value is shown dashed and with △."""
        return cautioned(self.value)


@dataclass(frozen=True)
class _Place:
    peer_group: str | None
    has_peers: bool
    tier: str
    households: int | None


def standings(published: Published, view: View) -> tuple[Standing, ...]:
    """The estates of the view, in the order of the register."""
    places = _places(published)
    chosen = tuple(one for one, place in places.items() if view.peers in ("", place.peer_group))
    if not view.peers:
        chosen += published.desk.unregistered
    if not chosen:
        return ()
    asked = Question(view.period, "estate", chosen, (view.metric.id,), basis=view.basis, verdicts=False)
    values = published.values(asked)
    usual = Counter(_counted(one) for one in values if one.value is not None and not _reported_only(one))
    reference = usual.most_common(1)[0][0] if usual else None
    refused = {one.subject: _refused(one, reference) for one in values}
    groups = {one.subject: _group(places.get(one.subject), one, view) for one in values}
    members: dict[Group, list[Value]] = {}
    for one in values:
        group = groups[one.subject]
        if group is not None and one.value is not None and not refused[one.subject]:
            members.setdefault(group, []).append(one)
    medians = {group: peers_median(known) for group, known in members.items()}
    found = []
    for one in values:
        group = groups[one.subject]
        place = places.get(one.subject)
        middle = None if group is None or refused[one.subject] else medians.get(group)
        found.append(
            Standing(
                value=one,
                households=place.households if place else None,
                group=group,
                refused=refused[one.subject],
                median=middle,
                mark=_mark(one, middle, refused[one.subject], view),
            )
        )
    return tuple(found)


def judgements_of(published: Published, view: View, found: tuple[Standing, ...]) -> dict[str, Judgement]:
    """The verdicts on the ranked estates against themselves, with the series that they are read from."""
    ranked = tuple(one.subject for one in found if one.is_ranked)
    if not ranked:
        return {}
    return published.series(
        view.metric.id, Question(view.period, "estate", ranked, (view.metric.id,), basis=view.basis)
    )


def sorted_standings(view: View, found: tuple[Standing, ...]) -> tuple[Standing, ...]:
    """The best first, those without a place among the others last; costs of several tiers tier by tier."""
    sign = 1.0 if view.metric.direction == "down" else -1.0

    def key(one: Standing) -> tuple[bool, str, float, float, str]:
        by_tier = one.is_ranked and view.metric.tiered
        tier = one.group[1] if by_tier and one.group else "~" if by_tier else ""
        size = -float(one.households or 0)
        return (not one.is_ranked, tier, sign * (one.value.value or 0.0) if one.is_ranked else 0.0, size, one.subject)

    return tuple(sorted(found, key=key))


def _places(published: Published) -> dict[str, _Place]:
    columns = ("estate", "peer_group", "peer_group_en", "service_tier", "households")
    return {
        estate: _Place(group, group is not None and name != UNGROUPED, tier or "", households)
        for estate, group, name, tier, households in published.desk.places.select(columns).iter_rows()
    }


def _group(place: _Place | None, value: Value, view: View) -> Group | None:
    if place is None or not place.has_peers or place.peer_group is None:
        return None
    if not view.metric.tiered:
        return place.peer_group, ""
    tier = value.tiers[0] if len(value.tiers) == 1 else place.tier
    return (place.peer_group, tier) if len(value.tiers) < 2 else None


def _counted(value: Value) -> tuple[str, int | None]:
    return value.basis, age_class(value.age_days)


def _reported_only(value: Value) -> bool:
    return "reported_only" in value.caveats and not value.n


def _refused(value: Value, reference: tuple[str, int | None] | None) -> Refused:
    if value.value is None:
        return ""
    if _reported_only(value):
        return "reported_only"
    if reference is not None and value.basis != reference[0]:
        return "basis"
    return "age" if reference is not None and age_class(value.age_days) != reference[1] else ""


def _mark(value: Value, middle: float | None, refused: Refused, view: View) -> Mark:
    if value.value is None or refused:
        return "none"
    if view.metric.interval != "none" and (middle is None or value.low is None):
        return "caution"
    if value.low is not None and value.high is None:
        # The interval of a median is open above where too few tickets are closed.
        return mark_of(replace(value, high=math.inf), middle, view.metric)
    return mark_of(value, middle, view.metric)
