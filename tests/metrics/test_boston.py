"""The on-time flag that the City of Boston itself published for half a year of requests is found again, one by one."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from hand_made import desk_of, estate, ticket, value

BOSTON = Path(__file__).resolve().parents[2] / "../shared/real/tickets/boston_311_2011.csv.gz"


@pytest.mark.skipif(not BOSTON.exists(), reason="the published data of ../shared are not here")
def test_the_citys_own_on_time_flag_is_found_again_for_every_closed_request() -> None:
    with gzip.open(BOSTON, "rt", encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    flagged = {}
    tickets = []
    for place, row in enumerate(rows):
        if row["case_status"] == "Closed" and row["closed_dt"] and row["target_dt"] and row["ontime"]:
            flagged[str(place)] = row["ontime"] == "ONTIME"
            times = [row[name].replace(" ", "T")[:19] for name in ("open_dt", "closed_dt", "target_dt")]
            tickets.append(ticket(times[0], times[1], due_at=times[2], ticket_id=str(place)))
    desk = desk_of(estates=[estate()], tickets=tickets)
    told = desk.connection.execute("SELECT ticket_id, closed_at <= due_at FROM mart_tickets").fetchall()
    assert Counter((flagged[place], on_time) for place, on_time in told) == {
        (True, True): 35_591,
        (False, False): 8_073,
    }
    opened = sorted(datetime.fromisoformat(str(one["opened_at"])) for one in tickets)
    found = value(desk, "closure_on_time_rate", f"{opened[0].date()}..{opened[-1].date()}", as_of="2100-01-01")
    assert (found.numerator, found.denominator) == (35_591, 43_664)
