"""The template: filled in and saved by LibreOffice it loads without a finding; wrong entries are refused."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation
from typer.testing import CliRunner

from pipelines import build
from pipelines.cli import commands
from pipelines.handouts.template import guide
from pipelines.handouts.template.known import Known, UnknownCommunityError, known_of
from pipelines.handouts.template.sheets import Sheet, sheets
from pipelines.handouts.template.write import FIRST_ROW, STAR, template
from pipelines.kinds import KINDS
from pipelines.rules import rules_of

ESTATES = [f"芳草园{number}号院" for number in range(1, 37)]
MONTHS = ["2025年1月", "2025年2月", "2025年3月"]
FIRST = FIRST_ROW + 1
needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


def saved_by_libreoffice(content: bytes, folder: Path) -> Path:
    """The workbook as LibreOffice saves it, with all formulas calculated."""
    (folder / "in").mkdir()
    (folder / "in" / "填好的模板.xlsx").write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]
    subprocess.run(
        [*command, str(folder / "out"), str(folder / "in" / "填好的模板.xlsx")],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return folder / "out" / "填好的模板.xlsx"


def filled_in(content: bytes) -> tuple[bytes, dict[str, int]]:
    """The template with three months of thirty-six estates, and how many rows of each kind were put in."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    counts = {}
    for sheet in sheets(listed=False):
        page = book[sheet.name]
        rows = list(ROWS[sheet.kind]())
        counts[sheet.kind] = len(rows)
        headings = [str(cell.value).lstrip(STAR) for cell in page[1]]
        fields = {column.heading: column.field for column in sheet.columns}
        for at, row in enumerate(rows, start=FIRST):
            assert set(row) <= set(fields.values())
            for column, heading in enumerate(headings, start=1):
                if (value := row.get(fields[heading])) is not None:
                    page.cell(at, column).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), counts


Row = dict[str, Any]


def each() -> Iterator[tuple[int, str, int, str]]:
    for number, estate in enumerate(ESTATES, start=1):
        for month, name in enumerate(MONTHS, start=1):
            yield number, estate, month, name


def estates() -> Iterator[Row]:
    for number, estate in enumerate(ESTATES, start=1):
        yield {
            "estate": estate, "aliases": f"芳草{number}院、东{number}院", "community": "芳草社区", "street": "芳草街道",
            "company": "安顺物业服务有限公司", "governance_mode": "专业物业", "housing_type": "老旧小区",
            "built_year": 1990 + number % 20,
            "buildings": 4 + number % 5, "units": 12, "households": 240 + number, "floor_area_m2": 20000.5 + number,
            "fee_yuan_per_m2_month": 0.8, "service_tier": "三级",
            "takeover_date": date(2015, 1, 1), "charging_date": date(2015, 3, 1), "contract_end": date(2027, 12, 31),
            "lon": round(117.2 + number / 1000, 6), "lat": round(31.8 + number / 1000, 6),
        }  # fmt: skip


def fees() -> Iterator[Row]:
    for number, estate, month, name in each():
        yield {
            "estate": estate, "period": name, "receivable_yuan": 16000 + 10 * number, "received_yuan": 14000.25 + month,
            "waived_yuan": 0, "prepaid_yuan": 300, "opening_arrears_yuan": 5200, "arrears_recovered_yuan": 120,
            "households_due": 240 + number, "households_paid": 210 + number,
        }  # fmt: skip


def costs() -> Iterator[Row]:
    for number, estate, month, name in each():
        for category, amount in (("人员费用", 7000), ("清洁卫生", 2100), ("能耗", 900)):
            yield {
                "estate": estate, "period": name, "category": category, "item": f"{category}支付",
                "amount_yuan": amount + number + month,
            }  # fmt: skip


def income() -> Iterator[Row]:
    for number, estate, month, name in each():
        yield {
            "estate": estate,
            "period": name,
            "category": "停车收入",
            "item": "地面停车",
            "amount_yuan": 800 + number + month,
        }


def tickets() -> Iterator[Row]:
    for number, estate, month, _ in each():
        opened = datetime(2025, month, 1 + number % 27, 9, number)
        yield {
            "estate": estate, "ticket_id": f"GD2025{month:02}{number:03}", "opened_at": opened,
            "dispatched_at": opened + timedelta(hours=1), "responded_at": opened + timedelta(hours=2),
            "due_at": opened + timedelta(days=5), "closed_at": opened + timedelta(days=2), "category": "停车秩序",
            "channel": "12345热线", "summary": f"第{number}幢前的通道被占", "resolved": "是", "satisfied": "否",
            "reopened": "否",
        }  # fmt: skip


