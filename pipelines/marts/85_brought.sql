-- one row: what one submission brought of one kind for one estate, for one period, day or (tickets) week of a month;
-- what later submissions replaced is in it, too.
CREATE TABLE mart_brought AS
WITH told AS (
    SELECT 'fees' AS kind, estate, period_start AS first_day, period_end AS last_day, source_file FROM fees
    UNION ALL SELECT 'costs', estate, period_start, period_end, source_file FROM costs
    UNION ALL SELECT 'income', estate, period_start, period_end, source_file FROM income
    UNION ALL SELECT 'surveys', estate, period_start, period_end, source_file FROM surveys
    UNION ALL SELECT 'inspections', subject, period_start, period_end, source_file FROM inspections
    UNION ALL
    SELECT 'tickets', estate, min(opened_at)::DATE, max(opened_at)::DATE, source_file
    FROM tickets
    GROUP BY estate, source_file, date_trunc('week', opened_at), date_trunc('month', opened_at)
    UNION ALL SELECT 'events', estate, event_date, event_date, source_file FROM events
    UNION ALL SELECT 'actions', estate, raised_on, raised_on, source_file FROM actions
    UNION ALL SELECT 'estates', estate, NULL, NULL, source_file FROM estates
    UNION ALL
    SELECT
        kind,
        coalesce(content ->> 'estate', content ->> 'subject'),
        TRY_CAST(left(coalesce(
            content ->> 'period_start', content ->> 'opened_at', content ->> 'event_date', content ->> 'raised_on'
        ), 10) AS DATE),
        TRY_CAST(left(coalesce(
            content ->> 'period_end', content ->> 'opened_at', content ->> 'event_date', content ->> 'raised_on'
        ), 10) AS DATE),
        source_file
    FROM history
)
SELECT DISTINCT
    kind, estate, community, first_day, last_day, source_file, sender,
    coalesce(received_at, loaded_at)::DATE AS received_on
FROM told
LEFT JOIN (SELECT estate, community FROM estates) USING (estate)
LEFT JOIN submissions USING (source_file);
