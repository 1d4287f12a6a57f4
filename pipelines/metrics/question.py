"""What may be asked about metrics, and what is wrong with a question that can't be answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipelines.metrics.catalogue import Metric
from pipelines.metrics.desk import BYS, Desk
from pipelines.metrics.periods import Period

What = Literal["metric", "basis", "by", "subject"]


@dataclass(frozen=True)
class Question:
    """What is asked. Empty `subjects` and `metrics` mean all; `as_of` None the latest date that the data know of.

    `basis` is asked of the metrics that have it; the others stand on their own first one.
    """

    period: Period
    by: str = "street"
    subjects: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    as_of: date | None = None
    basis: str | None = None
    with_excluded: bool = False
    verdicts: bool = True


class UnknownError(ValueError):
    """Something was asked for that there is not: `what` it should be, the `given` text, and the `valid` ones."""

    def __init__(self, what: What, given: str, valid: Sequence[str]) -> None:
        """See the class."""
        super().__init__(f"unknown {what}: {given}")
        self.what = what
        self.given = given
        self.valid = tuple(valid)


def check(desk: Desk, question: Question) -> None:
    """Raises UnknownError for a level, metric, basis or subject that there is not."""
    if question.by not in BYS:
        raise UnknownError("by", question.by, BYS)
    for one in question.metrics:
        if one not in desk.metrics:
            raise UnknownError("metric", one, tuple(desk.metrics))
    bases = tuple(dict.fromkeys(basis for metric in metrics_of(desk, question) for basis in metric.bases))
    if question.basis is not None and question.basis not in bases:
        raise UnknownError("basis", question.basis, bases)
    valid = desk.subjects(question.by)
    for one in question.subjects:
        if one not in valid:
            raise UnknownError("subject", one, valid)


def metrics_of(desk: Desk, question: Question) -> list[Metric]:
    """The metrics asked for, in the catalogue's order."""
    return [one for one in desk.metrics.values() if not question.metrics or one.id in question.metrics]


def subjects_of(desk: Desk, question: Question) -> Sequence[str]:
    """The subjects asked for."""
    return question.subjects or desk.subjects(question.by)


def basis_of(desk: Desk, metric: Metric, question: Question) -> str:
    """The basis on which a metric is answered: the one asked for where the metric has it, else its first.

    Where only companies are inspected, and companies are asked about, their own reviews are the first.
    """
    if question.basis in metric.bases:
        return str(question.basis)
    if question.by == "company" and "company" in metric.bases and not desk.patrolled:
        return "company"
    return metric.bases[0]
