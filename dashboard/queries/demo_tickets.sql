-- One row: what is known of tickets.
SELECT
    count(*) AS rows,
    min(opened_at)::DATE AS first,
    max(opened_at)::DATE AS last,
    count(*) FILTER (WHERE closed_at IS NULL) AS open
FROM tickets
