"""What is new since the last meeting, most urgent first: each a sentence to read aloud, its evidence and a link."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from dashboard.stories.news import changes, duties, reports
from dashboard.stories.news.shape import Signal, Since

ORDER: Final = ("worse", "overdue", "unmanaged", "promise", "refused", "contract", "missing", "check", "better")
MOST: Final = 7
A_KIND: Final = 2
"""At first at most so many of a kind; what room is left is filled by rank."""


def signals(since: Since) -> tuple[Signal, ...]:
    """At most seven, by kind and weight; of each kind two at first."""
    found = [*changes.found(since), *duties.found(since), *reports.found(since)]
    ranked = sorted(found, key=lambda one: (ORDER.index(one.kind), -one.weight))
    counts: dict[str, int] = defaultdict(int)
    first: list[Signal] = []
    for one in ranked:
        counts[one.kind] += 1
        if counts[one.kind] <= A_KIND:
            first.append(one)
    rest = [one for one in ranked if one not in first]
    return tuple(sorted((first + rest)[:MOST], key=lambda one: (ORDER.index(one.kind), -one.weight)))
