"""The commands of this wing, with their exit codes 0, 1 and 2. The other wing adds its own and speaks as these do."""

from __future__ import annotations

from typing import Final

import typer

from pipelines.cli.asking import metrics, sample, sql, trace
from pipelines.cli.faults import explained
from pipelines.cli.loading import check, load, rules, template
from pipelines.cli.options import Formatted, Spoken, Warehouse
from pipelines.cli.rating import rate
from pipelines.cli.speaking import bar, out, print_aside, speak_utf8, stop, teller

__all__ = [
    "Formatted", "Spoken", "Warehouse", "bar", "commands", "explained", "out", "print_aside", "rules", "speak_utf8",
    "stop", "teller",
]  # fmt: skip

commands: Final = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for _one in (load, check, template, sql, metrics, trace, rate, sample):
    commands.command()(_one)
