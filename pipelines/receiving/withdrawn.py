"""Which contents were withdrawn, when and why, as the log of arrivals says now."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pipelines import arrivals


def withdrawn_of(inbox: Path, warehouse: Path) -> dict[str, tuple[datetime, str]]:
    """Content (sha256) → when it was withdrawn and who said why."""
    log = arrivals.known_at(inbox, warehouse).arrivals
    return {sha: (one.withdrawn, one.reason or "") for sha, one in log.items() if one.withdrawn is not None}
