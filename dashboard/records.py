"""Seals what a meeting was shown (封存), and opens it again as it was, or says which file was changed since."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

RECORDS: Final = "LIANPING_RECORDS"
"""The variable of the environment that says where records are kept; unset: `data/records` below the working folder."""
_MEETINGS: Final = "meetings"
_NAME: Final = re.compile(r"\d{4}-\d\d-\d\d-\d{2,}")
_MANIFEST: Final = "manifest.json"
_PAYLOAD: Final = "meeting.json"


@dataclass(frozen=True)
class Frozen:
    """A sealed meeting. `name` is its folder's (2025-07-07-01); `payload` and `html` (by language) are what was shown.

    `version` of the warehouse, `inputs` (as_of, code and the like) and who sealed it when are from its manifest.
    """

    name: str
    folder: Path
    meeting_day: date
    number: int
    version: str
    inputs: Mapping[str, str]
    by: str
    sealed_at: datetime
    payload: bytes
    html: Mapping[str, str]


class SealBrokenError(Exception):
    """A sealed file was changed, is missing or was added. `name` is the meeting's, `file` the file's."""

    def __init__(self, name: str, file: str) -> None:
        """See the class."""
        super().__init__(f"{name}/{file} is not what was sealed")
        self.name, self.file = name, file


class UnknownMeetingError(LookupError):
    """There is no sealed meeting of this name."""


def records_folder() -> Path:
    """Where records are kept."""
    return Path(os.environ.get(RECORDS) or "data/records")


def freeze(
    records: Path,
    meeting_day: date,
    payload: bytes,
    html: Mapping[str, str],
    version: str,
    inputs: Mapping[str, str],
    by: str,
    now: datetime,
) -> Frozen:
    """Seals a meeting of a day under the next free number and opens it. Nothing is ever overwritten. Raises OSError.

    `payload` is canonical JSON (`stories.codec.dumps`), `html` the page by language, `inputs` what else it was made
    of (as_of, code version). `now` is local time.
    """
    home = records / _MEETINGS
    home.mkdir(parents=True, exist_ok=True)
    files = {_PAYLOAD: payload} | {f"page.{lang}.html": page.encode("utf-8") for lang, page in sorted(html.items())}
    manifest = {
        "meeting_day": meeting_day.isoformat(),
        "version": version,
        "inputs": dict(sorted(inputs.items())),
        "by": by,
        "sealed_at": now.isoformat(),
        "files": {name: _sum(content) for name, content in files.items()},
    }
    sealed = _text(manifest | {"seal": _sum(_text(manifest))})
    apart = home / f".{secrets.token_hex(8)}"
    apart.mkdir()
    try:
        for name, content in (files | {_MANIFEST: sealed}).items():
            _write(apart / name, content)
        place = _put(apart, home, meeting_day)
    except BaseException:
        shutil.rmtree(apart, ignore_errors=True)
        raise
    return open_frozen(records, place.name)


def frozen(records: Path) -> list[Frozen]:
    """All sealed meetings whose seal holds, the latest day and number first."""
    return [one for one in _opened(records) if isinstance(one, Frozen)]


def broken(records: Path) -> list[SealBrokenError]:
    """What is wrong with the sealed meetings whose seal doesn't hold, the latest day first."""
    return [one for one in _opened(records) if isinstance(one, SealBrokenError)]


def open_frozen(records: Path, name: str) -> Frozen:
    """A sealed meeting, as it was. Raises UnknownMeetingError, SealBrokenError."""
    folder = records / _MEETINGS / name
    if not _NAME.fullmatch(name) or not folder.is_dir():
        raise UnknownMeetingError(name)
    manifest = _manifest(name, folder)
    sealed = manifest["files"]
    for one in sorted({*sealed, *(path.name for path in folder.iterdir())} - {_MANIFEST}):
        path = folder / one
        if one not in sealed or not path.is_file() or _sum(path.read_bytes()) != sealed[one]:
            raise SealBrokenError(name, one)
    pages = {one.split(".")[1]: (folder / one).read_bytes().decode("utf-8") for one in sealed if one != _PAYLOAD}
    return Frozen(
        name=name,
        folder=folder,
        meeting_day=date.fromisoformat(manifest["meeting_day"]),
        number=int(name.rpartition("-")[2]),
        version=manifest["version"],
        inputs=manifest["inputs"],
        by=manifest["by"],
        sealed_at=datetime.fromisoformat(manifest["sealed_at"]),
        payload=(folder / _PAYLOAD).read_bytes(),
        html=pages,
    )


def _manifest(name: str, folder: Path) -> dict[str, Any]:
    try:
        content = (folder / _MANIFEST).read_bytes()
        manifest: dict[str, Any] = json.loads(content)
        seal = manifest.pop("seal")
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as mistake:
        raise SealBrokenError(name, _MANIFEST) from mistake
    if seal != _sum(_text(manifest)) or not name.startswith(f"{manifest['meeting_day']}-"):
        raise SealBrokenError(name, _MANIFEST)
    return manifest


def _text(manifest: Mapping[str, object]) -> bytes:
    return json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8")


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _opened(records: Path) -> Iterator[Frozen | SealBrokenError]:
    for name in _names(records):
        try:
            yield open_frozen(records, name)
        except SealBrokenError as fault:
            yield fault


def _names(records: Path) -> list[str]:
    home = records / _MEETINGS
    if not home.is_dir():
        return []
    return sorted((one.name for one in home.iterdir() if _NAME.fullmatch(one.name)), reverse=True)


def _put(apart: Path, home: Path, day: date) -> Path:
    number = 1
    while True:
        place = home / f"{day.isoformat()}-{number:02d}"
        if not place.exists():
            try:
                return apart.rename(place)
            except OSError:
                if not place.exists():
                    raise
        number += 1


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
