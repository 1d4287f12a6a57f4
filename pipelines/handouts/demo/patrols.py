"""The inspections of the demo street: companies scored by three scorers a quarter, estates patrolled every month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from pipelines.handouts.demo.world import (
    COMPANIES,
    ESTATES,
    MONTHS,
    QUARTERS,
    chance,
    company_of,
    estate,
    month_end,
    quarter_range,
    run_by,
)

SCORERS: Final = ("街道物业办", "社区代表", "业主代表")
QUARTERLY: Final = {"客户服务": 20, "环境卫生": 20, "秩序维护": 20, "设施设备": 25, "信息公开": 15}
MONTHLY: Final = {"安全管理": 30, "环境卫生": 30, "设施维护": 25, "公示公开": 15}
PATROL: Final = "街道巡查组"


@dataclass(frozen=True)
class Score:
    """One score of a company or an estate on one criterion by one scorer."""

    subject: str
    subject_kind: str
    start: date
    end: date
    criterion: str
    score: float
    most: int
    scorer: str


def _skill(company: str) -> float:
    ran = [estate(name) for name in sorted({one.name for one in ESTATES if one.company == company})]
    satisfied = sum(max(one.satisfaction, 0.75) * one.households for one in ran) / sum(one.households for one in ran)
    return 0.45 + 0.5 * satisfied


@cache
def scores() -> tuple[Score, ...]:
    """All scores: quarterly of the companies that ran something, monthly of the estates that a company ran."""
    rows: list[Score] = []
    for name in QUARTERS:
        start, end = quarter_range(name)
        for company in COMPANIES:
            if not run_by(company, end):
                continue
            for scorer, lean in zip(SCORERS, (0.0, 0.03, -0.04), strict=True):
                for criterion, most in QUARTERLY.items():
                    draw = chance(f"score {company} {name} {scorer} {criterion}")
                    level = min(1.0, _skill(company) + lean + draw.gauss(0, 0.035))
                    rows.append(Score(company, "company", start, end, criterion, round(most * level, 1), most, scorer))
    for month in MONTHS:
        for one in ESTATES:
            if company_of(one, month) is None:
                continue
            for criterion, most in MONTHLY.items():
                draw = chance(f"patrol {one.name} {month} {criterion}")
                level = min(1.0, 0.45 + 0.5 * max(one.satisfaction, 0.72) + draw.gauss(0, 0.03))
                score = round(most * level * 2) / 2
                rows.append(Score(one.name, "estate", month, month_end(month), criterion, score, most, PATROL))
    return tuple(rows)
