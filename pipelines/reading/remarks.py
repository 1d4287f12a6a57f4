"""Tells texts that speak of a table from those that stand in it: notes, signatures and lines of units."""

from __future__ import annotations

import re

_NOTE = re.compile(
    r"^[\s(（]*(注|备注|说明|附注|填表说明|填报说明|更正说明|数据来源|来源|备 注)[\s)）]*[:：.、\d]|^(注|说明|备注)$"
    r"|(填表人|填报人|制表人|制表|审核人|审核|负责人|审批|签字|签名|签章|盖章|联系人|联系电话|经办人|记录人|复核|复核人|统计人|"
    r"单位负责人|分管领导|组长|主管|填报单位|填表单位|制表单位|填报日期|填表日期|制表日期|填表时间|填报时间|报送时间|报送日期|上报日期)[^,，。；]{0,6}[:：]"
    r"|^(notes?|source|prepared by|signature)\b",
    re.IGNORECASE,
)
_UNIT_LINE = re.compile(r"(?<![报表制编送管责])(金额|货币|计量)?单位\s*[:：]")


def is_note(text: str) -> bool:
    """Whether a text is a note, a signature or a line about the form rather than a title."""
    return bool(_NOTE.search(text))


def is_unit_line(text: str) -> bool:
    """Whether a text tells the unit of a whole table."""
    return bool(_UNIT_LINE.search(text))
