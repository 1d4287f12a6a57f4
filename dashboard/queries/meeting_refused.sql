-- the submissions received since $since that could not be read, or with rows kept out
SELECT source_file, status, coalesce(sender, '') AS sender, rows_quarantined
FROM submissions
WHERE received_at > $since::TIMESTAMP AND (status = 'rejected' OR rows_quarantined > 0)
ORDER BY status = 'rejected' DESC, rows_quarantined DESC, source_file;
