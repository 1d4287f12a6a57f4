"""评星材料: results as a draft for public notice or as final, the list of certificates, and each subject's account."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from dashboard import numbers
from dashboard.charts.stars import StarRow
from dashboard.published import Published
from dashboard.selection import Selection
from dashboard.stories import rating as page_story
from dashboard.stories.atoms import Cell, Column, Footnote, Table
from dashboard.stories.meeting import street_of
from dashboard.stories.rating_account import AccountStory, account
from dashboard.stories.rating_board import ranked
from dashboard.stories.rating_source import Source, source
from dashboard.stories.report import (
    Block,
    Edition,
    Grid,
    Heading,
    Paragraph,
    Picture,
    Points,
    Report,
    Signature,
)
from dashboard.words import say
from pipelines.words import Language

FINAL = "published"


class UnknownRoundError(LookupError):
    """There is no round of this name; `valid` are the names there are."""

    def __init__(self, valid: tuple[str, ...]) -> None:
        """See the class."""
        super().__init__("unknown round")
        self.valid = valid


def rating(
    published: Published, inbox: Path, round_name: str, lang: Language, *, edition: Edition = "internal"
) -> Report:
    """The papers of a round; without a name those of the latest, else of the provisional rating. A public edition has
    the results without the accounts. Raises UnknownRoundError."""
    view = Selection(lang=lang, round=round_name)
    found = source(published, view, inbox)
    if round_name and (found.round is None or found.round.id != round_name):
        raise UnknownRoundError(tuple(one.id for one in found.known))
    page = page_story.told(published, view, found, inbox, datetime.now().date())
    street, stage = street_of(published), _stage(found)
    when = numbers.period(found.period, lang)
    note = Footnote("", "", when, numbers.day(published.as_of, lang, year=True), "", published.version, "")
    blocks: list[Block] = [Heading(say("documents.rating_basis", lang))]
    stop = "。" if lang == "zh" else "."
    blocks += [Paragraph(one.rstrip("。.") + stop) for one in (page.title, page.rubric_line, page.source_line) if one]
    blocks.append(Heading(say("documents.rating_results", lang)))
    blocks.append(_board(found, page.board.rows, note, lang))
    blocks.append(Paragraph(page.board_note, tone="note"))
    if edition == "internal":
        blocks += [Picture(one) for one in page.figures if one.id == "rating-board"]
    if stage == "draft":
        blocks.append(Heading(say("documents.rating_objections", lang)))
        blocks.append(Paragraph(_notice(found, lang) + say("documents.rating_objections_text", lang)))
    if stage != "trial":
        office = say("documents.issued_by", lang, street=street)
        blocks.append(Signature((office, numbers.day(_issued(published, found), lang, year=True))))
    if stage == "final":
        blocks.append(Heading(say("documents.rating_certificates_annex", lang), on_new_page=True))
        blocks.append(_certificates(found, page.board.rows, note, lang))
    if edition == "internal":
        blocks += _accounts(published, found, note, lang, is_annex=stage != "trial")
    return Report(
        kind="rating",
        title=say(f"documents.rating_{stage}", lang, street=street),
        subtitle=when,
        edition=edition,
        lang=lang,
        period=numbers.code(found.period),
        scope="",
        street=street,
        blocks=tuple(blocks),
        version=published.version,
        as_of=numbers.day(published.as_of, lang, year=True),
    )


def _stage(found: Source) -> str:
    if found.round is None or found.is_trial:
        return "trial"
    return "final" if found.round.stage == FINAL else "draft"


def _issued(published: Published, found: Source) -> date:
    """The day that the papers bear: when the notice began, or when the result was published."""
    one = found.round
    if one is None:
        return published.as_of + timedelta(days=1)
    if one.stage != FINAL and one.notice_from is not None:
        return one.notice_from
    return one.steps[-1].at.date()


def _notice(found: Source, lang: Language) -> str:
    one = found.round
    if one is None or one.notice_from is None or one.notice_until is None:
        return ""
    first, last = (numbers.day(day, lang, year=True) for day in (one.notice_from, one.notice_until))
    return say("documents.rating_notice", lang, first=first, last=last) + (" " if lang == "en" else "")


def _board(found: Source, rows: tuple[StarRow, ...], note: Footnote, lang: Language) -> Grid:
    keys = ("rating_place", f"rating_subject_{found.by}", "rating_star", "rating_score", "rating_sure", "rating_moved")
    columns = tuple(
        Column(say(f"documents.{key}", lang), is_number=key in ("rating_place", "rating_score", "rating_sure"))
        for key in (*keys, "rating_note")
    )
    shown = tuple(
        (
            Cell(one.rank),
            Cell(one.subject),
            Cell(one.star_word),
            Cell(one.score, one.value),
            _sure(one),
            Cell(one.moved, mark=one.mark),
            Cell(one.note),
        )
        for one in rows
    )
    table = Table("rating", say("documents.rating_board_title", lang), columns, shown)
    return Grid(table, note, ("text", "text", "text", "one", "text", "text", "text"),
                widths=(0.6, 1.6, 1, 0.8, 0.8, 1, 2.2))  # fmt: skip


def _sure(one: StarRow) -> Cell:
    given = next((chance for chance in one.chances if chance.is_given), None)
    if given is None or one.stars is None:
        return Cell(numbers.NONE)
    return Cell(f"{given.text}%", given.share)


def _certificates(found: Source, rows: tuple[StarRow, ...], note: Footnote, lang: Language) -> Grid:
    keys = (f"rating_subject_{found.by}", "rating_star", "rating_certificate")
    columns = tuple(Column(say(f"documents.{key}", lang)) for key in keys)
    shown = tuple((Cell(one.subject), Cell(one.star_word), Cell("")) for one in rows if one.stars)
    table = Table("certificates", say("documents.rating_certificates", lang), columns, shown)
    return Grid(table, note, ("text", "text", "text"), widths=(2, 1, 1.6))


def _accounts(published: Published, found: Source, note: Footnote, lang: Language, *, is_annex: bool) -> list[Block]:
    blocks: list[Block] = [Heading(say("documents.rating_accounts", lang), on_new_page=is_annex)]
    stop, space = ("。", "") if lang == "zh" else (".", " ")
    for rated in ranked(found):
        one = account(published, found, rated, lang)
        blocks.append(Heading(say("report.comma", lang).join((one.subject, one.star_word)), 2))
        lines = [text for text in (one.facts, one.score_line, one.sure, one.reason, one.uncontested) if text]
        blocks.append(Paragraph(space.join(text.rstrip("。.") + stop for text in lines)))
        if one.points:
            blocks.append(_points(one, note, lang))
        if one.steps:
            blocks.append(Paragraph(one.steps_line))
            blocks.append(Points(tuple(text.rstrip("。.") + stop for text in one.steps)))
    return blocks


def _points(one: AccountStory, note: Footnote, lang: Language) -> Grid:
    keys = ("rating_dimension", "rating_criterion", "rating_value", "rating_points", "rating_most", "rating_note")
    columns = tuple(
        Column(say(f"documents.{key}", lang), is_number=key in ("rating_value", "rating_points", "rating_most"))
        for key in keys
    )
    shown = tuple(
        (Cell(each.dimension), Cell(each.name), Cell(each.value), Cell(each.points), Cell(each.most), Cell(each.note))
        for each in one.points
    )
    table = Table("points", say("documents.rating_account_title", lang, subject=one.subject), columns, shown)
    return Grid(table, note, ("text",) * 6, widths=(1.1, 1.5, 1, 0.7, 0.7, 2.2))
