"""Runs a command and watches how long it takes and how much memory its processes hold together."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """Wall-clock seconds, and the most resident memory of the command and its descendants together, in bytes."""

    seconds: float
    peak: int


def run(command: list[str]) -> Run:
    """Runs a command to its end, adding up every 50 ms what it and its descendants hold.

    Memory shared between them counts in each, so that the figure is rather too high than too low. Raises SystemExit
    with what the command said when it could not do its work (exit code 2 or above).
    """
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        peak = 0
        while True:
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            peak = max(peak, _held_by_tree(process.pid))
            time.sleep(0.05)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in {0, 1}:
            said.seek(0)
            sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{said.read().decode(errors='replace')}")
    largest = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Run(seconds, max(peak, largest))


def _held_by_tree(pid: int) -> int:
    """The resident memory of a process and its descendants in bytes; 0 where /proc does not tell."""
    held, waiting = 0, [pid]
    while waiting:
        one = Path("/proc", str(waiting.pop()))
        try:
            held += int((one / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            for task in (one / "task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue  # it ended between two looks
    return held
