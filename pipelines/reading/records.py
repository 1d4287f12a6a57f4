"""Turns the body of a recognised table into typed records, findings and the fate of its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import polars as pl

from pipelines.findings import Finding
from pipelines.kinds.fields import POLARS_TYPE
from pipelines.mending.personal import mask_text
from pipelines.reading import wording
from pipelines.reading.answers import question_text
from pipelines.reading.body import Body, Gap, Problem
from pipelines.reading.completing import COMPLETE, OTHER, lists_households, survey_manner
from pipelines.reading.context import Context
from pipelines.reading.counting import count_answers, count_households
from pipelines.reading.filling import filled_down
from pipelines.reading.headings import PERSONAL, category_of, nearest
from pipelines.reading.labelled import LABEL, joined, split_by_label
from pipelines.reading.periods import Part
from pipelines.reading.periods_of import with_period
from pipelines.reading.printed import printed_rates
from pipelines.reading.printed_totals import labelled_totals, printed_totals
from pipelines.reading.profiled import as_profiled, without_left_out
from pipelines.reading.roles import KEYS, Role, Table
from pipelines.reading.rows import body_frame, classify
from pipelines.reading.sheets import Grid
from pipelines.reading.standing import CELLS, standing, with_cells_of_rows, with_counted_cells, without_measures
from pipelines.reading.values import MISREAD, Values, read_values
from pipelines.source_columns import column_word
from pipelines.staged import PRINTED_SCHEMA, PRINTED_TOTALS_SCHEMA, Layout

_CHECKED: Final = frozenset({"flag", "time", "date", "count", "tally", "number", "year", "rate", "area", "fee"})
_SHARED_MEASURES: Final = frozenset({"households_due", "max_score", "issued", "responses"})
"""Measures that may stand once beside columns of months, criteria or scorers and hold for each."""
_EXTRAS: Final[dict[str, dict[str, pl.DataType | type[pl.DataType]]]] = {
    "estates": {"fee_yuan_per_household_month": pl.Float64},
    "events": {"type_words": pl.String},
}


@dataclass
class TableReading:
    """What one table gave."""

    kind: str
    records: list[pl.DataFrame] = field(default_factory=list)
    layouts: list[Layout] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    quarantine: list[dict[str, Any]] = field(default_factory=list)
    fates: list[tuple[int, str, str]] = field(default_factory=list)
    counted: list[pl.DataFrame] = field(default_factory=list)
    printed: pl.DataFrame = field(default_factory=PRINTED_SCHEMA.to_frame)
    printed_totals: pl.DataFrame = field(default_factory=PRINTED_TOTALS_SCHEMA.to_frame)


def read_table(grid: Grid, table: Table, context: Context) -> TableReading:
    """Reads one table. Rows of the frames are numbered as the spreadsheet program does."""
    if table.profile and table.profile.year:
        context = replace(context, parts=(Part(year=table.profile.year), *context.parts))
    out = TableReading(table.kind)
    frame = classify(grid, table, body_frame(grid, table))
    if table.profile:
        frame, left_out = without_left_out(frame, table.profile)
        out.fates += [(row + 1, "skipped", "profile") for row in left_out]
    shown = frame.filter(~pl.col("fate").is_in(["blank", "data"]))
    out.fates += [(row + 1, fate, "") for row, fate in shown.select("row", "fate").iter_rows()]
    body = Body(grid, table, context, frame)
    out.findings, out.quarantine = body.findings, body.quarantine
    _tell_headings(body)
    if any(role.field == LABEL for role in table.roles):
        return _labelled(body, out)
    touched = _read_body(body, out)
    out.printed = printed_rates(body, out.layouts, out.records)
    out.printed_totals = printed_totals(body, dict(enumerate(out.layouts)), out.records, counted=bool(out.counted))
    out.fates += [(row + 1, "skipped", "no value") for row in body.index.filter(~touched).to_list()]
    out.fates += [(row + 1, "data", "") for row in body.index.filter(touched).to_list()]
    return out


def _read_body(body: Body, out: TableReading) -> pl.Series:
    """Reads the data rows of a body; returns which of them gave or lost a record."""
    if body.rows.height == 0:
        return body.none()
    _read_columns(body)
    stored = [role for role in body.table.roles if role.stored and role.key in body.columns]
    attributes = [role for role in stored if not role.wide]
    wide = [role for role in stored if role.wide]
    answers = [role for role in wide if role.field == "answer"]
    if answers:
        return _questionnaire(body, out, attributes, answers)
    return _wide(body, out, attributes, wide) if wide else _group(body, out, attributes, [])


def _labelled(body: Body, out: TableReading) -> TableReading:
    """Reads a table whose rows name the measure: each measure as a table of its own, then those of one key as one."""
    filled = {str(role.column): filled_down(body, role) for role in body.table.roles if role.field in KEYS}
    rows = body.rows.with_columns(pl.Series(name, cells, dtype=pl.String) for name, cells in filled.items())
    estate = next((role for role in body.table.roles if role.field == "estate"), None)
    named = rows[str(estate.column)].is_not_null() if estate else ~body.none()
    after_total = (
        body.frame.select("fate", (pl.col("fate") == "total").cum_sum().alias("n")).filter(pl.col("fate") == "data")[
            "n"
        ]
        > 0
    )
    out.fates += [(row + 1, "total", "") for row in body.index.filter(after_total & ~named).to_list()]
    kept = rows.filter(~(after_total & ~named))
    whole = body.frame.with_columns(
        pl.when(pl.col("row").is_in(rows.filter(after_total & ~named)["row"].to_list()))
        .then(pl.lit("total"))
        .otherwise("fate")
        .alias("fate")
    )
    read = set[int]()
    for table, mask in split_by_label(body.table, kept):
        part = Body(body.grid, table, body.context, kept.filter(mask), partial=True)
        layouts, records = len(out.layouts), len(out.records)
        touched = _read_body(part, out)
        own = dict(list(enumerate(out.layouts))[layouts:])
        totals = labelled_totals(body.table, table, whole)
        out.printed_totals.vstack(printed_totals(part, own, out.records[records:], totals), in_place=True)
        out.records[records:] = [_each_in_its_row(body, out, frame) for frame in out.records[records:]]
        out.findings += part.findings
        out.quarantine += part.quarantine
        read.update(part.index.filter(touched).to_list())
    if out.records:
        keys = without_measures(out.layouts[0].stands, body.spec.measures)
        whole = joined(out.records, ("estate", "building", "unit", "period_start", "period_end"))
        told = pl.concat_str(pl.lit(keys), CELLS, separator=" ").str.strip_chars(" ")
        out.records = [whole.with_columns(told.alias(CELLS))]
    out.fates += [
        (row + 1, *(("data", "") if row in read else ("skipped", "no value"))) for row in kept["row"].to_list()
    ]
    return out


def _each_in_its_row(body: Body, out: TableReading, frame: pl.DataFrame) -> pl.DataFrame:
    text = out.layouts[frame["layout"][0]].stands if frame.height else ""
    return with_cells_of_rows(frame, text, body.spec.measures)


def _tell_headings(body: Body) -> None:
    """Findings about columns that are dropped or mean nothing to us."""
    row = body.table.block.heading_rows[-1]
    profile = body.table.profile
    for role in body.table.roles:
        merge = body.grid.merge(row, role.column)
        at = (merge.top if merge else row) + 1
        if role.field == PERSONAL:
            body.tell("personal_data", at, role, None, role.heading, wording.personal(heading=role.heading))
        elif role.field is None and role.heading and not (profile and profile.ignore_others):
            like = nearest(role.heading.split(" ")[-1], body.kind)
            body.tell("unmapped_column", at, role, None, role.heading, wording.unmapped_column(role.heading, like))


def _read_columns(body: Body) -> None:
    body.context = _with_year(body)
    for role in body.table.roles:
        if not role.stored or role.field is None:
            continue
        cells = filled_down(body, role)
        if role.clock is not None:
            clock = body.cells(role.clock).str.replace(r"^1899-12-3[01] ", "")
            day = cells.str.replace(" 00:00:00", "", literal=True)
            cells = pl.select(
                pl.when(day.is_not_null()).then(pl.concat_str(day, clock, separator=" ", ignore_nulls=True))
            ).to_series()
        if body.table.profile:
            cells = as_profiled(cells, role, body.table.profile)
        values = read_values(body.kind, role, cells, body.context, _percents(body, role))
        values = _with_errors(body, role, values)
        if _misread(body, role, values):
            row = body.table.block.heading_rows[-1] + 1
            message = wording.misread_column(role.heading, body.kind, role.field)
            body.tell("unmapped_column", row, role, role.field, role.heading, message)
            continue
        body.columns[role.key] = values


def _with_year(body: Body) -> Context:
    """The context, with the year that most of the table's own dates name where no title names one."""
    if body.context.year is not None:
        return body.context
    years: list[str] = []
    for role in body.table.roles:
        if role.stored and wording.field_words(body.kind, role.field or "")[2] in ("date", "time"):
            years += body.cells(role.column).str.extract(r"((?:19|20)\d\d)\D", 1).drop_nulls().to_list()
    if not years:
        return body.context
    year = int(Counter(years).most_common(1)[0][0])
    return replace(body.context, parts=(*body.context.parts, Part(year=year)))


