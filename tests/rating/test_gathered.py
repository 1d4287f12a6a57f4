"""Evidence is gathered from what estates reported: a company's is pooled over what it ran, silence is not hidden."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hand_made import bill, cost, desk_of, estate, ticket, wave

from pipelines.analysis.intervals import wilson
from pipelines.analysis.rating.evidence import Entry, Evidence
from pipelines.analysis.rating.rubric import By, Window
from pipelines.metrics.catalogue import catalogue
from pipelines.metrics.desk import Desk
from pipelines.metrics.periods import Period, read_period
from pipelines.rating.entered import NotEnteredError, read_entries, write_entry
from pipelines.rating.evidence import NOTHING_GIVEN, Given, gather
from pipelines.rating.inspected import Sheet
from pipelines.rating.measured import effective_sample
from pipelines.rating.printing import as_csv, as_json, as_table
from pipelines.rating.rating import rate, rated, with_thresholds
from pipelines.rating.rubric_files import DEFAULT, RubricFile, read_rubric
from pipelines.rating.stored import NotEvidenceError, evidence_text, read_evidence
from pipelines.rating.windows import pieces

PERIOD = read_period("2025H1")
MONTHS = [("2025-01-01", "2025-01-31"), ("2025-02-01", "2025-02-28"), ("2025-03-01", "2025-03-31"),
          ("2025-04-01", "2025-04-30"), ("2025-05-01", "2025-05-31"), ("2025-06-01", "2025-06-30")]  # fmt: skip


def _rubric() -> RubricFile:
    return read_rubric(DEFAULT, catalogue())


def _bills(name: str, received: float, months: int = 6) -> list[dict[str, Any]]:
    return [bill(start, end, 100.0, received, name) for start, end in MONTHS[:months]]


def _scores(subject: str, kind: str, by_scorer: dict[str, float]) -> list[dict[str, Any]]:
    span = {"period_start": date(2025, 4, 1), "period_end": date(2025, 6, 30)}
    return [
        {"subject": subject, "subject_kind": kind, **span, "criterion": "环境卫生", "scorer": name,
         "score": score, "max_score": 100.0}
        for name, score in by_scorer.items()
    ]  # fmt: skip


def _street(**other: Any) -> Desk:
    tables: dict[str, Any] = {
        "estates": [
            estate("甲", households=300), estate("乙", households=100), estate("丙", company="物业二", households=200),
        ],
        "surveys": [
            wave("2025-06-30", 90, 81, "甲"), wave("2025-06-30", 60, 30, "乙"), wave("2025-06-30", 80, 60, "丙"),
        ],
        "fees": [*_bills("甲", 90), *_bills("乙", 60, months=3), *_bills("丙", 80)],
        "costs": [cost(start, end, 50.0, name) for name in ("甲", "丙") for start, end in MONTHS],
        "tickets": [
            ticket(f"2025-0{month}-10T08:00", f"2025-0{month}-11T08:00", name, due_at=f"2025-0{month}-12T08:00")
            for month in range(1, 7) for name in ("甲", "丙") for _ in range(2)
        ],
        "inspections": _scores("甲", "estate", {"a": 90, "b": 80}),
    }  # fmt: skip
    return desk_of(**{**tables, **other})


def _gathered(
    desk: Desk, by: By = "company", given: Given = NOTHING_GIVEN, rubric: RubricFile | None = None
) -> dict[str, Evidence]:
    return {one.subject: one for one in gather(desk, (rubric or _rubric()).rubric, PERIOD, by, given=given)}


def test_a_companys_evidence_pools_what_its_estates_did() -> None:
    found = _gathered(_street())
    assert sorted(found) == ["物业一", "物业二"]
    one = found["物业一"].data
    assert (one["satisfaction"].value, one["satisfaction"].n, one["satisfaction"].reached) == (111 / 150, 150, 1.0)
    assert one["satisfaction"].nature == "share"
    assert (found["物业一"].estates, found["物业一"].size) == (("乙", "甲"), 400)
    assert one["collection"].value == pytest.approx((540 + 180) / 900)
    # Three of the six months of 100 households of 400 are missing.
    assert one["collection"].reached == pytest.approx(0.875)
    assert (one["accounts"].value, one["accounts"].n) == (0.5, 12)
    assert (one["inspection"].value, one["inspection"].n, one["inspection"].reached) == (0.85, 2, 0.75)
    assert (one["on_time"].value, one["on_time"].n) == (1.0, 12)


def test_an_estate_is_rated_on_its_own_and_what_nobody_sent_is_missing() -> None:
    found = _gathered(_street(), "estate")
    assert sorted(found) == ["丙", "乙", "甲"]
    assert found["乙"].data["inspection"].absence == "not_submitted"
    assert (found["乙"].data["collection"].value, found["乙"].data["collection"].reached) == (0.6, 0.5)
    assert found["乙"].data["on_time"].absence == "not_applicable"
    assert found["甲"].data["accounts"].value == 1.0


def test_a_submission_kept_back_lowers_its_company_and_nobody_else() -> None:
    rubric = _rubric()
    whole, part = (
        {one.account.subject: one.account for one in rate(desk, rubric, PERIOD).subjects}
        for desk in (_street(), _street(surveys=[wave("2025-06-30", 90, 81, "甲"), wave("2025-06-30", 80, 60, "丙")]))
    )
    assert (part["物业一"].score or 0) < (whole["物业一"].score or 0)
    assert part["物业一"].lines[0].missing_zh == "75% 已报，未报部分按最差计"
    assert part["物业二"] == whole["物业二"]


def test_a_company_scored_itself_is_judged_on_that_without_the_recused() -> None:
    scores = [*_scores("甲", "estate", {"a": 50}), *_scores("物业一", "company", {"a": 90, "b": 80, "c": 40})]
    desk = _street(inspections=scores)
    one = _gathered(desk)["物业一"].data["inspection"]
    assert (one.value, one.n, one.reached) == (0.7, 3, 1.0)
    without = _gathered(desk, given=Given(recused={"物业一": {"c"}}))["物业一"].data["inspection"]
    assert (without.value, [score.scorer for score in without.scores]) == (0.85, ["a", "b"])
    sheets = (Sheet("物业一", "环境卫生", "d", 30.0, 100.0),)
    added = _gathered(desk, given=Given(sheets=sheets))["物业一"].data["inspection"]
    assert (added.value, added.n) == (0.6, 4)
    alone = _gathered(desk, given=Given(sheets=sheets, sheets_only=True))["物业一"].data["inspection"]
    assert (alone.value, alone.n, alone.caveats) == (0.3, 1, ("one_scorer",))


def test_nobody_is_rated_for_an_estate_that_nobody_manages() -> None:
    nobody = estate("丁", company=None, governance_mode="无物业")
    desk = _street(estates=[estate("甲", takeover_date=date(2024, 12, 1)), nobody])
    found = _gathered(desk, "estate")
    assert (found["丁"].state, found["甲"].state, found["甲"].service_days) == ("unmanaged", "managed", 212)


def test_days_of_force_majeure_are_cut_out() -> None:
    blizzard = Window(date(2025, 2, 1), date(2025, 2, 28), "暴雪", "blizzard")
    assert pieces(PERIOD, [blizzard]) == (
        Period(date(2025, 1, 1), date(2025, 1, 31)),
        Period(date(2025, 3, 1), date(2025, 6, 30)),
    )
    assert pieces(PERIOD, [Window(date(2024, 1, 1), date(2026, 1, 1), "", "")]) == ()
    bills = [bill(start, end, 100.0, 0.0 if start == "2025-02-01" else 90.0, "甲") for start, end in MONTHS]
    desk = _street(estates=[estate("甲")], fees=bills)
    plain = _rubric()
    cut = replace(plain, rubric=replace(plain.rubric, windows=(blizzard,)))
    assert _gathered(desk, "estate", rubric=plain)["甲"].data["collection"].value == pytest.approx(0.75)
    datum = _gathered(desk, "estate", rubric=cut)["甲"].data["collection"]
    assert (datum.value, datum.n) == (pytest.approx(0.9), 5)
    assert "force_majeure" in datum.caveats


def test_the_sample_behind_a_wilson_interval_is_found_again() -> None:
    for hits, n in ((81, 90), (0, 12), (30, 30), (500, 1000)):
        low, high = (float(one) for one in wilson(hits, n))
        assert effective_sample(hits / n, low, high) == pytest.approx(n, rel=1e-6)


def test_the_same_inputs_give_the_same_bytes_and_the_json_has_what_was_agreed() -> None:
    rubric = _rubric()
    first, second = (as_json(rate(_street(), rubric, PERIOD)) for _ in range(2))
    assert first == second
    told = json.loads(first)
    assert told["rubric"] == {"id": "alliance", "version": "2025.1", "sha256": rubric.sha256}
    assert (told["period"], told["seed"]) == ("2025-01-01..2025-06-30", 20250701)
    one = told["subjects"][0]
    assert {
        "subject", "by", "peer_group", "stars", "score", "star_probability", "to_next", "to_previous", "caps",
        "no_star_reason", "criteria",
    } <= set(one)  # fmt: skip
    assert {"id", "value", "n", "points", "max_points", "weight", "source", "caveats"} <= set(one["criteria"][0])
    assert sum(one["star_probability"].values()) == pytest.approx(1)
    assert sum(line["points"] / line["max_points"] * line["weight"] for line in one["criteria"]) == pytest.approx(
        one["score"], abs=0.051
    )


def test_a_rating_is_made_again_from_its_evidence_alone_and_tried_with_other_thresholds() -> None:
    desk, rubric = _street(), _rubric()
    evidence = gather(desk, rubric.rubric, PERIOD, "company")
    again = rated(rubric.rubric, rubric.sha256, PERIOD, "company", evidence[::-1])
    assert as_json(again) == as_json(rate(desk, rubric, PERIOD))
    lower = with_thresholds(rubric.rubric, {5: 85.0, 4: 75.0})
    assert [one.at for one in lower.thresholds] == [50, 60, 70, 75, 85]
    with pytest.raises(ValueError, match="rise"):
        with_thresholds(rubric.rubric, {5: 80.0})


def test_evidence_written_down_is_read_back_as_it_was_and_rated_to_the_same_bytes() -> None:
    desk, rubric = _street(), _rubric()
    entry = Entry("物业一", "hazard", date(2025, 3, 1), "通报", "联盟常委会", expires=date(2025, 9, 1))
    evidence = gather(desk, rubric.rubric, PERIOD, "company", given=Given((entry,)))
    never = replace(evidence[0].data["closing_time"], value=math.inf)
    odd = (replace(evidence[0], data={**evidence[0].data, "closing_time": never}), *evidence[1:])
    for one in (evidence, odd):
        text = evidence_text(one)
        assert read_evidence(text) == one
        assert evidence_text(read_evidence(text)[::-1]) == text
    again = rated(rubric.rubric, rubric.sha256, PERIOD, "company", read_evidence(evidence_text(evidence)))
    assert as_json(again) == as_json(rate(desk, rubric, PERIOD, given=Given((entry,))))
    with pytest.raises(NotEvidenceError):
        read_evidence('{"form": 9, "evidence": []}')


def test_a_rating_is_printed_for_people_in_both_languages() -> None:
    made = rate(_street(), _rubric(), PERIOD)
    zh, en = as_table(made, "zh"), as_table(made, "en")
    assert "物业一" in zh
    assert "达到或超过分数线取高一星" in zh
    assert "how sure" in en.lower()
    assert as_csv(made).splitlines()[0].startswith("subject,by,peer_group,stars,score")


def test_what_is_entered_by_hand_is_kept_one_file_each_and_the_latest_counts(tmp_path: Path) -> None:
    entry = Entry(
        "物业一",
        "hazard",
        date(2025, 3, 1),
        "通报〔2025〕3 号，联系电话 13812345678",
        "联盟常委会",
        expires=date(2025, 9, 1),
    )
    path = write_entry(tmp_path, entry, by="秘书", now=datetime(2025, 3, 2, 9, 0))
    assert "13812345678" not in path.read_text(encoding="utf-8")
    (found,), faults = read_entries(tmp_path)
    assert (found.subject, found.id, found.on, found.times, found.expires, faults) == (
        "物业一", "hazard", date(2025, 3, 1), 1.0, date(2025, 9, 1), (),
    )  # fmt: skip
    capped = rate(_street(), _rubric(), PERIOD, given=Given((found,)))
    assert [one.account.caps[0].id for one in capped.subjects if one.account.caps] == ["hazard"]
    write_entry(tmp_path, replace(entry, times=0), by="秘书", now=datetime(2025, 3, 3, 9, 0))
    assert read_entries(tmp_path) == ((), ())
    (tmp_path / "乱写.csv").write_text("随便", encoding="utf-8")
    assert [one.file for one in read_entries(tmp_path)[1]] == ["乱写.csv"]
    for broken in (replace(entry, evidence=" "), replace(entry, decider=""), replace(entry, expires=date(2025, 1, 1))):
        with pytest.raises(NotEnteredError):
            write_entry(tmp_path, broken, by="秘书", now=datetime(2025, 3, 4))
