"""A figure is followed to cells of the submissions, and those cells, read by other means, give the figure again."""

from __future__ import annotations

import csv
import html
import json
import random
import re
import subprocess
import sys
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from pipelines.metrics.asking import ask
from pipelines.metrics.desk import Desk
from pipelines.metrics.periods import Period, read_period
from pipelines.metrics.question import Question, UnknownError
from pipelines.metrics.values import Value
from pipelines.tracing import Source, Told, cells_of, places_of
from pipelines.tracing.codes import Traced, UnknownCodeError, code_of, resolve
from pipelines.tracing.ranges import ranges_of, single_cells

RAW = Path(__file__).resolve().parents[2] / "data/raw/demo"
PERIODS = ("2025Q1", "2025-05", "2025H1", "2024")
SATISFIED = ("非常满意", "很满意", "满意", "比较满意", "较满意")


@cache
def sheet_of(file: str, sheet: str) -> list[list[Any]]:
    """The values of a sheet as openpyxl, calamine or csv read them."""
    path = RAW / file
    if path.suffix == ".csv":
        content = path.read_bytes()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("gb18030")
        mark = max(",;\t", key=text.splitlines()[min(3, len(text.splitlines()) - 1)].count)
        return list(csv.reader(text.splitlines(), delimiter=mark))
    if path.suffix == ".xlsx":
        return [list(row) for row in openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True)]
    if path.read_bytes()[:1] == b"<":
        return html_rows(path.read_bytes().decode("utf-8", errors="replace"))
    return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def html_rows(text: str) -> list[list[Any]]:
    """The rows of a web page with one table, saved under a spreadsheet's name; a merged cell stands at its top left."""
    cells: dict[tuple[int, int], str | None] = {}
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", text, re.DOTALL | re.IGNORECASE)
    for row, line in enumerate(rows):
        column = 0
        for marks, content in re.findall(r"<t[dh]([^>]*)>(.*?)</t[dh]>", line, re.DOTALL | re.IGNORECASE):
            while (row, column) in cells:
                column += 1
            wide, tall = (
                int(found[1]) if (found := re.search(rf"{name}span=\D?(\d+)", marks, re.IGNORECASE)) else 1
                for name in ("col", "row")
            )
            cells |= {(row + down, column + right): None for down in range(tall) for right in range(wide)}
            cells[row, column] = html.unescape(re.sub(r"<[^>]+>", "", content)).strip()
    width = max(column for _, column in cells) + 1
    return [[cells.get((row, column)) for column in range(width)] for row in range(len(rows))]


def raw(source: Source, told: Told) -> list[Any]:
    """The values of a record's cells."""
    rows = sheet_of(source.file, source.sheet)
    found = []
    for cell in single_cells(told.cells):
        letters, number = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()  # type: ignore[union-attr]
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        found.append(rows[int(number) - 1][column - 1])
    return found


def number(value: Any) -> float:
    """A number as a clerk wrote it: 1,234.50, 68%, 约 30户; a maximum in a heading: 绿化（20分）."""
    if isinstance(value, int | float):
        return float(value)
    found = re.findall(r"-?\d+(?:\.\d+)?", str(value).replace(",", "").replace("，", ""))
    return float(found[-1])


def moment(values: list[Any]) -> datetime:
    texts = [str(one) for one in values]
    digits = [int(one) for one in re.findall(r"\d+", " ".join(texts))]
    year, month, day, hour, minute, second = [*digits, 0, 0, 0][:6]
    return datetime(year, month, day, hour, minute, second)


def again(source: Source, told: Told) -> None:
    """The cells say what the record holds (money in 元 or 万元)."""
    values = raw(source, told)
    assert values, (source, told)
    if source.field.endswith("_at"):
        assert moment(values) == datetime.fromisoformat(told.value), (source.file, told)
    elif source.field in ("resolved", "satisfied"):
        assert (str(values[0]).strip() in ("是", "已解决", "满意", "√", "1", "基本满意", "非常满意")) == (
            told.value == "true"
        )
    elif source.field in ("responses", "satisfied_total") and isinstance(values[0], str) and not values[0][0].isdigit():
        counted = [one for one in values if source.field == "responses" or str(one).strip() in SATISFIED]
        assert len(counted) == float(told.value), (source.file, told)
    elif source.field == "satisfied_total" and ("%" in str(values[0]) or 0 < number(values[0]) < 1):
        rate = number(values[0]) / (1 if number(values[0]) < 1 else 100)
        assert round(rate * number(values[-1])) == float(told.value), (source.file, told)
    else:
        total = sum(map(number, values))
        stored = float(told.value)
        assert any(total * unit == pytest.approx(stored, rel=1e-9, abs=1e-6) for unit in (1, 1e4)), (
            source,
            told,
            values,
        )


