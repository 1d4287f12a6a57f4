"""The commands for what comes in and goes out: load, check and template."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.faults import explained, on_published
from pipelines.cli.options import DEFAULT_INBOX, Formatted, Spoken, Strict, Warehouse
from pipelines.cli.speaking import bar, out, print_aside, stop, teller
from pipelines.told import in_language
from pipelines.warehouse import chosen_folder
from pipelines.words import say

if TYPE_CHECKING:
    from pipelines.build import Rules


def load(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH]...", help="文件夹或文件，默认 data/raw / folders or files")
    ] = None,
    *,
    warehouse: Warehouse = None,
    form: Formatted = "table",
    lang: Spoken = "zh",
    strict: Strict = False,
    wait: Annotated[
        float,
        typer.Option("--wait", metavar="SECONDS", help="等待另一次加载的秒数 / how long to wait for another load"),
    ] = 600.0,
) -> None:
    """读取各社区送来的表格，发布新版数据仓库 / read the spreadsheets and publish a new warehouse version."""
    from pipelines import build, summary

    given = paths or [DEFAULT_INBOX]
    folder = chosen_folder(warehouse)
    with explained(lang, given, folder, wait), bar(lang) as progress:
        outcome = build.load(given, folder, rules(), tell=teller(lang), progress=progress, wait=wait)
    if form == "json":
        out(summary.as_json(outcome))
    elif form == "csv":
        out(summary.as_csv(outcome))
    else:
        out(summary.as_table(outcome, lang, [str(one) for one in given]))
    raise typer.Exit(outcome.exit_code(strict=strict))


def check(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="文件夹或文件 / folders or files")],
    *,
    warehouse: Warehouse = None,
    form: Formatted = "table",
    lang: Spoken = "zh",
    strict: Strict = False,
    annotate: Annotated[
        Path | None,
        typer.Option("--annotate", metavar="DIR", help="把标注好的表写进这个文件夹 / write marked workbooks here"),
    ] = None,
    messages: Annotated[
        bool, typer.Option("--messages", help="改为打印发给各报送单位的话 / print a message for each sender instead")
    ] = False,
) -> None:
    """读取并列出每一处问题，不发布 / read and list every finding without publishing."""
    from pipelines import build, checking

    folder = chosen_folder(warehouse)
    if annotate is not None:
        from pipelines.handouts.annotated import handing_back

        try:
            handing_back.prepare(annotate, paths)
        except handing_back.NoFolderError as fault:
            stop(in_language(fault, lang))
    with explained(lang, paths, folder), bar(lang) as progress:
        found = build.check(paths, folder, rules(), tell=teller(lang), progress=progress)
    if messages:
        from pipelines.handouts import asking_back

        out(asking_back.printed(paths, folder, found.findings.to_dicts(), lang, form))
    elif form == "json":
        out(checking.as_json(found))
    elif form == "csv":
        out(checking.as_csv(found))
    else:
        out(checking.as_text(found, lang))
    if annotate is not None:
        returned = handing_back.hand_back(paths, found.findings.to_dicts(), annotate, lang)
        for one in returned:
            print_aside(in_language(one, lang))
        print_aside(say("handed_back", lang, files=sum(one.path is not None for one in returned), folder=annotate))
    raise typer.Exit(found.summary.exit_code(strict=strict))


def template(
    to: Annotated[Path, typer.Argument(metavar="[OUT.xlsx]", help="写到哪里 / where to write")] = Path("联评模板.xlsx"),
    *,
    community: Annotated[
        str | None,
        typer.Option("--community", help="预先填好这个社区的小区、在办工单和议定事项 / fill in what is known of it"),
    ] = None,
    warehouse: Warehouse = None,
    lang: Spoken = "zh",
) -> None:
    """写一份带下拉列表和填写检查的模板，各种表都在里面 / write a workbook to fill in, with drop-downs and checks."""
    from pipelines.handouts.template import handing_out

    folder = chosen_folder(warehouse)
    try:
        with on_published(lang, folder):
            told = handing_out.hand_out(to, folder, community)
    except handing_out.NotWrittenError as fault:
        stop(in_language(fault, lang))
    print_aside(told[lang == "en"])


def rules() -> Callable[[Path], Rules]:
    """Where the rules of a folder come from."""
    from pipelines.rules import rules_of

    return rules_of
