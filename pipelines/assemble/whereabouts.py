"""Says of each record which estate it is about: its own cell by the register, else the texts around the table."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final

import polars as pl

from pipelines.assemble.faults import Fault
from pipelines.assemble.stacking import Stack
from pipelines.kinds import KINDS
from pipelines.mending.names import Register, canonical, looks_like_company, plain
from pipelines.staged import Layout

SUBJECT: Final = {kind: "subject" if kind == "inspections" else "estate" for kind in KINDS}
_TOTALLED: Final = ("fees", "costs", "income", "surveys")
"""Kinds where a community's own row would be counted on top of its estates."""

_ESTATE_KEYS: Final = ("estate", "小区", "小区名称", "项目", "项目名称", "楼盘", "物业项目")
_ALIAS_KEYS: Final = ("aliases", "曾用名/别名", "曾用名", "别名")
_PERIODS: Final = re.compile(
    r"(?:19|20)\d\d(?:\d{4}|\d\d(?!\d))?|\d{1,2}[-至到~、]\d{1,2}月份?|\d{1,2}月\d{1,2}日|\d{1,2}月份?|\d{1,2}日"
    r"|第?[一二三四1-4]季度?|q[1-4]|h[12]|(?<=\d)年度?|年度?|[上下]半年|全年|本[年月季]|截[至止]|二[〇零]\S{2}年"
)
_REPORT: Final = re.compile(
    r"\.(?:xlsx?|csv|ods|et)$|物业服务|物业管理|物业费?|服务质量|服务|管理|收支|收缴|收费|缴费|成本|支出|费用|收入|公共收益|收益|补贴|明细|汇总"
    r"|统计|情况|台账|台帐|登记簿|登记|报表|清单|花名册|一览|公示|公开|满意度|满意率|调查|问卷|测评|评价|巡检|检查|考核|评分|打分|评议|投诉|工单|诉求|报修"
    r"|办理|处理|大事记|督办|议定|事项|更正|修订|最新|终稿|定稿|副本|月报|季报|年报|周报|数据|信息|附件|导出|基本|住户|业主|居民|结果|记录|表"
)
_NO_NAME: Final = re.compile(
    r"社区|街道|居委|村委|公司|企业|集团|办$|办公室|中心|片区|[镇乡县市省]$|^sheet|^工作|^各|^全|^本|^合计|^总|^小区$|^其他|^说明|^封面|^[a-z0-9]+$|网格|部门|^街|^名称"
)
_LIKE_AN_ESTATE: Final = re.compile(
    r"(?:花园|花苑|苑|园|里|庭|府|城|居|湾|轩|阁|邸|郡|公馆|家园|新村|山庄|公寓|大院|宿舍|华庭|期|院|舍|坊|墅|岸|台|组团|小区|\d号|[东西南北\d]区|生活区|住宅|楼|座)$"
)


def register_of(stacked: Stack, known_estates: pl.DataFrame | None = None) -> Register:
    """The register made of all estates records, quarantined ones too, and of estates known before."""
    entries: list[tuple[str, list[str], str | None, str | None]] = []
    for one in stacked.submissions:
        lost = one.reading.quarantine
        if lost.height:
            for text in lost.filter(pl.col("kind") == "estates")["content"]:
                entries += _named_in(text)
    companies: list[str] = []
    for known in (known_estates, stacked.frames["estates"]):
        if known is not None and known.height:
            have = known.filter(pl.col("estate").is_not_null())
            for row in have.iter_rows(named=True):
                entries.append((row["estate"], row.get("aliases") or [], row.get("community"), row.get("street")))
                companies.append(row.get("company") or "")
    companies += _company_names(stacked)
    return Register.of(entries, [company for company in companies if company])


def _named_in(content: str | None) -> list[tuple[str, list[str], str | None, str | None]]:
    try:
        fields = json.loads(content or "{}")
    except ValueError:
        return []
    if not isinstance(fields, dict):
        return []
    name = next((str(fields[key]) for key in _ESTATE_KEYS if fields.get(key)), None)
    said = next((fields[key] for key in _ALIAS_KEYS if fields.get(key)), "")
    aliases = [
        part for part in re.split(r"[、,，;；/|\s]+", "、".join(said) if isinstance(said, list) else str(said)) if part
    ]
    return [(name, aliases, None, None)] if name else []


