"""The data page says who has sent what, what a batch holds, and what changed between versions, in both languages."""

from __future__ import annotations

import io
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from dashboard.printers.answers import answers_of
from dashboard.published import Published
from dashboard.stories import data, data_desk, data_versions
from pipelines.receiving.desk import Answer, Batch
from pipelines.receiving.explaining import Before, Remembered
from pipelines.receiving.meanings import Meaning
from pipelines.receiving.parcels import Parcel
from pipelines.receiving.questions import Question
from pipelines.words import Language


def finding(cell: str, severity: str, code: str) -> dict[str, object]:
    return {
        "source_file": "甲社区/a.csv", "source_sheet": "", "source_cell": cell, "kind": "fees", "field": None,
        "code": code, "severity": severity, "raw_value": "x", "message_zh": f"{cell} 不对。请改。",
        "message_en": f"{cell} is wrong. Please correct it.",
    }  # fmt: skip


@pytest.fixture
def batch() -> Batch:
    place = tempfile.TemporaryDirectory(prefix="lianping-test-")
    content = "小区,应收金额,住户交来的\n锦绣里,三万?,9000\n".encode()
    parcels = [
        Parcel("a.csv", "a.csv", "甲社区", content),
        Parcel("b.csv", "b.csv", "乙社区", b"x"),
        Parcel("c.png", "c.png", "乙社区", b"x", ("是图片。", "is a picture.")),
    ]
    for one in parcels:
        path = Path(place.name) / one.file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(one.data)
    wrong = (finding("C1", "info", "unmapped_column"), finding("B2", "error", "unparseable"))
    answers = (
        Answer(parcels[0], "loaded", {"fees": 1200}, 1, wrong),
        Answer(parcels[1], "loaded", {"fees": 1}, 0, (), ("", ""), "乙社区/b.csv"),
        Answer(parcels[2], "rejected", {}, 0, (), ("是图片。", "is a picture.")),
    )
    proposals = (
        Meaning("received_yuan", "实收金额", "received", (("9000", "9,000 元"),)),
        Meaning("waived_yuan", "减免金额", "waived", (), is_likely=False),
        Meaning("-", "不用这一列", "not wanted"),
    )
    asked = Question("heading", "甲社区", "fees", "住户交来的", "甲社区/a.csv", "", "C1", ("9000",), proposals, files=3)
    return Batch(place, answers, (asked,))


def test_the_page_names_what_is_missing_and_whose_it_is(demo: Published, demo_raw: Path) -> None:
    told = data.report(demo, demo_raw, "zh")
    assert told.heading == "2 份该到的报表还没有到：云锦社区工单（2025年第27周）、石桥社区收费（2025年二季度）"
    rows = {one.community: one for one in told.rows}
    assert [one.kind for one in told.spans] == ["收费", "工单"]
    fees = rows["石桥社区"].cells[:3]
    assert [(one.state, one.text, one.note) for one in fees] == [
        ("late", "迟 26 天", "2024年四季度"),
        ("late", "迟 26 天", "2025年一季度"),
        ("missing", "缺", "2025年二季度"),
    ]
    assert [one.note for one in rows["梧桐社区"].cells[:3]] == ["2025年4月", "2025年5月", "2025年6月"]
    assert "1 错" in rows["松风社区"].cells[0].note
    english = data.report(demo, demo_raw, "en")
    assert english.heading.startswith("2 reports that are due have not arrived: 云锦社区 Tickets (")


def test_the_matrix_says_of_each_period_what_the_table_expected_says(demo: Published, demo_raw: Path) -> None:
    told = {one.community: one for one in data.report(demo, demo_raw, "zh").rows}
    expected = demo.rows("data_expected").to_dicts()
    for community, row in told.items():
        for number, kind in enumerate(("fees", "tickets")):
            mine = [one for one in expected if (one["community"], one["kind"]) == (community, kind)]
            states = [one["status"] for one in sorted(mine, key=lambda one: one["period_end"])[-3:]]
            shown = [one.state for one in row.cells[number * 3 : number * 3 + 3]]
            assert [one for one in shown if one != "none"] == [
                "errors" if cell == "errors" else state
                for state, cell in zip(states, shown[-len(states) :], strict=True)
            ]