def surveys() -> Iterator[Row]:
    for number, estate, _, name in each():
        yield {
            "estate": estate, "period": name, "question": "总体", "issued": 100, "responses": 80,
            "very_satisfied": 20,
            "satisfied": 30, "neutral": 20, "dissatisfied": 6, "very_dissatisfied": 4, "mode": "入户",
            "conducted_by": "社区",
        }  # fmt: skip
        del number


def inspections() -> Iterator[Row]:
    for number, estate, _, name in each():
        yield {
            "subject": estate, "period": name, "criterion": "环境卫生", "score": 15 + number % 5, "max_score": 20,
            "scorer": "街道巡查组",
        }  # fmt: skip


def events() -> Iterator[Row]:
    for number, estate, month, _ in each():
        yield {
            "estate": estate, "event_date": date(2025, month, 10), "event_type": "老旧小区改造",
            "note": f"第{number}期施工",
        }  # fmt: skip


def actions() -> Iterator[Row]:
    for number, estate, month, _ in each():
        yield {
            "action_id": f"YD{month}-{number}", "estate": estate, "action": f"清理第{number}处堆物",
            "owner": "安顺物业",
            "raised_on": date(2025, month, 3), "due_on": date(2025, month, 20), "done_on": date(2025, month, 18),
            "status": "已完成",
        }  # fmt: skip


ROWS = {
    "estates": estates, "fees": fees, "costs": costs, "income": income, "tickets": tickets, "surveys": surveys,
    "inspections": inspections, "events": events, "actions": actions,
}  # fmt: skip


def check(folder: Path, warehouse: Path) -> build.Checked:
    return build.check([folder], warehouse, rules_of, tell=lambda *_, **__: None)


def told(found: build.Checked) -> list[tuple[Any, ...]]:
    return found.findings.select("source_sheet", "source_cell", "code", "message_zh").rows()


@needs_office
def test_filled_in_for_three_months_and_saved_by_libreoffice_it_loads_without_a_finding(tmp_path: Path) -> None:
    content, counts = filled_in(template())
    saved = saved_by_libreoffice(content, tmp_path)
    found = check(saved.parent, tmp_path / "warehouse")
    assert told(found) == []
    assert found.summary.files[0].rows_loaded == counts
    assert counts["fees"] == 108


def test_every_field_of_a_filled_row_arrives_as_it_was_typed(tmp_path: Path) -> None:
    content, _ = filled_in(template())
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "填好.xlsx").write_bytes(content)
    outcome = build.load([tmp_path / "raw"], tmp_path / "wh", rules_of, tell=lambda *_, **__: None)
    assert (outcome.count("error"), outcome.count("warning"), outcome.count("info")) == (0, 0, 0)
    connection = duckdb.connect(str(next((tmp_path / "wh").glob("*.duckdb"))), read_only=True)
    for kind, rows in ROWS.items():
        sent = next(iter(rows()))
        columns = [one.name for one in KINDS[kind].fields if one.name in sent]
        got = dict(
            zip(
                columns,
                connection.execute(f"SELECT {', '.join(columns)} FROM {kind} WHERE source_row = {FIRST}").fetchall()[0],
                strict=True,
            )
        )
        expected = {name: sent[name] for name in columns}
        expected |= {name: sent[name].split("、") for name in columns if name == "aliases"}
        expected |= {name: sent[name] == "是" for name in columns if name in ("resolved", "reopened")}
        expected |= {"satisfied": False} if kind == "tickets" else {}
        expected |= {"event_type": "renovation"} if kind == "events" else {}
        if kind == "costs":
            expected |= {"category": "人员费用"}
        assert got == expected, kind


def test_an_empty_template_loads_nothing_and_has_no_finding(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "模板.xlsx").write_bytes(template())
    found = check(tmp_path / "raw", tmp_path / "warehouse")
    assert told(found) == []
    assert found.summary.files[0].rows_loaded == {}


def pages() -> list[tuple[Sheet, Any]]:
    book = openpyxl.load_workbook(io.BytesIO(template()))
    return [(sheet, book[sheet.name]) for sheet in sheets(listed=False)]


def test_every_sheet_has_a_frozen_heading_an_example_and_checks_that_explain_themselves() -> None:
    for sheet, page in pages():
        assert page.freeze_panes == "B3"
        assert [str(cell.value).lstrip(STAR) for cell in page[1]] == [column.heading for column in sheet.columns]
        assert all(str(cell.value).startswith(guide.EXAMPLE) for cell in page[2])
        validations: list[DataValidation] = page.data_validations.dataValidation
        checked = [column for column in sheet.columns if column.check.message]
        assert len(validations) == len(checked)
        for one in validations:
            assert one.showErrorMessage
            assert str(one.error).endswith("。")
            assert len(one.error) <= 225
            assert len(one.prompt) <= 255


