-- survey waves of an estate, the latest first
SELECT
    period_start, period_end, mode, conducted_by, issued, responses, reported_rate, derived, mode_unknown,
    self_selected, self_reported, census
FROM mart_surveys
WHERE estate = $estate
ORDER BY period_end DESC, period_start DESC;
