"""Seals what a meeting was shown (封存), and opens it again as it was, or says which file was changed since."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from pipelines.sealing import MANIFEST, SealBrokenError, open_sealed, records_folder, seal

__all__ = [
    "Frozen", "SealBrokenError", "UnknownMeetingError", "broken", "freeze", "frozen", "open_frozen", "records_folder",
]  # fmt: skip

_MEETINGS: Final = "meetings"
_NAME: Final = re.compile(r"\d{4}-\d\d-\d\d-\d{2,}")
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


class UnknownMeetingError(LookupError):
    """There is no sealed meeting of this name."""


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
    files = {_PAYLOAD: payload} | {f"page.{lang}.html": page.encode("utf-8") for lang, page in sorted(html.items())}
    about = {
        "meeting_day": meeting_day.isoformat(),
        "version": version,
        "inputs": dict(sorted(inputs.items())),
        "by": by,
        "sealed_at": now.isoformat(),
    }
    place = seal(records / _MEETINGS, meeting_day.isoformat(), files, about)
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
    sealed = open_sealed(folder)
    about, files = sealed.about, sealed.files
    if not name.startswith(f"{about['meeting_day']}-"):
        raise SealBrokenError(name, MANIFEST)
    pages = {one.split(".")[1]: content.decode("utf-8") for one, content in files.items() if one != _PAYLOAD}
    return Frozen(
        name=name,
        folder=folder,
        meeting_day=date.fromisoformat(about["meeting_day"]),
        number=sealed.number,
        version=about["version"],
        inputs=about["inputs"],
        by=about["by"],
        sealed_at=datetime.fromisoformat(about["sealed_at"]),
        payload=files[_PAYLOAD],
        html=pages,
    )


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
