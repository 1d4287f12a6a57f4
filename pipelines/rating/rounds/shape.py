"""What a round is at a moment, folded from its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal

from pipelines.analysis.rating.rubric import By
from pipelines.metrics.periods import Period
from pipelines.rating.rounds.steps import Step

Stage = Literal["opened", "preview", "scoring", "draft", "notice", "objections", "published"]
STAGES: Final[tuple[Stage, ...]] = ("opened", "preview", "scoring", "draft", "notice", "objections", "published")
Interest = Literal["none", "company", "community"]
Remedy = Literal["none", "strike", "data"]
"""What an objection that was upheld changes: nothing but the record; a scorer's scores; data or entries, read anew."""


@dataclass(frozen=True)
class Scorer:
    """A member of the panel. `interest`: whether the affiliation is a company or community of the street."""

    name: str
    affiliation: str
    interest: Interest = "none"


@dataclass(frozen=True)
class Objection:
    """What someone objected to, and what was decided. `upheld` None: not decided yet."""

    number: int
    subject: str
    text: str
    by: str
    at: datetime
    upheld: bool | None = None
    reason: str = ""
    remedy: Remedy = "none"
    scorer: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True)
class Round:
    """A round. `codes`: scorer → salted hash of the one-time code. `evidence`: the file that the results rest on, by
    its hash. `struck`: subject → scorers whose scores an objection struck. `revision` counts publications from 1.

    `without`: why scoring was closed though sheets were missing. `folder_name`: the sealed folder, once published.
    """

    id: str
    by: By
    period: Period
    rubric: str
    rubric_sha256: str
    panel: tuple[Scorer, ...]
    subjects: tuple[str, ...]
    stage: Stage
    steps: tuple[Step, ...]
    codes: Mapping[str, str]
    evidence: str = ""
    notice_from: date | None = None
    notice_until: date | None = None
    objections: tuple[Objection, ...] = ()
    without: str = ""
    revision: int = 1
    revision_reason: str = ""
    folder_name: str = ""

    @property
    def next_number(self) -> int:
        """The number of the next step."""
        return self.steps[-1].number + 1

    @property
    def undecided(self) -> tuple[Objection, ...]:
        """The objections that wait for a decision."""
        return tuple(one for one in self.objections if one.upheld is None)

    @property
    def struck(self) -> dict[str, tuple[str, ...]]:
        """By subject the scorers whose scores were struck by an objection."""
        found: dict[str, list[str]] = {}
        for one in self.objections:
            if one.upheld and one.remedy == "strike":
                found.setdefault(one.subject, []).append(one.scorer)
        return {name: tuple(sorted(set(scorers))) for name, scorers in found.items()}

    def is_past(self, stage: Stage) -> bool:
        """Whether the round has left a stage behind."""
        return STAGES.index(self.stage) > STAGES.index(stage)


def folded(name: str, steps: Sequence[Step]) -> Round | None:
    """The round as its steps leave it; None where it was never opened."""
    if not steps or steps[0].kind != "opened":
        return None
    told = steps[0].told
    current = Round(
        id=name,
        by="estate" if told["by"] == "estate" else "company",
        period=Period(date.fromisoformat(told["start"]), date.fromisoformat(told["end"])),
        rubric=told["rubric"],
        rubric_sha256=told["rubric_sha256"],
        panel=tuple(Scorer(one["name"], one["affiliation"], one["interest"]) for one in told["panel"]),
        subjects=tuple(told["subjects"]),
        stage="opened",
        steps=(),
        codes={},
    )
    for step in steps:
        current = replace(_after(current, step), steps=(*current.steps, step))
    return current


def _after(before: Round, step: Step) -> Round:
    told = step.told
    match step.kind:
        case "preview" | "scoring" | "objections":
            return replace(before, stage=step.kind)
        case "codes":
            return replace(before, codes={**before.codes, **told["codes"]})
        case "draft":
            return replace(before, stage="draft", evidence=told["evidence"], without=told["without"])
        case "notice":
            days = date.fromisoformat(told["from"]), date.fromisoformat(told["until"])
            return replace(before, stage="notice", notice_from=days[0], notice_until=days[1])
        case "objected":
            one = Objection(step.number, told["subject"], told["text"], step.by, step.at)
            return replace(before, objections=(*before.objections, one))
        case "decided":
            done = tuple(_decided(one, step) if one.number == told["objection"] else one for one in before.objections)
            return replace(before, objections=done, evidence=told["evidence"])
        case "published":
            return replace(before, stage="published", folder_name=told["folder"])
        case "revised":
            return replace(
                before,
                stage="draft",
                revision=before.revision + 1,
                revision_reason=told["reason"],
                evidence=told["evidence"],
                notice_from=None,
                notice_until=None,
            )
    return before


def _decided(one: Objection, step: Step) -> Objection:
    told = step.told
    return replace(
        one,
        upheld=told["upheld"],
        reason=told["reason"],
        remedy=told["remedy"],
        scorer=told["scorer"],
        decided_by=step.by,
        decided_at=step.at,
    )
