"""The trace code of a picture of a page: what its figures are of, for whom and when; none where it shows no metric."""

from __future__ import annotations

from dashboard.published import HEADLINES, Published
from dashboard.selection import Selection
from dashboard.stories.compare_view import view_of
from dashboard.stories.estate import EstateStory, estate_story
from dashboard.stories.headline import Headline, headline
from dashboard.stories.meeting import street_of
from dashboard.words import say
from pipelines.tracing.codes import code_of


def traced(published: Published, view: Selection, name: str) -> str:
    """The code of the picture `name` in a view, such as 2025Q2-R3576; several are joined; empty for none."""
    page, _, what = name.partition("-")
    if page == "meeting" and what in HEADLINES:
        return _of(headline(published, what, "street", street_of(published), view.lang))
    if page == "estate":
        return _of_estate(published, view, what)
    if page == "compare" or name == "map":
        shown = view_of(published, view)
        metrics = [published.metric("cost_per_m2_month"), published.metric("satisfaction_rate")]
        if what != "quadrants":
            metrics = [shown.metric]
        codes = [
            code_of(one.id, shown.period, "estate", "", shown.basis if shown.basis in one.bases else one.bases[0])
            for one in metrics
        ]
        return say("report.and", view.lang).join(codes)
    return ""


def _of(one: Headline) -> str:
    return "" if one.reason else code_of(one.metric, one.period, one.value.by, one.value.subject, one.value.basis)


def _of_estate(published: Published, view: Selection, what: str) -> str:
    def made() -> EstateStory:
        return estate_story(published, view)

    story = published.made(("estate story", view), made)
    for one in story.fours:
        if one.headline.metric == what:
            return _of(one.headline)
    known = {
        "tickets": ("closure_median_hours", story.tickets.period),
        "ageing": ("closure_median_hours", story.tickets.period),
        "expenses": ("cost_per_m2_month", story.money.period),
    }
    if what not in known:
        return ""
    metric, period = known[what]
    return code_of(metric, period, "estate", story.name, published.metric(metric).bases[0])
