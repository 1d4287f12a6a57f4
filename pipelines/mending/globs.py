"""Patterns of file and sheet names, as people write them: `*` and `?`, nothing else."""

from __future__ import annotations

import fnmatch
import unicodedata
from pathlib import PurePosixPath


def glob_matches(pattern: str, name: str) -> bool:
    """Whether a path or a sheet's name fits a pattern with `*` and `?`; without `/` it looks at the last part."""
    pattern, name = unicodedata.normalize("NFC", pattern), unicodedata.normalize("NFC", name)
    if "/" not in pattern:
        name = PurePosixPath(name).name
    if pattern.casefold() == name.casefold():
        return True
    # [ is an ordinary character here: real names hold it, and nobody who edits a profile means a class by it.
    return fnmatch.fnmatchcase(name.casefold(), pattern.casefold().replace("[", "[[]"))


def weight_of(pattern: str) -> int:
    """How closely a pattern names what it fits: its letters but for `*` and `?`."""
    return len(pattern.replace("*", "").replace("?", ""))
