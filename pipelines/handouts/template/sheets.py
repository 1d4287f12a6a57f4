"""The sheets of the template: of each kind its columns, what their cells accept, and an example."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from pipelines.handouts.template import checks
from pipelines.handouts.template.checks import PERIOD, TEXT, Check

COST_CATEGORIES: Final = (
    "人员费用", "公共设施维护", "清洁卫生", "绿化养护", "秩序维护", "办公费用", "折旧", "保险", "税费", "能耗", "其他",
)  # fmt: skip
INCOME_CATEGORIES: Final = ("停车收入", "广告收入", "场地租金", "补贴", "其他收入")
EVENT_TYPES: Final = ("更换物业", "物业撤出", "开始收费", "收费标准调整", "治理模式变更", "老旧小区改造", "其他")
GOVERNANCE_MODES: Final = ("专业物业", "社区领办", "社区代管", "挂单托管", "业主自管", "国企托管", "无物业")
HOUSING_TYPES: Final = ("商品房", "老旧小区", "单位宿舍", "安置房", "保障房")
TICKET_CATEGORIES: Final = (
    "停车秩序", "清洁卫生", "水电维修", "房屋渗漏", "电梯故障", "公共照明", "门禁道闸", "绿化养护", "消防安全",
    "噪音扰民", "物业收费", "其他",
)  # fmt: skip
CHANNELS: Final = ("12345热线", "社区来访", "物业前台", "微信群", "网格上报", "其他")
QUESTIONS: Final = ("总体", "清洁卫生", "秩序维护", "绿化养护", "设施维护", "客户服务")
SURVEY_MODES: Final = ("入户", "电话", "二维码", "微信群", "现场", "12345回访")
CONDUCTED_BY: Final = ("自测", "社区", "街道", "第三方")
STATUSES: Final = ("办理中", "已完成")
_LEVELS: Final = ("very_satisfied", "satisfied", "neutral", "dissatisfied", "very_dissatisfied")


@dataclass(frozen=True)
class Column:
    """A column: the field that it becomes, its heading, an example, what its cells accept, and its width.

    `needed` marks a column that a row can't do without.
    """

    field: str
    heading: str
    example: str
    check: Check = TEXT
    width: int = 14
    needed: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet of the template, named after the kind that it holds."""

    kind: str
    name: str
    columns: tuple[Column, ...]


def _estate(heading: str = "小区", *, listed: bool) -> Column:
    check = checks.estates(heading, "stop" if listed and heading == "小区" else "warning")
    return Column("estate", heading, "翠湖花园", check, 18, needed=True)


def _money(field: str, heading: str, example: str, *, needed: bool = False) -> Column:
    return Column(field, f"{heading}（元）", example, checks.amount(heading), 16, needed=needed)


def _period(example: str = "2025年3月") -> Column:
    return Column("period", "期间", example, PERIOD, 16, needed=True)


def sheets(*, listed: bool) -> tuple[Sheet, ...]:
    """The nine sheets. `listed`: the register is filled in beforehand, so that only its estates are accepted."""
    return (
        Sheet("estates", "小区台账", _register()),
        Sheet("fees", "收费", _fees(listed=listed)),
        Sheet("costs", "支出", _spending("支出", COST_CATEGORIES, "清洁卫生", "保洁服务费", listed=listed)),
        Sheet(
            "income", "公共收益与其他收入", _spending("收入", INCOME_CATEGORIES, "停车收入", "地面停车", listed=listed)
        ),
        Sheet("tickets", "投诉工单", _tickets(listed=listed)),
        Sheet("surveys", "满意度调查", _surveys(listed=listed)),
        Sheet("inspections", "考核评分", _inspections()),
        Sheet("events", "大事记", _events(listed=listed)),
        Sheet("actions", "议定事项", _actions(listed=listed)),
    )


