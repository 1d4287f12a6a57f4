"""What the data page says of versions: which there are, and what changed between two of them because of which file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dashboard import numbers
from dashboard.published import Published
from dashboard.words import say
from pipelines.metrics.periods import Period
from pipelines.receiving.desk import RefusedError
from pipelines.receiving.explaining import remembered
from pipelines.receiving.versions import FigureChange, FileChange, changes_between, versions_of
from pipelines.warehouse import NoWarehouseError, versions
from pipelines.words import Language

SHOWN = 30
"""Figures that a changed file explains."""
OTHERS, LEAST = 6, 12
"""Further ones, which moved with the as-of date or an explanation; and how many lines there are at least."""


@dataclass(frozen=True)
class FileLine:
    """A file that changed: how, which, from whom, and why."""

    how: str
    file: str
    why: str


@dataclass(frozen=True)
class FigureLine:
    """A figure that moved; `estate` is "" for one of the street or a community, `code` the period in an address."""

    figure: str
    subject: str
    estate: str
    metric: str
    code: str
    period: str
    before: str
    after: str
    because: str


@dataclass(frozen=True)
class Versions:
    """The versions (name, text), the two compared, and what changed from one to the other."""

    choices: tuple[tuple[str, str], ...]
    old: str
    new: str
    files: tuple[FileLine, ...]
    heading: str
    figures: tuple[FigureLine, ...]


def known(published: Published) -> tuple[str, ...]:
    """The names of the versions that are there now."""
    return tuple(versions(published.folder))


def report(published: Published, inbox: Path, lang: Language, pair: tuple[str, str] | None = None) -> Versions:
    """The versions, and what changed between `pair` (older, newer), by default the last two."""
    found = versions_of(published.folder)
    choices = tuple(
        (one.name, _version(one.built_at, one.files, is_shown=one.name == published.version, lang=lang))
        for one in found
    )
    names = [one.name for one in found]
    if len(names) < 2:
        return Versions(choices, "", "", (), "", ())
    wanted = sorted(pair) if pair and set(pair) <= set(names) else [names[1], names[0]]
    try:
        changes = changes_between(published.folder, inbox, wanted[0], wanted[1])
    except NoWarehouseError:
        return Versions(choices, "", "", (), "", ())
    built = {one.name: one.built_at for one in found}
    told = _explained(inbox, built[wanted[0]], built[wanted[1]], lang)
    ranked = sorted(changes.figures, key=_rank)
    because = [one for one in ranked if one.files][:SHOWN]
    lines = [_figure(published, one, lang) for one in [*because, *[one for one in ranked if not one.files][:200]]]
    shown = [one for one in lines if one.before != one.after][: max(len(because) + OTHERS, LEAST)]
    heading = "changed_figures" if changes.figures else "no_figures" if changes.files or told else "changes_none"
    return Versions(
        choices,
        wanted[0],
        wanted[1],
        (*(_file(one, lang) for one in changes.files), *told),
        say(f"data.{heading}", lang, count=numbers.number(len(changes.figures)), shown=len(shown)),
        tuple(shown),
    )


def _explained(inbox: Path, since: datetime, until: datetime, lang: Language) -> tuple[FileLine, ...]:
    """What was explained, or undone, between two versions. A file that can't be read is told of elsewhere."""
    try:
        listed = remembered(inbox)
    except RefusedError:
        return ()
    lines = []
    for one in listed:
        meaning = one.zh if lang == "zh" else one.en
        key = "data.memory_sheet" if one.what == "sheet" else "data.memory_line"
        text = f"{one.sender} " + say(key, lang, word=one.word, meaning=meaning)
        for how, who, when in (("explained", one.by, one.at), ("unexplained", one.undone_by, one.undone_at)):
            if when is not None and since < when <= until:
                by = say("data.memory_by", lang, by=who, day=numbers.moment(when, lang))
                lines.append(FileLine(say(f"data.file_{how}", lang), text.strip(), by))
    return tuple(lines)


def _version(built_at: datetime, files: int, *, is_shown: bool, lang: Language) -> str:
    text = say("data.version_line", lang, when=numbers.moment(built_at, lang), files=numbers.number(files))
    comma = "，" if lang == "zh" else ", "
    return text + (comma + say("data.version_now", lang) if is_shown else "")


def _rank(one: FigureChange) -> tuple[bool, int, int, str]:
    """What a changed file explains, the street, the latest first."""
    level = ("street", "community", "estate").index(one.level)
    return not one.files, level, -one.last.toordinal(), one.subject


def _file(one: FileChange, lang: Language) -> FileLine:
    when = numbers.moment(one.when, lang) if one.when else ""
    comma = "，" if lang == "zh" else ", "
    return FileLine(
        say(f"data.file_{one.how}", lang), one.file, comma.join(part for part in (when, one.reason) if part)
    )


def _figure(published: Published, one: FigureChange, lang: Language) -> FigureLine:
    metric = published.desk.metrics.get(one.metric)
    before, after = (
        (numbers.amount(metric, value, lang) if metric else numbers.number(value, 2))
        for value in (one.before, one.after)
    )
    comma = "、" if lang == "zh" else ", "
    files = comma.join(file.rpartition("/")[2] for file in one.files[:2])
    if len(one.files) > 2:
        files += f" +{len(one.files) - 2}"
    return FigureLine(
        one.zh if lang == "zh" else one.en,
        one.subject,
        one.subject if one.level == "estate" else "",
        one.metric,
        numbers.code(Period(one.first, one.last)),
        numbers.period(Period(one.first, one.last), lang),
        before,
        after,
        files or say("data.because_other", lang),
    )
