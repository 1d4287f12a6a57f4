"""How fast the pages are, against the same pages written plainly, against Dash, with many estates and many people.

    python benchmarks/pages.py [--rounds 3] [--sessions 30] [--only pages dash estates people] [--json FILE]

One run starts all servers itself, on this machine, and drives Debian's chromium without a network. Every time goes
from the click to the last mark drawn, by one rule for all (browsing.py). Each round starts the servers anew and visits
the same pages twice: what nobody asked of the server before, and what was asked before. Those beside us take turns
with us, so that a busy machine slows both sides of a ratio; medians over the rounds are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Final

from browsing import Kind, chosen, chromium, first_load, opened, turned
from crowd import Crowd
from larger_street import write_larger
from playwright.sync_api import Browser, Page

HERE: Final = Path(__file__).resolve().parent
DEMO: Final = HERE.parent / "data/raw/demo"
LIANPING: Final = str(Path(sys.executable).with_name("lianping"))
ESTATES: Final = 300
THINKING_S: Final = 20
CROWDED_S: Final = 75

TURNS: Final = (
    ("对标", "compare"),
    ("地图", "map"),
    ("小区", "estate"),
    ("口径", "definitions"),
    ("例会", "meeting"),
)
METRICS: Final = ("closure_median_hours", "cost_per_m2_month")
PERIOD: Final = "2025Q1"
PERIODS: Final = ("2025Q2", PERIOD)
FIRST: Final = "临波苑"
"""The estate that the plain page begins with."""
ANOTHER: Final = ("云锦苑", "柳岸花园")
Times = dict[str, list[float]]


@contextmanager
def served(name: str, warehouse: Path, inbox: Path = DEMO) -> Iterator[Kind]:
    """A server of one kind on a free port; stopped at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    plain = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", port, "--server.headless", "true"]
    commands = {
        "lianping": [LIANPING, "serve", "--warehouse", str(warehouse), "--raw", str(inbox), "--port", port],
        "plain": [*plain, "--server.address", "127.0.0.1", "--browser.gatherUsageStats", "false"],
        "dash": [sys.executable, "dash_compare.py"],
    }
    settings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    settings |= {"LIANPING_WAREHOUSE": str(warehouse), "PORT": port, "LIANPING_RECORDS": str(warehouse / "records")}
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            commands[name], cwd=HERE / "plain_pages", env=settings, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address + ("/" if name == "dash" else "/_stcore/health"), server)
            yield Kind(name, address)
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            if server.poll() is not None:
                raise RuntimeError(f"a server ended: {server.args!r}") from None
            time.sleep(0.2)
    raise TimeoutError(address)


def walk(page: Page, kind: Kind, times: Times) -> None:
    """All pages in turn, then other metrics, periods and estates."""
    for name, what in TURNS:
        at = {"compare": f"compare satisfaction_rate {PERIODS[0]}", "map": f"map satisfaction_rate {PERIODS[0]}"}
        told = f"estate {FIRST}" if what == "estate" else at.get(what, what)
        times[f"turn to {what}"].append(turned(page, kind, name, what if kind.is_ours else told))
    for what, name in (("compare", "对标"), ("map", "地图")):
        turned(page, kind, name, what if kind.is_ours else f"{what} satisfaction_rate {PERIODS[0]}")
        for metric in METRICS:
            told = what if kind.is_ours else f"{what} {metric} {PERIODS[0]}"
            times[f"{what}: metric"].append(chosen(page, kind, "metric", metric, told))
        told = what if kind.is_ours else f"{what} {METRICS[-1]} {PERIOD}"
        times[f"{what}: period"].append(chosen(page, kind, "period", PERIOD, told))
    turned(page, kind, "小区", "estate" if kind.is_ours else f"estate {FIRST}")
    for estate in ANOTHER:
        told = "estate" if kind.is_ours else f"estate {estate}"
        times["estate: estate"].append(chosen(page, kind, "estate", estate, told))


def visit(browser: Browser, kind: Kind, times: Times, *, path: str = "/", what: str = "meeting") -> None:
    """A visitor of a new browser: the first load, then the walk."""
    page = opened(browser)
    times["first load"].append(first_load(page, kind, path, what))
    walk(page, kind, times)
    page.context.close()


def pages(warehouse: Path, rounds: int) -> dict[str, dict[str, dict[str, float]]]:
    """By what was asked (new, again), by action, the medians of each kind in milliseconds."""
    found: dict[tuple[str, str], Times] = defaultdict(lambda: defaultdict(list))
    for number in range(rounds):
        with served("lianping", warehouse) as ours, served("plain", warehouse) as plain, chromium() as browser:
            for asked in ("new", "again"):
                for kind in (ours, plain) if number % 2 == 0 else (plain, ours):
                    visit(browser, kind, found[asked, kind.name])
            say(f"pages: round {number + 1} of {rounds}")
    return {
        asked: {
            action: {kind: round(median(found[asked, kind][action])) for kind in ("lianping", "plain")}
            for action in found[asked, "lianping"]
        }
        for asked in ("new", "again")
    }


