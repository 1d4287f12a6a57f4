"""Reads a rubric (评星细则) from its TOML file; refuses it, with line and reason, where it can't be right."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines.analysis.rating.rubric import (
    Criterion,
    Dimension,
    Guard,
    Item,
    Rubric,
    Threshold,
    Veto,
    Window,
)
from pipelines.mending.toml_lines import Document, Key, SettingsError, read_toml, refuse_unknown
from pipelines.metrics.catalogue import Metric
from pipelines.rating.criteria_tables import criterion_of
from pipelines.rating.toml_values import (
    close_to,
    day,
    need,
    number,
    one_of,
    small_number,
    tables,
    text,
    texts,
)

FOLDER: Final = Path(__file__).parent / "rubrics"
DEFAULT: Final = FOLDER / "alliance.toml"
RubricError = SettingsError
"""A mistake in a rubric: `file`, `line`, and what is wrong in `zh` and `en`."""

_TOP: Final = (
    "id", "version", "zh", "en", "total", "base", "decimals", "minimum", "bonus_cap", "deduction_cap",
    "least_service_days", "least_if_clean", "source", "unknown", "threshold", "guard", "dimension", "criterion", "item",
    "veto", "window",
)  # fmt: skip


@dataclass(frozen=True)
class RubricFile:
    """A rubric with the SHA-256 of the bytes that it was read from, and those bytes."""

    rubric: Rubric
    sha256: str
    raw: bytes


def presets() -> dict[str, Path]:
    """The rubrics that come with the program, by id."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.toml"))}


def read_rubric(path: Path, metrics: Mapping[str, Metric], shown: str | None = None) -> RubricFile:
    """The rubric at `path`, checked against these metrics. Raises RubricError; OSError where it can't be opened."""
    document = read_toml(path, shown or path.name)
    raw = path.read_bytes()
    return RubricFile(_rubric(document, metrics), hashlib.sha256(raw).hexdigest(), raw)


def moved_too_far(before: Rubric, after: Rubric) -> list[tuple[int, float, float]]:
    """Thresholds that moved further than the new version's guard allows: (stars, was, is). For a round's opening."""
    most = after.guard.largest_move
    was = {one.stars: one.at for one in before.thresholds}
    return [
        (one.stars, was[one.stars], one.at)
        for one in after.thresholds
        if most is not None and one.stars in was and abs(one.at - was[one.stars]) > most + 1e-9
    ]


def _rubric(document: Document, metrics: Mapping[str, Metric]) -> Rubric:
    data = document.data
    refuse_unknown(document, (), data, _TOP)
    total = number(document, ("total",), data.get("total", 100))
    criteria = [
        criterion_of(document, ("criterion", place), table, metrics)
        for place, table in enumerate(tables(document, (), data, "criterion"))
    ]
    dimensions = _dimensions(document, total, criteria)
    base = number(document, ("base",), data.get("base", 0))
    bonus_cap = number(document, ("bonus_cap",), data["bonus_cap"]) if "bonus_cap" in data else None
    rubric = Rubric(
        id=text(document, (), data, "id"),
        version=text(document, (), data, "version"),
        zh=text(document, (), data, "zh"),
        en=text(document, (), data, "en"),
        source_zh=_told(document, "source", "zh"),
        source_en=_told(document, "source", "en"),
        unknown_zh=_told(document, "unknown", "zh"),
        unknown_en=_told(document, "unknown", "en"),
        total=total,
        dimensions=dimensions,
        thresholds=_thresholds(document, base + total + (bonus_cap or 0)),
        base=base,
        items=_items(document),
        vetoes=_vetoes(document, [one.id for one in criteria]),
        bonus_cap=bonus_cap,
        deduction_cap=number(document, ("deduction_cap",), data["deduction_cap"]) if "deduction_cap" in data else None,
        minimum=number(document, ("minimum",), data.get("minimum", 0), most=1),
        decimals=small_number(document, ("decimals",), data.get("decimals", 1), 6),
        windows=_windows(document, [one.id for one in criteria]),
        guard=_guard(document),
        least_if_clean=small_number(document, ("least_if_clean",), data.get("least_if_clean", 0), 5),
        least_service_days=small_number(document, ("least_service_days",), data.get("least_service_days", 0), 36600),
    )
    _guarded(document, rubric)
    _unlike(document, rubric)
    return rubric


def _told(document: Document, table: str, lang: str) -> str:
    found = need(document, (), document.data, table)
    if not isinstance(found, dict):
        raise document.error((table,), f"“{table}”应是一组 zh、en 两段文字", f'"{table}" must be two texts, zh and en')
    refuse_unknown(document, (table,), found, ("zh", "en"))
    return text(document, (table,), found, lang)


