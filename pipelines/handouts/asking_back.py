"""Writes each sender a short, polite message: what has not come, what is wrong in which cells, and by when."""

from __future__ import annotations

import json
from calendar import month_name, monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from pipelines.handouts.annotated.marks import Row, Said, in_order, said
from pipelines.kinds import KINDS
from pipelines.warehouse import NoWarehouseError, open_published
from pipelines.words import Language

DAYS_TO_MEND: Final = 3
"""How many working days a sender has to correct something, unless another day is given."""
CELLS_SHOWN: Final = 6
LINES_SHOWN: Final = 8
"""Longer messages aren't read; what is left out stands in the marked workbook."""
_HALVES: Final = "上下"
_QUARTERS: Final = "一二三四"
_WEEKDAYS: Final = "一二三四五六日"


@dataclass(frozen=True)
class _Point:
    """Findings of one sort in one sheet: their cells, and what is said of the first of them."""

    cells: tuple[str, ...]
    first: Said


def messages(
    findings: Iterable[Row],
    expected: Iterable[Mapping[str, object]],
    lang: Language,
    *,
    sender_of: Mapping[str, str] | None = None,
    until: date | None = None,
) -> dict[str, str]:
    """Sender → message, for senders of whom something is missing or wrong; by name.

    `findings` and `expected` are rows of these tables of the warehouse (of `expected`, those with the status `missing`
    are asked for, of their community). `sender_of` tells who sent a file; where it doesn't, the file's top folder
    stands for the sender, or the file's own name. `until`: by when corrections are asked for; by default nothing is
    said but "soon". Findings of severity `info` ask for nothing.
    """
    wrong: dict[str, list[Row]] = {}
    files: set[str] = set()
    for row in findings:
        if row["severity"] != "info":
            file = row["source_file"] or ""
            sender = (sender_of or {}).get(file) or file.partition("/")[0]
            files.add(file)
            wrong.setdefault(sender, []).append(row)
    missing: dict[str, list[Mapping[str, object]]] = {}
    for one in expected:
        if one["status"] == "missing":
            missing.setdefault(str(one["community"]), []).append(one)
    write = _in_chinese if lang == "zh" else _in_english
    return {
        sender: write("" if sender in files else sender, missing.get(sender, []), wrong.get(sender, []), until)
        for sender in sorted({*wrong, *missing})
    }


def in_working_days(count: int, start: date) -> date:
    """The day that many working days after `start`, by the calendar of the state where it is known."""
    from pipelines.calendar import is_working

    day = start
    while count:
        day += timedelta(days=1)
        count -= is_working(day, {})[0]
    return day


def senders(paths: Sequence[Path], warehouse: Path) -> dict[str, str]:
    """File → who sent it, as the log of arrivals beside the files knows."""
    from pipelines import intake
    from pipelines.reading.inbox import find_submissions

    post = intake.open_post(find_submissions(paths), paths, warehouse, datetime.now(), log=False)
    return {one.file: one.arrival.sender for one in post.sent if one.arrival.sender}


def expected_of(warehouse: Path) -> list[dict[str, object]]:
    """The rows of `expected` as published; none where nothing is published or an old version lacks the table."""
    try:
        connection = open_published(warehouse)
    except NoWarehouseError:
        return []
    try:
        tables = {name for (name,) in connection.execute("SHOW TABLES").fetchall()}
        return connection.table("expected").pl().to_dicts() if "expected" in tables else []
    finally:
        connection.close()


def printed(paths: Sequence[Path], warehouse: Path, findings: Iterable[Row], lang: Language, form: str) -> str:
    """The messages as text, one after the other, or as JSON (sender → message)."""
    until = in_working_days(DAYS_TO_MEND, datetime.now().date())
    told = messages(findings, expected_of(warehouse), lang, sender_of=senders(paths, warehouse), until=until)
    if form == "json":
        return json.dumps(told, ensure_ascii=False, indent=1)
    if not told:
        return (
            "没有要发的话：什么都不缺，也没有要改的。" if lang == "zh" else "Nothing to ask: all is here and in order."
        )
    line = "\n\n" + "-" * 40 + "\n\n"
    return "\n" + line.join(told.values())


def _in_chinese(sender: str, missing: Sequence[Mapping[str, object]], wrong: Sequence[Row], until: date | None) -> str:
    parts = [f"{sender}：您好！" if sender else "您好！"]
    if missing:
        parts.append("以下报表还没有收到，请尽快发来：")
        parts += [f"· {one}" for one in _missing(missing, "zh")]
    errors = [row for row in wrong if row["severity"] == "error"]
    warnings = [row for row in wrong if row["severity"] != "error"]
    if errors:
        parts.append("以下内容需要改正，否则不能入库：" if not missing else "另外，以下内容需要改正，否则不能入库：")
        parts += _wrong(errors, "zh")
    if warnings:
        parts.append("以下内容请核对，无误就不必改：")
        parts += _wrong(warnings, "zh")
    if wrong:
        day = f"于{_day(until, 'zh')}前" if until else "尽快"
        parts.append(f"改好后请{day}把整个文件发回，文件名不用改。不清楚的地方请随时问我们，谢谢！")
    else:
        parts.append("如已发出，请告诉我们一声；有困难也请随时说。谢谢！")
    return "\n".join(parts)


