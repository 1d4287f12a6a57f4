from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reading.units import Unit, find_unit, read_unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("元", Unit("money", 1.0)),
        ("千元", Unit("money", 1e3)),
        ("万元", Unit("money", 1e4)),
        ("亿元", Unit("money", 1e8)),
        ("人民币元", Unit("money", 1.0)),
        ("㎡", Unit("area", 1.0)),
        ("m²", Unit("area", 1.0)),
        ("M2", Unit("area", 1.0)),
        ("平方米", Unit("area", 1.0)),
        ("平米", Unit("area", 1.0)),
        ("万㎡", Unit("area", 1e4)),
        ("万平方米", Unit("area", 1e4)),
        ("万平", Unit("area", 1e4)),
        ("亩", Unit("area", 2000 / 3)),
        ("元/㎡·月", Unit("fee", 1.0, "m2", 1.0)),
        ("元/平米/月", Unit("fee", 1.0, "m2", 1.0)),
        ("元／月／平方米", Unit("fee", 1.0, "m2", 1.0)),
        ("元/（㎡·月）", Unit("fee", 1.0, "m2", 1.0)),
        ("元每平方米每月", Unit("fee", 1.0, "m2", 1.0)),
        ("元/m2.年", Unit("fee", 1.0, "m2", 12.0)),
        ("元/㎡·季", Unit("fee", 1.0, "m2", 3.0)),
        ("元/㎡", Unit("fee", 1.0, "m2", None)),
        ("元/户·月", Unit("fee", 1.0, "household", 1.0)),
        ("元/年·户", Unit("fee", 1.0, "household", 12.0)),
        ("元/户/年", Unit("fee", 1.0, "household", 12.0)),
        ("每户每月", Unit("fee", 1.0, "household", 1.0)),
        ("元/月", Unit("fee", 1.0, None, 1.0)),
        ("户", Unit("count", 1.0)),
        ("万户", Unit("count", 1e4)),
        ("份", Unit("count", 1.0)),
        ("分", Unit("score", 1.0)),
        ("%", Unit("rate", 0.01)),
        ("％", Unit("rate", 0.01)),
        ("‰", Unit("rate", 0.001)),
        ("天", Unit("days", 1.0)),
        ("小时", Unit("days", 1 / 24)),
        ("元旦", None),
        ("月", None),
        ("满分10分", None),
        ("含税", None),
        ("个百分点", None),
        ("", None),
    ],
)
def test_a_unit_is_known_by_all_its_spellings(text: str, unit: Unit | None) -> None:
    assert read_unit(text) == unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("单位：万元", Unit("money", 1e4)),
        ("金额单位:元", Unit("money", 1.0)),
        ("（单位：人民币 万元）", Unit("money", 1e4)),
        ("支出项目（万元）", Unit("money", 1e4)),
        ("应收金额\n（万元）", Unit("money", 1e4)),
        ("合同金额（含税，万元）", Unit("money", 1e4)),
        ("应收金额（含税）（元）", Unit("money", 1.0)),
        ("应收金额万元", Unit("money", 1e4)),
        ("应收金额/万元", Unit("money", 1e4)),
        ("建筑面积㎡", Unit("area", 1.0)),
        ("建筑面积平方米", Unit("area", 1.0)),
        ("建筑面积（万平方米）", Unit("area", 1e4)),
        ("物业费标准\n（元/㎡·月）", Unit("fee", 1.0, "m2", 1.0)),
        ("收费标准（元/（㎡·季））", Unit("fee", 1.0, "m2", 3.0)),
        ("收费标准元/户·月", Unit("fee", 1.0, "household", 1.0)),
        ("满意率%", Unit("rate", 0.01)),
        ("应缴户数（户）", Unit("count", 1.0)),
        ("得分（分）", Unit("score", 1.0)),
        ("2024年度收支情况表    单位：元", Unit("money", 1.0)),
        ("单元", None),
        ("2单元", None),
        ("元旦", None),
        ("一元", None),
        ("支出100万元", None),
        ("多元", None),
        ("联系人", None),
        ("评分", None),
        ("安全管理（30分）", None),
        ("制表单位：柳园街道", None),
        ("填报单位：物业办", None),
        ("2025年3月", None),
        ("水平", None),
    ],
)
def test_a_unit_inside_a_text_is_found_and_chance_letters_are_not(text: str, unit: Unit | None) -> None:
    assert find_unit(text) == unit


@given(st.one_of(st.text(), st.text("元万/㎡月户年（）()单位：:·%平 ")))
def test_no_text_is_too_odd(text: str) -> None:
    read_unit(text)
    find_unit(text)
