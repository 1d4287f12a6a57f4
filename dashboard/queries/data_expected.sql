-- what each community was to send for each period, whether it came, and the errors in what it sent
WITH errors AS (
    SELECT b.community, b.kind, b.first_day, b.last_day, f.source_file, count(*) AS errors
    FROM (SELECT DISTINCT community, kind, first_day, last_day, source_file FROM mart_brought WHERE sender = community) b
    JOIN findings f ON f.source_file = b.source_file AND f.severity = 'error' AND f.kind = b.kind
    GROUP BY ALL
)
SELECT
    e.community, e.kind, e.every, e.period_start, e.period_end, e.due_on, e.received_on, e.status,
    coalesce((
        SELECT sum(one.errors) FROM (
            SELECT DISTINCT x.source_file, x.errors FROM errors x
            WHERE x.community = e.community AND x.kind = e.kind
              AND x.first_day <= e.period_end AND coalesce(x.last_day, x.first_day) >= e.period_start
        ) one
    ), 0)::BIGINT AS errors
FROM expected e
ORDER BY e.community, e.kind, e.period_start;
