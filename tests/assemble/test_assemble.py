from datetime import date, datetime

import polars as pl

from pipelines.findings import Finding
from pipelines.kinds import KINDS

ESTATE = {
    "estate": "柳岸花园",
    "aliases": ["柳岸大院"],
    "community": "柳岸社区",
    "households": 100,
    "floor_area_m2": 9000.0,
}
JANUARY = {"period_start": date(2025, 1, 1), "period_end": date(2025, 1, 31)}


def fee(estate, receivable, received=None, **more):
    return {"estate": estate, **JANUARY, "receivable_yuan": receivable, "received_yuan": received, **more}


def test_three_rows_become_tables_with_their_source(submit, made, rows):
    result = made(
        submit("台账.xlsx", estates=[ESTATE]),
        submit("a/收费.xlsx", fees=[fee("柳岸 花园小区", 900.0, 800.0), fee("柳岸大院", 50.0, building="1")]),
    )
    assert rows(
        result, "fees", "estate", "building", "receivable_yuan", "source_file", "source_sheet", "source_row"
    ) == [
        ("柳岸花园", None, 900.0, "a/收费.xlsx", "S", 2),
        ("柳岸花园", "1", 50.0, "a/收费.xlsx", "S", 3),
    ]
    assert rows(result, "estates", "estate", "aliases", "households") == [("柳岸花园", ["柳岸大院"], 100)]
    assert result.tables["findings"].is_empty()
    assert rows(result, "submissions", "source_file", "status", "rows_loaded", "rows_quarantined", "rows_skipped") == [
        ("a/收费.xlsx", "loaded", 2, 0, 0),
        ("台账.xlsx", "loaded", 1, 0, 0),
    ]
    assert set(result.tables) == {
        *KINDS, "episodes", "boundaries", "findings", "quarantine", "submissions", "printed", "printed_totals",
    }  # fmt: skip


def test_nothing_sent_makes_empty_tables(made):
    result = made()
    assert all(table.is_empty() for table in result.tables.values())
    assert result.ledger.is_empty()


def test_an_unknown_name_is_stored_as_sent_and_told_once_a_file(submit, made, rows):
    sent = [fee("柳岸花苑", 1.0), fee("柳岸花苑", 2.0, building="2"), fee("柳岸花园", 3.0)]
    result = made(submit("台账.xlsx", estates=[ESTATE]), submit("收费.xlsx", fees=sent))
    assert [row[0] for row in rows(result, "fees", "estate")] == ["柳岸花苑", "柳岸花苑", "柳岸花园"]
    [found] = result.tables["findings"].to_dicts()
    assert (found["code"], found["severity"], found["source_cell"], found["raw_value"]) == (
        "unknown_estate",
        "warning",
        "B2",
        "柳岸花苑",
    )
    assert "柳岸花园" in found["message_zh"]
    assert "柳岸花园" in found["message_en"]


def test_a_quarantined_register_row_still_makes_its_name_known(submit, made, codes, rows):
    lost = {"kind": "estates", "source_sheet": "S", "source_row": 9, "source_cell": "C9", "code": "unparseable",
            "reason_zh": "", "reason_en": "",
                "content": '{"estate": "老税务院", "aliases": "税务宿舍、税院"}'}  # fmt: skip
    result = made(submit("台账.xlsx", quarantine=[lost]), submit("收费.xlsx", fees=[fee("税院", 1.0)]))
    assert codes(result) == []
    assert result.tables["fees"]["estate"].to_list() == ["老税务院"]
    assert rows(result, "submissions", "source_file", "rows_quarantined") == [("台账.xlsx", 1), ("收费.xlsx", 0)]


