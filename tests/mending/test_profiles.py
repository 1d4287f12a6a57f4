"""A profile says what a foreign layout means; a mistake in it names its line."""

from __future__ import annotations

import tomllib
from pathlib import Path

import polars as pl
import pytest

from pipelines.mending.globs import glob_matches
from pipelines.mending.profile_files import load_profiles
from pipelines.mending.profiles import Profiles, SheetProfile
from pipelines.mending.suggestion import suggest_profile
from pipelines.mending.toml_lines import SettingsError

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
REAL = ROOT / "../shared/real"

FULL = """
name = "收费"
files = ["fees*.xlsx"]

[[sheet]]
sheets = ["Q1*", "Q2*"]
kind = "fees"
heading_rows = [2, 3]
first_row = 4
last_row = 90
skip_rows = [7]
period = "2025Q1"
year = 2025
datum = "百度"
blanks = ["[X]"]
other_columns = "ignore"
add_up = true
open_end = true
weighted = ["households_due"]
note = "why"

[sheet.columns]
"Estate" = "estate"
"Due\\n(k yuan)" = "receivable_yuan"
C = "received_yuan"

[sheet.constants]
building = "1"
[sheet.defaults]
unit = "2"
[sheet.words.estate]
"ＡＢ c" = "甲小区"
[sheet.units]
receivable_yuan = "千元"
[sheet.extract]
unit = { from = "Room", pattern = '^(\\d+)-' }

[[sheet]]
skip = true
"""


def profiles(folder: Path, text: str, name: str = "a.profile.toml") -> Profiles:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load_profiles(folder)


def test_all_that_a_profile_says_is_read(tmp_path: Path) -> None:
    assert profiles(tmp_path, FULL, "sub/fees.profile.toml").sheets == (
        SheetProfile(
            name="收费",
            files=("fees*.xlsx",),
            sheets=("Q1*", "Q2*"),
            kind="fees",
            heading_rows=(2, 3),
            first_row=4,
            last_row=90,
            skip_rows=(7,),
            columns={"Estate": "estate", "Due\n(k yuan)": "receivable_yuan", "C": "received_yuan"},
            extract={"unit": ("Room", r"^(\d+)-")},
            constants={"building": "1"},
            defaults={"unit": "2"},
            words={"estate": {"abc": "甲小区"}},
            units={"receivable_yuan": "千元"},
            blanks=("[X]",),
            datum="BD-09",
            period="2025Q1",
            year=2025,
            ignore_others=True,
            add_up=True,
            open_end=True,
            weighted=("households_due",),
            note="why",
            file="sub/fees.profile.toml",
            line=5,
        ),
        SheetProfile(name="收费", files=("fees*.xlsx",), skip=True, file="sub/fees.profile.toml", line=38),
    )


def test_headings_are_matched_after_normalising_and_letters_only_where_no_heading_fits(tmp_path: Path) -> None:
    one = profiles(tmp_path, FULL).sheets[0]

    found, absent = one.targets({"A": "estate：", "B": "due（k yuan）", "C": "Paid", "D": "note"})

    assert found == {"A": "estate", "B": "receivable_yuan", "C": "received_yuan"}
    assert absent == ("Room",)


def test_a_part_of_a_column_is_taken_and_nothing_where_it_is_not_found(tmp_path: Path) -> None:
    one = profiles(tmp_path, FULL).sheets[0]

    found = one.extracted("unit", pl.Series("5", ["12-301", "店铺", None, "3-1"]))

    assert found.to_list() == ["12", None, None, "3"]


