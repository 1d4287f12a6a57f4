"""A public edition keeps back small samples, and nothing of them can be worked out from what it prints."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import numpy as np
import pytest

from dashboard.published import Published
from dashboard.reporting import Wanted, printed, told
from dashboard.stories.suppression import Sum, determined, kept_back
from pipelines.metrics.periods import read_period
from pipelines.metrics.question import Question

LEAST = 10


def test_a_lone_small_part_takes_the_next_smallest_with_it() -> None:
    assert kept_back({"a": 4, "b": 40, "c": 12, "t": 56}, [Sum("t", ("a", "b", "c"))]) == {"a", "c"}


def test_small_parts_that_hold_too_few_together_take_a_third_with_them() -> None:
    samples = {"a": 4, "b": 3, "c": 12, "d": 50, "t": 69}
    assert kept_back(samples, [Sum("t", ("a", "b", "c", "d"))]) == {"a", "b", "c"}


def test_nothing_is_kept_back_where_no_sample_is_small() -> None:
    assert kept_back({"a": 14, "b": 0, "t": 14}, [Sum("t", ("a", "b"))]) == frozenset()


def test_a_total_goes_where_none_of_its_parts_is_left_to_protect_another() -> None:
    assert kept_back({"a": 4, "t": 4}, [Sum("t", ("a",))]) == {"a", "t"}


def test_a_cell_in_a_square_table_takes_a_rectangle_with_it() -> None:
    counts = [[5, 20, 30, 55], [40, 60, 70, 170], [80, 90, 20, 190], [125, 170, 120, 415]]
    samples = {(r, c): float(count) for r, row in enumerate(counts) for c, count in enumerate(row)}
    sums = [Sum((r, 3), tuple((r, c) for c in range(3))) for r in range(4)]
    sums += [Sum((3, c), tuple((r, c) for r in range(3))) for c in range(4)]
    hidden = kept_back(samples, sums)
    assert (0, 0) in hidden
    assert not determined(tuple(samples), sums, hidden)
    assert determined(tuple(samples), sums, {(0, 0), (0, 1)}) == {(0, 0), (0, 1)}


@pytest.mark.parametrize(
    ("metric", "title"), [("satisfaction_rate", "满意率明细"), ("closure_on_time_rate", "按时办结率明细")]
)
def test_no_figure_that_is_kept_back_follows_from_the_printed_ones(
    demo: Published, tmp_path: Path, metric: str, title: str
) -> None:
    report = told(demo, Wanted("bulletin", period="2025Q2", edition="public", inbox=tmp_path))
    shown = docx.Document(io.BytesIO(printed(report, "docx")))
    table = _table(shown, title)
    rows = {row[0]: row[1:] for row in table[1:]}
    estates = [name for name in rows if name != "合计"]
    hidden = [name for name in estates if rows[name][0] == "※"]
    assert hidden, "the demo street has an estate of 16 households: something must be kept back"
    assert all(rows[name][:4] == ["※"] * 4 for name in hidden), "a rate, an interval or a sample betrays the others"
    true = {one.subject: one for one in demo.values(Question(read_period("2025Q2"), "estate", metrics=(metric,)))}
    small = [name for name in estates if 0 < (true[name].n or 0) < LEAST]
    assert set(small) <= set(hidden)
    # What a reader may know: the rows, the total of the street, and what communities publish of themselves.
    places = dict(demo.desk.places.select("estate", "community").iter_rows())
    lines = [[1.0] * len(hidden)]
    lines += [[float(places[name] == community) for name in hidden] for community in set(places.values())]
    matrix = np.array(lines)
    for at, name in enumerate(hidden):
        without = np.delete(matrix, at, axis=1)
        rank = np.linalg.matrix_rank(np.column_stack([matrix]))
        assert np.linalg.matrix_rank(without) == rank, f"{name} follows from the sums"
    for line in lines:
        together = [name for name, of in zip(hidden, line, strict=True) if of]
        held = sum(true[name].n or 0 for name in together)
        assert not together or held == 0 or held >= LEAST, f"{together} hold {held} together"


def test_no_picture_of_a_public_edition_names_a_kept_back_value(demo: Published, tmp_path: Path) -> None:
    from dashboard.charts.dots import DotPlot
    from dashboard.stories.editions import hidden_estates

    period = read_period("2025Q2")
    report = told(demo, Wanted("bulletin", period="2025Q2", edition="public", inbox=tmp_path))
    seen = set()
    for one in report.pictures:
        if isinstance(one.figure.chart, DotPlot):
            metric = next(
                key
                for key in ("satisfaction_rate", "closure_median_hours")
                if demo.metric(key).zh == one.figure.chart.name.split("（")[0]
            )
            gone = hidden_estates(demo, metric, period)
            seen.add(metric)
            for row in one.figure.chart.rows:
                assert row.beside == ()
                if row.subject in gone:
                    assert (row.value, row.low, row.high, row.sample) == (None, None, None, "")
    assert seen == {"satisfaction_rate", "closure_median_hours"}


def test_a_public_sheet_of_the_smallest_estate_has_no_survey_and_no_ticket(demo: Published, tmp_path: Path) -> None:
    smallest = str(demo.desk.places.sort("households")["estate"][0])
    report = told(demo, Wanted("estate", estate=smallest, period="2025Q2", edition="public", inbox=tmp_path))
    ids = {one.figure.id for one in report.pictures}
    assert not ids & {"estate-satisfaction_rate", "estate-closure_median_hours", "estate-tickets", "estate-ageing"}
    assert not any(one.table.id == "estate-surveys" for one in report.grids)


def _table(document: object, title: str) -> list[list[str]]:
    """The rows of the table below the caption that begins so."""
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    last = ""
    for one in document.iter_inner_content():  # type: ignore[attr-defined]
        if isinstance(one, Paragraph) and one.style.name == "Caption":
            last = one.text
        elif isinstance(one, Table) and title in last:
            return [[cell.text for cell in row.cells] for row in one.rows]
    raise AssertionError(title)
