"""Of several columns that say the same thing of a record, decides which one counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pipelines.reading.headings import IGNORED, TOTAL, understand
from pipelines.reading.roles import Role

_BESIDE_ESTATE: Final = {
    "costs": "item",
    "income": "item",
    "surveys": "question",
    "inspections": "criterion",
    "actions": "action",
}
"""What 项目 means where another column names the estate."""
_MAIN: Final = frozenset(
    {"小区", "小区名称", "户数", "总户数", "应缴户数", "建筑面积", "总建筑面积", "得分", "金额", "应收金额", "实收金额"}
)

_Span = tuple[int, int, int | None]
"""First and last month of a period, and its year where it is known."""


def one_estate(kind: str, roles: list[Role]) -> list[Role]:
    """Where 小区 and 项目 stand side by side, 项目 is not the estate."""
    estates = [role for role in roles if role.field == "estate"]
    if len(estates) < 2 or not any("小区" in role.heading for role in estates):
        return roles
    other = _BESIDE_ESTATE.get(kind, IGNORED)
    return [
        replace(role, field=other) if role.field == "estate" and "小区" not in role.heading else role for role in roles
    ]


def only_once(kind: str, roles: list[Role]) -> list[Role]:
    """Of two columns that mean the same field and have nothing to tell them apart, the more exact one counts."""
    seen: dict[tuple[object, ...], Role] = {}
    for role in roles:
        if not role.stored:
            continue
        spot = (role.field, *role.coordinates)
        if spot not in seen or _exactness(kind, role) > _exactness(kind, seen[spot]):
            seen[spot] = role
    kept = {role.column for role in seen.values()}
    return [role if not role.stored or role.column in kept else replace(role, field=IGNORED) for role in roles]


def _exactness(kind: str, role: Role) -> int:
    last = understand(role.heading.split(" ")[-1])
    return 3 if "有效" in last.base else 2 if last.base in _MAIN else 1 if last.field(kind) else 0


def without_sums(roles: list[Role]) -> list[Role]:
    """A column of a longer period beside those of all its parts (全年 beside four quarters) is a total."""
    spans: dict[tuple[object, ...], list[_Span]] = {}
    for role in roles:
        if (span := _span(role)) is not None:
            spans.setdefault(_but_for_time(role), []).append(span)
    return [
        replace(role, field=TOTAL, part=None) if _is_told_by_parts(role, spans.get(_but_for_time(role), [])) else role
        for role in roles
    ]


def _span(role: Role) -> _Span | None:
    part = role.part
    return (*part.months, part.year) if part and part.months and part.end_year is None else None


def _but_for_time(role: Role) -> tuple[object, ...]:
    return (role.field, *role.coordinates[1:])


def _is_told_by_parts(role: Role, spans: list[_Span]) -> bool:
    """Whether shorter periods of the same year cover every month of a column's period."""
    own = _span(role)
    if own is None:
        return False
    first, last, year = own
    covered = {
        month
        for start, end, its_year in spans
        if its_year == year and first <= start and end <= last and (start, end) != (first, last)
        for month in range(start, end + 1)
    }
    return covered == set(range(first, last + 1))
