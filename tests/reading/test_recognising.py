"""A table is of the kind whose words explain its columns best, and of none where none does."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.reading.blocks import find_blocks
from pipelines.reading.recognising import recognise

KINDS = [
    (
        "estates",
        ["序号", "小区名称", "所属社区", "总户数", "建筑面积", "物业企业"],
        [1, "翠湖苑", "春晖社区", 1, 2, "甲"],
    ),
    ("estates", ["小区", "经度", "纬度"], ["翠湖苑", 117.1, 36.6]),
    ("fees", ["小区", "月份", "应收金额", "实收金额", "收缴率"], ["翠湖苑", "2025年3月", 10, 9, "90%"]),
    ("fees", ["小区", "楼栋", "应缴户数", "已缴户数", "应收", "实收"], ["翠湖苑", "1栋", 10, 9, 10, 9]),
    ("costs", ["小区", "费用类别", "金额"], ["翠湖苑", "保洁", 5]),
    ("costs", ["小区", "人员费用", "绿化", "维修"], ["翠湖苑", 1, 2, 3]),
    ("income", ["小区", "收入类别", "金额"], ["翠湖苑", "停车费", 5]),
    ("income", ["小区", "停车费", "广告收入", "场地租金"], ["翠湖苑", 1, 2, 3]),
    (
        "tickets",
        ["工单编号", "小区", "受理时间", "诉求类别", "办结时间"],
        ["A1", "翠湖苑", "2025-03-01", "停车", "2025-03-02"],
    ),
    ("tickets", ["小区", "投诉时间", "投诉内容", "是否解决"], ["翠湖苑", "2025-03-01", "停车", "是"]),
    ("surveys", ["小区", "有效份数", "非常满意", "满意", "一般", "不满意"], ["翠湖苑", 6, 1, 2, 2, 1]),
    ("surveys", ["名次", "小区", "满意率"], [1, "翠湖苑", "90%"]),
    ("inspections", ["小区", "便民服务（30分）", "资料（20分）", "总分"], ["翠湖苑", 28, 18, 46]),
    ("inspections", ["受检小区", "考核项目", "分值", "得分"], ["翠湖苑", "绿化", 10, 9]),
    ("events", ["日期", "小区", "事项类型", "说明"], ["2025-03-01", "翠湖苑", "更换物业", "甲公司进驻"]),
    (
        "actions",
        ["会议日期", "小区", "议定事项", "责任单位", "完成时限"],
        ["6月4日", "翠湖苑", "清运", "甲", "6月20日"],
    ),
]


NAMES = [f"{kind} {place}" for place, (kind, _, _) in enumerate(KINDS)]


@pytest.mark.parametrize(("kind", "head", "row"), KINDS, ids=NAMES)
def test_headings_alone_tell_the_kind(table: Any, kind: str, head: list[str], row: list[Any]) -> None:
    _, found = table([head, row, row])
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(("kind", "head", "row"), KINDS, ids=NAMES)
def test_the_order_of_the_columns_does_not_matter(table: Any, kind: str, head: list[str], row: list[Any]) -> None:
    _, found = table([head[::-1], row[::-1], row[::-1]])
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    ("title", "kind"), [("2025年3月支出明细", "costs"), ("2025年3月公共收益明细", "income")], ids=["costs", "income"]
)
def test_where_the_columns_say_the_same_the_title_decides(table: Any, title: str, kind: str) -> None:
    _, found = table([title, ["小区", "项目名称", "类别", "金额"], ["翠湖苑", "甲", "其他", 5]])
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    "rows",
    [
        [["小区", "天气", "温度"], ["翠湖苑", "晴", 20]],
        [["姓名", "职务", "手机号"], ["测试甲", "经理", "某号"]],
        [["小区", "备注"], ["翠湖苑", "好"]],
        [["小区", "车位数", "电梯数"], ["翠湖苑", 10, 2]],
    ],
)
def test_a_table_that_no_kind_explains_is_of_none(sheet: Any, rows: Any) -> None:
    grid, found = find_blocks(sheet(rows))
    assert [recognise(grid, one, "") for one in found] == [None] * len(found)


@pytest.mark.parametrize("name", ["收费", "翠湖苑", "Sheet1", "投诉台账"])
def test_neither_the_sheets_nor_the_files_name_overrules_the_headings(read: Any, name: str) -> None:
    rows = [["小区", "月份", "应收", "实收"], ["翠湖苑", "2025年3月", 10, 9]]
    seen = read(rows, sheet=name, file=f"{name}.xlsx")
    assert list(seen.reading.records) == ["fees"]


@pytest.mark.parametrize(
    ("head", "around"),
    [
        (["小区", "环境卫生（30分）", "秩序维护（20分）", "总分"], "2025年3月"),
        (["小区", "环境卫生", "秩序维护", "总分"], "2025年3月考核"),
    ],
    ids=["maxima", "sheet's name"],
)
def test_scores_are_never_taken_for_yuan(table: Any, head: list[str], around: str) -> None:
    _, found = table([head, ["翠湖苑", 28, 18, 46]], around=around)
    assert found is not None
    assert found.kind == "inspections"
