"""A figure on paper is followed back: its code is typed, and the cells are there to read and to take along."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Visitor

pytestmark = pytest.mark.timeout(300)


def test_the_code_of_an_estates_figure_is_typed_and_its_cells_are_downloaded(
    visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    visitor = visit()
    page = visitor.go("/?page=estate&estate=%E6%A2%A7%E6%A1%90%E4%BA%8C%E6%9D%91")
    link = page.locator("#source-collection_rate a.code")
    code = link.inner_text().split()[-1]
    page = visitor.go("/?page=definitions")
    page.locator("a", has_text="按查证码查数字").click()
    page.locator("input[name=code]").fill(code.lower())
    page.locator(".lp-lookup button").click()
    page.locator("h2", has_text="梧桐二村，收缴率").wait_for()
    assert page.locator("tbody tr").count() >= 2
    with page.expect_download() as taken:
        page.locator(f'[data-take="trace:{code}"]').click()
    taken.value.save_as(tmp_path / "cells.csv")
    rows = list(csv.DictReader((tmp_path / "cells.csv").open(encoding="utf-8-sig")))
    assert {row["code"] for row in rows} == {code}
    assert {row["side"] for row in rows} == {"numerator", "denominator"}
    page.locator("input[name=code]").fill("2025Q2-00000")
    page.locator(".lp-lookup button").click()
    page.locator("[role=alert]", has_text="查不到").wait_for()
    assert visitor.faults == []
