"""The furniture words of pages and pictures, in Chinese and English: one `.toml` a room, filled in.

A metric's words live with the metric, in the warehouse; a finding's with the finding.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from pipelines.words import Language

FOLDER: Final = Path(__file__).parent


def say(key: str, lang: Language, **values: object) -> str:
    """The words for `room.name`, filled in. Raises KeyError for a key or a value that is not there."""
    room, _, name = key.partition(".")
    return _room(room)[name][lang].format(**values)


@cache
def _room(name: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
