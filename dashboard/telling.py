"""A few true sentences about the street in a warehouse, for the demo."""

from __future__ import annotations

from pathlib import Path

from pipelines.querying import ask
from pipelines.words import Language, say

QUERIES = Path(__file__).parent / "queries"


def sentences(folder: Path, lang: Language) -> list[str]:
    """What the published warehouse says: estates and companies, fees and their periods, tickets and what is open.

    A sentence about a table without rows is left out.
    """
    told = []
    for name in ("estates", "fees", "tickets"):
        answer = ask(folder, (QUERIES / f"demo_{name}.sql").read_text(encoding="utf-8"))
        values = dict(zip(answer.columns, answer.rows[0], strict=True))
        if values.get("rows") or values.get("estates"):
            told.append(say(f"demo_{name}", lang, **values))
    return [*told, say("demo_next", lang, folder=folder)]
