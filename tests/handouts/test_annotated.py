"""Marked workbooks: every faulty cell coloured, commented and listed; all else byte for byte; corrected, they load."""

from __future__ import annotations

import csv
import functools
import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from lxml import etree
from typer.testing import CliRunner

from pipelines import build
from pipelines.cli import commands
from pipelines.handouts.annotated.handing_back import HandedBack, NoFolderError, hand_back, prepare, safe_name
from pipelines.handouts.annotated.in_place import OUR_PART, annotated
from pipelines.handouts.annotated.marks import Said, split_en, split_zh
from pipelines.handouts.annotated.package import UnpatchableError
from pipelines.handouts.annotated.styles import COLOURS
from pipelines.handouts.annotated.wording import AUTHOR, OPENS
from pipelines.reading.opening import OUR_SHEET_MARK, open_workbook
from pipelines.rules import rules_of
from pipelines.warehouse import open_published

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "../shared/corpus"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository")
needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")

Edits = dict[str, dict[str, Any]]
"""Sheet → cell → its right value; None empties it; "row" → the rows to be emptied."""

CORRECTIONS: dict[str, Edits] = {
    "2024年物业费收缴情况（柳岸社区）.xlsx": {"Sheet1": {"Y5": 15.6107, "P6": 1.7966}},
    "2025年一季度满意度调查汇总.xlsx": {"汇总表": {"E7": 57}, "只报比例": {"C7": "92%"}},
    "大事记与督办.xlsx": {"大事记  督办": {"B8": "2024-06-01"}, "防汛物资": {"row": range(1, 40)}},
    "安馨物业2024年服务成本明细.xlsx": {"Sheet1": {"A15": "宣传费"}},
    "春晖社区投诉登记及议定事项.xlsx": {"登记簿": {"B6": "2025年3月14日"}},
    "柳园街道小区台账（2025年6月）.xlsx": {"小区台账": {"row": [38], "Q39": 117.2143}},
    "物业服务质量考核评分表.xlsx": {"企业评分": {"F18": 10}},
    "望江片区上半年支出汇总.xlsx": {"支出汇总": {"I10": 2183}},
    "2025年一季度收费台账.xlsx": {
        "1月": {"D11": 520000},
        "2月": {"C4": 300},
        "3月": {"I3": None, "E6": 383000, "F7": 500, **{f"I{row}": None for row in range(4, 20)}},
    },
    "12345工单导出20250630.xlsx": {
        "Sheet1": {
            "I9": "请回电",
            "F14": "2025-04-21 12:23:00",
            "row": [19, 64, 76],
            "I22": "核对身份后办理",
            "C28": "2025-05-11 09:30:00",
            "J36": "是",
            "B43": "柳岸花园",
            "B55": "柳岸花园",
            "C50": "2025-02-27 10:00:00",
        }
    },
}  # fmt: skip


def check(paths: list[Path], warehouse: Path) -> build.Checked:
    return build.check(paths, warehouse, rules_of, tell=lambda *_, **__: None)


def edited(content: bytes, edits: Edits) -> bytes:
    """The workbook with these cells typed anew, as a spreadsheet program would leave it: the rest as it was."""
    parts = unzipped(content)
    for name, cells in edits.items():
        part = sheet_parts(parts)[name]
        root = etree.fromstring(parts[part])
        for row in root.iter(f"{MAIN}row"):
            if int(row.get("r") or 0) in cells.get("row", ()):
                for cell in row:
                    blank(cell)
        found = {cell.get("r"): cell for cell in root.iter(f"{MAIN}c")}
        for address, value in cells.items():
            if address != "row" and (address in found or value is not None):
                type_in(found[address], value)
        parts[part] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return zipped(parts)


def blank(cell: etree._Element) -> None:
    cell.attrib.pop("t", None)
    for child in list(cell):
        cell.remove(child)


