"""Takes uploads in: which are refused and why, under which safe name each would be kept, and who probably sent it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines.reading.inbox import BOUNDARIES, REFUSED_ENDINGS, SEND_THE_SHEET, SUBMISSIONS, find_submissions
from pipelines.warehouse import NoWarehouseError, open_published

MOST_AT_ONCE: Final = 120
"""Files in one go."""
LARGEST: Final = 64 * 1024 * 1024
"""Bytes of one file."""
UNNAMED: Final = "未注明报送单位"
"""The folder of files of which nobody has said who sent them."""
_FORBIDDEN: Final = re.compile(r'[<>:"|?*/\\\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_OFFICE: Final = re.compile(r"(?:社区居委会|居委会|社区|居民区)$")
_VARYING: Final = re.compile(r"[\d一二三四五六七八九十〇零年月日季度半上下周第\-_.()（）\s]+")


class TooManyError(ValueError):
    """More files in one go than are taken; `count` of `most`."""

    def __init__(self, count: int) -> None:
        """See the class."""
        super().__init__(f"{count} > {MOST_AT_ONCE}")
        self.count, self.most = count, MOST_AT_ONCE


@dataclass(frozen=True)
class Parcel:
    """A file that was handed in. `name` is safe on every system, `given` what it was called; `refused` says in zh and
    en why it isn't taken, "" where it is."""

    given: str
    name: str
    sender: str
    data: bytes
    refused: tuple[str, str] = ("", "")

    @property
    def file(self) -> str:
        """Its path below the submissions."""
        return f"{self.sender}/{self.name}"


def unpack(uploads: Sequence[tuple[str, bytes]], senders: Senders, default: str = "") -> tuple[Parcel, ...]:
    """The uploads (name, content) as parcels with names that differ. Raises TooManyError."""
    if len(uploads) > MOST_AT_ONCE:
        raise TooManyError(len(uploads))
    parcels: list[Parcel] = []
    taken: set[str] = set()
    for given, data in uploads:
        sender = senders.of(given) or safe_folder(default) or UNNAMED
        parcel = Parcel(given, safe_name(given), sender, data, _refusal(given, data))
        number = 1
        while parcel.file.casefold() in taken:
            number += 1
            stem, dot, ending = safe_name(given).rpartition(".")
            parcel = Parcel(given, f"{stem}({number}){dot}{ending}", sender, data, parcel.refused)
        taken.add(parcel.file.casefold())
        parcels.append(parcel)
    return tuple(parcels)


def safe_name(given: str) -> str:
    """The last part of a name, without anything that some system takes for a path, a device or a hidden file."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    plain = _FORBIDDEN.sub("_", last).strip(" .~$") or "_"
    stem, dot, ending = plain.rpartition(".")
    plain = f"{stem[:120]}{dot}{ending[:10]}" if dot else plain[:120]
    return f"_{plain}" if _RESERVED.match(plain) else plain


def safe_folder(sender: str) -> str:
    """A sender as a path of folders below the submissions: `企业/佳与` stays, `../x` becomes `x`."""
    parts = [_FORBIDDEN.sub("_", part).strip(" .~$")[:60] for part in re.split(r"[/\\]", sender)]
    kept = [f"_{part}" if _RESERVED.match(part) else part for part in parts if part]
    return "/".join(kept[:3])


@dataclass(frozen=True)
class Senders:
    """Who sends: folders of the submissions, communities, and which folder a file of that layout came from before."""

    names: tuple[str, ...]
    by_layout: dict[str, str]

    def of(self, given: str) -> str:
        """Who probably sent a file of that name: the folder it lay in, the name in it, or who sent one like it before;
        "" where nothing tells."""
        whole = unicodedata.normalize("NFC", given).replace("\\", "/")
        folder, _, last = whole.rpartition("/")
        for name in self.names:
            if folder and (folder == name or folder.endswith(f"/{name}") or name.endswith(f"/{folder}")):
                return name
        if known := self.by_layout.get(_layout(last)):
            return known
        spoken = [name for name in self.names if _is_named(name, last)]
        return max(spoken, key=lambda name: len(_spoken(name)), default="")


def senders_of(inbox: Path, warehouse: Path) -> Senders:
    """The senders that the submissions and the published register tell."""
    folders: dict[str, None] = {}
    layouts: dict[str, set[str]] = {}
    if inbox.is_dir():
        for found in find_submissions([inbox]).submissions:
            folder, _, last = found.file.rpartition("/")
            if folder:
                folders[folder] = None
                layouts.setdefault(_layout(last), set()).add(folder)
    names = dict.fromkeys([*_communities(warehouse), *folders])
    return Senders(tuple(names), {key: next(iter(one)) for key, one in layouts.items() if len(one) == 1 and key})


def _communities(warehouse: Path) -> list[str]:
    try:
        connection = open_published(warehouse)
    except NoWarehouseError:
        return []
    try:
        query = "SELECT DISTINCT community FROM estates WHERE community IS NOT NULL ORDER BY 1"
        return [str(one) for (one,) in connection.execute(query).fetchall()]
    finally:
        connection.close()


def _layout(name: str) -> str:
    """What months and numbers leave of a file's name."""
    return _VARYING.sub("", name.rpartition(".")[0]).casefold()


def _is_named(sender: str, file: str) -> bool:
    word = _spoken(sender)
    return sender.rpartition("/")[2] in file or (len(word) > 1 and word in file)


def _spoken(name: str) -> str:
    return _OFFICE.sub("", name.rpartition("/")[2])


def _refusal(given: str, data: bytes) -> tuple[str, str]:
    ending = Path(given.replace("\\", "/")).suffix.lower()
    if len(data) > LARGEST:
        size, most = len(data) / 2**20, LARGEST // 2**20
        return (
            f"文件有 {size:.0f} MB，最多收 {most} MB。请删去图片和不用的工作表，或分成几个文件再交。",
            f"The file has {size:.0f} MB; at most {most} MB are taken. Remove pictures and unused sheets, or split it.",
        )
    if not data:
        return (
            "文件是空的（0 字节）。请重新保存后再交。",
            "The file is empty (0 bytes). Save it again and hand it in.",
        )
    if ending in (*SUBMISSIONS, *BOUNDARIES):
        return "", ""
    if ending in REFUSED_ENDINGS:
        zh, en, (do_zh, do_en) = REFUSED_ENDINGS[ending]
        return f"{ending} 是{zh.strip()}，不能读取。{do_zh}", f"{ending} is {en} and is not read. {do_en}"
    return (
        f"“{ending or '没有后缀的文件'}”不是表格。{SEND_THE_SHEET[0]}",
        f"“{ending or 'a file without an ending'}” is no spreadsheet. {SEND_THE_SHEET[1]}",
    )
