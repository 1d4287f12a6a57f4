"""`lianping report` refuses plainly, writes whole files or none, and prints a sealed meeting as it was."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import docx
import openpyxl
import pytest
from typer.testing import CliRunner, Result

from dashboard import records
from dashboard.cli import app
from dashboard.printers.captions import clean
from dashboard.printers.taking import taken
from dashboard.published import Published
from dashboard.reporting import Wanted, printed, safe_name, told
from dashboard.selection import Selection
from dashboard.stories import actions, codec, meeting
from dashboard.stories.atoms import Cell, Column, Footnote, Table
from dashboard.stories.documents_collection import Choice, added, dropped, dumps, loads, moved, worded
from dashboard.stories.documents_weekly import Sealed, changed
from dashboard.stories.report import Grid, Heading, NotReportedError, Paragraph, Report

Reports = Callable[..., Result]


@pytest.fixture
def report(demo_warehouse: Path, demo_raw: Path) -> Reports:
    def run(*words: str) -> Result:
        return CliRunner().invoke(app, ["report", *words, "--warehouse", str(demo_warehouse), "--raw", str(demo_raw)])

    return run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("bulletn", "--out", "x.docx"), "没有叫“bulletn”的材料。可用的有：weekly、bulletin、estate、"),
        (("bulletin", "--period", "2031Q2", "--out", "x.docx"), "2031年二季度没有数据。现有数据从 2024年1月1日"),
        (("bulletin", "--period", "x", "--out", "x.docx"), "“x”不是期间"),
        (("bulletin", "--out", "x.docx"), "通报要用 --period 写明期间"),
        (("estate", "--estate", "云织", "--out", "x.docx"), "没有小区“云织”。名称相近的有：云织坊小区"),
        (("estate", "--out", "x.docx"), "请用 --estate 写明小区"),
        (("weekly", "--out", "x.doc"), "可用的有：docx、pptx、pdf、xlsx"),
        (("weekly", "--period", "2024-03", "--out", "x.docx"), "2024年3月没有例会材料。当前数据对应 2025年7月7日"),
        (("weekly", "--meeting", "2020-01-01-01", "--out", "x.docx"), "没有封存过例会“2020-01-01-01”"),
        (("rating", "--round", "nope", "--out", "x.docx"), "没有评星轮次“nope”"),
        (("collection", "--out", "x.docx"), "请用 --figures"),
        (("weekly", "--brief", "--out", "/nowhere/x.docx"), "什么都没有写入"),
    ],
)  # fmt: skip
def test_what_cannot_be_printed_is_refused_with_what_there_is(
    report: Reports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIANPING_RECORDS", str(tmp_path / "records"))
    done = report(*words)
    assert done.exit_code == 2
    assert said in done.output.replace("\n", "")
    assert [one for one in tmp_path.iterdir() if one.name != "records"] == []


def test_a_file_that_cannot_be_replaced_stays_as_it_was(
    report: Reports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "open.docx"
    out.write_bytes(b"as it was")

    def held(*_: object) -> None:
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr(Path, "replace", held)
    done = report("weekly", "--brief", "--out", str(out))
    assert done.exit_code == 2
    assert "正在 Word 或 WPS 里打开" in done.output.replace("\n", "")
    assert out.read_bytes() == b"as it was"
    assert list(tmp_path.iterdir()) == [out]


def test_a_document_is_written_and_named(report: Reports, tmp_path: Path) -> None:
    out = tmp_path / "一页.docx"
    done = report("weekly", "--brief", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert docx.Document(str(out)).core_properties.title == "晴川街道物业例会一页通"


def test_a_sealed_meeting_prints_as_it_was_though_the_data_are_others_now(
    demo: Published, demo_raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIANPING_RECORDS", str(tmp_path))
    standing = actions.standing(demo, demo_raw)
    told_now = meeting.report(demo, Selection(), standing)
    from dataclasses import replace

    was = replace(
        told_now, street="从前街道", headlines=tuple(replace(one, digits="12.3") for one in told_now.headlines)
    )
    listed = actions.listed(standing, was.day, was.last_day, "zh")
    sealed = codec.dumps({"zh": Sealed(was, listed), "en": Sealed(was, listed)})
    records.freeze(tmp_path, was.day, sealed, {"zh": ""}, "before", {}, "clerk", datetime(2025, 7, 7, 9, 0))
    again = told(demo, Wanted("weekly", meeting="2025-07-07-01", inbox=demo_raw))
    assert again.title == "从前街道物业例会材料"
    assert again.version == "before"
    assert "封存" in again.scope
    text = "\n".join(one.text for one in docx.Document(io.BytesIO(printed(again, "docx"))).paragraphs)
    assert text.count("12.3") >= len(was.headlines) - 1


def test_texts_of_spreadsheets_stay_texts_and_lose_control_characters() -> None:
    nasty = ["=1+1", "+2", "-3", "@x", "a\x00b\x07c\ufffe", "长" * 5000]
    rows = tuple((Cell(text), Cell("1", 1.0)) for text in nasty)
    note = Footnote("", "", "", "", "", "", "c")
    table = Grid(Table("t", "=t", (Column("=h"), Column("n", is_number=True)), rows), note, ("text", "whole"))
    report = Report(
        "estate", "=cmd()", "", "internal", "zh", "", "", "s", (Heading("=h\x01"), Paragraph("@p\x02"), table)
    )
    book = openpyxl.load_workbook(io.BytesIO(printed(report, "xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    held = {str(cell.value) for cell in cells}
    assert {"=1+1", "+2", "-3", "@x", "abc"} <= held
    for form in ("docx", "pptx", "pdf"):
        assert printed(report, form)
    assert clean("a\x00b") == "ab"
    assert len(clean("长" * 5000)) == 2000


def test_names_of_files_hold_nothing_that_a_file_system_refuses() -> None:
    assert safe_name('a/b\\c:*?"<>|\x00通报，一') == "a_b_c_通报_一"
    assert len(safe_name("长" * 300)) == 60
    assert safe_name("///") == "report"


def test_changes_of_the_page_become_sentences() -> None:
    assert changed("wave", "+0.8", "%", "zh") == "比上次上升 0.8 个百分点"
    assert changed("month", "\u22127.5", "小时", "zh") == "环比下降 7.5 小时"
    assert changed("month", "0.00", "元/㎡･月", "zh") == "环比没有变化"
    assert changed("quarter", "+0.8", "%", "en") == "up 0.8 percentage points on the quarter before"
    assert changed("year", "\u22120.02", "¥/m²･month", "en") == "down ¥0.02/m²･month on a year ago"


def test_a_collection_is_added_to_reordered_worded_and_dropped() -> None:
    chosen = added(added((), Choice("map")), Choice("compare-dots", (("metric", "collection_rate"),)))
    assert added(chosen, Choice("map")) == chosen
    assert [one.figure for one in moved(chosen, 1, -1)] == ["compare-dots", "map"]
    assert moved(chosen, 0, -1) == chosen
    assert worded(chosen, 0, " 标题 ", "说明")[0] == Choice("map", (), "标题", "说明")
    assert [one.figure for one in dropped(chosen, 0)] == ["compare-dots"]
    assert loads(dumps(chosen)) == chosen


def test_a_collection_prints_the_chosen_figures_in_their_order(report: Reports, tmp_path: Path) -> None:
    chosen = (
        Choice("compare-dots", (("period", "2025Q2"),), "我的标题", "我的说明"),
        Choice("meeting-collection_rate"),
    )
    list_file, out = tmp_path / "list.json", tmp_path / "out.docx"
    list_file.write_text(dumps(chosen), encoding="utf-8")
    done = report("collection", "--figures", str(list_file), "--out", str(out))
    assert done.exit_code == 0, done.output
    texts = [one.text for one in docx.Document(str(out)).paragraphs]
    assert "一、我的标题" in texts
    assert "我的说明" in texts
    list_file.write_text("{", encoding="utf-8")
    assert report("collection", "--figures", str(list_file), "--out", str(out)).exit_code == 2


def test_the_pages_menu_gives_the_same_documents(
    demo: Published, demo_raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIANPING_RAW", str(demo_raw))
    name, media, content = taken(demo, Selection(), "report:weekly|docx|brief||")
    assert name == "晴川街道物业例会一页通-2025-07-07.docx"
    assert media.endswith("wordprocessingml.document")
    assert docx.Document(io.BytesIO(content)).core_properties.title == "晴川街道物业例会一页通"
    with pytest.raises(NotReportedError, match="没有小区"):
        taken(demo, Selection(), "report:estate|xlsx||public|没有这个小区")
