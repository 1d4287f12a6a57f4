"""Damaged, encrypted, foreign, huge and malicious files: each is refused for a reason or read harmlessly, and soon."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import resource
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlwt

from pipelines.reading import limits
from pipelines.reading.opening import open_workbook, read_bytes_as_workbook
from pipelines.reading.sheets import Unreadable

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SECONDS = 10


def xlsx(body: bytes = b'<row r="1"><c r="A1"><v>1</v></c></row>', **more: bytes) -> bytes:
    """A workbook written by hand; `more` are further parts or replace its own (`__` stands for `/`)."""
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>'.encode()
        + body
        + b"</sheetData></worksheet>",
    }
    parts |= {name.replace("__", "/"): content for name, content in more.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as z:
        for name, content in parts.items():
            z.writestr(name, content)
    return out.getvalue()


def xls(rows: int = 30) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    for row in range(rows):
        sheet.write(row, 0, f"小区{row}")
        sheet.write(row, 1, row / 7)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(content: bytes, manifest: bytes = b"<manifest/>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        z.writestr("META-INF/manifest.xml", manifest)
        z.writestr("content.xml", content)
    return out.getvalue()


def document(body: str, before: str = "") -> bytes:
    return (
        f'{before}<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        f'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>{body}'
        "</office:spreadsheet></office:body></office:document-content>"
    ).encode()


def container(stream: str) -> bytes:
    """An OLE container with one empty stream of this name."""
    nothing, end = 0xFFFFFFFF, 0xFFFFFFFE
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(14)
    header += struct.pack("<7I", 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[nothing] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, end, *[nothing] * 126)

    def entry(name: str, kind: int) -> bytes:
        text = name.encode("utf-16-le")
        head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, kind, 1)
        return head + b"\xff" * 12 + bytes(36) + struct.pack("<IQ", end, 0)

    return header + table + (entry("Root Entry", 5) + entry(stream, 2)).ljust(512, b"\0")


def refusal(data: bytes) -> Unreadable:
    started = time.monotonic()
    with pytest.raises(Unreadable) as caught:
        read_bytes_as_workbook(data)
    assert time.monotonic() - started < SECONDS
    assert caught.value.zh.endswith("。")
    assert caught.value.en.endswith(".")
    return caught.value


def refused_or_read(data: bytes) -> None:
    started = time.monotonic()
    with contextlib.suppress(Unreadable):
        read_bytes_as_workbook(data)
    assert time.monotonic() - started < SECONDS


def filled_cells(data: bytes) -> list[tuple[int, int]]:
    started = time.monotonic()
    book = read_bytes_as_workbook(data)
    assert time.monotonic() - started < SECONDS
    return [sheet.cells.shape for sheet in book.sheets]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "文件是空的"),
        (b"\x00" * 1000, "文件是空的"),
        (xlsx()[:400], "文件已损坏"),
        (xlsx()[:-30], "文件已损坏"),
        (b"PK\x05\x06" + bytes(18), "压缩包"),
        (xls()[:3000], "文件已损坏"),
        (xls()[:512], "文件已损坏"),
        (xlsx(xl__workbook__xml=b"")[:200], "文件已损坏"),
        (container("EncryptedPackage"), "设有打开密码"),
        (container("WordDocument"), "旧版 Office 的其他文档"),
        (ods(document(""), b'<manifest:encryption-data manifest:checksum="x"/>'), "设有打开密码"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "图片"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "图片"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"Rar!\x1a\x07\x00", "压缩包"),
        (b"\x1f\x8b\x08" + bytes(50), "压缩包"),
        (random.Random(1).randbytes(5000), "文件不是表格"),
        (bytes(range(256)) * 8, "文件不是表格"),
        (b"\x09\x00\x04\x00\x02\x00\x10\x00" + bytes(60), "文件不是表格"),
        (b"<html><body>please log in</body></html>", "里面没有表格"),
        (b"<?xml version='1.0'?><a/>", "里面没有表格"),
    ],
)
def test_what_cannot_be_read_is_refused_for_its_reason(data: bytes, reason: str) -> None:
    assert reason in refusal(data).zh


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("word/document.xml", "Word 文档"),
        ("ppt/presentation.xml", "演示文稿"),
        ("xl/workbook.bin", "二进制工作簿"),
        ("Index/Document.iwa", "Numbers"),
        ("META-INF/MANIFEST.MF", "压缩包"),
        ("inner.zip", "压缩包"),
    ],
)
def test_a_zip_that_is_no_spreadsheet_is_refused_as_what_it_is(name: str, reason: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("[Content_Types].xml", "<Types/>")
        z.writestr(name, b"x")
    assert reason in refusal(out.getvalue()).zh


def test_an_encrypted_xls_is_refused_as_password_protected() -> None:
    data = bytearray(xls())
    interface = data.find(struct.pack("<HH", 0x00E1, 2))
    data[interface : interface + 4] = struct.pack("<HH", 0x002F, 2)
    assert "设有打开密码" in refusal(bytes(data)).zh


def test_an_encrypted_zip_entry_is_refused_as_password_protected() -> None:
    data = bytearray(xlsx())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 1)
    assert "设有打开密码" in refusal(bytes(data)).zh


def bomb(declared: int | None = None) -> bytes:
    packed = xlsx()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            with new.open(name, "w") as part:
                part.write(old.read(name))
                for _ in range(600 if "sheet1" in name else 0):
                    part.write(b" " * (1 << 20))
    data = bytearray(out.getvalue())
    if declared is not None:
        directory = data.rfind(b"PK\x01\x02", 0, data.rfind(b"sheet1.xml"))
        data[directory + 24 : directory + 28] = struct.pack("<I", declared)
    return bytes(data)


def test_a_zip_bomb_is_refused_by_what_it_declares() -> None:
    assert "文件解压后超过 256 MB" in refusal(bomb()).zh


def test_a_zip_bomb_that_lies_about_its_size_never_unfolds() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "文件已损坏" in refusal(bomb(declared=1000)).zh
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_many_parts_below_the_limit_together_count_against_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNPACKED_BYTES", 2000)
    assert "解压后超过" in refusal(xlsx(xl__sharedStrings=b"", **{"xl/sharedStrings.xml": b" " * 1500})).zh


def test_a_file_over_the_size_limit_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(limits.FILE_BYTES + 1)
    with pytest.raises(Unreadable, match="over the limit of 100 MB"):
        open_workbook(path)


def test_paths_that_climb_out_of_the_zip_are_only_names(tmp_path: Path) -> None:
    data = xlsx(**{"../../outside.txt": b"x", "/absolute.txt": b"x"})
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xlsx").write_bytes(data)
    assert [sheet.cells.rows() for sheet in open_workbook(tmp_path / "in" / "a.xlsx").sheets] == [[("1",)]]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.xlsx", "in"]


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "data",
    [
        xlsx(**{"xl/worksheets/sheet1.xml": f"{ENTITIES}<worksheet>&b;&c;</worksheet>".encode()}),
        xlsx(**{"xl/worksheets/sheet1.xml": f"{ENTITIES}<worksheet>&b;&c;</worksheet>".encode("utf-16")}),
        xlsx(**{"xl/sharedStrings.xml": f"{ENTITIES}<sst><si><t>&c;</t></si></sst>".encode()}),
        xlsx(**{"xl/workbook.xml": f"{ENTITIES}<workbook/>".encode()}),
        xlsx(**{"docProps/core.xml": f"{ENTITIES}<coreProperties/>".encode()}),
        ods(document("<table:table table:name='&c;'/>", ENTITIES)),
        (ENTITIES + '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>').encode(),
    ],
)
def test_xml_entities_are_refused(data: bytes) -> None:
    told = data if data.startswith(b"PK") else b"<?xml version='1.0'?>" + data
    assert "XML 实体声明" in refusal(told).zh


def test_a_web_page_with_entities_of_its_own_shows_none_of_them() -> None:
    page = f"<?xml version='1.0'?>{ENTITIES}<html><body><table><tr><td>x&b;&c;</td></tr></table></body></html>"
    read = read_bytes_as_workbook(page.encode()).sheets[0].cells
    assert "root:" not in str(read.rows())
    assert "aaaa" not in str(read.row(-1))


def test_deep_nesting_is_refused_or_read_without_harm() -> None:
    deep = b"<a>" * 100_000
    refused_or_read(xlsx(deep))
    refused_or_read(xlsx(b"<row><c><v>" + deep))
    refused_or_read(ods(document("<table:table>" * 50_000)))
    refused_or_read(b"<table><tr><td>x" + b"<div>" * 50_000 + b"</td></tr></table>")
    refused_or_read(b"<table><tr><td>x" + b"<table><tr><td>" * 5_000)


def test_a_million_blank_formatted_rows_are_an_empty_tail() -> None:
    head = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    row = b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="1"/></row>'
    rows = b"".join(row % (i, i) for i in range(2, 1_048_577))
    assert filled_cells(xlsx(head + rows)) == [(1, 1)]


def test_a_million_blank_formatted_rows_above_a_note_are_kept_as_blank_rows() -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (i, i) for i in range(2, 1_048_576))
    note = b'<row r="1048576"><c r="B1048576"><v>1</v></c></row>'
    assert filled_cells(xlsx(rows + note)) == [(1_048_576, 2)]


def test_16384_blank_formatted_columns_are_an_empty_margin() -> None:
    blank = b"".join(b'<c r="%s1" s="1"/>' % letters for letters in map(str.encode, all_columns()[1:]))
    assert filled_cells(xlsx(b'<row r="1"><c r="A1"><v>1</v></c>' + blank + b"</row>")) == [(1, 1)]


def all_columns() -> list[str]:
    return [openpyxl.utils.get_column_letter(i + 1) for i in range(16_384)]


def test_16384_filled_columns_are_read() -> None:
    cells = b"".join(b'<c r="%s1"><v>1</v></c>' % letters for letters in map(str.encode, all_columns()))
    assert filled_cells(xlsx(b'<row r="1">' + cells + b"</row>")) == [(1, 16_384)]


@pytest.mark.parametrize(
    "far",
    [
        b'<c r="XFD1048576"><v>1</v></c>',
        b'<c r="A1048577"><v>1</v></c><c r="Z9"><v>1</v></c>',
        b'<c r="A4294967295"><v>1</v></c>',
        b'<c r="ZZZZZZZZZZ1"><v>1</v></c>',
        b'<c r="A1" r="XFD1048576"><v>1</v></c>',
        b"<c r='XFD1048576'><v>1</v></c>",
        b'<c\tr="XFD1048576"><v>1</v></c>',
        b'<c r="&#88;FD1048576"><v>1</v></c>',
        b'<c r="xfd1048576"><v>1</v></c>',
    ],
)
def test_a_stray_cell_in_the_far_corner_does_not_fill_the_memory(far: bytes) -> None:
    data = xlsx(b'<row r="1"><c r="A1"><v>1</v></c></row><row r="2">' + far + b"</row>")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused_or_read(data)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000


def test_a_stray_cell_is_named_in_the_refusal() -> None:
    told = refusal(xlsx(b'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>'))
    assert told.zh == (
        "工作表“S”太大：有内容的区域达 1048576 行 × 16384 列（最远的单元格是 XFD1048576），上限为 400 万个单元格。"
        "请删去表格以外的零星内容，或把数据拆成几个文件。"
    )


def test_repeated_cells_of_an_open_document_do_not_fill_the_memory() -> None:
    def sheet(rows: str, columns: str, content: str) -> bytes:
        cell = f'<table:table-cell table:number-columns-repeated="{columns}">{content}</table:table-cell>'
        row = f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'
        return ods(document(f"<table:table>{row}</table:table>"))

    assert "太大" in refusal(sheet("1048576", "16384", "<text:p>x</text:p>")).zh
    assert "太大" in refusal(sheet("99999999999999999999", "1", "<text:p>x</text:p>")).zh
    assert filled_cells(sheet("99999999999999999999", "99999999999999999999", "")) == [(0, 0)]


def test_spans_of_a_web_page_do_not_fill_the_memory() -> None:
    refused_or_read(b"<table><tr><td colspan=999999999 rowspan=999999999>x</td></tr><tr><td>y</td></tr></table>")
    refused_or_read(b"<table>" + b"<tr>" + b"<td colspan=16384 rowspan=1048576>x</td>" * 300 + b"</tr></table>")


def test_a_missing_sheet_part_is_named() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx())) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if "sheet1" not in name:
                new.writestr(name, old.read(name))
    assert "工作表“S”的内容在文件里缺失" in refusal(out.getvalue()).zh


def test_a_folder_a_pipe_a_device_and_a_missing_file_are_refused_at_once(tmp_path: Path) -> None:
    folder, pipe = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    folder.mkdir()
    os.mkfifo(pipe)
    for path in (folder, pipe, Path("/dev/zero"), tmp_path / "missing.xlsx", tmp_path / "a\x00b.xlsx"):
        with pytest.raises(Unreadable):
            open_workbook(path)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the super-user may read everything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x")
    path.chmod(0)
    with pytest.raises(Unreadable, match="no permission"):
        open_workbook(path)


MUTATE = """
import json, random, sys
from pathlib import Path
from pipelines.reading.opening import read_bytes_as_workbook
from pipelines.reading.sheets import Unreadable
source, runs = Path(sys.argv[1]).read_bytes(), int(sys.argv[2])
told = {"read": 0, "refused": 0}
for seed in range(runs):
    chance = random.Random(seed)
    data = bytearray(source)
    for _ in range(chance.choice([1, 2, 5, 50, 500])):
        data[chance.randrange(len(data))] = chance.choice([0, 255, chance.randrange(256)])
    if chance.random() < 0.1:
        data = data[: chance.randrange(len(data))]
    try:
        read_bytes_as_workbook(bytes(data))
        told["read"] += 1
    except Unreadable:
        told["refused"] += 1
