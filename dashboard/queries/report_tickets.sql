-- tickets opened in the period by category: closed, open, and open beyond their limit; the most frequent first
SELECT
    coalesce(category, '') AS category,
    count(*) FILTER (is_closed) AS closed,
    count(*) FILTER (NOT is_closed) AS still_open,
    count(*) FILTER (NOT is_closed AND coalesce(due_at < $moment, false)) AS overdue
FROM (
    SELECT *, coalesce(closed_at < $moment, false) AS is_closed
    FROM mart_tickets
    WHERE opened_at >= $start AND opened_at < $end::DATE + INTERVAL 1 DAY AND excluded IS NOT TRUE
        AND estate IN (SELECT estate FROM mart_peers)
)
GROUP BY ALL
ORDER BY count(*) DESC, category;
