-- the days on which an estate's company, way of running or charging changed, and what changed (a company before all else)
SELECT
    from_day AS day,
    CASE
        WHEN company IS NULL AND before_company IS NOT NULL THEN 'unmanaged'
        WHEN company IS DISTINCT FROM before_company THEN 'company'
        WHEN state IS DISTINCT FROM before_state THEN 'charging'
        ELSE 'mode'
    END AS what
FROM (
    SELECT
        *,
        lag(company) OVER spells AS before_company,
        lag(state) OVER spells AS before_state,
        lag(governance_mode) OVER spells AS before_mode,
        row_number() OVER spells AS place
    FROM mart_spells
    WHERE estate = $estate
    WINDOW spells AS (ORDER BY from_day)
)
WHERE place > 1
    AND (company IS DISTINCT FROM before_company OR state IS DISTINCT FROM before_state
        OR governance_mode IS DISTINCT FROM before_mode)
ORDER BY day;
