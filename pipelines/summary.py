"""What a load did, file by file: as values, as JSON, and as a clerk reads it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

from pipelines.words import Language, say

if TYPE_CHECKING:
    import polars as pl

SEVERITIES: Final = ("error", "warning", "info")


@dataclass(frozen=True)
class FileSummary:
    """One file: `rows_loaded` counts by table, `findings` by severity; `why` says in zh and en why it was rejected,
    or, where `withdrawn`, when and why it was."""

    file: str
    status: str
    rows_loaded: dict[str, int]
    rows_quarantined: int
    rows_skipped: int
    findings: dict[str, int]
    why: tuple[str, str] | None = None
    withdrawn: bool = False


@dataclass(frozen=True)
class Summary:
    """One load. `unchanged` means that nothing new was published because nothing had changed."""

    version: str
    files: tuple[FileSummary, ...]
    seconds: float = 0.0
    unchanged: bool = False

    def count(self, severity: str) -> int:
        """How many findings of a severity there are over all files."""
        return sum(one.findings[severity] for one in self.files)

    def exit_code(self, *, strict: bool) -> int:
        """0, or 1 where there are errors (where `strict`, warnings count too)."""
        return 1 if self.count("error") or (strict and self.count("warning")) else 0


def summarise(
    version: str,
    tables: dict[str, pl.DataFrame],
    kinds: Iterable[str],
    withdrawn: Mapping[str, tuple[str, str]] | None = None,
) -> Summary:
    """The summary of a version's tables, its files in the order of `submissions`; only `kinds` count as loaded rows.

    `withdrawn`: file → when and why, in zh and en, of those that don't count.
    """
    gone = withdrawn or {}
    loaded: dict[str, dict[str, int]] = {}
    for kind in kinds:
        for file, rows in tables[kind]["source_file"].value_counts().iter_rows():
            loaded.setdefault(file, {})[kind] = rows
    findings: dict[str, dict[str, int]] = {}
    for file, severity, count in tables["findings"].group_by("source_file", "severity").len().iter_rows():
        findings.setdefault(file, dict.fromkeys(SEVERITIES, 0))[severity] = count
    unread = tables["findings"].filter(tables["findings"]["code"] == "unreadable_file")
    why = {row["source_file"]: (row["message_zh"], row["message_en"]) for row in unread.iter_rows(named=True)}
    return Summary(
        version,
        tuple(
            FileSummary(
                file=row["source_file"],
                status=row["status"],
                rows_loaded=loaded.get(row["source_file"], {}),
                rows_quarantined=row["rows_quarantined"] or 0,
                rows_skipped=row["rows_skipped"] or 0,
                findings=findings.get(row["source_file"], dict.fromkeys(SEVERITIES, 0)),
                why=gone.get(row["source_file"], why.get(row["source_file"]) if row["status"] == "rejected" else None),
                withdrawn=row["source_file"] in gone,
            )
            for row in tables["submissions"].iter_rows(named=True)
        ),
    )


def to_text(summary: Summary) -> str:
    """The summary as JSON that `from_text` reads; kept in the warehouse's `meta`."""
    return json.dumps([asdict(one) for one in summary.files], ensure_ascii=False)


def from_text(version: str, text: str) -> Summary:
    """The summary that was kept with a version."""
    files = [FileSummary(**{**one, "why": tuple(one["why"]) if one["why"] else None}) for one in json.loads(text)]
    return Summary(version, tuple(files), unchanged=True)


def as_json(summary: Summary) -> str:
    """The summary in the shape that the data contract promises."""
    files = [asdict(one) for one in summary.files]
    for one in files:
        del one["why"], one["withdrawn"]
    return json.dumps(
        {"version": summary.version, "files": files, "seconds": round(summary.seconds, 3)}, ensure_ascii=False, indent=1
    )


def as_csv(summary: Summary) -> str:
    """One line a file; the rows of all tables added up."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["file", "status", "rows_loaded", "rows_quarantined", "rows_skipped", *SEVERITIES])
    writer.writerows(_cells(one) for one in summary.files)
    return text.getvalue()


def as_table(summary: Summary, lang: Language, paths: Sequence[str]) -> str:
    """The summary for people: a line a file, why files were rejected, and what to do next."""
    heads = [say(key, lang) for key in ("file", "status", "rows", "quarantined", "skipped", *SEVERITIES)]
    lines = [[*map(str, _cells(one))] for one in summary.files]
    for line in lines:
        line[1] = say(line[1], lang)
    total = FileSummary(
        say("total", lang, files=len(lines)),
        "",
        {"": sum(sum(one.rows_loaded.values()) for one in summary.files)},
        sum(one.rows_quarantined for one in summary.files),
        sum(one.rows_skipped for one in summary.files),
        {severity: summary.count(severity) for severity in SEVERITIES},
    )
    parts = [aligned([heads, *lines, [*map(str, _cells(total))]], left=2), ""]
    parts += [
        say("withdrawn_why" if one.withdrawn else "rejected_why", lang, file=one.file, what=one.why[lang == "en"])
        for one in summary.files
        if one.why is not None
    ]
    seconds = f"{summary.seconds:.1f}"
    parts.append(
        say("same_as_before" if summary.unchanged else "published", lang, version=summary.version, seconds=seconds)
    )
    parts.append(_next(summary, lang, paths))
    return "\n".join(parts)


def aligned(lines: Sequence[Sequence[str]], left: int) -> str:
    """Cells in columns, the first `left` columns to the left, the others to the right; a wide character counts two."""
    widths = [max(width(cell) for cell in column) for column in zip(*lines, strict=True)]
    rows = []
    for line in lines:
        cells = [
            cell + " " * (room - width(cell)) if index < left else " " * (room - width(cell)) + cell
            for index, (cell, room) in enumerate(zip(line, widths, strict=True))
        ]
        rows.append("  ".join(cells).rstrip())
    return "\n".join(rows)


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    import unicodedata

    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text if not unicodedata.combining(one))


def timed(summary: Summary, seconds: float) -> Summary:
    """The summary with how long the load took."""
    return replace(summary, seconds=seconds)


def _next(summary: Summary, lang: Language, paths: Sequence[str]) -> str:
    shown = " ".join(f'"{path}"' if " " in path else path for path in paths)
    if summary.count("error"):
        return say("next_errors", lang, errors=summary.count("error"), paths=shown)
    if summary.count("warning"):
        return say("next_warnings", lang, warnings=summary.count("warning"), paths=shown)
    return say("next_fine", lang)


def _cells(one: FileSummary) -> list[object]:
    rows = sum(one.rows_loaded.values())
    return [one.file, one.status, rows, one.rows_quarantined, one.rows_skipped, *(one.findings[s] for s in SEVERITIES)]
