"""From findings to marks: what is to be coloured and said at which cell, and what is wrong apart from what to type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pipelines.findings import Severity

Tongue = Literal["zh", "en", "both"]
"""In which language a handout speaks; `both` is Chinese first, then English."""

Row = Mapping[str, str | None]
"""A row of the warehouse's `findings`."""

WORST: Final[tuple[Severity, ...]] = ("error", "warning", "info")
CELL: Final = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")

ADVICE: Final[dict[str, tuple[str, str]]] = {
    "missing_value": ("请把这一格填上。", "Fill in this cell."),
    "unparseable": ("请改成能读的写法。", "Write it so that it can be read."),
    "out_of_range": ("请核对原始资料后更正。", "Check it against the source and correct it."),
    "inconsistent": ("请核对这两个值，改正写错的一个。", "Find which of the two is wrong and correct it."),
    "duplicate": ("请删去重复的一行。", "Delete one of the two rows."),
    "conflict": ("请只保留正确的一行。", "Keep only the right row."),
    "unknown_estate": ("请改用小区台账中的名称。", "Use the name in the register."),
    "implausible": (
        "请核对单位和小数点；无误则不必修改。",
        "Check the unit and the decimal point; leave it if it is right.",
    ),
    "unmapped_column": ("无关紧要就不必管；有用请改成模板里的表头。", "Leave it, or use a heading of the template."),
    "unmapped_category": ("有合适的类别请改用，没有则不必修改。", "Use one of the known categories if one fits."),
    "unrecognised_sheet": ("请参照模板改表头；不需要读入则不必管。", "Use the template's headings, or leave it."),
    "unreadable_file": ("请另存为 .xlsx 后重新发送。", "Save it as .xlsx and send it again."),
    "personal_data": ("请删去个人信息。", "Take the personal data out."),
}
"""What to do about a finding whose own words don't say it."""

ONCE_A_FILE: Final = frozenset({"unknown_estate"})
"""Findings that are told at the first cell only, however often the file says it."""
EVERYWHERE: Final = ("别处也这样写的请一并改。", "Correct it wherever else it stands.")

_QUOTED: Final = re.compile(r"“[^”]*”|（[^）]*）|\([^)]*\)")
_DO_EN: Final = re.compile(
    r"(?:^|(?<=\. )|(?<=: )|(?<=; ))(?=(?:please|check|correct|type|write|use|mend|open|delete|save|send|leave|choose|"
    r"fill|keep|take|put|export|if|is it|copy|split|enter|confirm|have|unpack)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Said:
    """A finding as it is handed back: where, how severe, what was found, what is wrong, what to type. `sheet` and
    `cell` are empty where it is about a whole file or sheet."""

    file: str
    sheet: str
    cell: str
    severity: Severity
    raw: str
    wrong: str
    to_do: str


def said(row: Row, tongue: Tongue) -> Said:
    """A row of findings in the language asked for."""
    code = row["code"] or ""
    zh = split_zh(row["message_zh"] or "", ADVICE[code][0])
    en = split_en(row["message_en"] or "", ADVICE[code][1])
    if code in ONCE_A_FILE:
        zh, en = (zh[0], zh[1] + EVERYWHERE[0]), (en[0], f"{en[1]} {EVERYWHERE[1]}")
    wrong, to_do = {"zh": zh, "en": en, "both": (f"{zh[0]}\n{en[0]}", f"{zh[1]}\n{en[1]}")}[tongue]
    severity: Severity = next(one for one in WORST if one == row["severity"])
    return Said(
        row["source_file"] or "",
        row["source_sheet"] or "",
        row["source_cell"] or "",
        severity,
        row["raw_value"] or "",
        wrong,
        to_do,
    )


def in_order(rows: Iterable[Row]) -> list[Row]:
    """Findings sheet by sheet as they come, whole sheets first, then row before column as one walks through a sheet."""
    rows = list(rows)
    sheets = {sheet: at for at, sheet in enumerate(dict.fromkeys(row["source_sheet"] for row in rows))}
    return sorted(rows, key=lambda row: (sheets[row["source_sheet"]], place(row["source_cell"] or "") or (-1, -1)))


def place(cell: str) -> tuple[int, int] | None:
    """Row and column of an address such as `D7`, both from 0; None where it is none."""
    match = CELL.fullmatch(cell)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def worst(severities: Iterable[Severity]) -> Severity:
    """The most severe of them."""
    return min(severities, key=WORST.index)


def split_zh(message: str, otherwise: str) -> tuple[str, str]:
    """What is wrong, and what to do: from the sentence (or, in the first one, the clause) that says 请 on."""
    masked = _QUOTED.sub(lambda match: "·" * len(match[0]), message)
    asks = masked.find("请")
    if asks < 0:
        return message, otherwise
    at = masked.rfind("。", 0, asks) + 1
    if not at:
        at = max(masked.rfind(mark, 0, asks) for mark in "，；：") + 1
    if not at:
        return message, otherwise
    return message[:at].rstrip("，；：。") + "。", message[at:]


def split_en(message: str, otherwise: str) -> tuple[str, str]:
    """The same for English: from the first sentence or clause on that begins with what to do."""
    masked = _QUOTED.sub(lambda match: "·" * len(match[0]), message)
    for match in _DO_EN.finditer(masked):
        if at := match.start():
            advice = message[at:]
            return message[:at].rstrip(" .;:") + ".", advice[:1].upper() + advice[1:]
    return message, otherwise
