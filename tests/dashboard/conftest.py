"""The demo street, loaded once for all tests of the dashboard (workers wait for each other)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.published import Published, open_version
from pipelines.locking import loading

DEMO = Path(__file__).resolve().parents[2] / "data" / "raw" / "demo"


@pytest.fixture(scope="session")
def demo_raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo street's submissions, a copy beside the warehouse made of them. Not to be changed."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return _loaded(shared / "demo_dashboard") / "raw"


@pytest.fixture(scope="session")
def demo_warehouse(demo_raw: Path) -> Path:
    """The folder of the warehouse of the demo street. Not to be changed."""
    return demo_raw.parent / "warehouse"


@pytest.fixture(scope="session")
def demo(demo_warehouse: Path) -> Published:
    """The demo street, published."""
    return open_version(demo_warehouse)


def _loaded(place: Path) -> Path:
    place.mkdir(exist_ok=True)
    with loading(place, 300.0, lambda _: None):
        if not (place / "warehouse" / "CURRENT").exists():
            shutil.copytree(DEMO, place / "raw")
            program = Path(sys.executable).with_name("lianping")
            done = subprocess.run(
                [program, "load", place / "raw", "--warehouse", place / "warehouse"], capture_output=True, check=False
            )
            assert done.returncode == 1, done.stderr.decode()
    return place
