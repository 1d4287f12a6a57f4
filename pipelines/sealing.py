"""Seals files in a folder of their own with the hash of each (封存), and opens them again or says what was changed.

A sealed folder's name is what it is of and a number (2025-07-07-01); nothing is ever overwritten.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

MANIFEST: Final = "manifest.json"
RECORDS: Final = "LIANPING_RECORDS"
"""The variable of the environment that says where records are kept; unset: `data/records` below the working folder."""


def records_folder() -> Path:
    """Where records are kept."""
    return Path(os.environ.get(RECORDS) or "data/records")


@dataclass(frozen=True)
class Sealed:
    """A sealed folder whose seal holds: what its manifest says of it, and its files by path (with `/`)."""

    folder: Path
    about: Mapping[str, Any]
    files: Mapping[str, bytes]

    @property
    def number(self) -> int:
        """The number at the end of its name."""
        return int(self.folder.name.rpartition("-")[2])


class SealBrokenError(Exception):
    """A sealed file was changed, is missing or was added. `name` is the folder's, `file` the file's."""

    def __init__(self, name: str, file: str) -> None:
        """See the class."""
        super().__init__(f"{name}/{file} is not what was sealed")
        self.name, self.file = name, file


def seal(home: Path, stem: str, files: Mapping[str, bytes], about: Mapping[str, object]) -> Path:
    """Puts files under the next free number below `home` and gives the folder. Raises OSError.

    A reader sees the whole folder or none. `about` are plain values that the manifest holds beside the hashes.
    """
    home.mkdir(parents=True, exist_ok=True)
    manifest = {**about, "files": {name: digest(content) for name, content in files.items()}}
    sealed = _text(manifest | {"seal": digest(_text(manifest))})
    apart = home / f".{secrets.token_hex(8)}"
    apart.mkdir()
    try:
        for name, content in {**files, MANIFEST: sealed}.items():
            _write(apart / name, content)
        return _put(apart, home, stem)
    except BaseException:
        shutil.rmtree(apart, ignore_errors=True)
        raise


def open_sealed(folder: Path) -> Sealed:
    """A sealed folder, as it was. Raises SealBrokenError."""
    about = _manifest(folder)
    hashes = about.pop("files")
    there = {one.relative_to(folder).as_posix() for one in folder.rglob("*") if not one.is_dir()}
    files: dict[str, bytes] = {}
    for name in sorted({*hashes, *there} - {MANIFEST}):
        path = folder / name
        content = path.read_bytes() if name in hashes and path.is_file() else None
        if content is None or digest(content) != hashes[name]:
            raise SealBrokenError(folder.name, name)
        files[name] = content
    return Sealed(folder, about, files)


def digest(content: bytes) -> str:
    """The SHA-256 of bytes, as the manifest holds it."""
    return hashlib.sha256(content).hexdigest()


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        seal = manifest.pop("seal")
        files = manifest["files"]
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as mistake:
        raise SealBrokenError(folder.name, MANIFEST) from mistake
    if seal != digest(_text(manifest)) or not isinstance(files, dict):
        raise SealBrokenError(folder.name, MANIFEST)
    return manifest


def _text(manifest: Mapping[str, object]) -> bytes:
    return json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8")


def _put(apart: Path, home: Path, stem: str) -> Path:
    number = 1
    while True:
        place = home / f"{stem}-{number:02d}"
        if not place.exists():
            try:
                return apart.rename(place)
            except OSError:
                if not place.exists():
                    raise
        number += 1


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
