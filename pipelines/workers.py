"""Reads files in processes of their own, so that no file, however broken or malicious, can end or stall a load.

Each worker reads one file at a time and leaves the reading in the cache; only its name goes through the pipe. A worker
that runs over its time, or dies, is replaced, and its file is given up; the others go on.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from pipelines import cache, fingerprints

if TYPE_CHECKING:
    from pipelines.staged import Reading

Read = Callable[[Path, str], "Reading"]
Fate = Literal["read", "slow", "crashed", "memory", "changed", "closed", "failed", "full"]
"""`closed`: the file can't be opened; `full`: the reading can't be stored, which is no fault of the file."""

SECONDS: Final = 8.0
PATIENCE: Final = 3.0
"""On a busy machine a worker gets this many times as long, while it hasn't had the processor for its seconds."""
SECONDS_PER_MB: Final = 2.0
FREE_MB: Final = 5.0
READER: Final = "pipelines.reading.read"
STARTING_SECONDS: Final = 120.0
MEMORY: Final = 2 << 30


@dataclass(frozen=True)
class Job:
    """A file to read: where it is, its name below the loaded folder, its content hash and key in the cache."""

    path: Path
    file: str
    sha256: str
    key: str
    size: int

    @property
    def seconds(self) -> float:
        """How long reading may take: 8 s, and 2 s more for each megabyte above 5."""
        return SECONDS + SECONDS_PER_MB * max(0.0, self.size / 1e6 - FREE_MB)


@dataclass(frozen=True)
class Outcome:
    """What became of a job. `detail` is what an unexpected failure said."""

    job: Job
    fate: Fate
    detail: str = ""


@dataclass
class _Worker:
    process: SpawnProcess
    pipe: Connection
    job: Job | None = None
    since: float = 0.0
    seconds: float = 0.0
    worked: float = 0.0

    @property
    def until(self) -> float:
        """When to look at it again at the latest."""
        return self.since + self.seconds


class Crew:
    """Workers, started at once and in the background; `work` hands them jobs. A context manager: they end with it."""

    def __init__(self, *, expected: int, seconds: float | None = None) -> None:
        """Starts workers for `expected` files, at most one a processor, which import the reader while they wait.

        `seconds` is the time limit of every file, where it is not to depend on the size.
        """
        self._seconds = seconds
        self._most = os.cpu_count() or 1
        self._workers: list[_Worker] = []
        self._start_for(expected)

    def __enter__(self) -> Crew:
        """The crew itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Ends all workers, also one in the middle of a file."""
        for one in self._workers:
            one.pipe.close()
            one.process.kill()
        for one in self._workers:
            one.process.join()

    def work(self, jobs: Sequence[Job], read: Read, staged: Path) -> Iterator[Outcome]:
        """Has the files read, the biggest first, and gives each one's outcome as it comes; readings go to `staged`."""
        waiting = sorted(jobs, key=lambda job: job.size)
        open_jobs = len(waiting)
        self._start_for(open_jobs)
        while open_jobs:
            for one in self._workers:
                if one.job is None and waiting:
                    self._hand(one, waiting.pop(), read, staged)
            busy = [one for one in self._workers if one.job is not None]
            pause = max(0.0, min(one.until for one in busy) - time.monotonic())
            ready = wait([one.pipe for one in busy], timeout=pause)
            for one in busy:
                outcome = self._heard(one) if one.pipe in ready else self._late(one)
                if outcome is not None:
                    open_jobs -= 1
                    yield outcome

    def _start_for(self, files: int) -> None:
        while len(self._workers) < min(files, self._most):
            self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        threads = os.environ.get("POLARS_MAX_THREADS")
        os.environ["POLARS_MAX_THREADS"] = "1"
        try:
            process = context.Process(target=_serve, args=(theirs,), daemon=True)
            process.start()
        finally:
            del os.environ["POLARS_MAX_THREADS"]
            if threads is not None:
                os.environ["POLARS_MAX_THREADS"] = threads
        theirs.close()
        self._workers.append(_Worker(process, ours))

    def _hand(self, worker: _Worker, job: Job, read: Read, staged: Path) -> None:
        worker.job, worker.since, worker.seconds = job, time.monotonic(), STARTING_SECONDS
        with suppress(OSError):  # a dead worker is noticed when its pipe is read
            worker.pipe.send((job, read, staged))

    def _heard(self, worker: _Worker) -> Outcome | None:
        job = worker.job
        assert job is not None  # noqa: S101 - only busy workers are listened to
        try:
            fate, detail = worker.pipe.recv()
        except (EOFError, OSError):
            return self._replace(worker, "crashed")
        if fate == "started":
            worker.since, worker.seconds = time.monotonic(), self._seconds or job.seconds
            worker.worked = _processor_seconds(worker.process)
            return None
        if fate == "memory":
            return self._replace(worker, "memory")
        worker.job = None
        return Outcome(job, fate, detail)

    def _late(self, worker: _Worker) -> Outcome | None:
        late = time.monotonic() - worker.until
        if late < 0:
            return None
        limit = worker.job and (self._seconds or worker.job.seconds)
        if worker.seconds == limit and _processor_seconds(worker.process) - worker.worked < limit:
            worker.seconds = limit * PATIENCE
            return None
        return self._replace(worker, "slow")

    def _replace(self, worker: _Worker, fate: Fate) -> Outcome:
        worker.pipe.close()
        worker.process.kill()
        worker.process.join()
        self._workers.remove(worker)
        self._start()
        assert worker.job is not None  # noqa: S101 - only busy workers are replaced
        return Outcome(worker.job, fate)


def _serve(pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    importlib.import_module(READER)
    _limit_memory()
    while True:
        try:
            job, read, staged = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(("started", ""))
        pipe.send(_read_one(job, read, staged))


def _read_one(job: Job, read: Read, staged: Path) -> tuple[Fate, str]:
    try:
        reading = read(job.path, job.file)
        if fingerprints.of_file(job.path) != job.sha256:
            return "changed", ""
    except MemoryError:
        return "memory", ""
    except OSError as fault:
        return "closed", str(fault)
    except Exception as fault:  # noqa: BLE001 - a fault of ours in one file must not keep the others out; it is reported
        return "failed", f"{type(fault).__name__}: {fault}"
    try:
        cache.keep(staged, job.key, reading)
    except OSError as fault:
        return "full", str(fault)
    return "read", ""


def _processor_seconds(process: SpawnProcess) -> float:
    """How long the process has had a processor; endless where the system doesn't say."""
    try:
        after_name = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, AttributeError):
        return float("inf")


def _die_with_parent() -> None:
    """A worker of a killed load must not go on: it would read for nobody."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _limit_memory() -> None:
    """Lets this process grow by 2 GB at most, where the system can hold it to that."""
    if sys.platform == "linux":
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + MEMORY
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard < 0 else min(limit, hard), hard))
