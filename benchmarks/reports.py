"""How long documents take: the meeting pack against its charts alone, and 36 estate sheets on both cores.

One run: `python benchmarks/reports.py` (the demo street is loaded first unless LIANPING_WAREHOUSE names a warehouse).
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import vl_convert

from dashboard.printers.picture import plate
from dashboard.published import open_version
from dashboard.reporting import Form, Wanted, file_name, printed, reported, told
from dashboard.stories.report import Picture, Report

CHARTS = 12
RAW = Path(__file__).resolve().parents[1] / "data" / "raw" / "demo"


def main() -> None:
    """Runs all and prints a table of times and ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        warehouse = Path(os.environ.get("LIANPING_WAREHOUSE", folder / "warehouse"))
        if not (warehouse / "CURRENT").exists():
            program = Path(sys.executable).with_name("lianping")
            subprocess.run(
                [program, "load", "--raw", RAW, "--warehouse", warehouse], check=False, stdout=subprocess.DEVNULL
            )
        print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        published = open_version(warehouse)
        pack = _with_charts(told(published, Wanted("weekly", inbox=RAW)), CHARTS)
        charts = [one.figure for one in pack.pictures]
        specs = [json.dumps(plate(one, lang="zh").to_dict()) for one in charts]
        printed(replace(pack, blocks=pack.blocks[:3]), "docx")  # what is loaded once
        alone = _timed(lambda: [vl_convert.vegalite_to_png(one, ppi=300, show_warnings=False) for one in specs])
        vectors = _timed(lambda: [vl_convert.vegalite_to_svg(one, show_warnings=False) for one in specs])
        print(f"{len(specs)} charts alone, PNG at 300 dpi: {alone:.2f} s; SVG: {vectors:.2f} s")
        forms: tuple[Form, ...] = ("docx", "pdf", "pptx", "xlsx")
        for form in forms:
            took = _timed(lambda form=form: printed(pack, form))  # type: ignore[misc]
            print(f"weekly pack, {len(specs)} charts, {form}: {took:.2f} s, {took / alone:.2f} of the charts alone")
        _sheets(warehouse, folder)


def _sheets(warehouse: Path, folder: Path) -> None:
    """36 sheets one after another in one process, then in one go."""
    wanted = Wanted("estate", inbox=RAW)
    published = open_version(warehouse)
    estates = [str(one) for one in published.desk.places["estate"].to_list()]
    after = folder / "after"
    after.mkdir()

    def one_by_one() -> None:
        fresh = open_version(warehouse)
        for estate in estates:
            report = told(fresh, replace(wanted, estate=estate))
            (after / file_name(report, "docx")).write_bytes(printed(report, "docx"))

    slow = _timed(one_by_one)
    fast = _timed(lambda: reported(warehouse, replace(wanted, estate="all"), folder / "at_once", "docx"))
    assert len(list((folder / "at_once").iterdir())) == len(list(after.iterdir())) == len(estates)
    print(
        f"{len(estates)} estate sheets: one after another {slow:.1f} s, in one go {fast:.1f} s, ratio {fast / slow:.2f}"
    )


def _with_charts(report: Report, count: int) -> Report:
    """The report with its first so many pictures."""
    left = count
    blocks = []
    for one in report.blocks:
        if isinstance(one, Picture):
            left -= 1
            if left < 0:
                continue
        blocks.append(one)
    return replace(report, blocks=tuple(blocks))


def _timed(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


if __name__ == "__main__":
    main()
