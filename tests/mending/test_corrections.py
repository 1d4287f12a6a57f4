"""A known error of a sender is put right in one place, with a reason, and only as long as the source still has it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.mending.correcting import apply_to_sheet, apply_to_workbook
from pipelines.mending.correction_files import load_corrections
from pipelines.mending.correction_findings import unused
from pipelines.mending.corrections import AppliedCorrection, Correction, Corrections
from pipelines.mending.toml_lines import SettingsError
from pipelines.reading.sheets import Merge, Sheet

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "corrections.toml"


def sheet(*rows: tuple[str | None, ...], name: str = "3月", **more: object) -> Sheet:
    columns = {str(at): pl.Series([row[at] for row in rows], dtype=pl.String) for at in range(len(rows[0]))}
    return Sheet(name, pl.DataFrame(columns), **more)  # type: ignore[arg-type]


FEES = sheet(
    ("小区", "月份", "实收（元）"),
    ("甲小区", "1月", "100"),
    (None, "2月", "2000000"),
    ("乙小区", "2月", "300"),
    merges=(Merge(1, 0, 2, 0),),
)


def one(**more: object) -> Corrections:
    given: dict[str, object] = {
        "file": "收费*.xlsx",
        "sheet": "*",
        "action": "set",
        "expect": "2000000",
        "to": "200",
        "reason": "多打了四个零",
        "line": 5,
    }
    return Corrections((Correction(**{**given, **more}),))  # type: ignore[arg-type]


def rows(found: Sheet) -> list[tuple[str | None, ...]]:
    return found.cells.rows()


def test_a_cell_is_set_and_everything_else_stays_in_place() -> None:
    mended, applied, findings = apply_to_sheet(one(cell="C3"), "2025/收费.xlsx", FEES)

    assert rows(mended) == [*rows(FEES)[:2], (None, "2月", "200"), rows(FEES)[3]]
    assert applied == [AppliedCorrection("2025/收费.xlsx", "3月", "C3", 3, "set", "2000000", "200", "多打了四个零", 5)]
    assert findings == []


def test_a_cell_is_found_by_its_heading_and_what_its_row_says_filled_down() -> None:
    mended, applied, findings = apply_to_sheet(one(heading="实收 (元)", row=("甲小区", "2月")), "收费.xlsx", FEES)

    assert rows(mended)[2] == (None, "2月", "200")
    assert ([step.cell for step in applied], findings) == (["C3"], [])


def test_a_correction_that_the_source_has_made_itself_fails_loudly_and_changes_nothing() -> None:
    mended, applied, findings = apply_to_sheet(one(cell="C2", expect="100000", to="100"), "收费.xlsx", FEES)

    assert (mended, applied) == (FEES, [])
    assert [(f.code, f.severity, f.sheet, f.cell, f.raw_value) for f in findings] == [
        ("inconsistent", "error", "3月", "C2", "100")
    ]
    assert findings[0].message_zh == (
        'corrections.toml 第 5 行的更正已经过期：原表的 C2 已改成“100”；请删除这条更正（或写 status = "off"）'
    )


def test_a_correction_that_finds_something_else_fails_loudly_too() -> None:
    _, applied, findings = apply_to_sheet(one(cell="C2"), "收费.xlsx", FEES)

    assert applied == []
    assert findings[0].message_zh == (
        "corrections.toml 第 5 行的更正没有用上：C2 写的是“100”，不再是“2000000”；"
        "请核对原表，改写 expect 或删除这条更正"
    )


@pytest.mark.parametrize(
    "place", [{"cell": "Z99"}, {"heading": "实缴", "row": ("甲小区",)}, {"cell": "C3", "sheet": "4月"}]
)
def test_a_place_that_is_gone_is_an_error_as_well(place: dict[str, object]) -> None:
    mended, applied, findings = apply_to_sheet(one(**place), "收费.xlsx", FEES)

    assert (mended, applied, [f.code for f in findings]) == (FEES, [], ["inconsistent"])


def test_a_skipped_row_is_emptied_and_its_merged_estate_goes_to_the_next() -> None:
    mended, applied, findings = apply_to_sheet(
        one(action="skip", row=("1月",), expect="100", to=None), "收费.xlsx", FEES
    )

    assert rows(mended) == [rows(FEES)[0], (None, None, None), ("甲小区", "2月", "2000000"), rows(FEES)[3]]
    assert mended.merges == (Merge(2, 0, 2, 0),)
    assert [(step.cell, step.row, step.action, step.was) for step in applied] == [("A2", 2, "skip", "100")]
    assert findings == []


def test_a_name_is_changed_wherever_it_stands() -> None:
    book = (FEES, sheet(("小区",), ("乙 小区",), name="4月"))

    mended, applied, findings = apply_to_workbook(one(action="rename", expect="乙小区", to="乙家园"), "收费.xlsx", book)

    assert [rows(one)[-1][0] for one in mended] == ["乙家园", "乙家园"]
    assert [(step.sheet, step.cell) for step in applied] == [("3月", "A4"), ("4月", "A2")]
    assert findings == []


def test_an_error_cell_can_be_set() -> None:
    broken = sheet(("实收",), (None,), errors={(1, 0): "#REF!"})

    mended, _, findings = apply_to_sheet(one(cell="A2", expect="#REF!"), "收费.xlsx", broken)

    assert (rows(mended), mended.errors, findings) == ([("实收",), ("200",)], {}, [])


def test_other_files_and_entries_switched_off_are_left_alone() -> None:
    assert apply_to_sheet(one(cell="C3"), "支出.xlsx", FEES) == (FEES, [], [])
    assert apply_to_sheet(one(cell="C3", active=False), "收费.xlsx", FEES) == (FEES, [], [])


def test_the_trace_of_a_correction_holds_no_personal_data() -> None:
    told = sheet(("内容",), ("请回电13800000000",))

    _, applied, _ = apply_to_sheet(one(cell="A2", expect="请回电13800000000", to="业主张三"), "收费.xlsx", told)
    _, _, findings = apply_to_sheet(one(cell="A2"), "收费.xlsx", told)

    assert (applied[0].was, applied[0].now) == ("请回电×××", "业主张某")
    assert "13800000000" not in f"{findings[0]}"


def test_an_entry_for_a_file_that_is_not_there_is_reported() -> None:
    assert unused(one(cell="C3"), ["2025/收费3月.xlsx"]) == []
    assert [f.code for f in unused(one(cell="C3"), ["支出.xlsx"])] == ["inconsistent"]


def test_the_fingerprint_of_a_file_changes_only_with_its_own_entries() -> None:
    before, after = one(cell="C3"), one(cell="C3", to="250")

    assert before.fingerprint() != after.fingerprint()
    assert before.fingerprint("收费.xlsx") != after.fingerprint("收费.xlsx")
    assert before.fingerprint("支出.xlsx") == after.fingerprint("支出.xlsx")


GOOD = 'file = "a.xlsx"\nexpect = "1"\naction = "set"\nto = "2"\ncell = "D7"\nreason = "r"\n'


def test_entries_are_read_with_all_they_say(tmp_path: Path) -> None:
    (tmp_path / "corrections.toml").write_text(
        f'\n[[correction]]\n{GOOD}since = 2025-04-01\nby = "柳岸社区"\nsheet = "3月"\nstatus = "off"\n',
        encoding="utf-8",
    )

    assert load_corrections(tmp_path) == Corrections(
        (Correction("a.xlsx", "3月", "set", "1", "r", "2", "D7", (), None, date(2025, 4, 1), "柳岸社区", False, 2),)
    )


def test_without_a_file_there_are_no_corrections(tmp_path: Path) -> None:
    assert load_corrections(tmp_path) == Corrections()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (GOOD.replace('reason = "r"\n', ""), 1),
        (GOOD.replace("set", "change"), 4),
        (GOOD.replace('cell = "D7"\n', ""), 1),
        (GOOD.replace("D7", "7D"), 6),
        (GOOD.replace('"set"', '"skip"'), 5),
        (GOOD.replace('to = "2"\n', ""), 1),
        (GOOD + "expct = '1'\n", 8),
        (GOOD + "since = '2025年'\n", 8),
        (GOOD + "status = 'done'\n", 8),
    ],
)
def test_a_mistake_in_an_entry_names_its_line(tmp_path: Path, text: str, line: int) -> None:
    (tmp_path / "corrections.toml").write_text("[[correction]]\n" + text, encoding="utf-8")

    with pytest.raises(SettingsError) as fault:
        load_corrections(tmp_path)

    assert (fault.value.file, fault.value.line) == ("corrections.toml", line)


def test_the_example_is_valid_and_shows_every_action(tmp_path: Path) -> None:
    (tmp_path / "corrections.toml").write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")

    assert {entry.action for entry in load_corrections(tmp_path).entries} == {"set", "skip", "rename"}
