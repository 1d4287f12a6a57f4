"""What the texts around a table tell: period, year, unit, who filed it when, how a survey was made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePosixPath

from pipelines.reading.dates import find_date
from pipelines.reading.periods import Part, Period, find_part, join
from pipelines.reading.remarks import is_unit_line
from pipelines.reading.units import Unit, find_unit, read_unit
from pipelines.reading.words import plain, split_brackets

_FILED = re.compile(
    r"(填报|填表|制表|上报|报送|填写|编制|报表|统计|报告|打印|导出|生成)(日期|时间)\s*[:：]?|^日期\s*[:：]"
)
_ENTERED = re.compile(r"登记时间[：:](\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6})")
_NOT_PERIOD = re.compile(
    r"(填报|填表|制表|上报|报送|填写|编制|打印|导出|生成|评审|考核|检查|审核|会议)(日期|时间)\s*[:：]?|(填报|填表|制表|编制|报送)(单位|人)\s*[:：]"
)
_MODES = (
    (re.compile(r"电话"), "电话"),
    (re.compile(r"入户|上门|面访"), "入户"),
    (re.compile(r"二维码|扫码|线上|网络|问卷星|电子问卷|小程序"), "二维码"),
    (re.compile(r"微信群"), "微信群"),
    (re.compile(r"12345"), "12345回访"),
    (re.compile(r"拦访|现场"), "现场"),
)
_CONDUCTED = (
    (re.compile(r"第三方|调查公司|咨询公司|调查队|统计局"), "第三方"),
    (re.compile(r"自测|自评|物业自查|企业自测"), "自测"),
    (re.compile(r"街道"), "街道"),
    (re.compile(r"社区|居委"), "社区"),
)


@dataclass(frozen=True)
class Context:
    """The texts around a table, nearest first, and what they say.

    `parts` are the partial periods of block title, sheet title, sheet name and file name, in that order.
    """

    file: str
    sheet: str
    block: tuple[str, ...] = ()
    sheet_title: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    filed_on: date | None = None
    parts: tuple[Part | None, ...] = ()
    unit: Unit | None = None
    texts: tuple[str, ...] = field(default=())

    @property
    def year(self) -> int | None:
        """The year that a date without one lies in."""
        found = next((p.year for p in self.parts if p and p.year and p.end_year in (None, p.year)), None)
        return found or (self.filed_on.year if self.filed_on else None)

    def period(self, nearer: Sequence[Part | None] = ()) -> Period | None:
        """The period of a record, from parts nearer than the titles (a heading, a cell), then from the titles.

        Where months are known and no year is, the latest such months that ended before the filing are meant.
        """
        parts = [*nearer, *self.parts]
        found = join(parts)
        if found is not None:
            return found
        months = next((p.months for p in parts if p and p.months), None)
        if months is None or self.filed_on is None:
            return None
        year = self.filed_on.year if months[0] <= self.filed_on.month else self.filed_on.year - 1
        return join([*parts, Part(year=year, months=None)])

    def mode(self) -> str | None:
        """How a survey was made, where the titles say so."""
        return _first(_MODES, self.texts)

    def conducted_by(self) -> str | None:
        """Who conducted a survey, where the titles say so."""
        said = [
            t
            for t in self.texts
            if re.search(r"第三方|自测|自评|(调查|实施|组织|测评|执行)(单位|机构|方)\s*[:：]|委托", t)
        ]
        return _first(_CONDUCTED, said)


def _first(table: Iterable[tuple[re.Pattern[str], str]], texts: Iterable[str]) -> str | None:
    for text in texts:
        for pattern, word in table:
            if pattern.search(text):
                return word
    return None


def filed_date(texts: Iterable[str]) -> date | None:
    """The 填报日期 among the texts of a sheet."""
    for text in texts:
        match = _FILED.search(text)
        if match:
            found = find_date(text[match.start() :])
            if found:
                return found
    return None


def entered_at(texts: Iterable[str]) -> datetime | None:
    """The 登记时间 of what was typed into a screen, to the microsecond: tells which of several entries is the last."""
    found = (_ENTERED.fullmatch(text.strip()) for text in texts)
    times = [datetime.fromisoformat(match[1]) for match in found if match]
    return max(times, default=None)


def period_part(text: str) -> Part | None:
    """The partial period that a title tells; a filing or review date is not one."""
    return None if _NOT_PERIOD.search(text) else find_part(plain(text))


def build_context(
    *,
    file: str,
    sheet: str,
    block: Sequence[str],
    sheet_title: Sequence[str],
    notes: Sequence[str],
    filed_on: date | None,
) -> Context:
    """Gathers what the texts around one table say."""
    stem = PurePosixPath(file).stem
    folders = list(reversed(PurePosixPath(file).parent.parts))
    groups = (list(reversed(block)), list(reversed(sheet_title)), [sheet], [stem], folders)
    parts = [_merged([period_part(text) for text in group]) for group in groups]
    unit = None
    for text in [*reversed(block), *reversed(sheet_title), *notes, sheet, stem]:
        if is_unit_line(text) or re.search(r"单位.{0,4}(为|是)|[（(]单位", text):
            unit = find_unit(text)
        else:
            unit = next((u for u in (read_unit(part) for part in split_brackets(text)[1]) if u), None)
        if unit is not None and unit.dimension == "money":
            break
    texts = (" ".join(block), " ".join(sheet_title), sheet, stem)
    return Context(
        file=file,
        sheet=sheet,
        block=tuple(block),
        sheet_title=tuple(sheet_title),
        notes=tuple(notes),
        filed_on=filed_on,
        parts=tuple(parts),
        unit=unit,
        texts=tuple(t for t in texts if t),
    )


def _merged(parts: Sequence[Part | None]) -> Part | None:
    """Of several texts at the same distance, months from the first that has them, year from the first that has one."""
    found = [p for p in parts if p]
    if not found:
        return None
    with_months = next((p for p in found if p.months), found[0])
    if with_months.year or not with_months.months:
        return with_months
    year = next((p.year for p in found if p.year), None)
    return Part(year=year, months=with_months.months) if year else with_months
