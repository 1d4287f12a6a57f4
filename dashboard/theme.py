"""The look's tokens, one place for screen, pictures and documents: colours, type, and the Altair theme on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

FONT: Final = "Noto Sans SC"
FALLBACK: Final = "'Noto Sans SC', 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', sans-serif"
RAMP: Final = ("#F1F4F8", "#C3CFDF", "#7E97B8", "#1D4477")
"""Levels on the map, low to high; no verdict."""

Mark = Literal["better", "worse", "same", "caution", "none"]
"""Filled circle, filled diamond, hollow circle, dashed hollow circle; `none`: no value, no mark."""


@dataclass(frozen=True)
class Ink:
    """Colours of one printing."""

    ground: str = "#FBFAF7"
    paper: str = "#FFFFFF"
    ink: str = "#1B1E23"
    ink2: str = "#474D55"
    ink3: str = "#666D76"
    dot: str = "#7C838C"
    rule: str = "#D8D5CD"
    rule2: str = "#ECE9E2"
    band: str = "#EFEDE6"
    accent: str = "#1D4477"
    better: str = "#006C80"
    worse: str = "#B44600"
    bar: str = "#C3C7CC"
    ramp_line: str = "#4B5F7D"

    def of(self, mark: Mark) -> str:
        """The colour of a mark. Only what passed a test has one."""
        return {"better": self.better, "worse": self.worse, "caution": self.dot}.get(mark, self.ink2)


SCREEN: Final = Ink()
PAPER: Final = Ink(ground="#FFFFFF")
GREY: Final = Ink(
    ground="#FFFFFF", ink2="#3A3A3A", ink3="#5E5E5E", dot="#808080", rule="#CFCFCF", rule2="#E6E6E6", band="#EBEBEB",
    accent="#1B1E23", better="#1B1E23", worse="#1B1E23", bar="#C6C6C6", ramp_line="#5A5A5A",
)  # fmt: skip
"""For black-and-white printing: what is flagged turns to ink; shape and word speak."""