def type_in(cell: etree._Element, value: Any) -> None:
    blank(cell)
    if isinstance(value, str):
        cell.set("t", "inlineStr")
        etree.SubElement(etree.SubElement(cell, f"{MAIN}is"), f"{MAIN}t").text = value
    elif value is not None:
        etree.SubElement(cell, f"{MAIN}v").text = repr(value)


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def sheet_parts(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Sheet → part, read from the XML by hand."""
    relations = etree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    targets = {one.get("Id"): (one.get("Target") or "").removeprefix("/xl/") for one in relations}
    return {
        one.get("name") or "": "xl/" + targets[next(v for k, v in one.attrib.items() if k.endswith("}id"))]
        for one in etree.fromstring(parts["xl/workbook.xml"]).iter("{*}sheet")
    }


def with_marks_taken_off(xml: bytes) -> bytes:
    """A sheet without what marking may change: styles, cells and rows that hold nothing, the comments' drawing."""
    root = etree.fromstring(xml)
    for cell in list(root.iter("{*}c")):
        cell.attrib.pop("s", None)
        if not len(cell):
            parent = cell.getparent()
            assert parent is not None
            parent.remove(cell)
    for row in list(root.iter("{*}row")):
        row.attrib.pop("spans", None)
        if not len(row) and set(row.attrib) == {"r"}:
            row.getparent().remove(row)
    for one in [*root.iter("{*}legacyDrawing"), *root.iter("{*}dimension")]:
        one.getparent().remove(one)
    for view in root.iter("{*}sheetView"):
        view.attrib.pop("tabSelected", None)
    return bytes(etree.tostring(root, method="c14n"))


def assert_all_else_is_untouched(before: bytes, after: bytes, marked: set[str]) -> None:
    old, new = unzipped(before), unzipped(after)
    sheets = sheet_parts(old)
    book = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
    touched = {sheets[name] for name in marked}
    around = {re.sub(r"([^/]+)$", r"_rels/\1.rels", part) for part in touched}
    changed = {name for name in old if new[name] != old[name]}
    assert changed <= book | touched | around | {name for name in old if "omments" in name or name.endswith(".vml")}
    for part in touched:
        assert with_marks_taken_off(new[part]) == with_marks_taken_off(old[part])


def assert_marked(path: Path, findings: list[dict[str, Any]], *, sheet_of: Mapping[str, str] | None = None) -> None:
    """Each cell with a finding is coloured and commented, and the first sheet links to it (by openpyxl)."""
    book = openpyxl.load_workbook(path)
    first = book.worksheets[0]
    assert str(first["A1"].value).startswith(OUR_SHEET_MARK)
    links = {cell.hyperlink.location: row for row in first.iter_rows() for cell in row if cell.hyperlink}
    for one in findings:
        name = (sheet_of or {}).get(one["source_sheet"], one["source_sheet"])
        where = one["source_cell"] or "A1"
        row = links["'{}'!{}".format(name.replace("'", "''"), where)]
        assert name in book.sheetnames
        assert one["source_file"] in [cell.value for cell in row]
        if one["source_cell"]:
            cell = book[name][one["source_cell"]]
            for area in book[name].merged_cells.ranges:
                if one["source_cell"] in area:
                    cell = book[name].cell(area.min_row, area.min_col)
            assert cell.fill.fgColor.rgb in COLOURS.values()
            if one["severity"] == "error":
                assert cell.fill.fgColor.rgb == COLOURS["error"]
            assert cell.comment is not None
            words = re.sub(r"\s", "", cell.comment.text)
            assert all(part in words for part in re.split("[，。；]", re.sub(r"\s", "", one["message_zh"])))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]], list[HandedBack]]:
    """The corpus handed back: the folder, the findings, what became of each file."""
    folder = tmp_path_factory.mktemp("corpus")
    found = check([CORPUS], folder / "wh")
    rows = found.findings.to_dicts()
    return folder, rows, hand_back([CORPUS], rows, folder / "back", "zh")


