"""Tells which estate, and which company, a text means: by the register and its aliases, and never by guessing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz import fuzz, process

_ROMAN: Final = {"Ⅰ": "1", "Ⅱ": "2", "Ⅲ": "3", "Ⅳ": "4", "Ⅴ": "5", "Ⅵ": "6", "Ⅶ": "7", "Ⅷ": "8", "Ⅸ": "9", "Ⅹ": "10"}
_LATIN: Final = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
_DIGITS: Final = {char: str(value) for value, char in enumerate("零一二三四五六七八九")} | {"〇": "0", "两": "2"}
_NUMERAL: Final = re.compile("[零〇一二三四五六七八九十]+")
_LATIN_NUMERAL: Final = re.compile(r"(?<![a-z])(viii|vii|vi|iv|ix|v|iii|ii|i)(?=期|区|号|组团)")
_LOOSE: Final = re.compile(r"[()\[\]{}<>【】〔〕《》「」“”\"'·•・‧∙.,。，_~\s\u200b-\u200f\ufeff]")
_DASH: Final = re.compile(r"(?<!\d)[-–—―]+|[-–—―]+(?!\d)")
_FORMERLY: Final = re.compile(r"\((?:原名?|曾用名|又名|又称|别名|现名?|俗称|即)[:是为]?([^()]+)\)")
_OFFICE: Final = "社区|街道|居委会?|村委会|居民区|片区|网格|镇"
_PREFIX: Final = re.compile(rf"^(.{{1,12}}?(?:{_OFFICE}))")
_HARD_AFTER: Final = re.compile(
    r"^(?:(?:\d+|[a-z]|[东西南北中新老前后上下])(?:期|区|号(?!楼)|组团|院|村|里|苑|园|坊|街|巷|弄)"
    r"|[东西南北](?!\w)|\d(?!\d*(?:月|季|年|号楼|栋|幢|座|楼)|\d?[-至到]\d{1,2}月|\d{3})|\d+[、,/]\d)"
)
_NO_ESTATE_AFTER: Final = re.compile(rf"^(?:{_OFFICE}|路|大街|派出所|物业[^费收支缴]{{0,6}}(?:公司|企业)|.{{0,6}}有限)")
_LEGAL_FORM: Final = re.compile(r"(?:有限责任|有限)?(?:公司)?$")
_NEAR: Final = 60.0


def plain(text: str) -> str:
    """The name as sent without white space around or in it between Chinese characters; brackets and digits stay."""
    return re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", text.strip())


def _numeral(match: re.Match[str]) -> str:
    text = match.group()
    if "十" not in text:
        return "".join(_DIGITS[char] for char in text)
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return text
    return str(10 * int(_DIGITS.get(tens, "1")) + int(_DIGITS.get(ones, "0")))


def canonical(text: str) -> str:
    """The form in which two spellings of one name are equal.

    Full-width characters, spaces, brackets and 小区 make no difference, nor do 四区, 4区 and Ⅳ区; everything else does.
    """
    for roman, digit in _ROMAN.items():
        text = text.replace(roman, digit)
    text = unicodedata.normalize("NFKC", text).lower()
    text = _DASH.sub("", _LOOSE.sub("", text))
    text = _LATIN_NUMERAL.sub(lambda match: _LATIN[match.group()], text)
    text = re.sub(r"第(?=\d)", "", _NUMERAL.sub(_numeral, text))
    return text.replace("小区", "") or text


def company_form(text: str) -> str:
    """The form in which two spellings of one company are equal: without spaces, and with 有限公司 left off."""
    text = _LOOSE.sub("", unicodedata.normalize("NFKC", text)).lower()
    return _LEGAL_FORM.sub("", text) or text


def looks_like_company(text: str) -> bool:
    """Whether a name reads like that of a property company."""
    return bool(
        re.search(r"公司|集团|企业|物业(?:服务|管理)?(?:中心|部)?$", unicodedata.normalize("NFKC", text).strip())
    )


@dataclass(frozen=True)
class Match:
    """What a text means: `estate` in the register's spelling, or None and the nearest known names, best first."""

    estate: str | None
    near: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Register:
    """All known names. `names` maps a canonical name or alias to the estates it may mean, in their own spelling."""

    names: dict[str, tuple[str, ...]]
    estates: tuple[str, ...]
    communities: dict[str, str]
    offices: frozenset[str]
    companies: dict[str, str]

    @classmethod
    def of(
        cls,
        entries: Iterable[tuple[str, Iterable[str], str | None, str | None]],
        companies: Iterable[str] = (),
    ) -> Register:
        """A register of (estate, aliases, community, street), earliest first: of two spellings of one estate the later
        one is kept. An alias that is another estate's own name is that estate's."""
        own: dict[str, str] = {}
        aliases: dict[str, dict[str, None]] = {}
        belongs: dict[str, str] = {}
        offices: set[str] = set()
        for estate, others, community, street in entries:
            form = canonical(estate)
            if not form:
                continue
            own[form] = plain(estate)
            offices.update(canonical(text) for text in (community, street) if text)
            if community:
                belongs[form] = canonical(community)
            for other in [*others, *_spoken_of(estate)]:
                alias = canonical(other)
                if len(alias) > 1:
                    aliases.setdefault(alias, {})[form] = None
        names = {alias: tuple(own[form] for form in forms) for alias, forms in aliases.items()}
        names.update({form: (estate,) for form, estate in own.items()})
        return cls(
            names=names,
            estates=tuple(own.values()),
            communities={own[form]: community for form, community in belongs.items()},
            offices=frozenset(offices - own.keys()),
            companies=_variants(companies),
        )

    def resolve(self, text: str) -> Match:
        """The estate that a cell means. A text that may mean two, or only resembles one, is not resolved."""
        form = canonical(text)
        found = self.names.get(form, ())
        if not found:
            found = self._behind_prefix(form)
        if not found:
            spoken = {one for part in _spoken_of(text) for one in self.names.get(canonical(part), ())}
            found = tuple(spoken)
        if len(found) == 1:
            return Match(found[0])
        return Match(None, sorted(found) if found else self.nearest(text))

    def nearest(self, text: str, limit: int = 3) -> list[str]:
        """Known estates whose names resemble the text, best first."""
        form = canonical(text)
        hits = process.extract(form, list(self.names), scorer=fuzz.ratio, limit=limit * 2, score_cutoff=_NEAR)
        inside = [name for name in self.names if len(form) > 1 and name.startswith(form)]
        near = {one: None for name in [*[hit[0] for hit in hits], *inside] for one in self.names[name]}
        return list(near)[:limit]

    def is_office(self, text: str) -> bool:
        """Whether the text names a community or a street of the register, which is not an estate."""
        return canonical(text) in self.offices

    def find_in(self, text: str) -> str | None:
        """The one estate that a title, sheet name or file name speaks of: the longest known name in it.

        None when there is none, when two are named, or when what stands beside it (二期, 东区, 社区, 公司) makes it
        another name.
        """
        form = canonical(text)
        spans: list[tuple[int, int, str]] = []
        for name in sorted(self.names, key=len, reverse=True):
            if len(name) < 2:
                continue
            start = form.find(name)
            while start >= 0:
                end = start + len(name)
                if not any(start < taken and begin < end for begin, taken, _ in spans):
                    spans.append((start, end, name))
                start = form.find(name, start + 1)
        found: set[str] = set()
        for start, end, name in spans:
            if self._stands_alone(form, start, end):
                if len(self.names[name]) > 1:
                    return None
                found.add(self.names[name][0])
        return found.pop() if len(found) == 1 else None

    def company(self, text: str) -> str | None:
        """The company that a text means, in the register's fullest spelling; None when it is unknown."""
        return self.companies.get(company_form(text))

    def company_in(self, text: str) -> str | None:
        """The one company that a title speaks of; None when there is none or more than one."""
        form = _LOOSE.sub("", unicodedata.normalize("NFKC", text)).lower()
        found = [full for short, full in self.companies.items() if len(short) > 3 and short in form]
        return found[0] if len(found) == 1 else None

    def _behind_prefix(self, form: str) -> tuple[str, ...]:
        prefixes = {office for office in self.offices if form.startswith(office)}
        if match := _PREFIX.match(form):
            prefixes.add(match.group(1))
        for prefix in sorted(prefixes, key=len, reverse=True):
            office, rest = prefix, form[len(prefix) :]
            if inner := _PREFIX.match(rest):
                office, rest = inner.group(1), rest[inner.end() :]
            found = self.names.get(rest, ())
            if found and not any(self._is_elsewhere(one, office) for one in found):
                return found
        return ()

    def _is_elsewhere(self, estate: str, office: str) -> bool:
        """Whether the register puts the estate into another community than the one before its name."""
        community = self.communities.get(estate, office)
        return community != office and office in self.communities.values()

    def _stands_alone(self, form: str, start: int, end: int) -> bool:
        after = form[end:]
        before = form[:start]
        if _NO_ESTATE_AFTER.match(after):
            return False
        if _HARD_AFTER.match(after):
            return False
        return not (before[-1:] in set("新老东西南北") and not any(before.endswith(one) for one in self.offices))


def _spoken_of(text: str) -> list[str]:
    """The names in 柳岸花园(原纺织厂宿舍): the one outside of the brackets and the one inside."""
    text = unicodedata.normalize("NFKC", text)
    former = _FORMERLY.findall(text)
    return [*former, _FORMERLY.sub("", text)] if former else []


def _variants(companies: Iterable[str]) -> dict[str, str]:
    """Canonical company → its fullest spelling: one that ends in 公司 before others, then the longest."""
    chosen: dict[str, str] = {}
    for company in sorted({plain(one) for one in companies}):
        form = company_form(company)
        known = chosen.get(form, "")
        if (company.endswith("公司"), len(company)) > (known.endswith("公司"), len(known)):
            chosen[form] = company
    return chosen
