-- tickets opened in the days asked for, with their clock as the metrics read it
SELECT
    told.estate, told.company, told.governance_mode,
    told.opened_at, told.closed_at, told.responded_at, told.due_at, told.resolved, told.satisfied,
    coalesce(told.closed_at < $as_of::DATE + INTERVAL 1 DAY, false) AS is_closed,
    coalesce(told.due_at <= $as_of::DATE + INTERVAL 1 DAY, false) AS is_due,
    coalesce(told.closed_at <= told.due_at, false) AS in_time,
    coalesce(told.responded_at < $as_of::DATE + INTERVAL 1 DAY, false) AS is_answered,
    coalesce(told.responded_at <= told.respond_by, false) AS answered_in_time,
    1.0::DOUBLE AS share, raw.source_file, raw.source_sheet, raw.source_row, raw.source_columns
FROM mart_tickets AS told
JOIN tickets AS raw
    ON raw.source_file = told.source_file AND raw.source_sheet = told.source_sheet AND raw.source_row = told.source_row
    AND raw.estate = told.estate AND raw.opened_at = told.opened_at AND raw.ticket_id IS NOT DISTINCT FROM told.ticket_id
WHERE told.opened_at >= $start AND told.opened_at < least($end::DATE, $as_of::DATE) + INTERVAL 1 DAY
    AND ($with_excluded OR NOT told.excluded);
