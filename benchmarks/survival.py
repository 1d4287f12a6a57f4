"""Closing-time medians of 5 million tickets in 10,000 groups: against sorting them in DuckDB, and a lifelines loop."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import polars as pl
from lifelines import KaplanMeierFitter  # type: ignore[import-untyped]
from lifelines.utils import median_survival_times  # type: ignore[import-untyped]

from pipelines.analysis.survival import grouped_medians

SORT = "create or replace table sorted as select * from tickets order by estate, hours"


def best_of(runs: int, work: Callable[[], Any]) -> float:
    """The least seconds of several runs, for the machine may be busy with something else."""
    took = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        took.append(time.perf_counter() - begin)
    return min(took)


def by_lifelines(tickets: pl.DataFrame, estates: int) -> None:
    for _, group in tickets.filter(pl.col("estate") < estates).group_by("estate"):
        fitted = KaplanMeierFitter().fit(group["hours"].to_numpy(), group["closed"].to_numpy())
        median_survival_times(fitted.confidence_interval_)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--tickets", type=int, default=5_000_000)
    arguments.add_argument("--groups", type=int, default=10_000)
    arguments.add_argument("--sample", type=int, default=100, help="groups given to lifelines")
    arguments.add_argument("--runs", type=int, default=3)
    asked = arguments.parse_args()
    rng = np.random.default_rng(1)
    tickets = pl.DataFrame(
        {
            "estate": rng.integers(0, asked.groups, asked.tickets),
            "hours": rng.exponential(72, asked.tickets),
            "closed": rng.random(asked.tickets) < 0.9,
        }
    )
    warehouse = duckdb.connect(config={"threads": 2})
    warehouse.register("given", tickets.to_arrow())
    warehouse.execute("create table tickets as select * from given")
    ours = best_of(asked.runs, lambda: grouped_medians(tickets, ["estate"], "hours", "closed"))
    sort = best_of(asked.runs, lambda: warehouse.execute(SORT))
    loop = best_of(1, lambda: by_lifelines(tickets, asked.sample)) * asked.groups / asked.sample
    figures = {
        "grouped_medians_s": ours,
        "duckdb_sort_s": sort,
        "lifelines_loop_s_scaled": loop,
        "of_duckdb_sort": ours / sort,
        "of_lifelines": ours / loop,
    }
    print(json.dumps({name: round(figure, 4) for name, figure in figures.items()}, indent=1))


if __name__ == "__main__":
    main()
