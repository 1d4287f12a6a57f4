-- one row per wave whose rate jumped from the wave before it while the way of asking changed, or the number of answers
-- did by a factor. A jump: more than $points, and more than 1.96 standard errors of the difference of two shares
-- (pooled variance), which is what chance alone allows.
WITH waves AS (
    SELECT
        *, satisfied / responses AS rate,
        lag(satisfied) OVER of_estate AS satisfied_before,
        lag(responses) OVER of_estate AS responses_before,
        lag(mode) OVER of_estate AS mode_before,
        lag(conducted_by) OVER of_estate AS conducted_before
    FROM mart_surveys
    WHERE responses > 0 AND satisfied IS NOT NULL
    WINDOW of_estate AS (PARTITION BY estate ORDER BY period_end)
),
compared AS (
    SELECT
        *, satisfied_before / responses_before AS rate_before,
        (satisfied + satisfied_before) / (responses + responses_before) AS pooled,
        sqrt(pooled * (1 - pooled) * (1 / responses + 1 / responses_before)) AS error
    FROM waves
    WHERE responses_before >= $least_answers AND responses >= $least_answers
)
SELECT
    estate AS subject, 'estate' AS "by", period_start, period_end, 100 * rate AS found, 100 * rate_before AS expected,
    CASE
        WHEN mode IS DISTINCT FROM mode_before THEN 'mode'
        WHEN conducted_by IS DISTINCT FROM conducted_before THEN 'conducted_by'
        ELSE 'answers'
    END AS why,
    responses AS n, source_file, source_sheet, source_row,
    [concat_ws(' ', source_file, nullif(source_sheet, ''), source_row)] AS evidence
FROM compared
WHERE abs(rate - rate_before) > greatest($points / 100, 1.96 * error)
    AND (
        mode IS DISTINCT FROM mode_before
        OR conducted_by IS DISTINCT FROM conducted_before
        OR greatest(responses, responses_before) >= $times * least(responses, responses_before)
    )
ORDER BY subject, period_end
