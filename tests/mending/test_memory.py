"""What a clerk explains once is remembered for that sender, can be undone, and a wrong file names its line."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from pipelines.entries.actions import UnenteredError
from pipelines.entries.explaining import ExplainedBeforeError, remember, remember_sheet, sheets_explained, undo
from pipelines.mending.memory import Explanation, SettingsError, all_explanations, load_memory
from pipelines.mending.profile_files import load_profiles
from pipelines.reading.explained import as_explained, known_words
from pipelines.reading.sheets import Sheet

NINE = datetime(2025, 7, 1, 9)
TEN = datetime(2025, 7, 1, 10)
BILLED = Explanation("heading", "甲社区", "fees", "本月开票额", "receivable_yuan", "王芳", NINE)


def sheet(*rows: tuple[str | None, ...]) -> Sheet:
    columns = {str(number): [row[number] for row in rows] for number in range(len(rows[0]))}
    return Sheet("1月", pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)))


def test_an_explanation_is_one_file_that_says_who_and_when(tmp_path: Path) -> None:
    path = remember(tmp_path, BILLED)

    assert path.read_text(encoding="utf-8").splitlines()[2:] == [
        'what = "heading"', 'sender = "甲社区"', 'kind = "fees"', 'word = "本月开票额"',
        'meaning = "receivable_yuan"', 'by = "王芳"', "at = 2025-07-01T09:00:00",
    ]  # fmt: skip
    (told,) = load_memory(tmp_path).explanations
    assert replace(told, id="") == BILLED


def test_it_counts_for_its_sender_alone(tmp_path: Path) -> None:
    remember(tmp_path, BILLED)
    memory = load_memory(tmp_path)

    assert list(memory.of("heading", "甲社区/一月.xlsx")) == ["本月开票额"]
    assert memory.of("heading", "乙社区/一月.xlsx") == {}
    assert memory.of("heading", "甲社区二队/一月.xlsx") == {}
    assert memory.fingerprint("甲社区/一月.xlsx") != memory.fingerprint("乙社区/一月.xlsx") == ""


def test_the_sheet_is_read_with_the_explained_words_in_its_headings_and_nowhere_else(tmp_path: Path) -> None:
    remember(tmp_path, BILLED)
    remember(tmp_path, Explanation("unit", "甲社区", "", "仟圆", "千元", "王芳", NINE))
    before = sheet(
        ("本月开票额", None, None),
        ("小区", "本月 开票额（仟圆）", "备注"),
        ("锦绣里", "12.5", "本月开票额"),
        ("柳岸", "8", "小区"),
    )

    after = as_explained(before, load_memory(tmp_path), "甲社区/一月.xlsx")

    assert after.cells.rows() == [
        ("本月开票额", None, None),
        ("小区", "应收（千元）", "备注"),
        ("锦绣里", "12.5", "本月开票额"),
        ("柳岸", "8", "小区"),
    ]
    assert as_explained(before, load_memory(tmp_path), "乙社区/一月.xlsx") is before


@pytest.mark.parametrize(
    ("kind", "meaning", "words"),
    [
        ("fees", "receivable_yuan", "应收"),
        ("tickets", "period", "月份"),
        ("fees", "-", "备注"),
        ("costs", "category:绿化养护", "绿化养护"),
    ],
)
def test_each_meaning_has_a_heading_that_the_reader_knows(kind: str, meaning: str, words: str) -> None:
    assert known_words(kind, meaning) == words


def test_undoing_takes_the_effect_away_and_keeps_the_record(tmp_path: Path) -> None:
    number = remember(tmp_path, BILLED).name.partition(".")[0]

    undo(tmp_path, number, by="李强", now=TEN)

    assert load_memory(tmp_path).explanations == ()
    (told,) = all_explanations(tmp_path)
    assert replace(told, id="") == replace(BILLED, undone_by="李强", undone_at=TEN)


def test_who_explains_it_differently_is_asked_and_may_insist(tmp_path: Path) -> None:
    remember(tmp_path, BILLED)
    other = replace(BILLED, meaning="received_yuan", by="李强", at=TEN)

    with pytest.raises(ExplainedBeforeError) as asked:
        remember(tmp_path, other)
    assert (asked.value.before.meaning, asked.value.before.by) == ("receivable_yuan", "王芳")
    assert [one.meaning for one in load_memory(tmp_path).explanations] == ["receivable_yuan"]

    remember(tmp_path, other, is_sure=True)
    assert [(one.meaning, one.by) for one in load_memory(tmp_path).explanations] == [("received_yuan", "李强")]
    assert {(one.meaning, one.undone_by) for one in all_explanations(tmp_path)} == {
        ("received_yuan", ""), ("receivable_yuan", "李强"),
    }  # fmt: skip


def test_saying_the_same_again_writes_nothing_and_nobody_explains_without_a_name(tmp_path: Path) -> None:
    remember(tmp_path, BILLED)
    remember(tmp_path, replace(BILLED, by="李强", at=TEN))
    assert len(all_explanations(tmp_path)) == 1
    with pytest.raises(UnenteredError):
        remember(tmp_path, replace(BILLED, word="别的", by="  "))


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('meaning = "receivable_yuan"', 'meaning = "receivable"', 7, "是否想写“receivable_yuan”"),
        ('kind = "fees"', 'kind = "fee"', 5, "没有“fee”这一类"),
        ('word = "本月开票额"', "word = 本月开票额", 6, "这一行不合 TOML 写法"),
        ('by = "王芳"', 'bye = "王芳"', 8, "bye"),
    ],
)
def test_a_wrong_explanation_names_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    path = remember(tmp_path, BILLED)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    with pytest.raises(SettingsError) as fault:
        load_memory(tmp_path)
    assert (fault.value.file, fault.value.line) == (f"释义/{path.name}", line)
    assert said in fault.value.zh


def test_a_sheet_that_was_explained_is_a_profile_until_it_is_undone(tmp_path: Path) -> None:
    profile = 'files = ["甲社区/*"]\n\n[[sheet]]\nkind = "fees"\n\n[sheet.columns]\n"Site" = "estate"\n'
    path = remember_sheet(tmp_path, "甲社区", "Sheet1", profile, by="王芳", now=NINE)
    assert load_profiles(tmp_path).match("甲社区/a.xlsx", "Sheet1") is not None

    undo(tmp_path, path.name.partition(".")[0], by="李强", now=TEN)

    assert load_profiles(tmp_path).match("甲社区/a.xlsx", "Sheet1") is None
    (told,) = sheets_explained(tmp_path)
    assert (told.sender, told.word, told.by, told.undone_by) == ("甲社区", "Sheet1", "王芳", "李强")
