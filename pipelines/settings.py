"""Reads `street.toml`, the one optional file of settings, and shows a mistake in it on its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Final, Literal

from pipelines.kinds import KINDS
from pipelines.mending.toml_lines import (
    Document,
    Key,
    SettingsError,
    read_toml,
    refuse_unknown,
    want_table,
    want_text,
    want_whole,
    wrong_kind,
)
from pipelines.mending.toml_sections import Section
from pipelines.places.datums import read_datum
from pipelines.street import (
    METRICS,
    RATES,
    Due,
    Limit,
    Notice,
    PeerGroup,
    Retention,
    Samples,
    Settings,
    Street,
    Tickets,
)

__all__ = ["FILE", "Settings", "SettingsError", "load_settings"]

FILE: Final = "street.toml"


def load_settings(folder: Path) -> Settings:
    """The settings in `street.toml` at the top of the folder of submissions; the defaults where it is absent.

    Raises SettingsError, with the line, for a key that there is not or a value of the wrong kind.
    """
    path = folder / FILE
    if not path.is_file():
        return Settings()
    document = read_toml(path, FILE)
    sections: tuple[str, ...] = (
        "street", "tickets", "calendar", "expected", "peers", "targets", "meeting", "samples", "rating", "retention",
        "crs",
    )  # fmt: skip
    refuse_unknown(document, (), document.data, sections)

    def section(name: str, *keys: str) -> Section:
        table = want_table(document, (name,), document.data.get(name, {}))
        found = Section(document, (name,), table)
        if keys:
            found.refuse_unknown(keys)
        return found

    peers = section("peers", "by", "group")
    return Settings(
        street=_street(section("street", "name", "name_en", "alliance", "alliance_en")),
        tickets=_tickets(section("tickets", "default", "response", "limits")),
        calendar=_calendar(section("calendar")),
        expected=_expected(section("expected")),
        peers_by=peers.one_of("by", "service_tier", _PEERS_BY),
        peer_groups=_peer_groups(peers),
        targets=_targets(section("targets", *METRICS)),
        meeting_weekday=_weekday(section("meeting", "weekday")),
        samples=_samples(section("samples", "internal", "public", "known_share", "metrics")),
        rubric=section("rating", "rubric").text("rubric", "default"),
        retention=_retention(section("retention", "raw_months", "versions")),
        crs=_crs(section("crs")),
    )


def _street(section: Section) -> Street:
    return Street(*(section.text(key) for key in ("name", "name_en", "alliance", "alliance_en")))


_LIMIT: Final = re.compile(
    r"\s*([0-9]+(?:\.[0-9]+)?)\s*(?:个)?\s*"
    r"(小时|hours?|h|工作日|working[ _-]?days?|自然日|日|天|natural[ _-]?days?|days?|d)\s*",
    re.IGNORECASE,
)


def _limit(document: Document, at: Key, value: object) -> Limit:
    found = _LIMIT.fullmatch(value) if isinstance(value, str) else None
    if found is None or float(found.group(1)) == 0:
        zh, en = '"24小时"、"5个工作日" 或 "7天" 这样的时限', 'a limit such as "24 hours", "5 working days" or "7 days"'
        raise wrong_kind(document, at, value, zh, en)
    amount, word = float(found.group(1)), found.group(2).lower()
    if word.startswith(("小时", "h")):
        return Limit(amount, "hours")
    return Limit(amount, "working_days" if word.startswith(("工作", "working")) else "days")


def _tickets(section: Section) -> Tickets:
    given = {
        key: _limit(section.document, section.place(key), section.table[key])
        for key in ("default", "response")
        if key in section.table
    }
    limits = section.inner("limits").each(_limit)
    return Tickets(given.get("default", Tickets.default), given.get("response", Tickets.response), limits)


def _calendar(section: Section) -> dict[int, Notice]:
    notices: dict[int, Notice] = {}
    for key in section.table:
        if not re.fullmatch(r"(19|20)\d\d", key):
            zh, en = f"“{key}”不是年份，应写如 [calendar.2027]", f'"{key}" is no year; write [calendar.2027]'
            raise section.document.error(section.place(key), zh, en)
        year = section.inner(key)
        year.refuse_unknown(("holidays", "workdays"))
        notices[int(key)] = Notice(_days(year, "holidays", int(key)), _days(year, "workdays", int(key)))
    return notices


def _days(section: Section, key: str, year: int) -> frozenset[date]:
    at, given = section.place(key), section.table.get(key, [])
    days: set[date] = set()
    for one in given if isinstance(given, list) else [given]:
        ends = [one, one] if type(one) is date else [_day(part) for part in str(one).split("..")]
        first, last = ends[0], ends[-1]
        if len(ends) > 2 or type(first) is not date or type(last) is not date or not first <= last:
            zh, en = (
                '日期 2027-02-05 或起止 "2027-02-05..2027-02-11"',
                'a day 2027-02-05 or days "2027-02-05..2027-02-11"',
            )
            raise wrong_kind(section.document, at, one, zh, en)
        if first.year < year - 1 or last.year > year + 1 or (last - first).days > 31:
            zh, en = f"{year} 年的日期，一段不超过 31 天", f"days of {year}, no more than 31 at a stretch"
            raise wrong_kind(section.document, at, one, zh, en)
        days |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return frozenset(days)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


_WEEKDAYS: Final = {
    **{f"{week}{day}": number for week in ("周", "星期", "礼拜") for number, day in enumerate("一二三四五六日", 1)},
    "周天": 7,
    "星期天": 7,
    **{
        name[:length]: number
        for number, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), 1)
        for length in (3, len(name))
    },
}
_DUE: Final = (
    ("week", re.compile(r"(?:每周|weekly)[ ,:]*(.*)", re.IGNORECASE)),
    ("month", re.compile(r"(?:每月|monthly)(?:[^0-9]*)([0-9]+)\s*[日号天]?", re.IGNORECASE)),
    ("quarter", re.compile(r"(?:每季度?|quarterly)(?:[^0-9]*)([0-9]+)\s*[日号天]?", re.IGNORECASE)),
    ("half_year", re.compile(r"(?:每半年|half[- ]?yearly)(?:[^0-9]*)([0-9]+)\s*[日号天]?", re.IGNORECASE)),
    ("year", re.compile(r"(?:每年|yearly|annually)(?:[^0-9]*)([0-9]+)\s*[日号天]?", re.IGNORECASE)),
)  # fmt: skip


def _due(document: Document, at: Key, value: object) -> Due | None:
    if value is False:
        return None
    for every, pattern in _DUE:
        found = pattern.fullmatch(value.strip()) if isinstance(value, str) else None
        if not found:
            continue
        if every == "week":
            day = found.group(1).strip().lower()
            days = _WEEKDAYS.get(day, _WEEKDAYS.get(f"周{day}", 0))
        else:
            days = int(found.group(1))
        if 1 <= days <= 180:
            return Due(_EVERY[every], days)
    zh = '"每周一"、"每月10日"（次月 10 日前报）、"每季度15日"、"每半年20日"、"每年31日"，不报的写 false'
    en = (
        '"weekly Monday", "monthly 10" (by the 10th for the month before), "quarterly 15", "half-yearly 20", '
        '"yearly 31", or false'
    )
    raise wrong_kind(document, at, value, zh, en)


_EVERY: Final[Mapping[str, Literal["week", "month", "quarter", "half_year", "year"]]] = {
    "week": "week", "month": "month", "quarter": "quarter", "half_year": "half_year", "year": "year",
}  # fmt: skip


def _expected(section: Section) -> dict[str, dict[str, Due | None]]:
    expected: dict[str, dict[str, Due | None]] = {}
    for community in section.table:
        inner = section.inner(community)
        inner.refuse_unknown(KINDS)
        expected[community] = inner.each(_due)
    return expected


_PEERS_BY: Final = ("service_tier", "housing_type", "governance_mode", "community", "none")
_PEER_KEYS: Final = (
    "name", "name_en", "households_from", "households_below", "built_from", "built_before", "service_tier",
    "housing_type", "governance_mode", "community", "estates",
)  # fmt: skip


def _peer_groups(section: Section) -> tuple[PeerGroup, ...]:
    given = section.table.get("group", [])
    if not isinstance(given, list):
        zh, en = "每一组写作 [[peers.group]]（双方括号）", "write each group as [[peers.group]], with two brackets"
        raise section.document.error(section.place("group"), zh, en)
    groups = []
    for number, one in enumerate(given):
        at: Key = (*section.at, "group", number)
        group = Section(section.document, at, want_table(section.document, at, one))
        refuse_unknown(group.document, at, group.table, _PEER_KEYS)
        name = group.text("name")
        if not name:
            raise group.document.error(at, "缺少 name：这一组的名称", "name is missing: what the group is called")
        groups.append(
            PeerGroup(
                name=name,
                name_en=group.text("name_en", name),
                households_from=group.whole_if_any("households_from"),
                households_below=group.whole_if_any("households_below"),
                built_from=group.whole_if_any("built_from"),
                built_before=group.whole_if_any("built_before"),
                service_tier=group.texts("service_tier"),
                housing_type=group.texts("housing_type"),
                governance_mode=group.texts("governance_mode"),
                community=group.texts("community"),
                estates=group.texts("estates"),
            )
        )
    return tuple(groups)


def _targets(section: Section) -> dict[str, float]:
    def number(document: Document, at: Key, value: object) -> float:
        percent = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*[%％]\s*", value) if isinstance(value, str) else None
        rate = at[-1] in RATES
        found = float(percent.group(1)) / 100 if percent and rate else value
        if isinstance(found, int | float) and not isinstance(found, bool) and found >= 0 and (not rate or found <= 1):
            return float(found)
        if rate:
            raise wrong_kind(document, at, value, '"85%" 或 0.85 这样的比例', 'a rate such as "85%" or 0.85')
        raise wrong_kind(document, at, value, "不小于 0 的数", "a number that isn't negative")

    return section.each(number)


def _weekday(section: Section) -> int:
    if "weekday" not in section.table:
        return 1
    value = section.table["weekday"]
    number = (
        value
        if isinstance(value, int) and not isinstance(value, bool)
        else _WEEKDAYS.get(str(value).strip().lower(), 0)
    )
    if not 1 <= number <= 7:
        zh, en = '"周一" 至 "周日"，或 1 至 7', '"Monday" to "Sunday", or 1 to 7'
        raise section.wrong("weekday", value, zh, en)
    return number


def _samples(section: Section) -> Samples:
    metrics = section.inner("metrics")
    metrics.refuse_unknown(METRICS)
    share = section.table.get("known_share", Samples.known_share)
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        zh, en = "0 至 1 的比例，如 0.8", "a share from 0 to 1, such as 0.8"
        raise section.wrong("known_share", share, zh, en)
    return Samples(
        section.whole("internal", Samples.internal, least=1),
        section.whole("public", Samples.public, least=1),
        float(share),
        metrics.each(lambda document, at, value: want_whole(document, at, value, least=1)),
    )


def _retention(section: Section) -> Retention:
    return Retention(
        section.whole("raw_months", Retention.raw_months, most=1200),
        section.whole("versions", Retention.versions, least=1, most=1000),
    )


def _crs(section: Section) -> dict[str, str]:
    def one(document: Document, at: Key, value: object) -> str:
        text = want_text(document, at, value)
        datum = read_datum(text)
        code = re.fullmatch(r"\s*epsg[:： ]?\s*([0-9]{4,6})\s*", text, re.IGNORECASE)
        if datum is None and code is None:
            zh, en = "WGS-84、GCJ-02、BD-09、CGCS2000 或 EPSG:4547", "WGS-84, GCJ-02, BD-09, CGCS2000 or EPSG:4547"
            raise wrong_kind(document, at, text, zh, en)
        return datum or f"EPSG:{code.group(1) if code else ''}"

    return section.each(one)
