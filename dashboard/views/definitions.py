"""口径: the page at /definitions."""

from __future__ import annotations

import streamlit as st

from dashboard.stories.definitions import definitions
from dashboard.views.room import Room, shown


def page() -> None:
    """Shows the page."""
    shown("definitions", _fill)


def _fill(room: Room) -> None:
    act = st.session_state.get("act")
    if isinstance(act, dict) and act.get("act") == "sample":
        del st.session_state["act"]
        st.session_state["sample"] = (str(act.get("households", "")), str(act.get("points", "")))
    room.show(prepared(room, st.session_state.get("sample")))


def prepared(room: Room, asked: tuple[str, str] | None = None) -> str:
    """The page's HTML, made once a view. `asked`: households and points of the calculator."""
    key = ("definitions", room.selection, room.mistakes, asked)
    return room.published.made(
        key, lambda: room.html("definitions.html", story=definitions(room.published, room.lang, asked))
    )
