"""Tells what a drawn area is called and whether it is a street, a community or an estate, whatever its columns say.

Drawings come from survey offices, map services and clerks; no two name their columns alike. A column is judged by its
heading and by its values; the level by what the row, the registers, its column and its name say, in this order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from pipelines.places.layers import Layer

Level = Literal["street", "community", "estate"]

_LEVEL_WORDS: Final[tuple[tuple[Level, str], ...]] = (
    ("estate", r"小区|楼盘|院落|\bestates?\b|\bcompounds?\b|\bneighbou?rhoods?\b"),
    ("community", r"社区|居委|村委|居民委员会|村民委员会|行政村|村居|\bcommunit(?:y|ies)\b"),
    ("street", r"街道|街办|镇街|乡镇|\bstreets?\b|\bsub-?districts?\b|\btownships?\b"),
)
_LEVEL_HEADINGS: Final[dict[str, Level]] = {
    **dict.fromkeys(("xqmc", "xqm", "xq", "lpmc", "estate", "estatename", "compound"), "estate"),
    **dict.fromkeys(("sqmc", "sqm", "sq", "jwhmc", "jwh", "cjmc", "community", "communityname"), "community"),
    **dict.fromkeys(("jdmc", "jdm", "jd", "xzmc", "xzjdmc", "zjmc", "street", "streetname", "subdistrict"), "street"),
}  # fmt: skip
_NAME_HEADINGS: Final = re.compile(r"名称|名字|地名|全称|简称|标注|name|^名$|^mc$|^qymc$|^dmmc$|^title$|^label$")
_OTHER_HEADINGS: Final = re.compile(
    r"编码|编号|代码|序号|类型|类别|级别|层级|备注|说明|地址|位置|电话|联系|负责|书记|主任|人$|公司|企业|物业|面积|周长|日期|时间|所属|隶属|上级|坐标|"
    r"颜色|来源|所在|code|(?:^|_)id$|^id|fid$|guid|type|level|note|remark|desc|addr|phone|tel|contact|company|area|length|"
    r"date|time|parent|colou?r|style|source|user|datum|crs"
)
_PLACE: Final = re.compile(
    r"(?:街道|镇|乡|社区|居委会|村|小区|苑|园|庭|城|府|里|湾|家属院|公寓|花园|新村|大院|广场|期|区|坊|居)$"
)
_SUFFIX: Final[tuple[tuple[Level, str], ...]] = (
    ("community", r"(?:社区|居委会|村委会|居民委员会|村民委员会)$"),
    ("street", r"(?:街道|街道办事处|街道办|街办|镇|乡)$"),
    ("estate", r"小区$"),
)
_TAIL: Final = re.compile(r"(?:行政|管辖|管理|辖区)?(?:边界|范围|界线|区划|四至|图)+(?:线|图)?$")
_OFFICE: Final = re.compile(r"(?<=街道)办事处$|(?<=街道)办$|(?<=社区)(?:居民委员会|居委会|居委)$")
_LEVEL_COLUMNS: Final = re.compile(r"级别|层级|类型|类别|级$|^level$|^type$|^kind$|_level$|_type$|^lx$|^jb$")


@dataclass(frozen=True)
class Known:
    """What the registers know: names of estates (with their aliases), of communities, and of the street.

    `points` are places of estates that have a trusted datum, WGS-84 degrees: they tell a grid without a zone number.
    """

    estates: Collection[str] = ()
    communities: Collection[str] = ()
    street: str | None = None
    points: Mapping[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Named:
    """What one feature is called (None: it has no name), what it is (None: it doesn't say itself), and how the
    registers spell the name at each level where they know it."""

    name: str | None
    level: Level | None
    spelt: Mapping[Level, str] = field(default_factory=dict)

    def at(self, level: Level) -> Named:
        """The same feature, once its level is settled, in the registers' spelling."""
        return Named(self.spelt.get(level, self.name), level, self.spelt)


def key_of(name: str) -> str:
    """A name as it is compared: width, case and spaces evened out, offices and words for boundaries left off."""
    plain = re.sub(r"[\s·•]+", "", unicodedata.normalize("NFKC", name)).lower()
    return _OFFICE.sub("", _TAIL.sub("", plain)) or plain


def level_in(text: str) -> Level | None:
    """The finest level that a text speaks of: `柳园街道社区边界` holds communities."""
    plain = re.sub(r"[_\W]+", " ", unicodedata.normalize("NFKC", text)).lower()
    return next((level for level, words in _LEVEL_WORDS if re.search(words, plain)), None)


def _level_of_heading(heading: str) -> Level | None:
    plain = re.sub(r"[\s_-]+", "", unicodedata.normalize("NFKC", heading)).lower()
    return _LEVEL_HEADINGS.get(plain) or level_in(heading)


def _other(heading: str) -> bool:
    return _OTHER_HEADINGS.search(unicodedata.normalize("NFKC", heading).lower()) is not None


def _said(name: str) -> bool:
    """Whether a value may be a name: Chinese or Latin words, not a code, not a list, not a sentence."""
    return len(name) <= 40 and not re.search(r"[、，,;；。]", name) and bool(re.search(r"[㐀-鿿]|[A-Za-z]{2,}", name))


class _Names:
    """The registers' names by their comparison key."""

    def __init__(self, known: Known) -> None:
        self.levels: dict[str, dict[Level, str]] = {}
        listed: tuple[tuple[Level, Collection[str], str], ...] = (
            ("estate", known.estates, "小区"),
            ("community", known.communities, "社区"),
            ("street", (known.street,) if known.street else (), "街道"),
        )
        for level, names, suffix in listed:
            for name in sorted(names):
                key = key_of(name)
                self.levels.setdefault(key, {})[level] = name
                self.levels.setdefault(key.removesuffix(suffix), {}).setdefault(level, name)
                self.levels.setdefault(key + suffix, {}).setdefault(level, name)

    def find(self, name: str) -> dict[Level, str]:
        """The registers' spellings of a name, by level."""
        return self.levels.get(key_of(name), {})


def _score(heading: str, values: Sequence[str | None], names: _Names) -> float:
    """How likely a column holds the names of the features; below 1.5 it doesn't."""
    filled = [value for value in values if value]
    if not filled or sum(map(_said, filled)) < 0.6 * len(filled):
        return 0.0
    known = sum(bool(names.find(value)) for value in filled) / len(filled)
    places = sum(bool(_PLACE.search(key_of(value))) for value in filled) / len(filled)
    unique = len(set(filled)) / len(filled)
    plain = unicodedata.normalize("NFKC", heading).lower()
    level = _level_of_heading(heading)
    headed = 2.0 if level or _NAME_HEADINGS.search(plain) else 0.0
    finer = {"estate": 0.3, "community": 0.2, "street": 0.1, None: 0.0}[level]
    other = 3.0 if _other(heading) else 0.0
    return 3 * known + headed + places + 2 * unique + len(filled) / len(values) + finer - other


def level_of_layer(layer: Layer, file: str) -> Level | None:
    """What the layer's name, else the file's, says that its features are."""
    return level_in(layer.name) or level_in(_stem(file))


def _stem(file: str) -> str:
    return re.sub(r"\.[A-Za-z]+$", "", file.rsplit("/", 1)[-1])


def name_features(layer: Layer, file: str, known: Known) -> list[Named]:
    """The name and level of each feature of a layer, in its order.

    The name stands in the column that looks most like names (heading and values; a name that the registers know
    counts most), or, in features that leave it empty, in the next such column. A single feature without any name takes
    the layer's or the file's, if that names a place. A name that the registers know is given in their spelling.
    """
    names = _Names(known)
    headings = list(dict.fromkeys(heading for feature in layer.features for heading in feature.attributes))
    columns = {heading: [feature.attributes.get(heading) for feature in layer.features] for heading in headings}
    scored = sorted(((_score(heading, values, names), heading) for heading, values in columns.items()), reverse=True)
    likely = [heading for score, heading in scored if score >= 1.5]
    likely = likely[:1] + [heading for heading in likely[1:] if not _other(heading) and _level_of_heading(heading)]
    levels = [heading for heading in headings if _LEVEL_COLUMNS.search(heading.lower())]
    named = []
    for feature in layer.features:
        heading = next((one for one in likely if feature.attributes.get(one)), None)
        said = feature.attributes.get(heading) if heading else None
        if said is None and len(layer.features) == 1:
            said = next((one for one in (layer.name, _stem(file)) if names.find(one) or _suffix_level(one)), None)
        level = next((found for one in levels if (found := level_in(feature.attributes.get(one) or ""))), None)
        named.append(_settle(said, level, heading, names))
    return named


def _settle(said: str | None, level: Level | None, heading: str | None, names: _Names) -> Named:
    if said is None:
        return Named(None, level)
    name = _OFFICE.sub("", _TAIL.sub("", said.strip())) or said.strip()
    found = names.find(name)
    exact = [one for one, spelt in found.items() if key_of(spelt) == key_of(name)]
    if level is None and len(exact) == 1:
        level = exact[0]
    if level is None and heading is not None:
        level = _level_of_heading(heading)
    level = level or _suffix_level(name)
    named = Named(name, level, found)
    return named.at(level) if level else named


def _suffix_level(name: str) -> Level | None:
    return next((level for level, words in _SUFFIX if re.search(words, key_of(name))), None)
