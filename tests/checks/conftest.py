"""The small streets written by hand and the demo street, as the metrics' tests have them."""

from __future__ import annotations

import sys
from pathlib import Path

METRICS = Path(__file__).resolve().parents[1] / "metrics"
if str(METRICS) not in sys.path:
    sys.path.append(str(METRICS))
