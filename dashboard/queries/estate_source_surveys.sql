-- rows of the submissions that the satisfaction of a period was made of, with what they say
SELECT
    surveys.source_file, surveys.source_sheet, surveys.source_row, surveys.period_start, surveys.period_end,
    surveys.question AS label, surveys.responses AS first, NULL::DOUBLE AS second
FROM surveys
JOIN mart_surveys AS wave
    ON surveys.estate = wave.estate
    AND surveys.period_start = wave.period_start
    AND surveys.period_end = wave.period_end
    AND (wave.derived OR (surveys.source_file = wave.source_file AND surveys.source_sheet = wave.source_sheet
        AND surveys.source_row = wave.source_row))
WHERE surveys.estate = $estate AND wave.period_end BETWEEN $start AND $end
ORDER BY ALL;
