-- one row per ticket opened in the period: the hours that it took, or has been open for so far (closed is false)
WITH asked AS (
    SELECT unnest($starts::DATE[]) AS period_start, unnest($ends::DATE[]) AS period_end, unnest($moments::DATE[]) AS as_of
)
SELECT
    asked.period_start, asked.period_end, estate, company, governance_mode, excluded AS caveat_excluded_present,
    epoch(least(coalesce(closed_at, asked.as_of + INTERVAL 1 DAY), asked.as_of + INTERVAL 1 DAY) - opened_at) / 3600 AS hours,
    coalesce(closed_at < asked.as_of + INTERVAL 1 DAY, false) AS closed
FROM asked
JOIN mart_tickets
    ON opened_at >= asked.period_start AND opened_at < least(asked.period_end, asked.as_of) + INTERVAL 1 DAY
WHERE $with_excluded OR NOT excluded;
