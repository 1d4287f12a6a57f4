"""What happened to an estate, and what the meeting agreed about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard import numbers
from dashboard.published import Published
from dashboard.stories.estate_names import named
from dashboard.words import say
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


def agreed_of(published: Published, estate: str, lang: Language) -> Agreed:
    """The latest events and actions of an estate."""
    events = published.rows("estate_events", estate=estate).rows()
    actions = published.rows("estate_actions", estate=estate).to_dicts()
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


def _action(one: dict[str, object], today: date, lang: Language) -> Line:
    done, due, raised = (_day(one[name]) for name in ("done_on", "due_on", "raised_on"))
    text = say("estate.comma", lang).join(str(part) for part in (one["action"], one["owner"]) if part)
    if done is not None:
        state = say("estate.done", lang, day=numbers.day(done, lang, year=True))
    elif due is None:
        state = say("estate.undated", lang)
    elif due < today:
        state = say("estate.late", lang, day=numbers.day(due, lang, year=True), days=(today - due).days)
    else:
        state = say("estate.due", lang, day=numbers.day(due, lang, year=True))
    return Line(numbers.day(raised, lang, year=True), text, state, done is None and due is not None and due < today)


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
