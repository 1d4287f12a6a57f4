"""Columns of surveys: the questions of a questionnaire, and rates by question."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from pipelines.reading.blocks import Block
from pipelines.reading.headings import IGNORED
from pipelines.reading.levels import LEVELS, answer_level
from pipelines.reading.quantities import is_number_like
from pipelines.reading.roles import Role
from pipelines.reading.samples import holds_numbers, sample_of
from pipelines.reading.sheets import Grid

_ANSWER_NOISE = re.compile(r"意见|建议|原因|备注|编号|序号|时间|来源|ip|时长|姓名|电话", re.IGNORECASE)


def with_questions(grid: Grid, block: Block, roles: list[Role]) -> list[Role]:
    """Columns whose cells are answers are the questions of a questionnaire, one respondent a row."""
    open_to = (None, IGNORED, "reported_rate", "question", *LEVELS)
    out = []
    for role in roles:
        free = role.field in open_to and role.question is None and not _ANSWER_NOISE.search(role.heading)
        if free and _holds_answers(grid, block, role.column):
            out.append(replace(role, field="answer", question=block.paths[role.column][-1], part=None))
        else:
            out.append(role)
    levels = {role.field for role in out} & set(LEVELS)
    if levels or any(role.field == "answer" for role in out):
        return out
    return _rates_by_question(grid, block, out)


def _rates_by_question(grid: Grid, block: Block, roles: list[Role]) -> list[Role]:
    """环境卫生满意率, 秩序维护满意率 …: a rate a question."""
    chosen = {
        role.column
        for role in roles
        if role.field in (None, IGNORED, "reported_rate")
        and re.search(r"(?<!不)满意(率|度)", role.heading)
        and holds_numbers(grid, block, role.column)
    }
    if len(chosen) < 2:
        return roles
    return [
        replace(role, field="reported_rate", question=block.paths[role.column][-1]) if role.column in chosen else role
        for role in roles
    ]


def _holds_answers(grid: Grid, block: Block, column: int) -> bool:
    cells = sample_of(grid, block, column)
    answers = sum(_level(cell) is not None for cell in cells if len(cell) < 12 and not is_number_like(cell))
    return len(cells) >= 2 and answers >= 0.7 * len(cells)


@lru_cache(maxsize=4096)
def _level(text: str) -> str | None:
    return answer_level(text)
