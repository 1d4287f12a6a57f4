"""The definition lock (口径锁): values are differenced, ranked or put on one line only where they count the same thing.

Where they don't, there is a refusal that says why in both languages, and where the amounts are known a bridge: a
waterfall from the one basis to the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

import polars as pl

from pipelines.analysis import bridging, pairing
from pipelines.analysis.bridging import Waterfall
from pipelines.metrics import counting
from pipelines.metrics.catalogue import Metric, words
from pipelines.metrics.desk import Desk
from pipelines.metrics.judging import age_class
from pipelines.metrics.question import Question, basis_of, check
from pipelines.metrics.values import Value

Why = Literal["metric", "basis", "tier", "age", "period", "no_value", "reported_only", "none_reported_both"]

REASONS: Final[dict[Why, tuple[str, str]]] = {
    "metric": ("不是同一个指标：{one}、{other}。", "These are different metrics: {one}, {other}."),
    "basis": (
        "口径不同，不能直接比较：{one}；{other}。请换成同一口径，或看两者之间的分解。",
        "The bases differ, so these cannot be compared: {one}; {other}. Ask for one basis, or for the bridge.",
    ),
    "tier": (
        "服务等级不同（{one}；{other}），成本默认只在同一等级内比较。",
        "The service tiers differ ({one}; {other}); costs are compared within one tier unless asked otherwise.",
    ),
    "age": (
        "账单账龄不同（报送时距期末 {one} 天、{other} 天），收得多少没有可比性。",
        "The bills are of different age (reported {one} and {other} days after their end): not comparable.",
    ),
    "period": (
        "期间不同（{one}；{other}），不能排名。",
        "The periods differ ({one}; {other}), so there is no ranking.",
    ),
    "no_value": ("{one} 没有数值（{other}）。", "{one} has no value ({other})."),
    "reported_only": ("{one} 只报了比例、没有份数，不比较。", "{one} reported only a rate, no answers: not compared."),
    "none_reported_both": ("没有小区前后两期都报送。", "No estate reported in both periods."),
}


class RefusedError(Exception):
    """A comparison that is not made. `why` is the kind of obstacle; `zh` and `en` say it to people."""

    def __init__(self, why: Why, one: object = "", other: object = "") -> None:
        """See the class."""
        zh, en = (text.format(one=one, other=other) for text in REASONS[why])
        super().__init__(en)
        self.why = why
        self.zh = zh
        self.en = en


@dataclass(frozen=True)
class Change:
    """A change over the estates that reported both times; `left_out` says of each other estate why it isn't in it."""

    before: float
    after: float
    change: float
    estates: tuple[str, ...]
    left_out: dict[str, str]


def require_comparable(one: Value, other: Value, *, across_tiers: bool = False) -> None:
    """Raises RefusedError unless the two values count the same thing in the same way, and both are there."""
    if one.metric != other.metric:
        raise RefusedError("metric", one.metric, other.metric)
    for value in (one, other):
        if value.value is None:
            raise RefusedError("no_value", value.subject, value.reason or "")
        if "reported_only" in value.caveats and value.n in (None, 0):
            raise RefusedError("reported_only", value.subject)
    if one.basis != other.basis:
        raise RefusedError("basis", _named(one), _named(other))
    if not across_tiers and one.tiers and other.tiers and set(one.tiers) != set(other.tiers):
        raise RefusedError("tier", "、".join(one.tiers), "、".join(other.tiers))
    if age_class(one.age_days) != age_class(other.age_days):
        raise RefusedError("age", one.age_days, other.age_days)


def difference(one: Value, other: Value, *, across_tiers: bool = False) -> float:
    """`other` − `one`, in the metric's unit (points as fractions of 1). Raises RefusedError."""
    require_comparable(one, other, across_tiers=across_tiers)
    assert one.value is not None  # noqa: S101 - said by require_comparable, for the type checker
    assert other.value is not None  # noqa: S101
    return other.value - one.value


def ranked(values: Sequence[Value], *, best: Literal["high", "low"], across_tiers: bool = False) -> list[Value]:
    """The values from the best on, those without a value left out. Raises RefusedError where they don't compare."""
    there = [one for one in values if one.value is not None and not ("reported_only" in one.caveats and not one.n)]
    for other in there[1:]:
        if (there[0].period_start, there[0].period_end) != (other.period_start, other.period_end):
            raise RefusedError("period", there[0].period_start, other.period_start)
        require_comparable(there[0], other, across_tiers=across_tiers)
    return sorted(there, key=lambda one: (one.value or 0.0) * (-1 if best == "high" else 1))


