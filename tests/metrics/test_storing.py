"""What was counted at load answers as what is counted when somebody asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from pipelines.metrics import storing
from pipelines.metrics.asking import ask
from pipelines.metrics.desk import BYS, Desk
from pipelines.metrics.periods import read_period
from pipelines.metrics.question import Question
from pipelines.metrics.values import Value


def plain(value: Value) -> dict[str, Any]:
    """The value as a mapping; sums of fractions may differ in the last digit with the order of the rows."""
    return {name: float(f"{one:.9g}") if isinstance(one, float) else one for name, one in vars(value).items()}


@pytest.mark.parametrize("by", BYS)
@pytest.mark.parametrize("period", ["2025-03", "2025Q2"])
def test_a_series_kept_at_load_gives_the_values_of_one_counted_now(demo_desk: Desk, by: str, period: str) -> None:
    assert demo_desk.stored
    question = Question(read_period(period), by=by)
    counted = ask(replace(demo_desk, stored=False, kept={}), question)
    assert [plain(one) for one in ask(demo_desk, question)] == [plain(one) for one in counted]


@pytest.mark.parametrize("more", [{"basis": "with_arrears"}, {"with_excluded": True}, {"verdicts": False}])
def test_what_was_not_kept_is_counted(demo_desk: Desk, more: dict[str, Any]) -> None:
    question = Question(read_period("2025-03"), by="community", **more)
    counted = ask(replace(demo_desk, stored=False, kept={}), question)
    assert [plain(one) for one in ask(demo_desk, question)] == [plain(one) for one in counted]


def test_a_city_keeps_no_series(demo_desk: Desk) -> None:
    many = pl.concat([demo_desk.places] * (storing.MOST // demo_desk.places.height + 1))
    assert storing.tables(replace(demo_desk, places=many, kept={})) == {}
