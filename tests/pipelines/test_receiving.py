"""The intake door: uploads are named safely, checked as by `lianping check`, explained, accepted, withdrawn."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from pipelines import arrivals
from pipelines.receiving import desk, explaining, grid, parcels, versions
from pipelines.receiving.meanings import of_heading
from pipelines.receiving.questions import Known, questions_of
from pipelines.receiving.withdrawn import withdrawn_of

NOW = datetime(2025, 8, 4, 9, 30)
REGISTER = [
    ("社区", "小区", "总户数", "建筑面积"),
    ("甲社区", "锦绣里", 400, 40000),
    ("甲社区", "柳岸花园", 300, 30000),
]
NOBODY = parcels.Senders(("甲社区", "企业/佳与"), {"收费": "乙社区"})


def book(*rows: tuple[object, ...], title: str = "2025年7月物业费收缴", name: str = "7月") -> bytes:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as made:
        sheet = made.add_worksheet(name)
        for number, row in enumerate([(title,), *rows]):
            sheet.write_row(number, 0, row)
    return packed.getvalue()


FEES = book(
    ("小区", "应收金额", "住户交来的"), ("锦绣里", 12000, 9000), ("柳岸小苑", 8000, 7600), ("春庭里", "两万?", 1)
)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "raw" / "甲社区").mkdir(parents=True)
    (tmp_path / "raw" / "甲社区" / "台账.xlsx").write_bytes(book(*REGISTER, title="小区台账", name="台账"))
    return tmp_path / "raw"


def load(inbox: Path, warehouse: Path) -> str:
    loading = desk.start_loading(inbox, warehouse)
    while not (state := loading.state()).is_over:
        time.sleep(0.2)
    assert state.wrong == ("", "")
    return state.version


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("..\\..\\windows\\a.xlsx", "a.xlsx"),
        ("/etc/passwd", "passwd"),
        ("../../x.csv", "x.csv"),
        ("CON.xlsx", "_CON.xlsx"),
        (".~lock.xlsx", "lock.xlsx"),
        ("a\x00b\u202e.xlsx", "a_b_.xlsx"),
        ("..", "_"),
        ("长" * 300 + ".xlsx", "长" * 120 + ".xlsx"),
    ],
)
def test_a_name_leads_nowhere_but_into_its_senders_folder(given: str, name: str) -> None:
    assert parcels.safe_name(given) == name
    (parcel,) = parcels.unpack([(given, b"x")], NOBODY)
    assert parcel.file == f"未注明报送单位/{name}"


@pytest.mark.parametrize(
    ("given", "sender"),
    [
        ("甲社区2025年7月.xlsx", "甲社区"),
        ("七月/甲社区/表.xlsx", "甲社区"),
        ("佳与物业支出.xls", "企业/佳与"),
        ("2025年3月收费.xlsx", "乙社区"),
        ("表.xlsx", "未注明报送单位"),
    ],
)
def test_the_sender_is_told_by_folder_name_or_what_came_before(given: str, sender: str) -> None:
    assert parcels.unpack([(given, b"x")], NOBODY)[0].sender == sender


def test_what_is_too_large_or_empty_or_no_spreadsheet_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parcels, "LARGEST", 10)
    uploads = [("a.xlsx", b"x" * 11), ("b.xlsx", b""), ("c.png", b"x"), ("d", b"x"), ("e.et", b"x"), ("f.csv", b"x")]
    refused = [one.refused[0] for one in parcels.unpack(uploads, NOBODY)]
    assert ["最多收" in refused[0], "0 字节" in refused[1], "图片" in refused[2], "不是表格" in refused[3]] == [
        True
    ] * 4
    assert "WPS" in refused[4]
    assert refused[5] == ""
    with pytest.raises(parcels.TooManyError):
        parcels.unpack([(f"{number}.csv", b"x") for number in range(121)], NOBODY)


def test_two_files_of_one_name_stand_beside_each_other() -> None:
    names = [one.name for one in parcels.unpack([("a/x.xlsx", b"1"), ("b/x.xlsx", b"2"), ("x.xlsx", b"3")], NOBODY)]
    assert names == ["x.xlsx", "x(2).xlsx", "x(3).xlsx"]


def test_a_heading_is_proposed_by_its_words_and_by_what_its_cells_are() -> None:
    first = of_heading("tickets", "来访日", ["2025-03-01", "2025-03-02"], ["estate"])[0].meaning
    assert first == "opened_at"
    money = of_heading("fees", "住户交来的", ["12,000", "9000.5"], ["estate", "receivable_yuan"])[0]
    assert (money.meaning, money.examples) == ("received_yuan", (("12,000", "12,000 元"), ("9000.5", "9,000.5 元")))
    assert of_heading("costs", "门岗开销", ["12000"], ["estate"])[0].meaning == "category:秩序维护"


def test_an_unknown_unit_is_asked_about_and_a_remark_in_brackets_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(
        book(("小区", "应收金额（仟圆）", "实收金额（万元）", "应缴户数（不含商铺）"), ("锦绣里", 12.5, 1, 2))
    )
    (asked,) = questions_of(path, "甲社区/a.xlsx", "甲社区", [], Known.of(None))
    assert (asked.what, asked.word, asked.cell, asked.cells) == ("unit", "仟圆", "B2", ("12.5",))
    assert next(one.examples for one in asked.proposals if one.meaning == "千元") == (("12.5", "12,500"),)


def test_accepting_never_overwrites(inbox: Path, tmp_path: Path) -> None:
    place = tempfile.TemporaryDirectory()
    for content in (b"1", b"2", b"3"):
        parcel = parcels.Parcel("a.csv", "a.csv", "甲社区", content)
        batch = desk.Batch(place, (desk.Answer(parcel, "loaded", {}, 0, ()),), ())
        desk.accept(batch, inbox, tmp_path, now=NOW)
    assert {one.name: one.read_bytes() for one in (inbox / "甲社区").glob("*.csv")} == {
        "a.csv": b"1", "a(2).csv": b"2", "a(3).csv": b"3",
    }  # fmt: skip
    assert {one.sender for one in arrivals.read(inbox / arrivals.LOG).arrivals.values()} == {"甲社区"}


def test_uploads_are_checked_explained_accepted_withdrawn_and_told_apart(inbox: Path, tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse"
    first = load(inbox, warehouse)
    taken = parcels.unpack([("甲社区7月.xlsx", FEES)], parcels.senders_of(inbox, warehouse))
    batch = desk.check(taken, inbox, warehouse)
    (answer,) = batch.answers
    assert (answer.rows, answer.quarantined, answer.count("error")) == ({"fees": 2}, 1, 1)
    assert [(one.what, one.sender, one.word, one.cell) for one in batch.questions] == [
        ("heading", "甲社区", "住户交来的", "C2"),
        ("estate", "甲社区", "柳岸小苑", "A4"),
    ]
    assert batch.questions[1].proposals[0].meaning == "柳岸花园"
    (shown,) = grid.grids_of(batch.path(answer.parcel), answer.findings)
    assert {(number, cell.text): cell.severity for number, cells in shown.rows for cell in cells if cell.severity} == {
        (2, "住户交来的"): "info", (4, "柳岸小苑"): "warning", (5, "两万?"): "error",
    }  # fmt: skip

    for question, meaning in zip(batch.questions, ("received_yuan", "柳岸花园"), strict=True):
        explaining.explain(batch, question, meaning, inbox, by="王芳", now=NOW)
    batch = desk.check(taken, inbox, warehouse)
    assert [one["code"] for one in batch.answers[0].findings] == ["unparseable"]
    assert batch.questions == ()
    assert desk.accept(batch, inbox, warehouse, now=NOW) == ["甲社区/甲社区7月.xlsx"]
    assert desk.check(taken, inbox, warehouse).answers[0].known_as == "甲社区/甲社区7月.xlsx"
    second = load(inbox, warehouse)

    changes = versions.changes_between(warehouse, inbox, first, second)
    assert [(one.file, one.how, one.sender) for one in changes.files] == [("甲社区/甲社区7月.xlsx", "came", "甲社区")]
    rates = {one.subject: one for one in changes.figures if one.metric == "collection_rate" and one.level == "estate"}
    assert rates["锦绣里"].after == pytest.approx(0.75)
    assert (rates["锦绣里"].before, rates["锦绣里"].first) == (None, date(2025, 7, 1))
    assert rates["锦绣里"].files == ("甲社区/甲社区7月.xlsx",)

    desk.withdraw("甲社区/甲社区7月.xlsx", inbox, warehouse, by="李强", reason="金额报错", now=NOW)
    third = load(inbox, warehouse)
    gone = versions.changes_between(warehouse, inbox, second, third)
    assert [(one.how, one.reason, one.when) for one in gone.files] == [("withdrawn", "李强：金额报错", NOW)]
    assert {one.subject: one.after for one in gone.figures if one.metric == "collection_rate"}["锦绣里"] is None
    assert [one.name for one in versions.versions_of(warehouse)] == [third, second, first]
    assert (inbox / "甲社区" / "甲社区7月.xlsx").exists()
    assert list(withdrawn_of(inbox, warehouse).values()) == [(NOW, "李强：金额报错")]


def test_a_sheet_of_unknown_kind_is_explained_by_a_profile(inbox: Path, tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse"
    load(inbox, warehouse)
    foreign = (("小区", "本月开票额", "住户已交钱"), ("锦绣里", 12000, 9000), ("柳岸花园", 8000, 7600))
    taken = parcels.unpack([("甲社区7月开票.xlsx", book(*foreign))], parcels.senders_of(inbox, warehouse))
    batch = desk.check(taken, inbox, warehouse)
    (question,) = batch.questions
    assert (question.what, question.word) == ("sheet", "7月")
    assert ("本月开票额", "应收金额") in explaining.preview_sheet(batch, question, "fees")

    explaining.explain(batch, question, "fees", inbox, by="王芳", now=NOW)

    assert desk.check(taken, inbox, warehouse).answers[0].rows == {"fees": 2}
    later = parcels.unpack(
        [("甲社区8月开票.xlsx", book(*foreign, title="2025年8月物业费收缴", name="8月"))],
        parcels.senders_of(inbox, warehouse),
    )
    batch = desk.check(later, inbox, warehouse)
    assert (batch.answers[0].rows, batch.questions) == ({"fees": 2}, ())
    (told,) = explaining.remembered(inbox)
    explaining.undo(inbox, told.id, by="李强", now=NOW)
    assert [one.what for one in desk.check(later, inbox, warehouse).questions] == ["sheet"]


def test_two_clerks_who_disagree_are_told_of_each_other(inbox: Path, tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse"
    load(inbox, warehouse)
    batch = desk.check(
        parcels.unpack([("甲社区7月.xlsx", FEES)], parcels.senders_of(inbox, warehouse)), inbox, warehouse
    )
    question = batch.questions[0]
    explaining.explain(batch, question, "received_yuan", inbox, by="王芳", now=NOW)
    with pytest.raises(explaining.DifferentBeforeError) as asked:
        explaining.explain(batch, question, "prepaid_yuan", inbox, by="李强", now=NOW)
    assert (asked.value.before.zh, asked.value.before.by) == ("实收金额", "王芳")
    explaining.explain(batch, question, "prepaid_yuan", inbox, by="李强", now=NOW, is_sure=True)
    assert [(one.zh, one.undone_by) for one in explaining.remembered(inbox) if not one.undone_by] == [("预收金额", "")]


def test_a_profile_with_a_mistake_is_named_with_its_line(inbox: Path, tmp_path: Path) -> None:
    (inbox / "x.profile.toml").write_text('files = ["*"]\n[[sheet]]\nkind = "fee"\n', encoding="utf-8")
    with pytest.raises(desk.RefusedError) as refused:
        desk.check(parcels.unpack([("a.xlsx", FEES)], NOBODY), inbox, tmp_path / "warehouse")
    assert "x.profile.toml" in refused.value.zh
    assert "3" in refused.value.zh


def test_a_withdrawal_needs_a_name_a_reason_and_a_file_of_the_inbox(inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.xlsx").write_bytes(b"x")
    for file, by, reason in (
        ("甲社区/台账.xlsx", "", "错"),
        ("甲社区/台账.xlsx", "王", " "),
        ("../secret.xlsx", "王", "错"),
    ):
        with pytest.raises(desk.RefusedError):
            desk.withdraw(file, inbox, tmp_path / "warehouse", by=by, reason=reason, now=NOW)


def test_the_log_of_arrivals_keeps_who_sent_and_brings_back_what_is_handed_in_again(tmp_path: Path) -> None:
    content = "ab" * 32
    came = arrivals.Arrival(content, datetime(2025, 7, 1), "甲社区")
    arrivals.enter(tmp_path, tmp_path, [came])
    arrivals.enter(tmp_path, tmp_path, [arrivals.Arrival(content, NOW, None, NOW, "王芳：错")])
    (gone,) = arrivals.read(tmp_path / arrivals.LOG).arrivals.values()
    assert gone == arrivals.Arrival(content, datetime(2025, 7, 1), "甲社区", NOW, "王芳：错")
    arrivals.enter(tmp_path, tmp_path, [arrivals.Arrival(content, NOW, "甲社区")])
    assert arrivals.read(tmp_path / arrivals.LOG).arrivals[content].withdrawn is None


def test_a_check_and_a_load_list_what_was_withdrawn_and_why(inbox: Path, tmp_path: Path) -> None:
    (inbox / "甲社区" / "七月.xlsx").write_bytes(FEES)
    desk.withdraw("甲社区/七月.xlsx", inbox, tmp_path / "warehouse", by="王芳", reason="金额报错", now=NOW)
    for command in ("check", "load"):
        program = Path(sys.executable).with_name("lianping")
        words = [program, command, inbox, "--warehouse", tmp_path / "warehouse"]
        said = subprocess.run(words, capture_output=True, check=False).stdout.decode()
        assert "已撤回，不计入：甲社区/七月.xlsx（2025-08-04，王芳：金额报错）" in said
