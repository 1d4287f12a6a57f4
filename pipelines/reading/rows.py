"""Tells the rows of a table's body apart: data, totals, notes, repeated headings, blanks."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from pipelines.reading.body import COMMUNITY
from pipelines.reading.headings import IGNORED
from pipelines.reading.quantities import is_number_like
from pipelines.reading.remarks import is_note
from pipelines.reading.roles import Table
from pipelines.reading.sheets import Grid
from pipelines.reading.words import plain

TOTAL_WORDS: Final = "|".join(
    (
        r"^(.{0,14})(小计|合计|总计|共计|累计|总和|合\.计)(数|金额|户数)?[:：]?$",
        r"^(小计|合计|总计|共计|平均|均值|平均值|平均分|平均数|最高|最低|其中|本页|全街道?平均|街道平均)[:：]?$",
        r"^(总分|总得分|得分合计|合计得分|总评|综合得分|最终得分|加权得分|名次|排名|评定等级|总成绩)[:：]?$",
        r"^其中[:：]|(结余|盈亏|盈余|亏损|净利润|差额|收支差|结转|余额)$|^(total|subtotal|average|grand total)$",
    )
)
PLAIN_TOTAL: Final = r"^(合计|总计|小计|总和|共计|平均|均值|均分|平均分|平均值)[:：]?$"
"""The words of a total line, wherever its first filled cell stands."""
_SIGNED: Final = (
    "填表|填报|更正|制表|审核|负责|审批|签|盖章|联系|经办|记录|复核|统计|会计|出纳|主管|经手|财务|领导|站长|书记|主任|经理|社区|街道|物业|公司"
    "|项目|法人|验收|监督|单位负责|分管|评审|考核|组长|复 核|审 核|制 表|填 表"
)
_NOTE_HINT: Final = (
    rf"^\s*[(（]?(注|备注|备 注|说明|附注|数据来源|来源|{_SIGNED})[\s)）]*"
    r"|^\s*(?i:notes?|source|prepared by|signature)\b"
)
_LABEL = re.compile(r"[^\d:：]{1,12}[:：]")
_LABELS: Final = frozenset(
    {
        "estate",
        "community",
        "subject",
        "period",
        "building",
        "unit",
        "category",
        "item",
        "criterion",
        "question",
        "street",
        "company",
    }
)
_SMALL: Final = 3
"""A row with at most this many filled cells may be a note."""


def body_frame(grid: Grid, table: Table) -> pl.DataFrame:
    """The body of a table as it stands: the columns of the block and `row` (from 0)."""
    body = table.block.body
    names = [str(c) for c in range(table.block.left, min(table.block.right, grid.width - 1) + 1)]
    frame = grid.sheet.cells.select(names).slice(body.start, len(body))
    return frame.with_columns(pl.Series("row", range(body.start, body.start + frame.height), dtype=pl.Int64))


def classify(grid: Grid, table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """Adds `fate` (`blank`, `heading`, `total`, `note`, `data`) and `reason` to the rows of a body."""
    names = [name for name in frame.columns if name != "row"]
    filled = pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.UInt16) for name in names)
    labels = [name for name in _label_columns(table) if name in names] or names[:1]
    total = pl.any_horizontal(
        pl.col(name).str.replace_all(r"[\s　]", "").str.to_lowercase().str.contains(TOTAL_WORDS).fill_null(value=False)
        for name in labels
    )
    first = pl.coalesce(pl.col(name) for name in names).str.replace_all(r"[\s\x{3000}]", "")
    total = total | first.str.contains(PLAIN_TOTAL).fill_null(value=False)
    note = pl.any_horizontal(pl.col(name).str.contains(_NOTE_HINT).fill_null(value=False) for name in names)
    marked = frame.with_columns(
        filled.alias("_filled"),
        total.alias("_total"),
        note.alias("_note"),
        _repeats(grid, table, names).alias("_heading"),
    )
    fate = (
        pl.when(pl.col("_filled") == 0)
        .then(pl.lit("blank"))
        .when(pl.col("_heading"))
        .then(pl.lit("heading"))
        .when(pl.col("_total"))
        .then(pl.lit("total"))
        .otherwise(pl.lit("data"))
    )
    marked = marked.with_columns(fate.alias("fate"), pl.lit("").alias("reason"))
    labelled = pl.all_horizontal(
        (pl.col(name).is_null() | pl.col(name).str.contains(r"^\s*[^\d:：]{2,14}[:：]").fill_null(value=False))
        for name in names
    )
    marked = marked.with_columns(
        pl.when((pl.col("fate") == "data") & labelled).then(pl.lit("note")).otherwise("fate").alias("fate")
    )
    doubtful = marked.filter(
        (pl.col("fate") == "data") & ((pl.col("_note") & (pl.col("_filled") <= _SMALL + 2)) | (pl.col("_filled") == 1))
    )
    mapped = sum(1 for role in table.roles if role.field and role.field != IGNORED)
    notes = [row for row in doubtful["row"].to_list() if _is_note_row(grid, table, row, mapped)]
    if notes:
        marked = marked.with_columns(
            pl.when(pl.col("row").is_in(notes)).then(pl.lit("note")).otherwise("fate").alias("fate")
        )
        marked = _after_signature(grid, table, marked)
    return marked.drop("_filled", "_total", "_note", "_heading")


def _label_columns(table: Table) -> list[str]:
    labels = [str(role.column) for role in table.roles if role.field in _LABELS and not role.wide]
    measured = [
        role.column
        for role in table.roles
        if role.wide or (role.field and role.field not in _LABELS and role.field != IGNORED)
    ]
    first = min(measured) if measured else table.block.right + 1
    labels += [str(c) for c in range(table.block.left, first) if str(c) not in labels]
    return labels or [str(table.block.left)]


def _repeats(grid: Grid, table: Table, names: list[str]) -> pl.Expr:
    """Rows that say again what a heading row says."""
    tests = []
    for row in table.block.heading_rows:
        texts = {name: value for name in names if (value := grid.row(row)[int(name)]) is not None}
        if len(texts) < 2:
            continue
        same = pl.sum_horizontal(
            (pl.col(name) == text).fill_null(value=False).cast(pl.UInt16) for name, text in texts.items()
        )
        tests.append(same >= max(2, round(0.6 * len(texts))))
    return pl.any_horizontal(*tests) if tests else pl.lit(value=False)


def _is_note_row(grid: Grid, table: Table, row: int, mapped: int) -> bool:
    columns = [c for c in grid.filled(row) if table.block.left <= c <= table.block.right]
    texts = [grid.text(row, c) for c in columns]
    if not texts:
        return False
    if (
        all(_LABEL.match(text) for text in texts)
        or is_note(texts[0])
        or (len(texts) > 1 and all(is_note(text) for text in texts))
    ):
        return True
    if len(texts) > 1 or mapped < 2:
        return False
    if COMMUNITY.fullmatch(texts[0]):
        return True
    merge = grid.merge(row, columns[0])
    wide = bool(merge and merge.right - merge.left >= 1)
    role = next((r for r in table.roles if r.column == columns[0]), None)
    long = len(plain(texts[0])) > 20 and not (role and role.field in ("summary", "note", "action"))
    return not is_number_like(texts[0]) and (wide or long)


def _after_signature(grid: Grid, table: Table, marked: pl.DataFrame) -> pl.DataFrame:
    """Rows after the last data row that hold no number but stand below a note are notes too."""
    data = marked.filter(pl.col("fate") == "data")["row"].to_list()
    first_note = marked.filter(pl.col("fate") == "note")["row"].min()
    if first_note is None:
        return marked
    more = []
    for row in data:
        if row <= first_note:
            continue
        columns = [c for c in grid.filled(row) if table.block.left <= c <= table.block.right]
        if len(columns) <= 1 and not any(is_number_like(grid.text(row, c)) for c in columns):
            more.append(row)
    if not more:
        return marked
    return marked.with_columns(pl.when(pl.col("row").is_in(more)).then(pl.lit("note")).otherwise("fate").alias("fate"))