def test_the_estate_comes_from_the_nearest_text_around_the_table(submit, made, rows):
    two = [ESTATE, {"estate": "翠屏湾", "community": "柳岸社区"}]
    result = made(
        submit("台账.xlsx", estates=two),
        submit("a.xlsx", fees=[fee(None, 1.0)], contexts=("1月收费", "翠屏湾", "柳岸社区柳岸花园.xlsx")),
        submit("b.xlsx", fees=[fee(None, 2.0)], contexts=("阳光家园小区2025年物业服务费收缴明细表", "Sheet1")),
        submit("c.xlsx", fees=[fee(None, 3.0)], contexts=("柳岸社区2025年一季度物业费收缴情况", "Sheet1", "收费.xlsx")),
    )
    assert rows(result, "fees", "estate", "receivable_yuan") == [("翠屏湾", 1.0), ("阳光家园小区", 2.0)]
    assert [(f["code"], f["source_cell"], f["source_file"]) for f in result.tables["findings"].to_dicts()] == [
        ("unknown_estate", "B2", "b.xlsx"),
        ("missing_value", "B2", "c.xlsx"),
    ]
    assert rows(result, "quarantine", "kind", "source_file", "source_row", "code", "content") == [
        (
            "fees",
            "c.xlsx",
            2,
            "missing_value",
            '{"period_start": "2025-01-01", "period_end": "2025-01-31", "receivable_yuan": "3"}',
        )
    ]


def test_a_community_row_never_becomes_an_estate(submit, made, codes):
    result = made(submit("台账.xlsx", estates=[ESTATE]), submit("收费.xlsx", fees=[fee("柳岸社区", 9.0)]))
    assert result.tables["fees"].is_empty()
    assert codes(result) == [("missing_value", "B2", "收费.xlsx")]


def test_companies_are_inspected_under_their_registered_name(submit, made, rows, codes):
    register = [{**ESTATE, "company": "安馨物业服务有限公司"}]
    scores = [
        {
            "subject": "安馨物业 服务",
            **JANUARY,
            "criterion": "保洁",
            "score": 8.0,
            "max_score": 10.0,
            "subject_kind": "company",
        },
        {"subject": "柳岸花园小区", **JANUARY, "criterion": "保洁", "score": 9.0, "max_score": 10.0},
        {"subject": "万顺达物业有限公司", **JANUARY, "criterion": "保洁", "score": 11.0, "max_score": 10.0},
    ]
    result = made(submit("台账.xlsx", estates=register), submit("考核.xlsx", inspections=scores))
    assert rows(result, "inspections", "subject", "subject_kind", "score") == [
        ("安馨物业服务有限公司", "company", 8.0),
        ("柳岸花园", "estate", 9.0),
    ]
    assert codes(result) == [("inconsistent", "G4", "考核.xlsx")]


def test_a_later_row_replaces_an_earlier_one_and_the_history_keeps_it(submit, made, rows):
    first = submit("z.xlsx", filed=date(2025, 4, 3), fees=[fee("甲苑", 10.0), fee("乙苑", 20.0)])
    later = submit("a.xlsx", filed=date(2025, 5, 12), fees=[fee("甲苑", 11.0)])
    result = made(later, first, known_estates=pl.DataFrame({"estate": ["甲苑", "乙苑"]}))
    assert sorted(rows(result, "fees", "estate", "receivable_yuan", "source_file")) == [
        ("乙苑", 20.0, "z.xlsx"),
        ("甲苑", 11.0, "a.xlsx"),
    ]
    [old] = result.history.to_dicts()
    assert (old["kind"], old["source_file"], old["source_row"], old["replaced_by_file"]) == (
        "fees",
        "z.xlsx",
        2,
        "a.xlsx",
    )
    assert '"receivable_yuan":10.0' in old["content"]
    assert list(
        result.ledger.filter(pl.col("source_file") == "z.xlsx")
        .select("source_row", "fate", "reason", "records_loaded")
        .iter_rows()
    ) == [
        (1, "heading", None, 0),
        (2, "skipped", "replaced by a.xlsx", 0),
        (3, "loaded", None, 1),
    ]


def test_a_submission_all_of_whose_rows_were_replaced_is_superseded(submit, made, rows):
    old = submit("old.xlsx", received=datetime(2025, 4, 1), fees=[fee("甲苑", 10.0)])
    new = submit("new.xlsx", received=datetime(2025, 5, 1), fees=[fee("甲苑", 11.0)])
    copy = submit("copy.xlsx", unchanged_of="new.xlsx")
    broken = submit("broken.xlsx", rejected=True)
    result = made(new, old, copy, broken)
    assert rows(result, "submissions", "source_file", "status", "rows_loaded", "unchanged_of") == [
        ("broken.xlsx", "rejected", 0, None),
        ("copy.xlsx", "unchanged", 0, "new.xlsx"),
        ("new.xlsx", "loaded", 1, None),
        ("old.xlsx", "superseded", 0, None),
    ]


