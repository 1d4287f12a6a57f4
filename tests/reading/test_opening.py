"""Every format as addressed cells."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

import odf.opendocument
import odf.style
import odf.table
import odf.text
import openpyxl
import polars as pl
import pytest
import xlsxwriter
import xlwt

from pipelines.reading.opening import OUR_SHEET_MARK, open_workbook
from pipelines.reading.sheets import Merge, Sheet, Unreadable, Workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def opened(folder: Path, name: str, content: bytes | str) -> Workbook:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_workbook(path)


def rows(sheet: Sheet) -> list[tuple[str | None, ...]]:
    assert sheet.cells.columns == [str(i) for i in range(sheet.cells.width)]
    assert set(sheet.cells.dtypes) <= {pl.String}
    return sheet.cells.rows()


def xlsx(body: str, *, strings: str = "", styles: str = "", book: str = "", after: str = "", prefix: str = "") -> bytes:
    """A workbook of one sheet S, written by hand."""
    out = io.BytesIO()
    space = f'xmlns{":" + prefix.rstrip(":") if prefix else ""}="{MAIN}"'
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{OFFICE}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        z.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{book}'
            f'<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>",
        )
        z.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}">'
            f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
            f'<Relationship Id="r3" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        )
        z.writestr(
            "xl/worksheets/sheet1.xml",
            f"<{prefix}worksheet {space}><{prefix}sheetData>{body}</{prefix}sheetData>{after}</{prefix}worksheet>",
        )
        if strings:
            z.writestr(
                "xl/sharedStrings.xml",
                f'<sst xmlns="{MAIN}" count="4000000000" uniqueCount="4000000000">{strings}</sst>',
            )
        if styles:
            z.writestr("xl/styles.xml", f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>')
    return out.getvalue()


def test_leading_blank_rows_and_columns_stay_and_trailing_ones_go(tmp_path: Path) -> None:
    book = opened(
        tmp_path,
        "a.xlsx",
        xlsx(
            '<row r="3"><c r="C3"><v>8</v></c><c r="D3" t="str"><v> </v></c></row>'
            '<row r="5"><c r="C5" s="1"/></row><row r="6"><c r="F6" t="str"><v>\u3000</v></c></row>'
        ),
    )
    assert [rows(sheet) for sheet in book.sheets] == [[(None, None, None), (None, None, None), (None, None, "8")]]


def test_the_first_cell_is_never_lost_and_never_made_up(tmp_path: Path) -> None:
    assert rows(opened(tmp_path, "a.xlsx", xlsx('<row r="1"><c r="A1"><v>1</v></c></row>')).sheets[0]) == [("1",)]
    assert rows(opened(tmp_path, "b.xlsx", xlsx('<row r="1"><c r="B1"><v>1</v></c></row>')).sheets[0]) == [(None, "1")]


def test_values_of_an_xlsx_are_written_plainly(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("甲")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    month = book.add_format({"num_format": 'yyyy"年"m"月"'})
    clock = book.add_format({"num_format": "h:mm"})
    percent = book.add_format({"num_format": "0%"})
    yuan = book.add_format({"num_format": '0.00"%的元"'})
    sheet.write_row(0, 0, [8, 0.25, 1e21, 1e-9, 123456.5, True, " 文本\r\n二 ", "00123"])
    sheet.write_datetime(1, 0, datetime(2025, 3, 1), day)
    sheet.write_datetime(1, 1, datetime(2025, 3, 1, 13, 5), day)
    sheet.write_number(1, 2, 45658, month)
    sheet.write_number(1, 3, 0.5, clock)
    sheet.write_number(1, 4, 1, percent)
    sheet.write_number(1, 5, 2, yuan)
    sheet.write_formula(2, 0, "=1/0", None, "#DIV/0!")
    sheet.write_formula(2, 1, "=1+1", None, 2)
    sheet.write_string(2, 2, "#DIV/0!")
    sheet.merge_range(3, 0, 4, 2, "合并")
    book.add_worksheet("空").hide()
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=甲!$A$1:$B$1"})
    book.add_chartsheet("图").set_chart(chart)
    book.set_properties({"created": datetime(2025, 4, 1, 1, 0)})
    book.close()
    read = open_workbook(path)
    assert read.format == "xlsx"
    assert read.modified == datetime(2025, 4, 1, 9, 0)
    assert [(sheet.name, sheet.hidden) for sheet in read.sheets] == [("甲", False), ("空", True)]
    first, empty = read.sheets
    assert rows(first) == [
        ("8", "0.25", "1000000000000000000000", "0.000000001", "123456.5", "true", " 文本\r\n二 ", "00123"),
        (
            "2025-03-01 00:00:00",
            "2025-03-01 13:05:00",
            "2025-01-01 00:00:00",
            "1899-12-31 12:00:00",
            "1",
            "2",
            None,
            None,
        ),
        (None, "2", "#DIV/0!", None, None, None, None, None),
        ("合并", None, None, None, None, None, None, None),
    ]
    assert first.merges == (Merge(3, 0, 3, 2),)
    assert first.errors == {(2, 0): "#DIV/0!"}
    assert first.percents == {(1, 4)}
    assert first.uncached == frozenset()
    assert empty.cells.shape == (0, 0)


def test_formulas_without_a_stored_result_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B2"], book.active["C1"] = "x", "=1+1", '="a<b"'
    book.save(path)
    sheet = open_workbook(path).sheets[0]
    assert sheet.uncached == {(1, 1), (0, 2)}
    empty_text = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="str"><f>IF(1,"")</f><v></v></c>'
        '<c r="C1"><f t="shared" si="0"/></c></row>'
    )
    assert opened(tmp_path, "b.xlsx", xlsx(empty_text)).sheets[0].uncached == {(0, 2)}


def test_texts_of_an_xlsx_keep_their_runs_and_leave_out_phonetics(tmp_path: Path) -> None:
    strings = (
        "<si><r><t>翠</t></r><r><rPr><b/></rPr><t>湖</t></r></si>"
        '<si><t>小区</t><rPh sb="0" eb="1"><t>xiao</t></rPh><phoneticPr fontId="1"/></si>'
        "<si><t>甲_x000D_\n乙_x005F_x0041_&amp;&lt;</t></si>"
    )
    body = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c>'
        '<c r="D1" t="inlineStr"><is><r><t>a</t></r><r><t xml:space="preserve"> b</t></r></is></c></row>'
    )
    assert rows(opened(tmp_path, "a.xlsx", xlsx(body, strings=strings)).sheets[0]) == [
        ("翠湖", "小区", "甲\r\n乙_x0041_&<", "a b")
    ]


def test_dates_of_the_1904_system_and_of_chinese_built_in_formats(tmp_path: Path) -> None:
    formats = "".join(f'<xf numFmtId="{number}"/>' for number in (0, 14, 31, 57))
    styles = f'<cellXfs count="4000000000">{formats}</cellXfs>'
    body = (
        '<row r="1"><c r="A1" s="1"><v>43831</v></c><c r="B1" s="2"><v>43831.5</v></c><c r="C1" s="3"><v>43831</v></c>'
        '<c r="D1" s="0"><v>43831</v></c><c r="E1" t="d"><v>2020-01-01T08:30:00</v></c></row>'
    )
    assert rows(opened(tmp_path, "a.xlsx", xlsx(body, styles=styles)).sheets[0]) == [
        ("2020-01-01 00:00:00", "2020-01-01 12:00:00", "2020-01-01 00:00:00", "43831", "2020-01-01 08:30:00")
    ]
    since_1904 = xlsx(body, styles=styles, book='<workbookPr date1904="1"/>')
    assert rows(opened(tmp_path, "b.xlsx", since_1904).sheets[0]) == [
        ("2024-01-02 00:00:00", "2024-01-02 12:00:00", "2024-01-02 00:00:00", "43831", "2020-01-01 08:30:00")
    ]


@pytest.mark.parametrize(
    ("body", "prefix"),
    [
        ("<row><c/><c><v>1</v></c></row><row/><row><c t='str'><v>x&amp;y</v></c></row>", ""),
        ("<row r='1'><c r='B1'><v>1</v></c></row><row r='3'><c t='str' r='A3'><v>x&amp;y</v></c></row>", ""),
        (
            (
                '<x:row r="1"><x:c r="B1"><x:v>1</x:v></x:c></x:row>'
                '<x:row r="3"><x:c r="A3" t="str"><x:v>x&amp;y</x:v></x:c></x:row>'
            ),
            "x:",
        ),
        ('<row r="1"\n><c\nr="B1"><v>1</v></c></row><row r="3"><c s="0" r="A3" t="str"><v>x&amp;y</v></c></row>', ""),
    ],
    ids=["no addresses", "other quotes", "prefixes", "other order"],
)
def test_unusual_but_valid_sheets_read_alike(tmp_path: Path, body: str, prefix: str) -> None:
    after = f'<{prefix}mergeCells count="1"><{prefix}mergeCell ref="A1:B2"/></{prefix}mergeCells>'
    sheet = opened(tmp_path, "a.xlsx", xlsx(body, prefix=prefix, after=after)).sheets[0]
    assert rows(sheet) == [(None, "1"), (None, None), ("x&y", None)]
    assert sheet.merges == (Merge(0, 0, 1, 1),)


def test_a_dimension_and_counts_that_lie_do_no_harm(tmp_path: Path) -> None:
    lying = xlsx('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings="<si><t>x</t></si>")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(lying)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>'))
    assert rows(opened(tmp_path, "a.xlsx", out.getvalue()).sheets[0]) == [("x",)]


def test_our_own_findings_sheet_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "小区"
    book.create_sheet("联评批注")["A1"] = f"{OUR_SHEET_MARK} 2025-07-01"
    book.create_sheet("别的")["A1"] = "联评"
    book.save(path)
    assert [sheet.name for sheet in open_workbook(path).sheets] == ["Sheet", "别的"]


def old_xls() -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("一月")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    percent = xlwt.easyxf(num_format_str="0.0%")
    for column, value in enumerate([8, 0.25, 1 / 3, -1234567.5, True, "文本\n二", "latin", 1e15]):
        sheet.write(2, column + 1, value)
    sheet.write(3, 1, datetime(2025, 3, 1, 13, 5), day)
    sheet.write(3, 2, 1, percent)
    sheet.write_merge(4, 5, 1, 2, "合并")
    sheet.write(6, 1, "   ")
    hidden = book.add_sheet("藏")
    hidden.visibility = 1
    for row in range(3000):
        hidden.write(row, 0, f"很长的文字{row}" * (1 + row % 9))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_values_of_an_xls_are_written_as_those_of_an_xlsx(tmp_path: Path) -> None:
    book = opened(tmp_path, "a.xls", old_xls())
    assert book.format == "xls"
    first, hidden = book.sheets
    nothing = (None,) * 9
    assert rows(first) == [
        nothing,
        nothing,
        (None, "8", "0.25", "0.333333333", "-1234567.5", "true", "文本\n二", "latin", "1000000000000000"),
        (None, "2025-03-01 13:05:00", "1", *nothing[3:]),
        (None, "合并", *nothing[2:]),
    ]
    assert (first.merges, first.percents, first.hidden) == ((Merge(4, 1, 4, 2),), {(3, 2)}, False)
    assert hidden.hidden
    assert rows(hidden) == [(f"很长的文字{row}" * (1 + row % 9),) for row in range(3000)]


def open_document() -> bytes:
    book = odf.opendocument.OpenDocumentSpreadsheet()
    hidden = odf.style.Style(name="hid", family="table")
    hidden.addElement(odf.style.TableProperties(display="false"))
    book.automaticstyles.addElement(hidden)
    table = odf.table.Table(name="支出")
    table.addElement(odf.table.TableColumn(numbercolumnsrepeated=1024))
    table.addElement(odf.table.TableRow(numberrowsrepeated=2))

    def row(*cells: odf.table.TableCell, repeated: int = 1) -> None:
        line = odf.table.TableRow(numberrowsrepeated=repeated)
        for cell in cells:
            line.addElement(cell)
        table.addElement(line)

    def text(content: str, **more: object) -> odf.table.TableCell:
        cell = odf.table.TableCell(valuetype="string", **more)
        for part in content.split("\n"):
            paragraph = odf.text.P()
            before, gap, after = part.partition("  ")
            paragraph.addText(before)
            if gap:
                paragraph.addElement(odf.text.S(c=2))
                paragraph.addText(after)
            cell.addElement(paragraph)
        return cell

    row(
        odf.table.TableCell(),
        text("甲  乙\n丙", numbercolumnsspanned=2, numberrowsspanned=2),
        odf.table.CoveredTableCell(),
    )
    row(
        odf.table.TableCell(),
        odf.table.CoveredTableCell(),
        odf.table.CoveredTableCell(),
        odf.table.TableCell(valuetype="float", value="1.5E3"),
        odf.table.TableCell(valuetype="percentage", value="0.68"),
        odf.table.TableCell(valuetype="date", datevalue="2025-03-01"),
        odf.table.TableCell(valuetype="date", datevalue="2025-03-01T13:05:00"),
        odf.table.TableCell(valuetype="boolean", booleanvalue="true"),
        odf.table.TableCell(valuetype="time", timevalue="PT12H30M00S"),
        odf.table.TableCell(formula="of:=1+1"),
    )
    row(
        odf.table.TableCell(valuetype="float", value="7", numbercolumnsrepeated=2),
        odf.table.TableCell(numbercolumnsrepeated=16000),
        repeated=2,
    )
    row(odf.table.TableCell(numbercolumnsrepeated=16384), repeated=1048000)
    book.spreadsheet.addElement(table)
    other = odf.table.Table(name="藏", stylename=hidden)
    book.spreadsheet.addElement(other)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_an_open_document_with_repeated_and_spanning_cells(tmp_path: Path) -> None:
    book = opened(tmp_path, "a.ods", open_document())
    assert book.format == "ods"
    first, hidden = book.sheets
    nothing = (None,) * 9
    assert rows(first) == [
        nothing,
        nothing,
        (None, "甲  乙\n丙", *nothing[2:]),
        (None, None, None, "1500", "0.68", "2025-03-01 00:00:00", "2025-03-01 13:05:00", "true", "1899-12-31 12:30:00"),
        ("7", "7", *nothing[2:]),
        ("7", "7", *nothing[2:]),
    ]
    assert first.merges == (Merge(2, 1, 3, 2),)
    assert first.percents == {(3, 4)}
    assert first.uncached == {(3, 9)}
    assert (hidden.name, hidden.hidden, first.hidden) == ("藏", True, False)


PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="{charset}"><title>不读</title>
<style>td {{mso-number-format: General}}</style></head><body><h3>翠湖社区 收费表</h3>
<table><tr><th rowspan=2>小区</th><th colspan="2">一季度</th></tr><tr><td>应收<br>（元）</td><td>实收</td></tr>
<tr><td>甲 &amp; 乙</td><td>1,000</td><td>&nbsp;</td></tr><tr></tr>
<tr><td><p>丙</p><p>园</p></td><td colspan=2><table><tr><td>5</td></tr></table></td></tr></table>
<p>填表人：王</p></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_a_web_page_named_xls_is_laid_out_as_the_spreadsheet_programs_do(tmp_path: Path, charset: str) -> None:
    content = PAGE.format(charset=charset).encode("gb18030" if charset == "gb2312" else charset)
    book = opened(tmp_path, "a.xls", content)
    assert book.format == "html"
    assert rows(book.sheets[0]) == [
        ("翠湖社区 收费表", None, None),
        ("小区", "一季度", None),
        (None, "应收\n（元）", "实收"),
        ("甲 & 乙", "1,000", None),
        (None, None, None),
        ("丙\n园", "5", None),
        ("填表人：王", None, None),
    ]
    assert book.sheets[0].merges == (Merge(1, 0, 2, 0), Merge(1, 1, 1, 2), Merge(5, 1, 5, 2))


def test_a_single_file_web_page_is_unpacked(tmp_path: Path) -> None:
    content = (
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n'
        '--b\nContent-Type: text/html; charset="utf-8"\n'
        "Content-Transfer-Encoding: quoted-printable\n\n"
        "<html><body><table><tr><td>=E5=B0=8F=E5=8C=BA</td><td>1</td></tr></table></body></html>\n--b--\n"
    )
    assert rows(opened(tmp_path, "a.xls", content).sheets[0]) == [("小区", "1")]


def test_a_2003_xml_spreadsheet_named_xls(tmp_path: Path) -> None:
    content = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">
<DocumentProperties xmlns="urn:schemas-microsoft-com:office:office">
<LastSaved>2025-04-01T01:00:00Z</LastSaved></DocumentProperties>
<Styles><Style ss:ID="p"><NumberFormat ss:Format="Percent"/></Style></Styles>
<Worksheet ss:Name="收费"><Table><Row ss:Index="2"><Cell ss:Index="2" ss:MergeAcross="1" ss:MergeDown="1">
<Data ss:Type="String">标题</Data></Cell>
<Cell><Data ss:Type="Number">1.5E3</Data></Cell></Row>
<Row><Cell><Data ss:Type="Number">7</Data></Cell><Cell ss:StyleID="p"><Data ss:Type="Number">0.68</Data></Cell></Row>
<Row><Cell><Data ss:Type="DateTime">2025-03-01T00:00:00.000</Data></Cell><Cell><Data ss:Type="Boolean">1</Data></Cell>
<Cell ss:Formula="=1/0"><Data ss:Type="Error">#DIV/0!</Data></Cell><Cell ss:Formula="=1"/></Row></Table></Worksheet>
<Worksheet ss:Name="藏"><Table/>
<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel">
<Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>
</Workbook>"""
    book = opened(tmp_path, "a.xls", content)
    assert (book.format, book.modified) == ("xml", datetime(2025, 4, 1, 9, 0))
    first, hidden = book.sheets
    assert rows(first) == [
        (None, None, None, None),
        (None, "标题", None, "1500"),
        ("7", None, None, "0.68"),
        ("2025-03-01 00:00:00", "true", None, None),
    ]
    assert first.merges == (Merge(1, 1, 2, 2),)
    assert (first.errors, first.percents, first.uncached) == ({(3, 2): "#DIV/0!"}, {(2, 3)}, {(3, 3)})
    assert (hidden.name, hidden.hidden) == ("藏", True)


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.csv", "a.ods"])
def test_the_format_is_told_by_the_bytes_and_not_by_the_name(tmp_path: Path, name: str) -> None:
    body = '<row r="1"><c r="A1"><v>1</v></c></row>'
    assert opened(tmp_path, name, xlsx(body)).format == "xlsx"
    assert opened(tmp_path, name, old_xls()).format == "xls"
    assert opened(tmp_path, name, open_document()).format == "ods"
    assert opened(tmp_path, name, "小区,户数\n甲,1\n").format == "csv"
    assert opened(tmp_path, name, PAGE.format(charset="utf-8")).format == "html"


