"""How each community, and two companies, lay out their fee sheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Final

from pipelines.handouts.demo import mistakes, money
from pipelines.handouts.demo import stories as story
from pipelines.handouts.demo.money import Fee
from pipelines.handouts.demo.page import Cell, Page, Percent
from pipelines.handouts.demo.sent import Sent, arrival, book, chinese_date, filed_after, note, signature, typed
from pipelines.handouts.demo.world import COMMUNITIES, FICTION, MONTHS, estate, of_community
from pipelines.handouts.demo.write import delimited

QUARTER_WORDS: Final = ("一季度", "二季度", "三季度", "四季度")


def spans(length: int) -> list[tuple[date, ...]]:
    """The months of the demo in spans of that many months."""
    return [MONTHS[i : i + length] for i in range(0, len(MONTHS), length)]


def span_words(months: tuple[date, ...]) -> str:
    """A span as titles name it: 2024年一季度, 2024年上半年."""
    first = months[0]
    if len(months) == 3:
        return f"{first.year}年{QUARTER_WORDS[first.month // 3]}"
    return f"{first.year}年{'上' if first.month == 1 else '下'}半年"


def _bills(community: str, month: date) -> list[Fee]:
    names = {one.name for one in of_community(community)}
    return [row for row in money.fees() if row.estate in names and row.month == month]


def _is_apart(row: Fee) -> bool:
    return row.estate == story.PREPAY_ESTATE and row.month >= story.PREPAY_FROM


def _wan(yuan: Cell) -> Cell:
    return round(yuan / 10000, 4) if isinstance(yuan, int | float) else yuan


def _total(rows: Iterable[Fee], field: Callable[[Fee], float | None]) -> float:
    return round(sum(field(row) or 0.0 for row in rows), 2)


def _wide_half_year(months: tuple[date, ...]) -> Sent:
    community = COMMUNITIES[1]
    width = 3 + 3 * len(months)
    filed = filed_after(months[0], len(months), 8)
    page = Page("收缴统计")
    page.banner(f"{community}{span_words(months)}物业费收缴情况统计表（{FICTION}）", width)
    page.line(
        [f"填报单位：{community}居委会", *[None] * 5, f"填报日期：{chinese_date(filed)}", None, None, "单位：万元"]
    )
    top = page.next_row
    for column, text in enumerate(("序号", "社区", "小 区")):
        page.merge(top, column, top + 1, column, text)
    for index, month in enumerate(months):
        page.merge(top, 3 + 3 * index, top, 5 + 3 * index, f"{month.month}月")
        for step, text in enumerate(("应收", "实收", "收缴率")):
            page.put(top + 1, 3 + 3 * index + step, text)
    names = [one.name for one in of_community(community) if one.name != story.SHIFT_ESTATE]
    bills = {(row.estate, row.month): row for month in months for row in _bills(community, month)}
    first = page.next_row
    for number, name in enumerate(names, start=1):
        line: list[Cell] = [number, None, name.removesuffix("小区")]
        for month in months:
            row = bills.get((name, month))
            line += ["-", "-", None] if row is None else [
                _wan(row.receivable), _wan(row.received), Percent(round(row.received / row.receivable, 4))
            ]  # fmt: skip
        page.line(line)
    page.merge(first, 1, page.next_row - 1, 1, community)
    totals: list[Cell] = ["合计", None, None]
    for month in months:
        rows = [bills[name, month] for name in names if (name, month) in bills]
        due, got = _total(rows, lambda row: row.receivable), _total(rows, lambda row: row.received)
        totals += [_wan(due), _wan(got), Percent(round(got / due, 4))]
    page.line(totals)
    page.line(["说明：云锦新城由和润邻里物业分栋另报。"])
    signature(page, 12)
    return book(f"云锦社区/云锦社区{span_words(months)}收缴统计.xlsx", filed, community, [page])


def _as_text(value: Cell, style: int) -> Cell:
    if not isinstance(value, float) or style % 3 == 0:
        return value
    return f"{value:,.2f}" if style % 3 == 1 else f"{value:,.2f}元"


def _monthly(month: date) -> Sent:
    community = COMMUNITIES[3]
    filed = filed_after(month, 1, 5)
    headings = ("序号", "小区名称", "应缴户数\n（户）", "实缴户数\n（户）", "应收金额\n（元）", "实收金额\n（元）",
                "收回往年欠费\n（元）", "减免金额\n（元）", "预收以后月份\n（元）", "户数收缴率", "备注")  # fmt: skip
    page = Page(f"{month.month}月")
    page.banner(f"{community}{month.year}年{month.month}月物业费收缴月报", len(headings))
    page.line([f"填报单位：{community}居委会", *[None] * 6, f"填报日期：{filed.year}.{filed.month}.{filed.day}"])
    page.line(headings)
    rows = _bills(community, month)
    for number, row in enumerate(rows, start=1):
        name = estate(row.estate).aliases[0] if row.estate == "梧桐嘉园" and month.month % 2 else row.estate
        if _is_apart(row):
            page.line([number, name, *["-"] * 7, None, "由泰来居物业另报"])
            continue
        line: list[Cell] = [number, name, row.due, row.paid]
        for field, value in (
            ("receivable_yuan", row.receivable),
            ("received_yuan", row.received),
            ("arrears_recovered_yuan", row.recovered),
            ("waived_yuan", row.waived or None),
            ("prepaid_yuan", row.prepaid),
        ):
            cell = typed("fees", row.estate, month, field, value)
            line.append("无" if cell is None else _as_text(cell, number + month.month))
        page.line([*line, f"{row.paid / row.due:.1%}"])
        if number == 2 and month.month == 5:
            page.hidden_rows.add(page.next_row - 1)
    whole = [row for row in rows if not _is_apart(row)]
    page.line(["合计", None, sum(row.due for row in whole), sum(row.paid for row in whole),
               _total(whole, lambda row: row.receivable), _total(whole, lambda row: row.received)])  # fmt: skip
    note(page, len(headings))
    signature(page, len(headings))
    ending = "xls" if month.year == 2024 else "xlsx"
    return book(f"梧桐社区/{month:%Y%m}梧桐社区收缴月报.{ending}", filed, community, [page])


def _month_sheet(month: date, title: str, rows: list[Fee], *, corrected: bool) -> Page:
    page = Page(f"{month.month}月")
    page.banner(f"{title}（{FICTION}）", 8)
    top = page.next_row
    page.merge(top, 0, top + 2, 0, "序号")
    page.merge(top, 1, top + 2, 1, "小区")
    page.merge(top, 2, top, 7, "收缴情况")
    page.merge(top + 1, 2, top + 1, 3, "户数（户）")
    page.merge(top + 1, 4, top + 1, 7, "金额（万元）")
    for step, text in enumerate(("应缴户数", "实缴户数", "期初欠费", "应收", "实收", "收回往年\n欠费")):
        page.put(top + 2, 2 + step, text)
    for number, row in enumerate(rows, start=1):
        name = estate(row.estate).aliases[0] if row.estate == "望湖里" and month.year == 2025 else row.estate
        sent = typed("fees", row.estate, month, "received_yuan", row.received)
        received = _wan(row.received) if corrected or sent == row.received else sent
        page.line([number, name, row.due, row.paid, _wan(row.opening), _wan(row.receivable), received,
                   _wan(row.recovered)])  # fmt: skip
    page.line(["合计", None, sum(row.due for row in rows), sum(row.paid for row in rows), None,
               _wan(_total(rows, lambda row: row.receivable)),
               _wan(_total(rows, lambda row: row.received))])  # fmt: skip
    return page


def _month_sheets(months: tuple[date, ...]) -> list[Sent]:
    community = COMMUNITIES[2]
    filed = filed_after(months[0], 3, 9)
    pages: list[Page] = []
    for month in months:
        title = f"{community}{month.year}年{month.month}月份物业费收缴台账"
        pages.append(_month_sheet(month, title, _bills(community, month), corrected=False))
        pages[-1].line([f"填报日期：{filed:%Y-%m-%d}"])
        signature(pages[-1], 8)
    files = [book(f"望湖社区/{span_words(months)}收费台账（望湖）.xlsx", filed, community, pages)]
    if story.CORRECTED_MONTH in months:
        late = filed + timedelta(days=14)
        month = story.CORRECTED_MONTH
        rows = [row for row in _bills(community, month) if row.estate == story.CORRECTED_ESTATE]
        title = f"{community}{month.year}年{month.month}月份物业费收缴台账（更正）"
        page = _month_sheet(month, title, rows, corrected=True)
        page.line([f"填报日期：{late:%Y-%m-%d}"])
        page.line([f"更正说明：原表{month.month}月份{story.CORRECTED_ESTATE}实收误按元填写，以本表为准。"])
        files.append(book(f"望湖社区/{span_words(months)}收费台账（望湖）更正.xlsx", late, community, [page]))
    return files


def _estate_sheets(months: tuple[date, ...]) -> Sent:
    community = COMMUNITIES[0]
    filed = filed_after(months[0], 6, 7)
    pages: list[Page] = []
    for one in of_community(community):
        page = Page(one.name)
        page.banner(f"{community}物业费收缴登记（{span_words(months)}）", 6)
        page.line([f"填报日期：{chinese_date(filed)}", None, None, None, "单位：元"])
        page.line(["月份", "应收", "实收", "应缴户数", "实缴户数", "备注"])
        for start in (0, 3):
            quarter = months[start : start + 3]
            rows = [row for row in money.fees() if row.estate == one.name and row.month in quarter]
            for row in rows:
                paid = typed("fees", row.estate, row.month, "households_paid", row.paid)
                page.line([f"{row.month.month}月", row.receivable, row.received, row.due, paid])
            words = QUARTER_WORDS[quarter[0].month // 3]
            page.line(
                [f"{words}小计", _total(rows, lambda row: row.receivable), _total(rows, lambda row: row.received)]
            )
        note(page, 6)
        pages.append(page)
    return book(f"柳岸社区/柳岸社区收缴登记{span_words(months)}.ods", filed, community, pages)


def _long_table(months: tuple[date, ...]) -> Sent:
    community = story.LATE_COMMUNITY
    sent = tuple(month for month in months if month <= story.LATE_LAST_MONTH)
    filed = filed_after(months[0], 3, 36) if sent == months else date(2025, 7, 8)
    page = Page("明细")
    page.line([f"{community}物业费收缴明细（{FICTION}）"])
    page.line([f"填报日期：{filed:%Y/%m/%d}"])
    page.line(["小区名称", "所属期", "应收物业费", "实收物业费", "预缴", "应缴户数", "已缴户数"])
    for month in sent:
        words = (f"{month:%Y-%m}", f"{month:%Y%m}", f"{month.year}年{month.month}月")[month.month % 3]
        for row in _bills(community, month):
            name = estate(row.estate).aliases[0] if row.estate == "石桥南区" and month.year == 2025 else row.estate
            line: list[Cell] = [name, words, row.receivable, row.received, row.prepaid, row.due, row.paid]
            page.line(line)
            if (row.estate, month) == mistakes.DUPLICATE_FEE:
                page.line(line)
    path = f"石桥社区/石桥收费明细{sent[0]:%Y%m}-{sent[-1]:%m}.csv"
    return Sent(path, arrival(path, filed), community, delimited(page, encoding="gb18030"))


def _stacked(months: tuple[date, ...]) -> Sent:
    community = COMMUNITIES[5]
    filed = filed_after(months[0], 3, 8)
    page = Page("季报")
    page.banner(f"{community}{span_words(months)}物业费收缴季报", 6)
    page.line([f"填报单位：{community}", None, None, f"填报日期：{filed.year}/{filed.month}/{filed.day}", "单位：元"])
    for month in months:
        page.gap()
        page.line([f"{month.year}年{month.month}月"])
        page.line(["小区", "应收金额", "实收金额", "减免", "应缴户数", "缴费户数"])
        rows = _bills(community, month)
        for row in rows:
            waived = typed("fees", row.estate, month, "waived_yuan", row.waived or None)
            name = estate(row.estate).aliases[0] if row.estate == "松风国际花园" and month.month > 6 else row.estate
            page.line([name, row.receivable, row.received, "/" if waived is None else waived, row.due, row.paid])
        page.line(["小计", _total(rows, lambda row: row.receivable), _total(rows, lambda row: row.received)])
    page.gap()
    note(page, 6)
    signature(page, 6)
    return book(f"松风社区/松风{span_words(months)}收缴季报.xls", filed, community, [page])


def _building_sheets(months: tuple[date, ...]) -> Sent:
    one = estate(story.SHIFT_ESTATE)
    filed = filed_after(months[0], 3, 8)
    pages: list[Page] = []
    for month in months:
        page = Page(f"{month.year}年{month.month}月")
        page.banner(f"{one.name}{month.year}年{month.month}月分栋收费明细表（{FICTION}）", 6)
        page.line([f"填报单位：{one.company}", None, None, f"填报日期：{chinese_date(filed)}"])
        page.line(["楼栋", "应缴户数", "实缴户数", "应收金额(元)", "实收金额(元)", "收缴率"])
        rows = [row for row in money.buildings() if row.month == month]
        for row in rows:
            rate = Percent(round(row.received / row.receivable, 4))
            page.line([row.building, row.due, row.paid, row.receivable, row.received, rate])
        page.line(["合计", sum(row.due for row in rows), sum(row.paid for row in rows),
                   _total(rows, lambda row: row.receivable), _total(rows, lambda row: row.received)])  # fmt: skip
        pages.append(page)
    return book(f"企业/和润邻里/{one.name}{span_words(months)}分栋收费.xlsx", filed, one.company, pages)


def _prepayment(months: tuple[date, ...]) -> Sent:
    one = estate(story.PREPAY_ESTATE)
    filed = filed_after(months[0], 3, 6)
    page = Page("收缴")
    page.banner(f"{one.name}{months[0].year}年物业费收缴情况（含年度预缴）", 6)
    page.line([f"填报单位：{one.company}", None, None, f"填报日期：{chinese_date(filed)}"])
    page.line(["月份", "应收金额（元）", "实收金额\n（含预收，元）", "减免金额（元）", "应缴户数", "缴费户数"])
    rows = [row for row in money.fees() if row.estate == one.name and row.month in months]
    for row in rows:
        page.line([f"{row.month.month}月", row.receivable, row.received, row.waived, row.due, row.paid])
    page.line(["合计", _total(rows, lambda row: row.receivable), _total(rows, lambda row: row.received)])
    note(page, 6, "自2025年1月起，一次缴清全年的减免两个月，预缴款当月全部计入实收。")
    return book(f"企业/泰来居/{one.name}{span_words(months)}收缴情况.xlsx", filed, one.company, [page])


def fee_files() -> list[Sent]:
    """All fee sheets, sender by sender."""
    files = [_monthly(month) for month in MONTHS]
    files += [_wide_half_year(months) for months in (*spans(6)[:2], *spans(3)[4:])]
    for months in spans(3):
        files += _month_sheets(months)
        files += [_long_table(months), _stacked(months), _building_sheets(months)]
        if months[0] >= story.PREPAY_FROM:
            files.append(_prepayment(months))
    return files + [_estate_sheets(months) for months in spans(6)]


def is_sent(row: Fee) -> bool:
    """Whether the bill reached the street at all."""
    late = estate(row.estate).community == story.LATE_COMMUNITY
    return not (late and row.month > story.LATE_LAST_MONTH)


def fields_sent(row: Fee) -> frozenset[str]:
    """Which money columns the sender's sheet has, besides receivable, received and the period."""
    if row.building is not None:
        return frozenset({"due", "paid"})
    if _is_apart(row):
        return frozenset({"waived", "due", "paid"})
    return {
        COMMUNITIES[0]: frozenset({"due", "paid"}),
        COMMUNITIES[1]: frozenset(),
        COMMUNITIES[2]: frozenset({"due", "paid", "opening", "recovered"}),
        COMMUNITIES[3]: frozenset({"due", "paid", "recovered", "waived", "prepaid"}),
        COMMUNITIES[4]: frozenset({"due", "paid", "prepaid"}),
        COMMUNITIES[5]: frozenset({"due", "paid", "waived"}),
    }[estate(row.estate).community]
