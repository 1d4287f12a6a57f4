"""Where every page stands: which version and view it shows, what must be said above it, and where its clicks go."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from dashboard import numbers
from dashboard.published import Published, opened, version_of
from dashboard.screen.component import ahead, mount
from dashboard.screen.printing import page_html
from dashboard.selection import PAGES, Choices, Mistake, Selection, read_selection
from dashboard.stories.report import NotReportedError
from dashboard.views.collecting import collect
from dashboard.words import say
from pipelines.metrics.desk import OldWarehouseError
from pipelines.warehouse import NoWarehouseError, chosen_folder
from pipelines.words import Language

NEW_VERSION_SECONDS: Final = 10
log: Final = logging.getLogger("lianping")


@dataclass(frozen=True)
class News:
    """A line above the page, with links (word, address)."""

    text: str
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Room:
    """A page being shown: its address, the version and the view."""

    page: str
    published: Published
    selection: Selection
    mistakes: tuple[Mistake, ...]

    @property
    def lang(self) -> Language:
        """The language of the view."""
        return self.selection.lang

    def html(self, template: str, *, more_news: Sequence[News] = (), **values: object) -> str:
        """The page's HTML with the bar and the news above it."""
        street = str(next(iter(self.published.desk.subjects("street")), ""))
        news = [*more_news, *self._news()]
        return page_html(template, self.selection, **_frame(self.page, self.lang, street), news=news, **values)

    def part(self, template: str, **values: object) -> str:
        """A part of the page's HTML, without the bar."""
        return page_html(template, self.selection, here=self.page, **values)

    def show(
        self, html: str, *, key: str = "page", take: Callable[[str], tuple[str, str, bytes]] | None = None
    ) -> None:
        """Puts HTML on the screen. `take` makes the file that a download asks for: name, media type, bytes."""
        put(html, self.page, self.selection, key, take or self._taken)

    def _taken(self, asked: str) -> tuple[str, str, bytes]:
        from dashboard.printers.taking import taken

        return taken(self.published, self.selection, asked)

    def _news(self) -> list[News]:
        return [_mistaken(self.selection, self.page, one) for one in self.mistakes if one.what != "estate"]


@dataclass(frozen=True)
class EmptyRoom:
    """A page that can be shown before anything was published."""

    page: str
    selection: Selection

    @property
    def lang(self) -> Language:
        """The language of the view."""
        return self.selection.lang

    def html(self, template: str, **values: object) -> str:
        """The page's HTML with the bar above it."""
        return page_html(template, self.selection, **_frame(self.page, self.lang, ""), news=(), **values)

    def part(self, template: str, **values: object) -> str:
        """A part of the page's HTML, without the bar."""
        return page_html(template, self.selection, here=self.page, **values)

    def show(
        self, html: str, *, key: str = "page", take: Callable[[str], tuple[str, str, bytes]] | None = None
    ) -> None:
        """Puts HTML on the screen. `take` makes the file that a download asks for: name, media type, bytes."""
        put(html, self.page, self.selection, key, take)


def put(
    html: str, page: str, selection: Selection, key: str, take: Callable[[str], tuple[str, str, bytes]] | None
) -> None:
    """Puts HTML on the screen as the component `key`, with the file that was asked for, if one was."""
    data: dict[str, object] = {
        "html": html,
        "stamp": hashlib.blake2b(html.encode(), digest_size=12).hexdigest(),
        "lang": selection.lang,
        "title": say("page.title", selection.lang, page=_word(page, selection.lang)),
        "busy": say("page.busy", selection.lang),
        "show": selection.show or "desk",
        "screens": True,
        "ahead": ahead() if key == "page" else [],
    }
    asked = st.session_state.pop("take", None)
    if asked is not None and take is not None:
        try:
            name, media, content = take(asked)
        except NotReportedError as fault:
            data["refused"] = say("page.report_failed", selection.lang, what=fault)
        else:
            data["file"] = {
                "name": name,
                "type": media,
                "content": base64.b64encode(content).decode(),
                "stamp": datetime.now().isoformat(),
            }
    mount(key, data, _told)


def handed_in(key: str, number: int, lang: Language, most_mb: int) -> list[tuple[str, bytes]]:
    """The files (name, bytes) put into an upload box; the next `number` is a new, empty one. `key` begins upload_."""
    with st.container(key=key):
        uploads = st.file_uploader(
            say("data.upload_label", lang),
            accept_multiple_files=True,
            key=f"{key}_{number}",
            label_visibility="collapsed",
            max_upload_size=most_mb,
        )
    return [(one.name, one.getvalue()) for one in uploads]


def warehouse_folder() -> Path:
    """The folder of the warehouse that is shown."""
    return chosen_folder(None)


def inbox_folder() -> Path:
    """The folder of submissions that the warehouse is made of."""
    return Path(os.environ.get("LIANPING_RAW", "data/raw"))


def enter(page: str) -> Room | None:
    """The room of a page, or None where there is nothing to show and the page has said what to do first."""
    query = st.query_params.to_dict()
    lang: Language = "en" if query.get("lang") == "en" else "zh"
    try:
        published = _published()
    except NoWarehouseError:
        _state(page, lang, "empty_title", steps=("empty_1", "empty_2", "empty_3"), lines=("empty_demo",))
        return None
    except OldWarehouseError:
        _state(page, lang, "old_title", lines=("old_body",))
        return None
    selection, mistakes = read_selection(query, _choices(published))
    room = Room(page, published, selection, mistakes)
    for one in mistakes:
        if one.what == "estate":
            _unknown_estate(room, one)
            return None
    return room


