"""The options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from pipelines.words import Language

Format = Literal["table", "csv", "json"]
DEFAULT_INBOX: Final = Path("data/raw")
Warehouse = Annotated[
    Path | None, typer.Option("--warehouse", metavar="DIR", help="数据仓库的文件夹 / the warehouse's folder")
]
Formatted = Annotated[Format, typer.Option("--format", help="输出格式 / how to print")]
Spoken = Annotated[Language, typer.Option("--lang", help="语言 / language")]
Strict = Annotated[
    bool, typer.Option("--strict", help="提醒也算错误（退出码 1）/ warnings count as errors (exit code 1)")
]
