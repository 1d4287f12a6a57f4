"""例会材料: one page before the meeting, and the full pack after it, with decisions and actions.

Both are made of what the meeting page told (`Meeting`, `Actions`), so a sealed meeting prints as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from dashboard import numbers
from dashboard.charts.fields import FunnelChart
from dashboard.charts.run import RunChart
from dashboard.published import Published
from dashboard.selection import Selection
from dashboard.stories.actions import Actions, Line
from dashboard.stories.atoms import Cell, Column, Figure, Footnote, Table
from dashboard.stories.editions import hidden_estates, public_figure
from dashboard.stories.headline import Headline
from dashboard.stories.meeting import Meeting
from dashboard.stories.news.shape import Signal
from dashboard.stories.report import Block, Definition, Edition, Grid, Heading, Paragraph, Picture, Points, Report
from dashboard.stories.report_tables import all_estates, coded, registered
from dashboard.words import say
from pipelines.metrics.periods import Period
from pipelines.tracing.codes import code_of
from pipelines.words import Language

BRIEFLY = 8
"""So many open actions are listed on the one page; of more it says how many the pack has."""
PUBLIC_KINDS = frozenset({"worse", "better", "unmanaged", "contract", "missing"})
"""Signals that tell of no single ticket and no promise."""


@dataclass(frozen=True)
class Sealed:
    """What a meeting was: as it is sealed, by language."""

    meeting: Meeting
    actions: Actions


def weekly(
    told: Meeting,
    actions: Actions,
    lang: Language,
    *,
    edition: Edition = "internal",
    is_brief: bool = False,
    published: Published | None = None,
    version: str = "",
    frozen: str = "",
) -> Report:
    """The pack of a meeting. With `published` (the version that it was told of) the full pack has comparisons and an
    annex of all estates. `frozen`: the sentence that says it was sealed."""
    signals = _signals(told, published, edition)
    blocks = (
        _brief(told, actions, signals, lang, edition)
        if is_brief
        else _full(told, actions, signals, lang, edition, published)
    )
    cautions = dict.fromkeys(
        say("report.caveat", lang, name=one.name, text=text.rstrip("。.")) for one in told.headlines
        for text in one.cautions
    )  # fmt: skip
    definitions = () if is_brief else _definitions(told)
    title = "weekly_brief_title" if is_brief else "weekly_title"
    return Report(
        kind="weekly",
        title=say(f"documents.{title}", lang, street=told.street),
        subtitle=told.when,
        edition=edition,
        lang=lang,
        period=told.day.isoformat(),
        scope=told.scope + frozen,
        street=told.street,
        blocks=tuple(blocks),
        conclusion=told.news_heading,
        caveats=tuple(cautions),
        definitions=definitions,
        version=version or (published.version if published else ""),
        as_of=numbers.day(told.headlines[0].value.as_of, lang, year=True) if told.headlines else "",
        is_official=not is_brief,
    )


def told_sentence(one: Headline, lang: Language) -> str:
    """A headline figure in a sentence, from nothing but what the page showed."""
    if one.reason:
        return say("documents.weekly_headline_none", lang, name=one.name, when=one.when, reason=one.reason)
    sure = say("report.sure", lang, sure=_lowered(one.sure[0], lang)) if len(one.sure) > 1 else ""
    changes = "".join(say("report.comma", lang) + changed(step, digits, one.unit, lang) for step, digits in one.moves)
    cover = one.sure[-1] if one.sure else ""
    return say(
        "documents.weekly_headline",
        lang,
        name=one.name,
        when=one.when,
        value=say("documents.weekly_value", lang, value=numbers.with_unit(one.digits, one.unit)),
        sure=sure,
        changes=changes,
        verdict=one.verdict,
        cover=_covered(cover, lang),
    )


def _covered(text: str, lang: Language) -> str:
    """What a figure rests on, as a sentence: who reported (32/36 …), the sample (126 …), or what else is said of it."""
    if not text:
        return ""
    key = "reported" if re.match(r"\d+/\d+", text) else "sample" if re.match(r"[\d,]+ ", text) else "stop"
    return say(f"documents.weekly_{key}", lang, text=text[:1].upper() + text[1:])


def _lowered(text: str, lang: Language) -> str:
    return text[:1].lower() + text[1:] if lang == "en" and not text[:2].isupper() else text


def changed(step: str, digits: str, unit: str, lang: Language) -> str:
    """A change in words: 环比上升 0.8 个百分点. `step`: against what (week … wave, year); `digits` with their sign."""
    moved = say("report.unmoved", lang)
    if digits[0] in "+\u2212":
        amount = numbers.with_unit(digits[1:], say("report.points", lang) if unit == "%" else unit)
        moved = say("report.up" if digits[0] == "+" else "report.down", lang, amount=amount)
    return say(f"report.against_{'year_ago' if step == 'year' else step}", lang, moved=moved)


def actions_grid(lines: Iterable[Line], title: str, code: str, as_of: str, version: str, lang: Language) -> Grid:
    """Table: actions with who must act by when, and how each stands; overdue ones with the mark ◆."""
    rows = tuple(
        (
            Cell(str(place), place),
            Cell(one.text),
            Cell(one.owner),
            Cell(one.left, mark="worse" if one.is_over else None),
        )
        for place, one in enumerate(lines, 1)
    )
    columns = tuple(
        Column(say(f"documents.{key}", lang), is_number=key == "number")
        for key in ("number", "action", "owner", "state")
    )
    note = Footnote("", "", "", as_of, "", version, code)
    return Grid(
        Table("actions", title, columns, rows), note, ("whole", "text", "text", "text"), widths=(0.5, 3, 2, 1.2)
    )


def _full(
    told: Meeting, actions: Actions, signals: tuple[Signal, ...], lang: Language, edition: Edition,
    published: Published | None,
) -> list[Block]:  # fmt: skip
    blocks: list[Block] = [Heading(say("documents.weekly_state", lang))]
    for place, each in enumerate(told.headlines, 1):
        blocks.append(Points((told_sentence(each, lang),), first=place))
        blocks += [Picture(_coded(one, each)) for one in told.figures if one.id == f"meeting-{each.metric}"]
    blocks.append(Heading(say("documents.weekly_news", lang)))
    if not signals:
        blocks.append(Paragraph(say("documents.weekly_news_none", lang)))
    for one in signals:
        blocks.append(Paragraph(one.sentence, lead=say("report.lead", lang, subject=one.about) if one.about else ""))
        if edition == "internal" and (shown := _evidence(one, told, lang)) is not None:
            blocks.append(Picture(shown))
    if edition == "public":
        blocks.append(Paragraph(say("documents.weekly_news_public", lang), tone="note"))
    blocks.append(Heading(say("documents.weekly_actions", lang)))
    blocks += _actions(told, actions, lang, edition)
    if published is not None:
        blocks += _annexes(told, published, lang, edition)
    return blocks


def _brief(
    told: Meeting, actions: Actions, signals: tuple[Signal, ...], lang: Language, edition: Edition
) -> list[Block]:
    rows = tuple(
        (
            Cell(one.name),
            Cell(one.when),
            Cell(numbers.with_unit(one.digits, one.unit) if not one.reason else numbers.NONE,
                 one.value.value),
            Cell(say("headline.between", lang).join(one.changes) or numbers.NONE),
            Cell(one.verdict_short if not one.reason else one.reason, mark=one.mark if not one.reason else None),
        )
        for one in told.headlines
    )  # fmt: skip
    heads = ("metric", "period_head", "value_now", "changes", "verdict")
    columns = tuple(
        Column(
            say("report.period_head" if key == "period_head" else f"documents.{key}", lang),
            is_number=key == "value_now",
        )
        for key in heads
    )
    note = _note(told, say("report.and", lang).join(_code(one) for one in told.headlines if not one.reason))
    table = Table("main", say("documents.weekly_brief_figures", lang), columns, rows)
    blocks: list[Block] = [
        Grid(table, note, ("text",) * 5, widths=(1.4, 1.3, 1.2, 2.4, 1.4)),
        Heading(say("documents.weekly_brief_news", lang)),
    ]
    if signals:
        leads = tuple(say("report.lead", lang, subject=one.about) if one.about else "" for one in signals)
        said = told.news_heading if len(signals) == len(told.signals) else ""
        blocks.append(Points(tuple(one.sentence for one in signals), leads, finding=said))
    else:
        blocks.append(Paragraph(say("documents.weekly_news_none", lang)))
    blocks.append(Heading(say("documents.weekly_brief_actions", lang)))
    blocks.append(_open(actions, lang))
    if edition == "internal" and actions.open_lines:
        first = actions.open_lines[:BRIEFLY]
        blocks.append(Points(tuple(f"{one.text}（{one.owner}）" if lang == "zh" else f"{one.text} ({one.owner})"
                                   for one in first)))  # fmt: skip
        if more := len(actions.open_lines) - len(first):
            blocks.append(Paragraph(say("documents.weekly_more", lang, count=more)))
    return blocks


def _open(actions: Actions, lang: Language) -> Paragraph:
    if not actions.open_lines:
        return Paragraph(say("documents.weekly_no_actions", lang))
    over = sum(one.is_over for one in actions.open_lines)
    return Paragraph(say("documents.weekly_open", lang, count=len(actions.open_lines), over=over))


def _actions(told: Meeting, actions: Actions, lang: Language, edition: Edition) -> list[Block]:
    blocks: list[Block] = [_open(actions, lang)]
    if edition == "public":
        return blocks
    note = _note(told, "")
    if actions.open_lines:
        title = say("documents.actions_open_title", lang)
        blocks.append(actions_grid(actions.open_lines, title, "", note.as_of, note.version, lang))
    if actions.done_lines:
        title = say("documents.actions_done_title", lang)
        blocks.append(actions_grid(actions.done_lines, title, "", note.as_of, note.version, lang))
    return blocks


def _annexes(told: Meeting, published: Published, lang: Language, edition: Edition) -> list[Block]:
    from dashboard.stories.compare import compare

    blocks: list[Block] = []
    funnels: list[Block] = []
    for metric_id in ("satisfaction_rate", "collection_rate"):
        period = next((one.period for one in told.headlines if one.metric == metric_id and not one.reason), None)
        if period is None:
            continue
        view = Selection(lang=lang, metric=metric_id, period=numbers.code(period))
        story = published.made(("compare", view), lambda view=view: compare(published, view))  # type: ignore[misc]
        for each in (story.dots, story.funnel):
            figure = (
                coded(registered(published, each), published.metric(metric_id), period) if each is not None else None
            )
            shown = figure
            if figure is not None and edition == "public":
                shown = public_figure(figure, hidden_estates(published, metric_id, period), lang)
            if shown is not None and isinstance(shown.chart, FunnelChart):
                funnels.append(Picture(replace(shown, title=_funnel_title(shown.chart, each, lang))))
            elif shown is not None:
                blocks.append(Picture(shown))
    if blocks:
        blocks = [Heading(say("documents.weekly_compare", lang), on_new_page=True), *blocks, *funnels]
    satisfied = next((one.period for one in told.headlines if one.metric == "satisfaction_rate"), None)
    if satisfied is not None:
        blocks.append(Heading(say("documents.weekly_annex", lang), on_new_page=True))
        blocks.append(all_estates(published, satisfied, lang, edition))
    return blocks


def _funnel_title(shown: FunnelChart, whole: Figure | None, lang: Language) -> str:
    """The finding of a funnel: how many estates lie beyond its outer limits, also where some are not shown."""
    spots = whole.chart.spots if whole is not None and isinstance(whole.chart, FunnelChart) else shown.spots
    beyond = sum(one.mark in ("better", "worse") for one in spots)
    return say("documents.funnel_title", lang, name=shown.y_word, count=beyond)


def _signals(told: Meeting, published: Published | None, edition: Edition) -> tuple[Signal, ...]:
    if edition == "internal":
        return told.signals
    kept = []
    for one in told.signals:
        if one.kind not in PUBLIC_KINDS:
            continue
        if one.kind in ("worse", "better"):
            hit = next((each for each in told.headlines if isinstance(one.chart, RunChart)
                        and each.name == one.chart.name), None)  # fmt: skip
            if published is None or hit is None:
                continue
            last = one.chart.steps[-1] if isinstance(one.chart, RunChart) else None
            periods = {hit.period} | ({Period(last.start, last.end)} if last else set())
            if any(one.about in hidden_estates(published, hit.metric, period) for period in periods):
                continue
        kept.append(one)
    return tuple(kept)


def _evidence(one: Signal, told: Meeting, lang: Language) -> Figure | None:
    """The picture beside a signal."""
    if one.chart is None:
        return None
    lead = say("report.lead", lang, subject=one.about) if one.about else ""
    title = one.chart.name if isinstance(one.chart, RunChart) else one.word
    note = _note(told, _signal_code(one, told))
    return Figure(f"meeting-signal-{one.kind}", lead + title, one.word, one.chart, note, lead + one.sentence)


def _code(one: Headline, period: Period | None = None, estate: str = "") -> str:
    """The code that leads to a headline figure, or to the same of an estate in another period."""
    subject, by = (estate, "estate") if estate else (one.value.subject, one.value.by)
    return code_of(one.metric, period or one.period, by, subject, one.value.basis)


def _coded(figure: Figure, one: Headline) -> Figure:
    return replace(figure, footnote=replace(figure.footnote, code=_code(one)))


def _signal_code(one: Signal, told: Meeting) -> str:
    """The code of the figure that a signal tells of, empty where it is of no metric."""
    if not isinstance(one.chart, RunChart) or not one.chart.steps:
        return ""
    last = one.chart.steps[-1]
    hit = next((each for each in told.headlines if each.name == one.chart.name), None)
    return _code(hit, Period(last.start, last.end), one.about) if hit and one.about else ""


def _note(told: Meeting, code: str) -> Footnote:
    """A footnote from what the page's own figures say, without what is true of one of them only."""
    known = told.figures[0].footnote if told.figures else Footnote("", "", "", "", "", "", "")
    return replace(known, definition="", sample="", period="", source="", code=code)


def _definitions(told: Meeting) -> tuple[Definition, ...]:
    names = {one.metric: one.name for one in told.headlines}
    found = {}
    for figure in told.figures:
        metric = figure.id.removeprefix("meeting-")
        if metric in names and figure.footnote.definition:
            found[names[metric]] = figure.footnote.definition
    return tuple(Definition(term, text) for term, text in found.items())
