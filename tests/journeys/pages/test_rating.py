"""A whole round on the demo street in a real browser: a secretary, two scorers and one who stands aside."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from .conftest import PROGRAM, Served, Visitor

pytestmark = pytest.mark.timeout(400)

ID = "2025H1-company"
ROUND = f"/?page=rating&round={ID}"
PANEL = "王敏，街道物业科\n赵宁，居民代表\n李强，柳岸社区居委会"


def test_without_a_round_the_page_says_so_and_how_to_open_one(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.go("/?page=rating")
    assert "还没有开启评定" in page.inner_text(".scope")
    assert page.locator("table.board tbody tr").count() == 14
    page.click(".tools a:has-text('办理')")
    page.wait_for_selector("form[data-do=rating-open]")
    visitor.settled()
    assert "先开启一轮" in page.inner_text(".lp-page")
    assert visitor.faults == []


def test_a_trial_moves_stars_and_is_marked_as_one(visit: Callable[..., Visitor]) -> None:
    visitor = visit(1366, 768)
    page = visitor.go("/?page=rating")
    before = page.locator("table.board tr[data-stars='5']").count()
    page.click(".tools a:has-text('试算')")
    page.wait_for_selector("form.sliders")
    visitor.settled()
    page.locator("input[name='t.5']").evaluate(
        "one => { one.value = 96; one.dispatchEvent(new Event('change', {bubbles: true})) }"
    )
    page.wait_for_function(f"document.querySelectorAll('table.board tr[data-stars=\"5\"]').length < {before}")
    assert page.inner_text(".trial-line") == "试算，不作评定依据"
    assert "trial=" in page.url
    assert visitor.faults == []


def test_a_whole_round_from_opening_to_a_seal_that_is_verified(visit: Callable[..., Visitor], served: Served) -> None:
    secretary = visit()
    page = secretary.go("/?page=rating&part=desk")
    page.fill("form[data-do=rating-open] textarea[name=panel]", PANEL)
    page.fill("form[data-do=rating-open] input[name=by]", "街道物业科")
    page.click("form[data-do=rating-open] button")
    page.wait_for_selector("form[data-do=rating-preview]")
    assert "柳岸社区领办物业" in page.inner_text("table.panel tr:has-text('李强')")
    _press(secretary, "preview", "form[data-do=rating-scoring]")
    _press(secretary, "scoring", "form[data-do=rating-draft]")
    _press(secretary, "codes", ".slip")
    codes = {str(one.get_attribute("data-scorer")): one.inner_text() for one in page.locator(".slip code").all()}
    assert set(codes) == {"王敏", "赵宁", "李强"}

    with page.expect_download() as taken:
        page.click("[data-take=rating-sheets]")
    assert page.locator(".slip code").count() == 3, "the codes still stand there to be printed"
    with zipfile.ZipFile(taken.value.path()) as archive:
        books = {name: archive.read(name) for name in archive.namelist()}
    assert len(books) == 3
    page = secretary.go(f"{ROUND}&part=desk")
    files = [
        ("王敏.xlsx", _filled(books[f"评分表-{ID}-王敏.xlsx"], 82.0)),
        ("别的.csv", "小区名称,月份\n甲,2025-01\n".encode()),
    ]
    page.set_input_files(
        ".st-key-upload_sheets input[type=file]",
        [{"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in files],
    )
    page.locator("[role=status]", has_text="王敏的评分表").wait_for()
    assert "不是评分表" in page.inner_text(".sheets [role=alert]")
    _score(visit(1366, 768), "赵宁", codes["赵宁"], 78.0)
    away = visit(390, 844)
    _score(away, "李强", codes["李强"], 80.0)
    assert "评分结束前不显示评委打分" in secretary.go(ROUND).inner_text(".scope")

    page = secretary.go(f"{ROUND}&part=desk")
    assert page.locator("table.panel td:text-is('已交')").count() == 3
    _press(secretary, "draft", "form[data-do=rating-notice]")
    assert "计与不计有利害关系的评委" in page.inner_text(".lp-page")
    _press(secretary, "notice", "form[data-do=rating-end_notice]")
    assert "公示至" in page.inner_text(".scope")
    _press(secretary, "end_notice", ".wrong")
    assert "未满期" in page.inner_text(".wrong")

    manager = visit()
    board = manager.go(f"{ROUND}&picked=邻安物业")
    before = board.locator("table.board tr[data-subject=邻安物业] .score").inner_text()
    board.locator("form[data-do=rating-object] select[name=subject]").select_option("邻安物业")
    board.fill("form[data-do=rating-object] input[name=text]", "评委赵宁未到现场")
    board.fill("form[data-do=rating-object] input[name=by]", "邻安物业项目经理")
    board.click("form[data-do=rating-object] button")
    board.wait_for_selector("table.objections tr")

    page = secretary.go(f"{ROUND}&part=desk")
    form = page.locator("table.objections form")
    form.locator("select[name=remedy]").select_option("strike")
    form.locator("select[name=scorer]").select_option("赵宁")
    form.locator("input[name=reason]").fill("经核实，该评委当日未到现场")
    form.locator("input[name=by]").fill("街道物业科")
    form.locator("button").click()
    page.wait_for_selector("table.objections td:has-text('采纳：经核实')")
    _days_pass(served)
    secretary.go(f"{ROUND}&part=desk")
    _press(secretary, "end_notice", "form[data-do=rating-publish]")
    _press(secretary, "publish", "form[data-do=rating-revise]")

    board = manager.go(f"{ROUND}&picked=邻安物业")
    assert "已公布" in board.inner_text("h1")
    assert board.locator("table.board tr[data-subject=邻安物业] .score").inner_text() != before
    whole = manager.go(f"{ROUND}&subject=邻安物业").inner_text(".lp-page")
    assert "采纳：经核实" in whole
    assert "每一分的依据" in whole
    assert "经核实" not in manager.go(f"{ROUND}&subject=安泽物业").inner_text(".lp-page"), "that is another's objection"
    assert manager.go(f"{ROUND}&part=certificates").locator("table.certificates tbody tr").count() >= 10

    sealed = served.records / "rounds" / f"{ID}-01"
    good = _verify(sealed)
    assert good.returncode == 0, good.stderr
    assert "封存完好" in good.stdout
    told = json.loads((sealed / "results.json").read_bytes())
    shown = {one["subject"]: one["score"] for one in told["subjects"]}
    board = manager.go(ROUND)
    assert board.locator("table.board tr[data-subject=邻安物业] .score").inner_text() == f"{shown['邻安物业']:.1f}"
    sheet = next((sealed / "inputs" / "sheets").iterdir())
    content = sheet.read_bytes()
    sheet.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    bad = _verify(sealed)
    assert bad.returncode == 2
    assert sheet.name in bad.stderr
    assert "已被改动" in manager.go(ROUND).inner_text(".lp-framed")
    for one in (secretary, manager, away):
        assert one.faults == []


def _filled(book: bytes, score: float) -> bytes:
    """A scorer's workbook with every subject scored, differently."""
    opened = openpyxl.load_workbook(io.BytesIO(book))
    sheet = opened["评分表"]
    for row in range(6, sheet.max_row + 1):
        sheet.cell(row, 4).value = score + (row - 6) % 10
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def _press(visitor: Visitor, task: str, then: str) -> None:
    """Takes a step at the secretary's desk, and waits for what it brings."""
    form = visitor.page.locator(f"form[data-do=rating-{task}]")
    form.locator("input[name=by]").fill("街道物业科")
    form.locator("button").click()
    visitor.page.wait_for_selector(then, timeout=15000)
    visitor.settled()


