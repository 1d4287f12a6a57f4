"""Every row of every file that a reader of another library finds is in the ledger once, and its records balance."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import xlsxwriter
from accounts import KINDS, SHEETS, mistakes
from independent import rows_of
from mutations import EMPTY_RESULT, with_empty_results

from pipelines.mending.profiles import Profiles
from pipelines.reading.read import read_file
from pipelines.settings import Settings
from pipelines.warehouse import open_published

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "../shared/corpus"
DEMO = ROOT / "data/raw/demo"
BEFORE_COUNTING = 400
"""Rows that the smaller of the two folders holds for sure: an empty proof is none."""

pytestmark = [pytest.mark.prove, pytest.mark.timeout(300)]


@pytest.mark.parametrize("folder", [CORPUS, DEMO], ids=["corpus", "demo"])
def test_each_row_that_another_library_finds_has_one_fate_and_its_records_balance(
    folder: Path, tmp_path: Path, demo_street: Path
) -> None:
    if not folder.is_dir():
        pytest.skip("the shared workbooks are not beside this repository")
    if folder == DEMO:
        raw, warehouse = demo_street / "raw", demo_street / "warehouse"
    else:
        raw, warehouse = tmp_path / "raw", tmp_path / "warehouse"
        shutil.copytree(folder, raw)
        program = Path(sys.executable).with_name("lianping")
        done = subprocess.run([program, "load", raw, "--warehouse", warehouse], capture_output=True, check=False)
        assert done.returncode in (0, 1), done.stderr.decode()
    connection = open_published(warehouse)
    try:
        assert mistakes(connection, raw) == []
        totals = {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]
            for name in ("ledger", "quarantine", *KINDS)
        }
        loaded, kept_out = connection.execute(
            "SELECT sum(records_loaded), sum(records_quarantined) FROM ledger"
        ).fetchall()[0]
    finally:
        connection.close()
    rows = totals.pop("ledger")
    files = [path for path in raw.rglob("*") if path.suffix in SHEETS]
    print(f"{len(files)} files, {rows} rows, {loaded} records loaded, {kept_out} kept out")  # noqa: T201
    assert rows > BEFORE_COUNTING
    assert kept_out == totals.pop("quarantine")
    assert loaded >= sum(totals.values()) > 0


def test_rows_of_nothing_but_errors_or_formulas_without_a_result_are_in_the_ledger(tmp_path: Path) -> None:
    path = tmp_path / "收费.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("收费")
    sheet.write_row(0, 0, ["小区名称", "月份", "应收金额", "实收金额"])
    sheet.write_row(1, 0, ["翠湖花园", "2025-03", 1000, 900])
    sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")
    sheet.write_formula(3, 2, '=IF(A4="","",1)', None, EMPTY_RESULT)
    sheet.write_row(4, 0, ["翠湖花园", "2025-04", 1000, 900])
    sheet.write_formula(5, 2, "=A1", None, "")
    sheet.write_formula(8, 0, "=A1/0", None, "#REF!")
    book.close()
    path.write_bytes(with_empty_results(path.read_bytes()))
    reading = read_file(path, path.name, Profiles(), Settings())
    assert reading.ledger.rows() == [
        ("收费", 1, "heading", ""),
        ("收费", 2, "data", ""),
        ("收费", 3, "skipped", "no value"),
        ("收费", 5, "data", ""),
        ("收费", 6, "skipped", "no value"),
        ("收费", 9, "skipped", "no value"),
    ]
    assert Counter(rows_of(path)) == Counter(reading.ledger.select("source_sheet", "source_row").rows())
