"""The weekly meeting: a signal is followed to its cell, actions are agreed and ticked off, a meeting is frozen."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable

import openpyxl
import pytest
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from .conftest import PROGRAM, Served, Visitor

pytestmark = pytest.mark.timeout(300)


def test_a_signal_is_followed_to_the_estate_and_to_the_cell(visit: Callable[..., Visitor], served: Served) -> None:
    visitor = visit()
    page = visitor.go("/")
    said = page.locator(".lp-signals li").all_inner_texts()
    assert 1 <= len(said) <= 7
    worst = next(one for one in said if "梧桐二村" in one and "满意率" in one)
    assert "64.1%" in worst
    page.locator(".lp-signals li", has_text="满意率").locator("a").first.click()
    page.wait_for_selector(".lp-page.estate .lp-figures")
    assert page.inner_text("h1") == "梧桐二村"
    assert "64.1" in page.inner_text(".lp-figure[data-metric=satisfaction_rate]")
    sources = page.inner_text("#sources")
    assert "满意度调查汇总.xlsx" in sources
    shown = page.locator("#source-satisfaction_rate tbody tr")
    file, sheet, cells = (shown.locator(f"td.{name}").inner_text() for name in ("file", "sheet", "rows"))
    held = openpyxl.load_workbook(served.raw / file, data_only=True)[sheet]
    numbers = [cell.value for one in cells.split("、") for row in _cells(held, one) for cell in row]
    responses, *satisfied = numbers
    assert f"{100 * sum(satisfied) / responses:.1f}" == "64.1"
    assert page.inner_text("#source-satisfaction_rate .code").split()[-1].startswith("2025Q2-")


def test_the_four_figures_are_those_of_the_command_line(visit: Callable[..., Visitor], served: Served) -> None:
    page = visit().go("/")
    for metric, period, decimals in (
        ("satisfaction_rate", "2025Q2", 1),
        ("collection_rate", "2025-06", 1),
        ("closure_median_hours", "2025-W27", 1),
        ("cost_per_m2_month", "2025-06", 2),
    ):
        words = ["metrics", "--period", period, "--metric", metric, "--warehouse", served.warehouse, "--format", "json"]
        told = json.loads(subprocess.run([PROGRAM, *map(str, words)], capture_output=True, check=True).stdout)[0]
        value = told["value"] * (100 if metric.endswith("_rate") else 1)
        article = page.inner_text(f".lp-figure[data-metric={metric}] .value b")
        assert article.startswith(f"{value:.{decimals}f}"), metric


def test_an_action_is_added_and_ticked_off_and_seen_in_another_browser(
    visit: Callable[..., Visitor], served: Served
) -> None:
    secretary, chairman = visit(), visit(1366, 768)
    page, other = secretary.go("/"), chairman.go("/")
    page.click(".lp-actions details.new summary")
    form = page.locator("form[data-do=new]")
    form.locator("select[name=estate]").select_option("梧桐二村")
    form.locator("input[name=text]").fill("=整改东门岗亭<b>")
    form.locator("input[name=owner]").fill("恒谊物业")
    form.locator("input[name=due]").fill("2025-07-15")
    form.locator("input[name=by]").fill("街道物业科")
    form.locator("button").click()
    line = other.locator(".lp-actions li", has_text="整改东门岗亭<b>")
    line.wait_for(timeout=6000)
    assert "恒谊物业" in line.inner_text()
    line.locator("summary").click()
    line.locator("input[name=due]").fill("2025-07-22")
    line.locator("input[name=by]").fill("社区")
    line.locator("button").click()
    page.locator(".lp-actions li", has_text="顺延 1 次").filter(has_text="整改东门岗亭").wait_for(timeout=6000)
    page.locator(".lp-actions li", has_text="整改东门岗亭").locator("a.box").click()
    other.locator(".lp-actions li.done", has_text="整改东门岗亭").wait_for(timeout=6000)
    entries = sorted((served.raw / "议定事项").rglob("*.csv"))
    assert len(entries) == 3
    assert "登记人：街道物业科" in entries[0].read_text(encoding="utf-8-sig")
    assert secretary.faults == chairman.faults == []


def test_a_frozen_meeting_stays_as_it_was_when_the_data_change(visit: Callable[..., Visitor], served: Served) -> None:
    visitor = visit()
    page = visitor.go("/")
    page.click("summary:has-text('封存本次例会')")
    page.fill("form[data-do=freeze] input[name=by]", "书记办公室")
    page.click("form[data-do=freeze] button")
    page.wait_for_selector(".lp-news:has-text('已封存')")
    name = sorted(one.name for one in (served.records / "meetings").iterdir())[-1]
    shown = visitor.go(f"/?meeting={name}").inner_text(".lp-page")
    assert "82.7" in shown

    more = "小区名称,月份,应收金额,实收金额\n石桥南区,2025-06,40000,100\n石桥新村,2025-06,90000,100\n"
    (served.raw / "石桥社区" / "石桥补报202506.csv").write_text(more, encoding="utf-8")
    served.load()
    page.wait_for_selector(".lp-newer", timeout=25000)
    assert visitor.go(f"/?meeting={name}").inner_text(".lp-page") == shown
    fresh = visit()
    assert fresh.go("/").inner_text(".lp-figure[data-metric=collection_rate] .value") not in shown

    seal = served.records / "meetings" / name / "page.zh.html"
    seal.chmod(0o644)
    seal.write_bytes(seal.read_bytes().replace(b"82.7", b"92.7"))
    assert "page.zh.html" in visitor.go(f"/?meeting={name}").inner_text(".lp-page")


def test_a_new_version_is_offered_and_shown_when_asked_for(visit: Callable[..., Visitor], served: Served) -> None:
    visitor = visit()
    page = visitor.go("/")
    before = page.inner_text(".lp-actions")
    more = "小区名称,月份,应收金额,实收金额\n石桥小区,2025-06,40000,100\n"
    (served.raw / "石桥社区" / "石桥再报202506.csv").write_text(more, encoding="utf-8")
    served.load()
    page.wait_for_selector(".lp-newer", timeout=25000)
    assert page.inner_text(".lp-actions") == before
    page.click(".lp-newer a")
    page.wait_for_selector(".lp-newer", state="detached", timeout=25000)
    visitor.settled()
    assert visitor.faults == []


def _cells(held: Worksheet, cells: str) -> tuple[tuple[Cell, ...], ...]:
    found: tuple[tuple[Cell, ...], ...] = held[cells] if ":" in cells else ((held[cells],),)
    return found
