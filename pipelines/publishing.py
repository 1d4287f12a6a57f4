"""Publishes a new version of the warehouse so that a crash at any instant leaves the old one serving.

Everything is written under a temporary name, synced to the disk, counted again, and renamed; only then is the pointer
replaced. What a dead load left behind has a temporary name, or a version that no pointer ever named.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipelines.warehouse import POINTER, current, file_of, versions

if TYPE_CHECKING:
    import duckdb
    import polars as pl

KEPT: Final = 5
TEMPORARY: Final = ".building-"
STAMP: Final = "%Y%m%dT%H%M%S"


class NotPublishedError(Exception):
    """The new version could not be written; the old one is still serving. The message is the system's own."""


@dataclass(frozen=True)
class _Stream:
    """A frame as an Arrow stream only: handed a frame itself, DuckDB imports pyarrow, a third of a second."""

    frame: pl.DataFrame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.frame.__arrow_c_stream__(requested_schema)


def new_version(folder: Path, now: datetime) -> str:
    """A version such as `20250630T101500-3f2a`, which sorts after all that are there, also if the clock went back."""
    stamp = now.strftime(STAMP)
    newest = max([*versions(folder), current(folder) or ""], default="").partition("-")[0]
    if newest >= stamp:
        stamp = (datetime.strptime(newest, STAMP) + timedelta(seconds=1)).strftime(STAMP)
    return f"{stamp}-{secrets.token_hex(2)}"


def publish(
    folder: Path,
    version: str,
    tables: dict[str, pl.DataFrame],
    derive: Callable[[duckdb.DuckDBPyConnection], object] = lambda _: None,
) -> None:
    """Writes the tables as `version` and makes it the one that readers open. The caller holds the folder's lock.

    `derive` makes further tables from them inside the new version before anybody can see it.

    Raises NotPublishedError, with the old version serving, where the disk is full or the file can't be written.
    """
    temporary = folder / f"{TEMPORARY}{version}"
    with _as_not_published(temporary):
        _write(temporary, tables, derive)
        _sync(temporary)
        _count_again(temporary, tables)
        temporary.rename(file_of(folder, version))
        _sync_folder(folder)
    pointer = folder / f"{TEMPORARY}{POINTER}"
    with _as_not_published(pointer):
        with pointer.open("w", encoding="utf-8") as text:
            text.write(version + "\n")
            text.flush()
            os.fsync(text.fileno())
        pointer.replace(folder / POINTER)
        _sync_folder(folder)


def tidy(folder: Path, keep: int = KEPT) -> list[Path]:
    """Removes what dead loads left and all but the newest versions; gives what could not be removed this time.

    Windows refuses to delete a file that a reader holds open: it stays, and the next load tries again. The published
    version and older ones are kept, `keep` in all; a newer version that was never published is a dead load's.
    """
    served = current(folder)
    unwanted = list(folder.glob(f"{TEMPORARY}*"))
    if served is not None:
        there = [one for one in versions(folder) if one <= served]
        unwanted += [file_of(folder, one) for one in there[:-keep]]
    unwanted += [file_of(folder, one) for one in versions(folder) if served is None or one > served]
    left = []
    for path in unwanted:
        try:
            path.unlink(missing_ok=True)
        except OSError:
            left.append(path)
    return left


def _write(path: Path, tables: dict[str, pl.DataFrame], derive: Callable[[duckdb.DuckDBPyConnection], object]) -> None:
    import duckdb

    connection = duckdb.connect(str(path), config={"checkpoint_threshold": "1TB"})
    try:
        connection.begin()
        for name, frame in tables.items():
            _create(connection, name, frame)
        derive(connection)
        connection.commit()
        connection.checkpoint()
    finally:
        connection.close()


def _create(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    connection.register("arriving", _Stream(frame))
    connection.table("arriving").create(name)
    connection.unregister("arriving")


def _count_again(path: Path, tables: dict[str, pl.DataFrame]) -> None:
    import duckdb

    connection = duckdb.connect(str(path), read_only=True)
    try:
        for name, frame in tables.items():
            counted = connection.table(name).aggregate("count(*)").fetchall()
            if counted != [(frame.height,)]:
                raise OSError(f"{name}: {frame.height} rows written, {counted} found")
    finally:
        connection.close()


@contextmanager
def _as_not_published(temporary: Path) -> Iterator[None]:
    """Turns a failure to write into NotPublishedError and takes the unfinished file away."""
    import duckdb

    try:
        yield
    except (OSError, duckdb.Error) as fault:
        for leftover in (temporary, temporary.with_name(temporary.name + ".wal")):
            leftover.unlink(missing_ok=True)
        raise NotPublishedError(str(fault)) from fault


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    """Makes renames in a folder survive a power cut; Windows can't open folders and needs no such thing."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
