-- rows of fees that lie in the days asked for: the share of each by days, month by month, and who ran the estate then
SELECT
    told.estate, told.company, told.governance_mode, told.state, told.month, told.from_day,
    (least(told.to_day, $end::DATE) - greatest(told.from_day, $start::DATE) + 1) / (bill_end - bill_start + 1) AS share,
    raw.receivable_yuan, raw.received_yuan, raw.waived_yuan, raw.opening_arrears_yuan, raw.arrears_recovered_yuan,
    raw.households_due, raw.households_paid, raw.source_file, raw.source_sheet, raw.source_row, raw.source_columns
FROM mart_fees AS told
JOIN fees AS raw
    ON raw.source_file = told.source_file AND raw.source_sheet = told.source_sheet AND raw.source_row = told.source_row
    AND raw.estate = told.estate AND raw.period_start = told.bill_start AND raw.period_end = told.bill_end
    AND (raw.unit IS NOT NULL) = (told.grain = 'unit')
    AND (raw.unit IS NOT NULL OR (raw.building IS NOT NULL) = (told.grain = 'building'))
    AND coalesce(abs(raw.receivable_yuan * days / (bill_end - bill_start + 1) - told.receivable_yuan) <= 1e-6, true)
WHERE from_day <= $end AND to_day >= $start AND bill_start <= $as_of;