def _dimensions(document: Document, total: float, criteria: list[Criterion]) -> tuple[Dimension, ...]:
    found: list[Dimension] = []
    given = tables(document, (), document.data, "dimension")
    for place, table in enumerate(given):
        at: Key = ("dimension", place)
        refuse_unknown(document, at, table, ("id", "zh", "en", "weight", "accepted"))
        name = text(document, at, table, "id")
        weight = number(document, (*at, "weight"), need(document, at, table, "weight"))
        accepted = _accepted(document, at, table, weight)
        own = tuple(one for one in criteria if one.dimension == name)
        adds = sum(one.points for one in own)
        if not close_to(adds, weight):
            zh = f"“{name}”各项分值合计 {adds:g}，与本维度的 {weight:g} 分不符"
            en = f'the criteria of "{name}" add up to {adds:g}, not to its {weight:g}'
            raise document.error((*at, "weight"), zh, en)
        found.append(
            Dimension(name, text(document, at, table, "zh"), text(document, at, table, "en"), weight, accepted, own)
        )
    names = [one.id for one in found]
    for place, criterion in enumerate(criteria):
        one_of(document, ("criterion", place, "dimension"), criterion.dimension, names)
    adds = sum(one.weight for one in found)
    if not close_to(adds, total):
        zh = f"各维度权重合计 {adds:g}，应为总分 {total:g}"
        en = f"the dimensions' weights add up to {adds:g}, not to the total of {total:g}"
        raise document.error(("dimension", max(0, len(given) - 1), "weight"), zh, en)
    return tuple(found)


def _accepted(document: Document, at: Key, table: Mapping[str, object], weight: float) -> tuple[float, float]:
    given = table.get("accepted", [weight, weight])
    if not isinstance(given, list) or len(given) != 2:
        zh, en = "“accepted”应是 [最低, 最高]", '"accepted" must be [lowest, highest]'
        raise document.error((*at, "accepted"), zh, en)
    low, high = (number(document, (*at, "accepted"), one) for one in given)
    if not low <= weight <= high:
        zh = f"权重 {weight:g} 不在评审认可的范围 {low:g}—{high:g} 内"
        en = f"the weight {weight:g} isn't within the accepted range {low:g} to {high:g}"
        raise document.error((*at, "accepted"), zh, en)
    return low, high


def _thresholds(document: Document, most: float) -> tuple[Threshold, ...]:
    found: list[Threshold] = []
    for place, table in enumerate(tables(document, (), document.data, "threshold")):
        at: Key = ("threshold", place)
        refuse_unknown(document, at, table, ("stars", "at", "zh", "en"))
        stars = small_number(document, (*at, "stars"), need(document, at, table, "stars"), 5, least=1)
        score = number(document, (*at, "at"), need(document, at, table, "at"))
        if score > most:
            zh = f"{stars} 星要 {score:g} 分，但满分只有 {most:g}"
            en = f"{stars} stars ask for {score:g}, but {most:g} is all that can be scored"
            raise document.error((*at, "at"), zh, en)
        for other in found:
            if (stars - other.stars) * (score - other.at) <= 0:
                zh = f"{stars} 星（{score:g} 分）与 {other.stars} 星（{other.at:g} 分）的分数线重复或颠倒"
                en = f"the thresholds of {stars} ({score:g}) and {other.stars} stars ({other.at:g}) clash"
                raise document.error((*at, "at"), zh, en)
        found.append(Threshold(stars, score, text(document, at, table, "zh"), text(document, at, table, "en")))
    if not found:
        raise document.error((), "没有 [[threshold]] 分数线", "there is no [[threshold]]")
    return tuple(sorted(found, key=lambda one: one.stars))


def _items(document: Document) -> tuple[Item, ...]:
    found = []
    for place, table in enumerate(tables(document, (), document.data, "item")):
        at: Key = ("item", place)
        refuse_unknown(document, at, table, ("id", "zh", "en", "kind", "points", "cap"))
        points = number(document, (*at, "points"), need(document, at, table, "points"))
        cap = number(document, (*at, "cap"), table.get("cap", points))
        if cap < points:
            zh, en = f"封顶 {cap:g} 小于一次的 {points:g}", f"the cap {cap:g} is below the {points:g} of a single time"
            raise document.error((*at, "cap"), zh, en)
        kind = one_of(document, (*at, "kind"), text(document, at, table, "kind"), ["bonus", "deduction"])
        found.append(
            Item(
                text(document, at, table, "id"),
                text(document, at, table, "zh"),
                text(document, at, table, "en"),
                "bonus" if kind == "bonus" else "deduction",
                points,
                cap,
            )
        )
    return tuple(found)


