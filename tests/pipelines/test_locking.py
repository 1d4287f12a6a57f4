from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipelines import locking

HOLD = """
import sys, time
from pathlib import Path
from pipelines.locking import loading
with loading(Path(sys.argv[1]), 0, lambda holder: None):
    print("loading", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def holding(folder: Path, seconds: float) -> subprocess.Popen[str]:
    other = subprocess.Popen([sys.executable, "-c", HOLD, folder, str(seconds)], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "loading\n"
    return other


def test_a_second_load_waits_says_for_whom_and_goes_on(tmp_path: Path) -> None:
    told: list[locking.Holder | None] = []
    with holding(tmp_path, 0.5) as other, locking.loading(tmp_path, 30, told.append) as left_by:
        assert other.wait(5) == 0
        assert left_by is None
    assert [holder and holder.pid for holder in told] == [other.pid]


def test_a_second_load_that_may_not_wait_says_who_is_loading(tmp_path: Path) -> None:
    with holding(tmp_path, 30) as other:
        with pytest.raises(locking.StillLoadingError) as caught, locking.loading(tmp_path, 0.2, lambda _: None):
            pass
        other.kill()
    assert caught.value.holder is not None
    assert caught.value.holder.pid == other.pid


def test_the_lock_of_a_killed_load_is_free_at_once_and_its_owner_is_named(tmp_path: Path) -> None:
    with holding(tmp_path, 30) as other:
        other.kill()
        other.wait()
        with locking.loading(tmp_path, 0, lambda _: None) as left_by:
            assert left_by is not None
            assert left_by.pid == other.pid
            mine = locking.holder_of(tmp_path)
            assert mine is not None
            assert mine.pid == os.getpid()
    with locking.loading(tmp_path, 0, lambda _: None) as left_by:
        assert left_by is None


def test_a_load_that_failed_frees_the_lock_too(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), locking.loading(tmp_path, 0, lambda _: None):
        raise RuntimeError
    with locking.loading(tmp_path, 0, lambda _: None) as left_by:
        assert left_by is None


def test_of_many_loads_one_runs_at_a_time(tmp_path: Path) -> None:
    running, most = 0, 0
    guard = threading.Lock()

    def load() -> None:
        nonlocal running, most
        with locking.loading(tmp_path, 30, lambda _: None):
            with guard:
                running += 1
                most = max(most, running)
            time.sleep(0.02)
            with guard:
                running -= 1

    threads = [threading.Thread(target=load) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert most == 1
