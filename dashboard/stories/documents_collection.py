"""图表汇编: the pictures that somebody chose, in their order, under their titles, with their comments."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboard import numbers
from dashboard.gallery import UnknownFigureError, figure
from dashboard.published import Published
from dashboard.selection import Choices, Selection, read_selection
from dashboard.stories.atoms import Figure
from dashboard.stories.figure_codes import traced
from dashboard.stories.meeting import street_of
from dashboard.stories.report import Block, Definition, Heading, Picture, Report
from dashboard.words import say
from pipelines.words import Language


@dataclass(frozen=True)
class Choice:
    """A picture that was added: its name, the view that it was in, and what was written to it."""

    figure: str
    view: tuple[tuple[str, str], ...] = ()
    title: str = ""
    comment: str = ""


class EmptyCollectionError(ValueError):
    """Nothing was chosen."""


class WrongCollectionError(ValueError):
    """A file of choices that can't be read; the text says where."""


def added(chosen: Sequence[Choice], one: Choice) -> tuple[Choice, ...]:
    """The list with a picture at its end; the same picture in the same view stands in it once."""
    if any((each.figure, each.view) == (one.figure, one.view) for each in chosen):
        return tuple(chosen)
    return (*chosen, one)


def dropped(chosen: Sequence[Choice], place: int) -> tuple[Choice, ...]:
    """The list without the picture at a place (from 0); a place that there is not changes nothing."""
    return tuple(one for at, one in enumerate(chosen) if at != place)


def moved(chosen: Sequence[Choice], place: int, by: int) -> tuple[Choice, ...]:
    """The list with the picture at a place further up (−1) or down (1), as far as the list goes."""
    if not 0 <= place < len(chosen):
        return tuple(chosen)
    rest = [one for at, one in enumerate(chosen) if at != place]
    rest.insert(min(max(place + by, 0), len(rest)), chosen[place])
    return tuple(rest)


def worded(chosen: Sequence[Choice], place: int, title: str, comment: str) -> tuple[Choice, ...]:
    """The list with another title and comment at a place; an empty title is the picture's own."""
    return tuple(
        replace(one, title=title.strip(), comment=comment.strip()) if at == place else one
        for at, one in enumerate(chosen)
    )


def dumps(chosen: Sequence[Choice]) -> str:
    """The list as JSON, for a file or a session."""
    plain = [
        {"figure": one.figure, "view": dict(one.view), "title": one.title, "comment": one.comment} for one in chosen
    ]
    return json.dumps(plain, ensure_ascii=False, indent=1)


def loads(text: str) -> tuple[Choice, ...]:
    """The list that `dumps` wrote, or somebody by hand. Raises WrongCollectionError."""
    try:
        plain = json.loads(text)
    except ValueError as fault:
        raise WrongCollectionError(str(fault)) from fault
    if not isinstance(plain, list):
        raise WrongCollectionError("not a list")
    found = []
    for place, one in enumerate(plain, 1):
        if not isinstance(one, dict) or not isinstance(one.get("figure"), str):
            raise WrongCollectionError(f"{place}: figure")
        view = one.get("view", {})
        if not isinstance(view, dict):
            raise WrongCollectionError(f"{place}: view")
        words = tuple(sorted((str(key), str(value)) for key, value in view.items()))
        found.append(Choice(one["figure"], words, str(one.get("title", "")), str(one.get("comment", ""))))
    return tuple(found)


def collection(published: Published, chosen: Sequence[Choice], lang: Language) -> Report:
    """The document of the chosen pictures. Raises EmptyCollectionError, UnknownFigureError."""
    if not chosen:
        raise EmptyCollectionError
    blocks: list[Block] = []
    terms: dict[str, None] = {}
    for place, one in enumerate(chosen, 1):
        shown = drawn(published, one, lang)
        title = one.title or shown.title
        blocks.append(Heading(_numbered(place, title, lang), 1))
        code = traced(published, _view(published, one, lang), one.figure)
        shown = replace(shown, title=title, footnote=replace(shown.footnote, code=code))
        blocks.append(Picture(shown, one.comment))
        if shown.footnote.definition:
            terms.setdefault(shown.footnote.definition)
    street = street_of(published)
    return Report(
        kind="collection",
        title=say("documents.collection_title", lang, street=street),
        subtitle=numbers.day(published.as_of, lang, year=True),
        edition="internal",
        lang=lang,
        period="",
        scope=say("meeting.as_of", lang, as_of=numbers.day(published.as_of, lang, year=True)),
        street=street,
        blocks=tuple(blocks),
        definitions=tuple(Definition(_numbered(place, "", lang), text) for place, text in enumerate(terms, 1)),
        version=published.version,
        as_of=numbers.day(published.as_of, lang, year=True),
        is_official=False,
    )


def drawn(published: Published, one: Choice, lang: Language) -> Figure:
    """The figure of a choice, as the page draws it. Raises UnknownFigureError."""
    return figure(published, _view(published, one, lang), one.figure)


def _numbered(place: int, title: str, lang: Language) -> str:
    return f"{place}. {title}".strip() if lang == "en" or place > len(_NUMERALS) else f"{_NUMERALS[place - 1]}、{title}"


_NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")


def _view(published: Published, one: Choice, lang: Language) -> Selection:
    desk = published.desk
    bases = tuple(dict.fromkeys(basis for metric in desk.metrics.values() for basis in metric.bases))
    groups = tuple(str(group) for group in desk.places["peer_group"].drop_nulls().unique().to_list())
    choices = Choices(tuple(desk.metrics), bases, desk.subjects("estate"), groups)
    view, mistakes = read_selection({**dict(one.view), "lang": lang}, choices)
    if mistakes:
        raise UnknownFigureError(f"{one.figure} ({mistakes[0].given})", ())
    return view