def test_the_latest_submissions_come_first_and_all_can_be_withdrawn(demo: Published, demo_raw: Path) -> None:
    told = data.report(demo, demo_raw, "zh")
    assert len(told.sent) == data.LATEST
    assert told.sent[0].when >= told.sent[-1].when or told.sent[0].when.startswith("2025年")
    assert told.sent_note == f"共 {len(told.files)} 份，列出最近 {data.LATEST} 份。"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_batch_is_told_file_by_file(demo: Published, batch: Batch, lang: Language) -> None:
    standing = data_desk.Standing(open=0)
    told = data_desk.told(batch, standing, demo.folder, lang)
    said = {
        "zh": ("3 个文件，0 个没有错误，1 个有要改的地方，1 个已经收过，1 个不能收", "接收 1 份并加载"),
        "en": (
            "Files: 3; without errors 0, with something to mend 1, here already 1, not taken 1",
            "Accept 1 and load",
        ),
    }
    assert (told.said, told.accept) == said[lang]
    first, copy, picture = told.lines
    assert (first.errors, first.warnings, first.notes, first.is_open) == (1, 0, 1, True)
    assert [one.where for one in first.findings] == ["B2", "C1"]
    assert [cell.severity for _, cells in first.grids[0].rows for cell in cells if cell.severity] == ["info", "error"]
    assert copy.note == {"zh": "已经收过：乙社区/b.csv", "en": "Here already: 乙社区/b.csv"}[lang]
    assert picture.note == {"zh": "不能收：是图片。", "en": "Not taken: is a picture."}[lang]
    assert dict(told.messages).keys() == {"乙社区", "甲社区"}
    assert "B2" in dict(told.messages)["甲社区"]


def test_a_question_offers_what_is_likely_and_shows_what_cells_become(demo: Published, batch: Batch) -> None:
    key = batch.questions[0].key
    (ask,) = data_desk.told(batch, data_desk.Standing(picked={key: "received_yuan"}), demo.folder, "zh").asks
    assert ask.title == "表头“住户交来的”是什么？"
    assert ask.where == "甲社区，a.csv C1，共 3 个文件这样写"
    assert ask.offered == (("received_yuan", "实收金额"), ("-", "不用这一列"))
    assert ask.others == (("waived_yuan", "减免金额"),)
    assert (ask.picked_word, ask.becomes) == ("实收金额", (("9000", "9,000 元"),))
    before = Before("住户交来的", "预收金额", "prepaid", "王芳", datetime(2025, 7, 1, 9))
    (ask,) = data_desk.told(batch, data_desk.Standing(different={key: before}), demo.folder, "zh").asks
    assert ask.different == "王芳 在 7月1日 09:00 说过“住户交来的”是“预收金额”。要改成新的说法吗？"


def test_what_was_remembered_is_listed_with_who_and_undone(batch: Batch) -> None:
    told = Remembered(
        "1", "heading", "甲社区", "住户交来的", "实收金额", "received", "王芳", datetime(2025, 7, 1, 9), "李强"
    )
    (line,) = data_desk.remembered_lines((told,), "zh")
    assert (line["what"], line["text"], line["by"], line["undone"]) == (
        "表头", "“住户交来的”是“实收金额”", "王芳，7月1日 09:00", "已撤销（李强）",
    )  # fmt: skip
    assert data_desk.remembered_lines((told,), "en")[0]["text"] == '"住户交来的" is "received"'
    assert batch.questions


def test_the_answers_hold_a_message_for_each_sender_and_the_marked_workbooks(demo: Published, batch: Batch) -> None:
    name, media, content = answers_of(batch, demo.folder, "zh")
    assert name.endswith(".zip")
    assert media == "application/zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted(archive.namelist()) == [
            "乙社区/发给各报送单位的话.txt", "甲社区/a.xlsx", "甲社区/发给各报送单位的话.txt",
        ]  # fmt: skip
        assert archive.read("甲社区/a.xlsx")[:2] == b"PK"


def test_one_version_has_nothing_to_be_compared_with(demo: Published, demo_raw: Path) -> None:
    told = data_versions.report(demo, demo_raw, "zh")
    assert [name for name, _ in told.choices] == [demo.version]
    assert (told.files, told.figures) == ((), ())
