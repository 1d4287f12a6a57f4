"""What every test starts from: no warehouse of the person who runs it, and the same random examples each time."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("quick", deadline=None, derandomize=True, max_examples=50)
settings.register_profile("prove", deadline=None, max_examples=2000)
settings.load_profile("prove" if os.environ.get("LIANPING_PROVE") else "quick")


@pytest.fixture(autouse=True)
def _no_warehouse_of_the_person_who_runs_the_tests() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("LIANPING_WAREHOUSE", raising=False)
        yield
