"""Reads one criterion of a rubric's file: what feeds it, and the ladder that its raw value climbs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from pipelines.analysis.rating.ladders import Ladder, LadderError, linear, steps
from pipelines.analysis.rating.rubric import Criterion, Source
from pipelines.mending.toml_lines import Document, Key, refuse_unknown, want_table
from pipelines.metrics.catalogue import Metric
from pipelines.rating.toml_values import close_to, day, need, number, one_of, small_number, text, texts

FACTS: Final = (
    "fees_reported", "costs_reported", "tickets_reported", "surveys_reported", "sent_on_time", "contract_in_force",
)  # fmt: skip
"""What can be told from the submissions without anybody's judgement: see `pipelines.rating.facts`."""
ENTERED: Final = "entered:"
"""Before the name of a fact that is entered by hand for each subject, as a share from 0 to 1."""

_KEYS: Final = (
    "id", "dimension", "zh", "en", "points", "metric", "basis", "inspection", "fact", "linear", "steps", "ladders",
    "least", "missing", "cap_at", "partial", "counts_from",
)  # fmt: skip


def criterion_of(document: Document, at: Key, table: Mapping[str, object], metrics: Mapping[str, Metric]) -> Criterion:
    """The criterion in the table that stands at `at`. Raises SettingsError."""
    refuse_unknown(document, at, table, _KEYS)
    points = number(document, (*at, "points"), need(document, at, table, "points"))
    source, metric = _source(document, at, table, metrics)
    ladder = _ladder(document, at, table, points, metric)
    own = want_table(document, (*at, "ladders"), table.get("ladders", {}))
    ladders = {}
    for group, given in own.items():
        place = (*at, "ladders", group)
        inner = want_table(document, place, given)
        refuse_unknown(document, place, inner, ("linear", "steps"))
        ladders[group] = _ladder(document, place, inner, points, metric)
    missing = one_of(document, (*at, "missing"), str(table.get("missing", "zero")), ["zero", "cap"])
    partial = one_of(document, (*at, "partial"), str(table.get("partial", "worst")), ["worst", "noted"])
    if missing == "cap" and "cap_at" not in table:
        zh, en = "缺报封顶要写“cap_at”：最高几星", 'missing = "cap" needs "cap_at": at most how many stars'
        raise document.error((*at, "missing"), zh, en)
    return Criterion(
        id=text(document, at, table, "id"),
        zh=text(document, at, table, "zh"),
        en=text(document, at, table, "en"),
        dimension=text(document, at, table, "dimension"),
        points=points,
        source=source,
        ladder=ladder,
        ladders=ladders,
        least=number(document, (*at, "least"), table.get("least", 0)),
        missing="cap" if missing == "cap" else "zero",
        cap_at=small_number(document, (*at, "cap_at"), table["cap_at"], 4) if "cap_at" in table else None,
        partial="noted" if partial == "noted" else "worst",
        counts_from=day(document, (*at, "counts_from"), table["counts_from"]) if "counts_from" in table else None,
        unit=metric.unit if metric else "percent",
    )


def _source(
    document: Document, at: Key, table: Mapping[str, object], metrics: Mapping[str, Metric]
) -> tuple[Source, Metric | None]:
    given = [one for one in ("metric", "inspection", "fact") if one in table]
    if len(given) != 1:
        zh = "要写且只写一个来源：metric（指标）、inspection（考核项目）或 fact（事实）"
        en = "write one source, and only one: metric, inspection or fact"
        raise document.error(at, zh, en)
    if "basis" in table and given != ["metric"]:
        raise document.error((*at, "basis"), "只有指标有口径", "only a metric has a basis")
    if given == ["inspection"]:
        return Source("inspection", criteria=texts(document, (*at, "inspection"), table["inspection"])), None
    if given == ["fact"]:
        name = text(document, at, table, "fact")
        if not (name.startswith(ENTERED) and len(name) > len(ENTERED)):
            one_of(document, (*at, "fact"), name, FACTS)
        return Source("fact", name), None
    name = text(document, at, table, "metric")
    metric = metrics[one_of(document, (*at, "metric"), name, list(metrics))]
    if metric.direction == "neither":
        zh, en = (
            f"“{metric.zh}”没有好坏之分，不能计分",
            f'"{metric.en}" is neither better nor worse, so it has no points',
        )
        raise document.error((*at, "metric"), zh, en)
    basis = text(document, at, table, "basis") if "basis" in table else None
    if basis is not None:
        one_of(document, (*at, "basis"), basis, list(metric.bases))
    return Source("metric", name, basis), metric


def _ladder(document: Document, at: Key, table: Mapping[str, object], points: float, metric: Metric | None) -> Ladder:
    given = [one for one in ("linear", "steps") if one in table]
    if len(given) != 1:
        zh = "要写且只写一种分值表：linear（折线）或 steps（分段）"
        en = "write one ladder, and only one: linear or steps"
        raise document.error(at, zh, en)
    place: Key = (*at, given[0])
    rows = _rows(document, place, table[given[0]], 2 if given == ["linear"] else 3)
    try:
        ladder = (
            linear([(row[0], row[1]) for row in rows])
            if given == ["linear"]
            else steps([(row[0], row[1], row[2]) for row in rows])
        )
    except LadderError as fault:
        zh, en = f"第 {fault.rung + 1} 段：{fault.zh}", f"rung {fault.rung + 1}: {fault.en}"
        raise document.error(place, zh, en) from fault
    if not close_to(ladder.most, points):
        zh = f"分值表最高 {ladder.most:g} 分，与本项 {points:g} 分不符"
        en = f"the ladder gives at most {ladder.most:g}, not the criterion's {points:g}"
        raise document.error(place, zh, en)
    if ladder.rising is (metric is not None and metric.direction == "down"):
        zh = "方向不对：数据越好，得分应越高" if metric is None else f"方向不对：“{metric.zh}”越好，得分应越高"
        en = "the ladder goes the wrong way: better data must score more"
        raise document.error(place, zh, en)
    return ladder


def _rows(document: Document, at: Key, value: object, width: int) -> list[list[float]]:
    names = "[取值, 分]" if width == 2 else "[从, 到, 分]"
    shown = "[value, points]" if width == 2 else "[from, to, points]"
    if not isinstance(value, list) or not value:
        raise document.error(at, f"应是 {names} 的列表", f"must be a list of {shown}")
    rows: list[list[float]] = []
    for place, row in enumerate(value, 1):
        if not isinstance(row, list) or len(row) != width:
            raise document.error(at, f"第 {place} 段应写成 {names}", f"rung {place} must be written as {shown}")
        raw = [number(document, at, one, least=-math.inf) for one in row]
        if raw[-1] < 0 or not math.isfinite(raw[-1]):
            raise document.error(at, f"第 {place} 段的分值不能小于 0", f"rung {place}: points can't be below 0")
        rows.append(raw)
    return rows
