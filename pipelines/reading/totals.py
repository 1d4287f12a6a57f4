"""Tells which rows of a table each of its total rows (小计, 合计, 总计) spans."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import polars as pl

_SUM: Final = re.compile(
    r"^(.{0,14})(小计|合计|总计|共计|总和|合\.计)(?:数|金额|户数)?[:：]?$|^(grand total|subtotal|total)$"
)
_NOT_A_SUM: Final = re.compile(r"其中|平均|累计|除|不含|占比|收支")
_RANK: Final = {"小计": 1.0, "subtotal": 1.0, "总计": 3.0, "grand total": 3.0}
_WHOLE: Final = re.compile(r"^(全|总)|街道$")
_PLAIN_BEFORE: Final = re.compile(
    r"(本页|本表|以上|全?(街道|社区|镇|区|项目|小区)?|总|(\d{4}年?)?(第?[一二三四1-4]季度?|[上下]半年|\d{1,2}月份?|[一二三四五六七八九十]+月份?)?"
    r"|全年|本年|\d{4}年?度?|年度?)"
)


@dataclass(frozen=True)
class Span:
    """A total row and the first and last data row that it sums, from 0. It may also run from `widest` on."""

    row: int
    first: int
    last: int
    widest: int


@dataclass(frozen=True)
class _Line:
    row: int
    word: str
    before: str

    @property
    def rank(self) -> float:
        if self.before.startswith("本页"):
            return 0.5
        return max(_RANK.get(self.word, 2.0), 3.0 if _WHOLE.search(self.before) else 0.0)

    @property
    def named(self) -> bool:
        """Whether words before 合计 may pick some rows out (住宅合计) rather than name a group or a period."""
        return not _PLAIN_BEFORE.fullmatch(self.before)


def spans_of(frame: pl.DataFrame) -> list[Span]:
    """The spans of a table's total rows that are sums, in order. `frame`: `row`, `fate` and the cells, as text.

    A total ends a group: it spans what stands since the last total of its rank or a higher one (小计, 合计, 总计); with
    nothing between, the group of groups. Where totals head their groups, the same upwards. Of totals under each other
    those that seem to pick rows out (住宅合计, 商铺合计) are left alone.
    """
    data = frame.filter(pl.col("fate") == "data")["row"].to_list()
    lines = [line for line in map(_line, frame.filter(pl.col("fate") == "total").iter_rows(named=True)) if line]
    if not data or not lines:
        return []
    ends = _spans(lines, data)
    heads = {row: (-last, -first) for row, (first, last) in _upwards(lines, data).items()}
    by_rank = {rank: [one.row for one in lines if one.rank == rank] for rank in {one.rank for one in lines}}
    headed = {rank for rank, rows in by_rank.items() if rows[0] < data[0] and rows[-1] < data[-1]}
    chosen = heads | {line.row: ends[line.row] for line in lines if line.rank not in headed and line.row in ends}
    found = []
    for _, run in groupby(lines, key=lambda line: bisect_left(data, line.row)):
        together = list(run)
        named = [line for line in together if line.named]
        plain = {chosen[line.row] for line in together if not line.named and line.row in chosen}
        for line in together:
            if line.row not in chosen or (line.named and (len(named) > 1 or chosen[line.row] in plain)):
                continue
            first, last = chosen[line.row]
            final = line is lines[-1] and line.rank not in headed
            found.append(Span(line.row, first, last, data[0] if final else first))
    return found


def sum_word(row: dict[str, object]) -> str | None:
    """The words of a row that say that it sums others (一季度小计); None where it doesn't."""
    line = _line(row)
    return line.before + line.word if line else None


def _line(row: dict[str, object]) -> _Line | None:
    """The total line in a row; None where it is no sum (平均, 结余, 其中)."""
    for name, cell in row.items():
        if name in ("row", "fate", "reason") or cell is None:
            continue
        text = re.sub(r"[\s　]", "", str(cell)).lower() if not re.fullmatch(r"[A-Za-z ]+", str(cell)) else str(cell)
        told = _SUM.match(text.strip().lower())
        if told:
            if _NOT_A_SUM.search(text):
                return None
            return _Line(int(str(row["row"])), told[2] or told[3], told[1] or "")
    return None


def _upwards(lines: Sequence[_Line], data: Sequence[int]) -> dict[int, tuple[int, int]]:
    turned = [_Line(-line.row, line.word, line.before) for line in reversed(lines)]
    return {-row: span for row, span in _spans(turned, [-row for row in reversed(data)]).items()}


def _spans(lines: Sequence[_Line], data: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Total row → first and last data row since the last total that ranks as high; promoted where there is none."""
    found: dict[int, tuple[int, int]] = {}
    marks: list[tuple[float, int]] = []
    for line in lines:
        rank, end = line.rank, bisect_left(data, line.row)
        begin = 0
        while True:
            above = next(((one, place) for one, place in reversed(marks) if one >= rank), None)
            begin = above[1] if above else 0
            if above is None or begin < end:
                break
            rank = above[0] + 0.5
        if begin < end:
            found[line.row] = (data[begin], data[end - 1])
        while marks and marks[-1][0] < rank:
            marks.pop()
        marks.append((rank, end))
    return found
