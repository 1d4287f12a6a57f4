"""Where the warehouse stands: which version is being served, and how a reader opens it.

A warehouse is a folder of versions, `lianping-<version>.duckdb`, and a pointer file `CURRENT` that names the one to
read. A version is never changed once it has been named there. This module imports nothing heavy: queries start with it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    import duckdb

    Connection: TypeAlias = duckdb.DuckDBPyConnection

POINTER: Final = "CURRENT"
PREFIX: Final = "lianping-"
SUFFIX: Final = ".duckdb"
VARIABLE: Final = "LIANPING_WAREHOUSE"
DEFAULT: Final = Path("data/warehouse")

READERS_MEMORY: Final = "2GB"
READERS_CONFIG: Final[dict[str, str | bool | int | float | list[str]]] = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "temp_directory": "",
    "memory_limit": READERS_MEMORY,
    "lock_configuration": "true",
}
"""One configuration for all readers: DuckDB allows no two in one process on one file."""


class NoWarehouseError(Exception):
    """Nothing has been published in this folder yet."""

    def __init__(self, folder: Path) -> None:
        """`folder` is where a warehouse was looked for."""
        super().__init__(f"no published warehouse in {folder}")
        self.folder = folder


def chosen_folder(option: Path | None) -> Path:
    """The folder of the warehouse: as asked for, else as `LIANPING_WAREHOUSE` says, else `data/warehouse`."""
    return option or Path(os.environ.get(VARIABLE) or DEFAULT)


def file_of(folder: Path, version: str) -> Path:
    """The file that holds a version."""
    return folder / f"{PREFIX}{version}{SUFFIX}"


def versions(folder: Path) -> list[str]:
    """The versions whose files are there, oldest first."""
    return sorted(one.name[len(PREFIX) : -len(SUFFIX)] for one in folder.glob(f"{PREFIX}*{SUFFIX}"))


def current(folder: Path) -> str | None:
    """The version that `CURRENT` names, or None where nothing is published."""
    try:
        return (folder / POINTER).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def open_published(folder: Path) -> duckdb.DuckDBPyConnection:
    """The published version, opened read-only, unable to touch any other file. Raises NoWarehouseError.

    A reader that was slow between reading the pointer and opening the file, while several loads went by, asks again.
    """
    import duckdb

    seen = None
    while (version := current(folder)) is not None:
        try:
            return duckdb.connect(str(file_of(folder, version)), read_only=True, config=READERS_CONFIG)
        except duckdb.IOException:
            if file_of(folder, version).exists() or version == seen:
                raise
            seen = version
    raise NoWarehouseError(folder)


def open_one(folder: Path, version: str) -> duckdb.DuckDBPyConnection:
    """One version by its name, opened as readers open it. Raises NoWarehouseError where its file is gone."""
    import duckdb

    path = file_of(folder, version)
    if not path.exists():
        raise NoWarehouseError(folder)
    return duckdb.connect(str(path), read_only=True, config=READERS_CONFIG)
