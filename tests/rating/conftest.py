"""Lets the tests of this folder use the small streets written by hand for the metrics."""

from __future__ import annotations

import sys
from pathlib import Path

MADE = Path(__file__).parents[1] / "metrics"
if str(MADE) not in sys.path:
    sys.path.append(str(MADE))
