"""Knows the headings of columns that hold nothing but personal data, which are dropped as a whole."""

from __future__ import annotations

import re
from typing import Final

from pipelines.reading.words import heading_key, split_brackets

_SOMEBODY: Final = (
    "业主|户主|房主|住户|居民|租户|租客|承租人|产权人|房东|联系人|联络人|来电人|来访人|投诉人|诉求人|反映人|举报人|报修人|报事人|申请人|当事人|"
    "受访人|受访者|被访人|被访者|答卷人|答题人|客户|车主|缴费人|交费人"
)
_RULES: Final = (
    ("name", re.compile(
        rf"(?:{_SOMEBODY})(?:的?(?:姓名|名字|名称|称呼|信息))|(?:业主|户主|房主|租客|承租人|产权人|联系人|联络人|来电人|来访人|投诉人|诉求人|反映人|"
        r"举报人|报修人|报事人|申请人|当事人|受访人|受访者|被访人|被访者|答卷人|答题人|车主|缴费人|交费人)|.*姓名.*|您的姓|称呼|"
        r"(?:项目|物业|小区|片区)?经理|法定代表人|法人(?:代表)?|网格员|网格长|楼长|楼栋长|单元长|"
        r"(?:resident|owner|customer|contact|tenant|complainant|caller|full|first|last|family|given)s?'?(?:name|person)|surname")),
    ("phone", re.compile(
        r".*(?:电话|电话号|电话号码|手机|手机号|手机号码|联系号码|来电号码|来电主叫|主叫号码|座机|固话|联系方式|联络方式|微信|微信号|qq|qq号|邮箱|电子邮箱|邮件地址)|"
        r"(?:contact|tel|phone|mobile|cell|telephone|customer)?(?:tel|phone|mobile|telephone|cellphone)(?:number|no\.?)?|contact|e-?mail")),
    ("id_card", re.compile(r".*(?:身份证|证件号|公民身份号码|身份号码).*|id(?:card|number|no)\.?.*")),
    ("bank_card", re.compile(r".*(?:银行卡|银行账[号户]|银行帐[号户]|卡号).*")),
    ("room", re.compile(
        r".*(?:房号|室号|门牌|房间号|房室号|户室|房屋号|铺位号|商铺号|房屋编[号码]).*|户号|户编号|房屋|房间|房屋(?:地址|坐落|信息|名称)|房产(?:地址|信息)|"
        r"(?:家庭|居住|住户|业主|户籍|常住|现住)(?:住址|地址)|(?:详细)?住址|(?:room|flat|apartment)(?:no\.?|number)?|(?:home|postal|full)address")),
    ("plate", re.compile(r".*车牌.*|(?:license|licence|number|car)plates?(?:no\.?|number)?|plate(?:no\.?|number)")),
)  # fmt: skip
# 电话 as a way, a rate, a count or a time is nobody's number; a representative is a role.
_NOT: Final = re.compile(
    r".*(?:率|比|数|数量|人次|时间|日期|时长|回访|调查|访问|抽样|样本|渠道|(?<!联系)(?<!联络)方式|满意.*|评价.*|评分|得分|打分|代表|委员会|"
    r"大会|内容|情况|结果|意见|类型|类别|面积|用途|性质|结构|套数|费|金额|是否.*|有无.*)|(?:拨打|接听|12345).*"
)
_UNITS: Final = re.compile(r"户|人|个|次|套|间|%|元|万元|份|件|户数|人数")


def personal_heading(heading: str) -> str | None:
    """What a column of that heading holds of people, to be dropped as a whole, or None.

    `name`, `phone`, `id_card`, `bank_card`, `room` or `plate`. Building and unit stay, and so does whoever speaks for
    an office: 评分人, 检查人, 责任人 and 业主代表 are roles in the contract's fields, kept as sent.
    A heading with a unit of counting (`业主（户）`) holds counts.
    """
    base, inside = split_brackets(heading)
    if any(_UNITS.fullmatch(one) for one in inside):
        return None
    key = re.sub(r"\s", "", heading_key(base))
    if not key or _NOT.fullmatch(key):
        return None
    return next((kind for kind, rule in _RULES if rule.fullmatch(key)), None)
