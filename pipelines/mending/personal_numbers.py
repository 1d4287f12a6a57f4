"""Finds numbers that lead to a person: phones, identity cards, bank cards, plates, and the rooms of flats."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

Span = tuple[int, int]
Finder = Callable[[str], Iterator[Span]]
"""Gives the places to hide in a text whose digits, brackets, dashes and letters are half-width."""

_UNSEEN: Final = "\u200b-\u200f\u2060\ufeff"
_GAP: Final = rf"[\s\-·{_UNSEEN}]{{1,2}}"
_DOT: Final = r"\."


def _grouped(first: int, rest: tuple[int, ...], gap: str) -> str:
    return f"1[3-9][0-9]{{{first - 2}}}" + "".join(f"{gap}[0-9]{{{size}}}" for size in rest)


# The ways people break the eleven digits up; a list of numbers with spaces between them is none of them.
_GROUPS: Final = ((3, 4, 4), (3, 8), (4, 4, 3), (3, 3, 5), (3, 5, 3), (5, 6), (6, 5), (7, 4), (4, 7), (3, 2, 2, 2, 2))
_MOBILE: Final = re.compile(
    r"(?<![0-9])(?<!0\.)(?:(?:\+|00)?86[\s-]{0,2})?(?:1[3-9][0-9]{9}|"
    + "|".join(_grouped(sizes[0], sizes[1:], _GAP) for sizes in _GROUPS)
    + f"|{_grouped(3, (4, 4), _DOT)}|1([\\s.\\-·{_UNSEEN}])[3-9](?:\\1[0-9]){{9}})(?![0-9])"
)
_IDENTIFIER: Final = re.compile(r"(?<![A-Za-z])[A-Z]{2,}[-_]?$")
_TELEPHONE: Final = re.compile(r"(?:tel|phone|mobile|mob|ph|cell|call|sj|dh)[-_.]?$", re.IGNORECASE)
_LANDLINE: Final = re.compile(
    r"(?<![0-9])(?<![0-9]-)(?:(?:\+|00)?86[\s-]?)?\(?0(?:10|2[0-9]|[3-9][0-9]{2})(?:\)\s?|\s?-\s?|\s)"
    r"[2-8][0-9]{2,3}[\s-]?[0-9]{4}(?![0-9])(?:(?:\s?转\s?|-)[0-9]{1,6}(?![0-9]))?"
)
_TOLD_LANDLINE: Final = re.compile(
    r"(?:电话|手机|回电|致电|来电|拨打|联系方式|座机|固话|tel|phone|mobile|call)[^0-9A-Za-z]{0,4}"
    r"(\(?0[0-9]{2,3}\)?[\s-]?[2-8][0-9]{6,7}|(?!(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9])[2-8][0-9]{2,3}[\s-]?[0-9]{4})"
    r"(?![0-9]|-[0-9]{2}(?![0-9]))",
    re.IGNORECASE,
)


def phones(text: str) -> Iterator[Span]:
    """Mobiles (11 digits from 13 to 19, however grouped, with or without +86) and landlines.

    A landline is an area code with its number, or 7 or 8 digits after a word such as 电话; hotlines (12345, 400…)
    are none.
    """
    for match in _MOBILE.finditer(text):
        before = text[max(0, match.start() - 16) : match.start()]
        if not _IDENTIFIER.search(before) or _TELEPHONE.search(before):
            yield match.span()
    for match in _LANDLINE.finditer(text):
        yield match.span()
    for match in _TOLD_LANDLINE.finditer(text):
        yield match.span(1)


_ID_18: Final = re.compile(r"(?<![0-9])([1-9][0-9]{5})[\s-]?([0-9]{8})[\s-]?([0-9]{3}[0-9Xx])(?![0-9])")
_ID_15: Final = re.compile(r"(?<![0-9A-Za-z])([1-9][0-9]{5})([0-9]{6})[0-9]{3}(?![0-9A-Za-z])")
_ID_TOLD: Final = re.compile(r"(?:身份证|证件|身份号码|公民身份|(?<![A-Za-z])ID)[^0-9]{0,8}$", re.IGNORECASE)
_PROVINCES: Final = frozenset(
    re.findall("..", "1112131415212223313233343536374142434445465051525354616263646571818283")
)
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_LAST_ADULTS: Final = 2013


def identity_cards(text: str) -> Iterator[Span]:
    """Numbers of identity cards, 18 digits (GB 11643) or the older 15.

    Province and date of birth must be real. A date of our days is rather a ticket number's (area, day, serial): it
    counts only where the text says that it is a card, or in a sentence where the check digit agrees.
    """
    for match in _ID_18.finditer(text):
        area, born, last = match.groups()
        if area[:2] not in _PROVINCES or not _is_date(born):
            continue
        whole = text.strip() == match.group()
        checked = _check_digit(area + born + last[:3]) == last[3].upper()
        if int(born[:4]) <= _LAST_ADULTS or _ID_TOLD.search(text[: match.start()]) or (checked and not whole):
            yield match.span()
    for match in _ID_15.finditer(text):
        area, born = match.groups()
        # Fifteen digits ended in 1999; somebody born before 1930 is rarer than a ticket number of our twenties.
        likely = int(born[:2]) >= 30 or _ID_TOLD.search(text[: match.start()]) is not None
        if likely and area[:2] in _PROVINCES and _is_date("19" + born):
            yield match.span()


def _check_digit(digits: str) -> str:
    return "10X98765432"[sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11]


def _is_date(digits: str) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return 1900 <= day.year <= 2100


_CARD: Final = re.compile(r"(?<![0-9])[0-9]{4}(?:[\s-]?[0-9]{4}){3}(?:[\s-]?[0-9]{1,3})?(?![0-9])")
_CARD_TOLD: Final = re.compile(r"(?:卡号|银行卡|账号|帐号|账户|帐户|开户行)[^0-9]{0,8}$")


def bank_cards(text: str) -> Iterator[Span]:
    """Numbers of bank cards: 16 to 19 digits of UnionPay (62…) whose check digit is right, or after a word as 卡号."""
    for match in _CARD.finditer(text):
        digits = re.sub(r"[^0-9]", "", match.group())
        told = _CARD_TOLD.search(text[: match.start()]) is not None
        if told or (digits.startswith("62") and _luhn(digits) and not _is_date(digits[6:14])):
            yield match.span()


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


_PLATE: Final = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-z][·•.\s-]?"
    r"((?=[A-HJ-NP-Za-hj-np-z]{0,4}[0-9])[A-HJ-NP-Za-hj-np-z0-9]{5,6}|[A-HJ-NP-Za-hj-np-z0-9]{4}[挂学警港澳领])"
    r"(?![A-Za-z0-9])"
)


def plates(text: str) -> Iterator[Span]:
    """Number plates, 7 characters or 8 (new energy); place and letter stay."""
    for match in _PLATE.finditer(text):
        yield match.span(1)


_ROOM_LIST: Final = r"(?>[A-Za-z]?[0-9]{3,4}(?:\s?[、,及和至~-]\s?[0-9]{3,4}(?![0-9]))*)"
_NO_ROOM: Final = (
    r"(?![0-9A-Za-z]|\s?[.:/]\s?[0-9]|\s?-\s?[0-9]{1,2}(?![0-9])|\s?户(?!主)|\s?个人|"
    r"\s?[个次元年月日时分秒人件台部位名条处盏棵辆株层平米㎡万千百多余%吨度栋幢天报急救])"
)
_ROOMS: Final = (
    re.compile(
        rf"(?:[0-9A-Za-z一二三四五六七八九十]\s?(?:号楼|栋|幢|座|单元)|[0-9]#楼?)\s?-?\s?(?:[0-9]{{1,2}}\s?-\s?)?({_ROOM_LIST}){_NO_ROOM}"
    ),
    re.compile(rf"(?<![0-9A-Za-z.])(?:[0-9A-Z]{{1,3}}-)?(?:[0-9]{{1,2}}-)?({_ROOM_LIST})(?=\s?(?:室(?![内外温])|号房|房(?![屋产价间租型管顶])))"),
    re.compile(r"(?<![零〇一二三四五六七八九十百千])([零〇一二三四五六七八九]{3,4})(?=室(?![内外温]))"),
)  # fmt: skip
_DASHED_ROOM: Final = re.compile(
    r"(?<![0-9A-Za-z\-/.])([0-9]{1,3}|[A-Z])-([0-9]{1,2})-([1-9][0-9]{2,3})(?![0-9A-Za-z]|[-/.][0-9])"
)


def rooms(text: str) -> Iterator[Span]:
    """Rooms of flats behind a building or a unit, before 室, or as building-unit-room; a count (301户) is no room."""
    for pattern in _ROOMS:
        for match in pattern.finditer(text):
            yield match.span(1)
    for match in _DASHED_ROOM.finditer(text):
        first, second, room = match.groups()
        year = len(room) == 4 and room[:2] in ("19", "20")
        if not (year and first.isdigit() and int(first) <= 31 and int(second) <= 31):
            yield match.span(3)
