"""What a round's results are: its evidence with the panel's scores, the rating of it, and how the panel scored."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from statistics import median, stdev
from typing import Final

from pipelines.analysis.rating.evidence import Entry, Evidence
from pipelines.analysis.rating.results import Rating
from pipelines.analysis.rating.rubric import Rubric
from pipelines.analysis.rating.scoring import without_scorers
from pipelines.metrics.desk import Desk
from pipelines.rating.evidence import Given, gather
from pipelines.rating.rating import SEED, rated
from pipelines.rating.rounds.received import Received
from pipelines.rating.rounds.shape import Round
from pipelines.rating.rounds.steps import write_whole
from pipelines.rating.rubric_files import RubricFile
from pipelines.rating.stored import evidence_text, read_evidence
from pipelines.sealing import digest

EVIDENCE: Final = "依据"
FEWEST: Final = 5
"""A scorer who scored fewer subjects is not judged."""
FLAT: Final = 0.25
"""A spread of scores under this share of the panel's middle one tells nothing apart."""


@dataclass(frozen=True)
class Spread:
    """How far a scorer tells subjects apart: the standard deviation of the shares given, beside the panel's median."""

    scorer: str
    subjects: int
    spread: float
    panel: float
    is_flat: bool


def round_evidence(
    desk: Desk,
    rubric: Rubric,
    current: Round,
    came: Received,
    entries: Sequence[Entry],
    recused: Mapping[str, frozenset[str]],
    subjects: Sequence[str] = (),
) -> tuple[Evidence, ...]:
    """The evidence of the round's subjects (or of these only), struck scores left out.

    With a panel only its sheets are inspections of the round; without one the warehouse's inspections count.
    """
    given = Given(tuple(entries), came.scores, recused, sheets_only=bool(current.panel))
    wanted = subjects or current.subjects
    found = gather(desk, rubric, current.period, current.by, given=given, subjects=wanted)
    return struck(_unscored(rubric, found) if current.panel else found, current.struck)


def _unscored(rubric: Rubric, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Where nobody scored (not yet, or all had to stand aside), that is not the subject's to submit: left out."""
    scored = {one.id for one in rubric.criteria if one.source.kind == "inspection"}
    return tuple(
        replace(
            one,
            data={
                name: replace(datum, absence="not_applicable") if name in scored and datum.value is None else datum
                for name, datum in one.data.items()
            },
        )
        for one in evidence
    )


def struck(evidence: Sequence[Evidence], scorers: Mapping[str, Sequence[str]]) -> tuple[Evidence, ...]:
    """The evidence without the scores that objections struck, by subject."""
    return tuple(without_scorers(one, scorers[one.subject]) if one.subject in scorers else one for one in evidence)


def keep_evidence(folder: Path, evidence: Sequence[Evidence], version: str, as_of: date) -> str:
    """Keeps evidence in the round's folder under its own hash, and gives the hash. Raises OSError."""
    content = evidence_text(evidence).encode()
    name = digest(content)
    place = folder / EVIDENCE / f"{name}.json"
    if not place.exists():
        about = {"version": version, "as_of": as_of.isoformat()}
        write_whole(place.with_suffix(".about.json"), json.dumps(about, sort_keys=True).encode())
        write_whole(place, content)
    return name


def kept_evidence(folder: Path, name: str) -> tuple[bytes, tuple[Evidence, ...], dict[str, str]]:
    """Evidence that was kept: its bytes, what it is, what it is about. Raises ValueError where it was changed."""
    content = (folder / EVIDENCE / f"{name}.json").read_bytes()
    if digest(content) != name:
        raise ValueError(f"{EVIDENCE}/{name}.json is not what was kept")
    about = json.loads((folder / EVIDENCE / f"{name}.about.json").read_bytes())
    return content, read_evidence(content.decode()), about


def round_rating(rubric: RubricFile, current: Round, evidence: Sequence[Evidence]) -> Rating:
    """The rating of a round's evidence."""
    return rated(rubric.rubric, rubric.sha256, current.period, current.by, evidence, seed=SEED)


def without(rubric: RubricFile, current: Round, evidence: Sequence[Evidence], scorers: Sequence[str]) -> Rating:
    """The rating as it would be without some scorers, for comparison."""
    left = [without_scorers(one, scorers) for one in evidence]
    return round_rating(rubric, current, left)


def spreads(came: Received) -> tuple[Spread, ...]:
    """How far each scorer tells subjects apart, by name. Flat: under a quarter of the panel's median spread, or none.

    Only scorers of `FEWEST` subjects or more are judged.
    """
    shares: dict[str, dict[str, list[float]]] = {}
    for one in came.scores:
        shares.setdefault(one.scorer, {}).setdefault(one.subject, []).append(one.score / one.most)
    own = {
        scorer: stdev(means) if len(means := [sum(one) / len(one) for one in by.values()]) > 1 else 0.0
        for scorer, by in shares.items()
    }
    judged = {scorer: one for scorer, one in own.items() if len(shares[scorer]) >= FEWEST}
    middle = median(judged.values()) if judged else 0.0
    return tuple(
        Spread(
            scorer,
            len(shares[scorer]),
            own[scorer],
            middle,
            scorer in judged and own[scorer] <= FLAT * middle,
        )
        for scorer in sorted(own)
    )


def nothing_received() -> Received:
    """No sheets at all."""
    return Received((), {}, (), {})


def of_subject(evidence: Sequence[Evidence], changed: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The evidence with some subjects' replaced."""
    by_name = {one.subject: one for one in changed}
    return tuple(replace(by_name.get(one.subject, one)) for one in evidence)
