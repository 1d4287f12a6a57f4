"""Turns the body of a recognised table into typed records, findings and the fate of its rows."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import polars as pl

from pipelines.findings import Finding, address
from pipelines.kinds import KINDS
from pipelines.kinds.fields import POLARS_TYPE
from pipelines.mending.personal import mask_text
from pipelines.places.datums import to_wgs84
from pipelines.reading import wording
from pipelines.reading.blocks import Grid
from pipelines.reading.roles import HELD, KEYS, LEVELS, Role, Table
from pipelines.reading.context import Context
from pipelines.reading.counting import count_answers, count_households
from pipelines.reading.headings import PERSONAL, category_of, event_type_of, nearest
from pipelines.reading.periods import Part, read_period, read_periods
from pipelines.reading.rows import body_frame, classify
from pipelines.reading.values import MISREAD, Values, read_values
from pipelines.reading.words import is_blank, plain
from pipelines.staged import Layout

_OPTIONAL_CHECKED: Final = frozenset({"flag", "time", "date", "count", "number", "year", "rate", "area", "fee"})
_COMPANY = re.compile(r"[由将为]?([㐀-鿿（）()·A-Za-z]{2,24}?(?:物业|管理|服务)[㐀-鿿（）()]{0,12}?公司)")


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


def read_table(grid: Grid, table: Table, context: Context) -> TableReading:
    """Reads one table. Rows of the frames are numbered as the spreadsheet program does."""
    return _TableReader(grid, table, context).read()


class _TableReader:
    """Holds the state of reading one table: its rows, its columns once read, and what was found on the way."""

    def __init__(self, grid: Grid, table: Table, context: Context) -> None:
        self.grid = grid
        self.table = table
        self.kind = table.kind
        self.spec = KINDS[table.kind]
        self.context = _profile_context(context, table)
        self.out = TableReading(table.kind)
        self.sheet = grid.sheet.name
        self.told: set[tuple[int, int, str]] = set()

    def read(self) -> TableReading:
        frame = classify(self.grid, self.table, body_frame(self.grid, self.table))
        self._profile_rows(frame)
        frame = self._dropped(frame)
        self.out.fates += [
            (row + 1, fate, "") for row, fate in frame.filter(~pl.col("fate").is_in(["blank", "data"])).select("row", "fate").iter_rows()
        ]
        self._heading_findings()
        self.rows = frame.filter(pl.col("fate") == "data")
        if self.rows.height == 0:
            return self.out
        self.frame = frame
        self.index = self.rows["row"]
        self.columns: dict[int, Values] = {}
        self._read_columns()
        attributes = [r for r in self.table.roles if r.field and r.field not in HELD and not r.wide and r.column in self.columns]
        wide = [r for r in self.table.roles if r.field and r.field not in HELD and r.wide and r.column in self.columns]
        if self.kind == "surveys" and any(r.field == "answer" for r in wide):
            self._questionnaire(attributes, [r for r in wide if r.field == "answer"])
            return self.out
        groups: dict[tuple[object, ...], list[Role]] = {}
        for role in wide:
            groups.setdefault(role.coordinates, []).append(role)
        if groups:
            shared = [r for r in attributes if r.field not in self.spec.measures or r.field in ("households_due", "max_score", "issued", "responses")]
            own_measures = {r.field for r in wide}
            shared = [r for r in shared if r.field not in own_measures]
            touched = pl.repeat(value=False, n=self.rows.height, dtype=pl.Boolean, eager=True)
            for members in groups.values():
                touched = touched | self._group(shared, members)
        else:
            touched = self._group(attributes, [])
        self._skip_untouched(touched)
        return self.out

    # ------------------------------------------------------------------ rows and columns

    def _profile_rows(self, frame: pl.DataFrame) -> None:
        self.limits = (0, 1 << 60)
        profile = self.table.profile
        if profile:
            self.limits = ((profile.first_row or 1) - 1, (profile.last_row or (1 << 60)) - 1)
        del frame

    def _dropped(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Rows that a profile leaves out are skipped, and said to be."""
        profile = self.table.profile
        if not profile:
            return frame
        outside = (pl.col("row") < self.limits[0]) | (pl.col("row") > self.limits[1])
        outside = outside | (pl.col("row") + 1).is_in(list(profile.skip_rows))
        left = frame.filter(outside & (pl.col("fate") != "blank"))
        self.out.fates += [(row + 1, "skipped", "profile") for row in left["row"].to_list()]
        return frame.filter(~outside)

    def _cells(self, column: int) -> pl.Series:
        name = str(column)
        if name not in self.rows.columns:
            return pl.Series(name, [None] * self.rows.height, dtype=pl.String)
        return self.rows[name]

    def _read_columns(self) -> None:
        profile = self.table.profile
        for role in self.table.roles:
            if role.field is None or role.field in HELD:
                continue
            cells = self._filled_down(role)
            if profile:
                cells = _profiled_cells(cells, role, profile)
            percents = self._percents(role)
            values = read_values(self.kind, role, cells, self.context, percents)
            values = self._with_errors(role, values)
            if self._misread(role, values):
                zh, en = wording.misread_column(role.heading, self.kind, role.field)
                self._finding("unmapped_column", self.table.block.heading_rows[-1] + 1, role.column, role.field, role.heading, (zh, en))
                continue
            self.columns[role.column] = values

    def _percents(self, role: Role) -> pl.Series | None:
        if role.field != "reported_rate" or not self.grid.sheet.percents:
            return None
        shown = [(row, role.column) in self.grid.sheet.percents for row in self.index.to_list()]
        return pl.Series(shown, dtype=pl.Boolean)

    def _filled_down(self, role: Role) -> pl.Series:
        """Key columns: an empty cell that means "the same as above" takes the value above it."""
        cells = self._cells(role.column)
        if role.field not in KEYS or role.wide or cells.null_count() == 0:
            return cells
        if self.kind == "estates" and role.field == "estate":
            return cells
        merged = self._merged_down(role.column)
        filled = cells.to_list()
        rows = self.index.to_list()
        for place, row in enumerate(rows):
            if filled[place] is None and row in merged:
                filled[place] = merged[row]
        cells = pl.Series(cells.name, filled, dtype=pl.String)
        if cells.null_count() and self._written_once(role, cells):
            cells = self._carried(role, cells)
        return cells

    def _merged_down(self, column: int) -> dict[int, str]:
        found: dict[int, str] = {}
        for merge in self.grid.sheet.merges:
            if merge.left <= column <= merge.right and merge.bottom > merge.top and merge.top in self.table.block.body:
                value = self.grid.row(merge.top)[merge.left]
                if value is not None and not is_blank(value):
                    found.update(dict.fromkeys(range(merge.top + 1, merge.bottom + 1), value))
        return found

    def _written_once(self, role: Role, cells: pl.Series) -> bool:
        """Whether the blanks of a key column mean "the same as above" rather than "left out": names that are
        repeated where they hold again are not written once, and where nothing else tells the rows of one key
        apart, a blank is a gap."""
        present = cells.drop_nulls()
        if len(present) == 0 or cells[0] is None:
            return False
        repeated = (cells == cells.shift(1)).fill_null(value=False)
        if int(repeated.sum()) > 0 and role.field in ("estate", "subject"):
            return False
        if cells.null_count() < 0.05 * len(cells) and len(cells) > 40:
            return False
        if role.field in ("estate", "subject"):
            others = {r.field for r in self.table.roles if r.field and not r.wide} - {role.field}
            within = {
                "fees": {"period", "period_from", "building", "unit"},
                "costs": {"period", "period_from", "category", "item"},
                "income": {"period", "period_from", "category", "item"},
                "surveys": {"question", "period", "period_from"},
                "inspections": {"criterion", "period", "scorer"},
            }.get(self.kind)
            return within is None or bool(within & others)
        return True

    def _carried(self, role: Role, cells: pl.Series) -> pl.Series:
        """The value above, through notes and blank lines; a total line ends what an estate's name covers."""
        body = self.frame.select("row", "fate").with_columns(
            pl.col("row").replace_strict(self.index, cells, default=None, return_dtype=pl.String).alias("value")
        )
        if role.field in ("estate", "subject", "building"):
            run = (pl.col("fate") == "total").cum_sum()
            body = body.with_columns(pl.col("value").forward_fill().over(run))
        else:
            body = body.with_columns(pl.col("value").forward_fill())
        filled = body.filter(pl.col("fate") == "data")["value"]
        return filled.rename(cells.name)

    def _with_errors(self, role: Role, values: Values) -> Values:
        errors, uncached = self.grid.sheet.errors, self.grid.sheet.uncached
        if not errors and not uncached:
            return values
        rows = self.index.to_list()
        hit = [(row, role.column) in errors or (row, role.column) in uncached for row in rows]
        if not any(hit):
            return values
        raw = [errors.get((row, role.column), "=") if bad else text for row, bad, text in zip(rows, hit, values.raw.to_list(), strict=True)]
        return replace(
            values, raw=pl.Series(values.raw.name, raw, dtype=pl.String), bad=values.bad | pl.Series(hit, dtype=pl.Boolean)
        )

    def _misread(self, role: Role, values: Values) -> bool:
        if role.field in self.spec.required or role.field in ("answer", "period", "score", "amount_yuan") or role.wide:
            return False
        type_ = wording.field_words(self.kind, role.field or "")[2]
        if type_ not in _OPTIONAL_CHECKED:
            return False
        held = len(values.raw) - values.raw.null_count()
        return held >= 3 and int(values.bad.sum()) > MISREAD * held

    # ------------------------------------------------------------------ findings

    def _finding(
        self, code: str, row: int, column: int, field_name: str | None, raw: str | None, message: tuple[str, str]
    ) -> None:
        if (row, column, code) in self.told:
            return
        self.told.add((row, column, code))
        shown = mask_text(raw)[0] if raw else raw
        self.out.findings.append(
            Finding(
                code,
                _masked_message(message[0], raw, shown),
                _masked_message(message[1], raw, shown),
                self.sheet,
                address(row, column),
                self.kind,
                field_name,
                shown,
            )
        )

    def _heading_findings(self) -> None:
        row = self.table.block.heading_rows[-1]
        profile = self.table.profile
        for role in self.table.roles:
            if role.field == PERSONAL:
                self._finding("personal_data", row + 1, role.column, None, role.heading, wording.personal(heading=role.heading))
            elif role.field is None and role.heading and not (profile and profile.ignore_others):
                merge = self.grid.merge(row, role.column)
                at = merge.top if merge else row
                like = nearest(role.heading.split(" ")[-1], self.kind)
                self._finding("unmapped_column", at + 1, role.column, None, role.heading, wording.unmapped_column(role.heading, like))

    # ------------------------------------------------------------------ records

    def _group(self, attributes: Sequence[Role], members: Sequence[Role]) -> pl.Series:
        """Builds the records of one set of coordinates; returns which rows gave or lost a record."""
        roles = [*attributes, *members]
        sample = members[0] if members else None
        measured = members or [r for r in attributes if r.field in (*self.spec.measures, "deduction", "lonlat", "contract_span", "community")]
        if self.kind == "estates":
            measured = [r for r in attributes if r.field not in ("estate", "community", "street")] or list(attributes)
        present = pl.repeat(value=False, n=self.rows.height, dtype=pl.Boolean, eager=True)
        for role in measured:
            values = self.columns[role.column]
            present = present | values.raw.is_not_null()
        if not present.any():
            return present
        bad = {r.column: self.columns[r.column].bad for r in roles}
        frame = self._typed(roles, sample)
        layout = self._layout(roles)
        frame = frame.with_columns(pl.lit(layout, dtype=pl.UInt32).alias("layout"))
        frame, more_bad = self._completed(frame, roles, sample)
        wrong = pl.repeat(value=False, n=self.rows.height, dtype=pl.Boolean, eager=True)
        for mask in bad.values():
            wrong = wrong | mask
        missing = self._missing(frame, roles, present)
        for mask, _, _ in missing:
            wrong = wrong | mask
        for mask, *_ in more_bad:
            wrong = wrong | mask
        wrong = wrong & present
        self._tell(roles, bad, more_bad, missing, present, layout)
        keep = present & ~wrong
        frame = frame.filter(keep)
        if self._household_rows():
            frame, counted = count_households(frame)
            self.out.counted.append(counted)
        self.out.records.append(frame)
        self._categories(roles, sample, keep)
        return present

    def _household_rows(self) -> bool:
        """Whether a table of fees lists households: a column of rooms or names was dropped from it."""
        if self.kind != "fees":
            return False
        profile = self.table.profile
        if profile and profile.add_up:
            return True
        return any(
            r.field == PERSONAL and re.search(r"房|室|门牌|户号|户主|业主|姓名|住户", r.heading) for r in self.table.roles
        )

    def _typed(self, roles: Sequence[Role], sample: Role | None) -> pl.DataFrame:
        columns: dict[str, pl.Series] = {}
        for role in roles:
            values = self.columns[role.column]
            name = role.field or ""
            if name in columns:
                columns[name] = columns[name].zip_with(columns[name].is_not_null(), values.values)
            else:
                columns[name] = values.values
            for extra, series in values.extra.items():
                columns[f"{name}.{extra}"] = series
        frame = pl.DataFrame({name: series for name, series in columns.items()})
        if frame.width == 0:
            frame = pl.DataFrame({"_": [None] * self.rows.height})
        constants = self._constants(sample)
        given = [pl.lit(value).alias(name) for name, value in constants.items() if name not in frame.columns]
        frame = frame.with_columns(
            pl.lit(self.sheet).alias("source_sheet"), (self.index + 1).alias("source_row"), *given
        )
        profile = self.table.profile
        if profile:
            fills = [pl.col(n).fill_null(pl.lit(v)) for n, v in profile.defaults.items() if n in frame.columns]
            frame = frame.with_columns(fills)
        return frame

    def _constants(self, sample: Role | None) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if sample is not None:
            if sample.category:
                found["category"] = sample.category
            if sample.item:
                found["item"] = sample.item
            if sample.question:
                found["question"] = _question(sample.question)
            if sample.criterion:
                found["criterion"] = sample.criterion
            if sample.scorer:
                found["scorer"] = sample.scorer
            if sample.maximum and self.kind == "inspections":
                found["max_score"] = sample.maximum
        profile = self.table.profile
        if profile:
            found |= {k: v for k, v in profile.constants.items() if k not in ("period",)}
            if profile.question and "question" not in found:
                found["question"] = profile.question
        return found

    def _layout(self, roles: Sequence[Role]) -> int:
        columns = {r.field: r.column for r in reversed(roles) if r.field}
        if "period" in columns or "period_from" in columns:
            columns.setdefault("period_start", columns.get("period", columns.get("period_from", 0)))
            columns.setdefault("period_end", columns.get("period", columns.get("period_to", columns["period_start"])))
        if "reported_rate" in columns:
            columns.setdefault("satisfied_total", columns["reported_rate"])
        if "deduction" in columns:
            columns.setdefault("score", columns["deduction"])
        if "lonlat" in columns:
            columns.setdefault("lon", columns["lonlat"])
            columns.setdefault("lat", columns["lonlat"])
        if "contract_span" in columns:
            columns.setdefault("contract_end", columns["contract_span"])
            columns.setdefault("takeover_date", columns["contract_span"])
        if self.kind == "inspections" and "estate" in columns:
            columns.setdefault("subject", columns["estate"])
        self.out.layouts.append(
            Layout(
                sheet=self.sheet,
                kind=self.kind,
                columns=columns,
                contexts=self.context.texts,
                first_column=self.table.block.left,
            )
        )
        return len(self.out.layouts) - 1

    def _completed(
        self, frame: pl.DataFrame, roles: Sequence[Role], sample: Role | None
    ) -> tuple[pl.DataFrame, list[tuple[pl.Series, Role, str]]]:
        """Adds what the sheet says indirectly: periods, totals, defaults; and what turned out unreadable doing so."""
        problems: list[tuple[pl.Series, Role, str]] = []
        if self.spec.has_period:
            frame, problems = self._with_period(frame, roles, sample)
        complete = {
            "estates": self._estates, "surveys": self._surveys, "inspections": self._inspections, "events": self._events,
            "tickets": self._tickets, "costs": self._money_rows, "income": self._money_rows,
        }.get(self.kind)  # fmt: skip
        if complete:
            frame, more = complete(frame, roles)
            problems += more
        return self._shaped(frame), problems

    def _shaped(self, frame: pl.DataFrame) -> pl.DataFrame:
        extras = {"estates": {"fee_yuan_per_household_month": pl.Float64}, "events": {"type_words": pl.String}}.get(self.kind, {})
        columns: dict[str, Any] = {f.name: POLARS_TYPE[f.type] for f in self.spec.fields} | extras
        out = [
            (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype, strict=False).alias(name) for name, dtype in columns.items()
        ]
        return frame.select(*out, "source_sheet", "source_row", "layout")

    def _with_period(
        self, frame: pl.DataFrame, roles: Sequence[Role], sample: Role | None
    ) -> tuple[pl.DataFrame, list[tuple[pl.Series, Role, str]]]:
        by_field = {r.field: r for r in roles}
        part = sample.part if sample else None
        profile = self.table.profile
        n = frame.height
        constant = read_period(profile.period) if profile and profile.period else self.context.period([part] if part else [])
        start = pl.Series([constant.start if constant else None] * n, dtype=pl.Date)
        end = pl.Series([constant.end if constant else None] * n, dtype=pl.Date)
        problems: list[tuple[pl.Series, Role, str]] = []
        if "period" in by_field:
            role = by_field["period"]
            raw = self.columns[role.column].raw
            if part is not None:
                start, end = self._joined(raw, part)
            else:
                column = read_periods(raw, self.context.year)
                start = column.start.zip_with(column.start.is_not_null(), start if raw.null_count() == 0 else _only(start, raw.is_null()))
                end = column.end.zip_with(column.end.is_not_null(), end if raw.null_count() == 0 else _only(end, raw.is_null()))
                problems.append((column.bad, role, "period"))
        elif "period_from" in by_field:
            first = self.columns[by_field["period_from"].column]
            start = first.values.zip_with(first.values.is_not_null(), start)
            if "period_to" in by_field:
                last = self.columns[by_field["period_to"].column]
                end = last.values.zip_with(last.values.is_not_null(), end)
        elif "submitted_at" in by_field and constant is None:
            moment = self.columns[by_field["submitted_at"].column].values
            start = moment.dt.date().dt.month_start()
            end = moment.dt.date().dt.month_end()
        return frame.with_columns(start.alias("period_start"), end.alias("period_end")), problems

    def _joined(self, raw: pl.Series, part: Part) -> tuple[pl.Series, pl.Series]:
        """The period of a month heading in a row that names its own year."""
        table = {}
        for text in raw.unique().to_list():
            own = None
            if text is not None:
                found = read_period(text, self.context.year)
                own = Part(year=found.start.year) if found else None
            table[text] = self.context.period([part, own] if own else [part])
        found_all = [table[text] for text in raw.to_list()]
        return (
            pl.Series([p.start if p else None for p in found_all], dtype=pl.Date),
            pl.Series([p.end if p else None for p in found_all], dtype=pl.Date),
        )

    def _estates(self, frame: pl.DataFrame, roles: Sequence[Role]) -> tuple[pl.DataFrame, list[tuple[pl.Series, Role, str]]]:
        by_field = {r.field: r for r in roles}
        problems: list[tuple[pl.Series, Role, str]] = []
        if "lonlat" in by_field:
            pair = frame["lonlat"].str.extract_groups(r"(-?\d+(?:\.\d+)?)\D+?(-?\d+(?:\.\d+)?)\D*$")
            first = pair.struct.field("1").cast(pl.Float64, strict=False)
            second = pair.struct.field("2").cast(pl.Float64, strict=False)
            swap = (first.abs() < second.abs()).fill_null(value=False)
            frame = frame.with_columns(second.zip_with(swap, first).alias("lon"), first.zip_with(swap, second).alias("lat"))
            problems.append((frame["lonlat"].is_not_null() & first.is_null(), by_field["lonlat"], "lon"))
        datum = next((r.datum for r in roles if r.field in ("lon", "lat", "lonlat") and r.datum), None)
        if datum and "lon" in frame.columns and "lat" in frame.columns:
            lon, lat = to_wgs84(frame["lon"].cast(pl.Float64).to_numpy(), frame["lat"].cast(pl.Float64).to_numpy(), datum)  # type: ignore[arg-type]
            frame = frame.with_columns(pl.Series("lon", lon).fill_nan(None), pl.Series("lat", lat).fill_nan(None))
        if "contract_span" in by_field:
            halves = frame["contract_span"].str.split_exact("-", 5)
            del halves
            frame = frame.with_columns(*_span_columns(frame["contract_span"], frame.columns))
        if "fee_yuan_per_m2_month.fee_yuan_per_household_month" in frame.columns:
            role = by_field["fee_yuan_per_m2_month"]
            values = self.columns[role.column]
            for place in values.extra["ranges"].arg_true().to_list():
                text = str(values.raw[place])
                self._finding("unmapped_column", self.index[place] + 1, role.column, role.field, text, wording.fee_range(text))
            frame = frame.rename({"fee_yuan_per_m2_month.fee_yuan_per_household_month": "fee_yuan_per_household_month"})
        return frame, problems

    def _surveys(self, frame: pl.DataFrame, roles: Sequence[Role]) -> tuple[pl.DataFrame, list[tuple[pl.Series, Role, str]]]:
        names = set(frame.columns)
        levels = [level for level in LEVELS if level in names]
        if "responses" not in names and len(levels) >= 3:
            frame = frame.with_columns(pl.sum_horizontal(levels).alias("responses"))
        total: pl.Expr | None = None
        if "very_satisfied" in names and "satisfied" in names:
            total = pl.col("very_satisfied").fill_null(0) + pl.col("satisfied")
        elif "satisfied" in names and ("dissatisfied" in names or "neutral" in names):
            total = pl.col("satisfied")
        options = [total] if total is not None else []
        if "satisfied_total" in names:
            options.append(pl.col("satisfied_total"))
        if "reported_rate" in names and ("responses" in frame.columns):
            options.append((pl.col("reported_rate") * pl.col("responses")).round(0).cast(pl.Int64, strict=False))
        if options:
            frame = frame.with_columns(pl.coalesce(*options).alias("satisfied_total"))
        if "question" in frame.columns:
            texts = {t: _question(t) for t in frame["question"].drop_nulls().unique().to_list()}
            frame = frame.with_columns(pl.col("question").replace(texts).fill_null("总体"))
        else:
            frame = frame.with_columns(pl.lit("总体").alias("question"))
        for name, value in (("mode", self.context.mode()), ("conducted_by", self.context.conducted_by())):
            if name not in names:
                frame = frame.with_columns(pl.lit(value, dtype=pl.String).alias(name))
        del roles
        return frame, []

    def _inspections(self, frame: pl.DataFrame, roles: Sequence[Role]) -> tuple[pl.DataFrame, list[tuple[pl.Series, Role, str]]]:
        names = set(frame.columns)
        if "estate" in names:
            frame = frame.with_columns(pl.col("estate").alias("subject"), pl.lit("estate").alias("subject_kind"))
        elif "subject" in names:
            looks = pl.col("subject").str.contains(r"公司|企业|物业|集团|服务中心")
            frame = frame.with_columns(pl.when(looks).then(pl.lit("company")).otherwise(pl.lit(None)).alias("subject_kind"))
        if "deduction" in names and "score" not in names and "max_score" in frame.columns:
            frame = frame.with_columns((pl.col("max_score") - pl.col("deduction").abs().fill_null(0)).alias("score"))
        if "criterion" not in frame.columns:
            frame = frame.with_columns(pl.lit("总分").alias("criterion"))
        del roles
        return frame, []

    def _events(self, frame: pl.DataFrame, roles: Sequence[Role]) -> tuple[pl.DataFrame, list[tuple[pl.Series, Role, str]]]:
        names = set(frame.columns)
        words = frame["event_type"] if "event_type" in names else frame["note"]
        types = {t: event_type_of(t) for t in words.drop_nulls().unique().to_list()}
        frame = frame.with_columns(words.alias("type_words"), words.replace(types).alias("event_type"))
        if "note" in names:
            frame = frame.with_columns(pl.coalesce("note", "type_words").alias("note"))
        else:
            frame = frame.with_columns(pl.col("type_words").alias("note"))
        if "company" not in names:
            found = frame["note"].str.extract(_COMPANY.pattern, 1)
            told = frame["event_type"].is_in(["company_in", "company_out"])
            frame = frame.with_columns(pl.Series("company", [c if t else None for c, t in zip(found, told, strict=True)], dtype=pl.String))
        if "value" not in names:
            amounts = frame["note"].str.extract_all(r"\d+(?:\.\d+)?(?:\s*元)").list.last().str.extract(r"(\d+(?:\.\d+)?)", 1)
            fee = frame["event_type"] == "fee_changed"
            frame = frame.with_columns(
                pl.Series("value", [float(a) if a and f else None for a, f in zip(amounts, fee, strict=True)], dtype=pl.Float64)
            )
        del roles
        return frame, []

    def _tickets(self, frame: pl.DataFrame, roles: Sequence[Role]) -> tuple[pl.DataFrame, list[tuple[pl.Series, Role, str]]]:
        """A moment given as a date alone, on the day of opening, is never before the opening."""
        if "opened_at" in frame.columns:
            for name in ("closed_at", "responded_at", "dispatched_at"):
                if name in frame.columns and f"{name}.has_time" in frame.columns:
                    same_day = pl.col(name).dt.date() == pl.col("opened_at").dt.date()
                    alone = ~pl.col(f"{name}.has_time").fill_null(value=True)
                    frame = frame.with_columns(
                        pl.when(alone & same_day & (pl.col(name) < pl.col("opened_at"))).then("opened_at").otherwise(name).alias(name)
                    )
        del roles
        return frame, []

    def _money_rows(self, frame: pl.DataFrame, roles: Sequence[Role]) -> tuple[pl.DataFrame, list[tuple[pl.Series, Role, str]]]:
        by_field = {r.field: r for r in roles}
        if "category" not in by_field:
            if "category" not in frame.columns and "item" in by_field:
                known = {t: category_of(t, self.kind) for t in frame["item"].drop_nulls().unique().to_list()}
                other = "其他" if self.kind == "costs" else "其他收入"
                frame = frame.with_columns(pl.col("item").replace_strict(known, default=None, return_dtype=pl.String).fill_null(other).alias("category"))
            elif "category" not in frame.columns:
                frame = frame.with_columns(pl.lit("其他" if self.kind == "costs" else "其他收入").alias("category"))
            return frame, []
        other = "其他" if self.kind == "costs" else "其他收入"
        texts = frame["category"].drop_nulls().unique().to_list()
        known = {t: category_of(t, self.kind) for t in texts}
        spellings: dict[str, set[str]] = {}
        for text, category in known.items():
            spellings.setdefault(category or other, set()).add(plain(text))
        keep_words = {t for t, c in known.items() if c is None or (len(spellings[c]) > 1 and plain(t) != c)}
        if keep_words:
            words = frame["category"].replace_strict({t: plain(t) for t in keep_words}, default=None, return_dtype=pl.String)
            if "item" in frame.columns:
                both = pl.Series([w if i is None else i for w, i in zip(words, frame["item"], strict=True)], dtype=pl.String)
                words = both
            frame = frame.with_columns(words.alias("item"))
        return frame.with_columns(
            pl.col("category").replace_strict({t: c or other for t, c in known.items()}, default=None, return_dtype=pl.String)
        ), []

    def _categories(self, roles: Sequence[Role], sample: Role | None, keep: pl.Series) -> None:
        """One finding for each cell whose category became 其他."""
        if self.kind not in ("costs", "income"):
            return
        other = "其他" if self.kind == "costs" else "其他收入"
        if sample is not None and sample.item and keep.any():
            row = self.table.block.heading_rows[-1] + 1
            self._finding("unmapped_category", row, sample.column, "category", sample.item, wording.unmapped_category(sample.item, other))
        role = next((r for r in roles if r.field == "category"), None)
        if role is None:
            return
        raw = self.columns[role.column].values
        unknown = {t for t in raw.drop_nulls().unique().to_list() if category_of(t, self.kind) is None}
        told: set[str] = set()
        for place in (raw.is_in(list(unknown)) & keep).arg_true().to_list() if unknown else []:
            text = str(raw[place])
            if text in told:
                continue
            told.add(text)
            self._finding("unmapped_category", self.index[place] + 1, role.column, "category", text, wording.unmapped_category(text, other))

    def _missing(
        self, frame: pl.DataFrame, roles: Sequence[Role], present: pl.Series
    ) -> list[tuple[pl.Series, str, int]]:
        """Which rows lack a key or a required field that no context tells (an estate may still come from it)."""
        found: list[tuple[pl.Series, str, int]] = []
        by_field = {r.field: r for r in roles}
        wanted = [name for name in self.spec.required if name not in ("estate", "subject", "category")]
        if self.spec.has_period:
            wanted.append("period_start")
        if self.kind == "events":
            wanted = ["event_date", "event_type"]
        for name in wanted:
            mask = frame[name].is_null() & present
            role = by_field.get(name) or (by_field.get("period") or by_field.get("period_from") if name == "period_start" else None)
            if name == "score":
                role = role or by_field.get("deduction")
            if role is not None:
                mask = mask & ~self.columns[role.column].bad
            if mask.any():
                found.append((mask, name, role.column if role else self.table.block.left))
        for name in ("estate", "subject", "category"):
            role = by_field.get(name) or (by_field.get("estate") if name == "subject" else None)
            if name not in self.spec.required or role is None or (name == "category" and "category" not in by_field):
                continue
            column = "subject" if name == "subject" else name
            mask = frame[column].is_null() & present
            if mask.any():
                found.append((mask, name, role.column))
        return found

    def _tell(  # noqa: C901
        self,
        roles: Sequence[Role],
        bad: dict[int, pl.Series],
        more_bad: Sequence[tuple[pl.Series, Role, str]],
        missing: Sequence[tuple[pl.Series, str, int]],
        present: pl.Series,
        layout: int,
    ) -> None:
        """Findings of the records that are kept out, those records in quarantine, and what was masked."""
        reasons: dict[int, tuple[str, int, tuple[str, str]]] = {}
        for role in roles:
            for place in (bad[role.column] & present).arg_true().to_list():
                text = str(self.columns[role.column].raw[place])
                name = role.field or ""
                at = (self.index[place], role.column)
                message = wording.uncached(self.kind, name) if at in self.grid.sheet.uncached else wording.unparseable(self.kind, name, text)
                self._finding("unparseable", self.index[place] + 1, role.column, name, text, message)
                reasons.setdefault(place, ("unparseable", role.column, message))
        for mask, role, name in more_bad:
            for place in (mask & present).arg_true().to_list():
                text = str(self.columns[role.column].raw[place])
                message = wording.unparseable(self.kind, name, text)
                self._finding("unparseable", self.index[place] + 1, role.column, name, text, message)
                reasons.setdefault(place, ("unparseable", role.column, message))
        for mask, name, column in missing:
            for place in mask.arg_true().to_list():
                message = wording.missing(self.kind, name)
                self._finding("missing_value", self.index[place] + 1, column, name, None, message)
                reasons.setdefault(place, ("missing_value", column, message))
        for place, (code, column, message) in sorted(reasons.items()):
            self._quarantine(place, roles, code, column, message)
        for role in roles:
            masked = self.columns[role.column].masked
            if masked is None:
                continue
            for place in (masked & present).arg_true().to_list():
                raw = str(self.columns[role.column].raw[place])
                _, kinds = mask_text(raw)
                shown = str(self.columns[role.column].values[place])
                self._finding("personal_data", self.index[place] + 1, role.column, role.field, shown, wording.personal(kinds))
        del layout

    def _quarantine(self, place: int, roles: Sequence[Role], code: str, column: int, message: tuple[str, str]) -> None:
        content = {}
        for role in roles:
            raw = self.columns[role.column].raw[place]
            if raw is not None:
                content[role.heading or role.field or ""] = mask_text(str(raw))[0]
        row = self.index[place] + 1
        self.out.quarantine.append(
            {
                "kind": self.kind,
                "source_sheet": self.sheet,
                "source_row": row,
                "source_cell": address(row, column),
                "code": code,
                "reason_zh": mask_text(message[0])[0],
                "reason_en": mask_text(message[1])[0],
                "content": json.dumps(content, ensure_ascii=False),
            }
        )

    def _skip_untouched(self, touched: pl.Series) -> None:
        for row in self.index.filter(~touched).to_list():
            self.out.fates.append((row + 1, "skipped", "no value"))
        for row in self.index.filter(touched).to_list():
            self.out.fates.append((row + 1, "data", ""))

    def _questionnaire(self, attributes: Sequence[Role], answers: Sequence[Role]) -> None:
        """Counts questionnaires, one a row, into one record per estate, period and question."""
        present = pl.repeat(value=False, n=self.rows.height, dtype=pl.Boolean, eager=True)
        for role in answers:
            present = present | self.columns[role.column].raw.is_not_null()
        roles = [*attributes, *answers]
        layout = self._layout(roles)
        frame = self._typed(attributes, None)
        frame, problems = self._with_period(frame, attributes, None)
        bad = {r.column: self.columns[r.column].bad for r in roles}
        missing: list[tuple[pl.Series, str, int]] = []
        estate = next((r for r in attributes if r.field == "estate"), None)
        if estate is not None and (frame["estate"].is_null() & present).any():
            missing.append((frame["estate"].is_null() & present, "estate", estate.column))
        if (frame["period_start"].is_null() & present).any():
            missing.append((frame["period_start"].is_null() & present, "period_start", self.table.block.left))
        self._tell(roles, bad, problems, missing, present, layout)
        wrong = pl.repeat(value=False, n=self.rows.height, dtype=pl.Boolean, eager=True)
        for mask in [*bad.values(), *(m for m, *_ in problems), *(m for m, *_ in missing)]:
            wrong = wrong | mask
        keep = present & ~wrong
        kept = frame.filter(keep)
        if "estate" not in kept.columns:
            kept = kept.with_columns(pl.lit(None, dtype=pl.String).alias("estate"))
        for role in answers:
            text = _question(role.question or role.heading)
            counted, trace = count_answers(kept, self.columns[role.column].values.filter(keep), text)
            counted = counted.with_columns(
                pl.lit(self.context.mode(), dtype=pl.String).alias("mode"),
                pl.lit(self.context.conducted_by(), dtype=pl.String).alias("conducted_by"),
                pl.lit(layout, dtype=pl.UInt32).alias("layout"),
                pl.lit(self.sheet).alias("source_sheet"),
            )
            self.out.records.append(self._shaped(counted))
            self.out.counted.append(trace.with_columns(pl.lit(self.sheet).alias("source_sheet")))
        self._skip_untouched(present)


