"""The same work done with pandas and openpyxl, as a person would write it: what a load is compared with."""

from __future__ import annotations

import time
from pathlib import Path

import pandas as pd
from workbooks import HEADING_ROW

TIMES = ("受理时间", "派单时间", "响应时间", "办结时限", "办结时间")


def clean_tickets(path: Path) -> pd.DataFrame:
    """The complaint table of one workbook, cleaned: texts, times, yes and no, contradictions, repeated keys."""
    frame = pd.read_excel(path, engine="openpyxl", header=HEADING_ROW)
    for column in frame.select_dtypes(["object", "string"]).columns:
        frame[column] = frame[column].map(lambda value: value.strip() if isinstance(value, str) else value)
    frame["小区名称"] = frame["小区名称"].str.normalize("NFKC").str.replace(r"\s", "", regex=True)
    for column in TIMES:
        if frame[column].dtype.kind != "M":
            plain = frame[column].str.replace("[年月/.]", "-", regex=True).str.replace("日", "")
            frame[column] = pd.to_datetime(plain, format="mixed")
    frame["是否解决"] = frame["是否解决"].map({"是": True, "否": False})
    frame["是否满意"] = frame["是否满意"].map({"满意": True, "基本满意": True, "不满意": False})
    wrong = frame["办结时间"] < frame["受理时间"]
    return frame[~wrong & frame["小区名称"].notna()].drop_duplicates(["小区名称", "工单编号"])


def clean_anything(path: Path) -> int:
    """Every sheet of a workbook, its texts stripped and its numbers read where they can be; how many there were."""
    numbers = 0
    for frame in pd.read_excel(path, engine="openpyxl", sheet_name=None, header=None).values():
        tidy = frame.map(lambda value: value.strip() if isinstance(value, str) else value)
        numbers += int(tidy.apply(pd.to_numeric, errors="coerce").notna().sum().sum())
    return numbers


def seconds_on_tickets(paths: list[Path]) -> float:
    """The first workbook (real times) and the last (times as text), scaled to all of them."""
    sample = [paths[0], paths[-1]]
    started = time.perf_counter()
    for path in sample:
        clean_tickets(path)
    return (time.perf_counter() - started) / len(sample) * len(paths)


def seconds_on_anything(paths: list[Path]) -> float:
    """All the .xlsx files among these; openpyxl reads no others."""
    started = time.perf_counter()
    for path in paths:
        if path.suffix == ".xlsx":
            clean_anything(path)
    return time.perf_counter() - started
