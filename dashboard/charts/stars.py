"""The board of stars: each subject with its star, score, how sure it is, and what moved since the last round."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.theme import Mark


@dataclass(frozen=True)
class Chance:
    """The chance of one star in words (99, >99 or a dash), its share, and whether it is the star given."""

    text: str
    share: float
    is_given: bool


@dataclass(frozen=True)
class StarRow:
    """One subject. `stars` None: `star_word` says that there is none. `chances`: one a star, the lowest first.

    `value` is the score behind its `score`, None where there is none; `href` leads to the row's account.
    """

    rank: str
    subject: str
    stars: int | None
    star_word: str
    score: str
    value: float | None
    chances: tuple[Chance, ...]
    mark: Mark
    moved: str
    to_next: str
    note: str
    is_picked: bool = False
    is_unsure: bool = False


@dataclass(frozen=True)
class StarBoard:
    """The board, best first. `heads`: of subject, star, score, movement, distance, note. `is_trial`: hollow stars."""

    rows: tuple[StarRow, ...]
    heads: tuple[str, str, str, str, str, str]
    star_words: tuple[str, ...]
    is_trial: bool = False


@dataclass(frozen=True)
class Rungs:
    """A score with its middle 80 % on the thresholds: (score from which, its word)."""

    score: float
    text: str
    low: float | None
    high: float | None
    steps: tuple[tuple[float, str], ...]
    label: str
