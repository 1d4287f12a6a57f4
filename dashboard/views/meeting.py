"""例会: the page at /."""

from __future__ import annotations

from dashboard.views.room import Room, shown


def page() -> None:
    """Shows the page."""
    shown("", _fill)


def _fill(room: Room) -> None:
    room.show(room.html("state.html", title="", steps=(), lines=(), links=(), code=""))
