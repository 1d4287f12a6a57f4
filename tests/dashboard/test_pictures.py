"""Pictures on paper: opened again they hold title, numbers and size, and in grey no colour is left."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from PIL import Image
from pypdf import PdfReader

from dashboard.charts.dots import DotPlot, DotRow, Strip, StripDot
from dashboard.charts.fields import FunnelChart, Limit, Quadrants, Spot
from dashboard.charts.kinds import Chart
from dashboard.charts.run import Break, RunChart, Step, Stretch, Trends
from dashboard.charts.street import Area, Place, Rung, StreetMap
from dashboard.charts.times import (
    Ageing,
    CategoryBar,
    CategoryBars,
    Expenses,
    OpenTicket,
    Share,
    Spell,
    Timeline,
)
from dashboard.gallery import figure
from dashboard.printers.axis import tick_text
from dashboard.printers.measure import cut, wide, wrapped
from dashboard.printers.picture import picture, plate
from dashboard.published import Published
from dashboard.selection import Selection
from dashboard.stories.atoms import Figure, Footnote
from dashboard.theme import Mark
from pipelines.metrics.periods import read_period
from pipelines.metrics.question import Question

NOTE = Footnote("口径一句", "样本一句", "2025年二季度", "2025年7月6日", "甲.xlsx", "v1", "test-figure")


def row(name: str, value: float | None, mark: Mark = "same") -> DotRow:
    low, high = (None, None) if value is None else (value - 5, value + 5)
    return DotRow(
        subject=name,
        name=name,
        households="1,200",
        value=value,
        text="—" if value is None else f"{value}",
        low=low,
        high=high,
        sample="120",
        peer_median=80.0,
        mark=mark,
        cautioned=mark == "caution",
        reason="无物业，未测评" if value is None else "",
    )


DOTS = DotPlot(
    "满意率", "%",
    (row("甲小区", 88.5, "better"), row("乙小区", 80.0, "caution"), row("丙小区", 61.5, "worse"), row("丁", None)),
    50, 95, (50, 60, 70, 80, 90), 80.0, "街道 80.0", 85.0, "目标 85", ("小区", "户数", "样本"), (),
    ("明显高于同类", "无明显差别", "明显低于同类", "△ 须慎用"), "",
)  # fmt: skip
RUN = RunChart(
    "收缴率", "%", 1, tuple(Step(f"{m}月", date(2025, m, 1), date(2025, m, 28), 80.0 + m) for m in range(1, 13)),
    (Stretch(0, 11, 86.5, 80.0, 93.0),), (Break(6, "换物业"),), None, "",
    "上限 93.0", "下限 80.0", "same", "无明显变化",
)  # fmt: skip
SPOTS = tuple(
    Spot(str(n), f"小区{n}", 40.0 * n, 70.0 + 3 * n, "worse" if n == 1 else "same", True, "") for n in range(1, 7)
)
MAP = StreetMap(
    (Area("community", "东社区", ((((0.0, 0.0), (900.0, 0.0), (900.0, 700.0), (0.0, 700.0)),),), 450.0, 760.0),),
    (Place("甲", "甲小区", "东社区", 200, 300, 20, 1600, "value", 88.0, "88", "", 3, "better", True),
     Place("乙", "乙小区", "东社区", 600, 300, 7, 200, "unmanaged", None, "", "无物业", None, "none", True)),
    tuple(Rung(word, count) for word, count in (("75 以下", 0), ("75–80", 0), ("80–85", 0), ("85 及以上", 1))),
    is_tiled=False, selected="甲", name="满意率", unit="%", sizes=((100, 6.5, "100 户"),), other_words=(),
)  # fmt: skip
CHARTS: dict[str, tuple[Chart, tuple[str, ...]]] = {
    "dots": (DOTS, ("甲小区", "88.5", "无物业，未测评", "街道 80.0", "目标 85")),
    "strip": (Strip((StripDot("a", "a", 70.0, ""),), 70.0, "中位数 70", 64.0, "本小区 64", "worse", "最低", "最高"),
              ("本小区 64",)),
    "funnel": (
        FunnelChart(SPOTS, (Limit(10, 60, 95, 50, 99), Limit(250, 75, 85, 70, 90)), 80, "街道 80", "样本", "满意率",
                    ("99.8% 界限", "95% 界限"), 50, 100, "%"), ("街道 80", "99.8% 界限", "小区1"),
    ),
    "quadrants": (Quadrants(SPOTS, 140, 80, ("省而满意", "贵而满意", "省而不满", "贵而不满"), "成本", "满意率"),
                  ("省而满意", "小区6")),
    "run": (RUN, ("上限 93.0", "换物业", "无明显变化")),
    "trends": (Trends((RUN, RUN), 70, 100, 85, "中位数 85"), ("92.0%", "中位数 85")),
    "street": (MAP, ("甲小区", "乙小区 无物业", "东社区", "85 及以上")),
    "timeline": (
        Timeline((Spell(date(2020, 1, 1), date(2022, 1, 1), "company", "长安物业"),
                  Spell(date(2022, 1, 2), date(2022, 2, 1), "unmanaged", "无物业")), date(2025, 7, 1), "今天"),
        ("长安物业", "无物业", "今天"),
    ),
    "ageing": (Ageing((OpenTicket("1", 3, is_over=False, text=""), OpenTicket("2", 41, is_over=True, text="")), 15,
                       "期限 15 天", "天", "最久 41 天"),
               ("期限 15 天",)),
    "bars": (CategoryBars((CategoryBar("电梯", 40, 6, 2),), ("已办结", "在办")), ("电梯", "46")),
    "expenses": (Expenses((Share("人工", 1_200_000, "120.0", 0.55, "0.55", "883", is_labour=True),),
                            ("万元", "元/㎡", "元/户")),
                 ("55.0%", "883")),
}  # fmt: skip


def a(chart: Chart) -> Figure:
    return Figure("test-figure", "甲小区明显高，丙小区明显低", "满意率，2025年二季度", chart, NOTE)


def words(svg: bytes) -> str:
    return re.sub(r"<[^>]+>", "|", svg.decode())


@pytest.mark.parametrize("kind", CHARTS)
def test_a_picture_says_its_finding_its_words_and_its_footnote_in_order(kind: str) -> None:
    chart, told = CHARTS[kind]
    drawn = words(picture(a(chart), form="svg", lang="zh"))
    assert [one for one in told if one not in drawn] == []
    order = ["口径：", "样本：", "期间：", "数据截至：", "来源：", "版本：", "图号："]
    places = [drawn.rindex(one) for one in order]
    assert places == sorted(places)


@pytest.mark.parametrize("kind", CHARTS)
def test_in_grey_no_colour_of_a_verdict_is_left(kind: str) -> None:
    drawn = picture(a(CHARTS[kind][0]), form="svg", lang="en", grey=True).decode().lower()
    assert not {"#006c80", "#b44600"} & set(re.findall(r"#[0-9a-f]{6}", drawn))


def test_a_png_is_sixteen_centimetres_at_300_dpi_and_bears_its_title() -> None:
    image = Image.open(io.BytesIO(picture(a(DOTS), form="png", lang="zh")))
    image.load()
    assert round(image.width / 300 * 2.54, 1) == 16.0
    assert [round(one) for one in image.info["dpi"]] == [300, 300]
    assert image.info["Title"] == "甲小区明显高，丙小区明显低"
    slide = Image.open(io.BytesIO(picture(a(RUN), form="png", lang="zh", width="wide")))
    assert slide.width / slide.height == pytest.approx(16 / 9, rel=0.01)


def test_a_pdf_opens_and_bears_its_title() -> None:
    reader = PdfReader(io.BytesIO(picture(a(DOTS), form="pdf", lang="zh")), strict=True)
    assert reader.metadata is not None
    assert reader.metadata.title == "甲小区明显高，丙小区明显低"
    assert len(reader.pages) == 1
    assert float(reader.pages[0].mediabox.width) == pytest.approx(453.5, abs=1)


def test_an_svg_bears_its_title_and_text_from_spreadsheets_stays_text() -> None:
    risky = Figure("x", "<b>甲</b> & 乙", "", DOTS, NOTE)
    drawn = picture(risky, form="svg", lang="zh").decode()
    assert "<title>&lt;b&gt;甲&lt;/b&gt; &amp; 乙</title>" in drawn
    assert "<b>" not in drawn


def test_nothing_is_drawn_beyond_the_paper() -> None:
    for chart, _ in CHARTS.values():
        spec = plate(a(chart), lang="zh").to_dict()
        width, height = spec["width"], spec["height"]
        for layer in spec["layer"]:
            data = layer["data"].get("values") or spec["datasets"][layer["data"]["name"]]
            for one in data:
                assert -1 <= one["x"] <= width + 1, one
                assert -1 <= one["y"] <= height + 1, one


def test_long_text_is_broken_within_its_width_and_no_line_begins_with_a_comma() -> None:
    text = "满意率为非常满意与满意之和占有效答卷的比例，区间为威尔逊 95% 区间，按小区户数作有限总体校正。"
    lines = wrapped(text, 7.5, 120)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert max(wide(one, 7.5) for one in lines) <= 120 + 7.5
    assert not [one for one in lines if one[0] in "，。"]
    assert cut("一个很长的名字", 10, 42) == "一个很…"


def test_ticks_have_as_many_decimals_as_their_steps() -> None:
    assert [tick_text(one, (80.0, 82.5, 85.0), "%") for one in (80.0, 82.5)] == ["80.0%", "82.5%"]
    assert tick_text(1000.0, (0.0, 500.0, 1000.0)) == "1,000"


def test_the_dot_plot_of_the_demo_shows_the_figures_that_the_metrics_give(demo: Published) -> None:
    shown = figure(demo, Selection(period="2025Q2"), "compare-dots")
    drawn = words(picture(shown, form="svg", lang="zh")).split("|")
    values = demo.values(Question(read_period("2025Q2"), "estate", (), ("satisfaction_rate",)))
    missing = [one.subject for one in values if one.value is not None and f"{one.value * 100:.1f}" not in drawn]
    assert missing == []
    assert [one.subject for one in values if one.subject not in drawn] == []
