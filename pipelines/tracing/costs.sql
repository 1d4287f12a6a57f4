-- rows of costs that lie in the days asked for: the share of each by days, month by month, and who ran the estate then
SELECT
    told.estate, told.company, told.governance_mode, told.state, told.month, told.from_day, told.category,
    (least(told.to_day, $end::DATE) - greatest(told.from_day, $start::DATE) + 1) / (row_end - row_start + 1) AS share,
    raw.amount_yuan, raw.source_file, raw.source_sheet, raw.source_row, raw.source_columns
FROM mart_costs AS told
JOIN costs AS raw
    ON raw.estate = told.estate AND raw.category IS NOT DISTINCT FROM told.category AND coalesce(raw.item, '') = told.item
    AND raw.period_start = told.row_start AND raw.period_end = told.row_end
WHERE from_day <= least($end::DATE, $as_of::DATE) AND to_day >= $start;