def some_figures(desk: Desk) -> list[Value]:
    found = []
    for place, period in enumerate(PERIODS):
        for by in ("estate", "company", "community", "street", "governance_mode"):
            question = Question(read_period(period), by, verdicts=False)
            values = [one for one in ask(desk, question) if one.value is not None and one.metric != "closure_ratio"]
            found += random.Random(f"{place}{by}").sample(values, 2)
    return found


def test_the_cells_of_forty_figures_give_them_again(demo_desk: Desk) -> None:
    figures = some_figures(demo_desk)
    assert len(figures) == 40
    assert len({one.metric for one in figures}) >= 8
    for one in figures:
        period, basis = Period(one.period_start, one.period_end), one.basis.partition("+")[0]
        sources = cells_of(demo_desk, one.metric, period, one.by, one.subject, basis)
        for source in sources:
            assert source.cells == ranges_of(cell for told in source.told for cell in told.cells)
            for told in source.told:
                again(source, told)
        for side, whole in (("numerator", one.numerator), ("denominator", one.denominator)):
            summed = [source.amount for source in sources if source.side == side]
            if whole is not None and (summed or whole):
                assert sum(summed) == pytest.approx(whole, rel=1e-9), (one, side)


def test_a_month_of_fees_is_the_plain_sum_of_its_cells(demo_desk: Desk) -> None:
    period = read_period("2025-05")
    value = ask(demo_desk, Question(period, "community", ("柳岸社区",), ("collection_rate",), verdicts=False))[0]
    sums = {"numerator": 0.0, "denominator": 0.0}
    for source in cells_of(demo_desk, "collection_rate", period, "community", "柳岸社区"):
        sums[source.side] += sum(number(one) for told in source.told for one in raw(source, told))
    assert sums == pytest.approx({"numerator": value.numerator, "denominator": value.denominator})


@pytest.mark.parametrize("basis", ["current", "current_net", "year_to_date", "with_arrears", "households"])
def test_each_basis_of_the_collection_rate_is_the_sum_of_its_terms(demo_desk: Desk, basis: str) -> None:
    period = read_period("2025Q2")
    for value in ask(demo_desk, Question(period, "estate", (), ("collection_rate",), basis=basis, verdicts=False)):
        sources = cells_of(demo_desk, "collection_rate", period, "estate", value.subject, basis)
        told = {side: sum(one.amount for one in sources if one.side == side) for side in ("numerator", "denominator")}
        assert told == pytest.approx({"numerator": value.numerator or 0.0, "denominator": value.denominator or 0.0})


def test_cells_are_written_as_few_ranges() -> None:
    assert ranges_of(["C4", "C5", "C6", "D4", "D5", "D6"]) == ("C4:D6",)
    assert ranges_of(["H9", "F9"]) == ("F9", "H9")
    assert ranges_of(["B3:B40", "B41", "B43"]) == ("B3:B41", "B43")
    assert ranges_of(["Z1", "AA1"]) == ("Z1:AA1",)
    assert ranges_of(["C4", "C4"]) == ("C4",)
    assert ranges_of([]) == ()


def test_places_join_the_fields_of_a_sheet() -> None:
    sources = [
        Source("numerator", "received_yuan", "a.xlsx", "6月", ("D4",), (Told(4, ("D4",), "9", 9.0),)),
        Source("denominator", "receivable_yuan", "a.xlsx", "6月", ("C4",), (Told(4, ("C4",), "10", 10.0),)),
    ]
    assert places_of(sources) == [("a.xlsx", "6月", ("C4:D4",))]


