"""A rubric with a mistake is refused with its file, line and reason, in Chinese and English."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.analysis.rating.ladders import LadderError, linear, points_at, rung_at, steps
from pipelines.metrics.catalogue import catalogue
from pipelines.rating.rubric_files import DEFAULT, RubricError, moved_too_far, presets, read_rubric

GOOD = """\
id = "street"
version = "1"
zh = "细则"
en = "rubric"
total = 100
[source]
zh = "本街道"
en = "this street"
[unknown]
zh = "无"
en = "none"
[guard]
largest_move = 3
previous = { 5 = 90, 4 = 80 }
[[threshold]]
stars = 5
at = 90
zh = "五星"
en = "five stars"
[[threshold]]
stars = 4
at = 80
zh = "四星"
en = "four stars"
[[dimension]]
id = "residents"
zh = "居民"
en = "Residents"
weight = 60
accepted = [50, 70]
[[dimension]]
id = "service"
zh = "服务"
en = "Service"
weight = 40
[[criterion]]
id = "satisfaction"
dimension = "residents"
zh = "满意率"
en = "Satisfaction"
points = 60
metric = "satisfaction_rate"
linear = [["60%", 0], ["90%", 60]]
least = 30
[[criterion]]
id = "speed"
dimension = "service"
zh = "办结时长"
en = "Time to close"
points = 40
metric = "closure_median_hours"
steps = [[0, 24, 40], [24, 72, 20], [72, inf, 0]]
[[item]]
id = "award"
zh = "表彰"
en = "Award"
kind = "bonus"
points = 2
[[veto]]
id = "floor"
zh = "满意率低于底线"
en = "Below the floor"
cap_at = 2
criterion = "satisfaction"
floor = "60%"
[[window]]
start = 2025-03-01
end = 2025-03-05
zh = "暴雪"
en = "Blizzard"
"""

MISTAKES = {
    "dimensions don't add up": (
        "weight = 40", "weight = 30", "weight = 30",
        "“service”各项分值合计 40，与本维度的 30 分不符", 'the criteria of "service" add up to 40, not to its 30',
    ),
    "the total isn't met": (
        "total = 100", "total = 90", "weight = 40",
        "各维度权重合计 100，应为总分 90", "the dimensions' weights add up to 100, not to the total of 90",
    ),
    "unknown metric": (
        '"satisfaction_rate"', '"satisfacton_rate"', "metric = ",
        "没有“satisfacton_rate”，是否想写“satisfaction_rate”？",
        'there is no "satisfacton_rate"; did you mean "satisfaction_rate"?',
    ),
    "overlapping ladder": (
        "[24, 72, 20]", "[20, 72, 20]", "steps = ",
        "第 2 段：区间 20—72 与前一个（到 24）重叠，请从 24 开始",
        "rung 2: the band 20 to 72 overlaps the one before it (to 24); begin at 24",
    ),
    "gapped ladder": (
        "[24, 72, 20]", "[30, 72, 20]", "steps = ",
        "第 2 段：区间 30—72 与前一个（到 24）之间有空档，请从 24 开始",
        "rung 2: the band 30 to 72 leaves a gap after the one before it (to 24); begin at 24",
    ),
    "overlapping lines": (
        '["90%", 60]]', '["50%", 60]]', "linear = ",
        "第 2 段：取值 0.5 不大于前一个 0.6，分段重叠；请从小到大写",
        "rung 2: 0.5 is not above 0.6 before it, so the pieces overlap; write them upwards",
    ),
    "the wrong way": (
        '[["60%", 0], ["90%", 60]]', '[["60%", 60], ["90%", 0]]', "linear = ",
        "方向不对：“满意率”越好，得分应越高", "the ladder goes the wrong way: better data must score more",
    ),
    "a ladder that gives too much": (
        '["90%", 60]]', '["90%", 61]]', "linear = ",
        "分值表最高 61 分，与本项 60 分不符", "the ladder gives at most 61, not the criterion's 60",
    ),
    "unknown key": (
        "least = 30", "leest = 30", "leest",
        "没有“leest”这一项，是否想写“least”？", 'there is no "leest"; did you mean "least"?',
    ),
    "no source": (
        'metric = "satisfaction_rate"\n', "", "[[criterion]]",
        "要写且只写一个来源：metric（指标）、inspection（考核项目）或 fact（事实）",
        "write one source, and only one: metric, inspection or fact",
    ),
    "thresholds that cross": (
        "at = 80", "at = 95", "at = 95",
        "4 星（95 分）与 5 星（90 分）的分数线重复或颠倒", "the thresholds of 4 (95) and 5 stars (90) clash",
    ),
    "a threshold that jumped": (
        "at = 80", "at = 84", "at = 84",
        "四星由 80 移到 84，超过每版最多 3 分",
        "four stars moves from 80 to 84, more than the 3 allowed in one version",
    ),
    "out of the accepted range": (
        "[50, 70]", "[65, 70]", "accepted",
        "权重 60 不在评审认可的范围 65—70 内", "the weight 60 isn't within the accepted range 65 to 70",
    ),
    "a veto without its criterion": (
        'criterion = "satisfaction"\n', 'criterion = "satisfied"\n', 'criterion = "satisfied"',
        "没有“satisfied”，是否想写“satisfaction”？", 'there is no "satisfied"; did you mean "satisfaction"?',
    ),
    "the same id twice": (
        'id = "award"', 'id = "speed"', 'id = "speed"\nzh = "表彰"',
        "编号“speed”用了两次", 'the id "speed" is used twice',
    ),
    "a window that ends before it begins": (
        "end = 2025-03-05", "end = 2025-02-05", "end = ",
        "2025-02-05 早于开始 2025-03-01", "2025-02-05 is before the start, 2025-03-01",
    ),
    "a text for a number": (
        "points = 2\n", 'points = "两分"\n', 'points = "两分"',
        "“points”写成了 \"两分\"，应是不小于 0 的数", '"points" is "两分"; it must be a number of 0 or more',
    ),
    "a metric that is neither good nor bad": (
        '"satisfaction_rate"', '"labour_share"', "metric = ",
        "“人工成本占比”没有好坏之分，不能计分",
        '"Labour share of costs" is neither better nor worse, so it has no points',
    ),
    "not TOML": ("total = 100", "total 100", "total 100", None, None),
}  # fmt: skip


def _write(folder: Path, text: str) -> Path:
    path = folder / "细则.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_rubric_is_read_with_its_hash(tmp_path: Path) -> None:
    path = _write(tmp_path, GOOD)
    found = read_rubric(path, catalogue())
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    rubric = found.rubric
    assert [(one.id, one.weight, one.accepted) for one in rubric.dimensions] == [
        ("residents", 60, (50, 70)),
        ("service", 40, (40, 40)),
    ]
    assert [(one.id, one.points, one.unit, one.least) for one in rubric.criteria] == [
        ("satisfaction", 60, "percent", 30),
        ("speed", 40, "hours", 0),
    ]
    assert [(one.stars, one.at) for one in rubric.thresholds] == [(4, 80), (5, 90)]


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_refused_with_its_line(tmp_path: Path, name: str) -> None:
    good, bad, at, zh, en = MISTAKES[name]
    assert GOOD.count(good) >= 1
    text = GOOD.replace(good, bad, 1)
    with pytest.raises(RubricError) as fault:
        read_rubric(_write(tmp_path, text), catalogue())
    line = text[: text.index(at)].count("\n") + 1
    assert (fault.value.file, fault.value.line) == ("细则.toml", line)
    if zh is not None:
        assert (fault.value.zh, fault.value.en) == (zh, en)


def test_every_preset_is_read_and_says_its_source_and_what_could_not_be_known() -> None:
    found = {name: read_rubric(path, catalogue()).rubric for name, path in presets().items()}
    assert sorted(found) == ["alliance", "quanzhou2025", "shandong"]
    assert DEFAULT in presets().values()
    for name, rubric in found.items():
        assert rubric.id == name
        assert all((rubric.source_zh, rubric.source_en, rubric.unknown_zh, rubric.unknown_en))
    quanzhou = found["quanzhou2025"]
    assert [len(quanzhou.dimensions), quanzhou.bonus_cap, quanzhou.least_service_days] == [5, 15, 365]
    assert [one.at for one in quanzhou.thresholds if one.stars in (1, 5)] == [60, 95]
    shandong = found["shandong"]
    assert [(one.zh, one.at) for one in shandong.thresholds] == [
        ("C 级", 0), ("B 级", 60), ("A 级", 70), ("AA 级", 80), ("AAA 级", 85),
    ]  # fmt: skip
    assert (shandong.total, shandong.bonus_cap) == (80, 40)


def test_a_new_version_whose_thresholds_moved_too_far_is_told() -> None:
    rubric = read_rubric(DEFAULT, catalogue()).rubric
    moved = replace(
        rubric, thresholds=tuple(replace(one, at=one.at + 4 * (one.stars == 3)) for one in rubric.thresholds)
    )
    assert moved_too_far(rubric, rubric) == []
    assert moved_too_far(rubric, moved) == [(3, 70, 74)]


def test_ladders_give_the_better_rung_at_their_edges() -> None:
    rising = steps([(0.6, 0.8, 3), (0.8, 1.01, 10)])
    assert points_at(rising, [0.5, 0.6, 0.79, 0.8, 1.0]).tolist() == [0, 3, 3, 10, 10]
    falling = steps([(0, 24, 10), (24, 72, 4)])
    assert points_at(falling, [0, 24, 25, 72, 73]).tolist() == [10, 10, 4, 4, 0]
    line = linear([(0.6, 0), (0.8, 10)])
    assert points_at(line, [0.5, 0.7, 0.8, 0.9]).round(9).tolist() == [0, 5, 10, 10]
    assert [rung_at(line, one) for one in (0.5, 0.6, 0.7, 0.9)] == ["..0.6", "0.6..0.8", "0.6..0.8", "0.8.."]
    for broken in ([(0.0, 1.0)], [(0.0, 1.0), (1.0, 3.0), (2.0, 2.0)]):
        with pytest.raises(LadderError):
            linear(broken)
