from __future__ import annotations

import os
import threading
from datetime import datetime
from pathlib import Path

import pytest

from pipelines import arrivals
from pipelines.arrivals import Arrival

A, B, C = "a" * 64, "b" * 64, "c" * 64
MONDAY, TUESDAY = datetime(2025, 6, 30, 10, 15), datetime(2025, 7, 1, 9, 0)


def folders(tmp_path: Path) -> tuple[Path, Path]:
    raw, warehouse = tmp_path / "raw", tmp_path / "warehouse"
    raw.mkdir()
    warehouse.mkdir()
    return raw, warehouse


def test_a_new_content_gets_one_row_and_keeps_its_first_time(tmp_path: Path) -> None:
    raw, warehouse = folders(tmp_path)
    arrivals.note(raw, warehouse, [A, A], MONDAY)
    log = arrivals.note(raw, warehouse, [B, A], TUESDAY)
    assert log.arrivals == {A: Arrival(A, MONDAY), B: Arrival(B, TUESDAY)}
    assert (raw / "arrivals.csv").read_text() == (
        f"sha256,received_at,sender,withdrawn,reason\n{A},2025-06-30T10:15:00,,,\n{B},2025-07-01T09:00:00,,,\n"
    )


def test_nothing_is_written_where_every_content_is_known(tmp_path: Path) -> None:
    raw, warehouse = folders(tmp_path)
    arrivals.note(raw, warehouse, [A], MONDAY)
    stamp = (raw / "arrivals.csv").stat().st_mtime_ns
    arrivals.note(raw, warehouse, [A], TUESDAY)
    assert (raw / "arrivals.csv").stat().st_mtime_ns == stamp


def test_a_withdrawal_keeps_the_arrival_and_a_further_row_brings_the_content_back(tmp_path: Path) -> None:
    raw, _ = folders(tmp_path)
    log = raw / "arrivals.csv"
    rows = [f"{A},2025-06-30T10:15:00,翠湖社区,,", f"{A},,,2025/7/1 9:00,填错了表"]
    log.write_text("sha256,received_at,sender,withdrawn,reason\n" + "\n".join(rows), encoding="gb18030")
    assert arrivals.read(log).arrivals == {A: Arrival(A, MONDAY, "翠湖社区", TUESDAY, "填错了表")}
    with log.open("a", encoding="gb18030") as text:
        text.write(f"\n{A},2025-07-02,,,\n")
    assert arrivals.read(log).arrivals == {A: Arrival(A, datetime(2025, 7, 2))}


@pytest.mark.parametrize("torn", [B[:20], B, f"{B},2025-07-01T09:0", f"{B},"])
def test_a_line_torn_off_by_a_crash_is_left_out_and_repaired(tmp_path: Path, torn: str) -> None:
    raw, warehouse = folders(tmp_path)
    arrivals.note(raw, warehouse, [A], MONDAY)
    whole = (raw / "arrivals.csv").read_text()
    (raw / "arrivals.csv").write_text(whole + torn)
    assert arrivals.read(raw / "arrivals.csv") == arrivals.Log({A: Arrival(A, MONDAY)})
    arrivals.note(raw, warehouse, [C], TUESDAY)
    assert (raw / "arrivals.csv").read_text() == whole + f"{C},2025-07-01T09:00:00,,,\n"


def test_a_whole_last_line_without_its_end_is_kept(tmp_path: Path) -> None:
    raw, warehouse = folders(tmp_path)
    text = f"sha256,received_at,sender,withdrawn,reason\r\n{A},2025-06-30 10:15,张三,,"
    (raw / "arrivals.csv").write_bytes(text.encode())
    log = arrivals.note(raw, warehouse, [B], TUESDAY)
    assert log.arrivals == {A: Arrival(A, MONDAY, "张三"), B: Arrival(B, TUESDAY)}


def test_a_line_that_cannot_be_read_is_told_by_its_number(tmp_path: Path) -> None:
    raw, _ = folders(tmp_path)
    (raw / "arrivals.csv").write_text(
        f"sha256,received_at,sender,withdrawn,reason\n昨天的表,2025-06-30,,,\n{A},2025-06-30T10:15:00,,,\n"
    )
    assert arrivals.read(raw / "arrivals.csv") == arrivals.Log({A: Arrival(A, MONDAY)}, (2,))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_the_log_goes_to_the_warehouse_where_the_submissions_cannot_be_written(tmp_path: Path) -> None:
    raw, warehouse = folders(tmp_path)
    raw.chmod(0o500)
    arrivals.note(raw, warehouse, [A], MONDAY)
    assert arrivals.known_at(raw, warehouse).arrivals == {A: Arrival(A, MONDAY)}
    assert (warehouse / "arrivals.csv").exists()


def test_the_log_goes_to_the_warehouse_where_access_says_no(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, warehouse = folders(tmp_path)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert arrivals.note(raw, warehouse, [A], MONDAY).arrivals == {A: Arrival(A, MONDAY)}
    assert [one.name for one in raw.iterdir()] == []


def test_many_appending_at_once_lose_no_row_and_write_none_twice(tmp_path: Path) -> None:
    raw, warehouse = folders(tmp_path)
    contents = [f"{number:064x}" for number in range(40)]
    threads = [
        threading.Thread(target=arrivals.note, args=(raw, warehouse, contents[start : start + 10], MONDAY))
        for start in range(0, 31, 2)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    lines = (raw / "arrivals.csv").read_text().splitlines()
    assert sorted(lines[1:]) == [f"{one},2025-06-30T10:15:00,,," for one in contents]