def _in_english(sender: str, missing: Sequence[Mapping[str, object]], wrong: Sequence[Row], until: date | None) -> str:
    parts = [f"Dear colleagues of {sender}," if sender else "Dear colleagues,"]
    if missing:
        parts.append("These reports have not arrived yet; please send them soon:")
        parts += [f"· {one}" for one in _missing(missing, "en")]
    errors = [row for row in wrong if row["severity"] == "error"]
    warnings = [row for row in wrong if row["severity"] != "error"]
    if errors:
        parts.append("Please correct the following, which can't be loaded as it is:")
        parts += _wrong(errors, "en")
    if warnings:
        parts.append("Please check the following, and leave it if it is right:")
        parts += _wrong(warnings, "en")
    if wrong:
        day = f"by {_day(until, 'en')}" if until else "soon"
        parts.append(
            f"Please send the whole file back {day}, under its own name. Do ask if anything is unclear. Thank you!"
        )
    else:
        parts.append("If you have sent them already, please let us know. Thank you!")
    return "\n".join(parts)


def _missing(rows: Sequence[Mapping[str, object]], lang: Language) -> list[str]:
    """A line a kind: its periods, and by when the last of them was due."""
    by_kind: dict[str, list[Mapping[str, object]]] = {}
    for row in sorted(rows, key=lambda row: (str(row["kind"]), str(row["period_start"]))):
        by_kind.setdefault(str(row["kind"]), []).append(row)
    lines = []
    for kind, ones in by_kind.items():
        named = KINDS[kind]
        spans = [period(_date(one["period_start"]), _date(one["period_end"]), lang) for one in ones]
        due = _day(max(_date(one["due_on"]) for one in ones), lang)
        if lang == "zh":
            lines.append(f"{named.zh}：{'、'.join(spans)}（应于{due}前报送）")
        else:
            lines.append(f"{named.en}: {', '.join(spans)} (due by {due})")
    return lines


def _wrong(rows: Sequence[Row], lang: Language) -> list[str]:
    """Under each file's name a line a sort of finding: sheet, cells, what is wrong and what to type."""
    lines: list[str] = []
    shown = 0
    for file in dict.fromkeys(row["source_file"] for row in rows):
        points = _points([row for row in rows if row["source_file"] == file], lang)
        if shown == LINES_SHOWN:
            break
        name = (file or "").rpartition("/")[2]
        lines.append(f"《{name}》" if lang == "zh" else f"“{name}”")
        lines += [_line(point, lang) for point in points[: LINES_SHOWN - shown]]
        shown = min(LINES_SHOWN, shown + len(points))
    left = len(rows) - sum(len(one.cells) for one in _first_points(rows, lang))
    if left > 0:
        lines.append(
            f"· 其余 {left} 处，见随附的标注表第一页。"
            if lang == "zh"
            else f"· {left} more: see the first sheet of the marked workbook."
        )
    return lines


def _first_points(rows: Sequence[Row], lang: Language) -> list[_Point]:
    files = dict.fromkeys(row["source_file"] for row in rows)
    points = [one for file in files for one in _points([row for row in rows if row["source_file"] == file], lang)]
    return points[:LINES_SHOWN]


def _points(rows: Sequence[Row], lang: Language) -> list[_Point]:
    sorts: dict[tuple[str | None, ...], list[Row]] = {}
    for row in in_order(rows):
        sorts.setdefault((row["source_sheet"], row["code"], row["field"]), []).append(row)
    return [_Point(tuple(one["source_cell"] or "" for one in ones), said(ones[0], lang)) for ones in sorts.values()]


def _line(point: _Point, lang: Language) -> str:
    cells = [one for one in point.cells if one]
    named = ("、" if lang == "zh" else ", ").join(cells[:CELLS_SHOWN])
    if len(cells) > CELLS_SHOWN:
        named += f" 等 {len(cells)} 格" if lang == "zh" else f" and {len(cells) - CELLS_SHOWN} more"
    sheet = point.first.sheet
    where = " ".join(part for part in (f"“{sheet}”" if sheet else "", named) if part)
    what = f"{point.first.wrong}{'' if lang == 'zh' else ' '}{point.first.to_do}"
    if len(cells) > 1:
        what = f"如{cells[0]}：{what}其余类似。" if lang == "zh" else f"{cells[0]}, for one: {what} The others alike."
    if not where:
        return f"· {what}"
    return f"· {where}：{what}" if lang == "zh" else f"· {where}: {what}"


def period(start: date, end: date, lang: Language) -> str:
    """The name of a period: 2025年3月, 2025年一季度, 2025年上半年, 2025年, a week or else its days."""
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if start.day == 1 and end.day == monthrange(end.year, end.month)[1] and start.year == end.year:
        year, half, quarter = start.year, start.month // 7, start.month // 3
        names = {
            12: (f"{year}年", f"{year}"),
            6: (f"{year}年{_HALVES[half]}半年", f"{year}H{half + 1}"),
            3: (f"{year}年{_QUARTERS[quarter]}季度", f"{year}Q{quarter + 1}"),
            1: (f"{year}年{start.month}月", f"{month_name[start.month]} {year}"),
        }
        if months in names and (start.month - 1) % months == 0:
            return names[months][lang == "en"]
    if lang == "zh":
        return f"{start.year}年{start.month}月{start.day}日至{end.month}月{end.day}日"
    return f"{start.isoformat()} to {end.isoformat()}"


def _day(day: date, lang: Language) -> str:
    if lang == "zh":
        return f"{day.month}月{day.day}日（星期{_WEEKDAYS[day.weekday()]}）"
    return f"{day:%A}, {day.day} {month_name[day.month]}"


def _date(value: object) -> date:
    """A day of a row, be it a date or text of a JSON answer. Raises ValueError."""
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
