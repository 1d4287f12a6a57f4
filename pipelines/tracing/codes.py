"""The short code of a figure, such as 2025Q2-7K2QX: its period to read, and five letters for whose figure of what.

The letters are the first 25 bits of a SHA-256 of metric, period, level, subject and basis in Crockford's Base32
(no I, L, O, U), so a code is made without asking anything, and is found again by trying all figures of its period.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pipelines.metrics.desk import BYS, Desk
from pipelines.metrics.periods import Period, PeriodError, read_period

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS: Final = 5
_ALIKE: Final = str.maketrans("OIL", "011")
_PERIOD: Final = r"[0-9]{4}(?:H[12]|Q[1-4]|W[0-9]{2}|[0-9]{2})?|[0-9]{8}T[0-9]{8}"
_CODE: Final = re.compile(rf"\s*(?P<period>{_PERIOD})\s*[-—–－]?\s*(?P<letters>[0-9A-Z]{{5}})\s*")
_SUFFIXES: Final = "+"


@dataclass(frozen=True)
class Traced:
    """Whose figure of what: what a code stands for. `subject` is empty for all subjects of the level together."""

    metric: str
    period: Period
    by: str
    subject: str
    basis: str

    @property
    def code(self) -> str:
        """The short code of the figure."""
        return code_of(self.metric, self.period, self.by, self.subject, self.basis)


class UnknownCodeError(ValueError):
    """A code that is none, or that leads to no figure of this version. `code` is what was given."""

    def __init__(self, code: str) -> None:
        """See the class."""
        super().__init__(f"unknown code: {code}")
        self.code = code


def code_of(metric: str, period: Period, by: str, subject: str, basis: str) -> str:
    """The short code of a figure; a basis without what modifies it (`current+prepaid` is `current`)."""
    span = period_word(period)
    told = "\n".join((metric, span, by, subject, basis.partition(_SUFFIXES)[0]))
    number = int.from_bytes(hashlib.sha256(told.encode()).digest()[:4]) >> (32 - 5 * LETTERS)
    letters = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LETTERS)))
    return f"{span}-{letters}"


def is_code(text: str) -> bool:
    """Whether a text is written as a code of a figure."""
    return _CODE.fullmatch(text) is not None


def resolve(desk: Desk, code: str) -> list[Traced]:
    """What a code stands for among the figures that this version knows; nearly always one.

    Upper and lower case, O and 0, I, L and 1 are the same, the hyphen may be missing. `metric:period:by:subject:basis`
    is read as well (the last three may be left out). Raises UnknownCodeError.
    """
    if ":" in code or "：" in code:
        return [_spelled(desk, code)]
    found = _CODE.fullmatch(code.upper())
    if found is None:
        raise UnknownCodeError(code)
    period = _period(found["period"])
    letters = found["letters"].translate(_ALIKE)
    wanted = f"{period_word(period)}-{letters}"
    known = [one for one in _figures(desk, period) if one.code == wanted]
    if not known:
        raise UnknownCodeError(code)
    return known


def _figures(desk: Desk, period: Period) -> list[Traced]:
    return [
        Traced(metric.id, period, by, subject, basis)
        for metric in desk.metrics.values()
        for basis in metric.bases
        for by in BYS
        for subject in ("", *desk.subjects(by))
    ]


def _spelled(desk: Desk, text: str) -> Traced:
    metric, period, *rest = [part.strip() for part in text.replace("：", ":").split(":")]
    by, subject, basis = [*rest, "", "", ""][:3]
    by = by or "street"
    one = desk.metrics.get(metric)
    try:
        when = read_period(period)
    except PeriodError as fault:
        raise UnknownCodeError(text) from fault
    fits = one is not None and by in BYS and (not subject or subject in desk.subjects(by))
    if one is None or not fits or (basis and basis not in one.bases) or len(rest) > 3:
        raise UnknownCodeError(text)
    return Traced(metric, when, by, subject, basis or one.bases[0])


def period_word(period: Period) -> str:
    """A period as a code says it: 2025, 2025H1, 2025Q1, 202503, 2025W10, else 20250101T20250331."""
    first, last = period.start, period.end
    if first.day == 1 and (last + timedelta(days=1)).day == 1 and first.year == last.year:
        months = (first.month, last.month)
        if months == (1, 12):
            return f"{first.year}"
        if months in ((1, 6), (7, 12)):
            return f"{first.year}H{1 if months[0] == 1 else 2}"
        if months[1] - months[0] == 2 and months[0] % 3 == 1:
            return f"{first.year}Q{months[1] // 3}"
        if months[0] == months[1]:
            return f"{first.year}{first.month:02}"
    if first.weekday() == 0 and (last - first).days == 6:
        year, week, _ = first.isocalendar()
        return f"{year}W{week:02}"
    return f"{first:%Y%m%d}T{last:%Y%m%d}"


def _period(word: str) -> Period:
    try:
        if "T" in word:
            first, _, last = word.partition("T")
            return Period(date.fromisoformat(first), date.fromisoformat(last))
        return read_period(word if not re.fullmatch(r"\d{6}", word) else f"{word[:4]}-{word[4:]}")
    except ValueError as fault:
        raise UnknownCodeError(word) from fault