def test_the_guide_is_one_page_and_comes_first() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template()))
    page = book.worksheets[0]
    assert page.title == guide.SHEET
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight, page.sheet_properties.pageSetUpPr.fitToPage) in (
        (1, 1, True), (None, None, True),
    )  # fmt: skip
    assert book.sheetnames[1:] == [sheet.name for sheet in sheets(listed=False)]


OPENED = datetime(2025, 3, 1, 9)
TOMORROW = datetime.combine(date.today() + timedelta(days=2), datetime.min.time())  # noqa: DTZ011
WRONG: list[tuple[str, str, Any, dict[str, Any]]] = [
    ("estates", "built_year", 1850, {}),
    ("estates", "built_year", "九十年代", {}),
    ("estates", "households", 12.5, {}),
    ("estates", "households", -3, {}),
    ("estates", "floor_area_m2", "约3万", {}),
    ("estates", "fee_yuan_per_m2_month", 160, {}),
    ("estates", "takeover_date", "去年", {}),
    ("estates", "lon", 31.8, {}),
    ("estates", "lat", 117.2, {}),
    ("fees", "period", "三月", {}),
    ("fees", "period", "2099年1月", {}),
    ("fees", "receivable_yuan", "见附件", {}),
    ("fees", "receivable_yuan", -1, {}),
    ("fees", "received_yuan", -0.01, {}),
    ("fees", "households_paid", 347, {"households_due": 316}),
    ("fees", "households_due", 316, {"households_paid": 347}),
    ("costs", "category", "团建活动", {}),
    ("costs", "amount_yuan", -2183, {}),
    ("income", "category", "彩票", {}),
    ("income", "amount_yuan", "一千", {}),
    ("tickets", "opened_at", TOMORROW, {}),
    ("tickets", "opened_at", "3月1日", {}),
    ("tickets", "opened_at", OPENED, {"closed_at": OPENED - timedelta(days=1)}),
    ("tickets", "closed_at", OPENED - timedelta(hours=1), {"opened_at": OPENED}),
    ("tickets", "closed_at", "已办结", {"opened_at": OPENED}),
    ("tickets", "responded_at", OPENED - timedelta(hours=1), {"opened_at": OPENED}),
    ("tickets", "resolved", "看情况", {}),
    ("surveys", "responses", 68, {"issued": 60}),
    ("surveys", "issued", 60, {"responses": 68}),
    ("surveys", "satisfied", 60, {"very_satisfied": 30, "responses": 80}),
    ("surveys", "responses", 50, {"very_satisfied": 30, "satisfied": 40}),
    ("surveys", "neutral", 1.5, {}),
    ("surveys", "mode", "飞鸽", {}),
    ("inspections", "score", 51, {"max_score": 15}),
    ("inspections", "max_score", 15, {"score": 51}),
    ("inspections", "score", -1, {}),
    ("events", "event_date", TOMORROW, {}),
    ("events", "event_type", "调研", {}),
    ("actions", "due_on", date(2025, 2, 1), {"raised_on": date(2025, 3, 1)}),
    ("actions", "done_on", date(2025, 2, 1), {"raised_on": date(2025, 3, 1)}),
    ("actions", "status", "差不多", {}),
]  # fmt: skip


def refused_by_list(one: DataValidation, value: Any) -> bool:
    return value not in str(one.formula1).strip('"').split(",")


@needs_office
def test_wrong_entries_are_refused_and_right_ones_taken_by_the_cells_own_checks(tmp_path: Path) -> None:
    """LibreOffice calculates each check's formula beside the entry: true for right entries, and for no wrong one."""
    right = [
        (kind, field, value, row)
        for kind, rows in ROWS.items()
        for row in [next(iter(rows()))]
        for field, value in row.items()
    ]
    book = openpyxl.load_workbook(io.BytesIO(template()))
    places: list[tuple[str, str, tuple[str, str, Any, dict[str, Any]], bool]] = []
    for sheet in sheets(listed=False):
        source = book[sheet.name]
        columns = {column.field: at for at, column in enumerate(sheet.columns, start=1)}
        by_column = {str(one.sqref).split(":")[0]: one for one in source.data_validations.dataValidation}
        for good, entries in ((False, WRONG), (True, right)):
            for number, entry in enumerate(one for one in entries if one[0] == sheet.kind):
                _, field, value, others = entry
                letter = openpyxl.utils.get_column_letter(columns[field])
                validation = by_column.get(f"{letter}{FIRST}")
                if validation is None or (validation.type == "list" and validation.errorStyle == "warning"):
                    assert good, entry
                    continue
                if validation.type == "list":
                    assert refused_by_list(validation, value) != good, entry
                    continue
                assert validation.errorStyle in (None, "stop")
                page = book.create_sheet(f"{sheet.kind}{'好' if good else '坏'}{number}")
                for other, told_value in (others | {field: value}).items():
                    page.cell(FIRST, columns[other]).value = told_value
                page["AZ1"] = f"={validation.formula1}"
                places.append((page.title, field, entry, good))
    out = io.BytesIO()
    book.save(out)
    calculated = openpyxl.load_workbook(saved_by_libreoffice(out.getvalue(), tmp_path), data_only=True)
    wrongly = [
        (entry, calculated[title]["AZ1"].value)
        for title, _, entry, good in places
        if (calculated[title]["AZ1"].value is True) != good
    ]
    assert wrongly == []
    assert sum(not good for *_, good in places) > 25
    assert sum(good for *_, good in places) > 40


