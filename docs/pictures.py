"""Takes the pictures of the pages for the READMEs: the demo street, served, seen in a real browser. `make pictures`."""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PROGRAM = Path(sys.executable).with_name("lianping")
DESK, LAPTOP, PHONE = (1920, 1080), (1366, 768), (390, 844)
WUTONG = "%E6%A2%A7%E6%A1%90%E4%BA%8C%E6%9D%91"
PAGES = {
    "meeting": ("", DESK),
    "meeting-projector": ("show=projector", DESK),
    "meeting-phone": ("", PHONE),
    "compare": ("page=compare", DESK),
    "compare-laptop": ("page=compare&metric=closure_median_hours", LAPTOP),
    "map": (f"page=map&estate={WUTONG}", DESK),
    "estate": (f"page=estate&estate={WUTONG}", DESK),
    "estate-phone": (f"page=estate&estate={WUTONG}", PHONE),
    "rating": ("page=rating", DESK),
    "data": ("page=data", DESK),
    "definitions": ("page=definitions", DESK),
}


def main() -> None:
    """Takes every page in both languages into docs/pictures/. The pages to take may be named."""
    wanted = sys.argv[1:] or list(PAGES)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        shutil.copytree(ROOT / "data" / "raw" / "demo", place / "raw")
        subprocess.run([PROGRAM, "load", place / "raw", "--warehouse", place / "wh"], check=False, capture_output=True)
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            port = door.getsockname()[1]
        words = ["serve", "--warehouse", place / "wh", "--raw", place / "raw", "--port", port]
        environment = {**os.environ, "LIANPING_RECORDS": str(place / "records")}
        server = subprocess.Popen([str(one) for one in (PROGRAM, *words)], env=environment, stdout=subprocess.DEVNULL)
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health")
            _take(f"http://127.0.0.1:{port}", wanted)
        finally:
            server.terminate()
            server.wait(20)


def _wait(address: str) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(address, timeout=2)
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise SystemExit(f"no answer from {address}")


def _take(address: str, wanted: list[str]) -> None:
    (HERE / "pictures").mkdir(exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name in wanted:
            words, (width, height) = PAGES[name]
            for lang in ("zh", "en"):
                page = browser.new_page(viewport={"width": width, "height": height})
                page.goto(f"{address}/?{words}&lang={lang}")
                page.wait_for_selector(".lp-page")
                page.wait_for_load_state("networkidle")
                page.wait_for_timeout(2500)
                picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
                picture.quantize(255, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
                    HERE / "pictures" / f"{name}.{lang}.png", optimize=True
                )
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
