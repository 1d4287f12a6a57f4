"""The pages and the way between them, and nothing else. Run by `lianping serve`."""

from __future__ import annotations

import streamlit as st

from dashboard.views import compare, definitions, estate, meeting, street_map
from dashboard.views.room import follow

st.set_page_config(page_title="联评", layout="wide", initial_sidebar_state="collapsed")
PAGES = {
    "": st.Page(meeting.page, title="例会", default=True),
    "compare": st.Page(compare.page, title="对标", url_path="compare"),
    "map": st.Page(street_map.page, title="地图", url_path="map"),
    "estate": st.Page(estate.page, title="小区", url_path="estate"),
    "definitions": st.Page(definitions.page, title="口径", url_path="definitions"),
}
here = st.navigation(list(PAGES.values()), position="hidden")
follow(PAGES, here.url_path)
here.run()
