"""How fast a load is, against decoding the same sheets and nothing else, against pandas, and after one file changed.

    python benchmarks/load.py [--dir DIR] [--books 40] [--rows 20000] [--rounds 3] [--demo DIR] [--json FILE]

Everything is measured in one run, round by round, and medians are compared, so that a busy machine slows both sides
of a ratio. A load is the whole command, interpreter start and publication included, into a new warehouse. The work
of pandas is measured on two of the workbooks and scaled; on the demo street it is all of the .xlsx files.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import by_pandas
import fastexcel
import openpyxl
from watched import Run, run
from workbooks import HEADING_ROW, write_tickets, write_workbooks

SPREADSHEETS = {".xlsx", ".xls", ".ods"}
DEMO = Path(__file__).resolve().parent.parent / "data" / "raw" / "demo"


@dataclass(frozen=True)
class Round:
    """One measurement of everything; decoding and pandas in seconds."""

    load: Run
    changed: Run
    one_thread: float
    two_threads: float
    pandas: float


@dataclass(frozen=True)
class Figures:
    """Medians over the rounds in seconds; the largest memory in units of 10⁹ bytes."""

    name: str
    files: int
    load: float
    changed: float
    decode_one_thread: float
    decode_two_threads: float
    pandas_openpyxl: float
    peak_gb: float

    def against_aims(self) -> list[tuple[str, float, float]]:
        """Each figure that has an aim: its name, itself, the most that it should be."""
        return [
            ("load ÷ decode on one thread", self.load / self.decode_one_thread, 2),
            ("load ÷ decode on two threads", self.load / self.decode_two_threads, 2),
            ("load ÷ pandas with openpyxl", self.load / self.pandas_openpyxl, 0.1),
            ("peak memory, GB", self.peak_gb, 1.5),
            ("one file changed ÷ load", self.changed / self.load, 0.1),
        ]


def load(folder: Path, warehouse: Path) -> Run:
    """One load of a folder, by the command that a clerk types."""
    lianping = Path(sys.executable).with_name("lianping")
    return run([str(lianping), "load", str(folder), "--warehouse", str(warehouse), "--format", "json"])


def load_twice(folder: Path, correct: Callable[[Path], None], tickets: int | None) -> tuple[Run, Run]:
    """A load of a copy of the folder into a new warehouse, and the load after `correct` changed one file of it.

    Where `tickets` says how many there are, none may be missing after either.
    """
    with tempfile.TemporaryDirectory() as place:
        copy, warehouse = Path(place, "raw"), Path(place, "warehouse")
        shutil.copytree(folder, copy)
        first = load(copy, warehouse)
        if tickets is not None:
            refuse_losses(warehouse, tickets)
        correct(copy)
        second = load(copy, warehouse)
        if tickets is not None:
            refuse_losses(warehouse, tickets)
        return first, second


def refuse_losses(warehouse: Path, tickets: int) -> None:
    """Ends the program unless the warehouse holds exactly that many tickets: a load that leaves rows out is fast."""
    lianping = Path(sys.executable).with_name("lianping")
    question = [str(lianping), "sql", "SELECT count(*) AS n FROM tickets", "--warehouse", str(warehouse)]
    question += ["--format", "json"]
    held = json.loads(subprocess.run(question, check=True, capture_output=True).stdout)[0]["n"]
    if held != tickets:
        sys.exit(f"the load is wrong: it holds {held:,} tickets of {tickets:,}")


def decode(path: Path, heading_row: int | None) -> None:
    """Decodes every sheet of a workbook to Arrow and does nothing with it."""
    book = fastexcel.read_excel(path)
    for name in book.sheet_names:
        book.load_sheet(name, header_row=heading_row, dtypes="string").to_arrow()


def can_decode(path: Path) -> bool:
    """Whether fastexcel opens this file."""
    try:
        fastexcel.read_excel(path)
    except fastexcel.FastExcelError:
        return False
    return True


def decode_all(paths: list[Path], heading_row: int | None, threads: int) -> float:
    """The seconds that decoding all the workbooks takes."""
    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda path: decode(path, heading_row), paths))
    return time.perf_counter() - started


def measure(
    name: str,
    paths: list[Path],
    rounds: int,
    *,
    folder: Path,
    heading_row: int | None,
    correct: Callable[[Path], None],
    pandas: Callable[[list[Path]], float],
    tickets: int | None = None,
) -> Figures:
    """Measures the load of `folder` against the other ways of reading `paths`, `rounds` times, each in turn."""
    done: list[Round] = []
    for number in range(rounds):
        _tell(f"{name}, round {number + 1} of {rounds}")
        one = decode_all(paths, heading_row, threads=1)
        first, changed = load_twice(folder, correct, tickets)
        done.append(Round(first, changed, one, decode_all(paths, heading_row, threads=2), pandas(paths)))
    return Figures(
        name=name,
        files=len(paths),
        load=statistics.median(each.load.seconds for each in done),
        changed=statistics.median(each.changed.seconds for each in done),
        decode_one_thread=statistics.median(each.one_thread for each in done),
        decode_two_threads=statistics.median(each.two_threads for each in done),
        pandas_openpyxl=statistics.median(each.pandas for each in done),
        peak_gb=max(max(each.load.peak, each.changed.peak) for each in done) / 1e9,
    )


def measure_tickets(place: Path, books: int, rows: int, rounds: int) -> Figures:
    """The complaint workbooks, made in `place` when they are not there yet."""
    folder = place / f"{books}x{rows}"
    _tell(f"making {books} workbooks of {rows:,} rows (kept in {folder})")
    paths = write_workbooks(folder, books, rows)
    corrected = place / f"{books}x{rows}-corrected.xlsx"
    if not corrected.exists():
        write_tickets(corrected, 0, rows, as_text=books == 1, corrected=True)

    def correct(copy: Path) -> None:
        shutil.copyfile(corrected, copy / paths[0].name)

    return measure(
        f"{books} workbooks of {rows:,} tickets",
        paths,
        rounds,
        folder=folder,
        heading_row=HEADING_ROW,
        correct=correct,
        pandas=by_pandas.seconds_on_tickets,
        tickets=books * rows,
    )


def measure_demo(folder: Path, rounds: int) -> Figures:
    """The demo street. Decoding and pandas leave out what they do not read: CSV files, and web pages named .xls."""
    return measure(
        "the demo street",
        sorted(path for path in folder.rglob("*") if path.suffix in SPREADSHEETS and can_decode(path)),
        rounds,
        folder=folder,
        heading_row=None,
        correct=correct_a_figure,
        pandas=by_pandas.seconds_on_anything,
    )


def correct_a_figure(folder: Path) -> None:
    """Adds one to the last number of the first workbook that holds a number, as an office corrects a figure."""
    for path in sorted(folder.rglob("*.xlsx")):
        book = openpyxl.load_workbook(path)
        cells = (cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
        numbers = [cell for cell in cells if isinstance(cell.value, int | float)]
        if numbers:
            numbers[-1].value += 1
            book.save(path)
            return
    sys.exit(f"no workbook with a number below {folder}")


def show(figures: Figures) -> None:
    """Prints the seconds and, beside each aim, whether it was met."""
    print(
        f"\n{figures.name}, {figures.files} workbooks: load {figures.load:.2f} s, one changed {figures.changed:.2f} s"
    )
    print(f"  fastexcel to Arrow {figures.decode_one_thread:.2f} s, on two threads {figures.decode_two_threads:.2f} s")
    print(f"  pandas with openpyxl {figures.pandas_openpyxl:.2f} s")
    for name, value, aim in figures.against_aims():
        print(f"  {name:<30}{value:>8.3f}   aim ≤ {aim:<5g}{'met' if value <= aim else 'not met'}")


def main() -> None:
    """Measures, prints a table, and writes the same as JSON where asked."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--dir", type=Path, default=Path(tempfile.gettempdir(), "lianping-benchmark"))
    options.add_argument("--books", type=int, default=40)
    options.add_argument("--rows", type=int, default=20_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--demo", type=Path, default=DEMO)
    options.add_argument("--json", type=Path)
    given = options.parse_args()
    warnings.filterwarnings("ignore", module="openpyxl")
    measured = [
        measure_tickets(given.dir, given.books, given.rows, given.rounds),
        measure_demo(given.demo, given.rounds),
    ]
    for figures in measured:
        show(figures)
    if given.json:
        sets = [
            asdict(figures) | {"ratios": {name: value for name, value, _ in figures.against_aims()}}
            for figures in measured
        ]
        text = json.dumps({"cores": os.cpu_count(), "sets": sets}, ensure_ascii=False, indent=1)
        given.json.write_text(text, encoding="utf-8")


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
