"""What is wrong with the reports themselves: not sent, incomplete, faulty, or to be verified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final

from dashboard import numbers
from dashboard.charts.times import Squares
from dashboard.stories.atoms import Link
from dashboard.stories.news.shape import Signal, Since
from dashboard.words import say
from pipelines.metrics.periods import Period
from pipelines.words import Language

DATA: Final = Link("data")


def found(since: Since) -> Iterator[Signal]:
    """What is wrong with what was sent since the meeting before, or with what was not."""
    yield from _missing(since)
    yield from _silent(since)
    yield from _refused(since)
    yield from _checks(since)


def missing_words(row: Mapping[str, Any], lang: Language) -> str:
    """What of a community's reports (a row of `meeting_late`) has not come, as a sentence without the community."""
    missing = len(row["missing"] or ())
    key = "missing_since" if row["covered_to"] else "missing_kind"
    return say(
        f"meeting.{key}",
        lang,
        period=numbers.period(Period(row["period_start"], row["period_end"]), lang),
        kind=say(f"meeting.kind_name_{row['kind']}", lang),
        due=numbers.day(row["due_on"], lang),
        covered=numbers.day(row["covered_to"], lang),
        estates=say("meeting.missing_count", lang, count=missing) if missing else "",
    )


def _missing(since: Since) -> Iterator[Signal]:
    for row in since.published.rows("meeting_late", since=since.before).to_dicts():
        missing, reported = row["missing"] or (), row["reported"] or ()
        words = (
            say("meeting.missing_words_have", since.lang, count=len(reported)),
            say("meeting.missing_words_not", since.lang, count=len(missing)),
        )
        squares = Squares(
            tuple((name, "reported") for name in reported) + tuple((name, "missing") for name in missing), words
        )
        yield since.signal(
            "missing",
            "same",
            str(row["community"]),
            missing_words(row, since.lang),
            squares if missing else None,
            weight=len(missing) or 1,
            link=DATA,
        )


def _silent(since: Since) -> Iterator[Signal]:
    """Estates that their community left out of what it sent."""
    for row in since.published.rows("meeting_missing", before=since.before, as_of=since.as_of).to_dicts():
        sentence = say(
            "meeting.silent",
            since.lang,
            community=row["community"],
            period=numbers.period(Period(row["period_start"], row["period_end"]), since.lang),
            kind=say(f"meeting.kind_name_{row['kind']}", since.lang),
        )
        yield since.signal("missing", "same", str(row["estate"]), sentence)


def _refused(since: Since) -> Iterator[Signal]:
    known = datetime.combine(since.before + timedelta(days=1), time())
    for row in since.published.rows("meeting_refused", since=known).to_dicts():
        word = "refused_file" if row["status"] == "rejected" else "refused_rows"
        file = str(row["source_file"]).rsplit("/", 1)[-1]
        sentence = say(f"meeting.{word}", since.lang, file=file, count=row["rows_quarantined"])
        weight = float(row["rows_quarantined"] or 0)
        yield since.signal("refused", "same", str(row["sender"]) or file, sentence, weight=weight, link=DATA)


def _checks(since: Since) -> Iterator[Signal]:
    for row in since.published.rows("meeting_checks", since=since.before, as_of=since.as_of).to_dicts():
        text = str(row["zh" if since.lang == "zh" else "en"])
        subject = str(row["subject"])
        for lead in (f"{subject} ", f"{subject}：", f"{subject}: ", f"{subject}, "):
            text = text.removeprefix(lead)
        yield since.signal("check", "same", subject, text)
