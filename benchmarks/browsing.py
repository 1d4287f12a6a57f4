"""A visitor of pages with a stopwatch: from the click to the last mark drawn, by one rule for whatever is visited.

The time ends at the frame after the last change of an element, text or canvas that is followed by a stretch of quiet;
the quiet itself is not counted. Nothing leaves this machine: requests elsewhere are refused.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, Route, sync_playwright

CHROMIUM: Final = "/usr/bin/chromium"
QUIET_MS: Final = 600
PATIENCE_S: Final = 60
SCREEN: Final = {"width": 1366, "height": 768}
WORDS: Final = {
    "metric": "指标",
    "period": "期间",
    "estate": "小区",
    "satisfaction_rate": "满意率",
    "collection_rate": "收缴率",
    "closure_median_hours": "办结时长中位数",
    "cost_per_m2_month": "单位面积成本",
}
CHOOSE: Final = """([control, value]) => {
  const leads = (one) => new URL(one.dataset.href, location.href).searchParams
  const option = [...document.querySelectorAll("select option[data-href]")].find(
    (one) => leads(one).get(control) === value && !leads(one).get("basis"))
  const select = option.closest("select")
  select.selectedIndex = option.index
  select.dispatchEvent(new Event("change", { bubbles: true }))
}"""
SPY: Final = (Path(__file__).parent / "drawn.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Kind:
    """What is visited: lianping, plain or dash, and where it stands."""

    name: str
    address: str

    @property
    def is_ours(self) -> bool:
        """The dashboard, not one of those beside it."""
        return self.name == "lianping"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def opened(browser: Browser) -> Page:
    """A page of a visitor who was never here before."""
    page = browser.new_context(viewport=SCREEN).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(PATIENCE_S * 1000)
    page.add_init_script(SPY)
    page.route("**/*", _only_here)
    return page


def _only_here(route: Route) -> None:
    if "//127.0.0.1:" in route.request.url or route.request.url.startswith(("data:", "blob:")):
        route.continue_()
    else:
        route.abort()


def first_load(page: Page, kind: Kind, path: str, what: str) -> float:
    """Milliseconds from typing an address to the last mark."""
    page.goto(kind.address + path)
    return _seconds(page, kind, what, since_click=False)


def turned(page: Page, kind: Kind, to: str, what: str) -> float:
    """Milliseconds from a click on a page's name to its last mark."""
    _mark(page)
    links = ".lp-bar nav a" if kind.is_ours else "[data-testid=stSidebarNavLink]"
    page.evaluate(f"[...document.querySelectorAll('{links}')].find(one => one.innerText.trim() === '{to}').click()")
    return _seconds(page, kind, what)


def chosen(page: Page, kind: Kind, control: str, value: str, what: str) -> float:
    """Milliseconds from choosing a value (of metric, period, estate) in a control to the last mark."""
    if kind.is_ours:
        _mark(page)
        page.evaluate(CHOOSE, [control, value])
    elif kind.name == "dash":
        page.locator(f"#{'quarter' if control == 'period' else control}").click()
        page.get_by_text(WORDS.get(value, value), exact=True).last.click()
    else:
        typed = page.locator(f'[data-testid=stSelectbox]:has-text("{WORDS[control]}") input').first
        typed.click()
        typed.fill(WORDS.get(value, value))
        page.locator("[role=option]").get_by_text(WORDS.get(value, value), exact=True).click()
    return _seconds(page, kind, what)


def redrawn(page: Page, what: str, act: Callable[[], object]) -> float:
    """Milliseconds from what `act` does on a page of ours to the last mark."""
    _mark(page)
    act()
    return _seconds(page, Kind("lianping", ""), what)


def _mark(page: Page) -> None:
    """Tells the page that stands from the one that will come."""
    page.evaluate("document.querySelectorAll('.lp-page').forEach(one => one.dataset.old = '1')")


def _is_up(kind: Kind, what: str) -> str:
    idle = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
    if kind.is_ours:
        return f"{idle} && !!document.querySelector('.lp-page.{what}:not([data-old])')"
    if kind.name == "dash":
        return f"document.querySelector('#shown')?.innerText === '数据：{what}'"
    told = "[...document.querySelectorAll('[data-testid=stCaptionContainer]')].map(one => one.innerText.trim())"
    return f"{idle} && {told}.join() === '数据：{what}'"


def _seconds(page: Page, kind: Kind, what: str, *, since_click: bool = True) -> float:
    ends = time.monotonic() + PATIENCE_S
    up = _is_up(kind, what)
    while time.monotonic() < ends:
        is_quiet, took = page.evaluate(
            f"[({up}) && performance.now() - drawn.last > {QUIET_MS} && drawn.last > drawn.asked,"
            f" drawn.last - {'drawn.asked' if since_click else '0'}]"
        )
        if is_quiet:
            return float(took)
        page.wait_for_timeout(50)
    raise TimeoutError(f"{kind.name}: {what} did not come up within {PATIENCE_S} s")
