"""Submissions that no rule was written for load as their senders meant them, through the command a clerk types."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT / "../shared/corpus"
SCORER = SHARED / "score.py"
LIANPING = Path(sys.executable).with_name("lianping")

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        not SCORER.is_file(), reason="the scorer ../shared/corpus/score.py is not beside the repository"
    ),
]


def scores(corpus: Path) -> tuple[dict[str, float], str]:
    """What the scorer says of a load of this folder: its scores, and all that it printed."""
    command = [sys.executable, SCORER, "--corpus", corpus, "--cwd", ROOT, "--cmd", f"'{LIANPING}'", "--verbose"]
    said = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, encoding="utf-8", check=False
    )
    last = said.stdout.strip().splitlines()[-1] if said.stdout.strip() else said.stderr
    assert last.startswith("SCORE "), said.stdout + said.stderr
    return {name: float(value) for name, value in re.findall(r"(\w+)=(\d+\.\d+)", last)}, said.stdout


BATCHES = ["a", "b", "c", "d", "e"] if os.environ.get("LIANPING_PROVE") else ["a", "e"]


@pytest.mark.prove
@pytest.mark.parametrize("batch", BATCHES)
def test_a_batch_of_submissions_with_layouts_of_their_own_gives_its_expected_rows_and_findings(batch: str) -> None:
    found, report = scores(ROOT / "tests/submissions" / batch)
    assert found["rows_f1"] >= 0.99, report
    assert found["cells"] >= 0.99, report
    assert found["findings_f1"] >= 0.95, report


def test_the_public_corpus_gives_its_expected_rows_and_findings() -> None:
    found, report = scores(SHARED)
    assert min(found["rows_f1"], found["cells"], found["findings_f1"]) >= 0.99, report
