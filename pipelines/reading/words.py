"""Brings the words of a cell to one form, so that a heading or an empty mark is known however it was typed."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import polars as pl

_BLANK_WORDS: Final = """
无 暂无 暂缺 缺 缺失 缺失值 缺数据 空 空白 空值 暂空 暂无信息 暂无数据 暂无资料 暂无记录
无数据 无信息 无资料 无记录 无此项
未统计 暂未统计 未填 未填写 未填报 未录入 未提供 未上报 未报 未报送 未登记 未采集 未记录
未知 不详 不明 不清楚 不适用 不涉及
待补 待补充 待补录 待填 待填写 待填报 待录入 待统计 待上报 待完善
n/a na n.a. n.a #n/a null none nan nil blank empty unknown nodata notavailable notapplicable <na> <null> nat
"""
BLANKS: Final = frozenset(_BLANK_WORDS.split())
"""Words that stand for an empty cell, lower-cased and without spaces.

待核实, 待定 and 见附件 are not among them: they tell of a value that isn't here, so they are unreadable."""

_DASHES: Final = re.compile(r"[-‐‒–—―−─━_/\\|.·…~〜、。]+")
_ESCAPE: Final = re.compile(r"_x(?:000[aAdD]|0009)_")
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0e\ufe0f\ufeff\u00ad]")
_BRACKETS: Final = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】|〔([^〔〕]*)〕|〈([^〈〉]*)〉|\{([^{}]*)\}")
_ORDINAL: Final = re.compile(
    r"(?:\((?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})\)[、.]?"
    r"|(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})(?:[、)]|\.(?![0-9])))(?=.)"
)
_CIRCLED: Final = re.compile(r"^\s*[①-⑳⑴-⒇⒈-⒛㈠-㈩❶-❿]\s*(?=\S)")
_MARKS: Final = {ord(c): None for c in "*:★※"}
_ENDS: Final = "、,，。.;；!！?？-—–―_~·•\"'“”‘’…/\\|#+=^`"

_DIGITS: Final = {
    c: i
    for i, row in enumerate(("零〇○", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for c in row
}
_TENS: Final = frozenset("十拾百佰千仟")
_MYRIADS: Final = frozenset("万萬亿億")
_NONZERO: Final = "".join(c for c, digit in _DIGITS.items() if digit)
_SECTION: Final = re.compile(
    rf"(?:([{_NONZERO}])[千仟])?[零〇○]?(?:([{_NONZERO}])[百佰])?[零〇○]?(([{_NONZERO}])?[十拾])?[零〇○]?([{_NONZERO}])?"
)


def plain(text: str) -> str:
    """The text in one form: NFKC, nothing invisible, each run of white space one space, none at the ends."""
    if text.isascii() and text.isprintable() and "_x" not in text:
        return " ".join(text.split())
    text = unicodedata.normalize("NFKC", _ESCAPE.sub(" ", text))
    if not text.isprintable():
        text = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in {"Cf", "Cc", "Co", "Cn"})
    return " ".join(_INVISIBLE.sub("", text).split())


def compact(text: str) -> str:
    """`plain` without any space and in lower case: the form in which words are looked up."""
    return plain(text).replace(" ", "").lower()


def heading_key(text: str) -> str:
    """What a heading is matched by: no spaces, stars, colons, leading ordinal, or punctuation at its ends; lower case.

    Brackets stay, and so do digits at the end. A heading of nothing but such signs keeps them.
    """
    key = compact(_CIRCLED.sub("", text))
    bare = _ORDINAL.sub("", key.translate(_MARKS).strip(_ENDS), count=1).strip(_ENDS)
    return bare or key


def split_brackets(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without its brackets, and what stood in them, in order: `应收(万元)` → (`应收`, (`万元`,)).

    Of nested brackets the innermost are taken first; a bracket that is never closed stays in the text.
    """
    rest, found = plain(text), list[tuple[int, str]]()
    while match := _BRACKETS.search(rest):
        inside = next(group for group in match.groups() if group is not None)
        found.append((len(found), inside.strip()))
        rest = f"{rest[: match.start()]} {rest[match.end() :]}"
    return " ".join(rest.split()), tuple(inside for _, inside in found if inside)


def is_blank(text: str | None) -> bool:
    """Whether a cell says that there is nothing: empty, a dash or slash, 无, 暂缺, N/A and the like."""
    if text is None:
        return True
    word = compact(text)
    if len(word) > 1 and word[0] in "([【<" and word[-1] in ")]】>":
        word = word[1:-1] if word not in BLANKS else word
    return not word or word in BLANKS or word.rstrip("。.!") in BLANKS or _DASHES.fullmatch(word) is not None


def blank_to_null(cells: pl.Series) -> pl.Series:
    """The cells with every empty mark as null; all others are untouched."""
    # No empty mark is long, holds a digit, or begins with any other Chinese character: such cells need no look.
    short = cells.str.replace_all(r"[\s\p{C}\p{Z}]", "")
    looked_at = (short.str.len_chars() <= 16) & ~short.str.contains(r"[0-9]|^[\x{4e00}-\x{9fff}--[无暂缺空未不待]]")
    candidates = cells.filter(looked_at).unique()
    blanks = [text for text in candidates.to_list() if is_blank(text)]
    if not blanks:
        return cells
    return (
        cells.to_frame("c").select(pl.when(~pl.col("c").is_in(blanks)).then(pl.col("c"))).to_series().alias(cells.name)
    )


def chinese_number(text: str) -> float | None:
    """The number that Chinese numerals write, or None: 十二 → 12, 二〇二五 → 2025, 一万二 → 12000, 三点五 → 3.5."""
    whole, point, fraction = text.partition("点")
    if point:
        if not fraction or any(c not in _DIGITS for c in fraction):
            return None
        left = chinese_number(whole)
        return None if left is None else float(f"{int(left)}.{''.join(str(_DIGITS[c]) for c in fraction)}")
    text = text.replace("廿", "二十").replace("卅", "三十")
    if not text or any(c not in _DIGITS and c not in _TENS and c not in _MYRIADS for c in text):
        return None
    if all(c in _DIGITS for c in text):
        return float("".join(str(_DIGITS[c]) for c in text)) if len(text) <= 15 else None
    return _with_units(text)


def _with_units(text: str) -> float | None:
    for signs, size in (("亿億", 10**8), ("万萬", 10**4)):
        at = max(text.rfind(sign) for sign in signs)
        if at < 0:
            continue
        left, right = _with_units(text[:at]), text[at + 1 :]
        if left is None or not right:
            return None if left is None else left * size
        if len(right) == 1:
            return left * size + _DIGITS[right] * size / 10 if right in _DIGITS else None
        rest = _with_units(right)
        return None if rest is None or rest >= size else left * size + rest
    return _below_myriad(text)


def _below_myriad(text: str) -> float | None:
    match = _SECTION.fullmatch(text)
    if match is None or not text:
        return None
    thousands, hundreds, tens, ten, ones = match.groups()
    value = 1000 * _DIGITS.get(thousands, 0) + 100 * _DIGITS.get(hundreds, 0)
    value += 10 * _DIGITS.get(ten or "一", 1) if tens else 0
    # 三百二 is 320, 三百零二 is 302.
    short = ones and not tens and (hundreds or thousands) and text[-2] not in "零〇○"
    return float(value + _DIGITS.get(ones, 0) * ((10 if hundreds else 100) if short else 1))
