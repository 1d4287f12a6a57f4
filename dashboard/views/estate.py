"""小区: the page at /estate."""

from __future__ import annotations

from dashboard.printers.taking import taken
from dashboard.stories.actions import standing
from dashboard.stories.estate import estate_story
from dashboard.views.room import Room, inbox_folder, shown


def page() -> None:
    """Shows the page."""
    shown("estate", _fill)


def _fill(room: Room) -> None:
    published, selection = room.published, room.selection
    room.show(prepared(room), take=lambda asked: taken(published, selection, asked))


def prepared(room: Room) -> str:
    """The page's HTML, made once a view and state of the actions."""
    published, selection = room.published, room.selection
    actions = standing(published, inbox_folder())
    story = published.made(("estate", selection, actions), lambda: estate_story(published, selection, actions))
    key = ("estate html", selection, actions, room.mistakes)
    return published.made(key, lambda: room.html("estate.html", story=story))
