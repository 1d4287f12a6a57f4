"""Reads columns of numbers as people type them: counts, money, areas, fees, rates, years and coordinates."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from pipelines.reading.units import Unit, read_unit
from pipelines.reading.words import chinese_number, compact, is_blank, plain


@dataclass(frozen=True)
class Column:
    """One column, read. `values` is null where the cell is empty or can't be read; `bad` is True for the latter."""

    values: pl.Series
    bad: pl.Series


@dataclass(frozen=True)
class FeeColumn:
    """Fees. `values` are yuan per m² and month, `per_household` yuan per household and month; a cell fills one of them.

    `ranges` is True where the cell gives several fees (`0.5至1.68元`): no value, and not bad.
    """

    values: pl.Series
    bad: pl.Series
    per_household: pl.Series
    ranges: pl.Series


@dataclass(frozen=True)
class Quantity:
    """A number as written, with the unit that the cell itself gives, in lower case, empty where there is none.

    `scaled` says that the cell named its size itself (`6.6万`): a 万元 in the heading no longer applies.
    """

    value: float
    unit: str
    scaled: bool


def read_column(cells: pl.Series, fast: pl.Expr, parse: Callable[[str], Any], dtype: pl.DataType) -> Column:
    """The cells through `fast`, an expression over `pl.col("c")` that knows the common shapes; the rest, each different
    text once, through `parse`, which gives None for what it can't read and `EMPTY` for what says nothing."""
    frame = cells.to_frame("c")
    values = frame.with_columns(fast.cast(dtype).alias("v"))["v"]
    rest = cells.filter(values.is_null() & cells.is_not_null()).unique().to_list()
    if not rest:
        return Column(values.alias(cells.name), pl.repeat(False, len(cells), dtype=pl.Boolean, eager=True))
    parsed = [EMPTY if is_blank(text) else parse(text) for text in rest]
    looked_up = pl.DataFrame(
        {
            "c": rest,
            "p": pl.Series([None if p is EMPTY else p for p in parsed], dtype=dtype, strict=False),
            "b": [p is None for p in parsed],
        },
        schema_overrides={"c": pl.String},
    )
    both = frame.with_columns(values).join(looked_up, on="c", how="left", maintain_order="left")
    return Column(
        both.select(pl.coalesce("v", "p")).to_series().alias(cells.name),
        both.select((pl.col("v").is_null() & pl.col("b")).fill_null(value=False)).to_series(),
    )


EMPTY: Final = object()
"""What a parser gives for a text that says there is no value."""

# --- one text -------------------------------------------------------------------------------------------------------

_SEPARATORS: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[1-9][0-9]{0,3}(?:,[0-9]{4})+")
_SPACED: Final = re.compile(r"(?<=[0-9]) (?=[0-9]{3}(?:[^0-9]|$))")
_FOOTNOTE: Final = re.compile(r"(?<=[0-9%元户])[①-⑳⁰¹²³⁴-⁹*＊]+$")
_BEFORE: Final = re.compile(
    r"^(?:大约|大概|约合|约为|约有|约计|将近|接近|超过|合计|共计|总计|不足|不到|至少|人民币|rmb|cny|约|近|超|逾|共|计|达|≈|~|¥|\$|'|:)+"
)
_AFTER: Final = re.compile(r"(?:以上|左右|上下|有余|余|多|许|\+|整|不等)+$")
_NUMBER: Final = re.compile(
    r"(?P<digits>[0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+)(?P<exponent>e[+-]?[0-9]{1,3})?(?P<about>余|多|来|几|\+)?(?P<rest>[^0-9].*)?"
)
_MULTIPLE: Final = re.compile(r"(百万|千万|万亿|十万|百亿|千亿|十|百|千|万|萬|亿|k(?![gm])|w)(?!分)")
_MULTIPLES: Final = {
    "十": 10.0, "百": 100.0, "千": 1e3, "万": 1e4, "萬": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7, "亿": 1e8,
    "百亿": 1e10, "千亿": 1e11, "万亿": 1e12, "k": 1e3, "w": 1e4,
}  # fmt: skip
_STEPS: Final = re.compile(r"[0-9.]+[亿万千百](?:[0-9.]+[亿万千百])+[0-9]*")
_STEP: Final = re.compile(r"([0-9.]+)([亿万千百]?)")
_NUMERAL: Final = re.compile(r"[零〇○一壹二贰两三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟万亿廿卅点]+")
_DOUBT: Final = re.compile(r"[0-9?？待未疑估]")
_SHAPED: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?)")
_OTHER_UNITS: Final = frozenset(
    "年 个月 月 周 元/月 元/年 小时 分钟 个小时 岁 车位 个车位 层 米 公里 吨 度 公斤 人天 工时 小区 个小区 栋楼 幢楼 栋楼房 户人 户人家 "
    "户业主 户居民 位居民 件次 条次 件投诉 个单元 元钱 元人民币 份问卷 张问卷".split()
)


