-- costs, and square metres times the months with costs (by the days from the first to the last that has any)
WITH asked AS (
    SELECT unnest($starts::DATE[]) AS period_start, unnest($ends::DATE[]) AS period_end, unnest($moments::DATE[]) AS as_of
),
parts AS (
    SELECT
        asked.period_start, asked.period_end, estate, company, governance_mode, month, month_days,
        greatest(from_day, asked.period_start) AS first_day, least(to_day, asked.period_end) AS last_day,
        amount_yuan * (last_day - first_day + 1) / days AS amount_yuan,
        row_start < asked.period_start OR row_end > asked.period_end AS caveat_prorated
    FROM asked
    JOIN mart_costs ON from_day <= least(asked.period_end, as_of) AND to_day >= asked.period_start
),
months AS (
    SELECT
        period_start, period_end, estate, company, governance_mode, month, sum(amount_yuan) AS amount_yuan,
        min(first_day) AS begin, (max(last_day) - begin + 1) / any_value(month_days) AS months,
        bool_or(caveat_prorated) AS caveat_prorated
    FROM parts
    GROUP BY ALL
)
SELECT
    period_start, period_end, estate, company, governance_mode, sum(amount_yuan) AS numerator,
    any_value(floor_area_m2) * sum(months) AS denominator, count(*) AS cases,
    cases - count(*) FILTER (begins_month) AS again, bool_or(caveat_prorated) AS caveat_prorated
FROM (
    SELECT months.*, floor_area_m2,
        begin = min(begin) OVER (PARTITION BY estate, month, period_start, period_end) AS begins_month
    FROM months JOIN estates USING (estate)
)
WHERE floor_area_m2 > 0
GROUP BY period_start, period_end, estate, company, governance_mode;
