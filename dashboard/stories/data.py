"""What the data page says of what has been sent: who has sent what for which period, and the latest submissions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from dashboard import numbers
from dashboard.published import Published
from dashboard.words import say
from pipelines.metrics.periods import Period
from pipelines.receiving.withdrawn import withdrawn_of
from pipelines.words import Language

SLOTS = 3
"""How many periods of each kind are shown: each community's own, which may be weeks, months or quarters."""
NAMED = 3
LATEST = 14


@dataclass(frozen=True)
class Due:
    """One cell of the matrix. `state`: received, late, missing, not_due or none; `note`: how late, how many errors."""

    state: str
    text: str
    note: str
    title: str


@dataclass(frozen=True)
class Span:
    """The columns of one kind: the last period, the one before, …; `periods` are their headings."""

    kind: str
    periods: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A community with its cells in the order of the spans, and how many of its files could not be read."""

    community: str
    cells: tuple[Due, ...]
    unreadable: str


@dataclass(frozen=True)
class Sent:
    """A submission on the list. `state` is a word; `why` tells of a withdrawal."""

    file: str
    name: str
    sender: str
    when: str
    state: str
    rows: str
    errors: str
    warnings: str
    is_withdrawn: bool
    why: str


@dataclass(frozen=True)
class Data:
    """The upper part of the page."""

    heading: str
    scope: str
    spans: tuple[Span, ...]
    rows: tuple[Row, ...]
    sent: tuple[Sent, ...]
    sent_note: str
    files: tuple[str, ...]


def report(published: Published, inbox: Path, lang: Language) -> Data:
    """What has been sent, as the published version knows it; withdrawals as the log of arrivals does."""
    expected = published.rows("data_expected").to_dicts()
    listed = published.rows("data_sent").to_dicts()
    gone = withdrawn_of(inbox, published.folder)
    rejected = sum(1 for one in listed if one["status"] == "rejected")
    kinds = list(dict.fromkeys(str(one["kind"]) for one in expected))
    slots = tuple(say(f"data.slot_{number}", lang) for number in range(SLOTS))
    return Data(
        heading=_heading(expected, len(listed), lang),
        scope=say(
            "data.scope",
            lang,
            files=numbers.number(len(listed)),
            rejected=rejected,
            errors=sum(one["errors"] for one in listed),
            day=numbers.day(published.as_of, lang, year=True),
        ),
        spans=tuple(Span(say(f"data.{kind}", lang), slots) for kind in kinds),
        rows=_rows(expected, listed, lang),
        sent=tuple(_sent(one, gone, lang) for one in listed[:LATEST]),
        sent_note=say("data.sent_note", lang, count=len(listed), shown=min(LATEST, len(listed))),
        files=tuple(sorted(one["source_file"] for one in listed if one["sha256"] not in gone)),
    )


def _by_kind(expected: list[dict[str, object]]) -> dict[tuple[str, str], list[dict[str, object]]]:
    """(community, kind) → its latest periods, in time."""
    found: dict[tuple[str, str], list[dict[str, object]]] = {}
    for one in expected:
        found.setdefault((str(one["community"]), str(one["kind"])), []).append(one)
    return {key: sorted(rows, key=lambda row: str(row["period_end"]))[-SLOTS:] for key, rows in found.items()}


def _rows(expected: list[dict[str, object]], listed: list[dict[str, object]], lang: Language) -> tuple[Row, ...]:
    told = _by_kind(expected)
    rows = []
    for community in dict.fromkeys(str(one["community"]) for one in expected):
        cells: list[Due] = []
        for kind in dict.fromkeys(str(one["kind"]) for one in expected):
            mine = [_due(one, lang) for one in told.get((community, kind), [])]
            cells += [_due(None, lang)] * (SLOTS - len(mine)) + mine
        unread = sum(
            1
            for one in listed
            if one["status"] == "rejected" and community in (one["sender"], str(one["source_file"]).partition("/")[0])
        )
        text = say("data.unreadable_count", lang, count=unread) if unread else ""
        rows.append(Row(community, tuple(cells), text))
    return tuple(rows)


def _heading(expected: list[dict[str, object]], count: int, lang: Language) -> str:
    missing = [one for one in expected if one["status"] == "missing"]
    if not expected or not missing:
        return say("data.heading_all" if expected else "data.heading_none", lang, count=numbers.number(count))
    names = [
        say(
            "data.missing_one",
            lang,
            community=one["community"],
            kind=say(f"data.{one['kind']}", lang),
            period=_period(one, lang),
        )
        for one in sorted(missing, key=lambda row: str(row["due_on"]))[:NAMED]
    ]
    more = say("data.and_more", lang) if len(missing) > NAMED else ""
    comma = "、" if lang == "zh" else ", "
    return say("data.heading_missing", lang, count=len(missing), which=comma.join(names) + more)


def _period(one: dict[str, object], lang: Language) -> str:
    start, end = one["period_start"], one["period_end"]
    return numbers.period(Period(start, end), lang) if isinstance(start, date) and isinstance(end, date) else ""


def _due(one: dict[str, object] | None, lang: Language) -> Due:
    if one is None:
        return Due("none", say("data.nothing", lang), "", "")
    state, due, came = str(one["status"]), one["due_on"], one["received_on"]
    errors = int(str(one["errors"] or 0))
    text = say(f"data.{'received' if state == 'late' else state}", lang)
    title = say("data.due_on", lang, day=numbers.day(due, lang)) if isinstance(due, date) else ""
    if state == "late" and isinstance(came, date) and isinstance(due, date):
        text = say("data.late", lang, days=(came - due).days)
    note = _period(one, lang)
    if errors:
        note += " " + say("data.cell_errors", lang, count=errors)
    return Due("errors" if errors else state, text, note, title)


def _sent(one: dict[str, object], gone: Mapping[str, tuple[datetime, str]], lang: Language) -> Sent:
    file, when = str(one["source_file"]), one["received_at"]
    told = gone.get(str(one["sha256"]))
    folder, _, name = file.rpartition("/")
    return Sent(
        file=file,
        name=name,
        sender=folder or str(one["sender"] or ""),
        when=numbers.day(when.date(), lang, year=True) if isinstance(when, datetime) else numbers.NONE,
        state=say(f"data.state_{'withdrawn' if told else one['status']}", lang),
        rows=numbers.number(float(str(one["rows_loaded"] or 0))),
        errors=str(one["errors"] or ""),
        warnings=str(one["warnings"] or ""),
        is_withdrawn=told is not None,
        why=told[1] if told else "",
    )
