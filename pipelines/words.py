"""What the command line says, in Chinese and English: `words.toml`, filled in."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["zh", "en"]


def say(key: str, lang: Language, **values: object) -> str:
    """The words for a key, filled in. Raises KeyError for a key or value that is not there."""
    return words()[key][lang].format(**values)


def both(key: str, **values: object) -> tuple[str, str]:
    """The words for a key in Chinese and in English."""
    return say(key, "zh", **values), say(key, "en", **values)


@cache
def words() -> dict[str, dict[str, str]]:
    """All words: key → language → text."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
