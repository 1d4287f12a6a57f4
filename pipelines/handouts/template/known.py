"""What the warehouse knows of a community, to fill in beforehand: its estates, its open tickets, its open actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.kinds import KINDS
from pipelines.warehouse import open_published

if TYPE_CHECKING:
    from pipelines.warehouse import Connection

Row = dict[str, object]


@dataclass(frozen=True)
class Known:
    """Rows by field, as the warehouse holds them."""

    community: str
    estates: tuple[Row, ...]
    tickets: tuple[Row, ...]
    actions: tuple[Row, ...]


class UnknownCommunityError(LookupError):
    """No register lists this community; `near` are the names most like it, else all there are."""

    def __init__(self, community: str, near: Sequence[str]) -> None:
        """See the class."""
        super().__init__(community)
        self.community, self.near = community, tuple(near)


def known_of(warehouse: Path, community: str) -> Known:
    """What is known of a community. Raises UnknownCommunityError, and NoWarehouseError where nothing is published."""
    connection = open_published(warehouse)
    try:
        estates = _rows(connection, "estates", "community = ? ORDER BY estate", [community])
        if not estates:
            query = "SELECT DISTINCT community FROM estates WHERE community IS NOT NULL ORDER BY 1"
            names = [str(name) for (name,) in connection.execute(query).fetchall()]
            raise UnknownCommunityError(community, get_close_matches(community, names, 3, 0.5) or names)
        named = [one["estate"] for one in estates]
        mine = "list_contains(?, estate)"
        still_open = f"{mine} AND closed_at IS NULL AND excluded_reason IS NULL ORDER BY opened_at, ticket_id"
        undone = f"{mine} AND done_on IS NULL ORDER BY raised_on, action_id"
        tickets = _rows(connection, "tickets", still_open, [named])
        return Known(community, estates, tickets, _rows(connection, "actions", undone, [named]))
    finally:
        connection.close()


def _rows(connection: Connection, kind: str, where: str, values: list[object]) -> tuple[Row, ...]:
    names = [field.name for field in KINDS[kind].fields]
    query = f"SELECT {', '.join(names)} FROM {kind} WHERE {where}"  # noqa: S608 -- names of ours, values bound
    return tuple(dict(zip(names, row, strict=True)) for row in connection.execute(query, values).fetchall())
