"""What stands under the comparison's pictures on paper: definition, sample, period, day of data, source, version."""

from __future__ import annotations

from collections.abc import Callable

from dashboard import numbers
from dashboard.published import Published
from dashboard.stories.atoms import Footnote
from dashboard.stories.compare_peers import Standing
from dashboard.stories.compare_view import View
from dashboard.words import say

FILES: int = 2
"""So many source files are named; more are counted."""


def footnotes(published: Published, view: View, found: tuple[Standing, ...]) -> Callable[[str], Footnote]:
    """Makes the footnote of a figure of the page by its id. The quadrants speak of cost and satisfaction."""

    def note(code: str) -> Footnote:
        names = ("satisfaction_rate", "cost_per_m2_month") if code == "compare-quadrants" else (view.metric.id,)
        metrics = [published.metric(name) for name in names]
        sources = sorted({one for metric in metrics for one in metric.sources})
        return Footnote(
            definition=" ".join(one.definition_zh if view.lang == "zh" else one.definition_en for one in metrics),
            sample=_sample(published, view, found),
            period=numbers.period(view.period, view.lang),
            as_of=numbers.day(published.as_of, view.lang, year=True),
            source=_source(published, view, sources),
            version=published.version,
            code=code,
        )

    return note


def listed(published: Published, found: tuple[Standing, ...]) -> tuple[Standing, ...]:
    """The estates without names that no register lists and that have no figure: of these nothing is missing."""
    unknown = frozenset(published.desk.unregistered)
    return tuple(one for one in found if one.value.value is not None or one.subject not in unknown)


def _sample(published: Published, view: View, found: tuple[Standing, ...]) -> str:
    known = [one.value for one in found if one.value.value is not None]
    coverage = say("compare.note_estates", view.lang, count=len(known), of=len(listed(published, found)))
    if view.metric.kind == "stock" or not {"surveys", "tickets"} & set(view.metric.sources):
        return coverage
    total = numbers.number(sum(one.n or 0.0 for one in known))
    key = "compare.note_answers" if "surveys" in view.metric.sources else "compare.note_tickets"
    return say("compare.between", view.lang).join((coverage, say(key, view.lang, count=total)))


def _source(published: Published, view: View, sources: list[str]) -> str:
    rows = published.rows("compare_files", sources=sources, first=view.period.start, last=view.period.end)
    files = rows["source_file"].to_list()
    named = say("compare.and", view.lang).join(files[:FILES])
    if len(files) <= FILES:
        return named or numbers.NONE
    return say("compare.note_files", view.lang, names=named, count=len(files))
