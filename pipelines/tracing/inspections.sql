-- scores of the inspections that end in the days asked for
SELECT
    CASE WHEN told.subject_kind = 'estate' THEN told.subject END AS estate, told.company, told.governance_mode,
    1.0::DOUBLE AS share, raw.score, raw.max_score, raw.source_file, raw.source_sheet, raw.source_row, raw.source_columns
FROM mart_inspections AS told
JOIN inspections AS raw
    ON raw.source_file = told.source_file AND raw.source_sheet = told.source_sheet AND raw.source_row = told.source_row
    AND raw.subject = told.subject AND raw.period_start = told.period_start AND raw.period_end = told.period_end
    AND raw.criterion IS NOT DISTINCT FROM told.criterion AND raw.scorer IS NOT DISTINCT FROM told.scorer
WHERE told.period_end BETWEEN $start AND least($end::DATE, $as_of::DATE) AND told.max_score > 0
    AND told.subject_kind = CASE WHEN $basis = 'company' THEN 'company' ELSE 'estate' END;
