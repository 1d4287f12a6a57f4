"""Reads units of money, area, fees, counts and rates, as headings, title lines and cells write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from pipelines.reading.words import compact, plain, split_brackets

Dimension = Literal["money", "area", "fee", "count", "rate", "score", "days"]


@dataclass(frozen=True)
class Unit:
    """A unit: a value in it times `factor` is in yuan, m², pieces, a fraction, points or days.

    For a fee, `per` is what it is charged for and `months` the length of its period (1, 3, 6 or 12); None where the
    text doesn't say. A fee of 1 元/㎡·季 is `Unit("fee", 1.0, "m2", 3.0)`.
    """

    dimension: Dimension
    factor: float
    per: Literal["m2", "household"] | None = None
    months: float | None = None


_MULTIPLES: Final = {
    "": 1.0, "百": 1e2, "千": 1e3, "万": 1e4, "萬": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7, "亿": 1e8,
    "k": 1e3, "w": 1e4,
}  # fmt: skip
_AREA_WORDS: Final = r"平方米|平方公尺|平方|平米|平|m2|m\^2|㎡|sqm|sq\.?m|squaremetres?|squaremeters?"
_MONEY: Final = re.compile(
    r"(?:人民币|rmb)?(百万|千万|十万|百|千|万|萬|亿|k|w|)(?:元|圆|块|块钱|人民币|rmb|cny|yuan)(?:人民币|rmb|整)?"
)
_AREA: Final = re.compile(rf"(百万|千万|百|千|万|萬|亿|)(?:建筑)?(?:{_AREA_WORDS})")
_COUNTS: Final = (
    "户次|户|人次|人|名|位|件次|件|份|栋|幢|座|个|单元|次|条|起|单|宗|间|套|台|部|处|家|项|张|层|例|票|批|班"
    "|辆|盏|株|棵|口|樘|梯|门|扇|块|支|组|队|场|期|册|本|枚|只|卷|households?|persons?|people|units?|tickets?"
)
_COUNT: Final = re.compile(rf"(百|千|万|萬|)(?:{_COUNTS})")
_FEE_HEAD: Final = re.compile(r"(?:人民币|rmb)?(百|千|万|)(?:元|圆|块|yuan|rmb|cny)(?=[/每·.*()])")
_FEE_TOKEN: Final = re.compile(
    r"[/每·•⋅・.*×、,()\-]+|(?P<m2>建筑面积)?(?P<area>平方米|平方|平米|平|m2|m\^2|sqm)|(?P<household>户|household)"
    r"|(?P<month>月|month)|(?P<quarter>季度?|quarter)|(?P<half>半年)|(?P<year>年度?|year)"
)
_SIMPLE: Final = {
    "%": Unit("rate", 0.01),
    "百分比": Unit("rate", 0.01),
    "百分数": Unit("rate", 0.01),
    "percent": Unit("rate", 0.01),
    "‰": Unit("rate", 0.001),
    "千分比": Unit("rate", 0.001),
    "分": Unit("score", 1.0),
    "points": Unit("score", 1.0),
    "天": Unit("days", 1.0),
    "日": Unit("days", 1.0),
    "工作日": Unit("days", 1.0),
    "个工作日": Unit("days", 1.0),
    "日历天": Unit("days", 1.0),
    "days": Unit("days", 1.0),
    "小时": Unit("days", 1 / 24),
    "个小时": Unit("days", 1 / 24),
    "hours": Unit("days", 1 / 24),
    "亩": Unit("area", 2000 / 3),
    "公顷": Unit("area", 1e4),
    "平方公里": Unit("area", 1e6),
    "平方千米": Unit("area", 1e6),
    "km2": Unit("area", 1e6),
    "ha": Unit("area", 1e4),
}
_NAMED: Final = re.compile(
    r"单位\s*[:为]?\s*(?:人民币\s*)?([^\s;,。:()\[\]]+)|(?:币种|人民币)\s*:?\s*([^\s;,。:()\[\]]+)"
)
_NESTED: Final = re.compile(r"元\s?/\s?\(([^()]*)\)")
_SEPARATED: Final = re.compile(r"[\s:_\-—–,;|、/]+")
_NO_YUAN_AFTER: Final = frozenset("单多公状纪美欧日港台韩一二三四五六七八九十零〇两几每两0123456789")


@lru_cache(maxsize=4096)
def read_unit(text: str) -> Unit | None:
    """The unit that the whole text is, or None: `万元`, `㎡`, `元/㎡·季`, `户`, `%`, `分`, `天`."""
    word = compact(text).replace("平方米m2", "m2").replace("∕", "/").replace("⁄", "/").strip("()[]")
    if not word:
        return None
    if word in _SIMPLE:
        return _SIMPLE[word]
    if match := _MONEY.fullmatch(word):
        return Unit("money", _MULTIPLES[match[1]])
    if match := _AREA.fullmatch(word):
        return Unit("area", _MULTIPLES[match[1]])
    if match := _COUNT.fullmatch(word):
        return Unit("count", _MULTIPLES[match[1]])
    return _fee(word)


def _fee(word: str) -> Unit | None:
    if match := _FEE_HEAD.match(word):
        return _charged_for(word[match.end() :], _MULTIPLES[match[1]])
    if word.startswith("每"):
        unit = _charged_for(word.removesuffix("元"), 1.0)
        return unit if unit and unit.per else None
    return None


def _charged_for(words: str, factor: float) -> Unit | None:
    """A fee from what follows 元: `/㎡·月`, `每户每年`."""
    at, months = 0, None
    per: Literal["m2", "household"] | None = None
    while at < len(words):
        match = _FEE_TOKEN.match(words, at)
        if match is None:
            return None
        kind = match.lastgroup
        if kind == "area" and per is None:
            per = "m2"
        elif kind == "household" and per is None:
            per = "household"
        elif kind in {"month", "quarter", "half", "year"} and months is None:
            months = {"month": 1.0, "quarter": 3.0, "half": 6.0, "year": 12.0}[kind]
        elif kind is not None:
            return None
        at = match.end()
    return Unit("fee", factor, per, months) if per or months else None


@lru_cache(maxsize=4096)
def find_unit(text: str) -> Unit | None:
    """The unit inside a heading or a title line, or None: `单位：万元`, `应收金额\\n（万元）`, `建筑面积㎡`.

    Brackets come first, then what follows 单位, then the end of the text. A count or a score is a unit only in brackets
    or after 单位 (联系人 and 评分 are no units), and 单元, 元旦 or 一元 are no yuan.
    """
    rest, brackets = split_brackets(_NESTED.sub(r"元/\1", plain(text)))
    for inside in brackets:
        if unit := read_unit(inside) or _after_word(inside) or _parts(inside):
            return unit
    if unit := _after_word(plain(text)):
        return unit
    return _at_end(rest)


def _after_word(text: str) -> Unit | None:
    for match in _NAMED.finditer(text):
        words = match[1] or match[2]
        if unit := read_unit(words) or next(filter(None, map(read_unit, re.split(r"[、/和及]", words))), None):
            return unit
    return None


def _parts(text: str) -> Unit | None:
    units = filter(None, map(read_unit, _SEPARATED.split(text)))
    return next((unit for unit in units if unit.dimension in {"money", "area", "fee", "rate"}), None)


def _at_end(text: str) -> Unit | None:
    word = compact(text)
    for start in range(max(0, len(word) - 12), len(word)):
        before, tail = word[:start], word[start:]
        unit = read_unit(tail)
        if unit is None or tail in {"平", "平方", "块", "k", "w", "百分比", "人民币", "rmb"}:
            continue
        if unit.dimension in {"count", "score", "days"} or (not before and unit.dimension == "money" and len(tail) > 4):
            continue
        if unit.dimension in {"money", "fee"} and before and before[-1] in _NO_YUAN_AFTER:
            return None
        if before and before[-1].isascii() and before[-1].isalnum() and tail[0].isascii() and tail[0].isalnum():
            continue
        return unit
    return None
