"""How long star probabilities of 300 estates on 30 criteria take with 2,000 draws, against a plain Python loop.

Run by `OMP_NUM_THREADS=1 python benchmarks/rating.py`: prints a table and, with --json, one line of JSON. The loop does
the same draws for some of the estates, in the same process, and is scaled up.
"""

from __future__ import annotations

import json
import random
import sys
import time
from datetime import date

from pipelines.analysis.rating.accounts import Account
from pipelines.analysis.rating.evidence import Datum, Evidence
from pipelines.analysis.rating.ladders import linear
from pipelines.analysis.rating.rubric import Criterion, Dimension, Rubric, Source, Threshold
from pipelines.analysis.rating.scoring import score, star_of
from pipelines.analysis.rating.uncertainty import beliefs, chances

ESTATES, CRITERIA, DRAWS, LOOPED = 300, 30, 2000, 5
START, END = date(2025, 1, 1), date(2025, 6, 30)


def street(seed: int = 1) -> tuple[Rubric, list[Evidence]]:
    """A rubric of sampled shares only, the slowest kind, and evidence from 20 to 300 answers each."""
    luck = random.Random(seed)
    points = 100 / CRITERIA
    criteria = tuple(
        Criterion(f"c{i}", f"c{i}", f"c{i}", "all", points, Source("metric", "m"),
                  linear([(0.5, 0.0), (0.7, 0.6 * points), (0.95, points)]))
        for i in range(CRITERIA)
    )  # fmt: skip
    stars = tuple(Threshold(star, 40.0 + 10 * star, str(star), str(star)) for star in range(1, 6))
    whole = (Dimension("all", "all", "all", 100.0, (100.0, 100.0), criteria),)
    rubric = Rubric("bench", "1", "", "", "", "", "", "", 100.0, whole, stars)
    evidence = []
    for estate in range(ESTATES):
        data = {}
        for one in criteria:
            n = luck.randint(20, 300)
            truth = luck.betavariate(16, 4)
            data[one.id] = Datum(sum(luck.random() < truth for _ in range(n)) / n, n, None, "share", float(n))
        evidence.append(Evidence(f"{estate:03}", "estate", data))
    return rubric, evidence


def loop(rubric: Rubric, evidence: list[Evidence], accounts: list[Account]) -> list[dict[int, float]]:
    """The same, drawn one by one."""
    luck = random.Random(1)
    posteriors = {one.id: beliefs([each.data[one.id] for each in evidence]) for one in rubric.criteria}
    found = []
    for row in range(LOOPED):
        counts: dict[int, int] = {}
        for _ in range(DRAWS):
            total = 0.0
            for one, line in zip(rubric.criteria, accounts[row].lines, strict=True):
                belief = posteriors[one.id][row]
                truth = luck.betavariate(belief.one, belief.other) if belief else 0.0
                at, points = one.ladder.at, one.ladder.points
                given = points[-1] if truth >= at[-1] else points[0]
                for k in range(len(at) - 1):
                    if at[k] <= truth < at[k + 1]:
                        given = points[k] + (points[k + 1] - points[k]) * (truth - at[k]) / (at[k + 1] - at[k])
                total += given / line.max_points * line.weight
            star = star_of(rubric, int(total * 10 + 0.5) / 10)
            counts[star] = counts.get(star, 0) + 1
        found.append({star: count / DRAWS for star, count in counts.items()})
    return found


def main() -> None:
    """Measures and prints."""
    rubric, evidence = street()
    started = time.perf_counter()
    accounts = [score(rubric, one, START, END) for one in evidence]
    scoring = time.perf_counter() - started
    chances(rubric, evidence[:10], accounts[:10], seed=1, draws=50)
    times = []
    for _ in range(3):
        started = time.perf_counter()
        fast = chances(rubric, evidence, accounts, seed=1, draws=DRAWS)
        times.append(time.perf_counter() - started)
    started = time.perf_counter()
    slow = loop(rubric, evidence, accounts)
    looped = (time.perf_counter() - started) * ESTATES / LOOPED
    apart = max(
        abs(share - one.by_star.get(star, 0.0))
        for told, one in zip(slow, fast, strict=False)
        if one is not None
        for star, share in told.items()
    )
    result = {
        "estates": ESTATES, "criteria": CRITERIA, "draws": DRAWS, "scoring_s": round(scoring, 3),
        "draws_s": round(min(times), 3), "loop_s": round(looped, 1), "ratio": round(looped / min(times), 1),
        "largest_difference": round(apart, 4),
    }  # fmt: skip
    if "--json" in sys.argv:
        print(json.dumps(result))
        return
    for name, value in result.items():
        print(f"{name:<20} {value}")


if __name__ == "__main__":
    main()
