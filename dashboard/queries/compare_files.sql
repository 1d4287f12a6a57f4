-- The files that hold data of some sources in a period.
SELECT DISTINCT source_file
FROM (
    SELECT 'fees' AS source, source_file, period_start AS first, period_end AS last FROM fees
    UNION ALL
    SELECT 'costs', source_file, period_start, period_end FROM costs
    UNION ALL
    SELECT 'tickets', source_file, opened_at::DATE, opened_at::DATE FROM tickets
    UNION ALL
    SELECT 'surveys', source_file, period_end, period_end FROM surveys
    UNION ALL
    SELECT 'inspections', source_file, period_start, period_end FROM inspections
)
WHERE list_contains($sources, source) AND last >= $first AND first <= $last
ORDER BY source_file;
