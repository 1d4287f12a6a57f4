"""What a column holds as far as its headings alone tell."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from pipelines.kinds import KINDS
from pipelines.mending.personal import personal_heading
from pipelines.places.datums import read_datum
from pipelines.reading.headings import IGNORED, PERSONAL, SPECIAL, TOTAL, Heading
from pipelines.reading.periods import Part
from pipelines.reading.roles import Role
from pipelines.reading.units import Unit, read_unit
from pipelines.reading.words import heading_key

_OF_HOUSEHOLDS: Final = {"receivable_yuan": "households_due", "received_yuan": "households_paid"}
_OVER_LEVELS = re.compile(
    r"满意程度|评价结果|测评结果|满意情况|调查结果|评价情况|份数?|人数|户数|票数|回答|答卷|结果|分布|统计"
)


def role_of_heading(kind: str, column: int, path: tuple[str, ...], headings: tuple[Heading, ...]) -> Role:
    """What a column of a table of that kind holds by its headings (`path`, understood: `headings`)."""
    base = Role(
        column=column,
        heading=" ".join(path),
        field=None,
        unit=next((h.unit for h in reversed(headings) if h.unit), None),
        maximum=next((h.maximum for h in reversed(headings) if h.maximum), None),
        datum=next((d for d in (read_datum(p) for p in reversed(path)) if d), None),
    )
    named = _named(kind, headings)
    if named == PERSONAL or (named is None and any(personal_heading(p) for p in path)):
        return replace(base, field=PERSONAL)
    if named == TOTAL or (named is None and any(h.total for h in headings)) or any(h.total for h in headings[:-1]):
        return replace(base, field=TOTAL)
    timed = replace(base, part=_part(headings))
    coordinates = _of_category(kind, timed, headings) or _of_level(kind, timed, headings)
    return coordinates or _of_field(kind, timed, headings, _by_unit(kind, named, timed.unit, headings))


def _of_category(kind: str, role: Role, headings: tuple[Heading, ...]) -> Role | None:
    """The amounts of one category of costs or income, if a heading names one and no field of another sense."""
    if kind not in ("costs", "income") or role.maximum is not None:
        return None
    words = next((h for h in reversed(headings) if getattr(h, kind)), None)
    if words is None or words.field(kind) not in (None, "amount_yuan"):
        return None
    category = str(getattr(words, kind))
    item = words.text if category == "其他" and _unlike_other(words.text) else None
    return replace(role, field="amount_yuan", category=category, item=item)


def _of_level(kind: str, role: Role, headings: tuple[Heading, ...]) -> Role | None:
    """The answers of one level, if another heading stands over it that may name the question."""
    outer, level = headings[0], headings[-1].level
    if kind != "surveys" or not level or len(headings) < 2 or outer.field(kind) not in (None, "question"):
        return None
    return replace(role, field=level, question=_question_over(outer))


def _by_unit(kind: str, named: str | None, unit: Unit | None, headings: tuple[Heading, ...]) -> str | None:
    """The field that a heading names, read again in the light of its unit."""
    if unit is not None and unit.dimension == "fee" and named not in SPECIAL:
        return "fee_yuan_per_m2_month" if kind == "estates" else IGNORED
    if kind == "estates" and named is None and read_unit(headings[-1].text) is not None:
        return {"area": "floor_area_m2"}.get(unit.dimension if unit else "")
    if kind == "fees" and named in _OF_HOUSEHOLDS and _counts_households(headings, unit):
        return _OF_HOUSEHOLDS[named]
    return named


def _of_field(kind: str, role: Role, headings: tuple[Heading, ...], named: str | None) -> Role:
    """The column of a field; what is known of other kinds alone is ignored, a period alone may be named by a title."""
    if named:
        measured = named in KINDS[kind].measures or named == "deduction"
        by_shape = not any(heading.fields.get(kind) == named for heading in headings)
        return replace(role, field=named, part=role.part if measured else None, by_shape=by_shape)
    inner = headings[-1]
    if role.part is None and any(inner.fields.values()) and not inner.level:
        return replace(role, field=IGNORED)
    return role


def _named(kind: str, headings: tuple[Heading, ...]) -> str | None:
    for heading in reversed(headings):
        own = heading is headings[-1] or headings[-1].part is not None
        name = heading.field(kind) if own else heading.fields.get(kind)
        if name and not (kind in ("costs", "income") and heading.part):
            return name
    return None


def _counts_households(headings: tuple[Heading, ...], unit: Unit | None) -> bool:
    """Whether 应缴 and 实缴 stand under 户数, or are counted in 户."""
    over = any(re.search(r"户数|户$", heading.base) for heading in headings[:-1])
    return over or (unit is not None and unit.dimension == "count")


def _question_over(outer: Heading) -> str | None:
    """The question that a heading over the levels names, if it isn't just 满意程度."""
    return None if _OVER_LEVELS.search(outer.base) or outer.level else outer.text


def _part(headings: tuple[Heading, ...]) -> Part | None:
    parts = [h.part for h in reversed(headings) if h.part]
    if not parts:
        return None
    year = next((p.year for p in parts if p.year), None)
    timed = next((p for p in parts if p.months or p.week or p.days), parts[0])
    return timed if timed.year or not year else replace(timed, year=year)


def _unlike_other(text: str) -> bool:
    return not heading_key(text).startswith(("其他", "其它"))
