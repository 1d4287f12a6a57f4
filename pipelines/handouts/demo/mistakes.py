"""The few honest mistakes that stand in the demo's sheets, and what a load must make of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from pipelines.handouts.demo import stories as story


@dataclass(frozen=True)
class Mistake:
    """One wrong cell. `sent` is what the clerk typed instead of the truth; `loads` is the value that the warehouse then
    holds, or None where the record is quarantined; `corrected` says that a later file puts the truth back."""

    kind: str
    estate: str
    month: date
    field: str
    sent: str | float | int
    code: str
    loads: float | None = None
    corrected: bool = False


MISTAKES: Final = (
    Mistake("fees", "梧桐新苑", date(2024, 11, 1), "received_yuan", "待核实", "unparseable"),
    Mistake("fees", "松涛雅园", date(2024, 10, 1), "waived_yuan", -350, "out_of_range"),
    Mistake("fees", "纺织厂宿舍", date(2025, 2, 1), "households_paid", 481, "inconsistent"),
    Mistake("costs", "清渠里", date(2024, 6, 1), "能耗", 4892.90, "implausible", loads=4892.90),
    Mistake(
        "fees",
        story.CORRECTED_ESTATE,
        story.CORRECTED_MONTH,
        "received_yuan",
        120867,
        "implausible",
        loads=1_208_670_000.0,
        corrected=True,
    ),
)

DUPLICATE_FEE: Final = ("石桥小区", date(2024, 11, 1))
"""A line of the CSV that stands there twice with the same values: `duplicate`, one is kept."""

UNKNOWN_ESTATE: Final = "梧桐三村"
"""A name near two known ones (一村, 二村) that no register lists: `unknown_estate`, loaded as written."""

UNKNOWN_TICKETS: Final = 2

PLANTED_NUMBERS: Final = ("13800000000", "138 0000 0001", "138-0000-0002", "13800000003")
PLANTED_IDENTITY: Final = "110000190001010012"
"""Plainly invented numbers in the texts of tickets (110000 is no county, so nobody holds that card): `personal_data`,
masked before anything is stored."""


def of(kind: str, estate: str, month: date, field: str) -> Mistake | None:
    """The mistake in that cell, if one was planted."""
    for one in MISTAKES:
        if (one.kind, one.estate, one.month, one.field) == (kind, estate, month, field):
            return one
    return None
