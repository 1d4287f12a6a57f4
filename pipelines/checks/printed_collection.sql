-- one row per printed collection rate that received ÷ receivable (or paid ÷ due, where it says households) does not give.
-- What gives it instead is looked for among the other columns of its own row. Amounts that are whole hundreds or tens
-- (万元 with two or three decimals) were rounded: as far as that alone moves the rate, at most half a point, it agrees.
WITH printed_rates AS (
    SELECT
        printed.* EXCLUDE (receivable_yuan, received_yuan), receivable_yuan AS its_receivable, received_yuan AS its_received,
        rate * 100 AS percent,
        list_filter([0, 1, 2, 3, 4], lambda places: abs(round(percent, places) - percent) < 1e-6)[1] AS places,
        10.0 ** -coalesce(places, 4) AS step,
        regexp_matches(heading, '户') AS of_households
    FROM printed
    WHERE rate IS NOT NULL
),
recomputed AS (
    SELECT
        printed_rates.*, fees.estate,
        list_filter(
            [100, 10, 1], lambda size: (round(received_yuan * 100) % (100 * size)) + (round(receivable_yuan * 100) % (100 * size)) = 0
        )[1] AS size,
        CASE WHEN of_households THEN 0 ELSE least(0.5, 100 * coalesce(size, 0.01) / receivable_yuan) END AS slack,
        100 * CASE WHEN of_households THEN households_paid / households_due ELSE received_yuan / receivable_yuan END AS expected,
        [
            {'why': 'amounts', 'percent': 100 * received_yuan / receivable_yuan},
            {'why': 'households', 'percent': 100 * households_paid / nullif(households_due, 0)},
            {'why': 'with_prepaid', 'percent': 100 * (received_yuan + prepaid_yuan) / receivable_yuan},
            {'why': 'without_prepaid', 'percent': 100 * (received_yuan - prepaid_yuan) / receivable_yuan},
            {'why': 'with_recovered', 'percent': 100 * (received_yuan + arrears_recovered_yuan) / receivable_yuan},
            {'why': 'net_of_waived', 'percent': 100 * received_yuan / nullif(receivable_yuan - waived_yuan, 0)},
            {'why': 'waived_as_received', 'percent': 100 * (received_yuan + waived_yuan) / receivable_yuan},
            {
                'why': 'with_opening_arrears',
                'percent': 100 * (received_yuan + coalesce(arrears_recovered_yuan, 0)) / nullif(receivable_yuan + opening_arrears_yuan, 0)
            },
            {'why': 'over_all_due', 'percent': 100 * received_yuan / nullif(receivable_yuan + opening_arrears_yuan, 0)}
        ] AS others
    FROM printed_rates
    JOIN fees
        ON fees.source_file = printed_rates.source_file
        AND coalesce(fees.source_sheet, '') = coalesce(printed_rates.source_sheet, '')
        AND fees.source_row = printed_rates.source_row
        AND fees.period_start = printed_rates.period_start AND fees.period_end = printed_rates.period_end
        AND fees.receivable_yuan = its_receivable AND fees.received_yuan = its_received
    WHERE receivable_yuan > 0
)
SELECT
    estate AS subject, 'estate' AS "by", period_start, period_end, percent AS found, expected,
    coalesce(
        list_filter(others, lambda other: other.percent - percent BETWEEN -step / 2 - slack - 1e-6 AND step + slack + 1e-6)[1].why,
        'unexplained'
    ) AS why,
    NULL::DOUBLE AS n, source_file, source_sheet, source_row,
    [concat_ws(' ', source_file, nullif(source_sheet, ''), source_cell)] AS evidence
FROM recomputed
WHERE expected IS NOT NULL AND NOT (expected - percent BETWEEN -step / 2 - slack - 1e-6 AND step + slack + 1e-6)
ORDER BY subject, period_start, source_file, source_row