TEXT = "小区,户数\n翠湖苑,120\n金桂园,85\n"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("gb18030"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode("gb18030"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        ("sep=;\r\n" + TEXT.replace(",", ";")).encode(),
        TEXT.rstrip("\n").encode(),
        (TEXT + "\x1a").encode(),
        TEXT.encode().replace(b"120", b"1\x0020"),
    ],
    ids=[
        "utf-8",
        "mark",
        "gb18030",
        "utf-16",
        "big-endian",
        "no mark",
        ";",
        "tab",
        "crlf",
        "cr",
        "sep",
        "no end",
        "dos end",
        "nul",
    ],
)
def test_a_text_in_any_encoding_and_delimiter_reads_alike(tmp_path: Path, content: bytes) -> None:
    book = opened(tmp_path, "a.csv", content)
    assert book.format == "csv"
    assert [sheet.name for sheet in book.sheets] == [""]
    assert rows(book.sheets[0]) == [("小区", "户数"), ("翠湖苑", "120"), ("金桂园", "85")]


def test_rows_of_a_text_are_numbered_as_a_spreadsheet_program_does(tmp_path: Path) -> None:
    content = '\n"标题，\n两行"\n小区,"备,注"\n,\n甲,"说""好"""\n乙\n丙,1,2\n\n\n'
    assert rows(opened(tmp_path, "a.csv", content).sheets[0]) == [
        (None, None, None),
        ("标题，\n两行", None, None),
        ("小区", "备,注", None),
        (None, None, None),
        ("甲", '说"好"', None),
        ("乙", None, None),
        ("丙", "1", "2"),
    ]


