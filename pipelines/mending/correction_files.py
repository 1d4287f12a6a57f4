"""Reads `corrections.toml` beside the submissions, and shows a mistake in it on its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from pipelines.mending.corrections import CELL, FILE, Action, Correction, Corrections
from pipelines.mending.toml_lines import Key, read_toml, refuse_unknown, want_table
from pipelines.mending.toml_sections import Section

_ACTIONS: Final[dict[str, Action]] = {"set": "set", "skip": "skip", "rename": "rename"}
_KEYS: Final = (
    "file", "sheet", "cell", "row", "heading", "expect", "action", "to", "reason", "since", "by", "status",
)  # fmt: skip


def load_corrections(folder: Path) -> Corrections:
    """The entries of `corrections.toml` at the top of the folder; none where it is absent. Raises SettingsError."""
    path = folder / FILE
    if not path.is_file():
        return Corrections()
    document = read_toml(path, FILE)
    refuse_unknown(document, (), document.data, ("correction",))
    entries = document.data.get("correction", [])
    if not isinstance(entries, list):
        raise document.error(
            ("correction",), "每条更正写作 [[correction]]（双方括号）", "write [[correction]], with two brackets"
        )
    found = []
    for number, one in enumerate(entries):
        at: Key = ("correction", number)
        found.append(_entry(Section(document, at, want_table(document, at, one))))
    return Corrections(tuple(found))


def _entry(section: Section) -> Correction:
    section.refuse_unknown(_KEYS)
    file = _needed(section, "file", "更正的是哪个文件", "the file that it corrects")
    reason = _needed(section, "reason", "为什么要更正，谁核实的", "why it is corrected, and who checked")
    expect = _needed(
        section, "expect", "原表里现在写的是什么（原表改好后据此提醒删除本条）", "what the source says now"
    )
    action = _action(section)
    to = _replacement(section, action)
    cell, row, heading = _place(section, action)
    return Correction(
        file=file,
        reason=reason,
        expect=expect,
        action=action,
        to=to,
        cell=cell,
        row=row,
        heading=heading,
        since=_since(section),
        active=_active(section),
        sheet=section.text("sheet") or "*",
        by=section.text("by"),
        line=section.document.line(*section.at),
    )


def _needed(section: Section, key: str, zh: str, en: str) -> str:
    if not str(section.table.get(key, "")).strip():
        raise section.document.error(section.at, f"缺少 {key}：{zh}", f"{key} is missing: {en}")
    return section.text(key)


def _action(section: Section) -> Action:
    action = _needed(section, "action", "set（改为）、skip（整行不要）或 rename（改名）", "set, skip or rename")
    if action not in _ACTIONS:
        raise section.wrong("action", action, '"set"、"skip" 或 "rename"', '"set", "skip" or "rename"')
    return _ACTIONS[action]


def _replacement(section: Section, action: Action) -> str | None:
    if action != "skip":
        return _needed(section, "to", "改为什么", "what it becomes")
    if section.text_if_any("to") is not None:
        zh, en = "skip 是整行不要，不写 to", "skip leaves the row out and takes no `to`"
        raise section.document.error(section.place("to"), zh, en)
    return None


def _place(section: Section, action: Action) -> tuple[str | None, tuple[str, ...], str | None]:
    """What is corrected: its cell, or the texts of its row and its heading."""
    cell, heading = section.text_if_any("cell"), section.text_if_any("heading")
    row = section.texts("row")
    if cell is not None and not CELL.fullmatch(cell):
        raise section.wrong("cell", cell, '一个单元格，如 "D7"', 'a cell, such as "D7"')
    if action != "rename" and cell is None and not (row and (heading or action == "skip")):
        zh = "说明是哪一格：写 cell，或写 heading（表头）和 row（该行里的文字）"
        en = "say which cell: write cell, or heading and row (texts of that row)"
        raise section.document.error(section.at, zh, en)
    return cell, row, heading


def _since(section: Section) -> date | None:
    since = section.table.get("since")
    if since is None or type(since) is date:
        return since
    raise section.wrong("since", since, "不加引号的日期，如 2025-04-01", "a date without quotes: 2025-04-01")


def _active(section: Section) -> bool:
    status = section.text("status") or "active"
    if status not in ("active", "off"):
        raise section.wrong("status", status, '"active"（生效）或 "off"（停用）', '"active" or "off"')
    return status == "active"
