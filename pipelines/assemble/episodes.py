"""Works out who ran each estate, when, and since when fees were charged, from the register and the events.

Rules:
- A company's coming in (`company_in`, or the register's takeover date of its company) starts an episode and ends the
  one before it on the day before. A company's leaving (`company_out`) ends its episode on that day; from the next day
  the estate is unmanaged (company null) until somebody comes in. A leaving on the day of, or on the day before,
  another's coming leaves no gap.
- The register knows the company of today: it names the company of the latest coming-in that doesn't. Its takeover date
  counts unless the events know a later coming of that company, or another company's leaving after it.
- Where the register names another company than the one that left last, and no coming is known, it followed at once.
- An earlier register names the company before, and when it came and began to charge.
- A leaving names the company of the time before it. The mode of governance is the register's in the last episode; a
  change (`mode_changed`, its note 由甲改为乙) splits an episode and gives the modes before and after; else it is
  unknown (null) before the change.
- `charging_started`, and the register's charging date, belong to the episode that holds them; a charging date before
  the first known episode counts from its start. Where the same company goes on (a change of mode), charging goes on. An
  episode without any such date has a null `charging_start`.
- An estate of which no date is known has one episode with null start and end. An episode traces to the row that opened
  it: the event's, else the register's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import polars as pl

EPISODE_SCHEMA: Final = pl.Schema(
    {
        "estate": pl.String,
        "company": pl.String,
        "governance_mode": pl.String,
        "service_start": pl.Date,
        "charging_start": pl.Date,
        "service_end": pl.Date,
        "source_file": pl.String,
        "source_sheet": pl.String,
        "source_row": pl.Int64,
    }
)
_CHANGE: Final = re.compile(
    r"由(?P<before>[^，。,;；]{2,12}?)(?:改为|变更为|调整为|转为|变为|改成)(?P<after>[^，。,;；]{2,12}?)(?:进驻|接管|管理|$|[，。,;；（(])"
)
_TO: Final = re.compile(
    r"(?:改为|变更为|调整为|转为|变为|改成|实行)(?P<after>[^，。,;；]{2,12}?)(?:进驻|接管|$|[，。,;；（(])"
)
_DAY: Final = timedelta(days=1)
_SAME: Final = timedelta(days=62)


@dataclass(frozen=True)
class _Turn:
    """Something that opens or closes an episode."""

    on: date
    what: str
    company: str | None
    note: str
    source: tuple[str, str, int]


@dataclass(frozen=True)
class _Spell:
    start: date | None
    end: date | None
    company: str | None
    mode: str | None
    source: tuple[str, str, int]
    charging: date | None = None


def episodes_of(estates: pl.DataFrame, events: pl.DataFrame, registers: pl.DataFrame | None = None) -> pl.DataFrame:
    """The episodes of all estates as `EPISODE_SCHEMA`, ordered, not overlapping, from these tables of the contract.

    `registers` has the rows of all registers before they were merged, earliest first (the columns of `estates`).
    """
    facts = {row["estate"]: row for row in estates.iter_rows(named=True)}
    former = _former(facts, registers)
    turns: dict[str, list[_Turn]] = {estate: [] for estate in facts}
    wanted = ["company_in", "company_out", "mode_changed", "charging_started"]
    for row in events.filter(pl.col("event_type").is_in(wanted)).sort("event_date").iter_rows(named=True):
        turn = _Turn(row["event_date"], row["event_type"], row["company"], row["note"] or "", _source(row))
        turns.setdefault(row["estate"], []).append(turn)
    rows: list[dict[str, object]] = []
    for estate, own in turns.items():
        for spell in _spells(facts.get(estate, {}), own, former.get(estate, [])):
            file, sheet, line = spell.source
            rows.append(
                {
                    "estate": estate,
                    "company": spell.company,
                    "governance_mode": spell.mode,
                    "service_start": spell.start,
                    "charging_start": spell.charging,
                    "service_end": spell.end,
                    "source_file": file,
                    "source_sheet": sheet,
                    "source_row": line,
                }
            )
    return pl.DataFrame(rows, schema=EPISODE_SCHEMA)


def _source(row: dict[str, object]) -> tuple[str, str, int]:
    return str(row["source_file"]), str(row["source_sheet"]), int(str(row["source_row"]))


def _former(facts: dict[str, dict[str, object]], registers: pl.DataFrame | None) -> dict[str, list[_Turn]]:
    """What earlier registers tell of companies that are no longer there: when they came and began to charge."""
    turns: dict[str, list[_Turn]] = {}
    dated = pl.col("takeover_date").is_not_null() & pl.col("company").is_not_null()
    rows = () if registers is None else registers.filter(dated).iter_rows(named=True)
    for row in rows:
        if row["company"] == facts.get(row["estate"], {}).get("company"):
            continue
        own = turns.setdefault(row["estate"], [])
        if not any(turn.company == row["company"] and turn.on == row["takeover_date"] for turn in own):
            own.append(_Turn(row["takeover_date"], "company_in", row["company"], "", _source(row)))
            if row["charging_date"] is not None:
                own.append(_Turn(row["charging_date"], "charging_started", None, "", _source(row)))
    return turns


def _spells(facts: dict[str, object], turns: list[_Turn], former: list[_Turn]) -> list[_Spell]:
    company = facts.get("company")
    company = company if isinstance(company, str) else None
    turns = _with_takeover(facts, company, turns)
    known = {turn.company for turn in turns if turn.what == "company_in"}
    turns = sorted(
        [*turns, *(one for one in former if one.what != "company_in" or one.company not in known)],
        key=lambda one: one.on,
    )
    source = _source(facts) if facts else turns[0].source
    spells = _runs(company, turns, source)
    spells = _with_modes(spells, turns, facts.get("governance_mode"))
    return _with_charging(spells, turns, facts.get("charging_date"))


def _with_takeover(facts: dict[str, object], company: str | None, turns: list[_Turn]) -> list[_Turn]:
    """The turns with the register's company in place: named where the events leave it out, and its takeover date."""
    ins = [turn for turn in turns if turn.what == "company_in"]
    if (
        ins
        and company
        and ins[-1].company is None
        and not any(t.what == "company_out" and t.on > ins[-1].on for t in turns)
    ):
        named = replace(ins[-1], company=company)
        turns = [named if turn is ins[-1] else turn for turn in turns]
        ins[-1] = named
    takeover = facts.get("takeover_date")
    if not isinstance(takeover, date) or company is None:
        return turns
    known_later = any(turn.company == company and turn.on >= takeover - _SAME for turn in ins)
    left_later = any(t.what == "company_out" and t.on > takeover and t.company not in (None, company) for t in turns)
    if known_later and any(turn.company == company and abs(turn.on - takeover) <= _SAME for turn in ins):
        return turns
    if left_later or (known_later and any(turn.company not in (None, company) and turn.on > takeover for turn in ins)):
        return turns
    coming = _Turn(takeover, "company_in", company, "", _source(facts))
    return sorted([*turns, coming], key=lambda turn: turn.on)


