"""What a cell of the template accepts, as a formula of spreadsheet programs, and what it says otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

Firmness = Literal["stop", "warning"]
EARLIEST: Final = "DATE(1949,10,1)"
LATEST: Final = "DATE(2100,12,31)"
LONGEST_LIST: Final = 255
"""A drop-down whose words are longer than this together must stand in cells."""
REMINDER_LENGTH: Final = 255


@dataclass(frozen=True)
class Check:
    """A check of a column's cells.

    `formula` is true of what is accepted: `{me}` is the cell, `{field}` the cell of that field in the same row, `{all}`
    the whole column. `words` are a drop-down instead; with `estates` the drop-down is the column of estates in the
    register sheet. `stop` refuses, `warning` asks. `format` is the cells' number format.
    """

    message: str
    formula: str = ""
    words: tuple[str, ...] = ()
    estates: bool = False
    firmness: Firmness = "stop"
    format: str = "General"


TEXT: Final = Check("", format="@")
"""Any words, kept as they are typed."""
PERIOD: Final = Check(
    "期间请填成 2025年3月、2025年第一季度、2025年上半年 或 2025年，年份不能晚于今年。",
    "AND(LEN({me})>=5,ISNUMBER(VALUE(LEFT({me},4))),VALUE(LEFT({me},4))>=2000,VALUE(LEFT({me},4))<=YEAR(TODAY()),"
    'ISNUMBER(SEARCH(MID({me},5,1),"年QH-")))',
    format="@",
)
_NUMBER: Final = "ISNUMBER({me})"


def amount(what: str, format: str = "#,##0.00", *conditions: tuple[str, str]) -> Check:  # noqa: A002 -- its name in the format
    """A number that is not negative."""
    return _all(
        Check(f"{what}请填不小于 0 的数字，不要写单位和文字。", f"{_NUMBER},{{me}}>=0", format=format), conditions
    )


def count(what: str, *conditions: tuple[str, str]) -> Check:
    """A whole number that is not negative."""
    formula = f"{_NUMBER},{{me}}>=0,{{me}}=INT({{me}})"
    return _all(Check(f"{what}请填不小于 0 的整数。", formula, format="0"), conditions)


def between(what: str, least: float, most: float, format: str = "0.000000") -> Check:  # noqa: A002 -- its name in the format
    """A number in a range."""
    return Check(
        f"{what}请填 {least:g} 到 {most:g} 之间的数字。",
        f"AND({_NUMBER},{{me}}>={least:g},{{me}}<={most:g})",
        format=format,
    )


def year(what: str) -> Check:
    """A year that has begun."""
    return Check(
        f"{what}请填四位年份，如 1998，不能晚于今年。",
        f"AND({_NUMBER},{{me}}=INT({{me}}),{{me}}>=1900,{{me}}<=YEAR(TODAY()))",
        format="0",
    )


def day(what: str, *conditions: tuple[str, str], happened: bool = False, time: bool = False) -> Check:
    """A date, with a time where `time`; one that tells what has happened can't be later than today."""
    example = "2025-03-01 14:30" if time else "2025-03-01"
    until = "{me}<TODAY()+1" if happened else f"{{me}}<={LATEST}"
    says = f"{what}请填日期{'和时间' if time else ''}，如 {example}{'，不能晚于今天' if happened else ''}。"
    form = "yyyy-mm-dd hh:mm" if time else "yyyy-mm-dd"
    return _all(Check(says, f"{_NUMBER},{{me}}>={EARLIEST},{until}", format=form), conditions)


def choice(what: str, *words: str, firmness: Firmness = "stop") -> Check:
    """One of some words; with a warning, others are taken too."""
    ask = "请从下拉列表中选一项" if firmness == "stop" else "通常从下拉列表中选一项；确要填别的，请点“是”"
    return Check(f"{what}{ask}。", words=words, firmness=firmness, format="@")


def estates(what: str, firmness: Firmness) -> Check:
    """An estate of the register sheet."""
    ask = (
        "请从下拉列表中选择；新小区请先在“小区台账”表中加一行。"
        if firmness == "stop"
        else "请填小区台账中的名称。“小区台账”表里没有这个名称；确认无误请点“是”。"
    )
    return Check(f"{what}{ask}", estates=True, firmness=firmness, format="@")


def once(what: str) -> Check:
    """A name or number that no other row of the sheet has."""
    return Check(f"{what}已经填过了，一个只填一行。", "COUNTIF({all},{me})=1", format="@")


def _all(check: Check, conditions: tuple[tuple[str, str], ...]) -> Check:
    """The check with further conditions: formulas, and what they mean."""
    formula = ",".join([check.formula, *(one for one, _ in conditions)])
    return replace(check, formula=f"AND({formula})", message=check.message + "".join(says for _, says in conditions))
