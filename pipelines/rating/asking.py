"""Turns what was typed after `lianping rate` into a rating, a wrong word into the valid ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipelines.analysis.rating.results import Rating
from pipelines.analysis.rating.rubric import By
from pipelines.mending.toml_lines import SettingsError
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.desk import OldWarehouseError, open_desk
from pipelines.metrics.periods import PeriodError, read_period
from pipelines.rating.entered import FOLDER, EntryFault, read_entries
from pipelines.rating.evidence import Given
from pipelines.rating.printing import as_csv, as_json, as_table
from pipelines.rating.rating import SEED, rate
from pipelines.rating.rubric_files import DEFAULT, RubricError, RubricFile, presets, read_rubric
from pipelines.settings import load_settings
from pipelines.told import ToldError
from pipelines.words import Language, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipelines.warehouse import Connection

BYS: Final = ("company", "estate")


@dataclass(frozen=True)
class Asked:
    """The options as they were typed. `rubric`: the id of one that comes with the program, or a file."""

    period: str
    by: str = "company"
    rubric: str | None = None
    as_of: str | None = None
    seed: int | None = None
    entries: Path | None = None


class NotRatedError(ToldError):
    """It can't be rated as asked; `zh` and `en` say why and what to type."""


def answer(connection: Connection, asked: Asked, form: str, lang: Language) -> tuple[str, tuple[EntryFault, ...]]:
    """What is printed, and the files of entries that could not be read. The connection is closed.

    Raises NotRatedError.
    """
    try:
        rating, faults = rating_of(connection, asked)
    finally:
        connection.close()
    if form == "json":
        return as_json(rating), faults
    return (as_csv(rating) if form == "csv" else as_table(rating, lang)), faults


def rating_of(connection: Connection, asked: Asked) -> tuple[Rating, tuple[EntryFault, ...]]:
    """The rating asked for, and the files of entries that could not be read. Raises NotRatedError."""
    if asked.by not in BYS:
        zh, en = "company（物业公司）、estate（小区）", "company, estate"
        raise NotRatedError(f"不能按“{asked.by}”评星，可用的有：{zh}", f'can\'t rate by "{asked.by}"; there are: {en}')
    try:
        desk = open_desk(connection)
        period = read_period(asked.period)
        as_of = date.fromisoformat(asked.as_of) if asked.as_of else None
    except OldWarehouseError as fault:
        raise NotRatedError(say("warehouse_old", "zh"), say("warehouse_old", "en")) from fault
    except PeriodError as fault:
        told = {"given": fault.text}
        raise NotRatedError(say("period_unknown", "zh", **told), say("period_unknown", "en", **told)) from fault
    except ValueError as fault:
        told = {"given": asked.as_of or ""}
        raise NotRatedError(say("date_unknown", "zh", **told), say("date_unknown", "en", **told)) from fault
    rubric = chosen_rubric(asked.rubric, desk.metrics)
    entries, faults = read_entries(asked.entries or FOLDER)
    by: By = "estate" if asked.by == "estate" else "company"
    rating = rate(
        desk, rubric, period, by, given=Given(entries), as_of=as_of, seed=SEED if asked.seed is None else asked.seed
    )
    return rating, faults


def in_force(inbox: Path) -> str:
    """The rubric that the street's settings name: a file beside them, or the id of one that comes with the program.

    Raises NotRatedError where the settings can't be read.
    """
    try:
        named = load_settings(inbox).rubric
    except SettingsError as fault:
        zh, en = f"{fault.file} 第 {fault.line} 行：{fault.zh}", f"{fault.file}, line {fault.line}: {fault.en}"
        raise NotRatedError(zh, en) from fault
    beside = inbox / named
    return str(beside) if beside.is_file() else named


def chosen_rubric(given: str | None, metrics: Mapping[str, Metric]) -> RubricFile:
    """The rubric of that id or file; the alliance's where none is named. Raises NotRatedError."""
    known = presets()
    path = DEFAULT if given in (None, "default") else known.get(str(given), Path(str(given)))
    try:
        return read_rubric(path, metrics, path.name if path in known.values() else str(path))
    except RubricError as fault:
        where_zh, where_en = f"{fault.file} 第 {fault.line} 行", f"{fault.file}, line {fault.line}"
        raise NotRatedError(
            f"细则有误，{where_zh}：{fault.zh}", f"the rubric is wrong: {where_en}: {fault.en}"
        ) from fault
    except OSError as fault:
        ids = "、".join(known)
        zh = f"打不开细则“{path}”。自带的有：{ids}；也可以写文件的路径"
        en = f'can\'t open the rubric "{path}". There are: {", ".join(known)}; or give the path of a file'
        raise NotRatedError(zh, en) from fault
