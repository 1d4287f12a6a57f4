-- what communities were to send and hasn't come, or came late, of periods that ended on or after $since; the oldest due first
SELECT community, kind, every, period_start, period_end, due_on, received_on, covered_to, status
FROM expected
WHERE status IN ('missing', 'late') AND period_end >= $since
ORDER BY status DESC, due_on, community, kind;
