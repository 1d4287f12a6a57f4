"""The comparison written with Dash, figures drawn by Plotly: the same charts of the same data as app.py's."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import plotly.graph_objects as go
import street
from dash import Dash, Input, Output, dcc, html
from plotly.subplots import make_subplots

QUARTERS = ["2025Q2", "2025Q1", "2024Q4", "2024Q2"]
connection = street.connected()
app = Dash(serve_locally=True, title="对标", update_title=None)


@cache
def series(metric: str) -> Any:
    return street.series(connection, metric)


def dots(frame: Any) -> go.Figure:
    ordered = frame.sort_values("value")
    error = {
        "type": "data",
        "symmetric": False,
        "array": ordered.high - ordered["value"],
        "arrayminus": ordered["value"] - ordered.low,
    }
    picture = go.Figure(go.Scatter(x=ordered["value"], y=ordered.subject, error_x=error, mode="markers"))
    picture.add_vline(x=ordered["value"].median(), line_dash="dash")
    return picture.update_layout(height=22 * len(ordered) + 120)


def funnel(frame: Any) -> go.Figure:
    picture = go.Figure(go.Scatter(x=frame.cases, y=frame["value"], text=frame.subject, mode="markers"))
    spread = frame["value"].std() * frame.cases.mean() ** 0.5
    grid = [frame.cases.max() * (one + 1) / 40 for one in range(40)]
    for width in (-3, -2, 2, 3):
        limit = [frame["value"].mean() + width * spread / one**0.5 for one in grid]
        picture.add_scatter(x=grid, y=limit, mode="lines")
    return picture


def quadrants(quarter: str) -> go.Figure:
    cost = street.in_quarter(series("cost_per_m2_month"), quarter)
    happy = street.in_quarter(series("satisfaction_rate"), quarter)
    both = cost.merge(happy, on="subject", suffixes=("_cost", "_satisfied"))
    picture = go.Figure(go.Scatter(x=both.value_cost, y=both.value_satisfied, text=both.subject, mode="markers"))
    picture.add_vline(x=both.value_cost.median())
    return picture.add_hline(y=both.value_satisfied.median())


def trends(metric: str) -> go.Figure:
    steps = series(metric)
    worst = list(steps.groupby("subject")["value"].std().nlargest(6).index)
    picture = make_subplots(2, 3, subplot_titles=worst)
    for place, subject in enumerate(worst):
        own = steps[steps.subject == subject]
        spot = {"row": place // 3 + 1, "col": place % 3 + 1}
        picture.add_trace(go.Scatter(x=own.period_start, y=own["value"], mode="lines+markers"), **spot)
        for width in (-3, 0, 3):
            picture.add_hline(y=own["value"].mean() + width * own["value"].std(), line_dash="dash", **spot)
    return picture


app.layout = html.Div(
    [
        html.H1("对标"),
        dcc.Dropdown(
            [{"label": name, "value": metric} for metric, name in street.NAMES.items()],
            "satisfaction_rate",
            id="metric",
            clearable=False,
        ),
        dcc.Dropdown(QUARTERS, QUARTERS[0], id="quarter", clearable=False),
        *[dcc.Graph(id=one) for one in ("dots", "funnel", "quadrants", "trends")],
        html.P(id="shown"),
    ]
)


@app.callback(
    *[Output(one, "figure") for one in ("dots", "funnel", "quadrants", "trends")],
    Output("shown", "children"),
    Input("metric", "value"),
    Input("quarter", "value"),
)
def compare(metric: str, quarter: str) -> tuple[Any, ...]:
    frame = street.in_quarter(series(metric), quarter)
    shown = f"数据：compare {metric} {quarter}"
    return dots(frame), funnel(frame), quadrants(quarter), trends(metric), shown


if __name__ == "__main__":
    app.run(port=os.environ["PORT"], debug=False)
