"""汇编: the figures added to a report, kept for this browser session: reorder, retitle, comment, drop, print."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard import reporting
from dashboard.gallery import UnknownFigureError
from dashboard.stories import documents_collection as chosen_figures
from dashboard.stories.documents_collection import Choice
from dashboard.views.room import Room, shown
from dashboard.words import say

KEPT = "collection"


@dataclass(frozen=True)
class Line:
    """A figure on the list: its title as it will be printed, the finding that is its own, and its comment."""

    title: str
    own: str
    comment: str
    address: str


def page() -> None:
    """Shows the list."""
    shown(KEPT, _fill)


def _fill(room: Room) -> None:
    chosen = _acted(chosen_figures.loads(st.session_state.get(KEPT, "[]")))
    st.session_state[KEPT] = chosen_figures.dumps(chosen)
    lines = tuple(_line(room, one) for one in chosen)
    html = room.html("collection.html", lines=lines)
    room.show(html, take=lambda asked: _taken(room, chosen, asked))


def _acted(chosen: tuple[Choice, ...]) -> tuple[Choice, ...]:
    act = st.session_state.pop("act", None)
    if not isinstance(act, dict):
        return chosen
    what, _, number = act["act"].partition(":")
    if not number.isdigit():
        return chosen
    place = int(number)
    if what == "up":
        return chosen_figures.moved(chosen, place, -1)
    if what == "down":
        return chosen_figures.moved(chosen, place, 1)
    if what == "drop":
        return chosen_figures.dropped(chosen, place)
    if what == "word":
        return chosen_figures.worded(chosen, place, act.get("title", ""), act.get("comment", ""))
    return chosen


def _line(room: Room, one: Choice) -> Line:
    page_name = one.figure.partition("-")[0]
    address = room.selection.href("" if page_name == "meeting" else page_name, **dict(one.view))
    try:
        own = chosen_figures.drawn(room.published, one, room.lang).title
    except UnknownFigureError:
        own = say("page.collect_gone", room.lang)
    return Line(one.title or own, own, one.comment, address)


def _taken(room: Room, chosen: tuple[Choice, ...], asked: str) -> tuple[str, str, bytes]:
    if asked == "list":
        return "collection.json", "application/json", chosen_figures.dumps(chosen).encode()
    _, form, _ = reporting.asked_for(asked)
    report = chosen_figures.collection(room.published, chosen, room.lang)
    return reporting.file_name(report, form), reporting.FORMS[form], reporting.printed(report, form)
