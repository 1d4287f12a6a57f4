"""What a heading means: the table of aliases that a clerk can edit, matched after normalising, never by guessing."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from rapidfuzz import fuzz, process

from pipelines.kinds import KINDS
from pipelines.reading.answers import answer_level
from pipelines.reading.numbers import number
from pipelines.reading.periods import Part, period_token
from pipelines.reading.units import Unit, find_unit, read_unit
from pipelines.reading.words import heading_key, plain, split_brackets

IGNORED: Final = "-"
TOTAL: Final = "total"
PERSONAL: Final = "personal"
LONGEST_SHAPE: Final = 14
"""Characters of a heading that may be told by its shape."""
SPECIAL: Final = frozenset({IGNORED, TOTAL, PERSONAL})
"""What a heading may mean without being a field that is stored."""

_NEUTRAL = re.compile(
    r"物业服务费用?|物业管理费|物业费用?|物管费|本期|当期|本月份?|当月|本季度|本季|当季|本年度|本年|当年|情况|信息"
    r"|金额|款项|数额|数量|总数|总额|的|之|该|各|本"
)
_LEADING_PERIOD = re.compile(
    r"^((?:20)?\d\d年度?)?(第?[一二三四1-4]季度|[上下]半年|全年|\d{1,2}月份?|十[一二]?月份?|[一二三四五六七八九]月份?|q[1-4])?(?=\D)(.+)$"
)
_AMONG = re.compile(r"^(其中|包括)[:：]?")
_QUESTION = re.compile(r"^(请问)?您(对|觉得|认为)|是否满意|的(评价|满意程度|满意度)[?？]?$")
_ASKED = re.compile(
    r"(?:请问|请选择|请选|请填写|请填)?您?(?:所居住|现居住|居住|所在|所住|住)?的?(.+?)(?:的?名称)?(?:是|为|是哪个|是什么)?[?？]?"
)
_ESTATE_OF = re.compile(
    r"被?(反映|投诉|诉求|检查|考核|巡查|巡检|测评|调查|评价|评议|服务|管理|涉及|涉事|事发|发生|案发|所在|所属|来电|报修|居住|责任|对应"
    r"|相关|受理|受访|抽查|抽样|走访|回访|督办|承办|承接|具体|受检|被检|被评|参评|参检|受评|应评|抽检|迎检|考评|受考|应检)(人|方|地|点)?(的|所在|所属|居住)?小区(名称|名)?"
)
_MAXIMUM = re.compile(r"^(?:满分|分值|总分|计|共)?:?(\d+(?:\.\d+)?)\s*分?(?:满分)?$")
_TOTAL = re.compile(
    r"(合计|小计|总计|共计|累计|结余|盈亏|盈余|亏损|净利润|平均(分|值|数)?|均值|均分)$|^(合计|总计|小计)"
)


@lru_cache(maxsize=20000)
def names_a_field(text: str) -> bool:
    """Whether a cell's words are a known heading; `understand` says which, at some cost."""
    base, _ = split_brackets(plain(text))
    return bool(_fields(heading_key(text), heading_key(base))[0])


@dataclass(frozen=True)
class Heading:
    """One heading cell understood. `fields` maps a kind to the field that the words mean there, `likely` to the one
    that a heading of this shape means (交办时间, 收回有效问卷), where no table of words knows it."""

    text: str
    base: str
    fields: Mapping[str, str]
    unit: Unit | None
    part: Part | None
    level: str | None
    maximum: float | None
    costs: str | None
    income: str | None
    total: bool
    likely: Mapping[str, str] = default(default_factory=dict)

    @property
    def known(self) -> bool:
        """Whether the words mean anything to us."""
        words = self.fields or self.likely or self.level or self.costs or self.income
        return bool(words or self.part or self.maximum or self.total)

    def field(self, kind: str) -> str | None:
        """The field that the heading means in a table of that kind: by its words, else by its shape."""
        return self.fields.get(kind) or self.likely.get(kind)


