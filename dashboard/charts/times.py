"""Pictures in time: who ran an estate, the age of open tickets, a promise and its due dates; and who has reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Band = Literal["company", "unmanaged", "free_service", "unknown"]


@dataclass(frozen=True)
class Spell:
    """From one day to the next: who ran it, or that nobody did. `word` stands inside."""

    start: date
    end: date
    band: Band
    word: str


@dataclass(frozen=True)
class Timeline:
    """Who ran an estate when, in time and without gaps. `today` is the data's last day, with its word.
    `notes`: by spell the same with its days, for those too short for their word."""

    spells: tuple[Spell, ...]
    today: date
    today_word: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpenTicket:
    """An open ticket's age in days, and whether it is over its limit."""

    ticket: str
    days: float
    is_over: bool
    text: str


@dataclass(frozen=True)
class Ageing:
    """One mark a ticket on an axis of days; the limit dashed and named."""

    tickets: tuple[OpenTicket, ...]
    limit: float | None
    limit_word: str
    unit_word: str
    last_word: str


@dataclass(frozen=True)
class Promise:
    """When something was promised, re-dated and due; `today` is past the last due date where overdue."""

    raised: date
    dues: tuple[date, ...]
    today: date
    is_over: bool
    first_word: str
    due_word: str


Told = Literal["reported", "missing", "unmanaged"]


@dataclass(frozen=True)
class Squares:
    """One small square an estate: reported, missing or unmanaged."""

    estates: tuple[tuple[str, Told], ...]
    words: tuple[str, str]


@dataclass(frozen=True)
class CategoryBar:
    """Tickets of a category: closed (solid) and open (hollow), and how many of the open are over their limit."""

    name: str
    closed: int
    open: int
    overdue: int


@dataclass(frozen=True)
class CategoryBars:
    """Tickets by category. `words`: closed, open. `headings`: of the categories and of the open ones, and the word
    for those over their limit."""

    rows: tuple[CategoryBar, ...]
    words: tuple[str, str]
    headings: tuple[str, str, str] = ("", "", "")


@dataclass(frozen=True)
class Share:
    """A part of the expenses: name, amount as text, share (0 to 1), per square metre and per household."""

    name: str
    amount: float
    text: str
    share: float
    per_m2: str
    per_household: str
    is_labour: bool


@dataclass(frozen=True)
class Expenses:
    """The expense sheet by category, the largest first. `unit_words`: amount, per square metre, per household.
    `headings`: of the categories and of the shares; `totals`: the lines below, as name, amount, share, per square
    metre, per household, already written."""

    rows: tuple[Share, ...]
    unit_words: tuple[str, str, str]
    headings: tuple[str, str] = ("", "")
    totals: tuple[tuple[str, str, str, str, str], ...] = ()
