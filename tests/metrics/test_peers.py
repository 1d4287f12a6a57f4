"""Groups of estates that are fairly compared."""

from __future__ import annotations

import polars as pl
import pytest
from hand_made import estate

from pipelines.peers import peers_of
from pipelines.street import PeerGroup, Settings
from pipelines.tables import SCHEMAS

ESTATES = pl.DataFrame(
    [
        estate("小", households=16, service_tier="基本保障", built_year=1984, street=None),
        estate("旧", households=600, service_tier="基本保障", built_year=1993),
        estate("新", households=3000, service_tier="高档个性", built_year=2015),
        estate("空", households=None, service_tier=None),
    ],
    schema=SCHEMAS["estates"],
)


@pytest.mark.parametrize(
    ("settings", "groups"),
    [
        (Settings(), ["基本保障", "基本保障", "高档个性", "未分组"]),
        (Settings(peers_by="none"), ["全部小区"] * 4),
        (
            Settings(
                peer_groups=(
                    PeerGroup("微型小区", "Micro", households_below=50),
                    PeerGroup("老旧", "Old", built_before=2000),
                )
            ),
            ["微型小区", "老旧", "高档个性", "未分组"],
        ),
        (
            Settings(peer_groups=(PeerGroup("点名", "Named", estates=("空",)),)),
            ["基本保障", "基本保障", "高档个性", "点名"],
        ),
    ],
)
def test_own_groups_come_first_and_the_tier_is_the_default(settings: Settings, groups: list[str]) -> None:
    assert peers_of(ESTATES, settings)["peer_group"].to_list() == groups


def test_size_age_and_street_are_told_for_every_estate() -> None:
    found = peers_of(ESTATES, Settings())
    assert found["size_class"].to_list() == ["微型（50 户以下）", "中型（300—999 户）", "大型（1000 户及以上）", None]
    assert found["age_class"].to_list() == ["2000 年以前", "2000 年以前", "2010 年及以后", None]
    assert found["street"].to_list() == ["示例街道"] * 4
