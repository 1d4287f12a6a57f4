"""By simulation: how often intervals hold the truth, medians are near it, and verdicts on pure noise are false.

A tenth of each simulation runs in `make test`. With LIANPING_PROVE=1 they run whole and write docs/simulations/*.json,
which docs/STATISTICS.md quotes; a test compares the two. All random numbers come from fixed seeds.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import binom, hypergeom

from pipelines.analysis.control import Flags, Scale, signals, verdict, xmr
from pipelines.analysis.false_rates import FALSE_RATES
from pipelines.analysis.intervals import wilson, wilson_finite
from pipelines.analysis.survival import grouped_medians

ROOT = Path(__file__).resolve().parents[2]
RECORDS = ROOT / "docs/simulations"
WHOLE = bool(os.environ.get("LIANPING_PROVE"))
PART = 1 if WHOLE else 10

ANSWERS = [5, 10, 12, 16, 20, 30, 45, 60, 100, 200, 400]
SHARES = np.round(np.arange(0.05, 0.951, 0.01), 2)
POPULATIONS = {16: [5, 8, 12], 45: [5, 10, 20, 41], 100: [10, 30, 60], 600: [12, 60, 235], 3200: [30, 344]}
LENGTHS = [12, 18, 24, 36, 78]
Draw = Callable[[np.random.Generator, int], Any]
NOISE: dict[str, tuple[Draw, Scale]] = {
    "normal": (lambda rng, length: rng.normal(0, 1, length), "plain"),
    "skewed": (lambda rng, length: rng.lognormal(0, 1, length), "log"),
    "skewed_plain": (lambda rng, length: rng.lognormal(0, 1, length), "plain"),
    "times": (lambda rng, length: np.median(rng.lognormal(0, 1, (length, 5)), axis=1), "plain"),
    "times_log": (lambda rng, length: np.median(rng.lognormal(0, 1, (length, 5)), axis=1), "log"),
    "discrete": (lambda rng, length: rng.binomial(30, 0.8, length) / 30, "plain"),
    "share": (lambda rng, length: rng.binomial(20, 0.9, length) / 20, "plain"),
    "share_rare": (lambda rng, length: rng.binomial(8, 0.94, length) / 8, "plain"),
    "count": (lambda rng, length: rng.poisson(2, length), "plain"),
}
STOCKS = [0.1, 1, 3, 6]
"""Mean months that a ticket stays open, lognormal with σ = 1."""

pytestmark = pytest.mark.prove


def record(name: str, figures: dict[str, Any]) -> None:
    if WHOLE:
        RECORDS.mkdir(exist_ok=True)
        (RECORDS / f"{name}.json").write_text(
            json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )


def recorded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RECORDS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def test_wilsons_interval_holds_the_share_of_an_endless_population() -> None:
    rng, draws, rows = np.random.default_rng(20250301), 20_000 // PART, {}
    for n in ANSWERS:
        low, high = wilson(np.arange(n + 1), n)
        held, exact = [], []
        for share in SHARES:
            inside = (low <= share) & (share <= high)
            held.append(inside[rng.binomial(n, share, draws)].mean())
            exact.append(float(np.sum(binom.pmf(np.arange(n + 1), n, share)[inside])))
        worst = int(np.argmin(exact))
        rows[str(n)] = {
            "mean": round(float(np.mean(held)), 4),
            "least": round(float(np.min(held)), 4),
            "least_exact": round(exact[worst], 4),
            "at": float(SHARES[worst]),
        }
        # What was drawn agrees with what can be counted exactly: four standard errors, for 91 shares at once.
        assert np.max(np.abs(np.array(held) - exact)) < 4.5 * np.sqrt(0.11 * 0.89 / draws)
        assert np.mean(held) >= 0.94
        assert np.min(exact) >= 0.89
        if WHOLE:
            assert np.min(held) >= 0.89
    record("wilson", {"draws_per_share": draws, "shares": "0.05 … 0.95", "by_answers": rows})


def test_wilsons_interval_never_holds_less_than_89_percent_of_the_time_from_5_answers_on() -> None:
    shares = np.arange(0.05, 0.9501, 0.001)
    least = {}
    for n in [*range(1, 5), *range(5, 121, PART), 200, 400]:
        counts = np.arange(n + 1)[:, None]
        low, high = wilson(counts, n)
        held = np.sum(binom.pmf(counts, n, shares) * ((low <= shares) & (shares <= high)), axis=0)
        least[n] = (round(float(held.min()), 4), round(float(shares[held.argmin()]), 3))
        assert n < 5 or held.min() >= 0.89
    record("wilson_exact", {"grid": 0.001, "least_by_answers": {str(n): pair for n, pair in least.items() if n <= 12}})


def test_the_corrected_interval_holds_the_share_of_a_small_estate() -> None:
    rng, draws, rows = np.random.default_rng(20250302), 20_000 // PART, []
    for households, sizes in POPULATIONS.items():
        for n in sizes:
            low, high = wilson_finite(np.arange(n + 1), n, households)
            satisfied = np.unique(np.round(SHARES * households).astype(int))
            satisfied = satisfied[(satisfied >= 0.05 * households) & (satisfied <= 0.95 * households)]
            held, exact = [], []
            for count in satisfied:
                inside = (low <= count / households + 1e-12) & (count / households - 1e-12 <= high)
                held.append(inside[rng.hypergeometric(count, households - count, n, draws)].mean())
                exact.append(float(np.sum(hypergeom.pmf(np.arange(n + 1), households, count, n)[inside])))
            worst = int(np.argmin(exact))
            rows.append(
                {
                    "households": households,
                    "answers": n,
                    "mean": round(float(np.mean(held)), 4),
                    "least": round(float(np.min(held)), 4),
                    "least_exact": round(exact[worst], 4),
                    "at": round(float(satisfied[worst] / households), 4),
                }
            )
            assert np.max(np.abs(np.array(held) - exact)) < 0.01 * np.sqrt(PART) * 2
    record("wilson_finite", {"draws_per_share": draws, "by_estate": rows})


@pytest.mark.parametrize("mean_days", [10, 20])
def test_the_kaplan_meier_median_is_nearer_to_the_truth_than_the_median_of_the_closed(mean_days: int) -> None:
    rng, runs, tickets, window = np.random.default_rng(mean_days), 2_000 // PART, 200, 28.0
    truth = mean_days * np.log(2)
    opened = rng.uniform(0, window, (runs, tickets))
    needed = rng.exponential(mean_days, (runs, tickets))
    closed = needed <= window - opened
    frame = pl.DataFrame(
        {
            "run": np.repeat(np.arange(runs), tickets),
            "days": np.minimum(needed, window - opened).ravel(),
            "closed": closed.ravel(),
        }
    )
    curve = grouped_medians(frame, ["run"], "days", "closed")
    naive = np.array([np.median(needed[run][closed[run]]) for run in range(runs)])
    medians = curve["median"].to_numpy()
    low, high = (curve[name].fill_null(np.inf).to_numpy() for name in ("low", "high"))
    held = float(np.mean((low <= truth) & (truth <= high)))
    figures = {
        "runs": runs,
        "tickets": tickets,
        "window_days": window,
        "true_median": round(float(truth), 2),
        "mae_kaplan_meier": round(float(np.nanmean(np.abs(medians - truth))), 2),
        "mae_closed_only": round(float(np.mean(np.abs(naive - truth))), 2),
        "mean_kaplan_meier": round(float(np.nanmean(medians)), 2),
        "mean_closed_only": round(float(np.mean(naive)), 2),
        "never_reached": int(curve["median"].null_count()),
        "interval_held": round(held, 4),
    }
    assert figures["never_reached"] == 0
    assert figures["mae_kaplan_meier"] < figures["mae_closed_only"]
    assert 0.92 < figures["interval_held"] < 0.98
    record(f"medians_{mean_days}", figures)


@pytest.mark.parametrize("kind", list(NOISE))
def test_few_verdicts_on_pure_noise_are_false(kind: str) -> None:
    seeds = ["normal", "skewed_plain", "discrete", "skewed", "times", "times_log", "share", "share_rare", "count"]
    rng, runs, rows = np.random.default_rng(seeds.index(kind) + 1), 10_000 // PART, {}
    draw, scale = NOISE[kind]
    for length in LENGTHS:
        reasons = dict.fromkeys(("outside", "trend", "near", "shift"), 0)
        anywhere = 0
        for _ in range(runs):
            values = draw(rng, length).tolist()
            found = verdict(values, direction="up", scale=scale)
            if found.reason in reasons:
                reasons[found.reason] += 1
            seen = np.log(values).tolist() if scale == "log" else values
            flags = signals(seen, xmr(seen))
            anywhere += any(flag != Flags() for flag in flags)
        false = sum(reasons.values())
        rows[str(length)] = {
            "false_verdicts": round(false / runs, 4),
            **{reason: round(count / runs, 4) for reason, count in reasons.items()},
            "any_point_flagged": round(anywhere / runs, 4),
        }
        assert kind in ("skewed_plain", "share_rare") or false / runs < 0.08
    if WHOLE:
        record(f"verdicts_{kind}", {"runs": runs, "by_length": rows})
    else:
        # The tenth that ran now agrees with what the documents say.
        for length, row in recorded(f"verdicts_{kind}")["by_length"].items():
            said = row["false_verdicts"]
            assert abs(rows[length]["false_verdicts"] - said) < 4.5 * np.sqrt(said * (1 - said) / runs) + 0.002


def test_the_median_of_times_shows_a_lasting_halving_more_often_as_it_is_than_by_logarithms() -> None:
    rng, runs, rows = np.random.default_rng(20250304), 2_000 // PART, {}
    for tickets in (5, 12):
        found: dict[Scale, int] = {"plain": 0, "log": 0}
        for _ in range(runs):
            weeks = np.median(rng.lognormal(0, 1, (78, tickets)), axis=1)
            weeks[61:] /= 2
            for scale in found:
                found[scale] += verdict(weeks.tolist(), direction="down", scale=scale).code == "improving"
        rows[str(tickets)] = {scale: round(count / runs, 4) for scale, count in found.items()}
        assert rows[str(tickets)]["plain"] > rows[str(tickets)]["log"]
    record("verdicts_power", {"runs": runs, "weeks": 78, "halved_from": 62, "found_by_tickets": rows})


def stocks(rng: np.random.Generator, months: float, length: int, forgotten: float = 0.0) -> Any:
    """What is open at the end of each month: 10 tickets come a month (Poisson) since long before, lognormal times."""
    before = 60 + int(20 * months)
    came = rng.uniform(-before, length, rng.poisson(10 * (before + length)))
    needed = rng.lognormal(np.log(months) - 0.5, 1, came.size)
    # A forgotten one is never closed. Nobody counted before the series began.
    needed[(rng.random(came.size) < forgotten) & (came >= 0)] = np.inf
    ends = np.arange(length + 1)
    return np.searchsorted(np.sort(came), ends) - np.searchsorted(np.sort(came + needed), ends)


def test_a_chart_of_a_stock_in_steady_state_cries_wolf_and_so_there_is_none() -> None:
    rng, runs, length, rows = np.random.default_rng(20250303), 4_000 // PART, 24, {}
    for months in STOCKS:
        for forgotten in (0.0, 1 / 80):
            hits = {"stock": 0, "inflow": 0}
            for _ in range(runs):
                stock = stocks(rng, months, length, forgotten)
                for name, values in (("stock", stock[1:]), ("inflow", np.diff(stock))):
                    hits[name] += verdict(values.tolist(), direction="down").reason not in ("common_cause", "too_short")
            rows[f"{months}{' forgotten' if forgotten else ''}"] = {
                name: round(count / runs, 4) for name, count in hits.items()
            }
    if WHOLE:
        record("verdicts_stock", {"runs": runs, "points": length, "by_mean_months": rows})
    assert rows["0.1"]["stock"] < 0.06
    assert rows["6"]["stock"] > 0.25
    assert rows["0.1 forgotten"]["stock"] > 0.25


def test_the_rates_of_false_verdicts_that_stand_beside_them_are_those_recorded() -> None:
    found = {
        shape: {
            int(length): round(row["false_verdicts"], 3)
            for length, row in recorded(f"verdicts_{shape}")["by_length"].items()
        }
        for shape in FALSE_RATES
    }
    assert found == FALSE_RATES


def percent(share: float) -> str:
    return f"{100 * share:.1f}"


def test_the_document_quotes_the_recorded_figures() -> None:
    text = (ROOT / "docs/STATISTICS.md").read_text(encoding="utf-8")
    rows = {tuple(cell.strip() for cell in line.strip("|").split("|")) for line in text.splitlines() if line[:1] == "|"}
    wanted = [
        (n, percent(row["mean"]), percent(row["least"]), percent(row["least_exact"]), f"{row['at']:.2f}")
        for n, row in recorded("wilson")["by_answers"].items()
    ]
    wanted += [
        (str(row["households"]), str(row["answers"]), *(percent(row[key]) for key in ("mean", "least", "least_exact")))
        for row in recorded("wilson_finite")["by_estate"]
    ]
    wanted += [
        (n, percent(least), f"{share:.3f}")
        for n, (least, share) in recorded("wilson_exact")["least_by_answers"].items()
    ]
    for days in (10, 20):
        row = recorded(f"medians_{days}")
        keys = ("true_median", "mae_kaplan_meier", "mae_closed_only", "mean_kaplan_meier", "mean_closed_only")
        wanted.append((str(days), *(f"{row[key]:.2f}" for key in keys), percent(row["interval_held"])))
    for length in LENGTHS:
        by_kind = [recorded(f"verdicts_{kind}")["by_length"][str(length)] for kind in NOISE]
        wanted.append((str(length), *(percent(row["false_verdicts"]) for row in by_kind)))
        wanted.append((str(length), *(percent(row["any_point_flagged"]) for row in by_kind)))
    for tickets, row in recorded("verdicts_power")["found_by_tickets"].items():
        wanted.append((tickets, percent(row["plain"]), percent(row["log"])))
    stock = recorded("verdicts_stock")["by_mean_months"]
    for months in STOCKS:
        pair = [stock[f"{months}{more}"][name] for more in ("", " forgotten") for name in ("stock", "inflow")]
        wanted.append((str(months), *map(percent, pair)))
    assert [row for row in wanted if row not in rows] == []
