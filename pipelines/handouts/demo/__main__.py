"""Writes the demo street's submissions: `python -m pipelines.handouts.demo [OUT]`, by default into `data/raw/demo`."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from pipelines.handouts.demo.boundaries import boundary_files
from pipelines.handouts.demo.layouts_calls import call_files
from pipelines.handouts.demo.layouts_costs import cost_files
from pipelines.handouts.demo.layouts_fees import fee_files
from pipelines.handouts.demo.layouts_opinions import opinion_files
from pipelines.handouts.demo.registers import register_files
from pipelines.handouts.demo.sent import Sent
from pipelines.handouts.demo.settings import DEMO_MD, street_toml


def submissions() -> list[Sent]:
    """All files of the demo, in the order of their arrival."""
    files = fee_files() + cost_files() + call_files() + opinion_files() + register_files() + boundary_files()
    return sorted(files, key=lambda one: (one.received_at, one.path))


def arrivals_csv(files: Sequence[Sent]) -> str:
    """The log of arrivals: copying and cloning lose file times, so the truth about them is kept apart."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["sha256", "received_at", "sender", "withdrawn", "reason"])
    for one in files:
        digest = hashlib.sha256(one.content).hexdigest()
        writer.writerow([digest, one.received_at.isoformat(), one.sender, "", ""])
    return out.getvalue()


def write(folder: Path) -> int:
    """Empty the folder, write every file below it, and say how many submissions there are. OSError where it can't."""
    if folder.exists():
        shutil.rmtree(folder)
    files = submissions()
    for one in files:
        path = folder / one.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.content)
    beside = {
        "arrivals.csv": arrivals_csv(files),
        "street.toml": street_toml(),
        "DEMO.md": DEMO_MD,
        ".gitattributes": "# 到达记录按字节认文件，换行不得改写\n* -text\n",
    }
    for name, text in beside.items():
        (folder / name).write_bytes(text.encode())
    return len(files)


def main(arguments: Sequence[str]) -> int:
    """Write the demo; a folder that holds anything but a demo is refused."""
    folder = Path(arguments[0]) if arguments else Path("data/raw/demo")
    if folder.exists() and any(folder.iterdir()) and not (folder / "DEMO.md").exists():
        sys.stderr.write(f"{folder} 里有别的文件，没有写入。\n{folder} holds other files; nothing was written.\n")
        return 2
    count = write(folder)
    sys.stdout.write(f"{folder}：{count} 个文件\n{folder}: {count} files\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
