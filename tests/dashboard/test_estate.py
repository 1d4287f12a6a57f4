"""The page of an estate on the demo street: what it says, and what it refuses to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dashboard.charts.times import Ageing, Expenses, OpenTicket, Spell, Timeline
from dashboard.drawings.ageing import ageing
from dashboard.drawings.timeline import timeline
from dashboard.published import HEADLINES, Published
from dashboard.screen.printing import page_html
from dashboard.selection import Selection
from dashboard.stories.estate import EstateStory, estate_story
from dashboard.stories.estate_sources import places_in_words
from pipelines.metrics.fetching import fetched
from pipelines.metrics.periods import Period
from pipelines.tracing import Source, Told

QUARTER = Period(date(2025, 4, 1), date(2025, 6, 30))


def story_of(demo: Published, estate: str = "", lang: str = "zh", period: str = "") -> EstateStory:
    return estate_story(demo, Selection(lang="en" if lang == "en" else "zh", estate=estate, period=period))


def test_without_an_estate_in_the_address_the_first_of_the_register_is_shown(demo: Published) -> None:
    story = story_of(demo)
    assert story.name == story.choices[0][1][0]
    assert {one for _, names in story.choices for one in names} >= set(demo.desk.places["estate"])


def test_an_estate_says_what_it_is_and_who_runs_it(demo: Published) -> None:
    story = story_of(demo, "松风里")
    assert story.facts == (
        "松风社区，老旧小区，1984 年建成，16 户，813 ㎡，基本保障档，物业费 0.99 元/㎡･月，"
        "同类 13 个（基本保障），挂靠松风苑"
    )
    assert story.keeper == "现由同禾物业管理"


def test_months_without_a_company_and_months_of_free_service_are_named(demo: Published) -> None:
    found = {}
    for estate in ("石桥南区", "北坡小区"):
        figure = story_of(demo, estate).timeline
        assert figure is not None
        assert isinstance(figure.chart, Timeline)
        found[estate] = [(one.start, one.band, one.word) for one in figure.chart.spells]
    assert found == {
        "石桥南区": [
            (date(2021, 4, 1), "company", "恒谊物业"),
            (date(2024, 9, 1), "unmanaged", "无物业 3 个月"),
            (date(2024, 12, 1), "company", "佳与物业，合同至2026年11月30日"),
        ],
        "北坡小区": [
            (date(2024, 10, 1), "free_service", "同禾物业先服务、未收费"),
            (date(2025, 1, 1), "company", "同禾物业，合同至2027年9月30日"),
        ],
    }


def test_four_answers_are_not_shown_as_a_rate_and_the_reason_is(demo: Published) -> None:
    story = story_of(demo, "松风里")
    first = story.fours[0]
    assert (first.headline.digits, first.headline.reason) == ("—", "样本 4 份，少于 5 份，不显示")
    assert first.among.strip is None
    assert first.source.figure == "满意率 —（2025年二季度）"
    assert story.surveys.table is not None
    assert [(row[3].text, row[-1].text) for row in story.surveys.table.rows] == [("4", "份数太少，不显示")] * 2
    html = page_html("estate.html", Selection(estate="松风里"), **frame(), story=story)
    assert "75.0%" not in html


@pytest.mark.parametrize("estate", ["石桥南区", "云锦新城", "松风里"])
def test_the_expense_sheet_adds_up_to_the_costs_of_the_metrics(demo: Published, estate: str) -> None:
    story = story_of(demo, estate)
    value = demo.value("cost_per_m2_month", story.money.period, "estate", estate)
    chart = story.money.chart
    assert isinstance(chart, Expenses)
    assert story.money.period == QUARTER
    assert value.value is not None
    assert sum(one.amount for one in chart.rows) == pytest.approx(value.numerator)
    assert sum(one.share for one in chart.rows) == pytest.approx(1.0)
    assert [one.amount for one in chart.rows] == sorted((one.amount for one in chart.rows), reverse=True)
    assert chart.totals[0][3] == f"{value.value:.2f}"
    assert [one.name for one in chart.rows if one.is_labour] == ["人员费用"]


def test_the_sheet_says_when_fees_are_known_for_fewer_months_than_costs(demo: Published) -> None:
    money = story_of(demo, "石桥南区").money
    assert money.notes == ("收支平衡率只算有收费报表的 2 个月（支出 3 个月）。", "清欠没有报送。")
    assert money.apart == "公共收益和补贴另列，不计入上面的收支：补贴 1.3 万元，停车收入 1.1 万元，场地租金 4,235 元。"


def test_tickets_count_those_opened_in_the_period_and_age_all_that_are_open(demo: Published) -> None:
    tickets = story_of(demo, "石桥南区").tickets
    value = demo.value("closure_median_hours", QUARTER, "estate", "石桥南区")
    assert tickets.bars is not None
    assert tickets.ageing is not None
    assert sum(one.closed + one.open for one in tickets.bars.rows) == value.n
    open_now = demo.value("open_tickets", Period(demo.as_of, demo.as_of), "estate", "石桥南区")
    assert len(tickets.ageing.tickets) == open_now.value
    assert tickets.title == "2025年二季度诉求 21 件，在办 2 件"


def test_every_figure_names_the_cells_it_was_made_of(demo: Published) -> None:
    story = story_of(demo, "石桥南区")
    for four in story.fours:
        assert four.source.places, four.headline.metric
    due = fetched(
        demo.desk.connection,
        "SELECT sum(receivable_yuan) FROM fees WHERE estate = '石桥南区' AND period_start = DATE '2025-05-01'",
    ).item()
    source = story.fours[1].source
    place = source.places[0]
    assert (place.file, place.cells) == ("石桥社区/石桥收费明细202504-05.csv", "C11:D11")
    assert [(one.row, one.text) for one in place.told] == [("C11:D11", f"实收金额 28,088.21；应收金额 {due:,.2f}")]
    assert story.fours[1].headline.value.denominator == pytest.approx(due)
    assert source.code.startswith("202505-")


def test_the_cells_of_many_rows_are_counted_and_listed_one_by_one() -> None:
    def told(row: int, *cells: str, value: str) -> Told:
        return Told(row, cells, value, 1.0)

    opened = Source("denominator", "opened_at", "a.csv", "", (), tuple(
        told(row, f"C{row}", value="2025-04-01 08:30:00") for row in (3, 5, 7, 9)))  # fmt: skip
    closed = Source("numerator", "closed_at", "a.csv", "", (), (told(3, "F3", value="2025-04-02 09:00:00"),))
    place = places_in_words([opened, closed], "zh")[0]
    assert (place.sheet, place.cells) == ("单表", "4 行")
    assert [(one.row, one.text) for one in place.told[:2]] == [
        ("C3、F3", "受理时间 2025-04-01 08:30；办结时间 2025-04-02 09:00"), ("C5", "受理时间 2025-04-01 08:30"),
    ]  # fmt: skip
    assert places_in_words([closed], "en")[0].told[0].text == "time closed 2025-04-02 09:00"


def test_peers_on_the_strip_are_those_of_the_same_group(demo: Published) -> None:
    strip = story_of(demo, "石桥南区").fours[0].among.strip
    assert strip is not None
    group = dict(demo.desk.places.select("estate", "peer_group").iter_rows())
    assert {group[one.subject] for one in strip.dots} == {group["石桥南区"]}
    assert "石桥南区" not in {one.subject for one in strip.dots}
    assert strip.mark == "worse"
    assert story_of(demo, "石桥南区").fours[3].among.words == "金额数据没有抽样区间，只列位置，不判高低"


def test_every_estate_has_a_page_in_both_languages(demo: Published) -> None:
    for lang in ("zh", "en"):
        for estate in demo.desk.subjects("estate"):
            story = story_of(demo, estate, lang)
            ids = [one.id for one in story.figures]
            assert len(ids) == len(set(ids))
            assert set(ids) <= {"estate-timeline", "estate-tickets", "estate-ageing", "estate-expenses"} | {
                f"estate-{one}" for one in HEADLINES
            }
            html = page_html(
                "estate.html", Selection(lang="en" if lang == "en" else "zh", estate=estate), **frame(), story=story
            )
            assert 'id="sources"' in html


def test_a_period_of_which_nothing_is_known_gives_reasons_and_no_figures(demo: Published) -> None:
    story = story_of(demo, "石桥南区", period="2019")
    assert story.money.chart is None
    assert story.money.reason.startswith("没有支出数据：")
    assert story.tickets.bars is None
    assert story.tickets.title == "2019年没有诉求工单"


def test_names_from_spreadsheets_stay_text(demo: Published) -> None:
    story = story_of(demo, "石桥南区")
    html = page_html("estate.html", Selection(), **frame(), story=replace(story, name="<b>楼</b>"))
    assert "<b>楼</b>" not in html
    assert "&lt;b&gt;楼&lt;/b&gt;" in html


def test_who_ran_an_estate_is_drawn_as_shares_of_the_width() -> None:
    spells = (
        Spell(date(2024, 1, 1), date(2024, 7, 1), "unmanaged", "无物业 6 个月"),
        Spell(date(2024, 7, 1), date(2025, 1, 1), "company", "<甲>物业"),
    )
    html = timeline(Timeline(spells, date(2025, 1, 1), "今天", ("一", "二")))
    assert "url(#lp-hatch)" in html
    assert 'x="49.73%"' in html
    assert "<甲>" not in html
    assert timeline(Timeline((), date(2025, 1, 1), "今天")) == ""


def test_open_tickets_are_piled_and_the_overdue_are_diamonds() -> None:
    tickets = tuple(OpenTicket(str(day), day, day > 15, f"{day} 天") for day in (1.0, 1.2, 30.0))
    html = ageing(Ageing(tickets, 15.0, "时限 15 天", "天", "在办 3 件"))
    assert html.count("<polygon") == 1
    assert html.count("<circle") == 2
    assert "时限 15 天" in html


def frame() -> dict[str, object]:
    return {"pages": (), "here": "estate", "here_word": "", "other_lang": "en", "street": "", "news": ()}


def test_a_limit_that_a_value_is_beyond_does_not_read_like_the_value(demo: Published) -> None:
    cost = next(
        one.headline
        for one in estate_story(demo, Selection(estate="梧桐二村")).fours
        if one.headline.metric == "cost_per_m2_month"
    )
    assert cost.chart is not None
    assert (cost.digits, cost.verdict) == ("0.99", "变差：超出波动上限")
    assert cost.chart.upper_word != "上限 0.99"
    assert cost.chart.upper_word.startswith("上限 0.98")
