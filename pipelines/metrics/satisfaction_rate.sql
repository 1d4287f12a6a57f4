-- satisfied answers and answers of the waves that end in the period; spread: Σ n² ÷ n_eff, 0 for a census
WITH asked AS (
    SELECT unnest($starts::DATE[]) AS period_start, unnest($ends::DATE[]) AS period_end, unnest($moments::DATE[]) AS as_of
)
SELECT
    asked.period_start, asked.period_end, estate, company, governance_mode,
    sum(satisfied) FILTER (counts) AS numerator,
    sum(responses) FILTER (counts) AS denominator,
    sum(responses) FILTER (counts) AS cases,
    sum(CASE WHEN effective IS NULL THEN 0 ELSE responses * responses / effective END) FILTER (counts) AS spread,
    arg_max(reported_rate, wave.period_end) FILTER (NOT counts) AS reported,
    bool_or(derived) AS caveat_derived,
    bool_or(mode_unknown) AS caveat_mode_unknown,
    bool_or(self_selected) AS caveat_self_selected,
    bool_or(self_reported) AS caveat_self_reported,
    bool_or(census AND counts) AS caveat_census,
    bool_or(NOT counts) AS caveat_reported_only
FROM asked
JOIN (SELECT *, coalesce(responses > 0 AND satisfied IS NOT NULL, false) AS counts FROM mart_surveys) AS wave
    ON wave.period_end BETWEEN asked.period_start AND least(asked.period_end, asked.as_of)
WHERE counts OR reported_rate IS NOT NULL
GROUP BY ALL;