def quantity(text: str) -> Quantity | None:
    """The number that starts the text, and the unit behind it; None if it is not one number with a clean rest."""
    word = _spaceless(_FOOTNOTE.sub("", text.strip()))
    negative = False
    if match := re.fullmatch(r'="(.*)"', word):
        word = match[1]
    if match := re.fullmatch(r"\((.*[0-9].*)\)(.*)", word):
        word, negative = match[1] + match[2], True
    word, notes = _without_notes(word)
    if any(_DOUBT.search(note) for note in notes):
        return None
    word = _BEFORE.sub("", word)
    if match := re.match(r"[-−–—负]", word):
        if negative:
            return None
        word, negative = _BEFORE.sub("", word[1:]), True
    elif word.startswith("+"):
        word = word[1:]
    found = _unsigned(_AFTER.sub("", word))
    if found is None or not math.isfinite(found.value):
        return None
    return Quantity(-found.value, found.unit, found.scaled) if negative else found


def _spaceless(text: str) -> str:
    word = plain(text).lower()
    word = re.sub(r"(?<=[0-9])。(?=[0-9])", ".", word)
    word = re.sub(r" ?, ?", ",", _SPACED.sub("", word))
    # A space between digits that does not group them separates two numbers: keep it, so that nothing matches.
    return re.sub(r" (?![0-9])|(?<![0-9]) ", "", word)


def _without_notes(word: str) -> tuple[str, list[str]]:
    notes = re.findall(r"\(([^()]*)\)", word)
    return re.sub(r"\([^()]*\)", "", word), notes


def _unsigned(word: str) -> Quantity | None:
    if _STEPS.match(word):
        return _stepped(word)
    if match := _NUMBER.fullmatch(word):
        digits = match["digits"]
        whole = digits.partition(".")[0]
        if "," in digits and not _SEPARATORS.fullmatch(whole):
            return None
        if match["about"] == "几":
            return None
        value = float(digits.replace(",", "") + (match["exponent"] or ""))
        return _with_unit(value, match["rest"] or "")
    if (match := _NUMERAL.match(word)) and (value_or_none := chinese_number(match[0])) is not None:
        if len(match[0]) == 2 and not re.search(r"[零〇○十拾廿卅百千万亿]", match[0]):
            return None
        return _with_unit(value_or_none, word[match.end() :])
    return None


def _stepped(word: str) -> Quantity | None:
    """`1亿2000万`, `3千5百`: the steps must go down."""
    match = _STEPS.match(word)
    assert match is not None  # noqa: S101 - the caller has looked
    total, last = 0.0, math.inf
    for digits, step in _STEP.findall(match[0]):
        size = _MULTIPLES.get(step, 1.0)
        if size >= last or digits.count(".") or not step and last > 100:
            return None
        total, last = total + float(digits) * size, size
    found = _with_unit(total, word[match.end() :])
    return found and Quantity(found.value, found.unit, scaled=True)


def _with_unit(value: float, rest: str) -> Quantity:
    scaled = False
    if match := _MULTIPLE.match(rest):
        value, rest, scaled = _times(value, _MULTIPLES[match[1]]), rest[match.end() :], True
    rest = re.sub(r"^(?:余|多|来|\+)", "", rest)
    return Quantity(value, _AFTER.sub("", rest).strip("。;,"), scaled)


def _times(value: float, factor: float) -> float:
    """The product without the dust of binary fractions: 6.6483 × 10000 is 66483."""
    return float(f"{value * factor:.15g}")


def _is_unit(unit: str) -> bool:
    return not unit or unit in _OTHER_UNITS or read_unit(unit) is not None


def number(text: str) -> float | None:
    """The number that a cell says, or None: `1,234.5`, `约1.2万户`, `(1,234.50)` (negative), `三百二十`, `68%` (0.68)."""
    found = quantity(text)
    if found is None or not _is_unit(found.unit):
        return _serial(text)
    if found.unit in {"%", "‰"}:
        return _times(found.value, 0.01 if found.unit == "%" else 0.001)
    return found.value


