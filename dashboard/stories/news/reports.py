"""What is wrong with the reports themselves: not sent, incomplete, faulty, or to be verified."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final

from dashboard import numbers
from dashboard.charts.times import Squares
from dashboard.stories.atoms import Link
from dashboard.stories.news.shape import Signal, Since
from dashboard.words import say
from pipelines.metrics.periods import Period

DATA: Final = Link("data")


def found(since: Since) -> Iterator[Signal]:
    """What is wrong with what was sent since the meeting before, or with what was not."""
    yield from _missing(since)
    yield from _silent(since)
    yield from _refused(since)
    yield from _checks(since)


def _missing(since: Since) -> Iterator[Signal]:
    for row in since.published.rows("meeting_late", since=since.before).to_dicts():
        period = numbers.period(Period(row["period_start"], row["period_end"]), since.lang)
        told = {
            "period": period,
            "kind": say(f"meeting.kind_name_{row['kind']}", since.lang),
            "due": numbers.day(row["due_on"], since.lang),
        }
        missing, chart = row["missing"] or [], None
        if row["covered_to"]:
            covered = numbers.day(row["covered_to"], since.lang)
            sentence = say("meeting.missing_since", since.lang, **told, covered=covered, count=len(missing))
        elif missing:
            sentence = say("meeting.missing_estates", since.lang, **told, count=len(missing))
        else:
            sentence = say("meeting.missing_kind", since.lang, **told)
        if missing:
            reported = row["reported"] or []
            chart = Squares(
                tuple((name, "reported") for name in reported) + tuple((name, "missing") for name in missing),
                (
                    say("meeting.missing_words_have", since.lang, count=len(reported)),
                    say("meeting.missing_words_not", since.lang, count=len(missing)),
                ),
            )
        yield since.signal(
            "missing", "same", str(row["community"]), sentence, chart, weight=len(missing) or 1, link=DATA
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
