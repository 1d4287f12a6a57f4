"""The nine kinds of table that communities send, one file each."""

from __future__ import annotations

from typing import Final

from pipelines.kinds import (
    actions,
    costs,
    estates,
    events,
    fees,
    income,
    inspections,
    surveys,
    tickets,
)
from pipelines.kinds.fields import Field, Kind

KINDS: Final[dict[str, Kind]] = {
    one.KIND.name: one.KIND for one in (estates, fees, costs, income, tickets, surveys, inspections, events, actions)
}

__all__ = ["KINDS", "Field", "Kind"]
