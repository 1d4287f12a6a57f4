"""Prints where a figure comes from: definition, numerator and denominator, files, sheets, cells, version and time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from pipelines.kinds import KINDS
from pipelines.metrics.asking import ask
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.desk import Desk, open_desk
from pipelines.metrics.printing import amount, basis_words
from pipelines.metrics.question import Question
from pipelines.metrics.values import Value
from pipelines.summary import aligned
from pipelines.tracing.cells import Source, cells_of
from pipelines.tracing.codes import Traced, resolve
from pipelines.tracing.ranges import in_words
from pipelines.words import Language

if TYPE_CHECKING:
    from pipelines.warehouse import Connection

FIELDS: Final = ("code", "side", "field", "file", "sheet", "cells", "row", "value", "amount")
"""What each row of CSV has: one a record and field."""
_WORDS: Final = {
    "zh": {
        "definition": "口径", "value": "数值", "numerator": "分子", "denominator": "分母", "as_of": "数据截至",
        "version": "数据版本", "built_at": "发布时间",
        "side": "用于", "field": "内容", "file": "文件", "sheet": "工作表",
        "cells": "单元格", "records": "条数", "sum": "合计", "none": "没有单元格：{reason}", "all": "全部",
        "no_cell": "（标题或设置）", "no_data": "本期没有数据",
        "expected": "分母是按全街道各类诉求的办结快慢推算的期望数，不是从单元格里加出来的。",
    },
    "en": {
        "definition": "Definition", "value": "Value", "numerator": "numerator", "denominator": "denominator",
        "as_of": "Data as of", "version": "Version", "built_at": "Published", "side": "used in", "field": "content",
        "file": "file", "sheet": "sheet", "cells": "cells", "records": "records", "sum": "sum",
        "none": "No cells: {reason}", "all": "all", "no_cell": "(title or setting)",
        "no_data": "no data in this period",
        "expected": "The denominator is an expectation from the whole street's tickets, not a sum of cells.",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Trail:
    """A code and all that it leads to. `value` is None for all subjects of a level together."""

    traced: Traced
    metric: Metric
    value: Value | None
    sources: tuple[Source, ...]
    as_of: date
    version: str
    built_at: str


def trails(connection: Connection, code: str) -> list[Trail]:
    """What a code leads to in this version; nearly always one. Raises UnknownCodeError and OldWarehouseError."""
    desk = open_desk(connection)
    return [trail_of(desk, one) for one in resolve(desk, code)]


def trail_of(desk: Desk, traced: Traced) -> Trail:
    """All that a figure is made of."""
    value = None
    if traced.subject:
        question = Question(
            traced.period, traced.by, (traced.subject,), (traced.metric,), basis=traced.basis, verdicts=False
        )
        value = ask(desk, question)[0]
    found = cells_of(desk, traced.metric, traced.period, traced.by, traced.subject or None, traced.basis)
    known = dict(desk.connection.execute("SELECT key, value FROM meta").fetchall())
    return Trail(
        traced, desk.metrics[traced.metric], value, tuple(found), desk.as_of, known["version"], known["built_at"]
    )


def printed(found: Sequence[Trail], form: str, lang: Language) -> str:
    """The trails as `json`, `csv` (one line a record and field), or a `table` for people."""
    if form == "json":
        return json.dumps([_object(one) for one in found], ensure_ascii=False, indent=1)
    if form == "csv":
        text = io.StringIO()
        rows = [
            (one.traced.code, s.side, s.field, s.file, s.sheet, " ".join(told.cells), told.row, told.value, told.amount)
            for one in found
            for s in one.sources
            for told in s.told
        ]
        csv.writer(text, lineterminator="\n").writerows([FIELDS, *rows])
        return text.getvalue()
    return "\n\n".join(_text(one, lang) for one in found)


def _object(one: Trail) -> dict[str, Any]:
    traced, value = one.traced, one.value
    return {
        "code": traced.code,
        "metric": traced.metric,
        "definition_zh": one.metric.definition_zh,
        "definition_en": one.metric.definition_en,
        "by": traced.by,
        "subject": traced.subject,
        "basis": traced.basis,
        "period_start": traced.period.start.isoformat(),
        "period_end": traced.period.end.isoformat(),
        "value": value and value.value,
        "numerator": value and value.numerator,
        "denominator": value and value.denominator,
        "reason": value and value.reason,
        "as_of": one.as_of.isoformat(),
        "version": one.version,
        "built_at": one.built_at,
        "sources": [
            {
                "side": source.side,
                "field": source.field,
                "file": source.file,
                "sheet": source.sheet,
                "cells": list(source.cells),
                "amount": source.amount,
                "told": [
                    {"row": told.row, "cells": list(told.cells), "value": told.value, "amount": told.amount}
                    for told in source.told
                ],
            }
            for source in one.sources
        ],
    }


def _text(one: Trail, lang: Language) -> str:
    words, traced, value, metric = _WORDS[lang], one.traced, one.value, one.metric
    colon = "：" if lang == "zh" else ": "
    name, definition = (metric.zh, metric.definition_zh) if lang == "zh" else (metric.en, metric.definition_en)
    basis = "" if traced.basis == "standard" else f" {basis_words(traced.basis, lang)}"
    lines = [
        f"{traced.code}  {traced.subject or words['all']}  {name}{basis}  {traced.period.start} … {traced.period.end}",
        f"{words['definition']}{colon}{definition}",
    ]
    if value is not None:
        shown = "—" if value.value is None else amount(value.value, metric, lang)
        terms = [
            f"{words[side]} {number:,.4f}".rstrip("0").rstrip(".")
            for side, number in (("numerator", value.numerator), ("denominator", value.denominator))
            if number is not None
        ]
        lines.append(f"{words['value']}{colon}{shown}" + (f"  ({', '.join(terms)})" if terms else ""))
    lines.append(f"{words['as_of']} {one.as_of}  {words['version']} {one.version}  {words['built_at']} {one.built_at}")
    if not one.sources:
        return "\n".join([*lines, words["none"].format(reason=words["no_data"])])
    if metric.id == "closure_ratio":
        lines.append(words["expected"])
    columns = ("side", "field", "file", "sheet", "cells", "records", "sum")
    lines_of = [
        [
            words[source.side],
            field_words(source.field, lang),
            source.file,
            source.sheet or "—",
            in_words(source.cells, lang) or words["no_cell"],
            f"{len(source.told)}",
            f"{source.amount:,.4f}".rstrip("0").rstrip("."),
        ]
        for source in one.sources
    ]
    return "\n".join([*lines, aligned([[words[column] for column in columns], *lines_of], left=5)])


def field_words(field: str, lang: Language) -> str:
    """What a field is called."""
    for kind in KINDS.values():
        for one in kind.fields:
            if one.name == field:
                return one.zh if lang == "zh" else one.en
    return field
