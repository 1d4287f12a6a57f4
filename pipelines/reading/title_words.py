"""Words of a title that tell what kind of table stands below it."""

from __future__ import annotations

import re
from typing import Final

TITLE_WORDS: Final[dict[str, re.Pattern[str]]] = {
    "estates": re.compile(r"台账|名册|名录|花名册|基本情况|基础信息|一览表|底册|概况|登记表|小区清单|小区信息"),
    "fees": re.compile(r"收缴|收费|缴费|缴纳|应收|实收|欠费|物业费"),
    "costs": re.compile(r"支出|成本|费用明细|开支|费用统计|费用汇总"),
    "income": re.compile(r"收益|其他收入|补贴|经营收入|公共收入|收入明细|收入统计|收入汇总|收入情况"),
    "tickets": re.compile(r"投诉|诉求|工单|报修|信访|热线|来电|接诉"),
    "surveys": re.compile(r"满意|问卷|测评|调查|回访"),
    "inspections": re.compile(r"考核|评分|打分|巡检|巡查|检查|评审|考评|评比|得分|评议"),
    "events": re.compile(r"大事记|大事|变更记录|沿革|事件"),
    "actions": re.compile(r"议定|督办|任务|销号|交办|会议纪要|待办|落实|决议|承诺"),
}
