-- rows of the submissions that the closing time of a period was made of, with what they say
SELECT
    source_file, source_sheet, source_row, opened_at::DATE AS period_start, closed_at::DATE AS period_end,
    concat_ws('，', ticket_id, category) AS label, NULL::DOUBLE AS first, NULL::DOUBLE AS second
FROM mart_tickets
WHERE estate = $estate AND opened_at >= $start AND opened_at < $end::DATE + INTERVAL 1 DAY AND NOT excluded
ORDER BY ALL;
