-- tickets opened in the period by category: closed, open, and open beyond their limit; the most frequent first
SELECT
    coalesce(category, '') AS category,
    count(*) FILTER (is_closed) AS closed,
    count(*) FILTER (NOT is_closed) AS still_open,
    count(*) FILTER (NOT is_closed AND due_at < $moment) AS overdue
FROM (
    SELECT *, coalesce(closed_at < $moment, false) AS is_closed
    FROM mart_tickets
    WHERE estate = $estate AND opened_at >= $start AND opened_at < $end::DATE + INTERVAL 1 DAY AND NOT excluded
)
GROUP BY ALL
ORDER BY count(*) DESC, category;