def _serial(text: str) -> float | None:
    """A number that was shown as a date is that number: 1924-04-08 00:00:00 → 8865 (1900 system)."""
    match = _SHAPED.fullmatch(text.strip())
    if match is None:
        return None
    try:
        moment = datetime.fromisoformat(f"{match[1]} {match[2]}")
    except ValueError:
        return None
    # Excel counts a 29 February 1900 that never was, so days before March 1900 are one less from the epoch.
    epoch = datetime(1899, 12, 30) if moment >= datetime(1900, 3, 1) else datetime(1899, 12, 31)
    past = moment - epoch
    return max(0.0, past.days + past.seconds / 86400)


# --- columns --------------------------------------------------------------------------------------------------------

_C: Final = pl.col("c").str.strip_chars(" ")
_PLAIN: Final = pl.when(_C.str.contains(r"^-?[0-9]{1,15}(\.[0-9]{1,17})?$")).then(_C)
_GROUPED: Final = pl.when(_C.str.contains(r"^-?[0-9]{1,3}(,[0-9]{3}){1,4}(\.[0-9]{1,17})?$")).then(
    _C.str.replace_all(",", "", literal=True)
)
_BARE: Final = pl.coalesce(_PLAIN, _GROUPED).cast(pl.Float64, strict=False)


def read_numbers(cells: pl.Series) -> Column:
    """Numbers of any kind, as Float64."""
    return read_column(cells, _BARE, number, pl.Float64())


def read_counts(cells: pl.Series) -> Column:
    """Whole numbers, as Int64: `648户`, `约120`, `2.2万余`, `12.0`; `12.5` is bad."""

    def parse(text: str) -> int | None:
        value = number(text)
        found = quantity(text)
        if value is None or not value.is_integer() or abs(value) > 2**53 or (found and found.unit in {"%", "‰"}):
            return None
        return int(value)

    whole = pl.when(_BARE.floor() == _BARE).then(_BARE)
    return read_column(cells, whole, parse, pl.Int64())


def read_money(cells: pl.Series, unit: Unit | None) -> Column:
    """Amounts in yuan, as Float64. `unit` is the heading's (None: yuan); the cell's own beats it (`15万元`, `6.6万`)."""
    return _measured(cells, unit, "money")


def read_area(cells: pl.Series, unit: Unit | None) -> Column:
    """Areas in m², as Float64. `unit` is the heading's (None: m²); the cell's own beats it (`55万㎡`)."""
    return _measured(cells, unit, "area")


def _measured(cells: pl.Series, unit: Unit | None, dimension: str) -> Column:
    factor = unit.factor if unit is not None and unit.dimension == dimension else 1.0

    def parse(text: str) -> float | None:
        if (serial := _serial(text)) is not None:
            return _times(serial, factor)
        found = quantity(text)
        if found is None:
            return None
        if not found.unit:
            return found.value if found.scaled else _times(found.value, factor)
        own = read_unit(found.unit)
        if own is None or own.dimension != dimension:
            return None
        return _times(found.value, own.factor)

    fast = _BARE if factor == 1.0 else (_BARE * factor * 1e6).round() / 1e6
    return read_column(cells, fast, parse, pl.Float64())


_RANGE: Final = re.compile(
    r"(?:[0-9.]+(?:元|块)?(?:/[^0-9\-~至到]+?)?(?:-|~|〜|—|–|至|到|或|、|,|;|/))+[0-9.]+(?:元|块)?(?:[/每·][^0-9]*)?"
)
_SEVERAL: Final = re.compile(
    r"(?:(?:小高层|高层|多层|洋房|别墅|住宅|商铺|商业|商户|门面|电梯房?|步梯房?|有电梯|无电梯|居民|非住宅|办公|公寓|车库|车位|最低|最高|一期|二期|三期)"
    r"[:为]?[0-9.]+(?:元|块)?(?:[/每·][^0-9,;、]*?)?[,;、。]?){2,}"
)
_PER_FIRST: Final = re.compile(r"((?:每(?:平方米|平米|平方|平|m2|户|月|年|季度?))+)([0-9.]+)(?:元|块)?")
_NO_FEE: Final = frozenset("未收费 暂未收费 暂不收费 尚未收费 未定 未定价 未开始收费 先服务后收费".split())


