"""Keeps what is entered by hand for a rating: vetoes, bonuses, deductions, facts; each is one small new file.

A file holds one row below two lines that say who entered it and when; nothing is overwritten, and a later entry with
the same subject, item and day replaces the earlier one (times 0 takes it back).
"""

from __future__ import annotations

import csv
import io
import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from pipelines.analysis.rating.evidence import Entry
from pipelines.mending.personal import mask_text
from pipelines.told import ToldError

FOLDER: Final = Path("data/records/评星登记")
BY, AT = "登记人", "登记时间"
HEADINGS: Final = ("对象", "事项编号", "日期", "依据", "决定人", "次数", "有效期至")
LONGEST: Final = 500


@dataclass(frozen=True)
class EntryFault:
    """A file that is no entry: which, and why in both languages."""

    file: str
    zh: str
    en: str


class NotEnteredError(ToldError, ValueError):
    """What was typed can't be entered; `zh` and `en` say why."""


def write_entry(folder: Path, entry: Entry, *, by: str, now: datetime) -> Path:
    """Enters something and gives its file. A reader sees the whole file or none. Raises NotEnteredError, OSError."""
    needed = ((entry.subject, "对象", "the subject"), (entry.id, "事项编号", "the item"), (by, BY, "who enters it"),
              (entry.evidence, "依据", "the evidence"), (entry.decider, "决定人", "who decided it"))  # fmt: skip
    for value, zh, en in needed:
        if not _plain(value):
            raise NotEnteredError(f"请填写{zh}。", f"Please give {en}.")
    if entry.times < 0:
        raise NotEnteredError("次数不能小于 0。", "It can't have happened less than 0 times.")
    if entry.expires is not None and entry.expires < entry.on:
        raise NotEnteredError("有效期不能早于日期。", "It can't expire before its day.")
    text = io.StringIO()
    text.write(f"{BY}：{_masked(by)}\r\n{AT}：{now.isoformat(sep=' ', timespec='microseconds')}\r\n")
    cells = (
        _plain(entry.subject), _plain(entry.id), entry.on.isoformat(), _masked(entry.evidence), _masked(entry.decider),
        f"{entry.times:g}", entry.expires.isoformat() if entry.expires else "",
    )  # fmt: skip
    csv.writer(text, lineterminator="\r\n").writerows((HEADINGS, cells))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now:%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}.csv"
    unfinished = path.with_name(f".{path.name}.part")
    with unfinished.open("xb") as stream:
        stream.write(text.getvalue().encode("utf-8-sig"))
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(path)
    return path


def read_entries(folder: Path) -> tuple[tuple[Entry, ...], tuple[EntryFault, ...]]:
    """All entries, the latest of each subject, item and day; and the files that are none. No folder: nothing."""
    found: dict[tuple[str, str, date], tuple[str, Entry]] = {}
    faults: list[EntryFault] = []
    for path in sorted(folder.glob("*.csv")):
        try:
            at, entry = _read(path.read_bytes())
        except (ValueError, OSError) as fault:
            faults.append(EntryFault(path.name, f"不是评星登记的格式：{fault}", f"not an entry of a rating: {fault}"))
            continue
        key = (entry.subject, entry.id, entry.on)
        if key not in found or found[key][0] <= at:
            found[key] = (at, entry)
    entries = (entry for _, entry in found.values() if entry.times > 0)
    return tuple(sorted(entries, key=lambda one: (one.subject, one.id, one.on))), tuple(faults)


def _read(raw: bytes) -> tuple[str, Entry]:
    rows: Sequence[list[str]] = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    if len(rows) != 4 or tuple(rows[2]) != HEADINGS or len(rows[3]) != len(HEADINGS):
        raise ValueError("headings")
    if not rows[0][0].startswith(BY) or not rows[1][0].startswith(AT):
        raise ValueError(f"{BY}, {AT}")
    subject, item, on, evidence, decider, times, expires = rows[3]
    at = rows[1][0].removeprefix(AT).lstrip("：:")
    entry = Entry(
        subject, item, date.fromisoformat(on), evidence, decider, float(times),
        date.fromisoformat(expires) if expires else None,
    )  # fmt: skip
    return at, entry


def _plain(text: str) -> str:
    clean = re.sub(r"[\s\x00-\x1f\x7f]+", " ", text).strip()
    if len(clean) > LONGEST:
        raise NotEnteredError(
            f"文字过长，请缩短到 {LONGEST} 字以内。", f"Please keep the text within {LONGEST} characters."
        )
    return clean


def _masked(text: str) -> str:
    """Without telephone numbers and the like, which are masked in every submission."""
    return mask_text(_plain(text))[0]
