"""评星: the board of stars, a subject's account, and the round: run by the secretary, scored by the panel."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any

import streamlit as st

from dashboard import numbers
from dashboard.drawings.stars import badge, rungs, star_map, stars
from dashboard.published import Published
from dashboard.selection import Selection
from dashboard.stories.rating import RatingPage, told
from dashboard.stories.rating_acts import (
    Done,
    RefusedActError,
    acted,
    entering,
    filed_in,
    items_to_enter,
    rubric_choices,
    scored,
    sheets_out,
)  # fmt: skip
from dashboard.stories.rating_source import Source, half_year, office_of, source
from dashboard.views.room import Room, handed_in, inbox_folder, shown
from dashboard.words import say
from pipelines.rating.rounds.sealed import HOME
from pipelines.rating.rounds.steps import FOLDER, SHEETS

ACT = "rating-"
SHEETS_OUT = "rating-sheets"
SHEET_MB = 20


def page() -> None:
    """Shows the page."""
    shown("rating", _fill)


def _fill(room: Room) -> None:
    if room.selection.part == "score":
        _score(room)
        return
    done, wrong = _act(room)
    if done is not None and done.round and done.round != room.selection.round:
        st.session_state["go"] = room.selection.href("rating", round=done.round, by=done.by, period="")
        st.session_state["rating_done"] = done
        st.rerun()
    done = done or st.session_state.pop("rating_done", None) or _still_shown()
    found = source(room.published, room.selection, inbox_folder())
    today = datetime.now().date()
    report = _report(room.published, room.selection, found, today)
    if room.selection.part == "desk" or done is not None or wrong:
        slips = done.slips if done is not None else ()
        if slips:
            st.session_state["rating_kept"] = done
        named = report.round.id if report.round is not None else ""
        out = partial(sheets_out, room.published, inbox_folder(), named, slips, room.lang)
        room.show(_desk(room, found, report, done, wrong), take=(lambda _: out()) if slips else None)
        if room.selection.part == "desk" and report.round is not None and report.round.stage == "scoring":
            _sheets_in(room, report.round.id)
        return
    template = "rating.html"
    if room.selection.part == "certificates":
        template = "rating_certificates.html"
    elif room.selection.subject and report.picked is not None:
        template = "rating_account.html"
    key = ("rating html", room.selection, found.stamp, today, room.mistakes, template)
    room.show(room.published.made(key, lambda: _html(room, template, report, found)))


def _report(published: Published, selection: Selection, found: Source, today: date) -> RatingPage:
    key = ("rating page", selection, found.stamp, today)
    return published.made(key, lambda: told(published, selection, found, inbox_folder(), today))


def _html(room: Room, template: str, report: RatingPage, found: Source, **more: object) -> str:
    words = numbers.period(found.period, room.lang)
    values: dict[str, Any] = {"report": report, "period": words, "by": st.session_state.get("by", ""), **more}
    return room.html(template, draw_stars=stars, draw_star_map=star_map, draw_rungs=rungs, draw_badge=badge, **values)


def _desk(room: Room, found: Source, report: RatingPage, done: Done | None, wrong: str) -> str:
    code = numbers.code(half_year(room.published.as_of))
    records = office_of(room.published, inbox_folder()).records
    named = report.round.id if report.round is not None else ""
    return _html(
        room,
        "rating_desk.html",
        report,
        found,
        done=done.text if done is not None else "",
        slips=done.slips if done is not None else (),
        wrong=wrong,
        suggested=code,
        items=items_to_enter(found.papers, room.lang) if found.papers is not None else (),
        suggested_id=f"{code}-{found.by}",
        rubrics=rubric_choices(room.published, office_of(room.published, inbox_folder()), room.lang),
        sheets_folder=(inbox_folder() / FOLDER / named / SHEETS).as_posix(),
        sealed_folder=(records / HOME / report.round.sealed).as_posix() if report.round is not None else "",
    )


def _still_shown() -> Done | None:
    """What stood on the page, where only a file of it is asked for: codes are not lost by taking their workbooks."""
    kept = st.session_state.pop("rating_kept", None)
    return kept if st.session_state.get("take") == SHEETS_OUT else None


def _sheets_in(room: Room, round_id: str) -> None:
    """Where filled-in scoring sheets are handed in, and what became of them."""
    number = st.session_state.get("rating_uploads", 0)
    told = st.session_state.pop("rating_filed", ((), ()))
    room.show(room.part("rating_sheets.html", taken=told[0], refused=told[1]), key="rating_sheets")
    files = handed_in("upload_sheets", number, room.lang, SHEET_MB)
    if files:
        try:
            filed = filed_in(room.published, inbox_folder(), round_id, files, datetime.now(), room.lang)
        except RefusedActError as fault:
            filed = ((), (str(fault),))
        st.session_state["rating_filed"] = filed
        st.session_state["rating_uploads"] = number + 1  # a new, empty box
        st.rerun()


def _act(room: Room) -> tuple[Done | None, str]:
    """Does what was clicked; what was done, or why not."""
    act = st.session_state.get("act")
    if not isinstance(act, dict) or not str(act.get("act", "")).startswith(ACT):
        return None, ""
    del st.session_state["act"]
    if act.get("by") and act["act"] != "rating-object":
        st.session_state["by"] = act["by"]
    try:
        return acted(room.published, room.selection, inbox_folder(), act, datetime.now()), ""
    except RefusedActError as fault:
        return None, say("rating.refused", room.lang, what=fault)


def _score(room: Room) -> None:
    """The page of a scorer: name and code, then the sheet."""
    found = source(room.published, room.selection, inbox_folder())
    wrong, done, typed = "", "", {}
    act = st.session_state.get("act")
    key = ("rating_scorer", found.round.id if found.round else "")
    if isinstance(act, dict) and str(act.get("act", "")).startswith(ACT):
        del st.session_state["act"]
        typed = {str(name): str(value) for name, value in act.items()}
        try:
            if act["act"] == "rating-enter":
                st.session_state[str(key)] = entering(found, act, room.lang)
            elif act["act"] == "rating-hand_in" and str(key) in st.session_state:
                name, code = st.session_state[str(key)]
                done = scored(room.published, found, inbox_folder(), name, code, act, datetime.now(), room.lang)
                del st.session_state[str(key)]
        except RefusedActError as fault:
            wrong = str(fault)
    name, _ = st.session_state.get(str(key), ("", ""))
    papers = found.papers
    rows = []
    if papers is not None and name:
        mine = set(papers.scorable(name))
        rows = [(one, one not in mine) for one in papers.round.subjects]
    room.show(
        room.html(
            "rating_score.html",
            period=numbers.period(found.period, room.lang),
            scorer=name,
            names=[one.name for one in papers.round.panel if one.name not in papers.came.handed_in] if papers else [],
            asked=papers.asked if papers else (),
            rows=rows,
            typed=typed,
            is_open=papers is not None and papers.round.stage == "scoring",
            subject_word=say(f"rating.head_{found.by}", room.lang),
            wrong=wrong,
            done=done,
        )
    )