def shown(page: str, fill: Callable[[Room], None]) -> None:
    """Runs a page. A fault of the program is logged under a code, and the page says so instead of failing."""
    room = enter(page)
    if room is None:
        return
    if collect(room.selection):
        st.query_params.from_dict({"page": "collection", "lang": room.lang})
        st.rerun()
    try:
        fill(room)
    except Exception as fault:
        if type(fault).__module__.startswith("streamlit"):
            raise
        code = hashlib.blake2b(repr(fault).encode(), digest_size=4).hexdigest()
        log.exception("page %s failed, code %s", page or "meeting", code)
        _state(page, room.lang, "failed_title", lines=("failed_body",), code=code)
    _watch(room)


def follow() -> str:
    """Goes where the last click led, and gives the name of the page to show.

    All pages stand at one address and differ in its words: so a click changes the page in place, and nothing is asked
    of the server twice.
    """
    address = st.session_state.pop("go", None)
    if address is not None:
        parts = urlsplit(address)
        page = parts.path.strip("/")
        st.query_params.from_dict({**({"page": page} if page else {}), **dict(parse_qsl(parts.query))})
    return str(st.query_params.get("page", ""))


def nowhere(page: str) -> None:
    """Says that there is no such page, and which there are."""
    lang: Language = "en" if st.query_params.get("lang") == "en" else "zh"
    links = [(_word(one, lang), Selection(lang=lang).href(one), "") for one in PAGES]
    _state("", lang, "no_page", links=links, given=page)


def _told(what: str, value: str) -> None:
    st.session_state[what] = json.loads(value) if what == "act" else value


def _published() -> Published:
    """The version that this visitor began with; the newest for who has just come."""
    published = opened(warehouse_folder(), st.session_state.get("version"))
    st.session_state["version"] = published.version
    return published


def _choices(published: Published) -> Choices:
    def made() -> Choices:
        desk = published.desk
        bases = dict.fromkeys(basis for one in desk.metrics.values() for basis in one.bases)
        return Choices(tuple(desk.metrics), tuple(bases), desk.subjects("estate"), desk.subjects("peer_group"))

    return published.made(("choices",), made)


def _word(page: str, lang: Language) -> str:
    return say(f"page.{page or 'meeting'}", lang)


def _frame(page: str, lang: Language, street: str) -> dict[str, object]:
    return {
        "pages": [(one, _word(one, lang)) for one in PAGES],
        "here": page,
        "here_word": _word(page, lang),
        "other_lang": "zh" if lang == "en" else "en",
        "street": street,
    }


def _mistaken(selection: Selection, page: str, one: Mistake) -> News:
    links = tuple((name, selection.href(page, **{one.what: name})) for name in one.nearest)
    return News(say(f"page.wrong_{one.what}", selection.lang, given=one.given), links)


def _unknown_estate(room: Room, one: Mistake) -> None:
    places = room.published.desk.places
    about = {
        name: (community, count)
        for name, community, count in places.select("estate", "community", "households").iter_rows()
    }
    links = [
        (name, room.selection.href(room.page, estate=name), _where(about.get(name), room.lang)) for name in one.nearest
    ]
    title = say("page.wrong_estate", room.lang, given=one.given)
    room.show(room.html("state.html", title=title, steps=(), lines=(), links=links, code=""))


def _where(about: tuple[str | None, int | None] | None, lang: Language) -> str:
    if about is None:
        return ""
    return "，".join(one for one in (about[0], numbers.households(about[1], lang) if about[1] else None) if one)


def _state(
    page: str,
    lang: Language,
    title: str,
    *,
    steps: tuple[str, ...] = (),
    lines: tuple[str, ...] = (),
    links: Sequence[tuple[str, str, str]] = (),
    code: str = "",
    given: str = "",
) -> None:
    texts = {
        "title": say(f"page.{title}", lang, given=given),
        "steps": [say(f"page.{one}", lang) for one in steps],
        "lines": [say(f"page.{one}", lang) for one in lines],
        "links": links,
        "code": code,
        "news": (),
    }
    html = page_html("state.html", Selection(lang=lang), **_frame(page, lang, ""), **texts)
    data = {"html": html, "stamp": html, "lang": lang, "title": say("page.title", lang, page=_word(page, lang))}
    mount("page", data, _told)


def _watch(room: Room) -> None:
    """Says when a newer version was published; the page stays as it is until somebody asks for it."""
    st.fragment(partial(_newer, room), run_every=NEW_VERSION_SECONDS)()


def _newer(room: Room) -> None:
    act = st.session_state.get("act")
    if isinstance(act, dict) and act.get("act") == "refresh":
        del st.session_state["act"], st.session_state["version"]
        st.rerun(scope="app")
    newest = version_of(warehouse_folder())
    html = ""
    if newest is not None and newest != room.published.version:
        html = page_html(
            "newer.html",
            room.selection,
            text=say(
                "page.new_version",
                room.lang,
                when=_made_at(newest, room.lang),
                before=numbers.day(room.published.as_of, room.lang),
            ),
        )
    mount("newer", {"html": html, "stamp": html or "none"}, _told)


def _made_at(version: str, lang: Language) -> str:
    return numbers.moment(datetime.strptime(version.split("-", maxsplit=1)[0], "%Y%m%dT%H%M%S"), lang)
