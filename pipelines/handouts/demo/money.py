"""The true money of the demo street, month by month: fees, costs and other income of each estate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Final

from pipelines.handouts.demo import stories as story
from pipelines.handouts.demo.world import (
    COMMUNITIES,
    ESTATES,
    MONTHS,
    QUARTERS,
    Estate,
    chance,
    company_of,
    fee_of,
    is_charged,
    quarter_range,
)

WHOLE_YUAN_COMMUNITIES: Final = (COMMUNITIES[1], COMMUNITIES[2])
"""These send 万元 with four decimals, so their money is whole yuan."""
WHOLE_YUAN_COMPANIES: Final = ("晴川城服物业", "佳与物业")

SHARES: Final = {
    "人员费用": 0.58,
    "公共设施维护": 0.12,
    "清洁卫生": 0.09,
    "绿化养护": 0.05,
    "秩序维护": 0.05,
    "办公费用": 0.03,
    "能耗": 0.05,
    "保险": 0.01,
    "税费": 0.02,
}
"""How an estate's costs divide, by category of the contract."""


@dataclass(frozen=True)
class Fee:
    """Bills of one month for an estate, or for one building of it. Yuan and households; None where nobody notes it."""

    estate: str
    month: date
    receivable: float
    received: float
    waived: float | None
    prepaid: float | None
    opening: float | None
    recovered: float | None
    due: int
    paid: int
    building: str | None = None


@dataclass(frozen=True)
class Cost:
    """What an estate spent in one month on one category, in yuan. `words` is the voucher's text where there is one."""

    estate: str
    month: date
    category: str
    amount: float
    words: str | None = None


@dataclass(frozen=True)
class Income:
    """What an estate took in one quarter besides fees, in yuan."""

    estate: str
    start: date
    end: date
    category: str
    amount: float


def _rate(one: Estate, month: date, noise: float) -> float:
    index = MONTHS.index(month)
    if one.name == story.PREPAY_ESTATE:
        if month < story.PREPAY_FROM:
            return story.PREPAY_BASE_RATE + noise * 0.4
        shares = story.PREPAY_SHARES[: index - 11]
        return story.PREPAY_BASE_RATE - sum(shares) + story.PREPAY_MONTHS_PAID * shares[-1] + noise * 0.2
    if one.name == story.SERVICE_FIRST_ESTATE:
        return one.rate - 0.02 * (17 - index) + noise
    return min(0.985, one.rate - 0.045 + 0.045 * index / 17 + noise)


def _bill(one: Estate, month: date) -> Fee:
    draw = chance(f"fees {one.name} {month}")
    digits = 0 if one.community in WHOLE_YUAN_COMMUNITIES else 2
    receivable = round(one.area * fee_of(one, month) * draw.uniform(0.995, 1.005), digits)
    if one.name == story.ATTACHED_ESTATE:
        receivable = round(one.area * fee_of(one, month), digits)
    rate = _rate(one, month, draw.gauss(0, 0.011))
    waived = 0.0
    paid = min(one.households, round(one.households * min(0.99, rate + draw.uniform(0.005, 0.025))))
    if one.name == story.PREPAY_ESTATE and month >= story.PREPAY_FROM:
        share = story.PREPAY_SHARES[MONTHS.index(month) - 12]
        waived = round(receivable * share * story.PREPAY_MONTHS_WAIVED, 2)
        paid = round(one.households * story.PREPAY_BASE_RATE)
    elif draw.random() < 0.3:
        waived = round(receivable * draw.uniform(0.001, 0.006), digits)
    received = round(receivable * rate, digits)
    opening = round(receivable * (1 - one.rate) * draw.uniform(5, 7), digits)
    return Fee(
        one.name,
        month,
        receivable,
        received,
        waived,
        round(received * draw.uniform(0.01, 0.06), digits),
        opening,
        round(opening * draw.uniform(0.01, 0.05), digits),
        one.households,
        paid,
    )


