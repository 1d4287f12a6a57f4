"""The agreed actions as they stand now: those of the warehouse with what was entered since, overdue first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from dashboard import numbers
from dashboard.published import Published
from dashboard.words import say
from pipelines.entries.actions import DONE, OPEN, Action, merged, new_id, read_entries, write_action
from pipelines.words import Language

SHOWN_DONE = 4
FRESH_DAYS = 7


@dataclass(frozen=True)
class Line:
    """One action on the list. `left` says how long it has, `is_over` that it is past due."""

    action_id: str
    text: str
    owner: str
    left: str
    is_over: bool
    is_done: bool
    due: str


@dataclass(frozen=True)
class Actions:
    """The list: open ones by due date, the last ones ticked off, and a line of how many."""

    heading: str
    open_lines: tuple[Line, ...]
    done_lines: tuple[Line, ...]
    note: str


class WrongEntryError(ValueError):
    """What was typed can't be taken; the text says what to mend."""


def standing(published: Published, inbox: Path) -> tuple[Action, ...]:
    """All actions as they stand: a tick made a second ago counts."""
    return merged(known(published), read_entries(inbox))


def known(published: Published) -> tuple[Action, ...]:
    """All actions as they were published."""
    return published.made(("actions",), lambda: tuple(_known(published)))


def listed(actions: Sequence[Action], today: date, since: date, lang: Language) -> Actions:
    """The list as it is shown. `today` is the meeting's day, `since` that of the one before."""
    still = sorted((one for one in actions if not one.is_done), key=lambda one: (one.due_on or date.max, one.action_id))
    done = sorted(
        (one for one in actions if one.done_on is not None and one.done_on >= since),
        key=lambda one: (one.done_on or date.min, one.action_id),
        reverse=True,
    )
    return Actions(
        heading=say("meeting.actions_open", lang, count=len(still)),
        open_lines=tuple(_line(one, today, lang) for one in still),
        done_lines=tuple(_line(one, today, lang) for one in done[:SHOWN_DONE]),
        note=say("meeting.action_done_since", lang, count=len(done)),
    )


def entered(
    act: dict[str, str], actions: Sequence[Action], published: Published, inbox: Path, today: date, lang: Language
) -> None:
    """Takes down what was clicked or typed: a tick, a re-opening, a new date, a new action. Raises WrongEntryError."""
    by = act.get("by", "").strip() or say("meeting.unnamed", lang)
    kind, _, number = act["act"].partition(":")
    there = {one.action_id: one for one in actions}
    if kind == "new":
        changed = _new(act, published, today, lang)
    elif number not in there:
        return
    elif kind == "tick":
        changed = replace(there[number], done_on=today, status=DONE)
    elif kind == "reopen":
        changed = replace(there[number], done_on=None, status=OPEN)
    elif kind == "redate":
        changed = replace(there[number], due_on=_day(act.get("due", ""), lang), status=OPEN)
    else:
        return
    try:
        write_action(inbox, changed, by=by, now=datetime.now())
    except OSError as fault:
        raise WrongEntryError(say("meeting.action_unwritable", lang, folder=inbox)) from fault
    except ValueError as fault:
        raise WrongEntryError(str(getattr(fault, lang, fault))) from fault


def _new(act: dict[str, str], published: Published, today: date, lang: Language) -> Action:
    text, owner, due = (act.get(one, "").strip() for one in ("text", "owner", "due"))
    if not text or not owner or not due:
        raise WrongEntryError(say("meeting.action_needs_text", lang))
    estate = act.get("estate", "")
    if estate not in published.desk.subjects("estate"):
        estate = ""
    return Action(new_id(today), estate, text, owner, today, _day(due, lang), None, OPEN)


def _day(text: str, lang: Language) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as fault:
        raise WrongEntryError(say("meeting.action_bad_day", lang, given=text)) from fault


def _known(published: Published) -> list[Action]:
    return [
        Action(
            action_id=row["action_id"],
            estate=row["estate"] or "",
            action=row["action"] or "",
            owner=row["owner"] or "",
            raised_on=row["raised_on"],
            due_on=row["due_on"],
            done_on=row["done_on"],
            status=row["status"] or "",
            redated=tuple(date.fromisoformat(str(one)[:10]) for one in row["redated"] or ()),
            entered_at=row["entered_at"],
        )
        for row in published.rows("meeting_actions").to_dicts()
    ]


def _line(one: Action, today: date, lang: Language) -> Line:
    again = say("meeting.action_again", lang, count=len(one.redated)) if one.redated else ""
    due = numbers.day(one.due_on, lang, year=bool(one.due_on and one.due_on.year != today.year))
    days = (one.due_on - today).days if one.due_on else None
    is_over = not one.is_done and days is not None and days < 0
    if one.is_done:
        left = numbers.day(one.done_on, lang)
    elif days is None:
        left = numbers.NONE
    elif is_over:
        left = say("meeting.action_over", lang, days=-days)
    elif one.raised_on and (today - one.raised_on).days < FRESH_DAYS and one.raised_on >= today:
        left = say("meeting.action_fresh", lang)
    else:
        left = say("meeting.action_left" if days else "meeting.action_today", lang, days=days)
    where = f"{one.estate}{one.action}" if one.estate and lang == "zh" else f"{one.estate} {one.action}".strip()
    owner = say("meeting.action_by_day", lang, owner=one.owner or numbers.NONE, due=due) + again
    return Line(one.action_id, where, owner, left, is_over, one.is_done, one.due_on.isoformat() if one.due_on else "")
