"""Makes the fonts ready: a web font with the common characters for the browser, the whole one for pictures.

Noto Sans SC (OFL) comes with a package; nothing is fetched. Rarer characters fall back to the reader's own fonts.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import pylopdf_fonts_zh_cn

WEB: Final = Path(__file__).parent / "static" / "NotoSansSC.woff"
FOLDER: Final = Path(pylopdf_fonts_zh_cn.__file__).parent
RANGES: Final = (
    (0x20, 0x17F), (0x2000, 0x206F), (0x2190, 0x22FF), (0x2460, 0x24FF), (0x25A0, 0x26FF), (0x3000, 0x30FF),
    (0x3250, 0x325F), (0x33A1, 0x33A1), (0xFF00, 0xFFEF),
)  # fmt: skip


def ready() -> Path | None:
    """The web font's file, made if it is missing; None where the program's folder cannot be written."""
    if WEB.exists():
        return WEB
    from fontTools import subset

    options = subset.Options()
    options.flavor = "woff"
    options.layout_features = ["tnum", "hwid", "kern", "locl"]
    font = subset.load_font(str(FOLDER / "NotoSansSC-Regular.otf"), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=_characters())
    cutter.subset(font)
    try:
        WEB.parent.mkdir(exist_ok=True)
        subset.save_font(font, str(WEB), options)
    except OSError:
        return None
    return WEB


@cache
def _characters() -> list[int]:
    common = {one for first, last in RANGES for one in range(first, last + 1)}
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            decoded = bytes([high, low]).decode("gb2312", errors="ignore")
            common.update(map(ord, decoded))
    return sorted(common)
