"""What the data page says of a batch that is being handed in: answers, findings, sheets, questions, messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from dashboard import numbers
from dashboard.words import say
from pipelines.receiving import desk
from pipelines.receiving.desk import Answer, Batch
from pipelines.receiving.explaining import Before, Remembered, preview_sheet
from pipelines.receiving.grid import Grid, grids_of
from pipelines.receiving.questions import Question
from pipelines.words import Language

FINDINGS = 40
OFFERED = 4
OTHERS = 200


@dataclass(frozen=True)
class Said:
    """One finding: where, how severe (code and word), what it says."""

    where: str
    severity: str
    word: str
    text: str


@dataclass(frozen=True)
class Line:
    """One file of the batch. `note` tells why it isn't taken; `findings` and `grids` are there when it is open."""

    number: int
    sender: str
    name: str
    found: str
    errors: int
    warnings: int
    notes: int
    note: str
    is_refused: bool
    can_be_marked: bool
    is_open: bool
    findings: tuple[Said, ...] = ()
    more: str = ""
    grids: tuple[Grid, ...] = ()


@dataclass(frozen=True)
class Ask:
    """One question. `offered` and `others`: (meaning, word); `picked`: the chosen meaning, with what cells become;
    `different`: what somebody else said, to be asked about."""

    number: int
    title: str
    where: str
    cells: str
    offered: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...]
    picked: str
    picked_word: str
    becomes: tuple[tuple[str, str], ...]
    different: str


@dataclass(frozen=True)
class Desk:
    """The batch as it is shown."""

    said: str
    accept: str
    can_accept: bool
    lines: tuple[Line, ...]
    asks: tuple[Ask, ...]
    messages: tuple[tuple[str, str], ...]


@dataclass
class Standing:
    """What somebody has done with the batch so far: the open file, what was picked, what was said before."""

    open: int | None = None
    picked: dict[str, str] = field(default_factory=dict)
    different: dict[str, Before] = field(default_factory=dict)


def told(batch: Batch, standing: Standing, warehouse: Path, lang: Language) -> Desk:
    """The batch in words."""
    can = sum(1 for one in batch.answers if one.can_come_in)
    refused = sum(1 for one in batch.answers if any(one.why))
    known = len(batch.answers) - can - refused
    faulty = sum(1 for one in batch.answers if one.can_come_in and one.count("error"))
    return Desk(
        said=say(
            "data.desk_said",
            lang,
            files=len(batch.answers),
            fine=can - faulty,
            faulty=faulty,
            refused=refused,
            known=known,
        ),
        accept=say("data.accept" if can else "data.accept_none", lang, count=can),
        can_accept=can > 0,
        lines=tuple(
            _line(batch, number, is_open=standing.open == number, lang=lang) for number in range(len(batch.answers))
        ),
        asks=tuple(_ask(batch, number, standing, lang) for number in range(len(batch.questions))),
        messages=tuple(desk.messages(batch, warehouse, lang, datetime.now()).items()),
    )


def remembered_lines(listed: tuple[Remembered, ...], lang: Language) -> tuple[dict[str, str], ...]:
    """What was explained, as lines: id, sender, text, by, whether undone."""
    lines = []
    for one in listed:
        if one.what == "sheet":
            text = say("data.memory_sheet", lang, word=one.word)
        else:
            text = say("data.memory_line", lang, word=one.word, meaning=one.zh if lang == "zh" else one.en)
        by = say("data.memory_by", lang, by=one.by, day=numbers.moment(one.at, lang))
        undone = say("data.memory_undone", lang, by=one.undone_by) if one.undone_by else ""
        what = say(f"data.kind_{one.what}", lang)
        lines.append({"id": one.id, "what": what, "sender": one.sender, "text": text, "by": by, "undone": undone})
    return tuple(lines)


