"""工作通报: the state of the street in a month or quarter, who stands out, what is wrong, cases, what is required."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dashboard import numbers
from dashboard.charts.run import Stretch
from dashboard.published import HEADLINES, Published
from dashboard.selection import Selection
from dashboard.stories.actions import listed
from dashboard.stories.atoms import Cell, Column, Figure, Table
from dashboard.stories.compare import compare
from dashboard.stories.compare_peers import Standing, standings
from dashboard.stories.compare_view import view_of
from dashboard.stories.documents_weekly import actions_grid
from dashboard.stories.editions import hidden_estates, public_figure, steps_are_public
from dashboard.stories.estate_names import named
from dashboard.stories.findings import verdicts
from dashboard.stories.headline import before
from dashboard.stories.meeting import street_of
from dashboard.stories.report import (
    Block,
    Definition,
    Edition,
    Grid,
    Heading,
    Paragraph,
    Picture,
    Points,
    Report,
    Rule,
    Signature,
)
from dashboard.stories.report_tables import (
    DETAILED,
    all_estates,
    amount_cell,
    categories,
    coded,
    detail,
    footnote,
    main_figures,
)
from dashboard.stories.runs import run_chart_of
from dashboard.stories.sentences import cautions, sentence, told
from dashboard.theme import Mark
from dashboard.words import say
from pipelines.entries.actions import Action
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.periods import Period
from pipelines.metrics.question import Question
from pipelines.words import Language

CASES = 2
"""So many cases of each kind."""
CHARTED = ("collection_rate", "closure_median_hours", "cost_per_m2_month")
NAMED = 4


@dataclass(frozen=True)
class Move:
    """An estate whose metric went beyond its own normal variation in the period."""

    estate: str
    metric: str
    mark: Mark
    text: str
    figure: Figure
    weight: float


def bulletin(
    published: Published,
    period: Period,
    lang: Language,
    *,
    edition: Edition = "internal",
    actions: Sequence[Action] = (),
    red_head: str = "",
) -> Report:
    """The bulletin of a period. `actions`: the agreed actions as they stand."""
    street = street_of(published)
    found = [told(published, one, "street", street, period, lang) for one in HEADLINES]
    moves = _moves(published, period, lang, edition)
    blocks: list[Block] = [Paragraph(_intro(published, street, period, lang))]
    blocks.append(Heading(say("documents.bulletin_state", lang)))
    state = verdicts([one.mark if one.is_known else None for one in found], lang)
    blocks.append(Points(tuple(sentence(one, lang) for one in found), finding=state))
    blocks += _tickets(published, period, lang, edition)
    blocks.append(main_figures(published, street, found, period, lang))
    blocks.append(Heading(say("documents.bulletin_rank", lang)))
    blocks += _standing(published, period, lang, edition)
    blocks += _moved(moves, lang)
    blocks.append(Heading(say("documents.bulletin_problems", lang)))
    blocks += _problems(published, period, lang, edition)
    blocks.append(Heading(say("documents.bulletin_cases", lang)))
    blocks += _cases(moves, lang)
    days = (period.end - period.start).days + 1
    step = "week" if days < 8 else "month" if days < 32 else "quarter" if days < 93 else "other"
    blocks.append(Heading(say("documents.bulletin_next", lang, next=say(f"documents.next_{step}", lang))))
    blocks += _required(published, actions, lang, edition)
    office = say("documents.issued_by", lang, street=street)
    blocks.append(Signature((office, numbers.day(published.as_of + timedelta(days=1), lang, year=True))))
    blocks += _annexes(published, period, lang, edition)
    return Report(
        kind="bulletin",
        title=say("documents.bulletin_title", lang, period=numbers.period(period, lang), street=street),
        subtitle=street,
        edition=edition,
        lang=lang,
        period=numbers.code(period),
        scope="",
        street=street,
        blocks=tuple(blocks),
        caveats=cautions(published, found, lang),
        definitions=_definitions(published, lang),
        version=published.version,
        as_of=numbers.day(published.as_of, lang, year=True),
        red_head=red_head,
    )


def _intro(published: Published, street: str, period: Period, lang: Language) -> str:
    places = published.desk.places
    return say(
        "documents.bulletin_intro",
        lang,
        period=numbers.period(period, lang),
        street=street,
        communities=places["community"].n_unique(),
        estates=places.height,
        households=numbers.households(int(places["households"].fill_null(0).sum()), lang, running=True),
    )


def _counts(published: Published, period: Period) -> tuple[int, int, int]:
    moment = _moment(published, period)
    rows = published.rows("report_tickets", start=period.start, end=period.end, moment=moment)
    return int(rows["closed"].sum()), int(rows["still_open"].sum()), int(rows["overdue"].sum())


def _moment(published: Published, period: Period) -> datetime:
    return datetime.combine(min(period.end, published.as_of) + timedelta(days=1), time())


def _tickets(published: Published, period: Period, lang: Language, edition: Edition) -> list[Block]:
    closed, still, over = _counts(published, period)
    if not closed + still:
        return []
    since = ""
    if before(period).start >= published.desk.first_day and period.end <= published.as_of:
        more = closed + still - sum(_counts(published, before(period))[:2])
        key = "tickets_up" if more > 0 else "tickets_down" if more else "tickets_same"
        moved = say(f"documents.{key}", lang, count=numbers.number(abs(more)))
        since = say("documents.bulletin_tickets_since", lang, moved=moved)
    key = "bulletin_tickets_public" if edition == "public" else "bulletin_tickets"
    return [
        Paragraph(
            say(f"documents.{key}", lang, count=numbers.number(closed + still), since=since,
                closed=numbers.number(closed), open=numbers.number(still), over=numbers.number(over))
        )
    ]  # fmt: skip


def _standing(published: Published, period: Period, lang: Language, edition: Edition) -> list[Block]:
    blocks: list[Block] = [Heading(say("documents.bulletin_peers", lang), 2)]
    rows = []
    for metric_id in HEADLINES:
        view = Selection(lang=lang, metric=metric_id, period=numbers.code(period))
        found = standings(published, view_of(published, view))
        gone = hidden_estates(published, metric_id, period) if edition == "public" else frozenset()
        shown = [one for one in found if one.mark in ("better", "worse") and one.subject not in gone]
        rows += [_against(published, metric_id, one, lang) for one in sorted(shown, key=_by_mark)]
    with_dots = ("satisfaction_rate", "closure_median_hours")
    for metric_id in with_dots:
        view = Selection(lang=lang, metric=metric_id, period=numbers.code(period))
        if not any(one.is_ranked for one in standings(published, view_of(published, view))):
            continue
        story = published.made(("compare", view), lambda view=view: compare(published, view))  # type: ignore[misc]
        dots = coded(story.dots, published.metric(metric_id), period)
        figure: Figure | None = dots
        if edition == "public":
            gone = hidden_estates(published, metric_id, period)
            figure = public_figure(coded(story.dots, published.metric(metric_id), period), gone, lang)
        else:
            blocks.append(Paragraph(story.title.rstrip("。.") + ("。" if lang == "zh" else ".")))
        if figure is not None:
            blocks.append(Picture(figure))
    if rows:
        heads = ("estate_head", "metric", "value_now", "peers_median", "peers_verdict")
        columns = tuple(
            Column(say(f"documents.{key}", lang), is_number=key in ("value_now", "peers_median")) for key in heads
        )
        title = say("documents.peers_title", lang, period=numbers.period(period, lang))
        table = Table("peers", title, columns, tuple(rows), say("documents.peers_note", lang))
        blocks.append(
            Grid(table, footnote(published, HEADLINES, period, lang), ("text",) * 5,
                 widths=(1.6, 1.4, 1.2, 1.2, 1.4))
        )  # fmt: skip
    return blocks


def _by_mark(one: Standing) -> tuple[bool, str]:
    return one.mark == "better", one.subject


def _against(published: Published, metric_id: str, one: Standing, lang: Language) -> tuple[Cell, ...]:
    metric = published.metric(metric_id)
    return (
        Cell(one.subject),
        Cell(metric.zh if lang == "zh" else metric.en),
        amount_cell(metric, one.value.value, lang),
        amount_cell(metric, one.median, lang),
        Cell(say(f"documents.mark_{one.mark}", lang)),
    )


def _moves(published: Published, period: Period, lang: Language, edition: Edition) -> list[Move]:
    """What went beyond its own normal variation: the verdict is on the last step within the period."""
    found = []
    until = min(period.end, published.as_of)
    for metric_id in CHARTED:
        metric = published.metric(metric_id)
        judged = published.series(metric_id, Question(Period(published.desk.first_day, until), "estate"))
        for estate, judgement in judged.items():
            if judgement.code not in {"improving", "worsening"} or not judgement.series:
                continue
            known = [one for one in judgement.series if one.value is not None]
            if not known or known[-1].period.end < period.start:
                continue
            if edition == "public" and not steps_are_public(
                published, metric_id, estate, [one.period for one in known]
            ):
                continue
            name = metric.zh if lang == "zh" else metric.en
            chart = run_chart_of(published, metric, judgement, lang, subject=estate, name=name)
            if chart is None or chart.mark not in ("better", "worse"):
                continue
            last = known[-1]
            text = say(
                "documents.move", lang, metric=name, value=numbers.amount(metric, last.value, lang),
                when=numbers.period(last.period, lang), verdict=chart.verdict,
            )  # fmt: skip
            lead = say("report.lead", lang, subject=estate)
            note = footnote(published, (metric_id,), last.period, lang, subject=estate)
            figure = Figure(f"estate-{metric_id}", lead + text, name, chart, note, lead + text)
            found.append(
                Move(estate, metric_id, chart.mark, text, figure, _distance(chart.stretches, last.value, metric))
            )
    return sorted(found, key=lambda one: (one.mark == "better", -one.weight, one.estate))


def _distance(stretches: Sequence[Stretch], value: float | None, metric: Metric) -> float:
    """How far the last value lies from the mean, in widths of the band."""
    if not stretches or value is None:
        return 0.0
    last = stretches[-1]
    return abs(numbers.scaled(metric, value) - last.mean) / max(last.upper - last.lower, 1e-9)


def _moved(moves: Sequence[Move], lang: Language) -> list[Block]:
    blocks: list[Block] = [Heading(say("documents.bulletin_moves", lang), 2)]
    if not moves:
        return [*blocks, Paragraph(say("documents.bulletin_moves_none", lang))]
    stop = "。" if lang == "zh" else "."
    leads = tuple(say("report.lead", lang, subject=one.estate) for one in moves)
    counts = {mark: sum(one.mark == mark for one in moves) for mark in ("worse", "better")}
    parts = say("report.comma", lang).join(
        say(f"findings.{mark}", lang, count=count) for mark, count in counts.items() if count
    )
    said = say("findings.moves", lang, count=len(moves), parts=parts)
    return [*blocks, Points(tuple(one.text + stop for one in moves), leads, finding=said)]


def _problems(published: Published, period: Period, lang: Language, edition: Edition) -> list[Block]:
    blocks: list[Block] = []
    grid = categories(published, period, lang, edition)
    until = min(period.end, published.as_of)
    if grid is not None:
        known = [row for row in grid.table.rows[:-1] if isinstance(row[1].value, (int, float))]
        if len(known) > 2:
            others = say("report.and", lang).join(row[0].text for row in known[1:3])
            first = known[0]
            blocks.append(
                Paragraph(
                    say("documents.bulletin_frequent", lang, first=first[0].text, count=first[1].text,
                        share=first[2].text, others=others)
                )
            )  # fmt: skip
        blocks.append(grid)
    if edition == "internal":
        blocks += _overdue(published, until, lang)
    alone = [str(one) for one in published.rows("meeting_unmanaged", as_of=until)["estate"].to_list()]
    if alone:
        names = say("report.and", lang).join(alone)
        blocks.append(Paragraph(say("documents.bulletin_unmanaged", lang, count=len(alone), names=names)))
    for row in published.rows("meeting_late", since=period.start).to_dicts():
        if row["due_on"] > until + timedelta(days=1):
            continue
        named_period = numbers.period(Period(row["period_start"], row["period_end"]), lang)
        kind = say(f"meeting.kind_name_{row['kind']}", lang)
        blocks.append(
            Paragraph(
                say("documents.bulletin_missing", lang, community=row["community"], period=named_period, kind=kind,
                    due=numbers.day(row["due_on"], lang))
            )
        )  # fmt: skip
    return blocks


def _overdue(published: Published, until: date, lang: Language) -> list[Block]:
    end = datetime.combine(until + timedelta(days=1), time())
    tickets: dict[str, list[dict[str, object]]] = {}
    for row in published.rows("meeting_overdue", as_of=end, since=end - timedelta(days=7)).to_dicts():
        tickets.setdefault(str(row["estate"]), []).append(row)
    day = numbers.day(until, lang, year=True)
    if not tickets:
        return [Paragraph(say("documents.bulletin_overdue_none", lang, day=day))]
    rows = []
    for estate, those in sorted(tickets.items(), key=lambda one: (-len(one[1]), one[0])):
        oldest = max(float(str(one["days_open"])) for one in those)
        names = [str(one["category"]) for one in those if one["category"]]
        most = max(sorted(set(names)), key=names.count) if names else ""
        rows.append(
            (
                Cell(estate),
                Cell(numbers.number(len(those)), len(those)),
                Cell(numbers.number(oldest), float(round(oldest))),
                Cell(named(most, lang) if most else numbers.NONE),
            )
        )
    count = sum(len(one) for one in tickets.values())
    longest = max(float(str(one["days_open"])) for those in tickets.values() for one in those)
    total = (Cell(say("report.total", lang)), Cell(numbers.number(count), count), Cell(""), Cell(""))
    columns = (
        Column(say("documents.estate_head", lang)),
        Column(say("documents.overdue_count", lang), say("documents.tickets_unit", lang), is_number=True),
        Column(say("documents.overdue_oldest", lang), say("documents.days_unit", lang), is_number=True),
        Column(say("documents.overdue_most", lang)),
    )
    title = say("documents.overdue_title", lang, day=day)
    note = footnote(published, ("overdue_tickets",), Period(until.replace(day=1), until), lang)
    text = say("documents.bulletin_overdue", lang, day=day, count=numbers.number(count), estates=len(tickets),
               days=numbers.number(longest))  # fmt: skip
    grid = Grid(Table("overdue", title, columns, (*rows, total)), note, ("text", "whole", "whole", "text"),
                (Rule(1, "sum"),), has_total=True, widths=(2, 1, 1, 1.6))  # fmt: skip
    return [Paragraph(text), grid]


def _cases(moves: Sequence[Move], lang: Language) -> list[Block]:
    if not moves:
        return [Paragraph(say("documents.bulletin_cases_none", lang))]
    blocks: list[Block] = []
    stop = "。" if lang == "zh" else "."
    for mark, key in (("better", "good"), ("worse", "bad")):
        chosen = _first([one for one in moves if one.mark == mark])
        if not chosen:
            continue
        blocks.append(Heading(say(f"documents.bulletin_cases_{key}", lang), 2))
        for one in chosen:
            blocks.append(Paragraph(one.text + stop, lead=say("report.lead", lang, subject=one.estate)))
            blocks.append(Picture(one.figure))
    return blocks


def _first(moves: Iterable[Move]) -> list[Move]:
    """The clearest, of each estate one."""
    found: dict[str, Move] = {}
    for one in sorted(moves, key=lambda move: -move.weight):
        found.setdefault(one.estate, one)
    return list(found.values())[:CASES]


def _required(published: Published, actions: Sequence[Action], lang: Language, edition: Edition) -> list[Block]:
    today = published.as_of + timedelta(days=1)
    lines = listed(actions, today, today - timedelta(days=7), lang).open_lines
    over = sum(one.is_over for one in lines)
    if not lines:
        return [Paragraph(say("documents.weekly_no_actions", lang))]
    blocks: list[Block] = [Paragraph(say("documents.bulletin_required_count", lang, count=len(lines), over=over))]
    if edition == "public":
        return blocks
    title = say("documents.actions_open_title", lang)
    as_of = numbers.day(published.as_of, lang, year=True)
    grid = actions_grid(lines, title, "", as_of, published.version, lang)
    return [*blocks, Paragraph(say("documents.bulletin_required", lang)), grid]


def _annexes(published: Published, period: Period, lang: Language, edition: Edition) -> list[Block]:
    grids = [all_estates(published, period, lang, edition)]
    grids += [
        grid for one in DETAILED if (grid := detail(published, one, period, lang, edition)) is not None
    ]  # fmt: skip
    blocks: list[Block] = []
    for place, grid in enumerate(grids, 1):
        title = say("report.annex", lang, number=place, title=grid.table.title)
        blocks += [Heading(title, on_new_page=True), grid]
    return blocks


def _definitions(published: Published, lang: Language) -> tuple[Definition, ...]:
    found = [published.metric(one) for one in (*HEADLINES, "closure_on_time_rate")]
    return tuple(
        Definition(one.zh, one.definition_zh) if lang == "zh" else Definition(one.en, one.definition_en)
        for one in found
    )
