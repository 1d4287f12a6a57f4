"""What happened to an estate, and what the meeting agreed about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard import numbers
from dashboard.published import Published
from dashboard.stories.actions import known
from dashboard.stories.estate_names import named
from dashboard.words import say
from pipelines.entries.actions import Action
from pipelines.words import Language

EVENTS = 6
ACTIONS = 6


@dataclass(frozen=True)
class Line:
    """A line: when, what, and what must be said of it (`is_over`: a promise past its date)."""

    when: str
    text: str
    state: str
    is_over: bool = False


@dataclass(frozen=True)
class Agreed:
    """The latest events and the actions, the open ones first."""

    events: tuple[Line, ...]
    actions: tuple[Line, ...]
    older: str


def agreed_of(published: Published, estate: str, lang: Language, standing: Sequence[Action] | None = None) -> Agreed:
    """The latest events and actions of an estate. `standing`: all actions as they stand now; None: as published."""
    events = published.rows("estate_events", estate=estate).rows()
    actions = sorted((one for one in standing or known(published) if one.estate == estate), key=_urgency)
    left = max(len(actions) - ACTIONS, 0)
    return Agreed(
        tuple(
            Line(numbers.day(day, lang, year=True), _event(kind, company, note, lang), "")
            for day, kind, company, _, note in events[:EVENTS]
        ),
        tuple(_action(one, published.as_of, lang) for one in actions[:ACTIONS]),
        say("estate.older", lang, count=left) if left else "",
    )


def _event(kind: str, company: str | None, note: str | None, lang: Language) -> str:
    parts = [one for one in (None if kind == "other" else named(kind, lang), company, note) if one]
    return say("estate.comma", lang).join(parts) or named(kind, lang)


def _urgency(one: Action) -> tuple[bool, date, int, str]:
    """Open ones first, the one due first at the top; then the latest that were done."""
    if one.done_on is None:
        return False, one.due_on or date.max, 0, one.action_id
    return True, date.min, -one.done_on.toordinal(), one.action_id


def _action(one: Action, today: date, lang: Language) -> Line:
    done, due, raised = one.done_on, one.due_on, one.raised_on
    text = say("estate.comma", lang).join(part for part in (one.action, one.owner) if part)
    if done is not None:
        state = say("estate.done", lang, day=numbers.day(done, lang, year=True))
    elif due is None:
        state = say("estate.undated", lang)
    elif due < today:
        state = say("estate.late", lang, day=numbers.day(due, lang, year=True), days=(today - due).days)
    else:
        state = say("estate.due", lang, day=numbers.day(due, lang, year=True))
    return Line(numbers.day(raised, lang, year=True), text, state, done is None and due is not None and due < today)
