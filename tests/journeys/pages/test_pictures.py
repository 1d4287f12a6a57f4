"""Pictures taken home from a page, and the map: what is downloaded holds the numbers of the command line."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pypdf
import pytest
from PIL import Image

from .conftest import PROGRAM, Served, Visitor

pytestmark = pytest.mark.timeout(300)


def test_a_chart_is_downloaded_in_every_form_and_holds_the_figures_of_the_command_line(
    visit: Callable[..., Visitor], served: Served, tmp_path: Path
) -> None:
    visitor = visit()
    page = visitor.go("/?page=compare&period=2025Q2")
    words = "metrics --period 2025Q2 --by estate --metric satisfaction_rate --format json --warehouse"
    told = json.loads(
        subprocess.run([PROGRAM, *words.split(), str(served.warehouse)], capture_output=True, check=True).stdout
    )
    rates = {one["subject"]: one["value"] for one in told if one["value"] is not None}
    kept = {}
    for form in ("png|a4|", "png|wide|grey", "svg|a4|", "pdf|a4|", "xlsx||"):
        with page.expect_download(timeout=60_000) as waiting:
            page.evaluate('what => document.querySelector(`[data-take="compare-dots|${what}"]`).click()', form)
        name = waiting.value.suggested_filename
        kept[form] = tmp_path / f"{len(kept)}-{name}"
        waiting.value.save_as(kept[form])
    colour = Image.open(kept["png|a4|"])
    assert round(colour.info["dpi"][0]) == 300
    assert abs(colour.width - 1890) <= 12
    grey = Image.open(kept["png|wide|grey"]).convert("RGB").resize((200, 200))
    assert all(max(one) - min(one) <= 24 for one in grey.get_flattened_data())
    drawn = kept["svg|a4|"].read_text(encoding="utf-8")
    printed = "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(kept["pdf|a4|"].read_bytes())).pages)
    for estate in ("梧桐二村", "云锦新城", "石桥南区"):
        assert estate in drawn
        assert f"{rates[estate] * 100:.1f}" in drawn
        assert f"{rates[estate] * 100:.1f}" in printed
    book = openpyxl.load_workbook(kept["xlsx||"])
    cells = {row[0]: row[1:] for sheet in book for row in sheet.iter_rows(values_only=True)}
    for estate, rate in rates.items():
        if estate in cells:
            assert any(isinstance(one, float | int) and abs(one - rate) < 5e-4 for one in cells[estate]), estate
    assert {"梧桐二村", "云锦新城"} <= cells.keys()
    assert any(sheet._charts for sheet in book)
    assert visitor.faults == []


def test_a_click_on_the_map_shows_the_estate_and_leads_to_its_page(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.go("/?page=map")
    circles = page.locator("[data-testid=stVegaLiteChart] .mark-symbol path, .stVegaLiteChart .mark-symbol path")
    canvas = page.locator(".stVegaLiteChart canvas, .stVegaLiteChart svg").first
    canvas.wait_for(timeout=30_000)
    page.wait_for_timeout(1500)
    box = (circles.nth(circles.count() // 2) if circles.count() else canvas).bounding_box()
    assert box is not None
    found = ""
    spots = [(0.5, 0.5)] if circles.count() else [(x / 20, y / 20) for y in range(5, 16) for x in range(3, 18)]
    for x, y in spots:
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
        page.wait_for_timeout(350)
        link = page.locator("a[href^='/estate']").first
        if link.count():
            found = str(link.get_attribute("href"))
            break
    assert found
    page.locator("a[href^='/estate']").first.click()
    page.wait_for_selector(".lp-page.estate .lp-figures")
    assert visitor.faults == []


def test_the_chart_of_the_page_is_that_of_the_command(served: Served, tmp_path: Path) -> None:
    out = tmp_path / "图.svg"
    words = ["chart", "compare-dots", "--period", "2025Q2", "--out", out, "--warehouse", served.warehouse]
    subprocess.run([PROGRAM, *map(str, words)], check=True, capture_output=True)
    assert "梧桐二村" in out.read_text(encoding="utf-8")
