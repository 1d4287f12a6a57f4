"""The demo street's own settings and its marker file, as text."""

from __future__ import annotations

from typing import Final

from pipelines.handouts.demo.calls import SORTS
from pipelines.handouts.demo.world import ALLIANCE, FICTION, STREET

DEMO_MD: Final = f"""# {FICTION} / Fictional sample data

本文件夹中的街道、社区、小区、企业、人员、电话和数字全部虚构，由固定种子的程序生成，与任何真实地方、企业和个人无关。
埋设的故事和差错见 `docs/DEMO.md`；重新生成：`python -m pipelines.handouts.demo`。

Street, communities, estates, companies, people, telephone numbers and figures in this folder are all invented, made by
a program with a fixed seed. The stories and mistakes planted are listed in `docs/DEMO.md`.
"""


_EXPECTED: Final = {
    "柳岸社区": ("每半年10日", "每半年10日"),
    "云锦社区": ("每季度10日", "每周一"),
    "望湖社区": ("每季度10日", "每半年10日"),
    "梧桐社区": ("每月10日", "每半年10日"),
    "石桥社区": ("每季度10日", "每季度10日"),
    "松风社区": ("每季度10日", "每半年10日"),
}
"""By when each community is to send its fees and its complaints."""


def _limit(hours: int) -> str:
    return f"{hours}小时" if hours < 100 else f"{hours // 24}天"


def street_toml() -> str:
    """The text of `street.toml`: names, limits by category, what is expected when, targets, meeting day, datums."""
    lines = [f"# {FICTION}", "[street]", f'name = "{STREET}"', f'alliance = "{ALLIANCE}"', ""]
    lines += ["# 各类诉求的办结时限", "[tickets.limits]"]
    lines += [f'"{name}" = "{_limit(sort.limit)}"' for name, sort in SORTS.items()]
    lines += ["", "# 各社区什么时候该报什么", "[expected]"]
    lines += [f'"{name}" = {{ fees = "{fees}", tickets = "{calls}" }}' for name, (fees, calls) in _EXPECTED.items()]
    lines += ["", "[targets]", 'satisfaction_rate = "85%"', 'collection_rate = "90%"', ""]
    lines += ["[meeting]", 'weekday = "周一"', "", "[crs]", '"*高德*.geojson" = "GCJ-02"', ""]
    return "\n".join(lines)
