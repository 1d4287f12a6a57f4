"""However a spreadsheet is changed or damaged: each of its rows has one fate, or the file is refused in one finding.

A case that fails is repeated with `LIANPING_SEED=<its seed> pytest tests/proof/test_mutations.py`; several seeds are
written with commas. `LIANPING_PROVE=1` runs them all.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from accounts import mistakes
from independent import CannotTellError, rows_of
from mutations import IDENTITY, PHONE, Case, case_of, sources

from pipelines.mending.profiles import Profiles
from pipelines.reading.read import read_file
from pipelines.settings import Settings
from pipelines.staged import Reading
from pipelines.warehouse import open_published

ROOT = Path(__file__).resolve().parents[2]
FILES = sources([ROOT / "../shared/corpus", ROOT / "data/raw/demo"])
SEEDS = [int(one) for one in os.environ.get("LIANPING_SEED", "").split(",") if one] or list(
    range(2000 if os.environ.get("LIANPING_PROVE") else 120)
)
BATCH = 25
SECONDS = 10
HANGING = 60
PLANTED = (PHONE, IDENTITY, f"{PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}")

pytestmark = pytest.mark.prove


@contextlib.contextmanager
def watched() -> Iterator[None]:
    """Ends what hangs with a TimeoutError, where the system has alarms; the limit of the test catches the rest."""
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_: object) -> None:
        raise TimeoutError(f"still reading after {HANGING} s")

    before = signal.signal(signal.SIGALRM, ring)
    timer = signal.setitimer(signal.ITIMER_REAL, HANGING)
    begun = time.monotonic()
    try:
        yield
    finally:
        rest = max(timer[0] - (time.monotonic() - begun), 1.0) if timer[0] else 0.0
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, rest)


def texts(frame: pl.DataFrame) -> str:
    """All words in a frame. A bare number in a column of numbers is an amount, whatever it looks like."""
    return str(frame.select(pl.col(pl.String, pl.List(pl.String))).rows())


def told(reading: Reading) -> str:
    frames = [*reading.records.values(), reading.findings, reading.quarantine, reading.ledger]
    return " ".join(map(texts, frames)) + str(reading.layouts)


def wrong(case: Case, path: Path) -> str | None:
    """What is wrong with the reading of a case; None where all is well."""
    begun = time.process_time()
    try:
        with watched():
            reading = read_file(path, case.name, Profiles(), Settings())
    except Exception as fault:  # noqa: BLE001 - any exception is what this is to find
        return f"{type(fault).__name__}: {fault}"
    if (seconds := time.process_time() - begun) > SECONDS:
        return f"took {seconds:.1f} s"
    if any(one in told(reading) for one in PLANTED):
        return "personal data got through"
    ledger = Counter(reading.ledger.select("source_sheet", "source_row").rows())
    try:
        held = Counter(rows_of(path))
    except CannotTellError as fault:
        return None if case.damaged or reading.rejected else f"the independent reader fails: {fault}"
    if reading.rejected:
        if reading.findings["code"].to_list() != ["unreadable_file"] or ledger:
            return f"refused with {reading.findings['code'].to_list()} and {len(ledger)} rows"
        return "refused" if held and not case.damaged and not case.vast else None
    if ledger != held:
        missing, surplus = sorted(held - ledger), sorted(ledger - held)
        return f"not in the ledger {missing[:5]}, only or again in the ledger {surplus[:5]}"
    return None


@pytest.mark.timeout(120 + BATCH * HANGING)
@pytest.mark.parametrize("first", range(0, len(SEEDS), BATCH))
def test_each_row_of_a_changed_file_has_one_fate_or_the_file_is_refused(first: int, tmp_path: Path) -> None:
    faults = []
    for seed in SEEDS[first : first + BATCH]:
        case = case_of(seed, FILES)
        path = tmp_path / case.name
        path.write_bytes(case.data)
        if fault := wrong(case, path):
            faults.append(f"{case}: {fault}")
        path.unlink()
    assert not faults, "\n".join(faults)


def test_the_same_seed_makes_the_same_case() -> None:
    for seed in range(0, 40, 3):
        one, other = case_of(seed, FILES), case_of(seed, FILES)
        assert (one.name, one.changes) == (other.name, other.changes)


@pytest.mark.timeout(60 + len(SEEDS) * 10)
def test_a_load_of_every_twentieth_balances_and_keeps_what_was_planted_out(tmp_path: Path) -> None:
    raw, folder = tmp_path / "raw", tmp_path / "warehouse"
    raw.mkdir()
    cases = [case_of(seed, FILES) for seed in (SEEDS[::20] if len(SEEDS) > 20 else SEEDS)]
    for case in cases:
        (raw / case.name).write_bytes(case.data)
    program = Path(sys.executable).with_name("lianping")
    done = subprocess.run(
        [program, "load", raw, "--warehouse", folder, "--format", "json"], capture_output=True, check=False
    )
    what = "\n".join(map(str, cases))
    assert done.returncode in (0, 1), f"{done.stderr.decode()}\n{what}"
    assert b"Traceback" not in done.stderr, f"{done.stderr.decode()}\n{what}"
    assert {one["file"] for one in json.loads(done.stdout)["files"]} == {case.name for case in cases}
    connection = open_published(folder)
    try:
        faults = mistakes(connection, raw)
        tables = [name for (name,) in connection.execute("SHOW TABLES").fetchall()]
        leaks = [(name, one) for name in tables for one in PLANTED if one in stored_texts(connection, name)]
    finally:
        connection.close()
    assert not faults, "\n".join([*faults, what])
    assert not leaks, f"{leaks}\n{what}"
    stored = [path for path in folder.rglob("*") if path.is_file()]
    assert not [path for path in stored for one in PLANTED if one.encode() in path.read_bytes()], what


def stored_texts(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    rows = connection.execute(f"SELECT * FROM {table}").fetchall()
    return str([value for row in rows for value in row if isinstance(value, str | list)])


PERSON = f"联系{PHONE}"


@pytest.mark.parametrize(
    "lines",
    [
        f"小区名称,曾用名,所属社区,物业公司,总户数\n翠湖花园{PHONE},{PERSON}、翠湖,{PERSON},{IDENTITY},600\n",
        f"工单编号,小区名称,受理时间,诉求类型\nA{IDENTITY},翠湖花园,2025-03-01,{PERSON}\nA2,翠湖花园,2025-03-02,漏水\n",
        f"{PERSON}\n小区名称,考核时间,{PERSON}（20分）,绿化（20分）\n翠湖花园,2025-03,18,19\n",
        f"{PERSON},乙,丙\n阿,1,7\n波,3,9\n此,2,5\n",
    ],
    ids=["names", "keys", "headings", "unknown table"],
)
def test_a_persons_number_reaches_nothing_wherever_it_is_written(lines: str, tmp_path: Path) -> None:
    path = tmp_path / "甲.csv"
    path.write_text(lines, encoding="utf-8")
    reading = read_file(path, path.name, Profiles(), Settings())
    assert reading.records or "unrecognised_sheet" in reading.findings["code"].to_list()
    assert not [one for one in PLANTED if one in told(reading)]


def test_ticket_numbers_that_look_like_phones_are_numbers_of_tickets(tmp_path: Path) -> None:
    path = tmp_path / "甲.csv"
    rows = "".join(f"1380000{number:04},翠湖花园,2025-03-01,漏水\n" for number in range(20))
    path.write_text(f"工单编号,小区名称,受理时间,诉求类型\n{rows}", encoding="utf-8")
    reading = read_file(path, path.name, Profiles(), Settings())
    assert reading.records["tickets"]["ticket_id"].to_list() == [f"1380000{number:04}" for number in range(20)]
