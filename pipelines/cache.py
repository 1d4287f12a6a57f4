"""Keeps what was read from each file, so that an unchanged file is never parsed again.

One folder a reading, `staged/<key>/`, with its frames as Arrow files and the rest as JSON. The key covers the bytes,
the name, the settings, and the code that reads. It is written aside and renamed; checksums tell a torn one, which is
simply read anew: losing the whole folder costs time, nothing else.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zlib
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import polars as pl

    from pipelines.staged import Reading

STAGED: Final = "staged"
REST: Final = "reading.json"
INDEX: Final = "hashes.json"
UNFINISHED: Final = ".writing-"


def key_of(sha256: str, file: str, circumstances: str) -> str:
    """The key of a reading: content hash, path below the loaded folder, and a fingerprint of settings and code."""
    return hashlib.sha256("\0".join((sha256, file, circumstances)).encode()).hexdigest()[:32]


def keep(staged: Path, key: str, reading: Reading) -> None:
    """Stores a reading under its key. Does nothing where it is stored already."""
    unfinished = staged / f"{UNFINISHED}{key}-{os.getpid()}"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    frames: dict[str, pl.DataFrame] = {f"records-{kind}": frame for kind, frame in reading.records.items()}
    parts = ("findings", "quarantine", "ledger", "counted", "printed", "printed_totals")
    frames |= {name: getattr(reading, name) for name in parts}
    checksums = {}
    for name, frame in frames.items():
        path = unfinished / f"{name}.arrow"
        frame.write_ipc(path, compression="lz4")
        checksums[name] = zlib.crc32(path.read_bytes())
    rest = {
        "checksums": checksums,
        "layouts": [asdict(one) for one in reading.layouts],
        "filed_on": reading.filed_on and reading.filed_on.isoformat(),
        "modified": reading.modified and reading.modified.isoformat(),
        "entered_at": reading.entered_at and reading.entered_at.isoformat(),
        "rejected": reading.rejected,
    }
    (unfinished / REST).write_text(json.dumps(rest, ensure_ascii=False), encoding="utf-8")
    try:
        unfinished.rename(staged / key)
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
        if not (staged / key / REST).exists():
            raise


def has(staged: Path, key: str) -> bool:
    """Whether a reading is stored under this key (it may still turn out torn)."""
    return (staged / key / REST).exists()


def recall(staged: Path, key: str) -> Reading | None:
    """The reading stored under a key; None, and it is gone, where there is none or it is torn."""
    import io

    import polars as pl

    from pipelines.staged import Layout, Reading

    folder = staged / key
    try:
        rest = json.loads((folder / REST).read_text(encoding="utf-8"))
        frames = {}
        for name, checksum in rest["checksums"].items():
            content = (folder / f"{name}.arrow").read_bytes()
            if zlib.crc32(content) != checksum:
                raise ValueError(name)
            frames[name] = pl.read_ipc(io.BytesIO(content))
        layouts = tuple(Layout(**{**one, "contexts": tuple(one["contexts"])}) for one in rest["layouts"])
    except (OSError, ValueError, KeyError, TypeError):
        shutil.rmtree(folder, ignore_errors=True)
        return None
    kinds = {name.removeprefix("records-"): one for name, one in frames.items() if name.startswith("records-")}
    return Reading(
        records=kinds,
        layouts=layouts,
        findings=frames["findings"],
        quarantine=frames["quarantine"],
        ledger=frames["ledger"],
        counted=frames["counted"],
        filed_on=date.fromisoformat(rest["filed_on"]) if rest["filed_on"] else None,
        modified=datetime.fromisoformat(rest["modified"]) if rest["modified"] else None,
        entered_at=datetime.fromisoformat(rest["entered_at"]) if rest["entered_at"] else None,
        rejected=rest["rejected"],
        printed=frames["printed"],
        printed_totals=frames["printed_totals"],
    )


def prune(staged: Path, used: set[str]) -> None:
    """Removes the readings that this load did not use, and unfinished ones; what can't be removed waits."""
    for folder in staged.iterdir():
        if folder.is_dir() and folder.name not in used:
            shutil.rmtree(folder, ignore_errors=True)
