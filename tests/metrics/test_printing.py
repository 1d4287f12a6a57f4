"""The table for people: columns that line up, amounts beside the rates, reasons and known shares in words."""

from __future__ import annotations

import pytest
from hand_made import bill, desk_of, estate, ticket

from pipelines.metrics.asking import ask
from pipelines.metrics.periods import read_period
from pipelines.metrics.printing import printed
from pipelines.metrics.question import Question
from pipelines.words import Language


def table(lang: Language, *metrics: str) -> list[str]:
    """The table of two estates, without the blanks at the ends of its lines."""
    opened = [
        ticket(f"2025-01-0{day} 09:00", f"2025-01-0{day} 19:00", resolved=True if day > 2 else None)
        for day in range(1, 8)
    ]
    desk = desk_of(
        estates=[estate(), estate("云锦新城")],
        fees=[bill("2025-01-01", "2025-01-31", 1200, 900.5)],
        tickets=[*opened, *({**one, "estate": "云锦新城"} for one in opened[:3])],
    )
    asked = Question(read_period("2025-01"), by="estate", metrics=metrics)
    return [line.rstrip() for line in printed(ask(desk, asked), desk.metrics, "table", lang).splitlines()]


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        (
            "zh",
            [
                "2025-01-01 至 2025-01-31，截至 2025-01-31",
                "指标    对象      口径           数值  95% 区间    分子 / 分母  样本  覆盖  变化          说明",
                "收缴率  云锦新城  当期（毛额）      —                                  0/1                没有报送",
                "收缴率  甲        当期（毛额）  75.0%            900.5 / 1,200     1   1/1  太短，看不出",
            ],
        ),
        (
            "en",
            [
                "2025-01-01 to 2025-01-31, as of 2025-01-31",
                (
                    "metric           subject   basis                  value  95 % interval  numerator / denominator  n"
                    "  coverage  change             remarks"
                ),
                (
                    "Collection rate  云锦新城  current period, gross      —                                           "
                    "       0/1                     not reported"
                ),
                (
                    "Collection rate  甲        current period, gross  75.0%                           900.5 / 1,200  1"
                    "       1/1  too short to tell"
                ),
            ],
        ),
    ],
)
def test_columns_line_up_under_their_headings(lang: Language, wanted: list[str]) -> None:
    assert table(lang, "collection_rate") == wanted


def test_the_known_share_is_told_and_a_hidden_rate_shows_no_numerator() -> None:
    _about, heading, other, one = table("zh", "resolution_rate")
    assert "口径" not in heading
    assert other.split()[:2] == ["解决率", "云锦新城"]
    assert other.endswith("份数太少，不显示；已知 33%；已知比例低于规定")
    assert "/" not in other.replace("1/1", "")
    assert "5 / 5" in one
    assert "已知 71%" in one
