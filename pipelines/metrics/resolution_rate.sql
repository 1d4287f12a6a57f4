-- tickets of the period resolved, of those closed by the as-of date of which it is known
WITH asked AS (
    SELECT unnest($starts::DATE[]) AS period_start, unnest($ends::DATE[]) AS period_end, unnest($moments::DATE[]) AS as_of
)
SELECT
    asked.period_start, asked.period_end, estate, company, governance_mode,
    count(*) FILTER (resolved IS NOT NULL AND closed_at < asked.as_of + INTERVAL 1 DAY AND resolved) AS numerator,
    count(*) FILTER (resolved IS NOT NULL AND closed_at < asked.as_of + INTERVAL 1 DAY) AS denominator,
    count(*) FILTER (resolved IS NOT NULL AND closed_at < asked.as_of + INTERVAL 1 DAY) AS cases,
    count(*) AS of_all
FROM asked
JOIN mart_tickets
    ON opened_at >= asked.period_start AND opened_at < least(asked.period_end, asked.as_of) + INTERVAL 1 DAY
WHERE $with_excluded OR NOT excluded
GROUP BY ALL;
