"""How each company lays out its costs, and the street the income and the smaller companies' costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from pipelines.handouts.demo import money
from pipelines.handouts.demo.layouts_fees import QUARTER_WORDS, span_words, spans
from pipelines.handouts.demo.money import SHARES, Cost
from pipelines.handouts.demo.page import Cell, Page
from pipelines.handouts.demo.sent import Sent, arrival, book, chinese_date, filed_after, note, signature, typed
from pipelines.handouts.demo.world import ESTATES, FICTION, MONTHS, QUARTERS, STREET, company_of, estate, quarter
from pipelines.handouts.demo.write import delimited, web_table

WORDS: Final = dict(
    zip(SHARES, ("人员工资", "维修费", "保洁费", "绿化费", "保安费", "办公费", "水电费", "保险费", "税费"), strict=True)
)
SMALL: Final = ("邻安物业", "泰来居物业", "同禾物业", "康桥里物业")
OFFICE: Final = "街道物业办"


def _spending(company: str, months: Sequence[date]) -> list[Cost]:
    return [
        row for row in money.costs() if row.month in months and company_of(estate(row.estate), row.month) == company
    ]


def _amounts(rows: list[Cost]) -> dict[tuple[str, date, str], float]:
    table: dict[tuple[str, date, str], float] = {}
    for row in rows:
        key = (row.estate, row.month, row.category)
        table[key] = round(table.get(key, 0.0) + row.amount, 2)
    return table


def _names(rows: list[Cost]) -> list[str]:
    return list(dict.fromkeys(row.estate for row in rows))


def _category_by_month(
    page: Page, name: str, months: Sequence[date], table: dict[tuple[str, date, str], float]
) -> None:
    heading: list[Cell] = ["费用类别"]
    for month in months:
        heading.append(f"{month.month}月")
        if month.month % 3 == 0:
            heading.append(f"{QUARTER_WORDS[month.month // 3 - 1]}小计")
    page.line([*heading, "合计"])
    for index, category in enumerate([*SHARES, ""]):
        line: list[Cell] = [WORDS.get(category, "合计")]
        subtotal = total = 0.0
        for month in months:
            amount = sum(v for k, v in table.items() if k[:2] == (name, month) and category in (k[2], ""))
            subtotal, total = subtotal + amount, total + amount
            line.append(f"{amount:,.2f}" if (index + month.month) % 7 == 0 else round(amount, 2))
            if month.month % 3 == 0:
                line.append(round(subtotal, 2))
                subtotal = 0.0
        page.line([*line, round(total, 2)])


def _estate_sheets(company: str, months: Sequence[date]) -> Sent:
    rows = _spending(company, months)
    table = _amounts(rows)
    words = f"{months[0].year}年" + ("" if len(months) == 12 else "上半年")
    filed = filed_after(months[0], len(months), 20)
    pages: list[Page] = []
    for name in _names(rows):
        page = Page(name)
        page.banner(f"{words}物业服务成本明细表（{FICTION}）", len(months) + len(months) // 3 + 2)
        page.line([f"填报单位：{company}", *[None] * 5, "单位：元"])
        _category_by_month(page, name, months, table)
        page.line(["制表：财务部"])
        pages.append(page)
    short = company.removesuffix("物业")
    return book(f"企业/{short}/{company}{words}成本明细.xlsx", filed, company, pages)


def _single_estate(company: str, months: Sequence[date]) -> Sent:
    rows = _spending(company, months)
    filed = filed_after(months[0], len(months), 18)
    page = Page("成本")
    page.banner(f"{rows[0].estate}{span_words(tuple(months))}物业服务成本表", len(months) + 4)
    page.line(["单位：元", None, None, f"填报日期：{chinese_date(filed)}"])
    _category_by_month(page, rows[0].estate, months, _amounts(rows))
    note(page, len(months) + 4)
    return book(f"企业/和润邻里/{rows[0].estate}{span_words(tuple(months))}成本.xlsx", filed, company, [page])


def _category_columns(company: str, months: Sequence[date]) -> Sent:
    rows = _spending(company, months)
    table = _amounts(rows)
    filed = filed_after(months[0], len(months), 15)
    page = Page("支出汇总")
    page.banner(f"{company}{span_words(tuple(months))}支出情况汇总表（{FICTION}）", len(SHARES) + 4)
    page.line([f"填报日期：{chinese_date(filed)}"])
    top = page.next_row
    for column, text in enumerate(("序号", "小区", "所属期")):
        page.merge(top, column, top + 1, column, text)
    page.merge(top, 3, top, 2 + len(SHARES), "支出项目（万元）")
    for step, category in enumerate(SHARES):
        page.put(top + 1, 3 + step, category)
    page.merge(top, 3 + len(SHARES), top + 1, 3 + len(SHARES), "合计\n（万元）")
    for number, name in enumerate(_names(rows), start=1):
        active = [month for month in months if (name, month, "税费") in table]
        first = page.next_row
        for month in active:
            amounts = [table[name, month, category] for category in SHARES]
            period = f"{month.year}年{month.month}月"
            page.line([None, None, period, *[round(a / 10000, 4) for a in amounts], round(sum(amounts) / 10000, 4)])
        page.merge(first, 0, page.next_row - 1, 0, number)
        page.merge(first, 1, page.next_row - 1, 1, name)
    total = round(sum(table.values()) / 10000, 4)
    page.line(["总计", *[None] * (2 + len(SHARES)), total])
    signature(page, 8)
    short = company.removesuffix("物业")
    if company == "佳与物业":
        path = f"企业/{short}/{short}{span_words(tuple(months))}支出导出.xls"
        return Sent(path, arrival(path, filed), company, web_table(page))
    return book(f"企业/{short}/{company}{span_words(tuple(months))}支出汇总.ods", filed, company, [page])


def _vouchers(company: str, months: Sequence[date]) -> Sent:
    filed = filed_after(months[0], len(months), 12)
    page = Page("支出凭证")
    page.banner(f"{company}{span_words(tuple(months))}支出凭证登记（{FICTION}）", 6)
    page.line([None, None, None, f"填报日期：{filed:%Y-%m-%d}", None, "单位：元"])
    page.line(["凭证号", "小区名称", "费用月份", "费用类别", "摘要", "金额"])
    for number, row in enumerate(sorted(_spending(company, months), key=lambda each: each.month), start=1):
        day = row.month if number % 2 else f"{row.month.year}.{row.month.month:02d}"
        page.line([f"记-{number:04d}", row.estate, day, row.category, row.words or WORDS[row.category], row.amount])
    page.line(["合计", None, None, None, None, round(sum(row.amount for row in _spending(company, months)), 2)])
    short = company.removesuffix("物业")
    return book(f"企业/{short}/{short}{span_words(tuple(months))}凭证.xlsx", filed, company, [page])


def _text_table(company: str, months: Sequence[date], encoding: str, delimiter: str) -> Sent:
    filed = filed_after(months[0], len(months), 10)
    page = Page("成本")
    page.line(["小区", "所属月份", "成本项目", "金额（元）", "备注"])
    for row in _spending(company, months):
        amount = typed("costs", row.estate, row.month, row.category, row.amount)
        page.line([row.estate, f"{row.month:%Y-%m}", WORDS[row.category], amount, None])
    page.line([f"注：{FICTION}"])
    path = f"企业/{company.removesuffix('物业')}/{company}成本{span_words(tuple(months))}.csv"
    return Sent(path, arrival(path, filed), company, delimited(page, encoding=encoding, delimiter=delimiter))


def _month_sheets(company: str, months: Sequence[date]) -> Sent:
    rows = _spending(company, months)
    table = _amounts(rows)
    filed = filed_after(months[0], len(months), 11)
    pages: list[Page] = []
    for month in months:
        page = Page(f"{month.month}月")
        page.banner(f"{company}{month.year}年{month.month}月份费用表", len(SHARES) + 2)
        page.line([FICTION, None, None, None, "单位：元"])
        page.line(["项目名称", *[f"{word}\n（元）" for word in WORDS.values()], "合计"])
        for name in _names(rows):
            amounts = [table[name, month, category] for category in SHARES]
            page.line([name, *amounts, round(sum(amounts), 2)])
        signature(page, 8)
        pages.append(page)
    short = company.removesuffix("物业")
    return book(f"企业/{short}/{company}{span_words(tuple(months))}费用表.xlsx", filed, company, pages)


def _side_by_side(company: str, months: Sequence[date]) -> Sent:
    rows = _spending(company, months)
    table = _amounts(rows)
    filed = filed_after(months[0], len(months), 14)
    pages: list[Page] = []
    for month in months:
        page = Page(f"{month.month}月")
        page.line([f"{company}{month.year}年{month.month}月支出（{FICTION}）"])
        page.gap()
        top = page.next_row
        for step, name in enumerate(_names(rows)):
            left = step * 4
            page.put(top, left, f"{name}{month.year}年{month.month}月支出")
            page.put(top + 1, left, "支出项目")
            page.put(top + 1, left + 1, "金额（元）")
            for line, category in enumerate(SHARES):
                page.put(top + 2 + line, left, WORDS[category])
                page.put(top + 2 + line, left + 1, table[name, month, category])
            page.put(top + 2 + len(SHARES), left, "合计")
            page.put(top + 2 + len(SHARES), left + 1, round(sum(table[name, month, c] for c in SHARES), 2))
        pages.append(page)
    short = company.removesuffix("物业")
    return book(f"企业/{short}/{company}{months[0].year}年支出{len(months)}个月.xls", filed, company, pages)


def _small_companies(months: Sequence[date]) -> Sent:
    filed = filed_after(months[0], len(months), 25)
    page = Page("汇总")
    width = 4 + len(months)
    page.banner(f"{STREET}小型企业{span_words(tuple(months))}成本汇总（{FICTION}）", width)
    page.line([f"填报单位：{OFFICE}", *[None] * 3, f"填报日期：{chinese_date(filed)}", None, "单位：元"])
    page.line(["社区", "小区", "成本类别", *[f"{month.month}月" for month in months], "合计"])
    rows = [row for company in SMALL for row in _spending(company, months)]
    table = _amounts(rows)
    for community in dict.fromkeys(estate(name).community for name in _names(rows)):
        first_of_community = page.next_row
        for name in [each for each in _names(rows) if estate(each).community == community]:
            first = page.next_row
            for category in SHARES:
                amounts = [table.get((name, month, category)) for month in months]
                shown: list[Cell] = ["—" if amount is None else amount for amount in amounts]
                page.line([None, None, category, *shown, round(sum(amount or 0 for amount in amounts), 2)])
            page.merge(first, 1, page.next_row - 1, 1, name)
        page.merge(first_of_community, 0, page.next_row - 1, 0, community)
    page.line(["总计", *[None] * (width - 2), round(sum(table.values()), 2)])
    return book(f"街道/{STREET}小型企业成本汇总{span_words(tuple(months))}.xlsx", filed, OFFICE, [page])


def _income(months: tuple[date, ...]) -> Sent:
    filed = filed_after(months[0], 6, 16)
    page = Page("公共收益与补贴")
    page.banner(f"{STREET}{span_words(months)}公共收益和补贴登记表（{FICTION}）", 9)
    page.line([f"填报单位：{OFFICE}", None, None, "单位：元"])
    top = page.next_row
    left, right = ("公共收益", 0, ("停车收入", "广告收入", "场地租金")), ("补贴", 5, ("补贴",))
    wanted = [name for name in QUARTERS if name in {quarter(month) for month in months}]
    for title, column, categories in (left, right):
        page.put(top, column, title)
        for step, heading in enumerate(("小区", "季度", "收入类别", "金额")):
            page.put(top + 1, column + step, heading)
        row = top + 2
        for one in ESTATES:
            shown = False
            for each in money.income():
                if each.estate != one.name or quarter(each.start) not in wanted or each.category not in categories:
                    continue
                words = f"{each.start.year}年{QUARTER_WORDS[each.start.month // 3]}"
                for step, value in enumerate((None if shown else one.name, words, each.category, each.amount)):
                    page.put(row, column + step, value)
                shown = True
                row += 1
    return book(f"街道/{STREET}{span_words(months)}公共收益.xlsx", filed, OFFICE, [page])


def cost_files() -> list[Sent]:
    """All cost and income sheets, sender by sender."""
    files: list[Sent] = []
    for company in ("安泽物业", "春庭物业"):
        files += [_estate_sheets(company, MONTHS[:12]), _estate_sheets(company, MONTHS[12:])]
    for months in spans(6):
        files += [
            _single_estate("和润邻里物业", months),
            _category_columns("晴川城服物业", months),
            _vouchers("恒谊物业", months),
            _text_table("瑞邻物业", months, "utf-8-sig", ";"),
            _text_table("柳岸社区领办物业", months, "gb18030", "\t"),
            _month_sheets("景栖物业", months),
            _category_columns("佳与物业", months),
            _small_companies(months),
            _income(months),
        ]
    files += [_side_by_side("广宁物业", MONTHS[:12]), _side_by_side("广宁物业", MONTHS[12:])]
    return files