def _percents(body: Body, role: Role) -> pl.Series | None:
    shown = body.grid.sheet.percents
    if role.field != "reported_rate" or not shown:
        return None
    return pl.Series([(row, role.column) in shown for row in body.index], dtype=pl.Boolean)


def _with_errors(body: Body, role: Role, values: Values) -> Values:
    """Marks error cells and formulas without a result as unreadable."""
    errors, uncached = body.grid.sheet.errors, body.grid.sheet.uncached
    spots = [(row, role.column) for row in body.index] if errors or uncached else []
    hit = [spot in errors or spot in uncached for spot in spots]
    if not any(hit):
        return values
    raw = [errors.get(spot, "=") if bad else text for spot, bad, text in zip(spots, hit, values.raw, strict=True)]
    return replace(values, raw=pl.Series(raw, dtype=pl.String), bad=values.bad | pl.Series(hit, dtype=pl.Boolean))


def _misread(body: Body, role: Role, values: Values) -> bool:
    """Whether a column is not what its heading says: not required, and most of its cells can't be read as such."""
    field_name = role.field or ""
    if role.wide or field_name in (*body.spec.required, "answer", "period", "score", "amount_yuan"):
        return False
    if wording.field_words(body.kind, field_name)[2] not in _CHECKED:
        return False
    held = len(values.raw) - values.raw.null_count()
    return held >= 3 and int(values.bad.sum()) > MISREAD * held


