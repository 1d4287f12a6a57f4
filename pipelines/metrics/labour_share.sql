-- costs of people, and all costs
WITH asked AS (
    SELECT unnest($starts::DATE[]) AS period_start, unnest($ends::DATE[]) AS period_end, unnest($moments::DATE[]) AS as_of
)
SELECT
    asked.period_start, asked.period_end, estate, company, governance_mode,
    coalesce(sum(amount_yuan * part) FILTER (category = '人员费用'), 0) AS numerator,
    sum(amount_yuan * part) AS denominator, count(DISTINCT month) AS cases,
    cases - count(DISTINCT month) FILTER (begins_month) AS again,
    bool_or(row_start < asked.period_start OR row_end > asked.period_end) AS caveat_prorated
FROM (
    SELECT asked.period_start, asked.period_end, mart_costs.*,
        (least(to_day, asked.period_end) - greatest(from_day, asked.period_start) + 1) / days AS part,
        from_day = min(from_day) OVER (PARTITION BY estate, month, asked.period_start, asked.period_end) AS begins_month
    FROM asked
    JOIN mart_costs ON from_day <= least(asked.period_end, as_of) AND to_day >= asked.period_start
) AS asked
GROUP BY ALL;
