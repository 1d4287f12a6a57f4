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

PERIODS = {"week": 4, "month": 3, "quarter": 2, "half_year": 2, "year": 1}
"""How many periods of each length are shown."""
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
    """The periods of one kind, as headings."""

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
    missing = sum(1 for one in expected if one["status"] == "missing")
    rejected = sum(1 for one in listed if one["status"] == "rejected")
    key = "heading_none" if not expected else "heading_missing" if missing else "heading_all"
    count = missing if expected else len(listed)
    spans = _spans(expected)
    return Data(
        heading=say(f"data.{key}", lang, count=numbers.number(count)),
        scope=say(
            "data.scope",
            lang,
            files=numbers.number(len(listed)),
            rejected=rejected,
            errors=sum(one["errors"] for one in listed),
            day=numbers.day(published.as_of, lang, year=True),
        ),
        spans=tuple(
            Span(say(f"data.{kind}", lang), tuple(numbers.period(Period(*one), lang) for one in periods))
            for kind, periods in spans.items()
        ),
        rows=_rows(expected, listed, spans, lang),
        sent=tuple(_sent(one, gone, lang) for one in listed[:LATEST]),
        sent_note=say("data.sent_note", lang, count=len(listed), shown=min(LATEST, len(listed))),
        files=tuple(sorted(one["source_file"] for one in listed if one["sha256"] not in gone)),
    )


def _spans(expected: list[dict[str, object]]) -> dict[str, list[tuple[date, date]]]:
    """Kind → its latest periods, in time."""
    found: dict[str, dict[tuple[date, date], None]] = {}
    every: dict[str, str] = {}
    for one in expected:
        start, end = one["period_start"], one["period_end"]
        if isinstance(start, date) and isinstance(end, date):
            found.setdefault(str(one["kind"]), {})[start, end] = None
            every[str(one["kind"])] = str(one["every"])
    return {kind: sorted(periods)[-PERIODS.get(every[kind], 2) :] for kind, periods in found.items()}


def _rows(
    expected: list[dict[str, object]],
    listed: list[dict[str, object]],
    spans: Mapping[str, list[tuple[date, date]]],
    lang: Language,
) -> tuple[Row, ...]:
    told = {(one["community"], one["kind"], one["period_start"]): one for one in expected}
    rows = []
    for community in dict.fromkeys(str(one["community"]) for one in expected):
        cells = [
            _due(told.get((community, kind, start)), lang) for kind, periods in spans.items() for start, _ in periods
        ]
        unread = sum(
            1
            for one in listed
            if one["status"] == "rejected" and community in (one["sender"], str(one["source_file"]).partition("/")[0])
        )
        text = say("data.unreadable_count", lang, count=unread) if unread else ""
        rows.append(Row(community, tuple(cells), text))
    return tuple(rows)


def _due(one: dict[str, object] | None, lang: Language) -> Due:
    if one is None:
        return Due("none", say("data.nothing", lang), "", "")
    state, due, came = str(one["status"]), one["due_on"], one["received_on"]
    errors = int(str(one["errors"] or 0))
    text = say(f"data.{'received' if state == 'late' else state}", lang)
    note, title = "", ""
    if isinstance(due, date):
        title = say("data.due_on", lang, day=numbers.day(due, lang))
        if state == "late" and isinstance(came, date):
            note = say("data.late", lang, days=(came - due).days)
        elif state in ("missing", "not_due"):
            note = title
    if errors:
        note = " ".join(part for part in (note, say("data.cell_errors", lang, count=errors)) if part)
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
