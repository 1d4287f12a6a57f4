-- Rows of some estates (or of a company) that were refused for a period, with what is wrong in which cell.
SELECT source_file, coalesce(source_sheet, '') AS source_sheet, coalesce(source_cell, '') AS source_cell, reason_zh, reason_en
FROM quarantine
WHERE list_contains($names::VARCHAR[], coalesce(json_extract_string(content, '$.estate'), json_extract_string(content, '$.subject')))
    AND coalesce(try_cast(json_extract_string(content, '$.period_start') AS DATE) <= $end::DATE, TRUE)
    AND coalesce(try_cast(json_extract_string(content, '$.period_end') AS DATE) >= $start::DATE, TRUE)
ORDER BY ALL;
