"""How wide text is in the pictures' font, and where to break it."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from fontTools.ttLib import TTFont

from dashboard.fonts import FOLDER

_UNBROKEN: Final = re.compile(r"[A-Za-z0-9.,:;%()'\"/&@#$+\-–−=_²³°･\[\]]+|\s+|.", re.DOTALL)
_NOT_FIRST: Final = frozenset("，。、；：！？）》」』”’…—%％·･")


def wide(text: str, size: float) -> float:
    """Points that a line of text takes at a size."""
    advances, units = _advances()
    return sum(advances.get(ord(one), units) for one in text) * size / units


def wrapped(text: str, size: float, width: float) -> list[str]:
    """Lines no wider than `width` points. Latin words stay whole, and no closing mark begins a line."""
    lines = [""]
    for piece in _UNBROKEN.findall(text):
        if lines[-1] and wide(lines[-1] + piece.rstrip(), size) > width and piece[0] not in _NOT_FIRST:
            lines[-1] = lines[-1].rstrip()
            lines.append("" if piece.isspace() else piece)
        elif wide(piece, size) > width and len(piece) > 1:
            for one in piece:
                if wide(lines[-1] + one, size) > width:
                    lines.append("")
                lines[-1] += one
        else:
            lines[-1] += piece
    return [one for one in lines if one] or [""]


def cut(text: str, size: float, width: float) -> str:
    """The text, shortened with an ellipsis where it is too wide."""
    if wide(text, size) <= width:
        return text
    kept = text
    while kept and wide(kept + "…", size) > width:
        kept = kept[:-1]
    return kept + "…"


@cache
def _advances() -> tuple[dict[int, int], int]:
    font = TTFont(str(FOLDER / "NotoSansSC-Regular.otf"), lazy=True)
    table = font["hmtx"].metrics
    return {code: table[name][0] for code, name in font.getBestCmap().items()}, int(font["head"].unitsPerEm)
