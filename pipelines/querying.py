"""Answers one read-only question about the warehouse's own tables, and refuses everything else.

DuckDB opened read-only can still read and write files through SQL, so a query passes two gates: the connection has no
access to anything outside and its settings are locked; and the parsed query may name only our tables and functions
that look at nothing else.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipelines.summary import aligned
from pipelines.warehouse import open_published

if TYPE_CHECKING:
    import duckdb

TABLE_FUNCTIONS: Final = frozenset({"range", "generate_series", "unnest"})
REFUSED_FUNCTIONS: Final = frozenset(
    {"current_setting", "getenv", "getvariable", "write_log", "nextval", "currval", "read_text", "read_blob", "glob"}
)
SHOWN: Final = frozenset({"tables"})


@dataclass(frozen=True)
class Answer:
    """Column names and rows, as Python values."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]


class RefusedError(Exception):
    """A query that is not answered. `reason` is a key of the words; `what` is the thing that was asked for."""

    def __init__(self, reason: str, what: str = "") -> None:
        """See the class."""
        super().__init__(f"{reason}: {what}")
        self.reason = reason
        self.what = what


def ask(folder: Path, query: str) -> Answer:
    """The answer to one SELECT (WITH, FROM, VALUES, DESCRIBE, SUMMARIZE, SHOW TABLES too) on the published version.

    Raises NoWarehouseError where nothing is published, RefusedError for anything else and for queries that fail.
    """
    import duckdb

    connection = open_published(folder)
    try:
        _permit(connection, query)
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description or []]
        return Answer(tuple(_distinct(names)), cursor.fetchall())
    except duckdb.Error as fault:
        raise RefusedError("query_failed", str(fault)) from fault
    finally:
        connection.close()


def as_json(value: object) -> object:
    """A value as JSON has it: ISO times, lists as lists, whole decimals as integers, NaN and infinities as null."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return as_json(int(value) if value == value.to_integral_value() else float(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, list | tuple | set):
        return [as_json(each) for each in value]
    if isinstance(value, dict):
        return {str(key): as_json(each) for key, each in value.items()}
    return value.hex() if isinstance(value, bytes) else str(value)


def _permit(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    statements = connection.extract_statements(query)
    if not statements:
        raise RefusedError("query_empty")
    if len(statements) > 1:
        raise RefusedError("query_several", str(len(statements)))
    if statements[0].type.name != "SELECT":
        raise RefusedError("query_not_select", statements[0].type.name)
    parsed = connection.execute("SELECT json_serialize_sql($query::VARCHAR)", {"query": query}).fetchone()
    tree = json.loads(parsed[0]) if parsed else {"error": True}
    if tree["error"]:
        raise RefusedError("query_not_select", str(tree.get("error_message", "")))
    ours = {str(row[0]).casefold() for row in connection.execute("SHOW TABLES").fetchall()}
    nodes = list(_nodes(tree))
    entries = [entry for node in nodes if isinstance(listed := node.get("map"), list) for entry in listed]
    named_here = {str(entry["key"]).casefold() for entry in entries if "key" in entry}
    named_here |= {str(node["cte_name"]).casefold() for node in nodes if node.get("cte_name")}
    # Scopes are not followed: a name given by WITH in one place must not open the system's table elsewhere.
    views = connection.execute("SELECT view_name FROM duckdb_views() WHERE internal").fetchall()
    named_here -= {str(row[0]).casefold() for row in views}
    for node in nodes:
        _permit_node(node, ours, named_here)


def _permit_node(node: dict[str, object], ours: set[str], named_here: set[str]) -> None:
    kind = node.get("type")
    if kind == "BASE_TABLE":
        name = str(node.get("table_name", "")).casefold()
        schema = str(node.get("schema_name") or "main").casefold()
        if schema != "main" or (name not in ours and not (name in named_here and not node.get("schema_name"))):
            raise RefusedError("query_foreign_table", str(node.get("table_name")))
    elif kind == "TABLE_FUNCTION":
        function = node.get("function")
        name = str(function.get("function_name")) if isinstance(function, dict) else ""
        if name.casefold() not in TABLE_FUNCTIONS:
            raise RefusedError("query_foreign_function", name)
    elif kind == "SHOW_REF" and not node.get("query"):
        if str(node.get("table_name")).strip('"').casefold() not in SHOWN:
            raise RefusedError("query_foreign_table", str(node.get("table_name")))
    elif kind == "FUNCTION" and str(node.get("function_name")).casefold() in REFUSED_FUNCTIONS:
        raise RefusedError("query_foreign_function", str(node.get("function_name")))


def _nodes(tree: object) -> Iterator[dict[str, object]]:
    if isinstance(tree, dict):
        yield tree
        for child in tree.values():
            yield from _nodes(child)
    elif isinstance(tree, list):
        for child in tree:
            yield from _nodes(child)


def _distinct(names: list[str]) -> list[str]:
    """Columns of one name get a number, so that an object a row loses none of them."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return found


def printed(answer: Answer, form: str) -> str:
    """The answer as `json` (an array of objects), `csv`, or a `table` for people."""
    rows = [[as_json(value) for value in row] for row in answer.rows]
    if form == "json":
        objects = (json.dumps(dict(zip(answer.columns, row, strict=True)), ensure_ascii=False) for row in rows)
        return "[" + ",\n ".join(objects) + "]"
    cells = [[_cell(value) for value in row] for row in rows]
    if form == "csv":
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([answer.columns, *cells])
        return text.getvalue()
    flat = [[cell.replace("\n", " ") for cell in row] for row in cells]
    return aligned([answer.columns, *flat], left=len(answer.columns))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
