"""Tables whose rows name the measure: 应收 and 实收 of one estate under each other, months across."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipelines.reading.labelled import measure_of

HEAD = ["小区", "指标", "1月", "2月"]
ROWS = [
    ["翠湖苑", "应收", 10, 20],
    [None, "实收", 9, 18],
    [None, "收缴率", "90%", "90%"],
    ["柳岸苑", "应收", 5, None],
    [None, "实收", 4, None],
    [None, "收缴率", "80%", None],
]
MERGED = ("A3:A5", "A6:A8")


def months(row: int, estate: str, month: int, receivable: float, received: float) -> dict[str, Any]:
    ends = {1: date(2025, 1, 31), 2: date(2025, 2, 28)}
    return {
        "row": row,
        "estate": estate,
        "period_start": date(2025, month, 1),
        "period_end": ends[month],
        "receivable_yuan": float(receivable),
        "received_yuan": float(received),
    }


WHOLE = [months(3, "翠湖苑", 1, 10, 9), months(6, "柳岸苑", 1, 5, 4), months(3, "翠湖苑", 2, 20, 18)]


def by_row(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(records, key=lambda one: (one["period_start"], one["row"]))


def test_owed_and_paid_under_each_other_become_one_record_a_month_and_rates_none(read: Any) -> None:
    seen = read(["2025年各小区应收实收", HEAD, *ROWS], merges=MERGED)
    assert by_row(seen.records("fees")) == WHOLE
    assert seen.told == []
    assert seen.fates == {
        1: "title", 2: "heading", 3: "data", 4: "data", 5: "skipped: no value", 6: "data", 7: "data",
        8: "skipped: no value",
    }  # fmt: skip


def test_the_rows_of_a_total_are_no_estate(read: Any) -> None:
    total = [["合计", "应收", 15, 20], [None, "实收", 13, 18], [None, "收缴率", "87%", "90%"]]
    seen = read(["2025年各小区应收实收", HEAD, *ROWS, *total], merges=MERGED)
    assert by_row(seen.records("fees")) == WHOLE
    assert seen.told == []
    assert [seen.fates[row] for row in (9, 10, 11)] == ["total", "total", "total"]


def test_an_unreadable_cell_keeps_only_its_own_month_out(read: Any) -> None:
    broken = [ROWS[0], [None, "实收", 9, "见附件"], *ROWS[2:]]
    seen = read(["2025年各小区应收实收", HEAD, *broken], merges=MERGED)
    assert seen.told == [("unparseable", "D4", "received_yuan", "见附件")]
    assert seen.kept_out == [("unparseable", "D4")]
    assert by_row(seen.records("fees"))[:2] == WHOLE[:2]


def test_an_estate_written_once_covers_its_measures(read: Any) -> None:
    seen = read(["2025年各小区应收实收", HEAD, *ROWS])
    assert by_row(seen.records("fees")) == WHOLE
    assert seen.told == []


@pytest.mark.parametrize("title", ["2025年收费", "2025年物业费收缴情况", "2025年应收台账"])
def test_the_labels_say_what_the_rows_hold_whatever_the_title_says(read: Any, title: str) -> None:
    seen = read([title, HEAD, *ROWS], merges=MERGED)
    assert by_row(seen.records("fees")) == WHOLE
    assert seen.told == []


@pytest.mark.parametrize(
    ("label", "measure"),
    [("应收", "receivable_yuan"), ("实收（元）", "received_yuan"), ("收缴率", "-"), ("翠湖苑", None), ("小区", None)],
)
def test_a_label_names_a_measure_or_a_rate_or_nothing(label: str, measure: str | None) -> None:
    assert measure_of(label, "fees") == measure