def _register() -> tuple[Column, ...]:
    return (
        Column("estate", "小区", "翠湖花园", checks.once("小区"), 18, needed=True),
        Column("aliases", "曾用名/别名", "翠湖一村、机床厂宿舍", width=20),
        Column("community", "社区", "翠湖社区", width=14),
        Column("street", "街道", "翠湖街道", width=14),
        Column("company", "物业企业", "某某物业服务有限公司", width=24),
        Column(
            "governance_mode", "治理模式", "专业物业", checks.choice("治理模式", *GOVERNANCE_MODES, firmness="warning")
        ),
        Column("housing_type", "小区类型", "商品房", checks.choice("小区类型", *HOUSING_TYPES, firmness="warning")),
        Column("built_year", "建成年份", "1998", checks.year("建成年份"), 10),
        Column("buildings", "楼栋数", "12", checks.count("楼栋数"), 9),
        Column("units", "单元数", "36", checks.count("单元数"), 9),
        Column("households", "户数", "864", checks.count("户数"), 9),
        Column("floor_area_m2", "建筑面积（㎡）", "98640.5", checks.amount("建筑面积"), 16),
        Column(
            "fee_yuan_per_m2_month", "物业费标准（元/㎡·月）", "1.6", checks.between("物业费标准", 0, 100, "0.00"), 20
        ),
        Column("service_tier", "服务等级", "二级", width=10),
        Column("takeover_date", "接管日期", "2009-01-01", checks.day("接管日期")),
        Column("charging_date", "开始收费日期", "2009-02-01", checks.day("开始收费日期")),
        Column("contract_end", "合同到期日", "2027-12-31", checks.day("合同到期日")),
        Column("host_estate", "托管主小区", "（没有就空着）", width=16),
        Column("lon", "经度", "117.220889", checks.between("经度", 73, 136)),
        Column("lat", "纬度", "31.834305", checks.between("纬度", 3, 54)),
    )


def _fees(*, listed: bool) -> tuple[Column, ...]:
    due = checks.count("应缴户数", ('OR({households_paid}="",{households_paid}<={me})', "应缴户数不能少于实缴户数。"))
    paid = checks.count("实缴户数", ('OR({households_due}="",{me}<={households_due})', "实缴户数不能多于应缴户数。"))
    return (
        _estate(listed=listed),
        Column("building", "楼栋", "（按栋填才写）"),
        Column("unit", "单元", "（按单元填才写）", width=16),
        _period(),
        _money("receivable_yuan", "应收金额", "52000", needed=True),
        _money("received_yuan", "实收金额", "46800"),
        _money("waived_yuan", "减免金额", "0"),
        _money("prepaid_yuan", "预收金额", "1200"),
        _money("opening_arrears_yuan", "期初欠费", "18500"),
        _money("arrears_recovered_yuan", "收回往年欠费", "2600"),
        Column("households_due", "应缴户数", "864", due, 12),
        Column("households_paid", "实缴户数", "777", paid, 12),
    )


def _spending(word: str, categories: tuple[str, ...], category: str, item: str, *, listed: bool) -> tuple[Column, ...]:
    return (
        _estate(listed=listed),
        _period(),
        Column("category", f"{word}类别", category, checks.choice(f"{word}类别", *categories), 18, needed=True),
        Column("item", f"{word}明细", item, width=28),
        _money("amount_yuan", f"{word}金额", "12627.15", needed=True),
    )


def _tickets(*, listed: bool) -> tuple[Column, ...]:
    late = 'OR({closed_at}="",{closed_at}>={me})'
    opened = checks.day("受理时间", (late, "受理时间不能晚于办结时间。"), happened=True, time=True)

    def after(what: str) -> Check:
        since = ('OR({opened_at}="",{me}>={opened_at})', f"{what}不能早于受理时间。")
        return checks.day(what, since, happened=True, time=True)

    return (
        _estate(listed=listed),
        Column("ticket_id", "工单编号", "GD20250301001", checks.once("工单编号"), 18),
        Column("opened_at", "受理时间", "2025-03-01 14:30", opened, 18, needed=True),
        Column("dispatched_at", "派单时间", "2025-03-01 15:00", after("派单时间"), 18),
        Column("responded_at", "响应时间", "2025-03-01 16:10", after("响应时间"), 18),
        Column("due_at", "办结期限", "2025-03-06 18:00", checks.day("办结期限", time=True), 18),
        Column("closed_at", "办结时间", "2025-03-03 10:00", after("办结时间"), 18),
        Column("category", "诉求类别", "停车秩序", checks.choice("诉求类别", *TICKET_CATEGORIES, firmness="warning")),
        Column("channel", "受理渠道", "12345热线", checks.choice("受理渠道", *CHANNELS, firmness="warning")),
        Column("summary", "诉求内容", "消防通道被占（不要写姓名、电话、房号）", width=40),
        Column("resolved", "是否解决", "是", checks.choice("是否解决", "是", "否"), 10),
        Column("satisfied", "是否满意", "是", checks.choice("是否满意", "是", "否"), 10),
        Column("reopened", "是否重办", "否", checks.choice("是否重办", "是", "否"), 10),
        Column("excluded_reason", "剔除原因", "（不剔除就空着）", width=16),
    )


