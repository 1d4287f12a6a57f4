-- hours that each stage took for the tickets opened in the period, by its own two stamps: median, and how many have both
SELECT stage, median(hours) AS hours, count(hours) AS cases
FROM (
    SELECT unnest(['dispatch', 'respond', 'solve']) AS stage, unnest([
        epoch(dispatched_at - opened_at) / 3600,
        epoch(responded_at - coalesce(dispatched_at, opened_at)) / 3600,
        epoch(closed_at - coalesce(responded_at, opened_at)) / 3600
    ]) AS hours
    FROM mart_tickets
    WHERE estate = $estate AND opened_at >= $start AND opened_at < $end::DATE + INTERVAL 1 DAY AND NOT excluded
)
GROUP BY stage;
