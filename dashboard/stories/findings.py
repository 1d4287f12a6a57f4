"""What a table shows, in a sentence: from nothing but its own cells, so it says no more than the table does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from dashboard.stories.report import Grid
from dashboard.words import say
from pipelines.words import Language


def finding(block: Grid, lang: Language) -> str:
    """The sentence, without a full stop; empty where the table is of an unknown kind or shows too little to say it."""
    table = block.table
    if not table.rows:
        return ""
    made = _details if table.id.startswith("detail-") else _MADE.get(table.id)
    return made(block, lang) if made is not None else ""


def _body(block: Grid) -> tuple[list[list[str]], list[str]]:
    """The texts of the rows, and of the total (empty where there is none)."""
    rows = [[cell.text.replace("\u2060", "") for cell in row] for row in block.table.rows]
    return (rows[:-1], rows[-1]) if block.has_total else (rows, [])


def _read(text: str) -> float | None:
    """The number that a cell shows: △ and units aside, nothing where it is kept back or there is none."""
    found = re.match(r"[\u2212-]?\d[\d,]*(?:\.\d+)?", text)
    return float(found[0].replace(",", "").replace("\u2212", "-")) if found else None


def _plain(text: str) -> str:
    return text.removesuffix(" △")


def _main(block: Grid, lang: Language) -> str:
    return verdicts([row[-1].mark for row in block.table.rows], lang)


def verdicts(marks: Sequence[str | None], lang: Language) -> str:
    """How many of the figures are judged better or worse."""
    counts = Counter(marks)
    parts = [
        say(f"findings.{key}", lang, count=counts[key]) for key in ("worse", "better") if counts[key]
    ]  # fmt: skip
    if not parts:
        return say("findings.none_judged", lang, count=len(marks))
    return say("findings.judged", lang, count=len(marks), parts=say("report.comma", lang).join(parts))


def _range(block: Grid, place: int) -> tuple[str, str] | None:
    rows, _ = _body(block)
    known = sorted((number, _plain(row[place])) for row in rows if (number := _read(row[place])) is not None)
    if len(known) < 2:
        return None
    unit = block.table.columns[place].unit
    shown = unit if unit == "%" else f" {unit}" if unit else ""
    both = (known[0][1], known[-1][1])
    if shown == "%":
        return (both[0] + shown, both[1] + shown)
    return (both[0], both[1] + shown)


def _is_hidden(block: Grid, lang: Language) -> bool:
    """Whether something is kept back, so that nothing can be said of all."""
    mark = say("report.kept_back_mark", lang)
    return any(cell.text == mark for row in block.table.rows for cell in row)


def _estates(block: Grid, lang: Language) -> str:
    parts = []
    for place, form in enumerate(block.formats):
        if form == "percent" and (ends := _range(block, place)) is not None:
            name = block.table.columns[place].heading
            parts.append(say("findings.range", lang, name=_inner(name, lang), low=ends[0], high=ends[1]))
    key = "estates_shown" if _is_hidden(block, lang) else "estates"
    return say(f"findings.{key}", lang, parts=say("report.comma", lang).join(parts)) if parts else ""


def _details(block: Grid, lang: Language) -> str:
    ends, (_, total) = _range(block, 3), _body(block)
    if ends is None or not total:
        return ""
    column = block.table.columns[3]
    whole = total[3] + (column.unit if column.unit == "%" else f" {column.unit}" if column.unit else "")
    key = "details_shown" if _is_hidden(block, lang) else "details"
    return say(f"findings.{key}", lang, name=column.heading, whole=whole, low=ends[0], high=ends[1])


def _categories(block: Grid, lang: Language) -> str:
    rows, _ = _body(block)
    if not rows or _read(rows[0][1]) is None:
        return ""
    return say("findings.categories", lang, name=_inner(rows[0][0], lang), count=rows[0][1], share=rows[0][2])


def _overdue(block: Grid, lang: Language) -> str:
    rows, total = _body(block)
    if not rows or not total:
        return ""
    return say("findings.overdue", lang, count=total[1], name=rows[0][0], most=rows[0][1])


def _peers(block: Grid, lang: Language) -> str:
    counts = Counter(row[-1].text[:1] for row in block.table.rows)
    return say("findings.peers", lang, count=len(block.table.rows), better=counts["●"], worse=counts["◆"])


def _actions(block: Grid, lang: Language) -> str:
    count = len(block.table.rows)
    if block.table.title == say("documents.actions_done_title", lang):
        return say("findings.actions_done", lang, count=count)
    over = sum(row[-1].mark == "worse" for row in block.table.rows)
    return say("findings.actions_over" if over else "findings.actions", lang, count=count, over=over)


def _rating(block: Grid, lang: Language) -> str:
    counts = Counter(row[2].text for row in block.table.rows)
    parts = [say("findings.stars", lang, star=star, count=count) for star, count in counts.items()]
    who = block.table.columns[1].heading
    key = "rated_companies" if who == say("documents.rating_subject_company", lang) else "rated_estates"
    joined = say("report.comma", lang).join(parts)
    return say(f"findings.{key}", lang, count=len(block.table.rows), parts=joined)


def _points(block: Grid, lang: Language) -> str:
    lost = [
        (most - got, row)
        for row in _body(block)[0]
        if _read(row[2]) is not None and (got := _read(row[3])) is not None and (most := _read(row[4])) is not None
    ]
    if not lost:
        return ""
    worst, row = max(lost, key=lambda one: one[0])
    if worst <= 0:
        return say("findings.points_full", lang)
    return say("findings.points", lang, name=_inner(row[1], lang), got=row[3], most=row[4])


def _certificates(block: Grid, lang: Language) -> str:
    return say("findings.certificates", lang, count=len(block.table.rows))


def _costs(block: Grid, lang: Language) -> str:
    rows, total = _body(block)
    known = [row for row in rows if _read(row[1]) is not None]
    if not total or len(known) < len(rows) or not known or _read(total[1]) is None:
        return ""
    most = max(known, key=lambda row: _read(row[1]) or 0.0)
    return say("findings.costs", lang, amount=total[1], name=_inner(most[0], lang), share=most[2])


def _income(block: Grid, lang: Language) -> str:
    row = _body(block)[0][0]
    return say("findings.income", lang, name=row[0], amount=row[1]) if _read(row[1]) is not None else ""


def _surveys(block: Grid, lang: Language) -> str:
    row = _body(block)[0][0]
    return say("findings.surveys", lang, when=row[0], value=row[4]) if _read(row[4]) is not None else ""


def _inner(name: str, lang: Language) -> str:
    """A name within a sentence: in English without its capital."""
    return name[:1].lower() + name[1:] if lang == "en" and name[1:2].islower() else name


_MADE: Final[dict[str, Callable[[Grid, Language], str]]] = {
    "main": _main, "estates": _estates, "categories": _categories, "overdue": _overdue, "peers": _peers,
    "actions": _actions, "rating": _rating, "points": _points, "certificates": _certificates, "costs": _costs,
    "income": _income, "estate-surveys": _surveys,
}  # fmt: skip
