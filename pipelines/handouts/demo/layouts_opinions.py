"""How surveys and inspections are laid out: counts, rates alone, a questionnaire a row, scores by three scorers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from pipelines.handouts.demo import stories as story
from pipelines.handouts.demo.layouts_fees import span_words, spans
from pipelines.handouts.demo.opinions import OVERALL, QUESTIONNAIRES, RATES_ONLY, WAVES, Survey, surveys
from pipelines.handouts.demo.page import Cell, Page, Percent
from pipelines.handouts.demo.patrols import MONTHLY, PATROL, QUARTERLY, SCORERS, scores
from pipelines.handouts.demo.sent import Sent, book, chinese_date, note, signature
from pipelines.handouts.demo.world import FICTION, STREET, chance, estate, quarter_range

SURVEYOR = "晴川民意调查中心"
OFFICE = "街道物业办"
LEVELS = ("非常满意", "满意", "一般", "不满意", "非常不满意")


def _words(wave: str) -> str:
    return f"{wave[:4]}年第{'一二三四'[int(wave[5]) - 1]}季度"


def _filed(wave: str, days: int) -> date:
    return quarter_range(wave)[1] + timedelta(days=days)


def _counts(wave: str) -> Sent:
    rows = [
        row
        for row in surveys()
        if row.wave == wave
        and row.mode != "二维码"
        and (estate(row.estate).community, wave) not in (QUESTIONNAIRES, RATES_ONLY)
    ]
    asked = wave.startswith("2025")
    leading = ["社区", "小区", *(["评价内容"] if asked else []), "调查方式", "执行方"]
    trailing = ["发放问卷数\n（份）", "有效问卷数\n（份）"]
    left = len(leading) + len(trailing)
    page = Page("汇总表")
    page.banner(f"{STREET}{_words(wave)}物业服务满意度调查汇总表（{FICTION}）", left + 6)
    page.line([f"填报单位：{SURVEYOR}", *[None] * 4, f"填报日期：{chinese_date(_filed(wave, 6))}"])
    top = page.next_row
    for column, text in enumerate((*leading, *trailing)):
        page.merge(top, column, top + 1, column, text)
    page.merge(top, left, top, left + 4, "满意程度（份）")
    for step, text in enumerate(LEVELS):
        page.put(top + 1, left + step, text)
    page.merge(top, left + 5, top + 1, left + 5, "满意率")
    community = name = ""
    for row in rows:
        here = estate(row.estate)
        line: list[Cell] = [None if here.community == community else here.community]
        line.append(None if row.estate == name else row.estate)
        line += [row.question] if asked else []
        line += [row.mode, row.conducted_by, row.issued, row.responses, *row.counts]
        page.line([*line, Percent(round(row.satisfied / row.responses, 4))])
        community, name = here.community, row.estate
    totals = [sum(row.counts[step] for row in rows) for step in range(5)]
    page.line(["合计", *[None] * (len(leading) - 1), sum(row.issued or 0 for row in rows),
               sum(row.responses for row in rows), *totals])  # fmt: skip
    return book(f"街道/满意度/{_words(wave)}满意度调查汇总.xlsx", _filed(wave, 6), SURVEYOR, [page])


def _questionnaires() -> Sent:
    community, wave = QUESTIONNAIRES
    page = Page("问卷明细")
    page.banner(f"{community}{_words(wave)}入户问卷原始记录（{FICTION}）", 5)
    page.line(["序号", "所在小区", OVERALL, "调查方式", "执行方"])
    number = 0
    for row in (each for each in surveys() if each.wave == wave and estate(each.estate).community == community):
        answers = [level for level, count in zip(LEVELS, row.counts, strict=True) for _ in range(count)]
        chance(f"shuffle {row.estate} {wave}").shuffle(answers)
        for answer in answers:
            number += 1
            page.line([number, row.estate, answer, row.mode, row.conducted_by])
    return book(f"{community}/{_words(wave)}问卷原始记录.xlsx", _filed(wave, 9), community, [page])


def _rates() -> Sent:
    community, wave = RATES_ONLY
    page = Page("电话回访")
    page.banner(f"{community}{_words(wave)}电话回访结果", 6)
    page.line(["小区名称", "发放份数", "有效样本数", "满意率", "调查方式", "执行方"])
    for row in (each for each in surveys() if each.wave == wave and estate(each.estate).community == community):
        rate = f"{row.satisfied / row.responses:.2%}"
        page.line([row.estate, row.issued, row.responses, rate, row.mode, row.conducted_by])
    note(page, 6)
    return book(f"{community}/{_words(wave)}电话回访.xls", _filed(wave, 10), OFFICE, [page])


def _online() -> Sent:
    wave = story.MODE_CHANGE_WAVE
    rows: list[Survey] = [row for row in surveys() if row.wave == wave and row.mode == "二维码"]
    page = Page("扫码测评")
    page.banner(f"{story.MODE_CHANGE_ESTATE}{_words(wave)}扫码测评统计（{FICTION}）", 9)
    page.line(["发放份数", "有效份数", *LEVELS, "调查方式", "执行方"])
    for row in rows:
        page.line([row.issued, row.responses, *row.counts, row.mode, row.conducted_by])
    return book(f"企业/泰来居/{story.MODE_CHANGE_ESTATE}扫码测评.xlsx", _filed(wave, 7), "泰来居物业", [page])


def _companies(months: tuple[date, ...]) -> Sent:
    rows = [row for row in scores() if row.subject_kind == "company" and row.start == months[0]]
    filed = rows[0].end + timedelta(days=5)
    page = Page("企业评分")
    page.banner(f"{STREET}{span_words(months)}物业企业考核评分表（{FICTION}）", 8)
    page.line([f"评审日期：{chinese_date(filed)}"])
    top = page.next_row
    for column, text in enumerate(("序号", "被考核企业", "考核项目", "分值")):
        page.merge(top, column, top + 1, column, text)
    page.merge(top, 4, top, 6, "现场评分")
    for step, scorer in enumerate(SCORERS):
        page.put(top + 1, 4 + step, scorer)
    page.merge(top, 7, top + 1, 7, "平均分")
    given = {(row.subject, row.criterion, row.scorer): row.score for row in rows}
    for number, company in enumerate(dict.fromkeys(row.subject for row in rows), start=1):
        first = page.next_row
        for criterion, most in QUARTERLY.items():
            values = [given[company, criterion, scorer] for scorer in SCORERS]
            page.line([None, None, criterion, most, *values, round(sum(values) / 3, 2)])
        page.merge(first, 0, page.next_row - 1, 0, number)
        page.merge(first, 1, page.next_row - 1, 1, company)
    page.line(["评审组组长签字："])
    return book(f"街道/考核/{span_words(months)}企业考核评分表.xlsx", filed, OFFICE, [page])


def _estates(months: tuple[date, ...]) -> Sent:
    rows = [row for row in scores() if row.subject_kind == "estate" and row.start in months]
    filed = max(row.end for row in rows) + timedelta(days=4)
    pages: list[Page] = []
    for month in months:
        page = Page(f"{month.month}月")
        page.banner(f"{STREET}{month.year}年{month.month}月小区巡查得分（{FICTION}）", 8)
        page.line(["社区", "小区名称", *[f"{name}\n（{most}分）" for name, most in MONTHLY.items()], "合计", "检查人"])
        given = {(row.subject, row.criterion): row.score for row in rows if row.start == month}
        community = ""
        for name in dict.fromkeys(subject for subject, _ in given):
            values = [given[name, criterion] for criterion in MONTHLY]
            here = estate(name).community
            page.line([None if here == community else here, name, *values, sum(values), PATROL])
            community = here
        signature(page, 8, "巡查人")
        pages.append(page)
    ending = "xls" if months[0].year == 2024 else "xlsx"
    return book(f"街道/考核/{span_words(months)}小区巡查.{ending}", filed, OFFICE, pages)


def opinion_files() -> list[Sent]:
    """All survey and inspection sheets."""
    files: Sequence[Sent] = [_counts(wave) for wave in WAVES]
    files = [*files, _questionnaires(), _rates(), _online()]
    for months in spans(3):
        files = [*files, _companies(months), _estates(months)]
    return list(files)
