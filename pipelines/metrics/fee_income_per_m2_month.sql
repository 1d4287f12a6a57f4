-- fees received with arrears recovered, and square metres times the months with bills (by their days)
WITH asked AS (
    SELECT unnest($starts::DATE[]) AS period_start, unnest($ends::DATE[]) AS period_end, unnest($moments::DATE[]) AS as_of
),
parts AS (
    SELECT
        asked.period_start, asked.period_end, estate, company, governance_mode, month, month_days, from_day,
        (coalesce(received_yuan, 0) + coalesce(arrears_recovered_yuan, 0))
        * (least(to_day, asked.period_end) - greatest(from_day, asked.period_start) + 1) / days AS amount_yuan,
        least(to_day, asked.period_end) - greatest(from_day, asked.period_start) + 1 AS days,
        bill_start < asked.period_start OR bill_end > asked.period_end AS caveat_prorated,
        prepaid_mixed, age_days
    FROM asked
    JOIN mart_fees ON from_day <= asked.period_end AND to_day >= asked.period_start AND bill_start <= as_of
    WHERE received_yuan IS NOT NULL AND state <> 'free_service'
),
stretches AS (
    SELECT
        period_start, period_end, estate, company, governance_mode, month, from_day, sum(amount_yuan) AS amount_yuan,
        max(days) / any_value(month_days) AS months, bool_or(caveat_prorated) AS caveat_prorated,
        sum(amount_yuan) FILTER (prepaid_mixed) AS mixed, bool_or(prepaid_mixed) AS caveat_prepaid_mixed, min(age_days) AS youngest_days
    FROM parts
    GROUP BY ALL
)
SELECT
    period_start, period_end, estate, company, governance_mode, sum(amount_yuan) AS numerator,
    any_value(floor_area_m2) * sum(months) AS denominator, count(DISTINCT month) AS cases,
    sum(mixed) AS mixed, min(youngest_days) AS youngest_days, bool_or(caveat_prorated) AS caveat_prorated,
    bool_or(caveat_prepaid_mixed) AS caveat_prepaid_mixed
FROM (SELECT stretches.*, floor_area_m2 FROM stretches JOIN estates USING (estate))
WHERE floor_area_m2 > 0
GROUP BY period_start, period_end, estate, company, governance_mode;
