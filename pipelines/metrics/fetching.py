"""Brings the answer to a query into a frame by way of numpy, without pyarrow.

Polars can read DuckDB's Arrow stream itself, but then objects of DuckDB outlive the program, which complains at the
end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from pipelines.warehouse import Connection

_KINDS: Final[Mapping[str, pl.DataType]] = {
    "VARCHAR": pl.String(),
    "VARCHAR[]": pl.List(pl.String()),
    "BOOLEAN": pl.Boolean(),
    "DATE": pl.Date(),
    "TIMESTAMP": pl.Datetime("us"),
    "DOUBLE": pl.Float64(),
    "TINYINT": pl.Int64(),
    "SMALLINT": pl.Int64(),
    "INTEGER": pl.Int64(),
    "BIGINT": pl.Int64(),
    "UBIGINT": pl.Int64(),
    "HUGEINT": pl.Float64(),
}
"""DuckDB's types and ours; other numbers (decimals) become floats."""


def fetched(connection: Connection, query: str, params: Mapping[str, object] | None = None) -> pl.DataFrame:
    """The answer to one query with named parameters. Sums and counts too wide for 64 bits come as floats."""
    answer = connection.execute(query, dict(params) if params else None)
    kinds = [(str(column[0]), str(column[1])) for column in answer.description or []]
    columns = answer.fetchnumpy()
    return pl.DataFrame([_series(name, columns[name], kind) for name, kind in kinds])


def _series(name: str, values: np.ndarray, kind: str) -> pl.Series:
    wanted = _KINDS.get(kind, pl.Float64())
    mask = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else None
    plain = np.ma.getdata(values)
    if plain.dtype == object:
        listed = (
            plain.tolist() if mask is None else [None if gone else one for one, gone in zip(plain, mask, strict=True)]
        )
        if kind.endswith("[]"):
            listed = [None if one is None else list(one) for one in listed]
        return pl.Series(name, listed, dtype=wanted)
    series = pl.Series(name, plain)
    if mask is not None and mask.any():
        series = series.set(pl.Series(mask), None)
    return series.cast(wanted)
