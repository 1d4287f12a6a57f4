"""The first page of the template: how to fill it in, on one sheet of paper."""

from __future__ import annotations

from typing import Final

SHEET: Final = "填表说明"
TITLE: Final = "联评填报模板 · 填表说明"
TITLE_EN: Final = "Reporting template: how to fill it in"

STEPS: Final = (
    "一、只填有数据的表，不用的表空着，不要删除表头。一个文件可以只报一种，也可以各种一起报。",
    "二、表头和列的顺序可以不动；灰色斜体的“示例”一行不会读入，留着、删掉都可以，请从它下面一行填起。",
    "三、标 ★ 的列必须填，其余没有就空着。不要写“约”“元”“户”等字样，不要加合计行（加了也不会读入）。",
    "四、小区请从下拉列表里选。列表来自“小区台账”表的“小区”一列，新小区先在那里加一行。",
    "五、期间写成 2025年3月、2025年第一季度、2025年上半年 或 2025年。日期写成 2025-03-01，时间写成 2025-03-01 14:30。",
    "六、金额一律填元，面积一律填平方米。收费里“实收金额”只填本期账单收到的钱，预收和收回往年欠费另有两列。",
    "七、满意度按份数填，总的评价写“总体”；只有满意率没有份数的，不能参加排名。同一小区同一期多道题的，一题一行。",
    "八、诉求内容里不要写居民姓名、电话、身份证号、房号、车牌；写了也会被遮盖。",
    "九、填错时会弹出提示，说明这一格该填什么。从别的表粘贴时请用“选择性粘贴—数值”，以免把检查一起盖掉。",
    "十、填好后存为 .xlsx 发来。有问题的单元格会标好颜色和批注退回，改完把整个文件再发一次即可，后发的替换先发的。",
)
STEPS_EN: Final = (
    "1. Fill in only the sheets that you have data for; leave the others, with their headings, as they are.",
    "2. The grey row in italics is an example and is not read. Begin below it.",
    "3. Columns with ★ must be filled in. No units, no words beside numbers, no totals.",
    "4. Choose estates from the list X.",
    "5. Periods: 2025年3月, 2025年第一季度, 2025年上半年 or 2025年. Dates: 2025-03-01. Times: 2025-03-01 14:30.",
    "6. Money in yuan, areas in m². 实收金额 is money for this period's bills; prepayments and arrears stand apart.",
    "7. Surveys as numbers of answers; a rate without them is not ranked. One question a row.",
    "8. No names, telephone or identity-card numbers, rooms or plates of residents.",
    "9. A wrong entry is refused and the message says what to type. Paste values only, or the checks are overwritten.",
    "10. Save as .xlsx and send. Faulty cells come back marked; send the whole file again, the later one counts.",
)
FILLED_IN: Final = (
    "已为{community}预先填好：小区 {estates} 个、在办工单 {tickets} 件、未完成议定事项 {actions} 件。请补上进展。"
)
FILLED_IN_EN: Final = (
    "Filled in beforehand for {community}: {estates} estates, {tickets} open tickets, {actions} open actions. "
    "Add what has happened since."
)
EXAMPLE: Final = "示例："
"""How each cell of an example row begins: a row of labelled texts is a note, not data."""
