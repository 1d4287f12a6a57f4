"""How the hotline and each community hand in their lists of complaints, and when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final

from pipelines.handouts.demo.calls import HOTLINE_SENDER, Export, Ticket, handed_in
from pipelines.handouts.demo.layouts_fees import span_words, spans
from pipelines.handouts.demo.page import Cell, Page
from pipelines.handouts.demo.sent import Sent, arrival, book, chinese_date, filed_after, note
from pipelines.handouts.demo.world import COMMUNITIES, ESTATES, FICTION, MONTHS, STREET, month_end
from pipelines.handouts.demo.write import delimited

_ALIASES: Final = {one.name: one.aliases[0] for one in ESTATES if one.aliases}


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour, 30))


@cache
def exports(sender: str) -> tuple[Export, ...]:
    """All hand-ins of one sender, in order."""
    if sender == HOTLINE_SENDER:
        return tuple(Export(sender, m, month_end(m), _at(month_end(m) + timedelta(days=3), 8)) for m in MONTHS)
    if sender == COMMUNITIES[1]:
        rows = [Export(sender, q[0], month_end(q[-1]), _at(filed_after(q[0], 3, 9), 16)) for q in spans(3)[:5]]
        rows.append(Export(sender, date(2025, 4, 1), date(2025, 6, 1), _at(date(2025, 6, 2), 9)))
        for week in range(4):
            monday = date(2025, 6, 2) + timedelta(days=7 * week)
            rows.append(Export(sender, monday, monday + timedelta(days=6), _at(monday + timedelta(days=7), 9)))
        return tuple(rows)
    length, wait = (3, 26) if sender == COMMUNITIES[4] else (6, 3)
    return tuple(
        Export(sender, m[0], month_end(m[-1]), _at(min(filed_after(m[0], length, wait), date(2025, 7, 7)), 15))
        for m in spans(length)
    )


def _answer(
    value: bool | None,  # noqa: FBT001
    words: tuple[str, str],
) -> Cell:
    return None if value is None else words[0] if value else words[1]


def _dashed(at: datetime | None) -> Cell:
    return None if at is None else f"{at:%Y-%m-%d %H:%M:%S}"


def _slashed(at: datetime | None) -> Cell:
    return "-" if at is None else f"{at.year}/{at.month}/{at.day} {at:%H:%M}"


def _dotted(at: datetime | None) -> Cell:
    return "/" if at is None else f"{at.year}.{at.month}.{at.day} {at:%H:%M}"


def _worded(at: datetime | None) -> Cell:
    return None if at is None else f"{chinese_date(at.date())} {at:%H:%M}"


def _real(at: datetime | None) -> Cell:
    return at


_Column = tuple[str, Callable[[Ticket], Cell]]


def _hotline(export: Export, rows: Sequence[Ticket]) -> Sent:
    columns: tuple[_Column, ...] = (
        ("工单编号", lambda row: row.number),
        ("小区名称", lambda row: row.estate),
        ("受理时间", lambda row: _dashed(row.opened)),
        ("派单时间", lambda row: _dashed(row.dispatched)),
        ("响应时间", lambda row: _dashed(row.responded)),
        ("办结时间", lambda row: _dashed(row.closed)),
        ("办结期限", lambda row: _dashed(row.due)),
        ("诉求类别", lambda row: row.category),
        ("受理渠道", lambda row: row.channel),
        ("诉求内容", lambda row: row.summary),
        ("是否解决", lambda row: _answer(row.resolved, ("是", "否"))),
        ("是否满意", lambda row: _answer(row.satisfied, ("是", "否"))),
        ("是否重办", lambda row: _answer(row.reopened, ("是", "否"))),
        ("剔除原因", lambda row: row.excluded),
    )
    page = Page("导出")
    page.line([heading for heading, _ in columns])
    for row in rows:
        page.line([read(row) for _, read in columns])
    page.line([f"注：{FICTION}，含上月结转件"])
    path = f"街道/12345/{STREET}12345工单{export.start:%Y%m}.csv"
    encoding = "gb18030" if export.start.year == 2024 else "utf-8-sig"
    return Sent(path, arrival(path, export.at.date()), export.sender, delimited(page, encoding=encoding))


def _columns(sender: str) -> tuple[_Column, ...]:
    match COMMUNITIES.index(sender):
        case 0:
            return (
                ("小区", lambda row: row.estate),
                ("登记时间", lambda row: row.opened),
                ("问题类别", lambda row: row.category),
                ("来源", lambda row: row.channel),
                ("主要内容", lambda row: row.summary),
                ("完成时间", lambda row: row.closed),
                ("解决情况", lambda row: _answer(row.resolved, ("已解决", "未解决"))),
                ("群众评价", lambda row: _answer(row.satisfied, ("满意", "不满意"))),
            )
        case 1:
            show, yes = _slashed, ("√", "×")
        case 2:
            show, yes = _dotted, ("是", "否")
        case 3:
            show, yes = _worded, ("是", "否")
        case 4:
            show, yes = _dashed, ("1", "0")
        case _:
            show, yes = _real, ("是", "否")
    aliased = sender in (COMMUNITIES[3], COMMUNITIES[5])
    return (
        ("流水号", lambda row: row.number),
        ("所属小区", lambda row: _ALIASES.get(row.estate, row.estate) if aliased else row.estate),
        ("受理时间", lambda row: show(row.opened)),
        ("派单时间", lambda row: show(row.dispatched)),
        ("接单时间", lambda row: show(row.responded)),
        ("办结时间", lambda row: show(row.closed)),
        ("诉求类型", lambda row: row.category),
        ("来源渠道", lambda row: row.channel),
        ("反映问题", lambda row: row.summary),
        ("是否解决", lambda row: _answer(row.resolved, yes)),
        ("是否满意", lambda row: _answer(row.satisfied, yes)),
        ("是否重办", lambda row: _answer(row.reopened, yes)),
    )


def _sheet(name: str, title: str, sender: str, rows: Sequence[Ticket]) -> Page:
    columns = _columns(sender)
    page = Page(name)
    page.banner(title, len(columns))
    page.line([heading for heading, _ in columns])
    for row in rows:
        page.line([read(row) for _, read in columns])
    note(page, len(columns))
    return page


def _community(export: Export, rows: Sequence[Ticket]) -> Sent:
    sender = export.sender
    carried = [row for row in rows if row.opened.date() < export.start]
    new = [row for row in rows if row.opened.date() >= export.start]
    pages: list[Page] = []
    days = (export.end - export.start).days
    if days < 10:
        week = export.start.isocalendar()
        words = f"{week.year}年第{week.week}周"
        pages.append(_sheet("本周", f"{sender}{words}诉求工单（{FICTION}）", sender, new))
    elif sender == COMMUNITIES[1]:
        words = f"{export.start.year}年{export.start.month}-{export.end.month if export.end.day > 1 else 5}月"
        for month in (month for month in MONTHS if export.start <= month <= export.end):
            mine = [row for row in new if (row.opened.year, row.opened.month) == (month.year, month.month)]
            pages.append(_sheet(f"{month.month}月", f"{sender}{month.year}年{month.month}月诉求工单", sender, mine))
    else:
        words = span_words(tuple(month for month in MONTHS if export.start <= month <= export.end))
        pages.append(_sheet("登记", f"{sender}{words}居民诉求登记（{FICTION}）", sender, new))
    if carried:
        pages.append(_sheet("结转", f"{sender}上期结转件办理情况", sender, carried))
    ending = {COMMUNITIES[2]: "xls", COMMUNITIES[4]: "ods"}.get(sender, "xlsx")
    path = f"{sender}/{sender.removesuffix('社区')}诉求工单{words}.{ending}"
    return book(path, export.at.date(), sender, pages, export.at)


def call_files() -> list[Sent]:
    """All lists of complaints, sender by sender, hand-in by hand-in."""
    files: list[Sent] = []
    for sender in (HOTLINE_SENDER, *COMMUNITIES):
        before: Export | None = None
        for export in exports(sender):
            rows = handed_in(export, before)
            files.append(_hotline(export, rows) if sender == HOTLINE_SENDER else _community(export, rows))
            before = export
    return files
