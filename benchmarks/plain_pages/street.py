"""What the plain pages ask the warehouse: tables as an analyst would fetch them, with pandas."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

import pandas as pd

from pipelines.warehouse import open_published

NAMES: Final = {
    "satisfaction_rate": "满意率",
    "collection_rate": "收缴率",
    "closure_median_hours": "办结时长中位数",
    "cost_per_m2_month": "单位面积成本",
}


def connected() -> Any:
    """The warehouse that is looked at."""
    return open_published(Path(os.environ["LIANPING_WAREHOUSE"]))


def asked(connection: Any, text: str, *values: object) -> pd.DataFrame:
    """The answer to a question."""
    return pd.DataFrame(connection.sql(text, params=list(values)).pl().to_dicts())


def surveys(connection: Any) -> pd.DataFrame:
    """Satisfaction by estate and quarter with its interval (Wald, as it is usually written)."""
    frame = asked(connection, "SELECT estate AS subject, period_start, satisfied, responses FROM mart_surveys")
    frame["value"] = frame.satisfied / frame.responses
    half = 1.96 * (frame["value"] * (1 - frame["value"]) / frame.responses) ** 0.5
    return frame.assign(low=frame["value"] - half, high=frame["value"] + half, cases=frame.responses)


def series(connection: Any, metric: str) -> pd.DataFrame:
    """A metric by estate and step: subject, quarter, period_start, value, low, high, cases."""
    if metric == "satisfaction_rate":
        frame = surveys(connection)
    else:
        frame = asked(
            connection,
            "SELECT subject, period_start, value, coalesce(low, value * 0.95) AS low,"
            " coalesce(high, value * 1.05) AS high, cases FROM metric_steps"
            " WHERE level = 'estate' AND metric = ? AND value IS NOT NULL ORDER BY period_start",
            metric,
        )
    frame["period_start"] = pd.to_datetime(frame.period_start)
    frame["quarter"] = frame.period_start.dt.to_period("Q").astype(str)
    return frame


def in_quarter(steps: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """The means of the steps of one quarter by estate."""
    chosen = steps[steps.quarter == quarter]
    return chosen.groupby("subject", as_index=False)[["value", "low", "high", "cases"]].mean()


def places(connection: Any) -> pd.DataFrame:
    """The register: one row an estate."""
    return asked(connection, "SELECT estate AS subject, community, households, lon, lat, company FROM estates")


def communities(connection: Any) -> list[dict[str, Any]]:
    """The communities' polygons as GeoJSON features; none where no boundaries were sent."""
    rows = asked(connection, "SELECT name, geometry FROM boundaries WHERE level = 'community'")
    return [
        {"type": "Feature", "geometry": json.loads(one.geometry), "properties": {"name": one.name_}}
        for one in rows.rename(columns={"name": "name_"}).itertuples()
    ]
