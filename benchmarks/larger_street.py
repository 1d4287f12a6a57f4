"""The demo street with more estates, as submissions: every estate of its warehouse copied under names of its own."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.warehouse import open_published

_ALL: Final = "SELECT {columns} FROM {table} ORDER BY estate"
_FEES: Final = """(
    SELECT estate, period_start, period_end, sum(receivable_yuan) AS receivable_yuan,
        sum(received_yuan) AS received_yuan, sum(households_due) AS households_due,
        sum(households_paid) AS households_paid
    FROM fees
    GROUP BY ALL
)"""
TABLES: Final = {
    "小区台账": (
        "estates",
        {
            "estate": "小区名称",
            "community": "所属社区",
            "company": "物业服务企业",
            "governance_mode": "治理模式",
            "housing_type": "小区类型",
            "built_year": "建成年份",
            "buildings": "楼栋数",
            "households": "总户数",
            "floor_area_m2": "建筑面积（㎡）",
            "fee_yuan_per_m2_month": "物业费标准（元/㎡·月）",
            "service_tier": "服务等级",
            "takeover_date": "接管日期",
            "charging_date": "开始收费日期",
            "contract_end": "合同到期日",
            "lon": "经度",
            "lat": "纬度",
        },
    ),
    "物业费收缴": (
        _FEES,
        {
            "estate": "小区名称",
            "strftime(period_start, '%Y-%m-%d')": "期间起",
            "strftime(period_end, '%Y-%m-%d')": "期间止",
            "receivable_yuan": "应收（元）",
            "received_yuan": "实收（元）",
            "households_due": "应缴户数",
            "households_paid": "实缴户数",
        },
    ),
    "物业成本": (
        "costs",
        {
            "estate": "小区名称",
            "strftime(period_start, '%Y-%m')": "月份",
            "category": "费用类别",
            "amount_yuan": "金额（元）",
        },
    ),
    "满意度调查": (
        "surveys",
        {
            "estate": "小区名称",
            "strftime(period_start, '%Y-%m-%d')": "期间起",
            "strftime(period_end, '%Y-%m-%d')": "期间止",
            "question": "评价内容",
            "issued": "发放份数",
            "responses": "回收份数",
            "satisfied_total": "满意合计",
            "mode": "调查方式",
            "conducted_by": "执行方",
        },
    ),
    "12345工单": (
        "tickets",
        {
            "estate": "小区名称",
            "ticket_id": "工单编号",
            "opened_at": "受理时间",
            "closed_at": "办结时间",
            "category": "诉求类别",
            "channel": "受理渠道",
            "resolved": "是否解决",
        },
    ),
}
"""By the name of the file: the table of the warehouse, and what each column is called in a submission."""


def write_larger(warehouse: Path, folder: Path, estates: int) -> None:
    """Writes CSV submissions of a street of so many estates into an empty folder; the same figures, other names."""
    folder.mkdir(parents=True)
    connection = open_published(warehouse)
    names = [str(one[0]) for one in connection.execute("SELECT estate FROM estates ORDER BY estate").fetchall()]
    copies = [(name, _copy(name, number)) for number in range(-(-estates // len(names))) for name in names][:estates]
    renamed = pl.DataFrame(copies, schema=["小区名称", "名"], orient="row")
    shift = random.Random(1)
    for file, (table, columns) in TABLES.items():
        wanted = ", ".join(f'{column} AS "{heading}"' for column, heading in columns.items())
        rows = connection.sql(_ALL.format(columns=wanted, table=table)).pl()
        larger = renamed.join(rows, on="小区名称").with_columns(pl.col("名").alias("小区名称")).drop("名")
        if table == "tickets":
            larger = larger.with_columns(pl.format("T{}", pl.int_range(pl.len())).alias("工单编号"))
        if table == "estates":
            moved = [
                pl.col(side) + pl.Series([shift.uniform(-0.004, 0.004) for _ in copies]) for side in ("经度", "纬度")
            ]
            larger = larger.with_columns(moved)
        larger.write_csv(folder / f"{file}.csv", include_bom=True, datetime_format="%Y-%m-%d %H:%M:%S")
    connection.close()


def _copy(name: str, number: int) -> str:
    return f"{name}{'东西南北中上下前后'[number - 1]}苑" if number else name
