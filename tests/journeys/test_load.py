"""The whole way of a clerk: files into a folder, `lianping load`, `check` and `sql`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dashboard.commands import app
from pipelines import locking

pytestmark = pytest.mark.timeout(180)

REGISTER = "小区名称,所属社区,总户数,建筑面积\n翠湖花园,春晖社区,600,60000\n柳岸花园,柳岸社区,320,40000\n"
FEES = "小区名称,月份,应收金额,实收金额\n翠湖花园,2025-03,1000,900\n柳岸花园,2025-03,见附件,700\n"
ODD = "甲,乙,丙\n阿,1,7\n波,3,9\n此,2,5\n"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "小区台账.csv").write_text(REGISTER, encoding="utf-8")
    (folder / "收费.csv").write_text(FEES, encoding="gb18030")
    return folder


def lianping(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_load_prints_json_as_promised_and_sql_answers_from_it(raw: Path, tmp_path: Path) -> None:
    house = tmp_path / "warehouse"
    loaded = lianping("load", raw, "--warehouse", house, "--format", "json")
    assert loaded.exit_code == 1
    told = json.loads(loaded.stdout)
    assert set(told) == {"version", "files", "seconds"}
    assert told["version"] == (house / "CURRENT").read_text().strip()
    assert told["files"] == [
        {
            "file": "小区台账.csv",
            "status": "loaded",
            "rows_loaded": {"estates": 2},
            "rows_quarantined": 0,
            "rows_skipped": 0,
            "findings": {"error": 0, "warning": 0, "info": 0},
        },
        {
            "file": "收费.csv",
            "status": "loaded",
            "rows_loaded": {"fees": 1},
            "rows_quarantined": 1,
            "rows_skipped": 0,
            "findings": {"error": 1, "warning": 0, "info": 0},
        },
    ]
    query = "SELECT estate, period_start, period_end, receivable_yuan, source_file, source_sheet, source_row FROM fees"
    asked = lianping("sql", query, "--warehouse", house, "--format", "json")
    assert asked.exit_code == 0
    assert json.loads(asked.stdout) == [
        {
            "estate": "翠湖花园",
            "period_start": "2025-03-01",
            "period_end": "2025-03-31",
            "receivable_yuan": 1000.0,
            "source_file": "收费.csv",
            "source_sheet": "",
            "source_row": 2,
        }
    ]


def test_load_tells_a_clerk_what_happened_and_what_to_do_in_both_languages(raw: Path, tmp_path: Path) -> None:
    house = tmp_path / "warehouse"
    lines = lianping("load", raw, "--warehouse", house).stdout.splitlines()
    assert lines[0].split() == ["文件", "状态", "入库", "隔离", "略过", "错误", "提醒", "说明"]
    assert lines[2].split() == ["收费.csv", "已入库", "1", "1", "0", "1", "0", "0"]
    assert lines[-1] == f"有 1 处错误，对应的行已隔离、没有入库。看每一处怎么改：lianping check {raw}"
    again = lianping("load", raw, "--warehouse", house, "--lang", "en").stdout.splitlines()
    assert again[-2].startswith("Nothing has changed since the last load; version ")
    csv = lianping("load", raw, "--warehouse", house, "--format", "csv").stdout.splitlines()
    assert csv[2] == "收费.csv,loaded,1,1,0,1,0,0"


def test_check_names_the_cell_and_changes_nothing(raw: Path, tmp_path: Path) -> None:
    house = tmp_path / "warehouse"
    checked = lianping("check", raw, "--warehouse", house)
    assert checked.exit_code == 1
    assert "收费.csv\n    C3  错误  " in checked.stdout
    assert "见附件" in checked.stdout
    assert not house.exists()
    assert not (raw / "arrivals.csv").exists()
    found = json.loads(lianping("check", raw, "--warehouse", house, "--format", "json").stdout)
    assert [(one["source_file"], one["source_cell"], one["code"]) for one in found["findings"]] == [
        ("收费.csv", "C3", "unparseable")
    ]


def test_check_of_one_fee_list_knows_the_estates_that_are_published(raw: Path, tmp_path: Path) -> None:
    house = tmp_path / "warehouse"
    alone = lianping("check", raw / "收费.csv", "--warehouse", house, "--lang", "en", "--format", "json")
    assert {one["code"] for one in json.loads(alone.stdout)["findings"]} == {"unknown_estate", "unparseable"}
    lianping("load", raw, "--warehouse", house)
    known = lianping("check", raw / "收费.csv", "--warehouse", house, "--format", "json")
    assert {one["code"] for one in json.loads(known.stdout)["findings"]} == {"unparseable"}


def test_check_prints_a_profile_for_a_table_that_it_does_not_know(raw: Path, tmp_path: Path) -> None:
    (raw / "odd.csv").write_text(ODD, encoding="utf-8")
    checked = lianping("check", raw / "odd.csv", "--warehouse", tmp_path / "none", "--strict")
    assert checked.exit_code == 1
    assert 'files = ["odd.csv"]' in checked.stdout
    assert '"甲" = ' in checked.stdout


def test_strict_counts_warnings(raw: Path, tmp_path: Path) -> None:
    (raw / "收费.csv").write_text(FEES.replace("见附件", "800").replace("柳岸花园", "柳岸新村"), encoding="utf-8")
    house = tmp_path / "warehouse"
    assert lianping("load", raw, "--warehouse", house).exit_code == 0
    assert lianping("load", raw, "--warehouse", house, "--strict").exit_code == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["load", "EMPTY"], "没有可以读取的文件"),
        (["load", "NOWHERE"], "没有可以读取的文件"),
        (["load", "EMPTY", "--lang", "en"], "There is nothing to read in"),
        (["check", "EMPTY"], "没有可以读取的文件"),
        (["load", "DAMAGED"], "1 个文件都读不出来"),
        (["load", "MISTAKEN"], "street.toml 第 2 行"),
        (["sql", "SELECT 1"], "还没有数据"),
        (["sql", "SELECT 1", "--lang", "en"], "There are no data in"),
    ],
)
def test_what_cannot_be_done_ends_with_2_and_plain_words(tmp_path: Path, words: list[str], said: str) -> None:
    for name in ("EMPTY", "DAMAGED", "MISTAKEN"):
        (tmp_path / name).mkdir()
    (tmp_path / "DAMAGED" / "a.xlsx").write_bytes(b"PK\x03\x04 cut short")
    (tmp_path / "MISTAKEN" / "a.csv").write_text(FEES, encoding="utf-8")
    (tmp_path / "MISTAKEN" / "street.toml").write_text("[street]\nnmae = '晴川'\n", encoding="utf-8")
    house = tmp_path / "warehouse"
    placed = [str(tmp_path / word) if word.isupper() else word for word in words]
    done = lianping(*placed, "--warehouse", house)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stdout == ""
    assert not (house / "CURRENT").exists()


def test_sql_refuses_anything_but_one_query_in_plain_words(raw: Path, tmp_path: Path) -> None:
    house = tmp_path / "warehouse"
    lianping("load", raw, "--warehouse", house)
    refusals = {
        "DROP TABLE fees": "只能查询，不能执行其他操作（DROP）。请用 SELECT 语句。\n",
        "SELECT 1; SELECT 2": "一次只能查询一条语句，这里有 2 条。\n",
        "FROM read_text('/etc/passwd')": "不能使用 read_text：查询只能看数据仓库自己的表，看不到文件和系统设置。\n",
        "FROM '/etc/passwd'": "“/etc/passwd”不是数据仓库里的表。有哪些表：SHOW TABLES\n",
    }
    for query, words in refusals.items():
        refused = lianping("sql", query, "--warehouse", house)
        assert (refused.exit_code, refused.stderr, refused.stdout) == (2, words, "")


def test_a_load_says_who_is_loading_when_it_may_not_wait(raw: Path, tmp_path: Path) -> None:
    house = tmp_path / "warehouse"
    with locking.loading(house, 0, lambda _: None):
        second = lianping("load", raw, "--warehouse", house, "--wait", "0")
    assert second.exit_code == 2
    assert f"进程 {os.getpid()}" in second.stderr


def test_the_program_itself_loads_in_a_pipe_in_utf8_and_finds_its_warehouse_by_the_environment(
    raw: Path, tmp_path: Path
) -> None:
    env = {**os.environ, "LIANPING_WAREHOUSE": str(tmp_path / "warehouse"), "PYTHONIOENCODING": "ascii"}
    program = [sys.executable, "-c", "from dashboard.cli import main; main()"]
    loaded = subprocess.run([*program, "load", raw], capture_output=True, env=env, check=False)
    assert loaded.returncode == 1, loaded.stderr.decode()
    assert "收费.csv" in loaded.stdout.decode("utf-8")
    assert loaded.stderr == b""
    asked = subprocess.run(
        [*program, "sql", "SELECT estate FROM fees", "--format", "csv"], capture_output=True, env=env, check=False
    )
    assert asked.stdout.decode("utf-8") == "estate\n翠湖花园\n"


def test_the_demo_tells_true_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dashboard import commands

    inbox = tmp_path / "demo"
    inbox.mkdir()
    (inbox / "小区台账.csv").write_text(REGISTER, encoding="utf-8")
    (inbox / "收费.csv").write_text(FEES, encoding="utf-8")
    monkeypatch.setattr(commands, "DEMO_INBOX", inbox)
    shown = lianping("demo", "--only-load", "--warehouse", tmp_path / "warehouse")
    assert shown.exit_code == 0
    lines = shown.stdout.splitlines()
    assert lines[0] == "示例数据（虚构）"
    assert lines[-3:-1] == [
        "街道共有 2 个社区、2 个小区、920 户，由 0 家物业企业服务。",
        "收费记录 1 条，2025-03-01 至 2025-03-31，覆盖 1 个小区。",
    ]
