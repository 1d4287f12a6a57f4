"""Closing times: curves, medians and intervals against lifelines, published answers, and expected closings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter, NelsonAalenFitter
from lifelines.utils import median_survival_times

from pipelines.analysis.survival import Median, expected_closures, grouped_medians, kaplan_meier, median_with_interval

REFERENCE = Path(__file__).resolve().parents[2] / "../shared/real/reference/survival"
BOSTON = Path(__file__).resolve().parents[2] / "../shared/real/tickets/boston_311_2011.csv.gz"
PRECISION = 1e-9

Tickets = list[tuple[float, bool]]
TICKETS = st.lists(
    st.tuples(st.one_of(st.integers(0, 12).map(float), st.floats(0, 1e4)), st.booleans()), min_size=1, max_size=60
)


def by_lifelines(durations: Sequence[float], observed: Sequence[bool]) -> tuple[KaplanMeierFitter, list[float]]:
    fitted = KaplanMeierFitter().fit(durations, observed)
    bounds = median_survival_times(fitted.confidence_interval_).to_numpy()[0]
    return fitted, [float(one) for one in (fitted.median_survival_time_, *bounds)]


def assert_equal_to_lifelines(durations: Sequence[float], observed: Sequence[bool]) -> None:
    fitted, wanted = by_lifelines(durations, observed)
    curve = kaplan_meier(durations, observed)
    interval = fitted.confidence_interval_.to_numpy()
    assert curve.time.tolist() == fitted.timeline.tolist()
    assert np.abs(curve.survival - fitted.survival_function_.to_numpy()[:, 0]).max() <= PRECISION
    assert np.abs(curve.low - interval[:, 0]).max() <= PRECISION
    assert np.abs(curve.high - interval[:, 1]).max() <= PRECISION
    assert curve.at_risk.tolist() == fitted.event_table["at_risk"].tolist()
    assert curve.events.tolist() == fitted.event_table["observed"].tolist()
    found = median_with_interval(durations, observed)
    assert [found.value, found.low, found.high] == [None if math.isinf(one) else one for one in wanted]


@given(TICKETS)
def test_curves_medians_and_intervals_of_any_tickets_are_those_of_lifelines(tickets: Tickets) -> None:
    assert_equal_to_lifelines([time for time, _ in tickets], [closed for _, closed in tickets])


@given(st.lists(TICKETS, min_size=1, max_size=8))
def test_all_groups_at_once_give_what_each_gives_alone(groups: list[Tickets]) -> None:
    frame = pl.DataFrame(
        [(f"{place % 3}", place, time, closed) for place, group in enumerate(groups) for time, closed in group],
        schema=["community", "estate", "hours", "closed"],
        orient="row",
    ).sample(fraction=1, shuffle=True, seed=1)
    wanted = [
        (
            f"{place % 3}",
            place,
            len(group),
            sum(closed for _, closed in group),
            *(None if math.isinf(one) else one for one in by_lifelines(*zip(*group, strict=True))[1]),
        )
        for place, group in enumerate(groups)
    ]
    found = grouped_medians(frame, ["community", "estate"], "hours", "closed")
    assert found.columns == ["community", "estate", "n", "events", "median", "low", "high"]
    assert found.rows() == sorted(wanted)


@pytest.mark.parametrize(
    ("durations", "observed", "median"),
    [
        ([], [], Median(None, None, None, 0, 0)),
        ([5], [True], Median(5, 5, 5, 1, 1)),
        ([5], [False], Median(None, None, None, 1, 0)),
        ([1, 2, 3], [False, False, False], Median(None, None, None, 3, 0)),
        ([0, 0, 1], [True, False, True], Median(1, 0, 1, 3, 2)),
        # A closing comes before a censoring at the same time: 4 were at risk at hour 2.
        ([2, 2, 4, 4], [True, False, True, False], Median(4, 2, None, 4, 2)),
    ],
)
def test_small_samples_have_the_median_that_can_be_worked_out_by_hand(
    durations: list[float], observed: list[bool], median: Median
) -> None:
    assert median_with_interval(durations, observed) == median


@pytest.mark.parametrize(("durations", "observed"), [([-1.0], [True]), ([math.nan], [True]), ([math.inf], [True])])
def test_a_ticket_without_a_duration_is_refused(durations: list[float], observed: list[bool]) -> None:
    with pytest.raises(ValueError, match="duration"):
        kaplan_meier(durations, observed)
    with pytest.raises(ValueError, match="duration"):
        grouped_medians(pl.DataFrame({"g": ["a"], "t": durations, "e": observed}), ["g"], "t", "e")


def test_a_ticket_of_unknown_outcome_is_refused() -> None:
    frame = pl.DataFrame({"g": ["a"], "t": [1.0], "e": [None]}, schema_overrides={"e": pl.Boolean})
    with pytest.raises(ValueError, match="closed"):
        grouped_medians(frame, ["g"], "t", "e")


def test_no_tickets_give_no_groups_and_an_unnamed_group_is_a_group() -> None:
    frame = pl.DataFrame({"g": [None, "a"], "t": [3, 1], "e": [True, True]})
    assert grouped_medians(frame, ["g"], "t", "e").rows() == [(None, 1, 1, 3.0, 3.0, 3.0), ("a", 1, 1, 1.0, 1.0, 1.0)]
    assert grouped_medians(frame.head(0), ["g"], "t", "e").rows() == []


def reference(name: str) -> pl.DataFrame:
    path = REFERENCE / name
    if not path.exists():
        pytest.skip("the published data of ../shared/real are not here")
    return pl.read_csv(path, infer_schema_length=None)


def test_the_lung_study_has_its_published_medians() -> None:
    lung = reference("lung.csv").with_columns(pl.col("status").cast(pl.Boolean), everybody=pl.lit("all"))
    assert grouped_medians(lung, ["everybody"], "time", "status").rows() == [("all", 228, 165, 310.0, 284.0, 361.0)]
    assert grouped_medians(lung, ["sex"], "time", "status").select("sex", "median").rows() == [(1, 270.0), (2, 426.0)]


@pytest.mark.parametrize(
    ("name", "time", "closed"),
    [("lung.csv", "time", "status"), ("larynx.csv", "time", "death"), ("waltons_dataset.csv", "T", "E")],
)
def test_curves_of_the_reference_studies_are_those_of_lifelines(name: str, time: str, closed: str) -> None:
    study = reference(name)
    assert_equal_to_lifelines(study[time].to_list(), study[closed].cast(pl.Boolean).to_list())


def test_boston_closing_times_by_neighbourhood_are_those_of_lifelines() -> None:
    if not BOSTON.exists():
        pytest.skip("the published data of ../shared/real are not here")
    moment = pl.col("open_dt", "closed_dt").str.to_datetime("%Y-%m-%d %H:%M:%S")
    cases = pl.read_csv(BOSTON, infer_schema_length=0).with_columns(moment)
    as_of = pl.max_horizontal(pl.col("open_dt").max(), pl.col("closed_dt").max())
    tickets = cases.select(
        "neighborhood",
        closed=pl.col("closed_dt").is_not_null(),
        hours=(pl.coalesce("closed_dt", as_of) - pl.col("open_dt")).dt.total_seconds() / 3600,
    )
    found = grouped_medians(tickets, ["neighborhood"], "hours", "closed")
    wanted = []
    for (name,), group in tickets.group_by("neighborhood"):
        wanted.append((name, *by_lifelines(group["hours"].to_list(), group["closed"].to_list())[1]))
    assert found.height > 15
    assert found.select("neighborhood", "median", "low", "high").fill_null(math.inf).rows() == sorted(
        wanted, key=lambda row: (row[0] is not None, row[0])
    )


@given(TICKETS)
def test_over_the_street_itself_as_many_closings_are_expected_as_were_seen(tickets: Tickets) -> None:
    street = pl.DataFrame(
        [(place % 3, "ab"[place % 2], time, closed) for place, (time, closed) in enumerate(tickets)],
        schema={"estate": pl.Int64, "category": pl.String, "hours": pl.Float64, "closed": pl.Boolean},
        orient="row",
    )
    found = expected_closures(street, street, ["estate"], "hours", "closed")
    assert found["expected"].sum() == pytest.approx(found["observed"].sum())
    assert found["observed"].sum() == street["closed"].sum()
    assert found["n"].sum() == street.height


def test_the_expected_closings_of_a_ticket_are_the_nelson_aalen_hazard_of_its_category() -> None:
    street = pl.DataFrame(
        {
            "category": ["lift", "lift", "lift", "bin", None],
            "hours": [1.0, 2.0, 4.0, 3.0, 5.0],
            "closed": [True, True, False, True, True],
        }
    )
    asked = pl.DataFrame(
        {
            "estate": ["a", "a", "b", "b", "b"],
            "category": ["lift", "lift", "bin", None, "roof"],
            "hours": [0.5, 2.0, 99.0, 5.0, 1.0],
            "closed": [False, True, False, True, True],
        }
    )
    lift = NelsonAalenFitter(nelson_aalen_smoothing=False).fit([1, 2, 4], [True, True, False])
    assert expected_closures(asked, street, ["estate"], "hours", "closed").rows() == [
        ("a", 2, 1, pytest.approx(float(lift.cumulative_hazard_at_times(2).iloc[0])), 0),
        ("b", 3, 1, pytest.approx(2.0), 1),
    ]


@pytest.mark.parametrize("whole", [1, 3600, math.pi])
def test_groups_of_any_kind_and_length_have_the_medians_of_each_alone(whole: float) -> None:
    rng = np.random.default_rng(8)
    sizes = {("甲", 1): 5, ("甲", 2): 70, (None, 2): 40, ("乙", None): 9000, ("丙", 3): 1}
    rows = [
        {"estate": estate, "month": month, "hours": int(one) / whole, "closed": bool(rng.random() < 0.6)}
        for (estate, month), size in sizes.items()
        for one in rng.exponential(3e5, size)
    ]
    frame = pl.DataFrame(rows).sample(fraction=1.0, shuffle=True, seed=1)
    found = grouped_medians(frame, ["estate", "month"], "hours", "closed")
    alone = {}
    for key in sizes:
        told = [(row["hours"], row["closed"]) for row in rows if (row["estate"], row["month"]) == key]
        one = median_with_interval([hours for hours, _ in told], [closed for _, closed in told])
        alone[key] = (one.n, one.events, one.value, one.low, one.high)
    assert {(row[0], row[1]): row[2:] for row in found.iter_rows()} == alone
    assert found.select("estate", "month").equals(found.select("estate", "month").sort("estate", "month"))
