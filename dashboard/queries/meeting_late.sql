-- what fell due since $since and has not come in full: community, kind, period, due date, up to when it was told;
-- reported, missing: the street's estates with, the community's without a row for the end of the period; null for
-- requests, of which an estate may have none. What nobody ran then, or for fees what was free, is not missing.
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
                AND mart_brought.estate IS NOT NULL
        )
        AND NOT EXISTS (
            FROM mart_estate_months
            WHERE mart_estate_months.estate = estates.estate AND expected.period_end BETWEEN from_day AND to_day
                AND (state = 'unmanaged' OR (state = 'free_service' AND expected.kind = 'fees'))
        )
    ) END AS missing
FROM expected
WHERE status = 'missing' AND due_on > $since::DATE
ORDER BY due_on, community, kind;
