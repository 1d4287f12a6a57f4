-- one row per estate and survey wave: the overall question, else (derived) the mean of the questions' rates.
-- effective: responses corrected for the households surveyed, null where all answered (a census).
CREATE TABLE mart_surveys AS
WITH told AS (
    SELECT
        *,
        regexp_matches(question, '^(总体|整体|综合|总的|overall)') OR question IS NULL OR question = '' AS is_overall,
        CASE WHEN responses > 0 AND satisfied_total IS NOT NULL THEN satisfied_total / responses ELSE reported_rate END AS rate
    FROM surveys
),
waves AS (
    SELECT
        estate, period_start, period_end,
        bool_or(is_overall) AS has_overall,
        max(responses) FILTER (is_overall) AS overall_responses,
        first(satisfied_total ORDER BY responses DESC, source_file, source_row)
            FILTER (is_overall AND satisfied_total IS NOT NULL) AS overall_satisfied,
        max(reported_rate) FILTER (is_overall) AS overall_rate,
        avg(rate) FILTER (NOT is_overall) AS mean_rate,
        max(responses) FILTER (NOT is_overall) AS most_responses,
        any_value(mode ORDER BY is_overall DESC, source_file, source_row) AS mode,
        any_value(conducted_by ORDER BY is_overall DESC, source_file, source_row) AS conducted_by,
        max(issued) AS issued,
        any_value(source_file ORDER BY is_overall DESC, source_file, source_row) AS source_file,
        any_value(source_sheet ORDER BY is_overall DESC, source_file, source_row) AS source_sheet,
        any_value(source_row ORDER BY is_overall DESC, source_file, source_row) AS source_row
    FROM told
    GROUP BY estate, period_start, period_end
),
counted AS (
    SELECT
        waves.* EXCLUDE (has_overall, overall_responses, overall_satisfied, overall_rate, mean_rate, most_responses, mode),
        NOT has_overall AS derived,
        CASE WHEN has_overall THEN overall_responses ELSE most_responses END AS responses,
        CASE WHEN has_overall THEN overall_satisfied ELSE mean_rate * most_responses END AS satisfied,
        CASE WHEN has_overall THEN overall_rate ELSE mean_rate END AS reported_rate,
        mode,
        mode IS NULL AS mode_unknown,
        coalesce(regexp_matches(mode, '二维码|扫码|微信|网络|线上|自愿|群'), false) AS self_selected
    FROM waves
)
SELECT
    counted.estate, counted.period_start, counted.period_end, satisfied, responses, reported_rate, derived, issued, mode, conducted_by,
    mode_unknown, self_selected, coalesce(conducted_by IN ('自测', '自评'), false) AS self_reported, households,
    NOT mode_unknown AND NOT self_selected AND coalesce(responses >= households, false) AS census,
    CASE
        WHEN mode_unknown OR self_selected OR households IS NULL THEN responses
        WHEN responses >= households THEN NULL
        ELSE responses * (households - 1) / (households - responses)
    END AS effective,
    spell.company, spell.governance_mode, spell.state, counted.source_file, counted.source_sheet, counted.source_row
FROM counted
LEFT JOIN estates USING (estate)
ASOF LEFT JOIN mart_spells AS spell ON counted.estate = spell.estate AND counted.period_end >= spell.from_day
ORDER BY counted.estate, counted.period_end;
