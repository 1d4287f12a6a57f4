"""How `source_columns` tells in which cells the fields of a record stood: `estate=A receivable_yuan=C issued=D9`.

One word a field: its name, `=`, then one or several places with commas between. `C` is the cell of that column in the
record's own row, `C9` a cell of another row, `C9:C40` cells that were counted together. A field that another sheet told
carries that sheet, and one that another file told its file as well: `issued=D5@实收`, `households=F9@台账@a.xlsx`.
In these names `%`, `@` and white space are written as in an address of the web (`%20`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

from pipelines.findings import column_letter

_HIDDEN: Final = re.compile(r"[%@\s]")


@dataclass(frozen=True)
class Stood:
    """Where one field of a record stood: its cells, as `C9` or `C9:C40`, and the sheet and file that hold them."""

    field: str
    cells: tuple[str, ...]
    sheet: str
    file: str


def column_word(field: str, columns: Iterable[int]) -> str:
    """The word of a field that stands in these columns (from 0) of the record's row: `opened_at=C,D`."""
    return f"{field}={','.join(column_letter(one) for one in columns)}"


def words_of(text: str | None) -> dict[str, str]:
    """Field → its word, of the text of one record."""
    return {word.partition("=")[0]: word for word in (text or "").split(" ") if word}


def word_from(word: str, row: int, sheet: str = "", file: str = "") -> str:
    """The word as a record elsewhere must say it: with rows, with the sheet where it is another, and the file."""
    places, _, named = word.partition("@")
    field, _, cells = places.partition("=")
    full = f"{field}={','.join(_in_row(one, row) for one in cells.split(','))}"
    if named:
        own_sheet, _, own_file = named.partition("@")
        return f"{full}@{own_sheet}" + (f"@{own_file or _shown(file)}" if own_file or file else "")
    if file:
        return f"{full}@{_shown(sheet)}@{_shown(file)}"
    return f"{full}@{_shown(sheet)}" if sheet else full


def stood(text: str | None, row: int, sheet: str, file: str) -> dict[str, Stood]:
    """Field → where it stood, of a record of this sheet and row with this `source_columns` (`text`)."""
    found: dict[str, Stood] = {}
    for field, word in words_of(text).items():
        places, named, elsewhere = word.partition("@")
        other_sheet, _, other_file = elsewhere.partition("@")
        cells = tuple(_in_row(one, row) for one in places.partition("=")[2].split(","))
        found[field] = Stood(field, cells, unquote(other_sheet) if named else sheet, unquote(other_file) or file)
    return found


def _in_row(cell: str, row: int) -> str:
    return cell if cell[-1].isdigit() else f"{cell}{row}"


def _shown(name: str) -> str:
    return _HIDDEN.sub(lambda found: quote(found[0], safe=""), name)
