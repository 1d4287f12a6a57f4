"""What a page told is written as canonical JSON and read back as the same values."""

from __future__ import annotations

import dataclasses
import importlib
import json
import pkgutil
from dataclasses import dataclass
from datetime import date, datetime
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

import dashboard.charts
from dashboard.charts.run import RunChart
from dashboard.charts.times import Promise
from dashboard.stories import atoms
from dashboard.stories.atoms import Cell, Figure, Footnote, Link
from dashboard.stories.codec import UnreadableError, dumps, loads
from dashboard.stories.headline import Headline
from pipelines.metrics.periods import Period

FOOTNOTE = Footnote("定义", "样本", "2025-06", "2025-07-06", "表", "1", "meeting-x")
PROMISE = Promise(date(2025, 6, 30), (date(2025, 7, 7), date(2025, 7, 14)), date(2025, 7, 6), False, "提出", "到期")


def told_by(module: Any) -> list[type]:
    found = vars(module).values()
    return [
        one
        for one in found
        if isinstance(one, type) and dataclasses.is_dataclass(one) and one.__module__ == module.__name__
    ]


CHARTS = [
    one
    for module in pkgutil.iter_modules(dashboard.charts.__path__)
    for one in told_by(importlib.import_module(f"dashboard.charts.{module.name}"))
]


def made(kind: Any, turn: int) -> Any:
    """A value of a type; other turns give other members of unions, other lengths and other values."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return made(inner[turn % len(inner)], turn // len(inner))
    if origin is Literal:
        return inner[turn % len(inner)]
    if origin is tuple and inner[-1] is ...:
        return tuple(made(inner[0], turn + more) for more in range(turn % 4))
    if origin is tuple:
        return tuple(made(one, turn + more) for more, one in enumerate(inner))
    if origin is dict:
        return {f"键{more}": made(inner[1], turn + more) for more in range(turn % 3)}
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(
            **{one.name: made(hints[one.name], turn + more) for more, one in enumerate(dataclasses.fields(kind))}
        )
    plain = {
        str: ("", "“引号” <b>&\n", "2025-07-07"),
        int: (0, -7, 10**12),
        float: (0.1, -3.0, 1e-300),
        bool: (True, False),
        date: (date(2025, 7, 7), date(1999, 12, 31)),
        type(None): (None,),
    }[kind]
    return plain[turn % len(plain)]


@pytest.mark.parametrize("cls", [*CHARTS, *told_by(atoms), Headline], ids=lambda cls: cls.__name__)
def test_every_story_and_picture_survives(cls: type) -> None:
    reports = [made(cls, turn) for turn in range(40)]
    assert [loads(dumps(one), cls) for one in reports] == reports
    assert [dumps(loads(dumps(one), cls)) for one in reports] == [dumps(one) for one in reports]


def test_the_writing_is_canonical() -> None:
    figure = Figure("meeting-x", "标题", "", PROMISE, FOOTNOTE)
    content = dumps(figure)
    assert content.decode("utf-8") == (
        '{"$":"Figure","chart":{"$":"Promise","due_word":"到期","dues":["2025-07-07","2025-07-14"],"first_word":"提出",'
        '"is_over":false,"raised":"2025-06-30","today":"2025-07-06"},"footnote":{"$":"Footnote","as_of":"2025-07-06",'
        '"code":"meeting-x","definition":"定义","period":"2025-06","sample":"样本","source":"表","version":"1"},'
        '"id":"meeting-x","label":"","subtitle":"","title":"标题"}'
    )
    assert loads(content, Figure) == figure
    assert dumps(Link("estate", {"b": "1", "a": "2"})) == dumps(Link("estate", {"a": "2", "b": "1"}))


@dataclass(frozen=True)
class Report:
    """Every kind of value at once."""

    period: Period
    at: datetime
    by_name: dict[str, tuple[Period, ...]]
    pair: tuple[int, str] | None
    either: Period | date | str | None
    text: str = "x"


@pytest.mark.parametrize("either", [Period(date(2025, 1, 1), date(2025, 1, 31)), date(2025, 1, 2), "2025年", None])
def test_values_keep_their_types(either: Period | date | str | None) -> None:
    period = Period(date(2025, 6, 1), date(2025, 6, 30))
    report = Report(period, datetime(2025, 7, 7, 9, 30, 0, 7), {"甲": (period,), "乙": ()}, (1, "1"), either)
    assert loads(dumps(report), Report) == report


def test_a_whole_number_stays_whole() -> None:
    for value in (3, 3.0, "3", None):
        again = loads(dumps(Cell("三", value=value)), Cell).value
        assert (again, type(again)) == (value, type(value))


def test_a_field_that_came_later_takes_its_default() -> None:
    plain = json.loads(dumps(Link("map")))
    del plain["changes"]
    assert loads(json.dumps(plain).encode(), Link) == Link("map")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"$":"Cell","text":"x"}',
        b'{"$":"Link"}',
        b'{"$":"Link","page":1}',
        b'{"$":"Link","page":"","changes":{"a":1}}',
        b'{"$":"Link","page":"","more":1}',
        b'{"page":""}',
    ],
)
def test_what_is_no_such_story_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableError):
        loads(content, Link)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_cannot_be_sealed(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        dumps(Cell("x", value=value))


def test_what_is_no_plain_value_cannot_be_sealed() -> None:
    with pytest.raises(TypeError, match="set can't be sealed"):
        dumps(Cell("x", value={1}))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="keys"):
        dumps(Link("x", {"$": "Cell"}))


def test_a_run_chart_is_not_taken_for_another_picture() -> None:
    chart = RunChart("x", "%", 1, (), (), (), None, "", "", "", "none", "")
    assert loads(dumps(Figure("x", "", "", chart, FOOTNOTE)), Figure).chart == chart