def settle_estates(stacked: Stack, register: Register) -> tuple[Stack, list[Fault]]:
    """Every record with its estate in the register's spelling, and the `unknown_estate` and `missing_value` faults.

    A name without an entry is stored as sent and reported once a file, at its first cell.
    """
    frames: dict[str, pl.DataFrame] = {}
    faults: list[Fault] = []
    told: set[tuple[str, str]] = set()
    for kind, records in stacked.frames.items():
        if records.height:
            frames[kind], found = _settled(records, kind, stacked.layouts, register, told)
            faults += found
    return stacked.with_frames(frames), faults


def _settled(
    records: pl.DataFrame, kind: str, layouts: tuple[Layout, ...], register: Register, told: set[tuple[str, str]]
) -> tuple[pl.DataFrame, list[Fault]]:
    """The records of one kind with known names, and what is wrong with theirs; `told` are (file, name) already said."""
    column = SUBJECT[kind]
    frame = _from_context(records, kind, layouts, register)
    meanings = {name: _meaning(name, kind, register) for name in frame[column].drop_nulls().unique(maintain_order=True)}
    unknown = {name: near for name, (_, near, _) in meanings.items() if near is not None}
    meant = {name: stored for name, (stored, _, _) in meanings.items()}
    frame = frame.with_columns(pl.col(column).alias("_sent")).with_columns(_looked_up("_sent", meant).alias(column))
    if kind == "inspections":
        frame, unknown = _subject_kinds(frame, {name: what for name, (_, _, what) in meanings.items()}, register)
    if kind in ("estates", "events"):
        frame = frame.with_columns(_spelled(frame["company"], register.company))
    if kind == "estates":
        frame = frame.with_columns(_spelled(frame["host_estate"], lambda text: register.resolve(text).estate))
    faults = _unknown(frame, kind, unknown, register, told) if unknown else []
    return frame.drop("_sent"), faults


