"""Messages to senders: what is missing, what is wrong in which cells, by when; short, and only to those concerned."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import commands
from pipelines.handouts.asking_back import in_working_days, messages, period, senders

ROOT = Path(__file__).resolve().parents[2]


def finding(cell: str, code: str = "unparseable", severity: str = "error", **more: str) -> dict[str, str | None]:
    return {
        "source_file": "芳草社区/收费.xlsx", "source_sheet": "3月", "source_cell": cell, "code": code,
        "field": "receivable_yuan", "severity": severity, "raw_value": "见附件",
        "message_zh": "应收金额填的是“见附件”，读不出来。请填数字金额。",
        "message_en": "The receivable says “见附件”, which can't be read: type the amount.", **more,
    }  # fmt: skip


def expected(kind: str, month: int, status: str = "missing", community: str = "芳草社区") -> dict[str, object]:
    last = {1: 31, 2: 28, 3: 31}[month]
    return {
        "community": community, "kind": kind, "period_start": date(2025, month, 1),
        "period_end": date(2025, month, last), "due_on": date(2025, month + 1, 10), "status": status,
    }  # fmt: skip


def test_a_message_says_what_is_missing_what_is_wrong_and_by_when() -> None:
    told = messages(
        [
            finding("D7"),
            finding("D9"),
            finding(
                "E6", "implausible", "warning", message_zh="像是万元。请核对单位。", message_en="Odd. Please check it."
            ),
        ],
        [expected("fees", 2), expected("fees", 1), expected("tickets", 3)],
        "zh",
        until=date(2025, 4, 18),
    )
    assert told == {
        "芳草社区": "芳草社区：您好！\n"
        "以下报表还没有收到，请尽快发来：\n"
        "· 收费：2025年1月、2025年2月（应于3月10日（星期一）前报送）\n"
        "· 投诉工单：2025年3月（应于4月10日（星期四）前报送）\n"
        "另外，以下内容需要改正，否则不能入库：\n"
        "《收费.xlsx》\n"
        "· “3月” D7、D9：如D7：应收金额填的是“见附件”，读不出来。请填数字金额。其余类似。\n"
        "以下内容请核对，无误就不必改：\n"
        "《收费.xlsx》\n"
        "· “3月” E6：像是万元。请核对单位。\n"
        "改好后请于4月18日（星期五）前把整个文件发回，文件名不用改。不清楚的地方请随时问我们，谢谢！"
    }


def test_the_same_in_english() -> None:
    told = messages([finding("D7")], [expected("fees", 1)], "en", until=date(2025, 4, 18))
    assert told == {
        "芳草社区": "Dear colleagues of 芳草社区,\n"
        "These reports have not arrived yet; please send them soon:\n"
        "· fees: January 2025 (due by Monday, 10 February)\n"
        "Please correct the following, which can't be loaded as it is:\n"
        "“收费.xlsx”\n"
        "· “3月” D7: The receivable says “见附件”, which can't be read. Type the amount.\n"
        "Please send the whole file back by Friday, 18 April, under its own name. Do ask if anything is unclear. "
        "Thank you!"
    }


def test_who_has_sent_all_in_order_gets_no_message() -> None:
    rows = [expected("fees", 1, status) for status in ("received", "late", "not_due")]
    assert messages([finding("A1", "unmapped_column", "info")], rows, "zh") == {}


def test_what_only_is_missing_is_asked_for_without_a_word_about_corrections() -> None:
    told = messages([], [expected("surveys", 1)], "zh")["芳草社区"]
    assert told.splitlines()[1:] == [
        "以下报表还没有收到，请尽快发来：",
        "· 满意度调查：2025年1月（应于2月10日（星期一）前报送）",
        "如已发出，请告诉我们一声；有困难也请随时说。谢谢！",
    ]


def test_the_log_of_arrivals_tells_the_sender_and_else_the_folder_or_nobody() -> None:
    alone = finding("D7") | {"source_file": "收费.xlsx"}
    told = messages([finding("D7"), alone], [], "zh", sender_of={"芳草社区/收费.xlsx": "安顺物业"})
    assert {sender: text.splitlines()[0] for sender, text in told.items()} == {
        "安顺物业": "安顺物业：您好！",
        "收费.xlsx": "您好！",
    }


def test_a_long_list_is_cut_short_and_says_how_much_is_left() -> None:
    many = [finding(f"D{row}", field=f"f{row % 12}", source_sheet=f"表{row % 12}") for row in range(1, 61)]
    told = messages(many, [], "zh")["芳草社区"]
    lines = [line for line in told.splitlines() if line.startswith("·")]
    assert len(lines) == 9
    assert lines[0].startswith("· “表1” D1、D13、D25、D37、D49：")
    assert lines[-1] == "· 其余 20 处，见随附的标注表第一页。"


@pytest.mark.parametrize(
    ("start", "end", "zh", "en"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), "2025年", "2025"),
        (date(2025, 7, 1), date(2025, 12, 31), "2025年下半年", "2025H2"),
        (date(2025, 4, 1), date(2025, 6, 30), "2025年二季度", "2025Q2"),
        (date(2024, 2, 1), date(2024, 2, 29), "2024年2月", "February 2024"),
        (date(2025, 2, 1), date(2025, 4, 30), "2025年2月1日至4月30日", "2025-02-01 to 2025-04-30"),
        (date(2025, 6, 30), date(2025, 7, 6), "2025年6月30日至7月6日", "2025-06-30 to 2025-07-06"),
    ],
)
def test_a_period_goes_by_its_name(start: date, end: date, zh: str, en: str) -> None:
    assert (period(start, end, "zh"), period(start, end, "en")) == (zh, en)


def test_corrections_are_asked_for_in_working_days() -> None:
    assert in_working_days(3, date(2025, 9, 29)) == date(2025, 10, 10)  # the holidays of October lie between


def test_the_command_prints_the_messages_of_a_folder_as_text_and_as_json(tmp_path: Path) -> None:
    (tmp_path / "芳草社区").mkdir()
    file = tmp_path / "芳草社区" / "收费.csv"
    file.write_text("小区,期间,应收金额\n芳草园,2025年3月,见附件\n", encoding="utf-8")
    arguments = ["check", str(tmp_path), "--messages", "--warehouse", str(tmp_path / "wh")]
    text = CliRunner().invoke(commands, arguments)
    assert text.exit_code == 1
    assert (
        "芳草社区：您好！\n以下内容需要改正，否则不能入库：\n《收费.csv》\n· C2：应收金额填的是“见附件”" in text.stdout
    )
    found = json.loads(CliRunner().invoke(commands, [*arguments, "--format", "json"]).stdout)
    assert list(found) == ["芳草社区"]
    assert found["芳草社区"].strip() in text.stdout
    file.write_text("小区,期间,应收金额\n芳草园,2025年3月,5200\n", encoding="utf-8")
    assert senders([tmp_path], tmp_path / "wh") == {}
    (tmp_path / "台账.csv").write_text("小区,社区,户数\n芳草园,芳草社区,300\n", encoding="utf-8")
    assert "没有要发的话" in CliRunner().invoke(commands, arguments).stdout


@pytest.mark.skipif(not (ROOT / "data/raw/demo").is_dir(), reason="the demo street is not here")
def test_the_senders_of_the_demo_street_are_those_of_its_log() -> None:
    demo = ROOT / "data/raw/demo"
    found = senders([demo], demo / "none")
    assert found["松风社区/松风2024年四季度收缴季报.xls"] == "松风社区"
