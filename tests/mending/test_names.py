import pytest

from pipelines.mending.names import Match, Register, canonical, looks_like_company

REGISTER = Register.of(
    [
        ("柳岸花园", [], "柳岸社区", "柳园街道"),
        ("锦绣苑（一期）", [], "柳岸社区", None),
        ("锦绣苑（二期）", [], "柳岸社区", None),
        ("桂香里小区", ["桂香大院"], "桂香社区", None),
        ("东湾半岛四区", [], None, None),
        ("江畔一号", [], None, None),
        ("甲苑", ["大院"], None, None),
        ("乙苑", ["大院"], None, None),
    ],
    ["柳城安馨物业服务有限公司", "柳城安馨物业服务"],
)


@pytest.mark.parametrize(
    ("sent", "estate"),
    [
        ("柳岸 花园", "柳岸花园"),
        ("柳岸花园小区", "柳岸花园"),
        ("桂香里", "桂香里小区"),
        ("桂香大院", "桂香里小区"),
        ("锦绣苑(一期)", "锦绣苑（一期）"),
        ("锦绣苑Ⅱ期", "锦绣苑（二期）"),
        ("锦绣苑II期", "锦绣苑（二期）"),
        ("锦绣苑小区第２期", "锦绣苑（二期）"),
        ("东湾半岛4区", "东湾半岛四区"),
        ("江畔1号", "江畔一号"),
        ("柳岸社区柳岸花园", "柳岸花园"),
        ("柳园街道柳岸社区柳岸花园", "柳岸花园"),
        ("柳岸花园（原纺织厂宿舍）", "柳岸花园"),
    ],
)
def test_spellings_of_one_estate_are_one_estate(sent, estate):
    assert REGISTER.resolve(sent) == Match(estate)


@pytest.mark.parametrize(
    ("sent", "near"),
    [
        ("柳岸花苑", ["柳岸花园"]),
        ("锦绣苑", ["锦绣苑（一期）", "锦绣苑（二期）"]),
        ("锦绣苑三期", ["锦绣苑（一期）", "锦绣苑（二期）"]),
        ("东湾半岛五区", ["东湾半岛四区"]),
        ("东湾半岛", ["东湾半岛四区"]),
        ("江畔二号", ["江畔一号"]),
        ("大院", ["乙苑", "甲苑"]),
        ("桂香社区柳岸花园", ["柳岸花园"]),
        ("完全无关之处", []),
    ],
)
def test_near_misses_are_reported_and_never_guessed(sent, near):
    assert REGISTER.resolve(sent) == Match(None, near)


@pytest.mark.parametrize(
    ("title", "estate"),
    [
        ("柳岸花园小区2024年物业服务成本明细表", "柳岸花园"),
        ("柳岸花园1-6月收费", "柳岸花园"),
        ("柳岸花园一季度", "柳岸花园"),
        ("柳岸花园20250101.xlsx", "柳岸花园"),
        ("柳岸花园3号楼收费", "柳岸花园"),
        ("江畔一号2024年", "江畔一号"),
        ("锦绣苑(一期)", "锦绣苑（一期）"),
        ("锦绣苑收费", None),
        ("柳岸花园二期收费", None),
        ("柳岸花园东区", None),
        ("新柳岸花园", None),
        ("柳岸社区收费", None),
        ("柳岸花园、江畔一号收费表", None),
        ("柳岸花园物业服务有限公司", None),
        ("锦绣苑一期二期", None),
    ],
)
def test_a_title_names_an_estate_only_where_it_can_mean_no_other(title, estate):
    assert REGISTER.find_in(title) == estate


def test_a_company_without_its_legal_form_is_the_same_company():
    assert REGISTER.company("柳城安馨物业 服务") == "柳城安馨物业服务有限公司"
    assert REGISTER.company("柳城安馨物业服务有限责任公司") == "柳城安馨物业服务有限公司"
    assert REGISTER.company("安馨物业") is None
    assert looks_like_company("安馨物业服务有限公司")
    assert not looks_like_company("桂香里小区")


def test_numerals_make_two_names_different():
    assert canonical("机床厂一生活区") != canonical("机床厂二生活区")
    assert canonical("Ａ区（十二组团）") == canonical("a区12组团")
