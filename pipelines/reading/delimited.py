"""Read a text of separated values: finds its encoding and its delimiter, keeps its row numbers."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

import polars as pl

from pipelines.findings import address
from pipelines.reading import limits
from pipelines.reading.grid import cells_of_rows
from pipelines.reading.sheets import Sheet, Unreadable, Workbook

DELIMITERS: Final = (",", ";", "\t")
SAMPLE_CHARACTERS: Final = 200_000
SAMPLE_RECORDS: Final = 200
SAMPLE_BYTES: Final = 65_536
BROKEN_IN_SAMPLE: Final = 20
"""More broken characters than this, and than Chinese ones, after the first one: another encoding."""

DAMAGE_BEARABLE: Final = 0.01
"""Share of the non-ASCII characters that may be broken before a text counts as not of that encoding."""

RECORD_LINES: Final = 50
"""More lines than this are not one record in a text whose quotation marks don't match."""

END: Final = "\x00end of text\x00"
SEPARATOR_LINE: Final = re.compile(r"sep=(.)\r?(?:\n|$)", re.IGNORECASE)
CHINESE: Final = re.compile("[\u3000-\u9fff\uff00-\uffef]")
CONTROLS: Final = re.compile(r"[\x01-\x08\x0e-\x19\x1b-\x1f\x7f]")


def read_delimited(data: bytes) -> Workbook:
    """A CSV file as a workbook of one sheet without a name. Raises `Unreadable` when it is no text.

    A first line `sep=;` sets the delimiter and, as in the spreadsheet programs, is no row. `="00123"` is read as 00123.
    """
    text = decode(data).replace("\x00", "").removesuffix("\x1a")
    delimiter: str | None = None
    if stated := SEPARATOR_LINE.match(text):
        delimiter = stated[1]
        text = text[stated.end() :]
    rows = _records(text, delimiter or _delimiter(text))
    width = max(map(len, rows), default=0)
    limits.check_box("", len(rows), width, address(len(rows), max(width - 1, 0)))
    cells = cells_of_rows(rows)
    if '="' in text:
        cells = cells.with_columns(pl.all().str.replace(r'^="([^"]*)"$', "${1}"))
    return Workbook("csv", (Sheet("", cells),))


def decode(data: bytes) -> str:
    """The text: by its byte order mark, else as UTF-8, else as GB18030.

    A text that is one of these but for a few broken characters (a cut end, a flipped byte) keeps `�` in their place,
    so that the damage shows in its cell and is not taken for the other encoding. Raises `Unreadable` when none fits.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return _checked(data[len(mark) :].decode(encoding, errors="replace"))
    if wide := _utf_16_by_zeros(data):
        return _checked(data.decode(wide, errors="replace"))
    for encoding in ("utf-8", "gb18030"):
        if (text := _mostly(data, encoding)) is not None:
            return _checked(text)
    raise _no_text()


def _mostly(data: bytes, encoding: str) -> str | None:
    """The text in this encoding, a few broken characters replaced; None when more are broken, or nothing is Chinese."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as fault:
        around = data[fault.start : fault.start + SAMPLE_BYTES].decode(encoding, errors="replace")
        if around.count("�") > max(BROKEN_IN_SAMPLE, len(CHINESE.findall(around))):
            return None
    text = data.decode(encoding, errors="replace")
    broken, chinese = text.count("�"), len(CHINESE.findall(text))
    bearable = DAMAGE_BEARABLE * chinese
    cut_at_the_end = chinese > 0 and broken == 1 and (encoding == "gb18030" or text.endswith("�"))
    return text if broken <= bearable or cut_at_the_end else None


def _utf_16_by_zeros(data: bytes) -> str | None:
    """UTF-16 without a mark shows as zeros at every other byte."""
    sample = data[:4096]
    if len(data) % 2 or not sample:
        return None
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = sample[first::2].count(0), sample[1 - first :: 2].count(0)
        if zeros > len(sample) * 0.1 and others * 20 < zeros:
            return encoding
    return None


def _checked(text: str) -> str:
    sample = text[:SAMPLE_CHARACTERS]
    strange = len(CONTROLS.findall(sample)) + sample.count("�") + sample.count("\x00")
    if strange > max(2, len(sample) * DAMAGE_BEARABLE):
        raise _no_text()
    return text


def _no_text() -> Unreadable:
    return Unreadable(
        "文件不是表格：既不是 Excel/WPS 工作簿，也不是 UTF-8 或 GB18030 编码的文本。"
        "请在 WPS 中点“文件—另存为”，类型选 .xlsx。",
        "The file is no spreadsheet: neither a workbook nor text in UTF-8 or GB18030. "
        "In WPS or Excel choose File, Save as, type .xlsx.",
    )


def _delimiter(text: str) -> str:
    """The delimiter that splits the first records into the most even number of fields, and at least two."""
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths: Counter[int] = Counter()
        try:
            for record in _reader(text[:SAMPLE_CHARACTERS], delimiter):
                if record and any(record):
                    widths[len(record)] += 1
                if widths.total() >= SAMPLE_RECORDS:
                    break
        except csv.Error:
            continue
        several = [(count, width) for width, count in widths.items() if width > 1]
        if several:
            count, width = max(several)
            score = (count / widths.total(), width)
            if score > best_score:
                best, best_score = delimiter, score
    return best


def _reader(text: str, delimiter: str, *, strict: bool = False) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)


def _records(text: str, delimiter: str) -> list[list[str]]:
    """All records. Where a lone quotation mark would swallow what follows, its line is taken as it stands."""
    separated = "" if text.endswith(("\n", "\r")) or not text else "\n"
    try:
        rows = list(_reader(f"{text}{separated}{END}", delimiter, strict=True))
    except csv.Error:
        rows = []
    if rows and rows[-1] == [END]:
        return rows[:-1]
    lines = list(io.StringIO(text, newline=None))
    rows, at = [], 0
    while at < len(lines):
        record, used = _record_from(lines[at : at + RECORD_LINES], delimiter)
        rows.append(record)
        at += used
    return rows


def _record_from(lines: list[str], delimiter: str) -> tuple[list[str], int]:
    """The record that begins these lines and how many it takes; one line without its quotation marks if none does."""
    joined = ""
    for used, line in enumerate(lines, start=1):
        joined += line
        if joined.count('"') % 2 == 0:
            try:
                return next(_reader(joined, delimiter, strict=True), []), used
            except csv.Error:
                break
    return [field.strip('"') for field in lines[0].rstrip("\n").split(delimiter)], 1
