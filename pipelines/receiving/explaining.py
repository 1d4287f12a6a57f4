"""Takes a clerk's answer to a question down, so that it isn't asked again; lists what was explained; undoes it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, cast

from pipelines.entries import explaining
from pipelines.entries.actions import UnenteredError
from pipelines.entries.explaining import ExplainedBeforeError
from pipelines.kinds import KINDS
from pipelines.mending.memory import CATEGORY, LEFT_OUT, Explanation, What, all_explanations
from pipelines.mending.toml_lines import SettingsError
from pipelines.receiving.desk import Batch, RefusedError
from pipelines.receiving.questions import Question, sheet_as

_VARYING: Final = re.compile(r"[\d一二三四五六七八九十〇零]+")

__all__ = ["Before", "DifferentBeforeError", "Remembered", "explain", "preview_sheet", "remembered", "undo"]


@dataclass(frozen=True)
class Before:
    """What somebody else said of the same word."""

    word: str
    zh: str
    en: str
    by: str
    at: datetime


class DifferentBeforeError(Exception):
    """Somebody explained it differently: are you sure?"""

    def __init__(self, before: Before) -> None:
        """See the class."""
        super().__init__(before.word)
        self.before = before


@dataclass(frozen=True)
class Remembered:
    """One explanation as it is listed. `undone_by` is "" while it counts."""

    id: str
    what: str
    sender: str
    word: str
    zh: str
    en: str
    by: str
    at: datetime
    undone_by: str
    undone_at: datetime | None = None


def explain(
    batch: Batch, question: Question, meaning: str, inbox: Path, *, by: str, now: datetime, is_sure: bool = False
) -> None:
    """Remembers what a question's word means for its sender. Raises DifferentBeforeError, RefusedError."""
    try:
        if question.what == "sheet":
            _explain_sheet(batch, question, meaning, inbox, by, now)
            return
        told = Explanation(cast("What", question.what), question.sender, question.kind, question.word, meaning, by, now)
        explaining.remember(inbox, told, is_sure=is_sure)
    except ExplainedBeforeError as fault:
        old = fault.before
        raise DifferentBeforeError(Before(old.word, *_in_words(old), old.by, old.at)) from fault
    except UnenteredError as fault:
        raise RefusedError(fault.zh, fault.en) from fault
    except SettingsError as fault:
        raise _line(fault) from fault
    except OSError as fault:
        raise RefusedError(
            f"写不进报送文件夹：{fault.strerror or fault}。",
            f"The folder can't be written to: {fault.strerror or fault}.",
        ) from fault


def preview_sheet(batch: Batch, question: Question, kind: str) -> tuple[tuple[str, str], ...]:
    """Which heading of the sheet would become which field, if it is of that kind."""
    return sheet_as(Path(batch.place.name) / question.file, question, kind)[1]


def remembered(inbox: Path) -> tuple[Remembered, ...]:
    """All that was explained, the undone too, latest first. Raises RefusedError, which names file and line."""
    try:
        told = [
            Remembered(
                one.id, one.what, one.sender, one.word, *_in_words(one), one.by, one.at, one.undone_by, one.undone_at
            )
            for one in all_explanations(inbox)
        ]
    except SettingsError as fault:
        raise _line(fault) from fault
    told += [
        Remembered(one.id, "sheet", one.sender, one.word, "", "", one.by, one.at, one.undone_by, one.undone_at)
        for one in explaining.sheets_explained(inbox)
    ]
    return tuple(sorted(told, key=lambda one: (one.at, one.id), reverse=True))


def undo(inbox: Path, number: str, *, by: str, now: datetime) -> None:
    """Takes an explanation back; what it said stays on record. Raises RefusedError."""
    try:
        explaining.undo(inbox, number, by=by, now=now)
    except UnenteredError as fault:
        raise RefusedError(fault.zh, fault.en) from fault
    except OSError as fault:
        raise RefusedError(str(fault), str(fault)) from fault


def _explain_sheet(batch: Batch, question: Question, kind: str, inbox: Path, by: str, now: datetime) -> None:
    """Writes a profile for files of this name (whatever its numbers) of this sender."""
    profile, _ = sheet_as(Path(batch.place.name) / question.file, question, kind)
    if not profile or kind not in KINDS:
        raise RefusedError(
            "这张表没有可以认的表头，请改用模板。", "The sheet has no headings to go by; use the template."
        )
    wanted = _VARYING.sub("*", question.file.rpartition("/")[2])
    pattern = f"{question.sender}/{wanted}"
    profile = re.sub(r"^files = .*$", lambda _: f"files = [{_quoted(pattern)}]", profile, count=1, flags=re.MULTILINE)
    if question.sheet:
        sheets = f"sheets = [{_quoted(_VARYING.sub('*', question.sheet))}]"
        profile = re.sub(r"^sheets = .*$", lambda _: sheets, profile, count=1, flags=re.MULTILINE)
    for old in explaining.sheets_explained(inbox):
        if not old.undone_by and (old.sender, old.word) == (question.sender, question.word):
            explaining.undo(inbox, old.id, by=by, now=now)
    explaining.remember_sheet(inbox, question.sender, question.word, profile, by=by, now=now)


def _in_words(one: Explanation) -> tuple[str, str]:
    if one.meaning == LEFT_OUT:
        return "不用这一列", "not wanted"
    if one.what != "heading" or one.meaning.startswith(CATEGORY):
        told = one.meaning.removeprefix(CATEGORY)
        return told, told
    fields = {field.name: (field.zh, field.en) for field in KINDS[one.kind].fields}
    return fields.get(one.meaning, ("期间", "period") if one.meaning == "period" else (one.meaning, one.meaning))


def _line(fault: SettingsError) -> RefusedError:
    return RefusedError(
        f"{fault.file} 第 {fault.line} 行：{fault.zh}。改好之前不能加载。",
        f"{fault.file}, line {fault.line}: {fault.en}. Nothing can be loaded until it is mended.",
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
