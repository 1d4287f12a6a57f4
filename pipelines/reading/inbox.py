"""Which files below the folders of a load are submissions, which are boundaries, and which are refused and why."""

from __future__ import annotations

import json
import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

SUBMISSIONS: Final = (".xlsx", ".xls", ".ods", ".csv")
BOUNDARIES: Final = (".geojson", ".gpkg", ".zip")

OUR_FILES: Final = ("*.toml", "arrivals.csv", "aliases.csv", "thumbs.db", "desktop.ini", "~$*", ".*")
"""Files that are ours or the operating system's, never a submission (compared in lower case)."""

OUR_FOLDERS: Final = ("actions.d", "records", "__macosx")
"""Folders whose files are entries of ours or leavings of the operating system."""

DEMO_FOLDER: Final = "demo"
DEMO_MARKER: Final = "DEMO.md"
"""A folder `demo` with this file in it belongs to `lianping demo`; it is read only when it is itself the folder given."""

SAVE_AS_XLSX: Final = (
    "在 WPS 或 Excel 中打开，点“文件—另存为”，类型选 .xlsx。",
    "Open it in WPS or Excel, choose File, Save as, type .xlsx.",
)
SEND_THE_SHEET: Final = (
    "这里只读表格。请发送原来的 .xlsx 表格。",
    "Only spreadsheets are read here. Send the original .xlsx workbook.",
)
UNPACK: Final = (
    "请先解压，把里面的表格文件放进来。",
    "Unpack it first and put the spreadsheets inside it here.",
)
REFUSED_ENDINGS: Final[dict[str, tuple[str, str, tuple[str, str]]]] = {
    **dict.fromkeys((".et", ".ett"), ("WPS 表格专用格式", "a format of WPS only", SAVE_AS_XLSX)),
    **dict.fromkeys(
        (".xlsm", ".xltm", ".xltx", ".xlt"), ("带宏的工作簿或模板", "a macro workbook or template", SAVE_AS_XLSX)
    ),
    ".xlsb": ("二进制工作簿", "a binary workbook", SAVE_AS_XLSX),
    ".numbers": ("Numbers 表格", "a Numbers spreadsheet", SAVE_AS_XLSX),
    **dict.fromkeys((".fods", ".sxc", ".dbf", ".xml"), ("不支持的表格格式", "a format that is not read", SAVE_AS_XLSX)),
    **dict.fromkeys((".htm", ".html", ".mht", ".mhtml"), ("网页", "a web page", SAVE_AS_XLSX)),
    **dict.fromkeys((".txt", ".tsv"), ("纯文本", "plain text", SAVE_AS_XLSX)),
    **dict.fromkeys((".pdf", ".ofd"), ("版式文档", "a document for print", SEND_THE_SHEET)),
    **dict.fromkeys((".doc", ".docx", ".wps", ".rtf", ".odt"), ("文字文档", "a text document", SEND_THE_SHEET)),
    **dict.fromkeys((".ppt", ".pptx", ".dps"), ("演示文稿", "a presentation", SEND_THE_SHEET)),
    **dict.fromkeys(
        (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".heic", ".webp"),
        ("图片", "a picture", SEND_THE_SHEET),
    ),
    **dict.fromkeys((".rar", ".7z", ".tar", ".gz", ".tgz"), ("压缩包", "a compressed archive", UNPACK)),
}


@dataclass(frozen=True)
class Found:
    """A file. `file` is its path below the folder that was loaded, with `/`; of a file given by itself, its name."""

    path: Path
    file: str


@dataclass(frozen=True)
class Refused:
    """A file that is no submission, with the reason and what to do."""

    found: Found
    zh: str
    en: str


@dataclass(frozen=True)
class Inbox:
    """What stands below the folders of a load."""

    submissions: tuple[Found, ...]
    boundaries: tuple[Found, ...]
    refused: tuple[Refused, ...]


def find_submissions(paths: Sequence[Path]) -> Inbox:
    """Look through folders and files in the order given, inside a folder by name.

    Symbolic links that leave their folder are not followed; a file reached twice counts once. Where two of the folders
    hold the same relative path, each `file` begins with its folder's name. A path that does not exist is refused.
    """
    founds = _distinct([found for path in paths for found in _look_into(path)])
    submissions, boundaries, refused = [], [], []
    for found in founds:
        ending = found.path.suffix.lower()
        if not found.path.exists():
            refused.append(
                Refused(
                    found,
                    "找不到这个文件或文件夹。请检查路径是否写对。",
                    "There is no such file or folder. Check the path.",
                )
            )
        elif ending in SUBMISSIONS:
            submissions.append(found)
        elif ending in BOUNDARIES or (ending == ".json" and _is_feature_collection(found.path)):
            boundaries.append(found)
        elif ending in REFUSED_ENDINGS:
            zh, en, (do_zh, do_en) = REFUSED_ENDINGS[ending]
            refused.append(
                Refused(found, f"{ending} 是{zh}，不能读取。{do_zh}", f"{ending} is {en} and is not read. {do_en}")
            )
    return Inbox(tuple(submissions), tuple(boundaries), tuple(refused))


@dataclass(frozen=True)
class _Seen:
    found: Found
    root: Path


def _look_into(path: Path) -> Iterator[_Seen]:
    root = Path(os.path.abspath(path))
    if not root.is_dir():
        yield _Seen(Found(root, root.name), root.parent)
        return
    inside = root.resolve()
    yield from _walk(root, root, inside)


def _walk(folder: Path, root: Path, inside: Path) -> Iterator[_Seen]:
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError:
        yield _Seen(Found(folder, folder.relative_to(root).as_posix()), root)
        return
    for entry in entries:
        if _is_ignored(entry.name):
            continue
        if entry.is_symlink() and not entry.resolve().is_relative_to(inside):
            continue
        if entry.is_dir():
            if entry.is_symlink() or entry.name.lower() in OUR_FOLDERS or entry.suffix.lower() == ".gdb":
                continue
            if folder == root and entry.name == DEMO_FOLDER and (entry / DEMO_MARKER).is_file():
                continue
            yield from _walk(entry, root, inside)
        else:
            yield _Seen(Found(entry, entry.relative_to(root).as_posix()), root)


def _is_ignored(name: str) -> bool:
    return any(PurePosixPath(name.lower()).match(pattern) for pattern in OUR_FILES)


def _distinct(seen: list[_Seen]) -> list[Found]:
    once: dict[Path, _Seen] = {}
    for one in seen:
        once.setdefault(one.found.path.resolve(), one)
    kept = list(once.values())
    names = Counter(one.found.file for one in kept)
    return [
        Found(one.found.path, f"{one.root.name}/{one.found.file}") if names[one.found.file] > 1 else one.found
        for one in kept
    ]


def _is_feature_collection(path: Path) -> bool:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return False
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(content, dict) and content.get("type") == "FeatureCollection"