def trend(values: Sequence[Value]) -> list[tuple[Value, float]]:
    """The values in time with the change since the one before. Raises RefusedError where neighbours don't compare."""
    ordered = sorted(values, key=lambda one: one.period_end)
    return [(after, difference(before, after)) for before, after in pairwise(ordered)]


def change(desk: Desk, metric_id: str, before: Question, after: Question, subject: str) -> Change:
    """The change of a subject's additive metric over the estates that reported both times, at equal age of the bills.

    Raises RefusedError where the bases differ or nobody reported both times, UnknownError for what there is not.
    """
    metric = desk.metrics[metric_id]
    frames, bases = [], []
    for question in (before, after):
        check(desk, replace(question, subjects=(subject,)))
        bases.append(basis_of(desk, metric, question))
        owned = _rows(desk, metric, question, bases[-1]).filter(pl.col("subject") == subject)
        if "youngest_days" in owned.columns:
            classes = pl.Series([age_class(days) for days in owned["youngest_days"]], dtype=pl.Int64)
            owned = owned.with_columns(age=classes)
        frames.append(owned)
    if bases[0] != bases[1]:
        raise RefusedError("basis", _word(bases[0]), _word(bases[1]))
    age = "age" if metric.pays and all("age" in frame.columns for frame in frames) else None
    found = pairing.change(*frames, subject="estate", age=age)
    if found.before is None or found.after is None or found.change is None:
        raise RefusedError("none_reported_both")
    return Change(found.before, found.after, found.change, found.reported_both, found.excluded)


def _rows(desk: Desk, metric: Metric, question: Question, basis: str) -> pl.DataFrame:
    """The rows of all subjects, remembered: one page asks for the same two periods of many estates."""
    asked = ((question.period, question.as_of or desk.as_of),)

    def counted() -> pl.DataFrame:
        rows = counting.counted(desk, metric, asked, basis, with_excluded=question.with_excluded)
        return counting.with_subject(desk, rows, question.by)

    return desk.remembered(("change", metric.id, asked, basis, question.with_excluded, question.by), counted)


def bridge(desk: Desk, question: Question, start: str, end: str, subject: str) -> Waterfall:
    """The waterfall of a subject's collection rate from one basis to another of the same bills, in exact steps.

    `start` and `end` are current, current_net or with_arrears. Raises RefusedError where there are no amounts.
    """
    amounts = {}
    for basis in ("current", "current_net", "with_arrears"):
        asked = replace(question, metrics=("collection_rate",), basis=basis, subjects=(subject,), verdicts=False)
        check(desk, asked)
        rows = counting.counted(
            desk, desk.metrics["collection_rate"], [(question.period, question.as_of or desk.as_of)], basis,
            with_excluded=False,
        )  # fmt: skip
        owned = counting.with_subject(desk, rows, question.by).filter(pl.col("subject") == subject)
        amounts[basis] = tuple(
            round(float(owned[one].sum()), counting.MONEY_DECIMALS) for one in ("numerator", "denominator")
        )
    received, receivable = amounts["current"]
    if not receivable or ("with_arrears" in (start, end) and not amounts["with_arrears"][1]):
        raise RefusedError("no_value", subject, _word(start))
    gathered = bridging.Collection(
        receivable=receivable,
        received=received,
        waived=bridging.exact(receivable) - bridging.exact(amounts["current_net"][1]),
        arrears_recovered=max(bridging.exact(amounts["with_arrears"][0]) - bridging.exact(received), bridging.exact(0)),
        opening_arrears=max(bridging.exact(amounts["with_arrears"][1]) - bridging.exact(receivable), bridging.exact(0)),
    )
    return bridging.bridge(gathered, _basis(start), _basis(end))


def _basis(code: str) -> bridging.Basis:
    return bridging.Basis(net_of_waivers=code == "current_net", with_arrears=code == "with_arrears")


def _named(value: Value) -> str:
    return f"{value.subject} {value.period_start}…{value.period_end} {_word(value.basis)}"


def _word(basis: str) -> str:
    told = words()["basis"]
    return "＋".join(f"{told[part]['zh']}/{told[part]['en']}" if part in told else part for part in basis.split("+"))
