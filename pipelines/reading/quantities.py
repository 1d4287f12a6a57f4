"""Reads one number as people type it, with the unit behind it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pipelines.reading.units import read_unit
from pipelines.reading.words import chinese_number, plain


@dataclass(frozen=True)
class Quantity:
    """A number as written, with the unit that the cell itself gives, in lower case, empty where there is none.

    `scaled` says that the cell named its size itself (`6.6万`): a 万元 in the heading no longer applies.
    """

    value: float
    unit: str
    scaled: bool


_SEPARATORS: Final = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,3}(?:,[0-9]{4})+")
_SPACED: Final = re.compile(r"(?<=[0-9]) (?=[0-9]{3}(?:[^0-9]|$))")
_FOOTNOTE: Final = re.compile(r"(?<=[0-9%元户])[①-⑳⁰¹²³⁴-⁹*＊]+$")
_BEFORE: Final = re.compile(
    r"^(?:大约|大概|约合|约为|约有|约计|将近|接近|超过|合计|共计|总计|不足|不到|至少|人民币|rmb|cny"
    r"|约|近|超|逾|共|计|达|≈|~|¥|\$|'|:)+"
)
_AFTER: Final = re.compile(r"(?:以上|左右|上下|有余|余|多|许|\+|整|不等)+$")
_NUMBER: Final = re.compile(
    r"(?P<digits>[0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+)(?P<exponent>e[+-]?[0-9]{1,3})?(?P<about>余|多|来|几|\+)?"
    r"(?P<rest>[^0-9].*)?"
)
_MULTIPLE: Final = re.compile(r"(百万|千万|万亿|十万|百亿|千亿|十|百|千|万|萬|亿|k(?![gm])|w)(?!分)")
_MULTIPLES: Final = {
    "十": 10.0, "百": 100.0, "千": 1e3, "万": 1e4, "萬": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7, "亿": 1e8,
    "百亿": 1e10, "千亿": 1e11, "万亿": 1e12, "k": 1e3, "w": 1e4,
}  # fmt: skip
_STEPS: Final = re.compile(r"[0-9.]+[亿万千百](?:[0-9.]+[亿万千百])+[0-9]*")
_STEP: Final = re.compile(r"([0-9.]+)([亿万千百]?)")
_NUMERAL: Final = re.compile(r"[零〇○一壹二贰两三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟万亿廿卅点]+")
_DOUBT: Final = re.compile(r"[0-9?？待未疑估]")
_SHAPED: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?)")
_UNIT_WORDS: Final = """
年 个月 月 周 元/月 元/年 小时 分钟 个小时 岁 车位 个车位 层 米 公里 吨 度 公斤 人天 工时 小区 个小区 栋楼 幢楼
户人家 户业主 户居民 位居民 件次 条次 件投诉 个单元 元钱 元人民币 份问卷 张问卷
"""
_OTHER_UNITS: Final = frozenset(_UNIT_WORDS.split())
_DATE_CELL: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")


def quantity(text: str) -> Quantity | None:
    """The number that starts the text, and the unit behind it; None if it is not one number with a clean rest."""
    word = _spaceless(_FOOTNOTE.sub("", text.strip()))
    negative = False
    if match := re.fullmatch(r'="(.*)"', word):
        word = match[1]
    if match := re.fullmatch(r"\((.*[0-9].*)\)(.*)", word):
        word, negative = match[1] + match[2], True
    word, notes = _without_notes(word)
    if any(_DOUBT.search(note) for note in notes):
        return None
    word = _BEFORE.sub("", word)
    if match := re.match(r"[-−–—负]", word):
        if negative:
            return None
        word, negative = _BEFORE.sub("", word[1:]), True
    elif word.startswith("+"):
        word = word[1:]
    found = _unsigned(_AFTER.sub("", word))
    if found is None or not math.isfinite(found.value):
        return None
    return Quantity(-found.value, found.unit, found.scaled) if negative else found


def _spaceless(text: str) -> str:
    word = plain(text).lower()
    word = re.sub(r"(?<=[0-9])。(?=[0-9])", ".", word)
    word = re.sub(r" ?, ?", ",", _SPACED.sub("", word))
    # A space between digits that does not group them separates two numbers: keep it, so that nothing matches.
    return re.sub(r" (?![0-9])|(?<![0-9]) ", "", word)


def _without_notes(word: str) -> tuple[str, list[str]]:
    notes = re.findall(r"\(([^()]*)\)", word)
    return re.sub(r"\([^()]*\)", "", word), notes


def _unsigned(word: str) -> Quantity | None:
    if _STEPS.match(word):
        return _stepped(word)
    if match := _NUMBER.fullmatch(word):
        digits = match["digits"]
        whole = digits.partition(".")[0]
        if "," in digits and not _SEPARATORS.fullmatch(whole):
            return None
        if match["about"] == "几":
            return None
        value = float(digits.replace(",", "") + (match["exponent"] or ""))
        return _with_unit(value, match["rest"] or "")
    if (match := _NUMERAL.match(word)) and (value_or_none := chinese_number(match[0])) is not None:
        if len(match[0]) == 2 and not re.search(r"[零〇○十拾廿卅百千万亿]", match[0]):
            return None
        return _with_unit(value_or_none, word[match.end() :])
    return None


def _stepped(word: str) -> Quantity | None:
    """`1亿2000万`, `3千5百`: the steps must go down."""
    match = _STEPS.match(word)
    assert match is not None  # noqa: S101 - the caller has looked
    total, last = 0.0, math.inf
    for digits, step in _STEP.findall(match[0]):
        size = _MULTIPLES.get(step, 1.0)
        if size >= last or digits.count(".") or (not step and last > 100):
            return None
        total, last = total + float(digits) * size, size
    found = _with_unit(total, word[match.end() :])
    return found and Quantity(found.value, found.unit, scaled=True)


def _with_unit(value: float, rest: str) -> Quantity:
    scaled = False
    if match := _MULTIPLE.match(rest):
        value, rest, scaled = times(value, _MULTIPLES[match[1]]), rest[match.end() :], True
    rest = re.sub(r"^(?:余|多|来|\+)", "", rest)
    return Quantity(value, _AFTER.sub("", rest).strip("。;,"), scaled)


def times(value: float, factor: float, decimals: int = 4) -> float:
    """The product rounded half up, without the dust of binary fractions: 6.6483 × 10000 is 66483."""
    size = 10.0**decimals
    return math.floor(value * (factor * size) + 0.5) / size


def _is_unit(unit: str) -> bool:
    return not unit or unit in _OTHER_UNITS or read_unit(unit) is not None


def number(text: str) -> float | None:
    """The number that a cell says, or None: `1,234.5`, `约1.2万户`, `(1,234.5)` (negative), `三百二十`, `68%`: 0.68."""
    found = quantity(text)
    if found is None or not _is_unit(found.unit):
        return serial(text)
    return round(found.value / {"%": 100, "‰": 1000}.get(found.unit, 1), 15) if found.unit else found.value


def is_date_cell(text: str) -> bool:
    """Whether a cell holds a real date."""
    return bool(_DATE_CELL.match(text))


def is_number_like(text: str) -> bool:
    """Whether a cell is a value rather than words: a number or a real date."""
    return is_date_cell(text) or number(text) is not None


def serial(text: str) -> float | None:
    """A number that was shown as a date is that number: 1924-04-08 00:00:00 → 8865 (1900 system)."""
    match = _SHAPED.fullmatch(text.strip())
    if match is None:
        return None
    try:
        moment = datetime.fromisoformat(f"{match[1]} {match[2]}")
    except ValueError:
        return None
    # Excel counts a 29 February 1900 that never was, so days before March 1900 are one less from the epoch.
    epoch = datetime(1899, 12, 30) if moment >= datetime(1900, 3, 1) else datetime(1899, 12, 31)
    past = moment - epoch
    return max(0.0, past.days + past.seconds / 86400)
