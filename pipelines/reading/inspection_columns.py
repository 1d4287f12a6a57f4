"""Columns of inspections: criteria, their maxima, and who scored."""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.reading.blocks import Block
from pipelines.reading.headings import IGNORED, TOTAL, understand
from pipelines.reading.roles import Role
from pipelines.reading.samples import holds_numbers, sample_of
from pipelines.reading.sheets import Grid
from pipelines.reading.title_words import TITLE_WORDS
from pipelines.reading.words import plain

_A_SCORER = re.compile(r"(评委|专家|评审员|考评员|评分员|评分人|打分人|考评人)[\dA-Z一二三四五六七八九十甲乙丙丁]*")
_OVER_SCORERS = re.compile(r"评分|打分|得分|评委|评审|考核|项目|内容|指标")


def finest_criterion(grid: Grid, block: Block, roles: list[Role]) -> list[Role]:
    """Of several columns of criteria (考核项目, 考核内容) the finest filled in each row; the rest are groups."""
    columns = [role.column for role in roles if role.field == "criterion"]
    if len(columns) < 2:
        return roles
    filled = {column: len(sample_of(grid, block, column)) for column in columns}
    fineness = {column: _fineness(block.paths[column][-1]) for column in columns}
    finest = max(columns, key=lambda column: (fineness[column], filled[column], -column))
    if filled[finest] < max(filled.values()):
        finest = max(columns, key=lambda column: (filled[column], fineness[column], -column))
    return [replace(r, field=IGNORED) if r.field == "criterion" and r.column != finest else r for r in roles]


def _fineness(heading: str) -> int:
    """How fine a heading of criteria is: 标准 describes one, 项目 groups them, 内容 and 二级指标 are they."""
    if re.search(r"标准|细则|要求|办法", heading):
        return 0
    return 2 if re.search(r"内容|二级|三级|要点|要素|子项|细项|条目", heading) else 1


def with_criteria(grid: Grid, block: Block, roles: list[Role], around: str) -> list[Role]:
    """A column with its maximum in the heading is a criterion; where criteria stand in the rows, an unnamed column of
    numbers is a scorer; in a sheet of scores any other unnamed column of numbers is a criterion."""
    in_rows = any(role.field == "criterion" for role in roles)
    titled = bool(TITLE_WORDS["inspections"].search(around))
    out = [_scored(grid, block, role, in_rows=in_rows, titled=titled) for role in roles]
    if in_rows and any(role.scorer for role in out):
        out = [replace(r, field=TOTAL) if r.field == "score" and not r.scorer else r for r in out]
    if any(role.criterion for role in out):
        out = [replace(r, field=TOTAL) if r.field == "score" and not r.criterion else r for r in out]
    return out


def _scored(grid: Grid, block: Block, role: Role, *, in_rows: bool, titled: bool) -> Role:
    """A column as the scores of a criterion or a scorer, if it is that."""
    path = block.paths[role.column]
    text = plain(path[-1])
    under_scores = len(path) > 1 and bool(_OVER_SCORERS.search(path[0]))
    if role.field in (None, "score", "criterion") and role.maximum and not in_rows:
        return replace(role, field="score", criterion=_without_maximum(text), part=None)
    if role.part is not None:
        return role
    if not in_rows and _A_SCORER.fullmatch(text) and holds_numbers(grid, block, role.column):
        return replace(role, field="score", scorer=text, part=None)
    free = role.field is None or (under_scores and role.field not in ("max_score", "deduction", TOTAL))
    if not free or not holds_numbers(grid, block, role.column):
        return role
    if in_rows:
        return replace(role, field="score", scorer=text, part=None)
    if role.field is not None or not titled:
        return role
    outer = understand(path[0])
    if len(path) > 1 and (outer.maximum is not None or not under_scores):
        most = outer.maximum or role.maximum
        return replace(role, field="score", criterion=_without_maximum(path[0]), scorer=text, maximum=most)
    return replace(role, field="score", criterion=_without_maximum(text))


def _without_maximum(text: str) -> str:
    return re.sub(r"\s*[(（\[【][^)）\]】]*分?[)）\]】]\s*$", "", plain(text)).strip() or plain(text)
