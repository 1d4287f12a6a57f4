"""Reads what people answer to yes-or-no questions, in all the signs and words that they use."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from pipelines.reading.levels import LEVELS, NOBODY, answer_level, level_of, read_levels, ticked
from pipelines.reading.parsing import EMPTY, Column, read_column
from pipelines.reading.questions import question_text
from pipelines.reading.words import compact, split_brackets

__all__ = ["LEVELS", "answer_level", "question_text", "read_flags", "read_levels"]

_YES_WORDS: Final = "是 是的 对 有 好 √ ✓ ✔ ☑ ✅ v 1 1.0 y yes true t 真 已 可 能 ok 属实 同意"
_NO_WORDS: Final = (
    "unresolved partly partial partiallyresolved 否 不 不是 没 没有 非 × ✗ ✘ ✕ ✖ ☒ ❌ x 0 0.0 n no false f 假 未 无"
)
_OPEN_WORDS: Final = """
办理中 处理中 进行中 在办 待办 待处理 待解决 解决中 正在处理 正在办理 跟进中 受理中 待派单
退回 退单 已退单 已退回 转派 转办 挂起 督办中 待回访 待审核
已受理 已派单 已派件 已转办 已转派 已接单 已登记 已签收 已挂账 挂账 已延期 延期 延期办理 逾期未办
open pending inprogress
"""
_YES: Final = frozenset(_YES_WORDS.split())
_NO: Final = frozenset(_NO_WORDS.split())
_OPEN: Final = frozenset(_OPEN_WORDS.split())
"""States of a ticket that nobody knows the end of yet: no answer, and nothing wrong."""

_DONE: Final = r"(?:解决|办结|完成|处理|整改|答复|回复|销号|结案|办理|修复|闭环|落实)"
_AGAIN: Final = r"(?:重办|重新办理|返工|二次办理|重复投诉|重开|再次投诉|二次派单|重派|复办|退回)"
_NOT: Final = r"(?:未能?|没有?|没能|无法|不能|不予|不|部分|基本未|not|un)"
_YES_SHAPES: Final = {
    "resolved": re.compile(
        rf"(?:已经|已|均已|都已|基本|全部|现场|当场|完全|彻底|得到)*{_DONE}+(?:完毕|完成|到位|完|了|好)*"
        r"|resolved|closed|done|completed|fixed"
    ),
    "satisfied": re.compile(r"基本上?满意|认可|好评|表扬"),
    "reopened": re.compile(rf"(?:已|有|曾|需要|需)*被?{_AGAIN}+(?:[0-9一二三两]次)?|reopened"),
}
_NO_SHAPES: Final = {
    "resolved": re.compile(
        rf"(?:尚|暂|还|仍|均|都|至今|逾期)*{_NOT}(?:彻底|完全|全部|得到|及时|妥善)*"
        rf"(?:{_DONE}+.{{0,2}}|结|resolved|closed|done)"
    ),
    "satisfied": re.compile(r"(?:不|未|没)(?:太|大|够|很)?(?:满意|认可|同意)|差评|不满|有意见"),
    "reopened": re.compile(rf"(?:未|没有?|无|不|不需|无需|不需要|不用|从未)被?{_AGAIN}+|notreopened"),
}
_YES_OTHER: Final = re.compile(r"已.{1,6}|完成|通过|合格|达标|公开|公示")
_NO_OTHER: Final = re.compile(r"(?:尚|暂|还|仍|均)?(?:未|没|不|否|无|非).{1,6}")


def read_flags(cells: pl.Series, field: str) -> Column:
    """Yes or no, as Boolean. `field` (resolved, satisfied, reopened, or another) says what its words mean.

    Partly resolved (部分解决) and 一般 for `satisfied` are False: a rate counts only who said yes; 基本满意 and 较满意
    are True, as return calls of hotlines count them. Who could not be asked (未回访, 无法联系) has no answer, and
    nothing is wrong with that.
    """

    def parse(text: str) -> object | None:
        return _flag(text, field)

    return read_column(cells, pl.lit(None, dtype=pl.Boolean), parse, pl.Boolean())


def _flag(text: str, field: str) -> object | None:
    word = ticked(compact(text)).strip("。.!;,")
    rest, notes = split_brackets(word)
    word = rest.replace(" ", "") or (notes[0] if len(notes) == 1 else word)
    if word in NOBODY or (word in _OPEN and word not in _NO):
        return EMPTY
    if word in _YES:
        return True
    if word in _NO:
        return False
    if _YES_SHAPES.get(field, _YES_OTHER).fullmatch(word):
        return True
    if _NO_SHAPES.get(field, _NO_OTHER).fullmatch(word):
        return False
    if field == "satisfied" and (level := level_of(word)) is not None:
        return level in {"very_satisfied", "satisfied"}
    first, comma, remark = word.partition(",")
    return _flag(first, field) if comma and not re.search(r"[未没不但待?]", remark) else None
