"""The commands of this wing: demo, serve and chart; beside them stand those of the pipelines."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from pipelines.cli import Formatted, Spoken, Warehouse, bar, commands, explained, out, print_aside, rules, stop, teller
from pipelines.warehouse import chosen_folder
from pipelines.words import Language, say

DEMO_INBOX: Final = Path("data/raw/demo")
DEMO_WAREHOUSE: Final = Path("data/warehouse/demo")
INBOX: Final = Path("data/raw")

Port = Annotated[int, typer.Option("--port", metavar="N", min=1, max=65535, help="端口 / port")]
OnlyLoad = Annotated[bool, typer.Option("--only-load", help="只加载，不打开看板 / load without serving the dashboard")]
Address = Annotated[str, typer.Option("--address", metavar="A", help="监听的地址，默认只有本机 / address to listen on")]

app: Final = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="联评：街道小区物业的满意度、收缴率、办结时长和成本 / compares the residential estates of a street office",
)
app.add_typer(commands)


@app.command()
def demo(
    warehouse: Warehouse = None,
    form: Formatted = "table",
    lang: Spoken = "zh",
    port: Port = 8501,
    address: Address = "127.0.0.1",
    only_load: OnlyLoad = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """加载示例街道（虚构），打开看板 / load the sample street (fictional) and serve the dashboard on it."""
    from dashboard import telling
    from pipelines import build, summary

    inbox = DEMO_INBOX if DEMO_INBOX.is_dir() else Path(__file__).resolve().parent.parent / DEMO_INBOX
    folder = warehouse or DEMO_WAREHOUSE
    if not inbox.is_dir():
        stop(say("demo_missing", lang, folder=inbox))
    with explained(lang, [inbox], folder), bar(lang) as progress:
        outcome = build.load([inbox], folder, rules(), tell=teller(lang), progress=progress)
    if form == "json":
        out(summary.as_json(outcome))
    elif form == "csv":
        out(summary.as_csv(outcome))
    else:
        out(say("demo_title", lang))
        out(summary.as_table(outcome, lang, [str(inbox)]))
        out("\n".join(telling.sentences(folder, lang)))
    if not only_load and form == "table":
        _serve(folder, inbox, address, port, lang)
    raise typer.Exit(0)


@app.command()
def serve(
    warehouse: Warehouse = None,
    raw: Annotated[Path, typer.Option("--raw", metavar="DIR", help="报送文件的文件夹 / folder of submissions")] = INBOX,
    port: Port = 8501,
    address: Address = "127.0.0.1",
    lang: Spoken = "zh",
) -> None:
    """打开看板，只在本机 / serve the dashboard, on this machine only unless told otherwise."""
    _serve(chosen_folder(warehouse), raw, address, port, lang)


@app.command()
def chart(
    figure: Annotated[str, typer.Argument(metavar="ID", help="哪张图，见 --list / which picture, see --list")] = "",
    *,
    out_file: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="写到 .png、.svg、.pdf 或 .xlsx / the file to write")
    ] = None,
    period: Annotated[str, typer.Option("--period", metavar="P", help="期间，如 2025Q1 / the period")] = "",
    metric: Annotated[str, typer.Option("--metric", help="指标 / the metric")] = "",
    estate: Annotated[str, typer.Option("--estate", help="小区 / the estate")] = "",
    peers: Annotated[str, typer.Option("--peers", help="只看这个同类组 / only this peer group")] = "",
    basis: Annotated[str, typer.Option("--basis", help="口径 / the basis")] = "",
    width: Annotated[
        Literal["a4", "wide"], typer.Option("--width", help="报告 16 厘米或幻灯片 16:9 / report column or slide")
    ] = "a4",
    grey: Annotated[bool, typer.Option("--grey", help="黑白打印 / for black-and-white printing")] = False,
    listing: Annotated[bool, typer.Option("--list", help="列出所有的图 / list all pictures")] = False,
    warehouse: Warehouse = None,
    lang: Spoken = "zh",
) -> None:
    """把看板上的一张图写成文件，不开浏览器 / write a picture of the dashboard to a file, without a browser."""
    from dashboard import charting
    from dashboard.words import say as said

    wanted = charting.Wanted(figure, period, metric, basis, estate, peers, width, grey, lang)
    folder = chosen_folder(warehouse)
    try:
        if listing:
            out(charting.listed(folder, wanted))
        elif not figure:
            stop(said("charting.id_missing", lang))
        elif out_file is None:
            stop(said("charting.out_missing", lang))
        else:
            out(charting.drawn(folder, wanted, out_file))
    except charting.NotDrawnError as fault:
        stop(str(fault))


@app.command()
def report(
    kind: Annotated[
        str,
        typer.Argument(metavar="KIND", help="weekly、bulletin、estate、expenses、rating、collection / which document"),
    ] = "",
    *,
    out_file: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="写到 .docx、.pptx、.pdf 或 .xlsx / the file (or folder) to write"),
    ] = None,
    period: Annotated[str, typer.Option("--period", metavar="P", help="期间，如 2025Q2 / the period")] = "",
    estate: Annotated[str, typer.Option("--estate", help="小区，all 为全部 / the estate, or all")] = "",
    rating_round: Annotated[str, typer.Option("--round", help="评星轮次 / the rating round")] = "",
    meeting: Annotated[str, typer.Option("--meeting", help="封存的例会，照原样印 / a sealed meeting")] = "",
    edition: Annotated[
        Literal["internal", "public"] | None, typer.Option("--edition", help="内部或公开 / internal or public")
    ] = None,
    brief: Annotated[bool, typer.Option("--brief", help="会前一页 / one page before the meeting")] = False,
    red_head: Annotated[bool, typer.Option("--red-head", help="加红头 / with a red head")] = False,
    figures: Annotated[
        Path | None, typer.Option("--figures", metavar="FILE", help="汇编的清单 / the list of a collection")
    ] = None,
    form: Annotated[str, typer.Option("--form", help="--estate all 时的格式 / form with --estate all")] = "",
    warehouse: Warehouse = None,
    raw: Annotated[Path, typer.Option("--raw", metavar="DIR", help="报送文件的文件夹 / folder of submissions")] = INBOX,
    lang: Spoken = "zh",
) -> None:
    """把例会材料、通报、小区情况、收支公示等写成文件 / write meeting packs, bulletins, estate sheets and the like."""
    from dashboard import reporting
    from dashboard.stories.report import NotReportedError
    from dashboard.words import say as said

    wanted = reporting.Wanted(kind, period, estate, rating_round, meeting, edition, lang, brief, red_head, raw, figures)
    try:
        if out_file is None:
            stop(said("reporting.out_missing", lang, valid=", ".join(reporting.FORMS)))
        with bar(lang) as progress:
            told = reporting.reported(chosen_folder(warehouse), wanted, out_file, form, progress=progress)
    except NotReportedError as fault:
        stop(str(fault))
    out(told)
    is_word = form in ("", "docx") if estate == reporting.EVERY else out_file.suffix == ".docx"
    missing = reporting.missing_fonts() if is_word else ()
    if missing:
        print_aside(said("report.font_missing", lang, fonts=("、" if lang == "zh" else ", ").join(missing)))


def _serve(folder: Path, inbox: Path, address: str, port: int, lang: Language) -> None:
    from dashboard import serving

    if not _is_free(address, port):
        stop(say("port_taken", lang, port=port, next=port + 1))
    out(say("serving", lang, address=f"http://{address}:{port}"))
    serving.serve(folder, inbox, address=address, port=port)


def _is_free(address: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((address, port))
        except OSError:
            return False
    return True