def test_a_guarded_text_loses_its_guard_and_keeps_its_zeros(tmp_path: Path) -> None:
    assert rows(opened(tmp_path, "a.csv", 'id,n\n="00123",1\n"=""0045""",="a"b\n').sheets[0]) == [
        ("id", "n"),
        ("00123", "1"),
        ("0045", '="a"b'),
    ]


def test_a_lone_quotation_mark_does_not_swallow_the_rows_after_it(tmp_path: Path) -> None:
    content = '小区,户数\n"甲,1\n乙,"2"\n丙,3\n'
    assert rows(opened(tmp_path, "a.csv", content).sheets[0]) == [
        ("小区", "户数"),
        ("甲", "1"),
        ("乙", "2"),
        ("丙", "3"),
    ]


def test_a_single_column_and_commas_inside_texts(tmp_path: Path) -> None:
    assert rows(opened(tmp_path, "a.csv", "小区\n甲\n乙\n").sheets[0]) == [("小区",), ("甲",), ("乙",)]
    content = "小区;说明;元\n甲;很好,很好;1,5\n乙;好,好,好;2,5\n"
    assert rows(opened(tmp_path, "b.csv", content).sheets[0])[2] == ("乙", "好,好,好", "2,5")


def test_a_text_cut_inside_a_character_shows_the_damage_in_its_cell(tmp_path: Path) -> None:
    for encoding in ("utf-8", "gb18030"):
        cut = "小区,户数\n翠湖苑,120\n金桂园".encode(encoding)[:-1]
        assert rows(opened(tmp_path, "a.csv", cut).sheets[0]) == [("小区", "户数"), ("翠湖苑", "120"), ("金桂�", None)]