@needs_corpus
def test_every_faulty_cell_of_the_corpus_is_marked_and_all_else_keeps_its_bytes(
    corpus: tuple[Path, list[dict[str, Any]], list[HandedBack]],
) -> None:
    folder, rows, _ = corpus
    seen = 0
    for file in dict.fromkeys(row["source_file"] for row in rows):
        mine = [row for row in rows if row["source_file"] == file]
        if file.endswith(".xlsx") and mine[0]["code"] != "unreadable_file":
            assert_marked(folder / "back" / file, mine)
            marked = {row["source_sheet"] for row in mine if row["source_cell"]}
            assert_all_else_is_untouched((CORPUS / file).read_bytes(), (folder / "back" / file).read_bytes(), marked)
            seen += 1
        elif not file.endswith(".xlsx"):
            assert_marked((folder / "back" / file).with_suffix(".xlsx"), mine, sheet_of={"": "Sheet1"})
    assert seen >= 5


@needs_corpus
def test_a_file_that_cannot_be_read_is_said_not_to_be_marked(
    corpus: tuple[Path, list[dict[str, Any]], list[HandedBack]],
) -> None:
    broken = [one for one in corpus[2] if one.path is None]
    assert [(one.file, "没有标注：文件已损坏" in one.zh) for one in broken] == [("金桂园收费（传输中断）.xlsx", True)]


@needs_corpus
def test_sent_back_as_it_is_a_marked_workbook_has_the_same_findings_and_none_of_its_own(
    corpus: tuple[Path, list[dict[str, Any]], list[HandedBack]], tmp_path: Path
) -> None:
    folder, rows, _ = corpus

    def places(of: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
        return sorted(
            (Path(row["source_file"]).stem, row["source_sheet"] or "Sheet1", row["source_cell"], row["code"])
            for row in of
            if row["code"] != "unreadable_file"
        )

    for path in sorted(CORPUS.glob("*.xlsx")):
        if not (folder / "back" / path.name).exists() and "中断" not in path.name:
            shutil.copy(path, tmp_path / path.name)
    again = check([folder / "back", tmp_path], folder / "wh").findings.to_dicts()
    assert places(again) == places(rows)


@needs_corpus
def test_corrected_in_the_marked_workbooks_the_corpus_loads_without_a_finding(
    corpus: tuple[Path, list[dict[str, Any]], list[HandedBack]], tmp_path: Path
) -> None:
    folder, _, _ = corpus
    for path in sorted((folder / "back").iterdir()):
        (tmp_path / path.name).write_bytes(edited(path.read_bytes(), CORRECTIONS[path.name]))
    for path in CORPUS.glob("*.xlsx"):
        if not (tmp_path / path.name).exists() and "中断" not in path.name:
            shutil.copy(path, tmp_path / path.name)
    outcome = build.load([tmp_path], tmp_path / "wh", rules_of, tell=lambda *_, **__: None)
    left = check([tmp_path], tmp_path / "wh").findings.select("source_file", "source_cell", "message_zh").rows()
    assert left == []
    assert [outcome.count(one) for one in ("error", "warning", "info")] == [0, 0, 0]


@needs_corpus
@needs_office
def test_libreoffice_opens_and_saves_the_marked_workbooks_and_they_are_still_known_as_ours(
    corpus: tuple[Path, list[dict[str, Any]], list[HandedBack]], tmp_path: Path
) -> None:
    folder, rows, _ = corpus
    files = sorted((folder / "back").iterdir())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]
    subprocess.run([*command, str(tmp_path / "saved"), *map(str, files)], check=True, capture_output=True, timeout=500)
    assert sorted(path.name for path in (tmp_path / "saved").iterdir()) == [path.name for path in files]
    for path in files:
        mine = [row for row in rows if Path(row["source_file"]).stem == path.stem]
        assert_marked(tmp_path / "saved" / path.name, mine, sheet_of={"": "Sheet1"})
        names = [sheet.name for sheet in open_workbook(tmp_path / "saved" / path.name).sheets]
        assert not any("检查结果" in name for name in names)