def dash(warehouse: Path, rounds: int) -> dict[str, dict[str, float]] | None:
    """The comparison of both: first load, another metric, another period. None where Dash is not installed."""
    if find_spec("dash") is None:
        say("Dash is not installed (pip install '.[bench]'): left out")
        return None
    found: dict[str, Times] = defaultdict(lambda: defaultdict(list))
    with served("lianping", warehouse) as ours, served("dash", warehouse) as other, chromium() as browser:
        for number in range(rounds + 1):
            for kind in (ours, other) if number % 2 == 0 else (other, ours):
                times: Times = found[kind.name] if number else defaultdict(list)
                page = opened(browser)
                at = f"compare satisfaction_rate {PERIODS[0]}"
                start = "/?page=compare" if kind.is_ours else "/"
                times["first load"].append(first_load(page, kind, start, "compare" if kind.is_ours else at))
                for metric in METRICS:
                    told = "compare" if kind.is_ours else f"compare {metric} {PERIODS[0]}"
                    times["compare: metric"].append(chosen(page, kind, "metric", metric, told))
                told = "compare" if kind.is_ours else f"compare {METRICS[-1]} {PERIOD}"
                times["compare: period"].append(chosen(page, kind, "period", PERIOD, told))
                page.context.close()
    actions = found["lianping"]
    return {one: {kind: round(median(found[kind][one])) for kind in ("lianping", "dash")} for one in actions}


def estates(small: Path, large: Path, rounds: int) -> dict[str, dict[str, dict[str, float]]]:
    """By what was asked (new, again), by action on compare and map, the medians with 36 and with 300 estates."""
    found: dict[tuple[str, str], Times] = defaultdict(lambda: defaultdict(list))
    for number in range(rounds):
        with served("lianping", small) as few, served("lianping", large) as many, chromium() as browser:
            pair = ((few, "36"), (many, str(ESTATES)))
            for asked in ("new", "again"):
                for kind, count in pair if number % 2 == 0 else pair[::-1]:
                    page, times = opened(browser), found[asked, count]
                    first_load(page, kind, "/?page=definitions", "definitions")
                    for what, name in (("compare", "对标"), ("map", "地图")):
                        times[f"turn to {what}"].append(turned(page, kind, name, what))
                        for metric in METRICS:
                            times[f"{what}: metric"].append(chosen(page, kind, "metric", metric, what))
                    page.context.close()
            say(f"estates: round {number + 1} of {rounds}")
    return {
        asked: {
            one: {count: round(median(found[asked, count][one])) for count in ("36", str(ESTATES))}
            for one in found[asked, "36"]
        }
        for asked in ("new", "again")
    }


def people(warehouse: Path, sessions: int, seconds: float) -> dict[str, object]:
    """One browser's times alone, then among so many sessions while loads publish one after the other."""
    alone: Times = defaultdict(list)
    among: Times = defaultdict(list)
    with served("lianping", warehouse) as ours, chromium() as browser:
        visit(browser, ours, defaultdict(list))
        visit(browser, ours, alone)
        crowd = Crowd(ours.address, sessions, THINKING_S)
        over = threading.Event()
        loads: list[int] = []

        def publish() -> None:
            while not over.is_set():
                command = [LIANPING, "load", str(DEMO), "--warehouse", str(warehouse), "--format", "json"]
                done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
                loads.append(done.returncode)
                over.wait(THINKING_S)

        ends = time.monotonic() + seconds
        publishing = threading.Thread(target=publish)
        with crowd:
            publishing.start()
            while time.monotonic() < ends:
                visit(browser, ours, among)
            over.set()
            publishing.join()
    times = {one: {"alone": round(median(alone[one])), "among": round(median(among[one]))} for one in alone}
    every = [median(among[one]) / median(alone[one]) for one in alone]
    return {
        "sessions": sessions,
        "thinking_s": THINKING_S,
        "answers": len(crowd.took),
        "answer_median_ms": round(median(crowd.took) * 1000) if crowd.took else None,
        "errors": crowd.errors,
        "loads": len(loads),
        "loads_refused": sum(code not in {0, 1} for code in loads),
        "times": times,
        "median_ratio": round(median(every), 2),
    }


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def told(title: str, times: dict[str, dict[str, float]], over: str, under: str) -> None:
    """Prints a table of two columns and their ratio."""
    print(f"\n{title}\n{'':24}{over:>10}{under:>10}{'ratio':>8}")
    for action, both in times.items():
        print(f"{action:24}{both[over]:10.0f}{both[under]:10.0f}{both[over] / both[under]:8.2f}")
    print(f"{'median':48}{median(both[over] / both[under] for both in times.values()):4.2f}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures what was asked for and prints it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sessions", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=CROWDED_S, help="how long the many stay")
    parts = ("pages", "dash", "estates", "people")
    parser.add_argument("--only", nargs="+", choices=parts, default=parts)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    results: dict[str, object] = {"cores": os.cpu_count(), "load_average": os.getloadavg()}
    folder = Path(tempfile.mkdtemp(prefix="lianping-pages-"))
    try:
        small, large = folder / "small", folder / "large"
        load(DEMO, small)
        if "pages" in given.only:
            both = pages(small, given.rounds)
            results["pages"] = both
            for asked, times in both.items():
                told(f"pages ÷ written plainly, {asked} to the server (ms)", times, "lianping", "plain")
        if "dash" in given.only and (beside := dash(small, given.rounds)) is not None:
            results["dash"] = beside
            told("compare ÷ Dash (ms)", beside, "lianping", "dash")
        if "estates" in given.only:
            write_larger(small, folder / "larger", ESTATES)
            load(folder / "larger", large)
            sizes = estates(small, large, given.rounds)
            results["estates"] = sizes
            for asked, times in sizes.items():
                told(f"{ESTATES} estates ÷ 36, {asked} to the server (ms)", times, str(ESTATES), "36")
        if "people" in given.only:
            results["people"] = crowded = people(small, given.sessions, given.seconds)
            print()
            print(json.dumps(crowded, ensure_ascii=False, indent=1))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if given.json:
        given.json.write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")


def load(inbox: Path, warehouse: Path) -> None:
    """Publishes a folder of submissions."""
    command = [LIANPING, "load", str(inbox), "--warehouse", str(warehouse), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not (warehouse / "CURRENT").exists():
        raise RuntimeError(done.stderr)


if __name__ == "__main__":
    main()
