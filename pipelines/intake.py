"""From the files of an inbox to submissions: who sent what when, which are copies, and what each one says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipelines import arrivals, cache, fingerprints
from pipelines.words import both
from pipelines.workers import Crew, Job, Outcome, Read

if TYPE_CHECKING:
    from pipelines.reading.inbox import Found, Inbox
    from pipelines.staged import Reading, Submission

Progress = Callable[[int, int], None]
"""Told how many files of how many have been read."""


class StagingFullError(Exception):
    """A reading can't be stored: the disk is full or not writable. The message is the system's own."""


AREAS: Final = "boundaries"
"""Where the reading of a map keeps its areas, among the records."""
NEVER: Final = datetime(1970, 1, 1)
"""The time of a file that tells none."""


@dataclass(frozen=True)
class Sent:
    """A file before it is read.

    `is_map` says that it holds boundaries, no tables; `unchanged_of` is the file whose bytes it repeats; `fault` says
    in both languages why it won't be read at all.
    """

    path: Path
    file: str
    sha256: str
    size: int
    mtime: datetime
    arrival: arrivals.Arrival
    is_map: bool = False
    unchanged_of: str | None = None
    fault: tuple[str, str] | None = None

    @property
    def withdrawn(self) -> bool:
        """Whether someone withdrew it, so that it is listed but not read."""
        return self.arrival.withdrawn is not None


@dataclass(frozen=True)
class Post:
    """All that was sent, and the lines of arrival logs that can't be read: (log, numbers)."""

    sent: tuple[Sent, ...]
    unread: tuple[tuple[Path, tuple[int, ...]], ...] = ()


def open_post(inbox: Inbox, paths: Sequence[Path], warehouse: Path, now: datetime, *, log: bool) -> Post:
    """Hashes the files, enters new ones in the arrival log (if `log`), and finds copies.

    The log stands at the top of each folder given, beside a file given. All files new to it arrive at `now`. Of files
    with the same bytes the oldest counts, of equally old ones the one with the shortest name.
    """
    hashes = fingerprints.Hashes(warehouse / cache.STAGED / cache.INDEX)
    marked = [_mark(found, hashes) for found in inbox.submissions]
    marked += [replace(_mark(found, hashes), is_map=True) for found in inbox.boundaries]
    if log:
        hashes.keep()
    by_top: dict[Path, list[Sent]] = {}
    for one in marked:
        by_top.setdefault(_top(one.path, paths), []).append(one)
    arrived, unread = [], []
    for top, ones in by_top.items():
        contents = [one.sha256 for one in ones if one.fault is None]
        book = arrivals.note(top, warehouse, contents, now) if log else arrivals.known_at(top, warehouse)
        arrived += [
            replace(one, arrival=book.arrivals.get(one.sha256, arrivals.Arrival(one.sha256, now))) for one in ones
        ]
        if book.unread:
            unread.append((top / arrivals.LOG, book.unread))
    refused = [replace(_mark(one.found, hashes), fault=(one.zh, one.en)) for one in inbox.refused]
    return Post((*_copies_marked(arrived), *refused), tuple(unread))


def read_all(
    sent: Sequence[Sent],
    crew: Crew,
    staged: Path,
    circumstances: Callable[[str], str],
    read: Read,
    *,
    shelves: Sequence[Path] = (),
    on_progress: Progress = lambda _done, _all: None,
) -> tuple[dict[str, Reading], set[str]]:
    """Reads every file that must be read, from the cache where it has been read before: file → reading; keys used.

    `circumstances` gives a fingerprint of all that decides how a file is read, besides its bytes and name;
    `shelves` are further caches to look into, which are never written to. Raises StagingFullError.
    """
    wanted = {_key(one, circumstances): one for one in sent if _is_read(one)}
    missing = {key for key in wanted if not any(cache.has(shelf, key) for shelf in (staged, *shelves))}
    readings: dict[str, Reading] = {}
    staged.mkdir(parents=True, exist_ok=True)
    for key in wanted.keys() - missing:
        kept = next((it for shelf in (staged, *shelves) if (it := cache.recall(shelf, key))), None)
        if kept is None:
            missing.add(key)
        else:
            readings[wanted[key].file] = kept
    jobs = [_job(wanted[key], key) for key in missing]
    for done, outcome in enumerate(crew.work(jobs, read, staged), start=1):
        readings[outcome.job.file] = _result(outcome, staged)
        on_progress(done, len(jobs))
    return readings, set(wanted)


