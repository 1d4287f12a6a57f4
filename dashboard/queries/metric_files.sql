-- how many files brought rows of these kinds that touch the days $first to $last
SELECT count(DISTINCT source_file) AS files
FROM (
    SELECT 'fees' AS kind, source_file, period_start, period_end FROM fees
    UNION ALL SELECT 'costs', source_file, period_start, period_end FROM costs
    UNION ALL SELECT 'surveys', source_file, period_start, period_end FROM surveys
    UNION ALL SELECT 'inspections', source_file, period_start, period_end FROM inspections
    UNION ALL SELECT 'tickets', source_file, opened_at::DATE, coalesce(closed_at::DATE, opened_at::DATE) FROM tickets
)
WHERE list_contains($kinds::VARCHAR[], kind) AND period_start <= $last::DATE AND period_end >= $first::DATE;
