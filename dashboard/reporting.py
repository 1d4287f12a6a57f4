"""Writes documents without a browser: the answer to `lianping report`, and what the pages' download menus ask for."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from rapidfuzz import fuzz, process

from dashboard import numbers, records
from dashboard.gallery import UnknownFigureError
from dashboard.printers.captions import clean
from dashboard.printers.writing import write_whole
from dashboard.published import HEADLINES, Published, open_version
from dashboard.selection import Selection
from dashboard.stories import actions as agreed
from dashboard.stories import codec, documents_collection
from dashboard.stories import meeting as story
from dashboard.stories.documents_bulletin import bulletin
from dashboard.stories.documents_estate import estate_sheet
from dashboard.stories.documents_expenses import NoCostsError, expenses
from dashboard.stories.documents_weekly import Sealed, weekly
from dashboard.stories.report import Edition, NotReportedError, Report
from dashboard.words import say
from pipelines.metrics.desk import OldWarehouseError
from pipelines.metrics.periods import Period, PeriodError, read_period
from pipelines.warehouse import NoWarehouseError
from pipelines.words import Language

Form = Literal["docx", "pptx", "pdf", "xlsx"]
FORMS: Final[dict[Form, str]] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
KINDS: Final = ("weekly", "bulletin", "estate", "expenses", "rating", "collection")
EVERY: Final = "all"
LONGEST: Final = 60
"""Characters of a file's name."""
NEAREST: Final = 5
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Wanted:
    """What was asked for. Empty words mean the document's own default. `inbox`: the folder of submissions, for entries
    made since the load; `figures`: the list of a collection."""

    kind: str
    period: str = ""
    estate: str = ""
    round: str = ""
    meeting: str = ""
    edition: Edition | None = None
    lang: Language = "zh"
    is_brief: bool = False
    has_red_head: bool = False
    inbox: Path = Path("data/raw")
    figures: Path | None = None


def reported(folder: Path, wanted: Wanted, out: Path, form: str = "", *, progress: Progress | None = None) -> str:
    """Writes the document, whole or not at all, and says what it is. With estate "all" `out` is a folder and every
    estate of the register gets a file in `form`. Raises NotReportedError."""
    lang = wanted.lang
    _known_kind(wanted)
    if wanted.estate == EVERY and wanted.kind in ("estate", "expenses"):
        return _every(folder, wanted, out, form or "docx", progress)
    chosen = _form(out.suffix.lower().removeprefix("."), out.name, lang)
    report = told(opened(folder, lang), wanted)
    _write(out, printed(report, chosen, progress=progress), lang)
    return say("reporting.written", lang, file=out, title=report.title)


def told(published: Published, wanted: Wanted) -> Report:
    """The document as it would be printed. Raises NotReportedError."""
    lang = wanted.lang
    _known_kind(wanted)
    edition: Edition = wanted.edition or ("public" if wanted.kind == "expenses" else "internal")
    if wanted.kind == "weekly":
        return _weekly(published, wanted, edition)
    if wanted.kind == "collection":
        return _collection(published, wanted)
    if wanted.kind == "rating":
        return _rating(published, wanted, edition)
    period = _period(published, wanted)
    if wanted.kind == "bulletin":
        if period is None:
            example = f"{published.as_of.year}Q{(published.as_of.month - 1) // 3 + 1}"
            raise NotReportedError(say("reporting.period_missing", lang, example=example))
        standing = agreed.standing(published, wanted.inbox)
        head = say("documents.red_head", lang, street=story.street_of(published)) if wanted.has_red_head else ""
        return bulletin(published, period, lang, edition=edition, actions=standing, red_head=head)
    estate = _estate(published, wanted)
    if wanted.kind == "estate":
        return estate_sheet(published, estate, period, lang, edition=edition)
    try:
        return expenses(published, estate, period, lang, edition=edition)
    except NoCostsError as fault:
        raise NotReportedError(say("reporting.no_costs", lang, estate=estate)) from fault


def printed(report: Report, form: Form, *, progress: Progress | None = None) -> bytes:
    """The document in one of the four forms."""
    if form == "docx":
        from dashboard.printers.docx import docx as made
    elif form == "pptx":
        from dashboard.printers.pptx import pptx as made
    elif form == "pdf":
        from dashboard.printers.pdf import pdf as made
    else:
        from dashboard.printers.xlsx_report import xlsx as made
    return made(report, progress=progress)


def file_name(report: Report, form: Form) -> str:
    """The title and the edition, without what a file system does not take."""
    whole = report.title if report.period in report.title or not report.period else f"{report.title}-{report.period}"
    if report.edition == "public":
        whole += f"-{say('report.public', report.lang)}"
    return safe_name(whole) + f".{form}"