def crew_for(inbox: Inbox, warehouse: Path) -> Crew:
    """The workers that will probably be needed, started before it is known for sure: starting takes a second."""
    hashes = fingerprints.Hashes(warehouse / cache.STAGED / cache.INDEX)
    return Crew(expected=hashes.new(found.path for found in (*inbox.submissions, *inbox.boundaries)))


def submissions(sent: Sequence[Sent], readings: dict[str, Reading]) -> list[Submission]:
    """The submissions for assembling: read, copies (with nothing in them), rejected. Withdrawn ones are left out."""
    from pipelines.staged import Submission

    found = []
    for one in sent:
        if one.withdrawn:
            continue
        reading = readings.get(one.file) or (unread_file(*one.fault) if one.fault else nothing_read())
        areas = reading.records.get(AREAS)
        found.append(
            Submission(
                file=one.file,
                sha256=one.sha256,
                received_at=one.arrival.received_at,
                mtime=one.mtime,
                reading=reading,
                sender=one.arrival.sender,
                size=one.size,
                unchanged_of=one.unchanged_of,
                boundaries=areas.to_dicts() if areas is not None else [],
            )
        )
    return found


def unread_file(zh: str, en: str) -> Reading:
    """The reading of a file that can't be read: one `unreadable_file` finding."""
    from pipelines.findings import Finding, findings_frame

    finding = Finding("unreadable_file", zh, en)
    return replace(nothing_read(), findings=findings_frame([finding]), rejected=True)


def nothing_read() -> Reading:
    """A reading with nothing in it: of a copy, whose content counts elsewhere."""
    import polars as pl

    from pipelines.findings import FINDING_SCHEMA
    from pipelines.staged import LEDGER_SCHEMA, QUARANTINE_SCHEMA, Reading

    counted = {"kind": pl.String, "source_sheet": pl.String, "source_row": pl.Int64, "counted_row": pl.Int64}
    return Reading(
        records={},
        layouts=(),
        findings=FINDING_SCHEMA.to_frame(),
        quarantine=QUARANTINE_SCHEMA.to_frame(),
        ledger=LEDGER_SCHEMA.to_frame(),
        counted=pl.DataFrame(schema=counted),
    )


def _mark(found: Found, hashes: fingerprints.Hashes) -> Sent:
    try:
        stat = found.path.stat()
        sha256 = hashes.of(found.path)
    except OSError as reason:
        nowhere = arrivals.Arrival("", NEVER)
        fault = both("closed", detail=reason.strerror or str(reason))
        return Sent(found.path, found.file, "", 0, NEVER, nowhere, fault=fault)
    mtime = datetime.fromtimestamp(stat.st_mtime)
    return Sent(found.path, found.file, sha256, stat.st_size, mtime, arrivals.Arrival(sha256, mtime))


def _top(path: Path, paths: Sequence[Path]) -> Path:
    """The folder whose log the file belongs to: the one that was given, or the one that a given file is in."""
    for one in paths:
        given = one.absolute()
        if given.is_dir() and path.is_relative_to(given):
            return one
    return path.parent


def _copies_marked(sent: Sequence[Sent]) -> list[Sent]:
    first: dict[str, Sent] = {}
    for one in sorted(sent, key=lambda one: (one.mtime, len(one.file), one.file)):
        if one.fault is None:
            first.setdefault(one.sha256, one)
    return [
        one if first.get(one.sha256, one) is one else replace(one, unchanged_of=first[one.sha256].file) for one in sent
    ]


def _is_read(one: Sent) -> bool:
    return one.fault is None and one.unchanged_of is None and not one.withdrawn


def _key(one: Sent, circumstances: Callable[[str], str]) -> str:
    return cache.key_of(one.sha256, one.file, circumstances(one.file))


def _job(one: Sent, key: str) -> Job:
    return Job(one.path, one.file, one.sha256, key, one.size)


def _result(outcome: Outcome, staged: Path) -> Reading:
    if outcome.fate == "full":
        raise StagingFullError(outcome.detail)
    if outcome.fate == "read":
        reading = cache.recall(staged, outcome.job.key)
        if reading is None:
            raise StagingFullError(str(staged / outcome.job.key))
        return reading
    return unread_file(*both(outcome.fate, detail=outcome.detail, seconds=round(outcome.job.seconds)))
