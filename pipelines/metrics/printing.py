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
from pipelines.summary import aligned, width
from pipelines.words import Language

FIELDS: Final = (
    "subject", "by", "metric", "basis", "value", "numerator", "denominator", "n", "low", "high", "coverage", "caveats",
    "verdict", "reason", "period_start", "period_end", "as_of",
)  # fmt: skip
"""What each object of JSON and each row of CSV has, as the data contract and issue say."""
_COLUMNS: Final = ("metric", "subject", "basis", "value", "interval", "amounts", "n", "coverage", "verdict", "remarks")
_TEXTS: Final = frozenset({"metric", "subject", "basis", "verdict", "remarks"})
HEADINGS: Final = {
    "zh": ("指标", "对象", "口径", "数值", "95% 区间", "分子 / 分母", "样本", "覆盖", "变化", "说明"),
    "en": (
        "metric", "subject", "basis", "value", "95 % interval", "numerator / denominator", "n", "coverage", "change",
        "remarks",
    ),
}  # fmt: skip
_OFFERED: Final = {
    "shrunk": {"zh": "收缩估计", "en": "shrunk"},
    "funnel": {"zh": "99.8% 漏斗界限", "en": "99.8 % funnel limits"},
}
NOTHING: Final = Offered()
_BETWEEN: Final = {"zh": "；", "en": "; "}


def printed(
    values: Sequence[Value],
    metrics: Mapping[str, Metric],
    form: str,
    lang: Language,
    beside: Offered = NOTHING,
    *,
    known_share: bool = False,
) -> str:
    """The values as `json` (rates as fractions), `csv`, or a `table` for people (percent, units, words).

    What is offered beside them comes last: objects (or null) in JSON, columns such as shrunk_value in CSV; before
    these, with `known_share`, for what share of the tickets a rate is known. The table says that share anyway.
    """
    names = (*FIELDS, "known_share") if known_share else FIELDS
    more = [(name, kind, found) for name, kind, found in _beside(beside) if found is not None]
    if form == "json":
        objects = (
            json.dumps(
                {name: as_json(getattr(one, name)) for name in names}
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
                *(_plain(getattr(one, name)) for name in names),
                *(_plain(getattr(found.get(_key(one)), part, None)) for _, part, found in columns),
            ]
            for one in values
        )
        heading = [*names, *(f"{name}_{part}" for name, part, _ in columns)]
        csv.writer(text, lineterminator="\n").writerows([heading, *rows])
        return text.getvalue()
    return _table(values, metrics, lang, more)


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


def _table(
    values: Sequence[Value],
    metrics: Mapping[str, Metric],
    lang: Language,
    more: Sequence[tuple[str, type[Shrunk | Within], Mapping[tuple[str, str], Shrunk | Within]]],
) -> str:
    """What the figures are about, then one line a value; the column of bases only where any is not the standard one."""
    cells = [[_cells(one, metrics[one.metric], lang)[name] for name in _COLUMNS] for one in values]
    plain = all(one.basis == "standard" for one in values)
    shown = [place for place, name in enumerate(_COLUMNS) if not (plain and name == "basis")]
    texts = {place for place in shown if _COLUMNS[place] in _TEXTS}
    whole = [list(HEADINGS[lang]), *cells]
    room = {place: max(width(line[place]) for line in whole) for place in texts}
    lines = [
        [line[place] + " " * (room[place] - width(line[place]) if place in texts else 0) for place in shown[:-1]]
        for line in whole
    ]
    said = [[_OFFERED[name][lang] for name, _, _ in more]]
    said += [[_said(found.get(_key(one)), metrics[one.metric], lang) for _, _, found in more] for one in values]
    remarks = [line[-1] + " " * (room[len(_COLUMNS) - 1] - width(line[-1])) for line in whole]
    body = aligned([[*line, *beside, last] for line, beside, last in zip(lines, said, remarks, strict=True)], left=2)
    return "\n".join([*_about(values, lang), body])


def _about(values: Sequence[Value], lang: Language) -> list[str]:
    if not values:
        return []
    one = values[0]
    if lang == "zh":
        return [f"{one.period_start} 至 {one.period_end}，截至 {one.as_of}"]
    return [f"{one.period_start} to {one.period_end}, as of {one.as_of}"]


def _cells(one: Value, metric: Metric, lang: Language) -> dict[str, str]:
    scale = 100 if metric.unit == "percent" else 1
    low, high = (None if bound is None else f"{bound * scale:,.{metric.decimals}f}" for bound in (one.low, one.high))
    remarks = [_word("reason", one.reason, lang)] if one.reason else []
    if one.known_share is not None:
        remarks.append(f"已知 {one.known_share:.0%}" if lang == "zh" else f"known for {one.known_share:.0%}")
    return {
        "metric": metric.zh if lang == "zh" else metric.en,
        "subject": one.subject,
        "basis": basis_words(one.basis, lang),
        "value": "—" if one.value is None else amount(one.value, metric, lang),
        "interval": f"{low or '…'} – {high or '…'}" if low or high else "",
        "amounts": _amounts(one, metric),
        "n": "" if one.n is None else f"{one.n:,.0f}",
        "coverage": one.coverage,
        "verdict": _word("verdict", one.verdict, lang) if one.verdict else "",
        "remarks": _BETWEEN[lang].join([*remarks, *(_word("caveat", code, lang) for code in one.caveats)]),
    }


def _amounts(one: Value, metric: Metric) -> str:
    """What was divided by what; a count or a median is divided by nothing."""
    if one.numerator is None or one.denominator is None or metric.kind in ("median", "stock"):
        return ""
    return " / ".join(f"{part:,.2f}".rstrip("0").rstrip(".") for part in (one.numerator, one.denominator))


def _word(topic: str, code: str, lang: Language) -> str:
    return words()[topic].get(code, {}).get(lang, code)


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return ";".join(map(str, value))
    return "" if value is None else as_json(value)