def _vetoes(document: Document, criteria: list[str]) -> tuple[Veto, ...]:
    found = []
    for place, table in enumerate(tables(document, (), document.data, "veto")):
        at: Key = ("veto", place)
        refuse_unknown(document, at, table, ("id", "zh", "en", "cap_at", "criterion", "floor"))
        if ("criterion" in table) != ("floor" in table):
            zh = "“criterion”和“floor”要一起写：哪一项、低于多少"
            en = '"criterion" and "floor" go together: which criterion, below what'
            raise document.error(at, zh, en)
        criterion = text(document, at, table, "criterion") if "criterion" in table else None
        if criterion is not None:
            one_of(document, (*at, "criterion"), criterion, criteria)
        found.append(
            Veto(
                text(document, at, table, "id"),
                text(document, at, table, "zh"),
                text(document, at, table, "en"),
                small_number(document, (*at, "cap_at"), need(document, at, table, "cap_at"), 4),
                criterion,
                number(document, (*at, "floor"), table["floor"]) if "floor" in table else None,
            )
        )
    return tuple(found)


def _windows(document: Document, criteria: list[str]) -> tuple[Window, ...]:
    found = []
    for place, table in enumerate(tables(document, (), document.data, "window")):
        at: Key = ("window", place)
        refuse_unknown(document, at, table, ("start", "end", "zh", "en", "criteria"))
        start, end = (day(document, (*at, name), need(document, at, table, name)) for name in ("start", "end"))
        if end < start:
            raise document.error((*at, "end"), f"{end} 早于开始 {start}", f"{end} is before the start, {start}")
        named = texts(document, (*at, "criteria"), table.get("criteria", []))
        for one in named:
            one_of(document, (*at, "criteria"), one, criteria)
        found.append(Window(start, end, text(document, at, table, "zh"), text(document, at, table, "en"), named))
    return tuple(found)


def _guard(document: Document) -> Guard:
    table = document.data.get("guard")
    if table is None:
        return Guard()
    if not isinstance(table, dict):
        raise document.error(("guard",), "“guard”应写成 [guard] 一组设置", '"guard" must be a table, [guard]')
    refuse_unknown(document, ("guard",), table, ("largest_move", "previous"))
    before = table.get("previous", {})
    if not isinstance(before, dict):
        zh, en = "“previous”应写成 { 5 = 90, 4 = 80 }", '"previous" must be written as { 5 = 90, 4 = 80 }'
        raise document.error(("guard", "previous"), zh, en)
    previous: dict[int, float] = {}
    for stars, at in before.items():
        one_of(document, ("guard", "previous", stars), stars, ["1", "2", "3", "4", "5"])
        previous[int(stars)] = number(document, ("guard", "previous", stars), at)
    most = table.get("largest_move")
    return Guard(None if most is None else number(document, ("guard", "largest_move"), most), previous)


def _guarded(document: Document, rubric: Rubric) -> None:
    most = rubric.guard.largest_move
    given = document.data.get("threshold")
    order = [one["stars"] for one in given] if isinstance(given, list) else []
    for one in rubric.thresholds:
        was = rubric.guard.previous.get(one.stars)
        if most is not None and was is not None and abs(one.at - was) > most + 1e-9:
            zh = f"{one.zh}由 {was:g} 移到 {one.at:g}，超过每版最多 {most:g} 分"
            en = f"{one.en} moves from {was:g} to {one.at:g}, more than the {most:g} allowed in one version"
            raise document.error(("threshold", order.index(one.stars), "at"), zh, en)


def _unlike(document: Document, rubric: Rubric) -> None:
    """No two things that entries and accounts name may share an id."""
    seen: set[str] = set()
    ids = (
        ("dimension", [one.get("id") for one in tables(document, (), document.data, "dimension")]),
        ("criterion", [one.get("id") for one in tables(document, (), document.data, "criterion")]),
        ("item", [one.id for one in rubric.items]),
        ("veto", [one.id for one in rubric.vetoes]),
    )
    for kind, names in ids:
        own = seen if kind != "dimension" else set()
        for place, name in enumerate(names):
            if str(name) in own:
                zh, en = f"编号“{name}”用了两次", f'the id "{name}" is used twice'
                raise document.error((kind, place, "id"), zh, en)
            own.add(str(name))
