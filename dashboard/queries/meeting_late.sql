-- what fell due since $since and has not come in full: community, kind, period, due date, up to when it was told;
-- reported, missing: the street's estates with and without a row for the end of the period (null for requests, of
-- which an estate may have none)
SELECT
    community, kind, period_start, period_end, due_on, covered_to,
    CASE WHEN kind <> 'tickets' THEN (
        SELECT list(estate ORDER BY estate) FROM estates
        WHERE estate IN (
            SELECT estate FROM mart_brought
            WHERE mart_brought.kind = expected.kind AND expected.period_end BETWEEN first_day AND last_day
        )
    ) END AS reported,
    CASE WHEN kind <> 'tickets' THEN (
        SELECT list(estate ORDER BY estate) FROM estates
        WHERE estates.community = expected.community AND estate NOT IN (
            SELECT estate FROM mart_brought
            WHERE mart_brought.kind = expected.kind AND expected.period_end BETWEEN first_day AND last_day
        )
    ) END AS missing
FROM expected
WHERE status = 'missing' AND due_on > $since::DATE
ORDER BY due_on, community, kind;
