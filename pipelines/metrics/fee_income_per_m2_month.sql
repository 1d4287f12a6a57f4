-- fees received with arrears recovered, and square metres times the months with bills (by the days from the first to the last)
WITH asked AS (
    SELECT unnest($starts::DATE[]) AS period_start, unnest($ends::DATE[]) AS period_end, unnest($moments::DATE[]) AS as_of
),
parts AS (
    SELECT
        asked.period_start, asked.period_end, estate, company, governance_mode, month, month_days,
        greatest(from_day, asked.period_start) AS first_day, least(to_day, asked.period_end) AS last_day,
        (coalesce(received_yuan, 0) + coalesce(arrears_recovered_yuan, 0)) * (last_day - first_day + 1) / days AS amount_yuan,
        bill_start < asked.period_start OR bill_end > asked.period_end AS caveat_prorated,
        prepaid_mixed, age_days
    FROM asked
    JOIN mart_fees ON from_day <= asked.period_end AND to_day >= asked.period_start AND bill_start <= as_of
    WHERE received_yuan IS NOT NULL AND state <> 'free_service'
),
months AS (
    SELECT
        period_start, period_end, estate, company, governance_mode, month, sum(amount_yuan) AS amount_yuan,
        min(first_day) AS begin, (max(last_day) - begin + 1) / any_value(month_days) AS months,
        bool_or(caveat_prorated) AS caveat_prorated, sum(amount_yuan) FILTER (prepaid_mixed) AS mixed,
        bool_or(prepaid_mixed) AS caveat_prepaid_mixed, min(age_days) AS youngest_days
    FROM parts
    GROUP BY ALL
)
SELECT
    period_start, period_end, estate, company, governance_mode, sum(amount_yuan) AS numerator,
    any_value(floor_area_m2) * sum(months) AS denominator, count(*) AS cases,
    cases - count(*) FILTER (begins_month) AS again, sum(mixed) AS mixed, min(youngest_days) AS youngest_days,
    bool_or(caveat_prorated) AS caveat_prorated, bool_or(caveat_prepaid_mixed) AS caveat_prepaid_mixed
FROM (
    SELECT months.*, floor_area_m2,
        begin = min(begin) OVER (PARTITION BY estate, month, period_start, period_end) AS begins_month
    FROM months JOIN estates USING (estate)
)
WHERE floor_area_m2 > 0
GROUP BY period_start, period_end, estate, company, governance_mode;
