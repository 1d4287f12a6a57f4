"""Knows the levels of satisfaction, as headings of a count and as answers of a questionnaire."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from pipelines.reading.parsing import BARE, EMPTY, Column, read_column
from pipelines.reading.words import compact, heading_key, split_brackets

LEVELS: Final = ("very_satisfied", "satisfied", "neutral", "dissatisfied", "very_dissatisfied")

_NOBODY_WORDS: Final = """
未回访 未评价 未评 无评价 未作评价 未做评价 未反馈 未回复 暂未回访 暂未评价 未联系上 联系不上 无法联系 无法联系上
无人接听 未接通 未接听 电话未接 电话无人接听 回访未接通 空号 停机 关机 拒访 拒绝评价 拒绝回访 拒答 不愿评价 不予评价
不便评价 弃权 未参评 待评价 待回访 待反馈 匿名 未表态 不了解 无法评价 不好说 说不清 未作答 未答 未选 跳过
无法接通 打不通 拒评 未评议 不在服务区 号码错误 错号
dontknow don'tknow don’tknow notapplicable notapplicable/don'tknow notapplicable/dontknow noopinion prefernottosay
"""
NOBODY: Final = frozenset(_NOBODY_WORDS.split())
"""Answers that say that nobody answered: no value, and nothing wrong."""

_VERY: Final = r"(?:非常|很|十分|极为|极其|极度|极|完全|特别|相当)(?:地|的)?"
_RATHER: Final = r"(?:较为|比较|较|还算|挺)?的?"
_SHAPES: Final = tuple(
    (level, re.compile("|".join(shapes)))
    for level, *shapes in (
        (
            "very_dissatisfied",
            rf"{_VERY}(?:不满意?|差|失望)",
            "(?:very|completely|extremely)(?:dis|un)satisfied",
            "verypoor",
        ),
        ("very_satisfied", rf"{_VERY}(?:满意|好)", "(?:very|completely|extremely)satisfied", "excellent", "优秀?"),
        (
            "dissatisfied",
            rf"(?:{_RATHER}|有些|有点|稍|略)(?:不满意?|差)",
            "不(?:太|大|够|很|怎么)满意",
            "不好",
            "(?:fairly|somewhat|rather)?(?:dis|un)satisfied",
            "notsatisfied",
            "poor",
        ),
        (
            "neutral",
            "一般般?|一般满意|基本上?满意|尚可|还可以|还行|中立|中性|中等|普通|说不上满意不满意",
            "neither(?:satisfied(?:nor|or)dissatisfied)?|neutral|average|fair",
        ),
        ("satisfied", rf"{_RATHER}(?:满意|好)", "良好?", "(?:fairly|somewhat|mostly)?satisfied", "good"),
    )
)
_COUNTED: Final = re.compile(r"(?:的?(?:户数|人数|份数|票数|数量|件数|数|份|户|票|人|件))?[0-9]*$")
_LETTERED: Final = re.compile(r"[a-e][.、)]?(.+)|[1-5]分?[-:.、=](.+)")
_POINTS: Final = re.compile(r"([1-5])(?:\.0)?(?:分|星级?)?|(★{1,5})☆*|([一二三四五])(?:星级?|颗星)")
_TICKED: Final = re.compile(r"[☑√✓✔■☒✅●]([^□☐○☑√✓✔■☒✅●]+)")


def ticked(word: str) -> str:
    """The answer that is ticked in a cell with boxes: `√是□否` is 是; any other word as it is."""
    found = _TICKED.findall(word) if re.search(r"[□☐○]", word) else []
    return found[0] if len(found) == 1 else word


def level_of(word: str) -> str | None:
    """The level that a word is, without spaces and in lower case."""
    word = re.sub(r"[\s,.·/-]", "", word)
    return next((level for level, shape in _SHAPES if shape.fullmatch(word)), None)


def answer_level(text: str) -> str | None:
    """The level of satisfaction that a heading or an answer names, one of `LEVELS`, or None.

    基本满意 is neutral, as the data contract has it. Brackets, words of counting (户数, 份) and footnote digits are no
    part of it; 非常满意率 and 满意占比 are no level.
    """
    rest, notes = split_brackets(text)
    key = heading_key(rest)
    if found := level_of(_COUNTED.sub("", key)):
        return found
    if re.fullmatch(r"(?:[a-e]|[1-5]分?)?[、.:]?", key) and len(notes) == 1:
        return level_of(compact(notes[0]))
    lettered = _LETTERED.fullmatch(key)
    return level_of(lettered[1] or lettered[2]) if lettered else None


def read_levels(cells: pl.Series) -> Column:
    """Answers of a questionnaire, as one of `LEVELS`: words, or points from 1 to 5 (`5分` and ★★★★★ are the best).

    If any answer of the column is above 5 the points are of another scale, and all of them are bad, as are letters:
    which of them is satisfied only the sender knows.
    """
    other_scale = bool(cells.to_frame("c").select((BARE > 5).any()).item())

    def parse(text: str) -> object | None:
        word = ticked(compact(text))
        if word in NOBODY:
            return EMPTY
        if match := _POINTS.fullmatch(word):
            digit, drawn, han = match.groups()
            points = int(digit or 0) or len(drawn or "") or "一二三四五".index(han) + 1
            return None if other_scale and digit else LEVELS[5 - points]
        return answer_level(word)

    return read_column(cells, pl.lit(None, dtype=pl.String), parse, pl.String())
