"""What happened in the demo street, as dates and sizes: the stories that docs/DEMO.md tells and the tests look for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

WALK_OUT_ESTATE: Final = "石桥南区"
WALK_OUT_OLD: Final = "恒谊物业"
WALK_OUT_NEW: Final = "佳与物业"
WALK_OUT_LAST_DAY: Final = date(2024, 8, 31)
WALK_OUT_ON: Final = date(2024, 9, 1)
WALK_OUT_FILLED_ON: Final = date(2024, 12, 1)
"""The old company leaves on the evening of 31 August, nobody serves for
September, October and November, then a new company comes."""
WALK_OUT_CALLS: Final = 1.5
WALK_OUT_HOURS: Final = 1.6
"""While nobody serves, half as many complaints again come, and each takes 1.6 times as long."""

SERVICE_FIRST_ESTATE: Final = "北坡小区"
SERVICE_FIRST_COMPANY: Final = "同禾物业"
SERVICE_FIRST_ON: Final = date(2024, 10, 1)
SERVICE_FIRST_CHARGING: Final = date(2025, 1, 1)
SERVICE_FIRST_SATISFACTION: Final = {"2024Q2": 0.55, "2024Q4": 0.68, "2025Q1": 0.76, "2025Q2": 0.81}
"""Served from October, charged from January; before, the community swept the estate and charged nothing."""

PREPAY_ESTATE: Final = "梧桐一村"
PREPAY_FROM: Final = date(2025, 1, 1)
PREPAY_BASE_RATE: Final = 0.40
PREPAY_MONTHS_PAID: Final = 10
PREPAY_MONTHS_WAIVED: Final = 2
PREPAY_SHARES: Final = (0.0311, 0.03457, 0.0384, 0.025, 0.020, 0.0145)
"""Share of the month's receivable that turns to yearly prepayment in each month of 2025; ten months' cash arrives at
once and is written as received, so 40 % becomes 68 % in the first quarter although nobody new pays."""

ATTACHED_ESTATE: Final = "松风里"
ATTACHED_HOST: Final = "松风苑"
ATTACHED_OLD: Final = "康桥里物业"
ATTACHED_NEW: Final = "同禾物业"
ATTACHED_AGREED_ON: Final = date(2024, 12, 26)
ATTACHED_FROM: Final = date(2025, 1, 1)
ATTACHED_FEE_BEFORE: Final = 0.30
ATTACHED_FEE_AFTER: Final = 0.99
"""Sixteen households join the company of their neighbour for 3.3 times the fee, without a day's gap."""

SHIFT_ESTATE: Final = "云锦新城"
SHIFT_FROM: Final = datetime(2025, 3, 3)
SHIFT_FACTOR: Final = 0.42
"""From the week of 3 March 2025 (2025-W10) on a repair team stays on site: closing takes 0.42 of the time, for good."""

MASS_CLOSURE_ESTATE: Final = "石桥新村"
MASS_CLOSURE_FROM: Final = datetime(2025, 3, 31, 16, 2)
MASS_CLOSURE_MINUTES: Final = 116
MASS_CLOSURE_TICKETS: Final = 40
MASS_CLOSURE_REOPENED: Final = 11
"""Forty tickets are closed within two hours on the last day of a quarter; eleven come back."""

TINY_SURVEY_ESTATE: Final = "柳岸公寓"
TINY_SURVEY_WAVE: Final = "2025Q1"
TINY_SURVEY: Final = (11, 12)
"""Eleven of twelve satisfied: 91.7 %, which a Wilson interval puts between 64.6 and 98.5 % before the correction for a
population of 48."""

FALLING_ESTATE: Final = "梧桐二村"
FALLING_WAVE: Final = "2025Q2"
FALLING_SATISFACTION: Final = 0.64
"""A real fall: from about 78 % to 64 % in one wave."""

MODE_CHANGE_ESTATE: Final = "望湖里"
MODE_CHANGE_WAVE: Final = "2025Q2"
"""Visited until 2025Q1, a QR code in 2025Q2: not comparable."""

LATE_COMMUNITY: Final = "石桥社区"
LATE_LAST_MONTH: Final = date(2025, 5, 1)
"""Sends its fees about four weeks after the others; June 2025 had not come when the data end."""

SILENT_ESTATE: Final = "锦绣里"
SILENT_FROM: Final = date(2025, 4, 1)
"""Its fees and costs stop coming in the second quarter of 2025."""

CORRECTING_COMMUNITY: Final = "望湖社区"
CORRECTED_ESTATE: Final = "湖心苑"
CORRECTED_MONTH: Final = date(2024, 8, 1)
"""Wrote 元 into a sheet of 万元, noticed, and sent a corrected file two weeks later."""
