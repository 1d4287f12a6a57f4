"""Says how many households must answer a survey before a share can be told to within some points."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from pipelines.analysis.intervals import sample_size
from pipelines.summary import aligned
from pipelines.words import Language

MARGIN: Final = 0.05
HEADINGS: Final = {
    "zh": ("户数", "需收回有效答卷", "误差", "占户数"),
    "en": ("households", "answers needed", "margin", "of households"),
}


class SampleError(ValueError):
    """A number of households or a margin for which there is no sample. `reason` is a key of the words."""

    def __init__(self, reason: str, given: object) -> None:
        """See the class."""
        super().__init__(f"{reason}: {given}")
        self.reason = reason
        self.given = given


def samples(households: Sequence[int], margin: float, form: str, lang: Language) -> str:
    """For each number of households how many must answer for ± `margin` at 95 %, as json, csv or table.

    Raises SampleError for fewer than one household, or a margin that does not lie between 0 and 1.
    """
    if not 0 < margin < 1:
        raise SampleError("margin_unknown", f"{margin:g}")
    for one in households:
        if one < 1:
            raise SampleError("households_unknown", one)
    needed = [(one, sample_size(one, margin=margin)) for one in households]
    if form == "json":
        rows = [{"households": one, "margin": margin, "answers": answers} for one, answers in needed]
        return json.dumps(rows)
    if form == "csv":
        return "\n".join(["households,margin,answers", *(f"{one},{margin:g},{answers}" for one, answers in needed)])
    points = f"±{margin * 100:g}" + (" 个百分点" if lang == "zh" else " points")
    return aligned(
        [HEADINGS[lang], *([f"{one:,}", f"{answers:,}", points, f"{answers / one:.0%}"] for one, answers in needed)],
        left=0,
    )
