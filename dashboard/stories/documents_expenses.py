"""收支账单公示: the costs and income of an estate, as they are put up for the owners."""

from __future__ import annotations

from datetime import timedelta

from dashboard import numbers
from dashboard.published import Published
from dashboard.selection import Selection
from dashboard.stories.atoms import Cell, Column, Table
from dashboard.stories.estate import estate_story
from dashboard.stories.estate_money import LABOUR
from dashboard.stories.estate_names import named
from dashboard.stories.estate_time import company_now
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
from dashboard.stories.report_tables import coded, footnote
from dashboard.words import say
from pipelines.metrics.periods import Period
from pipelines.words import Language

FEES = 2
"""Rows of income that are fees; what stands below them is common income, and need not be told again in the notes."""


class NoCostsError(ValueError):
    """The estate reported no costs in the period."""


def expenses(
    published: Published, estate: str, period: Period | None, lang: Language, *, edition: Edition = "public"
) -> Report:
    """The sheet of an estate of the register; `period` None: the latest quarter with costs. Raises NoCostsError."""
    code = numbers.code(period) if period else ""
    story = estate_story(published, Selection(lang=lang, estate=estate, period=code))
    money = story.money
    when = numbers.period(money.period, lang)
    costs = costs_grid(published, estate, money.period, lang)
    if costs is None:
        raise NoCostsError(estate)
    blocks: list[Block] = [
        Paragraph(say("documents.expenses_intro", lang, estate=estate, period=when)),
        Heading(say("documents.expenses_costs", lang)),
    ]
    spent = costs.table.rows[-1][1].value
    rows = published.rows("estate_costs", estate=estate, start=money.period.start, end=money.period.end).rows()
    labour = sum(float(amount) for category, amount in rows if category == LABOUR)
    if isinstance(spent, float) and spent and labour:
        share = f"{numbers.number(labour / spent * 100, 1)}%"
        blocks.append(Paragraph(say("documents.expenses_labour", lang, share=share)))
    blocks.append(costs)
    if story.expenses is not None:
        blocks.append(
            Picture(coded(story.expenses, published.metric("cost_per_m2_month"), money.period, subject=estate))
        )
    blocks.append(Heading(say("documents.expenses_income", lang)))
    income = income_grid(published, estate, money.period, lang)
    blocks.append(income)
    apart = "" if len(income.table.rows) > FEES else money.apart
    notes = [apart, *money.notes, say("documents.expenses_contact", lang)]
    blocks.append(Heading(say("documents.expenses_notes", lang)))
    kept = tuple(one for one in notes if one)
    blocks.append(Points(kept, finding=say("findings.notes", lang, count=len(kept)) if len(kept) > 1 else ""))
    issuer = company_now(published, estate)[0] or story.name
    blocks.append(Signature((issuer, numbers.day(published.as_of + timedelta(days=1), lang, year=True))))
    metric = published.metric("cost_per_m2_month")
    return Report(
        kind="expenses",
        title=say("documents.expenses_title", lang, estate=estate),
        subtitle=when,
        edition=edition,
        lang=lang,
        period=numbers.code(money.period),
        scope="",
        street=street_of(published),
        blocks=tuple(blocks),
        definitions=(
            Definition(metric.zh, metric.definition_zh)
            if lang == "zh"
            else Definition(metric.en, metric.definition_en),
        ),
        version=published.version,
        as_of=numbers.day(published.as_of, lang, year=True),
    )


def costs_grid(published: Published, estate: str, period: Period, lang: Language) -> Grid | None:
    """Table: costs by category with their shares and the total, per square metre and month where the area is known;
    None where no costs were reported."""
    span = {"estate": estate, "start": period.start, "end": period.end}
    rows = [(name, float(amount)) for name, amount in published.rows("estate_costs", **span).rows()]
    if not rows:
        return None
    total = sum(amount for _, amount in rows)
    per = published.value("cost_per_m2_month", period, "estate", estate)

    def line(name: str, amount: float) -> tuple[Cell, ...]:
        each = amount / per.denominator if per.denominator else None
        return (
            Cell(name),
            Cell(numbers.number(amount, 2), amount),
            Cell(f"{numbers.number(amount / total * 100, 1)}%", amount / total) if total else Cell(numbers.NONE),
            Cell(numbers.number(each, 2), each),
        )

    columns = (
        Column(say("documents.item", lang)),
        Column(say("documents.amount", lang), say("documents.yuan", lang), is_number=True),
        Column(say("documents.share", lang), is_number=True),
        Column(say("documents.per_m2", lang), say("documents.per_m2_unit", lang), is_number=True),
    )
    title = say("documents.expenses_table", lang, period=numbers.period(period, lang))
    lines = (*(line(named(name, lang), amount) for name, amount in rows), line(say("report.total", lang), total))
    return Grid(
        Table("costs", title, columns, lines),
        footnote(published, ("cost_per_m2_month",), period, lang, subject=estate),
        ("text", "two", "percent", "two"),
        (Rule(1, "sum"), Rule(2, "of_total", over=1, under=1), Rule(3, "sum")),
        has_total=True,
        widths=(2, 1.3, 1, 1.3),
    )


def income_grid(published: Published, estate: str, period: Period, lang: Language) -> Grid:
    """Table: fees received and arrears recovered; common income on lines of its own, kept apart."""
    span = {"estate": estate, "start": period.start, "end": period.end}
    received, recovered = published.rows("estate_received", **span).row(0)
    lines = [
        (Cell(say("documents.fees_received", lang)), _money(received)),
        (Cell(say("documents.arrears_recovered", lang)), _money(recovered)),
    ]
    apart = say("documents.apart_heading", lang)
    for name, amount in published.rows("estate_income", **span).rows():
        lines.append((Cell(f"{apart}{say('report.lead', lang, subject='')}{named(name, lang)}"), _money(amount)))
    columns = (
        Column(say("documents.item", lang)),
        Column(say("documents.amount", lang), say("documents.yuan", lang), is_number=True),
    )
    title = say("documents.income_table", lang, period=numbers.period(period, lang))
    return Grid(
        Table("income", title, columns, tuple(lines)),
        footnote(published, ("collection_rate", "break_even_ratio"), period, lang, subject=estate),
        ("text", "two"),
        widths=(3, 1.2),
    )


def _money(amount: float | None) -> Cell:
    return Cell(numbers.NONE if amount is None else numbers.number(float(amount), 2), amount)
