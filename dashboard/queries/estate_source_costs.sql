-- rows of the submissions that the cost of a period was made of, with what they say: the amount
SELECT
    source_file, source_sheet, source_row, period_start, period_end,
    coalesce(item, category) AS label, amount_yuan AS first, NULL::DOUBLE AS second
FROM costs
WHERE estate = $estate AND period_start <= $end AND period_end >= $start
ORDER BY ALL;