def test_the_planted_mistakes_of_the_demo_street_are_marked_and_once_corrected_are_gone(
    tmp_path: Path, demo_street: Path
) -> None:
    street = tmp_path / "street"
    connection = open_published(demo_street / "warehouse")
    faulty = {str(one) for (one,) in connection.execute("SELECT DISTINCT source_file FROM findings").fetchall()}
    told = "SELECT source_file FROM findings UNION SELECT source_file FROM mart_brought WHERE kind = 'estates'"
    for (file,) in connection.execute(told).fetchall():
        (street / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(demo_street / "raw" / file, street / file)
    shutil.copy2(demo_street / "raw" / "street.toml", street)
    connection.close()
    rows = check([street], tmp_path / "wh").findings.to_dicts()
    assert {str(row["source_file"]) for row in rows} == faulty
    back = hand_back([street], rows, tmp_path / "back", "both")
    assert all(one.path for one in back)
    planted = {
        "4892.9": 510.3, "-350": 350, "481": 381, "待核实": 80000.0, "梧桐三村": "梧桐二村", None: "row",
    }  # fmt: skip
    for one in back:
        assert one.path is not None
        mine = [row for row in rows if row["source_file"] == one.file]
        assert_marked(one.path, mine, sheet_of={"": "Sheet1"})
        edits: Edits = {}
        for row in mine:
            cells = edits.setdefault(row["source_sheet"] or "Sheet1", {})
            if row["code"] == "duplicate":
                cells["row"] = [int(row["source_cell"].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))]
            elif row["code"] == "unknown_estate":
                cells |= dict.fromkeys(cells_saying(one.path, row["raw_value"]), planted[row["raw_value"]])
            elif row["code"] == "personal_data":
                cells[row["source_cell"]] = row["raw_value"].replace("×", "")
            else:
                cells[row["source_cell"]] = planted[row["raw_value"]]
        old = street / one.file
        stat = old.stat()
        old.unlink()
        new = old.with_suffix(".xlsx")
        new.write_bytes(edited(one.path.read_bytes(), edits))
        os.utime(new, (stat.st_atime, stat.st_mtime))
    left = check([street], tmp_path / "wh").findings.select("source_file", "source_cell", "code", "message_zh").rows()
    assert left == []


def cells_saying(path: Path, text: str) -> list[str]:
    """The cells that say exactly this: a name that no register lists is told once a file, and corrected everywhere."""
    page = openpyxl.load_workbook(path).worksheets[1]
    return [cell.coordinate for row in page.iter_rows() for cell in row if cell.value == text]


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cfc0f01f0005000101a5f645400000000049454e44ae426082"
)


