"""The demo street's own settings and its marker file, as text."""

from __future__ import annotations

from typing import Final

from pipelines.handouts.demo.calls import SORTS
from pipelines.handouts.demo.world import ALLIANCE, COMMUNITIES, FICTION, STREET

DEMO_MD: Final = f"""# {FICTION} / Fictional sample data

本文件夹中的街道、社区、小区、企业、人员、电话和数字全部虚构，由固定种子的程序生成，与任何真实地方、企业和个人无关。
埋设的故事和差错见 `docs/DEMO.md`；重新生成：`python -m pipelines.handouts.demo`。

Street, communities, estates, companies, people, telephone numbers and figures in this folder are all invented, made by
a program with a fixed seed. The stories and mistakes planted are listed in `docs/DEMO.md`.
"""


def street_toml() -> str:
    """The text of `street.toml`: names, limits by category, what is expected when, targets, meeting day, datums."""
    limits = [f'"{name}" = {{ hours = {sort.limit} }}' for name, sort in SORTS.items()]
    expected = [f'"{name}" = {{ fees = 10, tickets = 10 }}' for name in COMMUNITIES]
    return "\n".join(
        [
            f"# {FICTION}",
            "[street]",
            f'name = "{STREET}"',
            f'alliance = "{ALLIANCE}"',
            "",
            "# 各类诉求的办结时限，自然小时",
            "[limits]",
            *limits,
            "",
            "# 各社区每期结束后多少天内应报送",
            "[expected]",
            *expected,
            "",
            "[targets]",
            "satisfaction_rate = 0.85",
            "collection_rate = 0.90",
            "",
            "[meeting]",
            'weekday = "monday"',
            "",
            "[crs]",
            '"*高德*.geojson" = "GCJ-02"',
            "",
        ]
    )
