"""The colours can be read: text 4.5 to 1, marks 3 to 1, and nothing flagged turns pale in black and white."""

import re
from pathlib import Path

import pytest

from dashboard.theme import GREY, PAPER, RAMP, SCREEN, Ink

CSS = Path(__file__).resolve().parents[2] / "dashboard" / "screen" / "page.css"


def _light(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2."""
    lighter, darker = sorted((_light(one), _light(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_ratio_is_that_of_wcag() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("ink", [SCREEN, PAPER, GREY], ids=["screen", "paper", "grey"])
def test_text_and_marks_can_be_read_on_their_ground(ink: Ink) -> None:
    for name in ("ink", "ink2", "ink3", "accent", "better", "worse"):
        assert contrast(getattr(ink, name), ink.ground) >= 4.5, name
    assert contrast(ink.dot, ink.ground) >= 3
    assert contrast(ink.ink2, ink.band) >= 4.5


def test_a_number_on_each_step_of_the_map_can_be_read() -> None:
    assert all(contrast(SCREEN.ink, one) >= 4.5 for one in RAMP[:3])
    assert contrast("#FFFFFF", RAMP[3]) >= 4.5


def test_in_black_and_white_what_is_flagged_is_never_the_paler() -> None:
    assert GREY.better == GREY.worse == GREY.ink
    assert _light(GREY.ink) < _light(GREY.ink2) < _light(GREY.dot)


def test_the_style_sheet_and_the_pictures_have_the_same_colours() -> None:
    told = dict(re.findall(r"--([a-z0-9]+): (#[0-9a-f]{6})", CSS.read_text(encoding="utf-8")))
    for name in ("ground", "paper", "ink", "ink2", "ink3", "dot", "rule", "rule2", "band", "accent", "better", "worse"):
        assert told[name] == getattr(SCREEN, name).lower(), name
