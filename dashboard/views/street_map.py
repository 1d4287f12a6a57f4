"""地图: the page at /map. The picture is a live Altair chart; a click on a circle shows that estate's card."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from dashboard.drawings.interval import interval
from dashboard.printers.street_screen import CLICK, screen_map
from dashboard.stories.map import MapPage, report
from dashboard.views.room import Room, shown

LEFT: Final = (2, 1)


def page() -> None:
    """Shows the page."""
    shown("map", _fill)


def _fill(room: Room) -> None:
    story, html, spec, side = prepared(room)
    room.show(html)
    with st.container(key="map_body"):
        left, right = st.columns(LEFT, gap="small")
        with left, st.container(key="map_picture"):
            event = st.vega_lite_chart(
                spec,
                width="stretch",
                height="stretch",
                theme=None,
                key="map_chart",
                on_select="rerun",
                alt=story.figure.label,
            )
        with right:
            room.show(side, key="map_side")
    _follow(room, event)


def prepared(room: Room) -> tuple[MapPage, str, dict[str, Any], str]:
    """The page's story, the HTML above, the picture and the HTML beside it, made once a view."""
    published, selection = room.published, room.selection
    story = published.made(("map", selection), lambda: report(published, selection))
    return (
        story,
        published.made(("map html", selection, room.mistakes), lambda: room.html("map.html", story=story)),
        published.made(("map picture", selection), lambda: screen_map(story.chart, text=_text(room))),
        published.made(("map side", selection), lambda: _side(room, story)),
    )


def _text(room: Room) -> int:
    """Names in px: read at six metres on the projector."""
    return 20 if room.selection.show == "projector" else 13


def _side(room: Room, story: MapPage) -> str:
    known = [one for row in story.communities for one in (row.value, row.low, row.high) if one is not None]
    known += [story.street] if story.street is not None else []
    ends = (min(known), max(known)) if known else (0.0, 1.0)
    return room.html("map_side.html", story=story, interval=interval, ends=ends)


def _follow(room: Room, event: Any) -> None:
    """Goes to the estate that was clicked, once a click: the chart goes on saying what was clicked last."""
    clicked = tuple(one["subject"] for one in event.get("selection", {}).get(CLICK, []) if "subject" in one)
    if clicked == st.session_state.get("map_clicked", ()):
        return
    st.session_state["map_clicked"] = clicked
    if clicked and clicked[0] != room.selection.estate:
        st.session_state["go"] = room.selection.href("map", estate=clicked[0])
        st.rerun()
