"""Writes a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(out: Path, content: bytes) -> None:
    """Writes through a file beside it, so that nothing half written ever bears the name. Raises OSError."""
    if out.is_dir():
        raise IsADirectoryError(21, os.strerror(21), str(out))
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=".lianping-")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        mask = os.umask(0)
        os.umask(mask)
        part.chmod(0o666 & ~mask)
        part.replace(out)
    except OSError:
        part.unlink(missing_ok=True)
        raise
