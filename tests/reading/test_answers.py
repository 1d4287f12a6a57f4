from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reading.answers import LEVELS, answer_level, question_text, read_flags, read_levels


def cells(*texts: str | None) -> pl.Series:
    return pl.Series("c", texts, dtype=pl.String)


YES = ["是", "√", "✓", "✔", "☑", "1", "1.0", "Y", "y", "yes", "Yes", "TRUE", "true"]
NO = ["否", "×", "✗", "✘", "x", "X", "0", "0.0", "N", "no", "No", "FALSE", "false"]


@pytest.mark.parametrize("field", ["resolved", "satisfied", "reopened", "published"])
def test_signs_of_yes_and_no_hold_for_every_field(field: str) -> None:
    column = read_flags(cells(*YES, *NO), field)
    assert column.values.to_list() == [True] * len(YES) + [False] * len(NO)
    assert not column.bad.any()


@pytest.mark.parametrize(
    ("field", "yes", "no", "unknown", "bad"),
    [
        (
            "resolved",
            [
                "已解决",
                "解决",
                "已办结",
                "已处理完毕",
                "基本解决",
                "已解决（3月10日）",
                "已解决，居民满意",
                "√是 □否",
                "resolved",
            ],
            [
                "未解决",
                "部分解决",
                "未办结",
                "没解决",
                "尚未解决",
                "无法解决",
                "未完全解决",
                "□是 ☑否",
                "unresolved",
            ],
            ["-", "无", "未回访", "办理中", "已派单", None],
            ["看情况", "已解决？", "满意", "3"],
        ),
        (
            "satisfied",
            ["满意", "非常满意", "很满意", "较满意", "基本满意", "比较满意", "Very satisfied"],
            ["不满意", "不太满意", "非常不满意", "很不满意", "一般", "dissatisfied"],
            ["未回访", "未评价", "无法联系", "无人接听", "拒访", "暂无"],
            ["看情况", "已解决"],
        ),
        (
            "reopened",
            ["已重办", "重办", "重办1次", "退回重办"],
            ["未重办", "无重办", "没有重办", "不需要重办"],
            ["/", "无"],
            ["看情况", "已解决"],
        ),
        ("published", ["已公示", "公示"], ["未公示", "没公示"], ["暂缺"], ["看情况"]),
    ],
)
def test_words_say_yes_no_or_nothing(
    field: str, yes: list[str], no: list[str], unknown: list[str | None], bad: list[str]
) -> None:
    texts = [*yes, *no, *unknown, *bad]
    column = read_flags(cells(*texts), field)
    found = dict(zip(texts, zip(column.values, column.bad, strict=True), strict=True))
    assert found == {
        **dict.fromkeys(yes, (True, False)),
        **dict.fromkeys(no, (False, False)),
        **dict.fromkeys(unknown, (None, False)),
        **dict.fromkeys(bad, (None, True)),
    }


@pytest.mark.parametrize(
    ("level", "texts"),
    [
        (
            "very_satisfied",
            [
                "非常满意",
                "很满意",
                "十分满意",
                "非常满意\n（份）",
                "非常满意1",
                "Very satisfied",
                "A.非常满意",
                "5分（非常满意）",
            ],
        ),
        ("satisfied", ["满意", "较满意", "比较满意", "满意户数", "满 意", "Fairly satisfied", "B 满意"]),
        ("neutral", ["一般", "基本满意", "尚可", "中立", "Neither satisfied nor dissatisfied", "说不上满意不满意"]),
        ("dissatisfied", ["不满意", "较不满意", "不太满意", "比较不满意", "不满意（户）", "Fairly dissatisfied"]),
        ("very_dissatisfied", ["非常不满意", "很不满意", "极不满意", "十分不满意", "Very dissatisfied"]),
        (None, ["满意率", "满意度", "满意占比", "非常满意率", "满意程度", "评价", "", "5", "是否满意", "满意合计"]),
    ],
)
def test_levels_of_satisfaction_are_known_in_headings_and_answers(level: str | None, texts: list[str]) -> None:
    assert {text: answer_level(text) for text in texts} == dict.fromkeys(texts, level)


def test_a_questionnaire_is_answered_in_words_points_or_stars() -> None:
    texts = cells(
        "非常满意", "满意", "一般", "不满意", "很不满意", "5", "4分", "1", "★★★★☆", "三星", None, "弃权", "看情况", "A"
    )
    column = read_levels(texts)
    assert column.values.to_list() == [
        *LEVELS,
        LEVELS[0],
        LEVELS[1],
        LEVELS[4],
        LEVELS[1],
        LEVELS[2],
        None,
        None,
        None,
        None,
    ]
    assert column.bad.to_list() == [False] * 12 + [True, True]


def test_points_of_another_scale_are_not_taken_for_five() -> None:
    column = read_levels(cells("9", "10", "4", "满意"))
    assert column.values.to_list() == [None, None, None, "satisfied"]
    assert column.bad.to_list() == [True, True, True, False]


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("您对小区保洁服务是否满意？", "保洁服务"),
        ("保洁服务满意度", "保洁服务"),
        ("您对所在小区的秩序维护工作满意吗？", "秩序维护工作"),
        ("您对小区绿化的满意程度是？", "绿化"),
        ("3、维修及时性", "维修及时性"),
        ("Q2 您对电梯维护满意吗", "电梯维护"),
        ("第3题：您认为停车管理如何", "停车管理"),
        ("5.秩序维护（门岗）满意度", "秩序维护"),
        ("绿化养护", "绿化养护"),
        ("对讲系统满意度", "对讲系统"),
        ("居民自治", "居民自治"),
        ("您对物业服务人员态度是否满意", "物业服务人员态度"),
        ("总体满意度", "总体"),
        ("综合满意度", "总体"),
        ("总体评价", "总体"),
        ("满意度", "总体"),
        ("您是否满意", "总体"),
        ("1.您对物业服务的总体满意程度", "总体"),
        ("您对物业公司整体评价", "总体"),
        ("物业服务总体满意度", "总体"),
        ("您对本小区物业服务工作的总体评价是", "总体"),
        ("Overall satisfaction", "总体"),
    ],
)
def test_a_question_is_known_by_what_it_is_about(heading: str, question: str) -> None:
    assert question_text(heading) == question


@given(
    st.lists(
        st.one_of(st.none(), st.text(max_size=12), st.text("是否不未满意已解决√×□☑()（）,，12345分★非常", max_size=8))
    )
)
def test_no_text_is_too_odd(texts: list[str | None]) -> None:
    series = cells(*texts)
    for column in (
        *(read_flags(series, field) for field in ("resolved", "satisfied", "reopened", "")),
        read_levels(series),
    ):
        assert (len(column.values), len(column.bad)) == (len(texts), len(texts))
        assert not (column.values.is_not_null() & column.bad).any()
    for text in texts:
        answer_level(text or "")
        question_text(text or "")
