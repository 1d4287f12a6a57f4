"""The complaints of the demo street: when people call, how long settling takes, who hands the list in and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import accumulate
from typing import Final

from pipelines.handouts.demo import mistakes
from pipelines.handouts.demo import stories as story
from pipelines.handouts.demo.world import COMMUNITIES, ESTATES, Estate, chance, estate, mode_of

HOTLINE: Final = "12345热线"
HOTLINE_SENDER: Final = "街道12345专班"


@dataclass(frozen=True)
class Sort:
    """A sort of complaint: how often, mean hours to settle at an average estate, limit in hours, and words for it."""

    weight: float
    hours: float
    limit: int
    words: tuple[str, ...]


SORTS: Final = {
    "门禁道闸": Sort(13, 34, 72, ("单元门禁刷卡无反应", "东门道闸抬杆失灵", "人行门关不上", "地库道闸经常误判")),
    "清洁卫生": Sort(17, 24, 48, ("楼道多日无人清扫", "垃圾桶满溢", "地库入口积水有异味", "建筑垃圾堆在路边")),
    "水电维修": Sort(14, 26, 48, ("公共水管漏水", "楼道配电箱跳闸", "二次供水压力小", "下水道反水")),
    "房屋渗漏": Sort(8, 80, 360, ("顶层屋面渗水", "外墙渗漏墙皮脱落", "地下室返潮", "雨水管接口漏水")),
    "电梯故障": Sort(8, 28, 24, ("电梯停运", "电梯运行有异响", "电梯按键失灵", "电梯轿厢照明不亮")),
    "停车秩序": Sort(13, 48, 120, ("消防通道被车辆占用", "固定车位被占", "外来车辆乱停", "非机动车堵住单元口")),
    "绿化养护": Sort(6, 66, 168, ("树枝遮挡低层采光", "草坪裸露扬尘", "灌木长期未修剪", "枯树有倒伏风险")),
    "噪音扰民": Sort(6, 40, 72, ("夜间装修噪音", "水泵房低频噪音", "广场舞音量过大")),
    "物业收费": Sort(6, 58, 120, ("对收费标准有疑问", "公摊电费偏高", "要求公示公共收益", "开具发票拖延")),
    "消防安全": Sort(4, 30, 24, ("楼道堆放杂物", "电动车进楼充电", "消防栓无水", "应急灯损坏")),
    "公共照明": Sort(5, 30, 72, ("路灯不亮", "楼道感应灯损坏", "地库照明昏暗")),
}


@dataclass(frozen=True)
class Ticket:
    """One complaint as it truly went. `sender` hands it in; times are Shanghai time, to the minute."""

    sender: str
    estate: str
    number: str | None
    opened: datetime
    dispatched: datetime | None
    responded: datetime | None
    due: datetime | None
    closed: datetime | None
    category: str
    channel: str
    summary: str
    resolved: bool | None
    satisfied: bool | None
    reopened: bool | None
    excluded: str | None = None
    has_planted_number: bool = False


@dataclass(frozen=True)
class Export:
    """One hand-in of a sender's list: the tickets opened from `start` to `end`, as they stood at `at`, and those that
    were still open at the hand-in before."""

    sender: str
    start: date
    end: date
    at: datetime


def _moment(draw_key: str, day: date) -> datetime:
    draw = chance(draw_key)
    hours = accumulate((1, 0.5, 0.3, 0.3, 0.4, 1, 2, 5, 9, 9, 8, 6, 5, 5, 7, 7, 6, 6, 8, 9, 8, 6, 4, 2))
    hour = draw.choices(range(24), cum_weights=list(hours))[0]
    return datetime(day.year, day.month, day.day, hour, draw.randrange(60))


def _yearly(community: str, opened: datetime, counter: dict[str, int]) -> str:
    prefix = {
        "云锦社区": "YJ", "望湖社区": "WH", "梧桐社区": "WT", "石桥社区": "SQ", "松风社区": "SF", HOTLINE: "QC"
    }[community]  # fmt: skip
    key = f"{prefix}{opened.year}"
    counter[key] = counter.get(key, 0) + 1
    return f"{key}{counter[key]:05d}"


def _is_abandoned(one: Estate, day: date) -> bool:
    return one.name == story.WALK_OUT_ESTATE and story.WALK_OUT_ON <= day < story.WALK_OUT_FILLED_ON


def _settle(one: Estate, sort: Sort, opened: datetime, key: str) -> datetime:
    draw = chance(key)
    level = sort.hours * (one.hours / 36) ** 0.75
    if one.name == story.SHIFT_ESTATE and opened >= story.SHIFT_FROM:
        level *= story.SHIFT_FACTOR
    if _is_abandoned(one, opened.date()):
        level *= story.WALK_OUT_HOURS
    if one.name == story.FALLING_ESTATE and opened >= datetime(2025, 4, 1):
        level *= 1.35
    hours = level * draw.lognormvariate(-0.245, 0.7)
    closed = opened + timedelta(minutes=max(20, round(hours * 60)))
    if closed.hour < 7:
        closed = closed.replace(hour=8, minute=draw.randrange(5, 59))
    return closed


def _ticket(one: Estate, opened: datetime, key: str, closed: datetime | None = None) -> Ticket:
    draw = chance(key)
    names = list(SORTS)
    category = draw.choices(names, [SORTS[name].weight for name in names])[0]
    if one.built < 2003 and category == "电梯故障":
        category = "水电维修"
    sort = SORTS[category]
    hotline = draw.random() < 0.45
    served = one.company or mode_of(one, opened.date()) == "社区代管"
    end = closed or _settle(one, sort, opened, f"settle {key}")
    dispatched = opened + timedelta(minutes=draw.randrange(8, 190))
    responded = dispatched + timedelta(minutes=draw.randrange(15, 900))
    dispatched, responded = min(dispatched, end), min(responded, end)
    forgotten = closed is None and draw.random() < (0.012 if served else 0.06)
    good = draw.random() < 0.93
    told = draw.random() < (0.9 if hotline else 0.78)
    pleased = draw.random() < (0.55 + 0.4 * max(one.satisfaction, 0.5) if good else 0.15)
    place = f"{draw.randrange(1, min(one.buildings, 30) + 1)}号楼" if draw.random() < 0.6 else "小区内"
    channel = HOTLINE if hotline else draw.choice(("物业前台", "社区来访", "微信群", "网格上报"))
    return Ticket(
        sender=HOTLINE_SENDER if hotline else one.community,
        estate=one.name,
        number=None,
        opened=opened,
        dispatched=dispatched,
        responded=responded,
        due=opened + timedelta(hours=sort.limit) if hotline else None,
        closed=None if forgotten else end,
        category=category,
        channel=channel,
        summary=f"{place}{draw.choice(sort.words)}",
        resolved=None if forgotten else good,
        satisfied=pleased if told and not forgotten else None,
        reopened=None if forgotten else draw.random() < 0.03,
        excluded="不属于物业服务范围，已转城管部门" if hotline and draw.random() < 0.015 else None,
    )


def _usual() -> list[Ticket]:
    rows: list[Ticket] = []
    for one in ESTATES:
        draw = chance(f"calls {one.name}")
        weekly = one.households**0.8 / 165 * (1.25 if one.built < 2000 else 1.0)
        day = date(2024, 1, 1)
        while day <= date(2025, 6, 30):
            busy = (1.12, 1.05, 1.0, 1.0, 1.05, 0.9, 0.88)[day.weekday()] * (1.2 if day.month in (7, 8) else 1.0)
            busy *= story.WALK_OUT_CALLS if _is_abandoned(one, day) else 1.0
            calls, arrived = 0, draw.expovariate(1.0)
            while arrived < weekly / 7 * busy:
                calls += 1
                arrived += draw.expovariate(1.0)
            for number in range(calls):
                key = f"call {one.name} {day} {number}"
                rows.append(_ticket(one, _moment(key, day), key))
            day += timedelta(days=1)
    return rows


def _mass_closure() -> list[Ticket]:
    one = estate(story.MASS_CLOSURE_ESTATE)
    draw = chance("mass closure")
    rows: list[Ticket] = []
    for number in range(story.MASS_CLOSURE_TICKETS):
        opened = _moment(f"mass {number}", date(2025, 2, 24) + timedelta(days=draw.randrange(34)))
        closed = story.MASS_CLOSURE_FROM + timedelta(minutes=draw.randrange(story.MASS_CLOSURE_MINUTES))
        again = number < story.MASS_CLOSURE_REOPENED
        row = _ticket(one, opened, f"mass ticket {number}", closed)
        rows.append(
            replace(
                row, sender=one.community, channel="物业前台", due=None, excluded=None, resolved=not again,
                satisfied=False if again else None, reopened=again,
            )
        )  # fmt: skip
    return rows


def _numbered(rows: list[Ticket]) -> list[Ticket]:
    counter: dict[str, int] = {}
    seen: set[tuple[str, datetime, str, str]] = set()
    done: list[Ticket] = []
    for row in sorted(rows, key=lambda each: (each.opened, each.estate, each.summary)):
        key = (row.estate, row.opened, row.category, row.summary)
        if key in seen:
            continue
        seen.add(key)
        source = HOTLINE if row.sender == HOTLINE_SENDER else row.sender
        number = None if source == COMMUNITIES[0] else _yearly(source, row.opened, counter)
        done.append(replace(row, number=number))
    return done


def _planted(rows: list[Ticket]) -> list[Ticket]:
    hotline = [index for index, row in enumerate(rows) if row.sender == HOTLINE_SENDER]
    quick = [
        index
        for index in hotline
        if (end := rows[index].closed) and (end.year, end.month) == (rows[index].opened.year, rows[index].opened.month)
    ]
    for step, number in enumerate((*mistakes.PLANTED_NUMBERS, f"身份证号{mistakes.PLANTED_IDENTITY}")):
        index = quick[(step + 1) * len(quick) // 6]
        text = f"{rows[index].summary}，请回电{number}" if number[0] == "1" else f"{rows[index].summary}，{number}"
        rows[index] = replace(rows[index], summary=text, has_planted_number=True)
    near = [i for i in hotline if rows[i].estate == "梧桐二村" and rows[i].opened.date() >= date(2024, 9, 5)]
    for index in near[: mistakes.UNKNOWN_TICKETS]:
        rows[index] = replace(rows[index], estate=mistakes.UNKNOWN_ESTATE)
    return rows


@cache
def tickets() -> tuple[Ticket, ...]:
    """All complaints in order of opening, as they truly went until long after the period."""
    return tuple(_planted(_numbered(_usual() + _mass_closure())))


def as_of(row: Ticket, at: datetime) -> Ticket:
    """The complaint as its sender's list showed it at that moment: what came later is blank."""
    closed = row.closed if row.closed and row.closed <= at else None
    return replace(
        row,
        dispatched=row.dispatched if row.dispatched and row.dispatched <= at else None,
        responded=row.responded if row.responded and row.responded <= at else None,
        closed=closed,
        resolved=row.resolved if closed else None,
        satisfied=row.satisfied if closed else None,
        reopened=row.reopened if closed else None,
    )


def handed_in(export: Export, before: Export | None) -> list[Ticket]:
    """The tickets of one hand-in: those of its days, after those carried over from the hand-in before."""
    rows = [row for row in tickets() if row.sender == export.sender]
    new = [row for row in rows if export.start <= row.opened.date() <= export.end and row.opened <= export.at]
    carried: list[Ticket] = []
    if before is not None:
        earlier = [row for row in rows if row.opened.date() < export.start]
        carried = [row for row in earlier if row.opened <= before.at and (row.closed is None or row.closed > before.at)]
    return [as_of(row, export.at) for row in carried + new]
