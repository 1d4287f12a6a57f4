"""Rounds once, half up, as a clerk does: 79.95 is 80.0, however the computer writes 79.95 inside."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

_HAIR: Final = 1e-9
"""Sums of floats miss a half by less than this."""


def half_up(values: ArrayLike, decimals: int = 0) -> NDArray[np.float64]:
    """The values (0 or above) to so many decimals, halves upwards, in the same shape."""
    scale = 10.0**decimals
    rounded: NDArray[np.float64] = np.floor(np.asarray(values, dtype=np.float64) * scale + 0.5 + _HAIR) / scale
    return rounded
