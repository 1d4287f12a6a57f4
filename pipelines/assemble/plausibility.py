"""Flags values that are probably slips: 元 for 万元, a decimal point moved, more received than was owed.

The rows stay loaded, so a false alarm costs trust and nothing else; the rules are made to give very few:
- *Own history*: the amount a month against the median of the same series (estate, building and unit, or estate,
  category and item; at least four others). The series must be steady: the value has to lie beyond six robust spreads
  (1.4826 × median absolute deviation of the logarithms) as well as beyond a factor. Receivable: ≥ 8 upwards; downwards
  ≤ 1/8 only near a power of ten, because a first month may be short. Costs that recur alike each month (staff,
  cleaning, security, gardening, office, energy, taxes, depreciation): the same. Other costs and all income jump by
  nature (a yearly insurance, one repair): ≥ 500 only.
- *Register*: an estate's receivable against floor area × fee × months: a factor ≥ 8 near a power of ten, unless the
  estate's own history of at least four others agrees with the value; ≥ 500 even then.
- *Peers*: with neither, receivable a household against the other rows of the file (at least five): ≥ 100.
- *Received* and recovered money is lumpy (yearly prepayment); only received > receivable (by more than 1 yuan and
  0.1 %) is flagged, and not where the receivable is itself flagged.
- *Estates*: less than 5 or more than 2,000 m² a household, at the floor area; a fee above 50 yuan/m²·month.
Zeros are never flagged.
"""

from __future__ import annotations

import math
from typing import Final

import polars as pl

from pipelines.assemble.faults import Fault, shown
from pipelines.assemble.stacking import Stack

_STEADY: Final = ("人员费用", "清洁卫生", "秩序维护", "绿化养护", "办公费用", "折旧", "税费", "能耗")
_MONTH: Final = 365.25 / 12
_OTHERS: Final = 4
_FACTOR, _GROSS, _PEER = math.log(8), math.log(500), math.log(100)
_SPREADS: Final = 6.0
_LN10: Final = math.log(10)


def implausible(stacked: Stack) -> list[Fault]:
    """The `implausible` faults of the money that stands in the tables; `estates` must be merged already."""
    return [
        *_fees(stacked),
        *_vouchers(stacked, "costs"),
        *_vouchers(stacked, "income"),
    ]


def _months() -> pl.Expr:
    days = (pl.col("period_end") - pl.col("period_start")).dt.total_days() + 1
    return pl.max_horizontal(1.0, (days / _MONTH).round()).alias("_months")


def _against_history(frame: pl.DataFrame, amount: str, series: list[str]) -> pl.DataFrame:
    """The frame with `_log` (of the amount a month), `_off` (from the series' median), `_spread` and `_others`."""
    frame = frame.filter(pl.col(amount) > 0).with_columns(_months())
    frame = frame.with_columns((pl.col(amount) / pl.col("_months")).log().alias("_log"))
    frame = frame.with_columns((pl.col("_log") - pl.col("_log").median().over(series)).alias("_off"))
    return frame.with_columns(
        (1.4826 * pl.col("_off").abs().median().over(series)).alias("_spread"),
        (pl.len().over(series) - 1).alias("_others"),
    )


def _near_power_of_ten(off: pl.Expr, tolerance: float = 0.12) -> pl.Expr:
    steps = off / _LN10
    return (steps.abs() > 0.5) & ((steps - steps.round()).abs() <= tolerance)


def _steady_slip(off: pl.Expr) -> pl.Expr:
    """Far above the series, or below it by about a power of ten, beyond the series' own spread."""
    beyond = off.abs() > pl.max_horizontal(_SPREADS * pl.col("_spread"), pl.lit(_FACTOR))
    return (pl.col("_others") >= _OTHERS) & beyond & ((off > 0) | _near_power_of_ten(off))


