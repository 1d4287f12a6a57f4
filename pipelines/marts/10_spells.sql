-- one row per estate and stretch of days in which the same company ran it, in the same mode and state; no gaps.
-- state: managed, free_service (before charging began), unmanaged (nobody ran it), unknown (nothing is known).
CREATE TABLE mart_spells AS
WITH named AS (
    SELECT estate FROM estates
    UNION SELECT estate FROM episodes
    UNION SELECT estate FROM fees
    UNION SELECT estate FROM costs
    UNION SELECT estate FROM income
    UNION SELECT estate FROM tickets
    UNION SELECT estate FROM surveys
    UNION SELECT subject FROM inspections WHERE subject_kind = 'estate'
),
known AS (
    SELECT
        estate, company, governance_mode, charging_start,
        coalesce(service_start, DATE '0001-01-01') AS from_day,
        coalesce(service_end, DATE '9999-12-31') AS to_day,
        CASE
            WHEN company IS NOT NULL THEN 'managed'
            WHEN regexp_matches(coalesce(governance_mode, ''), '无物业|失管|弃管|无人管|脱管') THEN 'unmanaged'
            WHEN governance_mode IS NOT NULL THEN 'managed'
            WHEN service_start IS NOT NULL OR service_end IS NOT NULL THEN 'unmanaged'
            ELSE 'unknown'
        END AS state
    FROM episodes
),
gaps AS (
    SELECT estate, NULL AS company, NULL AS governance_mode, NULL::DATE AS charging_start, from_day, to_day, 'unknown' AS state
    FROM (
        SELECT
            estate,
            coalesce(lag(to_day) OVER of_estate + 1, DATE '0001-01-01') AS from_day,
            from_day - 1 AS to_day
        FROM known
        WINDOW of_estate AS (PARTITION BY estate ORDER BY from_day)
        UNION ALL
        SELECT estate, max(to_day) + 1, DATE '9999-12-31' FROM known GROUP BY estate HAVING max(to_day) < DATE '9999-12-31'
        UNION ALL
        SELECT estate, DATE '0001-01-01', DATE '9999-12-31' FROM named ANTI JOIN known USING (estate)
    )
    WHERE from_day <= to_day
),
stretches AS (
    SELECT * FROM known
    UNION ALL SELECT * FROM gaps
),
free AS (
    SELECT *, company IS NOT NULL AND charging_start > from_day AND from_day > DATE '0001-01-01' AS has_free FROM stretches
)
SELECT
    estate, company, governance_mode, CASE WHEN has_free THEN charging_start ELSE from_day END AS from_day, to_day,
    charging_start, state
FROM free
WHERE NOT coalesce(has_free, false) OR charging_start <= to_day
UNION ALL
SELECT
    estate, company, governance_mode, from_day, least(charging_start - 1, to_day), charging_start, 'free_service'
FROM free
WHERE has_free
ORDER BY estate, from_day;
