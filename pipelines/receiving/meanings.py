"""Proposes what an unknown heading, unit word or name may mean, best first, each with what cells would become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

import polars as pl
from rapidfuzz import fuzz

from pipelines.kinds import KINDS
from pipelines.mending.memory import CATEGORY, LEFT_OUT
from pipelines.mending.names import Register
from pipelines.mending.personal import mask_text
from pipelines.reading.context import Context
from pipelines.reading.headings import aliases, categories, core, understand
from pipelines.reading.roles import Role
from pipelines.reading.units import read_unit
from pipelines.reading.values import read_values
from pipelines.reading.words import heading_key, split_brackets

OFFERED: Final = 4
EXAMPLES: Final = 3
UNITS: Final = ("元", "千元", "万元", "百元", "㎡", "万㎡", "元/㎡·月", "户", "份", "%")
LIKELY: Final = 0.75
"""The score from which a meaning is offered at once."""
MANY: Final = 5000
"""No estate counts as many households or answers: larger numbers are money."""
_SHAPES: Final = {"money": 0.6, "count": 0.7, "tally": 0.6, "area": 0.5, "date": 0.8, "time": 0.8, "rate": 0.6}
"""How much it says that all cells can be read as that type. A text can be anything."""


@dataclass(frozen=True)
class Meaning:
    """One proposal: what it would mean, in words, and example cells with what they would become. The likely ones are
    offered at once, the others in a list."""

    meaning: str
    zh: str
    en: str
    examples: tuple[tuple[str, str], ...] = ()
    is_likely: bool = True


def of_heading(kind: str, heading: str, cells: Sequence[str], taken: Sequence[str]) -> tuple[Meaning, ...]:
    """All that a heading of a table of that kind may mean, the likeliest first, "not wanted" last.

    Likely is what resembles a known heading and what the cells can be read as; `taken` fields have a column already.
    """
    base = heading_key(split_brackets(heading)[0]) or heading_key(heading)
    column = pl.Series("cells", [cell or None for cell in cells], dtype=pl.String)
    scored: list[tuple[float, Meaning]] = []
    fields = {one.name: (one.zh, one.en, one.type) for one in KINDS[kind].fields if "period_" not in one.name}
    if KINDS[kind].has_period:
        fields["period"] = ("期间", "period", "text")
    for name, (zh, en, type_) in fields.items():
        like = max((_likeness(base, key) for key, of in aliases().items() if of.get(kind) == name), default=0.0)
        became, share = _became(kind, name, heading, column)
        score = like + (_SHAPES.get(type_, 0.25) if share > 0.8 else 0.0) - (1.0 if share < 0.5 else 0.0)
        score -= 0.4 if type_ in ("count", "tally") and _largest(column) >= MANY else 0.0
        scored.append((score - (0.6 if name in taken else 0.0), Meaning(name, zh, en, became)))
    if kind in ("costs", "income"):
        examples = _became(kind, "amount_yuan", heading, column)
        for category in dict.fromkeys(categories(kind).values()):
            like = max(_likeness(base, key) for key, of in categories(kind).items() if of == category)
            told = Meaning(CATEGORY + category, category, category, examples[0])
            scored.append((like + (0.6 if examples[1] > 0.8 else -1.0), told))
    scored.sort(key=lambda one: -one[0])
    ranked = [replace(one, is_likely=score > LIKELY or number == 0) for number, (score, one) in enumerate(scored)]
    return (*ranked, Meaning(LEFT_OUT, "不用这一列", "not wanted"))


def likely_field(kind: str, heading: str, cells: Sequence[str], taken: Sequence[str]) -> str | None:
    """The field that a heading most probably means, None where no free one both resembles it and fits its cells."""
    base = heading_key(split_brackets(heading)[0]) or heading_key(heading)
    for told in of_heading(kind, heading, cells, taken)[:1]:
        spellings = [key for key, of in aliases().items() if of.get(kind) == told.meaning]
        fits = told.examples and all(became != "✗" for _, became in told.examples)
        if told.meaning not in taken and fits and max((_likeness(base, one) for one in spellings), default=0) > 0.45:
            return told.meaning
    return None


def of_unit(word: str, cells: Sequence[str]) -> tuple[Meaning, ...]:
    """The units that a word may mean, the likeliest first, with what the cells would be."""
    found = []
    for unit in sorted(UNITS, key=lambda one: -fuzz.ratio(one, word)):
        known = read_unit(unit)
        factor = known.factor if known else 1.0
        found.append(Meaning(unit, unit, unit, tuple((cell, _times(cell, factor)) for cell in cells[:EXAMPLES])))
    return tuple(found)


def of_estate(name: str, register: Register, about: dict[str, str]) -> tuple[Meaning, ...]:
    """The estates that a name may mean, the nearest first, then all others; `about`: estate → where it is."""
    near = register.nearest(name, limit=OFFERED)
    rest = sorted(one for one in register.estates if one not in near)
    return tuple(
        Meaning(one, one, one, ((name, f"{one}{about.get(one, '')}"),), is_likely=one in near) for one in [*near, *rest]
    )


def _largest(cells: pl.Series) -> float:
    return max((number or 0.0 for number in cells.str.replace_all(",", "").cast(pl.Float64, strict=False)), default=0.0)


def _likeness(first: str, second: str) -> float:
    return max(fuzz.ratio(first, second), fuzz.ratio(core(first), core(second))) / 100


def _became(kind: str, field: str, heading: str, cells: pl.Series) -> tuple[tuple[tuple[str, str], ...], float]:
    """Example cells with what they become, and the share of cells that can be read."""
    context = Context(file="", sheet="", parts=())
    role = Role(0, heading, field, unit=understand(heading).unit)
    values = read_values(kind, role, cells, context, None)
    filled = cells.is_not_null()
    share = 1 - len(values.bad.filter(filled & values.bad)) / max(1, len(cells.drop_nulls()))
    type_ = next((one.type for one in KINDS[kind].fields if one.name == field), "text")
    pairs: list[tuple[str, str]] = []
    for text, value, bad in zip(cells.to_list(), values.values.to_list(), values.bad.to_list(), strict=True):
        if text is not None and len(pairs) < EXAMPLES:
            pairs.append((mask_text(text)[0], "✗" if bad else _shown(value, type_)))
    return tuple(pairs), share


def _shown(value: object, type_: str) -> str:
    if value is None:
        return "—"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "、".join(map(str, value))
    if isinstance(value, float):
        if type_ == "rate":
            return f"{value * 100:.1f}%"
        tail = {"money": " 元", "area": " ㎡"}.get(type_, "")
        return f"{value:,.2f}".rstrip("0").rstrip(".") + tail
    return str(value)


def _times(cell: str, factor: float) -> str:
    try:
        return f"{float(cell.replace(',', '')) * factor:,.2f}".rstrip("0").rstrip(".")
    except ValueError:
        return cell
