"""What was to be sent by when, and whether it came."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from pipelines.expected import periods
from pipelines.querying import ask

REGISTER = (
    "小区名称,所属社区,户数,建筑面积（㎡）\n甲苑,东社区,300,30000\n乙苑,东社区,200,20000\n丙苑,西社区,100,10000\n"
)
HEAD = "小区,期间起,期间止,应收（元）,实收（元）\n"
STREET = """
[street]
name = "晴川街道"
name_en = "Qingchuan Street"
[expected]
"*" = { fees = "每季度10日" }
"西社区" = { tickets = "每周一" }
[meeting]
weekday = "周三"
"""
TICKETS = "工单编号,小区,受理时间,办结时间,诉求类别\n"


def fees(estate: str, *months: int) -> str:
    lasts = {1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30}
    return "".join(f"{estate},2025-{m:02}-01,2025-{m:02}-{lasts[m]},1000,{900 + m}\n" for m in months)


SENT = {
    "台账.csv": (REGISTER, "2025-01-02T09:00:00", "街道"),
    "东一季度.csv": (HEAD + fees("甲苑", 1, 2, 3) + fees("乙苑", 1, 2, 3), "2025-04-10T17:00:00", "东社区"),
    "东一季度更正.csv": (HEAD + fees("甲苑", 1, 2, 3).replace("901", "902"), "2025-05-20T17:00:00", "东社区"),
    "东二季度.csv": (HEAD + fees("甲苑", 4, 5), "2025-07-09T17:00:00", "东社区"),
    "西一至二月.csv": (HEAD + fees("丙苑", 1, 2), "2025-03-03T17:00:00", "西社区"),
    "西三月.csv": (HEAD + fees("丙苑", 3), "2025-04-11T08:00:00", "西社区"),
    "西六月.csv": (HEAD + fees("丙苑", 4, 5, 6), "2025-07-10T23:00:00", "西社区"),
    "西工单.csv": (TICKETS + "W1,丙苑,2025-06-12 09:00,2025-06-13 09:00,维修\n", "2025-06-16T09:00:00", "西社区"),
    "热线.csv": (
        TICKETS + "H1,丙苑,2025-06-18 09:00,2025-06-19 09:00,维修\nH2,甲苑,2025-06-30 09:00,2025-06-30 11:00,维修\n",
        "2025-07-11T09:00:00",
        "热线",
    ),
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    inbox = tmp_path_factory.mktemp("raw")
    log = ["sha256,received_at,sender,withdrawn,reason"]
    for name, (text, received, sender) in SENT.items():
        (inbox / name).write_text(text, encoding="utf-8-sig")
        log.append(f"{hashlib.sha256((inbox / name).read_bytes()).hexdigest()},{received},{sender},,")
    (inbox / "arrivals.csv").write_text("\n".join(log) + "\n", encoding="utf-8")
    (inbox / "street.toml").write_text(STREET, encoding="utf-8")
    folder = inbox.parent / f"{inbox.name}-wh"
    program = Path(sys.executable).with_name("lianping")
    done = subprocess.run([program, "load", inbox, "--warehouse", folder], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    return folder


def rows(warehouse: Path, statement: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in ask(warehouse, statement).rows]


def test_fees_are_received_when_the_last_of_the_period_has_come(warehouse: Path) -> None:
    first, second = (date(2025, 1, 1), date(2025, 3, 31)), (date(2025, 4, 1), date(2025, 6, 30))
    due = date(2025, 4, 10), date(2025, 7, 10)
    assert rows(warehouse, "SELECT * EXCLUDE kind FROM expected WHERE kind = 'fees'") == [
        ("东社区", "quarter", *first, due[0], date(2025, 4, 10), first[1], "received"),
        ("东社区", "quarter", *second, due[1], None, date(2025, 5, 31), "missing"),
        ("西社区", "quarter", *first, due[0], date(2025, 4, 11), first[1], "late"),
        ("西社区", "quarter", *second, due[1], date(2025, 7, 10), second[1], "received"),
    ]


def test_what_a_hotline_sends_is_no_submission_of_the_community(warehouse: Path) -> None:
    assert rows(
        warehouse, "SELECT period_start, due_on, received_on, covered_to, status FROM expected WHERE kind = 'tickets'"
    ) == [
        (date(2025, 6, 9), date(2025, 6, 16), date(2025, 6, 16), None, "received"),
        (date(2025, 6, 16), date(2025, 6, 23), None, None, "missing"),
        (date(2025, 6, 23), date(2025, 6, 30), None, None, "missing"),
    ]


def test_what_the_street_decided_is_known_to_screens(warehouse: Path) -> None:
    assert rows(warehouse, "FROM street_settings") == [
        ("name", "晴川街道"),
        ("name_en", "Qingchuan Street"),
        ("alliance", ""),
        ("alliance_en", ""),
        ("meeting_weekday", "3"),
    ]


@pytest.mark.parametrize(
    ("every", "first", "until", "found"),
    [
        ("week", date(2025, 6, 12), date(2025, 6, 22), [("2025-06-09", "2025-06-15"), ("2025-06-16", "2025-06-22")]),
        ("month", date(2024, 12, 31), date(2025, 2, 27), [("2024-12-01", "2024-12-31"), ("2025-01-01", "2025-01-31")]),
        ("quarter", date(2024, 11, 1), date(2025, 6, 29), [("2024-10-01", "2024-12-31"), ("2025-01-01", "2025-03-31")]),
        (
            "half_year",
            date(2024, 7, 1),
            date(2025, 6, 30),
            [("2024-07-01", "2024-12-31"), ("2025-01-01", "2025-06-30")],
        ),
        ("year", date(2023, 7, 1), date(2025, 12, 30), [("2023-01-01", "2023-12-31"), ("2024-01-01", "2024-12-31")]),
    ],
)
def test_only_whole_periods_are_expected(every: str, first: date, until: date, found: list[tuple[str, str]]) -> None:
    assert [(str(start), str(end)) for start, end in periods(every, first, until)] == found
