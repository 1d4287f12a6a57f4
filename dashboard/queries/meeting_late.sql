-- what fell due since $since and has not come by $as_of: community, kind, period, due date, and its estates
SELECT community, kind, period_start, period_end, due_on,
    (SELECT list(estate ORDER BY estate) FROM estates WHERE estates.community = expected.community) AS estates
FROM expected
WHERE status = 'missing' AND due_on > $since::DATE AND due_on <= $as_of::DATE
ORDER BY due_on, community, kind;
