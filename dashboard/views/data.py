"""报送: what has come is looked at, checked, explained, accepted and withdrawn here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Final

import streamlit as st

from dashboard import numbers
from dashboard.printers.answers import answers_of
from dashboard.published import version_of
from dashboard.selection import Selection
from dashboard.stories import data as sent_story
from dashboard.stories import data_desk, data_versions
from dashboard.views.room import EmptyRoom, Room, handed_in, inbox_folder, shown, warehouse_folder
from dashboard.words import say
from pipelines.receiving import desk, explaining, parcels
from pipelines.receiving.desk import Batch, Loading, RefusedError
from pipelines.receiving.explaining import DifferentBeforeError
from pipelines.receiving.questions import Question

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UPLOAD_MB: Final = 200
"""What the browser may send; what is larger than the intake takes is then refused in words."""
WATCH_SECONDS: Final = 1.0


Place = Room | EmptyRoom


@dataclass
class Counter:
    """What somebody has on the counter: the uploads, their check, what was said last, and a load on its way."""

    number: int = 0
    batch: Batch | None = None
    standing: data_desk.Standing = field(default_factory=data_desk.Standing)
    notes: list[tuple[str, bool]] = field(default_factory=list)
    pair: tuple[str, str] | None = None
    loading: Loading | None = None


def page() -> None:
    """Shows the page; before anything was published, only where files are handed in."""
    if version_of(warehouse_folder()) is None:
        _first()
    else:
        shown("data", _fill)


def _first() -> None:
    """The counter alone: the first files are handed in."""
    room = EmptyRoom("data", Selection(lang="en" if st.query_params.get("lang") == "en" else "zh"))
    counter: Counter = st.session_state.setdefault("data_counter", Counter())
    _act(room, counter)
    notes = counter.notes if counter.batch is None else ()
    html = room.html("data_first.html", notes=notes, most=parcels.MOST_AT_ONCE, mb=parcels.LARGEST // 2**20)
    room.show(html, take=partial(_taken, room, counter))
    _counter(room, counter)


def _fill(room: Room) -> None:
    counter: Counter = st.session_state.setdefault("data_counter", Counter())
    _act(room, counter)
    published, lang = room.published, room.lang
    inbox = inbox_folder()
    report = sent_story.report(published, inbox, lang)
    is_empty = counter.batch is None
    room.show(
        room.html(
            "data.html",
            report=report,
            notes=counter.notes if is_empty else (),
            most=parcels.MOST_AT_ONCE,
            mb=parcels.LARGEST // 2**20,
        ),
        take=partial(_taken, room, counter),
    )
    _counter(room, counter)
    versions = published.made(
        ("data versions", room.selection, counter.pair, data_versions.known(published)),
        lambda: data_versions.report(published, inbox, lang, counter.pair),
    )
    wrong = ""
    try:
        memory = data_desk.remembered_lines(explaining.remembered(inbox), lang)
    except RefusedError as fault:
        memory, wrong = (), _words(room, fault)
    by = st.session_state.get("by", "")
    html = room.part("data_lower.html", report=report, versions=versions, memory=memory, wrong=wrong, by=by)
    room.show(html, key="data_lower")


def _counter(room: Place, counter: Counter) -> None:
    """Where files are handed in, and what became of them."""
    uploads = handed_in("upload_data", counter.number, room.lang, UPLOAD_MB)
    with st.container(key="data_progress"):
        place = st.empty()
    if uploads:
        counter.notes, counter.standing = [], data_desk.Standing()
        _check_uploads(room, counter, uploads, place.progress)
        counter.number += 1  # a new, empty box: these files are on the counter now
        st.rerun()
    _show_desk(room, counter)
    if counter.loading is not None:
        st.fragment(partial(_watch, room, counter), run_every=WATCH_SECONDS)()


def _show_desk(room: Place, counter: Counter) -> None:
    told: data_desk.Desk | None = None
    senders: tuple[str, ...] = ()
    if counter.batch is not None:
        told = data_desk.told(counter.batch, counter.standing, warehouse_folder(), room.lang)
        known = parcels.senders_of(inbox_folder(), warehouse_folder()).names
        senders = data_desk.senders(counter.batch, known)
    html = room.part(
        "data_desk.html",
        desk=told,
        senders=senders,
        notes=counter.notes if counter.batch is not None else (),
        by=st.session_state.get("by", ""),
    )
    room.show(html, key="data_desk")


def _check_uploads(
    room: Place, counter: Counter, uploads: list[tuple[str, bytes]], progress: Callable[..., object]
) -> None:
    inbox, warehouse = inbox_folder(), warehouse_folder()
    progress(0.02, text=say("data.checking_start", room.lang, count=len(uploads)))

    def told(done: int, count: int) -> None:
        progress(done / max(1, count), text=say("data.checking", room.lang, done=done, count=count))

    try:
        taken = parcels.unpack(uploads, parcels.senders_of(inbox, warehouse))
        counter.batch = desk.check(taken, inbox, warehouse, told)
    except parcels.TooManyError as fault:
        counter.batch = None
        counter.notes = [(say("data.too_many", room.lang, count=fault.count, most=fault.most), True)]
    except RefusedError as fault:
        counter.batch = None
        counter.notes = [(_words(room, fault), True)]


def _again(counter: Counter) -> None:
    """Checks the same files once more, by what was explained since."""
    if counter.batch is not None:
        taken = [one.parcel for one in counter.batch.answers]
        counter.batch = desk.check(taken, inbox_folder(), warehouse_folder())


def _act(room: Place, counter: Counter) -> None:
    """Does what was clicked."""
    act = st.session_state.get("act")
    if not isinstance(act, dict) or not str(act["act"]).startswith("data:"):
        return
    del st.session_state["act"]
    counter.notes = []
    _, what, *rest = str(act["act"]).split(":", 3)
    if act.get("by", "").strip():
        st.session_state["by"] = act["by"].strip()
    try:
        do = _DO.get(what)
        if do is not None:
            do(room, counter, rest, act)
    except RefusedError as fault:
        counter.notes.append((_words(room, fault), True))


def _pick(room: Place, counter: Counter, rest: list[str], act: dict[str, str]) -> None:
    del room
    question = _question(counter, rest)
    if question is not None:
        counter.standing.picked[question.key] = rest[1] if len(rest) > 1 else act.get("meaning", "")
        counter.standing.different.pop(question.key, None)


def _remember(room: Place, counter: Counter, rest: list[str], act: dict[str, str], *, is_sure: bool = False) -> None:
    del act
    question = _question(counter, rest)
    if question is None or counter.batch is None or question.key not in counter.standing.picked:
        return
    meaning = counter.standing.picked[question.key]
    try:
        explaining.explain(
            counter.batch, question, meaning, inbox_folder(), by=_who(room), now=datetime.now(), is_sure=is_sure
        )
    except DifferentBeforeError as fault:
        counter.standing.different[question.key] = fault.before
        return
    counter.standing.picked.pop(question.key, None)
    counter.standing.different.pop(question.key, None)
    _again(counter)


def _sure(room: Place, counter: Counter, rest: list[str], act: dict[str, str]) -> None:
    _remember(room, counter, rest, act, is_sure=True)


def _keep(room: Place, counter: Counter, rest: list[str], act: dict[str, str]) -> None:
    del room, act
    question = _question(counter, rest)
    if question is not None:
        counter.standing.picked.pop(question.key, None)
        counter.standing.different.pop(question.key, None)
        _again(counter)


def _open(room: Place, counter: Counter, rest: list[str], act: dict[str, str]) -> None:
    del room, act
    number = int(rest[0])
    counter.standing.open = None if counter.standing.open == number else number


def _sender(room: Place, counter: Counter, rest: list[str], act: dict[str, str]) -> None:
    del room
    sender = parcels.safe_folder(act.get("sender", ""))
    if counter.batch is not None and sender:
        taken = [one.parcel for one in counter.batch.answers]
        taken[int(rest[0])] = replace(taken[int(rest[0])], sender=sender)
        counter.batch = desk.check(taken, inbox_folder(), warehouse_folder())


def _accept(room: Place, counter: Counter, rest: list[str], act: dict[str, str]) -> None:
    del rest, act
    if counter.batch is None:
        return
    written = desk.accept(counter.batch, inbox_folder(), warehouse_folder(), now=datetime.now())
    counter.notes.append((say("data.accepted", room.lang, count=len(written)), False))
    if written:
        _again(counter)
        _load(counter)


def _drop(room: Place, counter: Counter, rest: list[str], act: dict[str, str]) -> None:
    del room, rest, act
    counter.batch, counter.standing = None, data_desk.Standing()


def _undo(room: Place, counter: Counter, rest: list[str], act: dict[str, str]) -> None:
    del act
    explaining.undo(inbox_folder(), rest[0], by=_who(room), now=datetime.now())
    counter.notes.append((say("data.undone", room.lang), False))
    _again(counter)
    _load(counter)


def _withdraw(room: Place, counter: Counter, rest: list[str], act: dict[str, str]) -> None:
    del rest
    file = act.get("file", "")
    desk.withdraw(
        file, inbox_folder(), warehouse_folder(), by=_who(room), reason=act.get("reason", ""), now=datetime.now()
    )
    counter.notes.append((say("data.withdrawn_done", room.lang, file=file), False))
    _load(counter)


def _pair(room: Place, counter: Counter, rest: list[str], act: dict[str, str]) -> None:
    del room, rest
    counter.pair = (act.get("old", ""), act.get("new", ""))


_DO: Final[dict[str, Callable[[Place, Counter, list[str], dict[str, str]], None]]] = {
    "pick": _pick, "remember": _remember, "sure": _sure, "keep": _keep, "open": _open, "sender": _sender,
    "accept": _accept, "drop": _drop, "undo": _undo, "withdraw": _withdraw, "pair": _pair,
}  # fmt: skip


def _load(counter: Counter) -> None:
    counter.loading = desk.start_loading(inbox_folder(), warehouse_folder())


def _watch(room: Place, counter: Counter) -> None:
    """Says how far the load is; when it is done, shows the new version."""
    if counter.loading is None:
        return
    state = counter.loading.state()
    if state.is_over:
        counter.loading = None
        if state.version:
            counter.pair = None
            st.session_state.pop("version", None)
            counter.notes.append(
                (say("data.published", room.lang, when=numbers.moment(datetime.now(), room.lang)), False)
            )
        else:
            counter.notes.append((say("data.failed", room.lang, why=state.wrong[room.lang == "en"]), True))
        st.rerun(scope="app")
    key = "data.loading" if state.all else "data.loading_start"
    text = say(key, room.lang, done=state.done, count=state.all)
    room.show(room.part("data_loading.html", text=text), key="data_loading")


def _taken(room: Place, counter: Counter, asked: str) -> tuple[str, str, bytes]:
    """A marked workbook, or all answers."""
    batch = counter.batch
    if batch is not None and asked == "answers":
        return answers_of(batch, warehouse_folder(), room.lang)
    what, _, number = asked.partition("|")
    if batch is None or what != "marked":
        return "", "", b""
    name, content = desk.marked_workbook(batch, batch.answers[int(number)], room.lang)
    return name, XLSX, content


def _question(counter: Counter, rest: list[str]) -> Question | None:
    if counter.batch is None or not rest or not rest[0].isdigit() or int(rest[0]) >= len(counter.batch.questions):
        return None
    return counter.batch.questions[int(rest[0])]


def _who(room: Place) -> str:
    return str(st.session_state.get("by") or say("data.unnamed", room.lang))


def _words(room: Place, fault: RefusedError) -> str:
    return fault.zh if room.lang == "zh" else fault.en
