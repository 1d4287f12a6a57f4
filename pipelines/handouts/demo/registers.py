"""The registers of estates that street and communities keep, and what stands in them at the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

from pipelines.handouts.demo import stories as story
from pipelines.handouts.demo.boundaries import baidu, centre, gcj02
from pipelines.handouts.demo.meetings import HAND_INS, events, register
from pipelines.handouts.demo.page import Cell, Page
from pipelines.handouts.demo.sent import Sent, arrival, book, chinese_date, note, signature
from pipelines.handouts.demo.world import (
    COMMUNITIES,
    ESTATES,
    FICTION,
    STREET,
    Estate,
    chance,
    company_of,
    fee_of,
    is_charged,
    mode_of,
    of_community,
)
from pipelines.handouts.demo.write import delimited

OFFICE: Final = "街道物业办"
DAYS: Final = (date(2024, 1, 10), date(2025, 6, 30))
"""The days on which the street wrote its register; the later one is what holds."""


@dataclass(frozen=True)
class Contract:
    """Since when an estate is served and charged by its company, until when, and whose project it hangs on."""

    since: date | None
    charged_since: date | None
    until: date | None
    host: str | None


@cache
def contract(one: Estate, day: date) -> Contract:
    """The contract in force on that day; all None where no company serves."""
    company = company_of(one, day)
    if company is None:
        return Contract(None, None, None, None)
    if one.name == story.SERVICE_FIRST_ESTATE:
        return Contract(story.SERVICE_FIRST_ON, story.SERVICE_FIRST_CHARGING, date(2027, 9, 30), None)
    if (one.name, company) == (story.WALK_OUT_ESTATE, story.WALK_OUT_NEW):
        return Contract(story.WALK_OUT_FILLED_ON, story.WALK_OUT_FILLED_ON, date(2026, 11, 30), None)
    if (one.name, company) == (story.ATTACHED_ESTATE, story.ATTACHED_NEW):
        return Contract(story.ATTACHED_FROM, story.ATTACHED_FROM, date(2027, 12, 31), story.ATTACHED_HOST)
    if one.name == story.ATTACHED_ESTATE:
        return Contract(date(2019, 1, 1), date(2019, 1, 1), date(2024, 12, 31), None)
    draw = chance(f"contract {one.name}")
    since = date(max(one.built + 1, draw.randrange(2010, 2023)), draw.choice((1, 4, 7, 10)), 1)
    return Contract(since, since, date(draw.choice((2025, 2026, 2026, 2027)), 12, 31), None)


def _spelled(day: date | None, style: int) -> Cell:
    if day is None:
        return ("-", "/", "无")[style % 3]
    match style % 4:
        case 0:
            return day
        case 1:
            return f"{day.year}.{day.month}.{day.day}"
        case 2:
            return chinese_date(day)
        case _:
            return f"{day:%Y%m%d}"


def _street_register(day: date) -> Sent:
    later = day == DAYS[1]
    facts = ["建成年份", "楼栋数", "单元数", "总户数", "建筑面积\n（㎡）", "小区类型"]
    service = [
        "物业服务企业",
        "治理模式",
        "服务等级",
        "物业费标准\n（元/㎡·月）",
        "接管日期",
        "开始收费日期",
        "合同到期日",
    ]
    service += ["托管主小区"] if later else []
    width = 4 + len(facts) + len(service)
    cover = Page("封面")
    cover.put(3, 1, f"{STREET}住宅小区台账")
    cover.put(5, 1, FICTION)
    cover.put(8, 1, OFFICE)
    page = Page("小区台账")
    page.banner(f"{STREET}住宅小区台账（{FICTION}）", width)
    page.line([f"填报单位：{OFFICE}", *[None] * 8, f"填报日期：{chinese_date(day)}"])
    top = page.next_row
    for column, text in enumerate(("序号", "社区", "小区名称", "曾用名/别名")):
        page.merge(top, column, top + 1, column, text)
    page.merge(top, 4, top, 3 + len(facts), "基本情况")
    page.merge(top, 4 + len(facts), top, width - 1, "物业服务")
    for step, text in enumerate((*facts, *service)):
        page.put(top + 1, 4 + step, text)
    for community in COMMUNITIES:
        first = page.next_row
        for one in of_community(community):
            number = page.next_row - top - 1
            signed = contract(one, day)
            area: Cell = f"{one.area:,.1f}㎡" if number % 5 == 2 else one.area
            fee: Cell = round(fee_of(one, day), 2) if is_charged(one, day) else "-"
            households: Cell = f"{one.households}户" if number % 7 == 3 else one.households
            line: list[Cell] = [
                number, None, one.name, "、".join(one.aliases) or None,
                f"{one.built}年" if number % 4 == 1 else one.built,
                one.buildings, one.buildings * 3, households, area, one.housing,
                company_of(one, day) or "无", mode_of(one, day), one.tier or "-", fee,
                *[_spelled(each, number) for each in (signed.since, signed.charged_since, signed.until)],
            ]  # fmt: skip
            page.line([*line, *([signed.host or "无"] if later else [])])
        page.merge(first, 1, page.next_row - 1, 1, community)
    page.line(["合计", *[None] * 4, sum(one.buildings for one in ESTATES), None, sum(o.households for o in ESTATES)])
    signature(page, 12)
    rules = Page("填表说明", hidden=True)
    for text in (
        "填表说明",
        "1. 一个小区填一行，曾用名用顿号隔开。",
        "2. 没有的填“无”或“-”。",
        "3. 面积按平方米填写。",
    ):
        rules.line([text])
    path = f"街道/{STREET}小区台账（{day.year}年{day.month}月）.xlsx"
    return book(path, day, OFFICE, [cover, page, rules])


def _coordinates() -> list[Sent]:
    day = date(2024, 2, 20)
    files: list[Sent] = []
    gaode = Page("坐标")
    gaode.banner(f"小区位置采集表（{FICTION}）", 4)
    gaode.merge(1, 0, 2, 0, "社区")
    gaode.merge(1, 1, 2, 1, "小区名称")
    gaode.merge(1, 2, 1, 3, "高德坐标")
    gaode.put(2, 2, "经度")
    gaode.put(2, 3, "纬度")
    for community in COMMUNITIES[:2]:
        for number, one in enumerate(of_community(community)):
            lon, lat = gcj02(*centre(one))
            gaode.line([None if number else community, one.name, round(lon, 6), round(lat, 6)])
    files.append(book("街道/柳岸云锦小区坐标.xls", day, OFFICE, [gaode]))
    page = Page("坐标")
    page.line(["社区", "小区", "经度(百度)", "纬度(百度)"])
    for community in COMMUNITIES[2:4]:
        for one in of_community(community):
            lon, lat = baidu(*gcj02(*centre(one)))
            page.line([community, one.name, f"{lon:.6f}", f"{lat:.6f}"])
    page.line([f"注：{FICTION}"])
    path = "街道/望湖梧桐小区坐标.csv"
    files.append(Sent(path, arrival(path, day), OFFICE, delimited(page, encoding="utf-8", delimiter=",")))
    plain = Page("定位")
    plain.banner(f"石桥、松风社区小区定位（手持GPS，{FICTION}）", 4)
    plain.line(["小区名称", "所属社区", "东经", "北纬"])
    for community in COMMUNITIES[4:]:
        for one in of_community(community):
            lon, lat = centre(one)
            plain.line([one.name, community, round(lon, 6), round(lat, 6)])
    note(plain, 4)
    files.append(book("街道/石桥松风小区定位.xlsx", day + timedelta(days=3), OFFICE, [plain]))
    return files


def _chronicle() -> Sent:
    day = date(2025, 6, 30)
    page = Page("大事记")
    page.banner(f"{STREET}小区大事记（2024—2025年，{FICTION}）", 6)
    page.line(["小区", "日期", "事项类型", "物业企业", "数值", "说明"])
    for number, row in enumerate(events()):
        page.line([row.estate, _spelled(row.on, number), row.words, row.company, row.value, row.note])
    return book(f"街道/例会/{STREET}大事记.xlsx", day, OFFICE, [page])


def _decisions(day: date) -> Sent:
    page = Page("议定事项")
    page.banner(f"{STREET}物业联席周例会议定事项清单（{FICTION}）", 8)
    page.line([f"填报单位：{OFFICE}", None, None, f"填报日期：{chinese_date(day)}"])
    page.line(["事项编号", "小区", "议定事项", "责任单位", "提出日期", "完成时限", "完成日期", "状态"])
    for number, row in enumerate(register(day)):
        done: Cell = row.done if row.done else "-"
        page.line(
            [row.number, row.estate, row.text, row.owner, _spelled(row.raised, number), row.due, done, row.status]
        )
    return book(f"街道/例会/议定事项清单{day:%Y%m%d}.xlsx", day, OFFICE, [page])


def register_files() -> list[Sent]:
    """Registers, coordinates, the chronicle and the registers of decisions."""
    return [
        *(_street_register(day) for day in DAYS),
        *_coordinates(),
        _chronicle(),
        *(_decisions(day) for day in HAND_INS),
    ]
