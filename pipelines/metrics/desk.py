"""What the metrics need to know of the published street before a question comes: read once a version, then kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeVar

import polars as pl

from pipelines.metrics.catalogue import Metric, published
from pipelines.metrics.fetching import fetched

if TYPE_CHECKING:
    from pipelines.warehouse import Connection

Kept = TypeVar("Kept")
REMEMBERED: Final = 400
BYS: Final = ("estate", "company", "community", "street", "governance_mode", "peer_group")


class OldWarehouseError(Exception):
    """The warehouse was made before there were metrics: load again."""


@dataclass(frozen=True)
class Desk:
    """The published street. `places` is one row an estate of the register: estate and the subjects that it belongs to.

    `changes` holds, by estate, the days on which its company, mode or state (charging too) changed. `waves` are the
    rows of mart_surveys. The metrics carry the SQL that this version was made for. `patrolled`: not only companies are
    inspected. `stored`: the series were counted at load. `kept`: what has been counted of this version. A desk serves
    one thread, as its connection does.
    """

    connection: Connection
    metrics: Mapping[str, Metric]
    suppress_below: float
    known_share: float
    as_of: date
    first_day: date
    places: pl.DataFrame
    changes: Mapping[str, Sequence[date]]
    waves: pl.DataFrame
    companies: tuple[str, ...]
    modes: tuple[str, ...]
    unregistered: tuple[str, ...]
    patrolled: bool
    stored: bool
    kept: dict[tuple[object, ...], Any] = field(default_factory=dict, compare=False, repr=False)

    def remembered(self, key: tuple[object, ...], make: Callable[[], Kept]) -> Kept:
        """What was made for this key before, else what `make` makes now. What was not asked for longest goes."""
        found: Kept = self.kept.pop(key) if key in self.kept else make()
        self.kept[key] = found
        if len(self.kept) > REMEMBERED:
            del self.kept[next(iter(self.kept))]
        return found

    def subjects(self, by: str) -> Sequence[str]:
        """All subjects of a level, in the order of their names; for estates also those that no register lists."""
        if by == "company":
            return self.companies
        if by == "governance_mode":
            return self.modes
        return self.remembered(("subjects", by), lambda: self._placed(by))

    def _placed(self, by: str) -> list[str]:
        known = self.places[by].drop_nulls().unique().sort().to_list()
        return [*known, *self.unregistered] if by == "estate" else known


def open_desk(connection: Connection) -> Desk:
    """Reads what is known from an open, published warehouse. Raises OldWarehouseError."""
    there = {str(row[0]) for row in connection.execute("SHOW TABLES").fetchall()}
    if not {"metrics", "metric_settings", "mart_as_of", "mart_peers"} <= there:
        raise OldWarehouseError
    as_of, first_day = connection.execute("SELECT as_of, first_month FROM mart_as_of").fetchall()[0]
    decisions = dict(connection.execute("SELECT key, value FROM metric_settings").fetchall())
    places = fetched(connection, "FROM mart_peers")
    spells = fetched(connection, "FROM mart_spells")
    named = set(spells["estate"])
    inspected = connection.execute("SELECT DISTINCT subject_kind, company FROM mart_inspections").fetchall()
    reviewed = {company for kind, company in inspected if kind == "company"}
    return Desk(
        connection=connection,
        metrics=published(fetched(connection, "FROM metrics")),
        suppress_below=decisions["suppress_below"],
        known_share=decisions["known_share"],
        as_of=as_of,
        first_day=first_day,
        places=places,
        changes=_changes(spells),
        waves=fetched(connection, "FROM mart_surveys"),
        companies=tuple(sorted({*spells["company"].drop_nulls(), *reviewed})),
        modes=tuple(spells["governance_mode"].drop_nulls().unique().sort()),
        stored={"metric_steps", "metric_rows"} <= there,
        patrolled={kind for kind, _ in inspected} != {"company"},
        unregistered=tuple(sorted(named - set(places["estate"]))),
    )


def _changes(spells: pl.DataFrame) -> dict[str, list[date]]:
    found: dict[str, list[date]] = {}
    for estate, day in spells.filter(pl.col("from_day").dt.year() > 1).select("estate", "from_day").iter_rows():
        found.setdefault(estate, []).append(day)
    return found
