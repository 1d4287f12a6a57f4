"""How long a what-if slider takes from its move to the redrawn board, against the other clicks of the same page.

`python benchmarks/whatif.py [--warehouse DIR]`: serves the demo street, moves one weight to values never asked before,
picks companies of the board, and switches to the estates and back, in one browser; prints medians and their ratios.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
from pathlib import Path

from browsing import chromium, opened, redrawn
from pages import DEMO, LIANPING, served
from playwright.sync_api import Page

MOVED = (31, 33, 35, 37, 39, 41, 43)
MOVE = """(value) => {
  const slider = document.querySelector("form[data-live] input[name='w.residents']")
  slider.value = value
  slider.dispatchEvent(new Event("change", { bubbles: true }))
}"""
PICK = "(place) => [...document.querySelectorAll('tr[data-subject] .name a')][place].click()"
SWITCH = """() => [...document.querySelectorAll("a[href*='rating']:not([aria-current])")].find(
  (one) => /小区|物业/.test(one.textContent) && !one.closest("tr") && !one.closest("nav")).click()"""


def main() -> None:
    """Measures and prints."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--warehouse", type=Path)
    with tempfile.TemporaryDirectory() as name:
        warehouse = words.parse_args().warehouse or Path(name)
        if not (warehouse / "CURRENT").exists():
            load = [LIANPING, "load", DEMO, "--warehouse", warehouse]
            subprocess.run(load, check=False, stdout=subprocess.DEVNULL)
        with served("lianping", warehouse) as kind, chromium() as browser:
            page = opened(browser)
            page.goto(f"{kind.address}/?page=rating&part=whatif")
            page.wait_for_selector("form[data-live]")
            page.wait_for_timeout(3000)
            times = {
                "slider, new value": [_timed(page, MOVE, value) for value in MOVED],
                "slider, value asked before": [_timed(page, MOVE, value) for value in MOVED],
                "company picked, first time": [_timed(page, PICK, place) for place in range(1, 7)],
                "company picked, again": [_timed(page, PICK, place) for place in range(1, 7)],
                "companies and estates, first": [_timed(page, SWITCH) for _ in range(2)],
                "companies and estates, again": [_timed(page, SWITCH) for _ in range(6)],
            }
    slider = statistics.median(times["slider, new value"])
    for what, found in times.items():
        middle = statistics.median(found)
        print(f"{what:<30} median {middle:6.0f} ms   slider ÷ this {slider / middle:.2f}")


def _timed(page: Page, script: str, value: object = None) -> float:
    return redrawn(page, "rating", lambda: page.evaluate(script, value))


if __name__ == "__main__":
    main()
