"""What a right load of the demo must hold: the true street in the contract's columns, mistakes and all."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from pipelines.handouts.demo import boundaries, calls, meetings, mistakes, money, opinions, patrols
from pipelines.handouts.demo.calls import HOTLINE_SENDER, Ticket
from pipelines.handouts.demo.layouts_calls import exports
from pipelines.handouts.demo.layouts_fees import fields_sent, is_sent
from pipelines.handouts.demo.money import Fee
from pipelines.handouts.demo.opinions import RATES_ONLY
from pipelines.handouts.demo.registers import DAYS, contract
from pipelines.handouts.demo.world import (
    COMMUNITIES,
    ESTATES,
    company_of,
    estate,
    fee_of,
    is_charged,
    mode_of,
    month_end,
    quarter_range,
)
from pipelines.kinds import KINDS

_FEE_FIELDS: Final = {
    "received_yuan": "received",
    "waived_yuan": "waived",
    "prepaid_yuan": "prepaid",
    "arrears_recovered_yuan": "recovered",
    "households_paid": "paid",
}


def _frame(kind: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=KINDS[kind].schema(), orient="row")


def _estates() -> list[dict[str, object]]:
    day = DAYS[1]
    rows: list[dict[str, object]] = []
    for one in ESTATES:
        signed = contract(one, day)
        lon, lat = boundaries.centre(one)
        rows.append(
            {
                "estate": one.name,
                "aliases": list(one.aliases),
                "community": one.community,
                "street": None,
                "company": company_of(one, day),
                "governance_mode": mode_of(one, day),
                "housing_type": one.housing,
                "built_year": one.built,
                "buildings": one.buildings,
                "units": one.buildings * 3,
                "households": one.households,
                "floor_area_m2": one.area,
                "fee_yuan_per_m2_month": fee_of(one, day) if is_charged(one, day) else None,
                "service_tier": one.tier or None,
                "takeover_date": signed.since,
                "charging_date": signed.charged_since,
                "contract_end": signed.until,
                "host_estate": signed.host,
                "lon": lon,
                "lat": lat,
            }
        )
    return rows


def _is_kept_out(row: Fee) -> bool:
    planted = [mistakes.of("fees", row.estate, row.month, field) for field in _FEE_FIELDS]
    return any(one is not None and one.loads is None for one in planted)


def _fees() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for row in (*money.fees(), *money.buildings()):
        if not is_sent(row) or _is_kept_out(row):
            continue
        has = fields_sent(row)
        rows.append(
            {
                "estate": row.estate,
                "building": row.building,
                "unit": None,
                "period_start": row.month,
                "period_end": month_end(row.month),
                "receivable_yuan": row.receivable,
                "received_yuan": row.received,
                "waived_yuan": (row.waived or None) if "waived" in has else None,
                "prepaid_yuan": row.prepaid if "prepaid" in has else None,
                "opening_arrears_yuan": row.opening if "opening" in has else None,
                "arrears_recovered_yuan": row.recovered if "recovered" in has else None,
                "households_due": row.due if "due" in has else None,
                "households_paid": row.paid if "paid" in has else None,
            }
        )
    return rows


def _costs() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for row in money.costs():
        planted = mistakes.of("costs", row.estate, row.month, row.category)
        rows.append(
            {
                "estate": row.estate,
                "period_start": row.month,
                "period_end": month_end(row.month),
                "category": row.category,
                "item": row.words,
                "amount_yuan": row.amount if planted is None else planted.loads,
            }
        )
    return rows


def _income() -> list[dict[str, object]]:
    return [
        {
            "estate": row.estate,
            "period_start": row.start,
            "period_end": row.end,
            "category": row.category,
            "item": None,
            "amount_yuan": row.amount,
        }
        for row in money.income()
    ]


def _seen(row: Ticket) -> Ticket | None:
    """The ticket as its sender last showed it; None where it was opened after the last list."""
    covering = [
        one for one in exports(row.sender) if one.start <= row.opened.date() <= one.end and row.opened <= one.at
    ]
    if not covering:
        return None
    shown = calls.as_of(row, covering[0].at)
    for export in exports(row.sender):
        if export.at > covering[0].at and shown.closed is None:
            shown = calls.as_of(row, export.at)
    return shown


def _tickets() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for row in calls.tickets():
        shown = _seen(row)
        if shown is None:
            continue
        keeps_steps = shown.sender != COMMUNITIES[0]
        rows.append(
            {
                "estate": shown.estate,
                "ticket_id": shown.number,
                "opened_at": shown.opened,
                "dispatched_at": shown.dispatched if keeps_steps else None,
                "responded_at": shown.responded if keeps_steps else None,
                "due_at": shown.due if shown.sender == HOTLINE_SENDER else None,
                "closed_at": shown.closed,
                "category": shown.category,
                "channel": shown.channel,
                "summary": None if shown.has_planted_number else shown.summary,
                "resolved": shown.resolved,
                "satisfied": shown.satisfied,
                "reopened": shown.reopened if keeps_steps else None,
                "excluded_reason": shown.excluded if shown.sender == HOTLINE_SENDER else None,
            }
        )
    return rows


def _surveys() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for row in opinions.surveys():
        start, end = quarter_range(row.wave)
        place = (estate(row.estate).community, row.wave)
        levels: tuple[int | None, ...] = (None,) * 5 if place == RATES_ONLY else row.counts
        counted_on_load = place == opinions.QUESTIONNAIRES
        very, satisfied, neutral, bad, worst = levels
        rows.append(
            {
                "estate": row.estate,
                "period_start": start,
                "period_end": end,
                "question": "总体" if row.question == opinions.OVERALL else row.question,
                "issued": None if counted_on_load else row.issued,
                "responses": row.responses,
                "very_satisfied": very,
                "satisfied": satisfied,
                "neutral": neutral,
                "dissatisfied": bad,
                "very_dissatisfied": worst,
                "satisfied_total": row.satisfied,
                "reported_rate": None,
                "mode": row.mode,
                "conducted_by": row.conducted_by,
            }
        )
    return rows


def _inspections() -> list[dict[str, object]]:
    return [
        {
            "subject": row.subject,
            "subject_kind": row.subject_kind,
            "period_start": row.start,
            "period_end": row.end,
            "criterion": row.criterion,
            "score": row.score,
            "max_score": float(row.most),
            "scorer": row.scorer,
        }
        for row in patrols.scores()
    ]


def _events() -> list[dict[str, object]]:
    return [
        {
            "estate": row.estate,
            "event_date": row.on,
            "event_type": row.sort,
            "company": row.company,
            "value": row.value,
            "note": row.note,
        }
        for row in meetings.events()
    ]


def _actions() -> list[dict[str, object]]:
    latest = {row.number: row for day in meetings.HAND_INS for row in meetings.register(day)}
    return [
        {
            "action_id": row.number,
            "estate": row.estate,
            "action": row.text,
            "owner": row.owner,
            "raised_on": row.raised,
            "due_on": row.due,
            "done_on": row.done,
            "status": row.status,
        }
        for row in latest.values()
    ]


def frames() -> dict[str, pl.DataFrame]:
    """One frame a kind with the contract's columns, without those that trace a row.

    Left open, because the contract leaves them open: `item` of costs and `note` of events may hold more of the sheet's
    words; `summary` is null where a planted number must have been masked; `reported_rate` is as printed. The overall
    question of a survey is called 总体, also where a sheet asks nothing else and has no column for it.
    """
    return {
        "estates": _frame("estates", _estates()),
        "fees": _frame("fees", _fees()),
        "costs": _frame("costs", _costs()),
        "income": _frame("income", _income()),
        "tickets": _frame("tickets", _tickets()),
        "surveys": _frame("surveys", _surveys()),
        "inspections": _frame("inspections", _inspections()),
        "events": _frame("events", _events()),
        "actions": _frame("actions", _actions()),
    }


def as_of() -> date:
    """The last day that the demo's senders know of."""
    return max(one.at for sender in (HOTLINE_SENDER, *COMMUNITIES) for one in exports(sender)).date()
