"""Every picture of a version by its name: the story of the page that it belongs to makes it, on screen or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from rapidfuzz import fuzz, process

from dashboard.published import Published
from dashboard.selection import Selection
from dashboard.stories.atoms import Figure

Told = Callable[[Published, Selection], tuple[Figure, ...]]


class UnknownFigureError(ValueError):
    """There is no such picture in this view: the name `given`, and the `valid` ones, nearest first."""

    def __init__(self, given: str, valid: tuple[str, ...]) -> None:
        """See the class."""
        super().__init__(f"unknown figure: {given}")
        self.given = given
        self.valid = valid


def figure(published: Published, selection: Selection, name: str) -> Figure:
    """The picture of that name in a view, such as `compare-dots`. Raises UnknownFigureError."""
    page = name.partition("-")[0]
    for one in of_page(published, selection, page) if page in STORIES else ():
        if one.id == name:
            return one
    valid = [one.id for one in figures(published, selection)]
    nearest = process.extract(name, valid, scorer=fuzz.WRatio, limit=None)
    raise UnknownFigureError(name, tuple(str(word) for word, _, _ in nearest))


def figures(published: Published, selection: Selection) -> tuple[Figure, ...]:
    """All pictures of a view, page by page."""
    return tuple(one for page in STORIES for one in of_page(published, selection, page))


def of_page(published: Published, selection: Selection, page: str) -> tuple[Figure, ...]:
    """The pictures of one page in a view. Raises KeyError for a page that draws none."""
    if page == "rating":  # a round moves on while the version stays
        return STORIES[page](published, selection)
    return published.made(("figures", page, selection), lambda: STORIES[page](published, selection))


def _meeting(published: Published, selection: Selection) -> tuple[Figure, ...]:
    from dashboard.stories.meeting import report

    return report(published, selection).figures


def _compare(published: Published, selection: Selection) -> tuple[Figure, ...]:
    from dashboard.stories.compare import compare

    return compare(published, selection).figures


def _map(published: Published, selection: Selection) -> tuple[Figure, ...]:
    from dashboard.stories.map import report

    return report(published, selection).figures


def _estate(published: Published, selection: Selection) -> tuple[Figure, ...]:
    from dashboard.stories.estate import estate_story

    return estate_story(published, selection).figures


def _rating(published: Published, selection: Selection) -> tuple[Figure, ...]:
    from dashboard.stories.rating import figures

    return figures(published, selection)


STORIES: Final[dict[str, Told]] = {
    "meeting": _meeting, "compare": _compare, "map": _map, "estate": _estate, "rating": _rating,
}  # fmt: skip
"""By the page that a picture's name begins with."""