def read_fee(cells: pl.Series, unit: Unit | None) -> FeeColumn:
    """Property fees in yuan per m² and month, or per household and month where the cell or the heading says 户.

    What a cell doesn't say (period, m² or household) the heading does; where neither does, it is per m² and per month.
    免费 is 0, 暂未收费 is no value.
    """
    heading = unit if unit is not None and unit.dimension == "fee" else None
    factor = unit.factor if unit is not None and unit.dimension in {"fee", "money"} else 1.0

    def parse(text: str) -> tuple[float | None, float | None, bool] | object | None:
        word = compact(text)
        if word in _NO_FEE:
            return EMPTY
        if word in {"免费", "不收费", "免收"}:
            return _monthly(0.0, heading)
        if _RANGE.fullmatch(word) or _SEVERAL.fullmatch(word):
            return (None, None, True)
        if match := _PER_FIRST.fullmatch(word):
            word = f"{match[2]}元{match[1]}"
        if (serial := _serial(text)) is not None:
            return _monthly(_times(serial, factor), heading)
        found = quantity(word)
        if found is None:
            return None
        if not found.unit:
            return _monthly(_times(found.value, 1.0 if found.scaled else factor), heading)
        words = found.unit if "元" in found.unit or "块" in found.unit else f"元{found.unit}"
        own = read_unit(words)
        if own is None or own.dimension not in {"fee", "money"}:
            return None
        per = own.per or (heading.per if heading else None)
        months = own.months or (heading.months if heading else None)
        return _monthly(found.value * own.factor, Unit("fee", 1.0, per, months))

    rest = cells.drop_nulls().unique().to_list()
    parsed = [EMPTY if is_blank(text) else parse(text) for text in rest]
    known = [p if isinstance(p, tuple) else (None, None, False) for p in parsed]
    looked_up = pl.DataFrame(
        {
            "c": rest,
            "value": [k[0] for k in known],
            "household": [k[1] for k in known],
            "range": [k[2] for k in known],
            "bad": [p is None for p in parsed],
        },
        schema={"c": pl.String, "value": pl.Float64, "household": pl.Float64, "range": pl.Boolean, "bad": pl.Boolean},
    )
    both = cells.to_frame("c").join(looked_up, on="c", how="left", maintain_order="left")
    return FeeColumn(
        both["value"].alias(cells.name),
        both["bad"].fill_null(value=False),
        both["household"],
        both["range"].fill_null(value=False),
    )


def _monthly(value: float, unit: Unit | None) -> tuple[float | None, float | None, bool]:
    months = (unit.months if unit else None) or 1.0
    monthly = float(f"{value / months:.12g}")
    return (None, monthly, False) if unit and unit.per == "household" else (monthly, None, False)


def read_rates(cells: pl.Series, percents: pl.Series | None, unit: Unit | None) -> Column:
    """Rates as fractions, as Float64: `68%`, `68`, `0.68`, `百分之六十八`, `六成八` are all 0.68.

    `percents` marks number cells that are shown as a percentage: their stored value is the fraction already. All other
    bare numbers are read together. If one of them is above 2, or above 1 under a heading in %, the column may hold
    percents: under a heading in % then each bare number is one (0.9 is 0.9 %), else those above 1 are (0.9 is 90 %,
    and 1 is 100 %). If none is, they are fractions, and 1.05 stays 1.05, for the caller to report. Nothing is clipped.
    """
    found = _stated(cells)
    shown = (
        pl.repeat(False, len(cells), dtype=pl.Boolean, eager=True)
        if percents is None
        else percents.fill_null(value=False)
    )
    frame = pl.DataFrame({"bare": found[0].values, "stated": found[1], "shown": shown})
    loose = frame.filter(~pl.col("shown"))["bare"].drop_nulls()
    top = float(loose.max() or 0.0) if len(loose) else 0.0  # type: ignore[arg-type]
    in_percent = unit is not None and unit.dimension == "rate" and unit.factor == 0.01
    per_mille = unit is not None and unit.dimension == "rate" and unit.factor == 0.001
    bare = pl.col("bare")
    hundredth = bare / 100
    if per_mille:
        value = bare / 1000
    elif in_percent:
        value = hundredth if top > 1 else bare
    elif top > 2:
        value = pl.when((bare > 1) | (bare < -1)).then(hundredth).otherwise(bare)
    else:
        value = bare
    rates = frame.select(pl.coalesce("stated", pl.when("shown").then(bare).otherwise(value)).round(12)).to_series()
    return Column(rates.alias(cells.name), found[0].bad)


def _stated(cells: pl.Series) -> tuple[Column, pl.Series]:
    """The bare numbers, and apart the rates that the cell itself writes as such."""
    sign = pl.when(_C.str.contains(r"^-?[0-9]{1,6}(\.[0-9]{1,12})?%$")).then(_C.str.strip_suffix("%"))
    said = read_column(cells, sign.cast(pl.Float64, strict=False) / 100, _rate, pl.Float64())
    bare = read_column(cells, _BARE, _bare, pl.Float64())
    both_bad = said.bad & bare.bad
    return Column(bare.values, both_bad), said.values


