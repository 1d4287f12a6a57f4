"""Prints values: JSON and CSV for programs, a table with units and words for people."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Final

from pipelines.metrics.catalogue import Metric, words
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
_BETWEEN: Final = {"zh": "；", "en": "; "}


def printed(values: Sequence[Value], metrics: Mapping[str, Metric], form: str, lang: Language) -> str:
    """The values as `json` (rates as fractions), `csv`, or a `table` for people (percent, units, words)."""
    if form == "json":
        objects = (
            json.dumps({name: as_json(getattr(one, name)) for name in FIELDS}, ensure_ascii=False) for one in values
        )
        return "[" + ",\n ".join(objects) + "]"
    if form == "csv":
        text = io.StringIO()
        rows = ([_plain(getattr(one, name)) for name in FIELDS] for one in values)
        csv.writer(text, lineterminator="\n").writerows([FIELDS, *rows])
        return text.getvalue()
    return aligned([HEADINGS[lang], *(_line(one, metrics[one.metric], lang) for one in values)], left=3)


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
