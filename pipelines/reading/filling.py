"""Fills key cells that mean "the same as above": merged ones, and those written once for the rows below."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from pipelines.reading.body import Body
from pipelines.reading.labelled import LABEL
from pipelines.reading.quantities import is_number_like
from pipelines.reading.roles import KEYS, Role
from pipelines.reading.rows import TOTAL_WORDS
from pipelines.reading.samples import sample_of
from pipelines.reading.words import is_blank

_TELLS_APART: Final[dict[str, frozenset[str]]] = {
    "fees": frozenset({"period", "period_from", "building", "unit"}),
    "costs": frozenset({"period", "period_from", "category", "item"}),
    "income": frozenset({"period", "period_from", "category", "item"}),
    "surveys": frozenset({"question", "period", "period_from"}),
    "inspections": frozenset({"criterion", "period", "scorer"}),
}
"""Columns that tell the rows of one estate apart; without any of them a blank name is a gap, not a repetition."""
_MERGED_ONLY: Final = frozenset({"criterion", "question", "category", "max_score", "item"})
"""Columns in which only a merged cell stands for all the rows that it covers."""
_REMARK = re.compile(r"备注|说明|序号|社区|街道|人$|电话|公司|企业")
_RARE: Final = 0.05
_LONG_TABLE: Final = 40


def filled_down(body: Body, role: Role) -> pl.Series:
    """The cells of a column, key columns filled down; every other column as it stands."""
    cells = body.cells(role.column)
    if role.field in _MERGED_ONLY and not role.wide and cells.null_count():
        merged = _merged_down(body, role.column)
        texts = [merged.get(row) if text is None else text for row, text in zip(body.index, cells, strict=True)]
        return pl.Series(cells.name, texts, dtype=pl.String)
    if (
        role.field not in KEYS
        or role.wide
        or cells.null_count() == 0
        or (body.kind == "estates" and role.field == "estate")
    ):
        return cells
    merged = _merged_down(body, role.column)
    filled = [merged.get(row) if text is None else text for row, text in zip(body.index, cells, strict=True)]
    cells = pl.Series(cells.name, filled, dtype=pl.String)
    if cells.null_count() and _written_once(body, role, cells, body.cells(role.column)):
        cells = _carried(body, role, cells)
    return cells


def _merged_down(body: Body, column: int) -> dict[int, str]:
    found: dict[int, str] = {}
    for merge in body.grid.sheet.merges:
        if merge.left <= column <= merge.right and merge.bottom > merge.top and merge.top in body.table.block.body:
            value = body.grid.row(merge.top)[merge.left]
            if value is not None and not is_blank(value):
                found.update(dict.fromkeys(range(merge.top + 1, merge.bottom + 1), value))
    return found


def _written_once(body: Body, role: Role, cells: pl.Series, sent: pl.Series) -> bool:
    """Whether the blanks of a key column mean "the same as above" rather than "left out".

    Names that are mostly repeated where they hold again are not written once, and where nothing else tells the rows of
    one key apart, a blank is a gap.
    """
    subject = role.field in ("estate", "subject")
    if subject and (cells.null_count() == len(cells) or cells[0] is None):
        return False
    again = int((sent == sent.shift(1)).fill_null(value=False).sum())
    if subject and again and cells.null_count() <= 2 * again:
        return False
    if len(cells) > _LONG_TABLE and cells.null_count() < _RARE * len(cells):
        return False
    if not subject or body.kind not in _TELLS_APART:
        return True
    others = [other for other in body.table.roles if not other.wide and other.column != role.column]
    return any(other.field in _TELLS_APART[body.kind] or _may_tell_apart(body, other) for other in others)


def _may_tell_apart(body: Body, role: Role) -> bool:
    """Whether a column that we store nothing of holds words that may tell the rows of one estate apart."""
    if role.field == LABEL:
        return True
    if role.stored or _REMARK.search(role.heading):
        return False
    words = [text for text in sample_of(body.grid, body.table.block, role.column) if not is_number_like(text)]
    return len(set(words)) >= 2


def _carried(body: Body, role: Role, cells: pl.Series) -> pl.Series:
    """The value above, through notes and blank lines. A total line ends what an estate's name covers, and may begin
    the next: 第一季度 written once beside 小计 holds for the rows below."""
    value = pl.col("row").replace_strict(body.index, cells, default=None, return_dtype=pl.String)
    name = str(role.column)
    if name in body.frame.columns:
        told = pl.col(name).str.replace_all(r"[\s\x{3000}]", "")
        beside = pl.when((pl.col("fate") == "total") & ~told.str.contains(TOTAL_WORDS)).then(pl.col(name))
        value = pl.coalesce(value, beside)
    whole = body.frame.select("row", "fate", value.alias("value"))
    if role.field in ("estate", "subject", "building"):
        whole = whole.with_columns(pl.col("value").forward_fill().over((pl.col("fate") == "total").cum_sum()))
    else:
        whole = whole.with_columns(pl.col("value").forward_fill())
    return whole.filter(pl.col("fate") == "data")["value"].rename(cells.name)
