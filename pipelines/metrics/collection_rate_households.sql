-- households that paid and households billed, days before charging began left out
WITH asked AS (
    SELECT unnest($starts::DATE[]) AS period_start, unnest($ends::DATE[]) AS period_end, unnest($moments::DATE[]) AS as_of
)
SELECT
    asked.period_start, asked.period_end, estate, company, governance_mode,
    sum(households_paid * part) AS numerator,
    sum(households_due * part) AS denominator,
    count(DISTINCT month) AS cases,
    cases - count(DISTINCT month) FILTER (begins_month) AS again,
    min(age_days) AS youngest_days,
    bool_or(bill_start < asked.period_start OR bill_end > asked.period_end) AS caveat_prorated,
    bool_or(age_days < 0) AS caveat_provisional
FROM (
    SELECT asked.period_start, asked.period_end, fees.*,
        (least(to_day, asked.period_end) - greatest(from_day, asked.period_start) + 1) / days AS part,
        from_day = min(from_day) OVER (PARTITION BY estate, month, asked.period_start, asked.period_end) AS begins_month
    FROM asked
    JOIN mart_fees AS fees
        ON from_day <= asked.period_end AND to_day >= asked.period_start AND bill_start <= as_of
    WHERE state <> 'free_service' AND households_due IS NOT NULL AND households_paid IS NOT NULL
) AS asked
GROUP BY ALL;
