"""What each column of a table of a kind holds: by its headings, its cells and the columns beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from pipelines.kinds import KINDS
from pipelines.reading.blocks import Block
from pipelines.reading.heading_roles import role_of_heading
from pipelines.reading.headings import IGNORED
from pipelines.reading.inspection_columns import finest_criterion, with_criteria
from pipelines.reading.money_columns import items_not_estates, name_measure, unknown_categories
from pipelines.reading.rival_columns import one_estate, only_once, without_sums
from pipelines.reading.roles import Role
from pipelines.reading.samples import sample_of
from pipelines.reading.sheets import Grid
from pipelines.reading.survey_columns import with_questions

_CLOCK = re.compile(
    r"(?:1899-12-3[01] )?\d{1,2}[:：时]\d{0,2}(?:[:：分]\d{0,2})?秒?|[上下]午\s*\d{1,2}.*|\d{1,2}点(\d{1,2}分?|半)?"
)


def roles_of(grid: Grid, block: Block, kind: str, around: str) -> tuple[Role, ...]:
    """The roles of a block's columns if it is a table of that kind; `around` are the texts that may name a measure."""
    understood = block.understood()
    roles = [role_of_heading(kind, column, path, understood[column]) for column, path in block.paths.items()]
    if kind == "tickets":
        roles = _with_clock(grid, block, roles)
    if kind == "inspections":
        roles = finest_criterion(grid, block, roles)
    if kind in ("costs", "income"):
        roles = items_not_estates(grid, block, kind, roles)
    roles = only_once(kind, one_estate(kind, roles))
    roles = without_sums(roles)
    if kind in ("fees", "costs", "income"):
        roles = name_measure(kind, roles, " ".join(block.titles) or around)
    if kind in ("costs", "income"):
        roles = unknown_categories(grid, block, kind, roles)
    if kind == "surveys":
        roles = with_questions(grid, block, roles)
    if kind == "inspections":
        roles = with_criteria(grid, block, roles, f"{' '.join(block.titles)} {around}")
    return tuple(roles)


def _with_clock(grid: Grid, block: Block, roles: list[Role]) -> list[Role]:
    """A column of times of day belongs to the column of dates to its left."""
    out = list(roles)
    moments = {one.name for one in KINDS["tickets"].fields if one.type == "time"}
    for place, (role, after) in enumerate(pairwise(roles)):
        if role.field not in moments or not (
            after.field == role.field or after.field is None or after.field in moments
        ):
            continue
        clocks = [bool(_CLOCK.fullmatch(cell)) for cell in sample_of(grid, block, after.column)]
        if clocks and sum(clocks) >= 0.8 * len(clocks):
            out[place] = replace(role, clock=after.column)
            out[place + 1] = replace(after, field=IGNORED)
    return out
