"""Keeps personal data out: numbers, plates, rooms and residents' names are masked before anything is stored."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import polars as pl

from pipelines.mending.personal_headings import personal_heading
from pipelines.mending.personal_names import COMPOUND, FORM_ROLES, SURNAMES, TITLES, names
from pipelines.mending.personal_numbers import Finder, bank_cards, identity_cards, phones, plates, rooms

__all__ = ["FINDING_KINDS", "mask_column", "mask_text", "personal_heading"]

FINDING_KINDS: Final = frozenset({"phone", "id_card", "bank_card", "plate", "name"})
"""What makes a `personal_data` finding. A `room` in a text is masked too, without a finding."""

# One character for one, so that places in the plain text are places in the text as sent.
_PLAIN: Final = (
    {0xFF01 + i: chr(0x21 + i) for i in range(94)}
    | {0x3000: " ", 0x00A0: " "}
    | dict.fromkeys(map(ord, "‐‑‒–—―−﹣"), "-")
)
# Names come before phones, because a name may be known by the phone after it.
_FINDERS: Final[tuple[tuple[str, str, Finder], ...]] = (
    ("id_card", "×××", identity_cards),
    ("bank_card", "×××", bank_cards),
    ("plate", "×××", plates),
    ("name", "某", names),
    ("phone", "×××", phones),
    ("room", "×××", rooms),
)
_NUMBER: Final = re.compile(r"\s*[-+]?[0-9]*\.[0-9]+\s*")

_SIGN: Final = r"[^0-9A-Za-z\p{Han}:：/]{0,2}"
_SUSPICIOUS: Final = "|".join(
    (
        rf"1{_SIGN}[3-9](?:{_SIGN}[0-9]){{9}}",
        rf"0[0-9]{{2,3}}{_SIGN}[2-8][0-9]{{2,3}}{_SIGN}[0-9]{{4}}",
        r"(?i:电话|手机|回电|致电|来电|拨打|方式|座机|固话|tel|phone|mobile|call)[^0-9A-Za-z]{0,4}[(（]?[0-9]{3,4}",
        rf"[0-9]{{6}}{_SIGN}[0-9]{{6}}{_SIGN}[0-9]{{3}}",
        rf"[0-9]{{4}}{_SIGN}[0-9]{{4}}{_SIGN}[0-9]{{4}}{_SIGN}[0-9]{{4}}",
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-z][·•.\s—－-]?[A-Za-z0-9]{4}",
        r"(?:号楼|栋|幢|座|[#＃]楼?|单元)\s?[—－-]?\s?(?:[0-9]{1,2}\s?[—－-]\s?)?[A-Za-z]?[0-9]{3}",
        r"[0-9]{3}\s?(?:室|号?房)",
        r"[零〇一二三四五六七八九]{3}室",
        r"[0-9A-Z][—－-][0-9]{1,2}[—－-][1-9][0-9]{2}",
        rf"(?:{FORM_ROLES}|名叫|我叫|本人|我是|名)\s*[:：=＝(（]?\s*(?:{COMPOUND}|[{SURNAMES}])",
        rf"(?:{COMPOUND}|[{SURNAMES}])\p{{Han}}{{1,2}}(?:{TITLES})",
        r"[\p{Nd}--0-9]",
    )
)
"""Whatever `mask_text` may find is in a text that this finds; most cells are cleared by it without looking closer."""


def mask_text(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with personal data masked, and the kinds found, sorted.

    Kinds: `bank_card`, `id_card`, `name`, `phone`, `plate`, `room`.
    Building and unit stay, the room goes (`3号楼2单元×××室`); of a name the surname stays (`业主张某`), of a plate the
    place. Ticket numbers, dates, amounts and hotlines are left alone. Nothing else of the text changes.
    """
    plain = text.translate(_PLAIN)
    if not plain.isascii():
        plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)
    if _NUMBER.fullmatch(plain):
        return text, ()
    found: set[str] = set()
    masks: dict[int, tuple[int, str]] = {}
    for kind, mask, finder in _FINDERS:
        for start, end in list(finder(plain)):
            if "×" in plain[start:end]:
                continue
            found.add(kind)
            masks[start] = (end, mask)
            plain = plain[:start] + "×" * (end - start) + plain[end:]
    if not found:
        return text, ()
    parts, at = [], 0
    for start, (end, mask) in sorted(masks.items()):
        parts += [text[at:start], mask]
        at = end
    return "".join([*parts, text[at:]]), tuple(sorted(found))


def mask_column(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """A String column with each cell masked as by `mask_text`, and where (Boolean, never null) one of `FINDING_KINDS`
    was found."""
    suspicious = cells.filter(cells.str.contains(_SUSPICIOUS).fill_null(value=False)).unique()
    masked: dict[str, str] = {}
    told: list[str] = []
    for text in suspicious.to_list():
        new, kinds = mask_text(text)
        if kinds:
            masked[text] = new
        if not FINDING_KINDS.isdisjoint(kinds):
            told.append(text)
    if not masked:
        return cells, pl.repeat(False, len(cells), eager=True).alias(cells.name)  # noqa: FBT003
    marks = cells.is_in(told).fill_null(value=False)
    return cells.replace(list(masked), list(masked.values())), marks