def _runs(company: str | None, turns: list[_Turn], source: tuple[str, str, int]) -> list[_Spell]:
    """Spells of one company, or of none, one after the other."""
    moves = sorted(
        (turn for turn in turns if turn.what in ("company_in", "company_out")),
        key=lambda turn: (turn.on, turn.what == "company_in"),
    )
    if not moves:
        return [_Spell(None, None, company, None, source)]
    done: list[_Spell] = []
    now: _Spell | None = None
    for move in moves:
        if move.what == "company_out":
            if now is None:
                done.append(_Spell(None, move.on, move.company, None, move.source))
            elif now.start is None or now.start <= move.on:
                if now.company is None:
                    if move.company is None or (done and done[-1].company == move.company):
                        continue
                    now = replace(now, company=move.company)
                elif move.company not in (None, now.company):
                    continue
                done.append(replace(now, end=move.on))
            now = _Spell(move.on + _DAY, None, None, None, move.source)
            continue
        if now is not None and now.company is not None and now.company == move.company:
            continue
        if now is not None and now.start is not None and now.start < move.on:
            done.append(replace(now, end=move.on - _DAY))
        now = _Spell(move.on, None, move.company, None, move.source)
        if done and done[-1].end is not None and done[-1].end >= move.on:
            done[-1] = replace(done[-1], end=move.on - _DAY)
    if now is not None and now.company is None and company and done and done[-1].company not in (None, company):
        now = replace(now, company=company)
    return [*done, now] if now is not None else done


def _with_modes(spells: list[_Spell], turns: list[_Turn], last: object) -> list[_Spell]:
    changes = [turn for turn in turns if turn.what == "mode_changed"]
    for change in changes:
        spells = [part for spell in spells for part in _split(spell, change)]
    modes: list[tuple[date, str | None, str | None]] = []
    for turn in turns:
        found = _CHANGE.search(turn.note)
        to = found or _TO.search(turn.note) if turn.what == "mode_changed" else found
        if found or turn.what == "mode_changed":
            modes.append((turn.on, found.group("before") if found else None, to.group("after") if to else None))
    named: list[_Spell] = []
    for place, spell in enumerate(spells):
        mode: str | None = None
        before = [one for one in modes if spell.start is not None and one[0] <= spell.start]
        after = [one for one in modes if spell.start is None or one[0] > spell.start]
        if place == len(spells) - 1 and isinstance(last, str):
            mode = last
        elif before:
            mode = before[-1][2]
        elif after:
            mode = after[0][1]
        elif isinstance(last, str) and spell.company is not None and spell.company == spells[-1].company:
            mode = last
        named.append(replace(spell, mode=mode))
    return named


def _split(spell: _Spell, change: _Turn) -> list[_Spell]:
    inside = (spell.start is None or spell.start < change.on) and (spell.end is None or change.on <= spell.end)
    if not inside:
        return [spell]
    return [replace(spell, end=change.on - _DAY), replace(spell, start=change.on, source=change.source)]


def _with_charging(spells: list[_Spell], turns: list[_Turn], registered: object) -> list[_Spell]:
    dates = [turn.on for turn in turns if turn.what == "charging_started"]
    if isinstance(registered, date):
        dates.append(registered)
    charged: list[_Spell] = []
    for place, spell in enumerate(spells):
        start, end = spell.start, spell.end
        own = [on for on in dates if (start is None or on >= start) and (end is None or on <= end)]
        if (
            not own
            and place == 0
            and start is not None
            and spell.company is not None
            and any(on < start for on in dates)
        ):
            own = [start]
        before = charged[-1] if charged else None
        if before and before.charging and before.company == spell.company and spell.company is not None:
            own = [start] if start is not None else own
        charged.append(replace(spell, charging=min(own) if own else None))
    return charged
