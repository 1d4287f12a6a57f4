"""Which files below the folders of a load are submissions, which are boundaries, and which are refused and why."""

from __future__ import annotations

import json
import os
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

SUBMISSIONS: Final = (".xlsx", ".xls", ".ods", ".csv")
BOUNDARIES: Final = (".geojson", ".gpkg")

OUR_FILES: Final = ("*.toml", "arrivals.csv", "aliases.csv", "thumbs.db", "desktop.ini", "~$*", ".*")
"""Files that are ours or the operating system's, never a submission (compared in lower case)."""

OUR_FOLDERS: Final = ("actions.d", "评星.d", "records", "__macosx")
"""Folders whose files are entries of ours or leavings of the operating system."""

DEMO_FOLDER: Final = "demo"
DEMO_MARKER: Final = "DEMO.md"
"""A folder `demo` with this file in it belongs to `lianping demo`; it is read only when it is the folder given."""

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
    **dict.fromkeys((".et", ".ett"), (" WPS 表格专用格式", "a format of WPS only", SAVE_AS_XLSX)),
    **dict.fromkeys(
        (".xlsm", ".xltm", ".xltx", ".xlt"), ("带宏的工作簿或模板", "a macro workbook or template", SAVE_AS_XLSX)
    ),
    ".xlsb": ("二进制工作簿", "a binary workbook", SAVE_AS_XLSX),
    ".numbers": (" Numbers 表格", "a Numbers spreadsheet", SAVE_AS_XLSX),
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
    **dict.fromkeys((".zip", ".rar", ".7z", ".tar", ".gz", ".tgz"), ("压缩包", "a compressed archive", UNPACK)),
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
    hold the same relative path, each `file` begins with its folder's name (and as much above it as tells them apart).
    A path that does not exist and a folder that may not be read are refused. Other files (`.md`, `.json`, `.log`) are
    ignored.
    """
    submissions, boundaries, refused = [], [], []
    for found in _distinct([seen for path in paths for seen in _look_into(path)]):
        ending = found.path.suffix.lower()
        if not os.path.lexists(found.path):
            refused.append(
                Refused(
                    found,
                    "找不到这个文件或文件夹。请检查路径是否写对。",
                    "There is no such file or folder. Check the path.",
                )
            )
        elif found.path.is_dir():
            refused.append(
                Refused(
                    found,
                    "这个文件夹没有读取权限。请让管理员开放权限后重试。",
                    "There is no permission to read this folder. Have it granted and retry.",
                )
            )
        elif ending in SUBMISSIONS:
            submissions.append(found)
        elif _is_boundary(found.path, ending):
            boundaries.append(found)
        elif ending in REFUSED_ENDINGS:
            zh, en, (do_zh, do_en) = REFUSED_ENDINGS[ending]
            refused.append(
                Refused(found, f"{ending} 是{zh}，不能读取。{do_zh}", f"{ending} is {en} and is not read. {do_en}")
            )
    return Inbox(tuple(submissions), tuple(boundaries), tuple(refused))


@dataclass(frozen=True)
class _Seen:
    """A file (or a folder that may not be listed) and the folder that it was looked for in."""

    found: Found
    root: Path


def _look_into(path: Path) -> Iterator[_Seen]:
    if path.is_dir():
        root = Path(os.path.realpath(path))
        yield from _walk(root, root)
    else:
        yield _Seen(Found(path.absolute(), path.name), Path(os.path.realpath(path.parent)))


def _walk(folder: Path, root: Path) -> Iterator[_Seen]:
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError:
        yield _Seen(Found(folder, folder.relative_to(root).as_posix()), root)
        return
    for entry in entries:
        if _is_ignored(entry.name):
            continue
        if entry.is_symlink() and not Path(os.path.realpath(entry)).is_relative_to(root):
            continue
        if not entry.is_dir():
            yield _Seen(Found(entry, entry.relative_to(root).as_posix()), root)
        elif not (entry.is_symlink() or entry.name.lower() in OUR_FOLDERS or _is_demo(entry, root)):
            yield from _walk(entry, root)


def _is_ignored(name: str) -> bool:
    return any(fnmatchcase(name.lower(), pattern) for pattern in OUR_FILES)


def _is_demo(folder: Path, root: Path) -> bool:
    return folder.parent == root and folder.name == DEMO_FOLDER and (folder / DEMO_MARKER).is_file()


def _distinct(seen: list[_Seen]) -> list[Found]:
    """Each file once, with names that differ."""
    once: dict[str, _Seen] = {}
    for one in seen:
        once.setdefault(os.path.realpath(one.found.path), one)
    kept = list(once.values())
    names = [one.found.file for one in kept]
    for depth in range(1, max((len(one.root.parts) for one in kept), default=0) + 1):
        counts = Counter(names)
        if max(counts.values()) == 1:
            break
        names = [
            "/".join((*one.root.parts[1:][-depth:], one.found.file)) if counts[name] > 1 else name
            for one, name in zip(kept, names, strict=True)
        ]
    return [Found(one.found.path, name) for one, name in zip(kept, names, strict=True)]


def _is_boundary(path: Path, ending: str) -> bool:
    """Whether a file holds areas: by its ending; a .zip when it holds a shapefile, a .json when it is GeoJSON."""
    if ending in BOUNDARIES:
        return True
    try:
        if not path.is_file():
            return False
        if ending == ".json":
            content = json.loads(path.read_bytes())
            return isinstance(content, dict) and content.get("type") == "FeatureCollection"
        if ending == ".zip":
            with zipfile.ZipFile(path) as archive:
                return any(name.lower().endswith(".shp") for name in archive.namelist())
    except (OSError, ValueError, RecursionError, zipfile.BadZipFile, NotImplementedError):
        return False
    return False
