"""Times the counter: from handing in a workbook of 20,000 rows to its findings on the screen, against `lianping check`.

Aim: at most 1.5. A real browser (Debian's chromium) hands the file in on a served data page.

    .venv/bin/python benchmarks/intake.py [--rows 20000] [--runs 3]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import xlsxwriter

PROGRAM = Path(sys.executable).with_name("lianping")
DEMO = Path(__file__).resolve().parents[1] / "data" / "raw" / "demo"
HEADINGS = ("小区", "工单编号", "受理时间", "办结时间", "诉求类别", "诉求内容")
ESTATES = ("梧桐二村", "凤栖雅居", "梧桐新苑", "双桥公寓")


def write(path: Path, rows: int) -> None:
    """A register of tickets, one row in 500 with a date that can't be read."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("工单")
        sheet.write_row(0, 0, ("2024年诉求工单",))
        sheet.write_row(1, 0, HEADINGS)
        for number in range(rows):
            day = f"2024-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
            closed = "下周吧" if number % 500 == 499 else f"{day} 17:{number % 60:02d}"
            row = (ESTATES[number % 4], f"B{number:06d}", f"{day} 08:{number % 60:02d}", closed, "公共设施", "路灯不亮")
            sheet.write_row(number + 2, 0, row)


def checked(path: Path, warehouse: Path) -> float:
    """Seconds of `lianping check`."""
    started = time.perf_counter()
    words = [PROGRAM, "check", path, "--warehouse", warehouse, "--format", "json"]
    done = subprocess.run([str(one) for one in words], capture_output=True, check=False)
    assert done.returncode == 1, done.stderr.decode()
    return time.perf_counter() - started


def handed_in(page: object, path: Path, address: str) -> float:
    """Seconds from handing the file in to its findings on the screen."""
    page.goto(address + "/?page=data")  # type: ignore[attr-defined]
    page.wait_for_selector(".lp-page.data.lower")  # type: ignore[attr-defined]
    page.wait_for_timeout(1500)  # type: ignore[attr-defined]
    started = time.perf_counter()
    page.set_input_files("input[type=file]", [str(path)])  # type: ignore[attr-defined]
    page.wait_for_selector(".answers tr[data-file]", timeout=300_000)  # type: ignore[attr-defined]
    return time.perf_counter() - started


def main() -> None:
    """Prints both times and their ratio as JSON."""
    from playwright.sync_api import sync_playwright

    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rows", type=int, default=20_000)
    words.add_argument("--runs", type=int, default=3)
    given = words.parse_args()
    place = Path(tempfile.mkdtemp(prefix="lianping-intake-"))
    shutil.copytree(DEMO, place / "raw")
    warehouse, path = place / "warehouse", place / "梧桐社区工单.xlsx"
    subprocess.run([PROGRAM, "load", place / "raw", "--warehouse", warehouse], capture_output=True, check=False)
    write(path, given.rows)
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    serve = [PROGRAM, "serve", "--warehouse", warehouse, "--raw", place / "raw", "--port", port]
    environment = {**os.environ, "LIANPING_RECORDS": str(place / "records")}
    server = subprocess.Popen([str(one) for one in serve], env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        while True:
            time.sleep(0.3)
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=2)
                break
            except OSError:
                continue
        with sync_playwright() as driver:
            browser = driver.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(viewport={"width": 1366, "height": 768})
            pairs = [(checked(path, warehouse), handed_in(page, path, address)) for _ in range(given.runs)]
            browser.close()
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(place, ignore_errors=True)
    check, screen = (statistics.median(one) for one in zip(*pairs, strict=True))
    told = {
        "rows": given.rows,
        "check_s": round(check, 2),
        "screen_s": round(screen, 2),
        "ratio": round(screen / check, 2),
    }
    print(json.dumps({**told, "ratios": [round(two / one, 2) for one, two in pairs]}))


if __name__ == "__main__":
    main()
