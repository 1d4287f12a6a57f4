"""The commands of this wing: load, check, sql, metrics and sample, with their exit codes 0, 1 and 2."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, NoReturn

import typer

from pipelines.warehouse import NoWarehouseError, chosen_folder
from pipelines.words import Language, say

if TYPE_CHECKING:
    from pipelines.build import Rules
    from pipelines.intake import Progress

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

commands = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@commands.command()
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


@commands.command()
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
            stop(fault.zh if lang == "zh" else fault.en)
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
            print_aside(one.zh if lang == "zh" else one.en)
        print_aside(say("handed_back", lang, files=sum(one.path is not None for one in returned), folder=annotate))
    raise typer.Exit(found.summary.exit_code(strict=strict))


@commands.command()
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
        told = handing_out.hand_out(to, folder, community)
    except NoWarehouseError:
        stop(say("no_warehouse", lang, folder=folder))
    except handing_out.NotWrittenError as fault:
        stop(fault.zh if lang == "zh" else fault.en)
    print_aside(told[lang == "en"])


@commands.command()
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
        answer = querying.ask(folder, query)
    except NoWarehouseError:
        stop(say("no_warehouse", lang, folder=folder))
    except querying.RefusedError as refused:
        stop(say(refused.reason, lang, what=refused.what))
    out(querying.printed(answer, form))


@commands.command()
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
    try:
        asked = asking_metrics.Asked(
            period,
            by,
            tuple(subject or ()),
            tuple(metric or ()),
            as_of,
            basis,
            with_excluded,
            shrunk,
            funnel,
            known_share,
        )
        answer = asking_metrics.answer(open_published(folder), asked, form, lang)
    except NoWarehouseError:
        stop(say("no_warehouse", lang, folder=folder))
    except asking_metrics.NotAskedRightError as fault:
        stop(say(fault.reason, lang, **fault.values))
    out(answer)


@commands.command()
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
        connection = open_published(folder)
        try:
            found = printing.trails(connection, code)
        finally:
            connection.close()
    except NoWarehouseError:
        stop(say("no_warehouse", lang, folder=folder))
    except OldWarehouseError:
        stop(say("warehouse_old", lang))
    except codes.UnknownCodeError:
        stop(say("code_unknown", lang, code=code))
    out(printing.printed(found, form, lang))


@commands.command()
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
        if verify is not None or in_round:
            from pipelines.rating.rounds import asking as of_rounds
            from pipelines.sealing import records_folder

            wanted = of_rounds.AskedRound(in_round, raw, records_folder(), rubric, trial, sheets)
            answer = (
                of_rounds.checked(verify, form, lang)
                if verify is not None
                else of_rounds.answer(open_published(folder), wanted, form, lang)
            )
        elif not period:
            stop(say("rate_what", lang))
        else:
            asked = asking.Asked(period, by, rubric or asking.in_force(raw), as_of, seed, entries)
            answer, faults = asking.answer(open_published(folder), asked, form, lang)
    except NoWarehouseError:
        stop(say("no_warehouse", lang, folder=folder))
    except asking.NotRatedError as fault:
        stop(fault.zh if lang == "zh" else fault.en)
    for one in faults:
        print_aside(f"{one.file}：{one.zh}" if lang == "zh" else f"{one.file}: {one.en}")
    out(answer)


@commands.command()
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


def rules() -> Callable[[Path], Rules]:
    """Where the rules of a folder come from."""
    from pipelines.rules import rules_of

    return rules_of


@contextmanager
def explained(lang: Language, paths: list[Path], folder: Path, wait: float = 0.0) -> Iterator[None]:
    """Turns everything that can keep a load from being done into plain words and exit code 2."""
    from pipelines import build, intake, locking, publishing
    from pipelines.mending.toml_lines import SettingsError

    shown = "、".join(map(str, paths)) if lang == "zh" else ", ".join(map(str, paths))
    try:
        yield
    except build.NothingFoundError:
        stop(say("nothing_found", lang, folder=shown))
    except build.NothingReadableError as fault:
        for file, zh, en in fault.reasons:
            print_aside(say("rejected_why", lang, file=file, what=zh if lang == "zh" else en))
        stop(say("nothing_readable", lang, folder=shown, count=len(fault.reasons)))
    except locking.StillLoadingError as fault:
        who = fault.holder or locking.Holder(0, "?", "?", "?")
        values = {"user": who.user, "since": who.started_at, "host": who.host, "pid": who.pid}
        stop(say("still_loading", lang, seconds=f"{wait:.0f}", **values))
    except SettingsError as fault:
        what = fault.zh if lang == "zh" else fault.en
        stop(say("settings_wrong", lang, file=fault.file, line=fault.line, what=what))
    except (publishing.NotPublishedError, intake.StagingFullError, OSError) as fault:
        stop(say("not_published", lang, reason=fault, folder=folder))
    except KeyboardInterrupt:
        stop(say("stopped", lang))


@contextmanager
def bar(lang: Language) -> Iterator[Progress]:
    """A progress bar on stderr, or nothing where that is not a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(say("reading_files", lang), total=None)
        yield lambda done, of: shown.update(task, completed=done, total=of)


def teller(lang: Language) -> Callable[..., None]:
    """Says things on stderr in a language."""

    def tell(key: str, **values: object) -> None:
        print_aside(say(key, lang, **values))

    return tell


def out(text: str) -> None:
    """Prints what was asked for."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()


def print_aside(text: str) -> None:
    """Prints a remark on stderr, out of the way of what was asked for."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def stop(message: str) -> NoReturn:
    """Ends with exit code 2: it could not be done."""
    print_aside(message)
    raise typer.Exit(2)


def speak_utf8() -> None:
    """Makes what is piped to other programs UTF-8, whatever the system's code page."""
    for stream in (sys.stdout, sys.stderr):
        if not stream.isatty() and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", newline="\n")


def as_json(value: object) -> str:
    """A value as JSON text, Chinese left as it is."""
    return json.dumps(value, ensure_ascii=False)