def test_words_and_blanks_are_compared_however_they_were_typed(tmp_path: Path) -> None:
    one = profiles(tmp_path, FULL).sheets[0]

    assert (one.value("estate", "AB C"), one.value("estate", "其他"), one.value("unit", "x")) == ("甲小区", "其他", "x")
    assert (one.is_blank(" [x] "), one.is_blank("x")) == (True, False)


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("fees*.xlsx", "2025/fees 3.XLSX", True),
        ("2025/*.xlsx", "2025/fees.xlsx", True),
        ("2024/*.xlsx", "2025/fees.xlsx", False),
        ("*[1].xlsx", "收费[1].xlsx", True),
        ("收费?月.csv", "收费3月.csv", True),
        ("*", "", True),
    ],
)
def test_patterns_look_at_the_file_or_at_the_path(pattern: str, name: str, fits: bool) -> None:
    assert glob_matches(pattern, name) is fits


def test_the_more_specific_profile_is_taken(tmp_path: Path) -> None:
    found = profiles(tmp_path, FULL)

    assert found.match("2025/fees.xlsx", "Q1 甲/乙") == found.sheets[0]
    assert found.match("2025/fees.xlsx", "说明") == found.sheets[1]
    assert found.match("costs.xlsx", "Q1") is None


def test_two_profiles_that_fit_alike_are_an_error_that_names_both(tmp_path: Path) -> None:
    profiles(tmp_path, 'files = ["fees*.xlsx"]\n[[sheet]]\nskip = true\n', "a.profile.toml")
    found = profiles(tmp_path, 'files = ["*fees.xlsx"]\n[[sheet]]\nskip = true\n', "b.profile.toml")

    with pytest.raises(SettingsError) as fault:
        found.match("fees.xlsx", "Q1")

    assert "a.profile.toml 第 2 行" in fault.value.zh
    assert "b.profile.toml, line 2" in fault.value.en


def test_the_fingerprint_of_a_file_changes_only_with_its_own_profile(tmp_path: Path) -> None:
    before = profiles(tmp_path, FULL)
    after = profiles(tmp_path, FULL.replace("2025Q1", "2025Q2"))

    assert before.fingerprint() != after.fingerprint()
    assert before.fingerprint("fees.xlsx") != after.fingerprint("fees.xlsx")
    assert before.fingerprint("costs.xlsx") == after.fingerprint("costs.xlsx")


HEAD = 'files = ["a.xlsx"]\n[[sheet]]\nkind = "fees"\n'


@pytest.mark.parametrize(
    ("text", "line", "zh"),
    [
        ("[[sheet]]\nskip = true\n", 1, "缺少 files"),
        ('files = ["a"]\n', 1, "缺少 [[sheet]]"),
        ('files = ["a"]\n[[sheet]]\n', 2, "缺少 kind"),
        ('files = ["a"]\n[[sheet]]\nkind = "fee"\n', 3, "是否想写“fees”？"),
        (HEAD + "heading_row = 2\n", 4, "是否想写“heading_rows”？"),
        (HEAD + "heading_rows = [3, 2]\n", 4, "“heading_rows”写成了 [3, 2]"),
        (HEAD + 'period = "2025年"\n', 4, "“period”写成了"),
        (HEAD + 'datum = "北京54"\n', 4, "WGS-84、GCJ-02"),
        (HEAD + '[sheet.columns]\n"应收" = "receivable"\n', 5, "是否想写“receivable_yuan”？"),
        (HEAD + 'weighted = ["household_due"]\n', 4, "是否想写“households_due”？"),
        (HEAD + '[sheet.constants]\n"score" = 1\n', 5, "没有“score”这一项"),
        (HEAD + "[sheet.extract]\nunit = { from = \"a\", pattern = '(' }\n", 5, "正则表达式“(”写错了"),
        (HEAD + "[sheet.extract]\nunit = { from = \"a\", pattern = 'a' }\n", 5, "一对取值的括号"),
        (HEAD + "[sheet.words.estate]\n'a' = [1]\n", 5, "“a”写成了 [1]，应是一个值"),
    ],
)
def test_a_mistake_in_a_profile_names_its_line(tmp_path: Path, text: str, line: int, zh: str) -> None:
    with pytest.raises(SettingsError) as fault:
        profiles(tmp_path, text)

    assert (fault.value.file, fault.value.line) == ("a.profile.toml", line)
    assert zh in fault.value.zh


