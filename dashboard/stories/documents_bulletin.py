"""工作通报: the state of the street in a month or quarter, who stands out, what is wrong, cases, what is required."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from dashboard import numbers
from dashboard.published import HEADLINES, Published
from dashboard.stories.actions import listed
from dashboard.stories.atoms import Cell, Column, Table
from dashboard.stories.documents_bulletin_cases import cases, moved, moves, peer_pictures, standing
from dashboard.stories.documents_weekly import actions_grid
from dashboard.stories.estate_names import named
from dashboard.stories.findings import verdicts
from dashboard.stories.headline import before
from dashboard.stories.meeting import street_of
from dashboard.stories.news.reports import missing_words
from dashboard.stories.report import (
    Block,
    Definition,
    Edition,
    Grid,
    Heading,
    Paragraph,
    Points,
    Report,
    Rule,
    Signature,
)
from dashboard.stories.report_tables import (
    DETAILED,
    all_estates,
    categories,
    detail,
    footnote,
    main_figures,
)
from dashboard.stories.sentences import cautions, sentence, told
from dashboard.words import say
from pipelines.entries.actions import Action
from pipelines.metrics.periods import Period
from pipelines.words import Language


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
    found_moves = moves(published, period, lang, edition)
    blocks: list[Block] = [Paragraph(_intro(published, street, period, lang))]
    blocks.append(Heading(say("documents.bulletin_state", lang)))
    state = verdicts([one.mark if one.is_known else None for one in found], lang)
    blocks.append(Points(tuple(sentence(one, lang) for one in found), finding=state))
    blocks += _tickets(published, period, lang, edition)
    blocks.append(main_figures(published, street, found, period, lang))
    blocks.append(Heading(say("documents.bulletin_rank", lang)))
    blocks += standing(published, period, lang, edition)
    blocks += moved(found_moves, lang)
    blocks.append(Heading(say("documents.bulletin_problems", lang)))
    blocks += _problems(published, period, lang, edition)
    blocks.append(Heading(say("documents.bulletin_cases", lang)))
    blocks += cases(found_moves, lang)
    days = (period.end - period.start).days + 1
    step = "week" if days < 8 else "month" if days < 32 else "quarter" if days < 93 else "other"
    blocks.append(Heading(say("documents.bulletin_next", lang, next=say(f"documents.next_{step}", lang))))
    blocks += _required(published, actions, lang, edition)
    annexes, pictures = _annexes(published, period, lang, edition), peer_pictures(published, period, lang, edition)
    tables = sum(isinstance(one, Grid) for one in annexes)
    blocks.append(Paragraph(say("documents.bulletin_annexed", lang, tables=tables, figures=len(pictures))))
    office = say("documents.issued_by", lang, street=street)
    issued = published.as_of + timedelta(days=1)
    blocks.append(Signature((office, numbers.day(issued, lang, year=True))))
    blocks += annexes
    if pictures:
        blocks += [Heading(say("documents.bulletin_pictures", lang), on_new_page=True), *pictures]
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
        year=issued.year,
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


def _problems(published: Published, period: Period, lang: Language, edition: Edition) -> list[Block]:
    blocks: list[Block] = []
    grid = categories(published, period, lang, edition)
    until = min(period.end, published.as_of)
    if grid is not None:
        known = [row for row in grid.table.rows[:-1] if isinstance(row[1].value, (int, float))]
        if len(known) > 2:
            leading = [row[0].text if lang == "zh" else row[0].text.lower() for row in known[:3]]
            others = say("documents.pair", lang, first=leading[1], second=leading[2])
            first = known[0]
            blocks.append(
                Paragraph(
                    say("documents.bulletin_frequent", lang, first=leading[0], count=first[1].text,
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
        blocks.append(Paragraph(missing_words(row, lang), lead=say("report.lead", lang, subject=row["community"])))
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
