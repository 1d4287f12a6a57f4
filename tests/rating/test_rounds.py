"""A round walks its stages in order, refuses what is wrong in words, and is sealed so that any change shows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from pipelines.metrics.desk import Desk, open_desk
from pipelines.metrics.periods import read_period
from pipelines.rating.asking import chosen_rubric
from pipelines.rating.printing import as_json
from pipelines.rating.rounds import asking, moves, secretary
from pipelines.rating.rounds.moves import Who
from pipelines.rating.rounds.received import file_in
from pipelines.rating.rounds.results import spreads
from pipelines.rating.rounds.sealed import open_past, verify
from pipelines.rating.rounds.secretary import Office, Papers
from pipelines.rating.rounds.shape import Round
from pipelines.rating.rounds.sheets import write_sheet
from pipelines.rating.rounds.steps import FOLDER, SHEETS, STEPS, RefusedError
from pipelines.reading.inbox import find_submissions
from pipelines.sealing import SealBrokenError
from pipelines.warehouse import open_published

DEMO = Path(__file__).resolve().parents[2] / "data" / "raw" / "demo"
PROGRAM = Path(sys.executable).with_name("lianping")
NOW = datetime(2025, 7, 14, 9, 30)
SECRETARY = Who("街道物业科", NOW)
PANEL = "王敏，街道物业科\n李强，柳岸社区居委会\n张华，邻安物业服务有限公司"
ID = "2025H1-company"


@pytest.fixture(scope="session")
def desk(demo_street: Path) -> Iterator[Desk]:
    connection = open_published(demo_street / "warehouse")
    yield open_desk(connection)
    connection.close()


@pytest.fixture
def office(desk: Desk, tmp_path: Path) -> Office:
    (tmp_path / "raw").mkdir()
    shutil.copy(DEMO / "street.toml", tmp_path / "raw")
    return Office(desk, tmp_path / "raw", tmp_path / "records")


def opened(office: Office, by: str = "company", panel: str = PANEL) -> Round:
    rubric = chosen_rubric(None, office.desk.metrics)
    period = read_period("2025H1")
    return secretary.open_round(
        office, f"2025H1-{by}", rubric, period, "estate" if by == "estate" else "company", panel, SECRETARY
    )


def scoring(office: Office) -> tuple[Round, dict[str, str]]:
    current = moves.preview(office.inbox, opened(office), SECRETARY)
    current = moves.start_scoring(office.inbox, current, SECRETARY)
    return moves.issue_codes(office.inbox, current, {}, SECRETARY)


def hand_in(office: Office, current: Round, scorer: str, code: str, base: float = 80.0, step: float = 1.0) -> Path:
    papers = secretary.papers(office, current)
    rows = [(subject, papers.asked[0], base + step * place) for place, subject in enumerate(papers.scorable(scorer))]
    return write_sheet(papers.folder, current, scorer, code, rows, now=NOW)


def drafted(office: Office) -> Papers:
    current, codes = scoring(office)
    for place, (scorer, code) in enumerate(codes.items()):
        hand_in(office, current, scorer, code, 74.0 + place, 1.0 + 0.3 * place)
    current = secretary.draft(office, secretary.papers(office, current), "", SECRETARY)
    return secretary.papers(office, current)


def noticed(office: Office) -> Papers:
    current = moves.start_notice(office.inbox, drafted(office).round, 7, SECRETARY)
    return secretary.papers(office, current)


def after_notice(current: Round, days: int = 1) -> Who:
    assert current.notice_until is not None
    return Who("街道物业科", datetime.combine(current.notice_until + timedelta(days=days), NOW.time()))


def published(office: Office) -> tuple[Papers, Path]:
    papers = noticed(office)
    late = after_notice(papers.round)
    current = moves.end_notice(office.inbox, papers.round, late)
    current, place = secretary.publish(office, replace(papers, round=current), late)
    return secretary.papers(office, current), place


def refusal(fault: pytest.ExceptionInfo[RefusedError]) -> str:
    assert fault.value.en, "the English words are missing"
    return fault.value.zh


def test_a_round_walks_from_opening_to_publication_and_each_step_says_who_and_when(office: Office) -> None:
    papers, place = published(office)
    assert papers.round.stage == "published"
    told = [(one.kind, one.by) for one in papers.round.steps]
    assert [kind for kind, _ in told] == [
        "opened", "preview", "scoring", "codes", "draft", "notice", "objections", "published",
    ]  # fmt: skip
    assert {by for _, by in told} == {"街道物业科"}
    assert place.name == f"{ID}-01"
    assert papers.round.folder_name == place.name


def test_a_step_out_of_its_turn_is_refused_with_the_stage_that_it_belongs_to(office: Office) -> None:
    current = opened(office)
    with pytest.raises(RefusedError) as fault:
        moves.start_notice(office.inbox, current, 7, SECRETARY)
    assert refusal(fault) == "本轮现在是“开启”阶段，要在“拟定”阶段才能办“公示”。"
    assert len(moves.read_round(office.inbox, ID).steps) == 1  # type: ignore[union-attr]


def test_two_who_take_the_next_step_at_once_do_not_both_get_it(office: Office) -> None:
    current = opened(office)
    moves.preview(office.inbox, current, SECRETARY)
    with pytest.raises(RefusedError) as fault:
        moves.preview(office.inbox, current, Who("另一人", NOW))
    assert "刚才有人办了另一步" in refusal(fault)


def test_a_round_is_opened_once_and_a_panel_names_nobody_twice(office: Office) -> None:
    opened(office)
    with pytest.raises(RefusedError) as fault:
        opened(office)
    assert "已经开启过" in refusal(fault)
    with pytest.raises(RefusedError) as fault:
        opened(office, "estate", "王敏，街道物业科\n王敏，柳岸社区")
    assert refusal(fault) == "评委重复：王敏。每人只列一次。"
    with pytest.raises(RefusedError) as fault:
        opened(office, "estate", "王敏")
    assert refusal(fault) == "“王敏”缺单位。每行一名评委：姓名，单位。"


def test_recusal_follows_from_who_ran_what(office: Office) -> None:
    companies = secretary.papers(office, opened(office)).recused
    assert companies == {"柳岸社区领办物业": {"李强"}, "邻安物业": {"张华"}}
    estates = secretary.papers(office, opened(office, "estate")).recused
    assert estates["湖心苑"] == {"张华"}
    assert estates["柳岸东里"] == {"李强"}
    assert "柳岸花园" not in estates, "柳岸社区 does not run it itself"


def test_an_estate_that_nobody_runs_is_not_among_the_rated(office: Office) -> None:
    rated = opened(office, "estate").subjects
    assert "机修厂院" not in rated
    assert "湖心苑" in rated


def test_recused_subjects_are_not_on_the_workbook_and_the_workbook_counts_when_filled_in(
    office: Office, tmp_path: Path
) -> None:
    current = moves.preview(office.inbox, opened(office), SECRETARY)
    current = moves.start_scoring(office.inbox, current, SECRETARY)
    current, codes = secretary.hand_out(office, current, tmp_path / "out", SECRETARY)
    assert len(list((tmp_path / "out").iterdir())) == 3
    path = tmp_path / "out" / f"评分表-{ID}-李强.xlsx"
    book = openpyxl.load_workbook(path)
    page = book["评分表"]
    assert codes["李强"] in str(page["A4"].value)
    names = [page.cell(row, 1).value for row in range(6, page.max_row + 1)]
    assert len(names) == len(current.subjects) - 1
    assert "柳岸社区领办物业" not in names
    for row in range(6, page.max_row + 1):
        page.cell(row, 4).value = 85
    home = office.inbox / FOLDER / ID / SHEETS
    home.mkdir(parents=True)
    book.save(home / "李强交.xlsx")
    came = secretary.papers(office, current).came
    assert came.handed_in == {"李强": "李强交.xlsx"}
    assert came.faults == ()
    assert {(one.scorer, one.score, one.most) for one in came.scores} == {("李强", 85.0, 100.0)}


def test_a_workbook_that_came_by_other_ways_is_taken_in_once_and_a_wrong_one_is_refused_and_leaves_nothing(
    office: Office, tmp_path: Path
) -> None:
    current, codes = secretary.hand_out(office, scoring(office)[0], tmp_path / "out", SECRETARY)
    known = secretary.papers(office, current)
    right = (tmp_path / "out" / f"评分表-{ID}-王敏.xlsx").read_bytes()

    def filed(name: str, content: bytes) -> str:
        came = secretary.papers(office, current).came.handed_in
        return file_in(known.folder, current, came, name, content, now=NOW)

    wrong = {
        "扫描件.pdf": (b"%PDF", "只收"),
        "坏的.xlsx": (b"no workbook", "坏的.xlsx"),
        "收费表.csv": ("小区名称,月份\n甲,2025-01\n".encode(), "不是评分表"),
    }
    for name, (content, why) in wrong.items():
        with pytest.raises(RefusedError) as fault:
            filed(name, content)
        assert why in fault.value.zh
        assert name in fault.value.en
    assert list((known.folder / SHEETS).iterdir()) == []
    assert filed("王敏填好的.xlsx", right) == "王敏"
    assert set(secretary.papers(office, current).came.handed_in) == {"王敏"}
    with pytest.raises(RefusedError) as fault:
        filed("王敏又交.xlsx", right)
    assert "已交过" in fault.value.zh
    assert len(list((known.folder / SHEETS).iterdir())) == 1
    assert len(codes) == 3


def test_a_filled_in_workbook_is_a_submission_of_inspections_like_any_other(office: Office, tmp_path: Path) -> None:
    current, codes = scoring(office)
    path = hand_in(office, current, "王敏", codes["王敏"])
    (tmp_path / "apart").mkdir()
    shutil.copy(path, tmp_path / "apart" / "评分.csv")
    done = subprocess.run(
        [PROGRAM, "load", tmp_path / "apart", "--warehouse", tmp_path / "wh", "--format", "json"],
        capture_output=True, check=False,
    )  # fmt: skip
    assert b"inspections" in done.stdout, done.stdout[-600:] + done.stderr[-600:]


def test_the_folder_of_rounds_is_no_submission_of_the_load(office: Office) -> None:
    current, codes = scoring(office)
    hand_in(office, current, "王敏", codes["王敏"])
    assert find_submissions([office.inbox]).submissions == ()


def test_what_is_wrong_with_a_sheet_is_a_finding_and_what_is_right_still_counts(office: Office) -> None:
    current, codes = scoring(office)
    papers = secretary.papers(office, current)
    one = papers.asked[0]
    subjects = papers.scorable("王敏")
    rows = [(subject, one, 80.0) for subject in subjects[2:]]
    wrong = [(subjects[0], one, 180.0), (subjects[1], one, -3.0)]
    write_sheet(papers.folder, current, "王敏", codes["王敏"], [*wrong, *rows, (subjects[2], one, 70.0)], now=NOW)
    papers = secretary.papers(office, current)
    assert [(fault.code, fault.place) for fault in papers.came.faults] == [
        ("above_most", "D7"), ("not_a_score", "D8"), ("row_twice", f"D{7 + len(subjects)}"),
    ]  # fmt: skip
    assert papers.came.faults[0].zh == "得分 180 超过满分 100，这一行不计。"
    assert len(papers.came.scores) == len(subjects) - 2
    assert all(fault.en for fault in papers.came.faults)


def test_a_scorer_twice_a_wrong_code_another_round_and_a_stranger_are_findings(office: Office) -> None:
    current, codes = scoring(office)
    hand_in(office, current, "王敏", codes["王敏"], 80.0)
    hand_in(office, current, "王敏", codes["王敏"], 90.0)
    hand_in(office, current, "李强", codes["王敏"])
    papers = secretary.papers(office, current)
    other = replace(current, id="2024H2-company")
    write_sheet(papers.folder, other, "张华", codes["张华"], [("邻安物业", papers.asked[0], 60.0)], now=NOW)
    write_sheet(papers.folder, current, "路人", "AAAA-BBBB", [("邻安物业", papers.asked[0], 60.0)], now=NOW)
    (papers.folder / SHEETS / "图.xlsx").write_bytes(b"%PDF-1.4 nothing")
    (papers.folder / SHEETS / "空.csv").write_text("随便,什么\n1,2\n", encoding="utf-8")
    came = secretary.papers(office, current).came
    assert sorted(fault.code for fault in came.faults) == [
        "no_round", "other_round", "twice", "unknown_scorer", "unreadable", "wrong_code",
    ]  # fmt: skip
    assert set(came.handed_in) == {"王敏"}
    assert min(one.score for one in came.scores) == 80.0, "the first sheet counts, not the second"


def test_a_recused_scorers_row_is_a_finding_and_does_not_count(office: Office) -> None:
    current, codes = scoring(office)
    papers = secretary.papers(office, current)
    rows = [(subject, papers.asked[0], 99.0) for subject in current.subjects]
    write_sheet(papers.folder, current, "张华", codes["张华"], rows, now=NOW)
    came = secretary.papers(office, current).came
    assert [fault.code for fault in came.faults] == ["recused"]
    assert "“张华”与“邻安物业”有利害关系" in came.faults[0].zh
    assert "邻安物业" not in {one.subject for one in came.scores}


def test_new_codes_lapse_the_old_ones_and_who_has_handed_in_gets_none(office: Office) -> None:
    current, old = scoring(office)
    hand_in(office, current, "王敏", old["王敏"])
    handed = secretary.papers(office, current).came.handed_in
    current, new = moves.issue_codes(office.inbox, current, handed, SECRETARY)
    assert set(new) == {"李强", "张华"}
    hand_in(office, current, "李强", old["李强"])
    came = secretary.papers(office, current).came
    assert set(came.handed_in) == {"王敏"}
    assert [fault.code for fault in came.faults] == ["wrong_code"]
    text = "".join(path.read_text(encoding="utf-8") for path in (office.inbox / FOLDER / ID).rglob("*.json"))
    assert not any(code in text for code in {*old.values(), *new.values()}), "codes are kept as hashes only"


def test_scores_are_blind_until_the_scoring_is_closed(office: Office) -> None:
    current, codes = scoring(office)
    before = secretary.evidence_now(office, secretary.papers(office, current))
    hand_in(office, current, "王敏", codes["王敏"])
    assert secretary.evidence_now(office, secretary.papers(office, current)) == before
    assert all(one.data["inspection"].value is None for one in before)


def test_scoring_closes_with_sheets_missing_only_for_a_reason(office: Office) -> None:
    current, codes = scoring(office)
    hand_in(office, current, "王敏", codes["王敏"])
    papers = secretary.papers(office, current)
    with pytest.raises(RefusedError) as fault:
        secretary.draft(office, papers, " ", SECRETARY)
    assert refusal(fault) == "还有 2 名评委没有交表：李强、张华。请催收；确需结束评分的，写明原因。"
    assert secretary.draft(office, papers, "二人出差", SECRETARY).without == "二人出差"


def test_the_notice_takes_five_to_seven_working_days_and_none_less(office: Office) -> None:
    current = drafted(office).round
    with pytest.raises(RefusedError) as fault:
        moves.start_notice(office.inbox, current, 4, SECRETARY)
    assert refusal(fault) == "公示期应为 5 至 7 个工作日。"
    current = moves.start_notice(office.inbox, current, 5, SECRETARY)
    assert current.notice_until == date(2025, 7, 21), "14 July 2025 is a Monday; the weekend does not count"
    with pytest.raises(RefusedError) as fault:
        moves.end_notice(office.inbox, current, Who("街道物业科", datetime(2025, 7, 21, 18, 0)))
    assert refusal(fault) == "公示至 2025-07-21，未满期，不能结束。"
    assert moves.notice_day(current, date(2025, 7, 16), {}) == (2, 5)
    assert moves.working_day(date(2025, 9, 30), 5, {}) == date(2025, 10, 14), "the October holidays are left out"


def test_an_objection_is_decided_with_a_reason_before_anything_is_published(office: Office) -> None:
    papers = noticed(office)
    current = moves.object_to(office.inbox, papers.round, "邻安物业", "评委给分偏低", Who("邻安物业经理", NOW))
    with pytest.raises(RefusedError):
        moves.object_to(office.inbox, current, "没有的物业", "x", Who("某人", NOW))
    late = after_notice(current)
    with pytest.raises(RefusedError) as fault:
        moves.object_to(office.inbox, current, "邻安物业", "再提", late)
    assert "不再受理异议" in refusal(fault)
    current = moves.end_notice(office.inbox, current, late)
    papers = secretary.papers(office, current)
    with pytest.raises(RefusedError) as fault:
        secretary.publish(office, papers, late)
    assert "还有异议没有处理" in refusal(fault)
    number = current.objections[0].number
    with pytest.raises(RefusedError):
        secretary.decide(office, papers, number, late, upheld=True, reason="", remedy="strike", scorer="王敏")
    before = {one.subject: one for one in secretary.evidence_now(office, papers)}
    current = secretary.decide(office, papers, number, late, upheld=True, reason="该评委未到现场", remedy="strike",
                               scorer="王敏")  # fmt: skip
    after = {one.subject: one for one in secretary.evidence_now(office, secretary.papers(office, current))}
    assert [one.scorer for one in after["邻安物业"].data["inspection"].scores] == ["李强"]
    assert {name for name in after if after[name] != before[name]} == {"邻安物业"}
    with pytest.raises(RefusedError):
        secretary.decide(office, secretary.papers(office, current), number, late, upheld=False, reason="再议")
    _, place = secretary.publish(office, secretary.papers(office, current), late)
    assert verify(place).id == ID


def test_a_sealed_round_is_recomputed_from_what_was_stored_and_any_changed_byte_is_named(office: Office) -> None:
    _, place = published(office)
    past = verify(place)
    assert as_json(past.rating()).encode() == past.results
    assert {"inputs/evidence.json", "inputs/submissions.json", "results.json", "rubric.toml"} <= set(
        json.loads((place / "manifest.json").read_bytes())["files"]
    )
    for name in ("inputs/evidence.json", "rubric.toml", "results.json", "steps/0001-opened.json"):
        whole = (place / name).read_bytes()
        (place / name).write_bytes(whole[:40] + bytes([whole[40] ^ 1]) + whole[41:])
        with pytest.raises(SealBrokenError) as fault:
            verify(place)
        assert fault.value.file == name
        (place / name).write_bytes(whole)
    (place / "inputs" / "more.json").write_text("{}")
    with pytest.raises(SealBrokenError) as fault:
        verify(place)
    assert fault.value.file == "inputs/more.json"


def test_two_who_publish_at_once_leave_one_seal(office: Office) -> None:
    papers = noticed(office)
    late = after_notice(papers.round)
    papers = replace(papers, round=moves.end_notice(office.inbox, papers.round, late))
    _, place = secretary.publish(office, papers, late)
    with pytest.raises(RefusedError):
        secretary.publish(office, papers, Who("另一人", late.now))
    assert [one.name for one in place.parent.iterdir()] == [place.name]


def test_a_number_taken_by_a_program_that_died_is_free_again(office: Office) -> None:
    current = opened(office)
    mark = office.inbox / FOLDER / ID / STEPS / ".0002"
    mark.touch()
    with pytest.raises(RefusedError):
        moves.preview(office.inbox, current, SECRETARY)
    os.utime(mark, (1_000_000_000, 1_000_000_000))
    assert moves.preview(office.inbox, current, SECRETARY).stage == "preview"


def test_a_correction_opens_a_revision_and_never_overwrites(office: Office) -> None:
    papers, first = published(office)
    sealed = {path.name: path.read_bytes() for path in first.iterdir() if path.is_file()}
    with pytest.raises(RefusedError):
        secretary.revise(office, papers, "", SECRETARY)
    current = secretary.revise(office, papers, "收费表补报", SECRETARY)
    assert (current.stage, current.revision) == ("draft", 2)
    current = moves.start_notice(office.inbox, current, 5, SECRETARY)
    late = after_notice(current)
    current = moves.end_notice(office.inbox, current, late)
    _, second = secretary.publish(office, secretary.papers(office, current), late)
    assert second.name == f"{ID}-02"
    assert {path.name: path.read_bytes() for path in first.iterdir() if path.is_file()} == sealed
    assert open_past(second).about["revision_reason"] == "收费表补报"


def test_a_past_round_is_tried_under_another_rubric_and_stays_what_it_was(office: Office, demo_street: Path) -> None:
    _, place = published(office)
    own = open_past(place)
    given = asking.AskedRound(place.name, office.inbox, office.records)
    same = asking.answer(open_published(demo_street / "warehouse"), given, "json", "zh")
    assert same.encode() == own.results
    with pytest.raises(asking.NotRatedError) as fault:
        asking.answer(open_published(demo_street / "warehouse"), replace(given, rubric="quanzhou2025"), "json", "zh")
    assert "--trial" in fault.value.zh
    tried = json.loads(
        asking.answer(
            open_published(demo_street / "warehouse"), replace(given, rubric="shandong", trial=True), "json", "zh"
        )
    )
    assert tried["trial"] is True
    assert tried["rubric"]["id"] == "shandong"
    panel = {one["subject"]: one for one in tried["subjects"]}["安泽物业"]["criteria"]
    inspected = next(one for one in panel if one["source"].startswith("inspections"))
    before = next(one for one in json.loads(own.results)["subjects"] if one["subject"] == "安泽物业")["criteria"]
    assert inspected["value"] == next(one for one in before if one["id"] == "inspection")["value"]
    assert verify(place).results == own.results


def test_scorers_who_do_not_tell_anybody_apart_are_shown_to_the_secretary(office: Office) -> None:
    current, codes = scoring(office)
    hand_in(office, current, "王敏", codes["王敏"], 88.0, 0.0)
    hand_in(office, current, "李强", codes["李强"], 70.0, 2.0)
    hand_in(office, current, "张华", codes["张华"], 72.0, 1.5)
    found = spreads(secretary.papers(office, current).came)
    assert {one.scorer: one.is_flat for one in found} == {"张华": False, "李强": False, "王敏": True}


def test_a_file_is_refused_where_the_seal_is_asked_of_something_else(tmp_path: Path) -> None:
    with pytest.raises(asking.NotRatedError) as fault:
        asking.checked(tmp_path, "table", "zh")
    assert "manifest.json" in fault.value.zh or "不是封存" in fault.value.zh
