-- the open tickets whose limit has passed by $as_of, and the median age of those: one row a ticket
SELECT
    estate,
    coalesce(category, '') AS category,
    date_diff('hour', opened_at, $as_of::TIMESTAMP) / 24.0 AS days_open,
    date_diff('hour', opened_at, due_at) / 24.0 AS limit_days,
    due_at > $since::TIMESTAMP AS is_new,
    ticket_id
FROM mart_tickets
WHERE (closed_at IS NULL OR closed_at > $as_of::TIMESTAMP)
    AND opened_at <= $as_of::TIMESTAMP AND due_at < $as_of::TIMESTAMP AND excluded IS NOT TRUE
ORDER BY estate, days_open DESC;
