"""The demo street, loaded once, and small streets written by hand."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.metrics.desk import Desk, open_desk
from pipelines.warehouse import open_published

HERE = Path(__file__).parent
if str(HERE) not in sys.path:
    sys.path.append(str(HERE))
DEMO = HERE.parents[1] / "data/raw/demo"


@pytest.fixture(scope="session")
def demo_warehouse(demo_street: Path) -> Path:
    return demo_street / "warehouse"


@pytest.fixture(scope="session")
def demo_desk(demo_warehouse: Path) -> Iterator[Desk]:
    connection = open_published(demo_warehouse)
    yield open_desk(connection)
    connection.close()
