"""The sample-size calculator: so many homes, so many points to and fro, so many answers needed."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from dashboard import numbers
from dashboard.words import say
from pipelines.analysis.intervals import sample_size
from pipelines.words import Language

POINTS = 5.0
MOST = 10_000_000
EXAMPLES = (16, 50, 100, 300, 500, 1000, 3000, 9980)


@dataclass(frozen=True)
class Sizes:
    """What was typed, the answer or what is wrong with it, and a table (households, answers, share) at ±5 points."""

    households: str
    points: str
    answer: str
    wrong: str
    examples: tuple[tuple[str, str, str], ...]


def sizes_of(asked: tuple[str, str] | None, lang: Language) -> Sizes:
    """The calculator after a question, or before any."""
    examples = tuple(
        (numbers.number(one), numbers.number(needed), f"{needed / one * 100:.0f}%")
        for one in EXAMPLES
        for needed in (sample_size(one, margin=POINTS / 100),)
    )
    if asked is None:
        return Sizes("", "5", "", "", examples)
    households, points = (one.strip() for one in asked)
    count, margin = _number(households), _number(points)
    if count is None or count != int(count) or not 1 <= count <= MOST:
        return Sizes(households, points, "", say("definitions.wrong_households", lang, given=households), examples)
    if margin is None or not 0 < margin < 100:
        return Sizes(households, points, "", say("definitions.wrong_points", lang, given=points), examples)
    needed = sample_size(int(count), margin=margin / 100)
    answer = say(
        "definitions.answer", lang, households=numbers.number(int(count)), points=f"{margin:g}",
        needed=numbers.number(needed), share=f"{needed / count * 100:.0f}%",
    )  # fmt: skip
    return Sizes(households, points, answer, "", examples)


def _number(text: str) -> float | None:
    """A finite number, thousands apart or not; None for anything else."""
    try:
        value = float(text.replace(",", "").replace("，", ""))
    except ValueError:
        return None
    return value if isfinite(value) else None
