"""Prepares the pages that people ask for first, beside the server: when it starts, and after each new version.

It asks over a connection of its own, so that nobody waits for it, and lays what it made into the version's store, where
the pages look before they make anything. A page that was not prepared is made when it is asked for.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Final

from dashboard.published import HEADLINES, Published, open_version, opened, version_of
from dashboard.selection import Selection
from pipelines.metrics.desk import OldWarehouseError
from pipelines.warehouse import NoWarehouseError
from pipelines.words import Language

LOOK_SECONDS: Final = 2.0
BREATH_SECONDS: Final = 0.05
"""At least this long between two pages, and as long as the last one took: half of the time is for those who ask."""
ESTATES: Final = 60
"""In a larger street the pages of the other estates are made when they are asked for."""
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
log: Final = logging.getLogger("lianping")


def start(folder: Path) -> Event:
    """Keeps the pages of a warehouse prepared in a thread of its own, until the event that it gives is set."""
    over = Event()
    Thread(target=_keep, args=(folder, over), name="warming", daemon=True).start()
    return over


def asked_first(published: Published) -> Iterator[tuple[str, Selection]]:
    """The pages and views in the order in which they are prepared."""
    for lang in LANGUAGES:
        for page in ("", "compare", "map", "estate", "definitions"):
            yield page, Selection(lang=lang)
    for lang in LANGUAGES:
        for page in ("compare", "map"):
            for metric in HEADLINES:
                yield page, Selection(lang=lang, metric=metric)
    for estate in list(published.desk.subjects("estate"))[:ESTATES]:
        yield "estate", Selection(estate=estate)


def warm(published: Published, over: Event) -> None:
    """Makes the pages asked for first, until all are made, or a newer version stands, or it is over."""
    apart = open_version(published.folder)
    breath = BREATH_SECONDS
    for page, selection in asked_first(apart):
        if over.wait(breath) or not version_of(apart.folder) == apart.version == published.version:
            return
        begun = time.monotonic()
        prepare(page, apart, selection)
        breath = max(BREATH_SECONDS, time.monotonic() - begun)
        published.take_over(apart)


def prepare(page: str, published: Published, selection: Selection) -> None:
    """Makes one page in a view, as its own view would, and shows it to nobody."""
    from dashboard.stories.actions import standing
    from dashboard.views import compare, definitions, estate, meeting, street_map
    from dashboard.views.room import Room, inbox_folder

    room = Room(page, published, selection, ())
    if page == "compare":
        compare.prepared(room)
    elif page == "map":
        street_map.prepared(room)
    elif page == "estate":
        estate.prepared(room)
    elif page == "definitions":
        definitions.prepared(room)
    else:
        meeting.prepared(room, standing(published, inbox_folder()))


def _keep(folder: Path, over: Event) -> None:
    done = ""
    while not over.is_set():
        version = version_of(folder)
        if version is not None and version != done:
            done = version
            try:
                warm(opened(folder, version), over)
            except (NoWarehouseError, OldWarehouseError):
                log.info("nothing to prepare in %s", folder)
            except Exception:
                # The page itself will say what is wrong when somebody asks for it.
                log.exception("pages of version %s were not prepared", version)
        over.wait(LOOK_SECONDS)
