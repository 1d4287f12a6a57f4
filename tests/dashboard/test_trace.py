"""A trace code looked up on the page leads to the cells, and the cells add up to the figure."""

from __future__ import annotations

import csv
import io

import pytest

from dashboard.published import Published
from dashboard.stories.trace import LISTED, downloaded, looked_up
from pipelines.metrics.periods import read_period
from pipelines.tracing.codes import UnknownCodeError, code_of

PERIOD = read_period("2025Q2")
CODE = code_of("collection_rate", PERIOD, "estate", "梧桐二村", "current")


@pytest.mark.parametrize("given", [CODE, CODE.lower().replace("-", " "), "collection_rate:2025Q2:estate:梧桐二村"])
def test_a_code_leads_to_the_figure_however_it_is_typed(demo: Published, given: str) -> None:
    (found,) = looked_up(demo, given, "zh").found
    assert (found.code, found.title) == (CODE, "梧桐二村，收缴率，2025年二季度")
    value = demo.value("collection_rate", PERIOD, "estate", "梧桐二村").value
    assert value is not None
    assert dict(found.facts)["数值"] == f"{value:.1%}，应收 15.1 万元，实收 10.4 万元，账龄 5 天"
    assert {line.cells for line in found.lines} == {"F8", "E8"}
    assert "各单元格相加就是上面的分子和分母。" in found.notes
    assert found.places


def test_the_cells_that_are_downloaded_recompute_the_figure(demo: Published) -> None:
    name, media, content = downloaded(demo, CODE, "zh")
    assert (name, media) == (f"查证-{CODE}.csv", "text/csv")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    sums = {
        side: sum(float(row["amount"]) for row in rows if row["side"] == side) for side in ("numerator", "denominator")
    }
    value = demo.value("collection_rate", PERIOD, "estate", "梧桐二村").value
    assert sums["numerator"] / sums["denominator"] == pytest.approx(value)


def test_of_many_records_the_page_gives_the_sums_and_the_download_all(demo: Published) -> None:
    code = code_of("closure_median_hours", PERIOD, "street", "晴川街道", "standard")
    (found,) = looked_up(demo, code, "en").found
    assert found.places == ()
    assert any("download" in note for note in found.notes)
    assert downloaded(demo, code, "en")[2].decode("utf-8-sig").count("\n") > LISTED


def test_a_code_that_leads_nowhere_is_said_with_what_a_code_looks_like(demo: Published) -> None:
    for given in ("2025Q2-00000", "abc", "collection_rate:2025Q2:estate:没有"):
        told = looked_up(demo, given, "zh")
        assert told.found == ()
        assert given in told.wrong
        assert "2025Q2-M3A3N" in told.wrong
        with pytest.raises(UnknownCodeError):
            downloaded(demo, given, "zh")
    assert looked_up(demo, "", "zh").wrong == ""


def test_the_codes_on_an_estates_page_and_in_a_figure_that_is_not_there_lead_on(demo: Published) -> None:
    code = code_of("cost_per_m2_month", PERIOD, "estate", "机修厂院", "standard")
    (found,) = looked_up(demo, code, "zh").found
    assert dict(found.facts)["数值"].startswith("—")
    assert found.lines == ()
    assert "这一期没有数据，也就没有单元格。" in found.notes


def test_a_figure_is_traced_with_its_sample_and_a_hidden_one_with_how_small_it_was(demo: Published) -> None:
    shown = looked_up(demo, code_of("satisfaction_rate", PERIOD, "estate", "梧桐二村", "standard"), "zh").found[0]
    assert dict(shown.facts)["数值"] == "64.1%，95%区间 56.0–71.5，131 份"
    street = looked_up(demo, code_of("satisfaction_rate", PERIOD, "street", "晴川街道", "standard"), "zh").found[0]
    assert "32/36 小区" in dict(street.facts)["数值"]
