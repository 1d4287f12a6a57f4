"""A piece of news, and what it is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from dashboard.charts.kinds import Chart
from dashboard.published import Published
from dashboard.stories.atoms import Link
from dashboard.theme import Mark
from dashboard.words import say
from pipelines.entries.actions import Action
from pipelines.words import Language


@dataclass(frozen=True)
class Signal:
    """`about`: the estate, or who else it is about; stands before the sentence and is a link. `weight` ranks within
    a kind."""

    kind: str
    mark: Mark
    word: str
    about: str
    sentence: str
    link: Link
    why: Link
    chart: Chart | None
    weight: float = field(default=0.0, compare=False)


@dataclass(frozen=True)
class Since:
    """What is asked about: the data's last day, the last day that the meeting before knew of, and up to when what came
    is known now (without it, all that the warehouse holds)."""

    published: Published
    lang: Language
    as_of: date
    before: date
    actions: Sequence[Action]
    came_until: date = date.max

    def signal(
        self,
        kind: str,
        mark: Mark,
        about: str,
        sentence: str,
        chart: Chart | None = None,
        *,
        weight: float = 0.0,
        link: Link | None = None,
    ) -> Signal:
        """A piece of news in the words of its kind. Without `link` it leads to the estate that it is about."""
        leads = link or (Link("estate", {"estate": about}) if about else Link(""))
        return Signal(kind, mark, say(f"meeting.kind_{kind}", self.lang), about, sentence, leads, leads, chart, weight)
