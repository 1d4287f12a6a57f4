"""Tells cheaply whether anything has changed: of files, of settings, and of the code that reads."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from importlib.metadata import version
from pathlib import Path
from re import Pattern
from typing import Final

PACKAGE: Final = Path(__file__).parent
READERS: Final = ("reading", "kinds", "mending", "places", "findings.py", "staged.py", "settings.py", "street.py")
"""The part of the code that a reading depends on, below this package."""
LIBRARIES: Final = ("polars", "fastexcel", "python-calamine", "lxml", "rapidfuzz")
RACY_NANOSECONDS: Final = 2_000_000_000
"""A file changed this shortly before it was hashed could change again without its time telling so."""


def of(value: object) -> str:
    """A short hash of a plain value: the same for equal values in any process. Raises TypeError for other things."""
    return hashlib.sha256(json.dumps(_plain(value), ensure_ascii=False).encode()).hexdigest()[:16]


def of_file(path: Path) -> str:
    """The sha256 of a file's bytes. Raises OSError."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def of_folder(folder: Path, parts: tuple[str, ...] = ("",)) -> str:
    """A hash of the sources (.py, .csv, .toml, .sql) below a folder, or below parts of it."""
    total = hashlib.sha256()
    for part in parts:
        top = folder / part
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if path.suffix in (".py", ".csv", ".toml", ".sql"):
                total.update(path.relative_to(folder).as_posix().encode() + b"\0")
                total.update(path.read_bytes())
    return total.hexdigest()[:16]


@cache
def of_the_reader() -> str:
    """A hash of the code that reads one file, and of the libraries that it reads with."""
    return of([of_folder(PACKAGE, READERS), [version(one) for one in LIBRARIES]])


@cache
def of_the_code() -> str:
    """A hash of everything in this package: the code that made a version."""
    return of([of_folder(PACKAGE), of_the_reader()])


class Hashes:
    """File hashes remembered by path, size, time and inode, so that an unchanged file is not even read again."""

    def __init__(self, index: Path) -> None:
        """Remembers what the index file at `index` knows; a missing or broken one knows nothing."""
        self._index = index
        self._used: dict[str, list[object]] = {}
        try:
            self._known: dict[str, list[object]] = dict(json.loads(index.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            self._known = {}

    def of(self, path: Path) -> str:
        """The sha256 of the file at `path`. Raises OSError where it can't be read."""
        known_as, marks = self._marks(path)
        known = self._known.get(known_as)
        if known is not None and known[:-1] == marks:
            self._used[known_as] = known
            return str(known[-1])
        found = of_file(path)
        if time.time_ns() - int(str(marks[1])) > RACY_NANOSECONDS:
            self._used[known_as] = [*marks, found]
        return found

    def new(self, paths: Iterable[Path]) -> int:
        """How many of the files are not remembered as they are now. A guess made without reading any."""
        unknown = 0
        for path in paths:
            try:
                known_as, marks = self._marks(path)
            except OSError:
                continue
            unknown += self._known.get(known_as, [])[:-1] != marks
        return unknown

    def _marks(self, path: Path) -> tuple[str, list[object]]:
        stat = path.stat()
        return str(path.resolve()), [stat.st_size, stat.st_mtime_ns, stat.st_ino]

    def keep(self) -> None:
        """Writes the index, of the files asked for only. Losing it costs time, nothing else."""
        if self._used != self._known:
            self._index.parent.mkdir(parents=True, exist_ok=True)
            unfinished = self._index.with_name(f"{self._index.name}.{os.getpid()}")
            unfinished.write_text(json.dumps(self._used, ensure_ascii=False), encoding="utf-8")
            unfinished.replace(self._index)


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, *(_plain(getattr(value, one.name)) for one in fields(value))]
    if isinstance(value, Mapping):
        return [[_plain(key), _plain(each)] for key, each in value.items()]
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted(json.dumps(_plain(each), ensure_ascii=False) for each in value)
    if isinstance(value, Pattern | Enum):
        return str(value.pattern) if isinstance(value, Pattern) else value.name
    if isinstance(value, Path) or hasattr(value, "isoformat"):
        return str(value)
    raise TypeError(f"no fingerprint of a {type(value).__name__}")
