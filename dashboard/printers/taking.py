"""Makes the file that a download asks for, under a name that says what is in it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final, Literal

from dashboard.gallery import figure
from dashboard.printers.picture import picture
from dashboard.printers.plate import Width
from dashboard.printers.workbook import workbook
from dashboard.published import Published
from dashboard.selection import Selection
from dashboard.stories.atoms import Figure
from dashboard.words import say
from pipelines.words import Language

Form = Literal["png", "svg", "pdf", "xlsx"]
MEDIA: Final[dict[Form, str]] = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LONGEST: Final = 60
"""Characters of a file's name: file systems take 255 bytes, and a Chinese character is three."""


class UnknownFormError(ValueError):
    """A form that pictures do not come in."""


def taken(published: Published, selection: Selection, asked: str) -> tuple[str, str, bytes]:
    """The file for `FIGURE|png|a4|grey` or `report:KIND|docx|brief|public|ESTATE`: name, media type, bytes.

    Raises NotReportedError where there is no such document, UnknownFigureError, UnknownFormError.
    """
    if asked.startswith("report:"):
        return _document(published, selection, asked)
    name, form, width, grey = (*asked.split("|"), "", "", "")[:4]
    if form not in MEDIA or width not in {"", "a4", "wide"}:
        raise UnknownFormError(asked)
    shown = figure(published, selection, name)
    made = printed(shown, form, selection.lang, "wide" if width == "wide" else "a4", grey=grey == "grey")
    return file_name(shown, form, selection.lang), MEDIA[form], made


def _document(published: Published, selection: Selection, asked: str) -> tuple[str, str, bytes]:
    from dashboard import reporting

    try:
        kind, form, words = reporting.asked_for(asked)
    except ValueError as fault:
        raise UnknownFormError(asked) from fault
    wanted = reporting.Wanted(
        kind,
        period="" if kind == "weekly" else selection.period,
        meeting=selection.meeting,
        lang=selection.lang,
        inbox=Path(os.environ.get("LIANPING_RAW", "data/raw")),
        **words,
    )
    report = reporting.told(published, wanted)
    return reporting.file_name(report, form), reporting.FORMS[form], reporting.printed(report, form)


def printed(shown: Figure, form: Form, lang: Language, width: Width = "a4", *, grey: bool = False) -> bytes:
    """A figure in one of the four forms."""
    if form == "xlsx":
        return workbook(shown, lang=lang)
    return picture(shown, form=form, lang=lang, width=width, grey=grey)


def file_name(shown: Figure, form: Form, lang: Language) -> str:
    """Page, finding and period, without what a file system does not take."""
    page = say(f"page.{shown.id.partition('-')[0]}", lang)
    period = shown.footnote.period
    title = shown.title[: max(LONGEST - len(page) - len(period) - 2, 12)]
    whole = "-".join(one for one in (page, title, period) if one)
    return re.sub(r"[\s/\\:*?\"<>|,，。、；;“”]+", "_", whole).strip("_.-") + f".{form}"
