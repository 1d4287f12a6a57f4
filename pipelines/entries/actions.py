"""Keeps what a meeting decided (议定事项): each addition, re-dating and ticking off (销号) is one small new file.

A file holds one row under the headings of the kind `actions`, below two lines that say who entered it and when. The
next load reads it like any submission; until then, whoever asks reads the files themselves.
"""

from __future__ import annotations

import csv
import io
import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from pipelines.mending.personal import mask_text
from pipelines.told import ToldError

FOLDER: Final = "议定事项"
REMEMBERED: Final = 8192
OPEN, DONE = "在办", "已销号"
BY, AT = "登记人", "登记时间"
HEADINGS: Final = ("事项编号", "小区", "议定事项", "责任单位", "提出日期", "完成时限", "完成日期", "状态")
LONGEST: Final = 500
_LONG_AGO: Final = datetime(1, 1, 1)


@dataclass(frozen=True)
class Action:
    """A decision as it stands. `redated`: the due dates that it had before, in time. `estate` and `owner` may be "".

    `entered_by` and `entered_at` (local time) tell of the latest entry; for a row of the warehouse they are "" and the
    time at which its file came, None where that isn't known.
    """

    action_id: str
    estate: str
    action: str
    owner: str
    raised_on: date | None
    due_on: date | None
    done_on: date | None
    status: str
    redated: tuple[date, ...] = ()
    entered_by: str = ""
    entered_at: datetime | None = None

    @property
    def is_done(self) -> bool:
        """Whether it was ticked off."""
        return self.done_on is not None


class UnenteredError(ToldError, ValueError):
    """What was typed can't be entered. `zh` and `en` say what is wrong and what to type."""


def new_id(day: date) -> str:
    """A number for a new decision, such as ``YD20250707-4f3a9c``; no two people get the same one."""
    return f"YD{day:%Y%m%d}-{secrets.token_hex(3)}"


def write_action(inbox: Path, action: Action, *, by: str, now: datetime) -> Path:
    """Enters a decision as it stands from now on (`redated` isn't written: earlier entries tell it) and gives the file.

    `now` is local time. Never overwrites; a reader sees the whole file or none. Raises UnenteredError, OSError.
    """
    cells = _cells(action)
    who = _masked(by)
    if not who:
        raise UnenteredError("请填写登记人。", "Please say who enters this.")
    folder = inbox / FOLDER / f"{now:%Y}"
    folder.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    text.write(f"{BY}：{who}\r\n{AT}：{now.isoformat(sep=' ', timespec='microseconds')}\r\n")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows((HEADINGS, cells))
    path = folder / f"{now:%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}.csv"
    return _placed(path, text.getvalue().encode("utf-8-sig"))


def read_entries(inbox: Path) -> tuple[Action, ...]:
    """Each decision that was entered, as its latest entry leaves it, by number.

    Files that aren't entries of ours are passed by: the next load says what is wrong with them.
    """
    entries: dict[str, list[Action]] = {}
    for path in sorted((inbox / FOLDER).glob("*/*.csv")):
        entry = _entry(path)
        if entry is not None:
            entries.setdefault(entry.action_id, []).append(entry)
    told = [_latest(sorted(given, key=_entered)) for given in entries.values()]
    return tuple(sorted(told, key=lambda one: one.action_id))


def merged(warehouse_actions: Iterable[Action], entries: Iterable[Action]) -> tuple[Action, ...]:
    """The decisions of the warehouse with those entered since: an entry counts unless a file that came later spoke.

    The earlier due dates of both add up.
    """
    known = {one.action_id: one for one in warehouse_actions}
    for entry in entries:
        row = known.get(entry.action_id)
        known[entry.action_id] = entry if row is None else _later(row, entry)
    return tuple(sorted(known.values(), key=lambda one: one.action_id))


def _later(row: Action, entry: Action) -> Action:
    last = _latest(sorted((row, entry), key=_entered))
    is_told_by_it = replace(row, redated=(), entered_by="", entered_at=None) == replace(
        entry, redated=(), entered_by="", entered_at=None
    )
    return replace(last, entered_by=entry.entered_by, entered_at=entry.entered_at) if is_told_by_it else last


def _latest(entries: list[Action]) -> Action:
    last = entries[-1]
    dues: list[date] = []
    for entry in entries:
        for due in (*entry.redated, entry.due_on):
            if due is not None and (not dues or dues[-1] != due):
                dues.append(due)
    if dues and dues[-1] == last.due_on:
        dues.pop()
    return replace(last, redated=tuple(dues))


def _entered(action: Action) -> datetime:
    return action.entered_at or _LONG_AGO


def _cells(action: Action) -> tuple[str, ...]:
    number, text = _plain(action.action_id), _masked(action.action)
    if not number or not text:
        raise UnenteredError("请填写议定事项的内容。", "Please say what was decided.")
    days = (action.raised_on, action.due_on, action.done_on)
    given = ("" if day is None else day.isoformat() for day in days)
    return (number, _plain(action.estate), text, _masked(action.owner), *given, _plain(action.status))


def _plain(text: str) -> str:
    """On one line and without control characters, as a cell holds it."""
    clean = re.sub(r"[\s\x00-\x1f\x7f]+", " ", text).strip()
    if len(clean) > LONGEST:
        raise UnenteredError(
            f"文字过长（{len(clean)} 字），请缩短到 {LONGEST} 字以内。",
            f"The text is too long ({len(clean)} characters); please keep it within {LONGEST}.",
        )
    return clean


def _masked(text: str) -> str:
    """Without telephone numbers and the like, which are masked in every submission."""
    return mask_text(_plain(text))[0]


def _placed(path: Path, content: bytes) -> Path:
    """Written beside under a name that no load reads, then put in place where nothing stands yet."""
    apart = path.with_name(f".{path.name}.part")
    with apart.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(apart, path)
    except OSError:  # a share or a stick that knows no links
        if path.exists():
            raise
        return apart.rename(path)
    finally:
        apart.unlink(missing_ok=True)
    return path


def _entry(path: Path) -> Action | None:
    try:
        state = path.stat()
        return _entry_of(path, state.st_mtime_ns, state.st_size)
    except OSError:
        return None


@lru_cache(maxsize=REMEMBERED)
def _entry_of(path: Path, _changed_ns: int, _size: int) -> Action | None:
    """Read once as long as it stays as it is: open pages ask for all entries every other second."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        who, when = (line.partition("：") for line in lines[:2])
        headings, cells = csv.reader(lines[2:])
        if who[0] != BY or when[0] != AT or tuple(headings) != HEADINGS or len(cells) != len(HEADINGS):
            return None
        days = [date.fromisoformat(one) if one else None for one in cells[4:7]]
        at = datetime.fromisoformat(when[2])
    except ValueError:
        return None
    return Action(
        action_id=cells[0],
        estate=cells[1],
        action=cells[2],
        owner=cells[3],
        raised_on=days[0],
        due_on=days[1],
        done_on=days[2],
        status=cells[7],
        entered_by=who[2],
        entered_at=at,
    )
