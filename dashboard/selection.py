"""What is looked at, as the page's address says it: language, period, metric, estate, peers. Checked word by word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Literal, cast
from urllib.parse import quote, urlencode

from rapidfuzz import fuzz, process

from pipelines.metrics.periods import PeriodError, read_period
from pipelines.words import Language

NEAREST: Final = 3
EVERYBODY: Final = ""

PAGES: Final = ("", "compare", "map", "estate", "rating", "definitions", "data")
"""The pages in the order of the bar, by their names in an address; the first is the meeting."""

Show = Literal["", "projector"]


@dataclass(frozen=True)
class Selection:
    """A view. Empty texts mean the page's own default. `peers` is a peer group, `meeting` a frozen one's name.

    Of a rating: `by` estate (default: company), its `round`, the `subject` whose account is read, who is `picked` on
    the board, the `part` of the page, and the weights and thresholds of a `trial`. `code`: the trace code looked up.
    """

    lang: Language = "zh"
    period: str = ""
    metric: str = ""
    basis: str = ""
    estate: str = ""
    peers: str = EVERYBODY
    show: Show = ""
    meeting: str = ""
    by: str = ""
    round: str = ""
    subject: str = ""
    picked: str = ""
    part: str = ""
    trial: str = ""
    code: str = ""

    def query(self, **changes: str) -> dict[str, str]:
        """The view with some words changed, as an address has it: what is default is left out."""
        wanted = replace(self, **cast("Mapping[str, Any]", changes))
        plain = Selection()
        return {
            one.name: str(value)
            for one in fields(self)
            if (value := getattr(wanted, one.name)) != getattr(plain, one.name)
        }

    def in_language(self, lang: Language) -> Selection:
        """The same view in a language."""
        return replace(self, lang=lang)

    def href(self, page: str = "", **changes: str) -> str:
        """The address of a page in this view with some words changed. The first page is ``""``."""
        query = urlencode(self.query(**changes), quote_via=quote)
        return f"/{page}" + (f"?{query}" if query else "")


@dataclass(frozen=True)
class Choices:
    """The words that a version knows, for checking an address."""

    metrics: Sequence[str]
    bases: Sequence[str]
    estates: Sequence[str]
    peers: Sequence[str]


@dataclass(frozen=True)
class Mistake:
    """A word of the address that there is not: which one, what was given, and the nearest that there are."""

    what: str
    given: str
    nearest: tuple[str, ...] = ()


def read_selection(query: Mapping[str, str], choices: Choices) -> tuple[Selection, tuple[Mistake, ...]]:
    """The view that an address asks for, and what is wrong with it: wrong words become the default."""
    mistakes: list[Mistake] = []

    def known(what: str, valid: Sequence[str]) -> str:
        given = query.get(what, "").strip()
        if not given or given in valid:
            return given
        near = process.extract(given, valid, scorer=fuzz.WRatio, limit=NEAREST)
        mistakes.append(Mistake(what, given, tuple(str(one[0]) for one in near)))
        return ""

    period = query.get("period", "").strip()
    if period:
        try:
            read_period(period)
        except PeriodError:
            mistakes.append(Mistake("period", period))
            period = ""
    return (
        Selection(
            lang="en" if query.get("lang") == "en" else "zh",
            period=period,
            metric=known("metric", choices.metrics),
            basis=known("basis", choices.bases),
            estate=known("estate", choices.estates),
            peers=known("peers", choices.peers),
            show="projector" if query.get("show") == "projector" else "",
            meeting=query.get("meeting", "").strip(),
            by="estate" if query.get("by") == "estate" else "",
            round=query.get("round", "").strip(),
            subject=query.get("subject", "").strip(),
            picked=query.get("picked", "").strip(),
            part=query.get("part", "").strip(),
            trial=query.get("trial", "").strip(),
            code=query.get("code", "").strip(),
        ),
        tuple(mistakes),
    )