def _line(batch: Batch, number: int, *, is_open: bool, lang: Language) -> Line:
    one = batch.answers[number]
    parts = [
        say("data.rows_of", lang, kind=say(f"data.{kind}", lang), count=numbers.number(rows))
        for kind, rows in one.rows.items()
    ]
    if one.quarantined:
        parts.append(say("data.quarantined", lang, count=numbers.number(one.quarantined)))
    note = ""
    if any(one.why):
        note = say("data.refused", lang, why=one.why[lang == "en"])
    elif one.known_as:
        note = say("data.known_as", lang, file=one.known_as)
    shown = [_said(row, lang) for row in _in_order(one)] if is_open else []
    comma = "，" if lang == "zh" else ", "
    return Line(
        number=number,
        sender=one.parcel.sender,
        name=one.parcel.name,
        found=comma.join(parts) or ("" if note else say("data.rows_none", lang)),
        errors=one.count("error"),
        warnings=one.count("warning"),
        notes=one.count("info"),
        note=note,
        is_refused=any(one.why),
        can_be_marked=bool(one.findings) and not any(one.why),
        is_open=is_open,
        findings=tuple(shown[:FINDINGS]),
        more=say("data.findings_more", lang, count=len(shown) - FINDINGS) if len(shown) > FINDINGS else "",
        grids=grids_of(batch.path(one.parcel), one.findings) if is_open and not any(one.why) else (),
    )


def _in_order(one: Answer) -> list[desk.Finding]:
    rank = {"error": 0, "warning": 1, "info": 2}
    return sorted(one.findings, key=lambda row: rank[row["severity"]])


def _said(row: desk.Finding, lang: Language) -> Said:
    cell = row["source_cell"] or say("data.where_sheet" if row["source_sheet"] else "data.where_file", lang)
    where = f"{row['source_sheet']} {cell}".strip()
    return Said(where, row["severity"], say(f"data.{row['severity']}", lang), row[f"message_{lang}"])


def _ask(batch: Batch, number: int, standing: Standing, lang: Language) -> Ask:
    one = batch.questions[number]
    words = [(told.meaning, told.zh if lang == "zh" else told.en) for told in one.proposals]
    likely = [pair for pair, told in zip(words, one.proposals, strict=True) if told.is_likely and pair[0] != "-"][
        :OFFERED
    ]
    picked = standing.picked.get(one.key, "")
    before = standing.different.get(one.key)
    where = say(
        "data.ask_where", lang, sender=one.sender, file=one.file.rpartition("/")[2], sheet=one.sheet, cell=one.cell
    )
    if one.files > 1:
        where += say("data.ask_files", lang, count=one.files)
    return Ask(
        number=number,
        title=say(f"data.ask_{one.what}", lang, word=one.word),
        where=" ".join(where.split()),
        cells=say("data.ask_cells", lang, cells=("、" if lang == "zh" else ", ").join(one.cells)) if one.cells else "",
        offered=(*likely, *(pair for pair in words if pair[0] == "-")),
        others=tuple(pair for pair in words[:OTHERS] if pair[0] != "-" and pair not in likely),
        picked=picked,
        picked_word=dict(words).get(picked, picked),
        becomes=_becomes(batch, one, picked),
        different=_different(before, lang) if before else "",
    )


def _different(before: Before, lang: Language) -> str:
    meaning = before.zh if lang == "zh" else before.en
    day = numbers.moment(before.at, lang)
    return say("data.different", lang, by=before.by, day=day, word=before.word, meaning=meaning)


def _becomes(batch: Batch, one: Question, picked: str) -> tuple[tuple[str, str], ...]:
    if not picked:
        return ()
    if one.what == "sheet":
        return preview_sheet(batch, one, picked)
    return next((told.examples for told in one.proposals if told.meaning == picked), ())


def senders(batch: Batch, known: Mapping[str, object] | tuple[str, ...]) -> tuple[str, ...]:
    """All senders to choose from."""
    return tuple(dict.fromkeys([*known, *(one.parcel.sender for one in batch.answers)]))
