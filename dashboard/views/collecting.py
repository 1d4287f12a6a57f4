"""Takes down a click on "add to report": the figure in its view goes to the end of this session's list."""

from __future__ import annotations

import streamlit as st

from dashboard.selection import Selection
from dashboard.stories.documents_collection import Choice, added, dumps, loads

KEPT = "collection"
_LEFT_OUT = frozenset({"lang", "show", "meeting"})


def collect(selection: Selection) -> bool:
    """Adds the figure of the last click, if it was such a click. Says whether it was."""
    act = st.session_state.get("act")
    if not isinstance(act, dict) or not act["act"].startswith("collect:"):
        return False
    del st.session_state["act"]
    view = tuple(sorted((key, value) for key, value in selection.query().items() if key not in _LEFT_OUT))
    chosen = loads(st.session_state.get(KEPT, "[]"))
    st.session_state[KEPT] = dumps(added(chosen, Choice(act["act"].removeprefix("collect:"), view)))
    return True