def _table(name: str) -> Iterable[list[str]]:
    text = files("pipelines.kinds").joinpath(name).read_text(encoding="utf-8-sig")
    rows = csv.reader(text.splitlines())
    next(rows)
    return list(rows)


def core(key: str) -> str:
    """A heading without the words that change nothing: 本期应收物业费金额 is 应收."""
    return _NEUTRAL.sub("", key)


@cache
def aliases() -> dict[str, dict[str, str]]:
    """Normalised heading → kind → field, from `headings.csv`; a kind's own row wins over `*`."""
    found: dict[str, dict[str, str]] = {}
    rows = sorted(_table("headings.csv"), key=lambda row: row[0] == "*")
    for kind, field, spellings in rows:
        for spelling in spellings.split("|"):
            key = heading_key(spelling)
            for one in _kinds_of(kind, field):
                found.setdefault(key, {}).setdefault(one, field)
    return found


def _kinds_of(kind: str, field: str) -> list[str]:
    if kind != "*":
        return [kind]
    if field == "estate":
        return [*(k for k in KINDS if k != "inspections"), "inspections"]
    if field == "period":
        return [k for k, v in KINDS.items() if v.has_period]
    if field in ("period_from", "period_to"):
        return ["fees", "costs", "income", "surveys", "inspections"]
    return list(KINDS)


@cache
def plain_aliases() -> frozenset[str]:
    """The known headings that are neither an answer nor a category: what only a heading row holds."""
    return frozenset(key for key in aliases() if not answer_level(key) and len(key) > 1)


@cache
def _cores() -> dict[str, dict[str, str]]:
    seen: dict[str, dict[str, set[str]]] = {}
    for key, fields in aliases().items():
        for kind, field in fields.items():
            seen.setdefault(core(key), {}).setdefault(kind, set()).add(field)
    unambiguous: dict[str, dict[str, str]] = {}
    for key, kinds in seen.items():
        if len(key) < 2:
            continue
        for kind, fields_of in kinds.items():
            if len(fields_of) == 1:
                unambiguous.setdefault(key, {})[kind] = next(iter(fields_of))
    return unambiguous


@cache
def categories(kind: str) -> dict[str, str]:
    """Normalised spelling → category, for `costs` or `income`."""
    return {
        heading_key(spelling): category
        for one, category, spellings in _table("categories.csv")
        if one == kind
        for spelling in spellings.split("|")
    }


@cache
def event_types() -> dict[str, str]:
    """Normalised words → type of event."""
    return {heading_key(word): kind for kind, words in _table("event_types.csv") for word in words.split("|")}


def category_of(text: str, kind: str) -> str | None:
    """The cost or income category that a text spells, None where it is none that we know.

    A compound (人员工资及社保) is what its first known part is; a longer word what it ends in (电梯消防维保).
    """
    base, _ = split_brackets(text)
    for whole in dict.fromkeys((heading_key(text), heading_key(base))):
        found = _spelt(whole, kind)
        if found:
            return found
    parts = [part for part in re.split(r"[及和与、/+]|以及", heading_key(base)) if len(part) > 1]
    found = next((c for c in (_spelt(part, kind) for part in parts) if c), None) if len(parts) > 1 else None
    return found or _ending(heading_key(base), kind)


def _spelt(key: str, kind: str) -> str | None:
    known = categories(kind)
    if key in known:
        return known[key]
    shorter = re.sub(r"(费用|费|支出|成本|款|收入|收益)$", "", key)
    return known.get(shorter) if shorter else None


def _ending(key: str, kind: str) -> str | None:
    """The category of the longest known word of at least two characters that a text ends in; 其他 is no ending."""
    known = categories(kind)
    for start in range(1, len(key) - 1):
        category = known.get(key[start:])
        if category and not category.startswith("其他"):
            return category
    return None


def event_type_of(text: str) -> str:
    """The type of event that a text speaks of: by its whole, then by a known word inside it, else `other`."""
    known = event_types()
    key = heading_key(text)
    if key in known:
        return known[key]
    inside = [word for word in known if len(word) >= 2 and word in key]
    return known[max(inside, key=len)] if inside else "other"


