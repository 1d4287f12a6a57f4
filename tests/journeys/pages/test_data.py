"""The data page in a real browser: files are handed in, explained, accepted, withdrawn; forty senders are answered."""

from __future__ import annotations

import io
import socket
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from .conftest import Served, Visitor, serving

pytestmark = pytest.mark.timeout(900)

WITHOUT = (
    "企业",
    "云锦社区",
    "望湖社区",
    "松风社区",
    "柳岸社区",
    "石桥社区",
    "12345",
    "考核",
    "边界",
    "例会",
    "arrivals.csv",
)
LOADED = 240


def fees(month: int, rows: list[tuple[object, ...]], headings: tuple[str, ...]) -> bytes:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        sheet = book.add_worksheet(f"{month}月")
        for number, row in enumerate([(f"2025年{month}月物业费收缴情况",), headings, *rows]):
            sheet.write_row(number, 0, row)
    return packed.getvalue()


FOREIGN = ("小区", "应收金额", "住户交来的", "减掉的", "应缴户数")


def july() -> bytes:
    return fees(7, [("梧桐二邨", 120000, 81600, 0, 100), ("凤栖雅居", 100000, 87300, 200, 80)], FOREIGN)


def august() -> bytes:
    return fees(8, [("梧桐二邨", 120000, 90000, 0, 100), ("凤栖雅居", 100000, 91000, 0, 80)], FOREIGN)


def hand_in(visitor: Visitor, *files: Path) -> None:
    visitor.page.set_input_files("input[type=file]", [str(one) for one in files])
    visitor.page.wait_for_selector(".answers tr[data-file]", timeout=60_000)
    visitor.settled()


def remember(visitor: Visitor, question: str, meaning: str) -> None:
    """Two clicks: the meaning, then Remember."""
    page = visitor.page
    ask = page.locator(".ask", has_text=question)
    ask.get_by_text(meaning, exact=True).first.click()
    ask.locator(".preview button").click()
    ask.wait_for(state="detached", timeout=60_000)
    visitor.settled()


class publishing:  # noqa: N801 - reads as a word of the sentence where it is used
    """What is done in the block makes a new version: waits until the page shows it."""

    def __init__(self, visitor: Visitor, served: Served) -> None:
        self.visitor, self.pointer = visitor, served.warehouse / "CURRENT"

    def __enter__(self) -> None:
        self.before = self.pointer.read_text(encoding="utf-8")

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            return
        until = time.monotonic() + LOADED
        while (now := self.pointer.read_text(encoding="utf-8")) == self.before:
            assert time.monotonic() < until, self.visitor.page.inner_text("body")
            self.visitor.page.wait_for_timeout(300)
        self.visitor.page.wait_for_selector(
            f"#versions select[name=new] option[value='{now.strip()}']", state="attached", timeout=60_000
        )
        self.visitor.settled()


def test_a_foreign_workbook_is_explained_once_accepted_and_withdrawn(
    visit: Callable[..., Visitor], served: Served, tmp_path: Path
) -> None:
    first, second = tmp_path / "梧桐社区2025年7月收费.xlsx", tmp_path / "梧桐社区2025年8月收费.xlsx"
    first.write_bytes(july())
    second.write_bytes(august())
    clerk = visit(1366, 768)
    page = clerk.go("/?page=data")
    hand_in(clerk, first)
    assert page.locator(".ask").count() == 3
    remember(clerk, "住户交来的", "实收金额")
    remember(clerk, "减掉的", "减免金额")
    remember(clerk, "梧桐二邨", "梧桐二村")
    assert "收费 2 行" in page.inner_text(".answers tr[data-file]")
    with publishing(clerk, served):
        page.click("form[data-do='data:accept'] button")
    assert (served.raw / "梧桐社区" / first.name).read_bytes() == first.read_bytes()

    page = clerk.go("/?page=compare&metric=collection_rate&period=2025-07")
    assert "87.3" in page.inner_text(".lp-page.compare")
    assert "68.0" in page.inner_text(".lp-page.compare")

    page = clerk.go("/?page=data")
    hand_in(clerk, second)
    assert page.locator(".ask").count() == 0
    assert "收费 2 行" in page.inner_text(".answers tr[data-file]")

    with publishing(clerk, served):
        page.locator(".told", has_text="住户交来的").locator("a").click()
    assert "已撤销" in page.locator(".told", has_text="住户交来的").inner_text()
    assert page.locator(".ask").all_inner_texts()[0].startswith("表头“住户交来的”是什么？")
    assert page.locator(".ask").count() == 1
    assert "撤销说明" in page.inner_text("#versions")

    page.locator("[data-do='data:drop']").click()
    clerk.settled()
    line = page.locator("tr[data-sent]", has_text=first.name)
    line.locator("summary").click()
    line.locator("input[name=reason]").fill("社区说数字报错了")
    line.locator("input[name=by]").fill("王芳")
    with publishing(clerk, served):
        line.locator("form button").click()
    versions = page.inner_text("#versions")
    assert "撤回" in versions
    assert "王芳：社区说数字报错了" in versions

    page = clerk.go("/?page=compare&metric=collection_rate&period=2025-07")
    assert "87.3" not in page.inner_text(".lp-page.compare")
    assert clerk.faults == []


