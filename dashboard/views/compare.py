"""对标: the page at /compare."""

from __future__ import annotations

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard.stories.compare import Compare, compare, table_rows
from dashboard.views.room import Room, shown
from dashboard.words import say


def page() -> None:
    """Shows the page."""
    shown("compare", _fill)


def _fill(room: Room) -> None:
    if (st.session_state.get("act") or {}).get("act") == "table":
        del st.session_state["act"]
        st.session_state["compare_table"] = not st.session_state.get("compare_table", False)
    is_open = bool(st.session_state.get("compare_table", False))
    report, html = prepared(room, is_open=is_open)
    room.show(html)
    if is_open:
        _table(room, report)


def prepared(room: Room, *, is_open: bool = False) -> tuple[Compare, str]:
    """The page's story and its HTML, made once a view."""
    published, selection = room.published, room.selection
    report = published.made(("compare", selection), lambda: compare(published, selection))
    key = ("compare html", selection, room.mistakes, is_open)
    return report, published.made(key, lambda: room.html("compare.html", report=report, is_open=is_open))


def _table(room: Room, report: Compare) -> None:
    """The four headline figures, sortable by a click on a heading, with bars in the cells."""
    lang = room.lang
    rows = table_rows(room.published, room.selection)
    names = {
        "estate": say("compare.estate", lang),
        "peers": say("compare.peers_column", lang),
        "households": say("compare.households", lang),
    }
    data: dict[str, list[object]] = {
        names["estate"]: [one.estate for one in rows],
        names["peers"]: [one.peers for one in rows],
        names["households"]: [one.households for one in rows],
    }
    columns: dict[str, ColumnConfig | str | None] = {
        names["households"]: st.column_config.NumberColumn(names["households"], format="localized")
    }
    for metric, name, unit, decimals in report.metrics:
        values = [one.figures.get(metric) for one in rows]
        heading = f"{name} ({unit})"
        data[heading] = list(values)
        most = max((one for one in values if one is not None), default=1.0)
        columns[heading] = st.column_config.ProgressColumn(
            heading, min_value=0.0, max_value=most or 1.0, format=f"%.{decimals}f", color="#7C838C"
        )
    st.dataframe(data, column_config=columns, hide_index=True, width="stretch", height="content", key="compare_rows")
