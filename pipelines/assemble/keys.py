"""Finds records without a key, and records of one submission that share a key."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from pipelines.assemble.faults import Fault
from pipelines.assemble.stacking import Stack, joined
from pipelines.assemble.standing import CELLS, completed, with_stands
from pipelines.kinds import KINDS

PER_HOUSEHOLD: Final = "fee_yuan_per_household_month"
"""What the reader adds to a register whose fee is per household, until households and area are known."""

VOUCHERS: Final = ("costs", "income")
"""Kinds whose rows with one key and different amounts are separate vouchers."""

_STRICT: Final = ("tickets", "actions", "events", "inspections")
"""Kinds where an empty cell says something (an open ticket), so that a filled one is a different value."""

_IDS: Final = {
    "tickets": ("ticket_id", ("opened_at", "category", "summary")),
    "actions": ("action_id", ("estate", "raised_on", "action")),
}


def key_of(kind: str) -> list[pl.Expr]:
    """The expressions that make a record unique, named `_k0`, `_k1` …; a null is a value of its own.

    A ticket or an action without a number is known by what it says; two `other` events of a day are told apart by the
    sheet's own words.
    """
    parts: list[pl.Expr]
    if kind in _IDS:
        name, instead = _IDS[kind]
        without = pl.col(name).is_null()
        parts = [pl.col(one) for one in KINDS[kind].key]
        parts += [pl.when(without).then(pl.col(one)) for one in instead]
    else:
        parts = [pl.col(one) for one in KINDS[kind].key]
        if kind == "events":
            words = pl.coalesce("type_words", "note")
            parts.append(pl.when(pl.col("event_type") == "other").then(words))
    return [part.alias(f"_k{place}") for place, part in enumerate(parts)]


def key_hash(kind: str) -> pl.Expr:
    """A 64-bit hash of the key, for finding the few records worth a closer look."""
    return pl.struct(key_of(kind)).hash().alias("_hash")


def missing(stacked: Stack) -> list[Fault]:
    """The `missing_value` faults: keys and required fields that neither cell nor context gave."""
    faults: list[Fault] = []
    for kind in KINDS.values():
        frame = stacked.frames[kind.name]
        needed = [*kind.required, *(("period_start", "period_end") if kind.has_period else ())]
        for name in needed:
            one = kind.field(name)
            for (record,) in frame.filter(pl.col(name).is_null()).select("_rec").iter_rows():
                faults.append(
                    Fault(
                        kind.name,
                        record,
                        "missing_value",
                        f"{one.zh}未填写，从表头、标题、表名、文件名里也看不出来。请在此处填写{one.zh}。",
                        f"The {one.en} is empty, and no heading, title, sheet or file name tells it. Type it here.",
                        ("period_start", "period_end") if name.startswith("period_") else (name,),
                    )
                )
    frame = stacked.frames["surveys"]
    counts = [name for name in KINDS["surveys"].measures if name != "issued"]
    for (record,) in frame.filter(pl.all_horizontal(pl.col(counts).is_null())).select("_rec").iter_rows():
        faults.append(
            Fault(
                "surveys",
                record,
                "missing_value",
                "既没有各档份数，也没有满意率。请填写有效份数和满意份数，或填写满意率。",
                "There are neither counts nor a rate. Type the responses and how many were satisfied, or the rate.",
                ("responses", "satisfied_total", "reported_rate"),
            )
        )
    return faults


def repeated(stacked: Stack, kind: str) -> tuple[list[Fault], pl.DataFrame]:
    """Faults of records that share a key within a submission, and the frame without those that only repeat another.

    Records that don't contradict each other are one: it takes the values of all and stands where the fullest stood.
    Those that add nothing to it are a `duplicate`; those that do (a register in two sheets) complete it. Records that
    contradict each other are a `conflict`, all of them.
    """
    frame = stacked.frames[kind]
    suspects = frame.filter(pl.struct("_file", key_hash(kind)).is_duplicated()) if frame.height else frame
    if suspects.is_empty():
        return [], frame
    if kind in VOUCHERS:
        return _same_vouchers(kind, frame, suspects)
    fields = [one.name for one in KINDS[kind].fields if one.type != "names"]
    fields += [name for name in (PER_HOUSEHOLD,) if name in frame.columns]
    one_value = [
        (pl.col(name).n_unique() if kind in _STRICT else pl.col(name).drop_nulls().n_unique()).alias(name)
        for name in fields
    ]
    suspects = (
        with_stands(stacked, suspects)
        .with_columns(key_of(kind))
        .with_columns(
            pl.sum_horizontal(pl.col(name).is_not_null() for name in fields).alias("_full"),
            pl.concat_list(pl.col(name).is_not_null() for name in fields).alias("_has"),
        )
    )
    keys = ["_file", *(part.meta.output_name() for part in key_of(kind))]
    groups = suspects.group_by(keys, maintain_order=True).agg(
        pl.max_horizontal(one_value).alias("_ways"),
        pl.len().alias("_count"),
        pl.col("_rec").alias("_members"),
        pl.col("source_row").alias("_lines"),
        pl.col("source_sheet").alias("_sheets"),
        pl.col("source_columns").alias("_stands"),
        pl.col("_full").alias("_fulls"),
        pl.col("_has").alias("_having"),
        *(pl.col(name).drop_nulls().first().alias(f"_v_{name}") for name in fields),
    )
    groups = groups.filter(pl.col("_count") > 1)
    faults: list[Fault] = []
    gone: list[int] = []
    kept: list[dict[str, object]] = []
    for group in groups.iter_rows(named=True):
        members, fulls = group["_members"], group["_fulls"]
        places = list(zip(group["_sheets"], group["_lines"], strict=True))
        if group["_ways"] > 1:
            faults += [_conflict(kind, one, places, place) for one, place in zip(members, places, strict=True)]
        else:
            best = max(range(len(members)), key=lambda at: (fulls[at], -at))
            for at, one in enumerate(members):
                if at != best:
                    gone.append(one)
                    if _adds_nothing(group["_having"][at], group["_having"][best]):
                        faults.append(_duplicate(kind, one, places[best], places[at]))
            if any(full < max(fulls) for full in fulls):
                stands = _stands(group, places, best, fields)
                kept.append({"_rec": members[best], CELLS: stands, **{name: group[f"_v_{name}"] for name in fields}})
    return faults, _without(_filled(frame, kept, [CELLS, *fields]), gone)


def _stands(group: dict[str, Any], places: list[tuple[str, int]], best: int, fields: list[str]) -> str:
    """Where the fields of a record stand that others of its submission complete."""
    records = [
        {"source_file": "", "source_sheet": sheet, "source_row": row, CELLS: text}
        for (sheet, row), text in zip(places, group["_stands"], strict=True)
    ]
    others = {
        name: records[next(one for one, has in enumerate(group["_having"]) if has[at])]
        for at, name in enumerate(fields)
        if not group["_having"][best][at] and any(has[at] for has in group["_having"])
    }
    return completed(records[best], others)


def _adds_nothing(one: list[bool], best: list[bool]) -> bool:
    return all(has or not mine for mine, has in zip(one, best, strict=True))


def _same_vouchers(kind: str, frame: pl.DataFrame, suspects: pl.DataFrame) -> tuple[list[Fault], pl.DataFrame]:
    """Vouchers on different rows that agree in everything, amount included; equal cells of one row are two."""
    keys = ["_file", *KINDS[kind].key, "amount_yuan"]
    first = ["source_sheet", "source_row"]
    suspects = suspects.with_columns(pl.col(name).first().over(keys).alias(f"_first_{name}") for name in first)
    again = suspects.filter(pl.any_horizontal(pl.col(name) != pl.col(f"_first_{name}") for name in first))
    faults = [
        _duplicate(kind, record, (sheet, line), (own_sheet, own_line))
        for record, sheet, line, own_sheet, own_line in again.select(
            "_rec", *(f"_first_{name}" for name in first), *first
        ).iter_rows()
    ]
    return faults, _without(frame, again["_rec"].to_list())


def _filled(frame: pl.DataFrame, kept: list[dict[str, object]], fields: list[str]) -> pl.DataFrame:
    if not kept:
        return frame
    schema = joined({"_rec": pl.UInt32}, {name: frame.schema[name] for name in fields})
    return frame.update(pl.DataFrame(kept, schema=schema), on="_rec", how="left")


def _without(frame: pl.DataFrame, records: list[int]) -> pl.DataFrame:
    return frame.filter(~pl.col("_rec").is_in(pl.Series(records, dtype=pl.UInt32).implode())) if records else frame


def _where(place: tuple[str, int], own: tuple[str, int]) -> tuple[str, str]:
    sheet, line = place
    if sheet == own[0]:
        return f"第{line}行", f"row {line}"
    return f"“{sheet}”表第{line}行", f"row {line} of sheet “{sheet}”"


def _duplicate(kind: str, record: int, first: tuple[str, int], own: tuple[str, int]) -> Fault:
    zh, en = _where(first, own)
    return Fault(
        kind,
        record,
        "duplicate",
        f"本行与{zh}重复，只保留了一行。如确为两笔，请注明区别；否则请删去本行。",
        f"This row repeats {en}; one is kept. If they are two, please say how they differ; else delete this one.",
    )


def _conflict(kind: str, record: int, places: list[tuple[str, int]], own: tuple[str, int]) -> Fault:
    others = [_where(place, own) for place in places if place != own] or [_where(own, own)]
    zh, en = "、".join(one[0] for one in others[:5]), ", ".join(one[1] for one in others[:5])
    return Fault(
        kind,
        record,
        "conflict",
        f"本行与{zh}说的是同一项，内容却不一致，均未采用。请核对后只保留正确的一行。",
        f"This row and {en} speak of the same thing but differ; neither is loaded. Please keep only the right one.",
    )
