"""Works out the marts: one table a `.sql` file, run in the order of their names on the tables of the contract.

Each file begins with its grain and creates one table; what two of them do alike is a macro in `shapes/`. What SQL can't
know is given to it as small tables: the limits of tickets (`ticket_limits`, `response_limit`) and the working days
(`calendar_days`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from pipelines.calendar import calendar_days
from pipelines.metrics.fetching import fetched
from pipelines.peers import peers_of

if TYPE_CHECKING:
    import duckdb

    from pipelines.street import Limit, Settings

FOLDER: Final = Path(__file__).parent
GIVEN: Final = ("ticket_limits", "response_limit", "calendar_days")
_HOURS: Final = {"hours": 1.0, "days": 24.0}


@dataclass(frozen=True)
class _Stream:
    """A frame as an Arrow stream only: handed a frame itself, DuckDB imports pyarrow."""

    frame: pl.DataFrame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.frame.__arrow_c_stream__(requested_schema)


def run(connection: duckdb.DuckDBPyConnection, settings: Settings) -> list[str]:
    """Creates the marts beside the tables of the contract in this connection; gives the names of what it made."""
    first, last = _span(connection)
    put(connection, "mart_peers", peers_of(fetched(connection, "FROM estates"), settings))
    categories = [row[0] for row in connection.execute("SELECT DISTINCT category FROM tickets").fetchall()]
    given = given_tables(categories, first, last, settings)
    for name, frame in given.items():
        put(connection, name, frame)
    for path in sorted((FOLDER / "shapes").glob("*.sql")):
        connection.execute(path.read_text(encoding="utf-8"))
    made = ["mart_peers", *given]
    for path in sorted(FOLDER.glob("*.sql")):
        connection.execute(path.read_text(encoding="utf-8"))
        made.append(f"mart_{path.stem.partition('_')[2]}")
    return made


def given_tables(categories: list[str | None], first: date, last: date, settings: Settings) -> dict[str, pl.DataFrame]:
    """The limits of each category (null is the empty one), that of a response, and the days, as frames by name."""
    limits = [("" if one is None else one, *_limit(settings.tickets.limit(one))) for one in sorted(categories, key=str)]
    longest = max([days or 0.0 for _, _, days in limits] + [_limit(settings.tickets.response)[1] or 0.0])
    schema = pl.Schema({"category": pl.String, "hours": pl.Float64, "working_days": pl.Float64})
    response = pl.DataFrame([_limit(settings.tickets.response)], schema=list(schema.items())[1:], orient="row")
    return {
        "ticket_limits": pl.DataFrame(limits, schema=schema, orient="row").unique("category", keep="first"),
        "response_limit": response,
        "calendar_days": calendar_days(first, last + timedelta(days=60 + int(longest * 3)), settings.calendar),
    }


def put(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Makes a table of this connection from a frame."""
    connection.register("arriving", _Stream(frame))
    connection.table("arriving").create(name)
    connection.unregister("arriving")


def _limit(limit: Limit) -> tuple[float | None, float | None]:
    """A limit in hours or in working days; natural days run by the clock."""
    hours = _HOURS.get(limit.unit)
    return (None, limit.amount) if hours is None else (limit.amount * hours, None)


def _span(connection: duckdb.DuckDBPyConnection) -> tuple[date, date]:
    first, last = connection.execute("SELECT min(opened_at)::DATE, max(opened_at)::DATE FROM tickets").fetchall()[0]
    return (first, last) if first and last else (date(1970, 1, 1), date(1970, 1, 1))
