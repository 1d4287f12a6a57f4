"""Keeps the steps of rounds as small files below the submissions: who did what when; nothing is overwritten.

A round is a folder `评星.d/ID`. Its steps are numbered; whoever writes a number first has it, so that two people at two
screens can't both take the next step.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pipelines.mending.personal import mask_text
from pipelines.told import ToldError

FOLDER: Final = "评星.d"
SHEETS: Final = "评分表"
STEPS: Final = "步骤"
LONGEST: Final = 1000
STALE_SECONDS: Final = 60.0
"""A number that was taken so long ago without its step was taken by a program that died."""
_NAME: Final = re.compile(r"\d{4}-[a-z_]+\.json")
_ROUND: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")


class RefusedError(ToldError, ValueError):
    """A step can't be taken; `zh` and `en` say why and what to do."""


@dataclass(frozen=True)
class Step:
    """One step: its place in the row, its kind, who took it and when (local time), and what it says."""

    number: int
    kind: str
    by: str
    at: datetime
    told: Mapping[str, Any] = field(default_factory=dict)


def round_ids(inbox: Path) -> tuple[str, ...]:
    """All rounds below the submissions, by their names."""
    home = inbox / FOLDER
    found = home.iterdir() if home.is_dir() else ()
    return tuple(sorted(one.name for one in found if _ROUND.fullmatch(one.name) and (one / STEPS).is_dir()))


def round_folder(inbox: Path, name: str) -> Path:
    """The folder of a round. Raises RefusedError where the name is none."""
    if not _ROUND.fullmatch(name):
        raise RefusedError(
            f"“{name}”不能作轮次编号，请用字母、数字和 -。", f'"{name}" is no round: letters, digits, -.'
        )
    return inbox / FOLDER / name


def read_steps(folder: Path) -> tuple[Step, ...]:
    """The steps of a round in their order. A file that is none of ours is passed by."""
    found = []
    for path in sorted((folder / STEPS).glob("*.json")):
        if not _NAME.fullmatch(path.name):
            continue
        try:
            plain = json.loads(path.read_bytes())
            step = Step(plain["number"], plain["kind"], plain["by"], datetime.fromisoformat(plain["at"]), plain["told"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        found.append(step)
    return tuple(found)


def write_step(folder: Path, number: int, kind: str, told: Mapping[str, object], *, by: str, now: datetime) -> Step:
    """Takes a step. Raises RefusedError where someone else took one meanwhile, or `by` is empty; OSError."""
    who = masked(by)
    if not who:
        raise RefusedError("请填写经办人。", "Please say who does this.")
    home = folder / STEPS
    home.mkdir(parents=True, exist_ok=True)
    step = Step(number, kind, who, now, told)
    plain = {"number": number, "kind": kind, "by": who, "at": now.isoformat(), "told": dict(told)}
    content = json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False).encode()
    if any(one.number >= number for one in read_steps(folder)):
        raise _overtaken()
    path = home / f"{number:04d}-{kind}.json"
    mark = home / f".{number:04d}"
    if mark.exists() and time.time() - mark.stat().st_mtime > STALE_SECONDS:
        mark.unlink(missing_ok=True)
    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError as fault:
        raise _overtaken() from fault
    try:
        write_whole(path, content)
    except OSError:
        mark.unlink(missing_ok=True)
        raise
    return step


def write_whole(path: Path, content: bytes) -> Path:
    """Writes a file that a reader sees whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{secrets.token_hex(6)}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return part.rename(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def masked(text: object) -> str:
    """A text on one line, without control characters, telephone numbers and the like. Raises RefusedError: too long."""
    clean = re.sub(r"[\s\x00-\x1f\x7f]+", " ", str(text)).strip()
    if len(clean) > LONGEST:
        raise RefusedError(
            f"文字过长，请缩短到 {LONGEST} 字以内。", f"Please keep the text within {LONGEST} characters."
        )
    return mask_text(clean)[0]


def _overtaken() -> RefusedError:
    return RefusedError(
        "刚才有人办了另一步，本页内容已更新，请核对后再办。",
        "Somebody has just taken another step; look at the page again before you go on.",
    )
