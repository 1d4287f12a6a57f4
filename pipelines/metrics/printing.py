"""Prints values: JSON and CSV for programs, a table with units and words for people."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Final

from pipelines.metrics.catalogue import Metric, words
from pipelines.metrics.offered import Offered, Shrunk, Within
from pipelines.metrics.values import Value
from pipelines.querying import as_json
from pipelines.summary import aligned
from pipelines.words import Language

FIELDS: Final = (
    "subject", "by", "metric", "basis", "value", "numerator", "denominator", "n", "low", "high", "coverage", "caveats",
    "verdict", "reason", "period_start", "period_end", "as_of", "known_share",
)  # fmt: skip
HEADINGS: Final = {
    "zh": ("指标", "对象", "口径", "数值", "95% 区间", "样本", "覆盖", "变化", "说明"),
    "en": ("metric", "subject", "basis", "value", "95 % interval", "n", "coverage", "change", "remarks"),
}
_OFFERED: Final = {
    "shrunk": {"zh": "收缩估计", "en": "shrunk"},
    "funnel": {"zh": "99.8% 漏斗界限", "en": "99.8 % funnel limits"},
}
NOTHING: Final = Offered()
_BETWEEN: Final = {"zh": "；", "en": "; "}


def printed(
    values: Sequence[Value], metrics: Mapping[str, Metric], form: str, lang: Language, beside: Offered = NOTHING
) -> str:
    """The values as `json` (rates as fractions), `csv`, or a `table` for people (percent, units, words).

    What is offered beside them comes last: objects (or null) in JSON, columns such as shrunk_value in CSV.
    """
    more = [(name, kind, found) for name, kind, found in _beside(beside) if found is not None]
    if form == "json":
        objects = (
            json.dumps(
                {name: as_json(getattr(one, name)) for name in FIELDS}
                | {name: None if (there := found.get(_key(one))) is None else vars(there) for name, _, found in more},
                ensure_ascii=False,
            )
            for one in values
        )
        return "[" + ",\n ".join(objects) + "]"
    if form == "csv":
        text = io.StringIO()
        columns = [(name, part.name, found) for name, kind, found in more for part in fields(kind)]
        rows = (
            [
                *(_plain(getattr(one, name)) for name in FIELDS),
                *(_plain(getattr(found.get(_key(one)), part, None)) for _, part, found in columns),
            ]
            for one in values
        )
        heading = [*FIELDS, *(f"{name}_{part}" for name, part, _ in columns)]
        csv.writer(text, lineterminator="\n").writerows([heading, *rows])
        return text.getvalue()
    lines = [
        [
            *_line(one, metrics[one.metric], lang),
            *(_said(found.get(_key(one)), metrics[one.metric], lang) for _, _, found in more),
        ]
        for one in values
    ]
    return aligned([[*HEADINGS[lang], *(_OFFERED[name][lang] for name, _, _ in more)], *lines], left=3)


def _beside(
    beside: Offered,
) -> tuple[tuple[str, type[Shrunk | Within], Mapping[tuple[str, str], Shrunk | Within] | None], ...]:
    return ("shrunk", Shrunk, beside.shrunk), ("funnel", Within, beside.funnel)


def _key(one: Value) -> tuple[str, str]:
    return one.metric, one.subject


def _said(found: Shrunk | Within | None, metric: Metric, lang: Language) -> str:
    if found is None:
        return ""
    if isinstance(found, Shrunk):
        weight = f"自身权重 {found.weight:.0%}" if lang == "zh" else f"own weight {found.weight:.0%}"
        return f"{amount(found.value, metric, lang)}" + (f"（{weight}）" if lang == "zh" else f" ({weight})")
    scale = 100 if metric.unit == "percent" else 1
    low, high = (f"{bound * scale:,.{metric.decimals}f}" for bound in (found.low_998, found.high_998))
    return f"{low} – {high}{'：' if lang == 'zh' else ': '}{_word('funnel', found.flag, lang)}"


def amount(value: float, metric: Metric, lang: Language) -> str:
    """A value with its unit, as people read it."""
    shown = value * 100 if metric.unit == "percent" else value
    unit = _word("unit", metric.unit, lang)
    return f"{shown:,.{metric.decimals}f}{'' if unit == '%' else ' '}{unit}"


def basis_words(basis: str, lang: Language) -> str:
    """A basis in words, with what modifies it."""
    return "＋".join(_word("basis", part, lang) for part in basis.split("+"))


def _line(one: Value, metric: Metric, lang: Language) -> list[str]:
    value = (
        amount(one.value, metric, lang) if one.value is not None else f"—（{_word('reason', one.reason or '', lang)}）"
    )
    if one.value is None and lang == "en":
        value = f"— ({_word('reason', one.reason or '', lang)})"
    scale = 100 if metric.unit == "percent" else 1
    low, high = (None if bound is None else f"{bound * scale:,.{metric.decimals}f}" for bound in (one.low, one.high))
    interval = f"{low or '…'} – {high or '…'}" if low or high else ""
    verdict = _word("verdict", one.verdict, lang) if one.verdict else ""
    caveats = _BETWEEN[lang].join(_word("caveat", code, lang) for code in one.caveats)
    name = metric.zh if lang == "zh" else metric.en
    n = "" if one.n is None else f"{one.n:,.0f}"
    return [name, one.subject, basis_words(one.basis, lang), value, interval, n, one.coverage, verdict, caveats]


def _word(topic: str, code: str, lang: Language) -> str:
    return words()[topic].get(code, {}).get(lang, code)


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return ";".join(map(str, value))
    return "" if value is None else as_json(value)
