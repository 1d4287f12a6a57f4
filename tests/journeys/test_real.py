"""Published files that nobody of this project wrote, loaded through the profiles that ship with it."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "real"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real files of ../shared are not here")


def _lianping(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from dashboard.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False)


def _rows(warehouse: Path, query: str) -> list[dict[str, object]]:
    answer = _lianping("sql", query, "--warehouse", warehouse, "--format", "json")
    assert answer.returncode == 0, answer.stderr
    rows: list[dict[str, object]] = json.loads(answer.stdout)
    return rows


def _loaded(folder: Path, *files: Path) -> tuple[Path, list[dict[str, object]]]:
    """A warehouse made of these files with the shipped profiles beside them, and the summary of the load."""
    raw = folder / "raw"
    raw.mkdir()
    for file in (*files, *sorted((ROOT / "examples").glob("*.profile.toml"))):
        shutil.copy2(file, raw / file.name)
    answer = _lianping("load", raw, "--warehouse", folder / "warehouse", "--format", "json")
    assert answer.returncode in (0, 1), answer.stderr
    summary: list[dict[str, object]] = json.loads(answer.stdout)["files"]
    return folder / "warehouse", summary


def test_the_510_beijing_estates_load_whole(tmp_path: Path) -> None:
    warehouse, files = _loaded(tmp_path, REAL / "estates" / "beijing_estates_2018.csv")
    assert [(f["status"], f["rows_loaded"], f["rows_quarantined"]) for f in files] == [("loaded", {"estates": 510}, 0)]
    one = _rows(warehouse, "SELECT * FROM estates WHERE estate = '华龙美晟'")[0]
    facts = {name: one[name] for name in ("company", "built_year", "buildings", "households", "fee_yuan_per_m2_month")}
    assert facts == {
        "company": "北京喜莱达物业管理有限公司", "built_year": 2009, "buildings": 5, "households": 1124,
        "fee_yuan_per_m2_month": 2.38,
    }  # fmt: skip


def test_the_480_estates_with_baidu_coordinates_are_moved_to_wgs84(tmp_path: Path) -> None:
    from eviltransform import bd2wgs

    warehouse, files = _loaded(tmp_path, REAL / "estates" / "beijing_estates_with_bd09.csv")
    assert files[0]["rows_loaded"] == {"estates": 480}
    one = _rows(warehouse, "SELECT lon, lat FROM estates WHERE estate = '华龙美晟'")[0]
    lat, lon = bd2wgs(39.869364, 116.411858)
    assert one["lon"] == pytest.approx(lon, abs=1e-5)
    assert one["lat"] == pytest.approx(lat, abs=1e-5)


def test_bostons_requests_load_as_58251_tickets_of_which_3681_are_open(tmp_path: Path) -> None:
    unpacked = tmp_path / "boston_311_2011.csv"
    unpacked.write_bytes(gzip.decompress((REAL / "tickets" / "boston_311_2011.csv.gz").read_bytes()))
    warehouse, files = _loaded(tmp_path, unpacked)
    assert files[0]["rows_loaded"] == {"tickets": 58251}
    assert _rows(warehouse, "SELECT count(*) AS n FROM tickets WHERE closed_at IS NULL") == [{"n": 3681}]


def test_the_355_landlords_satisfied_share_is_the_rate_printed_beside_it(tmp_path: Path) -> None:
    source = REAL / "satisfaction" / "rsh_tsm_2023_24.xlsx"
    warehouse, files = _loaded(tmp_path, source)
    assert files[0]["rows_loaded"] == {"surveys": 355}
    sheet = openpyxl.load_workbook(source, read_only=True, data_only=True)["TSM24_LCRA_Perception"]
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    at = next(
        i for i, text in enumerate(rows[0]) if text and str(text).startswith("Proportion") and "(TP01)" in str(text)
    )
    printed = {str(row[0]).strip(): row[at] for row in rows[1:] if row[0] and isinstance(row[at], int | float)}
    found = _rows(warehouse, "SELECT estate, 100.0 * satisfied_total / responses AS rate FROM surveys")
    assert len(printed) == len(found) == 355
    assert [row["estate"] for row in found if abs(row["rate"] - printed[row["estate"]]) > 1e-9] == []  # type: ignore[operator, index]


def test_the_import_templates_load_or_are_left_out_by_their_profile(tmp_path: Path) -> None:
    names = ("importFeeDetail.xlsx", "importCarFeeDetail.xlsx", "meterMachine.xlsx")
    warehouse, files = _loaded(tmp_path, *(REAL / "workbooks" / name for name in names))
    assert {f["file"]: (f["status"], f["rows_loaded"], f["rows_quarantined"]) for f in files} == {
        "importFeeDetail.xlsx": ("loaded", {"fees": 3}, 0),
        "importCarFeeDetail.xlsx": ("loaded", {}, 0),
        "meterMachine.xlsx": ("loaded", {}, 0),
    }
    rows = _rows(
        warehouse, "SELECT building, unit, period_start, period_end, receivable_yuan FROM fees ORDER BY period_start"
    )
    assert rows[0] == {
        "building": "1", "unit": "1", "period_start": "2016-01-01", "period_end": "2016-12-31",
        "receivable_yuan": 1000.0,
    }  # fmt: skip
