"""What findings of reading say, in Chinese and English: what is wrong, what was found, what to type instead."""

from __future__ import annotations

from typing import Final

from pipelines.kinds import KINDS

_EXPECT: Final[dict[str, tuple[str, str]]] = {
    "count": ("请填整数，如 120", "type a whole number, such as 120"),
    "tally": ("请填整数份数，如 57", "type a whole number of answers, such as 57"),
    "number": ("请填数字，如 17.5", "type a number, such as 17.5"),
    "money": (
        "请填数字金额，如 12627.15；没有就留空",
        "type the amount as a number, such as 12627.15; leave it empty if there is none",
    ),
    "area": ("请填平方米数，如 36290.5", "type square metres, such as 36290.5"),
    "fee": ("请填单价，如 1.6 元/㎡·月", "type the rate, such as 1.6 yuan/m² a month"),
    "year": ("请填四位年份，如 1998", "type a year of four digits, such as 1998"),
    "rate": ("请填百分比，如 86%", "type a percentage, such as 86%"),
    "date": ("请填日期，如 2025-03-01", "type a date, such as 2025-03-01"),
    "time": ("请填日期和时间，如 2025-03-01 14:30", "type a date and time, such as 2025-03-01 14:30"),
    "flag": ("请填“是”或“否”", "type 是 (yes) or 否 (no)"),
    "longitude": ("请填十进制经度，如 117.220889", "type a longitude in decimal degrees, such as 117.220889"),
    "latitude": ("请填十进制纬度，如 31.834305", "type a latitude in decimal degrees, such as 31.834305"),
    "period": ("请填期间，如 2025年3月 或 2025年第一季度", "type a period, such as 2025-03 or 2025Q1"),
    "text": ("请填写文字", "type words"),
    "names": ("请填写名称，多个用顿号隔开", "type names, with 、 between them"),
    "estate": ("请填小区台账中的小区名称", "type the estate's name as in the register"),
    "level": (
        "请填“非常满意、满意、一般、不满意、非常不满意”之一",
        "type one of 非常满意, 满意, 一般, 不满意, 非常不满意",
    ),
}


def field_words(kind: str, field: str) -> tuple[str, str, str]:
    """A field's Chinese and English name and its type."""
    extra = {
        "period": ("期间", "period", "period"),
        "answer": ("回答", "answer", "level"),
        "deduction": ("扣分", "points deducted", "number"),
        "period_start": ("期间", "period", "period"),
        "reported_rate": ("满意率", "satisfaction rate", "rate"),
    }
    if field in extra:
        return extra[field]
    for one in KINDS[kind].fields:
        if one.name == field:
            return one.zh, one.en, one.type
    return field, field, "text"


def unparseable(kind: str, field: str, found: str) -> tuple[str, str]:
    """A cell that can't be read."""
    zh, en, kind_of = field_words(kind, field)
    say_zh, say_en = _EXPECT[kind_of]
    if found.startswith("#"):
        return (
            f"{zh}这一格是公式错误“{found}”，读不出数。请改正公式，或直接填写数值。",
            f"The {en} is a formula error, {found}. Mend the formula or type the value.",
        )
    return f"{zh}填的是“{found}”，读不出来。{say_zh}。", f"The {en} says “{found}”, which can't be read: {say_en}."


def uncached(kind: str, field: str) -> tuple[str, str]:
    """A formula without a stored result."""
    zh, en, _ = field_words(kind, field)
    return (
        f"{zh}是公式，但文件里没有保存计算结果。请在 WPS 或 Excel 中打开，保存后重新报送。",
        f"The {en} is a formula whose result is not stored. Open the file in WPS or Excel, save it and send it again.",
    )


def missing(kind: str, field: str) -> tuple[str, str]:
    """A required cell that is empty."""
    zh, en, kind_of = field_words(kind, field)
    say_zh, say_en = _EXPECT[kind_of]
    return (
        f"缺少{zh}，标题、工作表名和文件名里也没有。{say_zh}。",
        f"The {en} is missing and neither title, sheet name nor file name tells it: {say_en}.",
    )


def unmapped_column(heading: str, like: tuple[str, str] | None) -> tuple[str, str]:
    """A heading that means nothing to us."""
    hint_zh = f"是不是“{like[0]}”？如果是，请改成这个写法。" if like else "如果应当使用，请告诉系统管理员它的含义。"
    hint_en = f"Is it “{like[0]}”? If so, write it that way." if like else "If it matters, say what it means."
    return (
        f"不认识表头“{heading}”，这一列没有读入。{hint_zh}",
        f"The heading “{heading}” means nothing to us; the column was not read. {hint_en}",
    )


def misread_column(heading: str, kind: str, field: str) -> tuple[str, str]:
    """A column whose heading says one thing and whose cells another."""
    zh, en, _ = field_words(kind, field)
    return (
        f"表头“{heading}”像是{zh}，但多数内容读不出{zh}，这一列没有读入。",
        (
            f"The heading “{heading}” looks like {en}, but most of its cells can't be read as such; "
            "the column was not read."
        ),
    )


def fee_range(found: str) -> tuple[str, str]:
    """A fee given as a range, of which no single figure can be stored."""
    return (
        f"物业费标准填的是区间“{found}”，不能确定一个单价，已留空。请填主要住宅的单价。",
        f"The fee is a range, “{found}”; no single rate can be told from it, so it was left empty. Type the main rate.",
    )


def unmapped_category(found: str, other: str) -> tuple[str, str]:
    """A category that is none of ours."""
    return (
        f"不认识类别“{found}”，已归入“{other}”，原文保留在明细里。",
        f"The category “{found}” is none of ours; it was counted as {other} and its words were kept.",
    )


def unrecognised(sheet: str, headings: list[str]) -> tuple[str, str]:
    """A table whose kind can't be told."""
    seen = "、".join(headings[:6])
    return (
        f"看不出“{sheet}”是哪一类表（表头：{seen}）。如果应当使用，请参照模板改表头，或写一个读表配置（profile）。",
        (
            f"The kind of the table “{sheet}” can't be told (headings: {seen}). "
            "If it matters, use the template's headings or write a profile."
        ),
    )


def personal(kinds: tuple[str, ...] | None = None, heading: str | None = None) -> tuple[str, str]:
    """Personal data that was masked in a cell, or a column of it that was dropped."""
    if heading is not None:
        return (
            f"“{heading}”这一列是个人信息，没有读入。以后请删去再报送。",
            f"The column “{heading}” holds personal data; it was dropped. Please remove it before sending.",
        )
    names = {
        "phone": ("电话号码", "a phone number"),
        "id_card": ("身份证号", "an identity-card number"),
        "name": ("居民姓名", "a resident's name"),
        "plate": ("车牌号", "a number plate"),
        "bank_card": ("银行卡号", "a bank-card number"),
        "room": ("房号", "a room number"),
    }
    found = [names[k] for k in kinds or () if k in names] or [("个人信息", "personal data")]
    zh = "、".join(f[0] for f in found)
    en = " and ".join(f[1] for f in found)
    return (
        f"内容里有{zh}，存储前已经遮盖。以后请不要填写。",
        f"The text held {en}, which was masked before storing. Please leave it out.",
    )
