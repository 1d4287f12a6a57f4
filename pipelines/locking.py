"""Keeps two loads from building into one folder at the same time: the second waits, and says for whom.

The lock is the operating system's own, on an open file, so it dies with its process; what stands in the file only
tells people who is loading.
"""

from __future__ import annotations

import getpass
import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

LOCK: Final = "LOADING"
PAUSE_SECONDS: Final = 0.1
FAR: Final = 1 << 30
"""Windows locks bytes, and locked ones can't be read: lock one far beyond the text."""


@dataclass(frozen=True)
class Holder:
    """Who is loading, on which machine, since when (ISO, local time)."""

    pid: int
    host: str
    user: str
    started_at: str


class StillLoadingError(Exception):
    """Someone else was loading for the whole time that we were ready to wait."""

    def __init__(self, holder: Holder | None) -> None:
        """`holder` is who the lock file names, if it names anyone."""
        super().__init__(f"still loading: {holder}")
        self.holder = holder


def seize(descriptor: int) -> bool:
    """Takes the operating system's lock on an open file if it is free; tells whether it did."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, FAR, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def holder_of(folder: Path) -> Holder | None:
    """Who the lock file says is loading; None where it says nothing readable."""
    try:
        return Holder(**json.loads((folder / LOCK).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


@contextmanager
def loading(folder: Path, wait: float, on_wait: Callable[[Holder | None], None]) -> Iterator[Holder | None]:
    """Holds the folder for one load; gives who left the lock behind by dying, if anyone did.

    Waits up to `wait` seconds for another load, calling `on_wait` once. Raises StillLoadingError after that.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        until = time.monotonic() + wait
        told = False
        while not seize(descriptor):
            if time.monotonic() >= until:
                raise StillLoadingError(holder_of(folder))
            if not told:
                on_wait(holder_of(folder))
                told = True
            time.sleep(PAUSE_SECONDS)
        left_by = holder_of(folder)
        _say(descriptor, json.dumps(asdict(_ourselves()), ensure_ascii=False))
        try:
            yield left_by
        finally:
            _say(descriptor, "")
    finally:
        os.close(descriptor)


def _ourselves() -> Holder:
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = "?"
    return Holder(os.getpid(), socket.gethostname(), user, datetime.now().isoformat(timespec="seconds"))


def _say(descriptor: int, text: str) -> None:
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, text.encode("utf-8"))
