"""例会: the first page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

import streamlit as st

from dashboard import numbers, records
from dashboard.selection import Selection
from dashboard.stories import actions as agreed
from dashboard.stories import codec
from dashboard.stories import meeting as story
from dashboard.views.room import News, Room, inbox_folder, shown
from dashboard.words import say
from pipelines.entries.actions import Action

LIVE_SECONDS = 1.5
"""A tick made in another browser is seen within 2 s."""


@dataclass(frozen=True)
class Sealed:
    """What is frozen: the meeting and the actions as they stood."""

    meeting: story.Meeting
    actions: agreed.Actions


def page() -> None:
    """Shows the page."""
    shown("", _fill)


def _fill(room: Room) -> None:
    if room.selection.meeting:
        _frozen(room)
        return
    inbox = inbox_folder()
    standing = agreed.standing(room.published, inbox)
    told = prepared(room, standing)
    news = _sealing(room, told, standing)
    past = [(one.name, f"{one.name}") for one in records.frozen(records.records_folder())]
    room.show(room.html("meeting.html", report=told, past=past, frozen=False, more_news=news))
    with st.container(key="meeting_lower"):
        with st.container(key="meeting_news"):
            room.show(room.part("meeting_news.html", report=told), key="news")
        with st.container(key="meeting_actions"):
            st.fragment(partial(_actions, room, told.day, told.last_day), run_every=LIVE_SECONDS)()


def prepared(room: Room, standing: tuple[Action, ...]) -> story.Meeting:
    """What the meeting is told, made once a language and state of the actions."""
    view = Selection(lang=room.lang)
    return room.published.made(("meeting", view, standing), lambda: story.report(room.published, view, standing))


def _actions(room: Room, today: date, since: date) -> None:
    inbox = inbox_folder()
    standing = agreed.standing(room.published, inbox)
    wrong, act = "", st.session_state.get("act")
    if isinstance(act, dict) and act["act"].partition(":")[0] in {"new", "tick", "reopen", "redate"}:
        del st.session_state["act"]
        if act.get("by"):
            st.session_state["by"] = act["by"]
        try:
            agreed.entered(
                {"by": st.session_state.get("by", ""), **act}, standing, room.published, inbox, today, room.lang
            )
            standing = agreed.standing(room.published, inbox)
        except agreed.WrongEntryError as fault:
            wrong = say("meeting.action_wrong", room.lang, what=fault)
    by = st.session_state.get("by", "")
    key = ("meeting actions", standing, today, since, room.selection, wrong, by)
    room.show(room.published.made(key, lambda: _listed(room, standing, today, since, wrong, by)), key="actions")


def _listed(room: Room, standing: tuple[Action, ...], today: date, since: date, wrong: str, by: str) -> str:
    listed = agreed.listed(standing, today, since, room.lang)
    owners = sorted({one.owner for one in standing if one.owner})
    return room.part(
        "meeting_actions.html", actions=listed, frozen=False, wrong=wrong, owners=owners,
        estates=room.published.desk.subjects("estate"), by=by,
    )  # fmt: skip


def _sealing(room: Room, told: story.Meeting, standing: tuple[Action, ...]) -> list[News]:
    """Freezes the meeting where that was asked for; the line to show above the page."""
    act = st.session_state.get("act")
    if not isinstance(act, dict) or act["act"] != "freeze":
        return []
    del st.session_state["act"]
    sealed, html = {}, {}
    for lang in ("zh", "en"):
        view = Room(room.page, room.published, room.selection.in_language(lang), ())
        meeting = story.report(room.published, view.selection, standing)
        sealed[lang] = Sealed(meeting, agreed.listed(standing, told.day, told.last_day, view.lang))
        html[lang] = _as_page(view, sealed[lang])
    folder = records.records_folder()
    try:
        done = records.freeze(
            folder, told.day, codec.dumps(sealed), html, room.published.version, room.published.made_of(),
            act.get("by", ""), datetime.now(),
        )  # fmt: skip
    except OSError:
        return [News(say("meeting.freeze_failed", room.lang, folder=folder))]
    return [News(say("meeting.freeze_done", room.lang, name=done.name))]


def _frozen(room: Room) -> None:
    back = (say("meeting.back_to_now", room.lang), room.selection.href("", meeting=""))
    try:
        one = records.open_frozen(records.records_folder(), room.selection.meeting)
    except records.UnknownMeetingError:
        text = say("page.frozen_gone", room.lang, name=room.selection.meeting)
        room.show(room.html("state.html", title=text, steps=(), lines=(), links=[(*back, "")], code=""))
        return
    except records.SealBrokenError as fault:
        text = say("meeting.frozen_broken", room.lang, name=room.selection.meeting, file=fault.file)
        room.show(room.html("state.html", title=text, steps=(), lines=(), links=[(*back, "")], code=""))
        return
    text = say(
        "meeting.frozen",
        room.lang,
        day=numbers.day(one.meeting_day, room.lang, year=True),
        name=one.name,
        by=one.by,
        version=one.version,
    )
    room.show(room.html("frozen.html", sealed=one.html[room.lang], more_news=[News(text, (back,))]))


def _as_page(room: Room, sealed: Sealed) -> str:
    """The body of the page as it is sealed: no controls, nothing to click but links to estates."""
    return room.part(
        "meeting_sealed.html", report=sealed.meeting, actions=sealed.actions, frozen=True, wrong="", past=()
    )