def _score(visitor: Visitor, name: str, code: str, base: float) -> None:
    page = visitor.go(f"{ROUND}&part=score")
    form = page.locator("form[data-do=rating-enter]")
    form.locator("select[name=name]").select_option(name)
    form.locator("input[name=code]").fill("ABCD-2345")
    form.locator("button").click()
    page.wait_for_selector(".wrong:has-text('评分码不对')")
    form.locator("select[name=name]").select_option(name)
    form.locator("input[name=code]").fill(code.lower())
    form.locator("button").click()
    page.wait_for_selector("form.scores")
    fields = page.locator("form.scores input")
    assert page.locator("form.scores tr.away").count() == (1 if name == "李强" else 0)
    for place in range(fields.count()):
        fields.nth(place).fill(f"{base + place % 7:g}")
    fields.nth(0).fill("180")
    page.click("form.scores button")
    page.wait_for_selector(".wrong:has-text('0 到 100')")
    page.locator("form.scores input").nth(0).fill("91")
    page.click("form.scores button")
    page.wait_for_selector(f"text={name}的评分表已交")


def _days_pass(served: Served) -> None:
    """The notice began eleven days earlier: the clock of a browser can't be turned for the server."""
    home = served.raw / "评星.d" / ID / "步骤"
    path = next(home.glob("*-notice.json"))
    plain: dict[str, Any] = json.loads(path.read_bytes())
    days = timedelta(days=20)
    plain["told"] |= {key: (date.fromisoformat(plain["told"][key]) - days).isoformat() for key in ("from", "until")}
    path.write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")


def _verify(folder: Path) -> subprocess.CompletedProcess[str]:
    words = [PROGRAM, "rate", "--verify", folder]
    return subprocess.run(words, capture_output=True, check=False, text=True)
