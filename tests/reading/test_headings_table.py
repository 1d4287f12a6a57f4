"""The tables that a clerk may edit are well formed: each spelling stands for one thing, and each thing is ours."""

from __future__ import annotations

import csv
from collections import defaultdict
from importlib.resources import files

import pytest

from pipelines.kinds import KINDS
from pipelines.reading.headings import SPECIAL, aliases, category_of, core, event_type_of, understand
from pipelines.reading.words import heading_key

INDIRECT = {
    "*": {"estate", "community", "street", "period", "period_from", "period_to"},
    "estates": {"lonlat", "contract_span"},
    "costs": {"period"},
    "income": {"period"},
    "surveys": {"submitted_at"},
    "inspections": {"deduction"},
}
"""Words of the second column that are no field of the warehouse: what fields are worked out from."""
COST_CATEGORIES = {
    "人员费用", "公共设施维护", "清洁卫生", "绿化养护", "秩序维护", "办公费用", "折旧", "保险", "税费", "能耗", "其他",
}  # fmt: skip
INCOME_CATEGORIES = {"停车收入", "广告收入", "场地租金", "补贴", "其他收入"}
EVENT_TYPES = {
    "company_in", "company_out", "charging_started", "fee_changed", "mode_changed", "renovation", "other",
}  # fmt: skip


def lines(name: str) -> list[list[str]]:
    text = files("pipelines.kinds").joinpath(name).read_text(encoding="utf-8-sig")
    return list(csv.reader(text.splitlines()))


HEADINGS = lines("headings.csv")[1:]


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("headings.csv", ["kind", "field", "headings"]),
        ("categories.csv", ["kind", "category", "spellings"]),
        ("event_types.csv", ["event_type", "words"]),
    ],
)
def test_every_line_has_its_columns_and_no_empty_spelling(name: str, titles: list[str]) -> None:
    first, *rest = lines(name)
    assert first == titles
    faulty = [line for line in rest if len(line) != len(titles) or not all(line) or "" in line[-1].split("|")]
    assert faulty == []


def test_every_line_names_a_kind_and_one_of_its_fields_or_a_special_word() -> None:
    ours = {kind: {one.name for one in spec.fields} for kind, spec in KINDS.items()} | {"*": set()}
    strange = [
        (kind, field)
        for kind, field, _ in HEADINGS
        if kind not in ours or field not in ours[kind] | SPECIAL | INDIRECT.get(kind, set())
    ]
    assert strange == []


def test_no_kind_and_field_stand_on_two_lines() -> None:
    named = [(kind, field) for kind, field, _ in HEADINGS]
    assert [one for one in set(named) if named.count(one) > 1] == []


def test_no_spelling_stands_for_two_fields_of_one_kind() -> None:
    meant: dict[tuple[str, str], set[str]] = defaultdict(set)
    for kind, field, spellings in HEADINGS:
        for spelling in spellings.split("|"):
            meant[kind, heading_key(spelling)].add(field)
    assert {spot: fields for spot, fields in meant.items() if len(fields) > 1} == {}


def test_every_spelling_of_a_field_is_understood_as_that_field() -> None:
    table = aliases()
    wrong = [
        (kind, spelling, field)
        for kind, field, spellings in HEADINGS
        if kind != "*"
        for spelling in spellings.split("|")
        if table[heading_key(spelling)][kind] != field or understand(spelling).field(kind) != field
    ]
    assert wrong == []


def test_every_field_that_a_sheet_may_show_has_a_spelling() -> None:
    told = {(kind, field) for kind, field, _ in HEADINGS}
    derived = {"period_start", "period_end", "subject_kind"}
    missing = [
        (kind, one.name)
        for kind, spec in KINDS.items()
        for one in spec.fields
        if one.name not in derived and not {(kind, one.name), ("*", one.name)} & told
    ]
    assert missing == []


def test_what_owes_and_what_pays_never_fall_together_when_the_words_that_change_nothing_are_left_out() -> None:
    owed, paid = (
        {core(heading_key(spelling)) for kind, name, spellings in HEADINGS if (kind, name) == ("fees", field)
         for spelling in spellings.split("|")}
        for field in ("receivable_yuan", "received_yuan")
    )  # fmt: skip
    assert owed & paid - {""} == set()


def test_the_categories_are_those_of_the_contract_and_every_spelling_maps_to_its_own() -> None:
    told = lines("categories.csv")[1:]
    assert {category for kind, category, _ in told if kind == "costs"} == COST_CATEGORIES
    assert {category for kind, category, _ in told if kind == "income"} == INCOME_CATEGORIES
    assert {kind for kind, _, _ in told} == {"costs", "income"}
    wrong = [
        (kind, spelling)
        for kind, category, spellings in told
        for spelling in spellings.split("|")
        if category_of(spelling, kind) != category
    ]
    assert wrong == []


def test_the_types_of_event_are_those_of_the_contract_and_every_word_maps_to_its_own() -> None:
    told = lines("event_types.csv")[1:]
    assert {kind for kind, _ in told} == EVENT_TYPES
    assert [word for kind, words in told for word in words.split("|") if event_type_of(word) != kind] == []


def test_every_pattern_names_a_field_of_its_kind() -> None:
    from pipelines.kinds import KINDS
    from pipelines.reading.headings import patterns

    extra = {"inspections": {"deduction"}}
    for kind, shapes in patterns().items():
        known = {one.name for one in KINDS[kind].fields} | extra.get(kind, set())
        assert [name for name, _ in shapes if name not in known] == []


def test_a_heading_that_no_table_of_words_knows_is_told_by_its_shape() -> None:
    from pipelines.reading.headings import understand

    found = [
        understand(text).field(kind)
        for text, kind in (("报障日期", "tickets"), ("收回有效表数", "surveys"), ("下达日", "actions"))
    ]
    assert found == ["opened_at", "responses", "raised_on"]
    assert understand("小区门口的天气").field("tickets") is None
