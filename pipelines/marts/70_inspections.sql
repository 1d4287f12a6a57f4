-- one row per score of an estate or a company on one criterion by one scorer, with who ran the estate on the last day.
CREATE TABLE mart_inspections AS
SELECT
    subject, subject_kind, period_start, period_end, criterion, score, max_score, scorer,
    CASE WHEN subject_kind = 'company' THEN subject ELSE company END AS company,
    governance_mode, state, inspections.source_file, inspections.source_sheet, inspections.source_row
FROM inspections
ASOF LEFT JOIN mart_spells AS spell ON inspections.subject = spell.estate AND inspections.period_end >= spell.from_day
ORDER BY subject, period_end;
