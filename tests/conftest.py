"""What every test starts from: no warehouse of the person who runs it, and the same random examples each time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from pipelines.locking import loading

DEMO = Path(__file__).resolve().parents[1] / "data" / "raw" / "demo"

settings.register_profile("quick", deadline=None, derandomize=True, max_examples=50)
settings.register_profile("prove", deadline=None, max_examples=2000)
settings.load_profile("prove" if os.environ.get("LIANPING_PROVE") else "quick")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: the tests in a browser wait as much as they work."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def demo_street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo street's submissions (`raw`) and the warehouse made of them, loaded once for all: not to be changed."""
    base = tmp_path_factory.getbasetemp()
    place = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demo_street"
    place.mkdir(exist_ok=True)
    with loading(place, 300.0, lambda _: None):
        if not (place / "warehouse" / "CURRENT").exists():
            shutil.copytree(DEMO, place / "raw")
            words = ["load", place / "raw", "--warehouse", place / "warehouse"]
            done = subprocess.run(
                [Path(sys.executable).with_name("lianping"), *words], capture_output=True, check=False
            )
            assert done.returncode == 1, done.stderr.decode()
    return place


@pytest.fixture(autouse=True)
def _no_warehouse_of_the_person_who_runs_the_tests() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("LIANPING_WAREHOUSE", raising=False)
        yield
