"""All kinds of pictures."""

from __future__ import annotations

from typing import TypeAlias

from dashboard.charts.dots import DotPlot, Strip
from dashboard.charts.fields import FunnelChart, Quadrants
from dashboard.charts.run import RunChart, Trends
from dashboard.charts.stars import StarBoard
from dashboard.charts.street import StreetMap
from dashboard.charts.times import Ageing, CategoryBars, Expenses, Promise, Squares, Timeline

Chart: TypeAlias = (
    DotPlot | Strip | FunnelChart | Quadrants | RunChart | Trends | StreetMap | Timeline | Ageing | Promise | Squares
    | CategoryBars | Expenses | StarBoard
)  # fmt: skip
