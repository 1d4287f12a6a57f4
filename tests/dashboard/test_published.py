"""A version made before the pages were is told from a street without data."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from dashboard.published import open_version
from pipelines.metrics.desk import OldWarehouseError


def test_a_version_without_the_tables_of_the_pages_is_old(demo_warehouse: Path, tmp_path: Path) -> None:
    folder = tmp_path / "warehouse"
    shutil.copytree(demo_warehouse, folder)
    (file,) = folder.glob("*.duckdb")
    with duckdb.connect(str(file)) as connection:
        connection.execute("DROP TABLE street_settings")
    with pytest.raises(OldWarehouseError):
        open_version(folder)
