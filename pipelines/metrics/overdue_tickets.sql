-- tickets not closed by the as-of date whose limit had passed by then
WITH asked AS (
    SELECT unnest($starts::DATE[]) AS period_start, unnest($ends::DATE[]) AS period_end, unnest($moments::DATE[]) AS as_of
)
SELECT
    asked.period_start, asked.period_end, estate, company, governance_mode,
    count(*) FILTER (
        (closed_at IS NULL OR closed_at >= asked.as_of + INTERVAL 1 DAY) AND due_at <= asked.as_of + INTERVAL 1 DAY
    ) AS numerator,
    numerator AS cases,
    bool_or(due_by_weekdays) AS caveat_weekdays_assumed
FROM asked
JOIN mart_tickets ON opened_at < asked.as_of + INTERVAL 1 DAY
WHERE $with_excluded OR NOT excluded
GROUP BY ALL
UNION ALL
SELECT asked.period_start, asked.period_end, estate, NULL, NULL, 0, 0, false
FROM asked
CROSS JOIN estates
WHERE community IN (
    SELECT community FROM mart_tickets JOIN estates USING (estate) WHERE opened_at < asked.as_of + INTERVAL 1 DAY
);
