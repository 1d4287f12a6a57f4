"""A load killed at any instant leaves a warehouse that opens and is the old or the new version, whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipelines import warehouse

KILLS = 200 if os.environ.get("LIANPING_PROVE") else 6
ROWS = 40
Content = tuple[tuple[object, ...], ...]

pytestmark = [
    pytest.mark.prove,
    pytest.mark.skipif(os.name == "nt", reason="no SIGKILL"),
    pytest.mark.timeout(60 + KILLS * 30),
]


def write(raw: Path, state: int) -> Content:
    """The submissions in a state, of which one differs from all other states; what the warehouse then holds."""
    raw.mkdir(exist_ok=True)
    (raw / "小区.csv").write_text(
        "小区名称,所属社区,总户数,建筑面积\n翠湖花园,春晖社区,600,60000\n柳岸花园,柳岸社区,320,40000\n",
        encoding="utf-8",
    )
    (raw / "固定.csv").write_text("小区名称,月份,应收金额,实收金额\n柳岸花园,2025-01,8000,7000\n", encoding="utf-8")
    lines = [f"翠湖花园,{number + 1}栋,2025-03,{1000 + state},900" for number in range(ROWS)]
    text = "小区名称,楼栋,月份,应收金额,实收金额\n" + "\n".join(lines) + "\n"
    (raw / "变动.csv").write_text(text, encoding="utf-8")
    fees: list[tuple[object, ...]] = [("翠湖花园", 1000.0 + state, "变动.csv")] * ROWS
    return (("柳岸花园", 8000.0, "固定.csv"), *fees, ("submissions", 3), ("estates", 2))


def published(folder: Path) -> Content:
    connection = warehouse.open_published(folder)
    try:
        fees = connection.execute("SELECT estate, receivable_yuan, source_file FROM fees ORDER BY ALL").fetchall()
        counts = [
            (name, connection.table(name).aggregate("count(*)").fetchall()[0][0]) for name in ("submissions", "estates")
        ]
    finally:
        connection.close()
    return tuple(sorted(fees, key=lambda row: str(row[2]) != "固定.csv") + counts)


def loading(raw: Path, folder: Path) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-c",
        "from dashboard.cli import main; main()",
        "load",
        str(raw),
        "--warehouse",
        str(folder),
    ]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def until_writing(load: subprocess.Popen[bytes], folder: Path) -> None:
    """Half of the kills fall into the short time in which a version is written, named and published."""
    while load.poll() is None and not any(folder.glob(".building-*")):
        time.sleep(0.002)


def test_a_load_killed_at_any_instant_leaves_the_old_or_the_new_version_whole(tmp_path: Path) -> None:
    raw, folder = tmp_path / "raw", tmp_path / "warehouse"
    old = write(raw, 0)
    begun = time.monotonic()
    first = loading(raw, folder)
    assert first.wait() == 0, first.stderr and first.stderr.read().decode()
    duration = time.monotonic() - begun
    assert published(folder) == old

    states = {old: 0}
    seen: list[int] = []
    wrong: list[object] = []
    done = threading.Event()

    def keep_reading() -> None:
        while not done.is_set():
            try:
                found = published(folder)
                seen.append(states[found])
                time.sleep(0.02)
            except Exception as fault:  # noqa: BLE001 - whatever a reader meets is what is being looked for
                wrong.append(fault)
                return

    reader = threading.Thread(target=keep_reading)
    reader.start()
    chance = random.Random(20250630)
    outcomes = {"old": 0, "new": 0}
    try:
        for kill in range(1, KILLS + 1):
            new = write(raw, kill)
            states[new] = kill
            load = loading(raw, folder)
            if kill % 2:
                time.sleep(duration * chance.random())
            else:
                until_writing(load, folder)
                time.sleep(0.4 * chance.random())
            load.send_signal(signal.SIGKILL)
            load.wait()
            found = published(folder)
            assert found in (old, new), f"kill {kill}"
            outcomes["new" if found == new else "old"] += 1
            old = found
    finally:
        done.set()
        reader.join()
    assert wrong == []
    assert len(seen) > KILLS
    assert seen == sorted(seen), "a reader went back to an older version"
    print(outcomes, f"{len(seen)} reads, a load takes {duration:.1f} s")  # noqa: T201 - shown by make prove

    new = write(raw, KILLS + 1)
    last = loading(raw, folder)
    assert last.wait() == 0, last.stderr and last.stderr.read().decode()
    assert published(folder) == new
    names = [one.name for one in folder.iterdir()]
    assert not [name for name in names if name.startswith(".building")]
    assert len(warehouse.versions(folder)) <= 5
    assert (raw / "arrivals.csv").read_text(encoding="utf-8").endswith("\n")
