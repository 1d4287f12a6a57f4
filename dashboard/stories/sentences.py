"""Writes figures as sentences: how much, how sure, against when, whether that is more than noise, and who reported.

Differences of rates are percentage points, never percent. Nothing is said of a change that the verdict does not carry.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import numbers
from dashboard.published import Published
from dashboard.stories.headline import before, change_of, reason_words, year_before
from dashboard.stories.runs import MARKS, verdict_words
from dashboard.theme import Mark
from dashboard.words import say
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.judging import Judgement
from pipelines.metrics.periods import Period
from pipelines.metrics.question import Question
from pipelines.metrics.values import Value
from pipelines.words import Language


@dataclass(frozen=True)
class Told:
    """A metric of a subject in a period. `since` is the change on the period before (环比), `since_year` on the same
    one a year ago (同比), None where they can't be had. `mark` is the verdict's, "none" without a value."""

    metric: Metric
    value: Value
    period: Period
    since: float | None
    since_year: float | None
    judgement: Judgement
    mark: Mark
    verdict: str
    reason: str
    name: str

    @property
    def is_known(self) -> bool:
        """Whether there is a figure."""
        return self.value.value is not None


def told(published: Published, metric_id: str, by: str, subject: str, period: Period, lang: Language) -> Told:
    """What there is to say of a metric in a period. Raises UnknownError for what there is not."""
    metric = published.metric(metric_id)
    value = published.value(metric_id, period, by, subject)
    judgement = published.series(metric_id, Question(period, by, (subject,)))[subject]
    mark, verdict = _verdict(metric, value, judgement, period, lang)
    is_new_way = "wave" in metric.natural and "mode_changed" in judgement.caveats
    if _is_wave(metric, period):
        earlier = published.value(metric_id, before(period), by, subject)
        since = judgement.moved if value.value is not None and earlier.value is not None else None
    else:
        since = change_of(published, metric, value, before(period))
    return Told(
        metric=metric,
        value=value,
        period=period,
        since=since,
        since_year=None if is_new_way else change_of(published, metric, value, year_before(period)),
        judgement=judgement,
        mark=mark,
        verdict=verdict,
        reason="" if value.value is not None else reason_words(published, value, lang),
        name=metric.zh if lang == "zh" else metric.en,
    )


def sentence(one: Told, lang: Language, *, subject: str = "") -> str:
    """The whole sentence, with the subject's name before it where one is given."""
    lead = say("report.lead", lang, subject=subject) if subject else ""
    when = numbers.period(one.period, lang)
    if not one.is_known:
        return lead + say("report.unknown", lang, name=one.name, when=when, reason=one.reason)
    sure = numbers.interval(one.metric, one.value.low, one.value.high, lang) if one.value.low != one.value.high else ""
    told_sure = say("report.sure", lang, sure=sure) if sure else ""
    amount = numbers.amount(one.metric, one.value.value, lang)
    parts = [say("report.value", lang, name=one.name, amount=amount, sure=told_sure)]
    parts += changes(one, lang)
    head = say("report.comma", lang).join(parts)
    tail = say("report.comma", lang).join(_covered(one, lang))
    return lead + say("report.sentence", lang, head=head, verdict=one.verdict, tail=tail)


def changes(one: Told, lang: Language) -> list[str]:
    """The changes in words: 比上季上升 0.8 个百分点, 同比下降 1.2 个百分点. None where no change can be told."""
    days = (one.period.end - one.period.start).days + 1
    step = (
        "week" if days < 8 else "month" if days < 32 else "quarter" if days < 93 else "half" if days < 190 else "year"
    )
    pairs = [(f"against_{step}", one.since)]
    if step != "year":
        pairs.append(("against_year_ago", one.since_year))
    return [say(f"report.{key}", lang, moved=moved(one.metric, by, lang)) for key, by in pairs if by is not None]


def moved(metric: Metric, by: float, lang: Language) -> str:
    """A change in words: 上升 0.8 个百分点, 下降 7.5 小时; "没有变化" where it is nothing at the metric's decimals."""
    digits = numbers.number(abs(numbers.scaled(metric, by)), metric.decimals)
    if not digits.strip("0.,"):
        return say("report.unmoved", lang)
    unit = say("report.points", lang) if metric.unit == "percent" else numbers.unit(metric, lang)
    return say("report.up" if by > 0 else "report.down", lang, amount=numbers.with_unit(digits, unit))


def cautions(published: Published, found: list[Told], lang: Language) -> tuple[str, ...]:
    """The caveats of the figures, each once, in words that name the metric."""
    words: dict[str, list[str]] = {}
    for one in found:
        for code in one.value.caveats:
            words.setdefault(published.words("caveat", code, lang), []).append(one.name)
    names = {text: say("report.and", lang).join(dict.fromkeys(those)) for text, those in words.items()}
    return tuple(say("report.caveat", lang, name=name, text=text.rstrip("。.")) for text, name in names.items())


def _covered(one: Told, lang: Language) -> list[str]:
    value = one.value
    parts = []
    if value.by != "estate":
        parts.append(say("report.coverage", lang, reporting=value.reporting, estates=value.estates))
    if one.metric.sources == ("surveys",):
        parts.append(say("report.answers", lang, count=numbers.number(value.n)))
    elif "tickets" in one.metric.sources:
        parts.append(say("report.tickets", lang, count=numbers.number(value.n)))
    elif one.metric.id == "collection_rate":
        due, received = (numbers.money(amount, lang) for amount in (value.denominator, value.numerator))
        parts.append(say("report.bills", lang, due=due, received=received))
    return parts or [say("report.own_report", lang)]


def _is_wave(metric: Metric, period: Period) -> bool:
    """Whether the period is that of one survey wave: then the verdict is on the wave against the one before."""
    return "wave" in metric.natural and 27 < (period.end - period.start).days < 93


def _verdict(metric: Metric, value: Value, judgement: Judgement, period: Period, lang: Language) -> tuple[Mark, str]:
    """The verdict on the last step of the period, with the step named where it is shorter than the period."""
    if value.value is None:
        return "none", say("runs.not_judged", lang)
    if "provisional" in value.caveats:
        return "caution", say("runs.not_judged_provisional", lang)
    if _is_wave(metric, period):
        return MARKS.get(judgement.code, "caution"), verdict_words(metric, judgement, lang)
    points = [one for one in judgement.series if one.value is not None]
    if not points or points[-1].period.end < period.start:
        return "caution", say("runs.not_judged", lang)
    words = verdict_words(metric, judgement, lang)
    last = points[-1].period
    if "wave" not in metric.natural and (last.end - last.start).days < (period.end - period.start).days - 1:
        step = (
            "week" if (last.end - last.start).days < 8 else "month" if (last.end - last.start).days < 32 else "quarter"
        )
        words = say(f"report.by_{step}", lang, verdict=words[:1].lower() + words[1:] if lang == "en" else words)
    return MARKS.get(judgement.code, "caution"), words
