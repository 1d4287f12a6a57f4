"""Splits the columns of one heading row into the tables that stand side by side."""

from __future__ import annotations

from itertools import pairwise

from pipelines.reading.headings import understand


def column_groups(paths: dict[int, tuple[str, ...]]) -> list[list[int]]:
    """Splits the columns of one heading row into tables side by side: at a blank column, or where the first heading
    comes again, if each side can stand alone."""
    columns = sorted(paths)
    cuts: list[int] = []
    start = columns[0]
    for before, column in pairwise(columns):
        again = _names_estate_again(paths, columns, start, column) or _begins_again(paths, columns, start, column)
        if again or (column - before > 1 and _stands_alone(paths, columns, column)):
            cuts.append(column)
            start = column
    groups: list[list[int]] = []
    current: list[int] = []
    for column in columns:
        if column in cuts and current:
            groups.append(current)
            current = []
        current.append(column)
    groups.append(current)
    return [group for group in groups if _hits(paths, group) >= 1] or [columns]


def _begins_again(paths: dict[int, tuple[str, ...]], columns: list[int], start: int, column: int) -> bool:
    """Whether the headings from a column on are those of the table to its left once more."""
    left = [paths[c] for c in columns if start <= c < column]
    right = [paths[c] for c in columns if c >= column]
    return len(left) >= 2 and right[: len(left)] == left


def _names_estate_again(paths: dict[int, tuple[str, ...]], columns: list[int], start: int, column: int) -> bool:
    """Whether a column names an estate as a column to its left does (小区 and 项目 side by side are one table)."""
    if not _names_estate(paths[column]):
        return False
    same = [c for c in columns if start <= c < column and _names_estate(paths[c])]
    return any(
        paths[c][-1] == paths[column][-1] or ("小区" in paths[c][-1] and "小区" in paths[column][-1]) for c in same
    )


def _names_estate(path: tuple[str, ...]) -> bool:
    fields = understand(path[-1]).fields
    return fields.get("tickets") == "estate" or fields.get("fees") == "estate"


def _hits(paths: dict[int, tuple[str, ...]], columns: list[int]) -> int:
    return sum(any(understand(text).known for text in paths[column]) for column in columns)


def _stands_alone(paths: dict[int, tuple[str, ...]], columns: list[int], start: int) -> bool:
    right = [column for column in columns if column >= start]
    return any(_names_estate(paths[column]) for column in right) or _hits(paths, right) == 0
