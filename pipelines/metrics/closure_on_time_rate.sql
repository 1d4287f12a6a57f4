-- tickets of the period whose limit has passed by the as-of date, and those of them that were closed by then
WITH asked AS (
    SELECT unnest($starts::DATE[]) AS period_start, unnest($ends::DATE[]) AS period_end, unnest($moments::DATE[]) AS as_of
)
SELECT
    asked.period_start, asked.period_end, estate, company, governance_mode,
    count(*) FILTER (closed_at <= due_at AND closed_at < asked.as_of + INTERVAL 1 DAY) AS numerator,
    count(*) AS denominator,
    count(*) AS cases,
    bool_or(due_by_weekdays) AS caveat_weekdays_assumed
FROM asked
JOIN mart_tickets
    ON opened_at >= asked.period_start AND opened_at < least(asked.period_end, asked.as_of) + INTERVAL 1 DAY
WHERE ($with_excluded OR NOT excluded) AND due_at <= asked.as_of + INTERVAL 1 DAY
GROUP BY ALL;
