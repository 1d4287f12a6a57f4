"""Writes docs/METRICS.md from the catalogue: `python -m pipelines.metrics.reference > docs/METRICS.md`."""

from __future__ import annotations

import sys
from typing import Final

from pipelines.analysis.false_rates import FALSE_RATES
from pipelines.metrics.catalogue import Metric, catalogue, words
from pipelines.metrics.judging import scale_of, shape_of

_INTERVALS: Final = {
    "wilson": "95 % 威尔逊区间 / Wilson",
    "poisson": "95 % 泊松精确区间 / exact Poisson",
    "kaplan_meier": "95 % 对数—对数区间 / log-log",
    "ratio": "95 % 泊松精确区间（观察数）/ exact Poisson of the observed",
    "none": "无（全数或金额）/ none (complete counts or money)",
}
_DIRECTIONS: Final = {"up": "高为好 / up", "down": "低为好 / down", "neither": "无好坏 / neither"}
_STEPS: Final = {"week": "周 week", "month": "月 month", "quarter": "季 quarter", "wave": "调查 wave"}
_HEAD: Final = """# 指标 · Metrics

**中文** 本页由 `pipelines/metrics/catalogue.toml` 生成（`python -m pipelines.metrics.reference >
docs/METRICS.md`），不要手改。每个指标一节定义、一个 `.sql` 文件；加一个指标就是加这两样。
向上汇总时分子、分母各自相加，只除一次；
中位数和快慢比不能相加，每一级都从工单重新算。没有数据的是空值加原因，从不写 0。
口径不同的值不比较、不排名、不连线：
见 `pipelines/metrics/comparing.py`，能分解的给出分解。
截止日默认是数据里已发生的事的最后一天（期末日以填报时已到为限）。

**English** This page is made from `pipelines/metrics/catalogue.toml` (`python -m pipelines.metrics.reference >
docs/METRICS.md`); don't edit it. A metric is one stanza and one `.sql` file; adding one is adding these two. Upwards,
numerators and denominators are added and divided once; medians and the closure ratio cannot be added and are worked out
from the tickets at each level. Where there are no data there is null with a reason, never 0. Values of different bases
are not compared, ranked or put on one line (see `pipelines/metrics/comparing.py`); where amounts are known there is a
bridge. The as-of date is, unless asked otherwise, the last day of anything that has happened in the data (the end of a
period counts as far as it had come when its sheet was filed).

```
lianping metrics --period 2025Q1 --by company --metric collection_rate
lianping metrics --period 2025-06 --by estate --subject 云锦新城 --format json
```

**时钟 / The clock** 表里有办结期限的以表为准，只写日期的到当天结束；没有的用类别时限：小时和自然日从受理起按钟点算，
工作日从次日起整天算，节假日和调休按国务院通知。
A due time in the table counts, a date alone runs to the end of that day; else the category's limit: hours and natural
days run by the clock from the opening, working days are whole days after that day, by the official notice.

**变化 / Change** 控制图（XmR）按下列“步长”从细到粗取第一个每步通常至少有 5 件的序列；换物业、换模式、开始收费、
口径变了都另起一段。比例和频次一步通常还须有 2 件属于较少的一类。满意率比较前后两次调查之差的区间。
期末存量不作结论；最近一期没有报齐的为初步，不作结论。每节列出实际无变化而误报的比例（12 至 78 点）。
A control chart reads the first of the steps below, finest first, of which a typical one holds 5 cases; a new company,
mode, charging or basis begins a new phase. Of shares and counts a typical step must also hold 2 of the rarer kind.
Satisfaction compares two waves by the interval of their difference. Stocks get no verdict, nor does a last step that is
not reported in full. Each section states how often a verdict is false though nothing changed (12 to 78 points).

**小样本 / Small estates** 原始值始终照给，另可加两项：`--shrunk` 给各项比例的收缩估计（经验贝叶斯，
向同级全体的合并比例靠拢，`weight` 是自身数据的权重，0 到 1；少于三个对象时不借）；
`--funnel` 给比例和频次的漏斗图 95%、99.8% 界限（已计过度离散）和 `flag`。
两者都与同级的全体对象相比，不论只问了哪几个；样本太少而不显示的不参与。
满意度调查要收回多少份，用 `lianping sample`。公式见 [STATISTICS.md](STATISTICS.md)。
The raw value is always given; two things can be had beside it. `--shrunk`: shares drawn by empirical Bayes towards the
pooled share of their level, `weight` (0 to 1) being what their own cases count for; fewer than three subjects borrow
nothing. `--funnel`: the 95 and 99.8 % funnel limits of shares and rates, overdispersion allowed for, with a `flag`.
Both weigh a subject against all of its level, whichever were asked for; those hidden for too few cases take no part.
How many households must answer a survey: `lianping sample`. Formulas: [STATISTICS.md](STATISTICS.md).

```
lianping metrics --period 2025Q1 --by estate --metric satisfaction_rate --shrunk --funnel
lianping sample 16 45 600 --margin 0.05
```
"""


def reference() -> str:
    """The whole page."""
    parts = [_HEAD, *(_section(metric) for metric in catalogue().values()), _codes()]
    return "\n".join(parts)


def _section(metric: Metric) -> str:
    unit = words()["unit"][metric.unit]
    bases = "、".join(f"`{one}` {words()['basis'][one]['zh']} / {words()['basis'][one]['en']}" for one in metric.bases)
    steps = "、".join(_STEPS[one] for one in metric.natural)
    pooled = "相加后相除 / added, then divided" if metric.additive else "每级重算 / worked out anew at each level"
    sample = f"{metric.least_sample}" + ("；5 以下不显示 / hidden below 5" if metric.suppress else "")
    return f"""## {metric.zh} · {metric.en}

`{metric.id}` · {metric.question_zh} {metric.question_en}

{metric.definition_zh}
{metric.definition_en}

| | |
| --- | --- |
| 单位、方向 / unit, direction | {unit["zh"]} / {unit["en"]}，{_DIRECTIONS[metric.direction]} |
| 区间 / interval | {_INTERVALS[metric.interval]} |
| 汇总 / pooling | {pooled} |
| 最少样本 / least sample | {sample} |
| 步长 / steps | {steps} |
| 误报率 / false verdicts | {_false_rate(metric)} |
| 口径 / bases | {bases} |
| 说不出的 / cannot tell | {metric.cannot_zh} {metric.cannot_en} |
"""


def _false_rate(metric: Metric) -> str:
    shape = shape_of(metric)
    if shape is None:
        return "5 %" if "wave" in metric.natural else "不作结论 / no verdict"
    rates = FALSE_RATES[shape].values()
    scale = "，取对数判 / by logarithms" if scale_of(metric) == "log" else ""
    return f"{100 * min(rates):.1f}–{100 * max(rates):.1f} %{scale}"


def _codes() -> str:
    titles = {
        "reason": "没有数值的原因 / Reasons",
        "caveat": "说明 / Caveats",
        "verdict": "变化 / Verdicts",
        "funnel": "漏斗图 / Funnel",
    }
    tables = []
    for topic, title in titles.items():
        rows = [f"| `{code}` | {text['zh']} | {text['en']} |" for code, text in words()[topic].items()]
        tables.append("\n".join([f"## {title}", "", "| | | |", "| --- | --- | --- |", *rows, ""]))
    return "\n".join(tables)


if __name__ == "__main__":
    sys.stdout.write(reference())
