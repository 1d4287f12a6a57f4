-- rows of the waves that end in the days asked for: the overall question, else all questions, whose rates are averaged
SELECT
    wave.estate, wave.company, wave.governance_mode, wave.derived,
    coalesce(wave.responses > 0 AND wave.satisfied IS NOT NULL, false) AS counts,
    CASE
        WHEN NOT wave.derived THEN 1.0
        WHEN raw.satisfied_total IS NOT NULL AND raw.responses > 0
            THEN wave.responses / raw.responses / count(*) OVER of_wave
        ELSE wave.responses / count(*) OVER of_wave
    END AS share,
    row_number() OVER (of_wave ORDER BY raw.responses DESC NULLS LAST, raw.satisfied_total IS NULL) = 1 AS is_most,
    raw.satisfied_total, raw.responses, raw.reported_rate, raw.very_satisfied, raw.satisfied,
    raw.source_file, raw.source_sheet, raw.source_row, raw.source_columns
FROM mart_surveys AS wave
JOIN surveys AS raw
    ON raw.estate = wave.estate AND raw.period_start = wave.period_start AND raw.period_end = wave.period_end
WHERE wave.period_end BETWEEN $start AND least($end::DATE, $as_of::DATE)
    AND (wave.derived OR regexp_matches(raw.question, '^(总体|整体|综合|总的|overall)') OR coalesce(raw.question, '') = '')
WINDOW of_wave AS (PARTITION BY wave.estate, wave.period_start, wave.period_end);
