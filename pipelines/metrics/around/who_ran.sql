-- days of the period by estate, who ran it, in which mode and state
SELECT
    estate, company, governance_mode, state,
    sum(least(to_day, $end::DATE) - greatest(from_day, $start::DATE) + 1)::BIGINT AS days
FROM mart_spells
WHERE from_day <= $end::DATE AND to_day >= $start::DATE
GROUP BY ALL;