@lru_cache(maxsize=20000)
def understand(text: str) -> Heading:
    """Reads one heading cell: words, unit, period, maximum score, level of satisfaction, category."""
    whole = plain(text)
    base, brackets = split_brackets(whole)
    key = heading_key(whole)
    base_key = _AMONG.sub("", heading_key(base)) or heading_key(base)
    unit = next((u for u in (read_unit(b) for b in brackets) if u), None) or find_unit(whole)
    part = period_token(whole) or (period_token(base) if base else None)
    fields, rest_part = _fields(key, base_key)
    if not fields and unit and not brackets:
        shorter = re.sub(r"[(（]?(万?元|㎡|m2|平方米|户|份|栋|幢|个|分|%)[)）]?$", "", base_key)
        if shorter != base_key:
            fields, rest_part = _fields(shorter, shorter)
    part = part or rest_part
    if part is None and fields:
        part = next((p for p in (period_token(b) for b in brackets) if p), None)
    maximum = next((m for m in (_maximum(b) for b in brackets) if m), None)
    return Heading(
        text=whole,
        base=base_key or key,
        fields=fields,
        unit=unit,
        part=part,
        level=answer_level(base or whole),
        maximum=maximum,
        costs=category_of(whole, "costs"),
        income=category_of(whole, "income"),
        total=bool(_TOTAL.search(base_key)),
        likely={} if part else shaped(base_key),
    )


def _maximum(bracket: str) -> float | None:
    match = _MAXIMUM.match(plain(bracket).replace(" ", ""))
    return number(match[1]) if match else None


@cache
def patterns() -> dict[str, tuple[tuple[str, re.Pattern[str]], ...]]:
    """Kind → field and shape of its headings, in the order in which they are tried, from `heading_patterns.csv`."""
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for kind, name, pattern in _table("heading_patterns.csv"):
        found.setdefault(kind, []).append((name, re.compile(pattern)))
    return {kind: tuple(shapes) for kind, shapes in found.items()}


def shaped(key: str) -> dict[str, str]:
    """The field of each kind whose headings have this shape; only short words have one."""
    if len(key) > LONGEST_SHAPE or not re.fullmatch(r"[㐀-鿿a-z/（）()]+", key):
        return {}
    found = {}
    for kind, shapes in patterns().items():
        name = next((name for name, shape in shapes if shape.search(key)), None)
        if name:
            found[kind] = name
    return found


def _fields(key: str, base_key: str) -> tuple[Mapping[str, str], Part | None]:
    table = aliases()
    for form in (key, base_key):
        if form in table:
            return table[form], None
    match = _LEADING_PERIOD.match(base_key)
    if match and (match[1] or match[2]):
        part = period_token((match[1] or "") + (match[2] or ""))
        rest = match[3].lstrip("-_、,. ")
        if part and rest:
            fields, _ = _fields(rest, rest)
            if fields:
                return fields, part
    asked = _ASKED.fullmatch(base_key)
    if asked and asked[1] != base_key and asked[1] in table:
        return table[asked[1]], None
    if _QUESTION.search(base_key):
        return {"surveys": IGNORED}, None
    if _ESTATE_OF.fullmatch(base_key):
        return dict.fromkeys(KINDS, "estate"), None
    short = core(base_key)
    if short != base_key or short in _cores():
        return (table.get(short) or _cores().get(short) or {}), None
    return {}, None


def nearest(text: str, kind: str) -> tuple[str, str] | None:
    """The known heading of that kind most like the text and its field, for a question back; never used to decide."""
    pool = {key: fields[kind] for key, fields in aliases().items() if kind in fields}
    found = process.extractOne(heading_key(split_brackets(text)[0]), list(pool), scorer=fuzz.ratio, score_cutoff=60)
    if not found or pool[found[0]] in (IGNORED, TOTAL, PERSONAL):
        return None
    return found[0], pool[found[0]]