def test_a_name_or_number_twice_is_refused() -> None:
    for kind, field in (("estates", "estate"), ("tickets", "ticket_id"), ("actions", "action_id")):
        sheet, page = next(one for one in pages() if one[0].kind == kind)
        at = [column.field for column in sheet.columns].index(field) + 1
        letter = openpyxl.utils.get_column_letter(at)
        one = next(
            one for one in page.data_validations.dataValidation if str(one.sqref).startswith(f"{letter}{FIRST}:")
        )
        assert one.formula1 == f"COUNTIF(${letter}$3:${letter}$5002,{letter}3)=1"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("known")
    book = openpyxl.load_workbook(io.BytesIO(filled_in(template())[0]))
    tickets_page = book["投诉工单"]
    closed = next(cell.column for cell in tickets_page[1] if cell.value == "办结时间")
    for row in (FIRST, FIRST + 4):
        tickets_page.cell(row, closed).value = None
        tickets_page.cell(row, closed + 4).value = None
    done = next(cell.column for cell in book["议定事项"][1] if cell.value == "完成日期")
    book["议定事项"].cell(FIRST, done).value = None
    book["议定事项"].cell(FIRST, done + 1).value = "办理中"
    (folder / "raw").mkdir()
    book.save(folder / "raw" / "一季度.xlsx")
    build.load([folder / "raw"], folder / "wh", rules_of, tell=lambda *_, **__: None)
    return folder / "wh"


def test_the_estates_and_open_items_of_a_community_are_filled_in_and_load_again_without_a_finding(
    warehouse: Path, tmp_path: Path
) -> None:
    known = known_of(warehouse, "芳草社区")
    assert (len(known.estates), [one["ticket_id"] for one in known.tickets]) == (36, ["GD202501001", "GD202502002"])
    assert [one["action_id"] for one in known.actions] == ["YD1-1"]
    (tmp_path / "二季度.xlsx").write_bytes(template(known))
    found = check(tmp_path, warehouse)
    assert told(found) == []
    assert found.summary.files[0].rows_loaded == {"estates": 36, "tickets": 2, "actions": 1}
    page = openpyxl.load_workbook(tmp_path / "二季度.xlsx")["收费"]
    one = next(one for one in page.data_validations.dataValidation if str(one.sqref).startswith("A3"))
    assert (one.type, one.errorStyle in (None, "stop")) == ("list", True)
    assert "小区台账!$A$3" in one.formula1


def test_an_unknown_community_is_answered_with_the_names_there_are(warehouse: Path) -> None:
    with pytest.raises(UnknownCommunityError) as fault:
        known_of(warehouse, "芳草小社区")
    assert fault.value.near == ("芳草社区",)


def test_the_command_writes_a_template_and_never_over_a_file(warehouse: Path, tmp_path: Path) -> None:
    out = tmp_path / "模板.xlsx"
    asked = ["template", str(out), "--community", "芳草社区", "--warehouse", str(warehouse)]
    first = CliRunner().invoke(commands, asked)
    assert (first.exit_code, out.exists()) == (0, True)
    assert "36 个小区、2 件在办工单、1 件未完成议定事项" in first.stderr
    before = out.read_bytes()
    second = CliRunner().invoke(commands, asked)
    assert (second.exit_code, "已经存在" in second.stderr, out.read_bytes() == before) == (2, True, True)
    wrong = CliRunner().invoke(commands, ["template", str(tmp_path / "模板.xls")])
    assert (wrong.exit_code, "以 .xlsx 结尾" in wrong.stderr) == (2, True)
    nowhere = CliRunner().invoke(commands, ["template", str(tmp_path / "没有" / "a.xlsx")])
    assert (nowhere.exit_code, "写不成" in nowhere.stderr) == (2, True)


def test_nothing_known_fills_in_nothing() -> None:
    empty = Known("芳草社区", (), (), ())
    page = openpyxl.load_workbook(io.BytesIO(template(empty)))["投诉工单"]
    assert page.max_row == FIRST_ROW