def safe_name(text: str) -> str:
    """A file name of a text: without marks that a file system does not take, and not too long."""
    plain = re.sub(r"[\s/\\:*?\"<>|,，。、；;“”\x00-\x1f]+", "_", clean(text)).strip("_.-")
    return plain[:LONGEST].rstrip("_.-") or "report"


def missing_fonts() -> tuple[str, ...]:
    """The fonts that Word documents name and this machine has not got."""
    import typst

    from dashboard.printers.docx_page import FALLBACKS

    there = set(typst.Fonts(include_system_fonts=True, include_embedded_fonts=False).families())
    return tuple(name for name in FALLBACKS if name not in there)


def opened(folder: Path, lang: Language) -> Published:
    """The published street. Raises NotReportedError."""
    try:
        return open_version(folder)
    except NoWarehouseError as fault:
        raise NotReportedError(say("charting.no_warehouse", lang, folder=folder)) from fault
    except OldWarehouseError as fault:
        raise NotReportedError(say("charting.warehouse_old", lang)) from fault


def _known_kind(wanted: Wanted) -> None:
    valid = _joined(KINDS, wanted.lang)
    if not wanted.kind:
        raise NotReportedError(say("reporting.kind_missing", wanted.lang, valid=valid))
    if wanted.kind not in KINDS:
        raise NotReportedError(say("reporting.kind_unknown", wanted.lang, given=clean(wanted.kind), valid=valid))


def _form(text: str, given: str, lang: Language) -> Form:
    if text not in FORMS:
        raise NotReportedError(say("reporting.form_unknown", lang, given=given, valid=_joined(tuple(FORMS), lang)))
    return text


def _period(published: Published, wanted: Wanted) -> Period | None:
    if not wanted.period.strip():
        return None
    lang = wanted.lang
    try:
        period = read_period(wanted.period)
    except PeriodError as fault:
        raise NotReportedError(say("reporting.period_unknown", lang, given=clean(wanted.period))) from fault
    street = story.street_of(published)
    has_data = period.start <= published.as_of and period.end >= published.desk.first_day
    if not has_data or all(published.value(one, period, "street", street).value is None for one in HEADLINES):
        raise NotReportedError(
            say("reporting.period_empty", lang, period=numbers.period(period, lang),
                first=numbers.day(published.desk.first_day, lang, year=True),
                last=numbers.day(published.as_of, lang, year=True))
        )  # fmt: skip
    return period


def _estate(published: Published, wanted: Wanted) -> str:
    names = [str(one) for one in published.desk.subjects("estate")]
    given = wanted.estate.strip()
    if not given:
        raise NotReportedError(say("reporting.estate_missing", wanted.lang))
    if given in names:
        return given
    near = process.extract(given, names, scorer=fuzz.WRatio, limit=NEAREST)
    valid = _joined([str(one[0]) for one in near], wanted.lang)
    raise NotReportedError(say("reporting.estate_unknown", wanted.lang, given=clean(given)[:LONGEST], valid=valid))


def _weekly(published: Published, wanted: Wanted, edition: Edition) -> Report:
    lang = wanted.lang
    sealed = records.frozen(records.records_folder())
    if wanted.meeting:
        return _sealed(wanted, edition, wanted.meeting, [one.name for one in sealed])
    standing = agreed.standing(published, wanted.inbox)
    told_now = story.report(published, Selection(lang=lang), standing)
    if wanted.period.strip():
        try:
            period = read_period(wanted.period)
        except PeriodError as fault:
            raise NotReportedError(say("reporting.period_unknown", lang, given=clean(wanted.period))) from fault
        if not (period.holds(told_now.day) or period.holds(published.as_of)):
            held = [one.name for one in sealed if period.holds(one.meeting_day)]
            if held:
                return _sealed(wanted, edition, held[0], held)
            names = say("reporting.weekly_frozen", lang, names=_joined([one.name for one in sealed], lang))
            day = numbers.day(told_now.day, lang, year=True)
            raise NotReportedError(
                say("reporting.weekly_period", lang, period=numbers.period(period, lang), day=day,
                    frozen=names if sealed else "")
            )  # fmt: skip
    listed = agreed.listed(standing, told_now.day, told_now.last_day, lang)
    return weekly(told_now, listed, lang, edition=edition, is_brief=wanted.is_brief, published=published)


