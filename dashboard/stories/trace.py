"""What a trace code leads to: definition, numerator and denominator, and every cell, added up side by side."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from dashboard import numbers
from dashboard.published import Published
from dashboard.stories.estate_sources import Place, cells_in_words, places_in_words
from dashboard.stories.headline import reason_words, sure_words
from dashboard.words import say
from pipelines.metrics.desk import OldWarehouseError
from pipelines.tracing.cells import Source
from pipelines.tracing.codes import UnknownCodeError, resolve
from pipelines.tracing.printing import Trail, field_words, printed, trail_of
from pipelines.words import Language

SIDES: Final = ("numerator", "denominator")
LISTED: Final = 300
"""So many records are listed one by one on the page; of more there is the download."""


@dataclass(frozen=True)
class Line:
    """The cells of one field in one sheet, and what they add to their side."""

    side: str
    field: str
    file: str
    sheet: str
    cells: str
    records: str
    amount: str


@dataclass(frozen=True)
class Trace:
    """One figure. `facts` are pairs of name and text; `sums` what each side adds up to; `places` every record, empty
    where there are too many; `notes` what must be known of them. `estate` has a page of its own."""

    code: str
    title: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    sums: tuple[tuple[str, str], ...]
    places: tuple[Place, ...]
    notes: tuple[str, ...]
    estate: str


@dataclass(frozen=True)
class Looked:
    """What was asked for and what it leads to; `wrong` says why to nothing."""

    given: str
    found: tuple[Trace, ...] = ()
    wrong: str = ""


def looked_up(published: Published, given: str, lang: Language) -> Looked:
    """The figures that a code stands for in this version; empty words lead to nothing and are not wrong."""
    if not given:
        return Looked("")

    def made() -> Looked:
        try:
            found = [_trace(published, one, lang) for one in _trails(published, given)]
        except UnknownCodeError:
            return Looked(given, wrong=say("trace.unknown", lang, code=given))
        except OldWarehouseError:
            return Looked(given, wrong=say("trace.old", lang))
        return Looked(given, tuple(found))

    return published.made(("trace", given, lang), made)


def downloaded(published: Published, given: str, lang: Language) -> tuple[str, str, bytes]:
    """All cells of a code as CSV, for spreadsheets: name, media type, bytes. Raises UnknownCodeError."""
    with published.lock:
        found = _trails(published, given)
    name = say("trace.file_name", lang, code=found[0].traced.code)
    return name, "text/csv", b"\xef\xbb\xbf" + printed(found, "csv", lang).encode()


def _trails(published: Published, given: str) -> list[Trail]:
    return [trail_of(published.desk, one) for one in resolve(published.desk, given)]


def _trace(published: Published, one: Trail, lang: Language) -> Trace:
    traced = one.traced
    name = one.metric.zh if lang == "zh" else one.metric.en
    subject = traced.subject or say("trace.all_of", lang, by=say(f"trace.by_{traced.by}", lang))
    period = numbers.period(traced.period, lang)
    sums = {
        side: math.fsum(source.amount for source in one.sources if source.side == side)
        for side in dict.fromkeys(source.side for source in one.sources)
    }
    records = sum(len(source.told) for source in one.sources)
    notes = []
    if one.metric.id == "closure_ratio":
        notes.append(say("trace.expected", lang))
    elif _agree(one, sums):
        notes.append(say("trace.agree", lang))
    if not one.sources:
        notes.append(say("trace.none", lang))
    if records > LISTED:
        notes.append(say("trace.too_many", lang, count=numbers.number(records)))
    return Trace(
        code=traced.code,
        title=say("trace.title", lang, subject=subject, metric=name, period=period),
        facts=tuple((say(f"trace.{key}", lang), text) for key, text in _facts(published, one, lang)),
        lines=tuple(_line(source, lang) for source in one.sources),
        sums=tuple(
            (say("trace.sum_of", lang, side=say(f"trace.{side}", lang)), _number(amount))
            for side, amount in sums.items()
        ),
        places=places_in_words(one.sources, lang) if records <= LISTED else (),
        notes=tuple(notes),
        estate=traced.subject if traced.by == "estate" else "",
    )


def _facts(published: Published, one: Trail, lang: Language) -> list[tuple[str, str]]:
    value, metric = one.value, one.metric
    facts = []
    if value is not None:
        known = sure_words(metric, value, lang) if value.reason is None else (reason_words(published, value, lang),)
        text = say("headline.between", lang).join((numbers.amount(metric, value.value, lang), *known))
        facts.append(("value", text))
        parts = [
            say("trace.part", lang, side=say(f"trace.{side}", lang), amount=_number(amount))
            for side, amount in zip(SIDES, (value.numerator, value.denominator), strict=True)
            if amount is not None
        ]
        if parts:
            facts.append(("parts", say("headline.between", lang).join(parts)))
    definition = metric.definition_zh if lang == "zh" else metric.definition_en
    facts.append(("definition", definition))
    if len(metric.bases) > 1:
        facts.append(("basis", published.words("basis", one.traced.basis, lang)))
    built = one.built_at[:16].replace("T", " ")
    told = say("trace.data_line", lang, as_of=numbers.day(one.as_of, lang, year=True), version=one.version, built=built)
    return [*facts, ("period", numbers.span(one.traced.period, lang)), ("data", told)]


def _agree(one: Trail, sums: dict[str, float]) -> bool:
    """Whether numerator and denominator are known and are what the cells add up to."""
    if one.value is None:
        return False
    known = dict(zip(SIDES, (one.value.numerator, one.value.denominator), strict=True))
    return all(
        side in sums and amount is not None and math.isclose(sums[side], amount, rel_tol=1e-9, abs_tol=1e-6)
        for side, amount in known.items()
    )


def _line(source: Source, lang: Language) -> Line:
    return Line(
        side=say(f"trace.{source.side}", lang),
        field=field_words(source.field, lang),
        file=source.file,
        sheet=source.sheet or say("estate.no_sheet", lang),
        cells=cells_in_words(source.cells, source.rows, lang) if source.cells else say("trace.no_cell", lang),
        records=numbers.number(len(source.told)),
        amount=_number(source.amount),
    )


def _number(value: float) -> str:
    return numbers.number(value, 0 if float(value).is_integer() else 2)
