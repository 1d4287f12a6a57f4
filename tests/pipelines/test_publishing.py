from __future__ import annotations

import os
import resource
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from pipelines import publishing, tables, warehouse
from pipelines.kinds import KINDS

NOON = datetime(2025, 6, 30, 12, 0)


def publish(folder: Path, value: int) -> str:
    folder.mkdir(exist_ok=True)
    version = publishing.new_version(folder, NOON)
    publishing.publish(folder, version, {"numbers": pl.DataFrame({"value": [value]})})
    return version


def served(folder: Path) -> list[tuple[object, ...]]:
    connection = warehouse.open_published(folder)
    try:
        return connection.table("numbers").fetchall()
    finally:
        connection.close()


def test_versions_sort_in_the_order_of_publication_also_within_one_second(tmp_path: Path) -> None:
    made = [publish(tmp_path, number) for number in range(4)]
    assert made == sorted(made)
    assert [one[:15] for one in made] == ["20250630T120000", "20250630T120001", "20250630T120002", "20250630T120003"]
    assert served(tmp_path) == [(3,)]


def test_the_last_five_versions_are_kept_and_what_dead_loads_left_is_cleared(tmp_path: Path) -> None:
    made = [publish(tmp_path, number) for number in range(7)]
    (tmp_path / ".building-20250630T130000-aaaa").write_bytes(b"half")
    (tmp_path / ".building-20250630T130000-aaaa.wal").write_bytes(b"half")
    warehouse.file_of(tmp_path, "20250630T140000-bbbb").write_bytes(b"never named")
    assert publishing.tidy(tmp_path) == []
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "CURRENT",
        *(f"lianping-{one}.duckdb" for one in made[2:]),
    ]


def test_an_old_version_that_is_published_again_is_never_deleted(tmp_path: Path) -> None:
    made = [publish(tmp_path, number) for number in range(6)]
    (tmp_path / "CURRENT").write_text(made[0] + "\n")
    publishing.tidy(tmp_path)
    assert served(tmp_path) == [(0,)]


def test_a_version_that_cannot_be_deleted_is_named_and_goes_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [publish(tmp_path, number) for number in range(6)]

    def held_open(_path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "held open")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", held_open)
        assert publishing.tidy(tmp_path) == [warehouse.file_of(tmp_path, made[0])]
    assert publishing.tidy(tmp_path) == []
    assert warehouse.versions(tmp_path) == made[1:]


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
import polars as pl
import duckdb
from pipelines import publishing
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
many = pl.DataFrame({"value": range(500_000)}).select(text=(pl.col("value") * 7919 % 1000003).cast(pl.String))
try:
    publishing.publish(Path(sys.argv[1]), "20990101T000000-ffff", {"numbers": many})
except publishing.NotPublishedError as fault:
    print(fault)
    sys.exit(2)
"""


@pytest.mark.skipif(os.name == "nt", reason="file sizes can't be limited")
@pytest.mark.parametrize("limit", [0, 4096, 20_000, 300_000, 1_000_000])
def test_a_full_disk_leaves_the_old_version_serving_and_nothing_behind(tmp_path: Path, limit: int) -> None:
    publish(tmp_path, 1)
    before = sorted(one.name for one in tmp_path.iterdir())
    run = subprocess.run(
        [sys.executable, "-c", FULL_DISK, tmp_path, str(limit)], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (2, "")
    assert sorted(one.name for one in tmp_path.iterdir()) == before
    assert served(tmp_path) == [(1,)]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_a_file_that_lost_rows_is_not_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, 1)
    real = publishing._create
    monkeypatch.setattr(publishing, "_create", lambda connection, name, frame: real(connection, name, frame.head(1)))
    with pytest.raises(publishing.NotPublishedError, match="numbers: 2 rows written"):
        publishing.publish(tmp_path, "20990101T000000-ffff", {"numbers": pl.DataFrame({"value": [1, 2]})})
    assert served(tmp_path) == [(1,)]


def test_every_table_of_the_contract_is_there_with_its_types_also_when_empty(tmp_path: Path) -> None:
    publishing.publish(tmp_path, "20250630T120000-abcd", tables.shape_all({}))
    connection = warehouse.open_published(tmp_path)
    found = {row[0] for row in connection.execute("SHOW TABLES").fetchall()}
    extra = {"episodes", "boundaries", "findings", "submissions", "quarantine", "ledger", "history", "meta"}
    extra |= {"printed", "printed_totals"}
    assert found == {*KINDS, *extra}
    described = {row[0]: row[1] for row in connection.execute("DESCRIBE estates").fetchall()}
    connection.close()
    assert described == {
        "estate": "VARCHAR", "aliases": "VARCHAR[]", "community": "VARCHAR", "street": "VARCHAR", "company": "VARCHAR",
        "governance_mode": "VARCHAR", "housing_type": "VARCHAR", "built_year": "BIGINT", "buildings": "BIGINT",
        "units": "BIGINT", "households": "BIGINT", "floor_area_m2": "DOUBLE", "fee_yuan_per_m2_month": "DOUBLE",
        "service_tier": "VARCHAR", "takeover_date": "DATE", "charging_date": "DATE", "contract_end": "DATE",
        "host_estate": "VARCHAR", "lon": "DOUBLE", "lat": "DOUBLE", "source_file": "VARCHAR", "source_sheet": "VARCHAR",
        "source_row": "BIGINT", "source_columns": "VARCHAR",
    }  # fmt: skip


def test_a_table_that_lacks_a_column_is_not_published() -> None:
    with pytest.raises(ValueError, match="table fees lacks building"):
        tables.shape_all({"fees": pl.DataFrame({"estate": ["翠湖"]})})


def test_opening_a_folder_without_a_warehouse_says_so(tmp_path: Path) -> None:
    with pytest.raises(warehouse.NoWarehouseError):
        warehouse.open_published(tmp_path)
