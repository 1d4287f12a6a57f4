"""What the weekly meeting is told on the demo street, and on a street where nothing happened."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from dashboard.published import Published
from dashboard.selection import Selection
from dashboard.stories import actions as agreed
from dashboard.stories.atoms import Link
from dashboard.stories.meeting import meeting_days, report
from dashboard.stories.news import changes, duties, reports
from dashboard.stories.news.choosing import MOST, ORDER, signals
from dashboard.stories.news.shape import Since
from pipelines.entries.actions import Action
from pipelines.words import Language


@pytest.fixture(scope="module")
def standing(demo: Published, demo_raw: Path) -> tuple[Action, ...]:
    return agreed.standing(demo, demo_raw)


def test_the_meeting_is_the_first_meeting_day_after_the_data(demo: Published) -> None:
    assert demo.as_of == date(2025, 7, 6)
    assert meeting_days(demo) == (date(2025, 7, 7), date(2025, 6, 30))


def test_the_street_is_told_in_one_line(demo: Published, standing: tuple[Action, ...]) -> None:
    told = report(demo, Selection(), standing)
    assert told.heading == "晴川街道物业例会"
    assert told.scope == ("6 个社区，36 个小区，4.00 万户，14 家物业公司。数据截至 7月6日 24:00，上次例会 6月30日。")


def test_each_figure_stands_on_its_own_latest_period(demo: Published, standing: tuple[Action, ...]) -> None:
    told = {one.metric: one for one in report(demo, Selection(), standing).headlines}
    assert {name: one.when for name, one in told.items()} == {
        "satisfaction_rate": "2025年二季度",
        "collection_rate": "2025年6月",
        "closure_median_hours": "2025年第27周",
        "cost_per_m2_month": "2025年6月",
    }
    assert told["collection_rate"].is_provisional
    assert told["collection_rate"].verdict == "初步数据，暂不判定"
    assert told["collection_rate"].sure[1].startswith("26/36 小区")


def test_at_most_seven_are_told_in_the_order_of_urgency(demo: Published, standing: tuple[Action, ...]) -> None:
    found = report(demo, Selection(), standing).signals
    assert 1 <= len(found) <= MOST
    places = [ORDER.index(one.kind) for one in found]
    assert places == sorted(places)


def test_the_planted_fall_of_satisfaction_is_the_first_sentence(demo: Published, standing: tuple[Action, ...]) -> None:
    first = report(demo, Selection(), standing).signals[0]
    assert first.about == "梧桐二村"
    assert first.sentence == "满意率 64.1%，比上次降 13.8 百分点，超出抽样误差，明显低于同类小区。"
    english = report(demo, Selection(lang="en"), standing).signals[0]
    assert english.sentence == (
        "Satisfaction rate 64.1%, down 13.8 pp on the wave before, beyond sampling error, clearly below its peers."
    )


def test_a_change_of_the_way_of_asking_is_no_signal(demo: Published, standing: tuple[Action, ...]) -> None:
    found = signals(Since(demo, "zh", demo.as_of, date(2025, 6, 29), standing))
    assert not [one for one in found if one.about == "望湖里" and "满意率" in one.sentence]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sentence_can_be_read_aloud(demo: Published, standing: tuple[Action, ...], lang: Language) -> None:
    for weeks in range(0, 60, 4):
        last = demo.as_of - timedelta(weeks=weeks)
        for one in signals(Since(demo, lang, last, last - timedelta(days=7), standing)):
            assert one.sentence[-1] in "。."
            assert "None" not in one.sentence
            assert "nan" not in one.sentence
            assert len(one.about + one.sentence) <= (90 if lang == "zh" else 260)


def test_what_the_last_meeting_knew_is_not_told_again(demo: Published, standing: tuple[Action, ...]) -> None:
    now = {one.sentence for one in signals(Since(demo, "zh", demo.as_of, date(2025, 6, 29), standing))}
    later = signals(Since(demo, "zh", demo.as_of, demo.as_of, standing))
    assert not now & {one.sentence for one in later if one.kind not in {"missing", "refused"}}


def test_a_change_is_told_in_one_meeting_the_first_that_could_know_of_it(demo: Published) -> None:
    told: dict[str, list[date]] = defaultdict(list)
    for weeks in range(60, -1, -1):
        last = demo.as_of - timedelta(weeks=weeks)
        since = Since(demo, "zh", last, last - timedelta(days=7), (), came_until=last)
        for one in changes.found(since):
            told[f"{one.about} {one.sentence}"].append(last)
    assert any("连续7" in sentence for sentence in told)
    assert any("超出波动上限" in sentence for sentence in told)
    assert not any("连续8" in sentence for sentence in told)
    assert {sentence: days for sentence, days in told.items() if len(days) > 1} == {}


def test_a_promise_is_told_once_in_the_week_in_which_it_fell_due(demo: Published) -> None:
    due = Action("a", "翠湖花园", "修门", "物业", date(2025, 6, 1), date(2025, 6, 29), None, "")
    weeks = [date(2025, 6, 22), date(2025, 6, 29), date(2025, 7, 6)]
    told = [
        [one.kind for one in duties.found(Since(demo, "zh", last, last - timedelta(days=7), (due,)))].count("promise")
        for last in weeks
    ]
    assert told == [0, 1, 0]


def test_what_did_not_come_is_told_without_claims_about_estates_that_may_have_nothing_to_tell(demo: Published) -> None:
    found = list(reports.found(Since(demo, "zh", demo.as_of, date(2025, 6, 29), ())))
    missing = {one.about: one for one in found if one.kind == "missing"}
    assert missing["云锦社区"].sentence == "2025年第27周诉求台账未报，应在7月7日前报送。"
    assert missing["云锦社区"].chart is None
    assert missing["石桥社区"].sentence == "2025年二季度收费表只报到5月31日，应在7月10日前报全，缺 5 个小区。"
    assert missing["石桥社区"].link == missing["石桥社区"].why == Link("data")
    assert missing["锦绣里"].sentence == "云锦社区报来的2025年二季度收费表里没有这个小区，此前每期都有。"


def test_the_short_verdict_is_the_verdict_without_its_reason(demo: Published, standing: tuple[Action, ...]) -> None:
    for lang, known in (
        ("zh", {"改善", "变差", "有变化", "无明显变化", "暂不判定"}),
        ("en", {"Improving", "Worsening", "Changed", "No clear change", "Not judged"}),
    ):
        told = report(demo, Selection(lang=lang), standing).headlines
        assert {one.verdict_short for one in told} <= known


def test_an_action_is_overdue_from_the_day_after_it_was_due() -> None:
    today = date(2025, 7, 7)

    def action(name: str, due: date | None, done: date | None = None) -> Action:
        return Action(name, "翠湖花园", "修门", "物业", date(2025, 6, 1), due, done, "")

    told = agreed.listed(
        [
            action("a", today),
            action("b", today - timedelta(days=1)),
            action("c", today + timedelta(days=3)),
            action("d", None),
            action("e", today, today),
        ],
        today,
        date(2025, 6, 30),
        "zh",
    )
    assert [(one.action_id, one.left, one.is_over) for one in told.open_lines] == [
        ("b", "逾期 1 天", True),
        ("a", "今天到期", False),
        ("c", "还有 3 天", False),
        ("d", "—", False),
    ]
    assert [one.action_id for one in told.done_lines] == ["e"]


def test_a_report_that_lacks_no_estate_counts_none() -> None:
    row = {
        "period_start": date(2025, 4, 1), "period_end": date(2025, 6, 30), "kind": "fees", "due_on": date(2025, 7, 10),
        "covered_to": date(2025, 5, 31), "missing": [],
    }  # fmt: skip
    assert reports.missing_words(row, "zh") == "2025年二季度收费表只报到5月31日，应在7月10日前报全。"
    assert reports.missing_words({**row, "covered_to": None}, "en") == "no fees for 2025 Q2, due 10 Jul."