def test_vouchers_of_a_key_are_replaced_as_a_set(submit, made, rows):
    def voucher(amount):
        return {"estate": "甲苑", **JANUARY, "category": "绿化养护", "amount_yuan": amount}

    old = submit("old.xlsx", filed=date(2025, 2, 1), costs=[voucher(1.0), voucher(2.0), voucher(3.0)])
    new = submit("new.xlsx", filed=date(2025, 3, 1), costs=[voucher(2.0), voucher(4.0)])
    result = made(old, new)
    assert rows(result, "costs", "amount_yuan", "source_file") == [(2.0, "new.xlsx"), (4.0, "new.xlsx")]
    assert result.history.height == 3


def test_registers_merge_column_by_column(submit, made, rows):
    old = submit(
        "old.xlsx", filed=date(2025, 1, 1), estates=[{**ESTATE, "company": "旧公司", "lon": 117.2, "lat": 31.8}]
    )
    new = submit(
        "new.xlsx",
        filed=date(2025, 6, 1),
        estates=[{"estate": "柳岸花园小区", "aliases": ["新名"], "company": "新公司"}],
    )
    result = made(old, new)
    assert rows(result, "estates", "estate", "aliases", "company", "households", "lon", "source_file") == [
        ("柳岸花园小区", ["柳岸大院", "新名"], "新公司", 100, 117.2, "new.xlsx")
    ]
    assert result.tables["submissions"]["status"].to_list() == ["loaded", "loaded"]


def test_a_fee_per_household_becomes_a_fee_per_area(submit, made, rows, codes):
    sent = [
        {"estate": "甲苑", "households": 100, "floor_area_m2": 8000.0, "fee_yuan_per_household_month": 40.0},
        {"estate": "乙苑", "households": 100, "fee_yuan_per_household_month": 40.0},
    ]
    result = made(submit("台账.xlsx", estates=sent))
    assert rows(result, "estates", "estate", "fee_yuan_per_m2_month") == [("甲苑", 0.5), ("乙苑", None)]
    assert codes(result) == [("unmapped_column", "N3", "台账.xlsx")]
    assert "fee_yuan_per_household_month" not in result.tables["estates"].columns


def test_rows_counted_together_have_one_fate_each(submit, made):
    wave = {"estate": "柳岸花园", **JANUARY, "responses": 3, "satisfied": 2, "neutral": 1, "source_row": 2}
    counted = [{"kind": "surveys", "source_sheet": "S", "source_row": 2, "counted_row": line} for line in (2, 3, 4)]
    note = Finding("unmapped_column", "某列", "a column", "S", "Z1")
    result = made(
        submit("台账.xlsx", estates=[ESTATE]), submit("问卷.xlsx", surveys=[wave], counted=counted, findings=[note])
    )
    assert list(
        result.ledger.filter(pl.col("source_file") == "问卷.xlsx")
        .select("source_row", "fate", "reason", "records_loaded")
        .iter_rows()
    ) == [
        (1, "heading", None, 0),
        (2, "loaded", None, 1),
        (3, "loaded", "counted into row 2", 0),
        (4, "loaded", "counted into row 2", 0),
    ]
    assert result.tables["surveys"]["satisfied_total"].to_list() == [2]
    assert result.tables["findings"]["source_file"].to_list() == ["问卷.xlsx"]


def test_boundaries_of_files_and_of_the_build_are_one_table(made, rows):
    area = {
        "level": "estate",
        "name": "甲苑",
        "geometry": "{}",
        "crs_found": "EPSG:4326",
        "source_file": "b.geojson",
        "source_row": 1,
    }
    assert rows(
        made(boundaries=[area]), "boundaries", "level", "name", "source_file", "source_sheet", "source_row"
    ) == [("estate", "甲苑", "b.geojson", "", 1)]
