"""The command for the star rating: of a period, of a round, and of what was sealed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.faults import on_published
from pipelines.cli.options import DEFAULT_INBOX, Formatted, Spoken, Warehouse
from pipelines.cli.speaking import out, print_aside, stop
from pipelines.told import in_language
from pipelines.warehouse import chosen_folder
from pipelines.words import say


def rate(
    period: Annotated[str, typer.Option("--period", metavar="P", help="评哪一期，如 2025H1 / the period")] = "",
    *,
    rubric: Annotated[
        str | None, typer.Option("--rubric", metavar="FILE", help="细则的编号或文件，默认用现行的 / the rubric")
    ] = None,
    by: Annotated[str, typer.Option("--by", help="评谁 / who is rated: company, estate")] = "company",
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="截止日 / as of which date")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="模拟的种子 / seed of the draws")] = None,
    entries: Annotated[
        Path | None, typer.Option("--entries", metavar="DIR", help="登记的否决、加减分 / vetoes and items entered")
    ] = None,
    in_round: Annotated[
        str, typer.Option("--round", metavar="ID", help="某一轮评定的结果 / the result of a round")
    ] = "",
    trial: Annotated[
        bool, typer.Option("--trial", help="用 --rubric 的细则试算这一轮 / the round under another rubric")
    ] = False,
    sheets: Annotated[
        Path | None,
        typer.Option("--sheets", metavar="DIR", help="写出这一轮的评分表和评分码 / write the round's sheets"),
    ] = None,
    verify: Annotated[
        Path | None, typer.Option("--verify", metavar="FOLDER", help="核验封存的评定 / check a sealed round")
    ] = None,
    raw: Annotated[Path, typer.Option("--raw", metavar="DIR", help="报送文件夹 / the submissions")] = DEFAULT_INBOX,
    warehouse: Warehouse = None,
    form: Formatted = "table",
    lang: Spoken = "zh",
) -> None:
    """星级评定，每一分都有依据 / the star rating, each score explained."""
    from pipelines.rating import asking
    from pipelines.rating.entered import EntryFault
    from pipelines.warehouse import open_published

    folder = chosen_folder(warehouse)
    faults: tuple[EntryFault, ...] = ()
    try:
        with on_published(lang, folder):
            if verify is not None:
                from pipelines.rating.rounds.asking import checked

                answer = checked(verify, form, lang)
            elif in_round:
                from pipelines.rating.rounds import asking as of_rounds
                from pipelines.sealing import records_folder

                wanted = of_rounds.AskedRound(in_round, raw, records_folder(), rubric, trial, sheets)
                answer = of_rounds.answer(open_published(folder), wanted, form, lang)
            elif period:
                asked = asking.Asked(period, by, rubric or asking.in_force(raw), as_of, seed, entries)
                answer, faults = asking.answer(open_published(folder), asked, form, lang)
            else:
                stop(say("rate_what", lang))
    except asking.NotRatedError as fault:
        stop(in_language(fault, lang))
    for one in faults:
        print_aside(f"{one.file}{'：' if lang == 'zh' else ': '}{in_language(one, lang)}")
    out(answer)