def _surveys(*, listed: bool) -> tuple[Column, ...]:
    answers = "+".join(f"N({{{level}}})" for level in _LEVELS)
    fits = f'OR({{responses}}="",{answers}<={{responses}})'
    issued = checks.count("发放份数", ('OR({responses}="",{responses}<={me})', "发放份数不能少于有效份数。"))
    said = ('OR({issued}="",{me}<={issued})', "有效份数不能多于发放份数。")
    enough = (f"{answers}<={{me}}", "有效份数不能少于各档份数之和。")

    def level(field: str, heading: str, example: str) -> Column:
        return Column(field, heading, example, checks.count(heading, (fits, "各档份数之和不能多于有效份数。")), 11)

    return (
        _estate(listed=listed),
        _period("2025年第一季度"),
        Column("question", "评价内容", "总体", checks.choice("评价内容", *QUESTIONS, firmness="warning"), 16),
        Column("issued", "发放份数", "100", issued, 11),
        Column("responses", "有效份数", "92", checks.count("有效份数", said, enough), 11),
        level("very_satisfied", "非常满意", "30"),
        level("satisfied", "满意", "40"),
        level("neutral", "一般", "15"),
        level("dissatisfied", "不满意", "5"),
        level("very_dissatisfied", "非常不满意", "2"),
        Column("mode", "调查方式", "入户", checks.choice("调查方式", *SURVEY_MODES), 12),
        Column("conducted_by", "执行方", "社区", checks.choice("执行方", *CONDUCTED_BY), 12),
    )


def _inspections() -> tuple[Column, ...]:
    score = checks.amount("得分", "0.##", ('OR({max_score}="",{me}<={max_score})', "得分不能高于满分。"))
    most = checks.amount("满分", "0.##", ('OR({score}="",{score}<={me})', "满分不能低于得分。"))
    subject = checks.estates("被考核对象（小区或企业）", "warning")
    return (
        Column("subject", "被考核对象", "翠湖花园", subject, 24, needed=True),
        _period("2025年第一季度"),
        Column("criterion", "考核项目", "环境卫生", width=24, needed=True),
        Column("score", "得分", "17.5", score, 10, needed=True),
        Column("max_score", "满分", "20", most, 10),
        Column("scorer", "评分人", "街道巡查组", width=18),
    )


def _events(*, listed: bool) -> tuple[Column, ...]:
    return (
        _estate(listed=listed),
        Column("event_date", "日期", "2025-03-01", checks.day("日期", happened=True), 14, needed=True),
        Column("event_type", "事项类型", "收费标准调整", checks.choice("事项类型", *EVENT_TYPES), 18, needed=True),
        Column("company", "物业企业", "某某物业服务有限公司", width=24),
        Column("value", "数值", "1.8", checks.amount("数值", "0.##"), 10),
        Column("note", "说明", "物业费由 1.6 元调整为 1.8 元", width=44),
    )


def _actions(*, listed: bool) -> tuple[Column, ...]:
    done = ('OR({raised_on}="",{me}>={raised_on})', "完成日期不能早于提出日期。")
    due = ('OR({raised_on}="",{me}>={raised_on})', "完成时限不能早于提出日期。")
    return (
        Column("action_id", "事项编号", "YD2025-001", checks.once("事项编号"), 18),
        replace(_estate(listed=listed), needed=False),
        Column("action", "议定事项", "疏通 3 号楼消防通道", width=44, needed=True),
        Column("owner", "责任单位", "某某物业", width=20),
        Column("raised_on", "提出日期", "2025-03-01", checks.day("提出日期")),
        Column("due_on", "完成时限", "2025-03-31", checks.day("完成时限", due)),
        Column("done_on", "完成日期", "2025-03-20", checks.day("完成日期", done, happened=True)),
        Column("status", "状态", "已完成", checks.choice("状态", *STATUSES), 12),
    )
