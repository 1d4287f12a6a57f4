"""Finds what caps a star: vetoes (一票否决) entered or found by their floor, and evidence that must be there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipelines.analysis.rating.accounts import Cap, Line
from pipelines.analysis.rating.evidence import Entry
from pipelines.analysis.rating.rubric import Rubric, Veto


def caps(rubric: Rubric, entries: Sequence[Entry], lines: Sequence[Line], start: date, end: date) -> tuple[Cap, ...]:
    """The caps on a star, the lowest first."""
    vetoes = {one.id: one for one in rubric.vetoes}
    found = [
        Cap(
            one.id,
            vetoes[one.id].cap_at,
            vetoes[one.id].zh,
            vetoes[one.id].en,
            one.evidence,
            one.on,
            one.decider,
            one.expires,
        )
        for one in entries
        if one.id in vetoes and one.in_force(start, end)
    ]
    by_id = {one.id: one for one in lines}
    found += [cap for veto in rubric.vetoes if (cap := _of_floor(veto, by_id.get(veto.criterion or ""))) is not None]
    for criterion in rubric.criteria:
        line = by_id[criterion.id]
        if criterion.missing == "cap" and criterion.cap_at is not None and line.status == "missing":
            zh, en = f"{criterion.zh}未报送", f"{criterion.en}: not submitted"
            found.append(Cap(f"missing:{criterion.id}", criterion.cap_at, zh, en))
    return tuple(sorted(found, key=lambda one: (one.at, one.id, one.on or date.min)))


def _of_floor(veto: Veto, line: Line | None) -> Cap | None:
    """A floor holds for what was judged; where nothing was submitted, nothing shows that it was kept."""
    if veto.floor is None or line is None:
        return None
    if line.status == "missing":
        return Cap(veto.id, veto.cap_at, f"{veto.zh}（没有数据）", f"{veto.en} (no data)", evidence=line.source)
    if line.status == "scored" and line.scored_value is not None and line.scored_value < veto.floor:
        shown = f"{line.scored_value:.1%}" if line.unit == "percent" else f"{line.scored_value:g}"
        return Cap(veto.id, veto.cap_at, f"{veto.zh}（{shown}）", f"{veto.en} ({shown})", evidence=line.source)
    return None
