"""Makes the scoring sheets of a round: a workbook for each scorer, or the same as a file from the page.

Both hold the kind `inspections` below three lines that say for which round, by whom, and with which one-time code.
"""

from __future__ import annotations

import csv
import io
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from pipelines.analysis.rating.rubric import Rubric
from pipelines.rating.rounds.shape import Round
from pipelines.rating.rounds.steps import SHEETS, write_whole

ROUND, SCORER, CODE = "评定轮次", "评委", "评分码"
HEADINGS: Final = ("被考核对象", "对象类型", "考核项目", "得分", "满分", "评分人", "说明")
KINDS: Final[Mapping[str, str]] = {"company": "企业", "estate": "小区"}
MOST: Final = 100.0
_FONT: Final = "微软雅黑"


@dataclass(frozen=True)
class Asked:
    """What is scored: the criterion as the sheets name it, and the most that it gives."""

    criterion: str
    most: float = MOST


def asked(rubric: Rubric) -> tuple[Asked, ...]:
    """What a rubric asks scorers for; empty where no criterion is fed by inspections."""
    named = [(one.source.criteria or (one.zh,))[0] for one in rubric.criteria if one.source.kind == "inspection"]
    return tuple(Asked(one) for one in dict.fromkeys(named))


def workbook(current: Round, wanted: Sequence[Asked], scorer: str, code: str, subjects: Sequence[str]) -> bytes:
    """A scorer's sheet as .xlsx, the scores to be filled in; cells refuse what is no score."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    plain: dict[str, Any] = {"font_name": _FONT, "font_size": 11}
    text, bold = book.add_format(plain), book.add_format({**plain, "bold": True, "bottom": 1})
    page = book.add_worksheet("评分表")
    for row, line in enumerate(_lines(current, scorer, code)):
        page.write_string(row, 0, line, text)
    first = len(_lines(current, scorer, code))
    for place, heading in enumerate(HEADINGS):
        page.write_string(first, place, heading, bold)
    to_fill = book.add_format({**plain, "bg_color": "#FFF8DC", "border": 1, "border_color": "#D8D5CD"})
    for row, (subject, one) in enumerate(((each, item) for each in subjects for item in wanted), first + 1):
        page.write_string(row, 0, subject, text)
        page.write_string(row, 1, KINDS[current.by], text)
        page.write_string(row, 2, one.criterion, text)
        page.write_blank(row, 3, None, to_fill)
        page.write_number(row, 4, one.most, text)
        page.write_string(row, 5, scorer, text)
        page.write_blank(row, 6, None, text)
        page.data_validation(
            row, 3, row, 3,
            {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": one.most,
             "error_title": "分数不对", "error_message": f"请填 0 到 {one.most:g} 的数字。"},
        )  # fmt: skip
    for place, width in enumerate((22, 10, 18, 10, 8, 14, 40)):
        page.set_column(place, place, width)
    page.freeze_panes(first + 1, 1)
    book.close()
    return out.getvalue()


def workbook_name(current: Round, scorer: str) -> str:
    """The name of a scorer's file, without what a file system doesn't take."""
    return f"评分表-{current.id}-{re.sub(r'[^0-9A-Za-z一-鿿]+', '_', scorer)}.xlsx"


def write_sheet(
    folder: Path,
    current: Round,
    scorer: str,
    code: str,
    scores: Sequence[tuple[str, Asked, float]],
    *,
    now: datetime,
) -> Path:
    """Hands in what a scorer typed on the page, as a file beside the workbooks. Raises OSError."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for line in (*_lines(current, scorer, code), f"登记时间：{now.isoformat(sep=' ', timespec='microseconds')}"):
        writer.writerow([line])
    writer.writerow(HEADINGS)
    for subject, one, score in scores:
        writer.writerow([subject, KINDS[current.by], one.criterion, f"{score:g}", f"{one.most:g}", scorer, ""])
    path = folder / SHEETS / f"{now:%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}.csv"
    return write_whole(path, text.getvalue().encode("utf-8-sig"))


def _lines(current: Round, scorer: str, code: str) -> tuple[str, ...]:
    start, end = current.period.start, current.period.end
    return (
        f"考核评分表（{start:%Y-%m-%d} 至 {end:%Y-%m-%d}）",
        f"{ROUND}：{current.id}",
        f"{SCORER}：{scorer}",
        f"{CODE}：{code}",
    )
