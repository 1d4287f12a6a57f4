"""The demo street as the dashboard asks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.published import Published, open_version


@pytest.fixture(scope="session")
def demo_raw(demo_street: Path) -> Path:
    """The demo street's submissions. Not to be changed."""
    return demo_street / "raw"


@pytest.fixture(scope="session")
def demo_warehouse(demo_street: Path) -> Path:
    """The folder of the warehouse of the demo street. Not to be changed."""
    return demo_street / "warehouse"


@pytest.fixture(scope="session")
def demo(demo_warehouse: Path) -> Published:
    """The demo street, published."""
    return open_version(demo_warehouse)
