-- one row per survey row whose printed rate is not satisfied ÷ answers by its own counts, and what gives it instead.
WITH printed AS (
    SELECT
        *, reported_rate * 100 AS percent,
        list_filter([0, 1, 2, 3, 4], lambda places: abs(round(percent, places) - percent) < 1e-6)[1] AS places,
        10.0 ** -coalesce(places, 4) AS step
    FROM surveys
    WHERE reported_rate BETWEEN 0 AND 1 AND responses > 0 AND satisfied_total IS NOT NULL
        AND (very_satisfied IS NOT NULL OR satisfied IS NOT NULL OR satisfied_total <> round(reported_rate * responses))
),
tried AS (
    SELECT
        *, 100 * satisfied_total / responses AS expected,
        [
            {'why': 'of_issued', 'percent': 100 * satisfied_total / nullif(issued, 0)},
            {
                'why': 'of_counted',
                'percent': 100 * satisfied_total / nullif(satisfied_total + coalesce(neutral, 0) + coalesce(dissatisfied, 0)
                    + coalesce(very_dissatisfied, 0), 0)
            },
            {'why': 'with_neutral', 'percent': 100 * (satisfied_total + neutral) / responses},
            {'why': 'with_neutral_of_issued', 'percent': 100 * (satisfied_total + neutral) / nullif(issued, 0)},
            {'why': 'very_satisfied_alone', 'percent': 100 * very_satisfied / responses},
            {
                'why': 'mean_score',
                'percent': (100 * very_satisfied + 80 * satisfied + 60 * neutral + 40 * dissatisfied
                    + 20 * coalesce(very_dissatisfied, 0)) / responses
            }
        ] AS others
    FROM printed
)
SELECT
    estate AS subject, 'estate' AS "by", period_start, period_end, percent AS found, expected,
    coalesce(
        list_filter(others, lambda other: other.percent - percent BETWEEN -step / 2 - 1e-6 AND step + 1e-6)[1].why,
        'unexplained'
    ) AS why,
    responses AS n, source_file, source_sheet, source_row,
    [concat_ws(' ', source_file, nullif(source_sheet, ''), source_row)] AS evidence
FROM tried
WHERE NOT (expected - percent BETWEEN -step / 2 - 1e-6 AND step + 1e-6)
ORDER BY subject, period_end, source_file, source_row