def _rate(text: str) -> float | None:
    word = compact(text)
    if match := re.fullmatch(r"百分之(.+)", word):
        value = quantity(match[1])
        return value.value / 100 if value and not value.unit else None
    if match := re.fullmatch(r"([0-9一二三四五六七八九十])成([0-9一二三四五六七八九])?", word):
        tens, ones = (quantity(part) if part else None for part in match.groups())
        return ((tens.value if tens else 0) * 10 + (ones.value if ones else 0)) / 100
    found = quantity(text)
    if found is None or found.unit not in {"%", "‰", "个百分点"} or found.unit == "个百分点":
        return None
    return found.value / (100 if found.unit == "%" else 1000)


def _bare(text: str) -> float | None:
    found = quantity(text)
    return found.value if found is not None and not found.unit else None


_YEAR: Final = re.compile(r"(?<![0-9])((?:1[0-9]|2[01])[0-9]{2})(?![0-9])")
_DECADE: Final = re.compile(r"(?:20世纪|上世纪|19)?([5-9]0|[五六七八九]十)年代.{0,4}")


def read_years(cells: pl.Series) -> Column:
    """Years, as Int64: `2009年建成`, `1986`, `98年` (1998), `80年代` (1980), `2005-2008` (the first), `2009.5`."""
    fast = pl.when(_C.str.contains(r"^(1[89]|20)[0-9]{2}年?$")).then(_C.str.slice(0, 4)).cast(pl.Int64, strict=False)
    return read_column(cells, fast, _year, pl.Int64())


def _year(text: str) -> int | None:
    serial = _serial(text)
    if serial is not None:
        # A year shown as a date falls in 1905; a real date gives its year.
        return int(serial) if 1900 <= serial <= 2100 else int(text.strip()[:4])
    word = compact(text)
    if "?" in word:
        return None
    word = re.sub(
        r"[零〇○一二三四五六七八九]{4}(?=年)", lambda m: "".join(f"{chinese_number(c) or 0:.0f}" for c in m[0]), word
    )
    if match := _DECADE.fullmatch(word):
        tens = match[1] if match[1].isdigit() else f"{chinese_number(match[1]) or 0:.0f}"
        return 1900 + int(tens)
    if match := re.fullmatch(r"((?:19|20)[0-9]0)(?:s|年代.{0,4})", word):
        return int(match[1])
    if match := _YEAR.search(word):
        return int(match[1])
    if match := re.fullmatch(r"((?:19|20)[0-9]{2})(?:0[1-9]|1[0-2])(?:[0-3][0-9])?", word):
        return int(match[1])
    if match := re.match(r"([0-9]{2})年", word):
        return int(match[1]) + (1900 if int(match[1]) >= 50 else 2000)
    if re.fullmatch(r"[2-5][0-9]{4}(?:\.0)?", word):
        return datetime.fromordinal(datetime(1899, 12, 30).toordinal() + int(float(word))).year
    return None


_DMS: Final = re.compile(
    r"(?P<before>[ewns]|[东西]经|[南北]纬|经度|纬度)?:?(?P<sign>[-−])?(?P<d>[0-9]{1,3}(?:\.[0-9]+)?)(?:°|度|d)?"
    r"(?:(?P<m>[0-9]{1,2}(?:\.[0-9]+)?)(?:['′’‘`]|分|m))?(?:(?P<s>[0-9]{1,2}(?:\.[0-9]+)?)(?:[\"”“]|['′’]{2}|秒|s(?![a-z]))?)?(?P<after>[ewns]|[东西]经|[南北]纬)?"
)


def read_degrees(cells: pl.Series) -> Column:
    """Longitudes or latitudes in decimal degrees, as Float64: `117.22°E`, `117°13'14.5"`, `东经117度13分`."""
    return read_column(cells, _PLAIN.cast(pl.Float64, strict=False), _degree, pl.Float64())


def _degree(text: str) -> float | None:
    word = compact(text.replace("º", "°").replace("˚", "°")).replace("''", '"').replace("′′", '"')
    match = _DMS.fullmatch(word)
    if match is None:
        return None
    if (match["m"] or match["s"]) and ("°" not in word and "度" not in word and "d" not in word):
        return None
    minutes, seconds = float(match["m"] or 0), float(match["s"] or 0)
    if minutes >= 60 or seconds >= 60 or match["s"] and not match["m"]:
        return None
    degrees = float(match["d"]) + minutes / 60 + seconds / 3600
    side = f"{match['before'] or ''}{match['after'] or ''}"
    return -degrees if match["sign"] or any(c in side for c in "ws西南") else degrees