def _wide(body: Body, out: TableReading, attributes: Sequence[Role], wide: Sequence[Role]) -> pl.Series:
    """One group of records for each set of coordinates that the headings give."""
    groups: dict[tuple[object, ...], list[Role]] = {}
    for role in wide:
        groups.setdefault(role.coordinates, []).append(role)
    own = {role.field for role in wide}
    measures = set(body.spec.measures) - _SHARED_MEASURES
    if len(groups) == 1:
        measures = set()
    shared = [role for role in attributes if role.field not in measures and role.field not in own]
    touched = body.none()
    for members in groups.values():
        touched = touched | _group(body, out, shared, members)
    return touched


def _group(body: Body, out: TableReading, attributes: Sequence[Role], members: Sequence[Role]) -> pl.Series:
    """Builds the records of one set of coordinates; returns which rows gave or lost a record."""
    roles = [*attributes, *members]
    sample = members[0] if members else None
    present = body.none()
    for role in members or _measures(body, attributes):
        present = present | body.columns[role.key].raw.is_not_null()
    if not present.any():
        return present
    frame = _typed(body, roles, sample)
    layout = _layout(body, out, roles)
    frame = frame.with_columns(pl.lit(layout, dtype=pl.UInt32).alias("layout"))
    problems = [Problem(body.columns[role.key].bad, role, role.field or "") for role in roles]
    if body.spec.has_period:
        frame, more = with_period(body, frame, roles, sample.part if sample else None)
        problems += more
    if body.kind in COMPLETE:
        frame, more = COMPLETE[body.kind](body, frame, roles)
        problems += more
    frame = _shaped(body, frame)
    gaps = _gaps(body, frame, roles, problems, present)
    wrong = _tell(body, roles, problems, gaps, present)
    keep = present & ~wrong
    frame = frame.filter(keep)
    if lists_households(body):
        frame, counted = count_households(frame)
        out.counted.append(counted)
        frame = with_counted_cells(frame, counted, out.layouts[layout].stands, body.spec.measures)
    out.records.append(frame)
    _tell_categories(body, roles, sample, keep)
    return present


