"""The page of stars tells what the rating says: order, chances, movements, accounts, trials, and what is wrong."""

from __future__ import annotations

import io
import re
import shutil
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from dashboard.drawings.stars import rungs, stars
from dashboard.printers.picture import picture
from dashboard.printers.workbook import workbook
from dashboard.published import Published
from dashboard.selection import Selection
from dashboard.stories.rating import report
from dashboard.stories.rating_acts import RefusedActError, acted
from dashboard.stories.rating_board import movement
from dashboard.stories.rating_source import Before, half_year, read_trial, source
from pipelines.metrics.periods import Period, read_period
from pipelines.rating.entered import read_entries
from pipelines.rating.rounds import moves
from pipelines.rating.rounds.steps import FOLDER

TODAY = date(2025, 7, 14)
NOW = datetime(2025, 7, 14, 9, 0)


@pytest.fixture
def inbox(tmp_path: Path, demo_raw: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An inbox without rounds, with the street's settings; records beside it."""
    monkeypatch.setenv("LIANPING_RECORDS", str(tmp_path / "records"))
    (tmp_path / "raw").mkdir()
    shutil.copy(demo_raw / "street.toml", tmp_path / "raw")
    return tmp_path / "raw"


def opened(demo: Published, inbox: Path, panel: str = "") -> str:
    act = {
        "act": "rating-open", "level": "company", "period": "2025H1", "id": "2025H1-company", "rubric": "alliance",
        "panel": panel, "by": "街道物业科",
    }  # fmt: skip
    return acted(demo, Selection(), inbox, act, NOW).round


def test_without_a_round_the_latest_half_year_is_rated_provisionally_and_said_to_be(
    demo: Published, inbox: Path
) -> None:
    page = report(demo, Selection(), inbox, TODAY)
    assert page.is_provisional
    assert page.title.startswith("2025年上半年星级试评：")
    assert "还没有开启评定" in page.scope
    scores = [row.value for row in page.board.rows if row.value is not None]
    assert scores == sorted(scores, reverse=True)
    assert [one.id for one in page.figures] == ["rating-board", "rating-map"]
    assert report(demo, Selection(lang="en"), inbox, TODAY).title.startswith("Provisional stars for 2025 H1")


def test_a_subject_without_a_star_stands_below_with_its_reason_and_never_with_five_hollow_ones(
    demo: Published, inbox: Path
) -> None:
    page = report(demo, Selection(by="estate"), inbox, TODAY)
    without = [row for row in page.board.rows if row.stars is None]
    assert without
    assert all(row.star_word == "不定星" and row.note and not row.chances and row.rank == "—" for row in without)
    assert page.board.rows[-len(without) :] == tuple(without)
    assert {row.score for row in without if "没有物业" in row.note} == {"—"}


def test_the_star_given_is_the_dark_chance_and_chances_add_up(demo: Published, inbox: Path) -> None:
    found = source(demo, Selection(), inbox)
    for one in found.rating.subjects:
        assert one.chances is not None
        assert sum(one.chances.by_star.values()) == pytest.approx(1.0)
    for row in report(demo, Selection(), inbox, TODAY).board.rows:
        assert [place for place, one in enumerate(row.chances, 1) if one.is_given] == [row.stars]


def test_a_movement_has_a_mark_only_where_it_is_sure(demo: Published, inbox: Path) -> None:
    found = source(demo, Selection(), inbox)
    sure = next(one for one in found.rating.subjects if one.chances and one.chances.by_star.get(5, 0) > 0.99)
    name = sure.account.subject
    period = read_period("2024H2")

    def moved(was: int | None) -> tuple[str, str]:
        return movement(replace(found, before=Before({name: was}, period, is_provisional=False)), sure, "zh")

    assert moved(5) == ("none", "未变")
    assert moved(4) == ("better", "升一星")
    assert moved(None) == ("none", "首次定星")
    torn = replace(sure, chances=replace(sure.chances, by_star={4: 0.4, 5: 0.6}))
    assert movement(replace(found, before=Before({name: 4}, period, is_provisional=False)), torn, "zh") == (
        "same",
        "升一星",
    )
    assert movement(replace(found, before=None), sure, "zh") == ("none", "—")


def test_the_account_adds_up_to_the_score_and_says_what_reaches_the_next_star(demo: Published, inbox: Path) -> None:
    page = report(demo, Selection(subject="泰来居物业"), inbox, TODAY)
    told = page.picked
    assert told is not None
    assert told.subject == "泰来居物业"
    assert sum(float(one.points) for one in told.bars) == pytest.approx(float(told.rungs.score), abs=0.3)  # type: ignore[union-attr]
    assert any("可到四星" in one for one in told.steps)
    assert {one.name for one in told.points} == {"满意率", "按时办结率", "办结时长中位数", "现场考核得分率", "收缴率",
                                                "收支账单公示"}  # fmt: skip
    assert next(one for one in told.points if one.name == "满意率").ladder.startswith("50.0% → 0，70.0% → 18")


def test_a_trial_moves_the_stars_and_every_trace_of_it_says_so(demo: Published, inbox: Path) -> None:
    own = report(demo, Selection(), inbox, TODAY)
    tried = report(demo, Selection(trial="t.5:97,w.residents:50,w.nonsense:3,t.9:1,t.5"), inbox, TODAY)
    assert tried.is_trial
    assert tried.board.is_trial
    assert not own.is_trial
    assert sum(row.stars == 5 for row in tried.board.rows) < sum(row.stars == 5 for row in own.board.rows)
    assert tried.figures[0].title.startswith("试算，不作评定依据：")
    drawn = str(stars(3, "三星", trial=True))
    assert 'fill="#1D4477"' not in drawn
    assert str(stars(3, "三星")).count('fill="#1D4477"') == 3


def test_what_fits_no_weight_and_no_threshold_is_passed_by(demo: Published, inbox: Path) -> None:
    rubric = source(demo, Selection(), inbox).rubric
    assert read_trial("w.residents:35,t.5:92", rubric) == ({"residents": 35.0}, {5: 92.0})
    assert read_trial("w.residents:nan,w.residents:-1,t.x:3,,:,<b>", rubric) == ({}, {})


def test_thresholds_that_cross_are_refused_in_words(demo: Published, inbox: Path) -> None:
    page = report(demo, Selection(trial="t.4:92"), inbox, TODAY)
    assert "分数线须一星比一星高" in page.fault
    assert report(demo, Selection(trial="t.4:92", lang="en"), inbox, TODAY).fault


def test_a_rubric_with_an_error_is_named_with_its_line_and_the_last_good_one_stays(
    demo: Published, inbox: Path
) -> None:
    settings = (inbox / "street.toml").read_text(encoding="utf-8")
    (inbox / "street.toml").write_text('[rating]\nrubric = "own.toml"\n' + settings, encoding="utf-8")
    (inbox / "own.toml").write_text('id = "own"\nversion = \n', encoding="utf-8")
    page = report(demo, Selection(), inbox, TODAY)
    assert "own.toml 第 2 行" in page.fault
    assert "2025.1" in page.rubric_line


def test_a_round_shows_its_stage_and_an_unknown_one_is_named(demo: Published, inbox: Path) -> None:
    name = opened(demo, inbox, "王敏，街道物业科")
    page = report(demo, Selection(), inbox, TODAY)
    assert page.round is not None
    assert [one.state for one in page.round.stops] == ["now", *["ahead"] * 6]
    assert page.round.tasks == ("preview",)
    assert name == "2025H1-company"
    missing = report(demo, Selection(round="2031H1"), inbox, TODAY)
    assert missing.fault == "没有轮次“2031H1”。"
    assert missing.is_provisional
    assert report(demo, Selection(round="../../etc"), inbox, TODAY).fault


def test_what_is_typed_wrong_is_refused_and_nothing_is_written(demo: Published, inbox: Path) -> None:
    bad = {"act": "rating-open", "level": "company", "period": "去年", "id": "x", "rubric": "alliance", "by": "某人"}
    with pytest.raises(RefusedActError, match="去年"):
        acted(demo, Selection(), inbox, bad, NOW)
    with pytest.raises(RefusedActError, match="轮次编号"):
        acted(demo, Selection(), inbox, {**bad, "period": "2025H1", "id": "../x"}, NOW)
    with pytest.raises(RefusedActError, match="经办人"):
        acted(demo, Selection(), inbox, {**bad, "period": "2025H1", "by": " "}, NOW)
    assert moves.rounds(inbox) == ()


def test_a_veto_entered_at_the_desk_caps_the_star(demo: Published, inbox: Path, tmp_path: Path) -> None:
    opened(demo, inbox)
    before = {row.subject: row.stars for row in report(demo, Selection(), inbox, TODAY).board.rows}
    act = {
        "act": "rating-entry", "subject": "广宁物业", "item": "hazard", "on": "2025-06-20", "times": "1",
        "evidence": "电梯停运 20 天", "decider": "联盟常委会", "by": "街道物业科", "expires": "",
    }  # fmt: skip
    with pytest.raises(RefusedActError, match="昨天"):
        acted(demo, Selection(), inbox, {**act, "on": "昨天"}, NOW)
    acted(demo, Selection(), inbox, act, NOW)
    assert len(read_entries(tmp_path / "records" / "评星登记")[0]) == 1
    page = report(demo, Selection(subject="广宁物业"), inbox, TODAY)
    after = {row.subject: row.stars for row in page.board.rows}
    assert (before["广宁物业"], after["广宁物业"]) == (5, 2)
    assert {name: star for name, star in after.items() if name != "广宁物业"} == {
        name: star for name, star in before.items() if name != "广宁物业"
    }
    assert page.picked is not None
    assert [(one.evidence, one.decider) for one in page.picked.cases] == [("电梯停运 20 天", "联盟常委会")]


def test_the_board_as_a_workbook_holds_numbers_and_as_a_picture_opens(demo: Published, inbox: Path) -> None:
    page = report(demo, Selection(), inbox, TODAY)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(page.figures[0], lang="zh"))).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5, max_row=4 + len(page.board.rows))]
    assert [row[:4] for row in rows] == [[one.subject, one.stars, one.star_word, one.value] for one in page.board.rows]
    assert [sum(row[4:9]) for row in rows] == pytest.approx([1.0] * len(rows))
    for figure in page.figures:
        assert picture(figure, form="png", lang="zh").startswith(b"\x89PNG")


