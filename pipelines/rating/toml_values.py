"""Takes the values of a rubric's file one by one, each mistake with its line and what to type instead."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from pipelines.mending.toml_lines import (
    Document,
    Key,
    nearest,
    want_text,
    want_texts,
    want_whole,
    wrong_kind,
)


def need(document: Document, at: Key, table: Mapping[str, object], name: str) -> object:
    """The value of a key that must be there."""
    if name in table:
        return table[name]
    raise document.error(at, f"缺少“{name}”", f'"{name}" is missing')


def text(document: Document, at: Key, table: Mapping[str, object], name: str) -> str:
    """A text that must be there and say something."""
    found = want_text(document, (*at, name), need(document, at, table, name)).strip()
    if not found:
        raise document.error((*at, name), f"“{name}”是空的", f'"{name}" is empty')
    return found


def texts(document: Document, at: Key, value: object) -> tuple[str, ...]:
    """A text, or a list of them."""
    return want_texts(document, at, value)


def number(document: Document, at: Key, value: object, *, least: float = 0.0, most: float = math.inf) -> float:
    """A number from `least` to `most`; a share may be written as ``"85%"``."""
    found = value
    if isinstance(value, str) and value.strip().endswith(("%", "％")):
        try:
            found = float(value.strip()[:-1]) / 100
        except ValueError:
            found = value
    if isinstance(found, int | float) and not isinstance(found, bool) and least <= found <= most:
        return float(found)
    zh = f"{least:g} 至 {most:g} 的数" if math.isfinite(most) else f"不小于 {least:g} 的数"
    en = f"a number from {least:g} to {most:g}" if math.isfinite(most) else f"a number of {least:g} or more"
    raise wrong_kind(document, at, value, zh, en)


def small_number(document: Document, at: Key, value: object, most: int, *, least: int = 0) -> int:
    """A whole number."""
    return want_whole(document, at, value, least, most)


def day(document: Document, at: Key, value: object) -> date:
    """A day, written as 2025-07-01 without quotes."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise wrong_kind(document, at, value, "日期，如 2025-07-01（不加引号）", "a day such as 2025-07-01, without quotes")


def tables(document: Document, at: Key, table: Mapping[str, object], name: str) -> list[dict[str, object]]:
    """The tables written as [[name]], none where there are none."""
    found = table.get(name, [])
    if isinstance(found, list) and all(isinstance(one, dict) for one in found):
        return found
    raise document.error((*at, name), f"“{name}”要写成 [[{name}]]", f'"{name}" is written as [[{name}]]')


def one_of(document: Document, at: Key, value: str, known: Sequence[str]) -> str:
    """One of the known words; the nearest is offered for another."""
    if value in known:
        return value
    meant = nearest(value, known)
    zh = f"没有“{value}”" + (f"，是否想写“{meant}”？" if meant else f"；可用的有：{'、'.join(known)}")
    en = f'there is no "{value}"' + (f'; did you mean "{meant}"?' if meant else f"; there are: {', '.join(known)}")
    raise document.error(at, zh, en)


def close_to(one: float, other: float) -> bool:
    """Whether two sums of points are the same, but for how floats add."""
    return math.isclose(one, other, rel_tol=0, abs_tol=1e-6)
