"""The slides themselves: where title, section, text and footnote stand, and how texts are shared by slides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Inches, Pt

from dashboard.printers.captions import caption_word, clean, note_of
from dashboard.printers.pptx_text import LEADING, box, fitting, lines, named, tall, write
from dashboard.stories.atoms import Footnote
from dashboard.stories.report import Block, Heading, Report
from dashboard.theme import PAPER
from dashboard.words import say

WIDE: Final = 13.333
HIGH: Final = 7.5
SIDE: Final = 0.6
ROOM: Final = WIDE - 2 * SIDE
SECTION: Final = 0.32
TOP: Final = 0.6
END: Final = 7.2
TITLES: Final = (26.0, 24.0, 22.0, 20.0, 18.0)
STATED: Final = (34.0, 30.0, 26.0, 24.0)
BODIES: Final = (22.0, 20.0, 18.0, 16.0)
SUB: Final = 14.0
FOOT: Final = 10.5
SPACE: Final = 0.6
"""Between paragraphs, in sizes of their letters."""


@dataclass(frozen=True)
class Item:
    """A sentence with what stands before it; `is_point`: one of a numbered list."""

    lead: str
    text: str
    is_point: bool = False


class Deck:
    """The presentation while it is made: where in the report we are, and the room left on the last slide."""

    left: Final = SIDE

    def __init__(self, show: Any, report: Report) -> None:
        """See the class."""
        self.show, self.report = show, report
        self.section = self.heading = ""
        self.room: tuple[Any, float, float, str] | None = None
        """The last slide, if it is a table: from where to where it is free, and under which heading."""

    def enter(self, heading: Heading) -> None:
        """Goes on to the next part of the report."""
        self.heading = heading.text
        if heading.level == 1:
            self.section = heading.text

    def cover(self, texts: Sequence[str]) -> None:
        """The first slide: title, what is new, when and of what, and what stands before the first heading."""
        report, lang = self.report, self.report.lang
        slide = self.show.slides.add_slide(self.show.slide_layouts[5])
        size = fitting(report.title, (44, 40, 36, 32), ROOM, 2)
        top = 2.0
        self._title(slide, [("", report.title)], size, top, tall(report.title, size, ROOM))
        frame = box(slide, SIDE, top + tall(report.title, size, ROOM) + 0.45, ROOM, 2.6)
        # What is new counts all that was told; a public edition shows only a part.
        news = report.conclusion if report.edition == "internal" else ""
        said = [
            (news, 24.0, PAPER.ink),
            (report.subtitle, 20.0, PAPER.ink2),
            (report.scope, 16.0, PAPER.ink2),
        ]
        said += [(one, 18.0, PAPER.ink2) for one in texts]
        for at, (text, letters, colour) in enumerate(one for one in said if one[0]):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(letters * SPACE)
            write(paragraph, text, letters, colour, lang=lang)
        edge = box(slide, SIDE, 0.5, ROOM, 0.4)
        write(edge.paragraphs[0], say(f"report.{report.edition}", lang), 14, PAPER.ink2, lang=lang)
        line = self.version_line()
        self._foot(slide, line)
        whole = [report.title, *(text for text, _, _ in said if text), say("report.trace_line", lang), line]
        self.notes(slide, whole)

    def slide(self, title: str, subs: Sequence[str], foot: str) -> Any:
        """A slide with its title, the lines below it, the section above and the footnote."""
        slide = self.show.slides.add_slide(self.show.slide_layouts[5])
        size = fitting(title, TITLES, ROOM, 2)
        self._title(slide, [("", title)], size, TOP, tall(title, size, ROOM))
        self._section(slide, title)
        if subs:
            frame = box(
                slide, SIDE, TOP + tall(title, size, ROOM) + 0.08, ROOM, sum(tall(one, SUB, ROOM) for one in subs)
            )
            for at, text in enumerate(subs):
                paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
                write(paragraph, text, SUB, PAPER.ink2, lang=self.report.lang)
        self._foot(slide, foot)
        self.room = None
        return slide

    def top(self, title: str, subs: Sequence[str]) -> float:
        """Inches at which a slide's content begins."""
        size = fitting(title, TITLES, ROOM, 2)
        return TOP + tall(title, size, ROOM) + sum(tall(one, SUB, ROOM) for one in subs) + (0.28 if subs else 0.22)

    def bottom(self, foot: str) -> float:
        """Inches at which a slide's content ends."""
        return END - tall(foot, FOOT, ROOM - 0.6) - 0.12

    def part(self, title: str, place: int, count: int) -> str:
        """A title of several slides: which of them this is."""
        return title if count == 1 else say("slides.part", self.report.lang, title=title, place=place, count=count)

    def version_line(self) -> str:
        """Until when the data go and of which version they are."""
        report = self.report
        return say("report.version_line", report.lang, as_of=report.as_of, version=report.version)

    def foot_note(self, note: Footnote, extra: str = "") -> str:
        """The footnote on the slide: what is long stands in the notes."""
        return note_of(replace(note, definition="", source=""), self.report.lang, extra) or self.version_line()

    def told_of(
        self, block: Block, number: int, caption: str, about: str, note: Footnote, extra: str = ""
    ) -> list[str]:
        """The notes of a figure or table: number and caption, what it shows, definition, sample … trace code."""
        lang = self.report.lang
        space = "" if lang == "zh" else " "
        head = f"{caption_word(block, lang)}{space}{number}"  # type: ignore[arg-type]
        return [head, caption, *([about] if about else []), note_of(note, lang, extra)]

    def texts(self, items: Sequence[Item], said: str = "") -> None:
        """Sentences on slides of their own, or in the room below the table that they belong to."""
        if not items or self._below(items):
            return
        title, rest = said, list(items)
        if not title and len(items) == 1:
            if self._statement(items[0]):
                return
        elif not title and not items[0].is_point and not items[0].lead and lines(items[0].text, 24, ROOM) <= 2:
            title, rest = self._within(items[0].text.rstrip("。.：:")), rest[1:]
        title = title or self._counted(rest)
        foot = self.version_line()
        top = self.top(self.part(title, 9, 9), ())
        high = self.bottom(foot) - top
        size = next((one for one in BODIES[:-1] if _high(rest, one) <= high), BODIES[-1])
        pages = _shared(rest, size, high)
        for at, page in enumerate(pages, 1):
            slide = self.slide(self.part(title, at, len(pages)), (), foot)
            self._write(slide, page, size, top, high)
            self.notes(slide, [title, *(one.lead + one.text for one in page), foot])

    def _counted(self, items: Sequence[Item]) -> str:
        """A title for sentences that have none: of what they are, and how many."""
        name = re.sub(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|[\d.]+\s)", "", self.heading)
        count = sum(bool(one.lead) for one in items)
        if not name or count < 2:
            return self.heading or self.report.title
        return say("slides.counted", self.report.lang, name=name, count=count)

    def _within(self, text: str) -> str:
        """A title under a heading of the second level tells whose it is, where there is room."""
        lead = "" if self.heading == self.section else say("report.lead", self.report.lang, subject=self.heading)
        return lead + text if lead and lines(lead + text, TITLES[-1], ROOM) <= 2 else text

    def _below(self, items: Sequence[Item]) -> bool:
        room, self.room = self.room, None
        if room is None or room[3] != self.heading:
            return False
        slide, top, bottom, _ = room
        size = next((one for one in (18.0, 16.0) if _high(items, one) <= bottom - top), None)
        if size is None:
            return False
        self._write(slide, items, size, top, bottom - top)
        return True

    def _statement(self, item: Item) -> bool:
        """A sentence that stands alone is its slide's title, in the middle."""
        whole = (item.lead + item.text).rstrip("。.")
        size = fitting(whole, STATED, ROOM, 3)
        if lines(whole, size, ROOM) > 3:
            return False
        slide = self.show.slides.add_slide(self.show.slide_layouts[5])
        lead = item.lead if not item.is_point else item.lead.partition(". ")[2]
        self._title(slide, [(PAPER.accent, lead), ("", item.text.rstrip("。."))], size, 2.4, tall(whole, size, ROOM))
        self._section(slide, whole)
        self._foot(slide, self.version_line())
        self.notes(slide, [whole, self.version_line()])
        self.room = None
        return True

    def _write(self, slide: Any, items: Sequence[Item], size: float, top: float, high: float) -> None:
        frame = box(slide, SIDE, top, ROOM, high)
        for place, one in enumerate(items):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(size * SPACE)
            if one.lead:
                write(paragraph, one.lead, size, PAPER.accent, lang=self.report.lang)
            write(paragraph, one.text, size, lang=self.report.lang)

    def _title(self, slide: Any, parts: Sequence[tuple[str, str]], size: float, top: float, height: float) -> None:
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = Inches(SIDE), Inches(top), Inches(ROOM), Inches(height)
        frame = shape.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.vertical_anchor = MSO_ANCHOR.TOP
        paragraph = frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.LEFT
        for colour, text in parts:
            if text:
                write(paragraph, text, size, colour or PAPER.ink, lang=self.report.lang)

    def _section(self, slide: Any, title: str) -> None:
        section = "" if title[:8] in self.section else self.section
        frame = box(slide, SIDE, SECTION, ROOM, 0.22)
        comma = "　" if self.report.lang == "zh" else "   "
        text = comma.join(dict.fromkeys(one for one in (self.report.title, section) if one))
        write(frame.paragraphs[0], text, 11, PAPER.ink3, lang=self.report.lang)

    def _foot(self, slide: Any, text: str) -> None:
        high = tall(text, FOOT, ROOM - 0.6)
        frame = box(slide, SIDE, END - high, ROOM - 0.6, high)
        write(frame.paragraphs[0], text, FOOT, PAPER.ink3, lang=self.report.lang)
        corner = box(slide, WIDE - SIDE - 0.5, END - FOOT * LEADING / 72, 0.5, FOOT * LEADING / 72)
        paragraph = corner.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT
        number = (
            f'<a:fld {nsdecls("a")} id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum"><a:rPr sz="1050"/>'
        )
        fld = parse_xml(f"{number}<a:t>{len(self.show.slides)}</a:t></a:fld>")
        named(fld[0], self.report.lang)
        paragraph._p.append(fld)

    def notes(self, slide: Any, said: Sequence[str]) -> None:
        """What the speaker sees, a paragraph each."""
        for shape in slide.notes_slide.placeholders:
            if shape.placeholder_format.type == PP_PLACEHOLDER.BODY:
                frame = shape.text_frame
                for at, text in enumerate(said):
                    paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
                    run = paragraph.add_run()
                    run.text = clean(text)
                    named(run._r.get_or_add_rPr(), self.report.lang)


def _high(items: Sequence[Item], size: float) -> float:
    """Inches that paragraphs take one below the other."""
    return sum(lines(one.lead + one.text, size, ROOM) * size * LEADING + size * SPACE for one in items) / 72


def _shared(items: Sequence[Item], size: float, high: float) -> list[list[Item]]:
    """The paragraphs by slides, about as many lines on each."""
    count = max(1, -(-int(_high(items, size) * 1000) // int(high * 1000)))
    while count < len(items):
        fair, pages = _high(items, size) / count, [[items[0]]]
        for one in items[1:]:
            page = pages[-1]
            is_full = _high([*page, one], size) > high or _high(page, size) + _high([one], size) / 2 > fair
            if is_full and (len(pages) < count or _high([*page, one], size) > high):
                pages.append([one])
            else:
                page.append(one)
        if all(_high(page, size) <= high for page in pages):
            return pages
        count += 1
    return [[one] for one in items] if count > 1 else [list(items)]
