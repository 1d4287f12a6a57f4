"""The true street behind the demo: its communities, companies and estates, and who ran which estate when."""

from __future__ import annotations

import random
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from pipelines.handouts.demo import stories as story

STREET: Final = "晴川街道"
ALLIANCE: Final = "晴川红心物业联盟"
FICTION: Final = "示例数据（虚构）"
COMMUNITIES: Final = ("柳岸社区", "云锦社区", "望湖社区", "梧桐社区", "石桥社区", "松风社区")
SELF_RUN: Final = "社区代管"
NOBODY: Final = "无物业"
COMMERCIAL: Final = "专业物业"
COMMUNITY_LED: Final = "社区领办"
ATTACHED: Final = "挂单托管"
MONTHS: Final = tuple(date(2024 + i // 12, i % 12 + 1, 1) for i in range(18))
"""First days of the months that the demo covers: 2024-01 to 2025-06."""


@dataclass(frozen=True)
class Estate:
    """One estate at its usual level. `fee` and `cost` in yuan per m² and month, `hours` the mean time to close a
    ticket, `rate` and `satisfaction` at the end of the period, `place` in steps of the map
    east and south of its corner."""

    name: str
    community: str
    company: str
    households: int
    area: float
    built: int
    buildings: int
    housing: str
    tier: str
    fee: float
    rate: float
    hours: float
    cost: float
    satisfaction: float
    place: tuple[int, int]
    aliases: tuple[str, ...] = ()


_HIGH, _MIDDLE, _BASIC = "高档个性", "完善提升", "基本保障"
_NEW, _OLD, _UNIT = "商品房", "老旧小区", "单位宿舍"

_ROWS: Final = (
    ("柳岸东里", 0, "柳岸社区领办物业", 642, 62, 1994, _OLD, _BASIC, 0.60, 0.735, 34, 1.02, 0.887, (104, 417)),
    ("柳岸花园", 0, "瑞邻物业", 1286, 92, 2006, _NEW, _MIDDLE, 1.60, 0.888, 27, 1.92, 0.859, (217, 338)),
    ("清渠里", 0, "柳岸社区领办物业", 176, 58, 1989, _OLD, _BASIC, 0.55, 0.772, 30, 0.98, 0.848, (322, 296)),
    ("临波苑", 0, "瑞邻物业", 896, 95, 2009, _NEW, _MIDDLE, 1.70, 0.871, 29, 1.88, 0.845, (252, 192)),
    ("纺织厂宿舍", 0, "柳岸社区领办物业", 418, 52, 1983, _UNIT, _BASIC, 0.50, 0.692, 39, 0.94, 0.780, (140, 222)),
    ("柳岸公寓", 0, "康桥里物业", 48, 66, 1998, _OLD, _BASIC, 0.90, 0.697, 36, 1.21, 0.917, (102, 312)),
    ("锦澜府", 1, "广宁物业", 604, 128, 2017, _NEW, _HIGH, 3.20, 0.958, 17, 3.12, 0.908, (378, 205)),
    ("云锦尚品", 1, "广宁物业", 1216, 112, 2014, _NEW, _HIGH, 2.90, 0.944, 20, 2.94, 0.885, (500, 216)),
    ("云锦新城", 1, "和润邻里物业", 9980, 88, 2011, _NEW, _MIDDLE, 1.65, 0.904, 62, 1.79, 0.861, (434, 345)),
    ("锦绣里", 1, "佳与物业", 764, 84, 2004, _NEW, _MIDDLE, 1.30, 0.845, 35, 1.55, 0.828, (547, 332)),
    ("云锦苑", 1, "恒谊物业", 910, 64, 1996, _OLD, _BASIC, 0.70, 0.735, 37, 1.12, 0.804, (551, 455)),
    ("云织坊小区", 1, "晴川城服物业", 528, 60, 1992, _OLD, _BASIC, 0.60, 0.718, 41, 1.00, 0.795, (609, 170)),
    ("望湖山庄", 2, "景栖物业", 356, 168, 2016, _NEW, _HIGH, 3.60, 0.959, 16, 3.30, 0.913, (835, 214)),
    ("望湖名邸", 2, "景栖物业", 872, 121, 2015, _NEW, _HIGH, 3.00, 0.942, 21, 2.90, 0.892, (900, 315)),
    ("湖滨四季", 2, "邻安物业", 1980, 108, 2013, _NEW, _HIGH, 2.60, 0.923, 24, 2.62, 0.820, (774, 325)),
    ("望湖里", 2, "泰来居物业", 684, 61, 1991, _OLD, _BASIC, 0.60, 0.718, 42, 1.01, 0.760, (649, 279)),
    ("湖心苑", 2, "邻安物业", 1062, 90, 2007, _NEW, _MIDDLE, 1.55, 0.840, 37, 1.87, 0.741, (665, 403)),
    ("水厂宿舍", 2, "", 138, 50, 1981, _UNIT, "", 0.0, 0.0, 60, 0.0, 0.0, (724, 190)),
    ("梧桐嘉园", 3, "安泽物业", 1540, 94, 2010, _NEW, _MIDDLE, 1.75, 0.872, 28, 1.95, 0.904, (275, 690)),
    ("凤栖雅居", 3, "安泽物业", 732, 116, 2016, _NEW, _HIGH, 2.80, 0.950, 19, 2.86, 0.899, (211, 477)),
    ("梧桐新苑", 3, "安泽物业", 988, 89, 2008, _NEW, _MIDDLE, 1.70, 0.864, 33, 2.02, 0.843, (321, 418)),
    ("梧桐一村", 3, "泰来居物业", 1104, 57, 1990, _OLD, _BASIC, 0.60, 0.400, 38, 1.05, 0.805, (294, 551)),
    ("梧桐二村", 3, "恒谊物业", 1358, 62, 1993, _OLD, _BASIC, 0.60, 0.680, 63, 0.97, 0.780, (162, 632)),
    ("粮食局家属院", 3, "", 96, 55, 1985, _UNIT, "", 0.0, 0.0, 44, 0.0, 0.778, (112, 532)),
    ("石桥小区", 4, "晴川城服物业", 1432, 61, 1993, _OLD, _BASIC, 0.60, 0.712, 46, 0.99, 0.776, (565, 690)),
    ("石桥新村", 4, "晴川城服物业", 1688, 63, 1995, _OLD, _BASIC, 0.65, 0.732, 40, 1.07, 0.767, (647, 553)),
    ("石桥南区", 4, "佳与物业", 1126, 60, 1992, _OLD, _BASIC, 0.60, 0.686, 71, 1.00, 0.707, (418, 719)),
    ("桥畔人家", 4, "佳与物业", 846, 87, 2005, _NEW, _MIDDLE, 1.50, 0.865, 30, 1.84, 0.831, (427, 481)),
    ("双桥公寓", 4, "佳与物业", 220, 98, 2018, _NEW, _HIGH, 2.50, 0.908, 26, 2.55, 0.0, (390, 608)),
    ("机修厂院", 4, "", 312, 51, 1982, _UNIT, "", 0.0, 0.0, 66, 0.0, 0.0, (513, 582)),
    ("松风国际花园", 5, "春庭物业", 2240, 105, 2014, _NEW, _HIGH, 2.50, 0.920, 26, 2.48, 0.870, (870, 692)),
    ("北坡小区", 5, "同禾物业", 1396, 63, 1994, _OLD, _BASIC, 0.65, 0.724, 41, 1.04, 0.810, (713, 691)),
    ("松涛雅园", 5, "春庭物业", 940, 91, 2008, _NEW, _MIDDLE, 1.65, 0.868, 27, 1.93, 0.828, (889, 435)),
    ("松风苑", 5, "同禾物业", 1174, 88, 2006, _NEW, _MIDDLE, 1.50, 0.853, 32, 1.83, 0.808, (776, 579)),
    ("松风里", 5, "同禾物业", 16, 50.8125, 1984, _OLD, _BASIC, 0.99, 0.810, 25, 1.15, 0.750, (893, 569)),
    ("邮电局宿舍", 5, "", 204, 54, 1986, _UNIT, "", 0.0, 0.0, 35, 0.0, 0.0, (771, 457)),
)  # fmt: skip

_ALIASES: Final = {
    "梧桐嘉园": ("梧桐佳园",),
    "粮食局家属院": ("粮食局宿舍",),
    "纺织厂宿舍": ("纺织厂家属院", "老纺织大院"),
    "石桥南区": ("石桥南片",),
    "松风国际花园": ("国际花园",),
    "望湖里": ("望湖老街坊",),
    "邮电局宿舍": ("邮电大院",),
}

ESTATES: Final = tuple(
    Estate(
        name=name,
        community=COMMUNITIES[community],
        company=company,
        households=households,
        area=round(households * per_household, 1),
        built=built,
        buildings=68 if households > 9000 else max(1, round(households / (60 if built > 2003 else 42))),
        housing=housing,
        tier=tier,
        fee=fee,
        rate=rate,
        hours=hours,
        cost=cost,
        satisfaction=satisfaction,
        place=place,
        aliases=_ALIASES.get(name, ()),
    )
    for (name, community, company, households, per_household, built, housing, tier, fee, rate, hours, cost,
         satisfaction, place) in _ROWS
)  # fmt: skip

COMPANIES: Final = tuple(dict.fromkeys(one.company for one in ESTATES if one.company))


def estate(name: str) -> Estate:
    """The estate of that name; KeyError where there is none."""
    return _BY_NAME[name]


_BY_NAME: Final = {one.name: one for one in ESTATES}


def chance(topic: str) -> random.Random:
    """A source of chance of its own for each topic, the same everywhere, so that a change of one moves no other."""
    return random.Random(f"{STREET}:{topic}")  # noqa: S311


def month_end(start: date) -> date:
    """The last day of the month that begins on `start`."""
    return start.replace(day=monthrange(start.year, start.month)[1])


def quarter(start: date) -> str:
    """The quarter of a day, such as `2025Q1`."""
    return f"{start.year}Q{(start.month + 2) // 3}"


def quarter_range(name: str) -> tuple[date, date]:
    """First and last day of a quarter such as `2025Q1`."""
    first = date(int(name[:4]), int(name[5]) * 3 - 2, 1)
    return first, month_end(first.replace(month=first.month + 2))


QUARTERS: Final = tuple(dict.fromkeys(quarter(one) for one in MONTHS))


def company_of(one: Estate, day: date) -> str | None:
    """The company that ran the estate on that day; None while the community or nobody ran it."""
    if one.name == story.WALK_OUT_ESTATE:
        if day < story.WALK_OUT_ON:
            return story.WALK_OUT_OLD
        return story.WALK_OUT_NEW if day >= story.WALK_OUT_FILLED_ON else None
    if one.name == story.SERVICE_FIRST_ESTATE:
        return one.company if day >= story.SERVICE_FIRST_ON else None
    if one.name == story.ATTACHED_ESTATE:
        return story.ATTACHED_NEW if day >= story.ATTACHED_FROM else story.ATTACHED_OLD
    return one.company or None


def is_charged(one: Estate, day: date) -> bool:
    """Whether bills are written for the month of that day."""
    if one.name == story.SERVICE_FIRST_ESTATE:
        return day >= story.SERVICE_FIRST_CHARGING
    return company_of(one, day) is not None


def fee_of(one: Estate, day: date) -> float:
    """The fee in force on that day, yuan per m² and month."""
    if one.name == story.ATTACHED_ESTATE and day < story.ATTACHED_FROM:
        return story.ATTACHED_FEE_BEFORE
    return one.fee


def mode_of(one: Estate, day: date) -> str:
    """How the estate is governed on that day, in the street's own words."""
    company = company_of(one, day)
    if company is None:
        return SELF_RUN if one.name in {"粮食局家属院", "邮电局宿舍", story.SERVICE_FIRST_ESTATE} else NOBODY
    if one.name == story.ATTACHED_ESTATE and company == story.ATTACHED_NEW:
        return ATTACHED
    return COMMUNITY_LED if "社区领办" in company else COMMERCIAL


def run_by(company: str, day: date) -> list[Estate]:
    """The estates that the company ran on that day."""
    return [one for one in ESTATES if company_of(one, day) == company]


def of_community(community: str) -> list[Estate]:
    """The estates of a community."""
    return [one for one in ESTATES if one.community == community]


def truth() -> dict[str, pl.DataFrame]:
    """What a right load of the demo must hold, kind by kind, after mistakes and corrections: see `truth.frames`."""
    from pipelines.handouts.demo.truth import frames

    return frames()
