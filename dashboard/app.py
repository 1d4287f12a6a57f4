"""The pages and the way between them, and nothing else. Run by `lianping serve`."""

from __future__ import annotations

import streamlit as st

from dashboard.views import collection, compare, data, definitions, estate, meeting, rating, street_map, trace
from dashboard.views.room import follow, nowhere

SHOWS = {
    "": meeting.page,
    "compare": compare.page,
    "map": street_map.page,
    "estate": estate.page,
    "rating": rating.page,
    "definitions": definitions.page,
    "data": data.page,
    "collection": collection.page,
    "trace": trace.page,
}

st.set_page_config(page_title="联评", layout="wide", initial_sidebar_state="collapsed")
name = follow()
if name in SHOWS:
    SHOWS[name]()
else:
    nowhere(name)
