"""How one collection rate becomes another of a different basis, step by step, where a plain difference means nothing.

Amounts are exact fractions: the steps of a waterfall add up to its end without a rest. Names are Chinese and English.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, TypeAlias

Amount: TypeAlias = int | float | str | Decimal | Fraction


@dataclass(frozen=True)
class Level:
    """A value on one basis: its code, its names and the exact value (a rate as a fraction of 1)."""

    code: str
    zh: str
    en: str
    value: Fraction


@dataclass(frozen=True)
class Step:
    """What a change of basis alone adds to the value (negative: takes away)."""

    zh: str
    en: str
    amount: Fraction


@dataclass(frozen=True)
class Waterfall:
    """From one basis to another: start + Σ steps = end, exactly. ValueError where they don't add up."""

    start: Level
    steps: tuple[Step, ...]
    end: Level

    def __post_init__(self) -> None:
        """Refuse steps that do not lead from the start to the end."""
        if self.start.value + sum((step.amount for step in self.steps), Fraction(0)) != self.end.value:
            raise ValueError("the steps do not add up to the end")


@dataclass(frozen=True)
class Collection:
    """The amounts (yuan) that collection rates are made of; all of the same bills, but for prepayments and arrears."""

    receivable: Amount
    received: Amount
    waived: Amount = 0
    prepaid: Amount = 0
    arrears_recovered: Amount = 0
    opening_arrears: Amount = 0


@dataclass(frozen=True)
class Basis:
    """What a collection rate counts: gross or after waivers; with or without prepayments and old arrears."""

    net_of_waivers: bool = False
    with_prepayments: bool = False
    with_arrears: bool = False


Toggle: TypeAlias = Literal["net_of_waivers", "with_prepayments", "with_arrears"]
TOGGLES: Final[dict[Toggle, tuple[str, str, str, str]]] = {
    "net_of_waivers": ("应收中扣除减免", "Take waivers off the receivable", "应收恢复为减免前", "Put waivers back"),
    "with_prepayments": ("实收中计入预收", "Count prepayments as received", "实收中剔除预收", "Leave prepayments out"),
    "with_arrears": (
        "计入往年欠费及其收回",
        "Count old arrears and what came in",
        "剔除往年欠费及其收回",
        "Leave old arrears out",
    ),
}
GROSS: Final = ("current_gross", "当期收缴率（减免前应收）", "Current-period rate on the gross receivable")


def exact(amount: Amount) -> Fraction:
    """The amount as it is written: 0.68 is 68/100, not the nearest binary number."""
    return Fraction(str(amount)) if isinstance(amount, float) else Fraction(amount)


def waterfall(levels: Sequence[Level], steps: Sequence[tuple[str, str]]) -> Waterfall:
    """A waterfall through successive levels, each reached by the step named (zh, en); one step fewer than levels."""
    if len(levels) < 2 or len(steps) != len(levels) - 1:
        raise ValueError("a waterfall needs two levels or more, and a step between each two")
    made = tuple(
        Step(zh, en, after.value - before.value)
        for (zh, en), before, after in zip(steps, levels[:-1], levels[1:], strict=True)
    )
    return Waterfall(levels[0], made, levels[-1])


def collection_rate(collection: Collection, basis: Basis) -> Fraction:
    """The rate on this basis, exact. ValueError where nothing is receivable on it."""
    above, below = exact(collection.received), exact(collection.receivable)
    if basis.net_of_waivers:
        below -= exact(collection.waived)
    if basis.with_prepayments:
        above += exact(collection.prepaid)
    if basis.with_arrears:
        above, below = above + exact(collection.arrears_recovered), below + exact(collection.opening_arrears)
    if below <= 0:
        raise ValueError("nothing is receivable on this basis")
    return above / below


def bridge(collection: Collection, start: Basis, end: Basis) -> Waterfall:
    """The waterfall between two bases of the same bills; one step for each thing that the bases count differently.

    Steps come in the order waivers, prepayments, arrears. Each is the change that it makes after those before it.
    """
    basis, levels, steps = start, [_level(collection, start)], []
    for toggle, (zh_in, en_in, zh_out, en_out) in TOGGLES.items():
        wanted = getattr(end, toggle)
        if wanted != getattr(basis, toggle):
            basis = replace(basis, **{toggle: wanted})
            levels.append(_level(collection, basis))
            steps.append((zh_in, en_in) if wanted else (zh_out, en_out))
    return waterfall(levels, steps) if steps else Waterfall(levels[0], (), levels[0])


def months_free(rate: Amount, *, waived_months: int = 2, billed_months: int = 12, took_offer: Amount = 1) -> Waterfall:
    """From a rate that counts payers under a "pay ten months, get twelve" offer as fully paid, to the gross rate.

    `took_offer` is the share of the payers who took it: rate × (1 − took_offer × waived ÷ billed). 68 % becomes 56.7 %
    when all took two months of twelve; unknown, it lies between there and 68 %. ValueError for shares outside 0 to 1 or
    more months waived than billed.
    """
    value, took = exact(rate), exact(took_offer)
    if not 0 <= value <= 1 or not 0 <= took <= 1 or not 0 <= waived_months <= billed_months or billed_months < 1:
        raise ValueError("shares must lie between 0 and 1, and months waived between 0 and those billed")
    gross = value * (1 - took * Fraction(waived_months, billed_months))
    return waterfall(
        [
            Level("net_of_waivers", "减免后收缴率", "Rate after waivers", value),
            Level(*GROSS, gross),
        ],
        [
            (
                f"预缴{billed_months}个月物业费，减免其中{waived_months}个月",
                f"{waived_months} of {billed_months} months waived",
            )
        ],
    )


def _level(collection: Collection, basis: Basis) -> Level:
    if basis == Basis():
        return Level(*GROSS, collection_rate(collection, basis))
    parts = [
        ("net_of_waivers", "减免后应收", "receivable after waivers", basis.net_of_waivers),
        ("with_prepayments", "含预收", "with prepayments", basis.with_prepayments),
        ("with_arrears", "含往年欠费", "with old arrears", basis.with_arrears),
    ]
    chosen = [part for part in parts if part[3]]
    return Level(
        "+".join(part[0] for part in chosen),
        f"收缴率（{'、'.join(part[1] for part in chosen)}）",
        f"Collection rate ({', '.join(part[2] for part in chosen)})",
        collection_rate(collection, basis),
    )
