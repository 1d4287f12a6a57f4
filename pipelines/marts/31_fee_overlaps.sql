-- one row per estate and month in which sheets of different grain tell of the same bills: what each of them comes to.
CREATE TABLE mart_fee_overlaps AS
WITH by_row AS (
    SELECT
        fees.estate, calendar.month, fees.period_end - fees.period_start + 1 AS bill_days,
        CASE WHEN unit IS NOT NULL THEN 'unit' WHEN building IS NOT NULL THEN 'building' ELSE 'estate' END AS grain,
        fees.receivable_yuan
        * (least(calendar.to_day, period_end) - greatest(calendar.from_day, period_start) + 1)
        / (period_end - period_start + 1) AS receivable_yuan,
        fees.source_file
    FROM fees
    JOIN mart_estate_months AS calendar
        ON calendar.estate = fees.estate AND calendar.from_day <= period_end AND calendar.to_day >= period_start
),
sets AS (
    SELECT
        estate, month, grain, bill_days > 31 AS is_long, sum(receivable_yuan) AS receivable_yuan,
        list(DISTINCT source_file ORDER BY source_file) AS source_files
    FROM by_row
    GROUP BY ALL
),
counted AS (
    SELECT estate, month, sum(receivable_yuan) AS counted_yuan FROM mart_fees GROUP BY estate, month
)
SELECT estate, month, grain, is_long, receivable_yuan, counted_yuan, receivable_yuan - counted_yuan AS difference_yuan, source_files
FROM sets
JOIN counted USING (estate, month)
WHERE (estate, month) IN (SELECT (estate, month) FROM sets GROUP BY estate, month HAVING count(*) > 1)
ORDER BY estate, month, grain, is_long;
