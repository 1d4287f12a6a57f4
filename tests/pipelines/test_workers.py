from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import small_street

from pipelines import cache, fingerprints
from pipelines.workers import Crew, Job, Outcome


def job(folder: Path, name: str, text: str) -> Job:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return Job(path, name, fingerprints.of_file(path), f"key-of-{name}", path.stat().st_size)


def fates(outcomes: list[Outcome]) -> dict[str, str]:
    return {one.job.file: one.fate for one in outcomes}


@pytest.mark.timeout(60)
def test_a_file_that_hangs_spins_dies_or_breaks_is_given_up_and_the_others_are_read(tmp_path: Path) -> None:
    texts = {
        "hang.csv": "hang", "spin.csv": "spin", "die.csv": "die", "break.csv": "break", "good.csv": "翠湖,3,100",
        "also.csv": "春晖,4,200",
    }  # fmt: skip
    jobs = [job(tmp_path, name, text) for name, text in texts.items()]
    with Crew(expected=len(jobs), seconds=0.4) as crew:
        outcomes = list(crew.work(jobs, small_street.read, tmp_path / "staged"))
    assert fates(outcomes) == {
        "hang.csv": "slow", "spin.csv": "slow", "die.csv": "crashed", "break.csv": "failed", "good.csv": "read",
        "also.csv": "read",
    }  # fmt: skip
    assert [one.detail for one in outcomes if one.fate == "failed"] == ["RuntimeError: not foreseen"]
    reading = cache.recall(tmp_path / "staged", "key-of-good.csv")
    assert reading is not None
    assert reading.records["fees"]["receivable_yuan"].to_list() == [100.0]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is held down on Linux only")
@pytest.mark.timeout(60)
def test_a_file_that_needs_too_much_memory_is_given_up(tmp_path: Path) -> None:
    jobs = [job(tmp_path, "eat.csv", "eat"), job(tmp_path, "good.csv", "翠湖,3,100")]
    with Crew(expected=1) as crew:
        assert fates(list(crew.work(jobs, small_street.read, tmp_path / "staged"))) == {
            "eat.csv": "memory",
            "good.csv": "read",
        }


@pytest.mark.timeout(60)
def test_a_file_that_changes_or_vanishes_meanwhile_is_not_kept_under_its_old_hash(tmp_path: Path) -> None:
    changed, gone = job(tmp_path, "changed.csv", "翠湖,3,100"), job(tmp_path, "gone.csv", "翠湖,3,100")
    changed.path.write_text("翠湖,3,999", encoding="utf-8")
    gone.path.unlink()
    with Crew(expected=1) as crew:
        assert fates(list(crew.work([changed, gone], small_street.read, tmp_path / "staged"))) == {
            "changed.csv": "changed",
            "gone.csv": "closed",
        }
    assert not cache.has(tmp_path / "staged", changed.key)


@pytest.mark.timeout(60)
def test_a_reading_that_cannot_be_stored_is_no_fault_of_the_file(tmp_path: Path) -> None:
    one = job(tmp_path, "good.csv", "翠湖,3,100")
    staged = tmp_path / "staged"
    with Crew(expected=0) as crew:
        staged.write_text("a file where the folder was")
        assert fates(list(crew.work([one], small_street.read, staged))) == {"good.csv": "full"}


PARENT = """
import sys
from pathlib import Path
import small_street
from pipelines.workers import Crew, Job
if __name__ == "__main__":
    worker = Crew(expected=1)._workers[0]
    job = Job(Path(sys.argv[1]), "hang.csv", "", "key", 4)
    worker.pipe.send((job, small_street.read, Path(sys.argv[2])))
    worker.pipe.recv()
    print(worker.process.pid, flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.timeout(60)
def test_workers_end_when_their_load_is_killed(tmp_path: Path) -> None:
    (tmp_path / "hang.csv").write_text("hang")
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    arguments = [sys.executable, script, tmp_path / "hang.csv", tmp_path / "staged"]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.kill()
    until = time.monotonic() + 10
    while _lives(worker) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _lives(worker)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