def _only(series: pl.Series, mask: pl.Series) -> pl.Series:
    """The values where the mask holds, null elsewhere."""
    return pl.select(pl.when(mask).then(series).otherwise(None)).to_series().cast(series.dtype)


def _question(text: str) -> str:
    from pipelines.reading.answers import question_text  # noqa: PLC0415

    return question_text(text)


def _span_columns(spans: pl.Series, present: Sequence[str]) -> list[pl.Series]:
    """First and last day of texts such as `2022.1.1-2025.12.31` or `2022年1月1日至2025年12月31日`."""
    out = []
    starts, ends = [], []
    for text in spans.to_list():
        found = read_period(text) if text else None
        starts.append(found.start if found else None)
        ends.append(found.end if found else None)
    if "takeover_date" not in present:
        out.append(pl.Series("takeover_date", starts, dtype=pl.Date))
    if "contract_end" not in present:
        out.append(pl.Series("contract_end", ends, dtype=pl.Date))
    return out


def _masked_message(message: str, raw: str | None, shown: str | None) -> str:
    return message.replace(raw, shown) if raw and shown and raw != shown else message


def _profiled_cells(cells: pl.Series, role: Role, profile: Any) -> pl.Series:
    """The cells of a column as a profile reads them: its blanks emptied."""
    blanks = [text for text in cells.drop_nulls().unique().to_list() if profile.is_blank(text)]
    del role
    if not blanks:
        return cells
    frame = cells.to_frame("c").select(pl.when(pl.col("c").is_in(blanks)).then(None).otherwise("c").alias("c"))
    return frame["c"].rename(cells.name)


def _profile_context(context: Context, table: Table) -> Context:
    profile = table.profile
    if profile and profile.year:
        return replace(context, parts=(Part(year=profile.year), *context.parts))
    return context
