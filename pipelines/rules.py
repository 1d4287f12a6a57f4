"""What a street has decided for itself beside its submissions, bound into the steps of the walk that need it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import fingerprints
from pipelines.build import Rules

if TYPE_CHECKING:
    import polars as pl

    from pipelines.mending.corrections import Corrections
    from pipelines.mending.memory import Memory
    from pipelines.mending.profiles import Profiles
    from pipelines.places.naming import Known
    from pipelines.settings import Settings
    from pipelines.staged import Reading, Submission
    from pipelines.warehouse import Connection
    from pipelines.workers import Read


def rules_of(folder: Path) -> Rules:
    """The rules at the top of a folder of submissions. Raises SettingsError, which names the line of a mistake."""
    from pipelines.mending.correction_files import load_corrections
    from pipelines.mending.memory import load_memory
    from pipelines.mending.profile_files import load_profiles
    from pipelines.settings import load_settings

    settings, profiles, corrections = load_settings(folder), load_profiles(folder), load_corrections(folder)
    memory = load_memory(folder)
    decided = fingerprints.of(settings)
    return Rules(
        read=partial(read_tables, profiles=profiles, settings=settings, corrections=corrections, memory=memory),
        of_file=lambda file: fingerprints.of(
            [
                fingerprints.of_the_reader(),
                decided,
                profiles.fingerprint(file),
                corrections.fingerprint(file),
                memory.fingerprint(file),
            ]
        ),
        fingerprint=fingerprints.of([decided, profiles.fingerprint(), corrections.fingerprint(), memory.fingerprint()]),
        maps=partial(_maps, declared=settings.crs, street=settings.street.name or None),
        assemble=partial(_assemble, settings=settings, corrections=corrections, memory=memory),
        suggest=suggest,
        derive=partial(derive, settings=settings),
        versions_kept=settings.retention.versions,
    )


def read_tables(
    path: Path, file: str, *, profiles: Profiles, settings: Settings, corrections: Corrections, memory: Memory
) -> Reading:
    """Reads a workbook. Imports the reader only where a file is really read: in a worker."""
    from pipelines.reading.read import read_file

    return read_file(path, file, profiles, settings, corrections, memory)


def read_areas(path: Path, file: str, *, known: Known, declared: Mapping[str, str]) -> Reading:
    """Reads a file of boundaries into a reading whose records are the areas."""
    import polars as pl

    from pipelines.assemble import BOUNDARY_SCHEMA
    from pipelines.findings import findings_frame
    from pipelines.intake import AREAS, nothing_read
    from pipelines.places.boundaries import read_boundaries
    from pipelines.staged import QUARANTINE_SCHEMA

    found = read_boundaries(path, file, known, declared)
    return replace(
        nothing_read(),
        records={AREAS: pl.DataFrame(found.rows, schema=BOUNDARY_SCHEMA)},
        findings=findings_frame(found.findings),
        quarantine=pl.DataFrame(found.quarantine, schema=QUARANTINE_SCHEMA),
        rejected=found.rejected,
    )


def known_from(readings: Sequence[Reading], register: pl.DataFrame | None, street: str | None = None) -> Known:
    """The names and places that registers tell: those just read, and the published one. `street` is as declared."""
    from pipelines.places.naming import Known

    frames = [one.records["estates"] for one in readings if "estates" in one.records]
    rows = [row for frame in [*frames, *([] if register is None else [register])] for row in frame.to_dicts()]
    names = {str(name) for row in rows for name in [row["estate"], *(row["aliases"] or [])] if name}
    streets = sorted({str(row["street"]) for row in rows if row["street"]})
    return Known(
        estates=tuple(sorted(names)),
        communities=tuple(sorted({str(row["community"]) for row in rows if row["community"]})),
        street=street or (streets[0] if len(streets) == 1 else None),
        points={
            str(row["estate"]): (row["lon"], row["lat"])
            for row in rows
            if row["estate"] and row["lon"] is not None and row["lat"] is not None
        },
    )


def suggest(path: Path, file: str, sheet: str) -> str | None:
    """The text of a profile for a sheet that was not recognised, or None."""
    from pipelines import suggesting

    return suggesting.suggest(path, file, sheet)


def derive(connection: Connection, *, settings: Settings) -> None:
    """Makes the marts, the groups of peers, the metrics with their series and the checks, beside the tables."""
    from pipelines.checks import checks_table
    from pipelines.expected import expected_table, settings_table
    from pipelines.marts import put, run
    from pipelines.metrics import storing
    from pipelines.metrics.catalogue import catalogue_tables
    from pipelines.metrics.desk import open_desk

    run(connection, settings)
    for name, frame in catalogue_tables(settings).items():
        put(connection, name, frame)
    for name, frame in storing.tables(open_desk(connection)).items():
        put(connection, name, frame)
    put(connection, "checks", checks_table(connection))
    put(connection, "street_settings", settings_table(connection, settings))
    put(connection, "expected", expected_table(connection, settings))


def _maps(
    readings: Sequence[Reading], register: pl.DataFrame | None, *, declared: Mapping[str, str], street: str | None
) -> tuple[Read, Callable[[str], str]]:
    known = known_from(readings, register, street)
    mark = fingerprints.of([fingerprints.of_the_reader(), known, dict(declared)])
    return partial(read_areas, known=known, declared=dict(declared)), lambda _file: mark


def _assemble(
    submissions: list[Submission],
    register: pl.DataFrame | None,
    now: datetime,
    *,
    settings: Settings,
    corrections: Corrections,
    memory: Memory,
) -> dict[str, pl.DataFrame]:
    from pipelines.assemble import assemble
    from pipelines.assemble.explained import named_as_explained
    from pipelines.mending.correction_findings import unused
    from pipelines.mending.corrections import FILE

    idle = unused(corrections, [one.file for one in submissions])
    told = [{"source_file": FILE, **one.row()} for one in idle]
    explained = named_as_explained(submissions, memory)
    made = assemble(explained, settings, boundary_findings=told, known_estates=register, loaded_at=now)
    return {**made.tables, "ledger": made.ledger, "history": made.history}
