"""The settings of a street: defaults that work, and mistakes that name their line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipelines.settings import SettingsError, load_settings
from pipelines.street import Due, Limit, Notice, PeerGroup, Retention, Samples, Settings, Street, Tickets

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "street.toml"

FULL = """
[street]
name = "晴川街道"
name_en = "Qingchuan Street"
alliance = "红心物业联盟"

[tickets]
default = "7天"
response = "2小时"
[tickets.limits]
"咨询" = "1个工作日"
"电梯*" = "24 hours"

[calendar.2027]
holidays = [2027-01-01, "2027-02-05..2027-02-07"]
workdays = [2027-02-20]

[expected]
"*" = { fees = "每月10日", tickets = "每周一" }
"柳岸社区" = { fees = "quarterly 15", tickets = false }

[peers]
by = "housing_type"
[[peers.group]]
name = "微型小区"
name_en = "Micro estates"
households_below = 50
housing_type = ["售后公房", "单位房"]

[targets]
satisfaction_rate = "85%"
collection_rate = 0.9
closure_median_hours = 72

[meeting]
weekday = "周五"

[samples]
internal = 8
metrics = { satisfaction_rate = 30 }

[rating]
rubric = "rubric.toml"

[retention]
raw_months = 12

[crs]
"*.geojson" = "高德"
"范围.gpkg" = "EPSG:4547"
"""


def settings(folder: Path, text: str) -> Settings:
    (folder / "street.toml").write_text(text, encoding="utf-8")
    return load_settings(folder)


def test_without_a_file_every_setting_has_its_default(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings()


def test_every_setting_is_read(tmp_path: Path) -> None:
    assert settings(tmp_path, FULL) == Settings(
        street=Street("晴川街道", "Qingchuan Street", "红心物业联盟", ""),
        tickets=Tickets(
            Limit(7, "days"), Limit(2, "hours"), {"咨询": Limit(1, "working_days"), "电梯*": Limit(24, "hours")}
        ),
        calendar={
            2027: Notice(
                frozenset({date(2027, 1, 1), date(2027, 2, 5), date(2027, 2, 6), date(2027, 2, 7)}),
                frozenset({date(2027, 2, 20)}),
            )
        },
        expected={
            "*": {"fees": Due("month", 10), "tickets": Due("week", 1)},
            "柳岸社区": {"fees": Due("quarter", 15), "tickets": None},
        },
        peers_by="housing_type",
        peer_groups=(PeerGroup("微型小区", "Micro estates", households_below=50, housing_type=("售后公房", "单位房")),),
        targets={"satisfaction_rate": 0.85, "collection_rate": 0.9, "closure_median_hours": 72.0},
        meeting_weekday=5,
        samples=Samples(internal=8, metrics={"satisfaction_rate": 30}),
        rubric="rubric.toml",
        retention=Retention(raw_months=12),
        crs={"*.geojson": "GCJ-02", "范围.gpkg": "EPSG:4547"},
    )


def test_a_limit_is_found_by_category_then_pattern_then_default(tmp_path: Path) -> None:
    tickets = settings(tmp_path, FULL).tickets

    found = [tickets.limit(category) for category in ("咨询", "电梯故障", "噪音扰民", None)]

    assert found == [Limit(1, "working_days"), Limit(24, "hours"), Limit(7, "days"), Limit(7, "days")]


def test_what_a_community_owes_is_its_own_entry_or_everybodys(tmp_path: Path) -> None:
    found = settings(tmp_path, FULL)

    assert found.due("柳岸社区", "fees") == Due("quarter", 15)
    assert found.due("柳岸社区", "tickets") is None
    assert found.due("春晖社区", "tickets") == Due("week", 1)
    assert found.due("春晖社区", "surveys") is None


def test_a_monthly_due_date_lies_in_the_next_month() -> None:
    assert Due("month", 10).by(date(2025, 2, 28)) == date(2025, 3, 10)
    assert Due("week", 1).by(date(2025, 3, 9)) == date(2025, 3, 10)


@pytest.mark.parametrize(
    ("text", "line", "zh"),
    [
        ("[street]\nnam = 'x'\n", 2, "没有“nam”这一项，是否想写“name”？"),
        ("[stret]\n", 1, "没有“stret”这一项，是否想写“street”？"),
        ("\n[street]\nname = 3\n", 3, '“name”写成了 3，应是文字（加英文双引号，如 "…"）'),
        ("street = 1\n", 1, "“street”写成了 1，应是一组设置（写在 [street] 之下）"),
        (
            "[tickets.limits]\n'咨询' = '很快'\n",
            2,
            '“咨询”写成了 "很快"，应是"24小时"、"5个工作日" 或 "7天" 这样的时限',
        ),
        ("[calendar.二七]\n", 1, None),
        ("[calendar.'27']\n", 1, "“27”不是年份，应写如 [calendar.2027]"),
        ("[calendar.2027]\nworkdays = [\n 2027-02-20,\n '2月']\n", 2, None),
        ("[expected]\n'*' = { fee = '每月10日' }\n", 2, "没有“fee”这一项，是否想写“fees”？"),
        ("[expected]\n'*' = { fees = '有空就报' }\n", 2, None),
        ("[targets]\ncollection_rate = 95\n", 2, '“collection_rate”写成了 95，应是"85%" 或 0.85 这样的比例'),
        ("[meeting]\nweekday = 8\n", 2, '“weekday”写成了 8，应是"周一" 至 "周日"，或 1 至 7'),
        ("[samples]\ninternal = true\n", 2, "“internal”写成了 true，应是1 至 1000000000 的整数"),
        ("[peers]\nby = 'age'\n", 2, None),
        ("[[peers.group]]\nname='a'\n[[peers.group]]\nhouseholds_below = 50\n", 3, "缺少 name：这一组的名称"),
        ("[crs]\n'*.geojson' = '北京54'\n", 2, None),
    ],
)
def test_a_mistake_names_its_line_and_what_to_type(tmp_path: Path, text: str, line: int, zh: str | None) -> None:
    with pytest.raises(SettingsError) as fault:
        settings(tmp_path, text)

    assert (fault.value.file, fault.value.line) == ("street.toml", line)
    assert zh is None or fault.value.zh == zh
    assert fault.value.en


def test_the_fingerprint_changes_with_a_setting_and_not_with_a_comment_or_the_order(tmp_path: Path) -> None:
    one = settings(tmp_path, "[targets]\ncollection_rate = 0.9\nsatisfaction_rate = 0.8\n").fingerprint()
    same = settings(tmp_path, "# note\n[targets]\nsatisfaction_rate = '80%'\ncollection_rate = 0.9\n").fingerprint()
    other = settings(tmp_path, "[targets]\ncollection_rate = 0.91\nsatisfaction_rate = 0.8\n").fingerprint()

    assert one == same
    assert one != other


def test_the_documentation_shows_the_example_as_it_is() -> None:
    docs = EXAMPLE.parents[1] / "docs"

    for name, example in (("SETTINGS.md", "street.toml"), ("CORRECTIONS.md", "corrections.toml")):
        assert (EXAMPLE.parent / example).read_text(encoding="utf-8") in (docs / name).read_text(encoding="utf-8")


def test_the_example_is_valid_and_shows_every_section(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")

    found = settings(tmp_path, text)

    assert found.street.name
    for section in ("street", "tickets", "calendar", "expected", "peers", "targets", "meeting", "samples", "rating"):
        assert f"[{section}" in text
