"""查证: the page that opens a trace code."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard.stories.trace import downloaded, looked_up
from dashboard.views.room import Room, shown

LONGEST = 200


def page() -> None:
    """Shows the page."""
    shown("trace", _fill)


def _fill(room: Room) -> None:
    act = st.session_state.get("act")
    if isinstance(act, dict) and act.get("act") == "trace":
        del st.session_state["act"]
        asked = replace(room.selection, code=str(act.get("code", "")).strip()[:LONGEST])
        st.query_params.from_dict({"page": "trace", **asked.query()})
        st.rerun()
    room.show(prepared(room), take=partial(_taken, room))


def _taken(room: Room, asked: str) -> tuple[str, str, bytes]:
    return downloaded(room.published, asked.removeprefix("trace:"), room.lang)


def prepared(room: Room) -> str:
    """The page's HTML for the code of the address."""
    found = looked_up(room.published, room.selection.code, room.lang)
    return room.html("trace.html", looked=found)
