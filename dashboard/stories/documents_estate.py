"""小区情况: one estate on a few pages: what it is, its four figures, money, tickets, surveys, what was agreed."""

from __future__ import annotations

from dataclasses import replace

from dashboard import numbers
from dashboard.published import HEADLINES, Published
from dashboard.selection import Selection
from dashboard.stories.documents_expenses import costs_grid
from dashboard.stories.documents_weekly import told_sentence
from dashboard.stories.editions import hidden_estates, steps_are_public
from dashboard.stories.estate import EstateStory, Four, estate_story
from dashboard.stories.meeting import street_of
from dashboard.stories.report import (
    Block,
    Definition,
    Edition,
    Format,
    Grid,
    Heading,
    Paragraph,
    Picture,
    Points,
    Report,
)
from dashboard.stories.report_tables import coded, footnote
from dashboard.stories.suppression import LEAST
from dashboard.words import say
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.periods import Period
from pipelines.metrics.question import Question
from pipelines.words import Language


def estate_sheet(
    published: Published, estate: str, period: Period | None, lang: Language, *, edition: Edition = "internal"
) -> Report:
    """The sheet of an estate of the register. `period` None: the latest of each figure."""
    code = numbers.code(period) if period else ""
    story = estate_story(published, Selection(lang=lang, estate=estate, period=code))
    blocks: list[Block] = [Heading(say("documents.estate_what", lang))]
    stop = "。" if lang == "zh" else "."
    between = say("estate.comma", lang) if lang == "zh" else ". "
    facts = between.join(one.rstrip("。.") for one in (story.facts, story.keeper) if one)
    blocks.append(Paragraph(facts + stop, lead=say("report.lead", lang, subject=story.name)))
    if story.timeline is not None:
        blocks.append(Picture(replace(story.timeline, footnote=replace(story.timeline.footnote, code=""))))
    blocks.append(Heading(say("documents.estate_figures", lang)))
    for one in story.fours:
        blocks += _four(published, story, one, lang, edition)
    blocks += _money(published, story, lang)
    blocks += _tickets(published.metric("closure_median_hours"), story, lang, edition)
    blocks += _surveys(published, story, lang, edition)
    blocks += _agreed(story, lang) if edition == "internal" else []
    cautions = dict.fromkeys(
        say("report.caveat", lang, name=one.headline.name, text=text.rstrip("。."))
        for one in story.fours
        if not _is_kept_back(published, story, one, edition)
        for text in one.headline.cautions
    )
    metrics = [published.metric(one) for one in HEADLINES]
    return Report(
        kind="estate",
        title=say("documents.estate_title", lang, estate=estate),
        subtitle=numbers.period(period, lang) if period else story.fours[0].headline.when,
        edition=edition,
        lang=lang,
        period=code,
        scope=say("meeting.as_of", lang, as_of=numbers.day(published.as_of, lang, year=True)),
        street=street_of(published),
        blocks=tuple(blocks),
        caveats=tuple(cautions),
        definitions=tuple(
            Definition(one.zh, one.definition_zh) if lang == "zh" else Definition(one.en, one.definition_en)
            for one in metrics
        ),
        version=published.version,
        as_of=numbers.day(published.as_of, lang, year=True),
        is_official=False,
    )


def _is_kept_back(published: Published, story: EstateStory, one: Four, edition: Edition) -> bool:
    told = one.headline
    return edition == "public" and story.name in hidden_estates(published, told.metric, told.period)


def _four(published: Published, story: EstateStory, one: Four, lang: Language, edition: Edition) -> list[Block]:
    told = one.headline
    if _is_kept_back(published, story, one, edition):
        return [Paragraph(say("documents.estate_few", lang, name=told.name, least=LEAST))]
    blocks: list[Block] = [Paragraph(told_sentence(told, lang))]
    if one.figure is None:
        return blocks
    if edition == "public":
        judged = published.series(
            told.metric, Question(Period(published.desk.first_day, told.period.end), "estate", (story.name,))
        )[story.name]
        steps = [point.period for point in judged.series if point.value is not None]
        if "wave" in published.metric(told.metric).natural or not steps_are_public(
            published, told.metric, story.name, steps
        ):
            return blocks
    return [*blocks, Picture(coded(one.figure, published.metric(told.metric), told.period, subject=story.name))]


def _money(published: Published, story: EstateStory, lang: Language) -> list[Block]:
    blocks: list[Block] = [Heading(say("documents.estate_money", lang))]
    grid = costs_grid(published, story.name, story.money.period, lang)
    if grid is None:
        return [*blocks, Paragraph(story.money.reason)]
    blocks.append(grid)
    notes = [one for one in (story.money.apart, *story.money.notes) if one]
    if notes:
        blocks.append(Paragraph(" ".join(notes) if lang == "en" else "".join(notes)))
    return blocks


def _tickets(metric: Metric, story: EstateStory, lang: Language, edition: Edition) -> list[Block]:
    blocks: list[Block] = [Heading(say("documents.estate_tickets", lang))]
    if edition == "public":
        return [*blocks, Paragraph(say("documents.estate_tickets_public", lang))]
    stop = "。" if lang == "zh" else "."
    blocks.append(Paragraph(story.tickets.title.rstrip("。.") + stop))
    if story.bars is not None:
        blocks.append(Picture(coded(story.bars, metric, story.tickets.period, subject=story.name)))
    if story.ageing is not None:
        blocks.append(Picture(coded(story.ageing, metric, story.tickets.period, subject=story.name)))
    else:
        blocks.append(Paragraph(story.tickets.still_open.rstrip("。.") + stop))
    return blocks


def _surveys(published: Published, story: EstateStory, lang: Language, edition: Edition) -> list[Block]:
    table = story.surveys.table
    blocks: list[Block] = [Heading(say("documents.estate_surveys", lang))]
    if table is None:
        return [*blocks, Paragraph(story.surveys.title)]
    if edition == "public":
        # A wave that is kept back now may be one that is kept back for another estate's sake.
        return []
    note = footnote(
        published,
        ("satisfaction_rate",),
        Period(published.desk.first_day, published.as_of),
        lang,
        subject=story.name,
    )
    notes = " ".join(story.surveys.notes) if lang == "en" else "".join(story.surveys.notes)
    title = f"{say('report.lead', lang, subject=story.name)}{story.surveys.title}"
    shown = replace(table, title=title, note=notes)
    formats: tuple[Format, ...] = ("text", "text", "whole", "whole", "percent", "text")
    return [*blocks, Grid(shown, note, formats, widths=(1.5, 1.7, 0.8, 0.9, 1.1, 1.1))]


def _agreed(story: EstateStory, lang: Language) -> list[Block]:
    blocks: list[Block] = [Heading(say("documents.estate_agreed", lang))]
    lines = [*story.agreed.actions, *story.agreed.events]
    if not lines:
        return []
    comma = say("estate.comma", lang)
    texts = tuple(comma.join(one for one in (line.when, line.text, line.state) if one) for line in lines)
    return [*blocks, Points(texts, finding=say("findings.agreed", lang, count=len(texts)))]
