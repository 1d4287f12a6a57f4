"""The commands of this wing: demo; beside them stand those of the pipelines."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import typer

from pipelines.cli import Formatted, Spoken, Warehouse, bar, commands, explained, out, rules, stop, teller
from pipelines.words import say

DEMO_INBOX: Final = Path("data/raw/demo")
DEMO_WAREHOUSE: Final = Path("data/warehouse/demo")

app: Final = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="联评：街道小区物业的满意度、收缴率、办结时长和成本 / compares the residential estates of a street office",
)
app.add_typer(commands)


@app.command()
def demo(warehouse: Warehouse = None, form: Formatted = "table", lang: Spoken = "zh") -> None:
    """加载示例街道（虚构）并介绍它 / load the sample street (fictional) and tell about it."""
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
    raise typer.Exit(0)
