"""Who ran an estate when: its spells with a company, without one, and in free service, up to the data's last day."""

from __future__ import annotations

from calendar import month_abbr
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard import numbers
from dashboard.charts.times import Band, Spell, Timeline
from dashboard.published import Published
from dashboard.words import say
from pipelines.words import Language

YEARS_BACK = 12
"""Further back than this nothing is drawn: a street's figures are a few years old."""


@dataclass(frozen=True)
class Told:
    """A spell as the warehouse tells it, with whole days at both ends; `is_open`: it has no known beginning."""

    company: str | None
    state: str
    start: date
    end: date
    is_open: bool


def timeline_of(published: Published, estate: str, contract_end: date | None, lang: Language) -> Timeline:
    """The timeline up to the data's last day; without spells where nobody knows who ran the estate."""
    today = published.as_of
    told = _told(published, estate, today)
    spells = tuple(_spell(one, contract_end, today, lang, is_last=one is told[-1]) for one in told)
    notes = tuple(_note(one, spell, lang) for one, spell in zip(told, spells, strict=True))
    return Timeline(spells, today, say("estate.today", lang, day=numbers.day(today, lang)), notes)


def company_now(published: Published, estate: str) -> tuple[str | None, str]:
    """The company that runs an estate on the data's last day (None: nobody, or nobody knows), and the state."""
    told = _told(published, estate, published.as_of)
    return (told[-1].company, told[-1].state) if told else (None, "unknown")


def _told(published: Published, estate: str, today: date) -> list[Told]:
    rows = [
        Told(company, state, start, min(end + timedelta(days=1), today) if end < today else today, start.year == 1)
        for company, _, start, end, state in published.rows("estate_spells", estate=estate).iter_rows()
        if start <= today
    ]
    joined: list[Told] = []
    for one in rows:
        last = joined[-1] if joined else None
        if last and (last.company, last.state) == (one.company, one.state):
            joined[-1] = Told(last.company, last.state, last.start, one.end, last.is_open)
        else:
            joined.append(one)
    if len(joined) > 1 and joined[0].is_open and joined[0].state == "unknown":
        joined = joined[1:]
    first = max(date(today.year - YEARS_BACK, 1, 1), date(2000, 1, 1))
    begin = published.desk.first_day if len(joined) == 1 and joined[0].is_open else first
    return [
        Told(one.company, one.state, max(one.start, begin), one.end, one.is_open) for one in joined if one.end > begin
    ]


def _spell(one: Told, contract_end: date | None, today: date, lang: Language, *, is_last: bool) -> Spell:
    band: Band = (
        "company" if one.state == "managed" else
        "unmanaged" if one.state == "unmanaged" else
        "free_service" if one.state == "free_service" else "unknown"
    )  # fmt: skip
    if band == "company":
        word = one.company or say("estate.company_unknown", lang)
        if is_last and contract_end is not None:
            key = "contract_until" if contract_end >= today else "contract_ended"
            word = say(f"estate.{key}", lang, company=word, day=numbers.day(contract_end, lang, year=True))
    elif band == "unmanaged":
        word = say("estate.unmanaged_for", lang, months=_months(one))
    elif band == "free_service":
        word = say("estate.free_service", lang, company=one.company or "")
    else:
        word = say("estate.run_unknown", lang)
    return Spell(one.start, one.end, band, word)


def _note(one: Told, spell: Spell, lang: Language) -> str:
    start = say("estate.before_that", lang) if one.is_open else _month(one.start, lang)
    last = one.end - timedelta(days=1)
    end = _month(last, lang)
    return say("estate.spell_note", lang, first=start, last=end, word=spell.word)


def _month(day: date, lang: Language) -> str:
    return say("numbers.month", lang, year=day.year, month=day.month, name=month_abbr[day.month])


def _months(one: Told) -> int:
    return max(round((one.end - one.start).days / 30.44), 1)


def is_unmanaged_throughout(spells: Sequence[Spell]) -> bool:
    """Whether nobody ran the estate in all the time that is drawn."""
    return bool(spells) and all(one.band == "unmanaged" for one in spells)
