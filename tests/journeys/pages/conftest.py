"""A served dashboard on the demo street and a real browser to look at it with."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PROGRAM = Path(sys.executable).with_name("lianping")


@dataclass(frozen=True)
class Served:
    """A dashboard that is being served, and the folders that it stands on."""

    address: str
    raw: Path
    warehouse: Path
    records: Path

    def load(self) -> None:
        """Publishes a new version of what is in the inbox now."""
        _load(self.raw, self.warehouse)


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest, demo_street: Path
) -> Iterator[Served]:
    """The demo street, or what the module's `WITHOUT` (patterns of names) leaves of it: less to load each time."""
    place = tmp_path_factory.mktemp("street")
    without = getattr(request.module, "WITHOUT", ())
    shutil.copytree(demo_street / "raw", place / "raw", ignore=shutil.ignore_patterns(*without))
    if without:
        _load(place / "raw", place / "warehouse")
    else:
        shutil.copytree(demo_street / "warehouse", place / "warehouse")
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    street = Served(f"http://127.0.0.1:{port}", place / "raw", place / "warehouse", place / "records")
    with serving(street, port, place / "log"):
        yield street


def _load(raw: Path, warehouse: Path) -> None:
    subprocess.run([PROGRAM, "load", raw, "--warehouse", warehouse], check=False, capture_output=True)


class serving:  # noqa: N801 - reads as a word of the sentence where it is used
    """Serves a dashboard as long as the block lasts; what it wrote is shown when it fails to start."""

    def __init__(self, street: Served, port: int, log: Path) -> None:
        self.street, self.port, self.log = street, port, log

    def __enter__(self) -> None:
        # What is prepared ahead has tests of its own; here it would only take the time of those who ask.
        environment = {**os.environ, "LIANPING_RECORDS": str(self.street.records), "LIANPING_PREPARE": "no"}
        words = [PROGRAM, "serve", "--warehouse", self.street.warehouse, "--raw", self.street.raw, "--port", self.port]
        self.process = subprocess.Popen(
            [str(one) for one in words], env=environment, stdout=self.log.open("wb"), stderr=subprocess.STDOUT
        )
        for _ in range(240):
            time.sleep(0.25)
            try:
                urllib.request.urlopen(f"{self.street.address}/_stcore/health", timeout=2)
            except OSError:
                continue
            return
        raise AssertionError(self.log.read_text(encoding="utf-8", errors="replace"))

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture(scope="session")
def chromium() -> Iterator[playwright.Browser]:
    """Debian's chromium; the tests that need it skip where there is none, and fail where one is required."""
    if CHROMIUM is None:
        assert not os.environ.get("LIANPING_BROWSER_REQUIRED"), "chromium is not installed"
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


class Visitor:
    """Somebody at a browser of their own: what went wrong on their console, and which hosts were asked."""

    def __init__(self, browser: playwright.Browser, address: str, width: int = 1920, height: int = 1080) -> None:
        self.address = address
        self.context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.strangers: list[str] = []
        self.page.on("console", lambda one: self.faults.append(one.text) if one.type == "error" else None)
        self.page.on("pageerror", lambda one: self.faults.append(str(one)))
        self.context.route("**/*", self._ask)

    def _ask(self, route: playwright.Route) -> None:
        """Outside is cut off: only the machine itself answers."""
        url = route.request.url
        if url.startswith((self.address, "data:", "blob:")):
            route.continue_()
        else:
            self.strangers.append(url)
            route.abort()

    def go(self, path: str) -> playwright.Page:
        """Opens an address, and waits until the page stands."""
        self.page.goto(self.address + path)
        self.settled()
        return self.page

    def settled(self) -> None:
        """Waits until there is a page, and nothing is being updated."""
        self.page.wait_for_selector(".lp-page")
        self.page.wait_for_function("document.querySelectorAll('.lp-busy').length === 0")
        self.page.wait_for_timeout(250)

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def visit(chromium: playwright.Browser, served: Served) -> Iterator[type[Visitor]]:
    """Makes visitors of the served street, and sends them home afterwards."""
    here: list[Visitor] = []

    def come(width: int = 1920, height: int = 1080) -> Visitor:
        here.append(Visitor(chromium, served.address, width, height))
        return here[-1]

    yield come  # type: ignore[misc]
    for one in here:
        one.close()
