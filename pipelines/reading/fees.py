"""Reads property fees, whatever they are charged for and for how long."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import polars as pl

from pipelines.reading.parsing import EMPTY, bare_times
from pipelines.reading.quantities import quantity, serial, times
from pipelines.reading.units import Unit, read_unit
from pipelines.reading.words import compact, is_blank


@dataclass(frozen=True)
class FeeColumn:
    """Fees. `values` are yuan per m² and month, `per_household` yuan per household and month; a cell fills one of them.

    `ranges` is True where the cell gives several fees (`0.5至1.68元`): no value, and not bad.
    """

    values: pl.Series
    bad: pl.Series
    per_household: pl.Series
    ranges: pl.Series


_RANGE: Final = re.compile(
    r"(?:[0-9.]+(?:元|块)?(?:/[^0-9\-~至到]+?)?(?:-|~|〜|—|–|至|到|或|、|,|;|/))+[0-9.]+(?:元|块)?(?:[/每·][^0-9]*)?"
)
_SEVERAL: Final = re.compile(
    r"(?:(?:小高层|高层|多层|洋房|别墅|住宅|商铺|商业|商户|门面|电梯房?|步梯房?|有电梯|无电梯|居民|非住宅|办公|公寓|车库|车位|最低|最高|一期|二期|三期)"
    r"[:为]?[0-9.]+(?:元|块)?(?:[/每·][^0-9,;、]*?)?[,;、。]?){2,}"
)
_PER_FIRST: Final = re.compile(r"((?:每(?:平方米|平米|平方|平|m2|户|月|年|季度?))+)([0-9.]+)(?:元|块)?")
_FREE: Final = frozenset(("免费", "不收费", "免收"))
_NO_FEE: Final = frozenset(("未收费", "暂未收费", "暂不收费", "尚未收费", "未开始收费", "先服务后收费"))


def read_fee(cells: pl.Series, unit: Unit | None) -> FeeColumn:
    """Property fees in yuan per m² and month, or per household and month where the cell or the heading says 户.

    What a cell doesn't say (period, m² or household) the heading does; where neither does, it is per m² and per month.
    免费 is 0, 暂未收费 is no value.
    """
    heading = unit if unit is not None and unit.dimension == "fee" else None
    factor = unit.factor if unit is not None and unit.dimension in {"fee", "money"} else 1.0

    bare = bare_times(cells, factor / ((heading and heading.months) or 1.0), 9)
    for_household = heading is not None and heading.per == "household"
    rest = cells.filter(bare.is_null()).drop_nulls().unique().to_list()
    parsed = [EMPTY if is_blank(text) else _fee(text, heading, factor) for text in rest]
    known = [p if isinstance(p, tuple) else (None, None, False) for p in parsed]
    looked_up = pl.DataFrame(
        {
            "c": rest,
            "value": [k[0] for k in known],
            "household": [k[1] for k in known],
            "range": [k[2] for k in known],
            "bad": [p is None for p in parsed],
        },
        schema={"c": pl.String, "value": pl.Float64, "household": pl.Float64, "range": pl.Boolean, "bad": pl.Boolean},
    )
    both = pl.DataFrame({"c": cells, "bare": bare}).join(looked_up, on="c", how="left", maintain_order="left")
    value, household = pl.col("value"), pl.col("household")
    return FeeColumn(
        both.select(value if for_household else value.fill_null(pl.col("bare"))).to_series().alias(cells.name),
        both["bad"].fill_null(value=False),
        both.select(household.fill_null(pl.col("bare")) if for_household else household).to_series(),
        both["range"].fill_null(value=False).alias("ranges"),
    )


def _fee(text: str, heading: Unit | None, factor: float) -> tuple[float | None, float | None, bool] | object | None:
    """One cell: yuan per m², yuan per household, whether it is a range; EMPTY; or None."""
    if (shown := serial(text)) is not None:
        return _monthly(shown, factor, heading)
    word = compact(text)
    if word in _NO_FEE:
        return EMPTY
    if word in _FREE:
        return _monthly(0.0, 1.0, heading)
    if match := _PER_FIRST.fullmatch(word):
        word = f"{match[2]}元{match[1]}"
    found = quantity(word)
    if found is not None and not found.unit:
        return _monthly(found.value, 1.0 if found.scaled else factor, heading)
    if found is not None:
        own = read_unit(found.unit if re.search("元|块", found.unit) else f"元{found.unit}")
        if own is not None and own.dimension in {"fee", "money"}:
            per = own.per or (heading.per if heading else None)
            months = own.months or (heading.months if heading else None)
            return _monthly(found.value, own.factor, Unit("fee", 1.0, per, months))
    word = word.replace("m2", "平")
    return (None, None, True) if _RANGE.fullmatch(word) or _SEVERAL.fullmatch(word) else None


def _monthly(value: float, factor: float, unit: Unit | None) -> tuple[float | None, float | None, bool]:
    monthly = times(value, factor / ((unit and unit.months) or 1.0), 9)
    return (None, monthly, False) if unit and unit.per == "household" else (monthly, None, False)
