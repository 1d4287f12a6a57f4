"""Says what a question of a questionnaire is about, however politely it asks."""

from __future__ import annotations

import re
from typing import Final

from pipelines.reading.words import heading_key, split_brackets

OVERALL: Final = "总体"
"""The name of the question that asks about everything."""

_NUMBERED: Final = re.compile(
    r"^(?:第[0-9一二三四五六七八九十]+题|[qt][0-9]{1,2}(?![0-9])|[0-9]{1,2}(?=[^0-9月年.%]))[.、:)]?"
)
_PLACE: Final = r"(?:所在|所住|居住|现居)?的?(?:本|该|我们|贵)?(?:小区|社区)?(?:内|里)?的?"
_POLITE: Final = re.compile(
    rf"^(?:(?:请问|请)?(?:您|你)(?:们)?(?:认为|觉得)?(?:如何评价|怎么评价|怎样评价|评价)?(?:对于?|就|关于)?(?:您|你)?{_PLACE}"
    rf"|(?:请问|请)?(?:业主|居民|住户)?(?:对于?(?!讲)|评价|如何评价){_PLACE}|(?:本|该|所在)?小区的?)(?=.)"
)
_ASKED: Final = re.compile(
    r"的?(?:总?满意(?:程度|度|率|情况|吗|么)?|是否满意|满意不满意|满不满意|是否|感到|感觉|评价|评分|看法|印象|打分|得分|如何|怎么样|怎样"
    r"|是|为|有多)+(?:\?|多少)?$"
)
_GENERAL: Final = re.compile(
    r"(?:本|该|小区|社区|物业|服务|管理|公司|企业|工作|质量|水平|情况|方面|整体|总体|综合|总|的|上|来说|来看|而言|印象)*"
)
_ENGLISH: Final = re.compile(r"overall.*|takingeverything.*")


def question_text(heading: str) -> str:
    """What a heading asks about: `您对小区保洁服务是否满意？` → `保洁服务`; the overall question is `总体`.

    A heading of nothing but the asking (`满意度`, `您是否满意`), or about 物业服务 as such, is the overall one.
    """
    rest, _ = split_brackets(heading)
    word = _NUMBERED.sub("", heading_key(rest))
    about = _ASKED.sub("", _POLITE.sub("", word, count=1))
    if _GENERAL.fullmatch(about) or _ENGLISH.fullmatch(word):
        return OVERALL
    return re.sub(r"(?:的|方面|情况)+$", "", about) or about
