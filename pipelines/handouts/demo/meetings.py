"""What the demo street's weekly meetings decided, and what changed in its estates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Final

from pipelines.handouts.demo import stories as story
from pipelines.handouts.demo.world import ESTATES, chance, company_of

HAND_INS: Final = (date(2024, 7, 1), date(2025, 1, 6), date(2025, 6, 30))
"""The days up to which the register of decisions was handed in."""

TASKS: Final = (
    "清理楼道堆物并回头看",
    "公示上季度收支账单",
    "修复单元门禁",
    "公示公共收益",
    "整治消防通道停车",
    "屋面渗漏查勘并提出方案",
    "补栽绿化带",
    "更换损坏路灯",
    "约谈项目负责人",
    "召开居民议事会",
    "增设电动车充电棚",
    "排查二次供水水箱",
)


@dataclass(frozen=True)
class Action:
    """Something that a meeting decided. `done` is None while it is open."""

    number: str
    estate: str
    text: str
    owner: str
    raised: date
    due: date
    done: date | None

    @property
    def status(self) -> str:
        """The register's word for where it stands."""
        return "已完成" if self.done else "办理中"


@dataclass(frozen=True)
class Event:
    """Something that changed an estate. `words` is what the register writes for the contract's `sort`."""

    estate: str
    on: date
    sort: str
    words: str
    company: str | None
    value: float | None
    note: str


@cache
def actions() -> tuple[Action, ...]:
    """All decisions of the Monday meetings of the period, as they truly went."""
    rows: list[Action] = []
    monday = date(2024, 1, 8)
    while monday <= date(2025, 6, 30):
        draw = chance(f"meeting {monday}")
        for number in range(draw.choice((1, 1, 2, 2, 3))):
            one = draw.choice(ESTATES)
            owner = company_of(one, monday) or f"{one.community}居委会"
            days = draw.choice((7, 14, 14, 21, 30))
            done = monday + timedelta(days=max(2, round(days * draw.uniform(0.4, 1.5))))
            week = monday.isocalendar()
            rows.append(
                Action(
                    f"QC{week.year}W{week.week:02d}-{number + 1}",
                    one.name,
                    draw.choice(TASKS),
                    owner,
                    monday,
                    monday + timedelta(days=days),
                    None if draw.random() < 0.04 else done,
                )
            )
        monday += timedelta(days=7)
    return tuple(rows)


def register(day: date) -> list[Action]:
    """The register as it was handed in on that day of `HAND_INS`: this half year's, after those carried over."""
    index = HAND_INS.index(day)
    before = HAND_INS[index - 1] if index else date(2023, 12, 31)
    rows: list[Action] = []
    for row in actions():
        is_new = before < row.raised <= day
        is_carried = row.raised <= before and (row.done is None or row.done > before)
        if is_new or is_carried:
            rows.append(row if row.done and row.done <= day else replace(row, done=None))
    return rows


@cache
def events() -> tuple[Event, ...]:
    """What changed: the stories, and a few ordinary changes."""
    walk, first, joined = story.WALK_OUT_ESTATE, story.SERVICE_FIRST_ESTATE, story.ATTACHED_ESTATE
    rows = [
        Event("云锦苑", date(2024, 3, 18), "renovation", "老旧小区改造", None, None, "屋面防水和雨污分流改造开工"),
        Event("柳岸花园", date(2024, 5, 20), "other", "业委会换届", None, None, "选举产生第三届业委会"),
        Event(walk, story.WALK_OUT_LAST_DAY, "company_out", "物业撤出", story.WALK_OUT_OLD, None, "合同未到期单方撤出"),
        Event(first, story.SERVICE_FIRST_ON, "company_in", "物业进驻", story.SERVICE_FIRST_COMPANY, None, "先试服务"),
        Event(walk, story.WALK_OUT_FILLED_ON, "company_in", "物业进驻", story.WALK_OUT_NEW, None, "应急选聘，合同两年"),
        Event(first, story.SERVICE_FIRST_CHARGING, "charging_started", "开始收费", None, 0.65, "试服务三个月后起收"),
        Event("梧桐一村", date(2025, 1, 1), "other", "其他事项", None, None, "推行年度预缴，一次缴清全年减免两个月"),
        Event(joined, date(2024, 12, 31), "company_out", "物业退出", story.ATTACHED_OLD, None, "合同到期不再续签"),
        Event(joined, story.ATTACHED_FROM, "company_in", "物业进驻", story.ATTACHED_NEW, None, "12月26日签约"),
        Event(joined, story.ATTACHED_FROM, "fee_changed", "调整收费标准", None, 0.99, "由0.30元调为0.99元"),
        Event(joined, story.ATTACHED_FROM, "mode_changed", "治理模式变更", None, None, "挂单托管，主小区为松风苑"),
        Event("云锦新城", date(2025, 3, 3), "other", "其他事项", None, None, "维修班组驻点，报修随到随修"),
        Event("湖滨四季", date(2025, 4, 15), "renovation", "电梯更新", None, None, "更换老旧电梯12台"),
    ]  # fmt: skip
    return tuple(rows)
