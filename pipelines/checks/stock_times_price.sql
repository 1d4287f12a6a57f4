-- one row per estate and way in which its months are off: receivable against floor area × price, summed over the months.
-- Only months since the price, company or mode last changed: the register tells the price of today. Sets of buildings
-- that are not complete are left out. A longer bill counts to its months by their days.
WITH since AS (
    SELECT estate, max(event_date) AS day
    FROM events
    WHERE event_type IN ('fee_changed', 'company_in', 'mode_changed', 'charging_started')
    GROUP BY estate
),
months AS (
    SELECT
        billed.estate, billed.month, households,
        sum(receivable_yuan) AS receivable,
        sum(coalesce(waived_yuan, 0)) AS waived,
        sum(coalesce(opening_arrears_yuan, 0)) AS arrears,
        sum(households_due) AS due,
        max(
            floor_area_m2 * fee_yuan_per_m2_month * (datediff('month', bill_start, bill_end) + 1) * month_days
            / (bill_end - bill_start + 1)
        ) AS monthly,
        min(billed.source_file) AS source_file,
        min_by(billed.source_sheet, billed.source_file) AS source_sheet,
        min_by(billed.source_row, billed.source_file) AS source_row
    FROM mart_fees AS billed
    JOIN estates ON billed.estate = estates.estate
    LEFT JOIN since ON billed.estate = since.estate
    WHERE floor_area_m2 * fee_yuan_per_m2_month > 0 AND billed.month >= coalesce(since.day, DATE '0001-01-01')
        AND days = month_days AND billed.state NOT IN ('unmanaged', 'free_service')
    GROUP BY billed.estate, billed.month, households, estates.buildings
    HAVING bool_and(grain = 'estate') OR (bool_and(grain = 'building') AND count(*) >= estates.buildings)
),
off AS (
    SELECT
        *,
        CASE
            WHEN abs(receivable + waived - monthly) <= $tolerance * monthly AND waived > 0 THEN 'net_of_waived'
            WHEN abs(receivable - arrears - monthly) <= $tolerance * monthly AND arrears > 0 THEN 'with_arrears'
            WHEN abs(receivable - monthly * due / households) <= $tolerance * monthly * due / households THEN 'part_of_households'
            WHEN abs(receivable / monthly - 3) <= 3 * $tolerance THEN 'three_months'
            WHEN abs(receivable / monthly - 12) <= 12 * $tolerance THEN 'twelve_months'
            WHEN abs(receivable / monthly - 10000) <= 10000 * $tolerance
                OR abs(receivable / monthly - 0.0001) <= 0.0001 * $tolerance THEN 'unit'
            ELSE 'unexplained'
        END AS why
    FROM months
    WHERE abs(receivable - monthly) > $tolerance * monthly
)
SELECT
    estate AS subject, 'estate' AS "by", min(month) AS period_start, last_day(max(month)) AS period_end,
    sum(receivable) AS found, sum(monthly) AS expected, why, count(*)::DOUBLE AS n,
    min_by(source_file, month) AS source_file, min_by(source_sheet, month) AS source_sheet, min_by(source_row, month) AS source_row,
    list(concat_ws(' ', source_file, nullif(source_sheet, ''), source_row) ORDER BY month) AS evidence
FROM off
GROUP BY estate, why
ORDER BY subject, why
