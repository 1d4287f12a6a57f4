"""Columns of costs and income: what was spent on, and categories that nobody has heard of."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from pipelines.reading.blocks import Block
from pipelines.reading.headings import category_of
from pipelines.reading.roles import Role
from pipelines.reading.samples import holds_numbers, sample_of
from pipelines.reading.sheets import Grid
from pipelines.reading.words import plain

_SPENT: Final = re.compile(r"[费金款险税薪]$|支出|成本|工资|活动|收入|收益|补贴")


def items_not_estates(grid: Grid, block: Block, kind: str, roles: list[Role]) -> list[Role]:
    """项目 over words such as 人员工资 is what was spent on, not where."""
    out = []
    for role in roles:
        cells = sample_of(grid, block, role.column) if role.field == "estate" and "小区" not in role.heading else []
        spent = sum(category_of(cell, kind) is not None for cell in cells)
        out.append(replace(role, field="item") if cells and spent >= 0.6 * len(cells) else role)
    return out


def name_measure(kind: str, roles: list[Role], title: str) -> list[Role]:
    """Month columns without a word of their own hold what the title says."""
    if not any(role.part and role.field is None for role in roles):
        return roles
    measure = "amount_yuan"
    if kind == "fees":
        received = re.search(r"实收|收缴|到账|已收|缴费|收费", title)
        if re.search(r"应收", title) and not re.search(r"实收", title):
            measure = "receivable_yuan"
        elif received and not re.search(r"应收", title):
            measure = "received_yuan"
        else:
            return roles
    return [replace(role, field=measure) if role.part and role.field is None else role for role in roles]


def unknown_categories(grid: Grid, block: Block, kind: str, roles: list[Role]) -> list[Role]:
    """A column of numbers among category columns is a category that we don't know: 其他, its words kept."""
    known = [role.column for role in roles if role.category]
    if len(known) < 2:
        return roles
    other = "其他" if kind == "costs" else "其他收入"
    groups = {block.paths[column][0] for column in known if len(block.paths[column]) > 1}
    out = []
    for role in roles:
        among = min(known) < role.column < max(known) or (
            len(block.paths[role.column]) > 1 and block.paths[role.column][0] in groups
        )
        beside = role.column in (min(known) - 1, max(known) + 1) and bool(_SPENT.search(role.heading))
        if role.field is None and role.part is None and (among or beside) and holds_numbers(grid, block, role.column):
            text = plain(block.paths[role.column][-1])
            out.append(replace(role, field="amount_yuan", category=other, item=text))
        else:
            out.append(role)
    return out
