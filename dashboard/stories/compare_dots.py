"""The ranked rows of the comparison: dot, interval and peers' median, with the other headline figures beside them."""

from __future__ import annotations

from typing import Final

from dashboard import numbers
from dashboard.charts.dots import Beside, DotPlot, DotRow
from dashboard.drawings.scales import ticks
from dashboard.published import HEADLINES, Published
from dashboard.stories.compare_peers import Standing, sorted_standings
from dashboard.stories.compare_view import View
from dashboard.stories.headline import reason_words
from dashboard.theme import Mark
from dashboard.words import say
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.question import Question
from pipelines.metrics.values import Value

JUDGED: Final[tuple[Mark, ...]] = ("better", "same", "worse")
FAR: Final = 1.6
"""How many times the spread of the values an interval may reach beyond them before the axis cuts it."""
BESIDE: Final = 3


def dot_plot(published: Published, view: View, found: tuple[Standing, ...]) -> DotPlot:
    """The rows in their order, those without a place at the foot with the reason in words."""
    metric, lang = view.metric, view.lang
    street = _street(published, view)
    ordered = sorted_standings(view, found)
    others = [published.metric(one) for one in beside_metrics(view)]
    columns = [_beside(published, view, one, ordered) for one in others]
    tiers = {one.group[1] for one in ordered if one.is_ranked and one.group} if metric.tiered else set()
    rows = tuple(
        _row(published, view, one, tuple(column[place] for column in columns), is_grouped=len(tiers) > 1)
        for place, one in enumerate(ordered)
    )
    low, high = _ends(metric, rows, street)
    return DotPlot(
        name=view.name,
        unit=numbers.unit(metric, lang),
        rows=rows,
        low=low,
        high=high,
        ticks=ticks(low, high, 5),
        street=street,
        street_word="" if street is None else _line_word(view, "compare.street_line", street),
        target=None if metric.target is None else numbers.scaled(metric, metric.target),
        target_word=""
        if metric.target is None
        else _line_word(view, "compare.target_line", numbers.scaled(metric, metric.target)),
        headings=(say("compare.estate", lang), say("compare.households", lang), say(_sample_key(metric), lang)),
        beside=tuple((one.zh if lang == "zh" else one.en, numbers.unit(one, lang)) for one in others),
        legend=legend(view),
        order_word=say(
            "compare.ordered_high" if metric.direction == "neither" else "compare.ordered", lang, name=view.name
        ),
        value_heading=(view.name, numbers.unit(metric, lang)),
        median_word=say("compare.median_tick", lang),
    )


def beside_metrics(view: View) -> tuple[str, ...]:
    """The other headline metrics that mean something in the period: of a week only those of tickets."""
    names = [one for one in HEADLINES if one != view.metric.id][:BESIDE]
    return tuple(one for one in names if not view.is_week or one == "closure_median_hours")


def legend(view: View) -> tuple[str, str, str, str]:
    """The words of the marks: better, same, worse, caution."""
    lang = view.lang
    if view.metric.interval == "none":
        return "", say("compare.mark_plain", lang), "", say("compare.mark_caution_plain", lang)
    better, worse = mark_words(view)
    least = view.metric.least_sample
    caution = "compare.mark_caution_survey" if "surveys" in view.metric.sources else "compare.mark_caution"
    return better, say("compare.mark_same", lang), worse, say(caution, lang, least=least)


def mark_words(view: View) -> tuple[str, str]:
    """What better and worse are called: higher and lower, quicker and slower."""
    metric, lang = view.metric, view.lang
    if metric.unit == "hours" or metric.kind == "expected":
        return say("compare.mark_quick", lang), say("compare.mark_slow", lang)
    pair = ("compare.mark_high", "compare.mark_low")
    better, worse = pair if metric.direction == "up" else pair[::-1]
    return say(better, lang), say(worse, lang)


