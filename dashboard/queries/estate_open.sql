-- all open tickets of an estate, the oldest first, with their age in days and whether they are over their limit
SELECT
    ticket_id, coalesce(category, '') AS category, opened_at, due_at,
    epoch($moment::TIMESTAMP - opened_at) / 86400 AS days,
    coalesce(due_at < $moment, false) AS is_over
FROM mart_tickets
WHERE estate = $estate AND opened_at < $moment AND coalesce(closed_at >= $moment, true) AND NOT excluded
ORDER BY opened_at, ticket_id;
