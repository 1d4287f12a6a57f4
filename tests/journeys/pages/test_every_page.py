"""Every page, in both languages and at three sizes, stands without a fault, a sideways scroll, a word from outside."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import Visitor

pytestmark = pytest.mark.timeout(300)

SIZES = {"desk": (1920, 1080), "laptop": (1366, 768), "phone": (390, 844)}
PAGES = {
    "meeting": "",
    "compare": "page=compare",
    "compare_hours": "page=compare&metric=closure_median_hours",
    "map": "page=map",
    "estate": "page=estate&estate=%E6%A2%A7%E6%A1%90%E4%BA%8C%E6%9D%91",
    "small_estate": "page=estate&estate=%E6%9D%BE%E9%A3%8E%E9%87%8C",
    "rating": "page=rating",
    "rating_estates": "page=rating&by=estate",
    "rating_account": "page=rating&subject=%E9%82%BB%E5%AE%89%E7%89%A9%E4%B8%9A",
    "rating_whatif": "page=rating&part=whatif",
    "rating_desk": "page=rating&part=desk",
    "definitions": "page=definitions",
    "data": "page=data",
    "trace": "page=trace&code=collection_rate:2025Q2",
    "projector": "show=projector",
}
CUT = """() => [...document.querySelectorAll('.lp-root h1, .lp-root h2, .lp-root .said, .lp-root .scope')]
  .filter(one => one.scrollWidth > one.clientWidth + 2).map(one => one.textContent)"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_stands_at_every_size(visit: Callable[..., Visitor], lang: str) -> None:
    visitor = visit()
    for name, words in PAGES.items():
        visitor.page.set_viewport_size({"width": 1920, "height": 1080})
        page = visitor.go(f"/?{words}{'&lang=en' if lang == 'en' else ''}")
        assert page.evaluate("document.documentElement.lang") == ("en" if lang == "en" else "zh-CN"), name
        assert page.locator("[data-testid=stException]").count() == 0, name
        assert page.locator(".lp-root h1, .lp-root h2").count() > 0, name
        for size, (width, height) in SIZES.items():
            if name == "projector" and size == "phone":
                continue
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(150)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls sideways at {size}"
            assert page.evaluate(CUT) == [], f"{name} at {size}"
    assert visitor.faults == []
    assert visitor.strangers == []


def test_a_page_opened_on_a_phone_stands_as_one_that_was_made_small(visit: Callable[..., Visitor]) -> None:
    visitor = visit(*SIZES["phone"])
    for name in ("meeting", "compare", "estate"):
        page = visitor.go(f"/?{PAGES[name]}&lang=en")
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES["phone"][0], name
        assert page.evaluate(CUT) == [], name
    assert visitor.faults == []


def test_an_address_of_its_own_leads_to_each_page(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.go("/compare?metric=collection_rate&period=2025Q1&lang=en")
    assert page.locator(".lp-page.compare").count() == 1
    assert "Collection rate" in page.inner_text(".lp-page h1, .lp-page .scope >> nth=0")
    chosen = page.locator(".lp-control select").evaluate_all("all => all.map(one => one.selectedOptions[0].text)")
    assert any("2025 Q1" in one for one in chosen)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/?page=estate&estate=梧桐三", "没有叫“梧桐三”的小区"),
        ("/?page=compare&metric=happiness", "没有叫“happiness”的指标"),
        ("/?page=compare&period=去年", "链接里的期间“去年”读不懂"),
        ("/?page=nowhere", "没有叫“nowhere”的页面"),
        ("/?meeting=1999-01-01-01", "没有封存过名为“1999-01-01-01”的例会"),
        ("/?page=estate&estate=<img src=x onerror=alert(1)>", "没有叫“<img src=x onerror=alert(1)>”的小区"),
    ],
)
def test_a_wrong_word_in_a_link_is_named_and_nothing_breaks(
    visit: Callable[..., Visitor], address: str, said: str
) -> None:
    visitor = visit()
    page = visitor.go(address)
    assert said in page.inner_text(".stMain")
    assert visitor.faults == []


def test_the_nearest_estates_are_offered_for_one_that_there_is_not(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.go("/?page=estate&estate=梧桐三")
    offered = page.locator(".lp-state a").all_inner_texts()
    assert {"梧桐一村", "梧桐二村"} & set(offered)
    page.click(".lp-state a >> nth=0")
    page.wait_for_selector(".lp-figures")
    assert page.inner_text("h1") == offered[0]