print(json.dumps(told))
"""


def stored(data: bytes) -> bytes:
    """The same zip without compression and without checksums that would catch a flipped byte."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return out.getvalue()


ROW = b'<row r="%d"><c r="A%d" s="1"><v>1</v></c><c r="C%d" t="s"><v>0</v></c></row>'
ROWS = b"".join(ROW % (i, i, i) for i in range(1, 9))
STRINGS = f'<sst xmlns="{MAIN}" count="1" uniqueCount="1"><si><t>x</t></si></sst>'.encode()
OPEN_ROW = "<table:table-row><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>"
SOURCES = {
    "xls": xls(),
    "xlsx": stored(xlsx(ROWS, **{"xl/sharedStrings.xml": STRINGS})),
    "ods": stored(ods(document(f'<table:table table:name="a">{OPEN_ROW * 9}</table:table>'))),
    "csv": ("小区,户数\n" + "翠湖,1\n" * 50).encode(),
    "html": b"<html><table><tr><td>x</td><td colspan=2>1</td></tr></table></html>" * 3,
}


@pytest.mark.parametrize("data", SOURCES.values(), ids=SOURCES)
def test_flipped_bytes_are_refused_or_read_and_nothing_else(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "source"
    path.write_bytes(data)
    runs = 2000 if os.environ.get("LIANPING_PROVE") else 150
    done = subprocess.run(
        [sys.executable, "-c", MUTATE, str(path), str(runs)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert sum(json.loads(done.stdout).values()) == runs


PACKED = """
import io, zipfile
def packed(xml):
    out = io.BytesIO()
    with zipfile.ZipFile(sys.argv[3]) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, xml if "sheet1" in name else old.read(name))
    return out.getvalue()
told = {"""


def test_flipped_bytes_inside_the_xml_of_an_xlsx(tmp_path: Path) -> None:
    """The checksum of a zip hides the XML from flipped bytes, so these are flipped before packing."""
    code = MUTATE.replace("(bytes(data))", "(packed(bytes(data)))").replace("told = {", PACKED)
    whole = tmp_path / "a.xlsx"
    whole.write_bytes(xlsx(ROWS, **{"xl/sharedStrings.xml": STRINGS}))
    with zipfile.ZipFile(whole) as archive:
        (tmp_path / "xml").write_bytes(archive.read("xl/worksheets/sheet1.xml"))
    runs = 2000 if os.environ.get("LIANPING_PROVE") else 300
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "xml"), str(runs), str(whole)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert sum(json.loads(done.stdout).values()) == runs
