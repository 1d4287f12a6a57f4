"""The satisfaction surveys of the demo street: who was asked when, by whom, how, and what they answered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from pipelines.handouts.demo import stories as story
from pipelines.handouts.demo.world import COMMUNITIES, ESTATES, Estate, chance, company_of, quarter_range

WAVES: Final = ("2024Q2", "2024Q4", "2025Q1", "2025Q2")
OVERALL: Final = "总体满意度"
ASPECTS: Final = ("环境卫生", "秩序维护", "维修服务")
NOT_SURVEYED: Final = ("双桥公寓", "机修厂院", "水厂宿舍", "邮电局宿舍")
QUESTIONNAIRES: Final = (COMMUNITIES[0], "2024Q4")
"""This community asked by itself in this wave and sent the questionnaires one a row."""
RATES_ONLY: Final = (COMMUNITIES[2], "2024Q4")
"""This community telephoned in this wave and sent rates with numbers of responses."""


@dataclass(frozen=True)
class Survey:
    """One wave of an estate on one question: counts from very satisfied to very dissatisfied."""

    estate: str
    wave: str
    question: str
    issued: int | None
    counts: tuple[int, int, int, int, int]
    mode: str
    conducted_by: str

    @property
    def responses(self) -> int:
        """How many answered."""
        return sum(self.counts)

    @property
    def satisfied(self) -> int:
        """How many were satisfied or very satisfied."""
        return self.counts[0] + self.counts[1]


def _level(one: Estate, wave: str) -> float:
    if one.name == story.SERVICE_FIRST_ESTATE:
        return story.SERVICE_FIRST_SATISFACTION[wave]
    if one.name == story.FALLING_ESTATE:
        return story.FALLING_SATISFACTION if wave == story.FALLING_WAVE else 0.78
    if one.name == story.WALK_OUT_ESTATE and wave == "2024Q4":
        return 0.55
    return one.satisfaction - 0.035 + 0.035 * WAVES.index(wave) / 3


def _size(one: Estate, wave: str) -> tuple[int, int]:
    if one.name == story.SHIFT_ESTATE:
        return 400, 368
    draw = chance(f"survey size {one.name} {wave}")
    if one.households < 100:
        return (8, 4) if one.households < 30 else (30, 18)
    share = 0.62 if one.households < 200 else 0.30
    issued = min(150, round(one.households * share / 10) * 10)
    return issued, round(issued * draw.uniform(0.78, 0.93))


def _split(responses: int, satisfied: int, key: str) -> tuple[int, int, int, int, int]:
    draw = chance(key)
    very = round(satisfied * draw.uniform(0.35, 0.55))
    rest = responses - satisfied
    worst = round(rest * draw.uniform(0.0, 0.18))
    bad = min(rest - worst, round(rest * draw.uniform(0.15, 0.35)))
    return very, satisfied - very, rest - worst - bad, bad, worst


def _survey(one: Estate, wave: str, question: str) -> Survey:
    issued, responses = _size(one, wave)
    key = f"answers {one.name} {wave} {question}"
    draw = chance(key)
    level = _level(one, wave)
    if question != OVERALL:
        level += draw.uniform(-0.05, 0.04)
    satisfied = round(responses * min(0.97, max(0.3, level)) + draw.uniform(-0.5, 0.5))
    mode, by = "入户", "第三方"
    if (one.name, wave) == (story.TINY_SURVEY_ESTATE, story.TINY_SURVEY_WAVE):
        satisfied, responses = story.TINY_SURVEY
        issued = 20
    if (one.community, wave) == QUESTIONNAIRES:
        by = "社区"
    if (one.community, wave) == RATES_ONLY:
        mode, by = "电话", "街道"
    if (one.name, wave) == (story.MODE_CHANGE_ESTATE, story.MODE_CHANGE_WAVE):
        mode, by = "二维码", "自测"
    return Survey(one.name, wave, question, issued, _split(responses, min(satisfied, responses), key), mode, by)


def is_surveyed(one: Estate, wave: str) -> bool:
    """Whether the estate was asked in that wave; the tiniest were left out at first."""
    end = quarter_range(wave)[1]
    if one.name in NOT_SURVEYED:
        return False
    if one.households < 60 and wave in ("2024Q2", "2024Q4"):
        return False
    return company_of(one, end) is not None or one.name in ("粮食局家属院", story.SERVICE_FIRST_ESTATE)


@cache
def surveys() -> tuple[Survey, ...]:
    """All waves: the overall question everywhere, single aspects too where the third party asked in 2025."""
    rows: list[Survey] = []
    for wave in WAVES:
        for one in ESTATES:
            if not is_surveyed(one, wave):
                continue
            rows.append(_survey(one, wave, OVERALL))
            if wave.startswith("2025") and rows[-1].conducted_by == "第三方":
                rows += [_survey(one, wave, aspect) for aspect in ASPECTS]
    return tuple(rows)
