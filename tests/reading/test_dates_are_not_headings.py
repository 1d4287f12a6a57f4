"""A row of data full of dates is no heading, however many of its words are headings elsewhere."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.reading.heading_rows import heading_candidates
from pipelines.reading.sheets import Grid, Sheet

HEADINGS = ["工单编号", "小区名称", "诉求来源", "诉求类别", "受理时间", "派单时间", "办结时限", "办结时间", "是否满意"]


def candidates(rows: list[list[str]]) -> list[int]:
    columns = {str(index): list(column) for index, column in enumerate(zip(*rows, strict=True))}
    return heading_candidates(Grid(Sheet("台账", pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)))))


@pytest.mark.parametrize(
    "times",
    [
        ["2025-06-07 12:35:00", "2025-06-07 14:49:00", "2025-06-12 12:35:00", "2025-06-09 08:53:00"],
        ["2025-06-14 20:48", "2025-06-14 23:54", "2025-06-19 20:48", "2025-06-15 09:34"],
        ["2025/5/2 1:54", "2025/5/2 2:04", "2025/5/5 1:54", "2025/5/2 23:44"],
        ["2025.6.14", "2025.6.14", "2025.6.17", "2025.6.15"],
        ["2025年5月30日", "2025年5月30日", "2025年6月4日", "2025年6月1日"],
    ],
)
def test_a_ticket_with_four_times_and_words_of_headings_is_a_record(times: list[str]) -> None:
    ticket = ["GD2025060001", "澄湖里", "电话", "停车", *times, "满意"]
    assert candidates([HEADINGS, ticket, ticket]) == [0]


def test_real_dates_that_name_one_month_each_head_columns() -> None:
    months = [f"2025-0{month}-01 00:00:00" for month in range(1, 6)]
    assert candidates([["小区名称", "项目", *months], ["翠湖苑", "应收", "1", "2", "3", "4", "5"]]) == [0]
