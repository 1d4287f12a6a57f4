"""The whole result of a rating: each subject's account, how sure its star is, what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.analysis.rating.accounts import Account
from pipelines.analysis.rating.rubric import Rubric


@dataclass(frozen=True)
class Chances:
    """How sure a star is. `by_star`: stars (0: below the lowest threshold) → probability, adding up to 1, vetoes and
    caps applied. `low`, `high`: the middle 80 % of the drawn scores."""

    by_star: Mapping[int, float]
    low: float
    high: float


@dataclass(frozen=True)
class Improvement:
    """One thing that alone would raise the score. `reaches`: it is enough for the next star, at `to`.

    `change` and `to` are in the criterion's own unit (fractions for rates); where it isn't enough, they are the whole
    way up the ladder. `gain`: points. `per` and `per_gain`: a handy step and what it gives here, such as 0.03 and 0.9.
    `submit`: the thing is to submit what is missing; its gain is then the most that it can give.
    """

    criterion: str
    change: float | None
    to: float | None
    gain: float
    reaches: bool
    per: float | None
    per_gain: float | None
    submit: bool
    zh: str
    en: str


@dataclass(frozen=True)
class Sensitivity:
    """`lowest`, `highest`: the star over all weights that the panel accepts. `without_criterion`, `without_scorer`: the
    star with one left out, where it differs from the star given (0: none)."""

    lowest: int
    highest: int
    without_criterion: Mapping[str, int]
    without_scorer: Mapping[str, int]

    @property
    def robust(self) -> bool:
        """Whether nothing of this changes the star."""
        return self.lowest == self.highest and not self.without_criterion and not self.without_scorer


@dataclass(frozen=True)
class Rated:
    """One subject. `chances` None where there is no star."""

    account: Account
    chances: Chances | None
    improvements: tuple[Improvement, ...]
    sensitivity: Sensitivity | None


@dataclass(frozen=True)
class Rating:
    """A rating of all subjects, sorted by name. `sha256`: of the rubric's file."""

    rubric: Rubric
    sha256: str
    start: date
    end: date
    by: str
    seed: int
    draws: int
    subjects: tuple[Rated, ...]
