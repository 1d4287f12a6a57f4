"""Text on slides: every run with a Latin and an East Asian font, in lines whose number is known beforehand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from pptx.dml.color import RGBColor
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Inches, Pt

from dashboard.printers.captions import clean
from dashboard.printers.measure import wrapped
from dashboard.theme import PAPER

LATIN: Final = "Arial"
EAST: Final = "微软雅黑"
LEADING: Final = 1.25
"""Height of a line, in sizes of its letters."""
BESIDE_HAN: Final = re.compile(r"(?<=[\u2e80-\u9fff\uff00-\uffef]) | (?=[\u2e80-\u9fff\uff00-\uffef])")
LOOSE: Final = 1.04
"""Letters of other programs' fonts may be this much wider than those that lines are reckoned with."""


def write(paragraph: Any, text: str, size: float, colour: str = PAPER.ink, *, lang: str = "zh") -> None:
    """A run at the paragraph's end. Lines are exactly so high, whatever font stands in for the named one."""
    paragraph.line_spacing = Pt(round(size * LEADING, 1))
    run = paragraph.add_run()
    run.text = clean(text)
    run.font.size = Pt(size)
    run.font.bold = False
    run.font.color.rgb = rgb(colour)
    named(run._r.get_or_add_rPr(), lang)


def rgb(colour: str) -> RGBColor:
    """A colour of the look as the file writes it."""
    return RGBColor(*(int(colour[at : at + 2], 16) for at in (1, 3, 5)))


def named(properties: Any, lang: str = "zh") -> None:
    """Names the fonts in run properties, Latin and East Asian; the language goes with them."""
    properties.set("lang", "zh-CN" if lang == "zh" else "en-US")
    properties.set("altLang", "en-US" if lang == "zh" else "zh-CN")
    for tag, name in (("a:latin", LATIN), ("a:ea", EAST)):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
        one = OxmlElement(tag)
        one.set("typeface", name)
        properties.append(one)


def box(slide: Any, left: float, top: float, width: float, height: float) -> Any:
    """An empty text frame at inches, wrapped, without margins."""
    frame = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height)).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    return frame


def lines(text: str, size: float, width: float) -> int:
    """How many lines a text takes at a size within so many inches. Spaces beside Chinese are set wide."""
    told = BESIDE_HAN.sub("  ", clean(text))
    return sum(len(wrapped(one, size * LOOSE, width * 72)) for one in told.split("\n"))


def fitting(text: str, sizes: Sequence[float], width: float, most: int) -> float:
    """The first of the sizes at which a text takes no more than `most` lines; else the last."""
    return next((one for one in sizes if lines(text, one, width) <= most), sizes[-1])


def tall(text: str, size: float, width: float) -> float:
    """Inches that a text takes from top to bottom."""
    return lines(text, size, width) * size * LEADING / 72