def _row(published: Published, view: View, one: Standing, beside: tuple[Beside, ...], *, is_grouped: bool) -> DotRow:
    metric, lang, value = view.metric, view.lang, one.value
    shown = value.value if one.is_ranked else None
    words = dict(zip(("better", "same", "worse", "caution"), legend(view), strict=True))
    return DotRow(
        subject=one.subject,
        name=one.subject,
        households=numbers.number(one.households) if one.households else numbers.NONE,
        value=None if shown is None else numbers.scaled(metric, shown),
        text=numbers.figure(metric, shown),
        low=None if shown is None or value.low is None else numbers.scaled(metric, value.low),
        high=None if shown is None or value.high is None else numbers.scaled(metric, value.high),
        sample=_sample(metric, value) if shown is not None else "",
        peer_median=None if one.median is None or shown is None else numbers.scaled(metric, one.median),
        mark=one.mark,
        cautioned=one.is_cautioned and shown is not None,
        reason="" if shown is not None else _reason(published, view, one),
        beside=beside,
        group=say("compare.tier", lang, tier=one.group[1]) if is_grouped and one.group and shown is not None else "",
        word=words.get(one.mark, "") if shown is not None else "",
        hint=_hint(published, view, one) if shown is not None else "",
    )


def _hint(published: Published, view: View, one: Standing) -> str:
    metric, lang, value = view.metric, view.lang, one.value
    told = [f"{one.subject} {numbers.amount(metric, value.value, lang)}"]
    told.append(numbers.interval(metric, value.low, value.high, lang))
    if one.median is not None:
        told.append(say("compare.hint_median", lang, value=numbers.amount(metric, one.median, lang)))
    told += [published.words("caveat", caveat, lang) for caveat in value.caveats]
    return say("compare.between", lang).join(part for part in told if part)


def _reason(published: Published, view: View, one: Standing) -> str:
    if one.refused:
        return say(
            f"compare.row_{one.refused}", view.lang, value=numbers.amount(view.metric, one.value.value, view.lang)
        )
    return reason_words(published, one.value, view.lang)


def basis_words(published: Published, basis: str, view: View) -> str:
    """A basis with what was mixed into it, in words."""
    return say("compare.plus", view.lang).join(published.words("basis", one, view.lang) for one in basis.split("+"))


def _sample_key(metric: Metric) -> str:
    return f"compare.sample_{metric.sources[0]}" if metric.kind != "stock" else "compare.sample_none"


def _sample(metric: Metric, value: Value) -> str:
    return numbers.number(value.n) if value.n is not None and metric.kind != "stock" else ""


def _beside(published: Published, view: View, metric: Metric, ordered: tuple[Standing, ...]) -> list[Beside]:
    subjects = tuple(one.subject for one in ordered)
    if not subjects:
        return []
    values = published.values(Question(view.period, "estate", subjects, (metric.id,), verdicts=False))
    known = [one.value for one in values if one.value is not None and one.basis == metric.bases[0]]
    most = max(known, default=0.0)
    return [
        Beside(
            numbers.figure(metric, one.value),
            numbers.scaled(metric, one.value),
            max(one.value, 0.0) / most if most > 0 else None,
        )
        if one.value is not None and one.basis == metric.bases[0]
        else Beside(numbers.NONE, None, None)
        for one in values
    ]


def _street(published: Published, view: View) -> float | None:
    """The whole street's value on the same basis; none for stocks, which grow with size, nor for costs of all tiers."""
    metric = view.metric
    if metric.kind in ("stock", "expected") or metric.tiered:
        return None
    found = published.values(Question(view.period, "street", (), (metric.id,), basis=view.basis, verdicts=False))
    value = found[0].value if found else None
    return None if value is None else numbers.scaled(metric, value)


def _line_word(view: View, key: str, value: float) -> str:
    return say(key, view.lang, value=numbers.number(value, view.metric.decimals))


def _ends(metric: Metric, rows: tuple[DotRow, ...], street: float | None) -> tuple[float, float]:
    """The axis: all values and lines, and the intervals as far as they don't squeeze the values."""
    known = [one.value for one in rows if one.value is not None]
    if not known:
        return (0.0, 100.0) if metric.unit == "percent" else (0.0, 1.0)
    lines = [one for one in (street, None if metric.target is None else numbers.scaled(metric, metric.target)) if one]
    least, most = min([*known, *lines]), max([*known, *lines])
    room = max((most - least) * (FAR - 1), abs(most) * 0.05, 1e-6)
    low = max(min([least, *(one.low for one in rows if one.low is not None)]), least - room)
    high = min(max([most, *(one.high for one in rows if one.high is not None)]), most + room)
    margin = (high - low) * 0.03
    low, high = low - margin, high + margin
    if least >= 0:
        low = max(low, 0.0)
    return (low, min(high, 100.0)) if metric.unit == "percent" and most <= 100 else (low, high)
