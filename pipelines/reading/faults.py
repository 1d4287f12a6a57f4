"""Tells what is wrong, missing, masked or unknown in a table, and keeps out the records that it spoils."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipelines.mending.personal import mask_text
from pipelines.reading import wording
from pipelines.reading.body import Body, Gap, Problem
from pipelines.reading.completing import OTHER
from pipelines.reading.headings import PERSONAL, category_of, nearest
from pipelines.reading.roles import Role


def tell_headings(body: Body) -> None:
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


def gaps_of(
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


def tell_faults(
    body: Body, roles: Sequence[Role], problems: Sequence[Problem], gaps: Sequence[Gap], present: pl.Series
) -> pl.Series:
    """Findings of what is wrong or masked, the records concerned in quarantine; returns the rows kept out."""
    reasons = _reasons(body, problems, gaps, present)
    for place, (code, column, message) in sorted(reasons.items()):
        body.keep_out(place, roles, code, column, message)
    _tell_masked(body, roles, present)
    if not reasons:
        return body.none()
    return pl.Series([place in reasons for place in range(body.rows.height)], dtype=pl.Boolean)


def _reasons(
    body: Body, problems: Sequence[Problem], gaps: Sequence[Gap], present: pl.Series
) -> dict[int, tuple[str, int, tuple[str, str]]]:
    """Tells each fault; returns the first of each record, by its place: code, column and words."""
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
    return reasons


def _tell_masked(body: Body, roles: Sequence[Role], present: pl.Series) -> None:
    for role in roles:
        values = body.columns[role.key]
        if values.masked is None:
            continue
        for place in (values.masked & present).arg_true().to_list():
            message = wording.personal(mask_text(body.raw(place, role))[1])
            body.tell("personal_data", body.index[place] + 1, role, role.field, str(values.values[place]), message)


def tell_categories(body: Body, roles: Sequence[Role], sample: Role | None, keep: pl.Series) -> None:
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