def _looked_up(column: str, meant: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(meant, default=None, return_dtype=pl.String)


def _company_names(stacked: Stack) -> list[str]:
    events = stacked.frames["events"]["company"].drop_nulls().unique().to_list()
    scored = stacked.frames["inspections"].filter(pl.col("subject_kind") == "company")["subject"]
    subjects = [
        name for name in stacked.frames["inspections"]["subject"].drop_nulls().unique() if looks_like_company(name)
    ]
    return [*events, *scored.drop_nulls().unique().to_list(), *subjects]


def _spelled(column: pl.Series, look: Callable[[str], str | None]) -> pl.Series:
    known = {text: (look(text) or text.strip()) for text in column.drop_nulls().unique()}
    return column.replace_strict(known, default=None, return_dtype=pl.String).alias(column.name)


def _meaning(name: str, kind: str, register: Register) -> tuple[str, list[str] | None, str]:
    """(name to store, nearest known names or None when it is known, kind of subject)."""
    if kind == "estates":
        return register.names.get(canonical(name), (plain(name),))[0], None, "estate"
    match = register.resolve(name)
    if match.estate is not None:
        return match.estate, None, "estate"
    if kind == "inspections":
        company = register.company(name)
        if company is not None or looks_like_company(name):
            return company or name.strip(), None, "company"
    return plain(name), match.near, "estate"


def _subject_kinds(
    frame: pl.DataFrame, guessed: dict[str, str], register: Register
) -> tuple[pl.DataFrame, dict[str, list[str]]]:
    """Inspections with the kind of their subject (as the heading says, else what the name is), and unknown estates."""
    frame = frame.with_columns(pl.coalesce("subject_kind", _looked_up("_sent", guessed)).alias("subject_kind"))
    firms = {name: register.company(name) or name.strip() for name in guessed}
    as_company = pl.col("subject_kind") == "company"
    frame = frame.with_columns(
        pl.when(as_company).then(_looked_up("_sent", firms)).otherwise(pl.col("subject")).alias("subject")
    )
    scored = frame.filter(~as_company)["_sent"].drop_nulls().unique(maintain_order=True)
    matches = {name: register.resolve(name) for name in scored}
    return frame, {name: match.near for name, match in matches.items() if match.estate is None}


def _from_context(frame: pl.DataFrame, kind: str, layouts: tuple[Layout, ...], register: Register) -> pl.DataFrame:
    column = SUBJECT[kind]
    blank = frame[column].is_null() | (frame[column].str.strip_chars() == "")
    if kind == "estates" or not blank.any():
        return frame
    told: dict[int, str] = {}
    for number in frame.filter(blank)["_layout"].unique():
        found = around_table(layouts[number].contexts, register, kind)
        if found is not None:
            told[number] = found
    named = pl.col("_layout").replace_strict(told, default=None, return_dtype=pl.String)
    return frame.with_columns(pl.when(blank).then(named).otherwise(pl.col(column)).alias(column))


def around_table(contexts: Iterable[str], register: Register, kind: str) -> str | None:
    """The estate (of inspections also the company) that the texts around a table name, nearest first.

    In each text a known name comes before one that only reads like an estate's; a name that doesn't even read like one
    (no 花园, 苑, 里 … at its end) counts only where no other text says more. Actions may belong to no estate, so only a
    known name counts for them.
    """
    texts = [text for text in contexts if text]
    for text in texts:
        if found := register.find_in(_without_copy_mark(text)):
            return found
        if kind == "inspections" and (company := register.company_in(text)):
            return company
        name = name_in(text)
        if kind != "actions" and name is not None and _LIKE_AN_ESTATE.search(name):
            return name
    if kind == "actions":
        return None
    return next((name for name in map(name_in, texts) if name is not None), None)


def _without_copy_mark(text: str) -> str:
    return re.sub(r"[(（]\d{1,2}[)）](?=\.\w+$)", "", text)


def name_in(text: str) -> str | None:
    """What is left of a title when years, periods and report words are taken out, if that can be a name."""
    rest = unicodedata.normalize("NFKC", _without_copy_mark(text)).strip()
    rest = re.sub(r"^(?:附件|附表|表)\s*[\d一二三四五六七八九十]*\s*[::.、]?|\((?!\S{0,2}期)[^()]*\)", "", rest)
    rest = re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", rest)
    office = re.match(r"^.{1,12}(?:社区|街道|居委会?)(?=.{2,})", rest)
    rest = rest[office.end() :] if office else rest
    stripped = _PERIODS.sub("\0", rest.lower())
    stripped = re.sub(
        r"小区(?=$|\0|[^一二三四五六七八九十\d东西南北]*(?:物业|收|支|成本|费|表|统|满|投|巡|考|调|台|登))",
        "小区\0",
        stripped,
    )
    parts = [part.strip(" -—_:：.·") for part in re.split("\0", _REPORT.sub("\0", stripped))]
    parts = [part for part in parts if len(part) > 1]
    if len(parts) != 1 or not re.fullmatch(r"[\u4e00-\u9fff\d()a-z]{2,14}", parts[0]):
        return None
    name = parts[0]
    if _NO_NAME.search(name) or (name == rest.lower() and not _LIKE_AN_ESTATE.search(name)):
        return None
    return name.upper() if re.search(r"[a-z]区", name) else name


def _unknown(
    frame: pl.DataFrame,
    kind: str,
    unknown: dict[str, list[str]],
    register: Register,
    told: set[tuple[str, str]],
) -> list[Fault]:
    column = SUBJECT[kind]
    faults: list[Fault] = []
    offices = [name for name in unknown if kind in _TOTALLED and register.is_office(name)]
    rows = frame.filter(pl.col("_sent").is_in(offices)).select("_rec", "_sent") if offices else None
    for record, name in rows.iter_rows() if rows is not None else ():
        faults.append(
            Fault(
                kind,
                record,
                "missing_value",
                f"“{name}”是社区或街道，不是小区。请填写小区名称；社区合计无需填报。",
                f"“{name}” is a community or street, not an estate. Please type the estate; totals need not be sent.",
                (column,),
                name,
            )
        )
    named = frame.filter(pl.col("_sent").is_in([name for name in unknown if name not in offices]))
    if kind == "inspections":
        named = named.filter(pl.col("subject_kind") != "company")
    first = named.unique(["source_file", "_sent"], keep="first", maintain_order=True)
    for record, name, file in first.select("_rec", "_sent", "source_file").iter_rows():
        if (file, canonical(name)) in told:
            continue
        told.add((file, canonical(name)))
        zh, en = _advice(unknown[name])
        faults.append(
            Fault(
                kind,
                record,
                "unknown_estate",
                f"台账里没有小区“{name}”，已按所填名称载入。{zh}",
                f"No register lists the estate “{name}”; it is loaded under this name. {en}",
                (column,),
                name,
            )
        )
    return faults


def _advice(near: list[str]) -> tuple[str, str]:
    if near:
        return (
            f"相近的名称有：{'、'.join(near)}。若是其中之一，请改用该名称，或在台账的别名栏补上。",
            f"Names like it: {', '.join(near)}. If it is one of these, use that name or list this one as its alias.",
        )
    return "如确有此小区，请在小区台账中补上。", "If there is such an estate, please add it to the register."
