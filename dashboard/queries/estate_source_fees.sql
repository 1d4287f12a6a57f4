-- rows of the submissions that the collection of a period was made of, with what they say: receivable, received
SELECT DISTINCT
    fees.source_file, fees.source_sheet, fees.source_row, bill_start AS period_start, bill_end AS period_end,
    coalesce(raw.building, '') AS label, raw.receivable_yuan AS first, raw.received_yuan AS second
FROM mart_fees AS fees
JOIN fees AS raw
    ON raw.source_file = fees.source_file AND raw.source_sheet = fees.source_sheet AND raw.source_row = fees.source_row
    AND raw.estate = fees.estate AND raw.period_start = fees.bill_start AND raw.period_end = fees.bill_end
WHERE fees.estate = $estate AND from_day <= $end AND to_day >= $start AND state <> 'free_service'
    AND fees.received_yuan IS NOT NULL
ORDER BY ALL;