def test_the_ladder_names_each_threshold_in_reach_once(demo: Published, inbox: Path) -> None:
    told = report(demo, Selection(subject="泰来居物业"), inbox, TODAY).picked
    assert told is not None
    assert told.rungs is not None
    words = re.findall(r'class="word"[^>]*>([^<]+)<', str(rungs(told.rungs)))
    assert words == ["二星 60", "三星 70", "四星 80", "五星 90"]


def test_the_half_year_that_is_over_is_rated() -> None:
    assert half_year(date(2025, 7, 6)) == Period(date(2025, 1, 1), date(2025, 6, 30))
    assert half_year(date(2025, 6, 30)) == Period(date(2024, 7, 1), date(2024, 12, 31))


def test_the_rounds_lie_in_a_folder_of_their_own(demo: Published, inbox: Path) -> None:
    opened(demo, inbox)
    assert [one.name for one in (inbox / FOLDER).iterdir()] == ["2025H1-company"]


def test_the_account_names_the_rows_that_were_refused(demo: Published, inbox: Path) -> None:
    rows = demo.desk.connection.execute("SELECT content, source_cell, reason_zh FROM quarantine").fetchall()
    estate = next(name for name in demo.desk.subjects("estate") if any(f'"{name}"' in row[0] for row in rows))
    cells = {(row[1], row[2]) for row in rows if f'"{estate}"' in row[0]}
    told = {
        (where.rpartition(" ")[2], what)
        for period in ("2024H1", "2024H2", "2025H1")
        for where, what in _account(demo, inbox, estate, period)
    }
    assert told == cells
    assert _account(demo, inbox, "锦澜府", "2025H1") == ()


def _account(demo: Published, inbox: Path, estate: str, period: str) -> tuple[tuple[str, str], ...]:
    picked = report(demo, Selection(by="estate", period=period, subject=estate), inbox, TODAY).picked
    assert picked is not None
    return picked.findings
