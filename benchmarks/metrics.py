"""How long the metrics take: a city's marts, all medians, and all metrics of one street asked from its warehouse.

    python benchmarks/metrics.py [--estates 10000] [--tickets 5000000] [--json OUT]

The city is made by DuckDB itself: estates, 24 months of fees and costs, surveys, inspections and tickets. Ratios are
told beside seconds, for seconds are the machine's: medians ÷ sorting the same columns, and ÷ a loop over lifelines on a
sample, scaled.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

import duckdb
import polars as pl

from pipelines import build
from pipelines.analysis.survival import grouped_medians
from pipelines.marts import put, run
from pipelines.metrics.asking import ask
from pipelines.metrics.desk import open_desk
from pipelines.metrics.periods import read_period
from pipelines.metrics.question import Question
from pipelines.metrics.storing import tables
from pipelines.rules import rules_of
from pipelines.street import Settings
from pipelines.tables import SCHEMAS
from pipelines.warehouse import open_published

DEMO: Final = Path(__file__).resolve().parents[1] / "data/raw/demo"
LOOPED: Final = 300
TIMES: Final = 3
FRESH: Final = 7
CITY: Final = {
    "estates": """
        SELECT 'E' || e AS estate, 'C' || e // 40 AS community, 'S' || e // 400 AS street, 'M' || e % 700 AS company,
            60 + (hash(e) % 3000)::BIGINT AS households, 4000.0 + hash(e) % 300000 AS floor_area_m2,
            ['基本保障', '完善提升', '高档个性'][1 + e % 3] AS service_tier, DATE '2015-01-01' AS takeover_date,
            DATE '2015-01-01' AS charging_date, '专业物业' AS governance_mode
        FROM range($estates) AS t(e)""",
    "episodes": """
        SELECT 'E' || e AS estate, 'M' || e % 700 AS company, '专业物业' AS governance_mode,
            DATE '2015-01-01' AS service_start, DATE '2015-01-01' AS charging_start, NULL::DATE AS service_end
        FROM range($estates) AS t(e)""",
    "fees": """
        SELECT 'E' || e AS estate, month::DATE AS period_start, last_day(month::DATE) AS period_end,
            1000.0 + hash(e) % 90000 AS receivable_yuan,
            (1000.0 + hash(e) % 90000) * (0.6 + random() * 0.4) AS received_yuan,
            100 AS households_due, 60 + (random() * 40)::BIGINT AS households_paid, 'f.xlsx' AS source_file
        FROM range($estates) AS t(e),
            generate_series(DATE '2024-01-01', DATE '2025-12-01', INTERVAL 1 MONTH) AS m(month)""",
    "costs": """
        SELECT 'E' || e AS estate, month::DATE AS period_start, last_day(month::DATE) AS period_end,
            ['人员费用', '清洁卫生', '绿化养护', '能耗'][1 + c] AS category, 100 + random() * 10000 AS amount_yuan,
            'c.xlsx' AS source_file
        FROM range($estates) AS t(e), range(4) AS k(c),
            generate_series(DATE '2024-01-01', DATE '2025-12-01', INTERVAL 1 MONTH) AS m(month)""",
    "surveys": """
        SELECT 'E' || e AS estate, q::DATE AS period_start,
            last_day(q::DATE + 80) AS period_end, '总体' AS question,
            40 AS responses, 20 + (random() * 20)::BIGINT AS satisfied_total, '入户' AS mode, 's.xlsx' AS source_file
        FROM range($estates) AS t(e),
            generate_series(DATE '2024-01-01', DATE '2025-10-01', INTERVAL 3 MONTH) AS m(q)""",
    "inspections": """
        SELECT 'E' || e AS subject, 'estate' AS subject_kind, q::DATE AS period_start,
            last_day(q::DATE + 80) AS period_end,
            '保洁' AS criterion, 60 + random() * 40 AS score, 100.0 AS max_score, 'i.xlsx' AS source_file
        FROM range($estates) AS t(e),
            generate_series(DATE '2024-01-01', DATE '2025-10-01', INTERVAL 3 MONTH) AS m(q)""",
    "tickets": """
        SELECT 'E' || (random() * $estates)::BIGINT % $estates AS estate, 'T' || t AS ticket_id, opened_at,
            opened_at + to_seconds((random() * 30000)::BIGINT) AS responded_at,
            CASE WHEN random() < 0.97
                THEN opened_at + to_seconds((-ln(random() + 1e-9) * 200000)::BIGINT) END AS closed_at,
            'K' || (random() * 11)::BIGINT AS category, random() < 0.9 AS resolved, random() < 0.8 AS satisfied,
            't.xlsx' AS source_file
        FROM (
            SELECT t, TIMESTAMP '2024-01-01' + to_seconds((random() * 730 * 86400)::BIGINT) AS opened_at
            FROM range($tickets) AS n(t)
        )""",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--estates", type=int, default=10_000)
    parser.add_argument("--tickets", type=int, default=5_000_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    found = {**street(), **city(asked.estates, asked.tickets, asked.threads)}
    for name, value in found.items():
        print(f"{name:50} {value:12,.3f}")
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def street() -> dict[str, float]:
    """All metrics of the demo street, asked in one process from its warehouse, verdicts and all."""
    with tempfile.TemporaryDirectory() as folder:
        build.load([DEMO], Path(folder), rules_of, tell=quiet)
        found = {}
        for by in ("street", "estate"):
            asked = [Question(read_period(f"2024-{month:02d}"), by=by) for month in range(1, 13)]
            opened, first = [], []
            for _ in range(FRESH):
                connection = open_published(Path(folder))
                opened.append(timed(lambda: open_desk(connection)))  # noqa: B023 - called at once
                desk = open_desk(connection)
                first.append(timed(partial(ask, desk, asked[0])))
            seconds = [timed(partial(ask, desk, question)) for question in asked[1:]]
            again = [timed(partial(ask, desk, asked[-1])) for _ in range(10)]
            found[f"street: opening the desk for {by} (ms)"] = 1000 * median(opened)
            found[f"street: all metrics by {by}, first of all (ms)"] = 1000 * first[0]
            found[f"street: all metrics by {by}, new desk (ms)"] = 1000 * median(first)
            found[f"street: all metrics by {by}, another period (ms)"] = 1000 * median(seconds)
            found[f"street: all metrics by {by}, again (ms)"] = 1000 * median(again)
        counting = [timed(partial(tables, replace(desk, stored=False, kept={}))) for _ in range(TIMES)]
        found["street: counting the series at load (ms)"] = 1000 * median(counting)
        desk.connection.close()
    return found


def city(estates: int, tickets: int, threads: int) -> dict[str, float]:
    """All marts of a city, and the medians of all its estates by month against sorting the same columns."""
    with tempfile.TemporaryDirectory() as folder:
        connection = duckdb.connect(
            str(Path(folder) / "city.duckdb"), config={"threads": str(threads), "memory_limit": "6GB"}
        )
        for name in ("estates", "episodes", "fees", "costs", "tickets", "surveys", "inspections", "income", "events",
                     "actions", "submissions"):  # fmt: skip
            put(connection, name, SCHEMAS[name].to_frame())
            if name in CITY:
                known = {"estates": estates, "tickets": tickets}
                params = {key: known[key] for key in known if f"${key}" in CITY[name]}
                connection.execute("SELECT setseed(0.5)")
                connection.execute(f"INSERT INTO {name} BY NAME {CITY[name]}", params)
        listed = [{"source_file": f"{one}.xlsx", "loaded_at": datetime(2026, 1, 5)} for one in "fcsit"]
        for row in listed:
            connection.execute(
                "INSERT INTO submissions (source_file, loaded_at) VALUES ($source_file, $loaded_at)", row
            )
        marts = timed(lambda: run(connection, Settings()))
        columns = (
            "estate, date_trunc('month', opened_at)::DATE AS month,"
            " epoch(coalesce(closed_at, TIMESTAMP '2026-01-01') - opened_at) / 3600"
            " AS hours, closed_at IS NOT NULL AS closed"
        )
        ranked = f"SELECT {columns} FROM mart_tickets"
        connection.execute(
            "CREATE TABLE times AS SELECT dense_rank() OVER (ORDER BY estate) AS estate, * EXCLUDE estate"
            f" FROM ({ranked})"
        )
        sorting = "CREATE OR REPLACE TEMP TABLE sorted AS FROM times ORDER BY estate, month, hours, closed"
        sort = median(timed(lambda: connection.execute(sorting)) for _ in range(TIMES))
        numbers = connection.execute("SELECT estate, month, hours, closed FROM times").fetchnumpy()
        frame = pl.DataFrame(dict(numbers))
        medians = median(
            timed(lambda: grouped_medians(frame, ["estate", "month"], "hours", "closed")) for _ in range(TIMES)
        )
        groups = frame.select("estate", "month").unique().height
        connection.close()
    return {
        "city: all marts (s)": marts,
        "city: largest memory so far (GB)": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        "city: medians of all estates by month (s)": medians,
        "city: sorting the same columns (s)": sort,
        "city: medians ÷ sorting": medians / sort,
        "city: medians ÷ a loop over lifelines, scaled": medians / (looped(frame) * groups / LOOPED),
    }


def looped(frame: pl.DataFrame) -> float:
    """Seconds of lifelines for some groups, one after the other."""
    from lifelines import KaplanMeierFitter  # type: ignore[import-untyped]

    chosen = frame.select("estate", "month").unique(maintain_order=True).head(LOOPED)
    groups = [
        (one["hours"].to_numpy(), one["closed"].to_numpy())
        for one in frame.join(chosen, on=["estate", "month"]).partition_by("estate", "month")
    ]

    def loop() -> None:
        for hours, closed in groups:
            fitter = KaplanMeierFitter().fit(hours, closed)
            assert fitter.median_survival_time_ >= 0

    return timed(loop)


def quiet(key: str, **values: object) -> None:
    """Tells nobody."""


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