def test_from_forty_files_to_an_answer_for_every_sender_in_ten_actions(
    visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    known = ("小区", "应收金额", "实收金额", "应缴户数", "实缴户数")
    communities = ("云锦社区", "望湖社区", "松风社区", "柳岸社区", "梧桐社区")
    files = []
    for number in range(40):
        name = tmp_path / f"{communities[number % 5]}2023年{number // 5 + 1}月收费.xlsx"
        amount: object = "待核实?" if number % 4 == 0 else 100000 + number
        name.write_bytes(fees(number // 5 + 1, [("凤栖雅居", amount, 90000 + number, 80, 60)], known))
        files.append(name)
    clerk = visit(1366, 768)
    page = clerk.go("/?page=data")
    actions = 1
    hand_in(clerk, *files)
    actions += 1
    assert page.locator(".answers tr[data-file]").count() == 40
    assert page.locator(".message").count() == 5
    with page.expect_download(timeout=120_000) as taken:
        page.click("[data-take=answers]")
    actions += 1
    with zipfile.ZipFile(taken.value.path()) as archive:
        names = archive.namelist()
        messages = {
            one.partition("/")[0]: archive.read(one).decode("utf-8-sig") for one in names if one.endswith(".txt")
        }
    assert sorted(messages) == sorted(communities)
    assert all("您好" in one for one in messages.values())
    assert sum(one.endswith(".xlsx") for one in names) >= 10
    assert actions <= 10
    assert clerk.faults == []


def test_too_many_files_and_strange_ones_are_answered_in_words(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    many = [tmp_path / f"{number}.csv" for number in range(121)]
    for one in many:
        one.write_text("小区,应收\n", encoding="utf-8")
    picture = tmp_path / "照片.png"
    picture.write_bytes(b"\x89PNG")
    clerk = visit(390, 844)
    page = clerk.go("/?page=data")
    page.set_input_files("input[type=file]", [str(one) for one in many])
    page.locator(".note.wrong", has_text="最多 120 个").wait_for(timeout=60_000)
    hand_in(clerk, picture)
    assert "不能收" in page.inner_text(".answers tr[data-file]")
    assert page.locator("form[data-do='data:accept'] button").is_disabled()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_first_files_ever_are_handed_in_where_nothing_was_published(chromium: object, tmp_path: Path) -> None:
    register = [("甲社区", "锦绣里", 400, 40000), ("甲社区", "柳岸花园", 300, 30000)]
    files = {
        "甲社区小区台账.xlsx": fees(7, register, ("社区", "小区", "总户数", "建筑面积")),
        "甲社区7月收费.xlsx": fees(7, [("锦绣里", 100, 90)], ("小区", "应收金额", "实收金额")),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "raw").mkdir()
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    street = Served(f"http://127.0.0.1:{port}", tmp_path / "raw", tmp_path / "warehouse", tmp_path / "records")
    with serving(street, port, tmp_path / "log"):
        clerk = Visitor(chromium, street.address, 1366, 768)
        page = clerk.go("/?page=data")
        assert page.inner_text("h1") == "还没有收到过报送"
        hand_in(clerk, *(tmp_path / name for name in files))
        page.click("form[data-do='data:accept'] button")
        page.wait_for_selector("#versions", timeout=120_000)
        assert "数据截至 2025年7月31日" in page.inner_text(".scope")
        assert clerk.faults == []
        clerk.close()
