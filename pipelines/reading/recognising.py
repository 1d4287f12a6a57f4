"""Decides what kind a table is: the kind whose words explain its columns best."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Final

from pipelines.kinds import KINDS
from pipelines.mending.profiles import SheetProfile
from pipelines.reading.blocks import Block
from pipelines.reading.column_roles import roles_of
from pipelines.reading.headings import IGNORED, PERSONAL, TOTAL
from pipelines.reading.labelled import LABEL, with_labels
from pipelines.reading.levels import LEVELS
from pipelines.reading.profiled import profiled_roles
from pipelines.reading.roles import Role, Table
from pipelines.reading.sheets import Grid
from pipelines.reading.title_words import TITLE_WORDS

_FACTS: Final = frozenset(
    {
        "households", "floor_area_m2", "built_year", "buildings", "units", "fee_yuan_per_m2_month", "company",
        "governance_mode", "housing_type", "lon", "lat", "lonlat", "service_tier", "takeover_date", "aliases",
        "contract_end", "contract_span", "charging_date", "host_estate",
    }
)  # fmt: skip
_FOREIGN: Final = {
    "tickets": re.compile(r"金额|价税|借方|贷方|付款额|报销额|[（(]万?元[)）]"),
    "surveys": re.compile(r"受理|办结|工单|件数|派单|结案"),
    "costs": re.compile(r"得分|总分|名次|评分|分值|\d\s*分[)）]"),
    "income": re.compile(r"得分|总分|名次|评分|分值|\d\s*分[)）]"),
}
"""Headings that a table of a kind never has."""
_TELLING: Final = ("receivable_yuan", "amount_yuan", "opened_at", "criterion", "max_score", "event_type", "action")


def recognise(grid: Grid, block: Block, around: str, profile: SheetProfile | None = None) -> Table | None:
    """The block as a table of the kind that explains it best; None where none does.

    `around` is what stands around it: titles, sheet and file name.
    """
    if profile and profile.kind:
        return Table(profile.kind, block, profiled_roles(block, profile), profile)
    best: Table | None = None
    best_score = 0.0
    title = " ".join(block.titles)
    for kind in KINDS:
        roles = with_labels(grid, block, kind, roles_of(grid, block, kind, title or around))
        score = _fitness(kind, roles, title, around)
        if score > best_score:
            best, best_score = Table(kind, block, roles), score
    return best


def _fitness(kind: str, roles: tuple[Role, ...], title: str, around: str) -> float:
    """How well a kind explains the columns; 0 where a table of that kind could not be made of them."""
    fields = Counter(role.field for role in roles if role.field and role.field not in (IGNORED, TOTAL, PERSONAL))
    wide = [role for role in roles if role.wide and role.field]
    has = set(fields)
    if not _POSSIBLE[kind](has, wide, title, f"{title} {around}"):
        return 0.0
    known = sum(1 for role in roles if role.field == IGNORED)
    if kind == "estates" and len(has & _FACTS) < 2 and any(role.field is None for role in roles):
        return 0.0
    told = {role.field for role in roles if not role.by_shape}
    score = len(has & told) + 0.4 * len(has - told) + 0.6 * sum(min(n, 3) - 1 for n in fields.values()) + 0.1 * known
    if kind in _FOREIGN and any(_FOREIGN[kind].search(role.heading) for role in roles):
        return 0.0
    score += 8.0 * (LABEL in has)
    score += 1.5 * sum(1 for name in _TELLING if name in has)
    if TITLE_WORDS[kind].search(title):
        score += 2.0
    elif TITLE_WORDS[kind].search(around):
        score += 1.0
    return score - 0.5 * sum(1 for role in roles if role.field is None and role.heading)


def _estates(has: set[str], wide: list[Role], title: str, words: str) -> bool:
    del title
    del words
    return "estate" in has and bool(has & _FACTS) and not wide


def _fees(has: set[str], wide: list[Role], title: str, words: str) -> bool:
    del wide, title, words
    return bool(has & {"receivable_yuan", "received_yuan", LABEL})


def _money(kind: str, other: str) -> Callable[[set[str], list[Role], str, str], bool]:
    def possible(has: set[str], wide: list[Role], title: str, words: str) -> bool:
        measured = "amount_yuan" in has
        if TITLE_WORDS["inspections"].search(title) and not TITLE_WORDS[kind].search(words):
            return False
        named = bool(has & {"category", "item"}) or any(role.category for role in wide)
        if measured and not named and "estate" in has and TITLE_WORDS[kind].search(words):
            return not TITLE_WORDS[other].search(title)
        return measured and named

    return possible


def _tickets(has: set[str], wide: list[Role], title: str, words: str) -> bool:
    del wide, title, words
    opened = "opened_at" in has and bool(has & {"ticket_id", "category", "summary", "channel", "closed_at"})
    return opened or ("ticket_id" in has and len(has & {"category", "summary", "closed_at", "estate"}) >= 2)


def _surveys(has: set[str], wide: list[Role], title: str, words: str) -> bool:
    del title, words
    levels = sum(1 for level in LEVELS if level in has)
    asked = any(role.field == "answer" for role in wide)
    return levels >= 2 or asked or "reported_rate" in has or {"satisfied_total", "responses"} <= has


def _inspections(has: set[str], wide: list[Role], title: str, words: str) -> bool:
    del title
    criteria = [role for role in wide if role.criterion or role.scorer]
    scored = bool(has & {"score", "deduction"})
    subject = bool(has & {"subject", "estate"})
    titled = bool(TITLE_WORDS["inspections"].search(words))
    if scored and subject and ("criterion" in has or criteria or titled):
        return True
    return (len(criteria) >= 2 or (scored and titled)) and (subject or "criterion" in has)


def _events(has: set[str], wide: list[Role], title: str, words: str) -> bool:
    del wide, title, words
    return {"event_date", "estate"} <= has and bool(has & {"event_type", "note"})


def _actions(has: set[str], wide: list[Role], title: str, words: str) -> bool:
    del wide, title, words
    return "action" in has and bool(has & {"owner", "raised_on", "due_on", "done_on", "status", "action_id"})


_POSSIBLE: Final[dict[str, Callable[[set[str], list[Role], str, str], bool]]] = {
    "estates": _estates,
    "fees": _fees,
    "costs": _money("costs", "income"),
    "income": _money("income", "costs"),
    "tickets": _tickets,
    "surveys": _surveys,
    "inspections": _inspections,
    "events": _events,
    "actions": _actions,
}
