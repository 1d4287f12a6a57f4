-- estates that fell silent: they reported a kind in each of the three periods before the latest one of which their
-- community sent anything, but not in that one, though somebody ran them; of periods that ended by $as_of, and ended or
-- came after $before. since: the day after what they last reported
WITH latest AS (
    SELECT community, kind, every, period_start, period_end, received_on, row_number() OVER periods AS place
    FROM expected
    WHERE status IN ('received', 'late') AND kind IN ('fees', 'costs', 'income')
    WINDOW periods AS (PARTITION BY community, kind ORDER BY period_end DESC)
),
told AS (
    SELECT DISTINCT latest.kind, latest.community, place, latest.period_start, latest.period_end, mart_brought.estate
    FROM latest
    JOIN mart_brought
        ON mart_brought.kind = latest.kind AND mart_brought.community = latest.community
        AND mart_brought.first_day <= latest.period_end AND mart_brought.last_day >= latest.period_start
    WHERE place <= 4
),
silent AS (
    SELECT kind, community, estate
    FROM told
    GROUP BY kind, community, estate
    HAVING count(*) FILTER (WHERE place BETWEEN 2 AND 4) = 3 AND count(*) FILTER (WHERE place = 1) = 0
)
SELECT
    silent.kind, latest.period_start, latest.period_end, silent.estate, silent.community,
    (
        SELECT max(last_day) + 1 FROM mart_brought
        WHERE mart_brought.kind = silent.kind AND mart_brought.estate = silent.estate
            AND last_day < latest.period_start
    ) AS since
FROM silent
JOIN latest ON latest.kind = silent.kind AND latest.community = silent.community AND place = 1
WHERE latest.period_end <= $as_of::DATE AND greatest(latest.period_end, latest.received_on) > $before::DATE
AND EXISTS (
    FROM mart_estate_months
    WHERE mart_estate_months.estate = silent.estate AND state = 'managed'
        AND from_day <= latest.period_end AND to_day >= latest.period_start
)
ORDER BY silent.kind, silent.community, silent.estate;
