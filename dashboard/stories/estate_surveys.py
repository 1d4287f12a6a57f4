"""The survey waves of an estate: how and by whom they were taken, how many answered, what came out."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import numbers
from dashboard.published import Published
from dashboard.stories.atoms import Cell, Column, Table
from dashboard.stories.estate_names import named
from dashboard.stories.peers_marks import cautioned
from dashboard.words import say
from pipelines.metrics.periods import Period
from pipelines.words import Language

SHOWN = 8
"""The latest waves; older ones are in the table of the data."""
TOGETHER = "\u2060"
"""Keeps the ends of an interval on one line."""
CAUTIONS = ("self_reported", "self_selected", "mode_unknown", "derived", "few", "reported_only", "census")


@dataclass(frozen=True)
class Surveys:
    """`table` None where the estate was never surveyed. `notes`: modes that differ, and what △ stands for."""

    title: str
    table: Table | None
    notes: tuple[str, ...]


def surveys_of(published: Published, estate: str, lang: Language) -> Surveys:
    """The latest waves of an estate, each with its own sample and interval."""
    waves = published.rows("estate_surveys", estate=estate).to_dicts()[:SHOWN]
    if not waves:
        return Surveys(say("estate.surveys_none", lang), None, ())
    metric = published.metric("satisfaction_rate")
    rows, cautions, ways = [], [], []
    for wave in waves:
        end = wave["period_end"]
        value = published.value("satisfaction_rate", Period(end, end), "estate", estate)
        if value.value is None:
            rate, between = numbers.NONE, published.words("reason", value.reason or "not_reported", lang)
        else:
            rate = numbers.amount(metric, value.value, lang) + (" △" if cautioned(value) else "")
            between = numbers.bare_interval(metric, value.low, value.high).replace("–", f"{TOGETHER}–{TOGETHER}")
            if "census" in value.caveats:
                between = say("estate.census", lang)
        cautions += [one for one in CAUTIONS if one in value.caveats and one != "census"]
        ways.append((wave["mode"], wave["conducted_by"]))
        rows.append(
            (
                Cell(numbers.period(Period(wave["period_start"], end), lang)),
                Cell(_way(wave["mode"], wave["conducted_by"], lang)),
                Cell(numbers.number(wave["issued"]), wave["issued"]),
                Cell(numbers.number(wave["responses"]), wave["responses"]),
                Cell(rate, value.value),
                Cell(between),
            )
        )
    columns = (
        Column(say("estate.wave", lang)), Column(say("estate.mode", lang)),
        Column(say("estate.issued", lang), is_number=True), Column(say("estate.answers", lang), is_number=True),
        Column(metric.zh if lang == "zh" else metric.en, is_number=True),
        Column(say("estate.interval", lang), is_number=True),
    )  # fmt: skip
    notes = []
    if len(set(ways)) > 1:
        notes.append(say("estate.modes_differ", lang))
    if cautions:
        words = dict.fromkeys(published.words("caveat", one, lang) for one in cautions)
        notes.append(say("estate.cautions", lang, words=say("estate.semicolon", lang).join(words)))
    return Surveys(say("estate.surveys", lang), Table("estate-surveys", "", columns, tuple(rows)), tuple(notes))


def _way(mode: str | None, by_whom: str | None, lang: Language) -> str:
    """How and by whom: 入户，第三方; what was not reported is said to be unknown."""
    unknown = say("estate.unknown", lang)
    parts = (named(one, lang) if one else unknown for one in (mode, by_whom))
    return say("estate.comma", lang).join(parts) if mode or by_whom else unknown
