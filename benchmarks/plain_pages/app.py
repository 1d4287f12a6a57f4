"""The dashboard's pages written plainly: Streamlit, pandas, and charts that Altair builds at each rerun."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd
import streamlit as st
import street

QUARTERS = ["2025Q2", "2025Q1", "2024Q4", "2024Q2"]


@st.cache_resource
def warehouse() -> Any:
    return street.connected()


@st.cache_data
def series(metric: str) -> pd.DataFrame:
    return street.series(warehouse(), metric)


@st.cache_data
def table(text: str, *values: object) -> pd.DataFrame:
    return street.asked(warehouse(), text, *values)


@st.cache_data
def places() -> pd.DataFrame:
    return street.places(warehouse())


@st.cache_data
def communities() -> list[dict[str, Any]]:
    return street.communities(warehouse())


def controls() -> tuple[str, str, pd.DataFrame]:
    left, right = st.columns(2)
    metric = left.selectbox("指标", list(street.NAMES), format_func=lambda one: street.NAMES[one])
    quarter = right.selectbox("期间", QUARTERS)
    frame = street.in_quarter(series(metric), quarter).merge(places(), on="subject")
    return metric, quarter, frame


def run_chart(steps: pd.DataFrame, title: str, height: int = 180) -> alt.LayerChart:
    mean, spread = steps["value"].mean(), steps["value"].std()
    line = (
        alt.Chart(steps)
        .mark_line(point=True)
        .encode(x="period_start:T", y=alt.Y("value:Q", scale=alt.Scale(zero=False)))
    )
    limits = alt.Chart(pd.DataFrame({"y": [mean - 3 * spread, mean, mean + 3 * spread]})).mark_rule(strokeDash=[4, 3])
    return alt.layer(line, limits.encode(y="y:Q")).properties(title=title, height=height)


def meeting() -> None:
    st.title("例会")
    for column, (metric, name) in zip(st.columns(4), street.NAMES.items(), strict=True):
        steps = series(metric).groupby("period_start", as_index=False)["value"].mean()
        last, before = steps["value"].iloc[-1], steps["value"].iloc[-2]
        column.metric(name, f"{last:.3g}", f"{last - before:+.2g}")
        column.altair_chart(run_chart(steps, name), width="stretch")
    st.subheader("新情况")
    steps = series("closure_median_hours")
    for subject in steps.groupby("subject")["value"].std().nlargest(7).index:
        left, right = st.columns([3, 1])
        left.write(f"{subject}：办结时长有变化")
        right.altair_chart(run_chart(steps[steps.subject == subject], "", 80), width="stretch")
    st.subheader("议定事项")
    st.dataframe(table("SELECT action, owner, due_on, done_on FROM actions ORDER BY due_on DESC LIMIT 30"))
    st.caption("数据：meeting")


def compare() -> None:
    st.title("对标")
    metric, quarter, frame = controls()
    y = alt.Y("subject:N", sort="-x", title=None)
    rules = alt.Chart(frame).mark_rule().encode(x=alt.X("low:Q", scale=alt.Scale(zero=False)), x2="high:Q", y=y)
    dots = alt.Chart(frame).mark_circle(size=70).encode(x="value:Q", y=y, tooltip=["subject", "value", "cases"])
    median = alt.Chart(frame).mark_rule(strokeDash=[4, 3]).encode(x="median(value):Q")
    st.altair_chart(alt.layer(rules, dots, median), width="stretch")
    left, right = st.columns(2)
    centre, most = frame["value"].mean(), frame.cases.max()
    spread = frame["value"].std() * frame.cases.mean() ** 0.5
    grid = pd.DataFrame({"cases": [most * (one + 1) / 40 for one in range(40)]})
    for name, width in (("low", -2), ("high", 2), ("low998", -3), ("high998", 3)):
        grid[name] = centre + width * spread / grid.cases**0.5
    lines = grid.melt("cases", var_name="limit", value_name="value")
    funnel = alt.layer(
        alt.Chart(lines).mark_line().encode(x="cases:Q", y="value:Q", detail="limit:N"),
        alt.Chart(frame).mark_circle().encode(x="cases:Q", y=alt.Y("value:Q"), tooltip=["subject", "value"]),
    )
    left.altair_chart(funnel, width="stretch")
    cost = street.in_quarter(series("cost_per_m2_month"), quarter)
    happy = street.in_quarter(series("satisfaction_rate"), quarter)
    both = cost.merge(happy, on="subject", suffixes=("_cost", "_satisfied"))
    zeroless = alt.Scale(zero=False)
    quadrants = alt.layer(
        alt.Chart(both)
        .mark_circle(size=60)
        .encode(
            x=alt.X("value_cost:Q", scale=zeroless), y=alt.Y("value_satisfied:Q", scale=zeroless), tooltip=["subject"]
        ),
        alt.Chart(both).mark_rule().encode(x="median(value_cost):Q"),
        alt.Chart(both).mark_rule().encode(y="median(value_satisfied):Q"),
    )
    right.altair_chart(quadrants, width="stretch")
    st.subheader("走势")
    steps = series(metric)
    worst = steps.groupby("subject")["value"].std().nlargest(6).index
    for place, subject in enumerate(worst):
        if place % 3 == 0:
            row = st.columns(3)
        row[place % 3].altair_chart(run_chart(steps[steps.subject == subject], subject), width="stretch")
    if st.toggle("表格"):
        st.dataframe(frame)
    st.caption(f"数据：compare {metric} {quarter}")


def street_map() -> None:
    st.title("地图")
    metric, quarter, frame = controls()
    left, right = st.columns([2, 1])
    colour = alt.Color("value:Q", scale=alt.Scale(scheme="blues"))
    circles = (
        alt.Chart(frame)
        .mark_circle(stroke="black")
        .encode(longitude="lon:Q", latitude="lat:Q", size="households:Q", color=colour, tooltip=["subject", "value"])
    )
    names = alt.Chart(frame).mark_text(dy=14).encode(longitude="lon:Q", latitude="lat:Q", text="subject:N")
    grounds = communities()
    ground = [alt.Chart(alt.Data(values=grounds)).mark_geoshape(fill="#eee", stroke="#999")] if grounds else []
    picture = alt.layer(*ground, circles, names).project("identity", reflectY=True).properties(height=560)
    left.altair_chart(picture, width="stretch")
    means = frame.groupby("community", as_index=False)[["value", "low", "high"]].mean()
    bars = alt.layer(
        alt.Chart(means).mark_rule().encode(x="low:Q", x2="high:Q", y="community:N"),
        alt.Chart(means).mark_circle(size=70).encode(x="value:Q", y="community:N"),
    )
    right.altair_chart(bars, width="stretch")
    right.dataframe(means)
    st.caption(f"数据：map {metric} {quarter}")


def estate() -> None:
    st.title("小区")
    subject = st.selectbox("小区", sorted(places().subject))
    about = places().set_index("subject").loc[subject]
    for column, name in zip(st.columns(3), ("community", "households", "company"), strict=True):
        column.metric(name, str(about[name]))
    spells = table(
        "SELECT company, from_day, to_day FROM mart_spells WHERE estate = ? AND from_day > DATE '1980-01-01'", subject
    )
    if len(spells):
        spells["to_day"] = pd.to_datetime(spells.to_day.astype(str).str.slice(0, 4).clip(upper="2026"))
        spells["from_day"] = pd.to_datetime(spells.from_day)
        who = alt.Chart(spells).mark_bar().encode(x="from_day:T", x2="to_day:T", color="company:N")
        st.altair_chart(who.properties(height=80), width="stretch")
    for metric, name in street.NAMES.items():
        steps = series(metric)
        own = steps[steps.subject == subject]
        peers = street.in_quarter(steps, QUARTERS[0])
        left, right = st.columns([2, 1])
        left.metric(name, f"{own['value'].iloc[-1]:.3g}" if len(own) else "—")
        left.altair_chart(run_chart(own, name), width="stretch")
        ticks = alt.Chart(peers).mark_tick().encode(x=alt.X("value:Q", scale=alt.Scale(zero=False)))
        mine = alt.Chart(peers[peers.subject == subject]).mark_circle(size=90, color="red").encode(x="value:Q")
        right.altair_chart(alt.layer(ticks, mine).properties(height=90), width="stretch")
    costs = table(
        "SELECT category, sum(amount_yuan) AS yuan FROM costs"
        " WHERE estate = ? AND period_start >= DATE '2025-04-01' GROUP BY 1",
        subject,
    )
    tickets = table(
        "SELECT category, opened_at, closed_at,"
        " date_diff('day', opened_at, coalesce(closed_at, TIMESTAMP '2025-07-06')) AS days"
        " FROM tickets WHERE estate = ? AND opened_at >= TIMESTAMP '2025-04-01'",
        subject,
    )
    left, right = st.columns(2)
    if len(costs):
        left.altair_chart(
            alt.Chart(costs).mark_bar().encode(x="yuan:Q", y=alt.Y("category:N", sort="-x")), width="stretch"
        )
        left.dataframe(costs)
    if len(tickets):
        bars = alt.Chart(tickets).mark_bar().encode(x="count():Q", y=alt.Y("category:N", sort="-x"))
        right.altair_chart(bars, width="stretch")
        ages = alt.Chart(tickets).mark_bar().encode(x=alt.X("days:Q", bin=True), y="count():Q")
        right.altair_chart(ages.properties(height=160), width="stretch")
    st.dataframe(table("SELECT period_start, mode, responses, satisfied FROM mart_surveys WHERE estate = ?", subject))
    st.dataframe(table("SELECT action, owner, due_on, done_on FROM actions WHERE estate = ?", subject))
    st.dataframe(table("SELECT source_file, source_sheet, source_row FROM fees WHERE estate = ?", subject))
    st.caption(f"数据：estate {subject}")


def definitions() -> None:
    st.title("口径")
    for one in table("SELECT zh, question_zh, definition_zh, cannot_zh FROM metrics").itertuples():
        st.subheader(one.zh)
        st.markdown(f"{one.question_zh}\n\n{one.definition_zh}\n\n{one.cannot_zh}")
    st.caption("数据：definitions")


st.set_page_config(page_title="街道", layout="wide")
st.navigation(
    [
        st.Page(meeting, title="例会", default=True),
        st.Page(compare, title="对标"),
        st.Page(street_map, title="地图", url_path="map"),
        st.Page(estate, title="小区"),
        st.Page(definitions, title="口径"),
    ]
).run()