def _fees(stacked: Stack) -> list[Fault]:
    frame = stacked.frames["fees"]
    if frame.is_empty():
        return []
    facts = stacked.frames["estates"].select("estate", "floor_area_m2", "fee_yuan_per_m2_month")
    checked = _against_history(frame, "receivable_yuan", ["estate", "building", "unit"])
    checked = checked.join(facts, on="estate", how="left", maintain_order="left")
    whole = pl.col("building").is_null() & pl.col("unit").is_null()
    owed = pl.col("floor_area_m2") * pl.col("fee_yuan_per_m2_month") * pl.col("_months")
    checked = checked.with_columns(
        pl.when(whole & (owed > 0)).then((pl.col("receivable_yuan") / owed).log()).alias("_owed"),
        pl.when(pl.col("households_due") > 0).then(pl.col("_log") - pl.col("households_due").log()).alias("_each"),
    )
    off, against = pl.col("_off"), pl.col("_owed")
    peers = pl.col("_each") - pl.col("_each").median().over("_file")
    own_says_so = (pl.col("_others") >= _OTHERS) & (off.abs() < _FACTOR)
    rules = (
        ("own", _steady_slip(off)),
        (
            "owed",
            ((against.abs() >= _FACTOR) & _near_power_of_ten(against, 0.15) & ~own_says_so) | (against.abs() >= _GROSS),
        ),
        (
            "peers",
            against.is_null()
            & (pl.col("_others") < _OTHERS)
            & (pl.col("_each").count().over("_file") > 5)
            & (peers.abs() >= _PEER),
        ),
    )
    faults: dict[int, Fault] = {}
    for name, rule in rules:
        gap = {"own": off, "owed": against, "peers": peers}[name]
        for record, value, distance in (
            checked.filter(rule).select("_rec", "receivable_yuan", gap.alias("_gap")).iter_rows()
        ):
            faults.setdefault(record, _slip("fees", record, "receivable_yuan", value, distance=distance, against=name))
    margin = pl.max_horizontal(pl.lit(1.0), 0.001 * pl.col("receivable_yuan"))
    over = frame.filter(pl.col("received_yuan") > pl.col("receivable_yuan") + margin)
    for record, received, owing in over.select("_rec", "received_yuan", "receivable_yuan").iter_rows():
        if record not in faults:
            faults[record] = Fault(
                "fees",
                record,
                "implausible",
                f"实收金额（{shown(received)}元）大于应收金额（{shown(owing)}元）。"
                "请核对是否含预收或往年欠费，如有请分列填写。",
                f"Received ({shown(received)} yuan) is more than receivable ({shown(owing)} yuan). "
                "Please check whether it holds prepayments or old arrears, and list these apart.",
                ("received_yuan",),
                shown(received),
            )
    return list(faults.values())


def _vouchers(stacked: Stack, kind: str) -> list[Fault]:
    frame = stacked.frames[kind]
    if frame.is_empty():
        return []
    checked = _against_history(frame, "amount_yuan", ["estate", "category", "item"])
    off = pl.col("_off")
    steady = pl.col("category").is_in(_STEADY) if kind == "costs" else pl.lit(value=False)
    gross = (pl.col("_others") >= _OTHERS) & (off >= pl.max_horizontal(pl.lit(_GROSS), _SPREADS * pl.col("_spread")))
    bad = checked.filter((steady & _steady_slip(off)) | gross)
    return [
        _slip(kind, record, "amount_yuan", value, distance=distance, against="own")
        for record, value, distance in bad.select("_rec", "amount_yuan", "_off").iter_rows()
    ]


def implausible_estates(frame: pl.DataFrame) -> list[Fault]:
    """The `implausible` faults of register rows."""
    each = pl.col("floor_area_m2") / pl.col("households")
    faults: list[Fault] = []
    bad = frame.filter((pl.col("households") > 0) & (pl.col("floor_area_m2") > 0) & ~each.is_between(5, 2000))
    for record, area, households in bad.select("_rec", "floor_area_m2", "households").iter_rows():
        faults.append(
            Fault(
                "estates",
                record,
                "implausible",
                f"建筑面积{shown(area)}㎡、{households}户，合每户{area / households:.4g}㎡，不合常理。"
                "请核对面积的单位（㎡或万㎡）和户数。",
                f"{shown(area)} m² for {households} households is {area / households:.4g} m² each. "
                "Please check the unit of the area (m² or 10,000 m²) and the households.",
                ("floor_area_m2", "households"),
                shown(area),
            )
        )
    for record, fee in (
        frame.filter(pl.col("fee_yuan_per_m2_month") > 50).select("_rec", "fee_yuan_per_m2_month").iter_rows()
    ):
        faults.append(
            Fault(
                "estates",
                record,
                "implausible",
                f"物业费标准合{shown(fee)}元/㎡·月，不合常理。请核对单位（每月、每季、每年；每平方米、每户）。",
                f"A fee of {shown(fee)} yuan/m²·month can hardly be. Please check its unit (per month, per m²).",
                ("fee_yuan_per_m2_month",),
                shown(fee),
            )
        )
    return faults


def _round(times: float) -> str:
    """Three figures, as people write them: 9,950, 12.3."""
    return f"{float(f'{times:.3g}'):,.10g}"


def _slip(kind: str, record: int, field: str, value: float, *, distance: float, against: str) -> Fault:
    zh_base, en_base = {
        "own": ("该项历月的中位数", "the median of its own months"),
        "owed": ("按台账面积和单价计算的应收", "what area × fee in the register gives"),
        "peers": ("同表其他小区的户均应收", "the amount per household of the other estates"),
    }[against]
    times = math.exp(abs(distance))
    zh_times, en_times = (
        (f"{_round(times)}倍", f"{_round(times)} times")
        if distance > 0
        else (f"1/{_round(times)}", f"1/{_round(times)} of")
    )
    return Fault(
        kind,
        record,
        "implausible",
        f"{shown(value)}元约为{zh_base}的{zh_times}。请核对单位（元或万元）和小数点；无误则不必修改。",
        f"{shown(value)} yuan is about {en_times} {en_base}. "
        "Please check the unit (yuan or 10,000 yuan) and the decimal point; if it is right, leave it.",
        (field,),
        shown(value),
    )
