"""What a number format says about a cell's number, a percentage or a date; and how the cells of a sheet write dates."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

BUILT_IN_PERCENTS: Final = frozenset({9, 10})

BUILT_IN_DATES: Final = frozenset({*range(14, 23), *range(45, 48)})

EAST_ASIAN_DATES: Final = frozenset({*range(27, 37), *range(50, 59)})
"""Built-in number formats that are dates in Chinese, Japanese and Korean programs, undeclared in the file
(ECMA-376 part 1, 18.8.30)."""

SILENT_PARTS: Final = re.compile(r'"[^"]*"?|\\.|\[[^\]]*\]|[_*].|!.')
DATE_LETTERS: Final = re.compile(r"[ymdhseagb]|上午|下午", re.IGNORECASE)
ELAPSED: Final = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
NOT_DATES: Final = re.compile(
    r"general|g/通用格式|[0#?]\.?e[+-]|red|blue|black|white|green|cyan|magenta|yellow", re.IGNORECASE
)

LAST_SERIAL: Final = 2_958_466
"""The serial number after 9999-12-31."""


def is_percent(code: str) -> bool:
    """Whether a number format shows a percentage: a % outside quotation marks, brackets and escapes."""
    return "%" in SILENT_PARTS.sub("", code)


def is_date(code: str) -> bool:
    """Whether a number format shows a date or a time: its first section has a letter of one outside quotation marks."""
    first = code.split(";", maxsplit=1)[0]
    return (
        ELAPSED.search(first) is not None
        or DATE_LETTERS.search(NOT_DATES.sub("", SILENT_PARTS.sub("", first))) is not None
    )


def serial_date(serial: float, *, epoch_1904: bool = False) -> str | None:
    """A spreadsheet's serial number of a day as `2025-03-01 00:00:00`, milliseconds only where there are any.

    Day 0 is 1899-12-31 (a mere time of day stands there), and 1900-02-29, which never was, is skipped. None when out
    of the calendar.
    """
    if not 0 <= serial < LAST_SERIAL:
        return None
    start = datetime(1904, 1, 1) if epoch_1904 else datetime(1899, 12, 31 if serial < 60 else 30)
    try:
        return as_text(start + timedelta(milliseconds=round(serial * 86_400_000)))
    except OverflowError:
        return None


def iso_date(text: str) -> str | None:
    """A date in ISO 8601, with or without a time, as the cells of a sheet write it; None when it is none."""
    try:
        return as_text(datetime.fromisoformat(text.strip()).replace(tzinfo=None))
    except ValueError:
        return None


def as_text(moment: datetime) -> str:
    """A date as the cells of a sheet write it."""
    whole = moment.replace(microsecond=0)
    milliseconds = moment.microsecond // 1000
    return f"{whole}.{milliseconds:03}" if milliseconds else str(whole)


def modified_date(text: str | None) -> datetime | None:
    """The modified date in a document's properties (ISO 8601) in Shanghai local time, or None."""
    try:
        found = datetime.fromisoformat((text or "").strip())
        offset = found.utcoffset()
        if offset is not None:
            found = found.replace(tzinfo=None) - offset + timedelta(hours=8)
    except (ValueError, OverflowError):
        return None
    return found.replace(microsecond=0)
