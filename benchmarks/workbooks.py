"""Makes the workbooks that the benchmark loads: complaint tables as offices keep them, twenty thousand rows each.

Deterministic: the same number of workbooks and rows always gives the same cells. Estates and texts are invented.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import xlsxwriter

HEADINGS = (
    *("工单编号", "小区名称", "诉求来源", "诉求类别", "诉求内容"),
    *("受理时间", "派单时间", "响应时间", "办结时限", "办结时间"),
    *("是否解决", "是否满意", "备注"),
)
HEADING_ROW = 2
"""The headings stand in the third row, below a merged title and the date of filing (from 0)."""

CHANNELS = ("12345热线", "网格上报", "业主群", "电话", "上门", "随手拍")
CATEGORIES = ("供水", "电梯", "停车", "噪声", "卫生保洁", "绿化", "公共照明", "门禁", "房屋渗漏", "消防通道")
MATTERS = (
    "损坏未修",
    "多日无人处理",
    "再次出现",
    "影响出行",
    "夜间扰民",
    "请尽快派人查看",
    "收费有疑问",
    "存在安全隐患",
)
NAMES = ("青禾", "望溪", "锦屏", "云杉", "和悦", "长亭", "晓月", "枫林", "兰桥", "金穗", "澄湖", "听松")
KINDS = ("苑", "花园", "里", "家园")
TEXT_DATES: tuple[Callable[[datetime], str], ...] = (
    lambda t: f"{t:%Y-%m-%d %H:%M}",
    lambda t: f"{t.year}/{t.month}/{t.day} {t.hour}:{t.minute:02d}",
    lambda t: f"{t.year}年{t.month}月{t.day}日 {t.hour}:{t.minute:02d}",
    lambda t: f"{t.year}.{t.month}.{t.day} {t:%H:%M:%S}",
)
ESTATES = tuple(name + kind for name in NAMES for kind in KINDS)


def write_workbooks(folder: Path, count: int, rows: int) -> list[Path]:
    """Writes `count` complaint workbooks of `rows` rows into `folder`, and beside them a register of their estates.

    The second half of the workbooks holds its times as text, in one spelling a workbook. What is there already is kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"工单{number:02d}.xlsx" for number in range(count)]
    missing = [number for number, path in enumerate(paths) if not path.exists()]
    with ProcessPoolExecutor() as pool:
        list(pool.map(partial(_write_numbered, folder, rows, count), missing))
    register = folder / "小区台账.xlsx"
    if not register.exists():
        _write_register(register)
    return paths


def write_tickets(path: Path, number: int, rows: int, *, as_text: bool, corrected: bool = False) -> None:
    """Writes one workbook. `corrected` moves the closing of its first ticket by an hour and changes nothing else."""
    draw = random.Random(number)
    spelling = TEXT_DATES[number % len(TEXT_DATES)]
    unfinished = path.with_suffix(".part")
    book = xlsxwriter.Workbook(unfinished, {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"})
    book.set_properties({"created": datetime(2025, 7, 1 + corrected)})
    sheet = book.add_worksheet("诉求台账")
    sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, f"2025年上半年物业诉求办理台账（第{number + 1}册）")
    sheet.write(1, 0, f"填报日期：2025年7月{2 if corrected else 1}日")
    sheet.write_row(HEADING_ROW, 0, HEADINGS)
    for row in range(rows):
        opened = datetime(2025, 1, 1) + timedelta(minutes=draw.randrange(178 * 24 * 60))
        dispatched = opened + timedelta(minutes=draw.randrange(1, 240))
        responded = dispatched + timedelta(minutes=draw.randrange(1, 600))
        due = opened + timedelta(days=draw.choice((1, 3, 5, 10)))
        closed = responded + timedelta(minutes=draw.randrange(10, 3000)) if draw.random() < 0.93 else None
        if corrected and row == 0:
            closed = responded + timedelta(hours=1)
        times = [spelling(t) if as_text and t else t for t in (opened, dispatched, responded, due, closed)]
        known = draw.random() < 0.9 and closed is not None
        category = draw.choice(CATEGORIES)
        where = f"{draw.randrange(1, 40)}号楼{draw.randrange(1, 7)}单元"
        sheet.write_row(
            HEADING_ROW + 1 + row,
            0,
            [
                f"GD2025{number:02d}{row:06d}",
                draw.choice(ESTATES),
                draw.choice(CHANNELS),
                category,
                f"反映{where}{category}{draw.choice(MATTERS)}，{draw.choice(MATTERS)}",
                *times,
                draw.choice("是是是否") if known else "",
                draw.choice(("满意", "满意", "基本满意", "不满意")) if known else "",
                draw.choice(("", "", "", "已回访")),
            ],
        )
    book.close()
    unfinished.replace(path)


def _write_numbered(folder: Path, rows: int, count: int, number: int) -> None:
    write_tickets(folder / f"工单{number:02d}.xlsx", number, rows, as_text=number >= count // 2)


def _write_register(path: Path) -> None:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("小区台账")
    sheet.write_row(0, 0, ("小区名称", "户数", "建筑面积（㎡）"))
    for row, estate in enumerate(ESTATES, start=1):
        sheet.write_row(row, 0, (estate, 200 + 37 * row, 18_000 + 3_100 * row))
    book.close()
