"""Writes cells as people name them: C4:D31, and F9、H9 where they do not lie together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pipelines.findings import address
from pipelines.words import Language

_CELLS: Final = re.compile(r"([A-Z]+)(\d+)(?::[A-Z]+(\d+))?")
Span = tuple[int, int]


def ranges_of(cells: Iterable[str]) -> tuple[str, ...]:
    """The fewest ranges that cover exactly these cells (`C9` or `C9:C40`), from the top left on."""
    columns: dict[int, list[Span]] = {}
    for cell in cells:
        found = _CELLS.fullmatch(cell)
        if found is None:
            raise ValueError(f"not a cell: {cell}")
        first = int(found[2])
        columns.setdefault(_number(found[1]), []).append((first, int(found[3] or first)))
    blocks: dict[Span, list[list[int]]] = {}
    for column in sorted(columns):
        for span in _together(columns[column]):
            beside = blocks.setdefault(span, [])
            if beside and beside[-1][1] == column - 1:
                beside[-1][1] = column
            else:
                beside.append([column, column])
    corners = sorted((top, left, bottom, right) for (top, bottom), found in blocks.items() for left, right in found)
    return tuple(
        address(top, left) if (top, left) == (bottom, right) else f"{address(top, left)}:{address(bottom, right)}"
        for top, left, bottom, right in corners
    )


def in_words(ranges: Iterable[str], lang: Language) -> str:
    """The ranges in one line."""
    return ("、" if lang == "zh" else ", ").join(ranges)


def single_cells(ranges: Iterable[str]) -> list[str]:
    """Each cell of ranges within one column, one by one."""
    found = []
    for one in ranges:
        match = _CELLS.fullmatch(one)
        if match is None:
            raise ValueError(f"not a cell: {one}")
        found += [f"{match[1]}{row}" for row in range(int(match[2]), int(match[3] or match[2]) + 1)]
    return found


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _together(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined
