"""Personal data is masked by general rules, and nothing else is touched."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.mending.personal import mask_column, mask_text, personal_heading


def identity_card(first: str) -> str:
    """The 17 digits with their check digit, by GB 11643: the weighted sum of all 18 is 1 modulo 11."""
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(first))
    return first + "0123456789X"[(1 - total) % 11]


CARD = identity_card("34010219850412001")


@pytest.mark.parametrize(
    ("text", "masked", "kinds"),
    [
        ("垃圾无人清运，请回电13800000000", "垃圾无人清运，请回电×××", ("phone",)),
        ("138 0000 0000", "×××", ("phone",)),
        ("138-0000-0000转告", "×××转告", ("phone",)),
        ("１３８００００００００", "×××", ("phone",)),
        ("+86 138 0000 0000", "×××", ("phone",)),
        ("手机:8613800000000，", "手机:×××，", ("phone",)),
        ("13800000000/13900000000", "×××/×××", ("phone",)),
        ("0551-65123456", "×××", ("phone",)),
        ("(0551)65123456", "×××", ("phone",)),
        ("联系电话：6512 3456", "联系电话：×××", ("phone",)),
        (f"身份证{CARD}", "身份证×××", ("id_card",)),
        ("身份证号110101199001010015核对", "身份证号×××核对", ("id_card",)),
        ("本人证件340102850412001", "本人证件×××", ("id_card",)),
        ("340102 19850412 0013", "×××", ("id_card",)),
        ("退款到6222021234567890128", "退款到×××", ("bank_card",)),
        ("银行卡号：1234 5678 9012 3456", "银行卡号：×××", ("bank_card",)),
        ("皖A12345占消防通道", "皖A×××占消防通道", ("plate",)),
        ("皖A·D12345占位", "皖A·×××占位", ("plate",)),
        ("京ａ１２３４５", "京ａ×××", ("plate",)),
        ("业主张三反映电梯坏", "业主张某反映电梯坏", ("name",)),
        ("业主张小三反映电梯坏", "业主张某反映电梯坏", ("name",)),
        ("联系人：李四", "联系人：李某", ("name",)),
        ("投诉人: 欧阳小明，要求回复", "投诉人: 欧阳某，要求回复", ("name",)),
        ("王小明先生来电", "王某先生来电", ("name",)),
        ("居民陈秀英家漏水", "居民陈某家漏水", ("name",)),
        ("联系李建国 13900000000", "联系李某 ×××", ("name", "phone")),
        ("张先生电话13900000000", "张先生电话×××", ("phone",)),
        ("3号楼2单元501室漏水", "3号楼2单元×××室漏水", ("room",)),
        ("12栋301漏水", "12栋×××漏水", ("room",)),
        ("5幢1204、1205室之间", "5幢×××室之间", ("room",)),
        ("3#2-501停电", "3#2-×××停电", ("room",)),
        ("1-2-301", "1-2-×××", ("room",)),
        ("二单元三零一室", "二单元×××室", ("room",)),
        ("12栋301户主", "12栋×××户主", ("room",)),
        ("12栋301业主张三，13800000000", "12栋×××业主张某，×××", ("name", "phone", "room")),
    ],
)
def test_personal_data_in_a_text_is_masked(text: str, masked: str, kinds: tuple[str, ...]) -> None:
    assert mask_text(text) == (masked, kinds)


INNOCENT = [
    "8号楼2单元电梯困人后未及时处理",
    "12345热线",
    "1号楼4单元消防通道被车辆占用，拨打12345无果",
    "LY20250001",
    "GD13520250401",
    "JX202504150001",
    "20250415000123456",
    "202504151234567890",
    "340104202504150001",
    "340104250415001",
    "2025-04-15 13:30:00",
    "2015-12-13 10:11:12",
    "15-12-2025",
    "1-2-2025",
    "2025年4月15日受理，4月20日办结",
    "13800000.00",
    "0.13812345678",
    "117.2345678901",
    "应收13,800,000.00元",
    "共301户，已缴256户",
    "12栋301户未缴",
    "3号楼1500平方米外墙",
    "2号楼停水300天",
    "6栋2024年改造",
    "6栋2024-2025年改造",
    "2单元300余户",
    "春风101小区",
    "锦绣苑(二期)",
    "江畔一号",
    "张江花园",
    "安徽安馨物业服务有限公司",
    "北京长城物业管理有限公司",
    "业主反映多次未处理",
    "业主委员会换届",
    "业主代表",
    "业主高度关注",
    "居民安全受影响",
    "居民高空抛物",
    "业主常年不交费",
    "业主和物业协商",
    "居民张贴广告。",
    "业主任意停车",
    "居民严重不满",
    "住户万分焦急",
    "王女士反映电梯坏",
    "张先生来电",
    "门卫王大爷态度差",
    "业主王女士来电",
    "张某反映",
    "负责人：物业公司",
    "经办人：安全部",
    "3室2厅",
    "301会议室",
    "建设路501号",
    "1到3号楼2025.6完成",
    "电话回访2025年一季度",
    "来电20250415",
    "电话回访400-820-8820",
    "苏州街A区",
    "新A区改造",
    "满意度85.5%，样本1380份",
    "150 200 300 400 500 60",
    "https://example.com/a?id=1",
    "8:30-17:30",
    "Duplicate of Existing Case, See # 2732",
    "",
]


@pytest.mark.parametrize("text", INNOCENT)
def test_what_only_looks_like_personal_data_is_left_alone(text: str) -> None:
    assert mask_text(text) == (text, ())


NEIGHBOURS = st.text(alphabet="号楼单元室电话张三业主，。（）：、/ \u200b的请回", max_size=8)
MOBILE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@given(NEIGHBOURS, MOBILE, NEIGHBOURS, st.sampled_from(["", "-", " ", "full"]))
@example("1.", "13800000000", "", "")
@example("101-", "13800000000", "", "")
@example("电话13900000000", "13800000000"[:11], "、", " ")
def test_no_mobile_number_survives(before: str, mobile: str, after: str, gap: str) -> None:
    shown = mobile if gap in ("", "full") else gap.join((mobile[:3], mobile[3:7], mobile[7:]))
    if gap == "full":
        shown = shown.translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    masked, kinds = mask_text(f"{before}，{shown}{after}")

    assert mobile not in re.sub(r"[\s\-]", "", masked.translate({0xFF10 + n: str(n) for n in range(10)}))
    assert "phone" in kinds


@given(st.text(alphabet="0123456789-—－. 号楼栋单元室业主联系人电话：张李三四先生皖A某×１２", max_size=24))
def test_the_quick_look_at_a_column_misses_nothing(text: str) -> None:
    masked, kinds = mask_text(text)
    cells, marks = mask_column(pl.Series("c", [text, None, "无"]))

    assert cells.to_list() == [masked, None, "无"]
    assert marks.to_list() == [not {"phone", "id_card", "bank_card", "plate", "name"}.isdisjoint(kinds), False, False]


@given(st.text(alphabet="0123456789-. 号楼栋单元室业主电话：张李三四先生皖A", max_size=24))
def test_what_is_masked_stays_masked_and_finds_nothing_more(text: str) -> None:
    masked, _ = mask_text(text)

    assert mask_text(masked) == (masked, ())


def test_every_example_is_masked_in_a_column_too() -> None:
    cells, marks = mask_column(pl.Series("c", ["请回电13800000000", "3号楼2单元501室", None, "正常", "业主张三反映"]))

    assert cells.to_list() == ["请回电×××", "3号楼2单元×××室", None, "正常", "业主张某反映"]
    assert marks.to_list() == [True, False, False, False, True]


def test_a_long_clean_column_costs_next_to_nothing() -> None:
    cells = pl.Series("c", [f"{n % 90}号楼{n % 4}单元消防通道被车辆占用{n}" for n in range(20_000)])
    mask_column(cells)

    took = []
    for _ in range(5):
        start = time.perf_counter()
        mask_column(cells)
        took.append(time.perf_counter() - start)

    assert min(took) < 0.05


CORPUS = Path(__file__).resolve().parents[2] / "../shared/corpus"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
def test_the_planted_numbers_of_the_corpus_are_masked_and_nothing_else() -> None:
    files = [one for one in json.loads((CORPUS / "truth.json").read_text(encoding="utf-8")) if one.get("secrets")]
    for one in files:
        if not one["file"].endswith(".csv"):
            continue
        text = (CORPUS / one["file"]).read_bytes().decode("gb18030")
        cells = pl.Series("c", [cell for line in text.splitlines() for cell in line.split(",")])
        masked, marks = mask_column(cells)

        assert not any(secret in cell for secret in one["secrets"] for cell in masked)
        assert marks.sum() == len([f for f in one["findings"] if f["code"] == "personal_data"])
        assert cells.filter(masked != cells).to_list() == cells.filter(marks).to_list()


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("姓名", "name"),
        ("业主", "name"),
        ("户主姓名", "name"),
        ("联 系 人", "name"),
        ("来电人", "name"),
        ("投诉人姓名", "name"),
        ("居民姓名", "name"),
        ("项目经理", "name"),
        ("Contact person", "name"),
        ("电话", "phone"),
        ("手机\n号码", "phone"),
        ("联系方式", "phone"),
        ("联系电话（手机）", "phone"),
        ("项目经理电话", "phone"),
        ("Phone No.", "phone"),
        ("身份证号码", "id_card"),
        ("银行卡号", "bank_card"),
        ("房号", "room"),
        ("室号", "room"),
        ("门牌号", "room"),
        ("户号", "room"),
        ("房间号", "room"),
        ("楼栋房号", "room"),
        ("详细住址", "room"),
        ("家庭住址", "room"),
        ("车牌号", "plate"),
        ("小区名称", None),
        ("检查人", None),
        ("评分人", None),
        ("填表人", None),
        ("责任人", None),
        ("业主代表", None),
        ("业主（户）", None),
        ("业主满意度", None),
        ("业主委员会", None),
        ("电话回访", None),
        ("电话调查样本数", None),
        ("房屋类型", None),
        ("房屋面积", None),
        ("楼栋", None),
        ("单元", None),
        ("楼栋数", None),
        ("受理渠道", None),
        ("联系次数", None),
        ("物业企业", None),
        ("户数", None),
        ("住户数", None),
        ("来电时间", None),
        ("投诉人数", None),
        ("是否电话联系", None),
        ("诉求内容", None),
        ("社区名称", None),
        ("id", None),
        ("number", None),
        ("", None),
    ],
)
def test_headings_of_personal_columns_are_known(heading: str, kind: str | None) -> None:
    assert personal_heading(heading) == kind
