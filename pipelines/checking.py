"""Shows the findings of a check: by file, sheet and cell, each with what is wrong and what to type instead."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Final

from pipelines.words import Language, say

if TYPE_CHECKING:
    from pipelines.build import Checked

COLUMNS: Final = ("source_file", "source_sheet", "source_cell", "kind", "field", "code", "severity", "raw_value")
MESSAGES: Final = ("message_zh", "message_en")
PROFILE_NAME: Final = "….profile.toml"


def as_json(found: Checked) -> str:
    """The findings as the warehouse would hold them, and the suggested profiles."""
    rows = found.findings.select(*COLUMNS, *MESSAGES).to_dicts()
    return json.dumps({"findings": rows, "profiles": list(found.profiles)}, ensure_ascii=False, indent=1)


def as_csv(found: Checked) -> str:
    """One line a finding."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*COLUMNS, *MESSAGES])
    writer.writerows(found.findings.select(*COLUMNS, *MESSAGES).iter_rows())
    return text.getvalue()


def as_text(found: Checked, lang: Language) -> str:
    """The findings for people, files in the order of the summary, errors of a sheet where they stand."""
    lines: list[str] = []
    message = "message_zh" if lang == "zh" else "message_en"
    for file in found.summary.files:
        mine = found.findings.filter(found.findings["source_file"] == file.file).to_dicts()
        if not mine:
            continue
        lines += ["", file.file]
        for sheet in dict.fromkeys(row["source_sheet"] for row in mine):
            if sheet:
                lines.append(f"  {sheet}")
            lines += [
                f"    {_where(row, lang)}  {say('one_' + row['severity'], lang)}  {row[message]}"
                for row in sorted(mine, key=_place)
                if row["source_sheet"] == sheet
            ]
    if found.findings.is_empty():
        lines.append(say("no_findings", lang))
    lines += [
        say("withdrawn_why", lang, file=one.file, what=one.why[lang == "en"])
        for one in found.summary.files
        if one.withdrawn and one.why
    ]
    for profile in found.profiles:
        lines += ["", say("suggested_profile", lang, name=PROFILE_NAME), "", profile.rstrip()]
    counts = {severity: found.summary.count(severity) for severity in ("error", "warning", "info")}
    return "\n".join([*lines, "", say("checked", lang, files=len(found.summary.files), **counts)]).lstrip("\n")


def _where(row: dict[str, str], lang: Language) -> str:
    return row["source_cell"] or say("whole_sheet" if row["source_sheet"] else "whole_file", lang)


def _place(row: dict[str, str]) -> tuple[int, int, str]:
    """Row before column, as one walks through a sheet."""
    cell = row["source_cell"] or ""
    letters = cell.rstrip("0123456789")
    digits = cell[len(letters) :]
    return int(digits) if digits else 0, len(letters), letters
