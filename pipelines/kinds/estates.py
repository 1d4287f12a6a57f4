"""小区台账: one row is an estate and its static facts."""

from __future__ import annotations

from pipelines.kinds.fields import Field, Kind

FIELDS = (
    Field("estate", "estate", "小区", "estate"),
    Field("aliases", "names", "曾用名/别名", "aliases"),
    Field("community", "text", "社区", "community"),
    Field("street", "text", "街道", "street"),
    Field("company", "text", "物业企业", "property company"),
    Field("governance_mode", "text", "治理模式", "governance mode"),
    Field("housing_type", "text", "小区类型", "housing type"),
    Field("built_year", "year", "建成年份", "year built"),
    Field("buildings", "count", "楼栋数", "buildings"),
    Field("units", "count", "单元数", "units"),
    Field("households", "count", "户数", "households"),
    Field("floor_area_m2", "area", "建筑面积", "floor area"),
    Field("fee_yuan_per_m2_month", "fee", "物业费标准", "property fee"),
    Field("service_tier", "text", "服务等级", "service tier"),
    Field("takeover_date", "date", "接管日期", "date of takeover"),
    Field("charging_date", "date", "开始收费日期", "date charging began"),
    Field("contract_end", "date", "合同到期日", "contract end"),
    Field("host_estate", "text", "托管主小区", "host estate"),
    Field("lon", "longitude", "经度", "longitude"),
    Field("lat", "latitude", "纬度", "latitude"),
)

KIND = Kind(
    name="estates",
    zh="小区台账",
    en="estate register",
    fields=FIELDS,
    key=("estate",),
    required=("estate",),
    measures=(
        "aliases",
        "community",
        "street",
        "company",
        "governance_mode",
        "housing_type",
        "built_year",
        "buildings",
        "units",
        "households",
        "floor_area_m2",
        "fee_yuan_per_m2_month",
        "service_tier",
        "takeover_date",
        "charging_date",
        "contract_end",
        "host_estate",
        "lon",
        "lat",
    ),
    has_period=False,
)
