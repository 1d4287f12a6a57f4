"""The arrival log: when each submission's content was first seen, who sent it, and which ones were withdrawn.

`arrivals.csv` stands beside the submissions because copying and cloning lose file times. It is only ever appended
to; the last row of a content says whether it counts. People may add rows by hand: a withdrawal is a row with
`withdrawn` set.
"""

from __future__ import annotations

import csv
import io
import os
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from pipelines.locking import seize

LOG: Final = "arrivals.csv"
COLUMNS: Final = ("sha256", "received_at", "sender", "withdrawn", "reason")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_TIME: Final = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?)?$"
)


@dataclass(frozen=True)
class Arrival:
    """One content as the log knows it. Times are local; `withdrawn` is set while it doesn't count."""

    sha256: str
    received_at: datetime
    sender: str | None = None
    withdrawn: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Log:
    """The log as read: content hash → arrival; and the numbers (from 1) of lines that can't be read."""

    arrivals: dict[str, Arrival] = field(default_factory=dict)
    unread: tuple[int, ...] = ()


def place_of(folder: Path, warehouse: Path) -> Path:
    """The log's path: in the folder of the submissions, or in the warehouse's folder where that can't be written."""
    beside = folder / LOG
    writable = os.access(beside if beside.exists() else folder, os.W_OK)
    return beside if writable else warehouse / LOG


def read(path: Path) -> Log:
    """The log at `path`, empty where there is none. A last line torn off by a crash is left out without a word."""
    try:
        return _understood(path.read_bytes())
    except FileNotFoundError:
        return Log()


def known_at(folder: Path, warehouse: Path) -> Log:
    """What is known about the submissions of a folder, without writing: its log, then the warehouse's own."""
    beside, apart = read(folder / LOG), read(warehouse / LOG)
    return Log({**apart.arrivals, **beside.arrivals}, beside.unread)


def note(folder: Path, warehouse: Path, hashes: Iterable[str], now: datetime) -> Log:
    """Appends a row for each content hash that the log does not know yet, all at `now`, and gives the whole log.

    Safe while others append. What the folder's log says counts before the warehouse's own.
    """
    wanted = list(dict.fromkeys(hashes))
    log = known_at(folder, warehouse)
    if all(one in log.arrivals for one in wanted):
        return log
    path = place_of(folder, warehouse)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    try:
        while not seize(descriptor):
            time.sleep(0.02)
        _append(descriptor, [one for one in wanted if one not in log.arrivals], now)
    finally:
        os.close(descriptor)
    return known_at(folder, warehouse)


def enter(folder: Path, warehouse: Path, rows: Iterable[Arrival]) -> None:
    """Appends these rows whatever the log says: a file handed in by a known sender, a withdrawal. Raises OSError."""
    listed = list(rows)
    if not listed:
        return
    descriptor = os.open(place_of(folder, warehouse), os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    try:
        while not seize(descriptor):
            time.sleep(0.02)
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        if os.lseek(descriptor, 0, os.SEEK_END) == 0:
            writer.writerow(COLUMNS)
        else:
            os.lseek(descriptor, -1, os.SEEK_END)
            if os.read(descriptor, 1) != b"\n":
                text.write("\n")
        for one in listed:
            withdrawn = one.withdrawn.isoformat(timespec="seconds") if one.withdrawn else ""
            received = one.received_at.isoformat(timespec="seconds")
            writer.writerow((one.sha256, received, one.sender or "", withdrawn, one.reason or ""))
        os.lseek(descriptor, 0, os.SEEK_END)
        os.write(descriptor, text.getvalue().encode("utf-8"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _append(descriptor: int, hashes: list[str], now: datetime) -> None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    content = b""
    while block := os.read(descriptor, 1 << 20):
        content += block
    known = _understood(content).arrivals
    rows = io.StringIO()
    writer = csv.writer(rows, lineterminator="\n")
    if not content:
        writer.writerow(COLUMNS)
    stamp = now.isoformat(timespec="seconds")
    writer.writerows((one, stamp, "", "", "") for one in hashes if one not in known)
    end = len(content)
    if content and not content.endswith(b"\n"):
        whole, _, last = content.rpartition(b"\n")
        if _arrival(_cells(_text(last))) or not whole:
            rows = io.StringIO("\n" + rows.getvalue())
        else:
            end = len(whole) + 1
    os.ftruncate(descriptor, end)
    os.lseek(descriptor, end, os.SEEK_SET)
    os.write(descriptor, rows.getvalue().encode("utf-8"))
    os.fsync(descriptor)


def _understood(content: bytes) -> Log:
    arrivals: dict[str, Arrival] = {}
    unread = []
    lines = _text(content).splitlines(keepends=True)
    for number, line in enumerate(lines, start=1):
        cells = _cells(line)
        torn = number == len(lines) and not line.endswith("\n")
        if not any(cells) or cells[0].casefold() == COLUMNS[0]:
            continue
        row = _arrival(cells)
        if row is not None:
            first = arrivals.get(row.sha256)
            arrivals[row.sha256] = _after(first, row) if first else row
        elif not torn:
            unread.append(number)
    return Log(arrivals, tuple(unread))


def _after(earlier: Arrival, later: Arrival) -> Arrival:
    """A withdrawal keeps when the content came; a row after a withdrawal brings it back as of then."""
    if later.withdrawn is not None:
        sender = later.sender or earlier.sender
        return Arrival(later.sha256, earlier.received_at, sender, later.withdrawn, later.reason)
    return later if earlier.withdrawn is not None else earlier


def _arrival(cells: list[str]) -> Arrival | None:
    if len(cells) < 2 or not _HASH.fullmatch(cells[0].casefold()):
        return None
    cells = (cells + [""] * len(COLUMNS))[: len(COLUMNS)]
    received, withdrawn = _moment(cells[1]), _moment(cells[3])
    moment = received or withdrawn
    if moment is None or (cells[3] and withdrawn is None):
        return None
    return Arrival(cells[0].casefold(), moment, cells[2] or None, withdrawn, cells[4] or None)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader([line.strip("\r\n")]), [])]


def _text(content: bytes) -> str:
    """UTF-8 as we write it, or GB18030 as spreadsheet programs save it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def _moment(text: str) -> datetime | None:
    """A time as we write it, or as a spreadsheet program does after saving the log (`2025/6/30 10:15`)."""
    match = _TIME.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction = match.groups(default="0")
    try:
        return datetime(
            int(year), int(month), int(day), int(hour), int(minute), int(second), int(fraction.ljust(6, "0"))
        )
    except ValueError:
        return None
