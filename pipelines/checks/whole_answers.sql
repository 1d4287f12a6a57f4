-- one row per survey row whose printed rate no whole number of its answers gives.
-- The rate is read to the decimals that it shows; rounded or cut off, both are allowed. Weighted answers are left out.
WITH printed AS (
    SELECT
        *, reported_rate * 100 AS percent,
        list_filter([0, 1, 2, 3, 4], lambda places: abs(round(percent, places) - percent) < 1e-6)[1] AS places,
        10.0 ** -coalesce(places, 4) AS step
    FROM surveys
    WHERE reported_rate BETWEEN 0 AND 1 AND responses >= $least_answers AND responses = round(responses)
),
nearest AS (
    SELECT *, floor(reported_rate * responses + 1e-9) AS below, below + 1 AS above
    FROM printed
    WHERE very_satisfied IS NULL AND satisfied IS NULL
        AND (satisfied_total IS NULL OR satisfied_total = round(reported_rate * responses))
)
SELECT
    estate AS subject, 'estate' AS "by", period_start, period_end, percent AS found,
    100 * round(reported_rate * responses) / responses AS expected, 'no_whole_number' AS why, responses AS n,
    source_file, source_sheet, source_row,
    [concat_ws(' ', source_file, nullif(source_sheet, ''), source_row)] AS evidence
FROM nearest
WHERE NOT (percent - 100 * below / responses BETWEEN -1e-6 AND step / 2 + 1e-6)
    AND NOT (100 * above / responses - percent BETWEEN -1e-6 AND step + 1e-6)
ORDER BY subject, period_end, source_file, source_row
