"""Reads what people answer: yes and no in all their signs, levels of satisfaction, and what a question is about."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from pipelines.reading.parsing import EMPTY, Column, read_column
from pipelines.reading.words import compact, heading_key, split_brackets

LEVELS: Final = ("very_satisfied", "satisfied", "neutral", "dissatisfied", "very_dissatisfied")

_YES_WORDS: Final = "是 对 有 好 √ ✓ ✔ ☑ ✅ v 1 1.0 y yes true t 真 已 可 能 ok 属实 同意"
_NO_WORDS: Final = "否 不 没 没有 非 × ✗ ✘ ✕ ✖ ☒ ❌ x 0 0.0 n no false f 假 未 无"
_NOBODY_WORDS: Final = """
未回访 未评价 未评 无评价 未作评价 未做评价 未反馈 未回复 暂未回访 暂未评价 未联系上 联系不上 无法联系 无法联系上 无人接听 未接通 未接听
电话未接 电话无人接听 拒访 拒绝评价 拒绝回访 拒答 不愿评价 不予评价 弃权 未参评 待评价 待回访 待反馈 空号 停机 关机 回访未接通 不便评价
匿名 未表态 不了解 无法评价 不好说 说不清 未作答 未答 未选 跳过 dontknow don'tknow notapplicable notapplicable/don'tknow
notapplicable/dontknow noopinion prefernottosay
"""
_OPEN_WORDS: Final = """
办理中 处理中 进行中 在办 待办 待处理 待解决 解决中 正在处理 正在办理 跟进中 受理中 待派单 已受理 已派单 已派件 已转办 已转派 已接单 已登记
已签收 已挂账 挂账 已延期 延期 延期办理 逾期未办 open unresolved partly partial partiallyresolved pending inprogress
"""
_YES: Final = frozenset(_YES_WORDS.split())
_NO: Final = frozenset(_NO_WORDS.split())
_NOBODY: Final = frozenset(_NOBODY_WORDS.split())
"""Answers that say that nobody answered: no value, and nothing wrong."""
_OPEN: Final = frozenset(_OPEN_WORDS.split())
"""States of a ticket that is not resolved yet."""

_DONE: Final = r"(?:解决|办结|完成|处理|整改|答复|回复|销号|结案|办理|修复|闭环|落实)"
_AGAIN: Final = r"(?:重办|重新办理|返工|二次办理|重复投诉|重开|再次投诉|二次派单|重派|复办|退回)"
_YES_SHAPES: Final = {
    "resolved": re.compile(
        rf"(?:已|均已|都已|基本|全部|现场|当场|完全|彻底|得到)*{_DONE}(?:完毕|完成|到位|完|了|好)*|resolved|closed|done|completed|fixed"
    ),
    "satisfied": re.compile(r"基本上?满意|认可|好评|表扬"),
    "reopened": re.compile(rf"(?:已|有|曾|需|需要)*(?:被)?{_AGAIN}+(?:[0-9一二三两]次)?|reopened"),
}
_NO_SHAPES: Final = {
    "resolved": re.compile(
        r"(?:尚|暂|还|仍|均|都|至今|逾期)*(?:未能?|没有?|没能|无法|不能|不予|不|部分|基本未|not|un)"
        rf"(?:彻底|完全|全部|得到|及时|妥善)*(?:{_DONE}.{{0,2}}|结|resolved|closed|done)"
    ),
    "satisfied": re.compile(
        r"(?:不|未|没)(?:太|大|够|很)?(?:满意|认可|同意)|差评|不满|有意见|notsatisfied|unsatisfied"
    ),
    "reopened": re.compile(rf"(?:未|没有?|无|不|不需|无需|不需要|不用|从未)(?:被)?{_AGAIN}+|notreopened"),
}
_YES_OTHER: Final = re.compile(r"已.{1,6}|完成|通过|合格|达标|公开|公示")
_NO_OTHER: Final = re.compile(r"(?:尚|暂|还|仍|均)?(?:未|没|不|否|无|非).{1,6}")
_CHECKED: Final = re.compile(r"[☑√✓✔■☒✅●]([^□☐○☑√✓✔■☒✅●]+)")
_TICKABLE: Final = re.compile(r"[□☐○]")


def read_flags(cells: pl.Series, field: str) -> Column:
    """Yes or no, as Boolean. `field` (resolved, satisfied, reopened, or another) says what its words mean.

    Partly resolved (部分解决) and 一般 for `satisfied` are False: a rate counts only who said yes; 基本满意 and 较满意
    are True. Who couldn't be asked (未回访, 无法联系) has no answer, and nothing is wrong with that.
    """

    def parse(text: str) -> object | None:
        return _flag(text, field)

    return read_column(cells, pl.lit(None, dtype=pl.Boolean), parse, pl.Boolean())


def _flag(text: str, field: str) -> object | None:
    word = _ticked(compact(text)).strip("。.!;,")
    rest, notes = split_brackets(word)
    word = rest.replace(" ", "") or (notes[0] if len(notes) == 1 else word)
    if word in _NOBODY:
        return EMPTY
    if word in _YES:
        return True
    if word in _NO or (field == "resolved" and word in _OPEN):
        return False
    if _YES_SHAPES.get(field, _YES_OTHER).fullmatch(word):
        return True
    if _NO_SHAPES.get(field, _NO_OTHER).fullmatch(word):
        return False
    if field == "satisfied" and (level := _level(word)) is not None:
        return level in {"very_satisfied", "satisfied"}
    return None


def _ticked(word: str) -> str:
    """The answer that is ticked in a cell with boxes: `√是 □否` is 是."""
    if not _TICKABLE.search(word):
        return word
    ticked = _CHECKED.findall(word)
    return ticked[0] if len(ticked) == 1 else word


_LEVEL_SHAPES: Final = tuple(
    (level, re.compile(shape))
    for level, shape in (
        (
            "very_dissatisfied",
            r"(?:非常|很|十分|极|极其|极度|完全|特别|相当)(?:地|的)?(?:不满意?|差)|(?:非常|很)失望|verydissatisfied|veryunsatisfied|completelydissatisfied|strongly?dissatisfied|verypoor",
        ),
        (
            "very_satisfied",
            r"(?:非常|很|十分|极|极其|极度|完全|特别|相当)(?:地|的)?(?:满意|好)|verysatisfied|completelysatisfied|extremelysatisfied|excellent|优秀?",
        ),
        (
            "dissatisfied",
            r"(?:较|比较|有些|有点|稍|略|较为)?(?:的)?(?:不满意?|不太满意|不大满意|不够满意|较差|差|不好)|fairlydissatisfied|somewhatdissatisfied|dissatisfied|unsatisfied|notsatisfied|poor",
        ),
        (
            "neutral",
            r"一般|基本满意|基本上满意|尚可|还可以|还行|中立|中性|中等|普通|说不上满意不满意|一般满意|一般般|neithersatisfiednordissatisfied|neither(?:satisfiedordissatisfied)?|neithernor|neutral|average|fair",
        ),
        (
            "satisfied",
            r"(?:较|比较|较为|还算|挺)?(?:的)?(?:满意|好)|良好?|fairlysatisfied|somewhatsatisfied|mostlysatisfied|satisfied|good",
        ),
    )
)
_LEVEL_TAIL: Final = re.compile(r"(?:的?(?:户数|人数|份数|票数|数量|件数|数|份|户|票|人|件))?[0-9]*$")


def answer_level(text: str) -> str | None:
    """The level of satisfaction that a heading or an answer names, one of `LEVELS`, or None.

    基本满意 is neutral, as the data contract has it. Brackets, units and footnote digits are no part of it.
    """
    rest, notes = split_brackets(text)
    key = heading_key(rest)
    if found := _level(_LEVEL_TAIL.sub("", key)):
        return found
    if re.fullmatch(r"[a-e1-5]?[、.:]?", key) and len(notes) == 1:
        return _level(compact(notes[0]))
    lettered = re.fullmatch(r"[a-e][.、)]?(.+)|[1-5]分?[-:.、=](.+)", key)
    return _level(lettered[1] or lettered[2]) if lettered else None


def _level(word: str) -> str | None:
    word = re.sub(r"[\s,.·/-]", "", word)
    return next((level for level, shape in _LEVEL_SHAPES if shape.fullmatch(word)), None)


_SCORE: Final = re.compile(r"([1-5])(?:\.0)?分?|([1-5])星级?|(★{1,5})☆*|([一二三四五])(?:星级?|颗星)")


def read_levels(cells: pl.Series) -> Column:
    """Answers of a questionnaire, as one of `LEVELS`: words, or points from 1 to 5 (`5分` and ★★★★★ are the best).

    Larger points (of 10, of 100) and letters are bad: which of them is satisfied only the sender knows.
    """

    def parse(text: str) -> object | None:
        word = _ticked(compact(text))
        if word in _NOBODY:
            return EMPTY
        if match := _SCORE.fullmatch(word):
            digits, stars, drawn, han = match.groups()
            points = int(digits or stars or 0) or len(drawn or "") or "一二三四五".index(han) + 1
            return LEVELS[5 - points]
        return answer_level(word)

    return read_column(cells, pl.lit(None, dtype=pl.String), parse, pl.String())


_ASKING: Final = re.compile(
    r"^(?:请问|请您?|您|你|贵户|业主|居民|住户|家庭)*(?:认为|觉得)?(?:如何评价|怎么评价|怎样评价|评价一?下?)?(?:对|对于|关于|就)?(?:您|你)?(?:所在|居住|现居)?(?:的|本|该|我们|咱们?)?(?:小区|社区)?(?:内|里)?(?:的)?"
)
_ASKED: Final = re.compile(
    r"(?:是否满意|是否感到满意|满意不满意|满不满意|满意吗|满意么|满意程度|满意度|满意率|满意情况|的?评价|的?评分|如何|怎么样|怎样|感到|感觉|是否|是|为|得分|打分|的?看法|的?总体印象)+(?:如何|怎样|怎么样|是)?(?:[a-e/]|\(.*\))*$"
)
_OVERALL: Final = re.compile(
    r"^(?:物业|物业服务|物业公司|物业企业|服务|小区|物业管理|物业管理服务|物业工作|物业服务企业|物业服务质量|整体工作)?(?:的)?(?:总体|整体|综合|总的|全部|总)(?:上|来说|服务|质量|情况|评价|工作|物业|物业服务|印象)*$|^(?:总体|整体|综合|总的|总)(?:上|来说|来看|而言)?(?:对|的)?(?:小区)?(?:物业|物业公司|物业服务|物业企业|服务|物业管理|物业管理服务|物业工作|物业服务企业|物业服务质量|服务质量)?(?:的)?(?:服务|工作|质量)?$|^overall.*$"
)


def question_text(heading: str) -> str:
    """What a questionnaire's heading asks about: `您对小区保洁服务是否满意？` → `保洁服务`; the overall question is `总体`.

    A heading of nothing but the asking (`满意度`, `您是否满意`) is the overall one too.
    """
    rest, _ = split_brackets(re.sub(r"^\s*[qQ][0-9]{1,2}(?=[^0-9])", "", heading))
    word = heading_key(rest)
    word = re.sub(r"^(?:第[0-9一二三四五六七八九十]+题|[0-9]{1,2}(?=[^0-9月年.]))[.、:)]?", "", word)
    asked = _ASKED.sub("", word)
    about = _ASKING.sub("", asked, count=1)
    about = about.removesuffix("的").removesuffix("方面").removesuffix("情况")
    if (
        not about
        or _OVERALL.match(about)
        or _OVERALL.match(asked)
        or about in {"物业", "物业服务", "物业公司", "物业管理", "服务", "服务质量", "物业企业"}
    ):
        return "总体"
    return about
