"""Seals a published round with all that it rests on, opens it again, and recomputes it from what was stored."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from pipelines import fingerprints
from pipelines.analysis.rating.evidence import Evidence
from pipelines.analysis.rating.results import Rating
from pipelines.analysis.rating.rubric import By
from pipelines.metrics.catalogue import Metric, catalogue
from pipelines.metrics.desk import Desk
from pipelines.metrics.fetching import fetched
from pipelines.metrics.periods import Period
from pipelines.rating.printing import as_json
from pipelines.rating.rating import rated
from pipelines.rating.rounds.moves import RUBRIC, Who
from pipelines.rating.rounds.received import Received
from pipelines.rating.rounds.results import kept_evidence, round_rating, without
from pipelines.rating.rounds.shape import Round
from pipelines.rating.rounds.steps import STEPS
from pipelines.rating.rubric_files import RubricFile, read_rubric
from pipelines.rating.stored import read_evidence
from pipelines.sealing import Sealed, open_sealed, seal

HOME: Final = "rounds"
RESULTS: Final = "results.json"
UNCONTESTED: Final = "results_without_contested.json"
EVIDENCE: Final = "inputs/evidence.json"
SUBMISSIONS: Final = "inputs/submissions.json"
_LIBRARIES: Final = ("duckdb", "numpy", "polars", "scipy")


@dataclass(frozen=True)
class Past:
    """A published round as it was sealed."""

    name: str
    id: str
    by: By
    period: Period
    rubric: RubricFile
    about: Mapping[str, Any]
    evidence: tuple[Evidence, ...]
    results: bytes
    seed: int
    draws: int

    def rating(self) -> Rating:
        """The rating, recomputed from the stored evidence."""
        return rated(
            self.rubric.rubric, self.rubric.sha256, self.period, self.by, self.evidence, seed=self.seed,
            draws=self.draws,
        )  # fmt: skip

    def stars(self) -> dict[str, int | None]:
        """By subject the star that was published, None for no star."""
        return {one["subject"]: one["stars"] for one in json.loads(self.results)["subjects"]}


class OtherResultsError(Exception):
    """The recomputed results are not those that were sealed; `differences` name subject and value."""

    def __init__(self, differences: Sequence[str]) -> None:
        """See the class."""
        super().__init__("; ".join(differences))
        self.differences = tuple(differences)


def seal_round(
    records: Path,
    folder: Path,
    current: Round,
    rubric: RubricFile,
    came: Received,
    contested: Sequence[str],
    desk: Desk,
    who: Who,
) -> Path:
    """Seals a round that may be published, and gives the sealed folder. Raises ValueError, OSError."""
    content, evidence, about = kept_evidence(folder, current.evidence)
    rating = round_rating(rubric, current, evidence)
    files: dict[str, bytes] = {
        RUBRIC: rubric.raw,
        EVIDENCE: content,
        SUBMISSIONS: _submissions(desk),
        RESULTS: as_json(rating).encode(),
        UNCONTESTED: as_json(without(rubric, current, evidence, contested)).encode(),
    }
    files |= {f"inputs/sheets/{name}": sheet for name, sheet in came.files.items()}
    files |= {f"steps/{path.name}": path.read_bytes() for path in sorted((folder / STEPS).glob("[0-9]*.json"))}
    told = {
        "round": current.id,
        "revision": current.revision,
        "revision_reason": current.revision_reason,
        "by": current.by,
        "period": [current.period.start.isoformat(), current.period.end.isoformat()],
        "seed": rating.seed,
        "draws": rating.draws,
        "contested": list(contested),
        "warehouse": about,
        "versions": {
            "code": fingerprints.of_the_code(),
            "python": platform.python_version(),
            **{name: version(name) for name in _LIBRARIES},
        },
        "published_by": who.by,
        "published_at": who.now.isoformat(),
    }
    return seal(records / HOME, current.id, files, told)


def open_past(folder: Path, metrics: Mapping[str, Metric] | None = None) -> Past:
    """A sealed round. Raises SealBrokenError, which names the file; ValueError where it is no round."""
    whole = open_sealed(folder)
    about = whole.about
    if RUBRIC not in whole.files or EVIDENCE not in whole.files or RESULTS not in whole.files:
        raise ValueError(f"{folder} is no sealed round")
    evidence = read_evidence(whole.files[EVIDENCE].decode())
    start, end = (date.fromisoformat(one) for one in about["period"])
    return Past(
        name=folder.name,
        id=about["round"],
        by="estate" if about["by"] == "estate" else "company",
        period=Period(start, end),
        rubric=_rubric(whole, metrics if metrics is not None else catalogue()),
        about=about,
        evidence=evidence,
        results=whole.files[RESULTS],
        seed=int(about["seed"]),
        draws=int(about["draws"]),
    )


def verify(folder: Path) -> Past:
    """Checks every hash and recomputes the results. Raises SealBrokenError, OtherResultsError, ValueError."""
    past = open_past(folder)
    again = as_json(past.rating()).encode()
    if again != past.results:
        raise OtherResultsError(differences(json.loads(past.results), json.loads(again)))
    return past


def past_rounds(records: Path) -> tuple[Path, ...]:
    """The sealed folders of rounds, by name."""
    home = records / HOME
    return tuple(sorted(one for one in home.iterdir() if not one.name.startswith("."))) if home.is_dir() else ()


def differences(sealed: Mapping[str, Any], again: Mapping[str, Any]) -> list[str]:
    """What of two results differs: `subject.key: was → is`, at most 20."""
    found = [f"{key}: {sealed.get(key)} → {again.get(key)}" for key in sealed if key != "subjects"
             and sealed.get(key) != again.get(key)]  # fmt: skip
    was = {one["subject"]: one for one in sealed["subjects"]}
    now = {one["subject"]: one for one in again["subjects"]}
    for name in sorted({*was, *now}):
        old, new = was.get(name, {}), now.get(name, {})
        found += [f"{name}.{key}: {old.get(key)} → {new.get(key)}" for key in {**old, **new}
                  if old.get(key) != new.get(key)]  # fmt: skip
    return found[:20]


def _rubric(whole: Sealed, metrics: Mapping[str, Metric]) -> RubricFile:
    with TemporaryDirectory() as apart:
        place = Path(apart) / RUBRIC
        place.write_bytes(whole.files[RUBRIC])
        return read_rubric(place, metrics, f"{whole.folder.name}/{RUBRIC}")


def _submissions(desk: Desk) -> bytes:
    """The files that the warehouse was made of, with their hashes."""
    rows = fetched(desk.connection, "SELECT source_file, sha256, sender, received_at FROM submissions ORDER BY ALL")
    return json.dumps(rows.to_dicts(), ensure_ascii=False, indent=0, default=str).encode()
