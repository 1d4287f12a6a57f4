"""The page of definitions: what each metric is and cannot tell, how marks are given, and what the words mean."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import numbers
from dashboard.published import Published
from dashboard.stories.atoms import Figure
from dashboard.stories.sample_size import Sizes, sizes_of
from dashboard.words import say
from pipelines.analysis.false_rates import FALSE_RATES, SURVEYS
from pipelines.finding_words import finding_words
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.judging import shape_of
from pipelines.words import Language

GLOSSARY = (
    "receivable", "received", "arrears", "recovered", "prepaid", "waived", "collection", "basis", "labour", "even",
    "apart", "coverage", "interval", "limits", "peers", "tier", "free_service", "unmanaged", "hosted", "overdue",
    "excluded", "reopened", "wave", "three_rates", "as_of", "provisional",
)  # fmt: skip
TESTS = ("peers", "xmr", "waves", "funnel", "false", "caution", "suppress", "missing")


@dataclass(frozen=True)
class Entry:
    """A term with what is said of it: lines of a label (may be empty) and a text."""

    id: str
    term: str
    lines: tuple[tuple[str, str], ...]
    note: str = ""


@dataclass(frozen=True)
class Part:
    """A part of the page with its heading and a sentence on what it is for."""

    id: str
    title: str
    about: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Definitions:
    """The page. `sizes` is the sample-size calculator."""

    parts: tuple[Part, ...]
    sizes: Sizes
    figures: tuple[Figure, ...] = ()


def definitions(published: Published, lang: Language, asked: tuple[str, str] | None = None) -> Definitions:
    """The whole page. `asked`: households and points typed into the calculator."""
    metrics = tuple(_metric(published, one, lang) for one in published.desk.metrics.values())
    parts = (
        _part("metrics", metrics, lang),
        _part("tests", tuple(_test(published, one, lang) for one in TESTS), lang),
        _part("caveats", _coded(published, "caveat", lang), lang),
        _part("reasons", _coded(published, "reason", lang), lang),
        _part("findings", _findings(lang), lang),
        _part("glossary", tuple(_term(one, lang) for one in GLOSSARY), lang),
    )
    return Definitions(parts, sizes_of(asked, lang))


def _part(name: str, entries: tuple[Entry, ...], lang: Language) -> Part:
    return Part(name, say(f"definitions.{name}", lang), say(f"definitions.{name}_about", lang), entries)


def _metric(published: Published, one: Metric, lang: Language) -> Entry:
    def said(key: str, **values: object) -> str:
        return say(f"definitions.{key}", lang, **values)

    is_zh = lang == "zh"
    bases = said("comma").join(published.words("basis", basis, lang) for basis in one.bases)
    unit = numbers.unit(one, lang)
    target = said("no_target") if one.target is None else numbers.amount(one, one.target, lang)
    lines = [
        (said("question"), one.question_zh if is_zh else one.question_en),
        (said("definition"), one.definition_zh if is_zh else one.definition_en),
        (said("basis"), bases if len(one.bases) > 1 else said("one_basis")),
        (said("unit"), said("unit_line", unit=unit, direction=said(f"direction_{one.direction}"))),
        (said("target"), target),
        (said("sample"), _sample(published, one, lang)),
        (said("interval"), said(f"interval_{one.interval}")),
        (said("changes"), _trend(one, lang)),
        (said("cannot"), one.cannot_zh if is_zh else one.cannot_en),
    ]
    return Entry(f"metric-{one.id}", one.zh if is_zh else one.en, tuple(lines), one.en if is_zh else one.zh)


def _sample(published: Published, one: Metric, lang: Language) -> str:
    counted = "answers" if "surveys" in one.sources else "tickets" if "tickets" in one.sources else "months"
    unit = say(f"definitions.{counted}", lang)
    least = numbers.number(published.desk.suppress_below)
    parts = []
    if one.suppress:
        parts.append(say("definitions.hidden_below", lang, least=least, unit=unit))
    if one.least_sample > 1:
        parts.append(say("definitions.cautioned_below", lang, least=one.least_sample, unit=unit))
    return say("definitions.comma", lang).join(parts) or say("definitions.no_sample_rule", lang)


def _trend(one: Metric, lang: Language) -> str:
    steps = say("definitions.slash", lang).join(say(f"definitions.step_{step}", lang) for step in one.natural)
    if "wave" in one.natural:
        return say("definitions.trend_waves", lang, rate=_percent(SURVEYS))
    shape = shape_of(one)
    if shape is None:
        return say("definitions.trend_none", lang, steps=steps)
    rates = FALSE_RATES[shape].values()
    return say("definitions.trend", lang, steps=steps, low=_percent(min(rates)), high=_percent(max(rates)))


def _percent(share: float) -> str:
    return f"{numbers.number(share * 100, 1)}%"


def _test(published: Published, name: str, lang: Language) -> Entry:
    every = [rate for rates in FALSE_RATES.values() for rate in rates.values()]
    text = say(
        f"definitions.test_{name}_text", lang, least=numbers.number(published.desk.suppress_below),
        low=_percent(min(every)), high=_percent(max(every)), surveys=_percent(SURVEYS),
        known=f"{published.desk.known_share * 100:.0f}%",
    )  # fmt: skip
    return Entry(f"test-{name}", say(f"definitions.test_{name}", lang), (("", text),))


def _coded(published: Published, topic: str, lang: Language) -> tuple[Entry, ...]:
    return tuple(
        Entry(f"{topic}-{code}", text, (), code)
        for of, code, text in published.rows("definitions_words", lang=lang).iter_rows()
        if of == topic
    )


def _findings(lang: Language) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            f"finding-{one.code}",
            say(f"definitions.finding_{one.code}", lang),
            (
                (say("definitions.meaning", lang), one.meaning.replace("`", "")),
                (say("definitions.advice", lang), one.advice.replace("`", "")),
            ),
            say("definitions.comma", lang).join((say(f"definitions.severity_{one.severity}", lang), one.code)),
        )
        for one in finding_words(lang)
    )


def _term(name: str, lang: Language) -> Entry:
    return Entry(f"term-{name}", say(f"definitions.term_{name}", lang), (("", say(f"definitions.text_{name}", lang)),))
