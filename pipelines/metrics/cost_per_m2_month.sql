-- costs, and square metres times the months with costs (by their days)
WITH asked AS (
    SELECT unnest($starts::DATE[]) AS period_start, unnest($ends::DATE[]) AS period_end, unnest($moments::DATE[]) AS as_of
),
parts AS (
    SELECT
        asked.period_start, asked.period_end, estate, company, governance_mode, month, month_days, category, item,
        amount_yuan * (least(to_day, asked.period_end) - greatest(from_day, asked.period_start) + 1) / days AS amount_yuan,
        least(to_day, asked.period_end) - greatest(from_day, asked.period_start) + 1 AS days,
        row_start < asked.period_start OR row_end > asked.period_end AS caveat_prorated
    FROM asked
    JOIN mart_costs ON from_day <= least(asked.period_end, as_of) AND to_day >= asked.period_start
),
items AS (
    SELECT * EXCLUDE (amount_yuan, days, caveat_prorated), sum(amount_yuan) AS amount_yuan, sum(days) AS days,
        bool_or(caveat_prorated) AS caveat_prorated
    FROM parts
    GROUP BY ALL
),
months AS (
    SELECT
        period_start, period_end, estate, company, governance_mode, month, sum(amount_yuan) AS amount_yuan,
        least(max(days) / any_value(month_days), 1) AS months, bool_or(caveat_prorated) AS caveat_prorated
    FROM items
    GROUP BY ALL
)
SELECT
    period_start, period_end, estate, company, governance_mode, sum(amount_yuan) AS numerator,
    any_value(floor_area_m2) * sum(months) AS denominator, count(*) AS cases, bool_or(caveat_prorated) AS caveat_prorated
FROM (SELECT months.*, floor_area_m2 FROM months JOIN estates USING (estate))
WHERE floor_area_m2 > 0
GROUP BY period_start, period_end, estate, company, governance_mode;
