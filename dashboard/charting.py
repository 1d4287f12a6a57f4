"""Draws a picture without a browser: the answer to `lianping chart`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dashboard.gallery import UnknownFigureError, figure, figures
from dashboard.printers.plate import Width
from dashboard.printers.taking import MEDIA, printed
from dashboard.printers.writing import write_whole
from dashboard.published import Published, open_version
from dashboard.selection import Choices, Mistake, Selection, read_selection
from dashboard.words import say
from pipelines.metrics.desk import OldWarehouseError
from pipelines.warehouse import NoWarehouseError
from pipelines.words import Language

SHOWN: Final = 40


@dataclass(frozen=True)
class Wanted:
    """What was typed: the picture, and the view that it is drawn in. Empty words mean the page's own default."""

    figure: str
    period: str = ""
    metric: str = ""
    basis: str = ""
    estate: str = ""
    peers: str = ""
    width: Width = "a4"
    grey: bool = False
    lang: Language = "zh"


class NotDrawnError(Exception):
    """Why no picture was drawn, in the words of whoever asked."""


def listed(folder: Path, wanted: Wanted) -> str:
    """The names of all pictures of a view with their titles, one a line. Raises NotDrawnError."""
    published = _opened(folder, wanted.lang)
    found = figures(published, _view(published, wanted))
    width = max((len(one.id) for one in found), default=0)
    return "\n".join(f"{one.id:<{width}}  {one.title}" for one in found)


def drawn(folder: Path, wanted: Wanted, out: Path) -> str:
    """Writes the picture, whole or not at all, and says what it is. Raises NotDrawnError."""
    lang = wanted.lang
    form = out.suffix.lower().removeprefix(".")
    if form not in MEDIA:
        raise NotDrawnError(say("charting.form_unknown", lang, given=out.name, valid=_joined(tuple(MEDIA), lang)))
    published = _opened(folder, lang)
    view = _view(published, wanted)
    try:
        shown = figure(published, view, wanted.figure)
    except UnknownFigureError as fault:
        valid = _joined(fault.valid[:SHOWN], lang)
        raise NotDrawnError(say("charting.figure_unknown", lang, given=fault.given, valid=valid)) from fault
    content = printed(shown, form, lang, wanted.width, grey=wanted.grey)
    try:
        write_whole(out, content)
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise NotDrawnError(say("charting.not_written", lang, file=out, reason=reason)) from fault
    return say("charting.written", lang, file=out, title=shown.title)


def _opened(folder: Path, lang: Language) -> Published:
    try:
        return open_version(folder)
    except NoWarehouseError as fault:
        raise NotDrawnError(say("charting.no_warehouse", lang, folder=folder)) from fault
    except OldWarehouseError as fault:
        raise NotDrawnError(say("charting.warehouse_old", lang)) from fault


def _view(published: Published, wanted: Wanted) -> Selection:
    desk = published.desk
    bases = tuple(dict.fromkeys(basis for one in desk.metrics.values() for basis in one.bases))
    groups = {zh: en for zh, en in desk.places.select("peer_group", "peer_group_en").iter_rows() if zh}
    peers = next((zh for zh, en in groups.items() if wanted.peers and wanted.peers == en), wanted.peers)
    choices = Choices(tuple(desk.metrics), bases, desk.subjects("estate"), tuple(groups))
    query = {
        "lang": wanted.lang, "period": wanted.period, "metric": wanted.metric, "basis": wanted.basis,
        "estate": wanted.estate, "peers": peers,
    }  # fmt: skip
    view, mistakes = read_selection(query, choices)
    if mistakes:
        raise NotDrawnError("\n".join(_mistaken(one, choices, wanted.lang) for one in mistakes))
    return view


def _mistaken(one: Mistake, choices: Choices, lang: Language) -> str:
    if one.what == "period":
        return say("charting.period_unknown", lang, given=one.given)
    valid = {"metric": choices.metrics, "basis": choices.bases, "peers": choices.peers}.get(one.what, one.nearest)
    return say(f"charting.{one.what}_unknown", lang, given=one.given, valid=_joined(tuple(valid), lang))


def _joined(words: tuple[str, ...], lang: Language) -> str:
    return ("、" if lang == "zh" else ", ").join(words)
