"""One file on its way from a sender to the street: its path, its bytes, who sent it and when it truly arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pipelines.handouts.demo import mistakes
from pipelines.handouts.demo.page import Cell, Page
from pipelines.handouts.demo.world import FICTION, chance, month_end
from pipelines.handouts.demo.write import ods, xls, xlsx


@dataclass(frozen=True)
class Sent:
    """A submission. `path` is below the demo's folder, with `/`."""

    path: str
    received_at: datetime
    sender: str
    content: bytes


def book(path: str, filed: date, sender: str, pages: Sequence[Page], taken: datetime | None = None) -> Sent:
    """A workbook in the format that its path ends with, written the evening before it was filed.

    `taken` is when a list was drawn from a running register: it is written then, and arrives within the hour.
    """
    match path.rsplit(".", 1)[1]:
        case "xls":
            content = xls(pages)
        case "ods":
            content = ods(pages)
        case _:
            content = xlsx(pages, taken or datetime.combine(filed - timedelta(days=1), time(17, 30)))
    received = arrival(path, filed)
    return Sent(path, taken + timedelta(minutes=received.minute) if taken else received, sender, content)


def arrival(path: str, filed: date) -> datetime:
    """When a file filed on that day arrived: in office hours."""
    draw = chance(f"arrival {path}")
    return datetime.combine(filed, time(draw.randrange(9, 17), draw.randrange(60), draw.randrange(60)))


def filed_after(start: date, months: int, days: int) -> date:
    """The day `days` after the end of the span of `months` that begins on `start`, or the Monday after a weekend."""
    last = start
    for _ in range(months - 1):
        last = month_end(last) + timedelta(days=1)
    day = month_end(last) + timedelta(days=days)
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def chinese_date(day: date) -> str:
    """A day as official papers write it, without padding zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def typed(kind: str, estate: str, month: date, field: str, value: float | None) -> Cell:
    """What the clerk typed into the cell: the truth, unless a mistake was planted there."""
    planted = mistakes.of(kind, estate, month, field)
    return value if planted is None else planted.sent


def note(page: Page, width: int, text: str = "") -> None:
    """The note below a table, which says that all of it is invented."""
    page.banner(f"注：{text}{FICTION}，不涉及任何真实小区和企业。", width)


def signature(page: Page, width: int, by: str = "经办人") -> None:
    """The line below a table that people sign; the names are left blank."""
    page.line([f"填表人：（{by}签字）", *[None] * max(0, width - 3), "审核人：（签字）"])