@cache
def fees() -> tuple[Fee, ...]:
    """All bills of estates, month by month, as they truly were; the largest estate's as buildings, in `buildings`."""
    return tuple(
        _bill(one, month)
        for one in ESTATES
        for month in MONTHS
        if is_charged(one, month) and one.name != story.SHIFT_ESTATE and not is_silent(one.name, month)
    )


BUILDINGS: Final = 40
"""Buildings of the largest estate that have bills of their own (the others are garages and shops)."""


@cache
def buildings() -> tuple[Fee, ...]:
    """The bills of the largest estate, building by building; households divided unevenly, summing up exactly."""
    one = next(each for each in ESTATES if each.name == story.SHIFT_ESTATE)
    draw = chance("buildings")
    weights = [draw.uniform(0.8, 1.2) for _ in range(BUILDINGS)]
    households = [int(one.households * weight / sum(weights)) for weight in weights]
    households[-1] += one.households - sum(households)
    leaning = [draw.gauss(0, 0.02) for _ in range(BUILDINGS)]
    bills: list[Fee] = []
    for month in MONTHS:
        for number, (count, lean) in enumerate(zip(households, leaning, strict=True), start=1):
            receivable = round(count * one.area / one.households * one.fee, 2)
            rate = min(0.985, max(0.7, _rate(one, month, lean + draw.gauss(0, 0.012))))
            bills.append(
                Fee(
                    one.name,
                    month,
                    receivable,
                    round(receivable * rate, 2),
                    None,
                    None,
                    None,
                    None,
                    count,
                    round(count * min(0.99, rate + 0.01)),
                    f"{number}号楼",
                )
            )
    return tuple(bills)


def is_silent(estate: str, month: date) -> bool:
    """Whether nobody sends the estate's money for that month."""
    return estate == story.SILENT_ESTATE and month >= story.SILENT_FROM


@cache
def costs() -> tuple[Cost, ...]:
    """All spending, month by month and category by category; two vouchers for staff where vouchers are kept."""
    rows: list[Cost] = []
    for one in ESTATES:
        for index, month in enumerate(MONTHS):
            company = company_of(one, month)
            if company is None or is_silent(one.name, month):
                continue
            draw = chance(f"costs {one.name} {month}")
            digits = 0 if company in WHOLE_YUAN_COMPANIES else 2
            level = one.area * one.cost * (0.97 + 0.03 * index / 17)
            for category, share in SHARES.items():
                season = 1.12 if category == "能耗" and month.month in (1, 2, 7, 8, 12) else 1.0
                amount = round(level * share * season * draw.uniform(0.96, 1.04), digits)
                row = Cost(one.name, month, category, amount)
                if company == "恒谊物业" and category == "人员费用":
                    pay = round(amount * 0.78, 2)
                    rows += [
                        replace(row, amount=pay, words="管理服务人员工资"),
                        replace(row, amount=round(amount - pay, 2), words="社保及福利"),
                    ]
                else:
                    rows.append(row)
    return tuple(rows)


@cache
def income() -> tuple[Income, ...]:
    """Parking, advertising, rent and subsidies of each managed estate, quarter by quarter."""
    rows: list[Income] = []
    for one in ESTATES:
        for name in QUARTERS:
            start, end = quarter_range(name)
            if company_of(one, start) is None or company_of(one, end) is None:
                continue
            draw = chance(f"income {one.name} {name}")
            modern = one.built >= 2003
            per_household = {
                "停车收入": 42.0 if modern else 9.0,
                "广告收入": 6.0 if modern else 0.0,
                "场地租金": 4.0 if one.households > 600 else 0.0,
                "补贴": 0.0 if modern else 11.0,
            }
            rows += [
                Income(one.name, start, end, category, round(one.households * level * draw.uniform(0.93, 1.07), 2))
                for category, level in per_household.items()
                if level and one.households >= 100
            ]
    return tuple(rows)