def _sealed(wanted: Wanted, edition: Edition, name: str, valid: Sequence[str]) -> Report:
    """A frozen meeting as it was: from nothing but what was sealed."""
    lang = wanted.lang
    try:
        one = records.open_frozen(records.records_folder(), name)
        held = json.loads(one.payload)[lang]
        kept = codec.loads(json.dumps(held, ensure_ascii=False).encode("utf-8"), Sealed)
    except records.UnknownMeetingError as fault:
        names = _joined(valid, lang) or say("reporting.none", lang)
        raise NotReportedError(say("reporting.meeting_unknown", lang, given=clean(name), valid=names)) from fault
    except records.SealBrokenError as fault:
        raise NotReportedError(say("reporting.meeting_broken", lang, name=name, file=fault.file)) from fault
    except (codec.UnreadableError, KeyError, ValueError) as fault:
        raise NotReportedError(say("reporting.meeting_broken", lang, name=name, file="meeting.json")) from fault
    line = say("reporting.sealed_line", lang, when=numbers.moment(one.sealed_at, lang), name=one.name)
    return weekly(
        kept.meeting, kept.actions, lang, edition=edition, is_brief=wanted.is_brief, version=one.version,
        frozen=(" " if lang == "en" else "") + line,
    )  # fmt: skip


def _collection(published: Published, wanted: Wanted) -> Report:
    lang, file = wanted.lang, wanted.figures
    if file is None:
        raise NotReportedError(say("reporting.collection_missing", lang))
    try:
        chosen = documents_collection.loads(file.read_text(encoding="utf-8"))
        return documents_collection.collection(published, chosen, lang)
    except documents_collection.EmptyCollectionError as fault:
        raise NotReportedError(say("reporting.collection_empty", lang, file=file)) from fault
    except UnknownFigureError as fault:
        raise NotReportedError(say("reporting.figure_unknown", lang, given=clean(fault.given))) from fault
    except (OSError, ValueError) as fault:
        what = getattr(fault, "strerror", None) or str(fault)
        raise NotReportedError(say("reporting.collection_wrong", lang, file=file, what=clean(what))) from fault


def _rating(published: Published, wanted: Wanted, edition: Edition) -> Report:
    from dashboard.stories.documents_rating import UnknownRoundError, rating

    try:
        return rating(published, wanted.inbox, wanted.round, wanted.lang, edition=edition)
    except UnknownRoundError as fault:
        valid = _joined(fault.valid, wanted.lang) or say("reporting.none", wanted.lang)
        given = clean(wanted.round) or "—"
        raise NotReportedError(say("reporting.round_unknown", wanted.lang, given=given, valid=valid)) from fault


def _every(folder: Path, wanted: Wanted, out: Path, form: str, progress: Progress | None) -> str:
    lang = wanted.lang
    chosen = _form(form, form, lang)
    published = opened(folder, lang)
    _period(published, wanted)
    estates = [str(one) for one in published.desk.places["estate"].to_list()]
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise NotReportedError(say("reporting.not_written", lang, file=out, reason=_reason(fault))) from fault
    count = 0
    workers = min(os.cpu_count() or 1, len(estates) or 1)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_open_in_worker, initargs=(folder, lang)) as pool:
        tasks = [pool.submit(_one_of_many, replace(wanted, estate=one), out, chosen) for one in estates]
        for done, task in enumerate(as_completed(tasks), 1):
            count += task.result()
            if progress is not None:
                progress(done, len(tasks))
    return say("reporting.written_many", lang, folder=out, count=count)


_worker: dict[str, Published] = {}


def _open_in_worker(folder: Path, lang: Language) -> None:
    _worker["published"] = opened(folder, lang)


def _one_of_many(wanted: Wanted, out: Path, form: Form) -> int:
    """Writes one estate's document; 0 where it has no costs to publish."""
    published = _worker["published"]
    try:
        report = told(published, wanted)
    except NotReportedError:
        if wanted.kind == "expenses":
            return 0
        raise
    _write(out / file_name(report, form), printed(report, form), wanted.lang)
    return 1


def _write(out: Path, content: bytes, lang: Language) -> None:
    try:
        write_whole(out, content)
    except OSError as fault:
        raise NotReportedError(say("reporting.not_written", lang, file=out, reason=_reason(fault))) from fault


def _reason(fault: OSError) -> str:
    return fault.strerror or str(fault)


def _joined(words: Sequence[str], lang: Language) -> str:
    return ("、" if lang == "zh" else ", ").join(words)


def asked_for(text: str) -> tuple[str, Form, dict[str, Any]]:
    """What a page's menu asks for: `report:weekly|docx|brief|public|estate` as kind, form, and words of `Wanted`.

    Raises ValueError for anything else.
    """
    kind, form, how, edition, estate = (*text.removeprefix("report:").split("|"), "", "", "", "")[:5]
    if kind not in KINDS or form not in FORMS or edition not in ("", "internal", "public"):
        raise ValueError(text)
    return kind, form, {"is_brief": how == "brief", "edition": edition or None, "estate": estate}
