"""What is typed into a screen becomes small files, and the next load reads them as decisions."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.entries.actions import Action, UnenteredError, merged, new_id, read_entries, write_action
from pipelines.querying import ask
from pipelines.reading.inbox import find_submissions

RAISED = date(2025, 7, 7)
GATE = Action("YD1", "锦绣里", "修复单元门禁，并“公示”", "佳与物业", RAISED, date(2025, 7, 14), None, "在办")


def at(day: int, hour: int = 9, micro: int = 0) -> datetime:
    return datetime(2025, 7, day, hour, 30, 1, micro)


def test_a_decision_is_read_as_it_was_entered(tmp_path: Path) -> None:
    path = write_action(tmp_path, GATE, by="王敏", now=at(7))

    assert read_entries(tmp_path) == (replace(GATE, entered_by="王敏", entered_at=at(7)),)
    assert path.relative_to(tmp_path).parts[:2] == ("议定事项", "2025")
    assert path.read_bytes().decode("utf-8") == (
        "\ufeff登记人：王敏\r\n登记时间：2025-07-07 09:30:01.000000\r\n"
        "事项编号,小区,议定事项,责任单位,提出日期,完成时限,完成日期,状态\r\n"
        "YD1,锦绣里,修复单元门禁，并“公示”,佳与物业,2025-07-07,2025-07-14,,在办\r\n"
    )


def test_the_latest_entry_stands_with_the_due_dates_before_it(tmp_path: Path) -> None:
    later, latest = replace(GATE, due_on=date(2025, 7, 21)), replace(GATE, due_on=date(2025, 7, 28))
    done = replace(latest, done_on=date(2025, 7, 27), status="已销号")
    for one, by, now in (
        (GATE, "王敏", at(7)),
        (later, "王敏", at(14)),
        (latest, "李强", at(21)),
        (done, "李强", at(28)),
    ):
        write_action(tmp_path, one, by=by, now=now)

    redated = (date(2025, 7, 14), date(2025, 7, 21))
    assert read_entries(tmp_path) == (replace(done, redated=redated, entered_by="李强", entered_at=at(28)),)

    write_action(tmp_path, latest, by="王敏", now=at(29))
    assert read_entries(tmp_path) == (replace(latest, redated=redated, entered_by="王敏", entered_at=at(29)),)


def test_people_who_enter_in_the_same_instant_do_not_collide(tmp_path: Path) -> None:
    def enter(number: int) -> None:
        for turn in range(20):
            write_action(tmp_path, replace(GATE, action_id=f"{number}-{turn}"), by=f"第{number}人", now=at(7))

    threads = [Thread(target=enter, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read_entries(tmp_path)) == 80
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 80


def test_what_people_type_never_becomes_a_path_or_a_line(tmp_path: Path) -> None:
    nasty = replace(GATE, action_id="../../x", estate="a/b\\c", action="一\r\n二\x00", owner="../主任")
    path = write_action(tmp_path / "in", nasty, by="../../etc\n登记时间：1999", now=at(7))

    assert path.is_relative_to(tmp_path / "in" / "议定事项")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in"]
    assert read_entries(tmp_path / "in")[0] == replace(
        nasty, action="一 二", entered_by="../../etc 登记时间：1999", entered_at=at(7)
    )


def test_numbers_of_people_are_masked_before_they_are_kept(tmp_path: Path) -> None:
    path = write_action(tmp_path, replace(GATE, action="联系住户 13812345678 上门"), by="王敏", now=at(7))
    assert "13812345678" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("action", "by", "en"),
    [
        (replace(GATE, action=" \n"), "王敏", "Please say what was decided."),
        (GATE, " ", "Please say who enters this."),
        (replace(GATE, action="长" * 501), "王敏", "The text is too long (501 characters); please keep it within 500."),
    ],
)
def test_what_cannot_be_entered_is_refused_and_leaves_nothing(tmp_path: Path, action: Action, by: str, en: str) -> None:
    with pytest.raises(UnenteredError, match=en.split("(", maxsplit=1)[0]) as told:
        write_action(tmp_path, action, by=by, now=at(7))
    assert (str(told.value), [*tmp_path.iterdir()]) == (en, [])


def test_other_files_in_the_folder_are_passed_by(tmp_path: Path) -> None:
    write_action(tmp_path, GATE, by="王敏", now=at(7))
    folder = tmp_path / "议定事项" / "2025"
    (folder / "手写.csv").write_text("事项编号,议定事项\n1,二\n", encoding="utf-8")
    (folder / "坏的.csv").write_bytes(b"\xff\xfe\x00garbage")
    assert [one.action_id for one in read_entries(tmp_path)] == ["YD1"]


def test_an_entry_counts_until_a_later_file_speaks() -> None:
    row = replace(GATE, entered_at=at(8), redated=(date(2025, 7, 1),))
    newer = replace(GATE, due_on=date(2025, 7, 21), entered_by="王敏", entered_at=at(9))
    older = replace(GATE, due_on=date(2025, 7, 10), entered_by="王敏", entered_at=at(7))
    other = replace(GATE, action_id="YD2", entered_by="李强", entered_at=at(7))

    assert merged([row], [newer, other]) == (
        replace(newer, redated=(date(2025, 7, 1), date(2025, 7, 14))),
        other,
    )
    assert merged([row], [older]) == (replace(row, redated=(date(2025, 7, 10), date(2025, 7, 1))),)
    same = replace(GATE, entered_by="王敏", entered_at=at(7))
    assert merged([row], [same])[0] == replace(same, redated=(date(2025, 7, 14), date(2025, 7, 1)))


def test_new_numbers_differ() -> None:
    assert len({new_id(RAISED) for _ in range(500)}) == 500


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(lambda one: one.strip())


@settings(max_examples=60, deadline=None)
@given(estate=TEXT, action=TEXT, status=TEXT)
def test_any_text_survives_on_one_line(
    tmp_path_factory: pytest.TempPathFactory, estate: str, action: str, status: str
) -> None:
    inbox = tmp_path_factory.mktemp("in")
    given_one = replace(GATE, estate=estate, action="事" + action, status=status)
    write_action(inbox, given_one, by="王敏", now=at(7))
    first = read_entries(inbox)
    assert len(first) == 1
    write_action(inbox, replace(first[0], redated=()), by="王敏", now=at(8))
    assert read_entries(inbox) == (replace(first[0], entered_at=at(8)),)


REGISTER = "小区名称,所属社区,户数,建筑面积（㎡）\n锦绣里,云锦社区,300,30000\n"
FEES = "小区,期间起,期间止,应收（元）,实收（元）\n锦绣里,2025-06-01,2025-06-30,1000,900\n"
WEEKLY = (
    "事项编号,小区,议定事项,责任单位,提出日期,完成时限,完成日期,状态\n"
    "YD9,锦绣里,清理楼道,佳与物业,2025-06-30,2025-07-07,,在办\n"
)


@pytest.mark.parametrize("times", ["kept", "lost"])
def test_a_load_takes_entries_as_submissions_and_the_last_one_stands(tmp_path: Path, times: str) -> None:
    inbox, warehouse = tmp_path / "raw", tmp_path / "wh"
    inbox.mkdir()
    (inbox / "小区台账.csv").write_text(REGISTER, encoding="utf-8-sig")
    (inbox / "收费.csv").write_text(FEES, encoding="utf-8-sig")
    (inbox / "议定事项清单.csv").write_text(WEEKLY, encoding="utf-8-sig")
    os.utime(inbox / "议定事项清单.csv", (1751250000, 1751250000))
    load(inbox, warehouse)
    weekly = Action("YD9", "锦绣里", "清理楼道", "佳与物业", date(2025, 6, 30), date(2025, 7, 7), None, "在办")
    steps = (
        (replace(weekly, due_on=date(2025, 7, 14)), datetime(2025, 7, 7, 9, 30, 1, 7)),
        (replace(weekly, due_on=date(2025, 7, 21)), datetime(2025, 7, 7, 9, 30, 1, 8)),
        (
            replace(weekly, due_on=date(2025, 7, 21), done_on=date(2025, 7, 20), status="已销号"),
            datetime(2025, 7, 21, 9, 30),
        ),
    )
    paths = [write_action(inbox, one, by="王敏", now=now) for one, now in steps]
    write_action(inbox, GATE, by="李强", now=at(7))
    if times == "lost":  # copying and cloning write files in any order
        for path in reversed(paths):
            content = path.read_bytes()
            path.unlink()
            path.write_bytes(content)
    load(inbox, warehouse)

    assert rows(warehouse, "SELECT action_id, due_on, done_on, status FROM actions ORDER BY 1") == [
        ("YD1", date(2025, 7, 14), None, "在办"),
        ("YD9", date(2025, 7, 21), date(2025, 7, 20), "已销号"),
    ]
    replaced = "SELECT content ->> 'due_on' AS due FROM history WHERE kind = 'actions' ORDER BY 1"
    assert rows(warehouse, replaced) == [("2025-07-07",), ("2025-07-14",), ("2025-07-21",)]
    assert rows(warehouse, "SELECT code, raw_value FROM findings WHERE source_file LIKE '议定事项/%'") == []
    assert rows(warehouse, "SELECT count(*) FROM quarantine") == [(0,)]
    assert rows(warehouse, "SELECT as_of FROM mart_as_of") == [(date(2025, 6, 30),)], "entries moved the as-of date"
    log = (inbox / "arrivals.csv").read_text(encoding="utf-8").splitlines()
    assert len(log) == 1 + len(find_submissions([inbox]).submissions)


def test_a_weekly_sheet_that_comes_after_an_entry_counts(tmp_path: Path) -> None:
    inbox, warehouse = tmp_path / "raw", tmp_path / "wh"
    inbox.mkdir()
    write_action(inbox, replace(GATE, action_id="YD9"), by="王敏", now=at(7))
    load(inbox, warehouse)
    (inbox / "议定事项清单.csv").write_text(WEEKLY, encoding="utf-8-sig")
    load(inbox, warehouse)
    assert rows(warehouse, "SELECT action, due_on FROM actions") == [("清理楼道", date(2025, 7, 7))]


def load(inbox: Path, warehouse: Path) -> None:
    program = Path(sys.executable).with_name("lianping")
    done = subprocess.run([program, "load", inbox, "--warehouse", warehouse], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


def rows(warehouse: Path, statement: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in ask(warehouse, statement).rows]
