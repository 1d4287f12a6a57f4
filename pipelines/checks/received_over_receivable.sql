-- one row per bill with more received than receivable, and what on its own sheet explains it.
WITH bills AS (
    SELECT
        fees.*, coalesce(mixed.prepaid_mixed, false) AS prepaid_mixed,
        coalesce(prepaid_yuan, 0) AS prepaid, coalesce(arrears_recovered_yuan, 0) AS recovered,
        receivable_yuan * (1 + $tolerance) AS most
    FROM fees
    LEFT JOIN (
        SELECT estate, source_file, source_sheet, bool_or(prepaid_mixed) AS prepaid_mixed FROM mart_fees GROUP BY ALL
    ) AS mixed
        ON fees.estate = mixed.estate AND fees.source_file = mixed.source_file
        AND coalesce(fees.source_sheet, '') = coalesce(mixed.source_sheet, '')
    WHERE received_yuan > most AND receivable_yuan >= 0
)
SELECT
    estate AS subject, 'estate' AS "by", period_start, period_end, received_yuan AS found, receivable_yuan AS expected,
    CASE
        WHEN prepaid > 0 AND received_yuan - prepaid <= most THEN 'prepaid'
        WHEN recovered > 0 AND received_yuan - recovered <= most THEN 'arrears'
        WHEN prepaid > 0 AND recovered > 0 AND received_yuan - prepaid - recovered <= most THEN 'prepaid_and_arrears'
        WHEN opening_arrears_yuan > 0 AND received_yuan <= most + opening_arrears_yuan THEN 'opening_arrears'
        WHEN prepaid_mixed THEN 'prepaid_mixed'
        ELSE 'unexplained'
    END AS why,
    NULL::DOUBLE AS n, source_file, source_sheet, source_row,
    [concat_ws(' ', source_file, nullif(source_sheet, ''), source_row)] AS evidence
FROM bills
ORDER BY subject, period_start, source_file, source_row
