-- tickets opened in the period, and hundreds of household-months (by days) in which the estate's community reported any
WITH asked AS (
    SELECT unnest($starts::DATE[]) AS period_start, unnest($ends::DATE[]) AS period_end, unnest($moments::DATE[]) AS as_of
),
reported AS (
    SELECT DISTINCT coalesce(community, mart_tickets.estate) AS sender, date_trunc('month', opened_at)::DATE AS month
    FROM mart_tickets
    LEFT JOIN estates ON estates.estate = mart_tickets.estate
),
calendar AS (
    SELECT
        asked.period_start, asked.period_end, months.estate, months.company, months.governance_mode, households,
        sum((least(to_day, asked.period_end, as_of) - greatest(from_day, asked.period_start) + 1) / month_days) AS months
    FROM asked
    JOIN mart_estate_months AS months ON from_day <= least(asked.period_end, as_of) AND to_day >= asked.period_start
    JOIN estates ON estates.estate = months.estate
    JOIN reported ON sender = coalesce(community, months.estate) AND reported.month = months.month
    WHERE households > 0
    GROUP BY ALL
),
came AS (
    SELECT asked.period_start, asked.period_end, estate, company, governance_mode, count(*) AS tickets
    FROM asked
    JOIN mart_tickets
        ON opened_at >= asked.period_start AND opened_at < least(asked.period_end, asked.as_of) + INTERVAL 1 DAY
    WHERE $with_excluded OR NOT excluded
    GROUP BY ALL
)
SELECT
    calendar.period_start, calendar.period_end, calendar.estate, calendar.company, calendar.governance_mode,
    coalesce(tickets, 0) AS numerator, households * months / 100 AS denominator, coalesce(tickets, 0) AS cases
FROM calendar
LEFT JOIN came
    ON calendar.period_start = came.period_start
    AND calendar.period_end = came.period_end
    AND calendar.estate = came.estate
    AND calendar.company IS NOT DISTINCT FROM came.company
    AND calendar.governance_mode IS NOT DISTINCT FROM came.governance_mode;