def test_an_unknown_metric_is_refused(demo_desk: Desk) -> None:
    with pytest.raises(UnknownError):
        cells_of(demo_desk, "happiness", read_period("2025Q2"))


def test_a_code_leads_back_to_its_figure_however_it_is_typed(demo_desk: Desk) -> None:
    for one in some_figures(demo_desk)[::4]:
        traced = Traced(
            one.metric, Period(one.period_start, one.period_end), one.by, one.subject, one.basis.partition("+")[0]
        )
        assert traced in resolve(demo_desk, traced.code)
        assert traced in resolve(demo_desk, f" {traced.code.replace('-', '')} ")
        assert traced in resolve(demo_desk, traced.code.lower())
    spelled = resolve(demo_desk, "collection_rate:2025-06:estate:梧桐二村")
    assert resolve(demo_desk, spelled[0].code) == spelled


def test_codes_of_a_period_are_hardly_ever_the_same(demo_desk: Desk) -> None:
    period = read_period("2025Q2")
    codes = [
        code_of(metric.id, period, by, subject, basis)
        for metric in demo_desk.metrics.values()
        for basis in metric.bases
        for by in ("estate", "company", "community", "street")
        for subject in demo_desk.subjects(by)
    ]
    assert len(codes) - len(set(codes)) <= 1
    assert all(re.fullmatch(r"2025Q2-[0-9A-HJKMNP-TV-Z]{5}", one) for one in codes)


@pytest.mark.parametrize(
    ("period", "word"),
    [("2025", "2025"), ("2025H2", "2025H2"), ("2025-03", "202503"), ("2025-W07", "2025W07"), ("2025Q4", "2025Q4"),
     ("2025-01-02..2025-03-31", "20250102T20250331"), ("2024-01-01..2024-02-29", "20240101T20240229")],
)  # fmt: skip
def test_a_code_begins_with_its_period(period: str, word: str) -> None:
    assert code_of("collection_rate", read_period(period), "street", "", "current").startswith(f"{word}-")


@pytest.mark.parametrize(
    "code", ["2025Q2-ZZZZZ", "2025Q9-7K2QX", "x", "", "happiness:2025Q2", "collection_rate:2025Q2:moon"]
)
def test_a_code_that_leads_nowhere_is_refused(demo_desk: Desk, code: str) -> None:
    with pytest.raises(UnknownCodeError):
        resolve(demo_desk, code)


def test_the_command_tells_definition_terms_cells_and_version(demo_warehouse: Path) -> None:
    run = traced(demo_warehouse, "collection_rate:2025-06:estate:梧桐二村", "--format", "json")
    told = json.loads(run.stdout)[0]
    assert (told["numerator"], told["denominator"]) == (34430.52, 50272.02)
    assert [(one["field"], one["file"], one["sheet"], one["cells"]) for one in told["sources"]] == [
        ("received_yuan", "梧桐社区/202506梧桐社区收缴月报.xlsx", "6月", ["F8"]),
        ("receivable_yuan", "梧桐社区/202506梧桐社区收缴月报.xlsx", "6月", ["E8"]),
    ]
    assert told["as_of"] == "2025-07-06"
    assert told["version"][:8] == told["built_at"][:10].replace("-", "")
    table = traced(demo_warehouse, told["code"]).stdout
    for words in ("收缴率", "68.5%", "50,272.02", "202506梧桐社区收缴月报.xlsx", "F8", "E8", told["version"]):
        assert words in table
    lines = list(csv.DictReader(traced(demo_warehouse, told["code"], "--format", "csv").stdout.splitlines()))
    assert [(one["side"], one["cells"], float(one["value"])) for one in lines] == [
        ("numerator", "F8", 34430.52), ("denominator", "E8", 50272.02),
    ]  # fmt: skip


def test_the_command_says_that_it_does_not_know_a_code(demo_warehouse: Path) -> None:
    run = traced(demo_warehouse, "2025Q2-ZZZZZ", check=False)
    assert (run.returncode, run.stdout) == (2, "")
    assert "2025Q2-ZZZZZ" in run.stderr


def traced(folder: Path, code: str, *more: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    words = [str(Path(sys.executable).parent / "lianping"), "trace", code, "--warehouse", str(folder), *more]
    return subprocess.run(words, capture_output=True, text=True, check=check)
