"""What the finding codes mean and what to do about them, in both languages: `finding_words.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.findings import SEVERITY, Severity
from pipelines.words import Language


@dataclass(frozen=True)
class FindingWords:
    """A code with its severity, its meaning and the advice."""

    code: str
    severity: Severity
    meaning: str
    advice: str


def finding_words(lang: Language) -> tuple[FindingWords, ...]:
    """All codes in the order of the data contract."""
    return tuple(
        FindingWords(code, severity, _words()[code][lang], _words()[code][f"do_{lang}"])
        for code, severity in SEVERITY.items()
    )


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