def test_a_suggested_profile_loads_as_it_stands_and_shows_what_is_open(tmp_path: Path) -> None:
    text = suggest_profile(
        "2025/导出.xlsx",
        'Sheet"1"',
        {"A": "Site", "B": "应收\n金额", "C": 'odd "x" \\ name', "D": "Site", "E": ""},
        {"A": ("fees", "estate"), "B": ("fees", "receivable_yuan"), "D": ("fees", "estate"), "C": ("costs", "item")},
        {"A": ["甲小区", "乙小区"], "C": ["#1", "很长很长很长很长很长很长很长的内容"]},
        heading_rows=(2, 3),
    )

    found = profiles(tmp_path, text)

    assert found.match("x/导出.xlsx", 'Sheet"1"') is not None
    assert found.sheets[0].kind == "fees"
    assert found.sheets[0].heading_rows == (2, 3)
    assert found.sheets[0].columns == {
        "Site": "estate",
        "应收 金额": "receivable_yuan",
        'odd "x" \\ name': "-",
        "D": "-",
        "E": "-",
    }
    assert '"Site" = "estate"   # A：甲小区、乙小区' in text
    assert tomllib.loads(text)["files"] == ["导出.xlsx"]


def test_a_suggestion_without_any_guess_still_loads(tmp_path: Path) -> None:
    found = profiles(tmp_path, suggest_profile("a.csv", "", {"A": "x"}, {}))

    assert found.match("a.csv", "") is not None


def test_every_profile_that_we_ship_is_valid() -> None:
    assert {one.file for one in load_profiles(EXAMPLES).sheets} == {
        path.name for path in EXAMPLES.glob("*.profile.toml")
    }


def test_the_example_of_the_documentation_loads(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "PROFILES.md").read_text(encoding="utf-8")

    found = profiles(tmp_path, text.split("```toml\n")[1].split("```")[0])

    assert [one.kind for one in found.sheets] == ["fees", None]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")
@pytest.mark.parametrize(
    ("folder", "file", "sheet", "heading_row", "kind", "fields"),
    [
        ("estates", "beijing_estates_2018.csv", "", 1, "estates", 6),
        ("estates", "beijing_estates_with_bd09.csv", "", 1, "estates", 9),
        ("satisfaction", "rsh_tsm_2023_24.xlsx", "TSM24_LCRA_Perception", 3, "surveys", 8),
        ("workbooks", "importFeeDetail.xlsx", "房屋缴费历史", 1, "fees", 10),
    ],
)
def test_the_shipped_profiles_name_headings_that_the_real_files_have(
    folder: str, file: str, sheet: str, heading_row: int, kind: str, fields: int
) -> None:
    from pipelines.findings import column_letter

    path = REAL / folder / file
    if path.suffix == ".csv":
        cells = path.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    else:
        import openpyxl

        rows = openpyxl.load_workbook(path, read_only=True)[sheet].iter_rows(max_row=heading_row, values_only=True)
        cells = ["" if cell is None else str(cell) for cell in list(rows)[-1]]
    one = load_profiles(EXAMPLES).match(file, sheet)

    assert one is not None
    found, absent = one.targets({column_letter(at): cell for at, cell in enumerate(cells)})
    assert (one.kind, one.heading_rows, absent, len(found)) == (kind, (heading_row, heading_row), (), fields)


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")
def test_the_shipped_profile_names_headings_of_the_service_requests() -> None:
    import gzip

    with gzip.open(REAL / "tickets" / "boston_311_2011.csv.gz", "rt", encoding="utf-8") as file:
        headings = file.readline().strip().split(",")
    one = load_profiles(EXAMPLES).match("boston_311_2011.csv", "")

    assert one is not None
    assert one.targets({str(at): heading for at, heading in enumerate(headings)})[1] == ()
    assert one.defaults == {"estate": "(not stated)"}
