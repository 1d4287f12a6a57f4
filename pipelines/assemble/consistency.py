"""Finds values of one record that contradict each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from pipelines.assemble.faults import Fault, shown
from pipelines.assemble.stacking import Stack
from pipelines.kinds import KINDS

_ANSWERS: Final = ("very_satisfied", "satisfied", "neutral", "dissatisfied", "very_dissatisfied")


@dataclass(frozen=True)
class _Rule:
    """`more` must not exceed `less`; the finding points to the first of `cells` that the sheet has."""

    kind: str
    more: pl.Expr
    less: str
    zh: str
    en: str
    cells: tuple[str, ...]


_RULES: Final = (
    _Rule("tickets", pl.col("opened_at"), "closed_at", "受理时间", "the time of opening", ("closed_at",)),
    _Rule("fees", pl.col("households_paid"), "households_due", "实缴户数", "households paid", ("households_paid",)),
    _Rule("surveys", pl.col("responses"), "issued", "有效份数", "the number of responses", ("responses",)),
    _Rule(
        "surveys",
        pl.max_horizontal("satisfied_total", pl.col("very_satisfied").fill_null(0) + pl.col("satisfied")),
        "responses",
        "满意份数",
        "the number of satisfied answers",
        ("satisfied_total", "satisfied", "responses"),
    ),
    _Rule(
        "surveys",
        pl.sum_horizontal(_ANSWERS),
        "responses",
        "各档份数之和",
        "the sum of all answers",
        ("responses", "very_satisfied"),
    ),
    _Rule("inspections", pl.col("score"), "max_score", "得分", "the score", ("score",)),
)


def same_day_closings(stacked: Stack) -> Stack:
    """A time given as a date alone, on the day of opening, isn't before the opening."""
    frame = stacked.frames["tickets"]
    opened = pl.col("opened_at")
    mended = [
        pl.when((pl.col(name) < opened) & (pl.col(name) == opened.dt.truncate("1d")))
        .then(opened)
        .otherwise(pl.col(name))
        .alias(name)
        for name in ("dispatched_at", "responded_at", "closed_at")
    ]
    return stacked.with_frames({"tickets": frame.with_columns(mended)})


def summed_answers(stacked: Stack) -> Stack:
    """Survey counts that follow from the others: responses from the answers, the satisfied from answers or rate."""
    answered = pl.any_horizontal(pl.col(name).is_not_null() for name in _ANSWERS)
    top = pl.sum_horizontal("very_satisfied", "satisfied")
    has_top = pl.col("very_satisfied").is_not_null() | pl.col("satisfied").is_not_null()
    by_rate = (pl.col("reported_rate") * pl.col("responses")).round()
    frame = stacked.frames["surveys"].with_columns(
        pl.coalesce("responses", pl.when(answered).then(pl.sum_horizontal(_ANSWERS))).alias("responses")
    )
    frame = frame.with_columns(
        pl.coalesce("satisfied_total", pl.when(has_top).then(top), by_rate).alias("satisfied_total")
    )
    return stacked.with_frames({"surveys": frame})


def inconsistent(stacked: Stack) -> list[Fault]:
    """The `inconsistent` faults of all records, one a record (the others mostly follow from the first)."""
    faults: list[Fault] = []
    seen: set[tuple[str, int]] = set()
    for rule in _RULES:
        less = KINDS[rule.kind].field(rule.less)
        limit = pl.col(rule.less) + 1e-9 if less.type == "number" else pl.col(rule.less)
        bad = stacked.frames[rule.kind].filter(rule.more > limit)
        for record, more, value in bad.select("_rec", rule.more.alias("_more"), pl.col(rule.less)).iter_rows():
            if (rule.kind, record) not in seen:
                seen.add((rule.kind, record))
                faults.append(_fault(rule, record, shown(more), shown(value)))
    for kind in (one for one in KINDS.values() if one.has_period):
        frame = stacked.frames[kind.name].filter(pl.col("period_end") < pl.col("period_start"))
        for record, start, end in frame.select("_rec", "period_start", "period_end").iter_rows():
            faults.append(
                Fault(
                    kind.name,
                    record,
                    "inconsistent",
                    f"期间止（{end}）早于期间起（{start}），请核对起止日期。",
                    f"The period ends ({end}) before it starts ({start}); please check both dates.",
                    ("period_end", "period_start"),
                    shown(end),
                )
            )
    return faults


def _fault(rule: _Rule, record: int, more: str | None, less: str | None) -> Fault:
    other = KINDS[rule.kind].field(rule.less)
    if rule.kind == "tickets":
        zh = f"办结时间（{less}）早于受理时间（{more}），请核对这两个时间。"
        en = f"The ticket was closed ({less}) before it was opened ({more}); please check both times."
        return Fault(rule.kind, record, "inconsistent", zh, en, rule.cells, less)
    zh = f"{rule.zh}（{more}）大于{other.zh}（{less}），请核对这两个数。"
    en = f"{rule.en[0].upper()}{rule.en[1:]} ({more}) is more than {other.en} ({less}); please check both figures."
    raw = less if rule.cells[0] == rule.less else more
    return Fault(rule.kind, record, "inconsistent", zh, en, rule.cells, raw)
