-- by_month(table): the amounts of a table of vouchers (estate, category, item, period), spread over the months and stretches of days
-- that one company ran the estate in one mode and state. Vouchers of one period add up; where a quarter or a year is told
-- again by its months, the complete finer set counts.
CREATE OR REPLACE TEMP MACRO by_month(vouchers) AS TABLE
WITH sums AS (
    SELECT
        row_number() OVER () AS id, estate, category, coalesce(item, '') AS item, period_start, period_end,
        period_end - period_start + 1 AS row_days, sum(amount_yuan) AS amount_yuan
    FROM query_table(vouchers)
    GROUP BY ALL
),
inside AS (
    SELECT coarse.id AS coarse, fine.id AS fine, coarse.row_days, fine.period_start, fine.period_end
    FROM sums AS coarse
    JOIN sums AS fine
        ON coarse.estate = fine.estate
        AND coarse.category = fine.category
        AND coarse.item = fine.item
        AND coarse.row_days > fine.row_days
        AND coarse.period_start <= fine.period_start
        AND coarse.period_end >= fine.period_end
),
complete AS (
    SELECT coarse AS id
    FROM (SELECT coarse, row_days, unnest(range(period_start, period_end + 1, INTERVAL 1 DAY)) AS day FROM inside)
    GROUP BY coarse, row_days
    HAVING count(DISTINCT day) = row_days
),
counted AS (
    SELECT * FROM sums
    ANTI JOIN complete USING (id)
    WHERE id NOT IN (SELECT fine FROM inside WHERE coarse NOT IN (SELECT id FROM complete))
)
SELECT
    counted.estate, calendar.month,
    greatest(calendar.from_day, period_start) AS from_day,
    least(calendar.to_day, period_end) AS to_day,
    least(calendar.to_day, period_end) - greatest(calendar.from_day, period_start) + 1 AS days,
    calendar.month_days, calendar.company, calendar.governance_mode, calendar.state,
    counted.category, counted.item, counted.period_start AS row_start, counted.period_end AS row_end,
    amount_yuan * (least(calendar.to_day, period_end) - greatest(calendar.from_day, period_start) + 1) / row_days AS amount_yuan
FROM counted
JOIN mart_estate_months AS calendar
    ON calendar.estate = counted.estate AND calendar.from_day <= period_end AND calendar.to_day >= period_start
ORDER BY counted.estate, counted.category, calendar.month;
