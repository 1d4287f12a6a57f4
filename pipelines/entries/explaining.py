"""Keeps what a clerk explained (释义): each explanation, and each undoing of one, is written into one small file."""

from __future__ import annotations

import json
import os
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from pipelines.entries.actions import UnenteredError
from pipelines.mending.memory import ENDING, FOLDER, UNDONE, Explanation, all_explanations
from pipelines.mending.personal import mask_text

PROFILE: Final = ".profile.toml"
_SAID_BY: Final = re.compile(r"^# 说明人 / by: (.*?) \| (\S+) \| (.*?) \| (.*)$", re.MULTILINE)


class ExplainedBeforeError(Exception):
    """Someone explained the same thing differently; `before` is what they said."""

    def __init__(self, before: Explanation) -> None:
        """See the class."""
        super().__init__(f"{before.word}: {before.meaning} ({before.by})")
        self.before = before


@dataclass(frozen=True)
class SheetExplained:
    """A profile that was written for a sheet of an unknown kind. `word` is the sheet's name."""

    id: str
    sender: str
    word: str
    by: str
    at: datetime
    undone_by: str = ""
    undone_at: datetime | None = None


def remember(inbox: Path, one: Explanation, *, is_sure: bool = False) -> Path:
    """Writes an explanation down and gives the file. Saying the same again writes nothing.

    Raises ExplainedBeforeError where someone said something else of the same thing, unless `is_sure`: then the earlier
    one is undone by whoever is sure. Raises UnenteredError without a name, OSError.
    """
    who = _clean(one.by)
    if not who:
        raise UnenteredError("请填写说明人。", "Please say who explains this.")
    before = next((old for old in all_explanations(inbox) if not old.undone_by and old.key == one.key), None)
    if before is not None and before.meaning == one.meaning:
        return inbox / FOLDER / f"{before.id}{ENDING}"
    if before is not None:
        if not is_sure:
            raise ExplainedBeforeError(before)
        undo(inbox, before.id, by=who, now=one.at)
    path = inbox / FOLDER / f"{one.at:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}{ENDING}"
    _write(path, _text(replace(one, by=who)))
    return path


def remember_sheet(inbox: Path, sender: str, sheet: str, profile: str, *, by: str, now: datetime) -> Path:
    """Writes a profile for a sheet down, below the line that says who made it. Raises UnenteredError, OSError."""
    who = _clean(by)
    if not who:
        raise UnenteredError("请填写说明人。", "Please say who explains this.")
    path = inbox / FOLDER / f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}{PROFILE}"
    line = f"# 说明人 / by: {who} | {now.isoformat(timespec='seconds')} | {_clean(sender)} | {_clean(sheet)}\n"
    _write(path, line + profile)
    return path


def sheets_explained(inbox: Path) -> tuple[SheetExplained, ...]:
    """The profiles that were written here, the undone too, latest first."""
    found = []
    for path in (inbox / FOLDER).glob("*.toml"):
        is_undone = path.name.endswith(f"{PROFILE}{UNDONE}")
        if not is_undone and not path.name.endswith(PROFILE):
            continue
        said = _SAID_BY.search(path.read_text(encoding="utf-8"))
        if said:
            undone = re.search(
                r"^# 撤销人 / undone by: (.*?) \| (\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE
            )
            stem = path.name.removesuffix(UNDONE).removesuffix(PROFILE) if is_undone else path.name[: -len(PROFILE)]
            at = datetime.fromisoformat(said[2])
            who, when = (undone[1], datetime.fromisoformat(undone[2])) if undone else ("", None)
            found.append(SheetExplained(stem, said[3], said[4], said[1], at, who, when))
    return tuple(sorted(found, key=lambda one: (one.at, one.id), reverse=True))


def undo(inbox: Path, number: str, *, by: str, now: datetime) -> None:
    """Takes the effect of an explanation away and keeps what it said, with who undid it. Nothing where it is undone.

    Raises UnenteredError without a name, OSError.
    """
    who = _clean(by)
    if not who:
        raise UnenteredError("请填写撤销人。", "Please say who undoes this.")
    folder = inbox / FOLDER
    name = Path(number).name
    stamp = now.isoformat(timespec="seconds")
    told, profile = folder / f"{name}{ENDING}", folder / f"{name}{PROFILE}"
    if told.exists():
        more = f"undone_by = {_quoted(who)}\nundone_at = {stamp}\n"
        _write(folder / f"{name}{UNDONE}", told.read_text(encoding="utf-8") + more)
        told.unlink()
    elif profile.exists():
        line = f"# 撤销人 / undone by: {who} | {stamp}\n"
        _write(folder / f"{name}{PROFILE}{UNDONE}", line + profile.read_text(encoding="utf-8"))
        profile.unlink()


def _text(one: Explanation) -> str:
    lines = [
        "# 联评记住的一条说明；要取消，请在“报送”页点“撤销”，或删去这个文件。",
        "# One explanation that Lianping remembers; undo it on the data page, or delete this file.",
        *(f"{key} = {_quoted(getattr(one, key))}" for key in ("what", "sender", "kind", "word", "meaning", "by")),
        f"at = {one.at.isoformat(timespec='seconds')}",
    ]
    return "\n".join(lines) + "\n"


def _write(path: Path, text: str) -> None:
    """The whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    apart = path.with_name(f".{path.name}.part")
    with apart.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    apart.replace(path)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _clean(text: str) -> str:
    return mask_text(re.sub(r"[\s\x00-\x1f\x7f|]+", " ", text).strip())[0][:80]
