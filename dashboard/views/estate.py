"""小区: the page at /estate."""

from __future__ import annotations

from dashboard.views.room import Room, shown


def page() -> None:
    """Shows the page."""
    shown("estate", _fill)


def _fill(room: Room) -> None:
    room.show(room.html("state.html", title="", steps=(), lines=(), links=(), code=""))