def _measures(body: Body, attributes: Sequence[Role]) -> list[Role]:
    """The columns of which at least one must hold something for a row to be a record."""
    if body.kind == "estates":
        facts = [role for role in attributes if role.field not in ("estate", "community", "street")]
        return facts or list(attributes)
    wanted = (*body.spec.measures, "deduction")
    if any(role.field == "deduction" for role in attributes):
        wanted = (*wanted, "max_score")
    return [role for role in attributes if role.field in wanted]


def _typed(body: Body, roles: Sequence[Role], sample: Role | None) -> pl.DataFrame:
    columns: dict[str, pl.Series] = {}
    for role in roles:
        values = body.columns[role.key]
        name = role.field or ""
        known = columns.get(name)
        columns[name] = values.values if known is None else known.zip_with(known.is_not_null(), values.values)
        for extra, series in values.extra.items():
            columns[f"{name}.{extra}"] = series
    frame = pl.DataFrame({"source_row": body.index + 1, **columns})
    given = [pl.lit(value).alias(name) for name, value in _constants(body, sample).items() if name not in frame.columns]
    frame = frame.with_columns(pl.lit(body.sheet).alias("source_sheet"), *given)
    profile = body.table.profile
    if profile:
        frame = frame.with_columns(
            pl.col(name).fill_null(pl.lit(value)) for name, value in profile.defaults.items() if name in frame.columns
        )
    return frame


