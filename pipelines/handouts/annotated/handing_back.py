"""Writes the annotated workbooks of a check into a folder, one a file with findings, and says what became of each."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from pipelines.handouts.annotated.copied import copy_of, names_of
from pipelines.handouts.annotated.in_place import annotated, is_untouched
from pipelines.handouts.annotated.marks import Row, Tongue, in_order, said
from pipelines.handouts.annotated.package import UnpatchableError
from pipelines.handouts.annotated.wording import COPIED, FORMATS, NOT_PATCHED
from pipelines.reading.inbox import SAVE_AS_XLSX, find_submissions
from pipelines.reading.opening import open_workbook
from pipelines.reading.sheets import Unreadable
from pipelines.told import ToldError

FORBIDDEN: Final = re.compile(r'[<>:"\\|?*\x00-\x1f\x7f]')
RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
"""Names and characters that some systems take for a device or a path."""


@dataclass(frozen=True)
class HandedBack:
    """What became of a file: where its marked workbook was written (None: nowhere), and in words how or why not."""

    file: str
    path: Path | None
    zh: str
    en: str


class NoFolderError(ToldError):
    """The workbooks can't be written into this folder; `zh` and `en` say why and what to do."""


def prepare(into: Path, paths: Sequence[Path]) -> None:
    """Makes the folder. Raises NoFolderError where it can't be written to, or is among the folders that are read:
    the marked workbooks would be taken for submissions."""
    real = Path(os.path.realpath(into))
    for path in paths:
        if path.is_dir() and real.is_relative_to(os.path.realpath(path)):
            raise NoFolderError(
                f"不能写到 {into}：它在要检查的文件夹 {path} 里面，标注过的表会被当成新报送。请另选一个文件夹。",
                f"{into} lies inside the checked folder {path}, where marked workbooks would be taken for submissions. "
                "Choose another folder.",
            )
    try:
        into.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=into):
            pass
    except OSError as fault:
        raise NoFolderError(
            f"不能写到 {into}：{fault.strerror or fault}。请换一个可以写入的文件夹，再检查一次。",
            f"{into} can't be written to: {fault.strerror or fault}. Choose a folder that can be, and check again.",
        ) from fault


def hand_back(paths: Sequence[Path], findings: Iterable[Row], into: Path, tongue: Tongue) -> list[HandedBack]:
    """Writes below `into` each file below `paths` that has findings, marked, under its own path (as .xlsx).

    Never overwrites a file that someone may have worked on: only what was written here and not saved since. Faults of
    single files don't raise; they are told in the result. Call `prepare` first.
    """
    by_file: dict[str, list[Row]] = {}
    for row in findings:
        by_file.setdefault(row["source_file"] or "", []).append(row)
    inbox = find_submissions(paths)
    refused = {one.found.file: (one.zh, one.en) for one in inbox.refused}
    where = {one.file: one.path for one in inbox.submissions}
    maps = {one.file for one in inbox.boundaries}
    taken: set[str] = set()
    done = []
    for file, rows in by_file.items():
        unread = next((row for row in rows if row["code"] == "unreadable_file"), None)
        if file in refused:
            done.append(_not_marked(file, *refused[file]))
        elif unread is not None:
            done.append(_not_marked(file, unread["message_zh"] or "", unread["message_en"] or ""))
        elif file in maps:
            done.append(_not_marked(file, "它是边界图层，不是表格。", "It is a map, not a workbook."))
        elif file in where:
            done.append(_hand_back(file, where[file], rows, into, taken, tongue))
    return done


def marked(path: Path, rows: Iterable[Row], tongue: Tongue) -> tuple[bytes, tuple[str, str]]:
    """A file with its findings (rows of the warehouse's `findings`, of this file) marked, as .xlsx, and in both
    languages how it was made: on the file itself, or on a copy with its values. Raises Unreadable, OSError."""
    findings = [said(row, tongue) for row in in_order(rows)]
    reason: tuple[str, str] | None = None
    data = path.read_bytes()
    workbook = open_workbook(path)
    if workbook.format == "xlsx":
        try:
            return annotated(data, findings, tongue), ("在原文件上标注", "marked in place")
        except UnpatchableError as fault:
            reason = (NOT_PATCHED[0].format(zh=fault.zh), NOT_PATCHED[1].format(en=fault.en))
    if reason is None:
        zh, en = FORMATS[workbook.format]
        reason = (COPIED[0].format(format=zh.strip()), COPIED[1].format(format=en))
    names = names_of(workbook)
    moved = [replace(one, sheet=names.get(one.sheet, "")) if one.sheet or one.cell else one for one in findings]
    content = annotated(copy_of(workbook, names), moved, tongue, reason)
    return content, ("标注在一份只有数值的 .xlsx 副本上", "marked on an .xlsx copy with its values")


def safe_name(file: str) -> PurePosixPath:
    """A file's path below the folder as one that stays below it on every system: `..` and `C:` lead nowhere."""
    parts = [_safe_part(part) for part in file.split("/") if part not in ("", ".")]
    return PurePosixPath(*parts) if parts else PurePosixPath("_")


def _safe_part(part: str) -> str:
    plain = FORBIDDEN.sub("_", part).rstrip(". ") or "_"
    return f"_{plain}" if RESERVED.match(plain) else plain


def _hand_back(file: str, path: Path, rows: Sequence[Row], into: Path, taken: set[str], tongue: Tongue) -> HandedBack:
    wanted = safe_name(file)
    target = into / _unlike(wanted.with_suffix(".xlsx"), wanted, taken)
    try:
        if target.exists() and not is_untouched(target.read_bytes()):
            return _not_marked(
                file,
                f"{target} 已经有一个文件，可能有人正在改，没有覆盖。请移走它，或另选一个文件夹。",
                f"There is a file at {target} already that someone may be working on; it was not overwritten. "
                "Move it away, or choose another folder.",
            )
        content, (zh, en) = marked(path, rows, tongue)
        _write(target, content)
    except Unreadable as fault:
        return _not_marked(file, fault.zh, fault.en)
    except UnpatchableError as fault:
        return _not_marked(file, f"{fault.zh}。{SAVE_AS_XLSX[0]}", f"{fault.en}. {SAVE_AS_XLSX[1]}")
    except OSError as fault:
        return _not_marked(
            file,
            f"写不成 {target}：{fault.strerror or fault}。请换一个文件夹，或把文件名改短后再检查。",
            f"{target} can't be written: {fault.strerror or fault}. Choose another folder, or shorten the file's name.",
        )
    return HandedBack(file, target, f"{file} → {target}（{zh}）", f"{file} → {target} ({en})")


def _unlike(wanted: PurePosixPath, sent: PurePosixPath, taken: set[str]) -> PurePosixPath:
    """A name that no other file of this hand-out has: `一月.xls` beside `一月.xlsx` becomes `一月.xls.xlsx`."""
    name = wanted
    number = 1
    while name.as_posix().casefold() in taken:
        number += 1
        name = sent.with_name(sent.name + ".xlsx") if number == 2 else wanted.with_stem(f"{wanted.stem} {number}")
    taken.add(name.as_posix().casefold())
    return name


def _write(target: Path, content: bytes) -> None:
    """Writes the whole file or nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, apart = tempfile.mkstemp(dir=target.parent, prefix=".lianping-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        Path(apart).chmod(0o644)
        Path(apart).replace(target)
    except OSError:
        Path(apart).unlink(missing_ok=True)
        raise


def _not_marked(file: str, zh: str, en: str) -> HandedBack:
    return HandedBack(file, None, f"{file} 没有标注：{zh}", f"{file} was not marked: {en}")
