-- one row: the latest date that the submissions know of, and the months that the calendar spans.
-- A period's end counts only as far as its sheet had been filed by then: a budget for the year knows nothing of December.
CREATE TABLE mart_as_of AS
WITH filed AS (
    SELECT source_file, coalesce(filed_on, received_at::DATE, loaded_at::DATE) AS filed_on FROM submissions
),
told AS (
    SELECT source_file, opened_at::DATE AS day FROM tickets
    UNION ALL SELECT source_file, dispatched_at::DATE FROM tickets
    UNION ALL SELECT source_file, responded_at::DATE FROM tickets
    UNION ALL SELECT source_file, closed_at::DATE FROM tickets
    UNION ALL SELECT source_file, event_date FROM events
    UNION ALL SELECT source_file, unnest([raised_on, done_on]) FROM actions
    -- what was typed into a screen (pipelines/entries) is newer than the figures, and tells nothing of them
    WHERE NOT regexp_matches(source_file, '(^|/)议定事项/\d{4}/\d{8}T\d{6}\.\d{6}-[0-9a-f]{8}\.csv$')
    UNION ALL SELECT source_file, period_end FROM fees
    UNION ALL SELECT source_file, period_end FROM costs
    UNION ALL SELECT source_file, period_end FROM income
    UNION ALL SELECT source_file, period_end FROM surveys
    UNION ALL SELECT source_file, period_end FROM inspections
),
latest AS (
    SELECT max(least(latest, filed.filed_on)) AS day
    FROM (SELECT source_file, max(day) AS latest FROM told GROUP BY source_file)
    LEFT JOIN filed USING (source_file)
),
spanned AS (
    SELECT min(day) AS first_day, max(day) AS last_day
    FROM (
        SELECT opened_at::DATE AS day FROM tickets
        UNION ALL SELECT unnest([period_start, period_end]) FROM fees
        UNION ALL SELECT unnest([period_start, period_end]) FROM costs
        UNION ALL SELECT unnest([period_start, period_end]) FROM income
        UNION ALL SELECT period_end FROM surveys
        UNION ALL SELECT period_end FROM inspections
    )
)
SELECT
    coalesce(latest.day, (SELECT max(filed_on) FROM filed), DATE '1970-01-01') AS as_of,
    date_trunc('month', coalesce(spanned.first_day, latest.day, DATE '1970-01-01'))::DATE AS first_month,
    date_trunc('month', greatest(coalesce(spanned.last_day, DATE '1970-01-01'), coalesce(latest.day, DATE '1970-01-01')))::DATE
        AS last_month
FROM latest, spanned;