def rich_workbook() -> bytes:
    """A workbook with all that marking must not lose: notes, a button, pictures, a chart, names, hidden rows, an open
    second sheet, rich text, a data bar, a merged cell."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    plain = book.add_worksheet("封面")
    plain.write("A1", "某街道收费表")
    page = book.add_worksheet("收 费's")
    rows = [["小区", "期间", "应收金额", "实收金额"]] + [
        [f"{n}号院", "2025年3月", 100 * n, 90 * n] for n in range(1, 9)
    ]
    for at, row in enumerate(rows):
        page.write_row(at, 0, row)
    page.write_rich_string("F1", "普通", book.add_format({"bold": True}), "加粗", "普通")
    page.write_comment("C2", "社区自己的批注", {"author": "王敏"})
    page.write_comment("A9", "不相干的批注", {"author": "王敏"})
    page.insert_button("H2", {"caption": "按钮"})
    page.insert_image("H6", "a.png", {"image_data": io.BytesIO(PNG)})
    page.set_header("&L&G", {"image_left": "h.png", "image_data_left": io.BytesIO(PNG)})
    page.conditional_format("D2:D9", {"type": "data_bar", "data_bar_2010": True})
    page.merge_range("A11:B12", "合并", book.add_format({"bg_color": "#00FF00"}))
    page.set_row(4, None, None, {"hidden": True})
    page.set_column(3, 3, 12, book.add_format({"num_format": "0.00"}))
    page.print_area("A1:D9")
    page.repeat_rows(0)
    page.activate()
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='收 费''s'!$C$2:$C$9"})
    page.insert_chart("J2", chart)
    other = book.add_worksheet("其他")
    other.write("B2", "=SUM('收 费''s'!C2:C9)")
    other.autofilter("A1:B3")
    book.define_name("户数", "='收 费''s'!$C$2")
    book.define_name("'其他'!本表", "=其他!$B$2")
    book.close()
    return out.getvalue()


def fault(cell: str, severity: Any = "error", sheet: str = "收 费's", wrong: str = "不对。") -> Said:
    return Said("a.xlsx", sheet, cell, severity, "原值", wrong, "请改。")


FAULTS = [
    fault("C2"),
    fault("D5", "warning"),
    fault("B12"),
    fault("E20"),
    fault("D3", "info"),
    fault("C2", "warning", wrong="再看。"),
]


def test_what_stands_in_a_workbook_is_kept_beside_the_marks(tmp_path: Path) -> None:
    before = rich_workbook()
    after = annotated(before, FAULTS, "zh")
    assert_all_else_is_untouched(before, after, {"收 费's"})
    path = tmp_path / "a.xlsx"
    path.write_bytes(after)
    book = openpyxl.load_workbook(path, rich_text=True)
    page = book["收 费's"]
    assert book.sheetnames == ["检查结果", "封面", "收 费's", "其他"]
    comments = {cell.coordinate: cell.comment.text for row in page.iter_rows() for cell in row if cell.comment}
    assert comments["A9"] == "不相干的批注"
    assert comments["C2"] == f"社区自己的批注\n\n{OPENS}错误：不对。\n请改。\n\n提醒：再看。\n请改。"
    assert set(comments) == {"A9", "C2", "D5", "A11", "E20", "D3"}
    assert page["C2"].fill.fgColor.rgb == COLOURS["error"]
    assert page["D5"].fill.fgColor.rgb == COLOURS["warning"]
    assert page["D3"].fill.fgColor.rgb == COLOURS["info"]
    assert (page["D5"].number_format, page["E20"].fill.fgColor.rgb) == ("0.00", COLOURS["error"])
    assert page["A11"].fill.fgColor.rgb == COLOURS["error"]


def test_what_counts_sheets_from_the_front_counts_one_more_and_one_sheet_is_open() -> None:
    before, after = unzipped(rich_workbook()), unzipped(annotated(rich_workbook(), FAULTS, "zh"))

    def names(parts: Mapping[str, bytes]) -> dict[tuple[str | None, str | None], tuple[str | None, str | None]]:
        book = etree.fromstring(parts["xl/workbook.xml"])
        order = [one.get("name") for one in book.iter("{*}sheet")]
        return {
            (one.get("name"), one.text): (
                one.get("localSheetId") and order[int(one.get("localSheetId") or 0)],
                one.get("hidden"),
            )
            for one in book.iter("{*}definedName")
        }

    assert len(names(before)) == 5
    assert names(after) == names(before)
    book = etree.fromstring(after["xl/workbook.xml"])
    assert [view.get("activeTab") for view in book.iter("{*}workbookView")] == ["0"]
    selected = [name for name, part in sheet_parts(after).items() if b'tabSelected="1"' in after[part]]
    assert selected == ["检查结果"]


def test_a_workbook_left_open_on_a_sheet_without_a_fault_stays_so_and_that_sheet_keeps_its_bytes() -> None:
    before = rich_workbook()
    after = annotated(before, [fault("B2", sheet="其他")], "zh")
    assert_all_else_is_untouched(before, after, {"其他"})
    book = etree.fromstring(unzipped(after)["xl/workbook.xml"])
    assert [view.get("activeTab") for view in book.iter("{*}workbookView")] == ["2"]


def test_a_fault_that_is_hidden_says_so_and_links_quote_the_sheets_name() -> None:
    parts = unzipped(annotated(rich_workbook(), FAULTS, "zh"))
    listing = etree.fromstring(parts[f"xl/worksheets/{OUR_PART}"])
    locations = [one.get("location") for one in listing.iter("{*}hyperlink")]
    assert locations == [f"'收 费''s'!{cell}" for cell in ("C2", "D5", "B12", "E20", "D3", "C2")]
    texts = ["".join(row.itertext()) for row in listing.iter("{*}row")]
    assert [("被隐藏" in text) for text in texts[-6:]] == [False, True, False, False, False, False]


def test_the_boxes_of_comments_have_numbers_of_their_own_and_stand_beside_the_button() -> None:
    parts = unzipped(annotated(rich_workbook(), FAULTS, "zh"))
    vml = next(content for name, content in parts.items() if name.endswith(".vml") and b"Button" in content)
    etree.fromstring(vml)
    numbers = re.findall(rb'<v:shape [^>]*?id="_x0000_s(\d+)"', vml)
    assert len(numbers) == len(set(numbers)) == 1 + 2 + 4
    assert vml.count(b"<v:shapetype") == len(set(re.findall(rb'<v:shapetype [^>]*?id="([^"]+)"', vml)))


def test_marked_again_a_corrected_workbook_loses_the_old_marks(tmp_path: Path) -> None:
    before = rich_workbook()
    once = annotated(before, FAULTS, "zh")
    twice = annotated(once, [fault("B3")], "zh")
    path = tmp_path / "a.xlsx"
    path.write_bytes(twice)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["检查结果", "封面", "收 费's", "其他"]
    page = book["收 费's"]
    comments = {cell.coordinate: cell.comment.text for row in page.iter_rows() for cell in row if cell.comment}
    assert comments == {"A9": "不相干的批注", "C2": "社区自己的批注", "B3": f"{OPENS}错误：不对。\n请改。"}
    coloured = [
        c.coordinate
        for row in page.iter_rows()
        for c in row
        if c.fill.fgColor.rgb in COLOURS.values() and c.fill.patternType
    ]
    assert coloured == ["B3"]
    assert len([row for row in book.worksheets[0].iter_rows() if row[0].value == "1"]) == 1


def test_a_workbook_in_the_strict_format_is_marked_in_its_own_words() -> None:
    transitional = unzipped(rich_workbook())
    pairs = (
        (
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
        (
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    )
    strict = {}
    for name, content in transitional.items():
        strict[name] = functools.reduce(lambda text, pair: text.replace(*pair), pairs, content)
    parts = unzipped(annotated(zipped(strict), [fault("B3"), fault("B2", sheet="其他")], "zh"))
    assert not [name for name, content in parts.items() if b"schemas.openxmlformats.org/spreadsheetml" in content]
    listing = etree.fromstring(parts[f"xl/worksheets/{OUR_PART}"])
    assert listing.tag == "{http://purl.oclc.org/ooxml/spreadsheetml/main}worksheet"
    path = sheet_parts(parts)["其他"]
    rels = parts[re.sub(r"([^/]+)$", r"_rels/\1.rels", path)]
    assert b"http://purl.oclc.org/ooxml/officeDocument/relationships/comments" in rels


def test_many_faults_of_one_sheet_are_all_marked() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("一").write("A1", "小区")
    book.close()
    faults = [fault(f"C{row}", sheet="一") for row in range(1, 2501)]
    parts = unzipped(annotated(out.getvalue(), faults, "en"))
    comments = etree.fromstring(parts["xl/lianping_comments1.xml"])
    assert len(list(comments.iter("{*}comment"))) == 2500
    vml = parts["xl/drawings/lianping_comments1.vml"]
    assert b'data="1,2,3"' in vml
    sheet = etree.fromstring(parts["xl/worksheets/sheet1.xml"])
    assert [row.get("r") for row in sheet.iter("{*}row")] == [str(n) for n in range(1, 2501)]


def test_a_workbook_with_macros_is_copied_instead_and_says_so(tmp_path: Path) -> None:
    parts = unzipped(rich_workbook())
    with pytest.raises(UnpatchableError):
        annotated(zipped(parts | {"xl/vbaProject.bin": b"macro"}), FAULTS, "zh")
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "宏.xlsx").write_bytes(zipped(parts | {"xl/vbaProject.bin": b"macro"}))
    row = {
        "source_file": "宏.xlsx", "source_sheet": "收 费's", "source_cell": "C2", "code": "unparseable",
        "severity": "error", "raw_value": "x", "message_zh": "读不出来。请填数字。",
        "message_en": "It can't be read: type a number.",
    }  # fmt: skip
    done = hand_back([tmp_path / "raw"], [row], tmp_path / "back", "zh")
    assert "副本" in done[0].zh
    assert done[0].path is not None
    book = openpyxl.load_workbook(done[0].path)
    words = [str(cell.value) for line in book.worksheets[0].iter_rows(max_row=4) for cell in line]
    assert any("带有宏" in one and "不在其中" in one for one in words)
    assert book["收 费's"]["C2"].fill.fgColor.rgb == COLOURS["error"]


BAD = "小区,期间,应收金额\n翠湖花园,2025年3月,见附件\n"


def write(folder: Path, name: str, text: str = BAD) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def run(*arguments: str) -> Any:
    return CliRunner().invoke(commands, ["check", *arguments])


def test_files_of_one_name_in_two_folders_are_written_apart(tmp_path: Path) -> None:
    write(tmp_path / "甲", "收费.csv")
    write(tmp_path / "乙", "收费.csv", BAD.replace("见附件", "待定"))
    write(tmp_path / "甲", "收费.xls", BAD.replace("见附件", "再说"))
    told = run(
        str(tmp_path / "甲"),
        str(tmp_path / "乙"),
        "--annotate",
        str(tmp_path / "退"),
        "--warehouse",
        str(tmp_path / "w"),
    )
    assert told.exit_code == 1
    written = sorted(path.relative_to(tmp_path / "退").as_posix() for path in (tmp_path / "退").rglob("*.xlsx"))
    assert written == ["乙/收费.xlsx", "收费.xlsx", "甲/收费.xlsx"]
    said = [openpyxl.load_workbook(tmp_path / "退" / one).worksheets[1]["C2"].value for one in written]
    assert sorted(said) == ["再说", "待定", "见附件"]


def test_files_that_differ_only_in_their_ending_are_written_apart(tmp_path: Path) -> None:
    write(tmp_path / "raw", "收费.csv")
    write(tmp_path / "raw", "收费.xls", BAD.replace("见附件", "再说"))
    run(str(tmp_path / "raw"), "--annotate", str(tmp_path / "退"), "--warehouse", str(tmp_path / "w"))
    written = sorted(path.name for path in (tmp_path / "退").iterdir())
    assert written == ["收费.xls.xlsx", "收费.xlsx"]
    said = [openpyxl.load_workbook(tmp_path / "退" / one).worksheets[1]["C2"].value for one in written]
    assert said == ["再说", "见附件"]


@pytest.mark.parametrize(
    ("file", "safe"),
    [
        ("a/../../b.xlsx", "a/_/_/b.xlsx"),
        ("..\\..\\b.xlsx", ".._.._b.xlsx"),
        ("C:\\b.xlsx", "C__b.xlsx"),
        ("社区/一月.xlsx", "社区/一月.xlsx"),
        ("con.xlsx", "_con.xlsx"),
        ("/etc/b.xlsx", "etc/b.xlsx"),
    ],
)
def test_a_name_like_a_path_leads_nowhere(file: str, safe: str) -> None:
    assert safe_name(file).as_posix() == safe


def test_a_file_named_like_a_path_is_written_into_the_folder(tmp_path: Path) -> None:
    write(tmp_path / "raw", "C:\\..\\收费.csv")
    told = run(str(tmp_path / "raw"), "--annotate", str(tmp_path / "退"), "--warehouse", str(tmp_path / "w"))
    assert [path.name for path in (tmp_path / "退").iterdir()] == ["C__.._收费.xlsx"]
    assert "C__.._收费.xlsx" in told.stderr


def test_a_folder_that_cannot_be_written_to_or_lies_among_the_files_is_refused_before_anything_is_read(
    tmp_path: Path,
) -> None:
    write(tmp_path / "raw", "收费.csv")
    (tmp_path / "文件").write_text("")
    for into, words in (
        (tmp_path / "文件", "不能写到"),
        (tmp_path / "raw" / "退", "在要检查的文件夹"),
        (Path("/proc/退"), "不能写到"),
    ):
        told = run(str(tmp_path / "raw"), "--annotate", str(into), "--warehouse", str(tmp_path / "w"))
        assert (told.exit_code, words in told.stderr, told.stdout) == (2, True, "")
    with pytest.raises(NoFolderError):
        prepare(tmp_path / "raw", [tmp_path / "raw"])


def test_a_marked_workbook_that_someone_saved_is_not_overwritten_but_an_untouched_one_is(tmp_path: Path) -> None:
    write(tmp_path / "raw", "收费.csv")
    arguments = (str(tmp_path / "raw"), "--annotate", str(tmp_path / "退"), "--warehouse", str(tmp_path / "w"))
    run(*arguments)
    again = run(*arguments)
    assert "已经有一个文件" not in again.stderr
    assert again.stderr.splitlines()[-1] == f"写好 1 份标注表，在 {tmp_path / '退'}。"
    book = openpyxl.load_workbook(tmp_path / "退" / "收费.xlsx")
    book.worksheets[1]["C2"] = 5
    book.save(tmp_path / "退" / "收费.xlsx")
    third = run(*arguments)
    assert "已经有一个文件，可能有人正在改，没有覆盖" in third.stderr
    assert openpyxl.load_workbook(tmp_path / "退" / "收费.xlsx").worksheets[1]["C2"].value == 5


def test_a_copy_of_a_csv_says_so_in_both_languages_and_holds_its_values(tmp_path: Path) -> None:
    write(tmp_path / "raw", "收费.csv", "小区,期间,应收金额\n翠湖花园,2025年3月,见附件\n0012号院,2025年3月,12.50\n")
    rows = check([tmp_path / "raw"], tmp_path / "w").findings.to_dicts()
    [done] = hand_back(
        [tmp_path / "raw"], [row for row in rows if row["code"] == "unparseable"], tmp_path / "退", "both"
    )
    assert done.path is not None
    book = openpyxl.load_workbook(done.path)
    words = "".join(str(cell.value) for line in book.worksheets[0].iter_rows(max_row=4) for cell in line)
    assert ("只有数值的 .xlsx 副本" in words, "a .csv text" in words) == (True, True)
    with (tmp_path / "raw" / "收费.csv").open(encoding="utf-8") as file:
        assert [[str(c.value) for c in line] for line in book.worksheets[1].iter_rows()] == list(csv.reader(file))
    comment = book.worksheets[1]["C2"].comment
    assert (comment.author, comment.text.startswith(OPENS)) == (AUTHOR, True)
    assert ("读不出来" in comment.text, "can't be read" in comment.text) == (True, True)


@pytest.mark.parametrize(
    ("message", "wrong", "to_do"),
    [
        ("应收填的是“请看附件。”，读不出来。请填数字。", "应收填的是“请看附件。”，读不出来。", "请填数字。"),
        ("满意数（68）大于有效数（60），请核对这两个数。", "满意数（68）大于有效数（60）。", "请核对这两个数。"),
        ("相近的有：柳岸。若是其中之一，请改用。", "相近的有：柳岸。", "若是其中之一，请改用。"),
        ("这一列没有读入。", "这一列没有读入。", "否则。"),
    ],
)
def test_a_message_falls_into_what_is_wrong_and_what_to_type(message: str, wrong: str, to_do: str) -> None:
    assert split_zh(message, "否则。") == (wrong, to_do)


def test_an_english_message_falls_apart_where_it_says_what_to_do() -> None:
    assert split_en("It says “x. Type y”, which can't be read: type a number.", "") == (
        "It says “x. Type y”, which can't be read.",
        "Type a number.",
    )
    assert split_en("The column was not read.", "Leave it.") == ("The column was not read.", "Leave it.")
