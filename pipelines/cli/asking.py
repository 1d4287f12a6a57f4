"""The commands that ask for figures: sql, metrics, trace and sample."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from pipelines.cli.faults import on_published
from pipelines.cli.options import Formatted, Spoken, Warehouse
from pipelines.cli.speaking import out, stop
from pipelines.warehouse import chosen_folder
from pipelines.words import say


def sql(
    query: Annotated[str, typer.Argument(metavar="SELECT", help="一条查询语句 / one query")],
    warehouse: Warehouse = None,
    form: Formatted = "table",
    lang: Spoken = "zh",
) -> None:
    """在数据仓库上做只读查询 / ask the warehouse one read-only question."""
    from pipelines import querying

    folder = chosen_folder(warehouse)
    try:
        with on_published(lang, folder):
            answer = querying.ask(folder, query)
    except querying.RefusedError as refused:
        stop(say(refused.reason, lang, what=refused.what))
    out(querying.printed(answer, form))


def metrics(
    period: Annotated[
        str,
        typer.Option(
            "--period",
            metavar="P",
            help="2025、2025H1、2025Q1、2025-03、2025-W10 或 2025-01-01..2025-03-31 / the period",
        ),
    ],
    *,
    by: Annotated[
        str,
        typer.Option("--by", help="按什么分 / by: estate, company, community, street, governance_mode, peer_group"),
    ] = "street",
    subject: Annotated[list[str] | None, typer.Option("--subject", help="只看这些，可重复 / only these")] = None,
    metric: Annotated[list[str] | None, typer.Option("--metric", help="只看这些指标 / only these metrics")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="截止日，默认数据所知的最后一天 / as of which date")
    ] = None,
    basis: Annotated[str | None, typer.Option("--basis", help="收缴率等的口径 / on which basis")] = None,
    with_excluded: Annotated[
        bool, typer.Option("--with-excluded", help="把剔除的工单也算上 / count excluded tickets too")
    ] = False,
    shrunk: Annotated[
        bool,
        typer.Option(
            "--shrunk",
            help="比例旁另给收缩估计：样本少的向同级全体靠拢 / beside shares, what more cases would probably show",
        ),
    ] = False,
    funnel: Annotated[
        bool,
        typer.Option(
            "--funnel",
            help="比例、频次旁另给漏斗图界限：差异是否只因规模小 / beside rates, the funnel limits for that size",
        ),
    ] = False,
    known_share: Annotated[
        bool,
        typer.Option(
            "--known-share",
            help="JSON、CSV 里另给三率的已知比例 / in JSON and CSV, for what share of the tickets a rate is known",
        ),
    ] = False,
    warehouse: Warehouse = None,
    form: Formatted = "table",
    lang: Spoken = "zh",
) -> None:
    """各项指标，连同样本、区间、覆盖、说明 / the metrics with their samples, intervals, coverage and caveats."""
    from pipelines import asking_metrics
    from pipelines.warehouse import open_published

    folder = chosen_folder(warehouse)
    subjects, named = tuple(subject or ()), tuple(metric or ())
    asked = asking_metrics.Asked(period, by, subjects, named, as_of, basis, with_excluded, shrunk, funnel, known_share)
    try:
        with on_published(lang, folder):
            answer = asking_metrics.answer(open_published(folder), asked, form, lang)
    except asking_metrics.NotAskedRightError as fault:
        stop(say(fault.reason, lang, **fault.values))
    out(answer)


def trace(
    code: Annotated[
        str, typer.Argument(metavar="CODE", help="数字旁的编号，如 2025Q2-7K2QX / the code beside a figure")
    ],
    *,
    warehouse: Warehouse = None,
    form: Formatted = "table",
    lang: Spoken = "zh",
) -> None:
    """一个数字从哪里来：口径、分子、分母，直到单元格 / where a figure comes from, down to the cells."""
    from pipelines.metrics.desk import OldWarehouseError
    from pipelines.tracing import codes, printing
    from pipelines.warehouse import open_published

    folder = chosen_folder(warehouse)
    try:
        with on_published(lang, folder), closing(open_published(folder)) as connection:
            found = printing.trails(connection, code)
    except OldWarehouseError:
        stop(say("warehouse_old", lang))
    except codes.UnknownCodeError:
        stop(say("code_unknown", lang, code=code))
    out(printing.printed(found, form, lang))


def sample(
    households: Annotated[
        list[int], typer.Argument(metavar="HOUSEHOLDS...", help="户数，可写多个 / how many households")
    ],
    *,
    margin: Annotated[
        float, typer.Option("--margin", help="误差，5 个百分点写 0.05 / the margin: 0.05 for 5 points either way")
    ] = 0.05,
    form: Formatted = "table",
    lang: Spoken = "zh",
) -> None:
    """满意度调查要收回多少份答卷才够（95% 置信）/ how many households must answer a survey (at 95 % confidence)."""
    from pipelines.metrics import sampling

    try:
        answer = sampling.samples(households, margin, form, lang)
    except sampling.SampleError as fault:
        stop(say(fault.reason, lang, given=fault.given))
    out(answer)
