"""What annotated workbooks say around the findings, in Chinese and English."""

from __future__ import annotations

from typing import Final

from pipelines.handouts.annotated.marks import Tongue

SHEET_NAME: Final = {"zh": "检查结果", "en": "Findings", "both": "检查结果 Findings"}
AUTHOR: Final = "联评 Lianping"
"""The author of our comments, by which they are known again."""
OPENS: Final = "【联评】"
"""How each of our comments begins."""

SEVERITIES: Final = {"error": ("错误", "error"), "warning": ("提醒", "warning"), "info": ("说明", "note")}
COLUMNS: Final = (
    ("序号", "No."),
    ("文件", "File"),
    ("工作表", "Sheet"),
    ("单元格", "Cell"),
    ("程度", "Severity"),
    ("填的是", "Found"),
    ("什么不对", "What is wrong"),
    ("怎么填", "What to type"),
)
WHOLE_SHEET: Final = ("整张表", "whole sheet")
WHOLE_FILE: Final = ("整个文件", "whole file")
HIDDEN: Final = ("（这一格被隐藏，请先取消隐藏。）", " (This cell is hidden: unhide it first.)")
HOW_TO: Final = (
    (
        "请在各工作表里直接改标了颜色的单元格，改好后把整个文件发回；这一页、批注和颜色都不用删，系统会自动略过。"
        "点“单元格”一栏可以跳到那一格。"
    ),
    (
        "Correct the coloured cells in place and send the whole file back. This sheet, the comments and the colours "
        "may stay; they are not read. A click on an address in column D leads to the cell."
    ),
)
COPIED: Final = (
    (
        "原文件是 {format}，不能在上面加批注，所以这是一份只有数值的 .xlsx 副本：格式、公式、图片不在其中。"
        "可以直接在这里改好发回，也可以改原文件。"
    ),
    (
        "The file sent is {format}, which can't be marked, so this is an .xlsx copy with its values only: formats, "
        "formulas and pictures are not in it. Correct it here and send it back, or correct the original."
    ),
)
NOT_PATCHED: Final = (
    (
        "原文件不能直接标注（{zh}），所以这是一份只有数值的 .xlsx 副本：格式、公式、图片、宏不在其中。"
        "可以直接在这里改好发回，也可以改原文件。"
    ),
    (
        "The file sent can't be marked in place ({en}), so this is an .xlsx copy with its values only: formats, "
        "formulas, pictures and macros are not in it. Correct it here and send it back, or correct the original."
    ),
)
FORMATS: Final = {
    "xls": (" .xls 工作簿", "an .xls workbook"),
    "ods": (" .ods 工作簿", "an .ods workbook"),
    "csv": (" .csv 文本", "a .csv text"),
    "html": ("存成 .xls 的网页", "a web page saved as a spreadsheet"),
    "xml": (" XML 表格", "an XML spreadsheet"),
    "xlsx": (" .xlsx 工作簿", "an .xlsx workbook"),
}


def spoken(words: tuple[str, str], tongue: Tongue, between: str = " / ") -> str:
    """Words in the language asked for."""
    return {"zh": words[0], "en": words[1], "both": between.join(words)}[tongue]


def counted(errors: int, warnings: int, notes: int) -> tuple[str, str]:
    """How many findings there are."""
    return (
        f"共 {errors} 处错误（红，不改不能入库）、{warnings} 处提醒（黄，请核对）、{notes} 处说明（蓝，可不改）。",
        (
            f"{errors} errors (red: not loaded until mended), {warnings} warnings (yellow: please check), "
            f"{notes} notes (blue: may stay)."
        ),
    )
