"""Reads the catalogue: what each metric is, and the SQL that counts it.

Adding a metric is one stanza in `catalogue.toml` and one `.sql` file of the same name beside it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

import polars as pl

from pipelines.metrics.periods import Step
from pipelines.street import Settings

FOLDER: Final = Path(__file__).parent

Kind = Literal["share", "money", "rate", "stock", "median", "expected"]
Interval = Literal["wilson", "poisson", "kaplan_meier", "ratio", "none"]
Direction = Literal["up", "down", "neither"]


@dataclass(frozen=True)
class Metric:
    """One stanza of the catalogue. `target` and `least_sample` are those of the street where it has its own;
    `sql` counts it."""

    id: str
    zh: str
    en: str
    question_zh: str
    question_en: str
    definition_zh: str
    definition_en: str
    cannot_zh: str
    cannot_en: str
    unit: str
    decimals: int
    direction: Direction
    kind: Kind
    interval: Interval
    additive: bool
    suppress: bool
    least_sample: int
    natural: tuple[Step, ...]
    sources: tuple[str, ...]
    bases: tuple[str, ...]
    pays: bool = False
    tiered: bool = False
    target: float | None = None
    sql: str = ""


class CatalogueError(ValueError):
    """A stanza that is not whole, or one without its SQL file."""


@cache
def catalogue(folder: Path = FOLDER) -> Mapping[str, Metric]:
    """All metrics by id, in the catalogue's order. Raises CatalogueError."""
    stanzas = tomllib.loads((folder / "catalogue.toml").read_text(encoding="utf-8"))
    return {name: _metric(name, stanza, folder) for name, stanza in stanzas.items()}


@cache
def words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """What is said about values: reason, caveat, basis, verdict, unit, by → code → language → text."""
    return tomllib.loads((FOLDER / "words.toml").read_text(encoding="utf-8"))


def decided(metric: Metric, settings: Settings) -> Metric:
    """The metric with the street's own target and least sample."""
    return replace(
        metric,
        target=settings.targets.get(metric.id, metric.target),
        least_sample=settings.samples.metrics.get(metric.id, metric.least_sample),
    )


def catalogue_tables(settings: Settings, folder: Path = FOLDER) -> dict[str, pl.DataFrame]:
    """What explains a version's figures: `metrics`, `metric_words` (codes in both languages), `metric_settings`."""
    rows = [
        {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in vars(decided(one, settings)).items()
        }
        for one in catalogue(folder).values()
    ]
    schema = {"target": pl.Float64}
    told = [
        {"topic": topic, "code": code, "zh": text["zh"], "en": text["en"]}
        for topic, codes in words().items()
        for code, text in codes.items()
    ]
    samples = settings.samples
    decisions = {
        "suppress_below": float(samples.internal),
        "suppress_below_in_public": float(samples.public),
        "known_share": samples.known_share,
    }
    return {
        "metrics": pl.DataFrame(rows, schema_overrides=schema),
        "metric_words": pl.DataFrame(told),
        "metric_settings": pl.DataFrame({"key": list(decisions), "value": list(decisions.values())}),
    }


def published(rows: pl.DataFrame) -> dict[str, Metric]:
    """The metrics as the table `metrics` of a warehouse holds them."""
    lists = ("natural", "sources", "bases")
    found: dict[str, Metric] = {}
    for row in rows.to_dicts():
        values: dict[str, Any] = {name: tuple(value) if name in lists else value for name, value in row.items()}
        found[values["id"]] = Metric(**values)
    return found


def _metric(name: str, stanza: Mapping[str, Any], folder: Path) -> Metric:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in stanza.items()}
    try:
        metric = Metric(id=name, **values)
    except TypeError as fault:
        raise CatalogueError(f"{name}: {fault}") from fault
    for field, allowed in (("kind", Kind), ("interval", Interval), ("direction", Direction)):
        if getattr(metric, field) not in get_args(allowed):
            raise CatalogueError(f"{name}: {field} is one of {', '.join(get_args(allowed))}")
    try:
        return replace(metric, sql=(folder / f"{name}.sql").read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        raise CatalogueError(f"{name}: there is no {name}.sql beside the catalogue") from fault
