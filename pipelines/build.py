"""The whole walk of a load: files found, logged, read, assembled, published. Reads like a table of contents."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from pipelines import cache, fingerprints, intake, locking, publishing, summary, warehouse
from pipelines.intake import Post, Progress, Sent
from pipelines.summary import Summary

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from pipelines.reading.inbox import Inbox
    from pipelines.staged import Reading, Submission
    from pipelines.workers import Crew, Read

WAIT_SECONDS: Final = 600.0


class Tell(Protocol):
    """Says something to people: a key of the words and what to fill in."""

    def __call__(self, key: str, **values: object) -> None:
        """See the class."""


@dataclass(frozen=True)
class Rules:
    """What a street has decided for itself (settings, profiles, corrections), bound into the two steps that need it.

    `of_file` fingerprints what decides how one file is read, `fingerprint` everything. `maps` gives the same two for
    boundaries, which are read when the registers are known: those just read, and the one published before (or None).
    `assemble` takes the submissions, that published register and the time, and gives all tables but `meta`. `suggest`
    gives the text of a profile for a sheet that was not recognised. `derive` makes the marts and the catalogue of the
    metrics, which explain a version by the definitions that made it, from the tables of an open, unpublished version.
    """

    read: Read
    of_file: Callable[[str], str]
    fingerprint: str
    maps: Callable[[list[Reading], pl.DataFrame | None], tuple[Read, Callable[[str], str]]]
    assemble: Callable[[list[Submission], pl.DataFrame | None, datetime], dict[str, pl.DataFrame]]
    suggest: Callable[[Path, str, str], str | None]
    derive: Callable[[duckdb.DuckDBPyConnection], object] = lambda _: None
    versions_kept: int = publishing.KEPT


class NothingFoundError(Exception):
    """There is no file to read below the paths given."""


class NothingReadableError(Exception):
    """None of the files can be read. `reasons`: file, and why in Chinese and English."""

    def __init__(self, reasons: Sequence[tuple[str, str, str]]) -> None:
        """See the class."""
        super().__init__(f"{len(reasons)} unreadable files")
        self.reasons = reasons


def quiet(_done: int, _all: int) -> None:
    """No progress bar."""


def load(
    paths: Sequence[Path],
    folder: Path,
    rules_of: Callable[[Path], Rules],
    *,
    tell: Tell,
    progress: Progress = quiet,
    wait: float = WAIT_SECONDS,
    now: datetime | None = None,
) -> Summary:
    """Publishes a new version made of exactly the files below `paths`, or nothing where nothing has changed.

    Raises NothingFoundError, NothingReadableError, locking.StillLoadingError, publishing.NotPublishedError,
    intake.StagingFullError or SettingsError: then the old version is still serving.
    """
    started = time.monotonic()
    moment = now or datetime.now()
    with locking.loading(folder, wait, lambda holder: _tell_who(tell, holder)) as left_by:
        if left_by is not None:
            tell("took_over", user=left_by.user, since=left_by.started_at)
        inbox = _find(paths)
        with intake.crew_for(inbox, folder) as crew:
            rules = rules_of(top(paths))
            for old in publishing.tidy(folder, rules.versions_kept):
                tell("stays", name=old.name)
            post = _open_post(inbox, paths, folder, moment, tell, log=True)
            inputs = _inputs(post, rules)
            if (before := _same_as_published(folder, inputs)) is not None:
                return summary.timed(before, time.monotonic() - started)
            staged = folder / cache.STAGED
            readings, used = _read(post, crew, rules, staged, register=None, progress=progress)
        submissions = intake.submissions(post.sent, readings)
        _refuse_nothing(submissions)
        if not all(cache.has(staged, key) for key in used):
            inputs = ""  # a file was given up: the next load tries it again, though nothing has changed
        version = publishing.new_version(folder, moment)
        tables, outcome = _tables(version, moment, inputs, post, rules.assemble(submissions, None, moment))
        publishing.publish(folder, version, tables, rules.derive)
        publishing.tidy(folder, rules.versions_kept)
        cache.prune(staged, used)
    return summary.timed(outcome, time.monotonic() - started)


@dataclass(frozen=True)
class Checked:
    """What a check found: the summary, all findings, and profiles suggested for tables that were not recognised."""

    summary: Summary
    findings: pl.DataFrame
    profiles: tuple[str, ...]


def check(
    paths: Sequence[Path],
    folder: Path,
    rules_of: Callable[[Path], Rules],
    *,
    tell: Tell,
    progress: Progress = quiet,
    now: datetime | None = None,
) -> Checked:
    """The same reading and assembling without publishing or logging anything; names are known from what is published.

    Raises NothingFoundError, intake.StagingFullError or SettingsError.
    """
    import tempfile

    moment = now or datetime.now()
    inbox = _find(paths)
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as apart,
        intake.crew_for(inbox, folder) as crew,
    ):
        rules = rules_of(top(paths))
        post = _open_post(inbox, paths, folder, moment, tell, log=False)
        register = published_estates(folder)
        readings, _ = _read(
            post, crew, rules, Path(apart), register=register, progress=progress, shelves=[folder / cache.STAGED]
        )
        submissions = intake.submissions(post.sent, readings)
        tables, outcome = _tables("", moment, "", post, rules.assemble(submissions, register, moment))
    unrecognised = tables["findings"].filter(tables["findings"]["code"] == "unrecognised_sheet")
    where = {one.file: one.path for one in post.sent}
    places = unrecognised.select("source_file", "source_sheet").unique(maintain_order=True).iter_rows()
    profiles = [rules.suggest(where[file], file, sheet) for file, sheet in places]
    return Checked(outcome, tables["findings"], tuple(one for one in profiles if one))


def top(paths: Sequence[Path]) -> Path:
    """The folder whose settings, profiles and corrections are in force: the first given, or that of the first file."""
    return paths[0] if paths[0].is_dir() else paths[0].absolute().parent


def published_estates(folder: Path) -> pl.DataFrame | None:
    """The register as published; None where nothing is published."""
    import polars as pl

    from pipelines.tables import SCHEMAS

    try:
        connection = warehouse.open_published(folder)
    except warehouse.NoWarehouseError:
        return None
    try:
        rows = connection.table("estates").select(*SCHEMAS["estates"]).fetchall()
        return pl.DataFrame(rows, schema=SCHEMAS["estates"], orient="row")
    finally:
        connection.close()


def _find(paths: Sequence[Path]) -> Inbox:
    from pipelines.reading.inbox import find_submissions

    inbox = find_submissions(paths)
    if not inbox.submissions and not inbox.boundaries and not any(one.found.path.exists() for one in inbox.refused):
        raise NothingFoundError
    return inbox


def _open_post(inbox: Inbox, paths: Sequence[Path], folder: Path, now: datetime, tell: Tell, *, log: bool) -> Post:
    post = intake.open_post(inbox, paths, folder, now, log=log)
    for path, numbers in post.unread:
        tell("log_unread", path=path, lines="、".join(map(str, numbers)))
    return post


def _read(
    post: Post,
    crew: Crew,
    rules: Rules,
    staged: Path,
    *,
    register: pl.DataFrame | None,
    progress: Progress,
    shelves: Sequence[Path] = (),
) -> tuple[dict[str, Reading], set[str]]:
    """All readings by file, those of tables first, and the keys under which they are staged."""
    sheets = [one for one in post.sent if not one.is_map]
    readings, used = intake.read_all(
        sheets, crew, staged, rules.of_file, rules.read, shelves=shelves, on_progress=progress
    )
    if maps := [one for one in post.sent if one.is_map]:
        read, of_file = rules.maps(list(readings.values()), register)
        more, keys = intake.read_all(maps, crew, staged, of_file, read, shelves=shelves, on_progress=progress)
        return readings | more, used | keys
    return readings, used


def _inputs(post: Post, rules: Rules) -> str:
    """A fingerprint of everything that a version is made of: two loads with the same one make the same tables."""
    sent = [(one.file, one.sha256, one.mtime, one.arrival, one.fault) for one in post.sent]
    return fingerprints.of([sorted(sent, key=lambda one: str(one[0])), rules.fingerprint, fingerprints.of_the_code()])


def _same_as_published(folder: Path, inputs: str) -> Summary | None:
    import duckdb

    try:
        connection = warehouse.open_published(folder)
    except (warehouse.NoWarehouseError, duckdb.Error):
        return None
    try:
        meta: dict[str, str] = dict(connection.execute("SELECT key, value FROM meta").fetchall())
    except duckdb.Error:
        return None
    finally:
        connection.close()
    return summary.from_text(meta["version"], meta["summary"]) if meta.get("inputs") == inputs else None


def _refuse_nothing(submissions: Sequence[Submission]) -> None:
    if all(one.reading.rejected for one in submissions):
        reasons = [
            (one.file, finding["message_zh"], finding["message_en"])
            for one in submissions
            for finding in one.reading.findings.iter_rows(named=True)
        ]
        if reasons:
            raise NothingReadableError(reasons)


def _tables(
    version: str, now: datetime, inputs: str, post: Post, assembled: dict[str, pl.DataFrame]
) -> tuple[dict[str, pl.DataFrame], Summary]:
    import polars as pl

    from pipelines.kinds import KINDS
    from pipelines.tables import SCHEMAS, shape_all, shaped

    withdrawn = [_withdrawn(one, now) for one in post.sent if one.withdrawn]
    listed = pl.DataFrame(withdrawn, schema=SCHEMAS["submissions"])
    all_listed = pl.concat([shaped("submissions", assembled["submissions"]), listed]).sort("source_file")
    tables = shape_all(assembled | {"submissions": all_listed})
    gone = {one.file: _why_withdrawn(one) for one in post.sent if one.withdrawn}
    outcome = summary.summarise(version, tables, [*KINDS, intake.AREAS], gone)
    meta = {
        "version": version,
        "built_at": now.isoformat(timespec="seconds"),
        "code_version": fingerprints.of_the_code(),
        "inputs": inputs,
        "files": str(all_listed.height),
        "summary": summary.to_text(outcome),
    }
    ours = pl.DataFrame(list(meta.items()), schema=SCHEMAS["meta"], orient="row")
    return tables | {"meta": pl.concat([ours, tables["meta"]])}, outcome


def _withdrawn(one: Sent, now: datetime) -> dict[str, object]:
    """How a withdrawn file is listed: `superseded`, by the state that it was withdrawn in favour of."""
    return {
        "source_file": one.file,
        "sha256": one.sha256,
        "loaded_at": now,
        "status": "superseded",
        "rows_loaded": 0,
        "rows_quarantined": 0,
        "rows_skipped": 0,
        "sender": one.arrival.sender,
        "received_at": one.arrival.received_at,
        "filed_on": None,
        "size": one.size,
        "unchanged_of": one.unchanged_of,
    }


def _why_withdrawn(one: Sent) -> tuple[str, str]:
    day = f"{one.arrival.withdrawn:%Y-%m-%d}"
    reason = one.arrival.reason
    return f"{day}，{reason}" if reason else day, f"{day}, {reason}" if reason else day


def _tell_who(tell: Tell, holder: locking.Holder | None) -> None:
    if holder is None:
        tell("waiting_unknown")
    else:
        tell("waiting", user=holder.user, since=holder.started_at, host=holder.host, pid=holder.pid)
