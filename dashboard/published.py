"""The published street as pages and pictures ask it: its figures, its rows, and what was made of them before.

One version of the warehouse, opened read-only. Several sessions share it; a lock lets one at a time ask.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from threading import Lock, RLock
from typing import Any, Final, TypeVar

import polars as pl

from pipelines.metrics.asking import ask, series
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.desk import Desk, OldWarehouseError, open_desk
from pipelines.metrics.fetching import fetched
from pipelines.metrics.judging import Judgement
from pipelines.metrics.periods import Period
from pipelines.metrics.question import Question
from pipelines.metrics.values import Value
from pipelines.warehouse import current, open_published
from pipelines.words import Language

QUERIES: Final = Path(__file__).parent / "queries"
KEPT: Final = 1200
OPEN: Final = 4
"""Versions that stay open for pages that still show them."""
HEADLINES: Final = ("satisfaction_rate", "collection_rate", "closure_median_hours", "cost_per_m2_month")
"""The four figures that the street is compared on."""

Made = TypeVar("Made")


@dataclass(frozen=True)
class Published:
    """One version. `kept`: what was made of it, the longest unasked goes first."""

    folder: Path
    version: str
    desk: Desk
    lock: RLock = field(default_factory=RLock, compare=False, repr=False)
    kept: dict[tuple[object, ...], Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def as_of(self) -> date:
        """The latest day that the data know of."""
        return self.desk.as_of

    def values(self, question: Question) -> list[Value]:
        """The figures asked for. Raises UnknownError."""
        with self.lock:
            return ask(self.desk, question)

    def value(self, metric: str, period: Period, by: str, subject: str, basis: str | None = None) -> Value:
        """One figure. Raises UnknownError."""
        return self.values(Question(period, by, (subject,), (metric,), basis=basis))[0]

    def series(self, metric: str, question: Question) -> dict[str, Judgement]:
        """By subject the series of a metric up to the period's end, with the verdict on it. Raises UnknownError."""
        with self.lock:
            return series(self.desk, metric, question)

    def rows(self, query: str, **params: object) -> pl.DataFrame:
        """The answer to `queries/<query>.sql` with its named parameters."""
        with self.lock:
            return fetched(self.desk.connection, _text(query), params)

    def made(self, key: tuple[object, ...], make: Callable[[], Made]) -> Made:
        """What was made for this key before, else what `make` makes now."""
        with self.lock:
            found: Made = self.kept.pop(key) if key in self.kept else make()
            self._keep(key, found)
            return found

    def take_over(self, other: Published) -> None:
        """Keeps what was made of the same version elsewhere, where it is not there yet."""
        for key, found in list(other.kept.items()):
            with self.lock:
                if key not in self.kept:
                    self._keep(key, found)

    def _keep(self, key: tuple[object, ...], found: object) -> None:
        self.kept[key] = found
        if len(self.kept) > KEPT:
            del self.kept[next(iter(self.kept))]

    def made_of(self) -> dict[str, str]:
        """What the version was made of and by: when, by which code, of which inputs."""
        rows = fetched(self.desk.connection, "SELECT key, value FROM meta WHERE key <> 'summary'")
        return {**dict(rows.iter_rows()), "as_of": self.as_of.isoformat()}

    def metric(self, name: str) -> Metric:
        """A metric as this version defines it. Raises KeyError."""
        return self.desk.metrics[name]

    def words(self, topic: str, code: str, lang: Language) -> str:
        """What this version says of a code: of a reason, caveat, basis, verdict, unit. Raises KeyError."""
        return self._words()[topic, code][lang]

    def _words(self) -> Mapping[tuple[str, str], Mapping[str, str]]:
        def made() -> dict[tuple[str, str], dict[str, str]]:
            rows = fetched(self.desk.connection, "FROM metric_words")
            return {(topic, code): {"zh": zh, "en": en} for topic, code, zh, en in rows.iter_rows()}

        return self.made(("words",), made)


def version_of(folder: Path) -> str | None:
    """The version that is published now, None where there is none yet."""
    return current(folder)


def open_version(folder: Path) -> Published:
    """The version that is published now. Raises NoWarehouseError, OldWarehouseError."""
    connection = open_published(folder)
    if not {str(row[0]) for row in connection.execute("SHOW TABLES").fetchall()} >= SHOWN:
        connection.close()
        raise OldWarehouseError
    name = str(connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchall()[0][0])
    return Published(folder, name, open_desk(connection))


SHOWN: Final = frozenset({"checks", "expected", "mart_brought", "metric_words", "street_settings"})
"""Tables that pages ask beside the metrics; a version without them was made before there were pages."""
_opening: Final = Lock()
_open: Final[dict[tuple[Path, str], Published]] = {}


def opened(folder: Path, version: str | None = None) -> Published:
    """A version as all sessions share it: the one asked for while it is kept open, else the one published now.

    Raises NoWarehouseError, OldWarehouseError.
    """
    place = folder.resolve()
    with _opening:
        found = _open.get((place, version or version_of(place) or ""))
        if found is None:
            found = open_version(place)
            found = _open.setdefault((place, found.version), found)
            while len(_open) > OPEN:
                del _open[next(iter(_open))]
        return found


@cache
def _text(query: str) -> str:
    return (QUERIES / f"{query}.sql").read_text(encoding="utf-8")
