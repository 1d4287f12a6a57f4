-- what fell due since $since and has not come: community, kind, period, due date, and the community's estates
SELECT community, kind, period_start, period_end, due_on,
    (SELECT list(estate ORDER BY estate) FROM estates WHERE estates.community = expected.community) AS estates
FROM expected
WHERE status = 'missing' AND due_on > $since::DATE
ORDER BY due_on, community, kind;
