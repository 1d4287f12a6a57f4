-- every submission with its findings, the latest first
SELECT
    s.source_file, s.status, s.sender, coalesce(s.received_at, s.loaded_at) AS received_at, s.rows_loaded, s.sha256,
    count(f.code) FILTER (f.severity = 'error') AS errors,
    count(f.code) FILTER (f.severity = 'warning') AS warnings
FROM submissions s
LEFT JOIN findings f USING (source_file)
GROUP BY ALL
ORDER BY received_at DESC, s.source_file;
