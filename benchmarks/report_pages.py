"""Makes every document of the demo street in each form and both languages, and turns them into pictures to look at.

`python benchmarks/report_pages.py OUT [KIND …]`: needs LibreOffice (soffice with Writer, Impress, Calc) and pdftoppm.
Each document leaves its pages as OUT/<document>/page-NN.png, and a contact sheet OUT/<document>.png.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image

from dashboard.gallery import figures
from dashboard.published import Published, open_version
from dashboard.reporting import FORMS, Wanted, printed, told
from dashboard.selection import Selection
from dashboard.stories.documents_collection import Choice, dumps

RAW = Path(__file__).resolve().parents[1] / "data" / "raw" / "demo"
DPI = 50
ACROSS = 6


def wanted(published: Published, out: Path) -> dict[str, dict[str, Any]]:
    """What is made: the words of each document. The list of the collection, of all figures, is left in OUT."""
    chosen = [Choice(one.id) for one in figures(published, Selection())]
    collected = out / "collection.json"
    collected.write_text(dumps(chosen), encoding="utf-8")
    estate = str(published.desk.places.sort("households", descending=True)["estate"][1])
    small = str(published.desk.places.sort("households")["estate"][0])
    quarter = "2025Q2"
    return {
        "weekly": {"kind": "weekly"},
        "weekly-brief": {"kind": "weekly", "is_brief": True},
        "weekly-public": {"kind": "weekly", "edition": "public"},
        "bulletin": {"kind": "bulletin", "period": quarter},
        "bulletin-month": {"kind": "bulletin", "period": "2025-06"},
        "bulletin-public": {"kind": "bulletin", "period": quarter, "edition": "public", "has_red_head": True},
        "estate": {"kind": "estate", "estate": estate},
        "estate-small-public": {"kind": "estate", "estate": small, "edition": "public"},
        "expenses": {"kind": "expenses", "estate": estate},
        "rating": {"kind": "rating"},
        "collection": {"kind": "collection", "figures": collected},
    }


def main(out: Path, kinds: list[str]) -> None:
    """Makes and pictures all documents, or those named."""
    out.mkdir(parents=True, exist_ok=True)
    published = open_version(Path(os.environ.get("LIANPING_WAREHOUSE", "data/warehouse/demo")))
    for name, words in wanted(published, out).items():
        if kinds and name not in kinds:
            continue
        for lang in ("zh", "en"):
            report = told(published, Wanted(**words, lang=lang, inbox=RAW))
            for form in FORMS:
                file = out / f"{name}-{lang}.{form}"
                file.write_bytes(printed(report, form))
                print(f"{file.name}: {picture(file, out)} pages")


def picture(file: Path, out: Path) -> int:
    """Turns a document into a picture a page and a contact sheet; how many pages it has."""
    pages = out / file.name.replace(".", "-")
    pages.mkdir(exist_ok=True)
    for old in pages.iterdir():
        old.unlink()
    with tempfile.TemporaryDirectory() as name:
        paper = file
        if file.suffix != ".pdf":
            subprocess.run(
                ["soffice", "--headless", f"-env:UserInstallation=file://{name}/profile", "--convert-to", "pdf",
                 "--outdir", name, str(file)], check=True, capture_output=True, timeout=300,
            )  # fmt: skip
            paper = Path(name) / f"{file.stem}.pdf"
        subprocess.run(["pdftoppm", "-r", str(DPI), "-png", str(paper), str(pages / "page")], check=True, timeout=300)
    shots = [Image.open(one) for one in sorted(pages.glob("page*.png"))]
    wide, high = max(one.width for one in shots) + 8, max(one.height for one in shots) + 8
    rows = -(-len(shots) // ACROSS)
    sheet = Image.new("RGB", (wide * min(ACROSS, len(shots)), high * rows), "#808080")
    for at, one in enumerate(shots):
        sheet.paste(one, (at % ACROSS * wide + 4, at // ACROSS * high + 4))
    sheet.save(pages.with_suffix(".png"))
    return len(shots)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("python benchmarks/report_pages.py OUT [KIND …]")
    main(Path(sys.argv[1]), sys.argv[2:])
