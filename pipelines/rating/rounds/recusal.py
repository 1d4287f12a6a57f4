"""Who may not score whom (回避), worked out from who ran what in the period, never from what a scorer declares."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from pipelines.analysis.rating.rubric import By
from pipelines.metrics.desk import Desk
from pipelines.metrics.fetching import fetched
from pipelines.metrics.periods import Period
from pipelines.rating.rounds.shape import Interest, Scorer

COMMUNITY_RUN: Final = "社区"
"""Modes of governance in whose name this stands (社区领办, 社区代管) mean that the community runs the estate itself."""
_RAN: Final = """
SELECT DISTINCT ran.estate, ran.company, ran.governance_mode AS mode, peers.community
FROM mart_spells AS ran LEFT JOIN mart_peers AS peers USING (estate)
WHERE ran.from_day <= $end::DATE AND ran.to_day >= $start::DATE
ORDER BY ALL
"""


def scorer_of(desk: Desk, name: str, affiliation: str) -> Scorer:
    """A member of the panel, with the company or community of the street that the affiliation names, if any.

    The longest name that stands in the affiliation counts: 邻安物业服务有限公司 is of 邻安物业.
    """
    known: list[tuple[str, Interest]] = [(one, "company") for one in desk.subjects("company")]
    known += [(one, "community") for one in desk.subjects("community")]
    named = [one for one in known if one[0] in affiliation]
    if not named:
        return Scorer(name, affiliation)
    found = max(named, key=lambda one: len(one[0]))
    return Scorer(name, affiliation, found[1])


def recused(desk: Desk, panel: Sequence[Scorer], period: Period, by: By) -> dict[str, frozenset[str]]:
    """By subject the scorers who may not score it: those of the company that ran it, or of the community that runs it.

    For companies: those of the company itself, and of a community one of whose estates it runs as the community's own.
    """
    found: dict[str, set[str]] = {}
    rows = fetched(desk.connection, _RAN, {"start": period.start, "end": period.end}).to_dicts()
    for scorer in panel:
        for row in rows:
            subject = row["estate"] if by == "estate" else row["company"]
            if subject is not None and _is_own(desk, scorer, row):
                found.setdefault(subject, set()).add(scorer.name)
    return {name: frozenset(names) for name, names in sorted(found.items())}


def contested(panel: Sequence[Scorer]) -> tuple[str, ...]:
    """The scorers who have an interest in anybody that is rated: results are shown without them, too."""
    return tuple(sorted(one.name for one in panel if one.interest != "none"))


def _is_own(desk: Desk, scorer: Scorer, row: dict[str, object]) -> bool:
    if scorer.interest == "company":
        return row["company"] is not None and row["company"] == _named(scorer, desk.subjects("company"))
    if scorer.interest == "community":
        runs_itself = COMMUNITY_RUN in str(row["mode"] or "")
        return runs_itself and row["community"] == _named(scorer, desk.subjects("community"))
    return False


def _named(scorer: Scorer, names: Collection[str]) -> str:
    return max((one for one in names if one in scorer.affiliation), key=len, default="")