def _constants(body: Body, sample: Role | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if sample is not None:
        found = {
            name: getattr(sample, name) for name in ("category", "item", "criterion", "scorer") if getattr(sample, name)
        }
        if sample.question:
            found["question"] = question_text(sample.question)
        if sample.maximum and body.kind == "inspections":
            found["max_score"] = sample.maximum
    profile = body.table.profile
    if profile:
        found |= {name: value for name, value in profile.constants.items() if name != "period"}
        if profile.question:
            found.setdefault("question", profile.question)
    return found


_STANDS_FOR: Final = (
    ("period", "period_start"), ("period", "period_end"), ("period_from", "period_start"), ("period_to", "period_end"),
    ("period_from", "period_end"), ("reported_rate", "satisfied_total"), ("deduction", "score"), ("lonlat", "lon"),
    ("lonlat", "lat"), ("contract_span", "contract_end"), ("contract_span", "takeover_date"),
)  # fmt: skip
"""Columns that a field is read from without being its own: where a finding about the field points."""


def _layout(body: Body, out: TableReading, roles: Sequence[Role]) -> int:
    columns = {role.field: role.column for role in reversed(roles) if role.field}
    for source, name in _STANDS_FOR:
        if source in columns:
            columns.setdefault(name, columns[source])
    if body.kind == "inspections" and "estate" in columns:
        columns.setdefault("subject", columns["estate"])
    stands = standing(body, roles)
    out.layouts.append(Layout(body.sheet, body.kind, columns, body.context.texts, body.table.block.left, stands))
    return len(out.layouts) - 1


def _shaped(body: Body, frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of the kind in their order and types, and what traces a record."""
    wanted = {one.name: POLARS_TYPE[one.type] for one in body.spec.fields} | _EXTRAS.get(body.kind, {})
    columns = [
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype, strict=False).alias(name)
        for name, dtype in wanted.items()
    ]
    return frame.select(*columns, "source_sheet", "source_row", "layout")


def _gaps(
    body: Body, frame: pl.DataFrame, roles: Sequence[Role], problems: Sequence[Problem], present: pl.Series
) -> list[Gap]:
    """Which rows lack a key or a required field that no context tells; an estate without a column may still come
    from the titles."""
    by_field = {role.field: role for role in roles}
    wanted = ["event_date", "event_type"] if body.kind == "events" else list(body.spec.required)
    wanted = [name for name in wanted if not (body.partial and name in body.spec.measures)]
    wanted += ["period_start"] if body.spec.has_period else []
    found = []
    for name in wanted:
        role = by_field.get(name)
        if name == "period_start":
            role = by_field.get("period") or by_field.get("period_from")
        elif name == "score":
            role = role or by_field.get("deduction")
        elif name == "subject":
            role = role or by_field.get("estate")
        if role is None and name in ("estate", "subject", "category"):
            continue
        mask = frame[name].is_null() & present
        if role is not None:
            mask = mask & ~body.columns[role.key].bad
        for problem in problems:
            if role is not None and problem.role.key == role.key:
                mask = mask & ~problem.mask
        if mask.any():
            found.append(Gap(mask, name, role.column if role else body.table.block.left))
    return found


def _tell(
    body: Body, roles: Sequence[Role], problems: Sequence[Problem], gaps: Sequence[Gap], present: pl.Series
) -> pl.Series:
    """Findings of what is wrong or masked, the records concerned in quarantine; returns the rows kept out."""
    reasons: dict[int, tuple[str, int, tuple[str, str]]] = {}
    for problem in problems:
        for place in (problem.mask & present).arg_true().to_list():
            text = body.raw(place, problem.role)
            spot = (body.index[place], problem.role.column)
            message = wording.unparseable(body.kind, problem.field, text)
            if spot in body.grid.sheet.uncached:
                message = wording.uncached(body.kind, problem.field)
            body.tell("unparseable", spot[0] + 1, problem.role, problem.field, text, message)
            reasons.setdefault(place, ("unparseable", problem.role.column, message))
    for gap in gaps:
        for place in gap.mask.arg_true().to_list():
            message = wording.missing(body.kind, gap.field)
            body.tell("missing_value", body.index[place] + 1, gap.column, gap.field, None, message)
            reasons.setdefault(place, ("missing_value", gap.column, message))
    wrong = body.none()
    if reasons:
        wrong = pl.Series([place in reasons for place in range(body.rows.height)], dtype=pl.Boolean)
    for place, (code, column, message) in sorted(reasons.items()):
        body.keep_out(place, roles, code, column, message)
    for role in roles:
        values = body.columns[role.key]
        if values.masked is None:
            continue
        for place in (values.masked & present).arg_true().to_list():
            kinds = mask_text(body.raw(place, role))[1]
            body.tell(
                "personal_data",
                body.index[place] + 1,
                role,
                role.field,
                str(values.values[place]),
                wording.personal(kinds),
            )
    return wrong


def _tell_categories(body: Body, roles: Sequence[Role], sample: Role | None, keep: pl.Series) -> None:
    """One finding for each category of a table that became 其他."""
    if body.kind not in OTHER or not keep.any():
        return
    other = OTHER[body.kind]
    if sample is not None and sample.item:
        row = body.table.block.heading_rows[-1] + 1
        body.tell(
            "unmapped_category", row, sample, "category", sample.item, wording.unmapped_category(sample.item, other)
        )
    role = next((one for one in roles if one.field == "category"), None)
    if role is None:
        return
    words = body.columns[role.key].values
    unknown = {text for text in words.drop_nulls().unique().to_list() if category_of(text, body.kind) is None}
    for place in (words.is_in(list(unknown)) & keep).arg_true().to_list() if unknown else []:
        text = str(words[place])
        if text in unknown:
            unknown.discard(text)
            message = wording.unmapped_category(text, other)
            body.tell("unmapped_category", body.index[place] + 1, role, "category", text, message)


def _questionnaire(body: Body, out: TableReading, attributes: Sequence[Role], answers: Sequence[Role]) -> pl.Series:
    """Counts questionnaires, one a row, into one record per estate, period and question."""
    present = body.none()
    for role in answers:
        present = present | body.columns[role.key].raw.is_not_null()
    roles = [*attributes, *answers]
    layout = _layout(body, out, roles)
    frame = _typed(body, attributes, None)
    if "estate" not in frame.columns:
        frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias("estate"))
    frame, problems = with_period(body, frame, attributes, None)
    problems += [Problem(body.columns[role.key].bad, role, role.field or "") for role in roles]
    gaps = _gaps(body, frame, attributes, problems, present)
    keep = present & ~_tell(body, roles, problems, gaps, present)
    kept = frame.filter(keep)
    for role in answers:
        question = question_text(role.question or role.heading)
        counted, trace = count_answers(kept, body.columns[role.key].values.filter(keep), question)
        counted = survey_manner(body, counted).with_columns(
            pl.lit(layout, dtype=pl.UInt32).alias("layout"), pl.lit(body.sheet).alias("source_sheet")
        )
        stands = f"{standing(body, attributes)} {column_word('answer', [role.column])}".lstrip()
        out.records.append(with_counted_cells(_shaped(body, counted), trace, stands, ["answer"]))
        out.counted.append(trace.with_columns(pl.lit(body.sheet).alias("source_sheet")))
    return present


__all__ = ["TableReading", "read_table"]