def test_a_flipped_byte_does_not_turn_utf_8_into_other_characters(tmp_path: Path) -> None:
    content = bytearray(("小区,户数\n" + "翠湖苑,120\n" * 200).encode())
    content[14] = 0xFF
    read = rows(opened(tmp_path, "a.csv", bytes(content)).sheets[0])
    assert read[0] == ("小区", "户数")
    assert "�" in read[1][0]
    assert read[2:] == [("翠湖苑", "120")] * 199


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv", "a.xls"])
def test_a_workbook_without_any_cell_is_unreadable(tmp_path: Path, name: str) -> None:
    charts_only = io.BytesIO()
    with zipfile.ZipFile(charts_only, "w") as z:
        z.writestr("xl/workbook.xml", f'<workbook xmlns="{MAIN}"><sheets/></workbook>')
        z.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}"/>')
    for content in (
        charts_only.getvalue(),
        xlsx(""),
        xlsx('<row r="1"><c r="A1" s="1"/></row>'),
        b",,\n,,\n",
        b"<table><tr><td> </td></tr></table>",
    ):
        with pytest.raises(Unreadable) as refusal:
            opened(tmp_path, name, content)
        assert refusal.value.zh == "文件里没有任何内容：所有工作表都是空的。请确认发送的是填好的表格。"
        assert (
            refusal.value.en
            == "The file has no content: every sheet is empty. Check that you sent the filled-in workbook."
        )
